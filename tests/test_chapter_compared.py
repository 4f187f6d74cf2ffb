"""Every model result and every comparison of data that the chapter on the mechanisms compared states."""

import pytest
from jointaction import explorer, load
from jointaction.faces.robustness import share_of
from jointaction.models import mechanisms_compared as model
from jointaction.sources.facts import fact

FIGURE = explorer("mechanisms-compared")
MECHANISMS = ("joint_projects", "guidance_fund", "innovation_center", "own_design")


def read(kind: str, **changes) -> list:
    results = FIGURE.results(**changes)
    return [results[f"{mechanism}_{kind}"] for mechanism in MECHANISMS]


def amounts(**changes) -> list[float]:
    """Yuan that are directed, or in a sub-fund tied, for each central yuan."""
    rows = FIGURE.evaluate(central_budget=1.0, **changes).tables["mechanisms"]
    return list(rows.set_index("key").loc[list(MECHANISMS), "money"])


# ---- the data behind the table


def test_the_table_of_mechanisms_has_no_gap() -> None:
    rows = load("mechanisms")
    asked = rows[rows["attribute"].isin(["who_pays", "who_decides", "steering_instrument", "paid_when"])]
    wide = asked.pivot(index="mechanism", columns="attribute", values="value")
    assert wide.shape == (3, 4) and wide.notna().all().all()


def test_the_largest_sub_funds_found() -> None:
    assert (
        "Shanghai" in fact("second-batch-largest").statement and "Guangdong" in fact("proposed-2021-largest").statement
    )
    names = load("sub_funds").nlargest(2, "size")["name_en"]
    assert all(name.startswith("SDIC") for name in names)


# ---- one yuan, three times


def test_one_central_yuan() -> None:
    assert [round(value, 2) for value in read("accompanying")[:3]] == [1.0, 3.78, 4.0]
    assert [round(value, 2) for value in read("additional", additionality=0.5)[:3]] == [0.5, 1.89, 2.0]
    assert read("directed")[:3] == pytest.approx([0.5, 0.627, 0.2])
    assert read("not_contingent")[:3] == pytest.approx([1, 1, 0.8])
    assert round(1 / 0.209, 2) == 4.78


# ---- back to the prediction


def test_how_the_order_turns() -> None:
    other = read("accompanying", central_share=0.25)
    assert other[2] == pytest.approx(3) and other[2] < other[1]
    for stake, name in ((0.10, "fund-partner-yuan-10"), (0.30, "fund-partner-yuan-30")):
        assert read("accompanying", stake=stake)[1] == pytest.approx(fact(name).number, abs=1e-4)


def test_at_full_influence_the_two_directed_shares_are_one_over_the_pool() -> None:
    for ratio, share in ((1.0, 0.2), (0.5, 0.9), (2.0, 0.3)):
        setting = {"matching_ratio": ratio, "central_share": share}
        directed, accompanying = read("directed", **setting), read("accompanying", **setting)
        for i in (0, 2):
            assert directed[i] == pytest.approx(1 / (1 + accompanying[i]))


def test_the_amounts_are_true_by_definition() -> None:
    assert amounts()[:3] == pytest.approx([1, 3, 1])
    for stake in (1 / 6, 0.2, 0.25, 0.3, 1 / 3):
        assert amounts(stake=stake)[1] == pytest.approx(3)
    assert amounts(stake=0.10)[1] == pytest.approx(5)
    for ratio in (0.0, 0.5, 2.0):
        assert amounts(matching_ratio=ratio)[0] == pytest.approx(1)
    for share in (0.05, 0.4, 1.0):
        assert amounts(central_share=share)[2] == pytest.approx(1)


def test_a_ratio_without_limit() -> None:
    shares = [0.2, 0.1, 0.05, 0.01, 0.001]
    ratios = [read("accompanying", central_share=share)[2] for share in shares]
    assert ratios == sorted(ratios) and ratios[-1] > 900
    assert read("accompanying", central_share=0.0)[2] == "no central money"


# ---- the reader's design


def test_the_design_that_pays_late_beats_the_others() -> None:
    values = next(p for p in FIGURE.presets if p.id == "design").values
    design = [read(kind, **values)[3] for kind in ("accompanying", "directed", "not_contingent")]
    assert design == pytest.approx([4, 0.8, 0.3])
    assert max(read("accompanying", **values)[:3]) <= design[0] + 1e-9
    assert max(read("directed", **values)[:3]) < design[1]
    assert min(read("not_contingent", **values)[:3]) > design[2]


def call(others: float, influence: float) -> dict:
    """A joint call with the money and the influence of a design."""
    return explorer("matching-ratio").results(matching_ratio=others, influence=influence / (others / (1 + others)))


def test_who_would_join_the_designs() -> None:
    start = FIGURE.values()
    assert (start["design_accompanying"], start["design_local_influence"]) == (2, 0.5)
    assert call(2.0, 0.5)["joining"] == 9
    assert 0.2 / 0.8 == 0.25 and explorer("matching-ratio").results(matching_ratio=2.0, influence=0.25)["joining"] == 9


def test_how_much_hangs_on_the_assumptions() -> None:
    low = 1 / model.PARAMETERS["stake"].high - 1
    assert round(low, 2) == 1.86 and model.PARAMETERS["matching_ratio"].high == 2
    parameters = [model.PARAMETERS[name] for name in ("matching_ratio", "stake", "central_share")]

    def more_than_fund(p):
        return model.innovation_center_accompanying(p.central_share) > model.guidance_fund_accompanying(p.stake)

    def fund_more(p):
        return model.guidance_fund_accompanying(p.stake) > model.joint_projects_accompanying(p.matching_ratio)

    assert 0.99 < share_of("fund", fund_more, parameters).share < 1
    found = share_of("center", more_than_fund, parameters)
    assert found.share < 0.25 and found.parameter.name == "central_share"


# ---- solutions


def test_exercise_by_hand() -> None:
    assert read("directed")[0] == 0.5
    assert read("directed", stake=1 / 6)[1] == pytest.approx(0.5)
    assert read("directed", stake=0.17)[1] > 0.5
    assert read("accompanying", stake=1 / 6)[1] == pytest.approx(5)
    assert round(model.additional(read("accompanying")[1], 1 / 3), 2) == 1.26


def test_exercise_with_the_explorer() -> None:
    same = {"matching_ratio": 2.0, "stake": 0.33, "central_share": 0.33, "design_accompanying": 2.0}
    assert [round(value, 2) for value in read("accompanying", **same)] == [2, 2.03, 2.03, 2]
    assert [round(value, 2) for value in read("directed", **same)[:3]] == [0.33, 0.99, 0.33]
    assert read("directed", stake=0.335)[1] == "cannot be met"


def test_exercise_in_code() -> None:
    found = [call(*design) for design in ((0.5, 0.25), (1.0, 0.25), (1.0, 0.5), (2.0, 0.5))]
    assert [r["joining"] for r in found] == [25, 18, 21, 9]
    assert [round(r["pool"], 1) for r in found] == [37.5, 36.0, 42.0, 27.0]
    assert [round(r["nationally_steered"], 1) for r in found] == [28.1, 27.0, 21.0, 13.5]


def test_questions() -> None:
    assert read("accompanying", stake=0.1)[1] == pytest.approx(9)
    assert read("directed", matching_ratio=0.5)[0] == pytest.approx(1 / 1.5)
    pools = [explorer("matching-ratio").results(matching_ratio=ratio)["pool"] for ratio in (1.0, 2.0)]
    assert pools[1] < pools[0]  # a higher ratio can lose a call more than it brings
