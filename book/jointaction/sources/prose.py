"""What a page says: its running text, its links and its parts, read from the tokens of its Markdown.

The parser is the one that builds the pages, so that what counts as code, maths or a link here is what counts
there. It differs in one way: a dollar sign before a digit or after a space opens no maths, since such a pair is
more often two sums of money.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

# The extensions that Jupyter Book turns on.
_PARSER = create_md_parser(
    MdParserConfig(
        enable_extensions={"colon_fence", "dollarmath", "linkify", "substitution", "tasklist"},
        dmath_double_inline=True,
        dmath_allow_space=False,
        dmath_allow_digits=False,
    ),
    RendererHTML,
)

# Directives that hold code, data or paths; all others hold prose.
CODE = frozenset(
    "bibliography code code-block code-cell image include literalinclude math mermaid raw tableofcontents toctree".split()
)


class Passage(NamedTuple):
    """Running text of one paragraph, heading or cell, and the line on which it starts, counted from 1.

    Line breaks stand where they stand in the source. Left out are maths, code, roles, tags, comments, link
    targets, whole links to facts and works, citations, and the number of a numbered heading.
    """

    text: str
    line: int


class Link(NamedTuple):
    """A link as a reader sees it, and where it leads; to the file of an entry as to the entry, ``#fact-…``."""

    text: str
    target: str


class Block(NamedTuple):
    """A heading (kind ``#``, ``##``, …), a directive (its name) or a block of code (``code``)."""

    kind: str
    title: str
    body: str = ""


@functools.lru_cache(maxsize=64)
def passages(markdown: str) -> tuple[Passage, ...]:
    """The running text of a page, its directives' titles and bodies included, in order."""
    return tuple(Passage(_running(part), part.line) for part in _parts(markdown) if part.kind != "fence")


@functools.lru_cache(maxsize=64)
def links(markdown: str) -> tuple[Link, ...]:
    """Every link of a page outside code, in order; its text is what a reader sees, on one line."""
    found = []
    for part in _parts(markdown):
        inside: list[str] | None = None
        for token in part.tokens:
            if token.type == "link_open":
                inside, target = [], _target(token)
            elif token.type == "link_close":
                found.append(Link(" ".join("".join(inside or ()).split()), target))
                inside = None
            elif inside is not None:
                inside.append(" " if token.type in _BREAKS else token.content)
    return tuple(found)


@functools.lru_cache(maxsize=64)
def blocks(markdown: str) -> tuple[Block, ...]:
    """Headings and fenced blocks in order; what stands inside a fenced block is its body."""
    found, tokens = [], _PARSER.parse(markdown)
    for token, following in zip(tokens, [*tokens[1:], None]):
        if token.type == "heading_open" and token.level == 0:
            found.append(Block(token.markup, following.content))
        elif token.type in _FENCES and token.level == 0:
            name, title = _directive(token)
            found.append(Block(name or "code", title, token.content))
    return tuple(found)


def markup(markdown: str) -> list[str]:
    """What only MyST understands, in order: directives as in ```` ```{note} ```` and roles as in ``{ref}``."""
    found = []
    for part in _parts(markdown):
        if part.kind == "fence":
            found.append(f"{part.tokens[0].markup[:3]}{{{_directive(part.tokens[0])[0]}}}")
        found += [f"{{{token.meta['name']}}}" for token in part.tokens if token.type == "myst_role"]
    return found


_ENTRY = re.compile(r"(?:.*/)?entries/((?:fact|cite)-[^/]+)\.md")


def _target(link: Token) -> str:
    address = unquote(str(link.attrGet("href")))
    entry = _ENTRY.fullmatch(address)
    return f"#{entry[1]}" if entry else address


# ---- from blocks to inline text

_FENCES = ("fence", "colon_fence")
_BREAKS = ("softbreak", "hardbreak")


class _Part(NamedTuple):
    """The inline tokens of one block; ``kind`` is heading, text, html or fence, the last two with the block's own."""

    tokens: list[Token]
    line: int
    kind: str = "text"


def _parts(markdown: str) -> Iterator[_Part]:
    yield from _parts_of(_PARSER.parse(markdown, environment := {}), 1, environment)


def _parts_of(tokens: list[Token], first: int, environment: dict) -> Iterator[_Part]:
    """``first`` is the number of the first line; ``environment`` knows the page's link references."""
    line, before = first, None
    for token in tokens:
        line = first + token.map[0] if token.map else line
        if token.type == "inline":
            heading = before is not None and before.type == "heading_open"
            yield _Part(token.children or [], line, "heading" if heading else "text")
        elif token.type == "html_block":
            yield _Part([token], line, "html")
        elif token.type in _FENCES:
            yield from _parts_of_fence(token, line, environment)
        before = token


def _parts_of_fence(token: Token, line: int, environment: dict) -> Iterator[_Part]:
    name, title = _directive(token)
    if name or token.type == "colon_fence":
        yield _Part([token], line, "fence")
    if name in CODE or (not name and token.type == "fence"):
        return
    if name and name != "figure":  # a figure's is a path
        yield from _parts_of(_PARSER.parseInline(title, environment), line, environment)
    rest = token.content.split("\n")
    options = _options(rest)
    body = "\n".join(rest[options:])
    yield from _parts_of(_PARSER.parse(body, environment), line + 1 + options, environment)


def _directive(token: Token) -> tuple[str, str]:
    """Name and title of a directive; the name is empty for a plain block, whose title is its language."""
    match = re.match(r"\s*\{([^}]*)\}\s*(.*)", token.info)
    return (match[1], match[2].strip()) if match else ("", token.info.strip())


def _options(lines: list[str]) -> int:
    """How many lines at the start of a directive set its options."""
    if lines[0].strip() == "---" and "---" in map(str.strip, lines[1:]):
        return 2 + [line.strip() for line in lines[1:]].index("---")
    return next((n for n, line in enumerate(lines) if not re.match(r"\s*:[\w-]+:", line)), len(lines))


# ---- from inline tokens to running text

# A boundary inside a word, as of emphasis: a numeral after it is a numeral of its own.
_SEAM = "\u2060"
_TAGS = re.compile(r"<!--.*?-->|</?[A-Za-z][^>]*>", re.DOTALL)
_CITATION = re.compile(r"\[-?@[^\]]*\]|(?<!\w)@[\w:-]+|\[\^[^\]]*\]")
_HEADING_NUMBER = re.compile(r"\A\d+(?:\.\d+)*[.)]?(?=\s)")


def _running(part: _Part) -> str:
    if part.kind == "html":
        return _TAGS.sub(blank, part.tokens[0].content)
    pieces, hidden = [], False
    for token in part.tokens:
        if token.type == "link_open":
            hidden = token.info == "auto" or _target(token).startswith(("#fact-", "#cite-"))
        elif token.type == "link_close":
            hidden = False
        piece = _visible(token)
        pieces.append(blank(piece) if hidden else piece)
    text = _CITATION.sub(blank, "".join(pieces))
    return _HEADING_NUMBER.sub(blank, text) if part.kind == "heading" else text


def _visible(token: Token) -> str:
    """What a token adds to running text."""
    if token.type in ("text", "substitution_inline"):
        return token.content
    if token.type in _BREAKS:
        return "\n"
    if token.type == "image":
        return "".join(_visible(child) for child in token.children or ())
    return _SEAM if token.nesting else blank(f" {token.content} ")


def blank(text: str | re.Match[str]) -> str:
    """As many spaces as the text is long; its line breaks stay."""
    return re.sub(r"[^\n]", " ", text if isinstance(text, str) else text[0])
