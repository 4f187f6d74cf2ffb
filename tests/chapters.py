"""The pages of the book as tests read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from jointaction.site.contents import BOOK, ROOT, is_draft, markdown, notebooks
from jointaction.site.entries import FOLDER


@dataclass(frozen=True)
class Page:
    """One page: its Markdown and, for a chapter, its notebook."""

    path: Path
    text: str = field(repr=False)
    notebook: nbformat.NotebookNode | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """Path within the book, `mechanisms/compared.ipynb`."""
        return self.path.relative_to(BOOK if BOOK in self.path.parents else ROOT).as_posix()

    @property
    def listed(self) -> str:
        """As the table of contents names it, `book/mechanisms/compared`."""
        return self.path.relative_to(ROOT).with_suffix("").as_posix()

    @property
    def draft(self) -> bool:
        """Whether it is a chapter that the table of contents does not list yet."""
        return self.notebook is not None and is_draft(self.path)

    @property
    def code(self) -> list[nbformat.NotebookNode]:
        """The code cells."""
        return [cell for cell in self.notebook.cells if cell.cell_type == "code"] if self.notebook else []

    def states(self, *maths: str) -> None:
        """Fail unless the page holds each of these pieces of maths as written."""
        for piece in maths:
            assert f"${piece}$" in self.text, f"{self.name} does not state ${piece}$"


def read(path: Path) -> Page:
    """The page in this file, a notebook or Markdown."""
    if path.suffix != ".ipynb":
        return Page(path, path.read_text(encoding="utf-8"))
    notebook = nbformat.read(path, as_version=4)
    return Page(path, markdown(notebook), notebook)


def chapter(name: str) -> Page:
    """The chapter of this name, as facts give it: ``chapter("who-pays")``."""
    return next(read(path) for path in notebooks() if path.stem == name)


def pages() -> list[Page]:
    """Every page of the book."""
    apart = {".ipynb_checkpoints", FOLDER.name}  # the entries are written from data/, and have tests of their own
    markdown = sorted(path for path in BOOK.rglob("*.md") if not apart & set(path.parts))
    return [read(path) for path in [ROOT / "book" / "index.md", *notebooks(), *markdown]]
