"""The explorers of the book, by name.

One figure is one file: the figure ``center-funding`` is the class ``CenterFunding`` in ``center_funding.py``.
The file is all it takes; nothing lists it.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pandas as pd

from jointaction.errors import InputError, nearest
from jointaction.faces.controls import Range, Switch
from jointaction.faces.explorer import Explorer
from jointaction.faces.live import Figure, figure


class Registry(Mapping[str, type[Explorer]]):
    """Figure name → class, for every file of this folder; a file is imported when its figure is asked for."""

    def __init__(self) -> None:
        self._names = sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, name: str) -> type[Explorer]:
        if name not in self._names:
            raise KeyError(name)
        module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
        kind = getattr(module, name.title().replace("-", ""), None)
        if kind is None or kind.name != name:
            raise TypeError(
                f"The file {module.__name__.rpartition('.')[2]}.py must hold the class "
                f"{name.title().replace('-', '')} with name = {name!r}."
            )
        return kind


EXPLORERS = Registry()


def explorer(
    name: str,
    *,
    model: Mapping[str, Callable] | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
    **start: Any,
) -> Figure:
    """The explorer called ``name``, with start values for some of its controls.

    ``explorer("matching-ratio", matching_ratio=0.5)`` at the end of a cell shows the figure. ``model`` puts
    functions of your own in place of the model's, ``tables`` frames in place of the book's tables:
    ``explorer("matching-ratio", model={"fit": my_fit})``. Raises :class:`jointaction.errors.InputError` for an
    unknown explorer, control, function or table and for a value out of range.
    """
    if name not in EXPLORERS:
        raise InputError(f"There is no explorer {name!r}; the nearest is {nearest(name, EXPLORERS)!r}.")
    return figure(EXPLORERS[name](dict(start), dict(model or {}), dict(tables or {})))


def scenario(link: str) -> Figure:
    """The figure that a link from the book's pages shows, with the settings in the link.

    ``scenario("https://…/key-rd-program.html?matching-ratio=8be,matching_ratio:0.5")`` at the end of a cell shows it.
    What the link does not name stands at its start value. Raises :class:`jointaction.errors.InputError` for a link
    that names no figure, and for a control or a value that the figure does not take.
    """
    parts = urlsplit(link.strip())
    named = dict(parse_qsl(parts.query, keep_blank_values=True))
    known = [key.partition(".")[0] for key in named if key.partition(".")[0] in EXPLORERS]
    name = parts.fragment.removeprefix("explorer-")
    if name not in EXPLORERS:
        if not known:
            raise InputError(
                f"The link {link!r} names no figure; one from Copy link has a part such as matching-ratio=8be,matching_ratio:0.5."
            )
        name = known[0]
    kinds = {control.name: control for control in EXPLORERS[name].controls}
    start = {}
    # After the version of the start values come the settings, and after "pin" those of a pinned scenario.
    items = re.split(r",(?=\w+:|pin(?:,|$))", named.get(name, ""))[1:]
    for item in items[: items.index("pin") if "pin" in items else None]:
        control, _, text = item.partition(":")
        start[control] = _read(kinds.get(control), text)
    for key, text in named.items():
        figure_name, dot, control = key.partition(".")
        if dot and figure_name == name:
            start[control] = _read(kinds.get(control), text)
    return explorer(name, **start)


def _read(control: Any, text: str) -> Any:
    """A setting as its control takes it; what cannot be read is left to the control to refuse."""
    if isinstance(control, Range):
        try:
            return float(text)
        except ValueError:
            return text
    if isinstance(control, Switch):
        return {"true": True, "false": False}.get(text, text)
    return text
