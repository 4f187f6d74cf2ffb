"""What holds for the repository as a whole: workflows, citation, line ends, and the list for a live session."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def run(*command: object, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=folder, encoding="utf-8")


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.dependabot", [ROOT / ".github" / "dependabot.yml"]),
        ("vendor.citation-file-format", [ROOT / "CITATION.cff"]),
    ],
    ids=["workflows", "dependabot", "citation"],
)
def test_files_for_hosts_follow_their_schemas(schema: str, files: list[Path]) -> None:
    result = run(Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", schema, *files)
    assert result.returncode == 0, result.stdout + result.stderr


def test_workflows_have_least_rights_and_pinned_actions() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    result = run(zizmor, "--offline", "--persona", "auditor", "--no-progress", ROOT / ".github")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone as Windows makes it by default, in a folder with a space and Han characters in its name."""
    if not (ROOT / ".git").exists():
        pytest.skip("no repository here, but a copy of its files")
    folder = tmp_path_factory.mktemp("a clone") / "科技 book"
    result = run("git", "clone", "-q", "-c", "core.autocrlf=true", ROOT, folder)
    assert result.returncode == 0, result.stderr
    return folder


def test_a_clone_on_windows_has_the_line_ends_of_every_other(clone: Path) -> None:
    names = run("git", "-c", "core.quotepath=off", "ls-files", folder=clone).stdout.splitlines()
    assert [name for name in names if not name.endswith(".png") and b"\r\n" in (clone / name).read_bytes()] == []


def test_the_library_works_in_such_a_folder(clone: Path) -> None:
    code = (
        "import jointaction, pathlib; assert pathlib.Path(jointaction.__file__).is_relative_to(pathlib.Path.cwd());"
        "print(jointaction.explorer('matching-ratio').results(matching_ratio=0.5)['pool'])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=clone / "book", capture_output=True, text=True, encoding="utf-8"
    )
    assert result.stdout.strip() == "37.5", result.stderr


# A live session ---------------------------------------------------------------------------------------------


def pins(path: str) -> dict[str, set[str]]:
    """Package → the lines that pin it."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / path).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([\w.-]+)==", line):
            found.setdefault(match[1], set()).add(line.strip())
    return found


def test_a_live_session_gets_the_versions_of_the_tests_and_no_tool_of_theirs() -> None:
    whole, live = pins("requirements.txt"), pins(".binder/requirements.txt")
    assert {name: lines for name, lines in live.items() if whole.get(name) != lines} == {}
    assert {"jupyterlab", "jupyterlab-myst", "anywidget", "altair", "pandas"} <= set(live)
    assert not {"playwright", "pytest", "jupyter-book", "vl-convert-python", "ruff", "notebook"} & set(live)
    lines = (ROOT / ".binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert "." in lines, "the session needs the book's own library"


def test_the_library_works_with_what_a_live_session_has() -> None:
    """Without any package that only the book or the tests need."""
    has = {"jointaction", *pins(".binder/requirements.txt")}
    lacks = [
        module
        for module, packages in importlib.metadata.packages_distributions().items()
        if not has & {re.sub(r"[-_.]+", "-", name).lower() for name in packages}
    ]
    assert {"markdown_it", "sphinx", "vl_convert"} <= set(lacks) and "pandas" not in lacks
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({lacks}))\n"
        "from jointaction import check, explorer\n"
        "from jointaction.explorers import EXPLORERS\n"
        "for name in EXPLORERS: explorer(name)._repr_mimebundle_()\n"
        "check('key-rd-program', 1, 0)\n"
    )
    result = run(sys.executable, "-c", code)
    assert result.returncode == 0, result.stderr


def test_binder_is_told_its_python() -> None:
    """With a folder .binder and no such file it would choose one that is too old."""
    version = re.fullmatch(r"python-3\.(\d+)\n", (ROOT / ".binder" / "runtime.txt").read_text())
    assert version and int(version[1]) >= 11
