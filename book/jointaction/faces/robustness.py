"""How much hangs on the assumptions: in what share of many settings does a claim about a model hold?

The settings are spread evenly over the whole range of every parameter at once. Each claim is a plain function
of the parameters that answers true or false; it runs once, on columns of 1,024 settings. The share says how far
a claim depends on the numbers chosen. It is no probability, since nobody drew the settings from the world.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from jointaction.errors import InputError
from jointaction.faces.parameters import Parameter
from jointaction.faces.theme import COLORS

CAVEAT = "A share of the ranges that this book chose, not a probability."

# The unscrambled Sobol sequence of SciPy 1.17 (scipy.stats.qmc.Sobol, direction numbers of Joe and Kuo): one
# row a dimension, entry b in 1,024ths. Point n is the exclusive or of the entries at the 1-bits of n. Kept as
# numbers because importing SciPy would cost a live session more than all else here; a test rebuilds the points.
BITS = 10
SETTINGS = 2**BITS
DIRECTIONS = (
    (512, 256, 128, 64, 32, 16, 8, 4, 2, 1),
    (512, 768, 640, 960, 544, 816, 680, 1020, 514, 771),
    (512, 768, 384, 576, 928, 368, 568, 788, 418, 627),
    (512, 768, 128, 320, 992, 464, 648, 588, 866, 149),
    (512, 256, 128, 704, 992, 880, 488, 628, 362, 191),
    (512, 256, 384, 192, 800, 144, 344, 1004, 898, 449),
    (512, 768, 640, 832, 352, 592, 248, 908, 762, 143),
    (512, 256, 640, 320, 544, 144, 72, 180, 474, 633),
    (512, 256, 640, 320, 160, 848, 424, 452, 226, 353),
    (512, 256, 896, 704, 608, 592, 552, 364, 206, 871),
    (512, 256, 640, 64, 32, 432, 632, 140, 350, 695),
    (512, 256, 128, 192, 352, 688, 600, 172, 850, 37),
)

Claim = Callable[[Any], Any]


def points(dimensions: int) -> np.ndarray:
    """The design in the unit cube: 1,024 rows, ``dimensions`` columns (at most 12), values above 0 and below 1.

    In each column every one of 1,024 equal cells holds one point, in its middle.
    """
    numbers = np.arange(SETTINGS)
    columns = []
    for directions in DIRECTIONS[:dimensions]:
        cells = np.zeros(SETTINGS, dtype=int)
        for bit, direction in enumerate(directions):
            cells ^= np.where(numbers >> bit & 1, direction, 0)
        columns.append((cells + 0.5) / SETTINGS)
    return np.column_stack(columns)


def design(parameters: Iterable[Parameter]) -> pd.DataFrame:
    """1,024 settings, one column a parameter, each spread evenly from its ``low`` to its ``high``.

    Raises :class:`jointaction.errors.InputError` for no parameters or more than 12.
    """
    parameters = list(parameters)
    if not 1 <= len(parameters) <= len(DIRECTIONS):
        raise InputError(
            f"A design needs from 1 to {len(DIRECTIONS)} parameters, but has {len(parameters)}; leave some at their defaults."
        )
    cube = points(len(parameters))
    return pd.DataFrame({p.name: p.low + cube[:, i] * (p.high - p.low) for i, p in enumerate(parameters)})


@dataclass(frozen=True)
class Share:
    """How often one claim holds: over all settings, and over the two halves that differ most.

    ``share``, ``below`` and ``above`` run from 0 to 1. ``parameter`` is the assumption whose lower and upper half
    of the range (``below`` and ``above``) differ most; it is None where the claim holds always or never.
    """

    claim: str
    share: float
    parameter: Parameter | None
    below: float
    above: float

    @property
    def middle(self) -> float:
        """Where the halves of the deciding parameter meet."""
        return (self.parameter.low + self.parameter.high) / 2

    @property
    def halves(self) -> list[tuple[str, float]]:
        """Label and share of each half; none where no assumption decides."""
        if self.parameter is None:
            return []
        name, middle = _named(self.parameter), f"{self.middle:g}"
        return [(f"{name} below {middle}", self.below), (f"{name} above {middle}", self.above)]

    @property
    def sentence(self) -> str:
        if self.parameter is None:
            return f"“{self.claim}” holds in {'every one' if self.share else 'none'} of {SETTINGS:,} settings."
        return (
            f"“{self.claim}” holds in {percent(self.share)} of {SETTINGS:,} settings. It depends most on "
            f"“{_named(self.parameter)}”: {percent(self.below)} in the lower half of its range, "
            f"{percent(self.above)} in the upper."
        )


def _named(parameter: Parameter) -> str:
    return f"{parameter.label} {parameter.symbol}".rstrip()


def percent(share: float) -> str:
    """A share from 0 to 1 in whole percent; only all is 100 percent and only none is 0."""
    whole = round(100 * share)
    if whole == 100 and share < 1:
        return "more than 99 percent"
    if whole == 0 and share > 0:
        return "less than 1 percent"
    return f"{whole} percent"


def share_of(name: str, claim: Claim, parameters: Iterable[Parameter]) -> Share:
    """In what share of the design a claim holds, and which assumption matters most.

    ``claim`` gets one object with a column of 1,024 numbers for each parameter (``p.matching_ratio``) and
    returns a Boolean column. Raises :class:`jointaction.errors.InputError` for anything else.
    """
    parameters = list(parameters)
    settings = design(parameters)
    holds = np.asarray(claim(SimpleNamespace(**{column: settings[column] for column in settings})))
    if holds.shape != (SETTINGS,) or holds.dtype != bool:
        raise InputError(
            f"The claim “{name}” must answer true or false for each of {SETTINGS:,} settings, but gives "
            f"{holds.dtype} values of shape {holds.shape}; compare columns, as in p.a > p.b."
        )
    if holds.all() or not holds.any():
        return Share(name, float(holds.mean()), None, float(holds.mean()), float(holds.mean()))
    halves = []
    for p in parameters:
        lower = (settings[p.name] < (p.low + p.high) / 2).to_numpy()
        halves.append((p, float(holds[lower].mean()), float(holds[~lower].mean())))
    return Share(name, float(holds.mean()), *max(halves, key=lambda half: abs(half[1] - half[2])))


class Robustness:
    """The shares of some claims as one short chart with a sentence for each; made by :func:`robustness`."""

    def __init__(self, claims: Mapping[str, Claim], parameters: Iterable[Parameter]):
        self.parameters = list(parameters)
        self.shares = [share_of(name, claim, self.parameters) for name, claim in claims.items()]

    @property
    def moved(self) -> str:
        """The parameters of the design with their ranges, in words."""
        names = (f"{_named(p)} ({p.low:g} to {p.high:g})" for p in self.parameters)
        return f"Moved together: {', '.join(names)}."

    def __repr__(self) -> str:
        return "\n".join([*(share.sentence for share in self.shares), CAVEAT])

    def _repr_html_(self) -> str:
        body = []
        for share in self.shares:
            body.append(
                f'<tr><th scope="rowgroup" colspan="3" style="{_LEFT};font-weight:600">{html.escape(share.claim)}</th></tr>'
            )
            for label, part in [("all settings", share.share), *share.halves]:
                color = "ink" if label == "all settings" else "line"
                body.append(
                    f'<tr><th scope="row" style="{_LEFT};font-weight:400">{html.escape(label)}</th>'
                    f'<td class="number" style="text-align:right;white-space:nowrap">{_short(part)}</td>'
                    f'<td style="width:45%"><div aria-hidden="true" style="{_TRACK}"><div style="{_bar(part, color)}"></div></div></td></tr>'
                )
        caption = f"In what share of {SETTINGS:,} settings does it hold?"
        sentences = "".join(f"<p>{html.escape(share.sentence)}</p>" for share in self.shares)
        return (
            f'<div class="ja-table ja-robustness" role="group" aria-label="{caption}" tabindex="0"><table style="width:100%">'
            f'<caption style="{_LEFT}">{caption}</caption><tbody>\n' + "\n".join(body) + "\n</tbody></table></div>"
            f'{sentences}<p>{CAVEAT}</p><p class="ja-source">{html.escape(self.moved)}</p>'
        )


# Styles stand in the cells, since JupyterLab has no style sheet of ours. A bar is a border, so that it prints.
_LEFT = "text-align:left"
_TRACK = "width:100%;min-width:5rem;background:var(--ja-grid,#dde3e9)"


def _bar(share: float, color: str) -> str:
    return f"width:{100 * share:.1f}%;border-top:0.9em solid var(--ja-{color},{COLORS[color][0]})"


def _short(share: float) -> str:
    return percent(share).replace("more than ", "> ").replace("less than ", "< ").replace(" percent", "%")


def robustness(claims: Mapping[str, Claim], parameters: Iterable[Parameter]) -> Robustness:
    """Show in what share of 1,024 settings each claim holds, and the one assumption it depends on most.

    ``claims`` maps a sentence to a function of the parameters, ``{"Joint action wins": lambda p: p.a < p.b}``;
    see :func:`share_of`. ``parameters`` are those that move; the claim decides about all others.
    """
    return Robustness(claims, parameters)
