"""The mechanisms side by side: values, corners, and agreement with the models they come from."""

import math

import pandas as pd
import pytest
from jointaction import explorer
from jointaction.faces.ops import Expr, param
from jointaction.models import fund_leverage, matching_ratio
from jointaction.models import mechanisms_compared as model

P = model.PARAMETERS
MECHANISMS = ("joint_projects", "guidance_fund", "innovation_center", "own_design")
KINDS = ("accompanying", "additional", "directed", "not_contingent")


@pytest.mark.parametrize(
    ("ratio", "influence", "directed"),
    [
        (1, 1, 0.5),
        (0.5, 1, 2 / 3),
        (1, 0, 1),
        (0, 1, 1),
        (2, 1, 1 / 3),
        (2, 0.5, 2 / 3),
    ],
)
def test_joint_projects(ratio: float, influence: float, directed: float) -> None:
    assert model.joint_projects_accompanying(ratio) == ratio
    assert model.joint_projects_directed(ratio, influence) == pytest.approx(directed)
    money = matching_ratio.nationally_steered(10, 31, ratio, influence, 1) / matching_ratio.pool(10, 31, ratio, 1)
    assert model.joint_projects_directed(ratio, influence) == pytest.approx(money)


@pytest.mark.parametrize(
    ("stake", "accompanying", "tied"),
    [
        (0.209, 3.7847, 0.627),
        (0.1, 9, 0.5),
        (0.3, 2.3333, 0.9),
        (0.35, 1.8571, 1),
        (1 / 3, 2, 1),
        (0.05, 19, 0.5),
    ],
)
def test_guidance_fund(stake: float, accompanying: float, tied: float) -> None:
    assert model.guidance_fund_accompanying(stake) == pytest.approx(accompanying, abs=1e-4)
    assert model.guidance_fund_tied(stake) == pytest.approx(tied)
    assert model.guidance_fund_accompanying(stake) == pytest.approx(fund_leverage.leverage(stake) - 1)


@pytest.mark.parametrize(("share", "accompanying"), [(0.2, 4), (1, 0), (0.5, 1), (0.05, 19)])
def test_innovation_center(share: float, accompanying: float) -> None:
    assert model.innovation_center_accompanying(share) == pytest.approx(accompanying)
    assert model.innovation_center_directed(share) == share
    assert model.innovation_center_not_contingent(share) == pytest.approx(1 - share)


def test_an_innovation_center_without_central_money() -> None:
    for share in (0.0, 1e-10):
        assert not model.has_central_money(share)
        assert model.innovation_center_accompanying(share) == math.inf
    assert model.has_central_money(1e-9)
    assert list(model.innovation_center_accompanying(pd.Series([0.0, 0.2]))) == [math.inf, 4]


@pytest.mark.parametrize(
    ("accompanying", "additionality", "additional"),
    [
        (1, 0.5, 0.5),
        (3.7847, 0.5, 1.892),
        (3.7847, 1, 3.785),
        (4, 0, 0),
    ],
)
def test_additional_money_is_a_part_of_what_accompanies(
    accompanying: float, additionality: float, additional: float
) -> None:
    assert model.additional(accompanying, additionality) == pytest.approx(additional, abs=5e-4)


def test_own_design_and_pool() -> None:
    assert model.own_design_directed(0.3) == 0.7
    assert model.pool(100, 2) == 300
    assert model.pool(100, 0) == 100


@pytest.mark.parametrize("name", sorted(P))
def test_a_value_out_of_range_is_named(name: str) -> None:
    p = P[name]
    with pytest.raises(ValueError, match=f"{name} must be from {p.low:g} to {p.high:g}, but is {p.high + 1:g}"):
        explorer("mechanisms-compared", **{name: p.high + 1})
    with pytest.raises(ValueError, match=f"{name} must be from"):
        explorer("mechanisms-compared", **{name: p.low - 1})


def test_functions_check_their_ranges() -> None:
    for call in (
        lambda: model.joint_projects_directed(3, 1),
        lambda: model.guidance_fund_accompanying(0.5),
        lambda: model.innovation_center_accompanying(-0.1),
        lambda: model.own_design_directed(1.1),
        lambda: model.pool(0, 1),
        lambda: model.additional(1, 1.1),
    ):
        with pytest.raises(ValueError, match="must be from"):
            call()


def test_expressions() -> None:
    made = model.innovation_center_accompanying(param("x"))
    assert isinstance(made, Expr) and made.source == "((x >= 1e-09) ? ((1 - x) / x) : (1 / 0))"
    assert model.guidance_fund_tied(param("e")).source == "min(1, max((3 * e), 0.5))"


def test_the_explorer_names_four_read_outs_for_each_mechanism() -> None:
    figure = explorer("mechanisms-compared")
    assert {control.name for control in figure.controls} == set(P)
    results = figure.results()
    assert set(results) == {f"{m}_{kind}" for m in MECHANISMS for kind in KINDS}
    assert [results[f"{m}_accompanying"] for m in MECHANISMS] == pytest.approx([1, 3.7847, 4, 2], abs=1e-4)
    assert [results[f"{m}_additional"] for m in MECHANISMS] == pytest.approx([1, 3.7847, 4, 2], abs=1e-4)
    assert [results[f"{m}_directed"] for m in MECHANISMS] == pytest.approx([0.5, 0.627, 0.2, 0.5])
    assert [results[f"{m}_not_contingent"] for m in MECHANISMS] == pytest.approx([1, 1, 0.8, 0.5])
    half = figure.results(additionality=0.5)
    assert [half[f"{m}_additional"] for m in MECHANISMS] == pytest.approx([0.5, 1.8923, 2, 1], abs=1e-4)


def test_a_sub_fund_is_tied_and_not_directed() -> None:
    figure = explorer("mechanisms-compared")
    label = {readout.name: readout.label for readout in figure.readouts}["guidance_fund_directed"]
    assert "tied, not directed" in label
    row = figure.evaluate().tables["mechanisms"].set_index("key").loc["guidance_fund"]
    assert row["directed_text"] == "not defined; 0.63 tied to results"
    kinds = figure.evaluate().tables["shares"].groupby("key")["kind"].agg(list)
    assert kinds["guidance_fund"] == ["Tied to results", "Not contingent on evaluation"]
    assert all("Directed by Beijing" in kinds[key] for key in MECHANISMS if key != "guidance_fund")


def test_above_a_third_the_rules_cannot_be_met() -> None:
    figure = explorer("mechanisms-compared")
    assert figure.results(stake=1 / 3)["guidance_fund_directed"] == 1
    assert figure.results(stake=0.335)["guidance_fund_directed"] == "cannot be met"
    tables = figure.evaluate(stake=0.335).tables
    row = tables["mechanisms"].set_index("key").loc["guidance_fund"]
    assert (row["directed_text"], row["money_text"]) == ("not defined; rules cannot be met", "cannot be met")
    assert row["told"].endswith("tied cannot be met")
    assert list(tables["shares"].query("key == 'guidance_fund'")["legal"]) == [False, True]


def test_without_central_money_the_figure_says_so() -> None:
    figure = explorer("mechanisms-compared", central_share=0)
    assert figure.results()["innovation_center_accompanying"] == "no central money"
    assert figure.results()["innovation_center_additional"] == "no central money"
    assert figure.results()["innovation_center_not_contingent"] == 1
    tables = figure.evaluate().tables
    row = tables["mechanisms"].set_index("key").loc["innovation_center"]
    told = ("accompanying_text", "additional_text", "pool_text", "money_text")
    assert [row[column] for column in told] == ["no central money"] * 4
    money = tables["money"].set_index("key").loc["innovation_center", "amount"]
    assert list(money) == [0, 0, 0]
    shown = {r["name"]: r["text"] for r in figure.payload()["readouts"]}
    assert shown["innovation_center_accompanying"] == "no central money"


def test_the_bars_split_the_pool() -> None:
    for setting in ({}, {"additionality": 0.3, "stake": 0.1}, {"additionality": 0.0}, {"central_share": 1.0}):
        tables = explorer("mechanisms-compared").evaluate(**setting).tables
        summed = tables["money"].groupby("key")["amount"].sum()
        pool = tables["mechanisms"].set_index("key")["pool"]
        assert summed.to_dict() == pytest.approx(pool.to_dict())
        anyway = tables["money"].query("kind == 'From others anyway'")["amount"]
        assert (anyway >= 0).all() and (anyway.sum() == 0) == (setting.get("additionality", 1) == 1)


def test_the_design_is_the_readers() -> None:
    results = explorer("mechanisms-compared").results(
        design_accompanying=4, design_local_influence=0.2, design_not_contingent=0.3
    )
    assert results["own_design_accompanying"] == 4
    assert results["own_design_directed"] == 0.8
    assert results["own_design_not_contingent"] == 0.3


def test_the_amounts_are_identities() -> None:
    for ratio, stake, share in ((1, 0.209, 0.2), (0.5, 0.1, 0.5), (2, 0.3, 1.0)):
        table = explorer("mechanisms-compared").evaluate(matching_ratio=ratio, stake=stake, central_share=share).tables
        money = table["mechanisms"].set_index("key")["money"]
        assert money["joint_projects"] == pytest.approx(100) and money["innovation_center"] == pytest.approx(100)
        assert money["guidance_fund"] == pytest.approx(100 * max(3, 0.5 / stake))
