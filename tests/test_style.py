"""The code of the whole repository as the linter wants it."""

from __future__ import annotations

import subprocess
import sys

from conftest import ROOT


def test_the_linter_finds_nothing() -> None:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", str(ROOT)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
