"""Notebooks as templates of runs: finding them, and reading their parameters cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell: ``hidden_units: list[int] = [250]  # one layer per entry``.

    Parameters
    ----------
    name : str
    annotation : str
        As written: ``int``, ``float``, ``str``, ``bool``, ``list[T]``, and unions with ``|``.
    default : object
        A literal.
    help : str
        The comment on the line.
    """

    name: str
    annotation: str
    default: Any
    help: str = ""


@dataclass(frozen=True)
class Notebook:
    """A notebook that rows can name.

    Parameters
    ----------
    name : str
        File name without ``.ipynb``.
    path : Path
    parameters : mapping of str to Parameter
        In the order of the cell.
    code : tuple of str
        The code cells' sources, without the parameters cell.
    """

    name: str
    path: Path
    parameters: Mapping[str, Parameter]
    code: tuple[str, ...]
