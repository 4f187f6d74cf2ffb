"""How fast the figures answer in a real JupyterLab and Notebook 7, beside the usual way to make a notebook move."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

from apps import APPS, LIVE, Server, choose, finished, open_notebook, serve_notebooks
from jointaction.explorers import EXPLORERS, explorer
from jointaction.faces.controls import Choice, Range
from playwright.sync_api import Browser, Locator, Page, TimeoutError

MOVES = 100
MOVES_USUAL = 30  # each takes several times as long

# Read anew at each run, so that one notebook and one kernel serve for every figure.
CELLS = (
    """
from pathlib import Path
from IPython.display import display
from ipywidgets import FloatSlider, SelectionSlider, interact
from jointaction import explorer
from jointaction.explorers import EXPLORERS
from jointaction.faces.controls import Range

name = Path("name.txt").read_text()
""",
    "explorer(name)",
    """
# The usual way: a slider calls a function that computes anew and returns its charts with their data.
kind = EXPLORERS[name]
lead = next(control for control in kind.controls if control.name == kind.lead_control)

def draw(value):
    display({"application/vnd.vegalite.v5+json": kind({lead.name: value}).still()}, raw=True)

if isinstance(lead, Range):
    p = lead.parameter
    widget = FloatSlider(p.default, min=p.low, max=p.high, step=p.step)
else:
    widget = SelectionSlider(options=list(lead.options), value=lead.default)
interact(draw, value=widget);
""",
)

# From the time stamp of a key to the first drawing after it.
CLOCK = """([place, event, drawn]) => {
  const clock = (globalThis.clock = { times: [], start: null });
  const stop = () => {
    if (clock.start === null) return;
    clock.times.push(performance.now() - clock.start);
    clock.start = null;
  };
  addEventListener("keydown", (e) => { clock.start = e.timeStamp; }, { capture: true });
  if (event) { place.addEventListener(event, stop); return; }
  const seen = new WeakSet(place.querySelectorAll(drawn));
  new MutationObserver(() => {
    const fresh = [...place.querySelectorAll(drawn)].filter((element) => !seen.has(element));
    fresh.forEach((element) => seen.add(element));
    if (fresh.length) stop();
  }).observe(place, { childList: true, subtree: true });
}"""


def measure_notebooks(browser: Browser, names: list[str]) -> None:
    """Print a table of the times of these figures."""
    print(f"A move of the lead control, in milliseconds: median / 95 % (load of the machine {os.getloadavg()[0]:.1f})")
    print(
        f"{'':<28}{'Python’s part':>16}" + "".join(f"{app:>18}{'usual way':>18}{'times as fast':>15}" for app in APPS)
    )
    python = {name: in_process(name) for name in names}
    with tempfile.TemporaryDirectory() as folder, serve_notebooks(Path(folder)) as server:
        times = {app: in_app(browser, server, app, names) for app in APPS}
    all_of: dict[str, list[float]] = {}
    for name in names:
        row = f"{name:<28}{told(python[name]):>16}"
        for app in APPS:
            ours, usual = times[app][name]
            all_of[app] = all_of.get(app, []) + ours
            row += f"{told(ours):>18}{told(usual):>18}{ratio(usual, ours):>15.1f}"
        print(row)
    print(f"{'all':<28}{'':>16}" + "".join(f"{told(all_of[app]):>18}{'':>33}" for app in APPS))


def ratio(usual: list[float], ours: list[float]) -> float:
    """How many times as fast a figure is; not a number where either has no times."""
    return statistics.median(usual) / statistics.median(ours) if usual and ours else float("nan")


def told(times: list[float]) -> str:
    if not times:
        return "none"
    times = sorted(times)
    return f"{statistics.median(times):.0f} / {times[int(0.95 * len(times))]:.0f}"


def in_process(name: str) -> list[float]:
    """Python's part: computing a move and packing what changed, without a browser."""
    figure = explorer(name)
    figure._repr_mimebundle_()  # shows it, to a comm that leads nowhere
    times = []
    for value in walk(name):
        start = time.perf_counter()
        figure.set_state({lead_of(name).name: value})
        times.append((time.perf_counter() - start) * 1000)
    return times


def lead_of(name: str) -> Range | Choice:
    return next(control for control in EXPLORERS[name].controls if control.name == EXPLORERS[name].lead_control)


def walk(name: str) -> list:
    """Values of the lead control, one step apart, up and down its range."""
    lead = lead_of(name)
    if not isinstance(lead, Range):
        values = list(lead.options)
    else:
        p = lead.parameter
        values = [min(p.high, round(p.low + i * p.step, 12)) for i in range(int((p.high - p.low) / p.step) + 1)]
    there_and_back = values + values[-2:0:-1]
    return (there_and_back * MOVES)[:MOVES]


def in_app(browser: Browser, server: Server, app: str, names: list[str]) -> dict[str, tuple[list[float], list[float]]]:
    """Times of the figure and of the usual way for each name, in one notebook of an application."""
    path, measured = server.write("bench.ipynb", *CELLS), {}
    with server.kernel(path):
        page = open_notebook(browser, server, path, app)
        for name in names:
            (server.folder / "name.txt").write_text(name)
            page.locator(LIVE).evaluate_all("(old) => old.forEach((figure) => figure.removeAttribute('data-state'))")
            choose(page, "Run", "Run All Cells")
            finished(page, 1)
            figure = page.locator(LIVE)
            usual = page.locator(".jp-OutputArea:has(.widget-interact)").first
            usual.locator("canvas, svg.marks").first.wait_for(timeout=60_000)
            page.wait_for_timeout(1500)
            lead = lead_of(name)
            ours = moves(page, figure, figure.locator(f'[name="{lead.name}"]:not(output)'), lead, MOVES, "ja-painted")
            handle = usual.locator(".noUi-handle").first
            measured[name] = ours, moves(page, usual, handle, lead, MOVES_USUAL)
        page.close()
    return measured


def moves(
    page: Page, place: Locator, handle: Locator, lead: Range | Choice, count: int, event: str = ""
) -> list[float]:
    """Move a control by the keyboard, up and down, and wait for each drawing."""
    place.evaluate(f"(place, [event, drawn]) => ({CLOCK})([place, event, drawn])", [event, "canvas, svg.marks"])
    handle.focus()
    if isinstance(lead, Range):
        steps = int((lead.parameter.high - lead.parameter.low) / lead.parameter.step)
        room = steps - round((lead.default - lead.parameter.low) / lead.parameter.step)
    else:
        steps = len(lead.options) - 1
        room = steps - list(lead.options).index(lead.default)
    keys, missed = (("ArrowDown", "ArrowUp") if isinstance(lead, Choice) else ("ArrowRight", "ArrowLeft")), 0
    if not event:  # Notebook 7 takes the arrow keys from the usual way's slider
        keys, steps, room = ("PageUp", "PageDown"), 1, 1
    while len(page.evaluate("clock.times")) < count and missed < 5:
        if not room:
            room, keys = steps, keys[::-1]
        number, room = page.evaluate("clock.times.length"), room - 1
        handle.press(keys[0])
        try:
            page.wait_for_function("(number) => clock.times.length > number", arg=number, timeout=5_000)
        except TimeoutError:  # the control stood at its end
            room, keys, missed = steps, keys[::-1], missed + 1
    return page.evaluate("clock.times")
