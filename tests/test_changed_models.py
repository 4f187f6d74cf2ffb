"""A changed function never leaves a stale number: what follows from it follows, or the figure says that it does not."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from jointaction import load
from jointaction.errors import InputError
from jointaction.explorers import EXPLORERS, explorer
from jointaction.explorers.debate_board import cases
from jointaction.faces import changes
from jointaction.faces.explorer import Explorer
from settings import settings

WITH_MODEL = [name for name, kind in EXPLORERS.items() if kind.models]
USED = [(name, function) for name in WITH_MODEL for function in EXPLORERS[name]()._uses("call")]


def original(name: str, function: str) -> Callable:
    return changes.functions(EXPLORERS[name].models)[function]


def with_changed(name: str, start: dict[str, Any] | None = None, **model: Callable) -> Explorer:
    """A figure whose functions each take the original's answer and its arguments, and give another answer."""

    def taking(function: str, change: Callable) -> Callable:
        own = original(name, function)
        names = list(inspect.signature(own).parameters)
        arguments, given = ", ".join(names), ", ".join(name for name in names if name != "keep")
        scope = {"own": own, "change": change}
        return eval(f"lambda {arguments}: change(own({given}), {arguments})", scope)

    return EXPLORERS[name](start or {}, {f: taking(f, change) for f, change in model.items()})


def as_it_is(value: Any, *_: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def less(value: Any, *_: Any) -> Any:
    """Another answer of the same kind."""
    return (not value) if isinstance(value, (bool, np.bool_)) else value if isinstance(value, str) else 0.6 * value


def another(value: Any) -> Any:
    """Another answer, in which nothing cancels out."""
    return f"{value}?" if isinstance(value, str) else less(value) + (0 if isinstance(value, (bool, np.bool_)) else 0.01)


def everything(sheet: Any) -> dict[str, np.ndarray]:
    columns = {(table, column): v for table, c in sheet.columns.items() for column, v in c.items()}
    return {**{name: np.array([value]) for name, value in sheet.steps.items()}, **columns}


# A search looks as far as a slider goes, a formula further.
REACH = {"leaving_ratio": (0, 2), "required_appropriability": (0, 1), "best_stake": (0.05, 0.35)}


def within_reach(part: Any, values: np.ndarray) -> np.ndarray:
    low, high = REACH.get(part[1] if isinstance(part, tuple) else part, (-np.inf, np.inf))
    return np.where((values >= low) & (values <= high), values, np.nan) if values.dtype.kind == "f" else values


def alike(one: np.ndarray, other: np.ndarray) -> bool:
    if one.shape != other.shape:
        return False
    if "f" in (one.dtype.kind, other.dtype.kind) and one.dtype.kind in "fi" and other.dtype.kind in "fi":
        return np.allclose(one, other, rtol=1e-5, atol=1e-6, equal_nan=True)
    return all(a == b or (a != a and b != b) for a, b in zip(one.tolist(), other.tolist()))


# What is left out, and said to be, while a function is not the book's own; and what the search has no need to find.
LEFT_OUT = {
    "matching-ratio": {"line"},
    "fund-leverage": {"kink"},
    "fund-rules": {"limits", "change", "value"},
    "selection": {f"weight_{step}" for step in range(10)},
}


@pytest.mark.parametrize(("name", "function"), USED)
def test_a_function_put_in_its_own_place_changes_nothing(name: str, function: str) -> None:
    """What is found by search agrees with the formula in closed form."""
    for setting in [settings(name)[0], *settings(name)[-2:]]:
        figure = with_changed(name, setting, **{function: as_it_is})
        book, here = everything(EXPLORERS[name](setting).evaluate()), everything(figure.evaluate())
        for part, values in book.items():
            if LEFT_OUT.get(name, set()).isdisjoint(part if isinstance(part, tuple) else (part,)):
                assert alike(within_reach(part, values), within_reach(part, here[part])), (part, setting)


@pytest.mark.parametrize(("name", "function"), USED)
def test_a_changed_function_shows(name: str, function: str) -> None:
    figure = with_changed(name, **{function: lambda value, *_: another(value)})
    shown = []
    coded = {row.key: "1" if row.state_led else "0" for row in cases().itertuples()} if name == "debate-board" else {}
    for setting in [settings(name)[0], *settings(name)[-4:]]:
        setting = {**setting, **coded, **({"reveal": True, "cut": "0.5", "question": "emulate"} if coded else {})}
        book = everything(EXPLORERS[name](setting).evaluate())
        try:
            here = everything(figure.evaluate(**setting))
        except InputError as out_of_range:
            assert "the nearest allowed value is" in str(out_of_range)
            continue
        shown.append(any(part not in here or not alike(values, here[part]) for part, values in book.items()))
    assert any(shown) and function in figure.changed


def test_a_change_that_would_not_show_is_refused() -> None:
    figure = explorer("concentration", model={"hhi": lambda priorities, skew, whole: 1.0})
    assert "The figure concentration does not call hhi, so a change of it would not show; it calls unscaled" in repr(
        figure
    )
    figure = explorer("concentration", tables={"provinces": load("provinces")})
    with pytest.raises(InputError, match="does not read provinces, .*; it reads key_rd_calls_2018"):
        figure.results()


def test_another_table_reaches_every_figure_that_reads_it() -> None:
    """A table whose numbers are changed is read anew, also where rows are kept from one move to the next."""
    calls = load("key_rd_calls_2018").assign(money=lambda d: d["money"] * 2)
    mine = explorer("concentration", tables={"key_rd_calls_2018": calls}, show_calls=True).evaluate().tables["calls"]
    assert mine["money"].sum() == pytest.approx(
        2 * explorer("concentration", show_calls=True).evaluate().tables["calls"]["money"].sum()
    )
    shares = load("manufacturing_share")
    shares["value"] = shares["value"] + 1.0
    mine = explorer("industrial-base", tables={"manufacturing_share": shares}).evaluate()
    book = explorer("industrial-base").evaluate()
    assert mine.tables["path"]["share"][0] == pytest.approx(book.tables["path"]["share"][0] + 1)
    assert mine.tables["path"]["world_share"][0] == pytest.approx(book.tables["path"]["world_share"][0] + 1)


# What has to hold in each figure, whatever a reader makes of one function ------------------------------------


def changed_by(name: str, **model: Callable) -> list[Any]:
    return [with_changed(name, setting, **model).evaluate() for setting in SETTINGS[name]]


SETTINGS: dict[str, list[dict]] = {
    "matching-ratio": [{"ability_share": 1.0}, {"matching_ratio": 0.4}, {"spend_unclaimed": True, "influence": 0.5}],
    "elsewhere": [{}, {"grading": "eu"}, {"hold": "total", "matching_ratio": 0.5}],
    "delegation": [
        {},
        {"information_gap": 2.0, "local_bias": 0.7},
        {"strategic_reporting": True, "information_gap": 2.0},
        {"local_bias": 1.4, "influence_exponent": 2.0},
    ],
    "center-funding": [
        {},
        {"appropriability": 0.9},
        {"business_share": 0.2, "local_share": 0.5, "appropriability": 0.8},
        {"business_share": 0.2, "local_share": 0.5, "bridge": False},
    ],
    "fund-leverage": [{}, {"stake": 0.3}, {"partner_budget": 900.0}],
    "fund-rules": [{}, {"stake": 0.35}, {"rule_set": "2014", "stake": 0.15}],
    "mechanisms-compared": [{}, {"additionality": 0.5}, {"stake": 0.35, "central_share": 0.0}],
    "concentration": [{}, {"priorities": 13.0}, {"returns_shape": 1.0, "scale_threshold": 2.0}],
    "innovation-chain": [{}, {"foreign_ideas": 0.5}, {"effort_early": 0.2, "effort_middle": 0.5}],
    "industrial-base": [{}, {"target_share": 30.0, "years": 20.0}, {"start": "2023", "growth": 0.03}],
    "selection": [{}, {"export_gaming": 1.0}, {"export_gaming": 0.5, "report_gaming": 1.5, "local_noise": 0.5}],
}


def eager(value: Any, *given: Any) -> bool:
    """A rule of participation with a kink: rich research provinces stay longer."""
    _, rd_relative, ratio, *_ = given
    return ratio <= (0.4 if rd_relative < 0.8 else 0.3 + 0.6 * rd_relative)


@pytest.mark.parametrize(
    "model",
    [
        {"willing": eager},
        {"fit": lambda value, *_: 0.6 * value if value < 1 else value},
        {"cost_of_own_yuan": less},
        {"able": lambda value, budget, ratio, *_: ratio <= 1 + 0.01 * budget},
        {"joins": lambda value, is_willing, is_able: is_willing or is_able},
        {"outcome": lambda value, is_willing, is_able: "joins" if is_willing else "unwilling"},
        {"local_share": lambda value, ratio: ratio / (2 + ratio)},
        {"pool": less},
    ],
)
def test_matching_ratio(model: dict) -> None:
    for start in SETTINGS["matching-ratio"]:
        figure = with_changed("matching-ratio", start, **model)
        for ratio in (0.2, 0.7, 1.3, 1.9):
            sheet = figure.evaluate(matching_ratio=ratio)
            rows, at = sheet.tables["provinces"], sheet.steps
            assert at["joining"] == (rows["outcome"] == "joins").sum() == (rows["leaving_ratio"] >= ratio).sum()
            assert at["unwilling"] == (rows["outcome"] == "unwilling").sum()
            assert at["unable"] == (rows["outcome"] == "unable").sum()
            assert at["nationally_steered"] <= at["pool"] + 1e-9
            curve, line = sheet.tables["curve"], sheet.tables["line"]
            assert at["joining"] == curve["joining"][(curve["ratio"] - ratio).abs().idxmin()]
            if "willing" in model:
                assert len(line) == 0 and "no line of willingness" in figure.changed
            elif "outcome" not in model and "joins" not in model:
                needed = np.interp(rows["cost"], line["cost"], line["fit"])
                assert ((rows["fit"] >= needed - 1e-9) == (rows["outcome"] != "unwilling")).all()


@pytest.mark.parametrize(
    "model",
    [{"willing": eager}, {"able": lambda value, budget, ratio, *_: ratio <= 1}, {"joins": lambda v, a, b: a or b}],
)
def test_elsewhere(model: dict) -> None:
    for sheet in changed_by("elsewhere", **model):
        rows = sheet.tables["provinces"]
        joined = rows[rows["outcome"] == "joins"]
        assert sheet.steps["joining"] == len(joined)
        assert sheet.steps["pool"] == pytest.approx((joined["central"] * (1 + joined["asked"])).sum())
    flat = with_changed("elsewhere", **model).evaluate(matching_ratio=1.0)
    curve = flat.tables["curve"]
    assert flat.steps["joining"] == curve["joining"][(curve["ratio"] - 1.0).abs().idxmin()]


def uneasy(value: float, gap: float, bias: float, weight: float, overstates: bool) -> float:
    """A loss with a kink, and with a cost of sharing that is there at both ends too."""
    return value + 0.3 * abs(weight - 0.25) + 0.1 * bias


@pytest.mark.parametrize("model", [{"loss": uneasy}, {"best_weight": less}, {"weight_of_ratio": less}])
def test_delegation(model: dict) -> None:
    for start in SETTINGS["delegation"]:
        figure = with_changed("delegation", start, **model)
        sheet, settings_ = figure.evaluate(), figure.values()
        at, weights = sheet.steps, sheet.tables["weights"]
        losses = weights["overstated" if settings_["strategic_reporting"] else "at_face_value"]
        assert at["loss_centralize"] == pytest.approx(losses.iloc[0])
        assert at["loss_delegate"] == pytest.approx(losses.iloc[-1])
        best = sheet.tables["marks"].iloc[1]
        if "best_weight" not in model:
            assert best["loss"] <= losses.min() + 1e-9
            assert best["loss"] <= sheet.tables["curve"]["loss"].min() + 1e-9
        with figure._changed():
            bought = figure.models[0].weight_of_ratio
            if np.isfinite(at["best_matching_ratio"]):
                ratio = at["best_matching_ratio"]
                assert bought(ratio, settings_["influence_exponent"]) == pytest.approx(at["best_weight"], abs=1e-5)
            for row in sheet.tables["ratios"].itertuples():
                justified = figure.models[0].best_weight(row.gap, settings_["local_bias"], False)
                assert justified == pytest.approx(row.weight, abs=1e-5)
            figure.compute(type(sheet)(figure.values()))


@pytest.mark.parametrize(
    "model",
    [
        {"business_pays": lambda value, multiple, part, hurdle: part >= 0.4 and multiple > 1},
        {"progress": lambda value, *_: 0.5 * value},
        {"bridge_cost": less},
        {"central_share": lambda value, *_: value},
        {"paid_by_business": less},
        {"advanced": less},
    ],
)
def test_center_funding(model: dict) -> None:
    for start in SETTINGS["center-funding"]:
        figure = with_changed("center-funding", start, **model)
        sheet, p = figure.evaluate(), figure.values()
        at, parts = sheet.steps, sheet.tables["parts"]
        before = parts[parts["bar"] == "paid up front"].set_index("payer")["share"]
        if "progress" in model:
            assert "still by the original’s formula: paid_by_business, advanced" in figure.changed
        else:
            assert before.drop("nobody").sum() == pytest.approx(at["progress"])
        assert before["nobody"] == pytest.approx(1 - at["progress"], abs=1e-9)
        advance = before["locality’s advance"] * p["total_cost"]
        repaid = p["subsidy_probability"] if at["viable"] else 0
        own = at["usable_local_share"] * p["total_cost"]
        assert at["expected_local_burden"] == pytest.approx(own + advance * (1 - repaid) + at["bridge_cost"])
        if (part := at["required_appropriability"]) <= 1:
            assert figure.results(appropriability=min(part + 1e-6, 1.0))["business_pays"]
            assert not figure.results(appropriability=part - 1e-5)["business_pays"]
        line = sheet.tables["corners"].sort_values("place")
        for row in line.iloc[[0, 20, -1]].itertuples():
            assert row.progress == pytest.approx(figure.results(appropriability=row.part)["progress"])


@pytest.mark.parametrize(
    "model",
    [
        {"leverage": lambda value, stake: value if stake < 0.2 else 1 / (0.1 + 0.5 * stake)},
        {"central_allows": less},
        {"partners_allow": lambda value, stake, *_: value if stake < 0.2 else 0.8 * value},
        {"commercialization_floor": less},
        {"central_money": less},
    ],
)
def test_fund_leverage(model: dict) -> None:
    for start in SETTINGS["fund-leverage"]:
        figure = with_changed("fund-leverage", start, **model)
        sheet = figure.evaluate()
        at, rows = sheet.steps, sheet.tables["stakes"]
        if np.isfinite(at["best_stake"]):
            both = figure.evaluate(stake=min(max(at["best_stake"], 0.05), 0.35)).tables["stakes"].iloc[0]
            near = figure.evaluate(stake=at["best_stake"] + 1e-6).tables["stakes"].iloc[0]
            assert (both["central_allows"] - both["partners_allow"]) * (
                near["central_allows"] - near["partners_allow"]
            ) <= 1e-3
        if "central_money" not in model:
            pool = rows["partner_money"] + 130.416 - rows["central_idle"]
            full = (rows["sub_funds"] > 0) & (rows["central_idle"] > 0)
            assert np.allclose(pool[full], (rows["sub_funds"] * figure.values()["sub_fund_size"])[full])
            assert np.allclose((pool / (130.416 - rows["central_idle"]))[full], rows["leverage"][full])
        assert np.allclose(rows["high_tech"], np.maximum(0, 1 - rows["floor"]))
        assert ((rows["use_rule"] == "can be met") == (rows["floor"] <= 1 + 1e-9)).all()
        marked = len(sheet.tables["kink"])
        assert marked == (0 if "commercialization_floor" in model else 1)
        assert ("no kink is marked" in figure.changed) == (marked == 0)


@pytest.mark.parametrize(
    "model",
    [
        {"measured": lambda value, subject, *_: value * 0.5},
        {"keeps": lambda value, measured, operator, threshold: value or abs(measured - threshold) < 3},
    ],
)
def test_fund_rules(model: dict) -> None:
    for start in SETTINGS["fund-rules"]:
        figure = with_changed("fund-rules", start, **model)
        sheet = figure.evaluate()
        rows = sheet.tables["rules"]
        assert sheet.steps["rules_passed"] == (rows["result"] == "passes").sum()
        assert set(rows["change"]) <= {"none needed", "not worked out for a changed rule"}
        assert len(sheet.tables["limits"]) == 0 and "no limit is drawn" in figure.changed


@pytest.mark.parametrize(
    "model",
    [
        {"pool": less},
        {"additional": less},
        {"joint_projects_accompanying": less},
        {"guidance_fund_accompanying": less},
        {"guidance_fund_tied": lambda value, stake: 4 * stake},
        {"innovation_center_accompanying": less},
    ],
)
def test_mechanisms_compared(model: dict) -> None:
    for sheet in changed_by("mechanisms-compared", **model):
        rows, money = sheet.tables["mechanisms"], sheet.tables["money"]
        for row in rows[rows["paid"]].itertuples():
            assert money[money["key"] == row.key]["amount"].sum() == pytest.approx(row.pool)
        others = rows.set_index("key")["others"]
        at = sheet.steps
        assert at["joint_projects_directed"] == pytest.approx(
            1 - others["joint_projects"] / (1 + others["joint_projects"])
        )
        if at["innovation_center_others"] > 0:
            assert at["innovation_center_directed"] == pytest.approx(1 / (1 + others["innovation_center"]))
            assert at["innovation_center_not_contingent"] == pytest.approx(1 - at["innovation_center_directed"])
        tied = at["guidance_fund_directed"]
        if "guidance_fund_tied" in model:
            assert tied == "cannot be met" or tied <= 1
        elif tied != "cannot be met":
            assert tied == pytest.approx(max(3 / (1 + others["guidance_fund"]), 0.5))
        else:
            assert 3 / (1 + others["guidance_fund"]) > 1


@pytest.mark.parametrize(
    "model",
    [
        {"success": lambda value, money, threshold, shape: min(1.0, 0.3 * money / threshold)},
        {"success": less},
        {"unscaled": lambda value, rank, *_: value if rank < 5 else 0.5 * value},
        {"weight": lambda value, rank, n, *_: (rank <= int(n)) / int(n)},
    ],
)
def test_concentration(model: dict) -> None:
    for start in SETTINGS["concentration"]:
        figure = with_changed("concentration", start, **model)
        sheet, p = figure.evaluate(), figure.values()
        at, rows, now = sheet.steps, sheet.tables["ranks"], sheet.tables["now"].iloc[0]
        assert rows["share"].sum() == pytest.approx(1) and at["hhi"] == pytest.approx((rows["share"] ** 2).sum())
        assert at["breakthroughs"] == pytest.approx(rows["chance"].sum())
        assert at["funded_at_scale"] == (rows["chance"] >= 0.5 - 1e-9).sum()
        assert at["money_below_scale"] == pytest.approx(rows["share"][rows["chance"] < 0.5 - 1e-9].sum())
        curve, lengths = sheet.tables["returns"], sheet.tables["lengths"]
        if np.isfinite(now["threshold"]):
            assert np.interp(now["threshold"], curve["money"], curve["chance"]) == pytest.approx(0.5, abs=0.02)
            assert at["fundable"] == min(int(p["priorities"]), int(p["budget"] / now["threshold"] + 1e-9))
        else:
            assert at["fundable"] == 0 and curve["chance"].max() < 0.5
        mine = lengths[lengths["length"] == p["priorities"]]["your shape of returns"].item()
        assert mine == pytest.approx(at["breakthroughs"])


@pytest.mark.parametrize(
    "model",
    [
        {"chance": lambda value, effort, productivity: min(1.0, 0.4 * productivity * effort**2)},
        {"ready": lambda value, *_: value**2},
        {"chain_yield": lambda value, efforts, *_: value * (1 - 0.5 * efforts[0])},
    ],
)
def test_innovation_chain(model: dict) -> None:
    for start in SETTINGS["innovation-chain"]:
        figure = with_changed("innovation-chain", start, **model)
        sheet, p = figure.evaluate(), figure.values()
        at, stages, splits = sheet.steps, sheet.tables["stages"].set_index("stage"), sheet.tables["splits"]
        assert at["best_yield"] == pytest.approx(splits["chance"].max()) and at["best_yield"] >= at["yield"] - 0.02
        for stage in ("early", "middle"):
            step, key = 1e-4, f"effort_{stage}"
            up, down = (figure.results(**{key: p[key] + d})["yield"] for d in (step, -step))
            gained = stages.loc[stage, "more"] - stages.loc["late", "more"]
            assert (up - down) / (2 * step) == pytest.approx(gained, abs=1e-4)
        ideas = sheet.tables["ideas"]
        assert np.interp(p["foreign_ideas"], ideas["foreign"], ideas["your split"]) == pytest.approx(
            at["yield"], abs=1e-4
        )


@pytest.mark.parametrize(
    "model",
    [
        {"share": lambda value, start, growth, own, after: value - 0.1 * after},
        {"home_demand": less},
        {"manufacturing_growth": less},
        {"net_exports_needed": less},
        {"world_share": lambda value, *_: min(value, 35.0)},
    ],
)
def test_industrial_base(model: dict) -> None:
    for start in SETTINGS["industrial-base"]:
        figure = with_changed("industrial-base", start, **model)
        sheet, p = figure.evaluate(), figure.values()
        at, end = sheet.steps, sheet.tables["path"].iloc[-1]
        assert end["share_reached"] == pytest.approx(p["target_share"])
        assert end["share"] == pytest.approx(at["share_end"])
        assert at["gap_to_target"] == pytest.approx(p["target_share"] - at["share_end"])
        assert end["net_exports_needed"] == pytest.approx(at["net_exports_needed"])
        assert (end["world_share"], end["world_share_reached"]) == pytest.approx(
            (at["world_share"], at["world_share_if_held"])
        )


@pytest.mark.parametrize(
    "model",
    [
        {"ranking_spread": lambda value, report, export, weight, *_: value + abs(weight - 0.6)},
        {"signal_quality": lambda value, report, export, weight, *_: value * (0.5 + weight if weight < 0.7 else 1.2)},
        {"mean_fitness": lambda value, report, export, weight, *_: value + 0.5 * weight},
        {"selection_intensity": less},
        {"cut_off": lambda value, share: value + 0.5},
    ],
)
def test_selection(model: dict) -> None:
    for sheet in changed_by("selection", **model):
        at, marks = sheet.steps, sheet.tables["marks"].iloc[1]
        assert at["best_mean_fitness"] >= sheet.tables["curve"]["mean"].max() - 1e-6
        answer = sheet.tables["answer"]
        assert np.interp(marks["export_gaming"], answer["export_gaming"], answer["weight"]) == pytest.approx(
            at["best_weight"], abs=1e-3
        )


def test_debate_board() -> None:
    """The chance of luck is worked out for the board's own way of matching only, and says so."""
    coded = {"artificial_intelligence": "0.5", "atomic_bombs": "1", "high_speed_rail": "0.5", "reveal": True}
    for function in ("predicts_state", "matches"):
        figure = with_changed("debate-board", coded, **{function: less})
        assert "still by the original’s formula: luck" in figure.changed
    figure = with_changed("debate-board", coded, matches=lambda value, code, *_: 0.5 if code == 0.5 else value)
    rows = figure.evaluate().tables["cases"]
    assert (rows["result"] == "in part").sum() == 2 - (~rows["on_board"] & (rows["code"] == "0.5")).sum()
