"""Every model result and every comparison of data that the chapter on the mechanisms compared states."""

import pytest

from jointaction import explorer, load
from jointaction.sources.facts import fact
from jointaction.models.fund_leverage import commercialization_floor

FIGURE = explorer("mechanisms-compared")
MECHANISMS = ("joint_projects", "guidance_fund", "innovation_center", "own_design")


def read(kind: str, **changes) -> list:
    results = FIGURE.results(**changes)
    return [results[f"{mechanism}_{kind}"] for mechanism in MECHANISMS]


def steered_money(**changes) -> list[float]:
    """Yuan that the center steers for each central yuan."""
    rows = FIGURE.evaluate(central_budget=1.0, **changes).tables["mechanisms"]
    return list(rows.set_index("key").loc[list(MECHANISMS), "steered_money"])


# ---- the data behind the table


def test_the_table_of_mechanisms_has_no_gap() -> None:
    rows = load("mechanisms")
    asked = rows[rows["attribute"].isin(["who_pays", "who_decides", "steering_instrument", "paid_when"])]
    wide = asked.pivot(index="mechanism", columns="attribute", values="value")
    assert wide.shape == (3, 4) and wide.notna().all().all()


# ---- back to the prediction


def test_mobilized_at_the_start_values_and_how_the_order_turns() -> None:
    assert [round(value, 2) for value in read("mobilized")[:3]] == [1.0, 3.78, 4.0]
    other = read("mobilized", central_share=0.25)
    assert other[2] == pytest.approx(3) and other[2] < other[1]
    for stake, name in ((0.10, "fund-partner-yuan-10"), (0.30, "fund-partner-yuan-30")):
        assert read("mobilized", stake=stake)[1] == pytest.approx(fact(name).number, abs=1e-4)


def test_the_center_decides_least_where_most_is_mobilized() -> None:
    assert read("steered_centrally")[:3] == pytest.approx([0.5, 0.627, 0.2])
    mobilized, steered = read("mobilized")[:3], read("steered_centrally")[:3]
    assert mobilized.index(max(mobilized)) == steered.index(min(steered))


def test_paid_before_results() -> None:
    assert read("paid_before_results")[:3] == pytest.approx([1, 1, 0.8])


def test_shares_and_amounts() -> None:
    assert steered_money()[:3] == pytest.approx([1, 3, 1])
    for stake in (1 / 6, 0.2, 0.25, 0.3, 1 / 3):
        assert steered_money(stake=stake)[1] == pytest.approx(3)
    assert steered_money(stake=0.10)[1] == pytest.approx(5)
    for ratio in (0.0, 0.5, 2.0):
        assert steered_money(matching_ratio=ratio)[0] == pytest.approx(1)
    for share in (0.05, 0.4, 1.0):
        assert steered_money(central_share=share)[2] == pytest.approx(1)


def test_a_ratio_without_limit() -> None:
    shares = [0.2, 0.1, 0.05, 0.01, 0.001]
    ratios = [read("mobilized", central_share=share)[2] for share in shares]
    assert ratios == sorted(ratios) and ratios[-1] > 900
    assert read("mobilized", central_share=0.0)[2] == "no central money"


def test_the_design_that_pays_late_beats_the_others() -> None:
    values = next(p for p in FIGURE.presets if p.id == "design").values
    design = [read(kind, **values)[3] for kind in ("mobilized", "steered_centrally", "paid_before_results")]
    assert design == pytest.approx([4, 0.8, 0.3])
    assert max(read("mobilized", **values)[:3]) <= design[0] + 1e-9
    assert max(read("steered_centrally", **values)[:3]) < design[1]
    assert min(read("paid_before_results", **values)[:3]) > design[2]


# ---- solutions


def test_exercise_by_hand() -> None:
    assert read("steered_centrally")[0] == 0.5
    assert read("steered_centrally", stake=1 / 6)[1] == pytest.approx(0.5)
    assert read("steered_centrally", stake=0.17)[1] > 0.5
    assert read("mobilized", stake=1 / 6)[1] == pytest.approx(5)
    assert read("steered_centrally", influence=0.746)[0] == pytest.approx(0.627)


def test_exercise_with_the_explorer() -> None:
    same = {"matching_ratio": 2.0, "stake": 1 / 3, "central_share": 1 / 3, "design_mobilized": 2.0}
    assert read("mobilized", **same) == pytest.approx([2, 2, 2, 2])
    assert read("steered_centrally", **same)[:3] == pytest.approx([1 / 3, 1, 1 / 3])
    assert round(read("mobilized", stake=0.335)[1], 3) == 1.985
    assert round(read("mobilized", central_share=0.33)[2], 2) == 2.03
    assert read("steered_centrally", design_local_say=0.3)[3] == pytest.approx(0.7)


def test_exercise_in_code() -> None:
    found = []
    for others in (2, 3, 5, 9):
        joint, fund = 1 - others / (1 + others), commercialization_floor(1 / (1 + others))
        found.append((round(joint, 3), round(fund, 3), round(fund / joint, 2)))
    assert found == [(0.333, 1.0, 3.0), (0.25, 0.75, 3.0), (0.167, 0.5, 3.0), (0.1, 0.5, 5.0)]


def test_questions() -> None:
    assert read("mobilized", stake=0.1)[1] == pytest.approx(9)
    assert read("steered_centrally", matching_ratio=0.5)[0] == pytest.approx(1 / 1.5)


# ---- what the text says of the other chapters' data


def test_the_largest_sub_funds_found() -> None:
    assert "Shanghai" in fact("second-batch-largest").statement and "Guangdong" in fact("proposed-2021-largest").statement
