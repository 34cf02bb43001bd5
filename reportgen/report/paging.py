"""Which rows have a page of their own, and which are printed where a page cannot hold them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from reportgen.experiments.resolved import Row
from reportgen.experiments.schema import Section
from reportgen.experiments.stages import Stage
from reportgen.results import Result

Size = Literal["full", "compact", "none"]

MOST_PRINTED = 20
"""Rows of a table on paper, from which on those of stages that were not kept stand with their stages only."""


def page_size(row: Row, section: Section, failed: bool) -> Size:
    """Return how large a row's page is.

    A row of a stage has a page as the stage says, also when it failed: its stage names it, with the reason.
    Any other row that failed has one, whatever its section says. A row that waits has none.

    Parameters
    ----------
    row : Row
    section : Section
        Its chapter.
    failed : bool
        Whether it has no record.
    """
    if row.waits_for is not None or section.kind != "experiments":
        return "none"
    if row.origin is not None and row.origin.stage is not None:
        return row.origin.pages
    return "full" if failed and section.pages == "none" else section.pages


def sizes_of_pages(sections: Sequence[Section], results: Sequence[Result]) -> dict[str, Size]:
    """Return how large the page of each row is, by its id."""
    by_id: Mapping[str, Section] = {section.id: section for section in sections}
    return {
        result.row.id: page_size(result.row, by_id[result.row.section], result.record is None)
        for result in results
        if result.row.section in by_id
    }


def of_stages(results: Sequence[Result], stages: Sequence[Stage]) -> frozenset[str]:
    """Return the ids of the rows that a table leaves to their stages on paper; none where all have room.

    Those are the rows of stages that are not kept.

    Parameters
    ----------
    results : sequence of Result
        The rows of the table.
    stages : sequence of Stage
    """
    if len(results) <= MOST_PRINTED:
        return frozenset()
    kept = {stage.kept for stage in stages}
    return frozenset(
        result.row.id
        for result in results
        if result.row.origin is not None and result.row.origin.stage is not None and result.row.id not in kept
    )


def principal(results: Sequence[Result], stages: Sequence[Stage]) -> tuple[Result, ...]:
    """Return the rows that a figure of all of them shows: without those that `of_stages` leaves out."""
    left_out = of_stages(results, stages)
    return tuple(result for result in results if result.row.id not in left_out)
