"""Checks that the parts of a figure name one another rightly.

A chart names tables and columns of the sheet, a read-out names a step, a preset names controls, all by text.
A wrong text would draw nothing, on both faces, and say nothing. Here it raises
:class:`jointaction.errors.InputError` with one sentence that names the figure, the text and the nearest right one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from jointaction.errors import InputError, nearest

if TYPE_CHECKING:
    from jointaction.faces.explorer import Explorer
    from jointaction.faces.sheet import ExpressionSheet, NumberSheet

# Names that a drawing already has: what Vega's expressions read from a row or an event, its constants, and the
# signals that Vega-Lite writes for itself.
TAKEN = frozenset(
    "datum event item parent width height padding autosize background cursor "
    "NaN E PI LN2 LN10 LOG2E LOG10E SQRT2 SQRT1_2 MIN_VALUE MAX_VALUE undefined null true false".split()
)


# Settings of the controls -------------------------------------------------------------------------------------


def settings(kind: type[Explorer] | Explorer, given: Mapping[str, Any]) -> dict[str, Any]:
    """The given settings, each checked by its control; a name that is no control's is refused.

    The refusal names the nearest control, by its symbol too: ``beta`` and ``β`` lead to the control whose symbol is β.
    """
    known = {control.name: control for control in kind.controls}
    for name in given:
        if name not in known:
            if not known:
                raise InputError(f"The explorer {kind.name} has no controls, so it takes no {name!r}.")
            raise InputError(
                f"The explorer {kind.name} has no control {name!r}; the nearest is {_likeliest(name, kind)}."
            )
    return {name: known[name].check(value) for name, value in given.items()}


def _likeliest(name: str, kind: type[Explorer] | Explorer) -> str:
    """The control that ``name`` may mean, with its symbol if the symbol is what it means."""
    for control in kind.controls:
        symbol = control.describe().get("symbol", "")
        if symbol and _plain(symbol) == _plain(name):
            return f"{control.name!r} ({symbol})"
    return repr(nearest(name, [control.name for control in kind.controls]))


def _plain(symbol: str) -> str:
    """A symbol as one would type it: ω₁, omega_1 and omega1 are all ``omega1``."""
    spelled = "".join(
        unicodedata.name(letter).split()[-1] if unicodedata.name(letter, "").startswith("GREEK") else letter
        for letter in unicodedata.normalize("NFKC", symbol)
    )
    return re.sub(r"[\W_]+", "", spelled).casefold() if len(symbol) > 1 else spelled.casefold()


# What a class states ------------------------------------------------------------------------------------------


def definition(kind: type[Explorer]) -> None:
    """Check what a class states before anything is computed: its controls, presets, table and lead parts."""
    controls, readouts = [c.name for c in kind.controls], [r.name for r in kind.readouts]
    for what, names in (("control", controls), ("read-out", readouts), ("preset", [p.id for p in kind.presets])):
        _once(kind, what, names)
    for name in controls:
        _identifier(kind, "control", name)
    for preset in kind.presets:
        try:
            settings(kind, preset.values)
        except InputError as error:
            raise InputError(f"The preset {preset.id!r} of the explorer {kind.name}: {error}") from None
    if kind.table is None:
        raise InputError(
            f"The explorer {kind.name} has no table; every figure offers its data, so table must name a table of "
            "the sheet and its columns."
        )
    if kind.hover:
        _exists(kind, "hover sets", "control", kind.hover[0], controls)
    if kind.controls:
        _exists(kind, "lead_control names", "control", kind.lead_control, controls)
        if kind.readouts and not 1 <= len(kind.lead_readouts) <= 3:
            raise InputError(
                f"The explorer {kind.name} has {len(kind.lead_readouts)} lead_readouts; name one to three of "
                f"{', '.join(readouts)}."
            )
    for name in kind.lead_readouts:
        _exists(kind, "lead_readouts names", "read-out", name, readouts)


# What a figure computes and draws -----------------------------------------------------------------------------


def figure(explorer: Explorer, sheet: ExpressionSheet, numbers: NumberSheet, panels: Iterable[Mapping]) -> None:
    """Check the steps and tables of a filled sheet against the read-outs, panels, table and hover that name them.

    ``panels`` have a ``name`` and a Vega-Lite ``spec``, as in the payload.
    """
    controls = [control.name for control in explorer.controls]
    steps = [signal["name"] for signal in sheet.signals if signal["name"] not in controls or "update" in signal]
    for name in steps:
        _identifier(explorer, "step", name)
        if name in controls:
            raise InputError(f"The explorer {explorer.name} has a step {name!r}, which is the name of a control.")
    _once(explorer, "step", steps)
    _once(explorer, "table", [entry["name"] for entry in sheet.data])
    readouts(explorer, numbers.steps)

    panels = list(panels)
    _once(explorer, "panel", [panel["name"] for panel in panels])
    if explorer.controls:
        _exists(explorer, "lead_panel names", "panel", explorer.lead_panel, [panel["name"] for panel in panels])
    tables = {name: set(map(str, frame.columns)) for name, frame in numbers.tables.items()}
    drawn = [_Drawing(explorer, panel, tables) for panel in panels]

    name, columns = explorer.table
    _exists(explorer, "table shows", "table", name, tables)
    for column in columns:
        _exists(explorer, "table shows", f"column of {name}", column.field, tables[name])
    if explorer.hover:
        pointed = set().union(*(tables[name] for drawing in drawn for name in drawing.used))
        _exists(explorer, "hover reads", "column of a table that a panel draws", explorer.hover[1], pointed)


def readouts(explorer: Explorer, steps: Collection[str]) -> None:
    """Check that every read-out is a step."""
    for readout in explorer.readouts:
        _exists(explorer, "a read-out shows", "step", readout.name, steps)


class _Drawing:
    """One panel's specification, walked from the outside in; ``used`` are the sheet's tables it draws."""

    def __init__(self, explorer: Explorer, panel: Mapping, tables: Mapping[str, set[str]]):
        self.explorer, self.name, self.tables = explorer, panel["name"], tables
        self.own = panel["spec"].get("datasets", {})
        self.used: set[str] = set()
        self._view(panel["spec"], None, {})

    def _table(self, name: str) -> set[str]:
        """The columns of a table of the sheet, or of rows that the chart itself holds."""
        if name in self.own:
            return {column for row in self.own[name] for column in row}
        _exists(self.explorer, f"panel {self.name} draws", "table", name, self.tables)
        self.used.add(name)
        return self.tables[name]

    def _require(self, columns: set[str] | None, used: Iterable[str]) -> None:
        for name in used if columns is not None else ():
            _exists(self.explorer, f"panel {self.name} draws", "column that it has there", name, columns)

    def _view(self, view: Mapping, columns: set[str] | None, encoding: Mapping) -> None:
        """``columns`` are those of the rows at hand, None while there are none or when they cannot be known."""
        data = view.get("data")
        if data:
            columns = self._table(data["name"]) if "name" in data else None
        for transform in view.get("transform", ()):
            columns = self._transformed(transform, columns)
        encoding = {**encoding, **view.get("encoding", {})}
        inner = [*view.get("layer", ()), *view.get("hconcat", ()), *view.get("vconcat", ()), *view.get("concat", ())]
        inner += [view["spec"]] if "spec" in view else []
        if not inner:
            self._require(columns, _columns_of(encoding) | _columns_of(view.get("mark")))
        elif "facet" in view:
            self._require(columns, _columns_of(view["facet"]))
        for each in inner:
            self._view(each, columns, encoding)

    def _transformed(self, transform: Mapping, columns: set[str] | None) -> set[str] | None:
        """The columns after one transform; None after one whose result is not followed here."""
        groups = transform.get("groupby", [])
        if "filter" in transform:
            self._require(columns, _columns_of(transform["filter"]) | _in_expression(transform["filter"]))
            return columns
        if "calculate" in transform:
            self._require(columns, _in_expression(transform["calculate"]))
            made = [transform["as"]]
        elif "fold" in transform:
            self._require(columns, transform["fold"])
            made = transform.get("as", ["key", "value"])
        elif "lookup" in transform:
            self._require(columns, [transform["lookup"]])
            other = transform["from"]
            found = self._table(other["data"]["name"])
            self._require(found, [other["key"], *other.get("fields", ())])
            made = transform.get("as", other.get("fields", ()))
            made = [made] if isinstance(made, str) else made
        elif "window" in transform or "joinaggregate" in transform or "aggregate" in transform:
            made_by = transform.get("window") or transform.get("joinaggregate") or transform.get("aggregate")
            self._require(columns, [*groups, *_columns_of(made_by), *_columns_of(transform.get("sort"))])
            made = [each["as"] for each in made_by]
            if "aggregate" in transform:
                return {*groups, *made}
        elif "stack" in transform or "bin" in transform or "timeUnit" in transform:
            self._require(
                columns, [transform.get("stack") or transform["field"], *groups, *_columns_of(transform.get("sort"))]
            )
            made = transform["as"]
            made = [made] if isinstance(made, str) else made
        else:
            return None
        return None if columns is None else columns | set(made)


def _columns_of(part: Any) -> set[str]:
    """Columns that a part of a specification reads, by name or in an expression; axes and legends read none."""
    if isinstance(part, Mapping):
        found = set()
        for key, value in part.items():
            if key == "field" and isinstance(value, str):
                found.add(re.sub(r"\\(.)", r"\1", value))
            elif key in ("test", "expr"):
                found |= _in_expression(value) | _columns_of(value)
            elif key not in ("axis", "legend", "header", "scale"):
                found |= _columns_of(value)
        return found
    return set().union(*map(_columns_of, part)) if isinstance(part, (list, tuple)) else set()


def _in_expression(text: Any) -> set[str]:
    if not isinstance(text, str):
        return set()
    plain = re.findall(r"\bdatum\.([A-Za-z_$][\w$]*)", text)
    return {*plain, *(name for _, name in re.findall(r"\bdatum\[(['\"])(.*?)\1\]", text))}


# Sentences ----------------------------------------------------------------------------------------------------


def _exists(kind: Any, where: str, what: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        near = f"the nearest is {nearest(name, known)!r}" if known else "there is none"
        raise InputError(f"The explorer {kind.name}: {where} {name!r}, which is no {what}; {near}.")


def _once(kind: Any, what: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"The explorer {kind.name} has two {what}s called {name!r}; each needs a name of its own.")


def _identifier(kind: Any, what: str, name: str) -> None:
    if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
        near = re.sub(r"\W+", "_", name, flags=re.ASCII)
        raise InputError(
            f"The explorer {kind.name} has a {what} {name!r}, which is no identifier; the nearest is {near!r}."
        )
    if name in TAKEN:
        raise InputError(
            f"The explorer {kind.name} has a {what} {name!r}, a name that every drawing uses for itself; "
            f"the nearest free one is {name + '_'!r}."
        )
