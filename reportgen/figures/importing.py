"""Matplotlib's first import."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def import_drawing(empty: Path) -> None:
    """Import matplotlib with an empty folder as the current one, where a ``matplotlibrc`` could run code.

    The current folder belongs to the whole process: this has to be done before runs are made in threads.

    Parameters
    ----------
    empty : Path
        Is made where it is missing.
    """
    if "matplotlib" in sys.modules:
        return
    here = Path.cwd()
    empty.mkdir(parents=True, exist_ok=True)
    os.chdir(empty)
    try:
        import matplotlib  # noqa: F401
    finally:
        os.chdir(here)
