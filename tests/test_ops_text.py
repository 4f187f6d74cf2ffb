"""Text built from parts, the same for numbers, columns and expressions."""

import json

import numpy as np
import pandas as pd
import pytest
import vl_convert
from jointaction.faces.ops import Expr, param, shown, text, where

NUMBERS = [0.0, -0.0, 0.125, -0.125, 2.5, 3.5, -0.001, 1.005, 20.9, -1.25, 1234567.891, 1e21, 0.05, 1 / 3]


def test_text_joins_numbers_columns_and_expressions() -> None:
    names = pd.Series(["a", "b"], index=[3, 5])
    assert text("stake ", shown(20.94, 1), "%") == "stake 20.9%"
    joined = text("<", names, "> ", shown(pd.Series([1, 2.25], index=[3, 5]), 1))
    assert list(joined) == ["<a> 1.0", "<b> 2.3"] and list(joined.index) == [3, 5]
    assert list(text(np.array(["x", "y"]), "!")) == ["x!", "y!"]
    made = text("stake ", shown(100 * param("stake"), 1), "%")
    assert isinstance(made, Expr) and made.source == '("" + "stake " + format((100 * stake), ".1f") + "%")'
    assert where(param("a") > 1, text("b", "c"), made).source.startswith('((a > 1) ? "bc" : ')


def test_text_refuses_a_bare_number() -> None:
    with pytest.raises(TypeError, match="use shown"):
        text("stake ", 20.9)


@pytest.mark.parametrize(
    ("number", "digits", "expected"),
    [
        (0.125, 2, "0.13"),
        (2.5, 0, "3"),
        (-1.25, 1, "−1.3"),
        (-0.001, 1, "0.0"),
        (1.005, 2, "1.00"),
        (float("inf"), 1, "Infinity"),
        (float("-inf"), 1, "−Infinity"),
        (float("nan"), 1, "NaN"),
        (7, 2, "7.00"),
    ],
)
def test_shown(number: float, digits: int, expected: str) -> None:
    assert shown(number, digits) == expected


@pytest.mark.parametrize("digits", [0, 1, 2, 3])
def test_shown_agrees_with_the_browser(digits: int) -> None:
    rows = [{"x": number, "i": i} for i, number in enumerate(NUMBERS)]
    spec = {
        "width": 10,
        "height": 10,
        "data": [
            {
                "name": "t",
                "values": rows,
                "transform": [
                    {"type": "formula", "as": "s", "expr": f"'[' + {shown(Expr('datum.x'), digits).source} + ']'"}
                ],
            }
        ],
        "marks": [{"type": "text", "from": {"data": "t"}, "encode": {"update": {"text": {"field": "s"}}}}],
    }
    svg = vl_convert.vega_to_svg(json.dumps(spec))
    numbers = [number for number in NUMBERS if abs(number) < 1e20]  # JavaScript writes larger ones with an exponent
    for number in numbers:
        assert f"[{shown(number, digits)}]" in svg, number
