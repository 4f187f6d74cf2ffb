"""A class on a JupyterHub of its own, on this machine: two students open the book, work, and get a change of it.

``python make.py hub`` makes an environment with JupyterHub and nbgitpuller, and the proxy from npm (needs Node.js),
serves the book from a local repository, and walks both students through it in a browser. Every step must succeed.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from conftest import CHROMIUM, FLAGS, ROOT
from playwright.sync_api import Browser, Page, sync_playwright

CHAPTER = "book/mechanisms/key-rd-program.ipynb"
HUB = ("jupyterhub==6.1.1", "nbgitpuller==1.3.0")
STUDENTS = ("jane", "wei")
CONFIGURATION = """
c.JupyterHub.bind_url = "{address}"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "class"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{homes}/{{username}}"
c.Spawner.args = ["--allow-root"]
c.Spawner.default_url = "/lab"
c.ConfigurableHTTPProxy.command = ["{proxy}"]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.JupyterHub.hub_port = {hub}
"""


def main() -> None:
    if not shutil.which("npm"):
        sys.exit("The proxy of JupyterHub comes from npm: install Node.js and run this again.")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        source, bare = folder / "source", folder / "book.git"
        git("clone", "-q", ROOT, source)
        git("-C", source, "checkout", "-q", "-B", "main")
        git("clone", "-q", "--bare", source, bare)
        git("-C", source, "remote", "set-url", "origin", bare)
        with hub(folder, source) as address:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            link = f"{address}/hub/user-redirect/git-pull?" + urlencode(
                {"repo": str(bare), "branch": "main", "targetpath": "book", "urlpath": f"lab/tree/book/{CHAPTER}"}
            )
            first = {student: open_chapter(browser, link, student) for student in STUDENTS}
            for student, page in first.items():
                run_chapter(page)
                write(page, f"# {student} was here")
                page.context.close()
                print(f"{student} ran the chapter, wrote into it and left")
            change(source)
            for student in STUDENTS:
                page = open_chapter(browser, link, student)
                mine = folder / "homes" / student / "book"
                assert f"# {student} was here" in (mine / CHAPTER).read_text(encoding="utf-8"), "an answer was lost"
                assert "A sentence of the teacher" in (mine / "README.md").read_text(encoding="utf-8"), "no change came"
                page.context.close()
                print(f"{student} got the change of the book and kept the answer")
            browser.close()


def git(*arguments: object) -> None:
    names = ["-c", "user.name=Teacher", "-c", "user.email=teacher@example.edu"]
    subprocess.run(["git", *names, *map(str, arguments)], check=True)


@contextmanager
def hub(folder: Path, source: Path) -> Iterator[str]:
    """A JupyterHub with a password for all, each student's folder under this one, and no other host."""
    home = folder / "environment"
    venv.create(home, with_pip=True)
    pip = [home / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, *HUB, "-r", ".binder/requirements.txt"], cwd=source, check=True)
    subprocess.run(["npm", "install", "--silent", "--prefix", folder, "configurable-http-proxy@5"], check=True)
    public, api, inner = free_ports(3)
    address = f"http://127.0.0.1:{public}"
    proxy = folder / "node_modules" / ".bin" / "configurable-http-proxy"
    for student in STUDENTS:
        (folder / "homes" / student).mkdir(parents=True)
    (folder / "jupyterhub_config.py").write_text(
        CONFIGURATION.format(address=address, homes=folder / "homes", proxy=proxy, api=api, hub=inner), encoding="utf-8"
    )
    outside = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [home / "bin" / "jupyterhub"],
            cwd=folder,
            stdout=log,
            stderr=log,
            env={**outside, "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"},
        )
        try:
            for _ in range(300):
                with socket.socket() as attempt:
                    if attempt.connect_ex(("127.0.0.1", public)) == 0:
                        break
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.2)
            yield address
        finally:
            process.terminate()
            process.wait(60)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def open_chapter(browser: Browser, link: str, student: str) -> Page:
    """What a student sees who follows the teacher's link: log in, wait, read."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(link)
    page.locator("#username_input").fill(student)
    page.locator("#password_input").fill("class")
    page.locator("#login_submit").click()
    page.locator(".jp-NotebookPanel .jp-MarkdownCell").first.wait_for(timeout=180_000)
    page.locator(".jp-NotebookPanel").get_by_text("Python 3 (ipykernel)").first.wait_for(timeout=120_000)
    return page


def run_chapter(page: Page) -> None:
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    figure = page.locator('.jp-OutputArea figure.explorer[data-state="live"]:has(output[name="pool"])').first
    figure.wait_for(timeout=180_000)
    assert float(figure.locator('output[name="pool"]').get_attribute("data-value")) == 42.0


def write(page: Page, line: str) -> None:
    """Write a line into the first code cell and save."""
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type(line + "\n")
    with page.expect_response(lambda answer: "/api/contents/" in answer.url and answer.request.method == "PUT"):
        page.keyboard.press("Control+s")


def change(source: Path) -> None:
    """The teacher changes the book and publishes it."""
    readme = source / "README.md"
    readme.write_text(readme.read_text(encoding="utf-8") + "\nA sentence of the teacher.\n", encoding="utf-8")
    git("-C", source, "commit", "-qam", "A change of the book")
    git("-C", source, "push", "-q", "origin", "main")


if __name__ == "__main__":
    main()
