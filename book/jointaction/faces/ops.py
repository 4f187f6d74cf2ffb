"""Arithmetic that means the same for numbers, columns and Vega expressions.

A model in this book is written once, as plain arithmetic. It must run on a float, on a pandas or numpy
column, and on an expression that a browser evaluates later. Operators (``+ - * / < <= > >= == !=``) work on
all three. Python's ``min``, ``max``, ``and``, ``or``, ``not`` and ``if`` do not: on an expression they would
pick one branch without a word. Use the functions below instead; an :class:`Expr` in a Boolean place raises.

Division follows IEEE 754 everywhere when written with :func:`divide`: ``1/0`` is infinity and ``0/0`` is not
a number, as in JavaScript and pandas.
"""

from __future__ import annotations

import contextvars
import json
import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from statistics import NormalDist
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from altair.expr.core import Expression, OperatorMixin

__all__ = [
    "Expr",
    "all_of",
    "any_of",
    "divide",
    "exp",
    "field",
    "floor",
    "is_column",
    "log",
    "maximum",
    "minimum",
    "negate",
    "normal_density",
    "normal_quantile",
    "param",
    "power",
    "shown",
    "source",
    "text",
    "total",
    "where",
    "wrap",
]

_NORMAL = NormalDist()

# While a plain function is written out as an expression: what takes each of its branches in turn.
deciding: contextvars.ContextVar[Callable[[Expr], bool] | None] = contextvars.ContextVar("deciding", default=None)


class Expr(Expression):
    """A Vega expression under construction; ``str(expr)`` is its source text.

    It is an Altair expression too, so Altair accepts it wherever it accepts one. Unlike Altair's own, it
    refuses to stand for true or false.
    """

    def __init__(self, source: str):
        super().__init__(source=source)

    def __repr__(self) -> str:
        return self.source

    def to_dict(self, *args: Any, **kwargs: Any) -> str:
        return self.source

    def __bool__(self) -> bool:
        if (decide := deciding.get()) is not None:
            return decide(self)
        raise TypeError(
            f"The expression {self.source[:60]} has no value in Python, so it cannot decide an if, and, or, "
            "not, min or max; use where, all_of, any_of, negate, minimum or maximum from jointaction.faces.ops."
        )

    def __float__(self) -> float:
        raise TypeError(f"The expression {self.source[:60]} has no value in Python, so it is not a number.")

    def __iter__(self):
        raise TypeError(f"The expression {self.source[:60]} is one value, which cannot be gone through.")

    __int__ = __float__
    __hash__ = None  # type: ignore[assignment]  # == builds an expression, so hashing would mislead

    # A column on the left must not try to take the expression apart element by element.
    __array_ufunc__ = None

    def __add__(self, other):
        return _infix(self, "+", other)

    def __radd__(self, other):
        return _infix(other, "+", self)

    def __sub__(self, other):
        return _infix(self, "-", other)

    def __rsub__(self, other):
        return _infix(other, "-", self)

    def __mul__(self, other):
        return _infix(self, "*", other)

    def __rmul__(self, other):
        return _infix(other, "*", self)

    def __truediv__(self, other):
        return _infix(self, "/", other)

    def __rtruediv__(self, other):
        return _infix(other, "/", self)

    def __pow__(self, other):
        return power(self, other)

    def __rpow__(self, other):
        return power(other, self)

    def __neg__(self):
        return Expr(f"(-{self.source})")

    def __pos__(self):
        return self

    def __abs__(self):
        return _call("abs", self)

    def __lt__(self, other):
        return _infix(self, "<", other)

    def __le__(self, other):
        return _infix(self, "<=", other)

    def __gt__(self, other):
        return _infix(self, ">", other)

    def __ge__(self, other):
        return _infix(self, ">=", other)

    def __eq__(self, other):  # type: ignore[override]
        return _infix(self, "===", other)

    def __ne__(self, other):  # type: ignore[override]
        return _infix(self, "!==", other)

    # The words that Python offers for Booleans on columns; the same refusal as for ``and`` keeps one way.
    def _refuse(self, other=None):
        raise TypeError("Use all_of, any_of or negate from jointaction.faces.ops to join conditions.")

    __and__ = __or__ = __rand__ = __ror__ = __invert__ = __floordiv__ = __rfloordiv__ = _refuse
    __mod__ = __rmod__ = _refuse


def wrap(value: Any) -> Any:
    """Turn an Altair parameter or expression into an :class:`Expr`; leave every other value as it is."""
    if isinstance(value, Expr):
        return value
    if isinstance(value, alt.Parameter):
        return Expr(value.name)
    if isinstance(value, OperatorMixin):
        return Expr(str(value))
    return value


def param(name: str) -> Expr:
    """The expression that reads the parameter ``name``."""
    return Expr(name)


def field(name: str) -> Expr:
    """The expression that reads column ``name`` of the current row."""
    return Expr(f"datum[{json.dumps(name)}]")


def is_column(value: Any) -> bool:
    """True for a pandas Series and for a numpy array with at least one dimension."""
    return isinstance(value, pd.Series) or (isinstance(value, np.ndarray) and value.ndim > 0)


def source(value: Any) -> str:
    """The Vega source of a constant or an expression, exact to the last bit for a float."""
    value = wrap(value)
    if isinstance(value, Expr):
        return value.source
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (int, np.integer)):
        return str(int(value)) if value >= 0 else f"({int(value)})"
    if isinstance(value, (float, np.floating)):
        number = float(value)
        if math.isnan(number):
            return "NaN"
        if math.isinf(number):
            return "(1 / 0)" if number > 0 else "(-1 / 0)"  # Vega has no name for infinity
        return repr(number) if math.copysign(1.0, number) > 0 else f"({number!r})"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    raise TypeError(f"A {type(value).__name__} cannot stand in an expression; use a number, text or an expression.")


def _infix(left: Any, operator: str, right: Any) -> Expr:
    return Expr(f"({source(left)} {operator} {source(right)})")


def _call(function: str, *args: Any) -> Expr:
    return Expr(f"{function}({', '.join(source(a) for a in args)})")


def _kind(*values: Any) -> str:
    kind = "number"
    for value in values:
        if isinstance(value, OperatorMixin):
            return "expression"
        if is_column(value):
            kind = "column"
    return kind


def _series(result: Any, *values: Any) -> Any:
    """Give a numpy result the index of the first Series among the inputs."""
    for value in values:
        if isinstance(value, pd.Series):
            return pd.Series(result, index=value.index)
    return result


def where(condition: Any, yes: Any, no: Any) -> Any:
    """``yes`` where the condition holds, ``no`` elsewhere. Both branches are computed."""
    kind = _kind(condition, yes, no)
    if kind == "expression":
        return Expr(f"({source(condition)} ? {source(yes)} : {source(no)})")
    if kind == "column":
        return _series(np.where(condition, yes, no), condition, yes, no)
    return yes if condition else no


def minimum(a: Any, b: Any) -> Any:
    """The smaller of two values, element by element; not a number where either is not."""
    kind = _kind(a, b)
    if kind == "expression":
        return _call("min", a, b)
    return _series(np.minimum(a, b), a, b) if kind == "column" else a if a <= b or a != a else b


def maximum(a: Any, b: Any) -> Any:
    """The larger of two values, element by element; not a number where either is not."""
    kind = _kind(a, b)
    if kind == "expression":
        return _call("max", a, b)
    return _series(np.maximum(a, b), a, b) if kind == "column" else a if a >= b or a != a else b


def all_of(*conditions: Any) -> Any:
    """True where every condition holds."""
    return _join(conditions, "&&", np.logical_and, all)


def any_of(*conditions: Any) -> Any:
    """True where at least one condition holds."""
    return _join(conditions, "||", np.logical_or, any)


def _join(conditions, operator, columns, numbers):
    kind = _kind(*conditions)
    if kind == "expression":
        return Expr("(" + f" {operator} ".join(source(c) for c in conditions) + ")")
    if kind == "column":
        return _series(columns.reduce(np.broadcast_arrays(*conditions)), *conditions)
    return bool(numbers(conditions))


def negate(condition: Any) -> Any:
    """True where the condition does not hold."""
    kind = _kind(condition)
    if kind == "expression":
        return Expr(f"(!{source(condition)})")
    return _series(np.logical_not(condition), condition) if kind == "column" else not condition


def floor(a: Any) -> Any:
    """The largest whole number not above ``a`` (a float for a column, as in pandas)."""
    kind = _kind(a)
    if kind == "expression":
        return _call("floor", a)
    if kind == "column":
        return _series(np.floor(a), a)
    return math.floor(a) if math.isfinite(a) else a


def exp(a: Any) -> Any:
    """e to the power ``a``; infinity where it is too large to hold."""
    kind = _kind(a)
    if kind == "expression":
        return _call("exp", a)
    with np.errstate(over="ignore"):
        return _series(np.exp(a), a) if kind == "column" else float(np.exp(a))


def log(a: Any) -> Any:
    """Natural logarithm; minus infinity at zero, not a number below."""
    kind = _kind(a)
    if kind == "expression":
        return _call("log", a)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _series(np.log(a), a) if kind == "column" else float(np.log(a))


def power(base: Any, exponent: Any) -> Any:
    """``base`` to the power ``exponent``; not a number where the result would be complex."""
    kind = _kind(base, exponent)
    if kind == "expression":
        return _call("pow", base, exponent)
    with np.errstate(all="ignore"):
        result = np.power(np.asarray(base, dtype=float), np.asarray(exponent, dtype=float))
    return _series(result, base, exponent) if kind == "column" else float(result)


def normal_density(a: Any) -> Any:
    """Density of the standard normal distribution at ``a``."""
    return exp(a * a * -0.5) / math.sqrt(2 * math.pi)


def normal_quantile(share: Any) -> Any:
    """What a standard normal draw stays below with probability ``share``, which is above 0 and below 1."""
    kind = _kind(share)
    if kind == "expression":
        return _call("quantileNormal", share)
    if kind == "column":
        return _series(np.array([_NORMAL.inv_cdf(value) for value in share], dtype=float), share)
    return _NORMAL.inv_cdf(share)


def divide(a: Any, b: Any) -> Any:
    """``a / b`` under IEEE rules: infinity or not-a-number where ``b`` is zero, never an exception."""
    kind = _kind(a, b)
    if kind == "expression":
        return _infix(a, "/", b)
    with np.errstate(all="ignore"):
        result = np.divide(np.asarray(a, dtype=float), np.asarray(b, dtype=float))
    return _series(result, a, b) if kind == "column" else float(result)


def total(values: Any) -> Any:
    """Sum of a sequence of numbers, columns or expressions, added from left to right.

    The fixed order makes Python and the browser round alike.
    """
    result: Any = 0
    for value in values:
        result = result + value
    return result


def text(*parts: Any) -> Any:
    """The parts joined into one text; each is text, a column of texts, or an expression that gives text.

    Give a number through :func:`shown`: a bare one reads differently in Python and in a browser, so it raises.
    """
    for part in parts:
        if not isinstance(part, (str, OperatorMixin)) and not is_column(part):
            raise TypeError(f"A {type(part).__name__} cannot be a part of a text; use shown to write a number.")
    kind = _kind(*parts)
    if kind == "expression":
        return Expr("(" + " + ".join(source(part) for part in ("", *parts)) + ")")
    if kind == "column":
        rows = len(next(part for part in parts if is_column(part)))
        columns = [list(part) if is_column(part) else [part] * rows for part in parts]
        return _series(np.array(["".join(row) for row in zip(*columns)], dtype=object), *parts)
    return "".join(parts)


def shown(number: Any, digits: int) -> Any:
    """A number as text with ``digits`` decimals, the same in Python as Vega's ``format(number, ".1f")``.

    Ties round away from zero and a negative number has a true minus sign, as in the browser.
    """
    kind = _kind(number)
    if kind == "expression":
        return _call("format", number, f".{digits}f")
    if kind == "column":
        return _series(np.array([_shown(value, digits) for value in number], dtype=object), number)
    return _shown(number, digits)


def _shown(number: Any, digits: int) -> str:
    value = float(number)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "−Infinity"
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return f"{abs(rounded):f}" if rounded == 0 else f"{rounded:f}".replace("-", "−")
