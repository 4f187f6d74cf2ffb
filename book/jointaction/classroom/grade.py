"""Read the notebooks that students hand in and write one table of their answers: ``make.py grade FOLDER``.

No student's code runs. An answer is read from the cell where it is a number or a sum of numbers, and otherwise from
what ``check`` left in the cell's output; right and wrong are worked out here, anew.
"""

from __future__ import annotations

import argparse
import ast
import csv
import operator
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

from jointaction.classroom.answers import MIME, check, find, settings
from jointaction.errors import InputError

UNREAD = "The answer cannot be read: the cell has no number and was not run."
_SUMS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


class Row(NamedTuple):
    """One answer. ``given``, ``expected`` and ``right`` are empty where there is none."""

    name: str
    exercise: str
    given: float | str
    expected: float | str
    right: str
    hint: str


def grade(path: Path, name: str = "") -> list[Row]:
    """The answers in one notebook, under ``name`` or the file's own where no student is named in it.

    Raises :class:`jointaction.errors.InputError` for a file that is no notebook and for one without answers.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        sources = ["".join(cell.source) for cell in cells]
    except Exception as error:  # whatever a damaged file makes of the reader
        raise InputError(f"{path.name} cannot be read as a notebook ({type(error).__name__}).") from None
    given, student, names = {}, "", {}
    for cell, source in zip(cells, sources):
        for call in _calls(source, names):
            if call.function == "variant" and isinstance(call.values[0], str):
                student = call.values[0].strip()
            elif call.function in ("check", ".check") and len(call.values) > 2:
                chapter, number, answer = call.values[:3]
                who = call.student or (student if call.function == ".check" else "")
                given[who, str(chapter), str(number)] = answer
        for found in _recorded(cell):
            key = (str(found.get("student", "")), str(found.get("chapter")), str(found.get("number")))
            if given.get(key) is None:
                given[key] = found.get("given")
    if not given:
        raise InputError(f"{path.name} has no answer: no cell calls check.")
    name = student or next((who for who, *_ in given if who), "") or name or path.stem
    return [_row(name, *key, answer) for key, answer in given.items()]


def _row(name: str, student: str, chapter: str, number: str, answer: Any) -> Row:
    exercise = f"{chapter} {number}"
    try:
        task = find(chapter, number)
        expected = round(task.right(settings(student, chapter, task)), task.digits + 2)
        if answer is None:
            return Row(name, exercise, "", expected, "no", UNREAD)
        verdict = check(chapter, number, answer, student)
    except InputError as error:
        return Row(name, exercise, "", "", "no", str(error))
    return Row(name, exercise, verdict.given, expected, "yes" if verdict.right else "no", verdict.hint)


class _Call(NamedTuple):
    function: str
    values: list[Any]
    student: str


def _calls(source: str, names: dict[str, Any]) -> Iterator[_Call]:
    """The calls in a cell in order, with what their arguments are worth; ``names`` holds numbers given a name."""
    lines = (" " if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
    try:
        statements = ast.parse("\n".join(lines)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                own = isinstance(node.func, ast.Attribute)
                function = f".{node.func.attr}" if own else getattr(node.func, "id", "")
                named = {word.arg: _worth(word.value, names) for word in node.keywords}
                values = [_worth(each, names) for each in node.args]
                values += [named[name] for name in ("chapter", "number", "answer")[len(values) :] if name in named]
                if values:
                    yield _Call(function, values, str(named.get("student") or ""))
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    names[target.id] = _worth(statement.value, names)


def _worth(node: ast.expr, names: dict[str, Any]) -> Any:
    """A text, or a number from numbers by arithmetic; None for all else."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return names.get(node.id)
    try:
        if isinstance(node, ast.UnaryOp):
            return float(_SUMS[type(node.op)](_worth(node.operand, names)))
        if isinstance(node, ast.BinOp):
            left, right = (float(_worth(side, names)) for side in (node.left, node.right))
            return float(_SUMS[type(node.op)](left, right))
    except (KeyError, TypeError, ValueError, ArithmeticError, RecursionError):
        return None
    return None


def _recorded(cell: nbformat.NotebookNode) -> Iterator[dict]:
    """What ``check`` left in the outputs of a cell."""
    for output in cell.get("outputs", []):
        found = output.get("data", {}).get(MIME)
        if isinstance(found, dict):
            yield found


def _safe(text: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def write(folder: Path, table: Path) -> tuple[int, list[str]]:
    """Grade every notebook below a folder into a CSV file; return the number of files and a sentence for each unread."""
    files = sorted(path for path in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
    said = []
    with table.open("w", newline="", encoding="utf-8-sig") as out:
        writer = csv.writer(out)
        writer.writerow(Row._fields)
        for path in files:
            # With its folder: a chapter's notebook is called the same in every student's folder.
            name = path.relative_to(folder).with_suffix("").as_posix()
            try:
                rows = grade(path, name)
            except InputError as error:
                said.append(str(error))
                rows = [Row(name, "", "", "", "", str(error))]
            writer.writerows([_safe(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return len(files), said


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="make.py grade", description="Grade the notebooks of a folder into a CSV file."
    )
    parser.add_argument("folder", type=Path, help="folder with the notebooks that students handed in")
    parser.add_argument("--table", type=Path, help="the file to write; grades.csv in that folder if none is named")
    wanted = parser.parse_args(arguments)
    if not wanted.folder.is_dir():
        print(f"There is no folder {wanted.folder}; name the one that holds the notebooks.", file=sys.stderr)
        return 1
    table = wanted.table or wanted.folder / "grades.csv"
    count, said = write(wanted.folder, table)
    for sentence in said:
        print(sentence, file=sys.stderr)
    print(f"Read {count} notebooks, {len(said)} of them in vain, and wrote {table}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
