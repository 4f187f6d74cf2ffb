"""The whole book as one PDF: bookmarks, figures, links, tags and text, as a program that opens it finds them."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from conftest import ROOT
from jointaction.site.contents import chapters, parts
from jointaction.site.figures import shown
from jointaction.site.whole import document, printed
from playwright.sync_api import Browser
from pypdf import PdfReader


@pytest.fixture(scope="module")
def book(site: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    out = tmp_path_factory.mktemp("paper") / "book.pdf"
    return PdfReader(printed(site, browser, out))


def titles(outline: list, level: int = 0) -> list[tuple[int, str]]:
    """Level and title of each bookmark."""
    found: list[tuple[int, str]] = []
    for item in outline:
        found += titles(item, level + 1) if isinstance(item, list) else [(level, item.title)]
    return found


def test_the_book_on_paper(book: PdfReader, site: Path) -> None:
    marks = titles(book.outline)
    top = [title for level, title in marks if level == 0]
    assert [title for title in top if title in {part.caption for part in parts()}] == [part.caption for part in parts()]
    assert set(chapters().values()) <= {title for level, title in marks if level == 1}

    catalog = book.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"] and catalog["/StructTreeRoot"]["/K"] and catalog["/Lang"].startswith("en")
    assert book.metadata.title == "Who Pays, Who Decides" and book.metadata.author.startswith("The contributors")

    text = re.sub(r"\s", "", "".join(page.extract_text() for page in book.pages))
    assert "国家重点研发计划" in text
    for figure in shown(site, ROOT):
        assert re.sub(r"\s", "", html.unescape(figure.title)) in text, figure.name

    places = set(book.named_destinations)
    inside, lost = 0, []
    for page in book.pages:
        for link in (each.get_object() for each in page.get("/Annots", [])):
            if place := link.get("/Dest") or link.get("/A", {}).get("/D"):
                inside += 1
                lost += [place] if isinstance(place, str) and place not in places else []
            else:
                lost += [uri for uri in [link["/A"]["/URI"]] if uri.startswith("file:")]
    assert lost == [] and inside > 1000


def test_the_contents_give_the_page_of_each_chapter(book: PdfReader) -> None:
    contents = "".join(book.pages[at].extract_text() for at in (1, 2))
    for title in chapters().values():
        page = int(re.search(rf"{re.escape(title)}\s*(\d+)", contents)[1])
        opening = book.pages[page - 1].extract_text()
        assert re.sub(r"\s", "", title) in re.sub(r"\s", "", opening) and re.search(rf"\b{page}\b", opening), title


def test_every_id_is_there_once_and_every_link_leads_to_one(site: Path) -> None:
    text = document(site)
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'<a [^>]*href="#([^"]+)"', text)) - set(ids) == set()
    # A scenario leads to its figure, and with its settings to the site where one is known.
    figure = "mechanisms-guidance-fund--explorer-fund-leverage"
    assert f'href="#{figure}">A tenth' in text
    setting = r"guidance-fund\.html\?fund-leverage=[0-9a-f]{3}&amp;fund-leverage.stake=0.1#explorer-fund-leverage"
    assert re.search(
        rf'href="https://book.example/book/mechanisms/{setting}">A tenth', document(site, "https://book.example/")
    )
