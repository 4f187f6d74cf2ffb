"""How far a row of a table is checked: six words, what each means, and which of them a chart draws solid."""

from __future__ import annotations

STATUSES = {
    "official": "read in the text, or on the page, of the body that issued it",
    "copy": "read in a reprint, a copy or a report with a named publisher",
    "unofficial": "read in a file or on a page that nobody answers for",
    "derived": "arithmetic on such figures; the formula is given",
    "brief": "stated in one of the two briefs only",
    "illustrative": "an assumption of a model, or the book’s own reading",
}

# What charts draw solid; every other status is drawn hollow.
READ = ("official", "copy")
