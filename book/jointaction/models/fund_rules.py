"""Does a sub-fund described by its reader keep the rules of the National Guidance Fund?

Each rule of the table ``fund_rules`` that limits a number compares one quantity of the sub-fund with one
threshold. Money is in 亿元 (100 million yuan), shares are fractions from 0 to 1; thresholds keep the units
of the table (percent, times, rank). A value that equals its limit keeps the rule; a billionth is forgiven.

Every function takes numbers, columns or expressions (see :mod:`jointaction.faces.ops`) and raises
:class:`jointaction.errors.InputError`, a ``ValueError``, for a parameter outside its range.
"""

from __future__ import annotations

from typing import Any

from jointaction.faces.ops import all_of, floor, shown, text, where
from jointaction.faces.parameters import Parameter, by_name, checked, closed_form

PARAMETERS = by_name(
    [
        Parameter(
            "sub_fund_size",
            "Size of the sub-fund",
            20.0,
            1.0,
            150.0,
            0.5,
            "F",
            "100 million yuan",
            "All investors’ money together.",
        ),
        Parameter(
            "stake",
            "Guidance fund’s stake",
            0.209,
            0.01,
            0.6,
            0.005,
            "e",
            "share of the sub-fund",
            "Share of the sub-fund that the guidance fund pays in.",
        ),
        Parameter(
            "largest_other_share",
            "Largest other investor’s share",
            0.3,
            0.01,
            0.99,
            0.01,
            "o",
            "share of the sub-fund",
            "A local government, a firm or another fund.",
        ),
        Parameter(
            "commercialization_money",
            "Money in commercialization",
            12.0,
            0.0,
            150.0,
            0.1,
            "M",
            "100 million yuan",
            "What the sub-fund invests in firms that turn publicly funded results to use.",
        ),
    ]
)

TOLERANCE = 1e-9
# The quantities that the table limits, by its column ``subject``.
STAKE = "central stake in a sub-fund"
RANK = "rank of the central stake"
MULTIPLE = "money for commercialization over central money"
SHARE = "money for commercialization over sub-fund size"
SUBJECTS = (STAKE, RANK, MULTIPLE, SHARE)

_checked = checked(PARAMETERS)


@_checked
def can_exist(sub_fund_size: Any, stake: Any, largest_other_share: Any, commercialization_money: Any) -> Any:
    """True where the two shares are at most the whole and the money invested is at most the sub-fund."""
    return all_of(
        stake + largest_other_share <= 1 + TOLERANCE, commercialization_money <= sub_fund_size * (1 + TOLERANCE)
    )


@_checked
def measured(
    subject: Any, sub_fund_size: Any, stake: Any, largest_other_share: Any, commercialization_money: Any
) -> Any:
    """The quantity that a rule with this ``subject`` limits, in the unit of the table.

    The rank is 1 where the guidance fund is the largest holder and 2 otherwise. Holding exactly as much as
    the largest other investor counts as 1: the cautious reading, since the article is silent on ties.
    """
    return where(
        subject == STAKE,
        100 * stake,
        where(
            subject == RANK,
            where(largest_other_share - stake > TOLERANCE, 2, 1),
            where(
                subject == MULTIPLE,
                commercialization_money / (stake * sub_fund_size),
                100 * commercialization_money / sub_fund_size,
            ),
        ),
    )


def keeps(value: Any, operator: Any, threshold: Any) -> Any:
    """True where ``value`` stands to ``threshold`` as the ``operator`` (``>=``, ``<=`` or ``!=``) of a rule asks."""
    return where(
        operator == ">=",
        value >= threshold - TOLERANCE,
        where(operator == "<=", value <= threshold + TOLERANCE, abs(value - threshold) > TOLERANCE),
    )


@closed_form("measured", otherwise=lambda *given: shown(measured(*given), 2))
@_checked
def value_in_words(
    subject: Any, sub_fund_size: Any, stake: Any, largest_other_share: Any, commercialization_money: Any
) -> Any:
    """The sub-fund's own value for a rule, as a reader sees it."""
    value = measured(subject, sub_fund_size, stake, largest_other_share, commercialization_money)
    others = text(shown(100 * stake, 1), "% against ", shown(100 * largest_other_share, 1), "%")
    return where(
        subject == RANK,
        others,
        where(subject == MULTIPLE, text(shown(value, 2), " times"), text(shown(value, 1), "%")),
    )


@closed_form(
    "measured",
    "keeps",
    otherwise=lambda *_: "not worked out for a changed rule",
    told="no nearest change is worked out",
)
@_checked
def nearest_change(
    subject: Any,
    operator: Any,
    threshold: Any,
    sub_fund_size: Any,
    stake: Any,
    largest_other_share: Any,
    commercialization_money: Any,
) -> Any:
    """A sentence with the least change that would make the sub-fund keep the rule, other settings unchanged.

    Numbers are rounded to the side on which the rule is kept, so that the setting named in the sentence does
    keep it. The sentence is for a rule that fails; for a rule that is kept it has no meaning.
    """
    bound = threshold / 100
    floor_or_cap = where(
        operator == ">=",
        text(
            "Raise the guidance fund’s stake to ",
            _up(100 * bound, 1),
            "% or more: ",
            _up(bound * sub_fund_size - stake * sub_fund_size, 2),
            " more from Beijing.",
        ),
        text(
            "Cut the guidance fund’s stake to ",
            _down(100 * bound, 1),
            "% or less: ",
            _up(stake * sub_fund_size - bound * sub_fund_size, 2),
            " less from Beijing.",
        ),
    )
    rank = where(
        stake < 0.5,
        text(
            "Another investor must hold more than ",
            _up(100 * stake, 1),
            "%, or the guidance fund less than ",
            _down(100 * largest_other_share, 1),
            "%.",
        ),
        text(
            "No other investor can hold more: cut the guidance fund’s stake below ",
            _down(100 * largest_other_share, 1),
            "%.",
        ),
    )
    needed = threshold * stake * sub_fund_size
    multiple = where(
        needed > sub_fund_size * (1 + TOLERANCE),
        text(
            "Cannot be met at this stake: ",
            shown(threshold, 0),
            " times the guidance fund’s money is more than the whole sub-fund. Cut the stake to ",
            _down(100 / threshold, 1),
            "% and put all the money into commercialization.",
        ),
        text(
            "Put ",
            _up(needed - commercialization_money, 2),
            " more into commercialization, ",
            _up(needed, 2),
            " in all.",
        ),
    )
    share = text(
        "Put ",
        _up(bound * sub_fund_size - commercialization_money, 2),
        " more into commercialization, ",
        _up(bound * sub_fund_size, 2),
        " in all.",
    )
    return where(
        subject == STAKE, floor_or_cap, where(subject == RANK, rank, where(subject == MULTIPLE, multiple, share))
    )


@closed_form("measured", "keeps", otherwise=lambda *_: float("nan"), told="no limit is drawn")
@_checked
def limit_as_share(subject: Any, threshold: Any, stake: Any) -> Any:
    """Where the limit of a rule on money lies, as a share of the sub-fund; a multiple is one of the stake."""
    return where(subject == MULTIPLE, threshold * stake, threshold / 100)


def _up(number: Any, digits: int) -> Any:
    """``number`` as text, rounded up; a difference of rounding is forgiven."""
    scale = 10**digits
    return shown(-floor(-number * scale + 1e-9) / scale, digits)


def _down(number: Any, digits: int) -> Any:
    """``number`` as text, rounded down; a difference of rounding is forgiven."""
    scale = 10**digits
    return shown(floor(number * scale + 1e-9) / scale, digits)
