"""Run cells in IPython shells of their own, forked from one process that has imported TensorFlow.

``python -m tests.lab.kernels_alone FOLDER`` reads FOLDER/cells.json (cells by name of the case), and
leaves FOLDER/CASE/said.txt: what the cells printed.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import IPython.core.interactiveshell
import matplotlib.figure  # noqa: F401
import seaborn  # noqa: F401

import reportgen.lab  # noqa: F401

PLAIN = "plain-python"
"""The case that runs without IPython."""


def run_cells(folder: Path, cells: Sequence[str], plain: bool) -> None:
    """Run cells in order, as a kernel does; what they print goes to ``said.txt``."""
    folder.mkdir()
    os.chdir(folder)
    with Path("said.txt").open("w", encoding="utf-8") as said, contextlib.redirect_stdout(said):
        if plain:
            names: dict[str, object] = {}
            for cell in cells:
                exec(cell, names)
            return
        shell = IPython.core.interactiveshell.InteractiveShell.instance()
        shell.history_manager.enabled = False
        for cell in cells:
            shell.run_cell(cell, store_history=True).raise_error()


if __name__ == "__main__":
    root = Path(sys.argv[1]).absolute()
    statuses = {}
    for case, cells in json.loads((root / "cells.json").read_text(encoding="utf-8")).items():
        child = os.fork()
        if child == 0:
            status = 1
            try:
                run_cells(root / case, cells, case == PLAIN)
                status = 0
            finally:
                os._exit(status)
        statuses[case] = os.waitpid(child, 0)[1]
    sys.exit(
        str({case: status for case, status in statuses.items() if status}) if any(statuses.values()) else 0
    )
