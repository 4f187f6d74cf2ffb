"""How much hangs on the assumptions: the design, the shares, and what a reader sees of them."""

import html.parser
import re

import numpy as np
import pandas as pd
import pytest
from jointaction import robustness
from jointaction.errors import InputError
from jointaction.faces.parameters import Parameter
from jointaction.faces.robustness import CAVEAT, DIRECTIONS, design, percent, points, share_of

A = Parameter("a", "First", 0.5, 0.0, 1.0, 0.1, "α")
B = Parameter("b", "Second", 4.0, 2.0, 10.0, 0.1)


# ---- the design


def test_the_points_are_those_of_scipy() -> None:
    cells = (points(12) * 1024 - 0.5).astype(int)
    # scipy.stats.qmc.Sobol(12, scramble=False, bits=10).random(1024) * 1024 puts them in another order.
    assert [225, 99, 531, 693, 287, 929, 47, 921, 513, 71, 87, 261] in cells.tolist()
    assert [384, 384, 640, 896, 384, 128, 384, 896, 896, 640, 896, 384] in cells.tolist()
    assert len(np.unique(cells, axis=0)) == 1024


def test_every_column_fills_every_cell_once() -> None:
    cube = points(len(DIRECTIONS))
    for column in cube.T:
        assert np.array_equal(np.sort(column), (np.arange(1024) + 0.5) / 1024)


def test_every_two_columns_fill_the_square_evenly() -> None:
    cube = points(len(DIRECTIONS))
    for i in range(len(DIRECTIONS)):
        for j in range(i):
            counts = np.histogram2d(cube[:, i], cube[:, j], bins=4, range=[[0, 1], [0, 1]])[0]
            assert (counts == 64).all(), (i, j)


def test_a_setting_lies_within_the_ranges_and_halves_are_equal() -> None:
    settings = design([A, B])
    assert list(settings) == ["a", "b"] and len(settings) == 1024
    assert settings["b"].min() == pytest.approx(2 + 8 / 2048) and settings["b"].max() == pytest.approx(10 - 8 / 2048)
    assert (settings["b"] < 6).sum() == 512


# ---- shares


def test_a_share_and_the_assumption_it_depends_on() -> None:
    found = share_of("b is large", lambda p: p.b > 8, [A, B])
    assert (found.share, found.parameter, found.below, found.above) == (0.25, B, 0.0, 0.5)
    found = share_of("a is small", lambda p: p.a + 0 * p.b < 0.75, [B, A])
    assert (found.share, found.parameter, found.below, found.above) == (0.75, A, 1.0, 0.5)
    # Half the square lies under its diagonal, and both halves matter alike.
    assert share_of("a beats b", lambda p: p.a > (p.b - 2) / 8, [A, B]).share == pytest.approx(
        0.5, abs=0.02
    )  # ties lie on the diagonal


@pytest.mark.parametrize(("claim", "share"), [(lambda p: p.a >= 0, 1.0), (lambda p: p.a > 1, 0.0)])
def test_a_claim_that_holds_always_or_never_depends_on_nothing(claim, share: float) -> None:
    found = share_of("always or never", claim, [A, B])
    assert (found.share, found.parameter, found.halves) == (share, None, [])
    assert ("every one" if share else "none") in found.sentence


def test_only_all_is_100_percent_and_only_none_is_0() -> None:
    assert [percent(x) for x in (0, 0.0004, 0.496, 0.9996, 1)] == [
        "0 percent",
        "less than 1 percent",
        "50 percent",
        "more than 99 percent",
        "100 percent",
    ]


@pytest.mark.parametrize(
    "claim", [lambda p: True, lambda p: p.a, lambda p: (p.a > 0)[:3], lambda p: pd.Series(["yes"] * 1024)]
)
def test_a_claim_must_answer_true_or_false_for_every_setting(claim) -> None:
    with pytest.raises(
        InputError, match="The claim “odd” must answer true or false for each of 1,024 settings, but gives"
    ):
        share_of("odd", claim, [A, B])


@pytest.mark.parametrize("count", [0, 13])
def test_a_design_has_at_most_twelve_parameters(count: int) -> None:
    many = [Parameter(f"p{i}", "P", 0, 0, 1, 0.1) for i in range(count)]
    with pytest.raises(InputError, match=f"needs from 1 to 12 parameters, but has {count}"):
        design(many)


# ---- what a reader sees


class Cells(html.parser.HTMLParser):
    def __init__(self, text: str):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


def test_the_table_shows_share_halves_sentence_ranges_and_caveat() -> None:
    shown = robustness({"b < 4 & rising": lambda p: p.b < 4, "a is not negative": lambda p: p.a >= 0}, [A, B])
    page = Cells(shown._repr_html_())
    assert [text for text in page.texts if text.endswith("%")] == ["25%", "50%", "0%", "100%"]
    for text in (
        "b < 4 & rising",
        "Second below 6",
        "Second above 6",
        CAVEAT,
        "Moved together: First α (0 to 1), Second (2 to 10).",
    ):
        assert text in page.texts, text
    assert [a["scope"] for tag, a in page.tags if tag == "th"] == ["rowgroup", "row", "row", "row", "rowgroup", "row"]
    widths = [re.search(r"width:([\d.]+)%;border", a["style"]) for tag, a in page.tags if tag == "div" and "style" in a]
    assert [float(w[1]) for w in widths if w] == [25.0, 50.0, 0.0, 100.0]
    assert shown._repr_html_() == shown._repr_html_() and repr(shown).endswith(CAVEAT)
