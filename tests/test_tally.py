"""Predictions as codes: the page and Python make the same, and the tally reads what a class hands in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from figures import serve
from jointaction.faces import page as face
from jointaction.faces.predict import LETTERS, code, predict
from jointaction.site.tally import questions
from playwright.sync_api import Page, expect

HEAD = '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Q</title><link rel="icon" href="data:,"><script defer src="figure.js"></script>'


def test_each_answer_of_the_book_has_its_own_code() -> None:
    asked = questions()
    codes = [each for question in asked for each in question["codes"]]
    assert len({question["chapter"] for question in asked}) == 12 and len(codes) > 100
    assert len(set(codes)) == len(codes)
    assert all(question["truth"] for question in asked)


def test_a_slip_of_the_pen_is_no_other_code() -> None:
    """One letter wrong, or two neighbors swapped."""
    codes = {each for question in questions() for each in question["codes"]}
    for right in codes:
        for at in range(6):
            slips = {right[:at] + letter + right[at + 1 :] for letter in LETTERS} - {right}
            slips |= {right[:at] + right[at : at + 2][::-1] + right[at + 2 :]} - {right}
            assert not slips & codes, right


def test_page_and_python_make_the_same_codes(visit: Callable[..., Page], tmp_path: Path) -> None:
    made = [predict(f"question-{n}", "Which?", ["one", "two, or more", "three"]) for n in range(5)]
    made.append(predict("a-number", "How many?", low=0.5, high=9, step=0.25, unit="yuan"))
    text = HEAD + "".join(each._repr_html_() for each in made)
    (tmp_path / "index.html").write_text(text, encoding="utf-8")
    (tmp_path / "figure.js").write_bytes((face.ASSETS / "figure.js").read_bytes())
    with serve(tmp_path) as address:
        page = visit(address)
        for n, each in enumerate(made):
            form, place = page.locator(f'form[data-predict="{each.name}"]'), (n + 1) % 3
            if each.options:
                form.locator("input").nth(place).check()
            else:
                form.locator("input").fill(each.answers[place].split()[0])
            form.locator("button").click()
            expect(form.locator(".ja-predicted")).to_contain_text(f"Code for a class: {code(each.name, place)}")


def test_the_tally_counts_what_a_class_hands_in(open_page: Callable[..., Page]) -> None:
    fund = next(question for question in questions() if "sub-fund" in question["question"])
    local, _, state = fund["codes"]
    page = open_page("book/teaching/tally.html", "phone")
    page.get_by_label("Codes of the class").fill(f"{state}, {state.lower()}\n{local};XXXXXX\n\n{state}")
    page.get_by_role("button", name="Count").click()
    said = page.locator(".ja-unread")
    expect(said).to_contain_text("4 predictions counted. No code of this book: XXXXXX in line 2.")
    (shown,) = page.locator(".ja-counts section").all()
    rows = shown.locator("tbody tr").evaluate_all(
        "(rows) => rows.map((r) => [r.cells[0].textContent, r.cells[1].textContent])"
    )
    assert rows == [["a local government", "1"], ["a private firm", "0"], ["a central state enterprise", "3"]]
    assert shown.locator("meter").evaluate_all("(all) => all.map((m) => m.value / m.max)") == [0.25, 0, 0.75]
    truth = shown.locator("details p")
    expect(truth).to_be_hidden()
    shown.get_by_text("Show the answer").click()
    expect(truth).to_have_text(fund["truth"])
