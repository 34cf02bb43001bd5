"""What a build did, invented: for the wording of its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportgen.account import Built, RunEnd, Scored
from reportgen.execution.spec import RunSpec


def scored(row: str, **given: Any) -> Scored:
    """A row's scores, among three on digits."""
    facts: dict[str, Any] = {
        "title": f"Row {row}",
        "data": "digits",
        "validation_accuracy": 0.9123,
        "test_accuracy": 0.9017,
        "test_loss": 0.4,
        "parameters": 39_760,
        "runs": 1,
        "rank": 1,
        "of": 3,
        "first": 1,
        "last": 3,
        "images": 1_000,
        "on_test": False,
    }
    return Scored(row=row, **(facts | given))


def end(state: Any, row: str = "a", **given: Any) -> RunEnd:
    """What became of a run."""
    return RunEnd((row,), 42, f"key-{row}", state, **given)


def built(**given: Any) -> Built:
    """A build that wrote its report."""
    return Built(Path("output/report.html"), Path("output/report.pdf"), given.pop("failed", {}), **given)


def spec(row: str, estimate: float = 100.0, code: str = "c0de") -> RunSpec:
    """A run to be made."""
    return RunSpec(
        key=f"key-{row}", row=row, notebook="", code=code, given={}, parameters={}, parts={}, datasets={},
        features="", threads=1, quick=None, time_limit=60, facts={}, estimate=estimate,
    )  # fmt: skip
