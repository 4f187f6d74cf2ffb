"""The numbers that the chapters' exercises ask for. Each answer is computed from the models and the tables."""

from __future__ import annotations

import functools
import math
from itertools import combinations
from typing import Any

from jointaction.classroom.task import Task
from jointaction.explorers import explorer
from jointaction.models import center_funding, concentration, delegation, industrial_base, innovation_chain, selection
from jointaction.models import debate_board as board
from jointaction.models import mechanisms_compared as compared
from jointaction.sources.tables import load

STEPS = [step / 20 for step in range(21)]  # of a slider from 0 to 1
NAMES = ("Shandong", "Anhui", "Fujian", "Hebei", "Henan", "Hubei", "Hunan", "Jiangsu", "Jiangxi", "Shaanxi", "Sichuan")


@functools.cache
def figure(name: str) -> Any:
    return explorer(name)


@functools.cache
def results(name: str, **settings: Any) -> dict[str, Any]:
    """The read-outs of a figure; the slow part of an answer, and asked for again and again."""
    return figure(name).results(**settings)


# ---- who pays


@functools.cache
def _spent() -> Any:
    """Amounts in 100 million yuan by caliber, level and year."""
    return load("fiscal_st").set_index(["caliber", "level", "year"])["value"]


def spent(caliber: str, level: str, year: int) -> float:
    return float(_spent().get((caliber, level, year), math.nan))


def local_share(caliber: str, year: int) -> float:
    local, central = spent(caliber, "local", year), spent(caliber, "central", year)
    return 100 * local / (local + central)


def central_with(moved: float, counted: float = 0.0) -> float:
    """Beijing's share of narrow spending in 2011, in percent, with ``moved`` billion yuan counted with it."""
    central, local = (spent("narrow", level, 2011) / 10 for level in ("central", "local"))
    return 100 * (central + moved) / (central + local + counted)


def change(level: str, caliber: str, year: int) -> float:
    return 100 * (spent(caliber, level, year) / spent(caliber, level, year - 1) - 1)


WHO_PAYS = (
    Task(
        "1",
        "On the narrow line of 2011, count {moved} billion yuan of transfers with their sender. Beijing’s share, in percent?",
        lambda moved: central_with(moved),
        {"moved": (9.192, 4.0, 6.0, 8.0, 12.0, 14.0, 16.0)},
        1,
        (
            (lambda moved: central_with(0.0), "This is Beijing’s share of spending, before any transfer has moved."),
            (lambda moved: 100 - central_with(moved), "This is what is left to the localities."),
            (
                lambda moved: central_with(moved, moved),
                "The transfers change who is counted as the payer; they do not add to the total.",
            ),
        ),
    ),
    Task(
        "2",
        "The local share of S&T spending on the {caliber} line in {year}, in percent?",
        lambda caliber, year: local_share(caliber, year),
        {"caliber": ("narrow", "broad"), "year": (2016, 2011, 2018, 2019, 2020, 2021, 2022, 2023)},
        1,
        (
            (lambda caliber, year: 100 - local_share(caliber, year), "This is Beijing’s share."),
            (
                lambda caliber, year: 100 * spent(caliber, "local", year) / spent(caliber, "central", year),
                "This is local over central spending; a share is local spending over both.",
            ),
        ),
    ),
    Task(
        "3",
        "By how many percent did {level} spending on the {caliber} line change in {year} (below 0 for a fall)?",
        lambda level, caliber, year: change(level, caliber, year),
        {
            "level": ("central", "local", "total"),
            "caliber": ("narrow", "broad"),
            "year": (2020, 2019, 2021, 2022, 2023),
        },
        1,
        (
            (
                lambda level, caliber, year: spent(caliber, level, year) - spent(caliber, level, year - 1),
                "This is the change as an amount; the exercise asks for percent of the year before.",
            ),
        ),
    ),
)


# ---- joint action


def least(gap: float, bias: float) -> float:
    return delegation.loss(gap, bias, delegation.best_weight(gap, bias))


_GAPS = (2.0, 0.5, 1.5, 2.5, 3.0)
_BIASES = (1.0, 0.5, 1.5)
JOINT_ACTION = (
    Task(
        "1a",
        "Let σ = {gap} and b = {bias}. The best weight on the locality?",
        lambda gap, bias: delegation.best_weight(gap, bias),
        {"gap": _GAPS, "bias": _BIASES},
        2,
        (
            (
                lambda gap, bias: 1 - delegation.best_weight(gap, bias),
                "This is Beijing’s weight, one minus the locality’s.",
            ),
            (lambda gap, bias: gap / (gap + bias), "Gap and bias must be squared."),
        ),
    ),
    Task(
        "1b",
        "Let σ = {gap} and b = {bias}. The matching ratio that buys the best weight?",
        lambda gap, bias: delegation.best_matching_ratio(gap, bias),
        {"gap": _GAPS, "bias": _BIASES},
        2,
        (
            (
                lambda gap, bias: delegation.best_weight(gap, bias),
                "This is the weight, a share of the pool; the ratio is local over central money.",
            ),
            (lambda gap, bias: gap / bias, "Gap over bias must be squared."),
        ),
    ),
    Task(
        "1c",
        "Let σ = {gap} and b = {bias}. Which share of the loss from centralizing does the best compromise save?",
        lambda gap, bias: 1 - least(gap, bias) / gap**2,
        {"gap": _GAPS, "bias": _BIASES},
        2,
        (
            (lambda gap, bias: least(gap, bias) / gap**2, "This is the share of the loss that is left."),
            (lambda gap, bias: 1 - least(gap, bias) / bias**2, "This is what it saves against delegating."),
            (lambda gap, bias: gap**2 - least(gap, bias), "This is the loss saved, not its share."),
        ),
    ),
    Task(
        "2",
        "At which information gap is a matching ratio of {ratio} the best, when b = {bias} and η = 1?",
        lambda ratio, bias: delegation.gap_that_justifies(ratio, bias),
        {"ratio": (0.5, 0.25, 0.75, 1.5, 2.0), "bias": (1.0, 0.5, 1.5, 2.0)},
        2,
        (
            (lambda ratio, bias: ratio * bias, "The ratio is the square of gap over bias; take its root."),
            (
                lambda ratio, bias: bias / math.sqrt(ratio),
                "The gap is the bias times the root of the ratio, not over it.",
            ),
        ),
    ),
    Task(
        "3",
        "The smallest loss as a part of the loss at the better extreme, for a gap of {gap} and a bias of 1?",
        lambda gap: least(gap, 1.0) / min(gap**2, 1.0),
        {"gap": (0.25, 0.4, 0.6, 0.8, 1.25, 1.5, 2.5)},
        2,
        (
            (lambda gap: least(gap, 1.0) / max(gap**2, 1.0), "This is over the loss at the worse extreme."),
            (lambda gap: 1 - least(gap, 1.0) / min(gap**2, 1.0), "This is the part that is saved."),
        ),
    ),
)


# ---- the Key R&D Program


@functools.cache
def provinces(**settings: float) -> Any:
    return figure("matching-ratio").evaluate(**settings).tables["provinces"].set_index("province")


def leaving(province: str, **settings: float) -> float:
    """The ratio at which a province leaves, where it lies on the slider and its budget is no obstacle."""
    ratio = float(provinces(ability_share=1.0, **settings).loc[province, "leaving_ratio"])
    return ratio if ratio < 3 else math.nan


def by_influence(ratio: float, focus: float) -> dict[float, float]:
    """What Beijing directs at each step of the influence."""
    settings = {"matching_ratio": ratio, "agricultural_focus": focus}
    return {theta: results("matching-ratio", influence=theta, **settings)["nationally_steered"] for theta in STEPS}


def best_influence(ratio: float, focus: float) -> float:
    steered = by_influence(ratio, focus)
    best = max(steered, key=steered.__getitem__)
    ties = [theta for theta in steered if math.isclose(steered[theta], steered[best])]
    return best if len(ties) == 1 else math.nan


def first_peak(ratio: float, focus: float) -> float:
    """Where the money falls for the first time on the way down from full influence."""
    steered = by_influence(ratio, focus)
    down = sorted(steered, reverse=True)
    return next((a for a, b in zip(down, down[1:]) if steered[b] < steered[a] - 1e-9), down[-1])


def least_farming(province: str) -> float:
    """The largest focus below which, step by step, a province joins at one for one."""
    for focus in reversed(STEPS):
        if provinces(agricultural_focus=focus).loc[province, "outcome"] == "joins":
            return focus if focus < 1 else math.nan
    return math.nan


@functools.cache
def budgets() -> Any:
    return load("provincial_st_budget").pivot(index="province", columns="year", values="value")


def budget_growth(province: str, first: int, last: int) -> float:
    budget = budgets().loc[province]
    return 100 * (budget[last] / budget[first] - 1)


_CALL = {"ratio": (1.0, 0.8, 0.9, 1.1, 1.2), "focus": (0.8, 0.6, 0.7, 0.9)}
KEY_RD_PROGRAM = (
    Task(
        "1",
        "With φ = {focus}, β = {worth} and the other defaults, at which matching ratio does {province} leave? "
        "Its budget is no obstacle.",
        lambda province, focus, worth: leaving(province, agricultural_focus=focus, local_value_share=worth),
        {"province": NAMES, "focus": (0.8, 0.5, 0.6, 0.7, 0.9), "worth": (0.6, 0.5, 0.55, 0.65)},
        3,
        (
            (
                lambda province, focus, worth: (
                    (m := leaving(province, agricultural_focus=focus, local_value_share=worth)) / (1 + m)
                ),
                "This is the price s = m/(1 + m), what the province pays of a pooled yuan; the ratio is m.",
            ),
            (
                lambda province, focus, worth: leaving(
                    province, agricultural_focus=focus, local_value_share=worth, value_of_steering=0.0
                ),
                "The influence that the province buys is left out: take γθ from the cost of its own yuan.",
            ),
            (
                lambda province, focus, worth: leaving(province, agricultural_focus=1 - focus, local_value_share=worth),
                "The focus φ weighs the primary sector and 1 − φ research; here they have changed places.",
            ),
        ),
    ),
    Task(
        "2.1",
        "At m = {ratio} and φ = {focus}, at which influence θ, in steps of 0.05 from 1 to 0, does Beijing direct most?",
        best_influence,
        _CALL,
        2,
        (
            (
                first_peak,
                "There the money falls for the first time; further down are higher peaks, so look at the whole range.",
            ),
        ),
    ),
    Task(
        "2.1b",
        "At m = {ratio} and φ = {focus}, how much money does Beijing direct at the best influence?",
        lambda ratio, focus: by_influence(ratio, focus).get(best_influence(ratio, focus), math.nan),
        _CALL,
        1,
        (
            (
                lambda ratio, focus: by_influence(ratio, focus)[first_peak(ratio, focus)],
                "This is the peak before the first fall; further down are higher ones.",
            ),
            (lambda ratio, focus: by_influence(ratio, focus)[1.0], "This is the money at θ = 1."),
        ),
    ),
    Task(
        "2.3",
        "At m = 1 and θ = 1, lower φ from 1 in steps of 0.05. At which φ does {province} join for the first time?",
        least_farming,
        {"province": ("Guangdong", "Beijing", "Shanghai", "Tianjin", "Jiangsu", "Zhejiang")},
        2,
        (
            (lambda province: least_farming(province) + 0.05, "At this step it still stays out."),
            (lambda province: 1 - least_farming(province), "This is 1 − φ, the weight of research."),
        ),
    ),
    Task(
        "4",
        "By how many percent did the S&T budget of {province} grow from {first} to {last}?",
        budget_growth,
        {
            "province": ("Henan", *(name for name in NAMES if name != "Henan")),
            "first": (2020, 2017, 2018),
            "last": (2023, 2021, 2022),
        },
        1,
        (
            (
                lambda province, first, last: 100 + budget_growth(province, first, last),
                "This is the last year in percent of the first; growth is what lies above 100.",
            ),
            (
                lambda province, first, last: budget_growth(province, first, last) / (last - first),
                "This is divided by the years; the exercise asks for the whole time.",
            ),
        ),
    ),
)


# ---- innovation centers


def advance(rate: float, years: float) -> float:
    return (1 + rate) ** years


def burden(local: float, rate: float, years: float, chance: float, viable: bool = True) -> float:
    return center_funding.expected_local_burden(
        total_cost=10.0,
        business_share=0.2,
        local_share=local,
        interest=rate,
        years=years,
        subsidy_probability=chance,
        is_viable=viable,
    )


_TERMS = {"rate": (0.04, 0.03, 0.05, 0.06), "years": (3.0, 2.0, 4.0, 5.0)}
_CENTER = {"local": (0.6, 0.5, 0.4, 0.55), **_TERMS}
_CASE = "An innovation center costs 10 billion yuan; business pledges 0.2 and the locality {local}, which advances Beijing’s part for {years} years at r = {rate}"
INNOVATION_CENTERS = (
    Task(
        "1a",
        f"{_CASE}. The interest on the advance, in billion yuan?",
        lambda local, rate, years: 10 * (0.8 - local) * (advance(rate, years) - 1),
        _CENTER,
        3,
        (
            (lambda local, rate, years: 10 * (0.8 - local) * rate * years, "This is interest without interest on it."),
            (
                lambda local, rate, years: 10 * (0.8 - local) * advance(rate, years),
                "This is the advance with its interest.",
            ),
            (
                lambda local, rate, years: 10 * (advance(rate, years) - 1),
                "Only Beijing’s part is advanced, not the whole cost.",
            ),
        ),
    ),
    Task(
        "1b",
        f"{_CASE}; the subsidy comes with p = {{chance}}. The expected local burden if it is viable, in billion yuan?",
        burden,
        {**_CENTER, "chance": (0.8, 0.6, 0.7, 0.9)},
        2,
        (
            (
                lambda local, rate, years, chance: burden(local, rate, years, chance, False),
                "This is the burden if it stalls.",
            ),
            (
                lambda local, rate, years, chance: 10 * (local + (0.8 - local) * (1 - chance)),
                "The interest on the advance is left out.",
            ),
            (lambda local, rate, years, chance: 10 * local, "This is the locality’s own part, without the advance."),
        ),
    ),
    Task(
        "3",
        "At r = {rate} and T = {years}, at which p does advancing Beijing’s part cost the same as paying it for good?",
        lambda rate, years: advance(rate, years) - 1,
        _TERMS,
        3,
        (
            (lambda rate, years: rate * years, "This is interest without interest on it."),
            (lambda rate, years: advance(rate, years), "This is the advance with interest; take the yuan itself away."),
        ),
    ),
)


# ---- the guidance fund


def partners(stake: float) -> float:
    return figure("fund-leverage").values()["central_budget"] * (1 - stake) / stake


@functools.cache
def stated(name: str) -> float:
    """The number of a fact."""
    return float(load("facts").set_index("fact_id").loc[name, "number"])


def other_five(share: float, part: float = 1.0) -> float:
    """The stake in the other five sub-funds, in percent; ``part`` of the largest one's central money is known."""
    money, largest = stated("money-proposed-2021"), stated("proposed-2021-largest")
    known = stated("sdic-guangdong-money")
    return (share * money - part * 100 * known) / (money - largest)


def tied(stake: float) -> float:
    now = results("fund-leverage", stake=stake)
    return now["sub_funds"] * figure("fund-leverage").values()["sub_fund_size"] * now["commercialization_floor"]


GUIDANCE_FUND = (
    Task(
        "1.1",
        "Suppose that {share} percent is the central share of the six sub-funds. The average stake in the other five, in percent?",
        lambda share: other_five(share),
        {"share": (20.9, 20.0, 20.4, 21.3, 21.8, 22.2)},
        1,
        (
            (
                lambda share: other_five(share, 0.0),
                "Take the central money of the largest away too, not only its size.",
            ),
            (lambda share: share, "This is the average of all six."),
        ),
    ),
    Task(
        "2.1",
        "The stake is {stake}. How much partner money is needed for all the central money to be used?",
        partners,
        {"stake": (0.1, 0.11, 0.12, 0.14, 0.16, 0.18)},
        1,
        (
            (
                lambda stake: partners(stake) / (1 - stake),
                "This is the money of all the sub-funds, the central part too; partners bring the rest.",
            ),
            (
                lambda stake: results("fund-leverage", stake=stake)["partner_money"],
                "This is what is in use at the start value of partner money.",
            ),
            (
                lambda stake: results("fund-leverage", stake=stake, partner_budget=2000.0)["partner_money"],
                "This fills whole sub-funds only; a little central money is left over.",
            ),
        ),
    ),
    Task(
        "3",
        "How much money do the rules tie to publicly funded results in all sub-funds, at a stake of {stake} and the default budgets?",
        tied,
        {"stake": (0.1, 0.12, 0.14, 0.15, 0.18, 0.22, 0.24, 0.26, 0.28)},
        1,
        (
            (
                lambda stake: max(3, 0.5 / stake),
                "This is per central yuan; the exercise asks for the total.",
            ),
            (
                lambda stake: results("fund-leverage", stake=stake)["commercialization_floor"],
                "This is the share that is tied of each sub-fund; multiply by their money.",
            ),
            (
                lambda stake: tied(stake) * 3 * stake / max(3 * stake, 0.5),
                "Below a stake of a sixth the floor of one half holds, not three times the stake.",
            ),
        ),
    ),
)


# ---- the mechanisms compared


def directed(others: float, influence: float, theta: float | None = None) -> float:
    theta = influence * (1 + others) / others if theta is None else theta
    if theta > 1:
        return math.nan
    return results("matching-ratio", matching_ratio=others, influence=theta)["nationally_steered"]


def design_pool(others: float, influence: float) -> float:
    theta = influence * (1 + others) / others
    return results("matching-ratio", matching_ratio=others, influence=min(1.0, theta))["pool"]


COMPARED = (
    Task(
        "1.1",
        "The central stake in a sub-fund is 1/{parts}. How much do others add for each central yuan?",
        lambda parts: compared.guidance_fund_accompanying(1 / parts),
        {"parts": (6, 4, 5, 7, 8, 9)},
        2,
        (
            (lambda parts: parts, "This is the leverage, which counts the central yuan too."),
            (lambda parts: 1 - 1 / parts, "This is the share of others in the sub-fund."),
        ),
    ),
    Task(
        "1.2",
        "At e = {stake}, {anyway} of the partner money would have been invested anyway. How much is additional per central yuan?",
        lambda stake, anyway: compared.additional(compared.guidance_fund_accompanying(stake), 1 - _PARTS[anyway]),
        {"stake": (0.209, 0.1, 0.15, 0.2, 0.25), "anyway": ("two thirds", "one half", "one third", "three quarters")},
        2,
        (
            (
                lambda stake, anyway: compared.additional(compared.guidance_fund_accompanying(stake), _PARTS[anyway]),
                "This is the money that would have come anyway.",
            ),
            (
                lambda stake, anyway: (1 - _PARTS[anyway]) / stake,
                "The central yuan is counted too; partners bring (1 − e)/e.",
            ),
        ),
    ),
    Task(
        "3",
        "Others add {others} yuan for each central yuan, and localities get an influence of {influence} over the pool. "
        "How much money does Beijing direct at the defaults?",
        directed,
        {"others": (1.0, 0.5, 0.75, 1.5, 2.0), "influence": (0.5, 0.2, 0.25, 0.3, 0.4)},
        1,
        (
            (design_pool, "This is the pool; Beijing directs what localities have not bought of it."),
            (
                lambda others, influence: directed(others, influence, influence),
                "The influence over the pool is θ times the local share of the money; work out θ first.",
            ),
        ),
    ),
)
_PARTS = {"two thirds": 2 / 3, "one half": 1 / 2, "one third": 1 / 3, "three quarters": 3 / 4}


# ---- matching elsewhere


def graded(stress: float, focus: float, **rule: Any) -> float:
    return results("elsewhere", fiscal_stress=stress, agricultural_focus=focus, **(rule or {"grading": "eu"}))["pool"]


ELSEWHERE = (
    Task(
        "1.1",
        "The upper level pays {percent} percent of a project’s cost and one partner the rest. What is m?",
        lambda percent: (100 - percent) / percent,
        {"percent": (60, 30, 40, 70, 75, 80)},
        3,
        (
            (
                lambda percent: 1 - percent / 100,
                "This is the partner’s share of the cost; m is over the upper level’s money.",
            ),
        ),
    ),
    Task(
        "1.3",
        "A ceiling of {percent} percent on the upper level’s share gives m at least as large as which number?",
        lambda percent: (100 - percent) / percent,
        {"percent": (85, 50, 60, 65, 70, 80)},
        3,
        ((lambda percent: 1 - percent / 100, "This is a share of the cost; m is over the upper level’s money."),),
    ),
    Task(
        "3.1",
        "Set λ = {stress} and φ = {focus}. The pool under European grades?",
        lambda stress, focus: graded(stress, focus),
        {"stress": (0.5, 0.2, 0.3, 0.4, 0.6), "focus": (0.8, 0.2, 0.4, 0.6)},
        2,
        (
            (lambda stress, focus: graded(0.0, focus), "This is the pool without fiscal stress."),
            (lambda stress, focus: graded(stress, focus, matching_ratio=1.0), "This is the pool at one for one."),
            (lambda stress, focus: graded(stress, focus, matching_ratio=0.5), "This is the pool at one for two."),
        ),
    ),
)


# ---- the idea


def weight(noise: float) -> float:
    return noise**2 / (1 + noise**2)


def mean(local_weight: float, gaming: float) -> float:
    return results("selection", local_weight=local_weight, export_gaming=gaming)["mean_fitness"]


def reports_alone(local_weight: float) -> float:
    """The first step of gaming at which reports alone would be better than this weight."""
    steps = (step / 10 for step in range(21))
    return next((gaming for gaming in steps if mean(local_weight, gaming) < mean(1.0, gaming)), math.nan)


IDEA = (
    Task(
        "1.1",
        "Let σ_l = 1 and σ_e = {noise}, with nobody gaming. The best weight on local reports?",
        lambda noise: selection.best_weight(1.0, noise),
        {"noise": (0.5, 0.4, 0.6, 0.7, 0.8)},
        2,
        (
            (lambda noise: 1 - weight(noise), "This is the weight on exports."),
            (lambda noise: noise / (1 + noise), "The noises must be squared."),
        ),
    ),
    Task(
        "2.1",
        "Set the weight to {weight} and raise γ in steps of 0.1. From which step on would Beijing do better with reports alone?",
        lambda weight: reports_alone(weight),
        {"weight": (0.2, 0.1, 0.15, 0.25, 0.3)},
        2,
        ((lambda weight: reports_alone(weight) - 0.1, "At this step the weight is still as good as reports alone."),),
    ),
    Task(
        "2.2",
        "Exports are gamed with γ = {gaming}, and reports are honest. The best weight on local reports?",
        lambda gaming: results("selection", export_gaming=gaming)["best_weight"],
        {"gaming": (1.4, 0.6, 0.8, 1.0, 1.2, 1.6, 1.8)},
        3,
        (
            (
                lambda gaming: 1 - results("selection", export_gaming=gaming)["best_weight"],
                "This is the weight on exports.",
            ),
            (lambda gaming: weight(0.5), "This is the best weight when nobody games."),
        ),
    ),
)


# ---- too many stakeholders


def parts(budget: str) -> list[float]:
    return [float(word) for word in budget.replace(" and ", ", ").split(", ")]


def index(budget: str) -> float:
    return sum((part / 100) ** 2 for part in parts(budget))


def expected(budget: str, shape: float) -> float:
    return sum(concentration.success(part, 25.0, shape) for part in parts(budget))


_BUDGETS = ("40, 30, 20 and 10", "50, 20, 20 and 10", "60, 20, 10 and 10", "70, 10, 10 and 10", "45, 35, 15 and 5")
CONCENTRATION = (
    Task(
        "1a",
        "A budget of 100 goes to four priorities as {budget}. The effective number?",
        lambda budget: 1 / index(budget),
        {"budget": _BUDGETS},
        1,
        (
            (index, "This is the index; the effective number is one over it."),
            (lambda budget: 4, "This counts the priorities; the effective number counts them by their money."),
        ),
    ),
    Task(
        "1b",
        "A budget of 100 goes to four priorities as {budget}. With T = 25 and h = {shape}, how many breakthroughs are to be expected?",
        expected,
        {"budget": _BUDGETS, "shape": (2, 3, 4, 6)},
        2,
        (
            (lambda budget, shape: expected(budget, shape) / 4, "This is the mean chance; add the four up."),
            (
                lambda budget, shape: sum(part >= 25 for part in parts(budget)),
                "This counts those with at least T; each has a chance.",
            ),
        ),
    ),
    Task(
        "2",
        "Set h = 8 and a skew of 0. How many breakthroughs are to be expected from a list of {length}?",
        lambda length: results("concentration", priorities=length, skew=0)["breakthroughs"],
        {"length": (25, 20, 24, 26, 28, 30)},
        1,
        (
            (
                lambda length: results("concentration", priorities=length, skew=0)["funded_at_scale"],
                "This is how many get at least T; each of them has a chance, not a certainty.",
            ),
        ),
    ),
)


# ---- the innovation chain

_LATE = {"effort_early": 0.0, "effort_middle": 0.0}
_HELP = dict.fromkeys(("open_challenges", "consortia", "new_institutes", "ownership"), "middle")


def chain(door: float, **settings: Any) -> float:
    return results("innovation-chain", foreign_ideas=door, **settings)["yield"]


@functools.cache
def turn(middle: float) -> float:
    """The door, in steps of 0.01, at which the best split turns to scaling only."""
    steps = (step / 100 for step in range(91))
    return next((f for f in steps if innovation_chain.best_split((4.0, middle, 4.0), f)["late"] == 1), math.nan)


def whole(middle: float) -> float:
    return innovation_chain.chain_yield((0.1, 0.6, 0.3), (4.0, middle, 4.0), 0.0)


INNOVATION_CHAIN = (
    Task(
        "2",
        "The chain is closed, k = (4, {middle}, 4) and effort is (0.1, 0.6, 0.3). The chance that all three stages succeed?",
        whole,
        {"middle": (0.5, 0.25, 0.75, 1.0, 1.5, 2.0)},
        3,
        (
            (
                lambda middle: innovation_chain.chance(0.6, middle),
                "This is the chance of the middle stage; multiply the three.",
            ),
            (
                lambda middle: (
                    sum(innovation_chain.chance(x, k) for x, k in ((0.1, 4.0), (0.6, middle), (0.3, 4.0))) / 3
                ),
                "This is the mean of the three chances; a chain needs all of them, so multiply.",
            ),
        ),
    ),
    Task(
        "3a",
        "The yield of the even split with f = {door} and the other defaults?",
        lambda door: chain(door),
        {"door": (0.5, 0.2, 0.3, 0.4, 0.6)},
        3,
        (
            (lambda door: chain(door, **_LATE), "This is the yield of scaling only."),
            (lambda door: chain(0.0), "This is the yield behind a closed door."),
        ),
    ),
    Task(
        "3b",
        "All four instruments work on the middle. What do they add to the yield of the even split at f = {door}, in percent?",
        lambda door: 100 * (chain(door, **_HELP) / chain(door) - 1),
        {"door": (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)},
        0,
        (
            (
                lambda door: 100 * (chain(door, **_HELP) - chain(door)),
                "These are percentage points; percent are of the yield before.",
            ),
            (lambda door: 100 * chain(door, **_HELP) / chain(door), "This is the new yield in percent of the old one."),
        ),
    ),
    Task(
        "4",
        "With k₂ = {middle}, at which f, in steps of 0.01, does the best split turn to scaling only?",
        lambda middle: turn(middle),
        {"middle": (1.0, 0.5, 1.5, 2.0, 2.5)},
        2,
        ((lambda middle: turn(middle) - 0.01, "At this step another split is still better."),),
    ),
)


# ---- the industrial base

_SHARES = {"first": (27.7, 27.5, 28.0, 28.5), "last": (26.2, 25.5, 26.0, 26.5)}


def growth(first: float, last: float, gdp: float) -> float:
    return 100 * industrial_base.required_growth(first, last, gdp / 100, 1.0)


def back(target: float, years: float = 12.0) -> float:
    return industrial_base.required_growth(26.2, target, 0.045, years)


INDUSTRIAL_BASE = (
    Task(
        "1a",
        "Manufacturing’s share of GDP falls from {first} to {last} percent. By how many percent (a number above 0)?",
        lambda first, last: 100 * (first - last) / first,
        _SHARES,
        1,
        (
            (lambda first, last: first - last, "These are percentage points; percent are of the first share."),
            (lambda first, last: 100 * (first - last) / last, "This is over the last share; percent are of the first."),
        ),
    ),
    Task(
        "1b",
        "The share falls from {first} to {last} percent while GDP grows by {gdp} percent. At which rate, in percent, does "
        "manufacturing grow at the prices of GDP?",
        growth,
        {**_SHARES, "gdp": (4.5, 3.5, 4.0, 5.0, 5.5)},
        2,
        (
            (lambda first, last, gdp: growth(first, last, 0.0), "This is the change of the share; GDP grew meanwhile."),
            (
                lambda first, last, gdp: gdp + growth(first, last, 0.0),
                "Rates multiply here, (1 + g) times the ratio of the shares; they do not just add.",
            ),
        ),
    ),
    Task(
        "2",
        "From 26.2 percent to {target} in twelve years, with GDP growing by 0.045 a year: which growth does manufacturing need, as a fraction?",
        lambda target: back(target),
        {"target": (27.7, 25.8, 25.0, 26.8, 27.2, 28.5)},
        4,
        (
            (lambda target: back(target, 1.0), "This is the growth of a single year; there are twelve."),
            (lambda target: back(target, 12.0) - 0.045, "This is how much faster than GDP it must grow."),
        ),
    ),
)


# ---- the debate


def kappa(agree: int, ones: int) -> float:
    """Agreement beyond chance of two readers with ten cases who use 1 equally often."""
    differ = 10 - agree
    half = differ // 2
    if differ % 2 or half > min(ones, 10 - ones):
        return math.nan
    both = [1] * (ones - half)
    first = [*both, *[1] * half, *[0] * half]
    second = [*both, *[0] * half, *[1] * half]
    rest = [0] * (10 - len(first))
    return board.cohens_kappa([*first, *rest], [*second, *rest])


def chance_agreement(ones: int) -> float:
    return (ones / 10) ** 2 + (1 - ones / 10) ** 2


@functools.cache
def orders(wanted: int) -> int:
    """Orders of five and five cases that match at least so many verdicts at their best cut."""
    count = 0
    for led in combinations(range(10), 5):
        ranking = [place in led for place in range(10)]
        best = max(sum(ranking[:cut]) + sum(not r for r in ranking[cut:]) for cut in range(11))
        count += best >= wanted
    return count


DEBATE = (
    Task(
        "1",
        "Each of two readers uses 1 for {ones} of ten cases, and they agree on {agree}. Cohen’s kappa?",
        lambda ones, agree: kappa(agree, ones),
        {"ones": (5, 4, 6, 7, 8), "agree": (8, 6)},
        2,
        (
            (lambda ones, agree: agree / 10, "This is the share coded alike; kappa takes chance out of it."),
            (
                lambda ones, agree: agree / 10 - chance_agreement(ones),
                "This is agreement less chance; kappa divides it by 1 − p_e.",
            ),
        ),
    ),
    Task(
        "4",
        "In how many of the 252 orders does a blind ranking, cut where it does best, match at least {wanted} verdicts?",
        lambda wanted: orders(wanted),
        {"wanted": (9, 6, 7, 8, 10)},
        0,
        (
            (lambda wanted: orders(wanted) - orders(wanted + 1), "This counts those that match exactly so many."),
            (
                lambda wanted: 100 * orders(wanted) / 252,
                "This is in percent of the orders; the exercise asks for their number.",
            ),
        ),
    ),
)

# Chapter → its tasks, in the order of the book.
TASKS: dict[str, tuple[Task, ...]] = {
    "who-pays": WHO_PAYS,
    "joint-action": JOINT_ACTION,
    "key-rd-program": KEY_RD_PROGRAM,
    "innovation-centers": INNOVATION_CENTERS,
    "guidance-fund": GUIDANCE_FUND,
    "compared": COMPARED,
    "elsewhere": ELSEWHERE,
    "idea": IDEA,
    "concentration": CONCENTRATION,
    "innovation-chain": INNOVATION_CHAIN,
    "industrial-base": INDUSTRIAL_BASE,
    "debate": DEBATE,
}
