"""The settings in which every figure is tried in both faces, and what Python answers to them."""

from __future__ import annotations

import functools
import math
import random
from typing import Any

import numpy as np
import pandas as pd
from jointaction.explorers import EXPLORERS, explorer
from jointaction.faces.controls import Choice, Range
from jointaction.faces.sheet import NumberSheet

MOVING = [name for name, kind in EXPLORERS.items() if kind.controls]
RANDOM = 200
MISSING = (None, "", "null", "NaN")  # how faces say that there is no value


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
    whole = [{control.name: draw(control) for control in controls} for _ in range(RANDOM if controls else 0)]
    return [start, *corners, *whole]


@functools.cache
def sheets(name: str) -> list[NumberSheet]:
    """What Python works out for each of the settings."""
    figure = explorer(name).explorer
    return [figure.evaluate(**setting) for setting in settings(name)]


def same(got: Any, want: Any) -> bool:
    """Whether a face gives what Python computed: words alike, numbers to nine digits, missing as missing.

    A page writes values as text.
    """
    want = want.item() if isinstance(want, np.generic) else want
    if isinstance(want, bool):
        return got is want or got == str(want).lower()
    if want is None or want is pd.NA or want != want:
        return got in MISSING or got != got
    if isinstance(want, str) or got in MISSING:
        return got == want
    try:
        return math.isclose(float(got), want, rel_tol=1e-9, abs_tol=1e-12)
    except ValueError:
        return False


def unlike(name: str, given: list[dict[str, Any]]) -> list[str]:
    """The first read-outs, in words, that differ from Python's in one of the settings."""
    assert len(given) == len(settings(name))
    return [
        f"{readout}: {got[readout]!r}, Python {sheet.steps[readout]!r} at {setting}"
        for setting, got, sheet in zip(settings(name), given, sheets(name))
        for readout in (r.name for r in EXPLORERS[name].readouts)
        if not same(got[readout], sheet.steps[readout])
    ][:5]
