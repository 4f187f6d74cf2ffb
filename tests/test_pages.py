"""The built pages in a real browser: alive, self-contained, accessible, and the same numbers as Python."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import explorer_pages
from jointaction.faces.controls import Choice, Range
from jointaction.explorers import EXPLORERS, explorer
from playwright.sync_api import Page, expect

MOVING = [name for name, kind in EXPLORERS.items() if kind.controls]
CHAPTER = "book/mechanisms/key-rd-program.html"

SET = """([name, settings]) => {
  const figure = document.getElementById(`explorer-${name}`);
  for (const [control, value] of Object.entries(settings)) {
    const input = figure.querySelector(`[name="${control}"]:not(output)`);
    if (input.type === "checkbox") input.checked = value; else input.value = String(value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  return Object.fromEntries([...figure.querySelectorAll("output")].map((o) => [o.name, o.dataset.value]));
}"""


def figure(page: Page, name: str = "matching-ratio"):
    return page.locator(f"#explorer-{name}")


def bring_to_life(page: Page, name: str = "matching-ratio") -> None:
    figure(page, name).locator("input, select").first.focus()
    expect(figure(page, name)).to_have_attribute("data-state", "live")


def value(page: Page, readout: str, name: str = "matching-ratio") -> str:
    return figure(page, name).locator(f'output[name="{readout}"]').get_attribute("data-value")


def drawings(page: Page, name: str) -> list[str]:
    """The figure's live drawings, once the frame that follows a move has been painted."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)))")
    return [d.inner_html() for d in figure(page, name).locator(".ja-live").all()] + [
        d.inner_html() for d in figure(page, name).locator(".ja-data tbody").all()
    ]


# The page computes what Python computes -------------------------------------------------------------------


def settings(name: str, count: int, seed: int = 20240229) -> list[dict]:
    """The start values, every corner of every control by itself, and random settings up to ``count``."""
    kind, source = EXPLORERS[name], random.Random(seed)
    corners: list[dict] = [{}]
    for control in kind.controls:
        if isinstance(control, Range):
            corners += [{control.name: control.parameter.low}, {control.name: control.parameter.high}]
        else:
            options = list(control.options) if isinstance(control, Choice) else [True, False]
            corners += [{control.name: option} for option in options]

    def draw(control) -> object:
        if isinstance(control, Range):
            p = control.parameter
            return source.choice([p.low, p.high, p.default, *(source.uniform(p.low, p.high) for _ in range(9))])
        return source.choice(list(control.options) if isinstance(control, Choice) else [True, False])

    whole = [{control.name: draw(control) for control in kind.controls} for _ in range(count)]
    return corners + whole


def same(shown: str, computed: object) -> bool:
    if isinstance(computed, bool):
        return shown == str(computed).lower()
    if isinstance(computed, str):
        return shown == computed
    if computed is None or math.isnan(computed):
        return shown == ""
    return math.isclose(float(shown.replace("Infinity", "inf")), computed, rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize("name", MOVING)
def test_page_agrees_with_python(name: str, open_page, site: Path) -> None:
    page = open_page(explorer_pages(site)[name])
    bring_to_life(page, name)
    defaults = {control.name: control.default for control in EXPLORERS[name].controls}
    wrong = []
    for setting in settings(name, 200):
        setting = {**defaults, **setting}
        shown = page.evaluate(SET, [name, setting])
        for readout, computed in explorer(name).results(**setting).items():
            if not same(shown[readout], computed):
                wrong.append(f"{readout}: page {shown[readout]}, Python {computed} at {setting}")
    assert wrong == []


@pytest.mark.parametrize("name", MOVING)
def test_data_table_agrees_with_python(name: str, open_page, site: Path) -> None:
    """The rows behind the figure, for a few random settings."""
    if EXPLORERS[name].table is None:
        assert EXPLORERS[name].readouts, "a figure without a table has read-outs"
        return
    data, columns = EXPLORERS[name].table
    page = open_page(explorer_pages(site)[name])
    bring_to_life(page, name)
    for setting in settings(name, 12)[-12:]:
        page.evaluate(SET, [name, setting])
        shown = page.evaluate(
            "([name, data]) => JSON.parse(JSON.stringify(document.getElementById(`explorer-${name}`).explorer.source.rows(data)))",
            [name, data],
        )
        computed = explorer(name).evaluate(**setting).tables[data]
        assert len(shown) == len(computed), setting
        for row, (_, expected) in zip(shown, computed.iterrows()):
            for column in columns:
                got, want = row[column.field], expected[column.field]
                if isinstance(want, float) and not math.isfinite(want):
                    assert got is None, (column.field, setting)
                elif isinstance(want, float):
                    assert math.isclose(got, want, rel_tol=1e-9, abs_tol=1e-12), (column.field, setting)
                else:
                    assert got == want, (column.field, setting)


# Controls ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MOVING)
def test_every_control_moves_the_figure(name: str, open_page, site: Path) -> None:
    """Each control, moved from some setting, changes a read-out, a drawing or the table."""
    page = open_page(explorer_pages(site)[name])
    bring_to_life(page, name)
    bases = [{}, *settings(name, 12)[-12:]]
    defaults = {control.name: control.default for control in EXPLORERS[name].controls}
    for control in EXPLORERS[name].controls:
        if isinstance(control, Range):
            others = [control.parameter.low, control.parameter.high]
        else:
            others = list(control.options) if isinstance(control, Choice) else [True, False]
        for base in bases:
            before = page.evaluate(SET, [name, {**defaults, **base}])
            drawn = drawings(page, name)
            changes = []
            for other in others:
                after = page.evaluate(SET, [name, {control.name: other}])
                changes.append(after != before or drawings(page, name) != drawn)
            if any(changes):
                break
        else:
            pytest.fail(f"{control.name} moves nothing")


@pytest.mark.parametrize("name", MOVING)
def test_presets_and_reset(name: str, open_page, site: Path) -> None:
    page = open_page(explorer_pages(site)[name])
    start = {r: value(page, r, name) for r in explorer(name).results()}
    for preset in EXPLORERS[name].presets:
        figure(page, name).locator(f'[data-preset="{preset.id}"]').click()
        expect(figure(page, name)).to_have_attribute("data-state", "live")
        for readout, computed in explorer(name).results(**preset.values).items():
            assert same(value(page, readout, name), computed), (preset.id, readout)
    figure(page, name).locator('[data-action="reset"]').click()
    expect(figure(page, name)).to_have_attribute("data-state", "live")
    for readout, computed in explorer(name).results().items():
        assert same(value(page, readout, name), computed) and same(start[readout], computed), readout


def test_signature_values(open_page) -> None:
    """The chapter's printed values, pressed and read as a student would."""
    page = open_page(CHAPTER)
    assert value(page, "pool") == "42"
    figure(page).locator('[data-preset="2021"]').click()
    expect(figure(page).locator('output[name="joining"]')).to_have_text("25")
    assert [value(page, r) for r in ("pool", "unwilling", "unable")] == ["37.5", "6", "0"]
    figure(page).locator('[data-preset="technology"]').click()
    expect(figure(page).locator('output[name="joining"]')).to_have_text("6")


def test_arrow_keys_move_by_the_step(open_page) -> None:
    page = open_page(CHAPTER)
    bring_to_life(page)
    slider = figure(page).locator('input[name="matching_ratio"]')
    slider.focus()
    slider.press("ArrowRight")
    assert float(slider.input_value()) == 1.05
    slider.press("PageDown")
    assert float(slider.input_value()) == 0.8
    slider.press("Home")
    assert float(slider.input_value()) == 0
    assert value(page, "joining") == str(explorer("matching-ratio").results(matching_ratio=0.0)["joining"])
    assert slider.get_attribute("aria-valuetext") == "0.00 local yuan per central yuan"


def test_hover_links_the_panels(open_page) -> None:
    page = open_page(CHAPTER)
    bring_to_life(page)
    figure(page).locator('[data-panel="map"]').scroll_into_view_if_needed()
    before = drawings(page, "matching-ratio")
    figure(page).locator('[data-panel="map"] .ja-live text', has_text="SD").hover()
    page.wait_for_function("() => document.querySelector('[data-panel=scatter] .ja-live').textContent.includes('Shandong')")
    assert "Shandong leaves" in figure(page).locator('[data-panel="curve"] .ja-live').text_content()
    assert drawings(page, "matching-ratio") != before
    figure(page).locator('[data-panel="map"] .ja-live text', has_text="SD").click()
    assert figure(page).locator('select[name="province"]').input_value() == "Shandong"


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


def test_a_move_made_before_the_library_arrives_is_kept(open_page) -> None:
    page = open_page("index.html")
    waiting = []
    page.route("**/charts.js", lambda route: waiting.append(route))
    page.goto(page.url.split("/book/")[0].removesuffix("/index.html") + "/" + CHAPTER)
    page.evaluate(SET, ["matching-ratio", {"matching_ratio": 0.5}])
    expect(figure(page)).to_have_attribute("data-state", "loading")
    page.wait_for_function("() => true")
    while not waiting:
        page.wait_for_timeout(10)
    waiting[0].continue_()
    expect(figure(page).locator('output[name="joining"]')).to_have_text("25")


def test_a_failed_load_leaves_the_still_and_says_so(open_page) -> None:
    page = open_page("index.html")
    page.route("**/charts.js", lambda route: route.abort())
    page.goto(page.url.split("/book/")[0].removesuffix("/index.html") + "/" + CHAPTER)
    figure(page).locator('[data-preset="2021"]').click()
    expect(figure(page)).to_have_attribute("data-state", "failed")
    expect(figure(page).locator(".ja-status")).to_contain_text("could not be loaded")
    assert figure(page).locator(".ja-still svg:visible").count() >= 3
    page.unroute("**/charts.js")
    page.evaluate(SET, ["matching-ratio", {"matching_ratio": 0.25}])
    expect(figure(page).locator('output[name="joining"]')).to_have_text("28")
    open_page.noise[:] = [n for n in open_page.noise if "ERR_FAILED" not in n]  # the browser's own line for the abort


def test_works_from_a_folder(open_page, site: Path) -> None:
    page = open_page((site / CHAPTER).as_uri() + "?matching-ratio.matching_ratio=0.5")
    expect(figure(page).locator('output[name="joining"]')).to_have_text("25")
    figure(page).locator('[data-preset="2022"]').click()
    assert value(page, "pool") == "42"


def test_works_with_the_network_gone(open_page) -> None:
    page = open_page(CHAPTER)
    bring_to_life(page)
    page.context.set_offline(True)
    assert page.evaluate(SET, ["matching-ratio", {"matching_ratio": 0.5}])["joining"] == "25"


# Address ----------------------------------------------------------------------------------------------------


def test_address_round_trip(open_page) -> None:
    page = open_page(CHAPTER)
    bring_to_life(page)
    length = page.evaluate("() => history.length")
    wanted = {"matching_ratio": 0.7898, "agricultural_focus": 0.2, "spend_unclaimed": True, "province": "Inner Mongolia"}
    shown = page.evaluate(SET, ["matching-ratio", wanted])
    page.wait_for_url("**province=Inner*")
    assert page.evaluate("() => history.length") == length
    again = open_page(page.url)
    expect(figure(again)).to_have_attribute("data-state", "live")
    assert {r: value(again, r) for r in shown} == shown
    assert float(figure(again).locator('input[name="matching_ratio"]').input_value()) == 0.7898
    assert figure(again).locator('input[name="spend_unclaimed"]').is_checked()


def test_an_address_opens_its_scenario(open_page) -> None:
    query = "?matching-ratio.matching_ratio=1&matching-ratio.agricultural_focus=0.2#explorer-matching-ratio"
    page = open_page(CHAPTER + query)
    expected = explorer("matching-ratio").results(matching_ratio=1.0, agricultural_focus=0.2)
    expect(figure(page).locator('output[name="joining"]')).to_have_text(str(expected["joining"]))


@pytest.mark.parametrize(
    ("query", "said", "setting"),
    [
        ("matching_ratio=7", "became 2", {"matching_ratio": 2.0}),
        ("matching_ratio=-1", "became 0", {"matching_ratio": 0.0}),
        ("matching_ratio=lots", "ignored", {}),
        ("matching_ratio=", "ignored", {}),
        ("matching_ratio=Infinity", "ignored", {}),
        ("spend_unclaimed=perhaps", "ignored", {}),
        ("province=Atlantis", "ignored", {}),
        ("no_such_control=1", "ignored", {}),
        ("agricultural_focus=0x10", "became 1", {"agricultural_focus": 1.0}),
    ],
)
def test_bad_addresses(open_page, query: str, said: str, setting: dict) -> None:
    page = open_page(f"{CHAPTER}?matching-ratio.{query}")
    expect(figure(page)).to_have_attribute("data-state", "live")
    expect(figure(page).locator(".ja-status")).to_contain_text(said)
    for readout, computed in explorer("matching-ratio").results(**setting).items():
        assert same(value(page, readout), computed), readout


def test_copy_link_and_downloads(open_page) -> None:
    page = open_page(CHAPTER, permissions=["clipboard-read", "clipboard-write"])
    figure(page).locator('[data-preset="2021"]').click()
    expect(figure(page)).to_have_attribute("data-state", "live")
    figure(page).locator('[data-action="copy-link"]').click()
    expect(figure(page).locator(".ja-status")).to_contain_text("copied")
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert "matching-ratio.matching_ratio=0.5" in link and link.endswith("#explorer-matching-ratio")
    with page.expect_download() as download:
        figure(page).locator('[data-action="download-csv"]').click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 32 and lines[0].startswith("Province,Outcome")
    assert sum(",joins," in line for line in lines) == 25
    with page.expect_download() as download:
        figure(page).locator('[data-action="download-svg"]').click()
    svg = Path(download.value.path()).read_text(encoding="utf-8")
    assert svg.startswith("<svg") and "var(" not in svg


# Every page -------------------------------------------------------------------------------------------------


def violations(page: Page) -> list[dict]:
    """What axe-core finds. Its preloading is off, since it looks for imported style sheets in the wrong folder."""
    return Axe().run(page, options={"preload": False}).response["violations"]


def pages(site: Path) -> list[str]:
    return [p.relative_to(site).as_posix() for p in sorted(site.glob("book/**/*.html"))] + ["search.html", "genindex.html"]


@pytest.mark.parametrize("mode", ["light", "dark", "phone"])
def test_pages_are_accessible_and_fit(mode: str, open_page, site: Path) -> None:
    """Every page with all its details open; its figures still in the light, alive in the dark and on a phone."""
    problems = []
    for path in pages(site):
        page = open_page(path, mode)
        for name in page.locator("figure.explorer:has(input, select)").evaluate_all("(all) => all.map((f) => f.id)"):
            if mode != "light":
                bring_to_life(page, name.removeprefix("explorer-"))
        page.evaluate("() => document.querySelectorAll('main details').forEach((details) => { details.open = true; })")
        overflow = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            problems.append(f"{path}: {overflow} px too wide")
        for violation in violations(page):
            nodes = [n["html"][:120] for n in violation["nodes"][:3]]
            problems.append(f"{path}: {violation['id']}: {json.dumps(nodes)}")
        page.context.close()
    assert problems == []


def test_search_finds_a_word(open_page) -> None:
    page = open_page("search.html?q=leverage")
    expect(page.locator("#search-results li").first).to_be_visible()
