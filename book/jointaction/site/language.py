"""Say of Chinese words that they are Chinese: a screen reader then pronounces them, a browser picks their glyphs."""

from __future__ import annotations

import re

# Tags, and elements whose text is not prose or may hold no element.
_KEPT = r"<!--.*?-->|<(script|style|pre|code|textarea|select|title|svg|math)\b[^>]*>.*?</\1\s*>|<[^>]*>"
_PIECE = re.compile(rf"{_KEPT}|[^<]+", re.DOTALL)
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MARKS = "\u3001\u3002\u3008-\u3011\u3014-\u301b\uff08\uff09\uff0c\uff1a\uff1b"  # Chinese punctuation
# A run of characters, with the punctuation around it and numbers within it: 国发〔1993〕85号.
_CHINESE = re.compile(rf"[{_MARKS}]*[{_HAN}](?:[{_HAN}{_MARKS}0-9]*[{_HAN}{_MARKS}])?")


def mark(markup: str) -> str:
    """The HTML with each run of Chinese characters in a ``span`` that names the language; its text stays the same."""

    def piece(match: re.Match) -> str:
        return match[0] if match[0].startswith("<") else _CHINESE.sub(r'<span lang="zh-Hans">\g<0></span>', match[0])

    return _PIECE.sub(piece, markup)
