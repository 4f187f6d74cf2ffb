"""What stands around a chapter's text: its question, its place in the book, and the numbers of its figures."""

from __future__ import annotations

import html
import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from jointaction.site.contents import Chapter, described, listed

# A figure up to the place of its number.
_FIGURE = re.compile(r'<figure class="explorer" id="(explorer-[\w-]+)"[^>]*>\s*<p class="ja-title"[^>]*>')
NUMBER = re.compile(r'<a class="ja-number-of" href="#[\w-]+">(Figure [\d.]+)</a>\s*')


def place(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put question, part and time under a chapter's title, and number its figures in their order."""
    chapter = described(Path(app.srcdir)).get(docname)
    if chapter is None or app.builder.format != "html":
        return
    title = next(iter(doctree.findall(nodes.title)))
    title.parent.insert(title.parent.index(title) + 1, nodes.raw("", under_title(chapter), format="html"))
    count = 0

    def number(figure: re.Match) -> str:
        nonlocal count
        count += 1
        return f'{figure[0]}<a class="ja-number-of" href="#{figure[1]}">Figure {chapter.number}.{count}</a>\n'

    for raw in doctree.findall(nodes.raw):
        text = _FIGURE.sub(number, raw.astext())
        raw.rawsource = text
        raw.children[:] = [nodes.Text(text)]


def under_title(chapter: Chapter) -> str:
    """The chapter's question, and where in the book a reader is."""
    asks = f'<p class="ja-asks">{html.escape(chapter.question)}</p>\n' if chapter.question else ""
    where = [f"Chapter {chapter.number}", f"{html.escape(chapter.part)}, {chapter.place} of {chapter.of}"]
    where += [f"{chapter.time} to read"] if chapter.time else []
    return f'{asks}<p class="ja-where">{" · ".join(where)}</p>\n'


def neighbors(app: Sphinx, pagename: str, context: dict) -> None:
    """Let the links to the previous and the next page ask the question of the chapter that they lead to."""
    pages, chapters = listed(Path(app.srcdir)), described(Path(app.srcdir))
    if pagename not in pages:
        return
    at = pages.index(pagename)
    for link, page in (("prev", pages[at - 1] if at else ""), ("next", pages[at + 1] if at + 1 < len(pages) else "")):
        if context.get(link) and page in chapters:
            context[link] = {**context[link], "chapter": chapters[page]}


def name_folds(context: dict) -> None:
    """Give the folds of the table of contents a name; the theme's own have none."""
    theirs = context.get("generate_toctree_html")
    if theirs is None:
        return

    def named(*args: object, **kwargs: object) -> str:
        return str(theirs(*args, **kwargs)).replace("<summary>", '<summary aria-label="Pages within">')

    context["generate_toctree_html"] = named
