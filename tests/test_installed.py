"""The library as a wheel, installed into an environment of its own and used from another folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

USE = """
import sys
from pathlib import Path

import jointaction
from jointaction import explorer, load
from jointaction.explorers import EXPLORERS
from jointaction.faces.page import figure
from jointaction.sources.tables import FOLDER, tables

home = Path(sys.prefix).resolve()
assert home in Path(jointaction.__file__).resolve().parents, jointaction.__file__
assert home in FOLDER.resolve().parents, FOLDER
assert len(load("provinces")) == 31 and all(len(load(name)) for name in tables())
assert explorer("matching-ratio").results(matching_ratio=0.5)["local_share"] == 1 / 3
for name in EXPLORERS:
    assert "<svg" in figure(explorer(name).payload())
"""


def run(*command: object, folder: Path) -> str:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=folder, env=environment)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the sources, without a download and without a warning."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, source / name)
    left_out = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "book" / "jointaction", source / "book" / "jointaction", ignore=left_out)
    shutil.copytree(ROOT / "data", source / "data", ignore=left_out)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    log = run(*pip, "wheel", ".", "-v", "--no-deps", "--no-build-isolation", "--no-index", "-w", "out", folder=source)
    assert "Warning" not in log, log
    (path,) = (source / "out").glob("*.whl")
    return path


def test_the_wheel_holds_the_library_and_the_tables(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    folders = {ROOT / "book" / "jointaction": "jointaction", ROOT / "data": "jointaction/data"}
    wanted = {
        f"{place}/{path.relative_to(folder).as_posix()}"
        for folder, place in folders.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert held == wanted


def test_the_installed_library_works_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "environment", tmp_path / "elsewhere"
    elsewhere.mkdir()
    venv.create(home, with_pip=False)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel, folder=elsewhere)
    # Everything else comes from the environment of the tests; a path added so brings no editable install along.
    (site_packages,) = home.rglob("site-packages")
    (site_packages / "others.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    run(python, "-c", USE, folder=elsewhere)
