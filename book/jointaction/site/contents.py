"""What the book consists of: the table of contents, its chapters, and the chapters still being written."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import NamedTuple

import nbformat
from sphinx_external_toc.parsing import parse_toc_yaml

from jointaction.sources.prose import blocks

BOOK = Path(__file__).parents[2]
ROOT = BOOK.parent
DECKS = "book/teaching/slides"  # beside the table of contents: a deck is no page of the book
# What a cell is to a class, as a tag of the cell; a student's copy is made by these.
ROLES = ("exercise", "answer", "solution", "self-check")


class Part(NamedTuple):
    """A part of the table of contents: its caption and its pages, as paths from the root without suffix."""

    caption: str
    pages: tuple[str, ...]


def parts(root: Path = ROOT) -> list[Part]:
    """The parts that ``_toc.yml`` lists, in order."""
    contents = parse_toc_yaml(root / "_toc.yml")
    return [Part(part.caption or "", tuple(map(str, part.items))) for part in contents.root.subtrees]


def listed(root: Path = ROOT) -> list[str]:
    """Every page of the table of contents, the front page first, as paths from the root without suffix."""
    return [str(page) for page in parse_toc_yaml(root / "_toc.yml")]


def decks(root: Path = ROOT) -> dict[str, str]:
    """The decks of slides: chapter, by its file name without suffix → path from the root without suffix."""
    return {path.stem: f"{DECKS}/{path.stem}" for path in sorted((root / DECKS).glob("*.md"))}


def notebooks(root: Path = ROOT) -> list[Path]:
    """Every notebook of the book, drafts too."""
    return sorted(path for path in (root / "book").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)


def is_draft(notebook: Path, root: Path = ROOT) -> bool:
    """Tell whether a notebook is still being written: it is in the tree and not in the table of contents."""
    return notebook.relative_to(root).with_suffix("").as_posix() not in listed(root)


def chapters(root: Path = ROOT) -> dict[str, str]:
    """The notebooks of the table of contents in its order: file name without suffix → first heading."""
    paths = [root / f"{page}.ipynb" for page in listed(root)]
    return {path.stem: title(path) for path in paths if path.is_file()}


class Chapter(NamedTuple):
    """A chapter as pages speak of it: its number in the book, its place in its part, and what it asks."""

    page: str
    number: int
    part: str
    place: int
    of: int
    title: str
    question: str
    figure: str  # the one that stands for it
    time: str  # to read it, in words


@functools.cache
def described(root: Path = ROOT) -> dict[str, Chapter]:
    """The chapters by their pages, as paths from the root without suffix, in the order of the book."""
    found: dict[str, Chapter] = {}
    for part in parts(root):
        pages = [page for page in part.pages if (root / f"{page}.ipynb").is_file()]
        for place, page in enumerate(pages, start=1):
            notebook = nbformat.read(root / f"{page}.ipynb", as_version=4)
            told, text = notebook.metadata.get("chapter", {}), markdown(notebook)
            time = re.search(r"^Time: (?:about )?(.+?) to read", text, re.MULTILINE)
            found[page] = Chapter(
                page,
                len(found) + 1,
                part.caption,
                place,
                len(pages),
                next((block.title for block in blocks(text) if block.kind == "#"), page),
                told.get("question", ""),
                told.get("figure", ""),
                time[1] if time else "",
            )
    return found


def role(cell: nbformat.NotebookNode) -> str:
    """Which of :data:`ROLES` a cell has, or ""."""
    return next((tag for tag in cell.metadata.get("tags", []) if tag in ROLES), "")


def markdown(notebook: nbformat.NotebookNode) -> str:
    """The prose of a notebook as one text."""
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def title(path: Path) -> str:
    """The first heading of a notebook, or its file name where it has none yet."""
    found = blocks(markdown(nbformat.read(path, as_version=4)))
    return next((block.title for block in found if block.kind == "#"), path.stem)


def objectives(path: Path) -> str:
    """The list under *What you will be able to do* in a notebook, as Markdown."""
    found = blocks(markdown(nbformat.read(path, as_version=4)))
    body = next(block.body for block in found if block.title == "What you will be able to do")
    return "\n".join(line for line in body.splitlines() if line.startswith("- "))
