"""What a published site has beside its pages: a page for lost readers, a map, a feed, and the site as one download."""

from __future__ import annotations

import datetime
import re
import zipfile
from pathlib import Path

import pytest
from docutils import nodes
from figures import bring_to_life, put, serve
from jointaction.site.launch import site as address_of
from jointaction.site.published import ATOM, SITEMAP, Change, changes, feed, sitemap
from jointaction.site.release import offline
from playwright.sync_api import expect
from sphinx.errors import SphinxError

HOME = "https://who.github.io/Pays/"


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, ""),
        ({"BOOK_REPOSITORY": "https://github.com/who/pays"}, ""),
        ({"GITHUB_REPOSITORY": "Who/Pays"}, HOME),
        ({"GITHUB_REPOSITORY": "Who/who.github.io"}, "https://who.github.io/"),
        ({"GITHUB_REPOSITORY": "who/pays", "GITHUB_SERVER_URL": "https://github.example.edu"}, ""),
        ({"CI_PAGES_URL": "https://group.gitlab.io/pays"}, "https://group.gitlab.io/pays/"),
        (
            {"READTHEDOCS_CANONICAL_URL": "https://pays.readthedocs.io/en/latest/"},
            "https://pays.readthedocs.io/en/latest/",
        ),
        ({"GITHUB_REPOSITORY": "who/pays", "BOOK_SITE": "http://localhost:8000"}, "http://localhost:8000/"),
    ],
)
def test_the_site_s_address_is_the_one_named_or_the_host_s_own(environment: dict, address: str) -> None:
    assert address_of(environment) == address


@pytest.mark.parametrize("address", ["books.example.edu", "https://example.edu/a b/", 'https://example.edu/"><script>'])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(SphinxError, match="BOOK_SITE must be the address"):
        address_of({"BOOK_SITE": address})


# Lost readers -----------------------------------------------------------------------------------------------


def test_a_lost_reader_finds_the_book_at_any_depth(visit, site: Path, tmp_path: Path) -> None:
    """As a host serves the page: under an address of any depth, here without scripts."""
    text = (site / "404.html").read_text(encoding="utf-8")
    root = re.search(r'data-content_root="(/[^"]*)"', text)[1]
    (tmp_path / "folder").mkdir()
    place = tmp_path / "folder" / root.strip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    if root == "/":
        place.rmdir()
    place.symlink_to(site, target_is_directory=True)
    with serve(tmp_path / "folder") as server:
        page = visit("about:blank", java_script_enabled=False)
        page.route("**/no/such/page.html", lambda route: route.fulfill(status=200, body=text, content_type="text/html"))
        page.goto(f"{server}{root}no/such/page.html")
        assert page.evaluate("getComputedStyle(document.querySelector('.ja-find')).display") == "flex", "no style"
        broken = [
            link
            for link in page.locator("a[href]").evaluate_all("(all) => all.map((a) => a.href)")
            if link.startswith(server) and "#main-content" not in link and page.request.get(link).status != 200
        ]
        assert broken == []
        page.get_by_role("textbox", name="Search the book").or_(
            page.get_by_role("searchbox", name="Search the book")
        ).last.fill("leverage")
        page.get_by_role("button", name="Search", exact=True).last.click()
        assert page.url == f"{server}{root}search.html?q=leverage"
        page.wait_for_load_state()
        page.close()  # before its server goes, with what it still asks for


# Where the address is known ---------------------------------------------------------------------------------


def entry(heading: str, text: str) -> nodes.section:
    return nodes.section("", nodes.title("", heading), nodes.paragraph("", text), ids=[heading[-3:]])


def page_of_changes(*entries: nodes.section) -> nodes.document:
    from docutils.utils import new_document

    document = new_document("changes")
    document += nodes.section("", nodes.title("", "What changed"), *entries)
    return document


def test_the_feed_has_each_change_with_its_day_and_place() -> None:
    found = changes(page_of_changes(entry("May 2, 2027: New", "More data."), entry("May 1, 2027: Old", "Data.")))
    assert found == [
        Change(datetime.date(2027, 5, 2), "New", "More data.", "New"),
        Change(datetime.date(2027, 5, 1), "Old", "Data.", "Old"),
    ]
    tree = feed(HOME, "The book", "Its authors", found)
    texts = [element.text for element in tree.iter(f"{{{ATOM}}}updated")]
    assert texts == ["2027-05-02T00:00:00Z", "2027-05-02T00:00:00Z", "2027-05-01T00:00:00Z"]
    ids = [element.text for element in tree.iter(f"{{{ATOM}}}id")]
    assert ids == [f"{HOME}book/reference/changes.html{at}" for at in ("", "#New", "#Old")]


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        (["New data"], "each heading is a date and a title"),
        (["31 May 2027: New"], "each heading is a date and a title"),
        (["February 30, 2027: New"], "each heading is a date and a title"),
        (["May 1, 2027: Old", "May 2, 2027: New"], "the newest entry comes first"),
    ],
)
def test_a_page_of_changes_without_order_is_refused(headings: list[str], said: str) -> None:
    with pytest.raises(SphinxError, match=said):
        changes(page_of_changes(*(entry(heading, "Text.") for heading in headings)))


def test_the_map_names_each_page_once(site: Path) -> None:
    from jointaction.site.contents import listed
    from jointaction.site.published import pages

    found = [element.text for element in sitemap(HOME, pages(site)).iter(f"{{{SITEMAP}}}loc")]
    assert sorted(found) == sorted(f"{HOME}{page}.html" for page in ["index", *listed()[1:], "figures/index"])


# Offline ----------------------------------------------------------------------------------------------------


def test_the_site_in_one_file_works_from_a_folder(visit, site: Path, tmp_path: Path) -> None:
    file = offline(site, tmp_path / "book.zip")
    assert file.read_bytes() == offline(site, tmp_path / "again.zip").read_bytes()
    with zipfile.ZipFile(file) as pack:
        pack.extractall(tmp_path)
    folder = tmp_path / "who-pays-who-decides"
    page = visit((folder / "index.html").as_uri())
    expect(page.get_by_role("heading", level=1)).to_contain_text("Who Pays")
    page.goto((folder / "book/mechanisms/key-rd-program.html").as_uri())
    bring_to_life(page)
    assert put(page, "matching-ratio", {"matching_ratio": 0.5})[0]["joining"] == "25"
    assert not (folder / "404.html").exists() and not (folder / "downloads").exists()
