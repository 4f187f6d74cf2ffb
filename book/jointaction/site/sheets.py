"""Sheets for those who teach: rows of the book's tables to hand out, and each model with its settings and assumptions."""

from __future__ import annotations

import pandas as pd
from docutils import nodes
from docutils.parsers.rst import directives

from jointaction.errors import InputError, nearest
from jointaction.site.scenarios import Refusing, chapter, read
from jointaction.sources import tables
from jointaction.sources.display import table


class Sheet(Refusing):
    """``{sheet} debate_evidence``: rows of a table, with the options ``columns``, ``where`` and ``caption``.

    ``where`` is as in ``side=for`` or ``evidence_id=DE06a DE06f``.
    """

    required_arguments = 1
    option_spec = {
        "columns": directives.unchanged_required,
        "where": directives.unchanged,
        "caption": directives.unchanged_required,
    }

    def shown(self) -> list[nodes.Node]:
        name, columns = self.arguments[0], self.options["columns"].split()
        rows = tables.load(name)
        column, _, wanted = self.options.get("where", "").partition("=")
        for asked in (*columns, *filter(None, [column])):
            if asked not in rows:
                raise InputError(f"The table {name} has no column {asked!r}; the nearest is {nearest(asked, rows)!r}.")
        if column:
            missing = set(wanted.split()) - set(rows[column])
            if missing:
                raise InputError(f"No row of the table {name} has the {column} {sorted(missing)[0]!r}.")
            rows = rows[rows[column].isin(wanted.split())]
        return [_raw(table(rows[columns].fillna(""), self.options["caption"])._repr_html_())]


class Model(Refusing):
    """``{model} matching-ratio``: where a model is used, its settings with ranges and defaults, and its assumptions."""

    required_arguments = 1

    def shown(self) -> list[nodes.Node]:
        scenario = read(self.arguments[0])
        explorer = scenario.explorer
        page = chapter(explorer.name)
        address = self.env.app.builder.get_relative_uri(self.env.docname, page)
        link = nodes.reference("", explorer.title, refuri=f"{address}#explorer-{explorer.name}", internal=True)
        used = nodes.paragraph("", "Used in the figure ", link, nodes.Text("."))
        found: list[nodes.Node] = [used]
        ranges = [c.describe() | {"default": c.default} for c in explorer.controls if c.describe()["kind"] == "range"]
        if ranges:
            rows = pd.DataFrame(
                {
                    "setting": [f"{c['label']} {c['symbol']}".strip() for c in ranges],
                    "unit": [c["unit"] for c in ranges],
                    "from": [f"{c['low']:g}" for c in ranges],
                    "to": [f"{c['high']:g}" for c in ranges],
                    "start": [f"{c['default']:.4g}" for c in ranges],
                }
            )
            found.append(_raw(table(rows, f"Settings of “{explorer.title}”")._repr_html_()))
        items = nodes.bullet_list()
        for assumption in explorer.assumptions:
            items += nodes.list_item("", nodes.paragraph(text=assumption))
        return [*found, items]


def _raw(text: str) -> nodes.raw:
    return nodes.raw("", f"{text}\n", format="html")


def setup(app) -> None:
    app.add_directive("sheet", Sheet)
    app.add_directive("model", Model)
