"""Figures as instruments: seen in one look, moved by touch and by typing, projected, alone, on paper."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import pytest
from conftest import book_pages, explorer_pages
from figures import bring_to_life, figure, press, put, value
from jointaction import load
from jointaction.explorers import EXPLORERS, explorer
from playwright.sync_api import Page, expect
from settings import MOVING

SIZES = {"phone": (390, 700), "projector": (1280, 720), "laptop": (1366, 768)}


def sized(open_figure, name: str, width: int, height: int, query: str = "", **options: object) -> Page:
    page = open_figure(name, query=query, **options)
    page.set_viewport_size({"width": width, "height": height})
    return page


# Seen together ----------------------------------------------------------------------------------------------

# Scrolled so that the chart's foot is just over the bar, or its head under the page's own bar: the boxes of what
# has to be seen, and of the screen that is left for it.
LOOK = """(bar) => {
  const f = document.querySelector('figure.explorer'), lead = f.querySelector('.ja-lead');
  const chart = f.querySelector('.ja-panel .ja-chart'), box = (e) => e.getBoundingClientRect();
  scrollBy(0, box(f.querySelector('.ja-panel')).top - bar);
  const sticks = getComputedStyle(lead).position === 'sticky';
  const foot = sticks ? box(lead).top : innerHeight;
  const parts = [...lead.querySelectorAll('output, input[type=range], select, input[type=checkbox]')];
  return { over: box(chart).bottom - foot, head: box(chart).top - bar,
           lead: parts.map((e) => [e.name, box(e).top - (sticks ? 0 : bar), innerHeight - box(e).bottom]) };
}"""


@pytest.mark.parametrize("size", SIZES)
def test_lead_control_readouts_and_chart_fit_one_look(size: str, open_figure) -> None:
    missed = []
    for name in MOVING:
        page = sized(open_figure, name, *SIZES[size], has_touch=size == "phone")
        bring_to_life(page, name)
        seen = page.evaluate(LOOK, 56 if size == "phone" else 48)
        missed += [f"{name}: the chart's foot is {seen['over']:.0f} px too low"] if seen["over"] > 0.5 else []
        missed += [f"{name}: {part} is out of sight" for part, above, below in seen["lead"] if min(above, below) < 0]
        kind = EXPLORERS[name]
        assert {kind.lead_control, *kind.lead_readouts} <= {part for part, *_ in seen["lead"]}
        page.context.close()
    assert missed == []


@pytest.mark.parametrize("name", MOVING)
def test_nothing_to_touch_is_smaller_than_24_pixels(name: str, open_figure) -> None:
    page = sized(open_figure, name, 390, 700, has_touch=True)
    bring_to_life(page, name)
    small = page.evaluate("""() => [...document.querySelectorAll('figure :is(button, input, select, summary)')]
      .filter((e) => e.checkVisibility()).map((e) => [e.name || e.textContent.slice(0, 30), e.getBoundingClientRect()])
      .filter(([, box]) => Math.min(box.width, box.height) < 24).map(([name]) => name)""")
    assert small == []


@pytest.mark.parametrize("mode", ["light", "phone"])
def test_a_drawing_takes_the_place_of_its_still(mode: str, open_figure) -> None:
    """The same letters stand where they stood, to two pixels."""
    where = """(kind) => Object.fromEntries([...document.querySelectorAll(`.ja-panel ${kind} svg .mark-text text`)]
      .filter((e) => e.checkVisibility({ visibilityProperty: true }) && /^[A-Z]{2}$/.test(e.textContent))
      .map((e) => { const b = e.getBoundingClientRect(); return [e.textContent, [(b.left + b.right) / 2 + scrollX, b.bottom + scrollY]]; }))"""
    page = open_figure("matching-ratio", mode)
    before = page.evaluate(where, ".ja-still")
    bring_to_life(page)
    page.wait_for_timeout(100)
    after = page.evaluate(where, ".ja-live")
    assert len(before) == 31 and set(after) == set(before)
    moved = {code: (after[code][0] - x, after[code][1] - y) for code, (x, y) in before.items()}
    assert all(abs(dx) < 2 and abs(dy) < 3 for dx, dy in moved.values()), moved


# Letters that leave their chart, stand on one another or are too small to read. The letters of two fonts differ a
# little, hence a few pixels of grace.
FAULTS = """(kind) => [...document.querySelectorAll('figure .ja-chart')].filter((c) => c.checkVisibility()).flatMap((chart) => {
  const box = chart.getBoundingClientRect(), panel = chart.closest('[data-panel]').dataset.panel, wrong = [];
  const drawn = [...chart.querySelectorAll(`${kind} svg`)].find((s) => s.getBoundingClientRect().width);
  if (!drawn) return wrong;
  const texts = [...drawn.querySelectorAll('text')].filter((t) => t.textContent.trim() && t.getAttribute('opacity') !== '0');
  const all = texts.map((text) => ({ text: text.textContent, ...text.getBoundingClientRect().toJSON(),
    size: parseFloat(getComputedStyle(text).fontSize) * Math.hypot(text.getScreenCTM().a, text.getScreenCTM().b) }));
  for (const [i, a] of all.entries()) {
    if (a.left < box.left - 8 || a.right > box.right + 8) wrong.push(`${panel}: “${a.text}” leaves its chart`);
    if (a.size < 8.5) wrong.push(`${panel}: “${a.text}” is ${a.size.toFixed(1)} px small`);
    for (const b of all.slice(i + 1)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left), down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 3 && down > 0.4 * Math.min(a.height, b.height)) wrong.push(`${panel}: “${a.text}” and “${b.text}” collide`);
    }
  }
  return wrong;
})"""


@pytest.mark.parametrize("size", SIZES)
def test_letters_keep_their_place(size: str, open_figure) -> None:
    wrong = []
    for name, kind in EXPLORERS.items():
        page = sized(open_figure, name, *SIZES[size], has_touch=size == "phone")
        if kind.controls:
            wrong += [f"{name}, still {fault}" for fault in page.evaluate(FAULTS, ".ja-still")]
            bring_to_life(page, name)
            page.wait_for_timeout(100)
        wrong += [f"{name} {fault}" for fault in page.evaluate(FAULTS, ".ja-live" if kind.controls else ".ja-still")]
        page.context.close()
    assert wrong == []


# Touch and typing -------------------------------------------------------------------------------------------


def finger(page: Page, *points: tuple[float, float]) -> None:
    """Put a finger down at the first point, move it through the others, and lift it."""
    session = page.context.new_cdp_session(page)
    for kind, (x, y) in zip(["touchStart", *["touchMove"] * (len(points) - 1)], points):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        page.wait_for_timeout(20)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(50)


def on_slider(page: Page, part: float) -> tuple[float, float]:
    box = figure(page).locator('input[name="matching_ratio"]').bounding_box()
    return box["x"] + part * box["width"], box["y"] + box["height"] / 2


def test_a_scroll_that_starts_on_a_slider_leaves_it(open_figure) -> None:
    page = sized(open_figure, "matching-ratio", 390, 700, has_touch=True)
    bring_to_life(page)
    page.evaluate("() => scrollTo(0, 200)")
    x, y = on_slider(page, 0.2)
    finger(page, (x, y), *[(x, y - 12 * step) for step in range(1, 16)])
    assert figure(page).locator('input[name="matching_ratio"]').input_value() == "1"
    assert (value(page, "pool"), page.evaluate("() => scrollY > 250")) == ("42", True)


def test_a_tap_and_a_sideways_drag_move_a_slider(open_figure) -> None:
    page = sized(open_figure, "matching-ratio", 390, 700, has_touch=True)
    bring_to_life(page)
    finger(page, on_slider(page, 0.25))
    assert abs(float(figure(page).locator('input[name="matching_ratio"]').input_value()) - 0.5) <= 0.1
    finger(page, *[on_slider(page, 0.25 + 0.05 * step) for step in range(11)])
    assert abs(float(figure(page).locator('input[name="matching_ratio"]').input_value()) - 1.5) <= 0.1


def test_a_number_can_be_typed_to_the_last_digit(open_figure) -> None:
    page = open_figure("matching-ratio")
    bring_to_life(page)
    field = figure(page).locator('[data-for="matching_ratio"]')
    field.fill("0.7898")
    field.press("Enter")
    assert float(value(page, "pool")) == explorer("matching-ratio").results(matching_ratio=0.7898)["pool"]
    field.press("ArrowUp")
    assert figure(page).locator('input[name="matching_ratio"]').input_value() == "0.85"
    field.fill("7")
    field.press("Tab")
    expect(figure(page).locator(".ja-status")).to_contain_text("7 became 2")
    field.fill("")
    field.press("Enter")
    expect(figure(page).locator(".ja-status")).to_contain_text("is a number from 0 to 2")
    assert field.input_value() == "2.00"


# Presets, links, files --------------------------------------------------------------------------------------


def test_a_preset_changes_what_it_names(open_figure) -> None:
    page = open_figure("matching-ratio", query="?matching-ratio.matching_ratio=0.5&matching-ratio.province=Guangdong")
    expect(figure(page)).to_have_attribute("data-state", "live")
    assert figure(page).locator('[data-preset="2021"]').get_attribute("aria-pressed") == "true"
    figure(page).locator('[data-preset="technology"]').click()
    assert figure(page).locator('select[name="province"]').input_value() == "Guangdong"
    wanted = explorer("matching-ratio").results(matching_ratio=0.5, agricultural_focus=0.0)
    assert value(page, "joining") == str(wanted["joining"])
    expect(figure(page).locator(".ja-followed")).to_contain_text("Guangdong")
    expect(figure(page).locator(".ja-followed")).to_contain_text("Leaves above ratio")


def test_the_preset_in_force_is_pressed_from_the_start(open_figure) -> None:
    page = open_figure("matching-ratio")
    assert figure(page).locator('[data-preset="2022"]').get_attribute("aria-pressed") == "true"
    assert figure(page).locator('[data-preset="2021"]').get_attribute("aria-pressed") == "false"


def copied(page: Page, action: str, name: str = "matching-ratio") -> str:
    press(page, action, name)
    expect(figure(page, name).locator(".ja-status")).to_contain_text("copied")
    return page.evaluate("() => navigator.clipboard.readText()")


def test_a_link_is_short_and_knows_its_version(open_figure) -> None:
    page = open_figure("matching-ratio", permissions=["clipboard-read", "clipboard-write"])
    bring_to_life(page)
    put(page, "matching-ratio", {"matching_ratio": 0.5})
    link = copied(page, "copy-link")
    assert re.search(r"\?matching-ratio=\w{3},matching_ratio:0\.5$", link)
    old = page.context.new_page()
    old.goto(re.sub(r"=\w+,", "=old,", link))
    expect(figure(old).locator(".ja-status")).to_contain_text("have changed since the link was made")
    assert value(old, "joining") == "25"


def test_embed_and_cite(open_figure) -> None:
    page = open_figure("matching-ratio", permissions=["clipboard-read", "clipboard-write"])
    bring_to_life(page)
    put(page, "matching-ratio", {"matching_ratio": 0.5})
    frame = copied(page, "embed")
    assert frame.startswith("<iframe") and "figures/matching-ratio.html?" in frame and "matching_ratio:0.5" in frame
    cited = copied(page, "cite")
    assert "@incollection{matching-ratio" in cited and "Matching ratio: 0.5" in cited and "matching_ratio:0.5" in cited


def test_files_say_what_they_are(open_figure, tmp_path: Path) -> None:
    page = open_figure("matching-ratio", query="?matching-ratio.matching_ratio=0.5")
    expect(figure(page)).to_have_attribute("data-state", "live")
    with page.expect_download() as download:
        press(page, "download-csv")
    raw = Path(download.value.path()).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    about = " ".join(row[0] for row in rows if row[0].startswith("# "))
    assert EXPLORERS["matching-ratio"].title in about and "Matching ratio: 0.5" in about and "Data: " in about
    table = [row for row in rows if not row[0].startswith("# ")]
    assert len(table) == 32 and sum("joins" in row for row in table) == 25
    back = load(shutil.copy(download.value.path(), tmp_path / "matching-ratio.csv"))
    assert EXPLORERS["matching-ratio"].title in back.attrs["about"]
    mine, theirs = back["Fit"], explorer("matching-ratio").evaluate(matching_ratio=0.5).tables["provinces"]["fit"]
    assert back["Province"].tolist()[:2] == ["Anhui", "Beijing"] and abs(mine - theirs).max() < 1e-12
    downloads = []
    page.on("download", lambda each: downloads.append(each))
    with page.expect_download() as download:
        press(page, "download-svg")
    picture = Path(download.value.path()).read_text(encoding="utf-8")
    assert picture.count("<svg ") == 4 and "var(" not in picture and "Matching ratio: 0.5" in picture
    page.wait_for_timeout(300)
    assert len(downloads) == 1


# In front of a class ----------------------------------------------------------------------------------------

STAGE = """() => {
  const f = document.querySelector('figure.ja-present'), seen = (e) => e.checkVisibility() && e.getBoundingClientRect();
  const inside = (b) => b.left > -1 && b.top > -1 && b.right < innerWidth + 1 && b.bottom < innerHeight + 1;
  const parts = [...f.querySelectorAll('.ja-presets button, .ja-lead output, .ja-lead [name], .ja-chart')].filter(seen);
  const letters = [...f.querySelectorAll('.ja-live text')].filter((t) => t.textContent.trim() && seen(t)).map((t) =>
    parseFloat(getComputedStyle(t).fontSize) * Math.hypot(t.getScreenCTM().a, t.getScreenCTM().b));
  return { out: parts.filter((e) => !inside(e.getBoundingClientRect())).map((e) => e.className || e.name || e.textContent),
           charts: [...f.querySelectorAll('.ja-live')].filter(seen).length, letters: Math.min(...letters),
           numbers: Math.min(...[...f.querySelectorAll('.ja-lead .ja-readout:not(.ja-words) output')].map((o) => parseFloat(getComputedStyle(o).fontSize))) };
}"""


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (800, 600)], ids=str)
def test_presented_on_one_screen(size: tuple[int, int], open_figure) -> None:
    wrong = []
    for name in MOVING:
        page = sized(open_figure, name, *size, query=f"?present={name}")
        expect(figure(page, name)).to_have_attribute("data-state", "live")
        page.wait_for_timeout(150)
        following = figure(page, name).locator('[data-action="next-chart"]')
        for _ in range(max(1, len(explorer(name).drawings()) - 1)):
            wrong += [f"{name} {fault}" for fault in page.evaluate(FAULTS, ".ja-live")]
            if following.count():
                following.click()
                page.wait_for_timeout(100)
        seen = page.evaluate(STAGE)
        wrong += [f"{name}: {part!r} is off the screen" for part in seen["out"]]
        wrong += [f"{name}: no chart"] if not seen["charts"] else []
        least = 18 * min(size[1] / 720, size[0] / 1100)
        wrong += [f"{name}: letters of {seen['letters']:.1f} px"] if seen["letters"] < least - 0.6 else []
        wrong += [f"{name}: numbers of {seen['numbers']:.1f} px"] if seen["numbers"] < 21.9 else []
        page.context.close()
    assert wrong == []


def test_present_by_keyboard_and_back(open_figure) -> None:
    page = sized(open_figure, "matching-ratio", 1280, 720)
    bring_to_life(page)
    figure(page).locator('[data-action="present"]').click()
    expect(figure(page)).to_have_class(re.compile("ja-present"))
    page.wait_for_timeout(200)
    page.keyboard.press("ArrowRight")
    assert float(value(page, "pool")) == explorer("matching-ratio").results(matching_ratio=1.05)["pool"]
    page.keyboard.press("Escape")
    expect(figure(page)).not_to_have_class(re.compile("ja-present"))


# Alone ------------------------------------------------------------------------------------------------------


def test_each_figure_alone_from_a_folder(visit, site: Path) -> None:
    for name in EXPLORERS:
        file = site / "figures" / f"{name}.html"
        lead = EXPLORERS[name].lead_control
        page = visit(file.as_uri())
        if lead:
            bring_to_life(page, name)
            assert figure(page, name).locator(".ja-live svg").count()
        page.context.close()
    page = visit((site / "figures/matching-ratio.html").as_uri() + "?matching-ratio.matching_ratio=0.5")
    expect(figure(page).locator('output[name="joining"]')).to_have_text("25")


def test_alone_in_a_frame_without_storage(open_page, server: str) -> None:
    page = open_page("figures/index.html")
    source = f"{server}/figures/matching-ratio.html?matching-ratio.matching_ratio=0.5"
    page.set_content(f'<iframe sandbox="allow-scripts" src="{source}" width="800" height="600"></iframe>')
    frame = page.frame_locator("iframe")
    expect(frame.locator('output[name="joining"]')).to_have_text("25")
    frame.locator('[data-preset="2022"]').click()
    expect(frame.locator('output[name="joining"]')).to_have_text("21")


def test_a_page_lists_all_figures(open_page, site: Path) -> None:
    page = open_page("figures/index.html")
    assert page.locator(".ja-gallery a:has(strong)").count() == len(explorer_pages(site))


# Paper, themes, other browsers -------------------------------------------------------------------------------


def test_paper_shows_the_reader_s_scenario(open_figure) -> None:
    page = open_figure("matching-ratio", "dark", query="?matching-ratio.matching_ratio=0.5")
    expect(figure(page)).to_have_attribute("data-state", "live")
    page.wait_for_timeout(100)
    page.emulate_media(media="print")
    note = figure(page).locator(".ja-print-note")
    expect(note).to_be_visible()
    expect(note).to_contain_text("Matching ratio: 0.5")
    assert figure(page).locator(".ja-live svg:visible").count() == 3
    assert figure(page).locator('output[name="joining"]').text_content() == "25"
    paper = "getComputedStyle(document.querySelector('figure')).getPropertyValue('--ja-paper').trim()"
    assert page.evaluate(f"() => {paper}") == "#ffffff"


def test_a_contrast_theme_leaves_charts_their_ground(open_figure) -> None:
    page = open_figure("matching-ratio", forced_colors="active")
    bring_to_life(page)
    style = "(s) => { const c = getComputedStyle(document.querySelector(s)); return [c.forcedColorAdjust, c.backgroundColor, c.borderTopWidth]; }"
    adjust, ground, _ = page.evaluate(style, ".ja-chart")
    assert adjust == "none" and ground == "rgb(255, 255, 255)"
    assert page.evaluate(style, '[data-preset="2022"]')[2] == "3px"


def test_no_rule_needs_has() -> None:
    """A browser without :has() must still show one drawing, not two: no rule that a figure rests on uses it."""
    from jointaction.faces.page import ASSETS

    css = (ASSETS / "figure.css").read_text(encoding="utf-8")
    selectors = [line for line in css.splitlines() if ":has(" in line]
    assert all(".ja-present" in line for line in selectors), selectors


@pytest.mark.parametrize("name", MOVING)
def test_large_letters_and_right_to_left_fit(name: str, open_figure) -> None:
    page = sized(open_figure, name, 390, 700)
    bring_to_life(page, name)
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; document.documentElement.dir = 'rtl'; }")
    page.wait_for_timeout(100)
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    slider = figure(page, name).locator("input[type=range]").first
    if slider.count():
        before = float(slider.input_value())
        slider.press("ArrowLeft")
        assert float(slider.input_value()) <= before


def test_predictions_are_kept_for_the_visit(open_page, site: Path) -> None:
    """Every chapter with a prediction keeps it and shows it beside the answer."""
    found = 0
    for path in book_pages(site):
        text = path.read_text(encoding="utf-8")
        names = re.findall(r'<form class="ja-predict" data-predict="([\w-]+)"', text)
        for name in names:
            page = open_page(path.relative_to(site).as_posix())
            form, answer = page.locator(f'form[data-predict="{name}"]'), page.locator(f'div[data-predict="{name}"]')
            expect(answer.locator(".ja-yours")).to_have_text("none yet")
            options = form.locator("input[type=radio]")
            if options.count():
                options.last.check()
                wanted = options.last.get_attribute("value")
            else:
                field = form.locator("input[type=number]")
                wanted = field.get_attribute("max")
                field.fill(wanted)
            form.locator("button").click()
            expect(answer.locator(".ja-yours")).to_contain_text(wanted)
            page.reload()
            expect(page.locator(f'div[data-predict="{name}"] .ja-yours')).to_contain_text(wanted)
            page.context.close()
            found += 1
    assert found >= 6


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_what_the_browser_draws_follows_the_page(mode: str, open_figure) -> None:
    page = open_figure("delegation", mode)
    page.evaluate("(mode) => { document.documentElement.dataset.theme = mode; }", mode)
    box = figure(page, "delegation").locator("input[type=checkbox]")
    assert ("dark" in box.evaluate("(e) => getComputedStyle(e).colorScheme")) == (mode == "dark")
