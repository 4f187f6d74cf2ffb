"""The names that pages, addresses and other people's tests rely on, and the markup that carries them."""

from __future__ import annotations

import html.parser
import re

import pytest
from jointaction.explorers import EXPLORERS, explorer
from jointaction.faces.controls import Range
from jointaction.faces.page import figure

# explorer: controls with (default, low, high), None for what is not a slider; read-outs
CONTRACT = {
    "who-pays": (
        {
            "view": None,
            "caliber": None,
            "first_year": (1990, 1990, 2023),
            "last_year": (2023, 1990, 2023),
            "chosen_year": (2021, 1990, 2023),
        },
        ["total", "central", "local", "local_share"],
    ),
    "delegation": (
        {
            "information_gap": (1, 0.1, 3),
            "local_bias": (1, 0.1, 3),
            "local_weight": (0.33, 0, 1),
            "influence_exponent": (1, 0.25, 4),
            "strategic_reporting": None,
        },
        ["loss_centralize", "loss_delegate", "loss_joint", "best_weight", "best_matching_ratio"],
    ),
    "matching-ratio": (
        {
            "matching_ratio": (1, 0, 2),
            "agricultural_focus": (0.8, 0, 1),
            "influence": (1, 0, 1),
            "value_of_steering": (0.3, 0, 1),
            "local_value_share": (0.6, 0, 1),
            "opportunity_cost": (0.5, 0, 2),
            "central_per_province": (1, 0.1, 10),
            "ability_share": (0.1, 0.01, 1),
            "fiscal_stress": (0, 0, 1),
            "spend_unclaimed": None,
        },
        ["local_share", "joining", "unwilling", "unable", "pool", "nationally_steered", "central_unspent"],
    ),
    "center-funding": (
        {
            "business_share": None,
            "local_share": None,
            "total_cost": (15, 1, 60),
            "return_multiple": None,
            "appropriability": None,
            "hurdle": None,
            "subsidy_probability": None,
            "interest": None,
            "years": None,
            "viable_scale": None,
            "bridge": None,
        },
        [
            "business_pays",
            "progress",
            "viable",
            "funding_gap",
            "bridge_cost",
            "expected_local_burden",
            "required_appropriability",
        ],
    ),
    "fund-leverage": (
        {"stake": (0.209, 0.05, 0.35), "sub_fund_size": None, "central_budget": None, "partner_budget": None},
        ["leverage", "sub_funds", "partner_money", "commercialization_floor", "high_tech_share", "best_stake"],
    ),
    "mechanisms-compared": (
        {"matching_ratio": (1, 0, 2), "stake": (0.209, 0.05, 0.35), "central_budget": None, "additionality": (1, 0, 1)},
        [
            f"{mechanism}_{result}"
            for mechanism in ("joint_projects", "guidance_fund", "innovation_center")
            for result in ("accompanying", "additional", "directed", "not_contingent")
        ],
    ),
    "concentration": (
        {
            "priorities": (50, 5, 100),
            "skew": (0.5, 0, 2),
            "budget": (100, 10, 500),
            "scale_threshold": (4, 0.5, 50),
            "returns_shape": (8, 1, 16),
        },
        ["hhi", "effective_number", "breakthroughs", "funded_at_scale", "fundable", "money_below_scale"],
    ),
    "innovation-chain": (
        {
            "effort_early": (1 / 3, 0, 1),
            "effort_middle": (1 / 3, 0, 1),
            "productivity_early": (4, 0.2, 12),
            "productivity_middle": (1, 0.2, 12),
            "productivity_late": (4, 0.2, 12),
            "foreign_ideas": (0, 0, 0.9),
        },
        ["yield", "best_yield", "best_early", "best_middle", "best_late", "weakest_stage"],
    ),
    "elsewhere": (
        {
            "program": None,
            "matching_ratio": (1, 0, 2),
            "hold": None,
            "project_cost": (2, 0.2, 20),
            "grading": None,
            "fiscal_stress": (0, 0, 1),
            "influence": (1, 0, 1),
        },
        ["joining", "pool", "central_total", "average_ratio"],
    ),
    "selection": (
        {
            "local_noise": (1, 0.1, 3),
            "export_noise": (0.5, 0.1, 3),
            "local_weight": (0.5, 0, 1),
            "selected_share": (0.1, 0.01, 0.5),
            "export_gaming": (0, 0, 2),
            "report_gaming": (0, 0, 2),
        },
        ["mean_fitness", "signal_quality", "best_weight", "best_mean_fitness"],
    ),
}


@pytest.mark.parametrize("name", CONTRACT)
def test_names_and_ranges(name: str) -> None:
    kind, (controls, readouts) = EXPLORERS[name], CONTRACT[name]
    known = {control.name: control for control in kind.controls}
    assert set(controls) <= set(known)
    assert set(readouts) <= {readout.name for readout in kind.readouts}
    for control, numbers in controls.items():
        if numbers:
            p = known[control].parameter
            assert (p.default, p.low, p.high) == numbers, control


class Reader(html.parser.HTMLParser):
    """Collects the elements of a fragment and the ids that labels point to."""

    def __init__(self, text: str):
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self.elements.append((tag, dict(attributes)))

    def find(self, tag: str, **wanted: str) -> list[dict]:
        return [a for t, a in self.elements if t == tag and all(a.get(k) == v for k, v in wanted.items())]


@pytest.mark.parametrize("name", EXPLORERS)
def test_markup(name: str) -> None:
    page, kind = Reader(figure(explorer(name).payload())), EXPLORERS[name]
    (whole,) = page.find("figure")
    assert (whole["id"], whole["class"], whole["data-state"]) == (f"explorer-{name}", "explorer", "still")
    labels = {a["for"] for a in page.find("label")}
    for control in kind.controls:
        (element,) = page.find("input", name=control.name) + page.find("select", name=control.name)
        assert element["id"] in labels, control.name
        if isinstance(control, Range):
            p = control.parameter
            numbers = [float(element[key]) for key in ("min", "max", "value")]
            assert element["type"] == "range" and numbers == [p.low, p.high, p.default]
    results = explorer(name).results()
    for readout in kind.readouts:
        (output,) = page.find("output", name=readout.name)
        shown, computed = output["data-value"], results[readout.name]
        if isinstance(computed, float):
            assert computed != computed if shown == "" else float(shown) == computed, readout.name
        else:
            assert shown == (str(computed).lower() if isinstance(computed, bool) else str(computed)), readout.name
    assert {a["data-preset"] for a in page.find("button") if "data-preset" in a} == {p.id for p in kind.presets}
    moves = {"present", "pin", "reset", "copy-link", "qr-code", "embed"} if kind.controls else set()
    assert {a["data-action"] for a in page.find("button") if "data-action" in a} == moves | {
        "cite",
        "download-csv",
        "download-png",
        "download-svg",
    }
    assert page.find("svg") or kind.table_open
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", [n for n, kind in EXPLORERS.items() if any(r.cell for r in kind.readouts)])
def test_a_table_of_readouts_is_full_and_names_each(name: str) -> None:
    text = figure(explorer(name).payload())
    (answers,) = re.findall(r'<div class="ja-table ja-answers".*?</table>', text, re.DOTALL)
    cells = re.findall(r"<td>(.*?)</td>", answers.partition("<tbody>")[2])
    heads = re.findall(r'<th scope="col">([^<]*)', answers)
    rows = re.findall(r'<th scope="row">([^<]*)', answers)
    assert len(cells) == len(heads) * len(rows)
    for i, cell in enumerate(cells):
        row, column = rows[i // len(heads)], heads[i % len(heads)]
        (readout,) = [r for r in EXPLORERS[name].readouts if r.cell == (row, column)]
        if readout.name in EXPLORERS[name].lead_readouts:
            assert f'data-again="{readout.name}"' in cell
        else:
            assert f'aria-label="{row}: {column}' in cell and f'name="{readout.name}"' in cell
        assert readout.note in cell


def test_the_fund_s_number_is_not_called_directed() -> None:
    page = Reader(figure(explorer("mechanisms-compared").payload()))
    (output,) = page.find("output", name="guidance_fund_directed")
    assert output["aria-label"] == "Guidance fund: Directed by Beijing (tied, not directed)"


@pytest.mark.parametrize("name", EXPLORERS)
def test_a_preset_says_what_it_sets(name: str) -> None:
    """It leaves the rest alone, so that its title has to name what it moves."""
    kind, page = EXPLORERS[name], Reader(figure(explorer(name).payload()))
    labels = {control.name: control.label for control in kind.controls}
    for preset in kind.presets:
        assert preset.values, f"{preset.id} sets nothing, so its button does nothing"
        (button,) = page.find("button", **{"data-preset": preset.id})
        told = button["title"].partition("Sets ")[2]
        assert preset.help in button["title"]
        assert all(f"{labels[control]}: " in told for control in preset.values), preset.id
        assert told.endswith("Other controls stay as they are.") == (len(preset.values) < len(labels)), preset.id
