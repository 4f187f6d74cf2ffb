"""The mechanisms side by side: values, corners, and agreement with the models they come from."""

import math

import pandas as pd
import pytest

from jointaction import explorer
from jointaction.models import mechanisms_compared as model
from jointaction.models import fund_leverage, matching_ratio
from jointaction.faces.ops import Expr, param

P = model.PARAMETERS
MECHANISMS = ("joint_projects", "guidance_fund", "innovation_center", "own_design")


@pytest.mark.parametrize(("ratio", "influence", "steered"), [
    (1, 1, 0.5), (0.5, 1, 2 / 3), (1, 0, 1), (0, 1, 1), (2, 1, 1 / 3), (2, 0.5, 2 / 3),
])  # fmt: skip
def test_joint_projects(ratio: float, influence: float, steered: float) -> None:
    assert model.joint_projects_mobilized(ratio) == ratio
    assert model.joint_projects_steered(ratio, influence) == pytest.approx(steered)
    money = matching_ratio.nationally_steered(10, 31, ratio, influence, 1) / matching_ratio.pool(10, 31, ratio, 1)
    assert model.joint_projects_steered(ratio, influence) == pytest.approx(money)


@pytest.mark.parametrize(("stake", "mobilized", "steered"), [
    (0.209, 3.7847, 0.627), (0.1, 9, 0.5), (0.3, 2.3333, 0.9), (0.35, 1.8571, 1), (1 / 3, 2, 1), (0.05, 19, 0.5),
])  # fmt: skip
def test_guidance_fund(stake: float, mobilized: float, steered: float) -> None:
    assert model.guidance_fund_mobilized(stake) == pytest.approx(mobilized, abs=1e-4)
    assert model.guidance_fund_steered(stake) == pytest.approx(steered)
    assert model.guidance_fund_mobilized(stake) == pytest.approx(fund_leverage.leverage(stake) - 1)


@pytest.mark.parametrize(("share", "mobilized"), [(0.2, 4), (1, 0), (0.5, 1), (0.05, 19)])
def test_innovation_center(share: float, mobilized: float) -> None:
    assert model.innovation_center_mobilized(share) == pytest.approx(mobilized)
    assert model.innovation_center_steered(share) == share
    assert model.innovation_center_paid_first(share) == pytest.approx(1 - share)


def test_a_center_without_central_money() -> None:
    for share in (0.0, 1e-10):
        assert not model.has_central_money(share)
        assert model.innovation_center_mobilized(share) == math.inf
    assert model.has_central_money(1e-9)
    assert list(model.innovation_center_mobilized(pd.Series([0.0, 0.2]))) == [math.inf, 4]


def test_own_design_and_pool() -> None:
    assert model.own_design_steered(0.3) == 0.7
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
        lambda: model.joint_projects_steered(3, 1), lambda: model.guidance_fund_mobilized(0.5),
        lambda: model.innovation_center_mobilized(-0.1), lambda: model.own_design_steered(1.1),
        lambda: model.pool(0, 1),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="must be from"):
            call()


def test_expressions() -> None:
    made = model.innovation_center_mobilized(param("x"))
    assert isinstance(made, Expr) and made.source == "((x >= 1e-09) ? ((1 - x) / x) : (1 / 0))"
    assert model.guidance_fund_steered(param("e")).source == "min(1, max((3 * e), 0.5))"


def test_the_explorer_names_three_read_outs_for_each_mechanism() -> None:
    figure = explorer("mechanisms-compared")
    assert {control.name for control in figure.controls} == set(P)
    results = figure.results()
    assert set(results) == {
        f"{m}_{kind}" for m in MECHANISMS for kind in ("mobilized", "steered_centrally", "paid_before_results")
    }
    assert results["joint_projects_mobilized"] == 1
    assert results["guidance_fund_mobilized"] == pytest.approx(3.7847, abs=1e-4)
    assert results["innovation_center_mobilized"] == pytest.approx(4)
    assert results["guidance_fund_steered_centrally"] == pytest.approx(0.627)
    assert results["innovation_center_paid_before_results"] == pytest.approx(0.8)
    assert results["joint_projects_paid_before_results"] == results["guidance_fund_paid_before_results"] == 1
    assert results["own_design_steered_centrally"] == 0.5


def test_without_central_money_the_figure_says_so() -> None:
    figure = explorer("mechanisms-compared", central_share=0)
    assert figure.results()["innovation_center_mobilized"] == "no central money"
    assert figure.results()["innovation_center_paid_before_results"] == 1
    tables = figure.evaluate().tables
    row = tables["mechanisms"].set_index("key").loc["innovation_center"]
    assert (row["mobilized_text"], row["pool_text"], row["steered_text"]) == ("no central money",) * 3
    money = tables["money"].set_index("key").loc["innovation_center", "amount"]
    assert list(money) == [0, 0]
    shown = {r["name"]: r["text"] for r in figure.payload()["readouts"]}
    assert shown["innovation_center_mobilized"] == "no central money"


def test_the_design_is_the_readers() -> None:
    results = explorer("mechanisms-compared").results(design_mobilized=4, design_local_say=0.2, design_paid_first=0.3)
    assert results["own_design_mobilized"] == 4
    assert results["own_design_steered_centrally"] == 0.8
    assert results["own_design_paid_before_results"] == 0.3


def test_the_center_steers_its_own_money_in_two_of_the_mechanisms() -> None:
    for ratio, stake, share in ((1, 0.209, 0.2), (0.5, 0.1, 0.5), (2, 0.3, 1.0)):
        table = explorer("mechanisms-compared").evaluate(matching_ratio=ratio, stake=stake, central_share=share).tables
        money = table["mechanisms"].set_index("key")["steered_money"]
        assert money["joint_projects"] == pytest.approx(100) and money["innovation_center"] == pytest.approx(100)
        assert money["guidance_fund"] == pytest.approx(100 * max(3, 0.5 / stake))
