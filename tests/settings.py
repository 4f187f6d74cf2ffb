"""The settings in which every figure is tried in both faces, and what Python answers to them."""

from __future__ import annotations

import functools
import math
import random
from typing import Any

from jointaction.explorers import EXPLORERS, explorer
from jointaction.faces.controls import Choice, Range

MOVING = [name for name, kind in EXPLORERS.items() if kind.controls]
RANDOM = 200


def ends(control: Any) -> list:
    """A slider's lowest and highest value; every value of a choice and of a switch."""
    if isinstance(control, Range):
        return [control.parameter.low, control.parameter.high]
    return list(control.options) if isinstance(control, Choice) else [True, False]


@functools.cache
def settings(name: str) -> list[dict[str, Any]]:
    """All controls of a figure, set: the start, each end of each control by itself, and random settings."""
    controls, source = EXPLORERS[name].controls, random.Random(20240229)

    def draw(control: Any) -> Any:
        if isinstance(control, Range):
            p = control.parameter
            return source.choice([p.low, p.high, p.default, *(source.uniform(p.low, p.high) for _ in range(9))])
        return source.choice(ends(control))

    start = {control.name: control.default for control in controls}
    corners = [{**start, control.name: end} for control in controls for end in ends(control)]
    return [start, *corners, *({control.name: draw(control) for control in controls} for _ in range(RANDOM))]


@functools.cache
def answers(name: str) -> list[dict[str, Any]]:
    """Python's read-outs for each of the settings."""
    figure = explorer(name).explorer
    return [figure.results(**setting) for setting in settings(name)]


def same(got: Any, want: Any) -> bool:
    """Whether a face gives what Python computed. A page writes values as text, and nothing for a missing one."""
    if isinstance(want, bool):
        return got is want or got == str(want).lower()
    if want is None or isinstance(want, float) and math.isnan(want):
        return got in ("", None) or isinstance(got, float) and math.isnan(got)
    if isinstance(want, str) or got in ("", None):
        return got == want
    return math.isclose(float(got), want, rel_tol=1e-9, abs_tol=1e-12)


def unlike(name: str, given: list[dict[str, Any]]) -> list[str]:
    """The first read-outs, in words, that differ from Python's in one of the settings."""
    assert len(given) == len(settings(name))
    return [
        f"{readout}: {got[readout]!r}, Python {value!r} at {setting}"
        for setting, got, want in zip(settings(name), given, answers(name))
        for readout, value in want.items() if not same(got[readout], value)
    ][:5]  # fmt: skip
