"""The live face of an explorer: ipywidgets that call the Python model at every move."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets as widgets

from jointaction.errors import InputError
from jointaction.faces.controls import Choice, Range, Switch
from jointaction.faces.explorer import CHART_MIME, Explorer
from jointaction.sources.display import Table


def live_face(explorer: Explorer) -> widgets.VBox:
    """Controls, presets, read-outs and charts of ``explorer``, redrawn by Python when a control moves."""
    start = explorer.values()
    controls = {control.name: _widget(control, start[control.name]) for control in explorer.controls}
    readouts, note, rows = widgets.HTML(), widgets.HTML(), widgets.HTML()
    chart = widgets.Output(layout=widgets.Layout(overflow="auto"))

    moving = False  # true while a button sets several controls, which are then shown once

    def show(_: Any = None) -> None:
        if moving:
            return
        # A slider steps in floating point and may return 1.0000000000000002 for 1.
        values = {
            name: round(widget.value, 10) if isinstance(widget.value, float) else widget.value
            for name, widget in controls.items()
        }
        try:
            results = explorer.results(**values)
            drawing = explorer.chart(**values)
            rows.value = _table(explorer, values)
        except InputError as error:
            note.value = f'<p role="alert">{html.escape(str(error))}</p>'
            return
        note.value = ""
        readouts.value = _readouts(explorer, results)
        chart.outputs = ({
            "output_type": "display_data", "metadata": {}, "data": {CHART_MIME: drawing, "text/plain": explorer.title},
        },)  # fmt: skip

    def set_all(values: dict[str, Any]) -> None:
        nonlocal moving
        moving = True
        for name, value in values.items():
            controls[name].value = value
        moving = False
        show()

    defaults = {control.name: control.default for control in explorer.controls}
    buttons = [_button(p.label, p.help, {**defaults, **p.values}, set_all) for p in explorer.presets]
    buttons.append(_button("Reset", "Back to the start values", start, set_all))
    for widget in controls.values():
        widget.observe(show, "value")
    show()
    wrap = widgets.Layout(flex_flow="row wrap")
    return widgets.VBox([
        widgets.HTML(f"<b>{html.escape(explorer.title)}</b>"),
        widgets.HBox(buttons, layout=wrap),
        widgets.HBox(list(controls.values()), layout=wrap),
        note,
        readouts,
        chart,
        rows,
        widgets.HTML(_about(explorer)),
    ])  # fmt: skip


def _widget(control: Range | Choice | Switch, value: Any) -> widgets.ValueWidget:
    style, layout = {"description_width": "17em"}, widgets.Layout(width="36em")
    common = {"description": control.label, "tooltip": control.help, "style": style, "layout": layout, "value": value}
    if isinstance(control, Range):
        p = control.parameter
        return widgets.FloatSlider(min=p.low, max=p.high, step=p.step, readout_format=f".{control.digits}f", **common)
    if isinstance(control, Choice):
        return widgets.Dropdown(options=[(text, key) for key, text in control.options.items()], **common)
    return widgets.Checkbox(indent=False, **common)


def _button(label: str, tooltip: str, values: dict[str, Any], set_all: Any) -> widgets.Button:
    button = widgets.Button(description=label, tooltip=tooltip, layout=widgets.Layout(width="auto"))
    button.on_click(lambda _: set_all(values))
    return button


def _readouts(explorer: Explorer, results: dict[str, Any]) -> str:
    cells = "".join(
        f'<div style="margin:0 1.5em .4em 0"><div>{html.escape(r.label)}</div><output name="{r.name}" '
        f'data-value="{html.escape(str(results[r.name]))}" style="font-weight:600;font-size:1.2em">'
        f"{html.escape(r.text(results[r.name]))}</output> <small>{html.escape(r.unit)}</small></div>"
        for r in explorer.readouts
    )
    return f'<div style="display:flex;flex-wrap:wrap" role="group" aria-label="Results">{cells}</div>'


def _table(explorer: Explorer, values: dict[str, Any]) -> str:
    """The data table, where the table is the figure."""
    if not explorer.table_open:
        return ""
    name, columns = explorer.table
    rows = explorer.evaluate(**values).tables[name][[c.field for c in columns]]
    labels = {c.field: c.label for c in columns}
    digits = {c.field: c.digits for c in columns if c.digits is not None}
    return Table(rows, explorer.title, labels, digits)._repr_html_()


def _about(explorer: Explorer) -> str:
    items = "".join(f"<li>{html.escape(text)}</li>" for text in explorer.assumptions)
    return f"<p>{html.escape(explorer.caption)}</p>" + (
        f"<details><summary>Sources and assumptions</summary><ul>{items}</ul></details>" if items else ""
    )
