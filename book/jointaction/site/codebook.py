"""The data codebook: every table and every fact that the prose states, written from data/ at build time."""

from __future__ import annotations

import html
from pathlib import Path

import nbformat
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from jointaction.site import contents
from jointaction.site.entries import short_links
from jointaction.sources import facts, tables

logger = logging.getLogger(__name__)

class Codebook(SphinxDirective):
    """``codebook`` with the option ``part``: ``tables`` (one section a table) or ``facts`` (one a chapter)."""

    option_spec = {"part": lambda text: directives.choice(text, ("tables", "facts"))}

    def run(self) -> list[nodes.Node]:
        for path in sorted(tables.FOLDER.iterdir()):
            self.env.note_dependency(str(path))
        return self._facts() if self.options["part"] == "facts" else self._tables()

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

    def _tables(self) -> list[nodes.Node]:
        sections = []
        for name in tables.tables():
            if name == "facts":
                continue
            about = tables.describe(name)
            section = self._section(f"table-{name.replace('_', '-')}", about["title"])
            section += nodes.paragraph(text=about["description"])
            count = nodes.paragraph()
            count += nodes.literal(text=about["path"])
            count += nodes.Text(f", {len(tables.load(name))} rows. In Python: ")
            count += nodes.literal(text=f'load("{name}")')
            section += count
            section += _raw_table(
                f"Columns of {name}", ["Column", "Type", "Unit", "Meaning"],
                [[f["name"], f["type"], f.get("unit", ""), f["description"]] for f in about["schema"]["fields"]],
            )  # fmt: skip
            section += nodes.paragraph(text="Sources:")
            listed = nodes.bullet_list()
            for source in about["sources"]:
                listed += _source(source)
            section += listed
            license = "; ".join(license["title"] for license in about["licenses"])
            section += nodes.paragraph(text=f"License: {license}")
            sections.append(section)
        return sections

    def _facts(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir)
        for path in contents.notebooks(root):
            self.env.note_dependency(str(path))
        rows = tables.load("facts")
        chapters = contents.chapters(root)
        where = rows["chapter"].where(rows["chapter"].isin([*chapters, "none"]), "draft")
        sections = []
        for chapter, title in {**chapters, "draft": "Chapters in preparation", "none": "Not stated in a chapter"}.items():
            section = self._section(f"facts-{chapter}", title)
            listed = nodes.definition_list(classes=["ja-facts"])
            for row in rows[where == chapter].to_dict("records"):
                listed += self._fact(row)
            if listed.children:
                section += listed
                sections.append(section)
        return sections

    def _fact(self, row: dict) -> nodes.definition_list_item:
        text = {key: "" if value is None or value != value else str(value) for key, value in row.items()}
        key = f"fact-{text['fact_id']}"
        self._label(key, text["statement"])
        item = nodes.definition_list_item()
        term = nodes.term(ids=[key])
        term += nodes.strong(text=f"{text['value']} {text['unit']}".strip())
        term += nodes.Text(f" ({text['status']})")
        item += term
        about = nodes.definition()
        about += nodes.paragraph(text=_sentence(text["statement"]))
        source = f"Source: {text['source']}"
        if text["formula"]:
            source += f". Formula: {text['formula']}"
        about += nodes.paragraph(text=_sentence(source))
        if text["check"]:
            about += nodes.paragraph(text=_sentence(f"Check: {text['check']}"))
        if text["reason"]:
            about += nodes.paragraph(text=_sentence(f"Not in the prose: {text['reason']}"))
        item += about
        return item


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _source(source: dict) -> nodes.list_item:
    item, paragraph = nodes.list_item(), nodes.paragraph()
    words = ", ".join(source[key] for key in ("title", "publisher", "date", "endnote") if source.get(key))
    if source.get("path", "").startswith("http"):
        paragraph += nodes.reference("", words, refuri=source["path"], internal=False)
    else:
        paragraph += nodes.Text(words)
    item += paragraph
    return item


def _raw_table(caption: str, head: list[str], rows: list[list[str]]) -> nodes.raw:
    cells = "".join(f'<th scope="col">{html.escape(text)}</th>' for text in head)
    body = "".join(
        f'<tr><th scope="row">{html.escape(row[0])}</th>' + "".join(f"<td>{html.escape(c)}</td>" for c in row[1:]) + "</tr>"
        for row in rows
    )
    return nodes.raw(
        "",
        f'<div class="ja-table" role="region" tabindex="0" aria-label="{html.escape(caption)}"><table>'
        f"<caption>{html.escape(caption)}</caption><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table></div>",
        format="html",
    )


def check_facts(app: Sphinx, docname: str, source: list[str]) -> None:
    """Warn, and so fail the build, where prose states a fact otherwise than the table; lead to the codebook."""
    text = source[0] = short_links(source[0])
    if app.env.doc2path(docname).endswith(".ipynb"):
        text = contents.markdown(nbformat.reads(text, as_version=4))
    for problem in facts.check_text(text):
        logger.warning(problem, location=docname)
