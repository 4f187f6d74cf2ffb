"""What a reader sees of a notebook without a kernel: its HTML as ``jupyter nbconvert`` makes it."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from chapters import read
from jointaction.explorers import EXPLORERS
from jointaction.faces.live import FIGURE_MIME
from jointaction.faces.page import TO_MOVE
from jointaction.site.contents import notebooks
from nbconvert import HTMLExporter

PICTURE = re.compile(r'<img [^>]*src="data:image/svg\+xml;base64,([\w+/=]+)"')


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_each_figure_is_a_picture_that_says_how_it_moves(path: Path) -> None:
    chapter = read(path)
    html, _ = HTMLExporter().from_notebook_node(chapter.notebook)
    names = [
        out.data[FIGURE_MIME]["name"]
        for cell in chapter.code
        for out in cell.outputs
        if FIGURE_MIME in out.get("data", {})
    ]
    pictures = [base64.b64decode(code).decode() for code in PICTURE.findall(html)]
    assert len(pictures) == len(names) > 0
    for name, picture in zip(names, pictures):
        figure = EXPLORERS[name]
        assert picture.startswith("<svg") and f">{figure.title}</text>" in picture.replace("&amp;", "&")
        assert (f">{TO_MOVE}</t" in picture) == bool(figure.controls)  # a text, or one of several lines
