"""The data codebook: every table and every fact that the prose states, written from data/ at build time."""

from __future__ import annotations

import csv
import html
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import nbformat
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from jointaction.site import contents
from jointaction.site.entries import short_links
from jointaction.site.origins import Origin, origins
from jointaction.sources import facts, tables
from jointaction.sources.status import STATUSES

logger = logging.getLogger(__name__)

PARTS = ("statuses", "facts", "tables", "rows")
# Sources of many facts: their name heads a group, and an entry says only where in them it stands.
BRIEFS = ("Xiao and Xu (2024)", "Groenewegen-Lau (2024)")
OTHER = "Other sources"
OWN_REASON = "Each for a reason of its own"


class Codebook(SphinxDirective):
    """``codebook`` with the option ``part``: the meaning of the ``statuses``, the ``facts``, the ``tables``, the ``rows``."""

    option_spec = {"part": lambda text: directives.choice(text, PARTS)}

    def run(self) -> list[nodes.Node]:
        for path in sorted(tables.FOLDER.iterdir()):
            self.env.note_dependency(str(path))
        return getattr(self, f"_{self.options['part']}")()

    def _section(self, key: str, title: str) -> nodes.section:
        section = nodes.section(ids=[key], names=[key])
        section += nodes.title(text=title)
        self._label(key, title)
        return section

    def _label(self, key: str, title: str) -> None:
        """Make ``key`` a target that any page can link to."""
        domain = self.env.get_domain("std")
        domain.anonlabels[key] = (self.env.docname, key)
        domain.labels[key] = (self.env.docname, key, title)

    # ---- statuses

    def _statuses(self) -> list[nodes.Node]:
        items = (f"<li>{mark(status)}: {_text(meaning)}.</li>\n" for status, meaning in STATUSES.items())
        return [_raw(f'<ul class="ja-statuses">\n{"".join(items)}</ul>')]

    # ---- facts

    def _facts(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir)
        for path in contents.notebooks(root):
            self.env.note_dependency(str(path))
        chapters = contents.chapters(root)
        found: dict[str, dict[str, Origin]] = {key: {} for key in (*chapters, "draft", "none")}
        for name, origin in origins().items():
            self._label(f"fact-{name}", origin.statement)
            found[origin.chapter if origin.chapter in found else "draft"][name] = origin
        titles = {**chapters, "draft": "Chapters in preparation", "none": "Not stated in a chapter"}
        return [_raw(FIND), *(self._chapter(key, titles[key], rows) for key, rows in found.items() if rows)]

    def _chapter(self, key: str, title: str, rows: dict[str, Origin]) -> nodes.section:
        section = self._section(f"facts-{key}", title)
        stated = {name: origin for name, origin in rows.items() if not origin.reason}
        if stated:
            section += self._fold(f"{len(stated)} stated in the text", self._groups(stated))
        kept = {name: origin for name, origin in rows.items() if origin.reason}
        if kept:
            inside = []
            for reason, same in _by_reason(kept):
                inside.append(nodes.container(classes=["ja-reason"]))
                inside[-1] += [nodes.paragraph(text=_sentence(reason)), *self._groups(same, own=reason == OWN_REASON)]
            section += self._fold(f"{len(kept)} not stated in the text", inside)
        return section

    def _fold(self, summary: str, inside: list[nodes.Node]) -> list[nodes.Node]:
        return [_raw(f'<details class="ja-fold">\n<summary>{_text(summary)}</summary>'), *inside, _raw("</details>")]

    def _groups(self, rows: dict[str, Origin], own: bool = False) -> list[nodes.Node]:
        """Entries under what their sources have in common; with ``own`` each says its reason too."""
        groups: dict[str, list[str]] = {name: [] for name in (*tables.tables(), *BRIEFS, OTHER)}
        for name, origin in rows.items():
            head, place = _grouped(origin)
            groups[head].append(_entry(name, origin, place, origin.reason if own else ""))
        listed = ((head, "".join(entries)) for head, entries in groups.items() if entries)
        return [
            node for head, text in listed for node in (self._head(head), _raw(f'<dl class="ja-facts">\n{text}</dl>'))
        ]

    def _head(self, name: str) -> nodes.Node:
        """What a group of entries has in common; the name of a table leads to the table."""
        if name not in tables.tables():
            return nodes.paragraph(text=name, classes=["ja-group"])
        paragraph = nodes.paragraph(text="From the table ", classes=["ja-group"])
        paragraph += addnodes.pending_xref(
            "",
            nodes.inline(text=tables.describe(name)["title"]),
            refdomain="std",
            reftype="ref",
            refexplicit=True,
            reftarget=_key(name),
            refdoc=self.env.docname,
            refwarn=True,
        )
        return paragraph

    # ---- tables

    def _tables(self) -> list[nodes.Node]:
        return [self._table(name) for name in tables.tables() if name != "facts"]

    def _table(self, name: str) -> nodes.section:
        about = tables.describe(name)
        section = self._section(_key(name), about["title"])
        section += nodes.paragraph(text=about["description"])
        columns = _columns(
            f"Columns of {name}",
            [
                [field["name"], field["type"], field.get("unit", ""), field["description"]]
                for field in about["schema"]["fields"]
            ],
        )
        sources = "".join(f"<li>{_document(source)}</li>\n" for source in about["sources"])
        license = "; ".join(license["title"] for license in about["licenses"])
        section += _raw(
            f'<details class="ja-fold">\n<summary>{len(tables.load(name))} rows: columns, sources, license</summary>\n'
            f'<p>File <code>{_text(about["path"])}</code>; in Python <code>load("{name}")</code>.</p>\n{columns}\n'
            f"<p>Sources:</p>\n<ul>\n{sources}</ul>\n<p>License: {_text(license)}</p>\n</details>"
        )
        return section

    # ---- rows

    def _rows(self) -> list[nodes.Node]:
        """The rows that the prose and the figures name by an id, each a place that a link can lead to."""
        sections = []
        for name, rows in coded().items():
            about = tables.describe(name)
            section = self._section(f"rows-{name.replace('_', '-')}", about["title"])
            for code, *_ in map(dict.values, rows):
                self._label(f"row-{code}", code)
            entries = "".join(map(_row_entry, rows))
            section += _raw(f'<dl class="ja-facts">\n{entries}</dl>')
            sections.append(section)
        return sections


# What a row is about, in the columns of the coded tables; the first that a table has names the row.
NAMING = ("event", "case", "claim", "said", "study", "label", "name_en", "part", "scope", "measure")
SERIES = ("facts", "rd_spending")  # facts have a page of their own, and nobody cites a year of a series by its id
CODE = re.compile(r"[A-Z]{1,2}\d{2,3}[a-z]?")


def coded() -> dict[str, list[dict[str, str]]]:
    """The tables whose rows have ids such as WN04 and a source, with their rows as written."""
    found = {}
    for name in tables.tables():
        with (tables.FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        key, *others = rows[0]
        ids = key.endswith("_id") and name not in SERIES and all(CODE.fullmatch(row[key]) for row in rows)
        if ids and {"source", "status"} <= set(others):
            found[name] = rows
    return found


def _row_entry(row: dict[str, str]) -> str:
    code, *_ = row.values()
    title = next(row[column] for column in NAMING if row.get(column))
    value = f"{row['value']} {row.get('unit', '')}".strip() if row.get("value") else ""
    told = [row.get("what_happened"), value, row.get("year") or row.get("date")]
    said = " ".join(_sentence(_text(part)) for part in told if part and part != title)
    quote = f" <q>{_text(row['quote'])}</q>" if row.get("quote") else ""
    source = _text(row["source"])
    if row.get("address", "").startswith("http"):
        source = f'<a class="reference external" href="{_text(row["address"])}">{source}</a>'
    return f'<dt id="row-{code}">{code}: {_text(title)}</dt>\n<dd>{said}{quote} {mark(row["status"])} {source}</dd>\n'


def link_codes(app: Sphinx, doctree: nodes.document) -> None:
    """Lead from the id of a row in the prose of a chapter or a page for teachers to the row."""
    if not app.env.doc2path(app.env.docname).endswith(".ipynb") and "/teaching/" not in app.env.docname:
        return
    known = {next(iter(row.values())) for rows in coded().values() for row in rows}
    for text in list(doctree.findall(nodes.Text)):
        above = text.parent
        if not isinstance(above, (nodes.paragraph, nodes.strong, nodes.emphasis, nodes.entry)) or isinstance(
            above.parent, (nodes.reference, nodes.title)
        ):
            continue
        pieces, end = [], 0
        for found in CODE.finditer(text):
            if found[0] in known:
                link = addnodes.pending_xref(
                    "",
                    nodes.inline(text=found[0]),
                    refdomain="std",
                    reftype="ref",
                    refexplicit=True,
                    reftarget=f"row-{found[0]}",
                    refdoc=app.env.docname,
                    refwarn=True,
                )
                pieces += [nodes.Text(text[end : found.start()]), link]
                end = found.end()
        if pieces:
            above.replace(text, [*pieces, nodes.Text(text[end:])])


def mark(status: str) -> str:
    """A status as a mark beside its word."""
    return f'<span class="ja-mark ja-mark-{status}">{status}</span>'


# The script of the page fills in the rest; without scripts there is no field.
FIND = """<div class="ja-find pst-js-only" role="search" aria-label="Numbers and dates">
<label for="ja-find">Find a number or a word on this page</label>
<input id="ja-find" type="search" autocomplete="off">
<output for="ja-find"></output>
</div>"""


def _grouped(origin: Origin) -> tuple[str, str]:
    """The group that an entry stands in, and what is left to say of its source there."""
    if origin.source.table:
        return origin.source.table, origin.source.text or origin.source.row
    for brief in BRIEFS:
        if origin.source.text.startswith(f"{brief}, "):
            return brief, origin.source.text.removeprefix(f"{brief}, ")
    return OTHER, origin.source.text


def _by_reason(rows: dict[str, Origin]) -> list[tuple[str, dict[str, Origin]]]:
    """Reasons that several facts share, the commonest first, then all others together."""
    counts = Counter(origin.reason for origin in rows.values())
    groups: dict[str, dict[str, Origin]] = {reason: {} for reason, count in counts.most_common() if count > 1}
    for name, origin in rows.items():
        groups.setdefault(origin.reason if counts[origin.reason] > 1 else OWN_REASON, {})[name] = origin
    return list(groups.items())


def _entry(name: str, origin: Origin, place: str, reason: str) -> str:
    document = _text(place)
    if origin.source.address.startswith("http"):
        document = f'<a class="reference external" href="{_text(origin.source.address)}">{document}</a>'
    more = [document, f"Formula: {_text(origin.formula)}" if origin.formula else "", _text(origin.check), _text(reason)]
    said = " ".join(_sentence(part) for part in more if part)
    return (
        f'<dt id="fact-{name}">{_text(origin.statement)}</dt>\n'
        f"<dd><b>{_text(origin.value)}</b> {mark(origin.status)} {said}</dd>\n"
    )


def _key(table: str) -> str:
    return f"table-{table.replace('_', '-')}"


def _text(words: str) -> str:
    return html.escape(words)


def _raw(text: str) -> nodes.raw:
    return nodes.raw("", f"{text}\n", format="html")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", ".</a>")) else f"{text}."


def _document(source: dict) -> str:
    words = _text(", ".join(source[key] for key in ("title", "publisher", "date", "endnote") if source.get(key)))
    if source.get("path", "").startswith("http"):
        return f'<a class="reference external" href="{_text(source["path"])}">{words}</a>'
    return words


def _columns(caption: str, rows: Iterable[list[str]]) -> str:
    head = "".join(f'<th scope="col">{text}</th>\n' for text in ("Column", "Type", "Unit", "Meaning"))
    body = "".join(
        f'<tr><th scope="row">{_text(row[0])}</th>\n'
        + "".join(f"<td>{_text(cell)}</td>\n" for cell in row[1:])
        + "</tr>\n"
        for row in rows
    )
    return (
        f'<div class="ja-table" role="region" tabindex="0" aria-label="{_text(caption)}"><table>\n'
        f"<caption>{_text(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>"
    )


def check_facts(app: Sphinx, docname: str, source: list[str]) -> None:
    """Warn, and so fail the build, where prose states a fact otherwise than the table; lead to the codebook."""
    text = source[0] = short_links(source[0])
    if app.env.doc2path(docname).endswith(".ipynb"):
        text = contents.markdown(nbformat.reads(text, as_version=4))
    for problem in facts.check_text(text):
        logger.warning(problem, location=docname)
