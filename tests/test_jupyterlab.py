"""The chapters in a real JupyterLab and a real Notebook 7: run them, move their figures, read what changed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from apps import APPS, LIVE, WAIT, Server, agrees, choose, finished, open_notebook, results, run_all, serve_notebooks
from chapters import Page as Chapter
from chapters import read
from jointaction.explorers import EXPLORERS, explorer
from jointaction.faces.controls import Range
from jointaction.faces.live import FIGURE_MIME
from jointaction.site.contents import notebooks
from jointaction.site.entries import entries
from playwright.sync_api import Browser, Locator, Page, expect

# What jupyterlab-myst shows of Markdown that it does not understand.
RAW = re.compile(r"```|:::|\{[a-z][\w:-]*\}|:class:|\]\(")
WORDS = """(cells) => cells.map((cell) => {
  const words = cell.cloneNode(true);
  words.querySelectorAll(".katex").forEach((formula) => formula.remove()); // its source has braces of its own
  return words.textContent;
})"""
# Keys that move a control from its start value, tried until one of them changes a read-out.
KEYS = {True: ("ArrowRight", "PageUp", "End", "Home"), False: ("ArrowDown", "ArrowUp", "End", "Home")}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve_notebooks(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture(scope="module", params=notebooks(), ids=lambda path: path.stem)
def chapter(request: pytest.FixtureRequest, server: Server) -> Iterator[Chapter]:
    """A chapter whose kernel runs for the tests of this chapter."""
    chapter = read(request.param)
    with server.kernel(chapter.name):
        yield chapter


def figures(chapter: Chapter) -> list[tuple[dict, str]]:
    """Name and start values of each figure of a chapter, and what Python printed of it."""
    outputs = [out.data for cell in chapter.code for out in cell.outputs if "data" in out]
    return [(data[FIGURE_MIME], data["text/plain"]) for data in outputs if FIGURE_MIME in data]


@pytest.mark.parametrize("app", APPS)
def test_chapter(browser: Browser, server: Server, chapter: Chapter, app: str) -> None:
    """No raw markup, no error, every figure alive with Python's numbers, and its lead control moves it."""
    page = open_notebook(browser, server, chapter.name, app)
    prose = [cell for cell in chapter.notebook.cells if cell.cell_type == "markdown"]
    rendered = page.locator(".jp-MarkdownCell .myst:has(p, li, h1, h2, h3, aside)")
    expect(rendered).to_have_count(len(prose), timeout=60_000)
    shown = " ".join(rendered.evaluate_all(WORDS))
    assert RAW.search(shown) is None, RAW.search(shown)

    there = figures(chapter)
    run_all(page, len(there))
    wrong = page.locator(
        '[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]'
    )
    assert wrong.all_text_contents() == []
    for place, (figure, printed) in enumerate(there):
        live, name = page.locator(LIVE).nth(place), figure["name"]
        assert live.get_attribute("id").startswith(f"explorer-{name}-")
        if "changed" in figure:  # by functions that only the cell knows
            expect(live.locator(".ja-changed")).to_have_text(figure["changed"])
            for readout in EXPLORERS[name].readouts:
                shown = live.locator(f'output[name="{readout.name}"]').text_content()
                assert f"{readout.label}: {shown} {readout.unit}".rstrip() in map(str.strip, printed.splitlines())
            continue
        agrees(live, results(name, **figure["start"]))
        if EXPLORERS[name].controls:
            move(live, name, figure["start"])
    assert page.noise == []
    page.close()


def move(live: Locator, name: str, start: dict) -> None:
    """Move the lead control by the keyboard until a read-out changes or, where none does, a charted table."""
    lead = next(control for control in EXPLORERS[name].controls if control.name == EXPLORERS[name].lead_control)
    before, drawn, tried = explorer(name).evaluate(**start), drawing(live), []
    for key in KEYS[isinstance(lead, Range)]:
        element = live.locator(f'[name="{lead.name}"]:not(output)')
        element.press(key)
        tried.append(element.input_value())
        value = float(tried[-1]) if isinstance(lead, Range) else tried[-1]
        agrees(live, results(name, **{**start, lead.name: value}))
        after = explorer(name).evaluate(**{**start, lead.name: value})
        if any(after.steps[readout.name] != before.steps[readout.name] for readout in EXPLORERS[name].readouts):
            return
        if any(not after.tables[table].equals(before.tables[table]) for table in before.tables):
            while drawing(live) == drawn:
                live.page.wait_for_timeout(50)
            return
    assert len(set(tried)) > 1, f"No key moves the lead control of {name}."  # what it changes comes with later moves


def drawing(live: Locator) -> str:
    """A figure's drawings and its table, once what was asked for has been painted."""
    live.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)))")
    return live.evaluate("(f) => [...f.querySelectorAll('.ja-live, .ja-data tbody')].map((d) => d.innerHTML).join()")


@pytest.mark.parametrize("app", APPS)
def test_the_link_of_a_number_leads_to_its_entry(browser: Browser, server: Server, app: str) -> None:
    page = open_notebook(browser, server, "recentralization/joint-action.ipynb", app)
    link = page.locator('.jp-MarkdownCell a[href*="fact-"]').first
    name = re.search(r"fact-[\w.-]+\.md", link.get_attribute("href"))[0]
    viewer = ".jp-FileEditor, .jp-MarkdownViewer, body > pre"
    while not page.locator(viewer).count() and len(page.context.pages) == 1:
        link.click()  # until the application knows the link, a click only chooses its cell
        page.wait_for_timeout(2000)
    page = page.context.pages[-1]  # Notebook 7 opens a tab
    title = entries()[name].splitlines()[0].removeprefix("# ")
    expect(page.locator(viewer).last).to_contain_text(title, timeout=60_000)
    page.context.close()


# One widget, several views ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scratch(browser: Browser, server: Server) -> Iterator[Page]:
    """A notebook that shows one figure twice, run in JupyterLab."""
    path = server.write(
        "scratch.ipynb",
        'from jointaction import explorer\nfigure = explorer("matching-ratio")',
        "figure",
        "figure",
        "print(figure.matching_ratio, figure.pool)",
    )
    with server.kernel(path):
        page = open_notebook(browser, server, path)
        run_all(page, 2)
        yield page
        page.close()


def in_python(page: Page) -> str:
    """What the last cell prints when it is run: the ratio and the pool as Python has them."""
    cell = page.locator(".jp-CodeCell").last
    cell.locator(".cm-content").click()
    before = cell.locator(".jp-InputPrompt").inner_text()
    page.keyboard.press("Control+Enter")
    expect(cell.locator(".jp-InputPrompt")).to_have_text(
        re.compile(rf"\[(?!{before.strip('[]:')}\])\d+\]"), timeout=WAIT
    )
    return cell.locator(".jp-OutputArea-output").inner_text().strip()


def said(ratio: float) -> str:
    return f"{ratio} {results('matching-ratio', matching_ratio=ratio)['pool']}"


def ratio(figure: Locator) -> Locator:
    return figure.locator('input[name="matching_ratio"]')


def test_every_view_of_a_widget_follows(scratch: Page) -> None:
    page = scratch
    page.locator(".jp-OutputArea-output:has(figure.explorer)").first.click(button="right", position={"x": 5, "y": 5})
    page.get_by_role("menuitem", name="Create New View for Cell Output").click()
    views = page.locator('figure.explorer[data-state="live"]')
    expect(views).to_have_count(3, timeout=WAIT)
    for place, (moved, value) in enumerate([(0, 1.05), (1, 1.1), (2, 1.15)]):
        agrees(views.nth(place), results("matching-ratio", matching_ratio=round(value - 0.05, 2)))
        ratio(views.nth(moved)).press("ArrowRight")
        for view in views.all():
            agrees(view, results("matching-ratio", matching_ratio=value))
            expect(ratio(view)).to_have_value(f"{value}")
    assert in_python(page) == said(1.15)
    page.locator(".lm-TabBar-tab", has_text="Output View").locator(".lm-TabBar-tabCloseIcon").click()
    expect(views).to_have_count(2)
    assert page.noise == []


# How far the drawing of each chart reaches over the edges of its picture, in pixels.
OVER = """(figure) => [...figure.querySelectorAll(".ja-live svg")].map((svg) => {
  const edge = svg.getBoundingClientRect(), drawn = svg.querySelector("g").getBoundingClientRect();
  return Math.max(edge.left - drawn.left, drawn.right - edge.right, edge.top - drawn.top, drawn.bottom - edge.bottom);
})"""


def test_no_axis_or_legend_is_cut_off(scratch: Page) -> None:
    for figure in scratch.locator(LIVE).all():
        over = figure.evaluate(OVER)
        assert len(over) == 3 and max(over) <= 0, over


DRAG = """async (figure) => {
  const input = figure.querySelector('input[name="matching_ratio"]');
  for (let i = 0; i <= 100; i += 1) {
    input.value = String((2 * i) / 100 - (i === 100 ? 0.25 : 0));
    input.dispatchEvent(new Event("input", { bubbles: true }));
    if (i % 3 === 0) await new Promise((done) => setTimeout(done, 5));
  }
}"""


def test_a_fast_drag_ends_with_its_last_value(scratch: Page) -> None:
    figure = scratch.locator(LIVE).first
    figure.evaluate(DRAG)
    for view in scratch.locator(LIVE).all():
        agrees(view, results("matching-ratio", matching_ratio=1.75))
    assert in_python(scratch) == said(1.75)
    assert scratch.noise == []


# Nothing of a figure stays behind ---------------------------------------------------------------------------

# Everything that a figure consists of, held weakly.
REMEMBER = """() => {
  globalThis.held = globalThis.held || [];
  for (const figure of document.querySelectorAll("figure.explorer")) {
    for (const part of [figure, figure.explorer, figure.explorer.source, ...figure.explorer.views]) held.push(new WeakRef(part));
  }
}"""
LEFT = """() => {
  const shown = new Set();
  for (const figure of document.querySelectorAll("figure.explorer")) {
    for (const part of [figure, figure.explorer, figure.explorer.source, ...figure.explorer.views]) shown.add(part);
  }
  return held.map((ref) => ref.deref()).filter((part) => part && !shown.has(part)).map((part) => part.constructor.name);
}"""


def restart(page: Page, figures: int) -> None:
    """Restart the kernel, run all cells, and wait until so many new figures are alive in place of the old."""
    page.locator(LIVE).evaluate_all("(old) => old.forEach((figure) => figure.removeAttribute('data-state'))")
    choose(page, "Kernel", "Restart Kernel and Run All Cells…")
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    finished(page, figures)


def test_restarts_leave_right_numbers_and_nothing_behind(scratch: Page) -> None:
    page = scratch
    session = page.context.new_cdp_session(page)

    def nodes() -> int:
        for _ in range(3):
            session.send("HeapProfiler.collectGarbage")
        return session.send("Memory.getDOMCounters")["nodes"]

    counts = []
    for _ in range(3):
        page.evaluate(REMEMBER)
        restart(page, 2)
        for view in page.locator(LIVE).all():
            agrees(view, results("matching-ratio"))
        counts.append(nodes())
    assert page.evaluate(LEFT) == []
    assert counts[-1] < 1.05 * counts[0], counts
    assert page.noise == []


def test_a_change_of_the_model_shows_in_both_faces(monkeypatch: pytest.MonkeyPatch) -> None:
    from jointaction.models import matching_ratio

    before = explorer("matching-ratio").payload()
    monkeypatch.setattr(matching_ratio, "fit", lambda primary, rd, focus: 0 * primary)
    after = explorer("matching-ratio")
    assert after.results()["joining"] == 0
    assert after.payload()["signals"] != before["signals"]
    assert {row["outcome"] for row in after.still()["datasets"]["provinces"]} <= {"unwilling", "unable"}
