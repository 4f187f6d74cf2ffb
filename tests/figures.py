"""Figures in a browser: pages that hold one alone, and how a test moves and reads it."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

from jointaction.explorers import explorer
from jointaction.faces import page, theme
from playwright.sync_api import Locator, Page, expect

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A figure</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="figure.css"><script defer src="figure.js"></script></head>
<body><main><h1>A figure</h1>{figure}</main></body></html>
"""


def write_assets(folder: Path) -> None:
    """Write what the pages of all figures share."""
    style = theme.style_sheet() + (page.ASSETS / "figure.css").read_text(encoding="utf-8")
    (folder / "figure.css").write_text(style, encoding="utf-8")
    (folder / "figure.js").write_bytes((page.ASSETS / "figure.js").read_bytes())
    (folder / "charts.js").write_text(page.charts_script(), encoding="utf-8")
    (folder / "tools.js").write_text(page.tools_script(), encoding="utf-8")


def write_figure(folder: Path, name: str) -> str:
    """Write the page of one figure, unless it is there, and return the file's name."""
    file = folder / f"{name}.html"
    if not file.exists():
        file.write_text(PAGE.replace("{figure}", page.figure(explorer(name).payload())), encoding="utf-8")
    return file.name


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@contextlib.contextmanager
def serve(folder: Path, handler: type[Quiet] = Quiet) -> Iterator[str]:
    """Serve a folder on this machine and give its address."""
    answer = functools.partial(handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


SET = """([name, settings]) => {
  const figure = document.getElementById(`explorer-${name}`);
  return settings.map((setting) => {
    for (const [control, value] of Object.entries(setting)) {
      const input = figure.querySelector(`[name="${control}"]:not(output)`);
      if (input.type === "checkbox") input.checked = value; else input.value = String(value);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
    return Object.fromEntries([...figure.querySelectorAll("output")].map((o) => [o.name, o.dataset.value]));
  });
}"""


def figure(page: Page, name: str = "matching-ratio") -> Locator:
    return page.locator(f"#explorer-{name}")


def bring_to_life(page: Page, name: str = "matching-ratio") -> None:
    figure(page, name).locator("input, select").first.focus()
    expect(figure(page, name)).to_have_attribute("data-state", "live")


def put(page: Page, name: str, *settings: dict) -> list[dict[str, str]]:
    """Move controls as a reader's browser does, one setting after the other; the read-outs after each."""
    return page.evaluate(SET, [name, settings])


def press(page: Page, action: str, name: str = "matching-ratio") -> None:
    """Press a button under a figure, wherever it lies."""
    button = figure(page, name).locator(f'[data-action="{action}"]')
    if not button.is_visible():
        figure(page, name).locator(".ja-keep > summary").click()
    button.click()


def kept(page: Page, action: str, name: str = "matching-ratio") -> Path:
    """Press a button that gives a file, and return the file."""
    with page.expect_download() as download:
        press(page, action, name)
    return Path(download.value.path())


def value(page: Page, readout: str, name: str = "matching-ratio") -> str:
    return figure(page, name).locator(f'output[name="{readout}"]').get_attribute("data-value")


def drawings(page: Page, name: str) -> list[str]:
    """The figure's live drawings and its table, opened, once the frame that follows a move has been painted."""
    page.evaluate("() => { document.querySelector('.ja-data').open = true; }")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)))")
    return [d.inner_html() for d in figure(page, name).locator(".ja-live, .ja-data tbody").all()]
