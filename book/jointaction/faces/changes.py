"""Another model in a figure: functions of a model replaced by a reader's own, for as long as a figure shows them.

A reader's function is plain Python on numbers, ``if`` and ``max`` included: it is called row by row. What a
model states in closed form follows from other functions, and :func:`jointaction.faces.parameters.closed_form` says
which: while one of those is replaced, the value is found by search, or the figure says that it is still the original's.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from jointaction.errors import InputError, nearest
from jointaction.faces.ops import Expr, deciding, is_column, source, where, wrap
from jointaction.faces.parameters import replaced_functions


def functions(models: Sequence[ModuleType]) -> dict[str, Callable]:
    """The public functions that a figure's models define, by name; not those that give several numbers at once."""
    return {
        name: value
        for module in models
        for name, value in vars(module).items()
        if inspect.isfunction(value) and not name.startswith("_") and value.__module__ == module.__name__
        if not value.__annotations__.get("return", "").startswith("tuple")
    }


def notes(models: Sequence[ModuleType], names: Sequence[str]) -> list[str]:
    """What the figure says of formulas that fail while ``names`` are replaced, each once."""
    known = [function for name, function in functions(models).items() if name not in names]
    said = [getattr(function, "told_of", {}).get(name) for function in known for name in names]
    return list(dict.fromkeys(text for text in said if text))


def kept(models: Sequence[ModuleType], names: Sequence[str]) -> list[str]:
    """The formulas that stay the original model's although they follow from the functions ``names``."""
    return [
        name
        for name, function in functions(models).items()
        if name not in names and not set(getattr(function, "closed_form_of", ())).isdisjoint(names)
    ]


def check(models: Sequence[ModuleType], changes: Mapping[str, Callable]) -> None:
    """Raise :class:`InputError` for a name that no model function has and for a function that takes other arguments."""
    known = functions(models)
    for name, function in changes.items():
        if not known:
            raise InputError(f"This figure shows data and has no model, so {name!r} cannot be changed.")
        if name not in known:
            raise InputError(f"The model has no function {name!r}; the nearest is {nearest(name, known)!r}.")
        wanted = inspect.signature(known[name])
        form = f"def {name}({', '.join(wanted.parameters)}): return …"
        if not callable(function):
            raise InputError(f"{name} must be a function, but is {function!r}; the right form is {form}.")
        try:
            inspect.signature(function).bind(*wanted.parameters)
        except TypeError:
            raise InputError(
                f"{name} is called with {len(wanted.parameters)} values, but the function given takes "
                f"{inspect.signature(function)}; the right form is {form}."
            ) from None


@contextlib.contextmanager
def changed(models: Sequence[ModuleType], changes: Mapping[str, Callable]) -> Iterator[set[str]]:
    """Put the functions ``changes`` in place of the models' own, as long as the context lasts.

    Gives the names of those that have been called. The modules themselves are changed, for all threads: a kernel runs
    cells and callbacks in one thread, one after the other; whoever computes figures in several threads must not let
    a changed one overlap with another of the same models.
    """
    known, used = functions(models), set()
    token = replaced_functions.set(replaced_functions.get() | set(changes))
    try:
        with _in_place(models, {name: _by_row(name, known[name], changes[name], used) for name in changes}):
            yield used
    finally:
        replaced_functions.reset(token)


def used(models: Sequence[ModuleType], compute: Callable[[], Any]) -> list[str]:
    """The functions of the models that ``compute`` calls, in the order of the models."""
    known, called = functions(models), set()

    def heard(name: str) -> Callable:
        @functools.wraps(known[name])
        def model(*args: Any, **kwargs: Any) -> Any:
            called.add(name)
            return known[name](*args, **kwargs)

        return model

    with _in_place(models, {name: heard(name) for name in known}):
        compute()
    return [name for name in known if name in called]


@contextlib.contextmanager
def _in_place(models: Sequence[ModuleType], instead: Mapping[str, Callable]) -> Iterator[None]:
    known = functions(models)
    places = [(module, name) for module in models for name in instead if vars(module).get(name) is known[name]]
    try:
        for module, name in places:
            setattr(module, name, instead[name])
        yield
    finally:
        for module, name in places:
            setattr(module, name, known[name])


def _by_row(name: str, original: Callable, function: Callable, used: set[str]) -> Callable:
    """The reader's function as the model calls it: with numbers, once for each row of a column.

    A list of columns, such as the efforts of three stages, becomes a list of numbers for each row.
    """
    arguments = tuple(inspect.signature(original).parameters)

    def called(row: tuple) -> Any:
        try:
            value = function(*row)
        except Exception as error:
            at = ", ".join(f"{argument} = {_short(each)}" for argument, each in zip(arguments, row))
            raise InputError(f"{name} raised {type(error).__name__} ({error}) at {at}.") from error
        if not isinstance(value, (bool, int, float, str, np.generic)):
            raise InputError(f"{name} must return a number or True or False, but returned {value!r}.")
        return value

    @functools.wraps(original)
    def model(*args: Any, **kwargs: Any) -> Any:
        used.add(name)
        bound = inspect.signature(original).bind(*args, **kwargs)
        bound.apply_defaults()
        values = bound.args
        if isinstance(function, Formula):
            return function(*values)
        lengths = {len(each) for value in values for each in _each(value) if is_column(each)}
        if not lengths:
            return called(values)
        (rows,) = lengths
        return np.array([called(row) for row in zip(*(_column(value, rows) for value in values))])

    return model


class Formula:
    """A reader's function as an expression of its arguments, so that a browser can work it out.

    In ``expression`` each argument stands between two pairs of low lines, as in ``(2 * __rd_relative__)``.
    """

    BRANCHES = 64

    def __init__(self, expression: str, arguments: Sequence[str]):
        self.expression, self.arguments = expression, tuple(arguments)

    @classmethod
    def of(cls, original: Callable, function: Callable) -> Formula:
        """Write out a plain function: its ``if``, ``max``, ``and`` and so on become choices in the expression.

        Raises TypeError for what no expression says, such as a loop or a function of the ``math`` module.
        """
        names = tuple(inspect.signature(original).parameters)
        arguments = [Expr(f"__{name}__") for name in names]
        runs = itertools.count(1)

        def grow(begin: list[bool]) -> Any:
            asked: list[Expr] = []

            def decide(condition: Expr) -> bool:
                asked.append(condition)
                return begin[len(asked) - 1] if len(asked) <= len(begin) else True

            if next(runs) > cls.BRANCHES:
                raise TypeError(f"{original.__name__} takes more than {cls.BRANCHES} branches.")
            token = deciding.set(decide)
            try:
                value = function(*arguments)
            finally:
                deciding.reset(token)
            for place in reversed(range(len(begin), len(asked))):
                way = [*begin, *[True] * (place - len(begin))]
                value = where(asked[place], value, grow([*way, False]))
            return value

        return cls(source(wrap(grow([]))), names)

    def __call__(self, *values: Any) -> Expr:
        given = dict(zip(self.arguments, values))
        return Expr(re.sub(r"__(\w+?)__", lambda found: _written(given[found[1]]), self.expression))


def _written(value: Any) -> str:
    return f"[{', '.join(map(source, value))}]" if isinstance(value, (list, tuple)) else source(value)


def _each(value: Any) -> Sequence:
    return value if isinstance(value, (list, tuple)) else (value,)


def _column(value: Any, rows: int) -> list:
    """A value for each row."""
    if isinstance(value, (list, tuple)):
        return [list(row) for row in zip(*(_column(each, rows) for each in value))]
    return np.asarray(value).tolist() if is_column(value) else [value] * rows


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else repr(value)
