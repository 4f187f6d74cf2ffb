"""Every figure on a page of its own, a picture of each, and a page that lists them by number."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sphinx.application import Sphinx

from jointaction.faces.page import charts_script, tools_script
from jointaction.faces.theme import style_sheet
from jointaction.site import head, pictures
from jointaction.site.contents import DECKS, described
from jointaction.site.frame import NUMBER

FACES = Path(__file__).parents[1] / "faces" / "assets"
FIGURE = re.compile(r'<figure class="explorer" id="explorer-([\w-]+)".*?</figure>', re.DOTALL)
TITLE = re.compile(r'<p class="ja-title"[^>]*>(.*?)</p>', re.DOTALL)
CAPTION = re.compile(r"<figcaption>(.*?)</figcaption>", re.DOTALL)


class Shown(NamedTuple):
    """A figure as a page of the site shows it."""

    name: str
    page: str
    markup: str

    @property
    def title(self) -> str:
        return NUMBER.sub("", TITLE.search(self.markup)[1]).strip()

    @property
    def number(self) -> str:
        """Such as “Figure 3.1”; "" on a page that is no chapter."""
        found = NUMBER.search(self.markup)
        return found[1] if found else ""

    @property
    def changed(self) -> bool:
        """Whether it is an example of a chapter with another model, and so no figure of the book."""
        return self.name.endswith("-changed")

    @property
    def still(self) -> str:
        """The drawing of its lead panel."""
        found = pictures.STILL.search(self.markup)
        return found[1] if found else ""


def shown(site: Path, root: Path) -> list[Shown]:
    """The figures of the built pages in the order of the book, each once, where it stands first."""
    found: dict[str, Shown] = {}
    order = [f"{page}.html" for page in described(root)]
    for path in sorted(path.relative_to(site).as_posix() for path in site.glob("book/**/*.html")):
        order += [path] if path not in order and not path.startswith(DECKS) else []
    for page in order:
        for match in FIGURE.finditer((site / page).read_text(encoding="utf-8")):
            found.setdefault(match[1], Shown(match[1], page, match[0]))
    return list(found.values())


def citation(app: Sphinx, title: str) -> str:
    """What reference managers read, and the figures' *Cite*."""
    about = {
        "title": title,
        "inbook_title": app.config.project,
        "author": app.config.author,
        "publication_date": app.config.copyright,
    }
    return "".join(f'<meta name="citation_{key}" content="{html.escape(str(value))}">' for key, value in about.items())


def write(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Write a file for each figure that needs no other, and its picture, and give Sphinx the page that lists them."""
    site = Path(app.outdir)
    if app.builder.format != "html":
        return
    folder = site / "figures"
    folder.mkdir(exist_ok=True)
    figures = shown(site, Path(app.srcdir))
    for figure in figures:
        if not figure.changed:
            (folder / f"{figure.name}.html").write_text(_alone(app, figure), encoding="utf-8")
    stills = {figure.name: figure.still for figure in figures if figure.still and not figure.changed}
    pictures.write(site, stills)
    head.write_cards(app, stills)
    text = (
        "<p>Each figure of the book, alone on a page that works in a frame of a course page or from a folder. "
        "Its start values are drawn here.</p>"
    )
    cards = "".join(_card(figure) for figure in figures)
    body = f'<section><h1>All figures</h1>{text}<ul class="ja-gallery">{cards}</ul></section>'
    yield "figures/index", {"title": "All figures", "body": body, "metatags": citation(app, "All figures")}, "page.html"


def _card(figure: Shown) -> str:
    number, chapter = figure.number, f"../{figure.page}#explorer-{figure.name}"
    if figure.changed:
        return f'<li class="ja-example"><p>{number} <a href="{chapter}">{figure.title}</a></p></li>'
    # The ids inside a drawing are those of its page; here each is needed once only.
    return (
        f'<li><a href="{figure.name}.html"><strong>{number} {figure.title}</strong>{figure.still}</a>'
        f'<p>{CAPTION.search(figure.markup)[1]} <a href="{chapter}">In its chapter</a></p></li>'
    )


def _alone(app: Sphinx, figure: Shown) -> str:
    """One file that asks for nothing: style, charts, engine and figure."""
    title = f"{figure.title} – {app.config.project}"
    style = style_sheet() + (FACES / "figure.css").read_text(encoding="utf-8")
    engine = (FACES / "figure.js").read_text(encoding="utf-8") + tools_script()
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="description" content="{CAPTION.search(figure.markup)[1]}">'
        f'{citation(app, html.unescape(figure.title))}<link rel="icon" href="data:,">'
        f"<style>*, ::before, ::after {{ box-sizing: border-box; }}\n{style}</style></head>\n"
        '<body class="ja-alone"><script>document.documentElement.dataset.theme = '
        'matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";</script>\n<main>'
        f'<h1 class="ja-spoken">{figure.title}</h1>\n{figure.markup}\n'
        f'<p class="ja-home">From <a href="../{figure.page}#explorer-{figure.name}">{html.escape(app.config.project)}</a></p>'
        f"</main>\n<script>{_inline(charts_script())}</script>\n<script>{_inline(engine)}</script></body></html>\n"
    )


def _inline(script: str) -> str:
    return script.replace("</script", "<\\/script")
