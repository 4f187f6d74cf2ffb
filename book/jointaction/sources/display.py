"""Tables as readers see them: plain, labeled and reachable by keyboard."""

from __future__ import annotations

import html
from collections.abc import Mapping

import pandas as pd


class Table:
    """A DataFrame with a caption and readable headings, shown as accessible HTML.

    The first column heads each row. A missing value reads "not available". Numbers are aligned to the right
    and shown with the decimals given for their column.
    """

    def __init__(
        self,
        rows: pd.DataFrame,
        caption: str,
        labels: Mapping[str, str] | None = None,
        digits: Mapping[str, int] | None = None,
        source: str = "",
    ):
        self.rows, self.caption, self.source = rows, caption, source
        self.labels, self.digits = dict(labels or {}), dict(digits or {})

    def _text(self, column: str, value: object) -> str:
        if pd.isna(value):
            return "not available"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, float) or column in self.digits:
            return f"{value:,.{self.digits.get(column, 2)}f}"
        return str(value)

    def _repr_html_(self) -> str:
        columns = list(self.rows.columns)
        numeric = {c for c in columns if pd.api.types.is_numeric_dtype(self.rows[c]) and self.rows[c].dtype != bool}
        # Alignment stands in the cells too, since JupyterLab has no style sheet of ours and aligns to the right.
        tag = {
            c: ' class="number" style="text-align:right"'
            if c in numeric and c in self.digits
            else ' style="text-align:left"'
            for c in columns
        }
        head = "".join(
            f'<th scope="col"{tag[c]}>{html.escape(self.labels.get(c, c.replace("_", " ").capitalize()))}</th>'
            for c in columns
        )
        body = []
        for _, row in self.rows.astype(object).iterrows():
            cells = [f"<td{tag[c]}>{html.escape(self._text(c, row[c]))}</td>" for c in columns[1:]]
            first = html.escape(self._text(columns[0], row[columns[0]]))
            body.append(f'<tr><th scope="row" style="text-align:left">{first}</th>{"".join(cells)}</tr>')
        caption = html.escape(self.caption)
        note = f'<p class="ja-source">Source: {html.escape(self.source)}</p>' if self.source else ""
        return (
            f'<div class="ja-table" role="region" aria-label="{caption}" tabindex="0"><table>'
            f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>\n"
            + "\n".join(body)
            + f"\n</tbody></table></div>{note}"
        )

    def __repr__(self) -> str:
        shown = pd.DataFrame(
            {self.labels.get(c, c): [self._text(c, v) for v in self.rows[c].astype(object)] for c in self.rows.columns}
        )
        return f"{self.caption}\n{shown.to_string(index=False)}"


def table(
    rows: pd.DataFrame,
    caption: str,
    labels: Mapping[str, str] | None = None,
    digits: Mapping[str, int] | None = None,
    source: str = "",
) -> Table:
    """Show ``rows`` with a caption; ``labels`` renames columns and ``digits`` sets decimals per column."""
    return Table(rows, caption, labels, digits, source)
