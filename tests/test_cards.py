"""Numbers show where they come from: the block that a page carries, and the card in a real browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import MODES, book_pages
from jointaction.site import cards
from jointaction.site.origins import origins, source
from jointaction.sources.status import STATUSES
from jointaction.sources.tables import load
from playwright.sync_api import Page, expect
from test_language import Text
from test_pages import violations

CHAPTER = "book/mechanisms/key-rd-program.html"
FACT = "nkrdp-programs-2017"  # a copy, from a row of a table
NUMBERS = '.bd-article a[href*="#fact-"]'


def number(page: Page, name: str = FACT):
    return page.locator(f'.bd-article a[href$="#fact-{name}"]').first


def card(page: Page):
    return page.locator(".ja-card")


def says(page: Page, name: str = FACT) -> None:
    """The open card says everything known of a fact."""
    known = origins()[name]
    expect(card(page)).to_be_visible()
    for text in (known.statement, known.value, known.status, STATUSES[known.status], str(known.source), known.formula):
        expect(card(page)).to_contain_text(text)
    expect(card(page).locator(f".ja-mark-{known.status}")).to_be_visible()
    expect(card(page).get_by_role("link")).to_have_attribute("href", re.compile(rf"codebook\.html#fact-{name}$"))


# What a page carries ----------------------------------------------------------------------------------------


def test_every_page_carries_the_facts_it_links_to_and_no_other(site: Path) -> None:
    rows = load("facts").set_index("fact_id")
    seen = set()
    for path in book_pages(site):
        text = path.read_text(encoding="utf-8")
        linked = set(re.findall(r'href="[^"]*#fact-([^"]+)"', text))
        block = re.search(r'<script type="application/json" id="ja-cards">(.*?)</script>', text, re.DOTALL)
        assert bool(block) == bool(linked), path
        if not block:
            continue
        carried = json.loads(block[1])
        assert set(carried["facts"]) == linked, path
        for name, (statement, value, status, *_) in carried["facts"].items():
            row = rows.loc[name]
            assert (statement, status) == (row["statement"], row["status"]), name
            assert value.startswith(row["value"]) and row["unit"] in value, name
        assert carried["statuses"] == {status: STATUSES[status] for *_, status, _, _ in carried["facts"].values()}
        assert len(block[1]) < 300 * len(linked) + 600, f"{path} carries {len(block[1])} characters"
        seen |= linked
    assert len(seen) > 200


def test_a_row_of_a_table_gives_its_own_source() -> None:
    row = load("fiscal_st").query("year == 2022 and caliber == 'broad' and level == 'total'").iloc[0]
    found = source("fiscal_st table, broad, total, 2022")
    assert (found.text, found.address, found.table) == (row["source"], row["address"], "fiscal_st")
    assert "Fiscal spending on S&T by level" in str(found)
    assert str(source("provinces table, Hainan, gdp_2021")) == "table “Thirty-one provinces”, Hainan, gdp_2021"
    assert str(source("no_such table, x")) == "no_such table, x"
    assert str(source("Xiao and Xu (2024), endnote 9")) == "Xiao and Xu (2024), endnote 9"


def test_a_value_carries_its_year_only_where_nothing_else_does() -> None:
    rows = load("facts").set_index("fact_id")
    for name, known in origins().items():
        for year in re.findall(r"\d{4}", rows.loc[name, "year"]):
            assert year in known.statement + known.value, name
        said = f"{rows.loc[name, 'statement']} {rows.loc[name, 'value']}"
        if rows.loc[name, "year"] and rows.loc[name, "year"] in said:
            assert not known.value.endswith(f"({rows.loc[name, 'year']})"), name


def test_a_text_cannot_end_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    known = next(iter(origins().values()))._replace(statement="</script><b>")
    monkeypatch.setattr(cards, "origins", lambda: {"x": known})
    block = cards.block('<a href="codebook.html#fact-x">1</a>')
    assert block.count("<") == 2
    assert json.loads(re.search(">(.*)<", block)[1])["facts"]["x"][0] == "</script><b>"
    assert cards.block("<p>No number</p>") == ""


# Mouse, keys, finger ----------------------------------------------------------------------------------------


def test_pointing_at_a_number_shows_its_card(open_page) -> None:
    page = open_page(CHAPTER)
    number(page).hover()
    says(page)
    expect(number(page)).to_have_attribute("aria-describedby", card(page).locator("[id]").get_attribute("id"))
    assert page.evaluate("() => document.activeElement === document.body"), "pointing moves no focus"
    # The way from the number to its card keeps it, and so does staying on it.
    card(page).hover()
    page.wait_for_timeout(400)
    says(page)
    page.mouse.move(5, 5)
    expect(card(page)).to_have_count(0)
    assert number(page).get_attribute("aria-describedby") is None
    number(page).hover()
    says(page)
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)


def test_chinese_in_a_card_says_so(open_page) -> None:
    page = open_page("book/whole-of-nation/idea.html")
    number(page, "commission-founded").hover()
    says(page, "commission-founded")
    assert card(page).locator("[lang]").all_text_contents() == ["六、中央专委会成立和图纸上的原子弹完成"]
    assert Text(card(page).inner_html()).unmarked == []


def test_the_mouse_that_passes_over_numbers_opens_none(open_page) -> None:
    page = open_page(CHAPTER)
    page.evaluate(
        "() => { window.opened = 0; new MutationObserver((all) => { for (const { addedNodes } of all)"
        " for (const node of addedNodes) if (node.className === 'ja-card') window.opened += 1; })"
        ".observe(document.body, { childList: true, subtree: true }); }"
    )
    number(page).hover()
    page.mouse.move(5, 5)
    page.wait_for_timeout(400)
    assert page.evaluate("() => window.opened") == 0
    number(page).hover()
    says(page)
    assert page.evaluate("() => window.opened") == 1


def test_a_click_with_the_mouse_leads_to_the_codebook(open_page) -> None:
    page = open_page(CHAPTER)
    number(page).click()
    expect(page).to_have_url(re.compile(rf"/codebook\.html#fact-{FACT}$"))


def test_keys_show_reach_and_leave_a_card(open_page) -> None:
    page = open_page(CHAPTER)
    names = [link.get_attribute("href").partition("#fact-")[2] for link in page.locator(NUMBERS).all()]
    first, second = next(pair for pair in zip(names, names[1:]) if pair[0] == FACT)
    number(page, first).focus()
    says(page, first)
    expect(number(page, first)).to_be_focused()
    page.keyboard.press("Tab")
    expect(card(page).get_by_role("link")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(number(page, first)).to_be_focused()
    says(page, first)
    # Through the card and on to what follows the number on the page.
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(card(page).get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Tab")
    expect(number(page, second)).to_be_focused()
    says(page, second)
    # Escape closes it and leaves the focus at the number, from within as well.
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    expect(number(page, second)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    says(page, first)
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    expect(number(page, first)).to_be_focused()
    page.keyboard.press("Tab")
    says(page, second)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/codebook\.html#fact-{second}$"))


def test_focus_elsewhere_closes_the_card(open_page) -> None:
    page = open_page(CHAPTER)
    number(page).focus()
    says(page)
    page.locator(".bd-article a:not([href*='#fact-'])").last.focus()
    expect(card(page)).to_have_count(0)


def test_a_tap_opens_the_card_and_its_link_leads_on(open_page) -> None:
    page = open_page(CHAPTER, "phone")
    number(page).tap()
    says(page)
    expect(page).to_have_url(re.compile(r"/key-rd-program\.html$"))
    expect(card(page)).to_be_focused()
    number(page).tap()
    expect(card(page)).to_have_count(0)
    number(page).tap()
    card(page).get_by_role("button", name="Close").tap()
    expect(card(page)).to_have_count(0)
    number(page).tap()
    number(page, "nkrdp-money-per-program").tap()
    says(page, "nkrdp-money-per-program")
    expect(card(page)).to_have_count(1)
    page.locator(".bd-article p").first.tap()
    expect(card(page)).to_have_count(0)
    number(page).tap()
    card(page).get_by_role("link").tap()
    expect(page).to_have_url(re.compile(rf"/codebook\.html#fact-{FACT}$"))
    expect(page.locator(f"#fact-{FACT}")).to_be_in_viewport()


def test_a_scroll_by_finger_keeps_the_card(open_page) -> None:
    page = open_page(CHAPTER, "phone")
    number(page).tap()
    says(page)
    client = page.context.new_cdp_session(page)
    before = page.evaluate("() => window.scrollY")
    for kind, y in (("touchStart", 700), *(("touchMove", y) for y in range(690, 640, -10)), ("touchEnd", 0)):
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": 200, "y": y}] if y else []})
    page.wait_for_function("(before) => window.scrollY > before", arg=before)
    says(page)


# Everywhere -------------------------------------------------------------------------------------------------


# Focuses every number of the page in turn: where its card does not fit, and the first number of each status.
FOCUS_ALL = """(numbers) => {
  const outside = [], first = {}, width = document.documentElement.clientWidth, height = innerHeight;
  for (const [i, link] of numbers.entries()) {
    if (!link.getClientRects().length) continue;
    link.focus();
    const card = document.querySelector(".ja-card"), { left, right, top, bottom } = card.getBoundingClientRect();
    if (left < 0 || right > width || top < 0 || bottom > height) outside.push(link.textContent);
    const status = card.querySelector(".ja-mark").textContent;
    if (!(status in first)) first[status] = i;
  }
  return [outside, first];
}"""


@pytest.mark.parametrize("mode", MODES)
def test_cards_are_accessible_and_fit(mode: str, open_page, site: Path) -> None:
    """The place of every card; axe once for each status, each on the first page that has it."""
    problems, statuses = [], set()
    for path in [each.relative_to(site).as_posix() for each in book_pages(site)]:
        page = open_page(path, mode)
        page.evaluate("() => document.querySelectorAll('main details').forEach((details) => { details.open = true; })")
        outside, first = page.locator(NUMBERS).evaluate_all(FOCUS_ALL)
        problems += [f"{path}: the card of {text} does not fit" for text in outside]
        for status in sorted(first.keys() - statuses):
            statuses.add(status)
            page.locator(NUMBERS).nth(first[status]).focus()
            expect(card(page).locator(".ja-mark")).to_have_text(status)
            problems += [f"{path}, {status}: {violation['id']}" for violation in violations(page, ".ja-card")]
        overflow = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        problems += [f"{path}: {overflow} px too wide"] if overflow > 0 else []
        page.context.close()
    assert problems == [] and len(statuses) > 3


def test_cards_do_not_print_and_do_not_move(open_page) -> None:
    page = open_page(CHAPTER, reduced_motion="reduce")
    number(page).focus()
    says(page)
    assert page.evaluate("() => document.querySelector('.ja-card').getAnimations({ subtree: true }).length") == 0
    page.emulate_media(media="print")
    expect(card(page)).not_to_be_visible()


def test_each_status_has_a_mark_of_its_own(open_page) -> None:
    page = open_page("book/reference/codebook.html")
    looks = page.evaluate(
        """(statuses) => statuses.map((status) => {
          const style = getComputedStyle(document.querySelector(`.ja-statuses .ja-mark-${status}`), "::before");
          return [style.backgroundImage, style.backgroundColor, style.borderRadius, style.borderStyle, style.transform].join();
        })""",
        list(STATUSES),
    )
    assert len(set(looks)) == len(STATUSES)


def test_a_card_needs_no_server(open_page, site: Path) -> None:
    page = open_page((site / CHAPTER).as_uri())
    number(page).focus()
    says(page)


def test_without_scripts_a_number_leads_to_its_entry(open_page) -> None:
    page = open_page(CHAPTER, java_script_enabled=False)
    number(page).click()
    expect(page).to_have_url(re.compile(rf"/codebook\.html#fact-{FACT}$"))
    expect(page.locator(f"#fact-{FACT}")).to_be_in_viewport()
