"""What a matching ratio of another system, or a ratio graded by wealth, would do to the provinces of the matching-ratio model.

A teaching device of this book: not a finding of the policy briefs and not an estimate. A province decides as in
:mod:`jointaction.models.matching_ratio`: it joins if it is willing and able. What differs here is the contract.
Either Beijing gives each province that joins the same central money, or each project has the same total cost,
of which Beijing pays what the ratio leaves to it. And the ratio is either one for all, or graded by the
province's wealth. Money is in 亿元 (100 million yuan).

Every function takes numbers, columns or expressions (see :mod:`jointaction.faces.ops`) and raises
:class:`jointaction.errors.InputError`, a ``ValueError``, for a parameter outside its range.
"""

from __future__ import annotations

from typing import Any

from jointaction.faces.ops import divide, where
from jointaction.faces.parameters import Parameter, by_name, checked

PARAMETERS = by_name(
    [
        Parameter(
            "project_cost",
            "Total cost of a project",
            2.0,
            0.2,
            20.0,
            0.1,
            "P",
            "100 million yuan",
            "What Beijing and a province pay together, where the total cost is held fixed.",
        ),
    ]
)

# Limit of GDP per head over the mean, and the ratio asked below it; the last ratio is that of all others. EU: one
# of the two ceilings for each category of region in 2021-2027. India: hill states against the rest.
GRADES = {
    "eu": ((0.75, 0.25), (1.0, 2 / 3), (float("inf"), 1.5)),
    "india": ((0.75, 1 / 9), (float("inf"), 2 / 3)),
}

_checked = checked(PARAMETERS)


def graded_ratio(income_relative: Any, grading: Any, flat_ratio: Any) -> Any:
    """Matching ratio asked of a province, in local yuan per central yuan.

    ``income_relative`` is its GDP per head over the mean of all provinces. ``grading`` is ``"eu"`` or ``"india"``;
    any other word asks ``flat_ratio`` of everyone. A province exactly at a limit belongs to the richer class.
    """
    ratio = flat_ratio
    for name, grades in GRADES.items():
        asked = grades[-1][1]
        for limit, lower in reversed(grades[:-1]):
            asked = where(income_relative < limit, lower, asked)
        ratio = where(grading == name, asked, ratio)
    return ratio


@_checked
def central_money(matching_ratio: Any, hold: Any, central_per_province: Any, project_cost: Any) -> Any:
    """Beijing's money for a province that joins: C, or P / (1 + m) where ``hold`` is ``"total"``."""
    return where(hold == "total", project_cost / (1 + matching_ratio), central_per_province)


def able(st_budget: Any, matching_ratio: Any, central: Any, ability_share: Any) -> Any:
    """True where the payment m·C is at most the share κ of the province's S&T budget."""
    return matching_ratio * central <= ability_share * st_budget


def average_ratio(ratios: Any, joining: Any) -> Any:
    """Mean ratio of the provinces that join, each counted once; not a number where none does.

    ``ratios`` is the sum of their ratios.
    """
    return divide(ratios, joining)
