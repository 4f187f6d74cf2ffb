"""The face of an explorer in a kernel: one widget with a trait for each control and each read-out.

The browser draws with the same engine as the page (``assets/figure.js``) and asks Python for the answer to each
move. Python computes the sheet once a move and sends the read-outs and the columns that changed. The drawing
library travels from the installed package over the kernel's own connection, once a page; no server is asked.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import pandas as pd
import traitlets

from jointaction.errors import InputError
from jointaction.faces import drawing, page
from jointaction.faces.explorer import Explorer
from jointaction.faces.sheet import NumberSheet, json_value
from jointaction.faces.theme import style_sheet

ASSETS = Path(__file__).parent / "assets"
FIGURE_MIME = "application/vnd.jointaction.figure+json"
WIDGET_MIME = "application/vnd.jupyter.widget-view+json"

# Set while a book is built or a notebook is saved: widgets would leave random ids behind.
STATIC_VARIABLE = "JOINTACTION_STATIC"


class Figure(anywidget.AnyWidget):
    """A figure in a notebook. Each control is a trait that can be set, observed and linked; each read-out can be read.

    ``figure.matching_ratio = 0.5`` moves the control, ``figure.pool`` is the answer, and
    ``ipywidgets.link((slider, "value"), (figure, "matching_ratio"))`` lets another widget drive it. A bad value
    raises :class:`jointaction.errors.InputError` and moves nothing. :meth:`change` puts functions of a reader's
    own in place of the model's, :meth:`original` goes back.
    """

    _esm = traitlets.Unicode((ASSETS / "live.js").read_text(encoding="utf-8")).tag(sync=True)
    _library = traitlets.Unicode().tag(sync=True)  # names the version of the engine, so that a page keeps one of each

    def __init__(self, explorer: Explorer):
        self.explorer = explorer
        self._shown = False
        self._answered: dict[str, Any] | None = None
        self._sent: dict[str, dict[str, np.ndarray]] = {}
        self._answer: dict[str, Any] = {}
        super().__init__(**explorer.values(), _library=_library()[0])
        self.observe(lambda _: self._refresh(), [control.name for control in explorer.controls])
        self.on_msg(self._asked)
        self._refresh()

    # The comm opens when the figure is first displayed, so that a figure made for a number costs the browser nothing.
    def open(self) -> None:
        if self._shown:
            super().open()

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take several moved controls of a browser's message as one move."""
        self._held = True
        try:
            super().set_state(sync_data)
        finally:
            self._held = False
        self._refresh()

    _held = False

    # Values --------------------------------------------------------------------------------------------

    @property
    def settings(self) -> dict[str, Any]:
        """The controls as they stand."""
        return {control.name: getattr(self, control.name) for control in self.explorer.controls}

    def evaluate(self, **changes: Any) -> NumberSheet:
        """Everything the figure shows, with ``changes`` to the controls as they stand."""
        return self.explorer.evaluate(**{**self.settings, **changes})

    def results(self, **changes: Any) -> dict[str, Any]:
        """The read-outs, with ``changes`` to the controls as they stand."""
        return self.explorer.results(**{**self.settings, **changes})

    def __getattr__(self, name: str) -> Any:
        # What the explorer states, such as its presets; traits and the widget's own attributes are found before.
        if name.startswith("_") or "explorer" not in self.__dict__:
            raise AttributeError(name)
        return getattr(self.explorer, name)

    # Another model -------------------------------------------------------------------------------------

    def change(self, tables: Mapping[str, pd.DataFrame] | None = None, **model: Callable) -> None:
        """Put functions of your own in place of the model's, and frames in place of tables; shown at once.

        Raises :class:`InputError` for a name that the model does not have. What a function raises when it is
        called appears in the figure.
        """
        explorer = self.explorer
        self._replace(
            type(explorer)(explorer.start, {**explorer.model, **model}, {**explorer.tables, **(tables or {})})
        )

    def original(self) -> None:
        """Go back to the book's own model and tables."""
        self._replace(type(self.explorer)(self.explorer.start))

    def _replace(self, explorer: Explorer) -> None:
        self.explorer = explorer
        self._answered = None
        self._refresh()

    # Answers -------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Work out what the controls ask for, unless that is what the figure shows already."""
        settings = self.settings
        if self._held or settings == self._answered:
            return
        self._answered = settings
        answer, columns = self._work_out(settings)
        for readout in self.explorer.readouts:
            self.set_trait(readout.name, answer["readouts"].get(readout.name))
        self._answer = answer
        if self._shown and self.comm is not None:
            self._send_answer(answer, columns)

    def _work_out(self, settings: Mapping[str, Any]) -> tuple[dict, dict]:
        """The read-outs and notes of an answer, and the tables as columns; an error is part of the answer."""
        note, columns, steps = self.explorer.changed, {}, {}
        try:
            sheet = self.explorer.evaluate(**settings)
            steps, columns = sheet.steps, sheet.columns
            error = ""
        except InputError as wrong:
            error = str(wrong)
        readouts = {r.name: steps.get(r.name) for r in self.explorer.readouts}
        return {"readouts": readouts, "note": note, "error": error}, columns

    def _send_answer(self, answer: dict, columns: dict, whole: bool = False, **more: Any) -> None:
        """Send an answer with the columns that differ from those sent last, or with all of them."""
        tables, buffers = {}, []
        for name, table in columns.items():
            before = {} if whole else self._sent.get(name, {})
            same_rows = _rows(before) == _rows(table) and set(before) == set(table)
            fresh = {c: v for c, v in table.items() if not (same_rows and np.array_equal(before[c], v, _numeric(v)))}
            if fresh or whole:
                tables[name] = {"rows": _rows(table), "columns": [_packed(c, v, buffers) for c, v in fresh.items()]}
        self._sent = columns
        readouts = {name: _plain(value) for name, value in answer["readouts"].items()}
        self.send({"what": "answer", **answer, "readouts": readouts, "tables": tables, **more}, buffers)

    def _asked(self, _: Any, content: dict, __: Any) -> None:
        """Answer a browser that asks for the library, the figure or the figure with the pointer on a mark."""
        if content["need"] == "library":
            self.send({"what": "library", "id": content["id"]}, list(_library()[1]))
        elif content["need"] == "figure":
            answer, columns = self._work_out(self.settings)
            html, data = _face(self.explorer)
            self._send_answer(answer, columns, whole=True, id=content["id"], html=html, page=data)
        elif content["need"] == "hover":
            settings = {**self.settings, self.explorer.hover[0]: content["value"]}
            self._send_answer(*self._work_out(settings if content["value"] is not None else self.settings))

    # Display -------------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return repr(self._now())

    def _now(self) -> Explorer:
        """The explorer with the controls as they stand as its start values."""
        return type(self.explorer)(self.settings, self.explorer.model, self.explorer.tables)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """The live figure, what the page is made from, and a picture and text for whoever can show neither."""
        now = self._now()
        now.check_parts()
        bundle: dict[str, Any] = {"text/plain": repr(now)}
        with contextlib.suppress(InputError):  # the text says what went wrong
            if drawing.vl_convert():  # a live session may do without, and without the picture
                bundle["image/svg+xml"] = page.picture(now)
        start = {c.name: now.start[c.name] for c in now.controls if now.start[c.name] != c.default}
        with contextlib.suppress(InputError):
            bundle[FIGURE_MIME] = {"name": now.name, "start": start, **(now.record() if now.changed else {})}
        if not os.environ.get(STATIC_VARIABLE):
            if not self._shown:
                self._shown = True
                self.open()
            bundle[WIDGET_MIME] = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return bundle


class Setting(traitlets.TraitType):
    """A trait that takes what its control takes."""

    def __init__(self, control: Any):
        super().__init__(control.default)
        self.control = control

    def validate(self, _: Any, value: Any) -> Any:
        return self.control.check(value)


@functools.cache
def _kind(explorer: type[Explorer]) -> type[Figure]:
    traits: dict[str, traitlets.TraitType] = {c.name: Setting(c).tag(sync=True) for c in explorer.controls}
    traits |= {r.name: traitlets.Any(read_only=True) for r in explorer.readouts}
    for name in traits:
        if hasattr(Figure, name) or hasattr(Explorer, name):
            raise TypeError(f"The explorer {explorer.name} needs another name for {name!r}, which every widget has.")
    return type(f"{explorer.__name__}Figure", (Figure,), traits)


def figure(explorer: Explorer) -> Figure:
    """The live figure of an explorer."""
    return _kind(type(explorer))(explorer)


# What travels -----------------------------------------------------------------------------------------------


@functools.cache
def _library() -> tuple[str, tuple[bytes, ...]]:
    """The engine's version, and the files that a page needs once: charts, engine, style."""
    style = style_sheet() + (ASSETS / "figure.css").read_text(encoding="utf-8")
    engine = (ASSETS / "figure.js").read_text(encoding="utf-8") + page.tools_script()
    files = (page.charts_script().encode(), engine.encode(), style.encode())
    return hashlib.sha256(b"".join(files)).hexdigest()[:16], files


def _face(explorer: Explorer) -> tuple[str, dict]:
    """The figure's HTML without still drawings, and what the engine needs to know of it."""
    payload = explorer.description({}, None)
    payload["panels"] = [{**panel, "vega": drawing.compiled(panel["spec"])} for panel in explorer.drawings()]
    return page.body(payload, stills=False), page.data(payload)


def _numeric(values: np.ndarray) -> bool:
    return values.dtype.kind == "f"


def _rows(table: Mapping[str, np.ndarray]) -> int:
    return len(next(iter(table.values()), ()))


def _plain(value: Any) -> Any:
    """A read-out as JSON can carry it; infinities and not-a-number by their names."""
    if isinstance(value, float) and not np.isfinite(value):
        return {"number": "NaN" if np.isnan(value) else "Infinity" if value > 0 else "-Infinity"}
    return value


def _packed(name: str, values: np.ndarray, buffers: list) -> dict:
    """A column for a message: numbers in a buffer of their own, so that none is rounded or lost."""
    if values.dtype.kind in "fiu":
        buffers.append(np.ascontiguousarray(values, dtype="<f8").tobytes())
        return {"name": name, "buffer": len(buffers) - 1}
    return {"name": name, "values": [json_value(value) for value in values.tolist()]}
