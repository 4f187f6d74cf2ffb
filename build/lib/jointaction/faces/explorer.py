"""An explorer: a figure that a reader can move, with one model and two faces.

A subclass of :class:`Explorer` names its controls and read-outs, fills a sheet in ``compute`` and draws its
panels from the sheet's tables. In a live kernel it appears as ipywidgets that call the Python model. On the
static page the same sheet, written out as Vega expressions, is recomputed in the browser. A chapter shows
one in a line: ``explorer("matching-ratio", matching_ratio=0.5)``.
"""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass, field
from typing import Any, ClassVar

import altair as alt

from jointaction.errors import InputError
from jointaction.faces.controls import Column, Preset, Readout
from jointaction.faces.sheet import ExpressionSheet, NumberSheet, Sheet, json_value, records
from jointaction.faces.theme import Palette, chart_config

EXPLORER_MIME = "application/vnd.jointaction.explorer+json"
# JupyterLab draws version 5 of this type offline, and notebooks may hold it; version 6 is refused by both.
CHART_MIME = "application/vnd.vegalite.v5+json"
WIDGET_MIME = "application/vnd.jupyter.widget-view+json"

# Set while a book is built or a notebook is saved: widgets would leave random ids behind.
STATIC_VARIABLE = "JOINTACTION_STATIC"


# Widths a chart is drawn for, in pixels; the page then scales it to its place.
NARROW, WIDE = 330, 640


@dataclass(frozen=True)
class Panel:
    """One chart of the figure, drawn from named tables.

    ``description`` is the text alternative. A ``wide`` panel fills the figure; others stand two abreast where
    there is room. ``height`` is in pixels; the chart itself sets no size.
    """

    name: str
    title: str
    chart: alt.TopLevelMixin
    description: str
    wide: bool = False
    height: int = 300

    @property
    def width(self) -> int:
        return WIDE if self.wide else NARROW

    def sized(self, **more: Any) -> alt.TopLevelMixin:
        """The chart at its size; ``more`` are further properties, such as a title."""
        return self.chart.properties(width=self.width, height=self.height, **more)


@dataclass
class Explorer:
    """Base of every explorer. Subclasses fill the class variables and the three methods below."""

    start: dict[str, Any] = field(default_factory=dict)

    name: ClassVar[str]
    title: ClassVar[str]
    caption: ClassVar[str]
    controls: ClassVar[tuple]
    readouts: ClassVar[tuple[Readout, ...]] = ()
    presets: ClassVar[tuple[Preset, ...]] = ()
    assumptions: ClassVar[tuple[str, ...]] = ()
    sources: ClassVar[tuple[str, ...]] = ()
    table: ClassVar[tuple[str, tuple[Column, ...]] | None] = None
    table_open: ClassVar[bool] = False  # True where the table is the figure
    hover: ClassVar[tuple[str, str] | None] = None  # (control, column): the pointer on a mark sets the control
    # The slider to try first, the two or three read-outs that answer it and the chart to look at meanwhile:
    # what has to fit one look on a phone.
    lead_control: ClassVar[str] = ""
    lead_readouts: ClassVar[tuple[str, ...]] = ()
    lead_panel: ClassVar[str] = ""

    def __post_init__(self) -> None:
        known = {control.name: control for control in self.controls}
        for name, value in self.start.items():
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
                raise InputError(
                    f"The explorer {self.name} has no control {name!r}; the nearest is {near[0]!r}."
                    if near
                    else f"The explorer {self.name} has no controls, so it takes no {name!r}."
                )
            self.start[name] = known[name].check(value)

    # To be filled by subclasses ------------------------------------------------------------------------

    def compute(self, sheet: Sheet) -> None:
        """Name every read-out as a step of the sheet and every charted table."""
        raise NotImplementedError

    def panels(self, c: Palette) -> list[Panel]:
        """The charts, which refer to the sheet's tables by name."""
        raise NotImplementedError

    # Values --------------------------------------------------------------------------------------------

    def values(self, **changes: Any) -> dict[str, Any]:
        """The controls' values: defaults, then start values, then ``changes``."""
        known = {control.name: control for control in self.controls}
        given = {**self.start, **changes}
        return {name: known[name].check(given.get(name, control.default)) for name, control in known.items()}

    def evaluate(self, **changes: Any) -> NumberSheet:
        """Everything the figure shows for one setting of the controls, worked out by Python."""
        sheet = NumberSheet(self.values(**changes))
        self.compute(sheet)
        return sheet

    def results(self, **changes: Any) -> dict[str, Any]:
        """The read-outs for one setting of the controls."""
        steps = self.evaluate(**changes).steps
        return {readout.name: steps[readout.name] for readout in self.readouts}

    # Static face ---------------------------------------------------------------------------------------

    def payload(self) -> dict:
        """Everything the build needs to put this figure on a page, as plain JSON."""
        sheet = ExpressionSheet(self.values())
        self.compute(sheet)
        numbers = self.evaluate()
        return {
            "name": self.name,
            "title": self.title,
            "caption": self.caption,
            "controls": [{**control.describe(), "default": control.default} for control in self.controls],
            "start": self.values(),
            "presets": [
                {"id": p.id, "label": p.label, "help": p.help,
                 "values": {**{k.name: k.default for k in self.controls}, **p.values}}
                for p in self.presets
            ],
            "readouts": [
                {"name": r.name, "label": r.label, "unit": r.unit, "digits": r.digits,
                 "value": json_value(numbers.steps[r.name]), "text": r.text(numbers.steps[r.name])}
                for r in self.readouts
            ],
            "signals": sheet.signals,
            "data": sheet.data,
            "panels": [
                {"name": p.name, "title": p.title, "description": p.description, "wide": p.wide,
                 "spec": {**p.sized().to_dict(validate=False, context={"pre_transform": False}),
                          "config": chart_config(Palette(css=True))}}
                for p in self.panels(Palette(css=True))
            ],
            "table": self._table_payload(numbers),
            "hover": list(self.hover) if self.hover else None,
            "assumptions": list(self.assumptions),
            "sources": list(self.sources),
        }  # fmt: skip

    def _table_payload(self, numbers: NumberSheet) -> dict | None:
        if self.table is None:
            return None
        name, columns = self.table
        return {
            "data": name,
            "open": self.table_open,
            "columns": [{"field": c.field, "label": c.label, "digits": c.digits} for c in columns],
            "rows": records(numbers.tables[name][[c.field for c in columns]]),
        }

    # Live face -----------------------------------------------------------------------------------------

    def chart(self, **changes: Any) -> dict:
        """The panels side by side as one Vega-Lite specification with its data, for a notebook."""
        tables = self.evaluate(**changes).tables
        panels = self.panels(Palette(css=False))
        drawn = [panel.sized(title=panel.title) for panel in panels]
        narrow = [chart for chart, panel in zip(drawn, panels) if not panel.wide]
        apart = {"color": "independent", "fill": "independent", "stroke": "independent", "shape": "independent",
                 "strokeDash": "independent", "size": "independent", "opacity": "independent"}  # fmt: skip
        rows = [alt.hconcat(*narrow).resolve_scale(**apart)] if narrow else []
        rows += [chart for chart, panel in zip(drawn, panels) if panel.wide]
        spec = alt.vconcat(*rows).resolve_scale(**apart).to_dict(validate=False)
        used = _names_of_data(spec)
        spec["datasets"] = {name: records(frame) for name, frame in tables.items() if name in used}
        spec["config"] = chart_config(Palette(css=False))
        spec["$schema"] = "https://vega.github.io/schema/vega-lite/v5.json"
        spec["description"] = f"{self.title}. " + " ".join(panel.description for panel in panels)
        return spec

    def live(self) -> Any:
        """The figure as ipywidgets: the same controls, presets, read-outs and charts, computed by Python."""
        from jointaction.faces.live import live_face

        return live_face(self)

    # Display -------------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        lines = [f"{self.title} (explorer {self.name})"]
        values = self.values()
        shown = ", ".join(f"{name} = {value:g}" if isinstance(value, float) else f"{name} = {value}"
                          for name, value in values.items() if value != "")
        lines += [f"  {shown}"] if shown else []
        results = self.results()
        lines += [f"  {r.label}: {r.text(results[r.name])} {r.unit}".rstrip() for r in self.readouts]
        return "\n".join(lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict:
        bundle = {"text/plain": repr(self), CHART_MIME: self.chart(), EXPLORER_MIME: self.payload()}
        if not os.environ.get(STATIC_VARIABLE) and self.controls:
            bundle[WIDGET_MIME] = self.live()._repr_mimebundle_()[WIDGET_MIME]
        return bundle


def _names_of_data(spec: Any) -> set[str]:
    """Names of the data sets that a specification refers to."""
    if isinstance(spec, dict):
        own = {spec["data"]["name"]} if isinstance(spec.get("data"), dict) and "name" in spec["data"] else set()
        return own.union(*[_names_of_data(v) for v in spec.values()])
    if isinstance(spec, list):
        return set().union(*[_names_of_data(v) for v in spec])
    return set()


def frame(name: str) -> alt.NamedData:
    """A chart's reference to a table of the sheet."""
    return alt.NamedData(name=name)

