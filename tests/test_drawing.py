"""The charts that travel compiled, so that a live session can do without vl-convert."""

from __future__ import annotations

import sys

import pytest
from jointaction import explorer
from jointaction.errors import InputError
from jointaction.explorers import EXPLORERS
from jointaction.faces import drawing, live
from jointaction.site.execute import charts


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session without vl-convert."""
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    monkeypatch.delenv(live.STATIC_VARIABLE, raising=False)
    drawing._compiled.cache_clear()
    yield
    drawing._compiled.cache_clear()


def test_the_compiled_charts_are_those_of_today() -> None:
    """If this fails, run ``python make.py notebooks``, or commit what it wrote."""
    assert drawing.COMPILED.read_text(encoding="utf-8") == charts()


def test_every_figure_comes_alive_without_the_compiler(bare: None) -> None:
    for name in EXPLORERS:
        figure = explorer(name)
        _, page = live._face(figure.explorer)
        assert [panel["vega"]["$schema"] for panel in page["panels"]], name
        bundle = figure._repr_mimebundle_()
        assert live.WIDGET_MIME in bundle and "image/svg+xml" not in bundle


def test_a_chart_of_one_s_own_says_what_it_needs(bare: None) -> None:
    spec = explorer("delegation").drawings()[0]["spec"] | {"title": "mine"}
    with pytest.raises(InputError, match="pip install vl-convert-python"):
        drawing.compiled(spec)
