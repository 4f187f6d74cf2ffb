"""One build of the site, one folder of single figures and one browser for all tests that look at pages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from figures import serve, write_assets, write_figure
from filelock import FileLock
from jointaction.site.contents import DECKS
from jointaction.site.whole import CHROMIUM, FLAGS
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
JUPYTER_BOOK = "jupyter-book.exe" if os.name == "nt" else "jupyter-book"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the files that take longest, so that two processes which share out the files end together."""
    long = ["test_pages.py", "test_jupyterlab.py"]
    items.sort(key=lambda item: long.index(item.path.name) if item.path.name in long else len(long))


def build_book(
    source: Path, out: Path, *, before: Sequence[str] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``jupyter-book build`` as a reader of the README would, warnings as errors; ``before`` is put before it."""
    return subprocess.run(
        [
            *before,
            str(Path(sys.executable).with_name(JUPYTER_BOOK)),
            "build",
            str(source),
            "-n",
            "-W",
            "--keep-going",
            "--path-output",
            str(out),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site; the variable SITE names one that is built already."""
    if os.environ.get("SITE"):
        return Path(os.environ["SITE"])
    base = tmp_path_factory.getbasetemp()
    base = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base  # one site for all processes
    out = base / "site"
    with FileLock(base / "site.lock", timeout=600):
        if not out.exists():
            result = build_book(ROOT, out)
            assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return out / "_build" / "html"


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    """Address of the site on this machine."""
    with serve(site) as address:
        yield address


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The folder for pages of single figures, and its address."""
    folder = tmp_path_factory.mktemp("figures")
    write_assets(folder)
    with serve(folder) as address:
        yield folder, address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium. Without one, tests say so and skip on a private machine and fail under CI."""
    if CHROMIUM is None:
        message = "No Chromium found; install it or name it in the variable CHROMIUM."
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


MODES = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}


@pytest.fixture
def visit(browser: Browser) -> Iterator:
    """Open an address: ``visit("http://…", mode="dark")``.

    At the end the pages must have been silent and must have asked no other host for anything.
    """
    contexts, noise = [], []

    def open_(address: str, mode: str = "light", **options: object) -> Page:
        context = browser.new_context(**{**MODES[mode], **options})
        color = "dark" if mode == "dark" else "light"
        context.add_init_script(
            f"try {{ localStorage.setItem('mode', '{color}'); localStorage.setItem('theme', '{color}') }} catch {{}}"
        )  # a sandboxed frame has no storage
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda message: noise.append(f"console {message.type}: {message.text} {message.location.get('url', '')}"),
        )
        page.on("pageerror", lambda error: noise.append(f"error: {error}"))
        page.on(
            "request",
            lambda request: (
                noise.append(f"request: {request.url}")
                if not request.url.startswith(("http://127.0.0.1:", "file:", "data:", "blob:"))
                else None
            ),
        )
        page.goto(address)
        return page

    open_.noise = noise
    yield open_
    for context in contexts:
        context.close()
    assert not noise, "\n".join(noise[:6])


@pytest.fixture
def open_page(visit, server: str) -> Callable[..., Page]:
    """Open a page of the site: ``open_page("book/…", mode="dark")``; see ``visit``."""

    def open_(path: str, mode: str = "light", **options: object) -> Page:
        return visit(path if "://" in path else f"{server}/{path}", mode, **options)

    open_.noise = visit.noise
    return open_


@pytest.fixture
def open_figure(visit, bare: tuple[Path, str]) -> Callable[..., Page]:
    """Open a page that holds one figure and nothing else: ``open_figure("delegation")``; see ``visit``."""
    folder, address = bare

    def open_(name: str, mode: str = "light", query: str = "", **options: object) -> Page:
        return visit(f"{address}/{write_figure(folder, name)}{query}", mode, **options)

    open_.noise = visit.noise
    return open_


def book_pages(site: Path) -> list[Path]:
    """The built pages of the table of contents but the front page; decks of slides are none of them."""
    return sorted(path for path in site.glob("book/**/*.html") if not path.is_relative_to(site / DECKS))


def explorer_pages(site: Path) -> dict[str, str]:
    """Explorer name → path of the page that shows it."""
    from jointaction.explorers import EXPLORERS

    texts = {
        path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in site.glob("book/**/*.html")
    }
    return {name: next(page for page, text in texts.items() if f'id="explorer-{name}"' in text) for name in EXPLORERS}
