"""The class pack, unpacked in an empty folder: what is in it, and that nothing in it leads nowhere."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from jointaction.site import pack
from jointaction.site.contents import notebooks, role
from jointaction.sources.prose import links


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the archive unpacks into; its worksheets are not printed here."""
    out = tmp_path_factory.mktemp("pack")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pack, "print_pages", list)
        archive = pack.class_pack(out, ROOT)
    with zipfile.ZipFile(archive) as zipped:
        assert {name.partition("/")[0] for name in zipped.namelist()} == {pack.PACK}
        zipped.extractall(out)
    return out / pack.PACK


def test_it_holds_every_chapter_without_solutions(home: Path) -> None:
    for source in notebooks():
        notebook = nbformat.read(home / source.relative_to(ROOT / "book"), as_version=4)
        assert "solution" not in map(role, notebook.cells) and not any("{dropdown}" in c.source for c in notebook.cells)
    assert len(list((home / "handouts").glob("*-worksheet.html"))) == 12
    assert not [path for path in home.rglob("*") if re.search("solution|key\\.html|__pycache__", path.name)]


def test_every_link_of_its_notebooks_leads_somewhere(home: Path) -> None:
    for path in home.rglob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            targets = [link.target for link in links(cell.source)] if cell.cell_type == "markdown" else []
            for target in targets:
                if not re.match(r"#|\w+:", target):
                    assert (path.parent / target.partition("#")[0]).exists(), f"{path.name}: {target}"


def test_its_list_of_packages_has_the_library_and_what_a_session_needs(home: Path) -> None:
    first, *others = (home / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert (home / first).suffix == ".whl" and (home / first).is_file()
    assert {"jupyterlab", "anywidget", "pandas"} <= {line.partition("==")[0] for line in others}
    assert all(re.match(r"[\w.-]+==[\w.]+", line) for line in others)


def test_its_command_stands_in_its_readme(home: Path) -> None:
    assert "python3 start.py" in (home / "README.md").read_text(encoding="utf-8")
    compile((home / "start.py").read_text(encoding="utf-8"), "start.py", "exec")
