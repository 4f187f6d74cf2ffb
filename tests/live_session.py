"""Measure a live session as a server gives it: its size, its start, its memory, and how many share a machine.

``python make.py live`` makes a fresh environment from ``.binder/requirements.txt`` in a clone of the repository,
as Binder does, and prints the figures that the page on running the book live shows. Asserts only that it worked.
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from conftest import CHROMIUM, FLAGS, ROOT
from jointaction.site.contents import notebooks
from jupyter_client.manager import AsyncKernelManager, start_new_async_kernel
from playwright.sync_api import Browser, sync_playwright

CLASSES = (1, 5, 10, 20, 30)  # students who move a figure at once
ROOMS, SPARE = (30, 300), 0.25  # classes to plan for, with so much memory to spare
SECONDS = 20  # for which they do; each moves about once a second, as a hand does
BEGIN = "from jointaction import explorer\nfigure = explorer('matching-ratio')"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clone, home = Path(folder) / "book", Path(folder) / "live"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        python = environment(home, clone)
        with server(python, clone) as (address, started, process), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            seconds = first_figure(browser, address, started)
            say("from the server's start to a figure that answers", f"{seconds:.1f} s")
            kernels = [child for child in process.children(recursive=True) if "ipykernel" in " ".join(child.cmdline())]
            student = [megabytes(process), megabytes(*kernels)]
            say("memory of the server", f"{student[0]:.0f} MB")
            say("memory of the kernel of one chapter", f"{student[1]:.0f} MB")
            browser.close()
        for path in notebooks(clone):
            seconds = run_chapter(python, path)
            say(f"running {path.relative_to(clone / 'book').as_posix()}", f"{seconds:.1f} s")
        busy = asyncio.run(load(python))
        for number in ROOMS:
            say(f"{number} students, a chapter each: memory", f"{number * sum(student) * (1 + SPARE) / 1000:.0f} GB")
            say(f"{number} students, a move a second each: processors", f"{number * busy:.1f}")


def say(what: str, figure: str) -> None:
    print(f"{what:<58}{figure:>12}", flush=True)


def environment(home: Path, clone: Path) -> Path:
    """The session's environment by the very line that Binder runs; its Python."""
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    command = [python, "-m", "pip", "install", "-q", "--no-cache-dir", "-r", ".binder/requirements.txt"]
    start = time.perf_counter()
    subprocess.run(command, cwd=clone, check=True, stderr=subprocess.DEVNULL)
    say("installing the session", f"{time.perf_counter() - start:.0f} s")
    found = list((home / "lib").rglob("*.dist-info"))
    size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file() and not path.is_symlink())
    say("packages", str(len(found)))
    say("size", f"{size / 1e6:.0f} MB")
    return python


@contextmanager
def server(python: Path, clone: Path) -> Iterator[tuple[str, float, psutil.Process]]:
    """A JupyterLab of the session's own, as a user who has nothing yet starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    places = {name: str(clone.parent / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "HOME")}
    start = time.perf_counter()
    process = subprocess.Popen(
        [python, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
        + ["--IdentityProvider.token=", f"--ServerApp.root_dir={clone}", "--LabApp.news_url=None"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**{key: value for key, value in os.environ.items() if key != "PYTHONPATH"}, **places},
    )
    try:
        while True:
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, "the server stopped"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", start, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def first_figure(browser: Browser, address: str, started: float) -> float:
    """Seconds from the server's start until the first figure of the start page answers."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/lab/tree/book/start.ipynb")
    page.locator(".jp-NotebookPanel").get_by_text("Python 3 (ipykernel)").first.wait_for(timeout=120_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.locator('.jp-OutputArea figure.explorer[data-state="live"]').first.wait_for(timeout=120_000)
    return time.perf_counter() - started


def megabytes(*processes: psutil.Process) -> float:
    """What would be free again if the processes ended."""
    return sum(process.memory_full_info().uss for process in processes) / 1e6


def processor_time(*processes: psutil.Process) -> float:
    """Seconds that the processes have kept a core busy."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def run_chapter(python: Path, path: Path) -> float:
    start = time.perf_counter()
    command = [python, "-m", "nbconvert", "--to", "notebook", "--execute", "--stdout", path]
    subprocess.run(command, cwd=path.parent, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


async def load(python: Path) -> float:
    """Kernels that move a figure at the same time: how long each waits, and the seconds of a core that a move takes."""
    manager_python, sys.executable = sys.executable, str(python)  # the kernel specification names this Python
    busy = 0.0
    kernels: list[tuple[AsyncKernelManager, object]] = []
    try:
        for number in CLASSES:
            room = psutil.virtual_memory().available
            if room < (number - len(kernels)) * 300e6:
                say(f"{number} students", "no room")
                break
            while len(kernels) < number:
                manager, client = await start_new_async_kernel(kernel_name="python3", startup_timeout=120)
                await ask(client, BEGIN)
                kernels.append((manager, client))
            running = [psutil.Process(manager.provisioner.pid) for manager, _ in kernels]
            before = processor_time(*running)
            waits = await asyncio.gather(*(student(client, seed) for seed, (_, client) in enumerate(kernels)))
            times = sorted(wait for each in waits for wait in each)
            busy = (processor_time(*running) - before) / len(times)
            figure = f"{statistics.median(times):.0f} / {times[int(0.95 * len(times))]:.0f} ms"
            say(f"{number} student{'s' * (number > 1)} at once: a move, median / 95th percentile", figure)
    finally:
        sys.executable = manager_python
        for manager, client in kernels:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)
    return busy


async def ask(client: object, code: str) -> None:
    reply = await client.execute_interactive(code, timeout=120, output_hook=lambda _: None)
    assert reply["content"]["status"] == "ok", reply["content"]


async def student(client: object, seed: int) -> list[float]:
    """Milliseconds that each move of one student took."""
    source, times, end = random.Random(seed), [], time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        await asyncio.sleep(source.uniform(0.5, 1.5))
        start = time.perf_counter()
        await ask(client, f"figure.matching_ratio = {source.uniform(0, 2)}; figure.pool")
        times.append(1000 * (time.perf_counter() - start))
    return times


if __name__ == "__main__":
    main()
