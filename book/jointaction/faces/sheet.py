"""A sheet: the named steps and tables of one explorer, computed by Python or written out for a browser.

An explorer's ``compute`` fills a sheet once. :class:`NumberSheet` works everything out, for a live kernel and
for tests. :class:`ExpressionSheet` writes the same steps down as Vega signals and data transforms, for the
static page. Neither knows anything about a particular model.
"""

from __future__ import annotations

import collections
import functools
import json
import math
import weakref
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from jointaction.faces.ops import Expr, field, is_column, param, source, total


class Rows:
    """The rows of one table while a sheet is being filled; ``rows["name"]`` is a column."""

    def __init__(
        self,
        columns: Callable[[str], Any],
        add: Callable[[str, Any], None],
        keep: Callable[[Any], None],
        sort: Callable[[str], None],
        total: Callable[[str], Any],
        first: Callable[[str], Any],
    ):
        self._columns, self._add, self._keep, self._sort = columns, add, keep, sort
        self._total, self._first = total, first
        self._finished = False

    def __getitem__(self, name: str) -> Any:
        return self._columns(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self._refuse_if_finished()
        self._add(name, value)

    def keep(self, condition: Any) -> None:
        """Drop the rows for which ``condition`` does not hold; the others keep their first order."""
        self._refuse_if_finished()
        self._keep(condition)

    def sort(self, name: str) -> None:
        """Put the rows in rising order of column ``name``, which has no missing values; ties stay as they are."""
        self._refuse_if_finished()
        self._sort(name)

    def total(self, name: str) -> Any:
        """The sum of column ``name``, which has no missing values, as a column that is alike in all rows.

        It is added from the first row to the last, so that Python and a browser round alike.
        """
        self._refuse_if_finished()
        return self._total(name)

    def first(self, name: str) -> Any:
        """Column ``name`` in the first row, as a step of its own, for other steps and other tables.

        After a :meth:`sort` it belongs to the smallest row. It finishes the table, which must have a row: a
        browser reads the value from the finished table, so a later change would mean something else there.
        """
        self._finished = True
        return self._first(name)

    def _refuse_if_finished(self) -> None:
        if self._finished:
            raise RuntimeError("The table is finished, since its first row has been read; change it before that.")


class Sheet:
    """Common part of the two sheets. ``p`` holds the controls, as numbers or as expressions."""

    def __init__(self, p: Mapping[str, Any]):
        self.p = SimpleNamespace(**p)

    def step(self, name: str, value: Any) -> Any:
        """Name a single value, so that later steps, read-outs and charts can use it."""
        raise NotImplementedError

    def table(self, name: str, frame: pd.DataFrame) -> Rows:
        """Start a table from a frame of plain columns."""
        raise NotImplementedError

    def grid(self, name: str, column: str, low: Any, high: Any, count: int) -> Rows:
        """Start a table of ``count`` evenly spaced values of ``column`` from ``low`` to ``high``, both included."""
        raise NotImplementedError

    def sum(self, frame: pd.DataFrame, term: Callable[[Any], Any]) -> Any:
        """Add ``term(row)`` over the rows of a frame whose values are plain constants."""
        return total(term(row) for row in _plain(frame).rows)


class NumberSheet(Sheet):
    """The sheet in numbers: ``steps`` maps names to values, ``columns`` names to tables as columns.

    A column is a numpy array; text stands in arrays of objects.
    """

    def __init__(self, p: Mapping[str, Any]):
        super().__init__(p)
        self.steps: dict[str, Any] = {}
        self.columns: dict[str, dict[str, np.ndarray]] = {}

    @functools.cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables as frames, once the sheet is filled."""
        return {name: pd.DataFrame(columns) for name, columns in self.columns.items()}

    def step(self, name: str, value: Any) -> Any:
        if isinstance(value, np.generic):
            value = value.item()
        self.steps[name] = value
        return value

    def table(self, name: str, frame: pd.DataFrame) -> Rows:
        return self._rows(name, dict(_plain(frame).columns), len(frame))

    def grid(self, name: str, column: str, low: Any, high: Any, count: int) -> Rows:
        rows = self._rows(name, {"_i": np.arange(count, dtype=float)}, count)
        rows[column] = low + rows["_i"] * ((high - low) / (count - 1))
        return rows

    def _rows(self, name: str, columns: dict[str, np.ndarray], count: int) -> Rows:
        self.columns[name] = columns

        def add(column: str, value: Any) -> None:
            columns[column] = _array(value) if is_column(value) else _array([value] * count)

        def take(places: Any) -> None:
            nonlocal count
            columns.update({column: values[places] for column, values in columns.items()})
            count = len(next(iter(columns.values())))

        def keep(condition: Any) -> None:
            take(np.asarray(condition, dtype=bool) if is_column(condition) else np.full(count, bool(condition)))

        def sort(column: str) -> None:
            take(np.argsort(columns[column], kind="stable"))

        def total_of(column: str) -> np.ndarray:
            return np.full(count, total(columns[column].tolist()))

        def first(column: str) -> Any:
            return self.step(f"{name}_first_{column}", columns[column][:1].tolist()[0])

        return Rows(columns.__getitem__, add, keep, sort, total_of, first)


class _Plain:
    """The columns of a frame as arrays, and its rows as named tuples once somebody asks for them."""

    def __init__(self, frame: pd.DataFrame):
        self.columns = {str(column): _array(frame[column]) for column in frame}

    @functools.cached_property
    def rows(self) -> list:
        row = _row(tuple(self.columns))
        return [row(*values) for values in zip(*(array.tolist() for array in self.columns.values()))]


_read: dict[int, tuple[weakref.ref, _Plain]] = {}


def _plain(frame: pd.DataFrame) -> _Plain:
    """A frame as plain arrays and rows, read once for as long as the frame lives."""
    known = _read.get(id(frame))
    if known is None or known[0]() is not frame:
        forget = functools.partial(_read.pop, id(frame))
        known = _read[id(frame)] = (weakref.ref(frame, lambda _: forget(None)), _Plain(frame))
    return known[1]


@functools.lru_cache(maxsize=512)
def _row(columns: tuple[str, ...]) -> type:
    return collections.namedtuple("Row", columns, rename=True)


def _array(values: Any) -> np.ndarray:
    """The values as an array of numbers, of Booleans, or of objects for text and for what may be missing."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiub":
        return values
    if (
        isinstance(values, pd.Series)
        and values.dtype.kind in "fiub"
        and not pd.api.types.is_extension_array_dtype(values)
    ):
        return values.to_numpy()
    array = np.array(list(values), dtype=object)
    kinds = {type(value) for value in array}
    if kinds and (kinds <= {float, int, np.float64, np.int64} or kinds <= {bool, np.bool_}):
        return np.array(array.tolist())
    return array


class ExpressionSheet(Sheet):
    """The sheet as Vega: ``signals`` and ``data`` go into a specification as they are."""

    def __init__(self, p: Mapping[str, Any]):
        super().__init__({name: param(name) for name in p})
        self.signals: list[dict] = [{"name": name, "value": value} for name, value in p.items()]
        self.data: list[dict] = []

    def step(self, name: str, value: Any) -> Expr:
        self.signals.append({"name": name, "update": source(value)})
        return param(name)

    def table(self, name: str, frame: pd.DataFrame) -> Rows:
        return self._rows({"name": name, "values": records(frame), "transform": []})

    def grid(self, name: str, column: str, low: Any, high: Any, count: int) -> Rows:
        sequence = {"type": "sequence", "start": 0, "stop": count, "step": 1, "as": "_i"}
        rows = self._rows({"name": name, "transform": [sequence]})
        rows[column] = low + rows["_i"] * ((high - low) / (count - 1))
        return rows

    def _rows(self, entry: dict) -> Rows:
        self.data.append(entry)

        def add(column: str, value: Any) -> None:
            entry["transform"].append({"type": "formula", "expr": source(value), "as": column})

        def keep(condition: Any) -> None:
            # Vega puts rows that come back at the end, so the order is made again after each filter.
            for number, row in enumerate(entry.get("values", ())):
                row["_i"] = number
            entry["transform"] += [
                {"type": "filter", "expr": source(condition)},
                {"type": "collect", "sort": {"field": "_i"}},
            ]

        def sort(column: str) -> None:
            entry["transform"].append({"type": "collect", "sort": {"field": column}})

        def total_of(column: str) -> Expr:
            entry["transform"].append(
                {"type": "joinaggregate", "ops": ["sum"], "fields": [column], "as": [f"_total_{column}"]}
            )
            return field(f"_total_{column}")

        def first(column: str) -> Expr:
            # A signal waits for the table; a formula of another table would read it before it is there.
            table = entry["name"]
            return self.step(f"{table}_first_{column}", Expr(f"data({json.dumps(table)})[0][{json.dumps(column)}]"))

        return Rows(field, add, keep, sort, total_of, first)


def records(frame: pd.DataFrame) -> list[dict]:
    """The rows of a frame as JSON-ready dictionaries; see :func:`json_value`."""
    return [{key: json_value(value) for key, value in row.items()} for row in frame.astype(object).to_dict("records")]


def json_value(value: Any) -> Any:
    """A value as JSON can hold it: missing values, infinities and not-a-number become ``None``."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value
