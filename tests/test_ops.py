"""The arithmetic of the models: each function on numbers, columns and expressions, and what Vega makes of it."""

import math
import re
from html import unescape

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st
from jointaction.faces import ops
from jointaction.faces.ops import Expr, field, param

finite = st.floats(allow_nan=False, allow_infinity=False, width=64)
# name: the function and its three arguments or fewer; columns are made by pairing the two sets row by row
CASES = {
    "where": (ops.where, [(True, 1.5, -2.0), (False, 1.5, -2.0)]),
    "minimum": (ops.minimum, [(1.5, -2.0), (0.25, 3.0)]),
    "maximum": (ops.maximum, [(1.5, -2.0), (0.25, 3.0)]),
    "all_of": (ops.all_of, [(True, True, False), (True, True, True)]),
    "any_of": (ops.any_of, [(False, True, False), (False, False, False)]),
    "negate": (ops.negate, [(True,), (False,)]),
    "floor": (ops.floor, [(2.7,), (-0.5,)]),
    "exp": (ops.exp, [(1.0,), (-3.0,)]),
    "log": (ops.log, [(2.0,), (0.0,)]),
    "power": (ops.power, [(2.0, 0.5), (3.0, -1.0)]),
    "normal_density": (ops.normal_density, [(0.0,), (-1.5,)]),
    "normal_quantile": (ops.normal_quantile, [(0.5,), (0.99,)]),
    "divide": (ops.divide, [(1.0, 3.0), (1.0, 0.0)]),
}

# Libraries do not round these alike in the last bits; every other operation is the same to the last bit.
INEXACT = {"exp", "power", "normal_density", "normal_quantile"}
# What ops offers besides operations: names, texts and kinds.
OTHERS = {"Expr", "field", "is_column", "param", "shown", "source", "text", "total", "wrap"}


def test_every_operation_is_a_case() -> None:
    assert set(ops.__all__) - OTHERS == set(CASES) and set(CASES) >= INEXACT


def vega(*expressions: Expr | str) -> list[str]:
    """What Vega works out for each expression, as JavaScript writes it."""
    marks = [
        {"type": "text", "encode": {"update": {"text": {"signal": f"'{i}=' + ({e}) + ';'"}}}}
        for i, e in enumerate(expressions)
    ]
    svg = vl_convert.vega_to_svg({"$schema": "https://vega.github.io/schema/vega/v5.json", "marks": marks})
    found = dict(re.findall(r">(\d+)=([^;]*);<", unescape(svg)))
    return [found[str(i)] for i in range(len(expressions))]


def script(value: float | bool) -> str:
    """A number or Boolean as JavaScript would write it, for comparison with :func:`vega`."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return "NaN" if math.isnan(value) else repr(float(value)).removesuffix(".0")


# ---- numbers and columns


@pytest.mark.parametrize("name", CASES)
def test_a_column_gives_row_by_row_what_numbers_give(name: str) -> None:
    function, rows = CASES[name]
    by_number = [function(*row) for row in rows]
    columns = [pd.Series(values, index=["a", "b"]) for values in zip(*rows)]
    by_column = function(*columns)
    assert isinstance(by_column, pd.Series) and list(by_column.index) == ["a", "b"]
    assert list(by_column) == by_number
    by_array = function(*(column.to_numpy() for column in columns))
    assert isinstance(by_array, np.ndarray) and list(by_array) == by_number


@pytest.mark.parametrize("name", CASES)
def test_vega_gives_what_numbers_give(name: str) -> None:
    function, rows = CASES[name]
    texts = vega(*(function(*(Expr(ops.source(value)) for value in row)) for row in rows))
    for text, row in zip(texts, rows, strict=True):
        expected = function(*row)
        if name in INEXACT:
            assert float(text) == pytest.approx(expected, rel=1e-14, abs=1e-15)
        else:
            assert text == script(expected)


def test_the_values_are_right() -> None:
    assert ops.where(2 > 1, "yes", "no") == "yes" and ops.where(2 < 1, "yes", "no") == "no"
    assert ops.minimum(2, 3) == 2 and ops.maximum(2, 3) == 3
    for function in (ops.minimum, ops.maximum):
        assert math.isnan(function(1, math.nan)) and math.isnan(function(math.nan, 1))
    assert ops.all_of(True, True) is True and ops.all_of(True, False) is False
    assert ops.any_of(False, True) is True and ops.any_of(False, False) is False
    assert ops.negate(True) is False and ops.negate(False) is True
    assert ops.floor(2.999) == 2 and ops.floor(-0.5) == -1 and ops.floor(math.inf) == math.inf
    assert ops.exp(0.0) == 1.0 and ops.exp(1000.0) == math.inf and ops.exp(-1000.0) == 0.0
    assert ops.log(math.e) == 1.0 and ops.log(0.0) == -math.inf and math.isnan(ops.log(-1.0))
    assert ops.power(2.0, 10) == 1024.0 and ops.power(4, 0.5) == 2.0 and math.isnan(ops.power(-1.0, 0.5))
    assert ops.normal_density(0.0) == pytest.approx(0.3989422804) and ops.normal_quantile(0.975) == pytest.approx(
        1.9599639845
    )
    assert ops.total([1, 2.5, 3]) == 6.5 and ops.total([]) == 0


def test_a_column_beside_a_number_keeps_its_index() -> None:
    column = pd.Series([1.0, 4.0], index=[7, 9])
    for result, expected in [
        (ops.minimum(column, 2), [1.0, 2.0]),
        (ops.maximum(2, column), [2.0, 4.0]),
        (ops.where(column > 2, column, 0.0), [0.0, 4.0]),
        (ops.all_of(column > 2, True), [False, True]),
        (ops.any_of(True, column > 2), [True, True]),
        (ops.negate(column > 2), [True, False]),
        (ops.divide(1, column - 1), [math.inf, 1 / 3]),
        (ops.power(column, 2), [1.0, 16.0]),
        (ops.total([column, column, 1]), [3.0, 9.0]),
    ]:
        assert list(result.index) == [7, 9]
        assert list(result) == expected


def test_both_branches_of_where_are_computed() -> None:
    ratio = pd.Series([0.5, 0.0])
    assert list(ops.where(ratio > 0, ops.divide(1, ratio), -1)) == [2.0, -1.0]


# ---- division


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (1, 0, math.inf),
        (-1, 0, -math.inf),
        (1, -0.0, -math.inf),
        (0, 0, math.nan),
        (0, 5, 0.0),
        (math.inf, math.inf, math.nan),
        (1, math.inf, 0.0),
        (1, 3, 1 / 3),
    ],
)
def test_division_follows_ieee_on_all_three_kinds(a: float, b: float, expected: float) -> None:
    number = ops.divide(a, b)
    column = ops.divide(pd.Series([float(a)]), b)
    assert isinstance(number, float)
    assert script(number) == script(column[0]) == script(expected)
    assert vega(ops.divide(Expr(ops.source(a)), b)) == [script(expected)]


@given(finite, finite)
def test_division_equals_python_wherever_python_divides(a: float, b: float) -> None:
    if b != 0:
        assert ops.divide(a, b) == a / b


# ---- expressions


def test_every_operator_writes_text() -> None:
    m = param("m")
    for expression, text in [
        (m + 1, "(m + 1)"),
        (1 + m, "(1 + m)"),
        (m - 1, "(m - 1)"),
        (1 - m, "(1 - m)"),
        (m * 2.5, "(m * 2.5)"),
        (2.5 * m, "(2.5 * m)"),
        (m / 2, "(m / 2)"),
        (2 / m, "(2 / m)"),
        (m**2, "pow(m, 2)"),
        (2**m, "pow(2, m)"),
        (-m, "(-m)"),
        (+m, "m"),
        (abs(m), "abs(m)"),
        (m < 1, "(m < 1)"),
        (m <= 1, "(m <= 1)"),
        (m > 1, "(m > 1)"),
        (m >= 1, "(m >= 1)"),
        (m == "joins", '(m === "joins")'),
        (m != 1, "(m !== 1)"),
        (1 < m, "(m > 1)"),
        (m / (1 + m), "(m / (1 + m))"),
        (m * -1.5, "(m * (-1.5))"),
        (field("a b"), 'datum["a b"]'),
        (field("x") * m, '(datum["x"] * m)'),
    ]:
        assert isinstance(expression, Expr)
        assert str(expression) == repr(expression) == expression.to_dict() == text


def test_every_function_writes_text() -> None:
    m, n = param("m"), param("n")
    for expression, text in [
        (ops.where(m > 1, "out", n), '((m > 1) ? "out" : n)'),
        (ops.where(True, m, 0), "(true ? m : 0)"),
        (ops.minimum(m, 1), "min(m, 1)"),
        (ops.maximum(1, m), "max(1, m)"),
        (ops.all_of(m > 1, True, n < 2), "((m > 1) && true && (n < 2))"),
        (ops.any_of(m > 1, n < 2), "((m > 1) || (n < 2))"),
        (ops.negate(m > 1), "(!(m > 1))"),
        (ops.floor(m), "floor(m)"),
        (ops.exp(m), "exp(m)"),
        (ops.log(m), "log(m)"),
        (ops.power(m, 0.5), "pow(m, 0.5)"),
        (ops.divide(1, m), "(1 / m)"),
        (ops.normal_quantile(m), "quantileNormal(m)"),
        (ops.total([m, n, 2]), "(((0 + m) + n) + 2)"),
    ]:
        assert isinstance(expression, Expr)
        assert str(expression) == text


def test_altairs_own_expressions_are_taken_up() -> None:
    assert isinstance(ops.wrap(alt.param(name="m", value=1)), Expr)
    assert str(ops.wrap(alt.param(name="m", value=1)) + 1) == "(m + 1)"
    assert str(ops.wrap(alt.datum.x)) == "datum.x"
    assert str(ops.minimum(alt.datum.x, alt.expr.abs(alt.datum.y))) == "min(datum.x, abs(datum.y))"
    assert ops.wrap(2.5) == 2.5 and ops.wrap("text") == "text"


def test_altair_takes_an_expression_where_it_takes_its_own() -> None:
    chart = alt.Chart(alt.NamedData(name="d")).mark_point().transform_calculate(y=field("x") + 1)
    assert chart.to_dict(validate=False)["transform"] == [{"calculate": '(datum["x"] + 1)', "as": "y"}]


# ---- text that is exact


@given(finite)
def test_a_float_survives_the_way_through_text(number: float) -> None:
    assert float(ops.source(number).strip("()")) == number


def test_vega_reads_a_float_to_the_last_bit() -> None:
    numbers = [0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, 2.0**53 + 2, math.inf, -math.inf]
    assert list(map(float, vega(*map(ops.source, numbers)))) == numbers


def test_constants_as_text() -> None:
    for value, text in [
        (2, "2"),
        (-2, "(-2)"),
        (0.1, "0.1"),
        (-0.1, "(-0.1)"),
        (-0.0, "(-0.0)"),
        (np.float64(0.1), "0.1"),
        (np.int64(-3), "(-3)"),
        (True, "true"),
        (np.bool_(False), "false"),
        (math.nan, "NaN"),
        ('a "b" 省', '"a \\"b\\" 省"'),
    ]:
        assert ops.source(value) == text


@pytest.mark.parametrize("value", [None, [1], pd.Series([1.0]), np.array([1.0, 2.0])])
def test_what_cannot_stand_in_an_expression_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="cannot stand in an expression"):
        ops.source(value)
    with pytest.raises(TypeError):
        param("m") + value


# ---- an expression never decides for Python

M = param("m")
WRONG = {
    "if": lambda: 1 if M > 0 else 2,
    "and": lambda: (M > 0) and (M < 1),
    "or": lambda: (M > 0) or (M < 1),
    "not": lambda: not M,
    "min": lambda: min(M, 1),
    "max": lambda: max(3 * M, 0.5),
    "chained comparison": lambda: 0 < M < 1,
    "any": lambda: any([M > 0]),
    "all": lambda: all([M > 0]),
    "sorted": lambda: sorted([M, param("n")]),
    "in": lambda: M in [1, 2],
    "bool": lambda: bool(M == 1),
}


@pytest.mark.parametrize("use", WRONG)
def test_a_boolean_use_raises(use: str) -> None:
    with pytest.raises(TypeError, match="has no value in Python, so it cannot decide an if, and, or, not, min or max"):
        WRONG[use]()


@pytest.mark.parametrize(
    "use",
    [
        lambda: (M > 0) & (M < 1),
        lambda: (M > 0) | (M < 1),
        lambda: ~(M > 0),
        lambda: True & (M > 0),
        lambda: M // 2,
        lambda: 2 // M,
        lambda: M % 2,
        lambda: 2 % M,
    ],
)
def test_operators_without_a_vega_meaning_raise(use) -> None:
    with pytest.raises(TypeError, match="Use all_of, any_of or negate"):
        use()


@pytest.mark.parametrize("use", [float, int, math.floor, math.exp, hash])
def test_python_arithmetic_on_an_expression_raises(use) -> None:
    with pytest.raises(TypeError):
        use(M)
