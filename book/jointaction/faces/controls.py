"""What a reader moves and what answers: controls, presets, read-outs and the columns of a data table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jointaction.errors import InputError, nearest
from jointaction.faces.parameters import Parameter


@dataclass(frozen=True)
class Range:
    """A slider for one model parameter. ``digits`` is how many decimals the page shows beside it."""

    parameter: Parameter
    digits: int = 2
    main: bool = False

    @property
    def name(self) -> str:
        return self.parameter.name

    @property
    def label(self) -> str:
        return self.parameter.label

    @property
    def help(self) -> str:
        return self.parameter.help

    @property
    def default(self) -> float:
        return self.parameter.default

    def check(self, value: Any) -> float:
        self.parameter.check(value)
        return float(value)

    def describe(self) -> dict:
        p = self.parameter
        return {
            "kind": "range",
            "name": p.name,
            "label": p.label,
            "symbol": p.symbol,
            "unit": p.unit,
            "help": p.help,
            "low": p.low,
            "high": p.high,
            "step": p.step,
            "digits": self.digits,
            "main": self.main,
        }


@dataclass(frozen=True)
class Choice:
    """A drop-down; ``options`` maps each value to what the reader sees."""

    name: str
    label: str
    options: Mapping[str, str]
    default: str
    help: str = ""
    main: bool = False

    def check(self, value: Any) -> str:
        if value not in self.options:
            raise InputError(
                f"{self.name} must be one of {', '.join(map(repr, self.options))}, but is {value!r}; "
                f"the nearest is {nearest(value, self.options)!r}."
            )
        return value

    def describe(self) -> dict:
        return {
            "kind": "choice",
            "name": self.name,
            "label": self.label,
            "help": self.help,
            "main": self.main,
            "options": [[value, text] for value, text in self.options.items()],
        }


@dataclass(frozen=True)
class Switch:
    """A check box."""

    name: str
    label: str
    default: bool = False
    help: str = ""
    main: bool = False

    def check(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise InputError(f"{self.name} must be True or False, but is {value!r}; its default is {self.default}.")
        return value

    def describe(self) -> dict:
        return {"kind": "switch", "name": self.name, "label": self.label, "help": self.help, "main": self.main}


@dataclass(frozen=True)
class Preset:
    """A button that sets the controls it names and leaves the others as they are."""

    id: str
    label: str
    values: Mapping[str, Any]
    help: str = ""


@dataclass(frozen=True)
class Readout:
    """A named result. ``digits`` is None for a word or a yes or no.

    Where a figure has many results, ``cell`` puts each into a small table under the charts: its row and its column,
    in words. ``note`` says under the number what in this cell is other than the column's heading.
    """

    name: str
    label: str
    unit: str = ""
    digits: int | None = 0
    cell: tuple[str, str] | None = None
    note: str = ""

    def text(self, value: Any) -> str:
        """What a reader sees for an unrounded value."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return "not available"
        if isinstance(value, float) and math.isinf(value):
            return "no limit" if value > 0 else "no lower limit"
        return str(value) if self.digits is None or isinstance(value, str) else f"{value:,.{self.digits}f}"


@dataclass(frozen=True)
class Column:
    """One column of the figure's data table; ``digits`` is None for words."""

    field: str
    label: str
    digits: int | None = None
