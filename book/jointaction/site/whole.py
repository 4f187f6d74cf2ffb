"""The whole book as one PDF, printed by a browser from the pages of a built site.

The pages become one document: ids get the page's name before them, links between pages lead inside the document,
details are open, and what only moves on a screen is left out. It is printed twice, since the first print tells on
which page each chapter begins.
"""

from __future__ import annotations

import html
import os
import re
import shutil
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, Page
from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, DictionaryObject, NameObject, PdfObject, TextStringObject

from jointaction.errors import InputError
from jointaction.faces.theme import style_sheet
from jointaction.site.contents import listed, parts

ASSETS, FACES = Path(__file__).parent / "assets", Path(__file__).parents[1] / "faces" / "assets"

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
# Without these flags a browser looks for hosts of its own maker; the sandbox needs rights that root lacks.
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
]

PAPER = {"width": "210mm", "height": "297mm"}
WIDTH = 643  # of the text in CSS pixels: A4 without the margins that whole.css gives it
# What needs a screen, a pointer or a script.
SCREEN = (
    "script, noscript, a.headerlink, form button, .ja-buttons, .ja-controls, .ja-more, .ja-status, .ja-spoken, "
    ".ja-followed, .ja-narrow, .ja-print-note, .ja-predicted, .ja-reveal > :has(.ja-yours), .ja-find, .ja-data:not([open]), "
    ".pst-js-only, .d-print-none, .ja-downloads, details.above-input, summary svg"
)
REFERS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers")
INSIDE = re.compile(r"url\(#([^)]+)\)")
ENTRY = re.compile(r'(<li><a href="#([^"]+)"><span>[^<]*</span><b>)000')
HEADINGS = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>", re.DOTALL)
HEADING = re.compile(r"h([1-5])")
# Shrinks what is wider than the paper, and breaks words only where that does not do.
FIT = """() => {
  for (const table of document.querySelectorAll("table, math[display=block], pre")) {
    const room = table.parentElement.clientWidth;
    const wide = () => Math.max(table.scrollWidth, table.getBoundingClientRect().width) > room + 1;
    for (let zoom = 0.95; wide() && zoom >= 0.7; zoom -= 0.05) table.style.zoom = zoom;
    if (wide()) table.classList.add("tight");
  }
}"""


class Opened(NamedTuple):
    """A chapter in the document: its anchor, its title and its HTML."""

    anchor: str
    title: str
    body: str


def document(site: Path, address: str = "") -> str:
    """The pages of a built site, in the order of the table of contents, as one HTML document.

    ``address`` is where the site is published, for links to what the document does not hold.
    """
    anchors = {"index.html": "contents"} | {
        f"{page}.html": page.removeprefix("book/").replace("/", "-") for page in listed()[1:]
    }
    body, contents, rules = [], [], []
    for caption, pages in _parts():
        opened = [_opened(site, f"{page}.html", anchors, address) for page in pages]
        entries = "".join(map(_entry, opened))
        contents.append(f"<p>{html.escape(caption)}</p><ol>{entries}</ol>")
        for at, each in enumerate(opened):
            heading = f'<h1 class="part">{html.escape(caption)}</h1>' if not at else ""
            body.append(f'<article id="{each.anchor}" style="page: {each.anchor}">{heading}{each.body}</article>')
            running = each.title.replace("\\", "").replace('"', "”")
            rules.append(f'@page {each.anchor} {{ @top-left {{ content: "{running}"; }} }}')
    style = style_sheet() + "".join(
        (folder / name).read_text(encoding="utf-8") for folder, name in ((FACES, "figure.css"), (ASSETS, "whole.css"))
    )
    title, author, below = about(site)
    home = f'<p><a href="{address}">{address}</a></p>' if address else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en" data-theme="light"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="author" content="{html.escape(author)}"><style>{style}\n{"".join(rules)}</style></head>\n<body>'
        f'<header class="cover"><h1>{html.escape(title)}</h1><div class="subtitle">{below}</div>'
        f'<p>{html.escape(author)}</p><div class="foot">{home}<p>Every figure of the book moves on its site; here each stands at its '
        "start values. Text and figures: CC BY 4.0. Code: MIT.</p></div></header>\n"
        f'<nav class="contents" id="contents"><h1>Contents</h1>{"".join(contents)}</nav>\n{"".join(body)}</body></html>\n'
    )


def _parts() -> list[tuple[str, list[str]]]:
    """Each part's caption and its pages in order, those below other pages too."""
    captions = {part.pages[0]: part.caption for part in parts()}
    found: list[tuple[str, list[str]]] = []
    for page in listed()[1:]:
        if page in captions:
            found.append((captions[page], []))
        found[-1][1].append(page)
    return found


def about(site: Path) -> tuple[str, str, str]:
    """The book's title, its author, and the HTML below its title, as its front page has them."""
    page = BeautifulSoup(_text(site, "index.html"), "html.parser")
    below = page.select_one(".ja-subtitle")
    author = page.find("meta", attrs={"name": "citation_author"})["content"]
    return page.h1.find(string=True).strip(), author, below.decode_contents() if below else ""


def _text(site: Path, path: str) -> str:
    return (site / path).read_text(encoding="utf-8")


def _entry(chapter: Opened) -> str:
    return f'<li><a href="#{chapter.anchor}"><span>{html.escape(chapter.title)}</span><b>000</b></a></li>'


def _opened(site: Path, path: str, anchors: Mapping[str, str], address: str) -> Opened:
    """One page of the site as a chapter of the document."""
    article = BeautifulSoup(
        re.sub(r"<script.*?</script>", "", _text(site, path), flags=re.DOTALL), "html.parser"
    ).article
    for element in article.select(SCREEN):
        element.decompose()
    title = article.h1.get_text().strip()
    here = anchors[path]
    for element in article.find_all(True):
        _settle(element, site, path, anchors, address, here)
    return Opened(here, title, article.decode_contents())


def _settle(element: Tag, site: Path, path: str, anchors: Mapping[str, str], address: str, here: str) -> None:
    """Make one element part of the document: its id, what refers to ids, its links, its level."""
    if element.name in ("details", "summary"):
        element["class"] = [*element.get("class", []), element.name]
        element.name = "div"
    if level := HEADING.fullmatch(element.name):
        element.name = f"h{int(level[1]) + 1}"  # the parts of the book are the first level
    if element.has_attr("id"):
        element["id"] = f"{here}--{element['id']}"
    for name in REFERS:
        if element.has_attr(name):
            words = element[name] if isinstance(element[name], list) else element[name].split()
            element[name] = " ".join(f"{here}--{word}" for word in words)
    for name, value in element.attrs.items():
        if isinstance(value, str) and "url(#" in value:
            element[name] = INSIDE.sub(rf"url(#{here}--\1)", value)
        elif name.endswith("href") and element.name != "a" and value.startswith("#"):
            element[name] = f"#{here}--{value[1:]}"
    if element.name == "img" and not urlsplit(element["src"]).scheme:
        element["src"] = (site / path).parent.joinpath(element["src"]).resolve().as_uri()
    if element.name == "a" and element.has_attr("href") and not urlsplit(element["href"]).scheme:
        target, fragment = urldefrag(urljoin(path, element["href"]))
        page = target.partition("?")[0]
        if address and target not in anchors:  # a figure with settings, too, which moves only on the site
            element["href"] = urljoin(address, target) + (f"#{fragment}" if fragment else "")
        elif page in anchors:
            element["href"] = f"#{anchors[page]}--{fragment}" if fragment else f"#{anchors[page]}"
        else:
            del element["href"]


def printed(site: Path, browser: Browser, out: Path, address: str = "") -> Path:
    """Print the book of a built site as a tagged PDF with bookmarks, links and page numbers.

    Raises :class:`jointaction.errors.InputError` where the machine has no font with Chinese characters.
    """
    page = browser.new_page(viewport={"width": WIDTH, "height": 1000})
    page.emulate_media(media="print", color_scheme="light")
    source = out.with_suffix(".html")
    text = document(site, address)
    draft = PdfReader(BytesIO(_print(page, source, text)))
    places = draft.named_destinations.items()
    starts = {name.removeprefix("/"): draft.get_destination_page_number(place) + 1 for name, place in places}
    text = ENTRY.sub(lambda entry: f"{entry[1]}{starts[entry[2]]}", text)
    book = PdfWriter(clone_from=BytesIO(_print(page, source, text, tagged=True, outline=True)))
    page.close()
    source.unlink()
    found = (html.unescape(re.sub(r"<[^>]+>", "", inner)).strip() for inner in HEADINGS.findall(text))
    _mend(book.root_object["/Outlines"].get("/First"), {re.sub(r"\s", "", title): title for title in found})
    if not any(re.search("[\u4e00-\u9fff]", sheet.extract_text()) for sheet in book.pages[:40]):
        raise InputError(
            "This machine has no font with Chinese characters, so the PDF would lack them: install one, such as Noto Sans CJK."
        )
    title, author, _ = about(site)
    book.add_metadata({"/Title": title, "/Author": author})
    book.root_object[NameObject("/Lang")] = TextStringObject("en-US")
    book.root_object[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    )
    book.write(out)
    return out


def _mend(mark: PdfObject | None, titles: Mapping[str, str]) -> None:
    """Give bookmarks their headings' own text: Chromium drops the space where a heading goes on in a new line."""
    while mark is not None:
        item = mark.get_object()
        name = titles.get(re.sub(r"\s", "", item["/Title"]), item["/Title"])
        item[NameObject("/Title")] = TextStringObject(name)
        _mend(item.get("/First"), titles)
        mark = item.get("/Next")


def _print(page: Page, source: Path, text: str, **options: bool) -> bytes:
    source.write_text(text, encoding="utf-8")
    page.goto(source.resolve().as_uri())
    page.evaluate(FIT)
    return page.pdf(prefer_css_page_size=True, print_background=True, **PAPER, **options)
