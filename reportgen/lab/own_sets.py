"""In plain Jupyter: the data sets that an experiments file beside or above the notebook describes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.lab.refusal import CannotRun

if TYPE_CHECKING:
    from reportgen.datasets.own.find import OwnSets

_ABOVE = 3
"""Folders above the notebook's that are looked at: a coursework is not deeper."""

_MOST_BYTES = 1 << 20
"""Of a file that may be an experiments file; whatever else lies in the folders above may be large."""


def own_sets(name: str, folder: Path) -> OwnSets | None:
    """Return the tables of the nearest experiments file that describes a data set of this name.

    Parameters
    ----------
    name : str
    folder : Path
        Absolute; the notebook's.

    Raises
    ------
    CannotRun
        The table of this name is not right.
    """
    from reportgen.datasets.registry import DATASETS

    if name in DATASETS:  # names that no table may have
        return None
    for file, raw in _files(folder):
        if name in raw:
            return _read(name, file, raw[name])
    return None


def _files(folder: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Files with data sets, and their tables; experiments.toml before others of its folder."""
    for place in (folder, *folder.parents[:_ABOVE]):
        for file in sorted(place.glob("*.toml"), key=lambda each: (each.name != "experiments.toml", each)):
            try:
                small = file.stat().st_size <= _MOST_BYTES
                tables = tomllib.loads(file.read_text(encoding="utf-8")).get("dataset") if small else None
            except (OSError, ValueError):
                continue  # no experiments file, or one that is just being written
            if isinstance(tables, dict):
                yield file, tables


def _read(name: str, file: Path, table: Any) -> OwnSets:
    from pydantic import ValidationError

    from reportgen.datasets.own.find import OwnSets
    from reportgen.experiments.own_data import OwnDataset

    try:
        return OwnSets(file, {name: OwnDataset.model_validate(table)})
    except ValidationError:
        message = f"{file.name}: the table [dataset.{name}] is not right"
        raise CannotRun(message, f"`reportgen check {file.name}` says what is wrong with it") from None
