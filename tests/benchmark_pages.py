"""What pages weigh and how Lighthouse judges them on a phone, beside a stock Jupyter Book made the usual way."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from conftest import CHROMIUM, FLAGS, JUPYTER_BOOK
from figures import Quiet, serve
from jointaction.explorers import explorer
from jointaction.site import slim
from playwright.sync_api import Browser

LIGHTHOUSE = shutil.which("lighthouse")  # npm install --global lighthouse
JUDGED = ("performance", "accessibility", "best-practices", "seo")
RUNS = 3

# The usual way: Altair draws, and a slider of Altair's own moves a rule along the line.
STOCK = """
import altair as alt
ratio = alt.param(value=1, bind=alt.binding_range(min=0, max=2, step=0.05, name="Matching ratio"))
rows = {rows}
line = alt.Chart(alt.Data(values=rows)).mark_line().encode(x="ratio:Q", y="pool:Q")
rule = alt.Chart(alt.Data(values=[{{}}])).mark_rule().encode(x=alt.datum(alt.expr(ratio.name))).add_params(ratio)
line + rule
"""


def measure_pages(browser: Browser, site: Path, every: bool = False) -> None:
    """Print the weight of each page of a built site, and Lighthouse's scores of three of them and of a stock page.

    With ``every`` Lighthouse judges all other pages too, and what is less than perfect is listed.
    """
    pages = ["index.html", *(path.relative_to(site).as_posix() for path in sorted(site.glob("book/**/*.html")))]
    with serve(site) as address:
        weights = {page: weigh(browser, f"{address}/", page, site) for page in pages}
    print("\nZipped bytes of all that a phone asks its host for when it opens a page, before a touch")
    for page, weight in weights.items():
        print(f"{page:<48}{weight / 1000:7.0f} kB")
    chapters = [
        page for page in pages if page.split("/")[1:2] in (["mechanisms"], ["recentralization"], ["whole-of-nation"])
    ]
    judged = ["index.html", max(chapters, key=weights.get), "book/reference/glossary.html"]
    with tempfile.TemporaryDirectory() as folder:
        stock = stock_book(Path(folder))
        with serve(stock) as address:
            weight = weigh(browser, f"{address}/", "index.html", stock)
        print(
            f"{'a stock Jupyter Book, one chart with a slider':<48}{weight / 1000:7.0f} kB, and what other hosts send"
        )
        if LIGHTHOUSE is None:
            print("Lighthouse is not installed: npm install --global lighthouse")
            return
        print(f"\nLighthouse on a phone, median of {RUNS}: {', '.join(JUDGED)}")
        for place, names in ((site, judged), (stock, ["index.html"])):
            with serve(place, Zipping) as address:
                for name in names:
                    label = name if place is site else "a stock Jupyter Book"
                    print(f"{label:<48}{' / '.join(map(str, scores(f'{address}/{name}')))}", flush=True)
    if every:
        judge_all(site)


def judge_all(site: Path) -> None:
    """Print what Lighthouse finds less than perfect, page by page; a slow run is told by the median of some."""
    print("\nLighthouse on a phone, every page: what is below 99 for performance or 100 for the rest")
    lowest = [100] * len(JUDGED)
    with serve(site, Zipping) as address:
        pages = [path.relative_to(site).as_posix() for path in slim.pages(site)]
        for page in pages:
            found, failed = judge(f"{address}/{page}")
            if found[0] < 99:
                found = scores(f"{address}/{page}")
            lowest = [min(pair) for pair in zip(lowest, found)]
            if found[0] < 99 or min(found[1:]) < 100:
                print(f"{page:<48}{' / '.join(map(str, found))} {', '.join(failed)}", flush=True)
    print(f"{f'the lowest of {len(pages)} pages':<48}{' / '.join(map(str, lowest))}")


def weigh(browser: Browser, address: str, path: str, site: Path) -> int:
    """Zipped bytes of everything that opening a page asks for."""
    page, names = browser.new_page(viewport={"width": 390, "height": 844}), set()
    page.on("request", lambda request: names.add(request.url.removeprefix(address).split("?")[0]))
    page.goto(address + path)
    page.close()
    return sum(zipped(site / name) for name in names if (site / name).is_file())


def zipped(file: Path) -> int:
    return len(gzip.compress(file.read_bytes()))


def stock_book(folder: Path) -> Path:
    """A book of one notebook with the line of the signature figure, as Jupyter Book makes it by itself."""
    figure = explorer("matching-ratio")
    ratios = [round(0.05 * step, 2) for step in range(41)]
    rows = [{"ratio": ratio, "pool": float(figure.results(matching_ratio=ratio)["pool"])} for ratio in ratios]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# A chart"), nbformat.v4.new_code_cell(STOCK.format(rows=rows))]
    )
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "index.ipynb")
    (folder / "_config.yml").write_text("title: A book\n", encoding="utf-8")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: index\n", encoding="utf-8")
    subprocess.run([Path(sys.executable).with_name(JUPYTER_BOOK), "build", folder], check=True, capture_output=True)
    return folder / "_build" / "html"


def scores(address: str) -> list[int]:
    """Lighthouse's scores of a page, from 0 to 100, each the median of some runs."""
    return [round(statistics.median(each)) for each in zip(*(judge(address)[0] for _ in range(RUNS)))]


def judge(address: str) -> tuple[list[int], list[str]]:
    """Lighthouse's scores of a page in one run, and the audits that it fails besides those of performance."""
    command = [LIGHTHOUSE, address, "--quiet", "--output=json", f"--only-categories={','.join(JUDGED)}"]
    command.append(f"--chrome-flags=--headless {' '.join(FLAGS)}")
    result = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "CHROME_PATH": CHROMIUM}
    )
    report = json.loads(result.stdout)
    asked = {ref["id"] for name in JUDGED[1:] for ref in report["categories"][name]["auditRefs"] if ref["weight"]}
    failed = [name for name in sorted(asked) if report["audits"][name]["score"] not in (None, 1)]
    return [round(100 * report["categories"][name]["score"]) for name in JUDGED], failed


class Zipping(Quiet):
    """Sends text zipped, as the hosts of such sites do."""

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        if not file.is_file():
            self.send_error(404)
            return
        content = file.read_bytes()
        text = file.suffix in (".html", ".css", ".js", ".svg", ".json")
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        if text:
            content = gzip.compress(content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(content)
