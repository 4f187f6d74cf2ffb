"""The built pages in a real browser: still at first, self-contained, accessible, printable."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import book_pages, explorer_pages
from figures import bring_to_life, drawings, figure, value
from jointaction.explorers import EXPLORERS
from playwright.sync_api import Page, expect

CHAPTER = "book/mechanisms/key-rd-program.html"


# Still first ------------------------------------------------------------------------------------------------


def test_nothing_is_fetched_before_intent(open_page, site: Path) -> None:
    for name, path in explorer_pages(site).items():
        page = open_page(path)
        page.mouse.move(0, 0)
        requested = page.evaluate("() => performance.getEntriesByType('resource').map((r) => r.name)")
        assert any("figure.js" in file for file in requested), name
        assert not any("charts.js" in file for file in requested), name
        assert figure(page, name).get_attribute("data-state") == "still"
        page.context.close()
    assert (site / "_static/jointaction/charts.js").stat().st_size > 100_000


def test_scripts_off(open_page, site: Path) -> None:
    for name, path in explorer_pages(site).items():
        page = open_page(path, java_script_enabled=False)
        assert figure(page, name).locator(".ja-chart svg:visible, .ja-data table:visible").count() >= 1, name
        if EXPLORERS[name].controls:
            expect(figure(page, name).locator(".ja-note")).to_be_visible()
        page.context.close()


def test_prints_with_its_still(open_page) -> None:
    page = open_page(CHAPTER)
    page.emulate_media(media="print")
    expect(figure(page).locator(".ja-print-note")).to_be_visible()
    assert figure(page).locator(".ja-still svg:visible").count() >= 3
    expect(figure(page).locator('[data-action="reset"]')).to_be_hidden()


def test_no_layout_shift_when_a_figure_comes_alive(open_page, site: Path) -> None:
    for mode in ("light", "phone"):
        for name, path in explorer_pages(site).items():
            if not EXPLORERS[name].controls:
                continue
            page = open_page(path, mode)
            heights = "(id) => [...document.querySelectorAll(`#explorer-${id} .ja-chart`)].map((c) => c.offsetHeight)"
            before = page.evaluate(heights, name)
            bring_to_life(page, name)
            drawings(page, name)
            after = page.evaluate(heights, name)
            assert after == before and min(before) > 50, (name, mode)
            page.context.close()


def test_works_from_a_folder(open_page, site: Path) -> None:
    page = open_page((site / CHAPTER).as_uri() + "?matching-ratio.matching_ratio=0.5")
    expect(figure(page).locator('output[name="joining"]')).to_have_text("25")
    figure(page).locator('[data-preset="2022"]').click()
    assert value(page, "pool") == "42"


# Every page -------------------------------------------------------------------------------------------------


def violations(page: Page, within: str | None = None) -> list[dict]:
    """What axe-core finds on the page, or within a part of it.

    Its preloading is off, since it looks for imported style sheets in the wrong folder. That a label says what is
    seen was an experiment in older versions.
    """
    rules = {"label-content-name-mismatch": {"enabled": True}}
    options = {"preload": False, "resultTypes": ["violations"], "rules": rules}  # what passes is not written out
    return Axe().run(page, context=within, options=options).response["violations"]


def pages(site: Path) -> list[str]:
    return [p.relative_to(site).as_posix() for p in book_pages(site)] + [
        "index.html",
        "search.html",
        "genindex.html",
        "404.html",
    ]


@pytest.mark.parametrize("mode", ["light", "dark", "phone"])
def test_pages_are_accessible_and_fit(mode: str, open_page, site: Path) -> None:
    """Every page with all its details open; its figures still in the light, alive in the dark and on a phone."""
    problems = []
    alone = [p.relative_to(site).as_posix() for p in sorted(site.glob("figures/*.html"))] if mode == "phone" else []
    for path in [*pages(site), *alone]:
        page = open_page(path, mode)
        for name in page.locator("figure.explorer:has(input, select)").evaluate_all("(all) => all.map((f) => f.id)"):
            if mode != "light":
                bring_to_life(page, name.removeprefix("explorer-"))
        page.evaluate("() => document.querySelectorAll('main details').forEach((details) => { details.open = true; })")
        overflow = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            problems.append(f"{path}: {overflow} px too wide")
        grounds = "(all) => [...new Set(all.map((each) => getComputedStyle(each).backgroundColor))]"
        if set(page.locator("div.cell_output .text_html").evaluate_all(grounds)) - {"rgba(0, 0, 0, 0)"}:
            problems.append(f"{path}: an output stands on a ground of the theme's")
        for violation in violations(page):
            nodes = [n["html"][:120] for n in violation["nodes"][:3]]
            problems.append(f"{path}: {violation['id']}: {json.dumps(nodes)}")
        page.context.close()
    assert problems == []


@pytest.mark.parametrize("system", ["dark", "light"])
def test_a_first_visit_follows_the_system(browser, server: str, system: str) -> None:
    """The figures too; what a reader then chooses is kept."""
    context = browser.new_context(color_scheme=system)
    page = context.new_page()
    page.goto(f"{server}/book/mechanisms/key-rd-program.html")
    look = "() => [document.documentElement.dataset.theme, getComputedStyle(document.querySelector('figure.explorer')).backgroundColor]"
    ground = {"dark": "rgb(20, 24, 30)", "light": "rgb(255, 255, 255)"}
    assert page.evaluate(look) == [system, ground[system]]
    other = {"dark": "light", "light": "dark"}[system]
    page.emulate_media(color_scheme=other)
    page.wait_for_function("(other) => document.documentElement.dataset.theme === other", arg=other)
    assert page.evaluate(look) == [other, ground[other]]
    page.evaluate("(mode) => { localStorage.setItem('mode', mode); localStorage.setItem('theme', mode); }", system)
    page.reload()
    assert page.evaluate(look) == [system, ground[system]]
    context.close()


def test_no_page_is_wider_than_320_pixels(open_page, site: Path) -> None:
    wide = []
    page = open_page("index.html", "phone")
    page.set_viewport_size({"width": 320, "height": 640})
    pages = [
        *site.glob("book/**/*.html"),
        *site.glob("*.html"),
        *site.glob("copies/*.html"),
        site / "figures/index.html",
    ]
    for path in sorted(pages):
        page.goto(f"{page.url.split('/', 3)[0]}//{page.url.split('/', 3)[2]}/{path.relative_to(site).as_posix()}")
        page.evaluate("() => document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        over = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wide += [f"{path.name}: {over} px too wide"] if over > 0 else []
        long = "(all) => all.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent)"
        wide += page.eval_on_selector_all(".ja-readout label", long)  # a label that runs out of its tile
    assert wide == []
