"""Leverage of the guidance fund: the values of its equations, corners, and agreement with the data."""

import numpy as np
import pandas as pd
import pytest
from jointaction import explorer, load
from jointaction.faces.ops import Expr, param
from jointaction.models import fund_leverage as model

P = model.PARAMETERS
SIZE, CENTRAL, PARTNERS = (P[name].default for name in ("sub_fund_size", "central_budget", "partner_budget"))


@pytest.mark.parametrize(
    ("stake", "leverage", "floor"),
    [
        (0.10, 10, 0.50),
        (0.209, 4.785, 0.627),
        (0.30, 3.333, 0.90),
        (0.05, 20, 0.5),
        (1 / 6, 6, 0.5),
        (0.2, 5, 0.6),
        (1 / 3, 3, 1.0),
        (0.35, 2.857, 1.05),
    ],
)
def test_leverage_and_floor(stake: float, leverage: float, floor: float) -> None:
    assert model.leverage(stake) == pytest.approx(leverage, abs=5e-4)
    assert model.commercialization_floor(stake) == pytest.approx(floor, abs=1e-12)
    assert model.high_tech_share(stake) == pytest.approx(max(0, 1 - floor), abs=1e-12)


def test_arrow_keys_reach_the_partner_money_that_an_exercise_names() -> None:
    p = P["partner_budget"]
    assert (1175 - p.low) % p.step == 0
    assert model.sub_funds(0.10, SIZE, CENTRAL, 1175.0) == 75


def test_the_kink_is_at_a_sixth() -> None:
    assert model.commercialization_floor(1 / 6) == pytest.approx(0.5)
    assert model.commercialization_floor(1 / 6 - 0.01) == 0.5
    assert model.commercialization_floor(1 / 6 + 0.01) == pytest.approx(0.53)


def test_above_a_third_the_rule_cannot_be_met() -> None:
    assert model.rule_can_be_met(1 / 3) and not model.rule_can_be_met(1 / 3 + 1e-6)
    assert model.high_tech_share(0.35) == 0


def test_both_budgets_run_out_together_at_the_start_values() -> None:
    assert pytest.approx(624 / 36) == SIZE
    assert model.best_stake(CENTRAL, PARTNERS) == pytest.approx(0.209)
    assert model.central_allows(0.209, SIZE, CENTRAL) == pytest.approx(36)
    assert model.partners_allow(0.209, SIZE, PARTNERS) == pytest.approx(36)
    assert model.sub_funds(0.209, SIZE, CENTRAL, PARTNERS) == 36
    assert model.partner_money(36, 0.209, SIZE) == pytest.approx(493.584)
    assert model.central_money(36, 0.209, SIZE) == pytest.approx(130.416)


def test_at_ten_percent_partner_money_caps_the_number_and_central_money_lies_idle() -> None:
    assert model.sub_funds(0.10, SIZE, CENTRAL, PARTNERS) == 31
    assert model.central_allows(0.10, SIZE, CENTRAL) == pytest.approx(75.24)
    assert CENTRAL - model.central_money(31, 0.10, SIZE) == pytest.approx(76.683, abs=1e-3)


def test_a_whole_number_is_not_lost_to_rounding() -> None:
    assert model.sub_funds(0.25, 10.0, 25.0, 75.0) == 10
    assert model.sub_funds(0.1, 10.0, 10.0, 90.0) == 10
    assert model.sub_funds(0.05, 150.0, 10.0, 10.0) == 0


@pytest.mark.parametrize("stake", [0.1, 0.209, 0.3])
def test_no_other_stake_fills_more_money_than_the_best(stake: float) -> None:
    best = model.best_stake(CENTRAL, PARTNERS)
    assert model.sub_funds(stake, SIZE, CENTRAL, PARTNERS) <= model.sub_funds(best, SIZE, CENTRAL, PARTNERS)


def test_the_rules_are_those_of_the_table() -> None:
    rules = load("fund_rules").set_index("rule_id")["threshold"]
    assert rules["2021-three-times"] == model.MULTIPLE and rules["2021-half"] == 100 * model.HALF
    assert P["stake"].default == pytest.approx(load("fund_central_share")["central_share"].item() / 100)
    sizes = load("fund_size").set_index(["date", "measure"]).loc[("2022-12-31", "cumulative")]
    assert P["sub_fund_size"].default == sizes["size"] / sizes["subfunds"]
    assert CENTRAL == pytest.approx(P["stake"].default * sizes["size"])
    assert PARTNERS == pytest.approx(sizes["size"] - CENTRAL)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: model.leverage(0.04),
            "stake must be from 0.05 to 0.35, but is 0.04; the nearest allowed value is 0.05.",
        ),
        (
            lambda: model.high_tech_share(0.36),
            "stake must be from 0.05 to 0.35, but is 0.36; the nearest allowed value is 0.35.",
        ),
        (lambda: model.sub_funds(0.2, 0, 100, 100), "sub_fund_size must be from 1 to 150, but is 0"),
        (lambda: model.best_stake(9, 100), "central_budget must be from 10 to 500, but is 9"),
        (lambda: model.partners_allow(0.2, 10, 2001), "partner_budget must be from 10 to 2000, but is 2001"),
        (lambda: model.leverage(float("nan")), "stake must be from 0.05 to 0.35"),
        (lambda: model.leverage(pd.Series([0.1, 0.5])), "stake must be from 0.05 to 0.35, but is 0.5"),
    ],
)
def test_a_value_out_of_range_is_named(call, message: str) -> None:
    with pytest.raises(ValueError) as error:
        call()
    assert message in str(error.value)


def test_columns_and_expressions() -> None:
    stakes = pd.Series([0.1, 0.209, 0.3])
    assert list(model.sub_funds(stakes, SIZE, CENTRAL, PARTNERS)) == [31, 36, 25]
    assert np.allclose(model.commercialization_floor(stakes), [0.5, 0.627, 0.9])
    made = model.commercialization_floor(param("stake"))
    assert isinstance(made, Expr) and made.source == "max((3 * stake), 0.5)"


def test_the_explorer_reads_out_the_model() -> None:
    figure = explorer("fund-leverage")
    assert {control.name for control in figure.controls} == set(P)
    results = figure.results()
    assert results["leverage"] == pytest.approx(4.785, abs=5e-4)
    assert results["sub_funds"] == 36
    assert results["partner_money"] == pytest.approx(493.584)
    assert results["commercialization_floor"] == pytest.approx(0.627)
    assert results["high_tech_share"] == pytest.approx(0.373)
    assert results["best_stake"] == pytest.approx(0.209)
    assert results["use_rule"] == "can be met"
    assert figure.results(stake=0.10)["sub_funds"] == 31
    assert figure.results(stake=0.34)["use_rule"] == "cannot be met"
    first = figure.evaluate(stake=0.1).tables["stakes"].iloc[0]
    assert (first["stake"], first["sub_funds"]) == (0.1, 31)
    assert first["central_idle"] == pytest.approx(76.683, abs=1e-3)


def test_the_figure_says_that_the_best_stake_is_built_in() -> None:
    assert any("built in" in text for text in explorer("fund-leverage").assumptions)
