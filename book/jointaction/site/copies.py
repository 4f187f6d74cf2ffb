"""Copies of each chapter for a class, all made from the one notebook: for students, with solutions, and to print.

``make.py copies`` writes them into ``_build/copies`` (:mod:`jointaction.site.handouts`), the build of the site into
its folder ``copies``. The cells' tags say which cell goes where, :data:`jointaction.site.contents.ROLES`.
"""

from __future__ import annotations

import contextlib
import copy
import html
import io
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import ClassVar

import nbformat
from docutils import nodes
from docutils.parsers.rst import directives
from latex2mathml.converter import convert
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from sphinx.application import Sphinx

from jointaction.errors import InputError, nearest
from jointaction.site import contents, install, language
from jointaction.site.scenarios import Refusing

ASSETS = Path(__file__).parent / "assets"
FOLDER = "copies"
# Kind → how its file is called after the chapter's name, what it is, and the same in a table.
KINDS = {
    "student": ("-student.ipynb", "student notebook", "notebook"),
    "worksheet": ("-worksheet.html", "worksheet", "worksheet"),
    "solution": ("-solutions.ipynb", "solution notebook", "notebook"),
    "key": ("-key.html", "key to the worksheet", "key"),
}
TO_STUDENTS = (
    "*A student’s copy.* Choose *Run*, *Run All Cells* first. Write your answers into the cells under the exercises. "
    "Where a cell has a line with `check`, take away its `#` and run it: it says which number is asked for. Then put your "
    "number in place of the dots and run it again."
)
_DROPDOWN = re.compile(r"^(`{3,})\{dropdown\} *(.*?)\n(.*?)^\1[ \t]*$\n?", re.MULTILINE | re.DOTALL)
_OPTION = re.compile(r"[A-E]\. ")
_PYTHON = re.compile(r"^```python\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)


# ---- notebooks


def student(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The chapter without solutions and without answers: of the self-check the questions, of the rest all but those."""
    made = copy.deepcopy(notebook)
    made.cells = [cell for cell in made.cells if contents.role(cell) != "solution"]
    for cell in made.cells:
        if cell.cell_type == "markdown":
            cell.source = _DROPDOWN.sub(_question_only, cell.source).strip()
    place = install.PLACE + any(map(install.is_install, made.cells))
    made.cells.insert(place, nbformat.v4.new_markdown_cell(TO_STUDENTS, id="to-students"))
    return _plain(made)


def _question_only(dropdown: re.Match[str]) -> str:
    """An option of the self-check as a line of a list; of every other dropdown nothing."""
    return f"- {dropdown[2]}\n" if _OPTION.match(dropdown[2]) else ""


def solution(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The chapter with its solutions in the open: text, and code in cells that have run."""
    made = copy.deepcopy(notebook)
    space: dict = {"__name__": "__main__"}
    made.cells = []
    for cell in copy.deepcopy(notebook.cells):
        part = contents.role(cell)
        if part == "solution" and cell.cell_type == "markdown":
            made.cells += _opened(cell, space)
        elif part != "answer":
            made.cells.append(cell)
    return _plain(made)


def _opened(cell: nbformat.NotebookNode, space: dict) -> Iterator[nbformat.NotebookNode]:
    """A solution without its fold: Markdown and code in turn. ``space`` is where the notebook's code runs."""
    text = f"**Solution**\n\n{_DROPDOWN.fullmatch(cell.source)[3]}"
    for place, part in enumerate(_PYTHON.split(text)):
        if place % 2:
            made = nbformat.v4.new_code_cell(part.strip(), id=f"{cell.id}-{place}")
            if printed := _run(made.source, space):
                made.outputs = [nbformat.v4.new_output("stream", name="stdout", text=printed)]
        elif part.strip():
            made = nbformat.v4.new_markdown_cell(part.strip(), id=f"{cell.id}-{place}")
        else:
            continue
        yield made


def _run(code: str, space: dict) -> str:
    """Run a cell here, which takes no kernel, and return what it prints."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "<solution>", "exec"), space)
    return printed.getvalue()


def _plain(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Without the tags that only the build reads, and with the cells that ran counted anew."""
    for count, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        cell.execution_count = count
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({"tags": [contents.role(cell)]} if contents.role(cell) else {})
    return notebook


# ---- pages to print


def exercises(notebook: nbformat.NotebookNode) -> list[tuple[str, str, str]]:
    """Title, text and solution of each exercise, in Markdown."""
    found: list[list[str]] = []
    for cell in notebook.cells:
        if contents.role(cell) == "exercise":
            heading, _, text = cell.source.partition("\n")
            found.append([heading.lstrip("# "), text.strip(), ""])
        elif contents.role(cell) == "solution" and cell.cell_type == "markdown":
            found[-1][2] = _DROPDOWN.fullmatch(cell.source)[3].strip()
    return [tuple(each) for each in found]


def worksheet(notebook: nbformat.NotebookNode, title: str) -> str:
    """Two sheets with the exercises and room to write, as a page that prints on A4 and on Letter."""
    asked = exercises(notebook)
    sheets = (asked[: _break(asked)], asked[_break(asked) :])
    name = '<p class="name">Name <span></span> Date <span></span></p>'
    body = ""
    for number, sheet in enumerate(sheets):
        inside = "".join(
            f'<section><h2>{printed(heading, inline=True)}</h2>{printed(text)}<div class="room"></div></section>'
            for heading, text, _ in sheet
        )
        head = f"<h1>{html.escape(title)}</h1>{name}" if number == 0 else ""
        body += f'<div class="sheet">{head}{inside}<footer>{html.escape(title)}, {number + 1} of 2</footer></div>'
    return page(f"Worksheet: {title}", body)


def _break(asked: list[tuple[str, str, str]]) -> int:
    """How many exercises stand on the first sheet: as many as make the fuller sheet least full."""
    sizes = [len(text) + 400 for _, text, _ in asked]
    return min(range(1, len(sizes)), key=lambda first: max(sum(sizes[:first]) + 200, sum(sizes[first:])))


def key(notebook: nbformat.NotebookNode, title: str) -> str:
    """The solutions of the worksheet, to print."""
    inside = "".join(
        f"<section><h2>{printed(heading, inline=True)}</h2>{printed(answer)}</section>"
        for heading, _, answer in exercises(notebook)
    )
    return page(f"Key: {title}", f'<div class="key"><h1>Key: {html.escape(title)}</h1>{inside}</div>')


def page(title: str, body: str) -> str:
    """A page to print, which needs no other file."""
    style = (ASSETS / "print.css").read_text(encoding="utf-8")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f'<meta name="description" content="{html.escape(title)}: a page to print.">'
        f"<style>{style}</style></head>\n<body><main>{language.mark(body)}</main></body></html>\n"
    )


_MARKDOWN = create_md_parser(MdParserConfig(enable_extensions={"dollarmath"}, dmath_double_inline=True), RendererHTML)
for kind, mode in {"math_inline": "inline", "math_inline_double": "block", "math_block": "block"}.items():

    def _formula(_self: object, tokens: list, place: int, _options: object, _env: object, mode: str = mode) -> str:
        formula = tokens[place].content
        parts = re.split(r"(?<=\S)\s+(?==\s)", formula) if mode == "inline" else [formula]
        if any(part.count("{") != part.count("}") or r"\left" in part for part in parts):
            parts = [formula]  # a sign inside a group is no place to break the line
        return "<wbr>".join(convert(part, display=mode) for part in parts)

    _MARKDOWN.add_render_rule(kind, _formula)
_HELD = re.compile(r"(<math(?:(?!<math).)*?</math>)([,.;:)%?”]+)", re.DOTALL)
_LINK = re.compile(r'<a href="(?!http)[^"]*">(.*?)</a>', re.DOTALL)


def printed(markdown: str, inline: bool = False) -> str:
    """Markdown as HTML. Links into the book become plain text: a sheet of paper leads nowhere."""
    made = _MARKDOWN.renderInline(markdown) if inline else _MARKDOWN.render(markdown)
    made = _HELD.sub(r'<span class="held">\1\2</span>', made)  # no line begins with a comma
    return _LINK.sub(r"\1", made)


# ---- files


def write(
    folder: Path, root: Path = contents.ROOT, address: str = "", kinds: Collection[str] = tuple(KINDS)
) -> list[Path]:
    """Write the copies of these kinds of every chapter that the table of contents lists, and return the files.

    ``address`` is that of the book's repository, for the cell that says where the library comes from.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for page in contents.listed(root):
        source = root / f"{page}.ipynb"
        if not source.is_file():
            continue
        notebook, title = nbformat.read(source, as_version=4), contents.title(source)
        if not exercises(notebook):
            continue
        for kind in kinds:
            text = _made(kind, notebook, title)
            path = folder / f"{source.stem}{KINDS[kind][0]}"
            if address and path.suffix == ".ipynb":
                text = install.with_address(text, address)
            path.write_text(text if text.endswith("\n") else f"{text}\n", encoding="utf-8")
            written.append(path)
    return written


def _made(kind: str, notebook: nbformat.NotebookNode, title: str) -> str:
    """A copy of one kind as the text of its file."""
    if kind in ("student", "solution"):
        return nbformat.writes(student(notebook) if kind == "student" else solution(notebook))
    return (worksheet if kind == "worksheet" else key)(notebook, title)


# ---- on the site


def add(app: Sphinx, exception: Exception | None) -> None:
    """Write the copies into the built site."""
    if exception or app.builder.format != "html":
        return
    home = app.config.book_repository
    write(Path(app.outdir) / FOLDER, Path(app.srcdir), home.address if home else "")


def button(app: Sphinx, pagename: str, context: dict) -> None:
    """Offer a chapter's student notebook beside its notebook."""
    name = Path(pagename).name
    if name not in contents.chapters(Path(app.srcdir)):
        return
    groups = [group.get("buttons", []) for group in context.get("header_buttons", [])]
    for buttons in groups:
        if any(each["text"] == ".ipynb" for each in buttons):
            buttons.append(
                {
                    "type": "link",
                    "text": "for students",
                    "tooltip": "Download the notebook without solutions, with cells to answer in",
                    "url": context["pathto"](f"{FOLDER}/{name}{KINDS['student'][0]}", True),
                    "icon": "fas fa-file",
                    "label": "download-student-button",
                }
            )


class Copies(Refusing):
    """``{copies} KIND …``: a table of the chapters, or of the one named, with their copies of these kinds."""

    required_arguments, final_argument_whitespace = 1, True
    option_spec: ClassVar = {"chapter": directives.unchanged_required}

    def shown(self) -> list[nodes.Node]:
        up = "../" * self.env.docname.count("/")
        root, kinds = Path(self.env.srcdir), self.arguments[0].split()
        for path in contents.notebooks(root):
            self.env.note_dependency(str(path))
        return [nodes.raw("", table(kinds, self.options.get("chapter", ""), up, root), format="html")]


def table(kinds: list[str], named: str = "", up: str = "", root: Path = contents.ROOT) -> str:
    """The table of copies of these kinds, of every chapter or of the one ``named``; ``up`` leads to the site's root.

    Raises :class:`jointaction.errors.InputError` for an unknown kind and for an unknown chapter.
    """
    chapters = contents.chapters(root)
    known = [("kind of copy", kind, KINDS) for kind in kinds] + ([("chapter", named, chapters)] if named else [])
    for what, name, names in known:
        if name not in names:
            raise InputError(f"There is no {what} {name!r}; the nearest is {nearest(name, names)!r}.")
    rows = "".join(
        f'<tr><th scope="row">{html.escape(title)}</th>'
        + "".join(
            f'<td><a href="{up}{FOLDER}/{name}{KINDS[kind][0]}"{_download(kind)} '
            f'aria-label="{KINDS[kind][1]} of {html.escape(title)}">{KINDS[kind][1 if named else 2]}</a></td>'
            for kind in kinds
        )
        + "</tr>"
        for name, title in chapters.items()
        if name == (named or name)
    )
    which = "this" if named else "each"
    label = f"{' and '.join(KINDS[kind][1] for kind in kinds)} of {which} chapter".capitalize()
    return (
        f'<div class="ja-table" role="region" aria-label="{label}" tabindex="0">'
        f'<table class="table"><tbody>{rows}</tbody></table></div>\n'
    )


def _download(kind: str) -> str:
    return " download" if KINDS[kind][0].endswith(".ipynb") else ""
