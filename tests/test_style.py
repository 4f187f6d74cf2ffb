"""The code of the whole repository as the linter wants it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from conftest import ROOT


def test_the_linter_finds_nothing() -> None:
    ruff = Path(sys.executable).with_name("ruff.exe" if os.name == "nt" else "ruff")
    result = subprocess.run([str(ruff), "check", "--no-cache", str(ROOT)], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
