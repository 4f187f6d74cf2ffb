"""The build as such: what makes it fail, what makes it run notebooks again, and what the site holds."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT, build_book
from jointaction.site.install import CODE as INSTALL

CONFIG = (ROOT / "_config.yml").read_text(encoding="utf-8")


def small_book(folder: Path, *cells: nbformat.NotebookNode) -> Path:
    """A book of one notebook with the repository's own library, data and configuration."""
    shutil.copytree(
        ROOT / "book" / "jointaction", folder / "book" / "jointaction", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(ROOT / "book" / "_static", folder / "book" / "_static")
    shutil.copytree(ROOT / "data", folder / "data")
    (folder / "_config.yml").write_text(CONFIG, encoding="utf-8")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: book/index\nchapters:\n- file: book/codebook\n")
    (folder / "book" / "references.bib").touch()
    (folder / "book" / "codebook.md").write_text(
        "# Codebook\n\n```{codebook}\n:part: facts\n```\n\n```{codebook}\n:part: tables\n```\n"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Page"), *cells])
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(notebook, folder / "book" / "index.ipynb")
    return folder


def build(folder: Path, **environment: str) -> tuple[int, str]:
    result = build_book(folder, folder, PYTHONPATH=str(folder / "book"), RAN=str(folder / "ran.txt"), **environment)
    return result.returncode, result.stdout + result.stderr


markdown = nbformat.v4.new_markdown_cell
code = nbformat.v4.new_code_cell


def test_notebooks_run_again_only_when_data_or_library_change(tmp_path: Path) -> None:
    folder = small_book(tmp_path, code("import os; print('x', file=open(os.environ['RAN'], 'a'))"))

    def runs() -> int:
        status, log = build(folder)
        assert status == 0, log[-3000:]
        return (folder / "ran.txt").read_text().count("x")

    assert runs() == 1
    assert runs() == 1
    table = folder / "data" / "matching_ratio_history.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("endnote 13", "endnote  13"), encoding="utf-8")
    assert runs() == 2
    module = folder / "book" / "jointaction" / "models" / "matching_ratio.py"
    module.write_text(module.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert runs() == 3
    for module in (folder / "book" / "jointaction" / "site").glob("*.py"):
        module.write_text(module.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert runs() == 3


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (code("1 / 0"), "ZeroDivisionError"),
        (markdown("[nowhere](#no-such-target)"), "no-such-target"),
        (markdown("[77 billion yuan](#fact-nkrdp-central-money-13fyp)"), "nkrdp-central-money-13fyp"),
        (markdown("[76 billion yuan](#fact-nkrdp-central-money)"), "nkrdp-central-money"),
        (markdown("[Nobody (2024)](#cite-nobody-2024)"), "cite-nobody-2024"),
    ],
    ids=["failing cell", "broken reference", "wrong number", "unknown fact", "unknown citation"],
)
def test_build_fails(tmp_path: Path, cell: nbformat.NotebookNode, said: str) -> None:
    status, log = build(small_book(tmp_path, cell))
    assert status != 0
    assert said in log


def test_plain_build_fails_on_a_warning_each_time(tmp_path: Path) -> None:
    folder = small_book(tmp_path, markdown("[nowhere](#no-such-target)"))
    assert [build(folder)[0] != 0, build(folder)[0] != 0] == [True, True]


def test_a_fork_s_pages_lead_to_the_fork(tmp_path: Path) -> None:
    """Its launch buttons, and what its downloaded notebooks say of the library."""
    book = small_book(tmp_path, code(INSTALL), markdown("```{launch}\n```"))
    home = {"BOOK_SITE": "https://who.github.io/pays", "BOOK_REPOSITORY": "https://github.com/who/pays"}
    status, log = build(book, **home, BOOK_JUPYTERHUB="https://hub.example.edu")
    assert status == 0, log[-3000:]
    site = tmp_path / "_build" / "html"
    page = (site / "index.html").read_text(encoding="utf-8")
    for way in ("mybinder.org/v2/gh/who/pays/main", "hub.example.edu/hub/user-redirect/git-pull", "colab.research"):
        assert page.count(f'href="https://{way}') == 2, way  # in the header and in the text
    copy = (site / "_sources" / "book" / "index.ipynb").read_text(encoding="utf-8")
    assert "git+https://github.com/who/pays" in copy and "BOOK_REPOSITORY" not in page
    assert (site / ".nojekyll").exists()
    assert "<loc>https://who.github.io/pays/index.html</loc>" in (site / "sitemap.xml").read_text(encoding="utf-8")
    assert "https://who.github.io/pays/sitemap.xml" in (site / "robots.txt").read_text(encoding="utf-8")
    assert '<a href="/pays/index.html">' in (site / "404.html").read_text(encoding="utf-8")


def test_site_asks_no_other_host(site: Path) -> None:
    """No tag of any page fetches from elsewhere; links that a reader clicks may leave."""
    fetched = re.compile(
        r'<(?:script|img|iframe|source)[^>]+src="(?:https?:)?//|<link[^>]+rel="(?!canonical)[^"]*"[^>]+href="(?:https?:)?//'
    )
    pages = [*site.rglob("*.html")]
    assert len(pages) > 5
    assert [str(page) for page in pages if fetched.search(page.read_text(encoding="utf-8"))] == []


def bound() -> list[str]:
    """What to put before a command so that it cannot write where nobody may: root can, unless it gives that up."""
    return ["setpriv", "--bounding-set=-dac_override"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Path]:
    """A book in a folder that nobody can write to."""
    folder = small_book(tmp_path / "sealed", code("1 + 1"))
    for file in ("make.py", "requirements.txt", "pyproject.toml"):
        shutil.copyfile(ROOT / file, folder / file)
    places = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    for place in places:
        place.chmod(0o555)
    yield folder
    for place in places:
        place.chmod(0o755)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no folders that are closed by their mode")
def test_a_sealed_folder_builds_elsewhere(sealed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    built = build_book(sealed, out, before=bound(), PYTHONPATH=str(sealed / "book"))
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    assert (out / "_build" / "html" / "index.html").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no folders that are closed by their mode")
def test_make_says_in_one_sentence_that_it_cannot_write(sealed: Path) -> None:
    said = subprocess.run([*bound(), sys.executable, sealed / "make.py", "build"], capture_output=True, text=True)
    assert said.returncode == 1
    assert "cannot write there" in said.stderr and "--path-output" in said.stderr and "Traceback" not in said.stderr


STAMPS = {".buildinfo"}  # what Sphinx remembers of its settings, among them paths


def test_two_builds_are_the_same_byte_for_byte(site: Path, tmp_path: Path) -> None:
    """A difference would make each publication look like a change. Outputs come from the first build's cache."""
    out = tmp_path / "again"
    shutil.copytree(site.parent / ".jupyter_cache", out / "_build" / ".jupyter_cache")
    result = build_book(ROOT, out)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    first, second = (
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (site, out / "_build" / "html")
    )
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name] and name not in STAMPS] == []
