"""The cell of every notebook that says, where the book's library is missing, how to get it.

The page hides it. A notebook does not know its repository; the copies that a built page offers do.
"""

from __future__ import annotations

import nbformat

UNKNOWN = "git+ADDRESS` with the address of the book's repository"
CODE = f"""\
# Where the book's library is missing, this says how to get it.
import importlib.util


class LibraryMissing(ImportError):
    def _render_traceback_(self):
        return [str(self)]


if not importlib.util.find_spec("jointaction"):
    raise LibraryMissing("This notebook needs the library of its book: run `%pip install {UNKNOWN}, then restart the kernel.")"""
PLACE = 1  # after the title


def add(notebook: nbformat.NotebookNode) -> None:
    """Put the cell after the title, in place of an older one."""
    cells = [cell for cell in notebook.cells if not is_install(cell)]
    notebook.cells = [*cells[:PLACE], nbformat.v4.new_code_cell(CODE), *cells[PLACE:]]


def is_install(cell: nbformat.NotebookNode) -> bool:
    return cell.cell_type == "code" and "class LibraryMissing" in cell.source


def with_address(text: str, address: str) -> str:
    """The text of a notebook file with the repository's address in the cell."""
    return text.replace(UNKNOWN, f"git+{address}`")
