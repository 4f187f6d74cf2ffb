"""The live face of every explorer: each widget moved to its ends, each button pressed, without a kernel's front end."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator

import ipywidgets
import pytest
from jointaction.explorers import EXPLORERS, explorer


def widgets(parent: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    yield parent
    for child in getattr(parent, "children", ()):
        yield from widgets(child)


@pytest.mark.parametrize("name", [name for name, kind in EXPLORERS.items() if kind.controls])
def test_every_widget_answers(name: str) -> None:
    figure = explorer(name)
    face = list(widgets(figure.live()))
    shown = [widget for widget in face if isinstance(widget, ipywidgets.HTML)]
    kinds = (ipywidgets.FloatSlider, ipywidgets.Dropdown, ipywidgets.Checkbox)
    moved = [widget for widget in face if isinstance(widget, kinds)]
    assert [widget.description for widget in moved] == [control.label for control in figure.controls]

    def check(**setting: object) -> None:
        text = "".join(widget.value for widget in shown)
        assert 'role="alert"' not in text, setting
        for readout, value in figure.results(**setting).items():
            found = html.unescape(re.search(f'name="{readout}" data-value="([^"]*)"', text)[1])
            # A slider's value is rounded to ten decimals.
            same = math.isclose(float(found), value, rel_tol=1e-8) if isinstance(value, float) else found == str(value)
            assert same or found == str(value), (readout, setting)

    check()
    for control, widget in zip(figure.controls, moved):
        if isinstance(widget, ipywidgets.FloatSlider):
            ends = (widget.min, widget.max)
        else:
            ends = (True, False) if isinstance(widget, ipywidgets.Checkbox) else [v for _, v in widget.options][-2:]
        for end in ends:
            widget.value = end
            check(**{control.name: end})
        widget.value = control.default
    buttons = [widget for widget in face if isinstance(widget, ipywidgets.Button)]
    for button, setting in zip(buttons, [*[preset.values for preset in figure.presets], {}], strict=True):
        button.click()
        check(**setting)
