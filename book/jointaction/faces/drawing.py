"""What vl-convert does for a figure: it compiles charts to Vega and draws pictures.

A live session needs only the first, and vl-convert would take a sixth of its room. So the charts of all figures lie
compiled in a file of the package, which ``python make.py notebooks`` writes, and are read there where vl-convert is
absent.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from jointaction.errors import InputError

COMPILED = Path(__file__).parent / "assets" / "compiled.json"


def vl_convert() -> ModuleType | None:
    """The library, or None where it is not installed."""
    try:
        import vl_convert
    except ImportError:
        return None
    return vl_convert


def compiled(spec: dict) -> dict:
    """A Vega-Lite specification as Vega.

    Raises :class:`jointaction.errors.InputError` where vl-convert is absent and the chart is not in the file.
    """
    return json.loads(_compiled(_text(spec)))


@functools.lru_cache(maxsize=64)
def _compiled(spec: str) -> str:
    if library := vl_convert():
        return _text(library.vegalite_to_vega(spec))
    try:
        return _text(_kept()[_key(spec)])
    except KeyError:
        raise InputError(
            "This chart is not one of the book’s own, so drawing it takes one more package: "
            "run `%pip install vl-convert-python` in a cell and restart the kernel."
        ) from None


def _text(spec: dict) -> str:
    return json.dumps(spec, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _key(spec: str) -> str:
    return hashlib.sha256(spec.encode()).hexdigest()[:16]


@functools.cache
def _kept() -> dict[str, dict]:
    return json.loads(COMPILED.read_text(encoding="utf-8"))


def table(specs: Iterable[dict]) -> str:
    """The file's text for these specifications: one line a chart, so that a change shows as the line it is."""
    lines = {_key(_text(spec)): _compiled(_text(spec)) for spec in specs}
    return "{\n" + ",\n".join(f'"{key}":{lines[key]}' for key in sorted(lines)) + "\n}\n"
