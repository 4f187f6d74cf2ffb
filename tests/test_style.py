"""The code of the whole repository as the linter wants it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from conftest import ROOT


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=["linter", "formatter"])
def test_the_linter_and_the_formatter_find_nothing(command: list[str]) -> None:
    command = [sys.executable, "-m", "ruff", *command, "--no-cache", str(ROOT)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
