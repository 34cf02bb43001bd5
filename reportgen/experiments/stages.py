"""Stages of a file, sweeps and searches: what they vary, the rows they have so far, and which one is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Standing:
    """What has become of a stage, as the records of the store tell it.

    Parameters
    ----------
    kept : str or None
        Id of the row that it keeps; None as long as runs of it are missing, and where all of them failed.
    measured : tuple of (float or None)
        Of a search, the measure of every trial of the batches that are complete, in their order: the
        greater the better; None for a trial that failed.
    """

    kept: str | None = None
    measured: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class Axis:
    """One thing that a stage varies.

    Parameters
    ----------
    name : str
        A parameter of the notebook, or a name that stands in braces in texts of other parameters.
    values : tuple
        Of a sweep, and of a search that chooses from a list; empty for a range.
    low, high : float or None
        Bounds of a range.
    log : bool
        Whether equal ratios are equally likely.
    """

    name: str
    values: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    log: bool = False


@dataclass(frozen=True)
class Stage:
    """A sweep or a search.

    Parameters
    ----------
    id, section : str
    kind : {"sweep", "search"}
    title : str
        What the author calls it; empty where nothing was said.
    axes : tuple of Axis
        What it varies, in the order of the file.
    source : str or None
        Id of the stage whose kept row it begins with.
    begins_with : str or None
        Id of that row, once it is known.
    rows : tuple of str
        Ids of its rows so far, in the order of the grid or of the trials.
    size : int
        Rows that it will have.
    choose : {"best", "one-standard-error"}
    measure : {"validation_accuracy", "validation_loss"}
    method : str
        Of a search, how values are proposed: ``tpe`` or ``random``; else empty.
    batch : int
        Of a search, trials that are proposed at once; else 0.
    kept : str or None
        Id of the row that it keeps.
    comment : str or None
    line : int
        Line of its table in the file.
    number : int
        Its place among the tables ``[[sweep]]`` or ``[[search]]``, from 0.
    """

    id: str
    section: str
    kind: Literal["sweep", "search"]
    title: str
    axes: tuple[Axis, ...]
    source: str | None
    begins_with: str | None
    rows: tuple[str, ...]
    size: int
    choose: Literal["best", "one-standard-error"] = "best"
    measure: Literal["validation_accuracy", "validation_loss"] = "validation_accuracy"
    method: str = ""
    batch: int = 0
    kept: str | None = None
    comment: str | None = None
    line: int = 0
    number: int = 0

    @property
    def waiting(self) -> int:
        """Rows that are not known yet."""
        return self.size - len(self.rows)


@dataclass(frozen=True)
class Origin:
    """Where a row comes from.

    Parameters
    ----------
    stage : str or None
        Id of the stage whose row it is; None for a row of the file's own that begins with a kept one.
    values : mapping
        What its stage varies, by axis.
    begins_with : str or None
        Id of the kept row whose settings it begins with.
    source : str or None
        Id of the stage that keeps that row.
    pages : {"full", "compact", "none"}
        Whether it has a page of its own.
    """

    stage: str | None
    values: Mapping[str, Any] = field(default_factory=dict)
    begins_with: str | None = None
    source: str | None = None
    pages: Literal["full", "compact", "none"] = "none"
