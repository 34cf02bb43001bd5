"""A short table of a build, for a terminal and for the summary page of a CI job."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from reportgen.errors import printable
from reportgen.experiments.resolved import Experiments
from reportgen.provenance import Provenance
from reportgen.results import Result

HEAD = ("Experiment", "Data", "Validation accuracy", "Test accuracy", "Test loss", "Parameters")


def lines(results: Sequence[Result]) -> list[tuple[str, ...]]:
    """One line of text cells per row, under `HEAD`."""
    return [_line(result) for result in results]


def summary(experiments: Experiments, results: Sequence[Result], provenance: Provenance) -> str:
    """The build as Markdown."""
    failed = sum(1 for result in results if result.record is None)
    text = [f"## {_cell(experiments.file.report.title)}", ""]
    if provenance.quick:
        text += ["**Quick build: few images, two epochs. These are not results.**", ""]
    for found in provenance.data:
        if found.stand_in:
            text += [
                f"**{found.requested} was not available: the embedded {found.name} stand in for it.**",
                "",
            ]
    text += [f"{len(results)} experiments, {failed} without a result.", ""]
    text += ["| " + " | ".join(HEAD) + " |", "|---|---|--:|--:|--:|--:|"]
    text += ["| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines(results)]
    return "\n".join(text) + "\n"


def _line(result: Result) -> tuple[str, ...]:
    record, failure = result.record, result.failure
    if record is None:
        reason = f"{failure.kind}: {failure.message}" if failure else "no result"
        return (result.row.title, str(result.row.parameters.get("dataset", "")), reason, "", "", "")
    scores = [made.evaluation for made in result.records]
    held = f"{fmean(each['validation']['accuracy'] for each in scores):.2%}"
    return (
        result.row.title + (f" (mean of {len(scores)} runs)" if result.repeated else ""),
        record.data.name,
        "on the test set" if record.data.validated_on_test else held,
        f"{fmean(each['test']['accuracy'] for each in scores):.2%}",
        f"{fmean(each['test']['loss'] for each in scores):.4f}",
        f"{record.total_params:,}",
    )


def _cell(text: str) -> str:
    return printable(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
