"""What keeps manufacturing's share of GDP where it is, and what that asks of the rest of the world.

A teaching device of this book: not a finding of the policy briefs and not an estimate. Manufacturing grows at
one rate, GDP at another, home demand and the world's manufacturing at a third and a fourth; each rate stays
the same for all years. Shares are in percent, growth rates are fractions a year (0.045 is 4.5 percent). The
growth of manufacturing is measured at the prices of GDP, so that a share can fall while quantities grow.

Every function takes numbers, columns or expressions (see :mod:`jointaction.faces.ops`) and raises
:class:`jointaction.errors.InputError`, a ``ValueError``, for a parameter outside its range.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from jointaction.faces.ops import power
from jointaction.faces.parameters import Parameter, by_name, by_rows, checked, closed_form, last_true

PARAMETERS = by_name(
    [
        Parameter(
            "growth",
            "Growth of GDP",
            0.045,
            0.0,
            0.12,
            0.005,
            "g",
            "per year",
            "In real terms: the growth of quantities in the whole economy. 0.045 is 4.5 percent a year.",
        ),
        Parameter(
            "quantity_growth",
            "Growth of quantities",
            0.045,
            -0.05,
            0.12,
            0.005,
            "q",
            "per year",
            "How much more factories make each year. 0.045 is 4.5 percent.",
        ),
        Parameter(
            "relative_price",
            "Change of relative price",
            -0.01,
            -0.05,
            0.05,
            0.005,
            "p",
            "per year",
            "Prices of manufactures against the prices of all that GDP counts; below zero they become cheaper.",
        ),
        Parameter(
            "target_share",
            "Share to reach",
            27.7,
            15.0,
            40.0,
            0.1,
            "",
            "percent of GDP",
            "The share of manufacturing in GDP that policy aims at, in percent.",
        ),
        Parameter("years", "Years ahead", 13.0, 1.0, 30.0, 1.0, "T", "years", "13 years lead from 2022 to 2035."),
        Parameter(
            "world_growth",
            "Growth of the world",
            0.025,
            0.0,
            0.08,
            0.005,
            "g_w",
            "per year",
            "Growth of the world’s manufacturing, China’s own part included.",
        ),
        Parameter(
            "net_exports",
            "Net exports today",
            6.0,
            0.0,
            15.0,
            0.5,
            "z",
            "percent of GDP",
            "Manufactures sold abroad less those bought there, in percent of GDP. No source in this book gives it.",
        ),
        Parameter(
            "home_demand_growth",
            "Growth of demand",
            0.035,
            0.0,
            0.08,
            0.005,
            "g_d",
            "per year",
            "Growth of what households, firms and the state at home buy of manufactures.",
        ),
    ]
)

_checked = checked(PARAMETERS)


@_checked
def manufacturing_growth(quantity_growth: Any, relative_price: Any) -> Any:
    """Growth of manufacturing at the prices of GDP, g_m = (1 + q)·(1 + p) − 1, a fraction a year."""
    return (1 + quantity_growth) * (1 + relative_price) - 1


@_checked
def share(start_share: Any, growth: Any, manufacturing_growth: Any, after: Any) -> Any:
    """Manufacturing's share of GDP ``after`` so many years, share₀·((1 + g_m) / (1 + g))^t, in percent."""
    return _path(start_share, growth, manufacturing_growth, after)


@by_rows
def _growth_that_leads(rows: int, start_share: Any, target_share: Any, growth: Any, years: Any) -> Any:
    """The growth of manufacturing, from −50 to 100 percent a year, at which any law of the share meets the target."""

    def falls_short(rate: Any) -> Any:
        return share(start_share, growth, np.broadcast_to(rate, (rows,)), years) < target_share

    found = last_true(falls_short, -0.5, 1.0, rows)
    return np.where(np.isinf(found) | (found <= -0.5), np.nan, found)


@closed_form("share", otherwise=_growth_that_leads)
@_checked
def required_growth(start_share: Any, target_share: Any, growth: Any, years: Any) -> Any:
    """The growth of manufacturing that leads to the target in T years, (1 + g)·(target / share₀)^(1/T) − 1.

    A fraction a year. Where the target is the start it equals g whatever T is: an identity.
    """
    return (1 + growth) * power(target_share / start_share, 1 / years) - 1


def gap_to_target(target_share: Any, share_end: Any) -> Any:
    """Target less the share reached, in percentage points; above 0 the target is missed."""
    return target_share - share_end


@_checked
def world_share(world_start: Any, manufacturing_growth: Any, world_growth: Any, after: Any) -> Any:
    """China's share of the world's manufacturing ``after`` so many years, φ₀·((1 + g_m) / (1 + g_w))^t, in percent.

    ``world_start`` (φ₀) is the share today, in percent. One currency is assumed, and nothing stops the result
    at 100: a setting that leads above it cannot last so long.
    """
    return _path(world_start, world_growth, manufacturing_growth, after)


@_checked
def home_demand(start_share: Any, growth: Any, net_exports: Any, home_demand_growth: Any, after: Any) -> Any:
    """What home demand takes up ``after`` so many years, (share₀ − z)·((1 + g_d) / (1 + g))^t, in percent of GDP."""
    return _path(start_share - net_exports, growth, home_demand_growth, after)


@_checked
def net_exports_needed(
    start_share: Any, reached: Any, growth: Any, net_exports: Any, home_demand_growth: Any, after: Any
) -> Any:
    """Net exports at which the share that is ``reached`` is sold ``after`` so many years: that share less home demand.

    In percent of GDP; below 0 home demand takes up more than that and the rest is bought abroad.
    """
    return reached - home_demand(start_share, growth, net_exports, home_demand_growth, after)


def _path(start: Any, growth_of_whole: Any, growth_of_part: Any, after: Any) -> Any:
    """A share whose part and whole each grow at a steady rate."""
    return start * power((1 + growth_of_part) / (1 + growth_of_whole), after)
