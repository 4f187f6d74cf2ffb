"""The files that a number's link leads to in JupyterLab, and the links themselves."""

from __future__ import annotations

from pathlib import Path

from jointaction.site.entries import FOLDER, entries, long_links, short_links, write
from jointaction.sources.facts import check_text, unlinked_numbers
from jointaction.sources.prose import links

BOTH = "[76 billion yuan](#fact-nkrdp-central-money-13fyp) ([Oates, 1972](#cite-oates-1972)), [no](#other), 5."


def test_the_files_are_those_of_today() -> None:
    """If this fails, run ``python make.py notebooks``, or commit what it wrote."""
    assert {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()} == entries()


def test_writing_mends_what_differs_and_deletes_what_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "entries"
    write(folder)
    kept, changed, missing = sorted(folder.iterdir())[:3]
    before = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    changed.write_text("other", encoding="utf-8")
    missing.unlink()
    (folder / "fact-gone.md").write_text("gone", encoding="utf-8")
    stamp = kept.stat().st_mtime_ns
    write(folder)
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == before
    assert kept.stat().st_mtime_ns == stamp


def test_both_forms_of_a_link_mean_the_same() -> None:
    long = long_links(BOTH, FOLDER.parents[1] / "mechanisms")
    assert "(../reference/entries/fact-nkrdp-central-money-13fyp.md)" in long and "(#other)" in long
    assert short_links(long) == BOTH and links(long) == links(BOTH)
    assert check_text(long) == [] and [found[0] for found in unlinked_numbers(long)] == ["5"]
    wrong = long.replace("76", "77")
    assert len(check_text(wrong)) == 1 and len(check_text(long.replace(".md", " x.md"))) == 1
