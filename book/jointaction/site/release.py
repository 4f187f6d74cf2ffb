"""The files of a release, made from a built site: the whole site to read offline, the whole book as one PDF, the class pack.

``make.py release`` builds the site with ``BOOK_DOWNLOADS`` set, so that a page leads to these files, makes them in
``_build/release`` and puts them into the site's folder ``downloads``.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import zipfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from jointaction.errors import InputError
from jointaction.site import launch
from jointaction.site.pack import class_pack
from jointaction.site.published import DOWNLOADS, FEED, LOST, NAME
from jointaction.site.whole import CHROMIUM, FLAGS, printed

# What only a published site needs.
ONLINE = {f"{LOST}.html", "robots.txt", "sitemap.xml", FEED, ".nojekyll", ".buildinfo", DOWNLOADS}
LINKS = re.compile(r'<ul class="ja-downloads.*?</ul>', re.DOTALL)
DAY = (1980, 1, 1, 0, 0, 0)  # one and the same for all files, so that the same site gives the same zip


def offline(site: Path, out: Path) -> Path:
    """The built site as one zip; its single folder opens in a browser as it is."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
        for path in sorted(site.rglob("*")):
            place = path.relative_to(site)
            if not path.is_file() or place.parts[0] in ONLINE:
                continue
            content = path.read_bytes()
            if path.suffix == ".html" and b"ja-downloads" in content:
                content = LINKS.sub("<p>This is the copy to read offline.</p>", content.decode()).encode()
            info = zipfile.ZipInfo(f"{NAME}/{place.as_posix()}", DAY)
            info.external_attr = 0o644 << 16
            pack.writestr(info, content, zipfile.ZIP_DEFLATED)
    return out


def paper(site: Path, out: Path) -> Path:
    """The whole book as one PDF, printed by the browser of this machine.

    Raises :class:`jointaction.errors.InputError` where there is none.
    """
    if CHROMIUM is None:
        raise InputError("The PDF is printed by Chromium or Chrome: install one, or name it in the variable CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        return printed(site, browser, out, launch.site(os.environ))


def main(build: Path) -> None:
    """Make the files of a release beside the site in this build folder, and put them into the site."""
    site, out = build / "html", build / "release"
    if not (site / "index.html").exists():
        raise InputError(f"There is no built site in {site}: run python3 make.py build first.")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    files = [offline(site, out / f"{NAME}.zip"), paper(site, out / f"{NAME}.pdf"), class_pack(out)]
    (site / DOWNLOADS).mkdir(exist_ok=True)
    for file in files:
        shutil.copyfile(file, site / DOWNLOADS / file.name)
        print(f"{file}  {file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]) if sys.argv[1:] else Path("_build"))
    except InputError as error:
        sys.exit(str(error))
