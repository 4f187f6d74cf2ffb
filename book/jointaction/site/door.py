"""The front page: a figure to move at once, and every chapter as a card with its question and its picture."""

from __future__ import annotations

import html
import importlib
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from jointaction.faces.page import small
from jointaction.site import pictures
from jointaction.site.contents import Chapter, described


class SmallFigure(SphinxDirective):
    """``{small-figure} NAME``: the figure with its lead control and the panels named in ``panels``, without a kernel."""

    required_arguments = 1
    option_spec = {"panels": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        explorer = importlib.import_module("jointaction").explorer  # by name, so that the site needs no figure
        home = next((c for c in described(Path(self.env.srcdir)).values() if c.figure == name), None)
        more = ""
        if home:
            address = self.env.app.builder.get_relative_uri(self.env.docname, home.page)
            more = f'<a href="{address}#explorer-{name}">The whole figure, with all it assumes</a>'
        figure = small(explorer(name).payload(), self.options["panels"].split(), more)
        return [nodes.raw("", figure, format="html")]


class Chapters(SphinxDirective):
    """``{chapters}``: the chapters part by part, each as a card; the content may give a part a second name."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        beside = dict(line.split(": ", 1) for line in self.content if line.strip())
        found: dict[str, list[Chapter]] = {}
        for chapter in described(Path(self.env.srcdir)).values():
            found.setdefault(chapter.part, []).append(chapter)
        text = "\n".join(
            f'<h3 class="ja-part">{html.escape(part)} {html.escape(beside.get(part, ""))}</h3>\n'
            f'<ul class="ja-cards">{"".join(map(self.card, chapters))}</ul>'
            for part, chapters in found.items()
        )
        return [nodes.raw("", text, format="html")]

    def card(self, chapter: Chapter) -> str:
        address = self.env.app.builder.get_relative_uri(self.env.docname, chapter.page)
        folder = relative_uri(self.env.app.builder.get_target_uri(self.env.docname), pictures.PLACE)
        # The picture is decoration beside the question: it has no words, and is fetched when it is near.
        # "dark-light" tells the theme that a picture has colors for the dark, so that it leaves them alone.
        shown = "".join(
            f'<img class="ja-on-{mode} dark-light" src="{folder}/{chapter.figure}-{mode}.svg" alt="" width="320" height="200" '
            'loading="lazy">'
            for mode in pictures.MODES
        )
        return (
            f'<li class="ja-chapter">{shown}\n<p class="ja-asks"><a href="{address}">'
            f"{html.escape(chapter.question or chapter.title)}</a></p>\n"
            f'<p class="ja-called">{chapter.number}\n{html.escape(chapter.title)}</p></li>\n'
        )
