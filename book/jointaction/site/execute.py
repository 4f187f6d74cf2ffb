"""Execute notebooks in place and save them the way the repository keeps them.

``python -m jointaction.site.execute key-rd-program`` runs one notebook; without arguments it runs every notebook
of the book. Outputs are those of the static face, so that they are the same on every
machine; metadata that changes from run to run is dropped. The self-check is written from the chapter's questions.
Links to facts and works become links to the files of their entries, which are written anew, as is the file of compiled
charts.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import jointaction
from jointaction.errors import InputError, nearest
from jointaction.faces import drawing
from jointaction.faces.live import STATIC_VARIABLE
from jointaction.site import entries, install, questions
from jointaction.site.contents import ROOT, notebooks, role
from jointaction.site.entries import long_links

# A cell that shows a figure with a changed function or table.
CHANGES = re.compile(r"\bexplorer\(.*\b(model|tables)=\{", re.DOTALL)
KEPT_METADATA = ("myst", "mystnb", "chapter")


def execute(path: Path) -> None:
    """Run one notebook and write it back, clean."""
    notebook = nbformat.read(path, as_version=4)
    install.add(notebook)
    NotebookClient(
        notebook,
        timeout=180,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,  # how often a cell flushes what it prints is a matter of the machine
    ).execute(env={**os.environ, STATIC_VARIABLE: "1"})
    clean(notebook)
    questions.fill(notebook, path)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = long_links(cell.source, path.parent)
    nbformat.write(notebook, path)


def clean(notebook: nbformat.NotebookNode) -> None:
    """Keep only metadata that a reader or the build needs, and fold code away on the page.

    A cell that changes a model is not folded away: its code is what a class reads. Cells to answer in, and code that
    checks a solution, are not on the page.
    """
    kept = {key: notebook.metadata[key] for key in KEPT_METADATA if key in notebook.metadata}
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            **kept,
        }
    )
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"cell-{number:02d}"
        tags = ["hide-input"] if cell.cell_type == "code" and not CHANGES.search(cell.source) else None
        tags = ["remove-cell"] if install.is_install(cell) else tags
        if part := role(cell):
            tags = [part, "remove-cell"] if part == "answer" or cell.cell_type == "code" else [part]
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output["metadata"] = nbformat.from_dict({})


def charts() -> str:
    """The charts of all figures, compiled."""
    figures = [jointaction.explorer(name) for name in jointaction.explorers.EXPLORERS]
    return drawing.table(panel["spec"] for figure in figures for panel in figure.drawings())


def chosen(names: list[str]) -> list[Path]:
    """The notebooks that the names mean, all of them for none; a name is a path or a file name.

    Raises :class:`jointaction.errors.InputError` for a name that is no notebook.
    """
    known = {path.relative_to(ROOT).as_posix(): path for path in notebooks()}
    found = []
    for name in names:
        meant = [path for path in known.values() if name in (path.name, path.stem) or Path(name).resolve() == path]
        if not meant:
            raise InputError(f"There is no notebook {name}; the nearest is {nearest(name, known)}.")
        found += meant
    return found or list(known.values())


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="make.py notebooks", description="Execute notebooks and save them as the repository keeps them."
    )
    parser.add_argument(
        "notebooks", nargs="*", metavar="NOTEBOOK", help="a path or a chapter’s name; all if none is given"
    )
    try:
        paths = chosen(parser.parse_args(arguments).notebooks)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    entries.write()
    drawing.COMPILED.write_text(charts(), encoding="utf-8")
    for path in paths:
        print(path)
        try:
            execute(path)
        except CellExecutionError as error:
            print(f"{path.name} was left as it was: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
