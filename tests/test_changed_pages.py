"""A changed figure on a page: it moves where its functions can be written out, and is a marked still elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from figures import PAGE, bring_to_life, figure, put
from jointaction.explorers import EXPLORERS, explorer
from jointaction.faces.changes import Formula
from jointaction.faces.live import FIGURE_MIME
from jointaction.site.render import FigureRenderer
from playwright.sync_api import expect
from settings import same, settings


def kinked(primary_relative, rd_relative, agricultural_focus):
    if rd_relative > 1 and not primary_relative > 1.5:
        return max(agricultural_focus, 0.3) * primary_relative + rd_relative**2
    return abs(primary_relative - 0.2)


def convex(effort, productivity):
    return 0 if effort < 0.1 else 1 - 0.9 ** (10 * productivity * effort)


MOVING = {
    "matching-ratio": {"fit": kinked},
    "innovation-chain": {"chain_yield": lambda efforts, productivities, f: efforts[0] * efforts[1] * efforts[2]},
    "selection": {"selection_intensity": lambda share: 1 - share if share < 0.2 else 0.5},
    "fund-leverage": {"commercialization_floor": lambda stake: max(3 * stake, 0.7 if 0.1 <= stake < 0.2 else 0.4)},
}
STANDING = {
    "matching-ratio": {"willing": lambda a, t, m, *rest: m < 0.3 + 0.5 * t},
    "concentration": {"success": lambda money, threshold, shape: min(1.0, 0.5 * money / threshold)},
    "delegation": {"loss": lambda gap, bias, weight, overstates: gap * (1 - weight)},  # no ratio is high enough
    "innovation-chain": {"chance": lambda effort, productivity: sum([0.1 * productivity] * round(effort * 20)) / 30},
}


class Output:
    """An output of a saved notebook as myst-nb hands it on."""

    def __init__(self, name: str, model: dict[str, Callable], **start: object):
        self.mime_type = FIGURE_MIME
        self.content = json.dumps(explorer(name, model=model, **start)._repr_mimebundle_()[FIGURE_MIME])

    @property
    def markup(self) -> str:
        return FigureRenderer.handle_mime(None, self, False)[0].astext()


@pytest.fixture
def open_changed(visit, bare: tuple[Path, str]) -> Callable:
    folder, address = bare

    def open_(name: str, model: dict[str, Callable], **start: object):
        file = folder / f"{name}-changed.html"
        file.write_text(PAGE.replace("{figure}", Output(name, model, **start).markup), encoding="utf-8")
        return visit(f"{address}/{file.name}")

    return open_


@pytest.mark.parametrize("name", MOVING)
def test_a_changed_figure_moves_as_in_python(name: str, open_changed) -> None:
    changed, here = explorer(name, model=MOVING[name]), f"{name}-changed"
    page = open_changed(name, MOVING[name])
    bring_to_life(page, here)
    given = put(page, here, *settings(name)[:60])
    for setting, got in zip(settings(name), given):
        for readout, value in changed.results(**setting).items():
            assert same(got[readout], value), (readout, setting)
    assert figure(page, here).locator(".ja-changed").inner_text() == f"Changed model: {', '.join(MOVING[name])}" + (
        "; no kink is marked for another floor." if name == "fund-leverage" else "."
    )
    assert figure(page, here).locator('[data-action="embed"]').count() == 0


@pytest.mark.parametrize("name", STANDING)
def test_what_no_expression_says_stands_still_and_says_so(name: str, open_changed) -> None:
    start = {c.name: c.parameter.high for c in EXPLORERS[name].controls[:1] if hasattr(c, "parameter")}
    page, here = open_changed(name, STANDING[name], **start), f"{name}-changed"
    changed = explorer(name, model=STANDING[name], **start)
    assert figure(page, here).locator("input, select").count() == 0
    assert "it moves in JupyterLab" in figure(page, here).locator(".ja-changed").inner_text()
    for readout in EXPLORERS[name].readouts:
        shown = figure(page, here).locator(f'output[name="{readout.name}"]').inner_text()
        assert shown == readout.text(changed.results()[readout.name])
        figure(page, here).locator("button").first.focus()  # the engine writes the numbers anew
        expect(figure(page, here)).to_have_attribute("data-state", "live")
        assert figure(page, here).locator(f'output[name="{readout.name}"]').inner_text() == shown
    assert figure(page, here).locator(".ja-still svg").count() >= len(changed.explorer.drawings())


def test_a_plain_function_is_written_out() -> None:
    def own(a, b):
        return a

    def formula(function: Callable) -> str:
        return Formula.of(own, function).expression

    assert formula(lambda a, b: a + 1 if a > b else b) == "((__a__ > __b__) ? (__a__ + 1) : __b__)"
    assert formula(lambda a, b: max(a, b)) == "((__b__ > __a__) ? __b__ : __a__)"
    assert formula(lambda a, b: 0 < a < 1) == "((__a__ > 0) ? (__a__ < 1) : (__a__ > 0))"
    assert str(Formula.of(own, lambda a, b: a / b)(2.0, 0.5)) == "(2.0 / 0.5)"
    assert str(Formula.of(own, lambda a, b: a[1])([1, 2], 3)) == "[1, 2][1]"
    with pytest.raises(TypeError, match="cannot be gone through"):
        formula(lambda a, b: sum(a))
    with pytest.raises(TypeError, match="not a number"):
        formula(lambda a, b: round(float(a), 2))
    with pytest.raises(TypeError, match="more than 64 branches"):
        formula(lambda a, b: sum(1 for k in range(9) if a > k))


def test_a_changed_figure_is_recorded_alike_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOINTACTION_STATIC", "1")
    for name, model in STANDING.items():
        one, other = (explorer(name, model=model)._repr_mimebundle_()[FIGURE_MIME] for _ in range(2))
        assert one == other and one["changed"].startswith("changed model: ")
        assert "NaN" not in json.dumps(one)
