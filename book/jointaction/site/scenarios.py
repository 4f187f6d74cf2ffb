"""Scenarios in prose: links that open a figure as set, and the numbers that it then shows, worked out at each build.

A scenario is written like a call, ``matching-ratio(technology, matching_ratio=0.5)``: a figure's name, then presets
by their ids and controls by their names. What it does not name stands at the book's start values.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import importlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from jointaction.errors import InputError, nearest
from jointaction.faces.controls import Readout
from jointaction.faces.explorer import Explorer
from jointaction.faces.page import version
from jointaction.site import contents
from jointaction.site.entries import short_links
from jointaction.sources import tables

logger = logging.getLogger(__name__)

_SCENARIO = re.compile(r"(?P<name>[\w-]+)(?P<settings>\(.*\))?")
_ASKED = re.compile(r"(?P<scenario>[\w-]+(?:\(.*\))?)?\.(?P<what>\w+)(?:\[(?P<row>.+)\])?")
EXAMPLE = "matching-ratio(technology, matching_ratio=0.5)"
LIBRARY = Path(__file__).parents[1]


@dataclasses.dataclass(frozen=True)
class Scenario:
    """A figure at one setting of its controls; ``settings`` are all of them."""

    explorer: Explorer
    settings: dict[str, Any]

    @functools.cached_property
    def _sheet(self) -> Any:
        return self.explorer.evaluate(**self.settings)

    @property
    def query(self) -> str:
        """The settings as a page's address carries them, those at the start values left out."""
        controls = [control.describe() | {"default": control.default} for control in self.explorer.controls]
        named = {self.explorer.name: version(controls)}
        for control in self.explorer.controls:
            value = self.settings[control.name]
            if value != control.default:
                named[f"{self.explorer.name}.{control.name}"] = _in_address(value)
        return urlencode(named)

    def text(self, what: str, row: str = "") -> str:
        """A read-out as the figure prints it, or a cell of its data table: ``text("leaving_ratio", "Henan")``.

        With ``row`` as ``column=value`` the cells of all rows that have this value, joined by commas. Raises
        :class:`jointaction.errors.InputError` for what the figure does not show.
        """
        if not row:
            known = {readout.name: readout for readout in self.explorer.readouts}
            return known[self._found("read-out", what, known)].text(self._sheet.steps[what])
        frame = self.rows()
        by, _, value = row.rpartition("=") if "=" in row else (frame.columns[0], "", row)
        column, key = frame[self._found("column", what, frame)], frame[self._found("column", by, frame)]
        return ", ".join(column[key == self._found(f"row with the {by}", value, key.tolist())])

    def rows(self, sort: str = "") -> pd.DataFrame:
        """The figure's data table as it prints it, in rising order of column ``sort`` if one is named."""
        name, columns = self.explorer.table
        frame = self._sheet.tables[name]
        if sort:
            frame = frame.sort_values(self._found("column", sort, frame), kind="stable")
        printed = {c.field: Readout(c.field, c.label, "", c.digits) for c in columns}
        return pd.DataFrame({key: [cell.text(value) for value in frame[key].tolist()] for key, cell in printed.items()})

    def _found(self, what: str, name: str, known: Iterable[str]) -> str:
        return _found(self.explorer, what, name, known)


def _found(explorer: Explorer, what: str, name: str, known: Iterable[str]) -> str:
    """The name, if it is known; otherwise refuse it with the nearest."""
    known = list(known)
    if name not in known:
        raise InputError(f"The figure {explorer.name} has no {what} {name!r}; the nearest is {nearest(name, known)!r}.")
    return name


def _in_address(value: Any) -> str:
    """A setting as a browser writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


@functools.lru_cache(maxsize=512)
def read(text: str) -> Scenario:
    """The scenario that a text names, ``read("matching-ratio(2021)")``.

    Raises :class:`jointaction.errors.InputError` for an unknown figure, preset or control and for a value out of
    range; the message names the nearest.
    """
    match = _SCENARIO.fullmatch(text.strip())
    try:
        call = ast.parse(f"f{match['settings'] or '()'}", mode="eval").body
        presets = [ast.unparse(node).replace(" ", "") for node in call.args]  # half-open reads as a difference
        changes = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    except (SyntaxError, TypeError, ValueError, AttributeError):
        raise InputError(f"{text!r} is no scenario; write one such as {EXAMPLE}.") from None
    explorer = importlib.import_module("jointaction").explorer(match["name"]).explorer
    known = {preset.id: preset.values for preset in explorer.presets}
    settings: dict[str, Any] = {}
    for preset in presets:
        settings |= known[_found(explorer, "preset", preset, known)]
    return Scenario(explorer, explorer.values(**{**settings, **changes}))


def asked(text: str, last: Scenario | None = None) -> str:
    """What a figure prints, ``asked("matching-ratio(2021).pool")``; ``.pool`` alone is of the scenario ``last``."""
    match = _ASKED.fullmatch(text.strip())
    if not match:
        raise InputError(f"{text!r} asks for no number; write it as {EXAMPLE}.pool.")
    scenario = read(match["scenario"]) if match["scenario"] else last
    if scenario is None:
        raise InputError(f"{text!r} names no figure, and no scenario is linked before it.")
    return scenario.text(match["what"], match["row"] or "")


@functools.cache
def chapter(name: str, root: Path = contents.ROOT) -> str:
    """The page that shows a figure first, as a path from the root without suffix."""
    shows = f'explorer(\\"{name}\\"'
    for page in contents.listed(root):
        path = root / f"{page}.ipynb"
        if path.is_file() and shows in path.read_text(encoding="utf-8"):
            return page
    raise InputError(f"No chapter shows the figure {name}.")


def follow(env: BuildEnvironment) -> None:
    """Write this page again when the library or the data change."""
    if "followed" in env.temp_data:
        return
    env.temp_data["followed"] = True
    for path in (*LIBRARY.rglob("*.py"), *tables.FOLDER.iterdir()):
        env.note_dependency(str(path))


class _Role(SphinxRole):
    """A role whose text may be refused; the build then warns, and so fails."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        follow(self.env)
        try:
            return [self.node()], []
        except InputError as error:
            logger.warning(str(error), location=self.get_location())
            return [nodes.problematic(self.rawtext, self.text)], []

    def node(self) -> nodes.Node:
        raise NotImplementedError


class Link(_Role):
    """``{scenario}`One for two <matching-ratio(2021)>```: a link to the figure in its chapter, as set."""

    def node(self) -> nodes.Node:
        said, _, text = self.text.rpartition("<")
        scenario = read(text.removesuffix(">"))
        self.env.temp_data["scenario"] = scenario
        page = self.env.app.builder.get_relative_uri(self.env.docname, chapter(scenario.explorer.name))
        address = f"{page}?{scenario.query}#explorer-{scenario.explorer.name}"
        return nodes.reference("", said.strip(), refuri=address, internal=True, classes=["ja-scenario"])


class Value(_Role):
    """``{value}`matching-ratio(2021).pool```: what the figure prints; ``.pool`` alone is of the last scenario linked.

    ``.leaving_ratio[Henan]`` is a cell of its data table, ``.province[outcome=unable]`` all that have this value.
    """

    def node(self) -> nodes.Node:
        return nodes.inline("", asked(self.text, self.env.temp_data.get("scenario")), classes=["ja-value"])


class Refusing(SphinxDirective):
    """A directive that may be refused; the build then warns, and so fails."""

    def run(self) -> list[nodes.Node]:
        follow(self.env)
        try:
            return self.shown()
        except InputError as error:
            logger.warning(str(error), location=self.get_location())
            return []

    def shown(self) -> list[nodes.Node]:
        raise NotImplementedError


class Ranking(Refusing):
    """``{ranking} matching-ratio`` with the option ``by``, a column: the rows of its data table in rising order."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {"by": directives.unchanged_required}

    def shown(self) -> list[nodes.Node]:
        frame, by = read(self.arguments[0]).rows(self.options["by"]), self.options["by"]
        first = next(iter(frame))
        items = nodes.bullet_list(classes=["ja-ranking"])
        for name, number in zip(frame[first], frame[by]):
            items += nodes.list_item("", nodes.paragraph(text=f"{name} {number}"))
        return [items]


class Plan(Refusing):
    """``{plan} 50 80``: a class in so many minutes, or in several lengths beside each other.

    Each line is one step: its minutes in each length, 0 where it is left out, then ``|`` and what happens. The
    minutes of a length must add up to it.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def shown(self) -> list[nodes.Node]:
        lengths = [int(length) for length in self.arguments[0].split()]
        found = self.parse_text_to_nodes(plan(lengths, list(self.content)))
        found[0]["classes"].append("ja-plan")
        return found


def plan(lengths: list[int], lines: list[str]) -> str:
    """The plan as a Markdown table with the times of each step; see :class:`Plan`.

    Raises :class:`jointaction.errors.InputError` where minutes are missing or do not add up to their length.
    """
    clocks, rows = [0] * len(lengths), []
    for line in filter(None, map(str.strip, lines)):
        minutes, _, what = line.partition("|")
        steps = [int(part) for part in minutes.split()] if re.fullmatch(r"[\d ]+", minutes) else []
        if len(steps) != len(lengths):
            raise InputError(f"Begin each step of the plan with {len(lengths)} numbers of minutes, not {line!r}.")
        times = [f"{clock}–{clock + step}" if step else "–" for clock, step in zip(clocks, steps)]
        clocks = [clock + step for clock, step in zip(clocks, steps)]
        rows.append(f"| {' | '.join(times)} | {what.strip()} |")
    for length, clock in zip(lengths, clocks):
        if length != clock:
            raise InputError(f"The steps of the plan for {length} minutes add up to {clock}.")
    head = [*(f"{length} min" for length in lengths), "What happens"]
    return "\n".join([f"| {' | '.join(head)} |", "|---" * len(head) + "|", *rows])


class Objectives(Refusing):
    """``{objectives} mechanisms/key-rd-program``: what a chapter says that its readers will be able to do."""

    required_arguments = 1

    def shown(self) -> list[nodes.Node]:
        path = contents.BOOK / f"{self.arguments[0]}.ipynb"
        if not path.is_file():
            known = [p.relative_to(contents.BOOK).with_suffix("").as_posix() for p in contents.notebooks()]
            raise InputError(
                f"There is no chapter {self.arguments[0]!r}; the nearest is {nearest(path.stem, known)!r}."
            )
        self.env.note_dependency(str(path))
        return self.parse_text_to_nodes(short_links(contents.objectives(path)))


def setup(app: Any) -> None:
    app.add_role("scenario", Link())
    app.add_role("value", Value())
    app.add_directive("ranking", Ranking)
    app.add_directive("plan", Plan)
    app.add_directive("objectives", Objectives)
