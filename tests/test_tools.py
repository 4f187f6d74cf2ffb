"""What a class does with a figure: compares two scenarios, scans its address, keeps a picture of it."""

from __future__ import annotations

import base64
import html
import math
import re
from collections.abc import Callable

import numpy as np
import pytest
import zxingcpp
from figures import bring_to_life, figure, kept, press, put
from jointaction import scenario
from jointaction.explorers import EXPLORERS, explorer
from playwright.sync_api import Page, expect
from settings import MOVING, settings

# Pinned ------------------------------------------------------------------------------------------------------

VERSUS = """() => [...document.querySelectorAll('.ja-versus')].map((line) =>
  [line.parentElement.querySelector('output, [data-again]').name || line.previousElementSibling.dataset.again, line.textContent, line.dataset.value])"""


def is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def unlike_pinned(name: str, page: Page, now: dict, pinned: dict) -> list[str]:
    """The read-outs whose difference from the pinned scenario is not Python's."""
    here, there = explorer(name).results(**now), explorer(name).results(**pinned)
    told = page.evaluate(VERSUS)
    assert {readout for readout, *_ in told} == set(here)
    wrong = []
    for readout, text, by in told:
        if is_number(here[readout]) and is_number(there[readout]):
            right = by is not None and math.isclose(
                float(by), here[readout] - there[readout], rel_tol=1e-6, abs_tol=1e-9
            )
            right = right and " from " in text
        else:
            same = (
                here[readout] == there[readout] or here[readout] != here[readout] and there[readout] != there[readout]
            )
            right = by is None and text.startswith("as pinned" if same else "pinned: ")
        wrong += [] if right else [f"{name} {readout}: {text!r}, {by} at {now}"]
    return wrong


STANDS_STILL = ("debate-claims", "mechanism-table")  # tables that a control shortens: nothing moves in their drawing


def test_a_pinned_scenario_shows_differences_and_a_ghost(open_figure: Callable[..., Page]) -> None:
    wrong = []
    for name in MOVING:
        page, pinned = open_figure(name), settings(name)[-1]
        bring_to_life(page, name)
        put(page, name, pinned)
        press(page, "pin", name)
        expect(figure(page, name).locator('[data-action="pin"]')).to_have_attribute("aria-pressed", "true")
        for setting in settings(name)[-3:-1]:
            put(page, name, setting)
            wrong += unlike_pinned(name, page, setting, pinned)
        ghosts = page.locator('.ja-live [class*="pinned_"] path').count()
        wrong += [f"{name}: {ghosts} ghosts"] if bool(ghosts) == (name in STANDS_STILL) else []
        press(page, "pin", name)
        expect(page.locator('.ja-versus, .ja-pinned, .ja-live [class*="pinned_"]')).to_have_count(0)
        page.context.close()
    assert wrong == []


def test_a_link_opens_with_both_scenarios(open_figure: Callable[..., Page]) -> None:
    page = open_figure("matching-ratio", query="?matching-ratio=8be,matching_ratio:0.5,pin,matching_ratio:1.5")
    expect(page.locator(".ja-pinned")).to_contain_text("Matching ratio: 1.5")
    assert unlike_pinned("matching-ratio", page, {"matching_ratio": 0.5}, {"matching_ratio": 1.5}) == []
    assert page.evaluate("() => document.querySelector('figure').explorer.link()").endswith(
        ",matching_ratio:0.5,pin,matching_ratio:1.5"
    )
    press(page, "pin")
    assert page.evaluate("() => document.querySelector('figure').explorer.link()").endswith(",matching_ratio:0.5")


def test_a_choice_with_a_comma_travels(open_figure: Callable[..., Page]) -> None:
    page, wanted = open_figure("debate-claims"), "endnote, not read"
    (control,) = (c.name for c in EXPLORERS["debate-claims"].controls if wanted in getattr(c, "options", ()))
    bring_to_life(page, "debate-claims")
    (shown,) = put(page, "debate-claims", {control: wanted})
    link = page.evaluate("() => document.querySelector('figure').explorer.link()")
    page.goto(link)
    expect(figure(page, "debate-claims").locator(f'[name="{control}"]')).to_have_value(wanted)
    assert str(scenario(link).results()["claims_shown"]) == shown["claims_shown"]


@pytest.mark.parametrize("mode", ["light", "phone"])
def test_a_move_beside_a_pin_shifts_nothing(mode: str, open_figure: Callable[..., Page]) -> None:
    boxes = "() => [...document.querySelectorAll('.ja-panel, .ja-actions, .ja-readout, .ja-control')].map((e) => { const b = e.getBoundingClientRect(); return [b.left, b.top + scrollY, b.width, b.height]; })"
    page = open_figure("matching-ratio", mode)
    bring_to_life(page)
    button = figure(page).locator('[data-action="pin"]')
    button.scroll_into_view_if_needed()
    before = button.bounding_box()["y"]
    button.click()
    page.wait_for_timeout(100)
    assert abs(button.bounding_box()["y"] - before) < 2  # it stays under the finger
    first = page.evaluate(boxes)
    put(page, "matching-ratio", {"matching_ratio": 0.5, "agricultural_focus": 0.9})
    assert page.evaluate(boxes) == first
    expect(figure(page).locator(".ja-spoken[role=status]")).to_contain_text("Provinces that join: 25 of 31, +4 from 21")


# Scanned -----------------------------------------------------------------------------------------------------


def scanned(page: Page) -> str:
    """What a reader of QR codes makes of the squares in the dialog."""
    drawn = page.locator(".ja-qr svg")
    side = int(drawn.get_attribute("viewBox").split()[-1])
    squares = np.full((side, side), 255, np.uint8)
    for x, y in re.findall(r"M(\d+) (\d+)h1", drawn.locator("path").get_attribute("d")):
        squares[int(y) + 4, int(x) + 4] = 0
    (found,) = zxingcpp.read_barcodes(np.kron(squares, np.ones((4, 4), np.uint8)))
    return found.text


@pytest.mark.parametrize("query", ["", "&present=matching-ratio"])
def test_a_qr_code_leads_to_the_scenario(query: str, open_figure: Callable[..., Page]) -> None:
    page = open_figure("matching-ratio", query=f"?matching-ratio=8be,matching_ratio:0.5,province:Inner+Mongolia{query}")
    expect(figure(page)).to_have_attribute("data-state", "live")
    press(page, "qr-code")
    expect(page.locator(".ja-qr-address")).to_contain_text("Inner+Mongolia")
    assert scanned(page) == page.locator(".ja-qr-address").text_content()
    assert page.locator(".ja-qr svg").bounding_box()["width"] > 0.6 * page.viewport_size["height"]
    page.keyboard.press("Escape")
    expect(page.locator(".ja-qr")).to_have_count(0)
    assert ("ja-present" in figure(page).get_attribute("class")) == bool(query)


# Closed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["qr-code", "embed", "cite"])
def test_escape_closes_what_is_open_and_gives_the_focus_back(action: str, open_figure: Callable[..., Page]) -> None:
    page = open_figure("matching-ratio")
    page.evaluate("() => Object.defineProperty(navigator, 'clipboard', { value: undefined })")  # as in a folder
    bring_to_life(page)
    keep, opened = figure(page).locator(".ja-keep"), page.locator(".ja-qr, .ja-status textarea")
    if action != "qr-code":
        keep.locator("summary").press("Enter")
    button = figure(page).locator(f'[data-action="{action}"]')
    button.press("Enter")
    expect(opened).to_be_visible()
    page.keyboard.press("Escape")
    expect(opened).to_have_count(0)
    expect(button).to_be_focused()
    if action != "qr-code":
        page.keyboard.press("Escape")
        expect(keep).not_to_have_attribute("open", "")
        expect(keep.locator("summary")).to_be_focused()


def test_escape_closes_an_explanation_before_it_leaves_the_projector(open_figure: Callable[..., Page]) -> None:
    page = open_figure("matching-ratio", query="?present=matching-ratio")
    expect(figure(page)).to_have_class(re.compile("ja-present"))
    about = figure(page).locator(".ja-help").first
    about.locator("summary").press("Enter")
    page.keyboard.press("Escape")
    expect(about).not_to_have_attribute("open", "")
    expect(about.locator("summary")).to_be_focused()
    expect(figure(page)).to_have_class(re.compile("ja-present"))
    figure(page).locator(".ja-number").first.press("Escape")
    expect(figure(page)).not_to_have_class(re.compile("ja-present"))


# Pictures ----------------------------------------------------------------------------------------------------


OPENS = """async (picture) => { const image = new Image(); image.src = picture; await image.decode(); return [image.naturalWidth, image.naturalHeight]; }"""


@pytest.mark.parametrize("name", ["matching-ratio", "centers-timeline", "fund-structure"])
def test_a_picture_says_what_it_is(name: str, open_figure: Callable[..., Page]) -> None:
    kind, page = EXPLORERS[name], open_figure(name, "dark")
    if kind.controls:
        bring_to_life(page, name)
        put(page, name, settings(name)[-1])
    svg = kept(page, "download-svg", name).read_text(encoding="utf-8")
    assert svg.count("<svg ") == 1 + len(explorer(name).drawings()) and "var(" not in svg
    words = html.unescape(" ".join(re.findall(r">([^<]*)</text>", svg)))
    assert all(panel["title"] in words for panel in explorer(name).drawings())
    assert "Data: " in svg and ("A model, not an estimate" in svg) == bool(kind.models)
    assert "#ffffff" in svg and "#14181e" not in svg  # light also from a dark page
    if kind.controls:
        assert "Settings: " in svg and f"{page.url.split('?')[0]}?{name}=" in svg
    raw = kept(page, "download-png", name).read_bytes()
    encoded = base64.b64encode(raw).decode()
    assert page.evaluate(OPENS, f"data:image/png;base64,{encoded}") == [2560, 1440]


# In a picture's first chart, the map: how many names there are, how many marks, how many of these lie outside their tile
# and how many on a name. A name's box is larger than its letters.
MARKS = """(svg) => {
  document.body.innerHTML = svg;
  const map = document.querySelector("svg svg"), boxes = (what) => [...map.querySelectorAll(what)].map((e) => e.getBoundingClientRect());
  const tiles = boxes(".mark-rect.role-mark path"), names = boxes(".mark-text.role-mark text"), marks = boxes(".mark-symbol.role-mark path");
  const inside = (a, b) => a.left > b.left - 1 && a.right < b.right + 1 && a.top > b.top - 1 && a.bottom < b.bottom + 1;
  const on = (a, b) => a.left < b.right - 2 && b.left + 2 < a.right && a.top < b.bottom - b.height / 8 && b.top + b.height / 8 < a.bottom;
  const count = (wrong) => marks.filter(wrong).length;
  return [names.length, marks.length, count((m) => !tiles.some((tile) => inside(m, tile))), count((m) => names.some((name) => on(m, name)))];
}"""


@pytest.mark.parametrize("name", ["matching-ratio", "elsewhere"])
def test_a_mark_lies_in_its_tile_and_on_no_name(name: str, open_figure: Callable[..., Page]) -> None:
    page = open_figure(name)
    bring_to_life(page, name)
    names, marks, outside, covering = page.evaluate(MARKS, kept(page, "download-svg", name).read_text(encoding="utf-8"))
    assert names == 31 and marks > 5 and (outside, covering) == (0, 0)
