"""Every figure on a page of its own, and a page that lists them all."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sphinx.application import Sphinx

from jointaction.faces.page import charts_script
from jointaction.faces.theme import style_sheet

FACES = Path(__file__).parents[1] / "faces" / "assets"
FIGURE = re.compile(r'<figure class="explorer" id="explorer-([\w-]+)".*?</figure>', re.DOTALL)
TITLE = re.compile(r'<p class="ja-title"[^>]*>(.*?)</p>', re.DOTALL)
CAPTION = re.compile(r"<figcaption>(.*?)</figcaption>", re.DOTALL)
STILL = re.compile(r'<div class="ja-still[^>]*>(<svg.*?</svg>)</div>', re.DOTALL)


class Shown(NamedTuple):
    """A figure as a page of the site shows it."""

    name: str
    page: str
    markup: str

    @property
    def title(self) -> str:
        return TITLE.search(self.markup)[1]


def shown(site: Path) -> list[Shown]:
    """The figures of the built pages, each once, where it stands first."""
    found: dict[str, Shown] = {}
    for path in sorted(site.glob("book/**/*.html")):
        for match in FIGURE.finditer(path.read_text(encoding="utf-8")):
            if match[1].endswith("-changed"):
                continue  # an example of a chapter, not a figure of the book
            found.setdefault(match[1], Shown(match[1], path.relative_to(site).as_posix(), match[0]))
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
    """Write a self-contained file for each figure, and give Sphinx the page that lists them."""
    site = Path(app.outdir)
    if app.builder.format != "html":
        return
    folder = site / "figures"
    folder.mkdir(exist_ok=True)
    figures = shown(site)
    for figure in figures:
        (folder / f"{figure.name}.html").write_text(_alone(app, figure), encoding="utf-8")
    cards = "".join(_card(figure) for figure in figures)
    text = (
        "<p>Each figure of the book, alone on a page that works in a frame of a course page or from a folder. "
        "Its start values are drawn here.</p>"
    )
    body = f'<section><h1>All figures</h1>{text}<ul class="ja-gallery">{cards}</ul></section>'
    yield "figures/index", {"title": "All figures", "body": body, "metatags": citation(app, "All figures")}, "page.html"


def _card(figure: Shown) -> str:
    # The ids inside a drawing are those of its page; here each is needed once only.
    drawn = STILL.search(figure.markup)
    caption = CAPTION.search(figure.markup)[1]
    return (
        f'<li><a href="{figure.name}.html"><strong>{figure.title}</strong>{drawn[1] if drawn else ""}</a>'
        f'<p>{caption} <a href="../{figure.page}#explorer-{figure.name}">In its chapter</a></p></li>'
    )


def _alone(app: Sphinx, figure: Shown) -> str:
    """One file that asks for nothing: style, charts, engine and figure."""
    title = f"{figure.title} – {app.config.project}"
    style = style_sheet() + (FACES / "figure.css").read_text(encoding="utf-8")
    engine = (FACES / "figure.js").read_text(encoding="utf-8")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'{citation(app, html.unescape(figure.title))}<link rel="icon" href="data:,">'
        f"<style>*, ::before, ::after {{ box-sizing: border-box; }}\n{style}</style></head>\n"
        '<body class="ja-alone"><script>document.documentElement.dataset.theme = '
        'matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";</script>\n<main>'
        f"{figure.markup}\n</main>"
        f'<p class="ja-home">From <a href="../{figure.page}#explorer-{figure.name}">{html.escape(app.config.project)}</a></p>'
        f"\n<script>{_inline(charts_script())}</script>\n<script>{_inline(engine)}</script></body></html>\n"
    )


def _inline(script: str) -> str:
    return script.replace("</script", "<\\/script")
