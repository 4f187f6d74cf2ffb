"""Turn an explorer's payload into the HTML of a page: controls, still charts, data table and notes."""

from __future__ import annotations

import copy
import functools
import hashlib
import html
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jointaction.faces import drawing
from jointaction.faces.controls import Readout
from jointaction.faces.explorer import NARROW, Explorer
from jointaction.faces.theme import FONT
from jointaction.sources.tables import describe

ASSETS = Path(__file__).parent / "assets"

FITTING = 384  # width in pixels of a drawing, labels and all, that a phone shows with readable letters

# A still picture names a font that its maker carries, so that letters are as wide on every machine.
STILL_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

# Says in the still picture, wherever a notebook is shown without a kernel, how it comes alive.
TO_MOVE = "This is a still picture. Run this cell in JupyterLab or Jupyter Notebook to move the figure."


def figure(payload: dict) -> str:
    """The whole figure of one explorer, drawn at its start values, with what the page needs to bring it to life."""
    payload = compiled(payload)
    script = f'<script type="application/json" class="ja-payload">{_json(data(payload))}</script>\n</figure>'
    return body(payload, stills=True).removesuffix("</figure>") + script


def small(payload: dict, panels: Sequence[str], more: str) -> str:
    """The figure cut down to its lead control, what answers it and a few panels, for a page that opens the book.

    ``more`` is HTML that leads to the whole figure. Ids and addresses are its own, so that the whole figure may
    stand beside it.
    """
    payload = _cut(payload, panels)
    name = payload["name"]
    parts = [
        f'<figure class="explorer ja-small" id="explorer-{name}" data-state="still" aria-labelledby="{name}-title">',
        f'<p class="ja-title" id="{name}-title">{_e(payload["title"])}</p>',
        f'<div class="ja-lead">{_controls(payload, payload["controls"])}{_readouts(payload, payload["readouts"])}</div>',
        '<div class="ja-panels"><div class="ja-charts">',
        *(_panel(payload, panel, stills=True) for panel in payload["panels"]),
        "</div></div>",
        f'<p class="ja-status" role="status" id="{name}-status"></p><p class="ja-spoken" role="status"></p>',
        f"<figcaption>{_e(payload['caption'])} {more}</figcaption>",
        f'<script type="application/json" class="ja-payload">{_json(data(payload))}</script>',
        "</figure>",
    ]
    return "\n".join(parts)


def slide(payload: dict, book: dict, number: int, home: str) -> str:
    """The figure for a slide: one control, the read-outs that answer it, presets and charts, opened at a scenario.

    ``payload`` is the figure at the scenario's settings, ``book`` the same at the book's start values and compiled
    (:func:`compiled`), so that all scenarios share what the engine needs. ``number`` tells the figures of a deck apart,
    ``home`` is the address of the chapter.
    """
    lead, key = payload["lead"], f"{payload['name']}-{number}"
    shown = {**payload, "name": key}
    first = [control for control in payload["controls"] if control["name"] == lead["control"]]
    others = [control for control in payload["controls"] if control not in first]
    answering = [readout for readout in payload["readouts"] if readout["name"] in lead["readouts"]]
    panels = sorted(book["panels"], key=lambda panel: panel["name"] != lead["panel"])
    drawn = [_panel(shown, panel, stills=panel["name"] == lead["panel"], broad=False) for panel in panels]
    actions = [("pin", "Pin"), ("reset", "Reset"), ("qr-code", "QR code")] if first else []
    page = {**data(book), "start": payload["start"], "lead": lead, "readouts": answering}
    parts = [
        f'<figure class="explorer ja-of-deck" id="explorer-{key}" data-state="still" data-home="{_e(home)}" '
        f'data-prevent-swipe aria-labelledby="{key}-title">',
        f'<p class="ja-title" id="{key}-title">{_e(payload["title"])}</p>',
        f'<div class="ja-stage{"" if first else " ja-plain"}">',
        _presets(payload["presets"], payload["start"], payload["controls"]),
        f'<div class="ja-lead">{_readouts(shown, answering)}{_controls(shown, first)}</div>' if first else "",
        f'<div class="ja-panels"><div class="ja-charts">{"".join(drawn)}</div></div>',
        f'<div class="ja-rest">{_controls(shown, others)}</div>' if others else "",
        "</div>",
        '<div class="ja-foot"><div class="ja-told"><p class="ja-set"></p>',
        '<p class="ja-followed" role="status"></p>' if payload["hover"] else "",
        f'<p class="ja-status" role="status" id="{key}-status"></p><p class="ja-spoken" role="status"></p></div>',
        f'<div class="ja-buttons ja-actions" role="group" aria-label="This figure">{_buttons(actions)}</div></div>',
        f'<script type="application/json" class="ja-payload">{_json(page)}</script>',
        "</figure>",
    ]
    return "\n".join(part for part in parts if part)


def compiled(payload: dict) -> dict:
    """A payload with its panels compiled to Vega, and their width on a narrow page."""
    payload = copy.deepcopy(payload)
    for panel in payload["panels"]:
        panel["vega"] = drawing.compiled(panel.pop("spec"))
        panel["narrow"] = _narrow(payload, panel) if panel["wide"] else None
    return payload


def _cut(payload: dict, panels: Sequence[str]) -> dict:
    """The payload with one control and narrow panels, and of its sheet only what these need."""
    lead = payload["lead"]
    control = next(c for c in payload["controls"] if c["name"] == lead["control"])
    readouts = [r for r in payload["readouts"] if r["name"] in lead["readouts"]]
    drawn = [copy.deepcopy(next(p for p in payload["panels"] if p["name"] == name)) for name in panels]
    for panel in drawn:
        panel["vega"] = drawing.compiled(panel.pop("spec"))
        panel["vega"] |= {"width": NARROW, "height": drawn[0]["vega"]["height"]}  # they stand side by side
        panel["wide"] = False
    sheet = {entry["name"]: json.dumps(entry) for entry in [*payload["signals"], *payload["data"]]}
    needed, found = set(), {lead["control"], *lead["readouts"]} | set(_words(json.dumps([p["vega"] for p in drawn])))
    while found := (found & set(sheet)) - needed:
        needed |= found
        found = {word for name in found for word in _words(sheet[name])}
    return {
        **payload,
        "name": f"{payload['name']}-small",
        "controls": [control],
        "start": {control["name"]: payload["start"][control["name"]]},
        "presets": [],
        "readouts": readouts,
        "panels": drawn,
        "signals": [entry for entry in payload["signals"] if entry["name"] in needed],
        "data": [entry for entry in payload["data"] if entry["name"] in needed],
        "table": {"data": "", "columns": []},
        "hover": None,
    }


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def data(payload: dict) -> dict:
    """What the engine needs to know of a figure whose panels are compiled to Vega."""
    keys = ("name", "title", "controls", "start", "presets", "readouts", "lead", "signals", "data", "hover")
    return {
        **{key: payload[key] for key in keys if key in payload},
        "version": version(payload["controls"]),
        "model": payload["model"],
        "sources": [describe(name)["title"] for name in payload["sources"]],
        "table": {key: payload["table"][key] for key in ("data", "columns")},
        "panels": [
            {"name": p["name"], "wide": p["wide"], "narrow": p.get("narrow"), "vega": p["vega"]}
            for p in payload["panels"]
        ],
    }


def version(controls: list[dict]) -> str:
    """Names the start values of a figure in the address of a scenario; other start values have another name."""
    defaults = [[control["name"], control["default"]] for control in controls]
    return hashlib.sha256(json.dumps(defaults).encode()).hexdigest()[:3]


def charts_script() -> str:
    """Vega as a script that leaves the page's other scripts alone: its only name is ``jointactionVega``."""
    vega = (ASSETS / "vega.min.js").read_text(encoding="utf-8")
    return (
        "(function () { const theirs = window.vega; (function () { var define, module, exports;\n"
        f"{vega}\n}}).call(window); window.jointactionVega = window.vega; window.vega = theirs; }})();\n"
    )


def tools_script() -> str:
    """What a figure does now and then, as a script that a page fetches when asked; it makes QR codes with lean-qr."""
    maker, tools = ((ASSETS / name).read_text(encoding="utf-8") for name in ("lean-qr.js", "tools.js"))
    return f"(function () {{ const exports = {{}};\n{maker}\nwindow.jointactionQR = exports; }})();\n{tools}"


def picture(explorer: Explorer) -> str:
    """A still picture of the figure as SVG, for readers of a notebook that can show no more."""
    spec = explorer.still()
    if explorer.controls:
        spec["title"]["subtitle"].append(TO_MOVE)
        spec["description"] += f" {TO_MOVE}"
    spec["config"] = json.loads(json.dumps(spec["config"]).replace(json.dumps(FONT), json.dumps(STILL_FONT)))
    drawn = drawing.vl_convert().vegalite_to_svg(spec)
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{_e(spec["description"])}" ', 1)


def body(payload: dict, stills: bool) -> str:
    """The figure's HTML; without ``stills`` the charts are empty and wait for the engine."""
    name, lead = payload["name"], payload["lead"]
    controls, moves = payload["controls"], bool(payload["controls"])
    first = [c for c in controls if c["name"] == lead["control"]]
    main = [c for c in controls if c["main"] and c not in first]
    more = [c for c in controls if not c["main"] and c not in first]
    answering = [r for r in payload["readouts"] if r["name"] in lead["readouts"]]
    others = [r for r in payload["readouts"] if r not in answering and not r["cell"]]
    panels = sorted(payload["panels"], key=lambda panel: panel["name"] != lead["panel"])
    rest = _controls(payload, main) + _readouts(payload, others) + _more(payload, more)
    parts = [
        f'<figure class="explorer" id="explorer-{name}" data-state="still" aria-labelledby="{name}-title">',
        f'<p class="ja-title" id="{name}-title">{_e(payload["title"])}</p>',
        _changed(payload),
        f'<div class="ja-stage{"" if moves else " ja-plain"}">',
        _presets(payload["presets"], payload["start"], controls),
        f'<div class="ja-lead">{_readouts(payload, answering)}{_controls(payload, first)}</div>' if moves else "",
        '<div class="ja-panels"><div class="ja-charts">',
        *(_panel(payload, panel, stills) for panel in panels),
        f"</div>{_answers(payload)}</div>",
        f'<div class="ja-rest">{rest}</div>' if rest else "",
        "</div>",
        '<p class="ja-followed" role="status"></p>' if payload["hover"] else "",
        f'<p class="ja-status" role="status" id="{name}-status"></p>',
        '<p class="ja-spoken" role="status"></p>' if moves else "",
        _actions(moves, page=stills, alone="changed" not in payload),
        _note(payload.get("explorer", name), stills) if moves else "",
        f"<figcaption>{_e(payload['caption'])}</figcaption>",
        _key(payload),
        _table(payload),
        _assumptions(payload),
        "</figure>",
    ]
    return "\n".join(part for part in parts if part)


def _e(text: Any) -> str:
    return html.escape(str(text))


def _json(value: Any) -> str:
    """JSON that is safe inside a script element."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _number(value: Any) -> str:
    """A control's value or a read-out's unrounded value as an attribute."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


# Still charts ---------------------------------------------------------------------------------------------


def vega_with_data(payload: dict, vega: dict, width: int | None = None) -> dict:
    """A panel's Vega specification with the sheet's signals and data in it, ready to draw."""
    spec = copy.deepcopy(vega)
    spec["signals"] = [*payload["signals"], *spec.get("signals", [])]
    tables = {entry["name"]: entry for entry in payload["data"]}
    drawn = {entry["name"] for entry in spec["data"]}
    # A step may read the first row of a table that this panel does not draw.
    read = re.findall(r'\bdata\("(\w+)"\)', " ".join(s.get("update", "") for s in payload["signals"]))
    spec["data"] = [tables[name] for name in dict.fromkeys(read) if name not in drawn] + [
        {**entry, **tables[entry["name"]]} if entry["name"] in tables else entry for entry in spec["data"]
    ]
    if width is not None:
        spec["width"] = width
    return spec


# Where a mark stands: a tenth of a pixel is finer than an eye, and digits are what a drawing weighs.
_PLACE = re.compile(r'(?<= )(?:d|transform|[xy]2?)="[^"]*"')


@functools.lru_cache(maxsize=256)
def _svg(spec: str, prefix: str) -> str:
    svg = drawing.vl_convert().vega_to_svg(spec)
    # Several drawings share a page, so the ids inside each get a prefix of their own.
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)
    svg = re.sub(r'\bd="(M[-\d.,L]+)"', lambda line: f'd="{_lean(line[1])}"', svg)
    svg = _PLACE.sub(lambda place: re.sub(r"\d+\.\d\d+", lambda n: f"{float(n[0]):.1f}", place[0]), svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def _lean(line: str) -> str:
    """A path of straight pieces without the points that lie on the way between others, to a tenth of a pixel."""
    drawn = []
    for piece in line.split("M")[1:]:
        points = [complex(*map(float, point.split(","))) for point in piece.split("L")]
        kept, start = points[:1], 0
        for end in range(2, len(points)):
            if any(_off(point, points[start], points[end]) > 0.1 for point in points[start + 1 : end]):
                start = end - 1
                kept.append(points[start])
        kept += points[1:][-1:]
        drawn.append("M" + "L".join(f"{round(point.real, 2):g},{round(point.imag, 2):g}" for point in kept))
    return "".join(drawn)


def _off(point: complex, start: complex, end: complex) -> float:
    """How far a point lies from the line between two others."""
    along = end - start
    part = ((point - start) * along.conjugate()).real / abs(along) ** 2 if along else 0.0
    return abs(point - start - min(1.0, max(0.0, part)) * along)


def still(payload: dict, panel: dict, width: int | None = None) -> str:
    """One panel's default scenario as inline SVG whose colors follow the page."""
    spec = json.dumps(vega_with_data(payload, panel["vega"], width), sort_keys=True)
    return _svg(spec, f"{payload['name']}-{panel['name']}{'-narrow' if width else ''}")


def _narrow(payload: dict, panel: dict) -> int:
    """The width of a wide panel's plot on a narrow page: less, where long labels stand beside it.

    So that a drawing fits a phone with letters of their size.
    """
    drawn = float(re.search(r'\bwidth="([\d.]+)"', still(payload, panel, NARROW))[1])
    return round(NARROW - max(0.0, drawn - FITTING))


def _panel(payload: dict, panel: dict, stills: bool, broad: bool = True) -> str:
    drawings = "" if not stills else f'<div class="ja-still">{still(payload, panel)}</div>'
    if panel["wide"] and stills and broad:
        drawings = (
            f'<div class="ja-still ja-broad">{still(payload, panel)}</div>'
            f'<div class="ja-still ja-narrow">{still(payload, panel, panel["narrow"])}</div>'
        )
    wide = " ja-wide" if panel["wide"] else ""
    return (
        f'<div class="ja-panel{wide}" data-panel="{panel["name"]}"><p class="ja-panel-title">{_e(panel["title"])}</p>'
        f'<div class="ja-chart" role="img" aria-label="{_e(panel["description"])}">{drawings}</div></div>'
    )


# Controls and read-outs -----------------------------------------------------------------------------------


def _presets(presets: list[dict], start: dict, controls: list[dict]) -> str:
    if not presets:
        return ""
    buttons = "".join(
        f'<button type="button" data-preset="{_e(p["id"])}" title="{_e(_sets(p, controls))}" '
        f'aria-pressed="{_number(p["values"].items() <= start.items())}">{_e(p["label"])}</button>'
        for p in presets
    )
    return f'<div class="ja-buttons ja-presets" role="group" aria-label="Presets">{buttons}</div>'


def _sets(preset: dict, controls: list[dict]) -> str:
    """What a preset is, and what it sets: it leaves every other control as it is."""
    named = [(c, preset["values"][c["name"]]) for c in controls if c["name"] in preset["values"]]
    told = "; ".join(f"{c['label']}: {_setting(c, value)}" for c, value in named)
    rest = "" if len(named) == len(controls) else " Other controls stay as they are."
    return f"{preset['help']} Sets {told}.{rest}".strip()


def _setting(control: dict, value: Any) -> str:
    if control["kind"] == "range":
        unit = f" {control['unit']}" if _is_amount(control["unit"]) else ""
        return f"{round(value, 4):g}{unit}"
    return {True: "yes", False: "no"}[value] if control["kind"] == "switch" else dict(control["options"])[value]


def _controls(payload: dict, controls: list[dict]) -> str:
    if not controls:
        return ""
    return f'<div class="ja-controls">{"".join(_control(payload, control) for control in controls)}</div>'


def _more(payload: dict, controls: list[dict]) -> str:
    if not controls:
        return ""
    summary = f"{_e(payload['more_title'])} ({len(controls)})"
    opened = " open" if payload["more_open"] else ""
    return f'<details class="ja-more"{opened}><summary>{summary}</summary>{_controls(payload, controls)}</details>'


def _control(payload: dict, control: dict) -> str:
    figure_name, name = payload["name"], control["name"]
    value, key = payload["start"][name], f"{figure_name}-{name}"
    symbol = re.sub(r"_(\w+)", r"<sub>\1</sub>", _e(control.get("symbol", "")))
    symbol = f'\u00a0<i class="ja-symbol">{symbol}</i>' if symbol else ""
    label = f'<label for="{key}">{_e(control["label"])}{symbol}</label>'
    about = described = ""
    if control["help"]:
        described = f' aria-describedby="{key}-help"'
        about = (
            f'<details class="ja-help"><summary><span aria-hidden="true">?</span>'
            f'<span class="ja-spoken">About: {_e(control["label"])}</span></summary>'
            f'<small id="{key}-help">{_e(control["help"])}</small></details>'
        )
    if control["kind"] == "switch":
        ticked = " checked" if value else ""
        return (
            f'<div class="ja-control ja-switch"><input type="checkbox" id="{key}" name="{name}"{ticked}{described}>'
            f"{label}{about}</div>"
        )
    if control["kind"] == "choice":
        options = "".join(
            f'<option value="{_e(v)}"{" selected" if v == value else ""}>{_e(text)}</option>'
            for v, text in control["options"]
        )
        return (
            f'<div class="ja-control">{label}{about}'
            f'<select id="{key}" name="{name}"{described}>{options}</select></div>'
        )
    shown = f"{value:.{control['digits']}f}"
    unit = f" {control['unit']}" if control["unit"] else ""
    beside = f"<small>{_e(unit)}</small>" if _is_amount(control["unit"]) else ""
    low, high, step = (_number(control[key]) for key in ("low", "high", "step"))
    # Any value is allowed between the ends, so that an address keeps its scenario to the last digit and a reader
    # can type an exact one; arrow keys and dragging move by the step.
    return (
        f'<div class="ja-control">{label}{about}'
        f'<span class="ja-value"><input type="number" class="ja-number" data-for="{name}" min="{low}" max="{high}" '
        f'step="any" value="{shown}" inputmode="decimal" aria-label="{_e(control["label"])}, as a number">{beside}</span>'
        f'<input type="range" id="{key}" name="{name}" min="{low}" max="{high}" step="any" data-step="{step}" '
        f'value="{_number(value)}" aria-valuetext="{shown}{_e(unit)}"{described}></div>'
    )


def _is_amount(unit: str) -> bool:
    """Tell whether a bare number would be misread without its unit; a rate or a share is told by its label."""
    return bool(unit) and not {"per", "share", "percent"} & set(unit.split())


def _readouts(payload: dict, readouts: list[dict]) -> str:
    boxes = "".join(_readout(payload, r) for r in readouts)
    return f'<div class="ja-readouts">{boxes}</div>' if boxes else ""


def _readout(payload: dict, r: dict) -> str:
    unit = f'<span class="ja-unit">{_e(r["unit"])}</span>' if r["unit"] else ""
    words = " ja-words" if isinstance(r["value"], str) and r["digits"] is None else ""
    return (
        f'<div class="ja-readout{words}"><label for="{payload["name"]}-out-{r["name"]}">{_e(r["label"])}</label>'
        f"{_output(payload, r)}{unit}</div>"
    )


def _output(payload: dict, r: dict) -> str:
    key = f"{payload['name']}-out-{r['name']}"
    inputs = " ".join(f"{payload['name']}-{c['name']}" for c in payload["controls"])
    # A box labels its read-out; a table's headings do not name what is in its cells.
    named = "" if r["name"] in payload["lead"]["readouts"] or not r["cell"] else f' aria-label="{_e(_cell_name(r))}"'
    return (
        f'<output id="{key}" name="{r["name"]}" for="{inputs}" aria-live="off" data-value="{_number(r["value"])}"{named}>'
        f"{_e(r['text'])}</output>"
    )


def _cell_name(r: dict) -> str:
    row, column = r["cell"]
    return f"{row}: {column}" + (f" ({r['note']})" if r["note"] else "")


def _answers(payload: dict) -> str:
    """Many read-outs as a small table: each names its row and its column.

    A lead read-out has its own box beside the lead control; the table says its number again, so that a column can
    be compared from top to bottom.
    """
    readouts = [r for r in payload["readouts"] if r["cell"]]
    if not readouts:
        return ""
    columns = {r["cell"][1]: r["unit"] for r in reversed(readouts)}
    columns = {column: columns[column] for column in dict.fromkeys(r["cell"][1] for r in readouts)}
    units = {column: f"<small>{_e(unit)}</small>" if unit else "" for column, unit in columns.items()}
    head = "".join(f'<th scope="col">{_e(column)}{units[column]}</th>' for column in columns)
    rows = []
    for row in dict.fromkeys(r["cell"][0] for r in readouts):
        found = {r["cell"][1]: _answer(payload, r) for r in readouts if r["cell"][0] == row}
        cells = "".join(f"<td>{found.get(column, '')}</td>" for column in columns)
        rows.append(f'<tr><th scope="row">{_e(row)}</th>{cells}</tr>')
    label = f"Results: {payload['title']}"
    return (
        f'<div class="ja-table ja-answers" role="region" tabindex="0" aria-label="{_e(label)}"><table>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _answer(payload: dict, r: dict) -> str:
    again = f'<span data-again="{r["name"]}">{_e(r["text"])}</span>'
    note = f"<small>{_e(r['note'])}</small>" if r["note"] else ""
    return (again if r["name"] in payload["lead"]["readouts"] else _output(payload, r)) + note


def _changed(payload: dict) -> str:
    """What of the figure is not the book's own, and whether the page can move it."""
    if "changed" not in payload:
        return ""
    stands = "" if payload["controls"] else " This page shows its start values only; it moves in JupyterLab."
    return f'<p class="ja-changed">{_e(payload["changed"][0].upper() + payload["changed"][1:])}.{stands}</p>'


def _actions(moves: bool, page: bool, alone: bool) -> str:
    """The buttons under a figure: what a class uses in sight, the rest in a box that opens over what is below.

    Only a ``page`` has an address to scan, and only a figure that has a page ``alone`` can stand in a frame.
    """
    keep = [("cite", "Cite"), ("download-png", "Picture (PNG)"), ("download-svg", "Picture (SVG)")]
    keep += [("download-csv", "Table (CSV)")]
    if not moves:
        return f'<div class="ja-buttons ja-actions" role="group" aria-label="This figure">{_buttons(keep)}</div>'
    keep = [("embed", "Embed")] * (page and alone) + keep
    use = [("present", "Present"), ("pin", "Pin"), ("reset", "Reset"), ("copy-link", "Copy link")]
    use += [("qr-code", "QR code")] * page
    return (
        f'<div class="ja-buttons ja-actions" role="group" aria-label="This figure">{_buttons(use)}'
        f'<details class="ja-keep"><summary>Keep</summary><div class="ja-buttons">{_buttons(keep)}</div></details></div>'
    )


def _buttons(actions: list[tuple[str, str]]) -> str:
    pin = ' aria-pressed="false" title="Keep this scenario in sight, to compare it with others"'
    return "".join(
        f'<button type="button" data-action="{a}"{pin if a == "pin" else ""}>{label}</button>' for a, label in actions
    )


def _note(name: str, stills: bool) -> str:
    text = (
        "This is the figure at its start values. Its controls work in a browser with scripts on, or in the "
        f"chapter’s notebook in JupyterLab (explorer {name})."
    )
    # The engine writes the settings into the first of the two as they move, for paper.
    return f'<p class="ja-print-note">{text}</p>' + (
        f'<noscript><p class="ja-note">{text}</p></noscript>' if stills else ""
    )


def _key(payload: dict) -> str:
    """What the short names in a chart stand for."""
    if not payload["key"]:
        return ""
    items = "".join(f"<div><dt>{_e(short)}</dt><dd>{_e(name)}</dd></div>" for short, name in payload["key"])
    return (
        f'<details class="ja-key"><summary>What the letters in the chart stand for</summary><dl>{items}</dl></details>'
    )


# Table and notes ------------------------------------------------------------------------------------------


def _cell(value: Any, digits: int | None) -> str:
    return _e(Readout("", "", digits=digits if isinstance(value, (int, float)) else None).text(value))


def _table(payload: dict) -> str:
    table = payload["table"]
    columns = table["columns"]
    head = "".join(f'<th scope="col"{_align(c)}>{_e(c["label"])}</th>' for c in columns)
    rows = []
    for row in table["rows"]:
        cells = [_cell(row[c["field"]], c["digits"]) for c in columns]
        rest = "".join(f"<td{_align(c)}>{cell}</td>" for c, cell in zip(columns[1:], cells[1:]))
        rows.append(f'<tr><th scope="row">{cells[0]}</th>{rest}</tr>')
    label = f"Data of the figure: {payload['title']}"
    return (
        f'<details class="ja-data"{" open" if table["open"] else ""}><summary>Data table</summary><div class="ja-table" role="region" tabindex="0" '
        f'aria-label="{_e(label)}"><table><caption>{_e(label)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div></details>"
    )


def _align(column: dict) -> str:
    return ' class="number"' if column["digits"] is not None else ""


def _assumptions(payload: dict) -> str:
    items = "".join(f"<li>{_e(text)}</li>" for text in payload["assumptions"])
    sources = "; ".join(_e(describe(name)["title"]) for name in payload["sources"])
    shown = f"<p>Data: {sources}. Each table’s sources are in the data codebook.</p>" if sources else ""
    if not items and not shown:
        return ""
    return (
        f'<details class="ja-assumptions"><summary>Sources and assumptions</summary><ul>{items}</ul>{shown}</details>'
        if items
        else f'<details class="ja-assumptions"><summary>Sources</summary>{shown}</details>'
    )
