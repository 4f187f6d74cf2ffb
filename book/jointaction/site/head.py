"""What a page says of itself to search engines and to whoever shares a link to it."""

from __future__ import annotations

import html
import re
from pathlib import Path

from sphinx.application import Sphinx

from jointaction.site import pictures
from jointaction.site.contents import described

# The pages without a source of their own.
DESCRIPTIONS = {
    "404": "There is no page at this address: the front page and the search lead on.",
    "figures/index": "Every figure of the book by number, each on a page of its own and in its chapter.",
    "genindex": "The terms of the glossary in the order of the alphabet.",
    "search": "Search the chapters, the glossary and the data of the book.",
}
DESCRIBED = re.compile(r'<meta content="([^"]*)" name="description" ?/?>|<meta name="description" content="([^"]*)"')
CARDS = "_static/cards"


def tags(app: Sphinx, pagename: str, context: dict) -> str:
    """A description where the page has none, and what other sites show of a link to it.

    A picture needs a full address, so there is one only where the site's own address is known.
    """
    said = DESCRIBED.search(context.get("metatags", ""))
    description = html.unescape(said[1] or said[2]) if said else DESCRIPTIONS.get(pagename, "")
    book, title = app.config.project, re.sub(r"<[^>]+>", "", context.get("title", ""))
    address, chapter = _address(app), described(Path(app.srcdir)).get(pagename)
    told = {
        "og:type": "website" if pagename == app.config.root_doc else "article",
        "og:site_name": book,
        "og:title": html.unescape(title) or book,
        "og:description": description,
    }
    if address:
        told["og:url"] = address + app.builder.get_target_uri(pagename)
        told["og:image"] = f"{address}{CARDS}/{Path(chapter.page).name if chapter else 'book'}.png"
        told |= {"og:image:width": str(pictures.WIDTH), "og:image:height": str(pictures.HEIGHT)}
        told["og:image:alt"] = f"{chapter.question} {chapter.title}." if chapter else f"{book}."
    lines = [f'<meta property="{name}" content="{html.escape(text)}">' for name, text in told.items() if text]
    if address:
        lines.append('<meta name="twitter:card" content="summary_large_image">')
    if description and not said:
        lines.append(f'<meta name="description" content="{html.escape(description)}">')
    return "".join(lines)


def _address(app: Sphinx) -> str:
    """The site's own address with a slash at its end; "" where it is not known."""
    return f"{app.config.html_baseurl.rstrip('/')}/".removeprefix("/")


def write_cards(app: Sphinx, stills: dict[str, str]) -> None:
    """Write the picture of each chapter, and of the book, for links that are shared; none without the site's address."""
    chapters = [chapter for chapter in described(Path(app.srcdir)).values() if chapter.figure in stills]
    if not _address(app) or not chapters:
        return
    folder, book = Path(app.outdir) / CARDS, app.config.project
    folder.mkdir(parents=True, exist_ok=True)
    for chapter in chapters:
        about = f"Chapter {chapter.number} · {chapter.part}"
        drawn = pictures.card(book, chapter.title, chapter.question or chapter.title, about, stills[chapter.figure])
        (folder / f"{Path(chapter.page).name}.png").write_bytes(drawn)
    front = (Path(app.srcdir) / f"{app.config.root_doc}.md").read_text(encoding="utf-8")
    figure = re.search(r"\{small-figure\} (\S+)", front)
    still = stills.get(figure[1] if figure else "", stills[chapters[0].figure])
    drawn = pictures.card("", "An open, interactive book", book, "", still)
    (folder / "book.png").write_bytes(drawn)
