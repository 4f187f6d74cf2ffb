"""Build the book or run every test: ``python make.py build`` and ``python make.py test``.

``python make.py`` lists all commands; what stands after a command goes to the program that it runs. Needs only
Python 3.11 or newer. The virtual environment in .venv is made from requirements.txt when it is missing or out of
date; nothing else has to be set up.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON, JUPYTER_BOOK = (
    VENV / (f"Scripts/{name}.exe" if os.name == "nt" else f"bin/{name}") for name in ("python", "jupyter-book")
)
STAMP = VENV / "requirements.sha256"


def environment() -> None:
    """Make the virtual environment, unless it was made from these very requirements."""
    wanted = hashlib.sha256(
        (ROOT / "requirements.txt").read_bytes() + (ROOT / "pyproject.toml").read_bytes() + sys.version.encode()
    ).hexdigest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        return
    print("Making the virtual environment .venv from requirements.txt", flush=True)
    try:
        venv.create(VENV, clear=True, with_pip=True)
    except OSError as error:
        sys.exit(
            f"make.py makes its environment in the book's folder and cannot write there ({error}). Copy the folder to "
            "a place of yours, or build with an environment of your own: jupyter-book build FOLDER --path-output PLACE."
        )
    run("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt")
    STAMP.write_text(wanted)


def run(*arguments: str, program: Path = PYTHON) -> None:
    """Run a program of the environment in the repository; stop with its exit code if it fails."""
    code = subprocess.run([str(program), *arguments], cwd=ROOT).returncode
    if code:
        sys.exit(code)


def build() -> None:
    """Build the site (arguments go to jupyter-book); a warning, a broken reference or a failing cell stops it."""
    run("build", ".", "-n", "-W", "--keep-going", *sys.argv[2:], program=JUPYTER_BOOK)
    print(f"\nThe book is built. Open {(ROOT / '_build' / 'html' / 'index.html').as_uri()}")


def release() -> None:
    """Build the site with its downloads in _build/release: a zip to read offline, the book as one PDF, a class pack."""
    os.environ["BOOK_DOWNLOADS"] = "yes"
    build()
    run("-m", "jointaction.site.release")


def test() -> None:
    """Run every test, on two cores (or what arguments for pytest say, such as -k matching_ratio, on one)."""
    run("-m", "pytest", *(sys.argv[2:] or ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]))


def notebooks() -> None:
    """Execute the notebooks, or those named, and save them as the repository keeps them."""
    run("-m", "jointaction.site.execute", *sys.argv[2:])


def chapter() -> None:
    """Write the skeleton of a chapter, such as mechanisms/new-chapter."""
    run("-m", "jointaction.site.chapter", *sys.argv[2:])


def questions() -> None:
    """Write the questions of all chapters, or of those named, for Canvas, Moodle and print (_build/questions)."""
    run("-m", "jointaction.site.exports", *sys.argv[2:])


def copies() -> None:
    """Write student and solution notebooks, worksheets and keys of all chapters into _build/copies."""
    run("-m", "jointaction.site.handouts", *sys.argv[2:])


def pack() -> None:
    """Write the class pack into _build/release: student notebooks, library, tables, worksheets and how to start."""
    run("-m", "jointaction.site.pack")


def grade() -> None:
    """Read the notebooks that students handed in, in a folder, and write a table of their answers."""
    run("-m", "jointaction.classroom.grade", *sys.argv[2:])


def bench() -> None:
    """Measure the build, the pages and the figures (pages, figures or notebooks, and NAMES: these only), and print numbers."""
    run("tests/benchmark.py", *sys.argv[2:])


def live() -> None:
    """Measure a live session as a server gives it: size, start, memory, and how many share a machine."""
    run("tests/live_session.py")


def hub() -> None:
    """Start a JupyterHub on this machine and walk two students through it (needs Node.js for its proxy)."""
    run("tests/hub_check.py")


def requirements() -> None:
    """Compile both requirements.txt from pyproject.toml (needs uv; arguments go to it, such as --upgrade)."""

    def compile_(wanted: str, out: str, *more: str) -> None:
        plain = [
            "--universal",
            "--python-version",
            "3.11",
            "--no-header",
            "--no-emit-index-url",
            "--no-emit-find-links",
        ]
        command = ["uv", "pip", "compile", "--quiet", *plain, *more, *sys.argv[2:], "-", "-o", out]
        subprocess.run(command, cwd=ROOT, input=f"{wanted}\n".encode(), check=True, stdout=subprocess.DEVNULL)

    compile_("-e .[test]", "requirements.txt")
    # A live session gets the same versions, and only what it needs.
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    with tempfile.TemporaryDirectory() as folder:
        same = Path(folder) / "constraints.txt"
        same.write_text("".join(line for line in pins if "==" in line), encoding="utf-8")
        compile_(".[live]", ".binder/requirements.txt", "--constraint", str(same), "--no-annotate")


COMMANDS = {
    command.__name__: command
    for command in (
        build,
        release,
        test,
        notebooks,
        chapter,
        questions,
        copies,
        pack,
        grade,
        bench,
        live,
        hub,
        requirements,
    )
}


def usage() -> str:
    """The commands and what each does."""
    lines = [f"  {name:<14}{command.__doc__.strip()}" for name, command in COMMANDS.items()]
    return "\n".join(["Usage: python make.py COMMAND [ARGUMENT ...]", "", *lines])


if __name__ == "__main__":
    if sys.argv[1:2] in ([], ["-h"], ["--help"]):
        print(usage())
        sys.exit()
    if sys.argv[1] not in COMMANDS:
        sys.exit(f"There is no command {sys.argv[1]!r}.\n\n{usage()}")
    if sys.version_info < (3, 11):  # noqa: UP036 - this file alone is read by whatever Python there is
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    if sys.argv[1] != "requirements":
        environment()
    COMMANDS[sys.argv[1]]()
