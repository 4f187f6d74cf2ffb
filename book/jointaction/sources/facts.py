"""The numbers and dates that the prose may state, and checks that it states them rightly.

Prose states a fact as an ordinary Markdown link to its entry, whose text carries the number:
`[76 billion yuan](#fact-money-of-the-program)`, or with the file of the entry,
`(../reference/entries/fact-money-of-the-program.md)`. `check_text` compares each such text with the
table `facts`; `unlinked_numbers` finds the numerals that stand outside such links.
"""

import dataclasses
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from jointaction.errors import InputError, nearest
from jointaction.sources import tables


@dataclass(frozen=True)
class Fact:
    """One row of the table `facts`; `number` is None for dates and words, a missing text is "".

    The table may have more columns than these.
    """

    fact_id: str
    chapter: str
    statement: str
    value: str
    number: float | None
    unit: str
    year: str
    status: str
    source: str
    formula: str
    check: str
    use: str
    reason: str


def fact(fact_id: str, folder: Path | str | None = None) -> Fact:
    """Return the fact with this id, for example `fact("fund-half-rule").number` is 50.0 (percent).

    The unit is in the fact's `unit`. Raises InputError, which names the nearest id, for an unknown
    one, and DataError if the table cannot be read.
    """
    return _look_up(_facts(folder), fact_id)


def check_text(markdown: str, folder: Path | str | None = None) -> list[str]:
    """Return one sentence for each link to a fact that is unknown or whose text disagrees with it.

    A numeric fact needs a numeral in the link text (or a word from zero to twenty, or half) that is
    the fact's number correctly rounded to the digits shown: 56.4 and 56 agree with 56.3823, 57 and
    56.3 do not. Words of scale count, so 7.6 billion does not agree with 76 billion yuan. Any further
    numeral must belong to the fact's value, unit, year or statement. A date may be written in
    part if the year is there. Other facts must be quoted as their value stands. Code is not read.
    """
    from jointaction.sources import prose  # reads Markdown with a package that a live session lacks

    facts = _facts(folder)
    problems = []
    for text, target in prose.links(markdown):
        if not target.startswith("#fact-"):
            continue
        fact_id = target.removeprefix("#fact-")
        try:
            stated = _look_up(facts, fact_id)
        except InputError as error:
            problems.append(f"The link “{text}” cannot be resolved: {error}")
            continue
        if not _agrees(text, stated):
            value = f"{stated.value} {stated.unit}".strip()
            problems.append(f"The link text “{text}” does not agree with the fact “{fact_id}”, which is {value}.")
    for passage in prose.passages(markdown):
        for failed in _NO_LINK.findall(passage.text):
            problems.append(f"The text “{failed}” is no link as it stands; a fact’s name has no space.")
    return problems


def unlinked_numbers(markdown: str, allow: Iterable[str | int] = ()) -> list[str]:
    """Return each numeral of the prose that no link to a fact covers, with its line.

    Left out is what :mod:`jointaction.sources.prose` does not count as running text (maths, code, roles,
    citations, the numbers of headings and list items), the numbers of endnotes, articles, figures,
    tables and exercises, and the numerals in `allow`. A year that one link to a fact states may be repeated
    without it. Number words are not looked for.
    """
    from jointaction.sources import prose  # reads Markdown with a package that a live session lacks

    allowed = {str(number).replace(",", "") for number in allow}
    for text, target in prose.links(markdown):
        if target.startswith("#fact-"):
            allowed.update(_YEAR.findall(text))
    lines = markdown.splitlines()
    found = []
    for text, first in prose.passages(markdown):
        for match in _NUMERAL.finditer(_PLACE.sub(prose.blank, text)):
            if match[0].replace(",", "").lstrip("-−") not in allowed:
                line = first + text[: match.start()].count("\n")
                found.append(f"{match[0]} (line {line}: {lines[line - 1].strip()})")
    return found


def _facts(folder: Path | str | None) -> dict[str, Fact]:
    frame = tables.load("facts", folder)
    names = [field.name for field in dataclasses.fields(Fact)]
    facts = {}
    for row in frame.to_dict("records"):
        row["number"] = None if pd.isna(row["number"]) else row["number"]
        facts[row["fact_id"]] = Fact(**{name: row[name] for name in names})
    return facts


def _look_up(facts: dict[str, Fact], fact_id: str) -> Fact:
    if fact_id not in facts:
        raise InputError(f"There is no fact “{fact_id}”; the nearest is “{nearest(fact_id, facts)}”.")
    return facts[fact_id]


# ---- does a link text agree with its fact?

# Where a text stands: endnote 7, endnotes 12 and 13, Articles 10-12, Table 1, Exercise 4.
_PLACE = re.compile(r"\b(?:[Ee]ndnotes?|Articles?|Figures?|Tables?|Exercises?)\s\d+(?:(?:,\s|\sand\s|\sto\s|[-–])\d+)*")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_NO_LINK = re.compile(r"\[[^\]]*\]\((?:#|[^)#]*entries/)fact-[^)]*\)?")
# A minus counts only where it cannot be the hyphen of a range or of a compound word.
_NUMERAL = re.compile(r"(?<![\w.])(?:(?<![-–—])[-−])?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)
_MONTH = re.compile(r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b")
# Between two numbers of a ratio: one-for-one, one for every two, 1:2, 1 to 2.
_TO = r"(?:[- ]for[- ](?:every |each )?|\s*:\s*| to )"
_SCALES = {"hundred million": 1e8, "100 million": 1e8, "10,000": 1e4, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SCALES |= {"亿": 1e8, "万": 1e4}
_SCALE = re.compile(rf"\s*\(?({'|'.join(_SCALES)})")


def _agrees(text: str, stated: Fact) -> bool:
    numerals = list(_NUMERAL.finditer(text))
    words = list(_WORD.finditer(text))
    if stated.number is None:
        return _quotes(text, stated.value) and all(_belongs(numeral[0], stated) for numeral in numerals)
    if " per " in stated.unit:
        # One local yuan for every two: the words of the first part of the unit may stand after the first number.
        words_of_unit = "|".join(map(re.escape, stated.unit.partition(" per ")[0].split()))
        in_figures = _WORD.sub(lambda word: str(_WORDS.index(word[0].lower())), text)
        if ratio := re.search(rf"(\d+)(?:[- ](?:{words_of_unit}))*{_TO}(\d+)", in_figures):
            return int(ratio[1]) == stated.number * int(ratio[2])
    if re.search(r"\bhalf\b", text, re.IGNORECASE) and stated.number == (50 if stated.unit == "percent" else 0.5):
        return not numerals
    right = [numeral for numeral in numerals if _equals(numeral[0], text[numeral.end() :], stated)]
    if not all(numeral in right or _belongs(numeral[0], stated) for numeral in numerals):
        return False
    # A word may be part of a name (Five-Year Plan), so one that differs is not held against the text.
    return bool(right) or any(_equals(str(_WORDS.index(word[0].lower())), text[word.end() :], stated) for word in words)


def _belongs(numeral: str, stated: Fact) -> bool:
    """Tell whether a further numeral is part of what the fact says, like a year or a plan's number."""
    context = f"{stated.value} {stated.unit} {stated.year} {stated.statement}"
    return numeral.replace(",", "") in (known.replace(",", "") for known in _NUMERAL.findall(context))


def _equals(numeral: str, after: str, stated: Fact) -> bool:
    """Compare a numeral, and the word of scale after it, with the fact's number and unit."""
    numeral = numeral.replace(",", "").replace("−", "-")
    scale = _SCALE.match(after)
    factor = _SCALES[scale[1]] / _scale_of(stated.unit) if scale else 1.0
    half_unit = 0.5 * 10.0 ** -len(numeral.partition(".")[2])
    return abs(float(numeral) - stated.number / factor) <= half_unit * (1 + 1e-9)


def _scale_of(unit: str) -> float:
    scale = _SCALE.match(unit)
    return _SCALES[scale[1]] if scale else 1.0


def _quotes(text: str, value: str) -> bool:
    if value.lower() in text.lower():
        return True
    # A date or years, written in part or in another order: the years must be there, and nothing else.
    years = set(re.findall(r"\b\d{4}\b", value))
    parts, known = (set(_NUMERAL.findall(part) + _MONTH.findall(part)) for part in (text, value))
    return bool(years) and years <= parts <= known
