"""Every figure in a real browser, each on a page of its own: moved, read, linked, saved."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from figures import bring_to_life, drawings, figure, press, put, value
from jointaction.explorers import EXPLORERS, explorer
from playwright.sync_api import expect
from settings import MOVING, ends, same, settings, unlike

# The page computes what Python computes -------------------------------------------------------------------


@pytest.mark.parametrize("name", MOVING)
def test_page_agrees_with_python(name: str, open_figure) -> None:
    page = open_figure(name)
    bring_to_life(page, name)
    assert unlike(name, put(page, name, *settings(name))) == []


@pytest.mark.parametrize("name", MOVING)
def test_data_table_agrees_with_python(name: str, open_figure) -> None:
    """The rows behind the figure, for a few random settings."""
    data, columns = EXPLORERS[name].table
    page = open_figure(name)
    bring_to_life(page, name)
    rows = "(name) => JSON.parse(JSON.stringify(document.querySelector('figure').explorer.source.rows(name)))"
    for setting in settings(name)[-12:]:
        put(page, name, setting)
        shown = page.evaluate(rows, data)
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
def test_every_control_moves_the_figure(name: str, open_figure) -> None:
    """Each control, moved from some setting, changes a read-out, a drawing or the table."""
    page = open_figure(name)
    bring_to_life(page, name)
    for control in EXPLORERS[name].controls:
        for base in [settings(name)[0], *settings(name)[-12:]]:
            before, drawn = put(page, name, base), drawings(page, name)
            changes = [
                put(page, name, {control.name: end}) != before or drawings(page, name) != drawn for end in ends(control)
            ]
            if any(changes):
                break
        else:
            pytest.fail(f"{control.name} moves nothing")


# The live drawings, mark by mark, as drawn and as moved to; numbers of clips are a drawing's own.
SAME = """async ([name, settings]) => {
  const figure = document.querySelector("figure.explorer"), engine = figure.explorer, wrong = [];
  const frame = () => new Promise((done) => figure.addEventListener("ja-painted", done, { once: true }));
  const seen = () => [...figure.querySelectorAll(".ja-live svg")].flatMap((svg) => [...svg.querySelectorAll("path, text, line")]
    .map((mark) => mark.outerHTML + mark.parentElement.getAttribute("transform")).sort());
  for (const setting of settings) {
    engine.set(setting);
    await frame();
    const moved = seen();
    engine.draw();
    await Promise.all(engine.views.map((view) => view.runAsync()));
    const drawn = seen();
    const at = drawn.findIndex((mark, i) => mark !== moved[i]);
    if (at >= 0 || drawn.length !== moved.length) wrong.push([JSON.stringify(setting), moved[at], drawn[at]]);
  }
  return wrong;
}"""


@pytest.mark.parametrize("name", MOVING)
def test_a_move_draws_what_a_fresh_drawing_shows(name: str, open_figure) -> None:
    """A move changes single marks; nothing of an earlier setting may stay."""
    page = open_figure(name)
    bring_to_life(page, name)
    page.evaluate("() => document.activeElement.blur()")
    assert page.evaluate(SAME, [name, settings(name)[1:12] + settings(name)[-12:]]) == []


@pytest.mark.parametrize("name", MOVING)
def test_presets_and_reset(name: str, open_figure) -> None:
    page = open_figure(name)
    start = {r: value(page, r, name) for r in explorer(name).results()}
    for preset in EXPLORERS[name].presets:
        figure(page, name).locator('[data-action="reset"]').click()  # a preset leaves alone what it does not name
        figure(page, name).locator(f'[data-preset="{preset.id}"]').click()
        expect(figure(page, name)).to_have_attribute("data-state", "live")
        for readout, computed in explorer(name).results(**preset.values).items():
            assert same(value(page, readout, name), computed), (preset.id, readout)
    figure(page, name).locator('[data-action="reset"]').click()
    expect(figure(page, name)).to_have_attribute("data-state", "live")
    for readout, computed in explorer(name).results().items():
        assert same(value(page, readout, name), computed) and same(start[readout], computed), readout


def test_signature_values(open_figure) -> None:
    """The printed values, pressed and read as a student would."""
    page = open_figure("matching-ratio")
    assert value(page, "pool") == "42"
    figure(page).locator('[data-preset="2021"]').click()
    expect(figure(page).locator('output[name="joining"]')).to_have_text("25")
    assert [value(page, r) for r in ("pool", "unwilling", "unable")] == ["37.5", "6", "0"]
    figure(page).locator('[data-preset="2022"]').click()  # one for one again
    figure(page).locator('[data-preset="technology"]').click()
    expect(figure(page).locator('output[name="joining"]')).to_have_text("6")


def test_a_table_of_readouts_lies_open_and_follows(open_figure) -> None:
    name = "mechanisms-compared"
    page = open_figure(name, "phone")
    bring_to_life(page, name)
    put(page, name, {"matching_ratio": 0.5, "additionality": 0.5})
    table = figure(page, name).locator(".ja-answers")
    rows = [row.locator("output, [data-again]").all_inner_texts() for row in table.locator("tbody tr").all()]
    assert rows[0] == ["0.50", "0.25", "0.67", "1.00"] and rows[3] == ["2.00", "1.00", "0.50", "0.50"]
    put(page, name, {"central_share": 0.0, "stake": 0.335})
    assert table.locator("tbody tr").nth(2).locator("output").first.inner_text() == "no central money"
    assert "cannot be met" in table.locator("tbody tr").nth(1).inner_text()
    hidden = "(e) => e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight || Boolean(e.closest('details'))"
    assert not table.evaluate(hidden)


def test_arrow_keys_move_by_the_step(open_figure) -> None:
    page = open_figure("matching-ratio")
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


def test_hover_links_the_panels(open_figure) -> None:
    page = open_figure("matching-ratio")
    bring_to_life(page)
    figure(page).locator('[data-panel="map"]').scroll_into_view_if_needed()
    before = drawings(page, "matching-ratio")
    figure(page).locator('[data-panel="map"] .ja-live text', has_text="SD").hover()
    page.wait_for_function(
        "() => document.querySelector('[data-panel=scatter] .ja-live').textContent.includes('Shandong')"
    )
    assert "Shandong leaves" in figure(page).locator('[data-panel="curve"] .ja-live').text_content()
    assert drawings(page, "matching-ratio") != before
    figure(page).locator('[data-panel="map"] .ja-live text', has_text="SD").click()
    assert figure(page).locator('select[name="province"]').input_value() == "Shandong"


# The charts library ---------------------------------------------------------------------------------------


def test_a_move_made_before_the_library_arrives_is_kept(open_figure) -> None:
    page, waiting = open_figure("matching-ratio"), []
    page.route("**/charts.js", lambda route: waiting.append(route))
    put(page, "matching-ratio", {"matching_ratio": 0.5})
    expect(figure(page)).to_have_attribute("data-state", "loading")
    while not waiting:
        page.wait_for_timeout(10)
    waiting[0].continue_()
    expect(figure(page).locator('output[name="joining"]')).to_have_text("25")


@pytest.mark.parametrize("broken", ["refused", "cut short", "half of it"])
def test_a_failed_load_leaves_the_still_and_says_so(broken: str, open_figure, bare: tuple[Path, str]) -> None:
    page, whole = open_figure("matching-ratio"), (bare[0] / "charts.js").read_text(encoding="utf-8")
    answers = {
        "refused": lambda route: route.abort(),
        "cut short": lambda route: route.abort("connectionreset"),
        "half of it": lambda route: route.fulfill(body=whole[: len(whole) // 2], content_type="text/javascript"),
    }
    page.route("**/charts.js", answers[broken])
    figure(page).locator('[data-preset="2021"]').click()
    expect(figure(page)).to_have_attribute("data-state", "failed")
    expect(figure(page).locator(".ja-status")).to_have_text(
        "The charts could not be loaded, so this figure shows its start values; move a control to try again."
    )
    assert figure(page).locator(".ja-still svg:visible").count() >= 3
    page.unroute("**/charts.js")
    put(page, "matching-ratio", {"matching_ratio": 0.25})
    expect(figure(page).locator('output[name="joining"]')).to_have_text("28")
    expect(figure(page).locator(".ja-status")).to_have_text("")
    # The browser's own lines for what was broken.
    open_figure.noise[:] = [
        n for n in open_figure.noise if not re.search("ERR_FAILED|ERR_CONNECTION_RESET|Unexpected end of input", n)
    ]


def test_works_with_the_network_gone(open_figure) -> None:
    page = open_figure("matching-ratio")
    bring_to_life(page)
    page.context.set_offline(True)
    assert put(page, "matching-ratio", {"matching_ratio": 0.5})[0]["joining"] == "25"


# Address ----------------------------------------------------------------------------------------------------


def test_address_round_trip(open_figure) -> None:
    page = open_figure("matching-ratio")
    bring_to_life(page)
    length = page.evaluate("() => history.length")
    wanted = {
        "matching_ratio": 0.7898,
        "agricultural_focus": 0.2,
        "spend_unclaimed": True,
        "province": "Inner Mongolia",
    }
    (shown,) = put(page, "matching-ratio", wanted)
    page.wait_for_url("**,province:Inner+Mongolia*")
    assert page.evaluate("() => history.length") == length
    again = open_figure("matching-ratio", query=f"?{page.url.split('?')[1]}")
    expect(figure(again)).to_have_attribute("data-state", "live")
    assert {r: value(again, r) for r in shown} == shown
    assert float(figure(again).locator('input[name="matching_ratio"]').input_value()) == 0.7898
    assert figure(again).locator('input[name="spend_unclaimed"]').is_checked()


def test_an_address_opens_its_scenario(open_figure) -> None:
    query = "?matching-ratio.matching_ratio=1&matching-ratio.agricultural_focus=0.2#explorer-matching-ratio"
    page = open_figure("matching-ratio", query=query)
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
def test_bad_addresses(open_figure, query: str, said: str, setting: dict) -> None:
    page = open_figure("matching-ratio", query=f"?matching-ratio.{query}")
    expect(figure(page)).to_have_attribute("data-state", "live")
    expect(figure(page).locator(".ja-status")).to_contain_text(said)
    for readout, computed in explorer("matching-ratio").results(**setting).items():
        assert same(value(page, readout), computed), readout


def test_copy_link_and_downloads(open_figure) -> None:
    page = open_figure("matching-ratio", permissions=["clipboard-read", "clipboard-write"])
    figure(page).locator('[data-preset="2021"]').click()
    expect(figure(page)).to_have_attribute("data-state", "live")
    press(page, "copy-link")
    expect(figure(page).locator(".ja-status")).to_contain_text("copied")
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert link.endswith(",matching_ratio:0.5")
    with page.expect_download() as download:
        press(page, "download-csv")
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if not line.lstrip('\ufeff"').startswith("#")]
    assert len(lines) == 32 and lines[0].startswith("Province,Outcome")
    assert sum(",joins," in line for line in lines) == 25
    with page.expect_download() as download:
        press(page, "download-svg")
    svg = Path(download.value.path()).read_text(encoding="utf-8")
    assert svg.startswith("<svg") and "var(" not in svg
