"""Formulas as MathML: no script, no font file, nothing to fetch."""

from __future__ import annotations

import html

from docutils import nodes
from latex2mathml.converter import convert


def inline(self, node: nodes.math) -> None:
    """Write an inline formula."""
    self.body.append(_mathml(node.astext(), "inline"))
    raise nodes.SkipNode


def display(self, node: nodes.math_block) -> None:
    """Write a formula on a line of its own."""
    self.body.append(
        f'<div class="ja-math" tabindex="0" role="group" aria-label="Formula">{_mathml(node.astext(), "block")}</div>'
    )
    raise nodes.SkipNode


def _mathml(latex: str, mode: str) -> str:
    # The source stays in reach of readers who copy a formula or whose browser draws no MathML.
    return convert(latex, display=mode).replace("<math ", f'<math alttext="{html.escape(latex)}" ', 1)
