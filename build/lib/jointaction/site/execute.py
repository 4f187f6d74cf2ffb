"""Execute notebooks in place and save them the way the repository keeps them.

``python -m jointaction.site.execute book/mechanisms/key-rd-program.ipynb`` runs one notebook; without arguments it
runs every notebook of the book. Outputs are those of the static face, so that they are the same on every
machine; metadata that changes from run to run is dropped.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from jointaction.faces.explorer import STATIC_VARIABLE

BOOK = Path(__file__).parents[2]
KEPT_METADATA = ("myst", "mystnb")


def execute(path: Path) -> None:
    """Run one notebook and write it back, clean."""
    notebook = nbformat.read(path, as_version=4)
    os.environ[STATIC_VARIABLE] = "1"
    NotebookClient(
        notebook, timeout=180, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}},
        store_widget_state=False, record_timing=False,
    ).execute()  # fmt: skip
    clean(notebook)
    nbformat.write(notebook, path)


def clean(notebook: nbformat.NotebookNode) -> None:
    """Keep only metadata that a reader or the build needs."""
    kept = {key: notebook.metadata[key] for key in KEPT_METADATA if key in notebook.metadata}
    notebook.metadata = nbformat.from_dict({
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        **kept,
    })
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"cell-{number:02d}"
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output["metadata"] = nbformat.from_dict({})


def notebooks() -> list[Path]:
    """Every notebook of the book."""
    return sorted(p for p in BOOK.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)


def main(arguments: list[str]) -> int:
    for path in [Path(a).resolve() for a in arguments] or notebooks():
        print(path)
        try:
            execute(path)
        except CellExecutionError as error:
            print(f"{path.name} was left as it was: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
