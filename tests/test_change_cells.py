"""The cell of each chapter that changes its model: it runs alone, shows, and its answer states what it computes."""

from __future__ import annotations

import ast
import re
from typing import Any

import numpy as np
import pytest
from chapters import Page, read
from jointaction import explorer, load
from jointaction.faces.explorer import Explorer
from jointaction.faces.live import FIGURE_MIME
from jointaction.site.contents import notebooks
from jointaction.site.execute import CHANGES

PAGES = [page for page in map(read, notebooks()) if not page.draft]

# Settings that an answer speaks of besides the start of its cell.
ALSO: dict[str, list[dict[str, Any]]] = {
    "key-rd-program": [{"matching_ratio": 0.5}, {"matching_ratio": 1.5}],
    "elsewhere": [{"grading": "flat", "matching_ratio": 0.25}, {"grading": "flat", "matching_ratio": 1.0}],
    "joint-action": [{"information_gap": 0.9}],
    "concentration": [{"priorities": 13}],
    "innovation-chain": [{"effort_early": 0.0, "effort_middle": 0.0}],
}


def of(name: str) -> Page:
    return next(page for page in PAGES if page.path.stem == name)


def the_cell(page: Page) -> tuple[str, Any, str]:
    """What is asked before the cell, the cell, and the answer after it."""
    cells = page.notebook.cells
    (place,) = (i for i, cell in enumerate(cells) if cell.cell_type == "code" and CHANGES.search(cell.source))
    asked = re.split(r"^## Change the (?:model|data)$", cells[place - 1].source, flags=re.MULTILINE)[1]
    answer = re.match(r"```\{dropdown\} What you should see\n(.*?)\n```", cells[place + 1].source, re.DOTALL)[1]
    return asked, cells[place], answer


def shown(code: str) -> Explorer:
    """The figure that the cell shows, worked out with nothing but what a chapter imports first."""
    *before, last = ast.parse(code).body
    scope: dict[str, Any] = {"explorer": explorer, "load": load}
    exec(compile(ast.Module(before, []), "cell", "exec"), scope)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), scope).explorer


def book(figure: Explorer) -> Explorer:
    return type(figure)(figure.start)


def numerals(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?", text.replace("−", "-")))


def computed(figure: Explorer, also: list[dict[str, Any]]) -> list[float]:
    """Every number that the figure and the book's own give, at the start of the cell and at ``also``."""
    answers = [one.results(**setting) for one in (figure, book(figure)) for setting in [{}, *also]]
    return [float(v) for answer in answers for v in answer.values() if isinstance(v, (int, float)) and np.isfinite(v)]


@pytest.mark.parametrize("name", [page.path.stem for page in PAGES])
def test_the_answer_states_what_the_cell_computes(name: str) -> None:
    asked, cell, answer = the_cell(of(name))
    figure = shown(cell.source)
    values = computed(figure, ALSO.get(name, []))
    given = numerals(cell.source) | numerals(" ".join(f"{v}" for v in figure.values().values()))
    given |= {f"{v:g}" for setting in ALSO.get(name, []) for v in setting.values() if not isinstance(v, str)}
    for number in sorted(numerals(answer) | numerals(asked)):
        digits = len(number.partition(".")[2])
        right = any(f"{value:.{digits}f}" == number for value in values)
        assert right or number in given | BESIDE.get(name, set()), f"{number} is no result of the cell of {name}"


# Numbers of an answer that are no read-out; each is worked out in a test below.
BESIDE = {
    "concentration": {"16", "15"},
    "industrial-base": {"4.5", "8"},
    "key-rd-program": {"31", "1"},
    "who-pays": {"2019", "2020", "2021", "48.8", "50.2"},
}


@pytest.mark.parametrize("name", [page.path.stem for page in PAGES])
def test_the_changed_figure_differs_and_is_saved_as_what_it_is(name: str) -> None:
    _, cell, _ = the_cell(of(name))
    figure = shown(cell.source)
    assert figure.results() != book(figure).results()
    (output,) = cell.outputs
    saved = output["data"][FIGURE_MIME]
    assert saved["changed"] == figure.changed and figure.changed.startswith(("changed model: ", "changed table: "))
    assert saved == {**saved, **figure.record()}
    assert "hide-input" not in cell.metadata.get("tags", [])


def joiners(figure: Explorer, **setting: Any) -> set[str]:
    rows = figure.evaluate(**setting).tables["provinces"]
    return set(rows["province"][rows["outcome"] == "joins"])


def test_key_rd_program() -> None:
    figure = shown(the_cell(of("key-rd-program"))[1].source)
    assert joiners(figure) - joiners(book(figure)) == {"Guangdong", "Jiangsu"}
    rows = figure.evaluate().tables["provinces"]
    six = set(rows["province"][rows["rd_relative"] > 1])
    assert six == {"Shanghai", "Beijing", "Tianjin", "Zhejiang", "Guangdong", "Jiangsu"}
    for ratio in (1.5, 1.7, 2.0):
        assert joiners(figure, matching_ratio=ratio) == joiners(book(figure), matching_ratio=ratio)
        assert not six & joiners(figure, matching_ratio=ratio)
    larger = explorer("matching-ratio", model={"fit": lambda a, t, focus: focus * a + (1 - focus) * t + (t > 1)})
    assert "Shanghai" in joiners(larger.explorer)


def test_elsewhere() -> None:
    figure = shown(the_cell(of("elsewhere"))[1].source)
    left = joiners(book(figure)) - joiners(figure)
    rows = figure.evaluate().tables["provinces"].set_index("province").loc[sorted(left)]
    assert left == {"Jiangxi", "Ningxia"} and (rows["self_sufficiency"] < 0.4).all()
    assert (rows["income_relative"] > 0.75).all() and (rows["asked"].round(3) == 0.667).all()


def test_concentration() -> None:
    figure = shown(the_cell(of("concentration"))[1].source)
    best = []
    for one in (figure, book(figure)):
        lengths = one.evaluate().tables["lengths"]
        best.append(lengths["length"][lengths["your shape of returns"].idxmax()])
    assert best == [16, 15]


def test_who_pays() -> None:
    figure = shown(the_cell(of("who-pays"))[1].source)
    shares = figure.evaluate(view="share").tables["shown"].set_index("year")["value"]
    assert (round(shares[2019], 1), round(shares[2020], 1)) == (48.8, 50.2)
    assert (shares[shares.index < 2020] < 50).all() and (shares[shares.index >= 2020] > 50).all()
    assert figure.results()["total"] == book(figure).results()["total"]


def test_guidance_fund() -> None:
    figure = shown(the_cell(of("guidance-fund"))[1].source)
    at = [figure.results(stake=stake)["partner_money"] for stake in (0.1, 0.15, 0.2)]
    assert at == sorted(at)  # a thinner stake brings less here
    stakes = load("sub_funds")["central_stake"].dropna()
    assert (stakes >= 20).all()  # no sub-fund of the table is below a fifth
