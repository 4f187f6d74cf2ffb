"""Measure, and print: build times, page weight on the wire, and how fast figures answer. Asserts nothing.

With the word ``figures``, and names of figures if only some are wanted, only the figures are measured; with the
word ``notebooks`` only the figures in JupyterLab and Notebook 7; with the word ``pages`` only the build and the pages,
and with ``every`` after it Lighthouse judges every page.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmark_notebooks import measure_notebooks
from benchmark_pages import measure_pages, zipped
from conftest import CHROMIUM, FLAGS, ROOT, build_book
from figures import serve, write_assets, write_figure
from jointaction.explorers import EXPLORERS
from playwright.sync_api import Browser, sync_playwright
from settings import MOVING

MOVES = 100
SLOW = 4  # how many times slower a cheap phone is than this machine

# From the first sign of intent to a figure that answers, in milliseconds.
WAKE = """(lead) => new Promise((done) => {
  const figure = document.querySelector("figure.explorer"), start = performance.now();
  figure.addEventListener("ja-painted", () => done(performance.now() - start), { once: true });
  figure.querySelector(`[name="${lead}"]:not(output)`).focus();
})"""

# Moves of the lead control at any time within a frame of the screen; from each to the end of its drawing.
MOVE = """async ([lead, count]) => {
  const figure = document.querySelector("figure.explorer"), input = figure.querySelector(`[name="${lead}"]:not(output)`);
  const times = [];
  for (let i = 1; i <= count; i += 1) {
    await new Promise((next) => setTimeout(next, 20 + 17 * Math.random()));
    if (input.type === "checkbox") input.checked = !input.checked;
    else if (input.tagName === "SELECT") input.selectedIndex = (input.selectedIndex + 1) % input.length;
    else {
      const low = Number(input.min), high = Number(input.max);
      input.value = String(low + (high - low) * ((i * 37) % count) / count);
    }
    const start = performance.now();
    const painted = new Promise((done) => figure.addEventListener("ja-painted", done, { once: true }));
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await painted;
    times.push(performance.now() - start);
  }
  return times;
}"""


def main() -> None:
    names = [name for name in MOVING if name in sys.argv[2:]] or MOVING
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        only = sys.argv[1] if sys.argv[1:] else ""
        if only in ("", "pages"):
            measure_book(browser, Path(folder) / "book")
        if only in ("", "figures"):
            measure_figures(browser, Path(folder) / "figures", names)
        if only in ("", "notebooks"):
            measure_notebooks(browser, names)
        browser.close()


def measure_book(browser: Browser, out: Path) -> None:
    """Build twice, then look at the pages."""
    for label in ("cold build", "second build, nothing changed"):
        start = time.perf_counter()
        assert build_book(ROOT, out).returncode == 0
        print(f"{label:<34}{time.perf_counter() - start:8.1f} s")
    measure_pages(browser, out / "_build" / "html", every="every" in sys.argv[2:])


def measure_figures(browser: Browser, folder: Path, names: list[str]) -> None:
    """Wake each figure and move its lead control, at this machine's speed and slowed."""
    folder.mkdir()
    write_assets(folder)
    print(f"\nThe charts library weighs {zipped(folder / 'charts.js') / 1000:.0f} kB, zipped.")
    print(f"Milliseconds from a move to the end of its drawing ({MOVES} moves), and from the first touch to life;")
    print(f"on the right with the processor slowed {SLOW} times.\n")
    head = f"{'median':>8}{'95 %':>7}{'alive':>7}"
    print(f"{'figure':<28}{head}   {head}")
    with serve(folder) as address:
        for name in names:
            fast, slow = (_figure(browser, f"{address}/{write_figure(folder, name)}", name, n) for n in (1, SLOW))
            print(f"{name:<28}{fast}   {slow}", flush=True)


def _figure(browser: Browser, address: str, name: str, slower: int) -> str:
    page, lead = browser.new_page(viewport={"width": 390, "height": 844}), EXPLORERS[name].lead_control
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(address)
    page.wait_for_timeout(200)
    alive = page.evaluate(WAKE, lead)
    times = page.evaluate(MOVE, [lead, MOVES])
    page.close()
    high = statistics.quantiles(times, n=20, method="inclusive")[-1]
    return f"{statistics.median(times):8.1f}{high:7.1f}{alive:7.0f}"


if __name__ == "__main__":
    main()
