"""The rooms of the library: which may import which, and that the two lowest stand by themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

LIBRARY = ROOT / "book" / "jointaction"
LINT = Path(sys.executable).with_name("lint-imports.exe" if os.name == "nt" else "lint-imports")


def run(*command: object, path: Path) -> subprocess.CompletedProcess[str]:
    """Run a program that finds the library in the folder ``path``."""
    return subprocess.run(
        list(map(str, command)), capture_output=True, text=True, cwd=path, env={**os.environ, "PYTHONPATH": str(path)}
    )


def lint(path: Path) -> subprocess.CompletedProcess[str]:
    return run(LINT, "--no-cache", "--no-logo", ROOT / "pyproject.toml", path=path)


def test_imports_keep_to_the_rooms() -> None:
    result = lint(LIBRARY.parent)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("file", "line", "broken"),
    [
        ("sources/tables.py", "import jointaction.faces.theme", "Rooms import only"),
        ("faces/ops.py", "from jointaction.models import delegation", "Rooms import only"),
        ("errors.py", "import jointaction.sources.tables", "Rooms import only"),
        ("models/delegation.py", "from jointaction.faces.theme import Palette", "Models take from faces"),
        ("site/math.py", "from jointaction.explorers import delegation", "The site knows explorers"),
        ("site/math.py", "from jointaction.models import delegation", "The site knows explorers"),
        ("faces/ops.py", "import jointaction.faces.parameters", "Nothing imports in a circle"),
        ("stray.py", "", "Rooms import only"),
    ],
)
def test_an_import_against_the_arrows_is_found(file: str, line: str, broken: str, tmp_path: Path) -> None:
    shutil.copytree(LIBRARY, tmp_path / "jointaction", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "jointaction" / file).open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")
    result = lint(tmp_path)
    assert result.returncode != 0
    assert [row for row in result.stdout.splitlines() if row.startswith(broken) and "BROKEN" in row], result.stdout


ANOTHER_BOOK = """
import importlib, json, pkgutil, sys
from pathlib import Path

import jointaction.faces, jointaction.sources
for room in (jointaction.faces, jointaction.sources):
    for module in pkgutil.iter_modules(room.__path__):
        importlib.import_module(f"{room.__name__}.{module.name}")

import altair as alt
from jointaction.faces.controls import Column, Range, Readout
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.live import figure as live_figure
from jointaction.faces.page import figure
from jointaction.faces.parameters import Parameter
from jointaction.sources.facts import check_text
from jointaction.sources.tables import load

folder = Path("tea")
folder.mkdir()
column = lambda name, kind: {"name": name, "type": kind, "description": name, "unit": ""}
texts = ["fact_id", "chapter", "statement", "value", "unit", "year", "status", "source", "formula", "check", "use", "reason"]
(folder / "datapackage.json").write_text(json.dumps({"resources": [
    {"name": name, "path": f"{name}.csv", "title": name, "description": name, "sources": [], "licenses": [],
     "schema": {"primaryKey": fields[0]["name"].split("|"), "fields": fields}}
    for name, fields in (
        ("leaves", [column("kind", "string"), column("grams", "number")]),
        ("facts", [*(column(text, "string") for text in texts), column("number", "number")]),
    )
]}), encoding="utf-8")
(folder / "leaves.csv").write_text("kind,grams\\ngreen,2\\nblack,3\\n", encoding="utf-8")
(folder / "facts.csv").write_text(
    ",".join([*texts, "number"]) + "\\nhalf,one,Cups a pot,2,tea cups per pot,,read,x,,,stated,,2\\n", encoding="utf-8")
leaves = load("leaves", folder)


class Pot(Explorer):
    name, title, caption = "pot", "A pot of tea", "Tea."
    controls = (Range(Parameter("cups", "Cups", 2.0, 1.0, 8.0, 1.0, symbol="c", unit="cups"), main=True),)
    readouts = (Readout("weight", "Leaves", "g", 1),)
    table = ("leaves", (Column("kind", "Kind"), Column("needed", "Needed", 1)))
    lead_control, lead_readouts, lead_panel = "cups", ("weight",), "bars"

    def compute(self, sheet):
        sheet.step("weight", sheet.sum(leaves, lambda row: row.grams * sheet.p.cups))
        rows = sheet.table("leaves", leaves)
        rows["needed"] = rows["grams"] * sheet.p.cups

    def panels(self, c):
        return [Panel("bars", "Leaves", alt.Chart(frame("leaves")).mark_bar().encode(x="needed:Q", y="kind:N"), "Bars.")]


assert Pot().results(cups=4.0) == {"weight": 20.0}
assert Pot().still()["datasets"]["leaves"][1]["needed"] == 6
live = live_figure(Pot())
live.cups = 4
assert live.weight == 20.0
page = figure(Pot().payload())
assert "<svg" in page and "<small> cups</small>" in page
assert check_text("[two tea cups for one pot](#fact-half)", folder) == []
assert len(check_text("[three tea cups for one pot](#fact-half)", folder)) == 1
assert not [name for name in sys.modules if name.startswith(("jointaction.models", "jointaction.explorers", "jointaction.site"))]
"""


def test_faces_and_sources_serve_another_book(tmp_path: Path) -> None:
    """The two rooms with nothing else of the library, and a figure and a table about something else."""
    package = tmp_path / "jointaction"
    for room in ("faces", "sources"):
        shutil.copytree(LIBRARY / room, package / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(LIBRARY / "errors.py", package / "errors.py")
    (package / "__init__.py").touch()
    result = run(sys.executable, "-W", "error", "-c", ANOTHER_BOOK, path=tmp_path)
    assert result.returncode == 0, result.stderr
