"""Markdown read as the build reads it: what is running text, what is a link, where a part begins."""

from __future__ import annotations

import pytest
from jointaction.sources.facts import check_text, unlinked_numbers
from jointaction.sources.prose import Block, Link, blocks, links, passages

MONEY = "#fact-nkrdp-central-money-13fyp"


@pytest.mark.parametrize(
    "markdown",
    [
        f"[76 billion][money]\n\n[money]: {MONEY}",
        f"````{{note}}\n[76 billion][money]\n````\n\n[money]: {MONEY}",
        f"[76 \\[billion\\] yuan]({MONEY})",
        f"[76 [billion] yuan]({MONEY})",
        f"[76 billion](<{MONEY}>)",
        f'[76 billion]({MONEY} "With a title")',
        f"[**76** billion]({MONEY})",
        f"[76&nbsp;billion]({MONEY})",
    ],
)
def test_a_fact_may_be_linked_in_every_way_that_markdown_has(markdown: str) -> None:
    assert check_text(markdown) == [] and unlinked_numbers(markdown) == []
    assert len(check_text(markdown.replace("76", "77"))) == 1


@pytest.mark.parametrize("text", [f"[76 billion]({MONEY} and)", "[76 billion](#fact-nkrdp central money)"])
def test_a_link_that_is_none_is_a_problem(text: str) -> None:
    (problem,) = check_text(f"Before {text} after.")
    assert text in problem and problem.endswith(".")
    assert unlinked_numbers(text)


@pytest.mark.parametrize(
    "markdown",
    [
        "Text\n\n    x = 8\n",
        "% 5 things to do",
        "```{note} Title\n---\nname: 12\n---\nText\n```",
        "`a\n5` and text",
        "- item\n\n  ```python\n  x = 6\n  ```",
        "> ```python\n> x = 6\n> ```",
        "$$\nx = 5\n$$ (equation-7)",
        "+++ 9",
    ],
)
def test_what_is_no_running_text_needs_no_fact(markdown: str) -> None:
    assert unlinked_numbers(markdown) == []


@pytest.mark.parametrize(
    ("markdown", "numerals"),
    [
        ("It fell in\n1986. Then it rose", ["1986"]),
        ("Not code: \\`5\\`", ["5"]),
        ("| a | b |\n|---|---|\n| 5 | x |", ["5"]),
        ("<div>76</div>", ["76"]),
        ("a <b>7</b>6", ["7", "6"]),
        ("> quoted 6", ["6"]),
        ("- item\n\n  with 7\n", ["7"]),
        ("![a map of 31 provinces](map.png)", ["31"]),
        ("[two](page.md) and [3](page.md)", ["3"]),
        ("````{note}\n```{tip} 4\n5\n```\n````", ["4", "5"]),
        ("Text[^1]\n\n[^1]: A note with 8.", ["8"]),
        ("it costs $4 or $5", ["4", "5"]),
        ("*7*8", ["7", "8"]),
        ("{{ 5 }} of them", ["5"]),
    ],
)
def test_what_a_reader_reads_needs_a_fact(markdown: str, numerals: list[str]) -> None:
    assert [problem.split(" ")[0] for problem in unlinked_numbers(markdown)] == numerals


@pytest.mark.parametrize(
    ("markdown", "line"),
    [
        ("a\nb\nc 5", 3),
        ("# Heading\n\n- one\n- two\n  and 5", 5),
        ("````{note} Title\n:class: x\n\nText\n```{tip}\n5\n```\n````", 6),
        ("```{note}\n---\nclass: x\n---\nText 5\n```", 5),
        ("| a |\n|---|\n| b |\n| 5 |", 4),
        ("a $x +\ny$ [b\nc](#fact-d)\n5", 4),
        ("---\ntitle: x\n---\n\n> a\n> 5", 6),
        ("<div>\n5\n</div>", 2),
    ],
)
def test_a_numeral_is_reported_with_its_line(markdown: str, line: int) -> None:
    text = markdown.splitlines()[line - 1].strip()
    assert unlinked_numbers(markdown) == [f"5 (line {line}: {text})"]


def test_links_are_read_outside_code_only() -> None:
    markdown = "[a\n*b*](#c) `[d](e)` <https://f.org>\n\n```\n[g](h)\n```\n```{note}\n[i $x$](j%20k)\n```"
    assert links(markdown) == (Link("a b", "#c"), Link("https://f.org", "https://f.org"), Link("i x", "j k"))


def test_blocks_are_headings_directives_and_code() -> None:
    markdown = "# A *b*\n\n````{admonition} Predict first\n:class: tip\n\n## Inside\n````\n\n## C\n\n```python\nd\n```\n- ## no"
    assert blocks(markdown) == (
        Block("#", "A *b*"),
        Block("admonition", "Predict first", ":class: tip\n\n## Inside\n"),
        Block("##", "C"),
        Block("code", "python", "d\n"),
    )


def test_running_text_keeps_its_lines() -> None:
    assert [(text.split(), line) for text, line in passages("# 1. A\n\nb\nc `d`\n")] == [(["A"], 1), (["b", "c"], 3)]
