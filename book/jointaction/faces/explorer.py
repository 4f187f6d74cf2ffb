"""An explorer: a figure that a reader can move, with one model and two faces.

A subclass of :class:`Explorer` names its controls and read-outs, fills a sheet in ``compute`` and draws its
panels from the sheet's tables. One engine, ``assets/figure.js``, draws it. On the static page it recomputes the
sheet, written out as Vega expressions; in a live kernel (:mod:`jointaction.faces.live`) it asks Python.
"""

from __future__ import annotations

import contextlib
import inspect
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, ClassVar

import altair as alt
import pandas as pd

from jointaction.errors import InputError
from jointaction.faces import changes as model_changes
from jointaction.faces import check
from jointaction.faces.controls import Column, Preset, Readout
from jointaction.faces.ops import source
from jointaction.faces.sheet import ExpressionSheet, NumberSheet, Sheet, json_value, records
from jointaction.faces.theme import Palette, chart_config
from jointaction.sources import tables

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
    model: Mapping[str, Callable] = field(default_factory=dict)  # functions in place of the model's own
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)  # frames in place of the book's tables

    name: ClassVar[str]
    title: ClassVar[str]
    caption: ClassVar[str]
    controls: ClassVar[tuple]
    readouts: ClassVar[tuple[Readout, ...]] = ()
    presets: ClassVar[tuple[Preset, ...]] = ()
    assumptions: ClassVar[tuple[str, ...]] = ()
    sources: ClassVar[tuple[str, ...]] = ()
    models: ClassVar[tuple[ModuleType, ...]] = ()  # the modules whose functions a reader may replace
    table: ClassVar[tuple[str, tuple[Column, ...]] | None] = None  # every figure has one: its data, to read and keep
    table_open: ClassVar[bool] = False  # True where the table is the figure
    hover: ClassVar[tuple[str, str] | None] = None  # (control, column): the pointer on a mark sets the control
    # The slider to try first, the two or three read-outs that answer it and the chart to look at meanwhile:
    # what has to fit one look on a phone.
    lead_control: ClassVar[str] = ""
    lead_readouts: ClassVar[tuple[str, ...]] = ()
    lead_panel: ClassVar[str] = ""
    more_title: ClassVar[str] = "Assumptions you can move"  # above the controls that are not main
    more_open: ClassVar[bool] = False  # True where these controls are what the figure is for

    def __init_subclass__(cls, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if hasattr(cls, "name"):  # a base of several figures need not be one itself
            check.definition(cls)

    def __post_init__(self) -> None:
        self.start = check.settings(self, self.start)
        model_changes.check(self.models, self.model)
        with tables.replaced(self.tables):
            pass

    # To be filled by subclasses ------------------------------------------------------------------------

    def compute(self, sheet: Sheet) -> None:
        """Name every read-out as a step of the sheet and every charted table."""
        raise NotImplementedError

    def panels(self, c: Palette) -> list[Panel]:
        """The charts, which refer to the sheet's tables by name."""
        raise NotImplementedError

    def key(self) -> list[tuple[str, str]]:
        """What short names in the charts stand for, as pairs; none unless a figure has such names."""
        return []

    # Values --------------------------------------------------------------------------------------------

    def values(self, **changes: Any) -> dict[str, Any]:
        """The controls' values: defaults, then start values, then ``changes``.

        Raises :class:`jointaction.errors.InputError` for an unknown control and for a value out of range.
        """
        return check.settings(self, {**{c.name: c.default for c in self.controls}, **self.start, **changes})

    @contextlib.contextmanager
    def _changed(self) -> Iterator[None]:
        """Work with the changed functions and tables; refuse those that the figure has not used at the end."""
        with tables.replaced(self.tables) as read, model_changes.changed(self.models, self.model) as called:
            yield
        for what, names, used in (("call", self.model, called), ("read", self.tables, read)):
            for name in names:
                if name not in used:
                    raise InputError(
                        f"The figure {self.name} does not {what} {name}, so a change of it would not show; "
                        f"it {what}s {', '.join(self._uses(what))}."
                    )

    def _uses(self, what: str) -> list[str]:
        """The functions or the tables that the figure works with."""
        sheet = NumberSheet(self.values())
        with tables.replaced({}) as read:
            called = model_changes.used(self.models, lambda: self.compute(sheet))
        return called if what == "call" else sorted(read) or ["no table"]

    def evaluate(self, **changes: Any) -> NumberSheet:
        """Everything the figure shows for one setting of the controls, worked out by Python."""
        sheet = NumberSheet(self.values(**changes))
        with self._changed():
            self.compute(sheet)
        check.readouts(self, sheet.steps)
        return sheet

    def results(self, **changes: Any) -> dict[str, Any]:
        """The read-outs for one setting of the controls."""
        steps = self.evaluate(**changes).steps
        return {readout.name: steps[readout.name] for readout in self.readouts}

    @property
    def changed(self) -> str:
        """What of the model and the tables is not the book's own, in words; "" where nothing is."""
        parts = [f"changed model: {', '.join(self.model)}"] if self.model else []
        parts += [f"changed table: {', '.join(self.tables)}"] if self.tables else []
        kept = model_changes.kept(self.models, list(self.model))
        parts += [f"still by the original’s formula: {', '.join(kept)}"] if kept else []
        return "; ".join([*parts, *model_changes.notes(self.models, list(self.model))])

    # What a face is made of ----------------------------------------------------------------------------

    def description(self, steps: Mapping[str, Any], rows: pd.DataFrame | None) -> dict:
        """The figure without its drawings as plain JSON: words, controls, and read-outs and table as computed."""
        name, columns = self.table
        return {
            "name": self.name,
            "title": self.title,
            "caption": self.caption,
            "controls": [{**control.describe(), "default": control.default} for control in self.controls],
            "start": self.values(),
            "presets": [{"id": p.id, "label": p.label, "help": p.help, "values": dict(p.values)} for p in self.presets],
            "readouts": [
                {
                    "name": r.name,
                    "label": r.label,
                    "unit": r.unit,
                    "digits": r.digits,
                    "cell": r.cell,
                    "note": r.note,
                    "value": json_value(steps.get(r.name)),
                    "text": r.text(steps.get(r.name)),
                }
                for r in self.readouts
            ],
            "more_title": self.more_title,
            "more_open": self.more_open,
            "lead": {"control": self.lead_control, "readouts": list(self.lead_readouts), "panel": self.lead_panel},
            "table": {
                "data": name,
                "open": self.table_open,
                "columns": [{"field": c.field, "label": c.label, "digits": c.digits} for c in columns],
                "rows": [] if rows is None else records(rows[[c.field for c in columns]]),
            },
            "hover": list(self.hover) if self.hover else None,
            "key": self.key(),
            "assumptions": list(self.assumptions),
            "sources": list(self.sources),
            "model": bool(self.models),
        }

    def drawings(self) -> list[dict]:
        """The panels as plain JSON, each with its Vega-Lite specification; colors are CSS variables."""
        return [
            {
                "name": p.name,
                "title": p.title,
                "description": p.description,
                "wide": p.wide,
                "spec": {
                    **p.sized().to_dict(validate=False, context={"pre_transform": False}),
                    "config": chart_config(Palette(css=True)),
                },
            }
            for p in self.panels(Palette(css=True))
        ]

    def check_parts(self) -> None:
        """Raise :class:`jointaction.errors.InputError` where a chart, a read-out or the table names what is not there.

        The parts are a class's own, so that each class is looked at once.
        """
        if "_parts_fit" not in type(self).__dict__:
            sheet, numbers = ExpressionSheet(self.values()), NumberSheet(self.values())
            self.compute(sheet)
            self.compute(numbers)
            check.figure(self, sheet, numbers, self.drawings())
            type(self)._parts_fit = True

    def payload(self) -> dict:
        """Everything the build needs to put this figure on a page, as plain JSON.

        Raises :class:`jointaction.errors.InputError` as :meth:`check_parts` does.
        """
        self.check_parts()
        sheet = ExpressionSheet(self.values())
        self.compute(sheet)
        numbers, panels = self.evaluate(), self.drawings()
        return {
            **self.description(numbers.steps, numbers.tables[self.table[0]]),
            "panels": panels,
            "signals": sheet.signals,
            "data": sheet.data,
        }

    # A changed figure in a saved notebook ----------------------------------------------------------------

    def record(self) -> dict:
        """A changed figure as plain JSON that the site can draw without the reader's functions.

        Functions that can be written out as expressions are, so that the figure moves on a page too. Otherwise
        the numbers of all steps and tables are kept, for a still.
        """
        sheet, formulas = self.evaluate(), self._formulas()
        name, columns = self.table
        told = {"changed": self.changed, "rows": _packed(sheet.tables[name][[c.field for c in columns]])}
        if formulas is not None:
            steps = {r.name: sheet.steps[r.name] for r in self.readouts}
            return {**told, "steps": _rounded(steps), "formulas": {n: f.expression for n, f in formulas.items()}}
        tables = {name: _packed(frame) for name, frame in sheet.tables.items()}
        return {**told, "steps": _rounded(sheet.steps), "tables": tables}

    def _formulas(self) -> dict[str, model_changes.Formula] | None:
        """The changed functions as expressions; None where a page cannot work with them."""
        known = model_changes.functions(self.models)
        try:
            formulas = {name: model_changes.Formula.of(known[name], f) for name, f in self.model.items()}
            type(self)(self.start, formulas)._expressed()
        except (TypeError, ValueError, AttributeError):  # what Python says of an expression that is no number
            return None
        return None if self.tables else formulas

    def _expressed(self) -> ExpressionSheet:
        sheet = ExpressionSheet(self.values())
        with self._changed():
            self.compute(sheet)
        return sheet

    def recorded(self, record: Mapping[str, Any]) -> dict:
        """The payload of a changed figure as :meth:`record` kept it; this explorer has its start values."""
        steps = {name: _unrounded(value) for name, value in record["steps"].items()}
        rows = pd.DataFrame(json.loads(record["rows"]))
        told = {**self.description(steps, rows), "panels": self.drawings(), "changed": record["changed"]}
        told["assumptions"] = [f"Not as below: {record['changed']}.", *told["assumptions"]]
        told |= {"name": f"{self.name}-changed", "explorer": self.name, "title": f"{self.title} (changed)"}
        if "formulas" in record:
            known = model_changes.functions(self.models)
            formulas = {
                name: model_changes.Formula(expression, inspect.signature(known[name]).parameters)
                for name, expression in record["formulas"].items()
            }
            sheet = type(self)(self.start, formulas)._expressed()
            return {**told, "signals": sheet.signals, "data": sheet.data}
        known = {**self.values(), **steps}
        signals = [
            {"name": name, "update": source(value)}
            if value in (math.inf, -math.inf)
            else {"name": name, "value": value}
            for name, value in known.items()
        ]
        data = [
            {"name": name, "values": records(pd.DataFrame(json.loads(columns)))}
            for name, columns in record["tables"].items()
        ]
        still = {"controls": [], "presets": [], "start": {}, "hover": None, "lead": {**told["lead"], "readouts": []}}
        return {**told, **still, "signals": signals, "data": data}

    def still(self) -> dict:
        """The panels side by side at the start values as one Vega-Lite specification with its data."""
        frames = self.evaluate().tables
        panels = self.panels(Palette(css=False))
        drawn = [panel.sized(title=panel.title) for panel in panels]
        narrow = [chart for chart, panel in zip(drawn, panels) if not panel.wide]
        apart = {
            "color": "independent",
            "fill": "independent",
            "stroke": "independent",
            "shape": "independent",
            "strokeDash": "independent",
            "size": "independent",
            "opacity": "independent",
        }
        rows = [alt.hconcat(*narrow).resolve_scale(**apart)] if narrow else []
        rows += [chart for chart, panel in zip(drawn, panels) if panel.wide]
        spec = alt.vconcat(*rows).resolve_scale(**apart).to_dict(validate=False)
        used = _names_of_data(spec)
        spec["datasets"] = {name: records(frame) for name, frame in frames.items() if name in used}
        spec["config"] = chart_config(Palette(css=False))
        spec["title"] = {
            "text": self.title,
            "subtitle": [self.changed] if self.changed else [],
            "subtitleColor": Palette(css=False).muted,
            "anchor": "start",
            "offset": 12,
        }
        spec["description"] = f"{self.title}. " + " ".join(panel.description for panel in panels)
        return spec

    def __repr__(self) -> str:
        values = self.values()
        shown = ", ".join(
            f"{name} = {value:g}" if isinstance(value, float) else f"{name} = {value}"
            for name, value in values.items()
            if value != ""
        )
        try:
            results = self.results()
            told = [f"{r.label}: {r.text(results[r.name])} {r.unit}".rstrip() for r in self.readouts]
        except InputError as error:
            told = [str(error)]
        lines = [shown] * bool(shown) + [self.changed] * bool(self.changed) + told
        return "\n  ".join([f"{self.title} (explorer {self.name})", *lines])


def _packed(frame: pd.DataFrame) -> str:
    """The columns of a table as one line of JSON, so that a notebook keeps a table on a line."""
    columns = {column: [_rounded(json_value(value)) for value in frame[column].tolist()] for column in frame}
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":"))


def _rounded(value: Any) -> Any:
    """A value as JSON can hold it, alike on every machine; infinities by name."""
    if isinstance(value, Mapping):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, float) and math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    value = json_value(value)
    return float(f"{value:.12g}") if isinstance(value, float) else value


def _unrounded(value: Any) -> Any:
    return float(value) if value in ("Infinity", "-Infinity") else value


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
