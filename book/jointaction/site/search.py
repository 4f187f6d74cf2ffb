"""The search of the site: what Sphinx's own leaves out, numbers and the cells of tables and lists of figures."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.search.en import SearchEnglish


class SearchNumbers(SearchEnglish):
    """English whose words may be numbers: 20.9 is one word, and 1,078 is 1078."""

    lang = "en"
    _THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
    _WORD = re.compile(r"\d+(?:\.\d+)+|\w+")
    # The same for what a reader types.
    js_splitter_code = r"""
var splitQuery = (query) => query.replace(/(\d),(?=\d{3}(?!\d))/g, "$1")
  .match(/\d+(?:\.\d+)+|[\p{Letter}\p{Number}_\p{Emoji_Presentation}]+/gu) || [];
"""

    def split(self, input: str) -> list[str]:
        return self._WORD.findall(self._THOUSANDS.sub("", input))


# Tags whose end is also the end of a word.
_ENDS = re.compile(
    r"</(?:td|th|tr|li|dt|dd|p|div|h\d|option|label|button|summary|text|small|output|caption|figcaption)>(?=<)"
)


def part_words(app: Sphinx, doctree: nodes.document) -> None:
    """Put a space where one cell, label or option ends and the next begins, since Sphinx drops the tags between them."""
    for raw in doctree.findall(nodes.raw):
        if "html" in raw.get("format", "").split():
            text = _ENDS.sub(lambda end: f"{end[0]}\n", raw.astext())
            raw.rawsource = text
            raw.children[:] = [nodes.Text(text)]


# Sphinx's script passes over whole numbers.
_SKIP = re.compile(
    r"stopwords\.(?:indexOf\(queryTermLower\) !== -1|has\(queryTermLower\)) \|\|\s*queryTerm\.match\(/\^\\d\+\$/\)"
)


def keep_numbers(script: str) -> str:
    """Sphinx's search script without the rule that passes over whole numbers; an unknown script is refused."""
    kept = "stopwords.indexOf(queryTermLower) !== -1"
    text, count = _SKIP.subn(kept, script)
    if count != 1 and kept not in script:  # a second build finds the script of the first
        raise SphinxError(
            "Sphinx's searchtools.js has changed: see jointaction/site/search.py, which lets it find numbers."
        )
    return text
