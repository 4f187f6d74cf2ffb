"""Measure, and print: build times, page weight on the wire, and how fast figures answer. Asserts nothing."""

from __future__ import annotations

import gzip
import statistics
import tempfile
import time
from pathlib import Path

from conftest import CHROMIUM, FLAGS, ROOT, build_book
from figures import serve
from playwright.sync_api import sync_playwright

MOVE = """(count) => {
  const figure = document.querySelector("figure.explorer:has(input[type=range])"), input = figure.querySelector("input[type=range]");
  const times = [];
  for (let i = 0; i < count; i += 1) {
    input.value = String(Number(input.min) + (Number(input.max) - Number(input.min)) * i / count);
    const start = performance.now();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    figure.explorer.paint();
    times.push(performance.now() - start);
  }
  return times;
}"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        for label in ("cold build", "second build, nothing changed"):
            start = time.perf_counter()
            assert build_book(ROOT, out).returncode == 0
            print(f"{label:<34}{time.perf_counter() - start:8.1f} s")
        site = out / "_build" / "html"
        with serve(site) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for path in sorted(site.glob("book/**/*.html")):
                measure(browser, f"{address}/", site, path.relative_to(site).as_posix())
            browser.close()


def measure(browser, address: str, site: Path, path: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    names: list[str] = []
    page.on("request", lambda request: names.append(request.url.removeprefix(address).split("?")[0]))
    page.goto(address + path)
    weight = sum(len(gzip.compress((site / name).read_bytes())) for name in set(names) if (site / name).is_file())
    line = f"{path:<48}{weight / 1000:7.0f} kB"
    if page.locator("figure.explorer input[type=range]").count():
        start = time.perf_counter()
        page.locator("figure.explorer input[type=range]").first.focus()
        page.wait_for_selector('figure.explorer[data-state="live"]:has(input[type=range])')
        alive = (time.perf_counter() - start) * 1000
        times = sorted(page.evaluate(MOVE, 200))
        line += f"   alive after {alive:4.0f} ms, a move {statistics.median(times):4.1f} ms, 95 % {times[190]:5.1f} ms"
    print(line)
    page.close()


if __name__ == "__main__":
    main()
