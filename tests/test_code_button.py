"""One button for the code of a page, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from test_pages import violations

CHAPTER = "book/mechanisms/key-rd-program.html"
OTHER = "book/mechanisms/guidance-fund.html"


def button(page: Page):
    return page.get_by_role("button", name="Code", exact=True)


def shown(page: Page) -> tuple[int, int, int]:
    """How many bars a reader sees, how many pieces of folded code, and how many there are.

    The code of the cell that changes a model is never folded.
    """
    bars, code = page.locator("details.above-input > summary:visible"), page.locator("details.above-input .cell_input")
    assert page.locator(".cell_input:visible").count() - code.locator("visible=true").count() == 1
    return bars.count(), code.locator("visible=true").count(), code.count()


def off(page: Page) -> None:
    bars, code, there = shown(page)
    assert (bars, code) == (0, 0) and there > 0
    expect(button(page)).to_have_attribute("aria-pressed", "false")


def on(page: Page) -> None:
    bars, code, there = shown(page)
    assert bars == 0 and code == there > 0
    expect(button(page)).to_have_attribute("aria-pressed", "true")


def test_code_is_off_at_first_and_one_button_shows_all_of_it(open_page) -> None:
    page = open_page(CHAPTER)
    off(page)
    button(page).click()
    on(page)
    button(page).click()
    off(page)


def test_the_choice_holds_for_the_visit_only(open_page) -> None:
    page = open_page(CHAPTER)
    button(page).click()
    page.goto(page.url.replace(CHAPTER, OTHER))
    on(page)
    off(open_page(OTHER))


def test_the_button_works_without_storage(open_page) -> None:
    page = open_page("index.html")
    page.context.add_init_script("""for (const method of ["getItem", "setItem"]) {
      const kept = Storage.prototype[method];
      Storage.prototype[method] = function (key, ...rest) {
        if (this === sessionStorage && key === "ja-code") throw new DOMException("no", "SecurityError");
        return kept.call(this, key, ...rest);
      };
    }""")
    page.goto(page.url.replace("index.html", CHAPTER))
    off(page)
    button(page).click()
    on(page)


def test_what_is_read_stays_in_its_place(open_page) -> None:
    page = open_page(CHAPTER)
    place = "() => document.querySelector('#exercises > h2').getBoundingClientRect().top"
    page.evaluate("() => document.querySelector('#exercises').scrollIntoView({ behavior: 'instant' })")
    before = page.evaluate(place)
    box = button(page).bounding_box()
    for _ in range(2):
        page.mouse.click(box["x"] + 5, box["y"] + 5)  # a locator's click would scroll first
        page.wait_for_timeout(100)
        assert abs(page.evaluate(place) - before) < 3


def test_without_scripts_each_piece_keeps_its_bar(open_page) -> None:
    page = open_page(CHAPTER, java_script_enabled=False)
    bars, code, there = shown(page)
    assert bars == there > 0 and code == 0
    expect(button(page)).to_have_count(0)
    page.locator("details.above-input > summary").first.click()
    assert shown(page)[1] == 1


def test_only_pages_with_code_have_the_button(open_page, site: Path) -> None:
    for path in site.glob("book/**/*.html"):
        text = path.read_text(encoding="utf-8")
        assert ("ja-code-button" in text) == ('above-input"' in text), path


@pytest.mark.parametrize("mode", ["light", "dark", "phone"])
def test_shown_code_is_accessible_and_fits(mode: str, open_page) -> None:
    page = open_page(CHAPTER, mode)
    assert violations(page) == []
    button(page).click()
    on(page)
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
