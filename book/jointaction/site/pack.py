"""The class pack: one archive with all that a class needs to run the book on its own computers.

``make.py pack`` writes it into ``_build/release``. It holds student notebooks, worksheets, tables, the library as a
wheel and the list of what a live session needs; its README starts it by one command. Solutions are not in it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import nbformat

from jointaction.errors import InputError
from jointaction.site import contents, copies
from jointaction.site.handouts import print_pages
from jointaction.site.published import NAME

DAY = (1980, 1, 1, 0, 0, 0)  # one and the same for all files, so that the same book gives the same archive
PACK = f"{NAME}-class"
LIBRARY = "library"
START = '''\
"""Start the class pack: makes an environment beside this file, once and with a network, and opens JupyterLab."""

import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLACE = HERE / "environment"
PYTHON = PLACE / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
READY = PLACE / "ready"

if sys.version_info < (3, 11):
    sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
if not READY.exists():
    print("Making the environment, which takes some minutes and is done once.", flush=True)
    venv.create(PLACE, clear=True, with_pip=True)
    install = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"]
    if subprocess.run(install, cwd=HERE).returncode:
        sys.exit("The packages could not be installed; look whether this computer reaches the network, and start again.")
    READY.touch()
command = [str(PYTHON), "-m", "jupyter", "lab", "start.ipynb", *sys.argv[1:]]
sys.exit(subprocess.run(command, cwd=HERE).returncode)
'''
README = """\
# Who Pays, Who Decides: class pack

Python 3.11 or newer is needed. In this folder:

```sh
python3 start.py     # Windows: py start.py
```

It makes an environment in this folder, once and with a network, and opens JupyterLab at the start page.
After that no network is needed.

| where | what |
|---|---|
| `start.ipynb` | the start page, with links to all chapters |
| `recentralization/`, `mechanisms/`, `whole-of-nation/` | the chapters without solutions, with cells to answer in |
| `handouts/` | a worksheet of two sheets for each chapter, to print on A4 or Letter |
| `data/` | the tables, and their description in `datapackage.json` |
| `library/` | the book's library; `requirements.txt` names it and all that it needs |
| `reference/` | sources of the numbers, which the chapters link to |

Hand out this folder as it is. What students hand in is read by `python3 make.py grade FOLDER` of the book's repository.
Solutions and keys are on the book's page *Copies for a class*.
"""


def class_pack(out: Path, root: Path = contents.ROOT) -> Path:
    """Write the archive into the folder ``out`` and return its path."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / PACK
        fill(home, root)
        path = out / f"{PACK}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
            for file in sorted(each for each in home.rglob("*") if each.is_file()):
                info = zipfile.ZipInfo(f"{PACK}/{file.relative_to(home).as_posix()}", DAY)
                info.external_attr = 0o644 << 16
                pack.writestr(info, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return path


def fill(home: Path, root: Path) -> None:
    """Put everything into the folder ``home``."""
    (home / LIBRARY).mkdir(parents=True)
    wheel = library(home / LIBRARY, root)
    session = (root / ".binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    # The list of a live session names the library by the repository's folder.
    wanted = [
        f"./{LIBRARY}/{wheel.name}",
        *(line for line in session if line and not line.startswith((".", "-e", "file:"))),
    ]
    (home / "requirements.txt").write_text("\n".join(wanted) + "\n", encoding="utf-8")
    (home / "start.py").write_text(START, encoding="utf-8")
    (home / "README.md").write_text(README, encoding="utf-8")
    for name in ("LICENSE", "CITATION.cff"):
        shutil.copyfile(root / name, home / name)
    shutil.copytree(root / "data", home / "data", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(root / "book" / "reference", home / "reference")
    for source in contents.notebooks(root):
        notebook = nbformat.read(source, as_version=4)
        place = home / source.relative_to(root / "book")
        place.parent.mkdir(exist_ok=True)
        if copies.exercises(notebook):
            nbformat.write(copies.student(notebook), place)
        else:
            shutil.copyfile(source, place)
    written = copies.write(home / "handouts", root, kinds=("worksheet",))
    print_pages(written)


def library(out: Path, root: Path) -> Path:
    """Build the library as a wheel, without a download.

    Raises :class:`jointaction.errors.InputError` where setuptools cannot build it.
    """
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder)
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copyfile(root / name, source / name)
        left_out = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(root / "book" / "jointaction", source / "book" / "jointaction", ignore=left_out)
        shutil.copytree(root / "data", source / "data", ignore=left_out)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", ".", "--quiet"]
        alone = ["--no-deps", "--no-build-isolation", "--no-index", "-w", str(out)]
        built = subprocess.run(
            [*pip, *alone],
            cwd=source,
            capture_output=True,
            text=True,
            env={**os.environ, "SOURCE_DATE_EPOCH": "315532800"},
        )
    if built.returncode:
        raise InputError(f"The library could not be packed: {built.stderr.strip().splitlines()[-1]}.")
    (wheel,) = out.glob("*.whl")
    return wheel


if __name__ == "__main__":
    try:
        made = class_pack(Path(sys.argv[1]) if sys.argv[1:] else contents.ROOT / "_build" / "release")
        print(f"{made}  {made.stat().st_size / 1e6:.1f} MB")
    except InputError as error:
        sys.exit(str(error))
