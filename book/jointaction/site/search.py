"""The search of the site: the words of all pages in one script, which the search page loads once somebody searches.

The page's own script reads all of these texts for every query. So there is no index that could leave a word out, and
the texts are there for the excerpts anyhow.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from textwrap import shorten
from typing import Any, NamedTuple

from sphinx.application import Sphinx

from jointaction.site import contents

FILES = ("search.js", "search.css")  # of the search page alone

# Elements within a line: a word may go on across their borders.
_INLINE = frozenset(
    "a abbr b bdi cite code data del dfn em i ins kbd mark q s samp small span strong sub sup time u var wbr"
    " math mfrac mi mn mo mover mrow ms msqrt mstyle msub msubsup msup mtext munder semantics".split()
)
_UNREAD = frozenset("noscript script style template".split())
# Words of a page's own tools: names of folds of code and of explanations, buttons under a figure.
_TOOLS = (("summary", "above-input"), ("summary", "ja-help"), ("", "ja-actions"))
_VOID = frozenset("area br col embed hr img input link meta source track wbr".split())
_ARTICLE = re.compile(r'<article class="bd-article".*?</article>', re.DOTALL)


class Place(NamedTuple):
    """A part of a page that a link can lead to: its id, empty for the page itself, its heading and its words.

    Each line of the text is a block of the page, such as a paragraph, a cell or a label.
    """

    anchor: str
    heading: str
    text: str


class _Reader(HTMLParser):
    """Reads the places of an article, in their order: sections, figures, entries of lists and works."""

    def __init__(self, article: str):
        super().__init__()
        self.places: list[tuple[str, list[str], list[str]]] = [("", [], [])]
        self.open: list[str] = []  # elements
        self.outer: list[str] = []  # classes of the element around
        self.inside = [(0, self.places[0])]  # depth of a place's element, and the place
        self.fractions: set[int] = set()  # depths of those read half
        self.heading = self.unread = 0  # depth of the element that is read as a heading, or not at all
        self.drawn: set[str] = set()  # the labels of a figure, whose drawings repeat them
        self.feed(article)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        attribute = dict(attributes)
        classes = (attribute.get("class") or "").split()
        self._border(tag)
        if self.open[-1:] == ["mfrac"]:
            self._over()
        if tag == "input" and attribute.get("type") == "number":
            self._say(f"{attribute.get('value')}\n")
        if tag in _VOID:
            return
        self.open.append(tag)
        tool = any(name in (self.outer if element else classes) and element in ("", tag) for element, name in _TOOLS)
        self.outer = classes
        if tag in _UNREAD or "headerlink" in classes or tool:
            self.unread = self.unread or len(self.open)
        if tag == "dt":
            self._leave(len(self.open) - 1)
        first = tag == "section" and not self.places[0][1]  # the page itself
        if "id" in attribute and not first and (tag in ("section", "dt") or {"explorer", "citation"} & set(classes)):
            self.places.append((attribute["id"], [], []))
            # What describes a term stands beside it, not inside.
            self.inside.append((len(self.open) - (tag == "dt"), self.places[-1]))
            self.drawn = set()
        if not self.inside[-1][1][1] and (re.fullmatch("h[1-6]|dt", tag) or "ja-title" in classes):
            self.heading = len(self.open)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.open:
            return
        while True:
            depth, ended = len(self.open), self.open.pop()
            if self.heading == depth:
                self.heading = 0
            if self.unread == depth:
                self.unread = 0
            self._leave(depth)
            if ended == tag:
                break
        self._border(tag)

    def _leave(self, depth: int) -> None:
        while self.inside and self.inside[-1][0] >= depth:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if self.unread:
            return
        if "pre" not in self.open:
            data = re.sub(r"\s+", " ", data)
        if "svg" in self.open and data in self.drawn:
            return
        if "svg" in self.open:
            self.drawn.add(data)
        self._say(data)

    def _over(self) -> None:
        """Put a stroke between the two parts of a fraction."""
        if len(self.open) in self.fractions:
            self._say("/")
        self.fractions ^= {len(self.open)}

    def _border(self, tag: str) -> None:
        if tag not in _INLINE:
            self._say(" " if tag == "mspace" else "\n")

    def _say(self, words: str) -> None:
        _, (_, heading, text) = self.inside[-1]
        (heading if self.heading else text).append(words)


def _tidy(words: list[str]) -> str:
    text = unicodedata.normalize("NFC", "".join(words)).replace("\xad", "").replace("\u200b", "")
    lines = (re.sub(r"\s+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def places(page: str) -> list[Place]:
    """The places of a built page, given as HTML."""
    article = _ARTICLE.search(page)
    read = _Reader(article[0]).places if article else []
    found = [Place(anchor, _tidy(heading).replace("\n", " "), _tidy(text)) for anchor, heading, text in read]
    # A work has no heading but begins with its authors.
    return [place._replace(heading=place.heading or shorten(place.text, 60, placeholder=" …")) for place in found]


def page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Give Sphinx the search page."""
    if app.builder.format == "html":
        yield "search", {"title": "Search"}, "search.html"


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the words of the built pages for the search page's script: chapters first, reference last."""
    if exception or app.builder.format != "html":
        return
    root = Path(app.srcdir)
    captions = {page: part.caption for part in contents.parts(root) for page in part.pages}
    texts, caption = [], ""
    for name in [*contents.listed(root), "figures/index"]:
        caption = captions.get(name, caption)  # a page below another belongs to its part
        if (root / f"{name}.ipynb").exists():
            rank = 0
        elif caption == "Reference":
            rank = 2 if name.endswith("glossary") else 3
        else:
            rank = 1
        found = places(Path(app.builder.get_outfilename(name)).read_text(encoding="utf-8"))
        texts.append({"page": app.builder.get_target_uri(name), "part": caption, "rank": rank, "places": found})
    (Path(app.outdir) / "_static" / "jointaction" / "search-texts.js").write_text(
        f"window.jointactionTexts = {json.dumps(texts, ensure_ascii=False, separators=(',', ':'))};\n",
        encoding="utf-8",
    )
