"""The tables of the book: one loader from a table's name to a typed, checked DataFrame.

`data/datapackage.json` declares each table: columns with type and unit, limits, key, sources and
license. `load` reads the CSV file against that declaration and refuses it with one sentence that
names table, row, column and rule.
"""

import contextlib
import contextvars
import copy
import csv
import functools
import io
import json
import math
import re
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from jointaction.errors import InputError, nearest

_PACKAGE = Path(__file__).resolve().parents[1]
# An installed library carries its tables; in the repository they stand at the top level.
FOLDER = next((f for f in (_PACKAGE / "data", _PACKAGE.parents[1] / "data") if f.is_dir()), _PACKAGE / "data")


class DataError(InputError):
    """A table that cannot be read or that breaks its declaration."""


def tables(folder: Path | str | None = None) -> list[str]:
    """Return the names of all tables, in the order of the codebook.

    Raises DataError if datapackage.json is missing or broken.
    """
    return list(_resources(folder))


def describe(name: str, folder: Path | str | None = None) -> dict[str, Any]:
    """Return what datapackage.json declares for a table: title, description, schema, sources, licenses.

    The dictionary is the caller's own copy. Raises DataError for an unknown table (with the nearest
    name) or a broken datapackage.json.
    """
    return copy.deepcopy(_declaration(name, folder))


def sources(name: str, folder: Path | str | None = None) -> list[dict[str, str]]:
    """Return the sources of a table, each with some of title, publisher, date, path (address), endnote.

    Raises DataError as `describe` does.
    """
    return describe(name, folder)["sources"]


def load(name: str, folder: Path | str | None = None) -> pd.DataFrame:
    """Read a table and return it as a new DataFrame with the declared types.

    Columns come in the declared order. Types: string is str (a missing text is ""), integer and year
    are int64, number is float64 (missing is NaN), boolean is bool; integer and boolean columns with
    missing values are Int64 and boolean. Units are in `describe(name)["schema"]["fields"]`.

    `folder` is the data folder; the default is found from this file, whatever the working directory.

    Raises DataError, with one sentence, for an unknown table, a missing file, text that is not UTF-8,
    a malformed CSV file, missing or extra columns, values that break their column's type or limits, text
    whose characters or dates a spreadsheet has changed, and a column `…_zh` without Chinese characters.
    A byte-order mark and the truth values of the Table Schema standard (TRUE, FALSE, 1, 0) are accepted.

    A name that ends in `.csv` is a file that a figure's *Download CSV* saved: its lines of `#`, which say what it
    is, are in the frame's `attrs["about"]`.
    """
    if str(name).endswith(".csv"):
        return _saved(Path(name))
    if folder is None:
        _read_now.get().add(name)
        if name in _replaced.get():
            return _replaced.get()[name].copy()
    path = _folder(folder) / _declaration(name, folder)["path"]
    return _load(name, _folder(folder), _stamp(path), _stamp(_folder(folder) / "datapackage.json")).copy()


def _saved(path: Path) -> pd.DataFrame:
    """The data of a figure, as a reader saved it."""
    if not path.is_file():
        raise DataError(f"There is no file {path}; give the path of a file that a figure’s Download CSV saved.")
    header, rows = None, []
    about = []
    for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines()):
        if header is None and row and row[0].startswith("#"):
            about.append(row[0].lstrip("# "))
        elif header is None:
            header = row
        else:
            rows.append(row)
    frame = pd.DataFrame(rows, columns=header).apply(_numbers)
    frame.attrs["about"] = about
    return frame


def _numbers(column: pd.Series) -> pd.Series:
    """The column as numbers where every text in it is one, as it stands elsewhere."""
    numbers = pd.to_numeric(column.where(column != ""), errors="coerce")
    return numbers if (numbers.notna() | (column == "")).all() else column


_replaced: contextvars.ContextVar[Mapping[str, pd.DataFrame]] = contextvars.ContextVar(
    "replaced", default=types.MappingProxyType({})
)
# Names of the tables that have been read since the innermost ``replaced`` or ``remembered`` began.
_read_now: contextvars.ContextVar[set[str]] = contextvars.ContextVar("read_now", default=set())  # noqa: B039


@contextlib.contextmanager
def replaced(frames: Mapping[str, pd.DataFrame]) -> Iterator[set[str]]:
    """Let ``load`` give these frames instead of the tables of the same names, as long as the context lasts.

    Gives the names of the tables that have been read.
    Raises DataError for an unknown table and for a frame that lacks a column of the table it stands for.
    """
    for name, frame in frames.items():
        if not isinstance(frame, pd.DataFrame):
            raise DataError(
                f"Table “{name}” must be a DataFrame, but is a {type(frame).__name__}; start from load({name!r})."
            )
        for field in describe(name)["schema"]["fields"]:
            if field["name"] not in frame:
                raise DataError(
                    f"Table “{name}”: the column “{field['name']}” is missing; the nearest is "
                    f"“{nearest(field['name'], map(str, frame))}”."
                )
    read: set[str] = set()
    token, reading = _replaced.set({**_replaced.get(), **frames}), _read_now.set(read)
    try:
        yield read
    finally:
        _replaced.reset(token)
        _read_now.reset(reading)


def remembered(function: Callable[[], Any]) -> Callable[[], Any]:
    """Work out a function of the tables once, and once more for each replacement of tables."""
    known: dict[tuple, Any] = {}

    @functools.wraps(function)
    def recall() -> Any:
        frames = _replaced.get()
        key = tuple((name, id(frame)) for name, frame in frames.items())
        if key not in known:
            read: set[str] = set()
            token = _read_now.set(read)
            try:
                known[key] = (function(), read, frames)  # the frames are kept, so that their ids stay theirs
            finally:
                _read_now.reset(token)
        _read_now.get().update(known[key][1])
        return known[key][0]

    return recall


def _stamp(path: Path) -> float:
    """When a file was last written, or zero where there is none: what was read from it holds until then."""
    return path.stat().st_mtime_ns if path.exists() else 0


@functools.lru_cache(maxsize=128)
def _load(name: str, folder: Path, *stamps: float) -> pd.DataFrame:
    declared = _declaration(name, folder)
    header, rows = _read(name, folder / declared["path"])
    fields = declared["schema"]["fields"]
    _check_header(name, header, [field["name"] for field in fields])
    key = declared["schema"]["primaryKey"]
    places = [_place(header, row, number, key) for number, row in enumerate(rows, start=1)]
    columns = {}
    for field in fields:
        position = header.index(field["name"])
        columns[field["name"]] = _column(name, field, [row[position] for row in rows], places)
    frame = pd.DataFrame(columns)
    _check_key(name, frame, key, places)
    return frame


def _folder(folder: Path | str | None) -> Path:
    return FOLDER if folder is None else Path(folder)


def _declaration(name: str, folder: Path | str | None) -> dict[str, Any]:
    resources = _resources(folder)
    if name not in resources:
        raise DataError(f"There is no table “{name}”; the nearest is “{nearest(name, resources)}”.")
    return resources[name]


def _resources(folder: Path | str | None) -> dict[str, dict[str, Any]]:
    path = _folder(folder) / "datapackage.json"
    return _declared(path, _stamp(path))


@functools.lru_cache(maxsize=8)
def _declared(path: Path, stamp: float) -> dict[str, dict[str, Any]]:
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
        resources = {resource["name"]: resource for resource in package["resources"]}
        for resource in resources.values():
            _check_declaration(resource)
    except FileNotFoundError:
        raise DataError(f"The description of the tables is missing: there is no file {path}.") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"The description of the tables, {path}, is not readable JSON: {error}.") from None
    except (KeyError, TypeError) as error:
        raise DataError(f"The description of the tables, {path}, lacks a part that is needed: {error}.") from None
    return resources


def _check_declaration(resource: dict[str, Any]) -> None:
    for part in ("title", "description", "path", "sources", "licenses", "schema"):
        if part not in resource:
            raise DataError(f"Table “{resource['name']}”: datapackage.json gives it no {part}.")
    columns = [field["name"] for field in resource["schema"]["fields"]]
    for column in resource["schema"]["primaryKey"]:
        if column not in columns:
            raise DataError(f"Table “{resource['name']}”: the primary key names “{column}”, which is no column.")
    for field in resource["schema"]["fields"]:
        if field["type"] not in _READERS:
            raise DataError(
                f"Table “{resource['name']}”, column “{field['name']}”: datapackage.json declares "
                f"the unknown type “{field['type']}”."
            )


def _read(name: str, path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise DataError(f"Table “{name}”: there is no file {path}.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataError(f"Table “{name}”: {path.name} is not UTF-8 text, see line {line}.") from None
    # Spreadsheets begin a UTF-8 file with a byte-order mark, and the Table Schema standard lets them.
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        lines = list(reader)
    except csv.Error as error:
        raise DataError(
            f"Table “{name}”: {path.name} is not a well-formed CSV file, see line {reader.line_num}: {error}."
        ) from None
    if not lines:
        raise DataError(f"Table “{name}”: {path.name} is empty, without even a header.")
    header, *rows = lines
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            raise DataError(
                f"Table “{name}”, row {number}: {path.name} is malformed, with {len(row)} values "
                f"under {len(header)} columns."
            )
    return header, rows


def _check_header(name: str, header: list[str], declared: list[str]) -> None:
    for column in declared:
        if column not in header:
            raise DataError(f"Table “{name}”: the column “{column}” is missing.")
    for column in header:
        if column not in declared:
            raise DataError(f"Table “{name}”: the column “{column}” is not declared in datapackage.json.")
        if header.count(column) > 1:
            raise DataError(f"Table “{name}”: the column “{column}” appears twice.")


def _place(header: list[str], row: list[str], number: int, key: list[str]) -> str:
    values = [row[header.index(column)] for column in key]
    return f"row {number} ({', '.join(values)})"


def _number(text: str) -> float:
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
        raise ValueError
    if not math.isfinite(number := float(text)):
        raise ValueError
    return number


def _integer(text: str) -> int:
    # int() would also take "1_000", " 7" and digits of other scripts.
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        raise ValueError
    return int(text)


def _year(text: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise ValueError
    return int(text)


# The words that the Table Schema standard takes for truth values; spreadsheets write TRUE and FALSE.
_TRUTH = {
    "true": True,
    "True": True,
    "TRUE": True,
    "1": True,
    "false": False,
    "False": False,
    "FALSE": False,
    "0": False,
}


def _boolean(text: str) -> bool:
    if text not in _TRUTH:
        raise ValueError
    return _TRUTH[text]


# What spreadsheets do to text: characters they cannot write become ? or U+FFFD, and dates are rewritten.
_LOST = re.compile(r"\?\?|\ufffd")
_REWRITTEN = re.compile(r"(?:\d{1,2}-)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{2,4}", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")


def _damage(column: str, text: str) -> str:
    """Return what a spreadsheet did to a text, in words, or "" if the text is whole."""
    if _LOST.search(text):
        return f"“{text}” has lost characters, shown as ?? or \ufffd; save the file as UTF-8"
    if _REWRITTEN.fullmatch(text):
        return f"“{text}” is a date as spreadsheets rewrite it; write the month in full, as in March 2023"
    if column.endswith("_zh") and "?" in text:
        return f"“{text}” has lost characters, shown as ?; save the file as UTF-8"
    if column.endswith("_zh") and text and not _HAN.search(text):
        return f"“{text}” holds no Chinese character, though the column is in Chinese"
    return ""


# For each declared type: the reader, how a message names it, and the column type with and without gaps.
_READERS = {
    "string": (str, "text", "str", "str"),
    "number": (_number, "a number", "float64", "float64"),
    "integer": (_integer, "a whole number", "int64", "Int64"),
    "year": (_year, "a year of four digits", "int64", "Int64"),
    "boolean": (_boolean, "true or false", "bool", "boolean"),
}


def _column(name: str, field: dict[str, Any], texts: list[str], places: list[str]) -> pd.Series:
    """Convert one column and apply its constraints, stopping at the first value that breaks one."""
    rules = field.get("constraints", {})
    values: list[Any] = []
    first_seen: dict[str, str] = {}
    for text, place in zip(texts, places, strict=True):
        value, broken = _value(field["type"], rules, text)
        if not broken and field["type"] == "string":
            broken = _damage(field["name"], text)
        if not broken and text and rules.get("unique") and text in first_seen:
            broken = f"“{text}” must be unique, but stands in {first_seen[text]} too"
        if broken:
            raise DataError(f"Table “{name}”, {place}, column “{field['name']}”: {broken}.")
        first_seen[text] = place
        values.append(value)
    *_, full, gappy = _READERS[field["type"]]
    return pd.Series(values, dtype=gappy if None in values else full)


def _value(kind: str, rules: dict[str, Any], text: str) -> tuple[Any, str]:
    """Return one converted value and the rule it breaks, in words, or "" if it breaks none."""
    read, wanted, *_ = _READERS[kind]
    if text == "":
        broken = "a value is required, but the cell is empty" if rules.get("required") else ""
        return ("" if kind == "string" else None), broken
    try:
        value = read(text)
    except ValueError:
        return None, f"“{text}” is not {wanted}"
    if "minimum" in rules and value < rules["minimum"]:
        return value, f"{text} is below the minimum of {rules['minimum']}"
    if "maximum" in rules and value > rules["maximum"]:
        return value, f"{text} is above the maximum of {rules['maximum']}"
    if "enum" in rules and value not in rules["enum"]:
        return value, f"“{text}” is not one of {', '.join(map(str, rules['enum']))}"
    if "pattern" in rules and not re.fullmatch(rules["pattern"], text):
        return value, f"“{text}” does not match the pattern {rules['pattern']}"
    return value, ""


def _check_key(name: str, frame: pd.DataFrame, key: list[str], places: list[str]) -> None:
    repeated = frame.duplicated(subset=key)
    if repeated.any():
        raise DataError(
            f"Table “{name}”, {places[int(repeated.argmax())]}, columns “{', '.join(key)}”: "
            "the primary key must be unique, but an earlier row has the same."
        )
