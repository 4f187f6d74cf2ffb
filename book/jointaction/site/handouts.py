"""All copies of the chapters in one folder, worksheets and keys printed as PDF too: ``make.py copies``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from jointaction.site import contents
from jointaction.site.copies import FOLDER, KINDS, write
from jointaction.site.whole import CHROMIUM, FLAGS


def print_pages(pages: list[Path]) -> list[Path]:
    """Print pages as PDF, each on A4 and on Letter, next to them.

    Without Chromium or Chrome nothing is printed and the list is empty: any browser prints the pages themselves.
    """
    if CHROMIUM is None:
        return []
    printed = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        sheet = browser.new_page()
        for path in pages:
            sheet.goto(path.as_uri())
            for size in ("A4", "Letter"):
                printed.append(path.with_name(f"{path.stem}-{size.lower()}.pdf"))
                sheet.pdf(path=printed[-1], format=size, tagged=True)
        browser.close()
    return printed


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="make.py copies", description="Write student and solution notebooks, worksheets and keys."
    )
    parser.add_argument("folder", nargs="?", type=Path, default=contents.ROOT / "_build" / FOLDER)
    folder = parser.parse_args(arguments).folder.resolve()
    written = write(folder)
    printed = print_pages([path for path in written if path.suffix == ".html"])
    print(f"Wrote {len(written)} copies of {len(written) // len(KINDS)} chapters into {folder}.")
    print(f"Printed {len(printed)} PDF files." if printed else "No browser was found to print the pages as PDF.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
