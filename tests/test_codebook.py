"""The codebook and the tables in a real browser: short, complete, and every entry found by link and field."""

from __future__ import annotations

import gzip
import html
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from chapters import pages
from jointaction.site.codebook import coded
from jointaction.site.origins import origins
from jointaction.sources.tables import describe, load, tables
from playwright.sync_api import Page, expect
from test_pages import violations

PAGE = "book/reference/codebook.html"
KEPT = next(name for name, origin in origins().items() if origin.reason)


class _Entries(HTMLParser):
    """The terms and definitions of a page, in order."""

    def __init__(self, text: str):
        super().__init__()
        self.ids, self.texts, self.inside = [], [], False
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        if tag in ("dt", "dd"):
            self.inside = True
            self.texts.append("")
            self.ids += [dict(attributes)["id"]] if tag == "dt" else []

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("dt", "dd")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[-1] += data


@pytest.fixture(scope="module")
def entries(site: Path) -> dict[str, tuple[str, str]]:
    """Name of each entry → its heading and what stands beside it."""
    found = _Entries((site / PAGE).read_text(encoding="utf-8"))
    assert len(found.ids) == len(set(found.ids))
    return dict(zip([name.removeprefix("fact-") for name in found.ids], zip(found.texts[::2], found.texts[1::2])))


def visible(page: Page) -> set[str]:
    """Names of the entries that a reader sees."""
    return set(
        page.evaluate("""() => [...document.querySelectorAll(".ja-facts dt")]
        .filter((term) => term.checkVisibility()).map((term) => term.id.slice("fact-".length))""")
    )


def test_every_fact_has_one_entry_and_its_heading_is_its_statement(entries: dict) -> None:
    assert set(entries) == set(load("facts")["fact_id"])
    for name, (heading, said) in entries.items():
        known = origins()[name]
        assert heading == known.statement
        assert said.startswith(f"{known.value} {known.status}"), name
        # A source of many is named at the head of its entries.
        place = known.source.text.split(", ", 1)[-1]
        assert known.formula in said and known.check in said and place in said, name


def test_no_line_is_said_for_each_of_many(site: Path, open_page) -> None:
    page = open_page(PAGE)
    page.evaluate("() => document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    for section in page.locator('section[id^="facts-"]').all():
        text = section.inner_text()
        for reason in {origin.reason for origin in origins().values() if len(origin.reason) > 20}:
            assert text.count(reason) <= 1, reason


def test_the_page_is_short_and_light(open_page, site: Path) -> None:
    page = open_page(PAGE, "phone")
    assert visible(page) == set()
    assert page.evaluate("() => document.documentElement.scrollHeight") < 5 * 844
    weight = len(gzip.compress((site / PAGE).read_bytes()))
    assert weight < 75 * len(origins()) + 8000, f"{weight} bytes"


@pytest.mark.parametrize("name", ["nkrdp-programs-2017", KEPT])
def test_a_link_opens_the_fold_around_its_entry(name: str, open_page) -> None:
    page = open_page(f"{PAGE}#fact-{name}")
    expect(page.locator(f"#fact-{name}")).to_be_in_viewport()
    # Also where a browser does not open it by itself, and where the field has hidden it.
    page = open_page(PAGE)
    page.locator("#ja-find").fill("no such entry")
    expect(page.locator(".ja-find output")).to_have_text("0 entries")
    page.evaluate("(name) => { window.location.hash = `fact-${name}`; }", name)
    expect(page.locator(f"#fact-{name}")).to_be_in_viewport()
    assert len(page.locator("details.ja-fold[open]").all()) == 1


def whole(number: str) -> re.Pattern:
    return re.compile(rf"(?<![\d.]){re.escape(number)}(?!\.?\d)")


@pytest.mark.parametrize("number", ["20.9", "76", "1,078", "1078"])
def test_the_field_finds_a_number_as_a_whole(number: str, open_page, entries: dict) -> None:
    page = open_page(PAGE)
    page.locator("#ja-find").fill(number)
    plain = {name: re.sub(r"(\d),(?=\d{3})", r"\1", " ".join(texts)) for name, texts in entries.items()}
    expected = {name for name, text in plain.items() if whole(number.replace(",", "")).search(text)}
    assert visible(page) == expected != set()
    expect(page.locator(".ja-find output")).to_have_text(re.compile(rf"^{len(expected)} entr"))
    headings = page.locator('section[id^="facts-"] > h2:visible')
    assert headings.count() == len({origins()[name].chapter for name in expected})
    page.locator("#ja-find").fill("")
    assert visible(page) == set()
    assert page.locator("details.ja-fold:visible").count() == page.locator("details.ja-fold").count()


def test_the_field_finds_several_words_at_once(open_page, entries: dict) -> None:
    page = open_page(PAGE)
    page.locator("#ja-find").fill("  Guangdong PERCENT ")
    texts = {name: " ".join(both).lower() for name, both in entries.items()}
    assert visible(page) == {name for name, text in texts.items() if "guangdong" in text and "percent" in text} != set()
    page.locator("#ja-find").fill("([.*")
    assert visible(page) == {name for name, text in texts.items() if "([.*" in text}


@pytest.mark.parametrize("mode", ["light", "dark", "phone"])
def test_results_of_the_field_are_accessible(mode: str, open_page) -> None:
    page = open_page(f"{PAGE}#fact-{KEPT}", mode)
    assert violations(page) == []
    page.locator("#ja-find").fill("percent")
    assert violations(page) == []


# Tables -----------------------------------------------------------------------------------------------------


def test_every_table_is_described_and_reached_from_its_facts(open_page) -> None:
    page = open_page("book/reference/tables.html")
    for name in tables():
        if name == "facts":
            continue
        section = page.locator(f"#table-{name.replace('_', '-')}")
        columns = section.locator("tbody th").all_text_contents()
        assert columns == [field["name"] for field in describe(name)["schema"]["fields"]]
        assert describe(name)["title"] in section.locator("h2").inner_text().replace("’", "'")
        assert str(len(load(name))) in section.locator("summary").inner_text()
    page = open_page(PAGE)
    heads = page.locator(".ja-group a").all()
    targets = {link.get_attribute("href") for link in heads}
    assert {
        f"tables.html#table-{origin.source.table.replace('_', '-')}"
        for origin in origins().values()
        if origin.source.table
    } == targets


# Rows by id -------------------------------------------------------------------------------------------------


def test_every_row_with_an_id_has_its_place_and_its_source(site: Path) -> None:
    text = (site / "book" / "reference" / "rows.html").read_text(encoding="utf-8")
    entries = dict(re.findall(r'<dt id="row-(\w+)">(.*?</dd>)', text, re.DOTALL))
    rows = {next(iter(row.values())): row for found in coded().values() for row in found}
    assert entries.keys() == rows.keys() and {"WN04", "DE01a", "CL14", "RT01", "C01"} <= rows.keys()
    for code, row in rows.items():
        said = html.unescape(re.sub(r"<[^>]+>", "", entries[code]))
        assert row["source"] in said and f"ja-mark-{row['status']}" in entries[code], code


def test_the_id_of_a_row_in_a_chapter_leads_to_the_row(site: Path) -> None:
    known = {next(iter(row.values())) for found in coded().values() for row in found}
    led = 0
    for page in pages():
        if page.notebook and not page.draft:
            built = (site / "book" / page.name).with_suffix(".html").read_text(encoding="utf-8")
            for code in known & set(re.findall(r"\b[A-Z]{1,2}\d{2,3}[a-z]?\b", page.text)):
                assert f'reference/rows.html#row-{code}"' in built, (page.name, code)
                led += 1
    assert led > 10
