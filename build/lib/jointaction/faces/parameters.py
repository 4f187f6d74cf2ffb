"""Parameters of the models: one place for name, range, default and meaning."""

from __future__ import annotations

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
        if isinstance(value, Expr):
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
        signature = inspect.signature(function)

        @functools.wraps(function)
        def model(*args: Any, **kwargs: Any) -> Any:
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            for name, value in bound.arguments.items():
                bound.arguments[name] = value = wrap(value)
                if name in parameters:
                    parameters[name].check(value)
            return function(*bound.args, **bound.kwargs)

        return model

    return decorate
