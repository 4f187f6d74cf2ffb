"""Where a stated number comes from, in words for readers: the rows of the table ``facts`` with their sources."""

from __future__ import annotations

import re
from typing import NamedTuple

from jointaction.sources import tables


class Source(NamedTuple):
    """A source in words. ``table`` and ``row`` say where in the book's data it stands, if it does, as text and name."""

    text: str
    table: str = ""
    row: str = ""
    address: str = ""

    def __str__(self) -> str:
        if not self.table:
            return self.text
        title = f"table “{tables.describe(self.table)['title']}”"
        return f"{self.text}; {title}" if self.text else ", ".join(filter(None, (title, self.row)))


class Origin(NamedTuple):
    """A row of the table ``facts`` as readers see it; ``value`` carries unit and, where nothing else says it, year."""

    statement: str
    value: str
    status: str
    source: Source
    formula: str
    check: str
    chapter: str
    reason: str


@tables.remembered
def origins() -> dict[str, Origin]:
    """Every fact by its id, in the order of the table."""
    return {
        row["fact_id"]: Origin(
            row["statement"],
            _value(row),
            row["status"],
            source(row["source"]),
            row["formula"],
            row["check"],
            row["chapter"],
            row["reason"],
        )
        for row in tables.load("facts").to_dict("records")
    }


def _value(row: dict) -> str:
    times = " ×" if re.match(r"\d", row["unit"]) else ""  # 91.92 × 100 million yuan
    value = f"{row['value']}{times} {row['unit']}".strip()
    said = f"{row['statement']} {value}"
    return value if all(year in said for year in re.findall(r"\d{4}", row["year"])) else f"{value} ({row['year']})"


_IN_TABLE = re.compile(r"(\w+) table(?:[,:] (.+))?")


def source(words: str) -> Source:
    """A source as the table ``facts`` names it; one such as ``ratios table, RT32`` becomes that row's own source."""
    match = _IN_TABLE.fullmatch(words)
    if not match or match[1] not in tables.tables():
        return Source(words)
    name, place = match[1], match[2] or ""
    row = _row(name, place)
    return Source(row.get("source", ""), name, place, row.get("address", ""))


def _row(name: str, place: str) -> dict:
    """The one row whose key is named in ``place``, or nothing."""
    named = set(re.split(r", |: ", place))
    rows = tables.load(name)
    keys = rows[tables.describe(name)["schema"]["primaryKey"]].astype(str)
    found = [number for number, key in enumerate(keys.itertuples(index=False)) if named.issuperset(key)]
    return rows.iloc[found[0]].to_dict() if len(found) == 1 else {}
