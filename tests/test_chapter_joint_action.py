"""The chapter on joint action: every number it states follows from the model or the data."""

from __future__ import annotations

import numpy as np
import pytest
from chapters import chapter
from jointaction import explorer
from jointaction.explorers.mechanism_table import IN_TABLE_1, statements
from jointaction.models import delegation as model
from jointaction.sources.tables import load

CHAPTER = chapter("joint-action")
FACTS = load("facts").set_index("fact_id")


# ---- what the prose says about the model


def test_three_cases() -> None:
    for gap, bias, weight, smallest, text in (
        (1, 1, 0.5, 0.5, "w^* = 0.5"),
        (2, 1, 0.8, 0.8, "w^* = 0.8"),
        (1, 2, 0.2, 0.8, "w^* = 0.2"),
    ):
        assert model.best_weight(gap, bias) == pytest.approx(weight)
        assert model.loss(gap, bias, weight) == pytest.approx(smallest)
        assert model.loss(gap, bias, weight) == pytest.approx(gap**2 * bias**2 / (gap**2 + bias**2))
        CHAPTER.states(text)


def test_ratios_read_forwards_and_backwards() -> None:
    assert model.best_matching_ratio(2, 1) == 4
    assert model.best_matching_ratio(1, 2) == 0.25
    CHAPTER.states("m^* = 4", "m^* = 0.25")
    for ratio, squared in ((0.5, 0.5), (1.0, 1.0)):
        assert model.gap_that_justifies(ratio, 1.0) ** 2 == pytest.approx(squared)
    assert round(model.gap_that_justifies(0.5, 1.0), 2) == 0.71
    CHAPTER.states(r"\sigma^2 = b^2/2", r"\sigma^2 = b^2", "0.71")
    history = load("matching_ratio_history").set_index("year")["matching_ratio"]
    for year, text in ((2021, "33.3"), (2022, "50")):
        share = 100 * model.weight_of_ratio(history[year])
        assert f"{share:.1f}".removesuffix(".0") == text == FACTS.loc[f"matching-local-share-{year}", "value"]


def test_same_ratio_of_gap_and_bias_same_weight() -> None:
    assert model.best_weight(2.0, 2.6) == pytest.approx(model.best_weight(1.0, 1.3))


def test_overstating() -> None:
    assert (model.loss(1, 1, 0.5, True), model.loss(1, 1, 0.5), model.loss(1, 1, 1, True)) == (1.25, 0.5, 1.0)
    CHAPTER.states("1.25", "0.5", r"\sigma = b = 1")
    assert model.overstatement(1.0, 0.5) == pytest.approx(2)
    assert model.overstatement(1.0, 0.1) == pytest.approx(10)
    weights = np.linspace(0.001, 1, 1000)
    assert (np.diff(model.loss(1.0, 1.0, weights, True)) < 0).all()
    assert model.loss(1, 1, 0.1, True) > model.loss(1, 1, 0.5, True)  # question 5
    assert explorer("delegation").evaluate(strategic_reporting=True).tables["ratios"].empty


def test_exercise_1() -> None:
    assert model.loss_centralize(2) == 4 and model.loss_delegate(1) == 1
    saved = 1 - model.loss(2, 1, 0.8) / model.loss_centralize(2)
    assert saved == pytest.approx(0.8)
    assert 1 - model.loss(2, 1, 0.8) / model.loss_delegate(1) == pytest.approx(0.2)


def test_exercise_2() -> None:
    for preset, ratio, gaps in (("2021", 0.5, (0.7, 1.4)), ("2022", 1.0, (1.0, 2.0))):
        values = next(p.values for p in explorer("delegation").presets if p.id == preset)
        assert values["local_weight"] == pytest.approx(model.weight_of_ratio(ratio))
        for bias, gap in zip((1.0, 2.0), gaps):
            assert round(model.gap_that_justifies(ratio, bias), 1) == gap
            assert explorer("delegation").results(information_gap=gap, local_bias=bias)["best_weight"] == pytest.approx(
                values["local_weight"], abs=0.005
            )
    assert [p.id for p in explorer("delegation").presets][:2] == ["2021", "2022"]
    for exponent, ratio, gap in ((0.5, 0.333, 1.55), (1.0, 1.0, 1.0), (2.0, 2.414, 0.58)):
        figure = explorer("delegation").evaluate(influence_exponent=exponent)
        assert round(figure.steps["best_matching_ratio"], 3) == ratio and figure.steps["best_weight"] == 0.5
        assert round(figure.tables["ratios"].set_index("year").loc["2022", "gap"], 2) == gap
    CHAPTER.states("0.333", "2.414", r"\sigma = 1.55", "0.58")


def test_how_much_hangs_on_the_assumptions() -> None:
    (cell,) = [cell for cell in CHAPTER.code if "robustness(" in cell.source]
    shown = cell.outputs[0]["data"]["text/plain"]
    assert "face value” holds in every one of 1,024 settings" in shown
    assert "overstates” holds in none of 1,024 settings" in shown


def test_exercise_3() -> None:
    gap = np.array([0.25, 0.5, 1.0, 2.0, 3.0])
    part = model.loss(gap, 1.0, model.best_weight(gap, 1.0)) / np.minimum(gap**2, 1.0)
    assert list(part.round(2)) == [0.94, 0.8, 0.5, 0.8, 0.9]
    CHAPTER.states("0.94", "0.9")


# ---- the table of the three programs


def test_table_of_the_brief_is_what_opens() -> None:
    figure = explorer("mechanism-table")
    assert figure.results() == {"programs_shown": 3, "rows_shown": 12}
    shown = figure.evaluate().tables["statements"]
    assert set(shown["attribute"]) == set(IN_TABLE_1)
    assert figure.payload()["table"]["open"] is True


def test_filters_and_orders() -> None:
    figure = explorer("mechanism-table")
    conversion = figure.evaluate(phase="conversion", question="any").tables["statements"]
    assert set(conversion["program"]) == {"Key R&D Program", "Innovation centers"}
    assert set(figure.evaluate(instrument="limits").tables["statements"]["program"]) == {"Guidance Fund"}
    assert figure.results(phase="diffusion", instrument="ratio") == {"programs_shown": 0, "rows_shown": 0}
    everything = figure.evaluate(question="any").tables["statements"]
    assert len(everything) == len(statements()) == 27
    by_start = figure.evaluate(question="any", order="start").tables["statements"]
    assert list(dict.fromkeys(by_start["program"])) == ["Guidance Fund", "Innovation centers", "Key R&D Program"]
    assert list(figure.evaluate(order="program").tables["statements"]["program"].unique()) == [
        "Guidance Fund",
        "Innovation centers",
        "Key R&D Program",
    ]


def test_exercise_4() -> None:
    when = statements().query("attribute == 'paid_when'").set_index("program")["value"]
    assert "before results" in when["Key R&D Program"] and "before results" in when["Guidance Fund"]
    assert "after evaluation" in when["Innovation centers"]
