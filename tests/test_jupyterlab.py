"""The chapters in a real JupyterLab: run, move a live slider, read what changed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import nbformat
import pytest
from conftest import ROOT
from jointaction.explorers import explorer
from playwright.sync_api import Browser, Page, expect


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a JupyterLab that serves a copy of the notebooks."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "book", folder / "book", ignore=shutil.ignore_patterns("jointaction*"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    homes = {name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "HOME")}
    # All cells are drawn, not only those in view.
    settings = folder / "jupyter_config_dir" / "lab" / "user-settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}', encoding="utf-8")
    log = (folder / "log").open("w")
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--allow-root",
            "--ip=127.0.0.1",
            f"--port={port}",
            "--ServerApp.port_retries=0",
            "--IdentityProvider.token=",
            f"--ServerApp.root_dir={folder}",
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ],
        stdout=subprocess.DEVNULL,
        stderr=log,
        env={**os.environ, **homes},
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=2).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def open_chapter(browser: Browser, lab: str, path: str) -> Page:
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.goto(f"{lab}/lab/tree/{path}?reset")
    page.locator(".jp-MarkdownCell .myst").first.wait_for(timeout=60_000)
    return page


def run_chapter(browser: Browser, lab: str, path: str) -> Page:
    page = open_chapter(browser, lab, path)
    page.locator(".jp-NotebookPanel").get_by_text("Python 3 (ipykernel)").first.wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    return page


def test_live_slider_moves_the_read_outs(browser: Browser, lab: str) -> None:
    page = run_chapter(browser, lab, "book/mechanisms/key-rd-program.ipynb")
    figure = page.locator('.jp-OutputArea figure.explorer[data-state="live"]:has(output[name="pool"])').first
    figure.wait_for(timeout=120_000)
    pool = figure.locator('output[name="pool"]')
    assert float(pool.get_attribute("data-value")) == 42.0
    figure.locator('input[name="matching_ratio"]').press("ArrowRight")
    expected = explorer("matching-ratio").results(matching_ratio=1.05)["pool"]
    expect(pool).to_have_attribute("data-value", f"{expected:g}", timeout=20_000)
    figure.locator('[data-preset="2021"]').click()
    expect(figure.locator('output[name="joining"]')).to_have_text("25", timeout=20_000)
    expect(figure.locator(".ja-live svg").first).to_be_visible()
    page.close()


def test_no_raw_directive_in_front_of_a_class(browser: Browser, lab: str) -> None:
    for path in sorted((ROOT / "book").rglob("*.ipynb")):
        page = open_chapter(browser, lab, path.relative_to(ROOT).as_posix())
        prose = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
        rendered = page.locator(".jp-MarkdownCell .myst:has(p, li, h1, h2, h3, aside)")
        expect(rendered).to_have_count(len(prose), timeout=30_000)
        shown = " ".join(rendered.all_text_contents())
        assert "```{" not in shown and "{cite" not in shown and ":class:" not in shown, path
        page.close()


def test_a_change_of_the_model_shows_in_both_faces(monkeypatch: pytest.MonkeyPatch) -> None:
    from jointaction.models import matching_ratio

    before = explorer("matching-ratio").payload()
    monkeypatch.setattr(matching_ratio, "fit", lambda primary, rd, focus: 0 * primary)
    after = explorer("matching-ratio")
    assert after.results()["joining"] == 0
    assert after.payload()["signals"] != before["signals"]
    assert {row["outcome"] for row in after.still()["datasets"]["provinces"]} <= {"unwilling", "unable"}
