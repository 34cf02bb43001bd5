"""Runs under watch that failed: which they are, and how that is said."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.execution.outcome import Outcome
from reportgen.execution.spec import RunSpec
from reportgen.results import Failure


def failures(outcomes: Mapping[str, Outcome], specs: tuple[RunSpec, ...]) -> dict[tuple[str, float], Failure]:
    """The failures among outcomes by key and time limit: a run is not tried again while both stand."""
    limits = {spec.key: spec.time_limit for spec in specs}
    return {
        (key, limits[key]): outcome.failure
        for key, outcome in outcomes.items()
        if outcome.failure is not None and key in limits
    }


def said(run: str, failure: Failure) -> str:
    """A row without a result, in words."""
    cell = f" in cell {failure.cell}" if failure.cell else ""
    remedy = f"\n  {failure.remedy}" if failure.remedy else ""
    return f"{run}: failed [{failure.kind}]{cell}: {failure.message}{remedy}"
