"""Make finished pages light: one style sheet, no script that no page needs, figures whose inner works wait until a touch."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError

from jointaction.site import styles
from jointaction.site.contents import DECKS

SHEET, PARTS = "_static/jointaction/site.css", "_static/jointaction/parts"
LINK = re.compile(r'<link\b[^>]*\brel="stylesheet"[^>]*>\s*')
PAYLOAD = re.compile(r'(<script type="application/json" class="ja-payload">)(.*?)(</script>)', re.DOTALL)
LATER = ("signals", "data", "panels")  # what a figure needs only once it lives

# What menu.js does in place of the theme's own script for menus, which weighs 24 kB zipped.
TOGGLES = {"dropdown", "tooltip"}
UNNAMED = '<summary><span class="toctree-toggle"'  # opens the pages below one in the contents
HANDLERS = re.compile(r' onclick="(?:window\.print|toggleFullScreen)\(\)"')


def rewrite_all(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Have every page written in every build: what is slim already cannot be made so again."""
    return sorted(env.found_docs)


def pages(site: Path) -> list[Path]:
    """The pages of a finished site; a theme leaves templates among its other files."""
    return sorted(path for path in site.rglob("*.html") if "_static" not in path.relative_to(site).parts)


def slim(app: Sphinx, exception: Exception | None) -> None:
    """Rewrite the pages of a finished site; a page or a sheet of unknown structure is refused in one sentence."""
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    shutil.rmtree(site / PARTS, ignore_errors=True)
    (site / PARTS).mkdir()
    texts = {path: path.read_text(encoding="utf-8") for path in pages(site)}
    for path, text in texts.items():
        if path.is_relative_to(site / DECKS) and '"rest":' not in text:  # it has a sheet of its own
            path.write_text(PAYLOAD.sub(lambda found: _split(site, found), text), encoding="utf-8")
    # A page of an earlier build, of a file that is gone, has its sheet already.
    texts = {path: text for path, text in texts.items() if not path.is_relative_to(site / DECKS)}
    texts = {path: text for path, text in texts.items() if LINK.search(text) and Path(SHEET).name not in text}
    for path, text in texts.items():
        _refuse_unknown(path.relative_to(site).as_posix(), text)
    whole, cut = _style(site, texts)
    (Path(app.doctreedir) / "whole.css").write_text(whole, encoding="utf-8")  # for the test that compares
    (site / SHEET).write_text(cut, encoding="utf-8")
    stamp = hashlib.sha256(cut.encode()).hexdigest()[:8]
    for path, text in texts.items():
        first = LINK.search(text).start()
        sheet = os.path.relpath(site / SHEET, path.parent).replace(os.sep, "/")
        text = f'{text[:first]}<link rel="stylesheet" href="{sheet}?v={stamp}">\n{LINK.sub("", text[first:])}'
        text = PAYLOAD.sub(lambda found: _split(site, found), HANDLERS.sub("", text))
        text = text.replace(UNNAMED, UNNAMED.replace("summary", 'summary aria-label="Pages below"', 1))
        path.write_text(text, encoding="utf-8")


def _refuse_unknown(page: str, text: str) -> None:
    unknown = set(re.findall(r'data-bs-toggle="([^"]*)"', text)) - TOGGLES
    if unknown:
        raise SphinxError(
            f"{page} has a part that opens by {min(unknown)!r}, which jointaction/site/assets/menu.js cannot open: teach "
            "it, or bring the theme's bootstrap.js back in templates/static/webpack-macros.html."
        )


def _split(site: Path, payload: re.Match) -> str:
    """Leave in the page what a still figure needs, and put the rest in a script: a folder gives a page nothing else."""
    page = json.loads(payload[2])
    rest = json.dumps({key: page.pop(key) for key in LATER}, ensure_ascii=False, separators=(",", ":"))
    name = f"jointaction-{page['name']}-{hashlib.sha256(rest.encode()).hexdigest()[:8]}"
    (site / PARTS / f"{name}.js").write_text(f"window[{json.dumps(name)}]={rest};\n", encoding="utf-8")
    kept = json.dumps({**page, "rest": name}, ensure_ascii=False, separators=(",", ":"))
    return payload[1] + kept.replace("<", "\\u003c") + payload[3]


def _style(site: Path, texts: dict[Path, str]) -> tuple[str, str]:
    """The text of all sheets in one, and what pages use of it."""
    lists = {path: tuple(_linked(path, text)) for path, text in texts.items()}
    usual = lists[max(lists, key=lambda path: len(lists[path]))]
    for path, own in lists.items():
        if own != tuple(sheet for sheet in usual if sheet in own):  # a page may do without some
            odd = ", ".join(sorted({sheet.name for sheet in {*own} ^ {*usual}})) or "the same in another order"
            raise SphinxError(
                f"{path.name} has other style sheets than other pages ({odd}); one sheet serves them all."
            )
    names: set[str] = set()
    for text in texts.values():
        names |= styles.names_in_page(text)
    for script in site.glob("_static/**/*.js"):
        if script.name not in ("charts.js", "bootstrap.js", "fontawesome.js") and script.parent.name != "slides":
            names |= styles.names_in_script(script.read_text(encoding="utf-8"))
    css = "".join(styles.read(sheet, site / SHEET) for sheet in usual)
    whole, cut = styles.parse(css), styles.parse(css, names)
    # Pages and the figures' script read variables too.
    read = {name for text in texts.values() for name in re.findall(r"--[\w-]+", text)}
    styles.drop_unused(cut, read | set(re.findall(r"--ja-[\w-]+", css)))
    styles.cut_icons(cut, site / SHEET)
    faces = [rule for rule in cut if rule.head == "@font-face"]
    whole = [rule for rule in whole if rule.head != "@font-face"]
    return styles.written([*faces, *whole]), styles.written(cut)


def _linked(page: Path, text: str) -> list[Path]:
    return [(page.parent / re.search(r'href="([^"?]+)', link)[1]).resolve() for link in LINK.findall(text)]
