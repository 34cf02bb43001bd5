"""A short table of a build, for a terminal and for the summary page of a CI job."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.errors import printable
from reportgen.experiments.schema import Experiments
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
    test = record.evaluation["test"]
    held = (
        "on the test set"
        if record.data.validated_on_test
        else f"{record.evaluation['validation']['accuracy']:.2%}"
    )
    return (
        result.row.title,
        record.data.name,
        held,
        f"{test['accuracy']:.2%}",
        f"{test['loss']:.4f}",
        f"{record.total_params:,}",
    )


def _cell(text: str) -> str:
    return printable(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
