"""Parameters of the models: one place for name, range, default and meaning."""

from __future__ import annotations

import contextvars
import functools
import inspect
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from jointaction.errors import InputError
from jointaction.faces.ops import Expr, is_column, wrap


@dataclass(frozen=True)
class Parameter:
    """A number that a reader may move.

    ``name`` is the argument's name in Python, the control's name on the page and the key in an address.
    ``low`` and ``high`` are both allowed values. ``step`` is what one press of an arrow key adds.
    """

    name: str
    label: str
    default: float
    low: float
    high: float
    step: float
    symbol: str = ""
    unit: str = ""
    help: str = ""

    def check(self, value: Any) -> None:
        """Raise :class:`InputError` when a number or any element of a column lies outside the range."""
        if type(value) is float and self.low <= value <= self.high or isinstance(value, Expr):
            return
        if is_column(value):
            column = np.asarray(value, dtype=float)
            bad = column[~((column >= self.low) & (column <= self.high))]
            if bad.size:
                self._refuse(bad[0])
            return
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.number)):
            raise InputError(
                f"{self.name} must be a number from {self.low:g} to {self.high:g}, "
                f"but is {value!r}; its default is {self.default:g}."
            )
        if not self.low <= value <= self.high:
            self._refuse(value)

    def _refuse(self, value: Any) -> None:
        nearest = self.default if math.isnan(value) else min(max(value, self.low), self.high)
        raise InputError(
            f"{self.name} must be from {self.low:g} to {self.high:g}, but is {value:g}; "
            f"the nearest allowed value is {nearest:g}."
        )


def by_name(parameters: Iterable[Parameter]) -> dict[str, Parameter]:
    """The parameters as a mapping from name to parameter."""
    return {p.name: p for p in parameters}


def checked(parameters: dict[str, Parameter]) -> Callable[[Callable], Callable]:
    """Make a model function check its parameters and understand Altair's expressions.

    Every argument whose name is in ``parameters`` is checked against its range. Altair parameters and
    expressions are turned into :class:`jointaction.faces.ops.Expr`, so that a wrong Boolean use of them raises.
    """

    def decorate(function: Callable) -> Callable:
        names = tuple(inspect.signature(function).parameters)
        checks = {name: parameters[name].check for name in names if name in parameters}

        @functools.wraps(function)
        def model(*args: Any, **kwargs: Any) -> Any:
            args = tuple(wrap(value) for value in args)
            kwargs = {name: wrap(value) for name, value in kwargs.items()}
            for name, value in (*zip(names, args), *kwargs.items()):
                if name in checks:
                    checks[name](value)
            return function(*args, **kwargs)

        return model

    return decorate


# Names of the model functions that a reader has replaced, while a figure is worked out with them.
replaced_functions: contextvars.ContextVar[frozenset[str]] = contextvars.ContextVar("replaced", default=frozenset())


def closed_form(*of: str, otherwise: Callable | None = None, told: str = "") -> Callable[[Callable], Callable]:
    """Mark a model function as a formula that holds for the model's own functions named ``of`` only.

    While one of these is replaced, ``otherwise`` is called in its place, with the same arguments; without one the
    formula stays, and the figure names it. ``told`` is what the figure says meanwhile, where ``otherwise`` gives up.
    """

    def decorate(function: Callable) -> Callable:
        @functools.wraps(function)
        def either(*args: Any, **kwargs: Any) -> Any:
            chosen = otherwise if otherwise is not None and not replaced_functions.get().isdisjoint(of) else function
            return chosen(*args, **kwargs)

        either.closed_form_of = () if otherwise else of
        either.told_of = dict.fromkeys(of, told) if told else {}
        return either

    return decorate


def by_rows(search: Callable[..., np.ndarray]) -> Callable[..., Any]:
    """Let a search that takes ``rows``, a number of rows, first serve numbers too: as one row, which is given back."""

    @functools.wraps(search)
    def either(*args: Any, **kwargs: Any) -> Any:
        lengths = {len(value) for value in (*args, *kwargs.values()) if is_column(value)}
        if lengths:
            return search(lengths.pop(), *args, **kwargs)
        return float(search(1, *args, **kwargs)[0])

    return either


def last_true(condition: Callable[[Any], Any], low: float, high: float, rows: int, steps: int = 400) -> np.ndarray:
    """For each of ``rows`` rows, the largest value from ``low`` on up to which ``condition`` holds without a break.

    Infinity where it holds up to ``high``, ``low`` where it does not even hold there. Found on a grid of ``steps``
    and then by halving, to about 1e-9 of the range.
    """
    holds = np.ones(rows, dtype=bool)
    below, above = np.full(rows, low), np.full(rows, np.inf)
    for value in np.linspace(low, high, steps + 1):
        now = np.broadcast_to(np.asarray(condition(value), dtype=bool), (rows,))
        above = np.where(holds & ~now, value, above)
        holds = holds & now
        below = np.where(holds, value, below)
    found = np.isfinite(above) & (above > low)
    for _ in range(24):
        middle = np.where(found, (below + np.where(found, above, below)) / 2, below)
        now = np.broadcast_to(np.asarray(condition(middle), dtype=bool), (rows,))
        below, above = np.where(found & now, middle, below), np.where(found & ~now, middle, above)
    return np.where(holds, np.inf, below)


def smallest(of: Callable[[Any], Any], low: float, high: float, rows: int, steps: int = 60) -> np.ndarray:
    """For each of ``rows`` rows, the value from ``low`` to ``high`` at which ``of`` is smallest; the largest that tie.

    Found on a grid of ``steps`` and then between the neighbors of the best, to about 1e-8 of the range.
    """

    def at(value: Any) -> np.ndarray:
        return np.broadcast_to(np.asarray(of(value), dtype=float), (rows,))

    grid = np.linspace(low, high, steps + 1)
    heights = np.array([at(value) for value in grid])
    heights = np.where(np.isnan(heights), np.inf, heights)
    place = steps - heights[::-1].argmin(axis=0)
    best, least = grid[place], heights.min(axis=0)
    left, right = grid[np.maximum(place - 1, 0)], grid[np.minimum(place + 1, steps)]
    golden = (5**0.5 - 1) / 2
    one, other = right - (right - left) * golden, left + (right - left) * golden
    at_one, at_other = at(one), at(other)
    for _ in range(26):
        lower = at_one < at_other
        left, right = np.where(lower, left, one), np.where(lower, other, right)
        new = np.where(lower, right - (right - left) * golden, left + (right - left) * golden)
        at_new = at(new)
        one, other = np.where(lower, new, other), np.where(lower, one, new)
        at_one, at_other = np.where(lower, at_new, at_other), np.where(lower, at_one, at_new)
    middle = (left + right) / 2
    return np.where(at(middle) < least - 1e-15, middle, best)
