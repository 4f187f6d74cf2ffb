"""JupyterLab and Notebook 7 as tests and measurements drive them: one server, notebooks run in a browser."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from conftest import ROOT
from jointaction.explorers import explorer
from playwright.sync_api import Browser, Locator, Page, expect
from settings import same

APPS = {"JupyterLab": "lab/tree", "Notebook 7": "notebooks"}
LIVE = '.jp-OutputArea figure.explorer[data-state="live"]'
WAIT = 120_000  # milliseconds until a test gives up, for a machine at its limit

# What the applications themselves complain about, with an empty notebook as with a chapter.
OWN_NOISE = (
    "_markdownOverlapsToolbar",  # JupyterLab looks for a Markdown cell's text while jupyterlab-myst still renders it
    "is duplicated.",  # Notebook 7 enters three commands twice into its menus
    "Command 'filebrowser:open-path' not registered.",  # Notebook 7 starts a plugin of JupyterLab's without its command
    "Cannot read properties of undefined (reading 'schema')",  # Notebook 7 reads the settings of a plugin it leaves out
    "Connection lost, reconnecting in 0 seconds.",  # JupyterLab, when its reader restarts a kernel
    "[yjs#509] Not same Y.Doc",  # Notebook 7, for each change of a cell's metadata
)


class Server:
    """A Jupyter server on this machine that shows the files of a folder in both applications."""

    def __init__(self, address: str, folder: Path):
        self.address = address
        self.folder = folder

    def ask(self, what: str, method: str = "GET", **body: Any) -> Any:
        """Send a request to the server's own interface and return its answer."""
        request = urllib.request.Request(
            f"{self.address}/api/{what}", json.dumps(body).encode() if body else None, method=method
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or "null")

    @contextlib.contextmanager
    def kernel(self, path: str) -> Iterator[None]:
        """Start the kernel of a notebook, for both applications to use, and stop it at the end."""
        session = self.ask("sessions", "POST", path=path, name=path, type="notebook", kernel={"name": "python3"})
        try:
            yield
        finally:
            self.ask(f"sessions/{session['id']}", "DELETE")

    def write(self, name: str, *cells: str) -> str:
        """Write a notebook of code cells and return its path on the server."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.folder / name)
        return name


@contextlib.contextmanager
def serve_notebooks(folder: Path) -> Iterator[Server]:
    """Serve a copy of the book in ``folder``, away from the settings of whoever runs this."""
    book = folder / "book"
    shutil.copytree(ROOT / "book", book, ignore=shutil.ignore_patterns("jointaction*", ".ipynb_checkpoints"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = folder / "jupyter_config_dir" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)  # no question about news lies over the notebook
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}', encoding="utf-8")
    homes = {name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "HOME")}
    options = (
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
        "--ServerApp.disable_check_xsrf=True",
        f"--ServerApp.root_dir={book}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    )
    log = folder / "log"
    with log.open("w") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            stdout=subprocess.DEVNULL,
            stderr=lines,
            env={**os.environ, **homes},
        )
    server = Server(f"http://127.0.0.1:{port}", book)
    try:
        while True:
            try:
                server.ask("status")
                break
            except OSError:
                assert process.poll() is None, log.read_text()
                time.sleep(0.2)
        yield server
    finally:
        process.terminate()
        process.wait(30)


def open_notebook(browser: Browser, server: Server, path: str, app: str = "JupyterLab", **options: Any) -> Page:
    """Open a notebook in an application. The page's list ``noise`` fills with what its console complains about."""
    page = browser.new_page(**{"viewport": {"width": 1400, "height": 1000}, **options})
    page.noise = []

    def hear(said: str) -> None:
        if not any(own in said for own in OWN_NOISE):
            page.noise.append(said)

    page.on("console", lambda m: hear(f"{m.type}: {m.text}") if m.type in ("warning", "error") else None)
    page.on("pageerror", lambda error: hear(f"{error}\n{error.stack}"))
    page.on("response", lambda answer: hear(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((server.address, "data:", "blob:")) else hear(f"request: {request.url}")
        ),
    )
    page.goto(f"{server.address}/{APPS[app]}/{path}" + ("?reset" if app == "JupyterLab" else ""))
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=WAIT)
    page.get_by_text("Python 3 (ipykernel)").filter(visible=True).first.wait_for(timeout=WAIT)
    return page


def choose(page: Page, menu: str, entry: str) -> None:
    """Choose an entry of the menu bar."""
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=entry, exact=True).click()


def run_all(page: Page, figures: int) -> None:
    """Run all cells and wait until none is left to run and so many figures are alive."""
    choose(page, "Run", "Run All Cells")
    finished(page, figures)


def finished(page: Page, figures: int) -> None:
    """Wait until no cell is left to run and so many figures are alive."""
    expect(page.locator(LIVE)).to_have_count(figures, timeout=WAIT)
    expect(page.locator(".jp-InputPrompt").filter(has_text="*")).to_have_count(0, timeout=WAIT)
    # The application then goes to the last cell; whoever presses a key before presses it there.
    expect(page.locator(".jp-Notebook-cell").last).to_contain_class("jp-mod-active", timeout=WAIT)


def readouts(figure: Locator) -> dict[str, str]:
    """What a figure's read-outs say, unrounded."""
    return figure.evaluate(
        "(f) => Object.fromEntries([...f.querySelectorAll('output')].map((o) => [o.name, o.dataset.value]))"
    )


def agrees(figure: Locator, expected: dict[str, Any]) -> None:
    """Wait until the read-outs of a figure are what Python computed."""
    end = time.monotonic() + WAIT / 1000
    while True:
        shown = readouts(figure)
        differs = {
            name: (shown.get(name), value) for name, value in expected.items() if not same(shown.get(name), value)
        }
        if not differs:
            return
        assert time.monotonic() < end, differs
        figure.page.wait_for_timeout(50)


def results(name: str, **settings: Any) -> dict[str, Any]:
    """The read-outs of a figure as Python computes them."""
    return explorer(name).results(**settings)
