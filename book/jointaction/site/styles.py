"""One style sheet with the rules that pages use, and the icons they show cut out of their font.

The theme's sheets name thousands of elements that no page here has. A rule stays if every element, class and id that it
asks for stands in a page or in a script, so that what scripts set later keeps its look.
"""

from __future__ import annotations

import base64
import io
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import tinycss2
from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.errors import SphinxError

# Names ------------------------------------------------------------------------------------------------------

TAG = re.compile(r"""<([a-zA-Z][\w-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>""")
ATTRIBUTE = re.compile(r"""([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?""")
STRING = re.compile(r""""[^"\n]*"|'[^'\n]*'|`[^`]*`""")


def names_in_page(text: str) -> set[str]:
    """Elements, attributes, classes and ids of a page."""
    names: set[str] = set()
    for tag, attributes in set(TAG.findall(text)):
        names.add(tag.lower())
        for name, *values in ATTRIBUTE.findall(attributes):
            names.add(name)
            if name in ("class", "id"):
                names.update("".join(values).split())
    return names


def names_in_script(text: str) -> set[str]:
    """Every word that may be an element, a class, an id or an attribute: short ones only where they are quoted."""
    names = set(re.findall(r"[\w-]{3,}", text))
    for quoted in STRING.findall(text):
        names.update(re.findall(r"[\w-]+", quoted))
    data = re.findall(r"dataset\.(\w+)", text)
    return names | {f"data-{re.sub('[A-Z]', lambda c: f'-{c[0].lower()}', name)}" for name in data}


# Rules ------------------------------------------------------------------------------------------------------


@dataclass
class Rule:
    """A rule with its declarations, a group such as ``@media`` with its rules, or another part as it stands."""

    head: str
    declarations: list[tuple[str, str]] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    other: str = ""

    def text(self) -> str:
        inside = ";".join(f"{name}:{value}" for name, value in self.declarations) + written(self.rules) + self.other
        return f"{self.head}{{{inside}}}" if inside else ""

    def walk(self) -> Iterator[Rule]:
        yield self
        for rule in self.rules:
            yield from rule.walk()


def written(rules: Iterable[Rule]) -> str:
    """Rules as the text of a sheet."""
    return "".join(rule.text() for rule in rules)


def parse(css: str, names: set[str] | None = None) -> list[Rule]:
    """The rules of a sheet; with ``names``, those that elements of these names can meet.

    Raises :class:`sphinx.errors.SphinxError` for a sheet that has a part of unknown structure.
    """
    return list(_rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), names))


GROUPS = {"media", "supports", "layer", "container"}


def _rules(nodes: list, names: set[str] | None) -> Iterator[Rule]:
    for node in nodes:
        if node.type == "qualified-rule":
            heads = [head for head in _parts(node.prelude) if names is None or _possible(head, names)]
            if heads:
                yield Rule(",".join(tinycss2.serialize(head).strip() for head in heads), _declarations(node))
        elif node.type == "at-rule" and node.lower_at_keyword == "charset":
            continue
        elif node.type == "at-rule" and node.content is not None:
            head = f"@{node.at_keyword} {tinycss2.serialize(node.prelude).strip()}".strip()
            if node.lower_at_keyword in GROUPS:
                inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
                yield Rule(head, rules=list(_rules(inner, names)))
            elif node.lower_at_keyword == "font-face":
                yield Rule(head, _declarations(node))
            else:
                yield Rule(head, other=tinycss2.serialize(node.content).strip())
        else:
            told = node.message if node.type == "error" else tinycss2.serialize([node])[:60]
            raise SphinxError(f"A style sheet has a part that jointaction/site/styles.py cannot read: {told}.")


def _declarations(node: tinycss2.ast.QualifiedRule) -> list[tuple[str, str]]:
    found = []
    for part in tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True):
        if part.type != "declaration":
            if part.type == "error":  # browsers pass over it too
                continue
            raise SphinxError(
                f"The rule {tinycss2.serialize(node.prelude).strip()!r} holds another rule, which "
                "jointaction/site/styles.py cannot cut yet."
            )
        important = "!important" if part.important else ""
        found.append((part.name, tinycss2.serialize(part.value).strip() + important))
    return found


def _parts(tokens: Iterable) -> list[list]:
    """Tokens cut at their commas."""
    parts: list[list] = [[]]
    for token in tokens:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _possible(selector: list, names: set[str]) -> bool:
    """Tell whether elements of these names can meet a selector; what it says by :not() excludes nothing."""
    before = None
    for token in selector:
        if token.type == "hash" and token.value not in names:
            return False
        if token.type == "ident" and before != ":":
            known = token.value if before == "." else token.lower_value
            if known not in names:
                return False
        if token.type == "[] block":
            name = next((part.value for part in token.content if part.type == "ident"), "")
            if name.startswith("data-") and name not in names:
                return False
        inner = token.type == "function" and token.lower_name in ("is", "where", "has")
        if inner and not any(_possible(part, names) for part in _parts(token.arguments)):
            return False
        before = token.value if token.type == "literal" else None
    return True


def drop_unused(rules: list[Rule], used: set[str]) -> None:
    """Take out variables that nothing reads, besides those in ``used``, and animations that nothing plays."""
    everything = [rule for top in rules for rule in top.walk()]
    reads: dict[str, set[str]] = {}
    for rule in everything:
        for name, value in rule.declarations:
            read = set(re.findall(r"--[\w-]+", value))
            if name.startswith("--"):
                reads.setdefault(name, set()).update(read)
            else:
                used |= read
    wanted, waiting = set(used), list(used)
    while waiting:
        new = reads.get(waiting.pop(), set()) - wanted
        wanted |= new
        waiting += new
    for rule in everything:
        rule.declarations = [pair for pair in rule.declarations if not pair[0].startswith("--") or pair[0] in wanted]
    values = " ".join(value for rule in everything for name, value in rule.declarations)
    for rule in everything:
        if "keyframes " in rule.head and not re.search(rf"\b{re.escape(rule.head.split()[-1])}\b", values):
            rule.other = ""


# Files ------------------------------------------------------------------------------------------------------

ADDRESS = re.compile(r"""url\(\s*(["']?)(?!data:|#)([^"')]+)\1\s*\)""")
IMPORT = re.compile(r"""@import\s+["']([^"']+)["']\s*;""")


def read(sheet: Path, place: Path) -> str:
    """A sheet with those that it imports, its addresses written for a sheet in another place."""

    def moved(found: re.Match) -> str:
        if re.match(r"\w+:|/", found[2]):
            raise SphinxError(f"{sheet.name} asks for {found[2]}, which is not a file of the book.")
        return f'url("{os.path.relpath(sheet.parent / found[2], place.parent).replace(os.sep, "/")}")'

    css = sheet.read_text(encoding="utf-8")
    return IMPORT.sub(lambda found: read((sheet.parent / found[1]).resolve(), place), ADDRESS.sub(moved, css))


def cut_icons(rules: list[Rule], place: Path) -> None:
    """Put into each icon font's rule a font of the icons that the rules show, or take the rule out.

    Raises :class:`sphinx.errors.SphinxError` for a font that is not beside the styles.
    """
    shown = {ord(sign) for sign in re.findall(r'"(.)"', written(rules))}
    for rule in rules:
        if rule.head != "@font-face":
            continue
        declared = dict(rule.declarations)
        address = re.findall(r'url\("([^"]+\.ttf)"\)', declared.get("src", ""))
        if not address or not (place.parent / address[0]).exists():
            raise SphinxError(f"The font of {declared.get('font-family')} has no .ttf file to cut icons from.")
        declared["src"] = _cut(place.parent / address[0], shown)
        rule.declarations = list(declared.items()) if declared["src"] else []


def _cut(file: Path, signs: set[int]) -> str:
    font = TTFont(file, recalcTimestamp=False)
    wanted = signs & set(font.getBestCmap())
    if not wanted:
        return ""
    options = subset.Options(hinting=False, desubroutinize=True, layout_features=[], name_IDs=[])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    font.flavor = "woff"
    out = io.BytesIO()
    font.save(out, reorderTables=False)
    return f'url("data:font/woff;base64,{base64.b64encode(out.getvalue()).decode()}") format("woff")'
