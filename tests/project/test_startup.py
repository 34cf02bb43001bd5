"""What must feel instant does: the command line imports no heavy library before it needs it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.project.sources import ROOT

HEAVY = {
    "IPython",
    "babel",
    "jupyter_client",
    "keras",
    "matplotlib",
    "nbformat",
    "pandas",
    "papermill",
    "pooch",
    "scipy",
    "seaborn",
    "skimage",
    "sklearn",
    "tensorflow",
    "weasyprint",
}


def imported(*arguments: str) -> set[str]:
    """Return every module that the command line imports for these arguments."""
    command = [sys.executable, "-X", "importtime", "-m", "reportgen", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rsplit("|", 1)[1].strip() for line in lines}


@pytest.mark.parametrize("arguments", [("--help",), ("check", "experiments.toml")], ids=["help", "check"])
def test_the_command_line_imports_no_heavy_library(arguments: tuple[str, ...]) -> None:
    found = imported(*arguments)
    assert "reportgen.errors" in found  # else the list would be empty for another reason
    assert found & HEAVY == set()
