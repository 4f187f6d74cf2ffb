"""The explorers of the book, by name."""

from __future__ import annotations

import difflib
from typing import Any

from jointaction.errors import InputError
from jointaction.explorer import Explorer
from jointaction.explorers.centre_funding import CentreFunding
from jointaction.explorers.centres import Centres
from jointaction.explorers.compared import MechanismsCompared
from jointaction.explorers.delegation import Delegation
from jointaction.explorers.fund_leverage import FundLeverage
from jointaction.explorers.fund_rules import FundRules
from jointaction.explorers.fund_structure import FundShare, FundStructure
from jointaction.explorers.matching_ratio import MatchingRatio
from jointaction.explorers.mechanism_table import MechanismTable
from jointaction.explorers.recentralization import RecentralizationTimeline
from jointaction.explorers.who_pays import WhoPays

EXPLORERS: dict[str, type[Explorer]] = {
    kind.name: kind
    for kind in (
        CentreFunding,
        Centres,
        Delegation,
        FundLeverage,
        FundRules,
        FundShare,
        FundStructure,
        MatchingRatio,
        MechanismTable,
        MechanismsCompared,
        RecentralizationTimeline,
        WhoPays,
    )
}


def explorer(name: str, **start: Any) -> Explorer:
    """The explorer called ``name``, with start values for some of its controls.

    ``explorer("matching-ratio", matching_ratio=0.5)`` at the end of a cell shows the figure. Raises
    :class:`jointaction.errors.InputError` for an unknown explorer or control and for a value out of range.
    """
    if name not in EXPLORERS:
        near = difflib.get_close_matches(str(name), EXPLORERS, n=1, cutoff=0.0)
        raise InputError(f"There is no explorer {name!r}; the nearest is {near[0]!r}.")
    return EXPLORERS[name](start=dict(start))
