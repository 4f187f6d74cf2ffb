"""What no page foresees: addresses of any kind, moves in any order. A figure stays silent, and shows what it knows."""

from __future__ import annotations

import random
from urllib.parse import quote

import pytest
from figures import bring_to_life, figure
from jointaction.explorers import EXPLORERS
from jointaction.faces.controls import Range
from playwright.sync_api import expect
from settings import MOVING, ends

ADDRESSES, MOVES = 30, 118  # for each of 17 figures: 510 and 2,006
JUNK = [
    "", " ", "lots", "NaN", "-Infinity", "1e999", "-0", "0x10", "1,5", "１２", "true", "null", "省", "<b>", "%", "%E0%A4%A",
    "a" * 2000, "\0", "../..", "[object Object]",
]  # fmt: skip
STRANGERS = ["__proto__", "constructor", "toString", "no_such_control", "", ".", "matching_ratio"]


def addresses(name: str) -> list[str]:
    """Queries for a figure: settings that are right, out of range, of no kind, twice, and of controls it lacks."""
    source, found = random.Random(f"addresses of {name}"), []

    def text(control: object) -> str:
        if source.random() < 0.3:
            return source.choice(JUNK)
        if isinstance(control, Range):
            low, high = control.parameter.low, control.parameter.high
            return repr(source.uniform(low - (high - low), high + (high - low)))
        return str(source.choice(ends(control))).replace("True", "true")

    for _ in range(ADDRESSES):
        controls = source.choices(EXPLORERS[name].controls, k=source.randint(0, 6))
        parts = [(f"{name}.{control.name}", text(control)) for control in controls]
        parts += [(f"{name}.{source.choice(STRANGERS)}", source.choice(JUNK)) for _ in range(source.randint(0, 2))]
        parts += [(name, source.choice(JUNK))] if source.random() < 0.4 else []
        parts += [("present", source.choice(JUNK))] if source.random() < 0.2 else []
        source.shuffle(parts)
        raw = source.random() < 0.2  # as a reader who types it would have it
        found.append("?" + "&".join(f"{key}={value if raw else quote(value)}" for key, value in parts).replace("#", ""))
    return found


# What is wrong with a figure that moves: a read-out without words, a control out of its range, no drawing.
WRONG = """() => { window.wrong = (figure) => {
  const said = [...figure.querySelectorAll("output")].filter((o) => !o.textContent.trim() || /NaN|undefined|null|object/.test(o.textContent));
  const out = [...figure.querySelectorAll("input[type=range]")].filter((i) => !(Number(i.value) >= Number(i.min) && Number(i.value) <= Number(i.max)));
  const state = figure.dataset.state === "live" ? [] : [figure.dataset.state];
  return [...said.map((o) => `${o.name}: ${o.textContent}`), ...out.map((i) => `${i.name}: ${i.value}`), ...state];
}; }"""

# An address read as at a page's start, without the time that a page takes.
READ = """async (queries) => {
  const figure = document.querySelector("figure.explorer"), engine = figure.explorer, found = [];
  for (const query of queries) {
    history.replaceState(null, "", location.pathname + query);
    engine.state = { ...engine.page.start };
    engine.readAddress();
    engine.showControls();
    engine.update();
    await new Promise(requestAnimationFrame);
    found.push(...wrong(figure).map((text) => `${query}: ${text}`));
  }
  return found;
}"""

MOVE = """async ([count, seed]) => {
  const figure = document.querySelector("figure.explorer"), found = [];
  const random = () => { seed = (seed * 1664525 + 1013904223) % 4294967296; return seed / 4294967296; };
  const one = (list) => list[Math.floor(random() * list.length)];
  const send = (element, type, kind = Event, more = {}) => element.dispatchEvent(new kind(type, { bubbles: true, cancelable: true, ...more }));
  const all = (what) => [...figure.querySelectorAll(what)];
  const moves = {
    slide(input) { const low = Number(input.min), high = Number(input.max); input.value = low + (random() * 1.4 - 0.2) * (high - low); send(input, "input"); },
    type(input) { input.value = random() < 0.5 ? random() * 20 - 5 : one(["", "-0", "1e300", "-1e300", "0.12345678901"]); send(input, "input"); send(input, "change"); },
    choose(input) { input.selectedIndex = Math.floor(random() * input.length); send(input, "input"); send(input, "change"); },
    tick(input) { input.checked = !input.checked; send(input, "input"); send(input, "change"); },
    key(input) { send(input, "keydown", KeyboardEvent, { key: one(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "Escape", "x"]) }); },
    press(button) { button.click(); },
    fold(details) { details.open = !details.open; },
    point(mark) { const { x, y } = mark.getBoundingClientRect(); send(mark, one(["pointermove", "mousemove", "click"]), PointerEvent, { clientX: x + 1, clientY: y + 1 }); },
  };
  const kinds = [["slide", "input[type=range]"], ["type", ".ja-number"], ["choose", "select"], ["tick", "input[type=checkbox]"],
    ["key", "input[type=range], .ja-number"], ["press", "[data-preset], [data-action=reset], [data-action=present]"],
    ["fold", "details"], ["point", ".ja-live svg, .ja-live path"]];
  for (let i = 0; i < count; i += 1) {
    let elements = [], kind;
    while (!elements.length) { const [name, what] = one(kinds); kind = name; elements = all(what); }
    moves[kind](one(elements));
    if (random() < 0.3) await new Promise(requestAnimationFrame);
    found.push(...wrong(figure).map((text) => `move ${i}, ${kind}: ${text}`));
  }
  return found;
}"""


@pytest.mark.parametrize("name", MOVING)
def test_any_address_and_any_moves_stay_silent(name: str, open_figure) -> None:
    """What a page says on its console fails the test too: see ``visit``."""
    queries = addresses(name)
    page = open_figure(name, query=queries[0])
    bring_to_life(page, name)
    page.evaluate(WRONG)
    assert page.evaluate(READ, queries[1:]) == []
    assert page.evaluate(MOVE, [MOVES, len(name)]) == []
    expect(figure(page, name)).to_have_attribute("data-state", "live")
