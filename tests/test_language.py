"""Chinese words of a page say that they are Chinese."""

from __future__ import annotations

import html.parser
import re
from pathlib import Path

import pytest
from conftest import book_pages
from jointaction.site.language import mark

HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


class Text(html.parser.HTMLParser):
    """All text, and the text outside of code and pictures that holds Chinese without saying so."""

    EMPTY = ("meta", "link", "br", "hr", "img", "input", "source", "wbr", "col")
    APART = ("script", "style", "pre", "code", "textarea", "select", "title", "svg", "math")

    def __init__(self, markup: str):
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.all, self.unmarked = "", []
        self.feed(markup)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        if tag not in self.EMPTY:
            chinese = (dict(attributes).get("lang") or "").startswith("zh")
            self.open.append((tag, chinese or tag in self.APART))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, text: str) -> None:
        self.all += text
        if HAN.search(text) and not any(fine for _, fine in self.open):
            self.unmarked.append(text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>pilot (试点)</p>", '<p>pilot (<span lang="zh-Hans">试点</span>)</p>'),
        ("国发〔1993〕85号 of 1993", '<span lang="zh-Hans">国发〔1993〕85号</span> of 1993'),
        ("《办法》", '<span lang="zh-Hans">《办法》</span>'),
        ('<a title="试点">x</a>', '<a title="试点">x</a>'),
        ("<pre>试<b>点</b></pre><code>试点</code>", "<pre>试<b>点</b></pre><code>试点</code>"),
        ('<script>"试点"</script><!-- 试点 -->', '<script>"试点"</script><!-- 试点 -->'),
        ("<svg><text>试点</text></svg>", "<svg><text>试点</text></svg>"),
        ("No. 85, 2021", "No. 85, 2021"),
    ],
)
def test_a_run_is_marked_once_and_prose_only(before: str, after: str) -> None:
    assert mark(before) == after
    assert Text(after).all == Text(before).all and Text(after).unmarked == []


def test_every_chinese_word_of_the_site_says_so(site: Path) -> None:
    found = 0
    for path in book_pages(site):
        body = re.search(r"<article.*</article>", path.read_text(encoding="utf-8"), re.DOTALL)[0]
        assert Text(body).unmarked == [], path.name
        found += body.count('lang="zh-Hans"')
    assert found > 20
