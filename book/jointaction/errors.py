"""The error a reader may meet: one sentence, without a traceback, that names the nearest right thing."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class InputError(ValueError):
    """A value, a name or a file that the book cannot use; the message is one full sentence.

    IPython and Jupyter ask an exception for `_render_traceback_` before drawing a traceback,
    so a notebook shows the sentence alone. Plain Python still prints a normal traceback.
    """

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def nearest(name: object, known: Iterable[str]) -> str:
    """The known name most like ``name``; there must be at least one."""
    return difflib.get_close_matches(str(name), list(known), n=1, cutoff=0.0)[0]
