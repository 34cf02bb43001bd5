"""What a build did: the end of every run, and the scores of every row; plain data, for words and machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from reportgen.errors import Problem
from reportgen.results import Failure, Result

if TYPE_CHECKING:
    from reportgen.datasets.dataset import Found
    from reportgen.plan import Plan

LEFT_OUT = "left out by --only"
"""Message of a row that was not asked for: it is missing, but it has not failed."""


State = Literal["ran", "stored", "merged", "accepted", "failed", "not run"]
STATES: tuple[State, ...] = ("ran", "stored", "merged", "accepted", "failed", "not run")
"""Ends of a run: made now; in the store; from elsewhere; kept for another; no record; not asked for."""

_NOT_RUN = ("not-run", "interrupted")


@dataclass(frozen=True)
class RunEnd:
    """What became of one run in a build.

    Parameters
    ----------
    rows : tuple of str
        Ids of the rows that share it.
    seed : int
    key : str
        Of the object in the store that holds it, or would.
    state : str
        One of `STATES`.
    owner : str
        Whose it is, where it came from elsewhere.
    differences : tuple of str
        Where it was accepted: in what it differs from the run that the row asks for.
    failure : Failure or None
        Why there is no record.
    """

    rows: tuple[str, ...]
    seed: int
    key: str
    state: State
    owner: str = ""
    differences: tuple[str, ...] = ()
    failure: Failure | None = None


@dataclass(frozen=True)
class Scored:
    """A row's scores, means over its runs, and its place by validation accuracy.

    Parameters
    ----------
    row, title, data : str
    validation_accuracy, test_accuracy, test_loss : float
        Accuracies from 0 to 1; the loss in nats.
    parameters : int
        Weights of the network.
    runs : int
        Runs with a record.
    rank, of : int
        Place by validation accuracy among the rows on the same data, from 1, and how many these are.
    first, last : int
        The places it may have: what validation can tell apart, and no more.
    images : int
        Validation images.
    on_test : bool
        Whether the test set was also the validation set, so that the test score chose.
    """

    row: str
    title: str
    data: str
    validation_accuracy: float
    test_accuracy: float
    test_loss: float
    parameters: int
    runs: int
    rank: int
    of: int
    first: int
    last: int
    images: int
    on_test: bool


def ends(plan: Plan, missing: Mapping[str, Failure]) -> tuple[RunEnd, ...]:
    """Return what became of every run of a plan.

    Parameters
    ----------
    plan : Plan
        As it was before anything ran.
    missing : mapping of str to Failure
        The runs without a result, by `reportgen.execution.spec.run_label`.
    """
    made = []
    for run in plan.runs:
        failure = missing.get(run.spec.label)
        accepted = run.accepted.differences if run.accepted is not None else ()
        state: State = "ran"
        if failure is not None:
            state = "not run" if failure.kind in _NOT_RUN else "failed"
        elif run.stored:
            state = "accepted" if run.accepted is not None else "merged" if run.owner else "stored"
        rows = tuple(dict.fromkeys(row.id for row in run.rows))
        made.append(RunEnd(rows, run.spec.parts["seed"], run.key, state, run.owner, accepted, failure))
    return tuple(made)


def scores(results: Sequence[Result]) -> tuple[Scored, ...]:
    """Return the scores of every row with a record, by data set, the best by validation first."""
    from statistics import fmean

    from reportgen.analysis.differences import rank_ranges
    from reportgen.analysis.metrics import by_data_set, ranks, validation_accuracy

    order, ranges, found = ranks(results), rank_ranges(results), []
    for name, group in by_data_set(results).items():
        for result, record in sorted(group, key=lambda pair: order[pair[0].row.id].rank):
            place = ranges[result.row.id]
            found.append(
                Scored(
                    row=result.row.id,
                    title=result.row.title,
                    data=name,
                    validation_accuracy=validation_accuracy(result),
                    test_accuracy=fmean(made.evaluation["test"]["accuracy"] for made in result.records),
                    test_loss=fmean(made.error_loss("test") for made in result.records),
                    parameters=record.total_params,
                    runs=len(result.records),
                    rank=order[result.row.id].rank,
                    of=place.of,
                    first=place.first,
                    last=place.last,
                    images=record.data.n_validation,
                    on_test=record.data.validated_on_test,
                )
            )
    return tuple(found)


@dataclass(frozen=True)
class Told:
    """What the stamp of a report keeps for a build that has nothing to do."""

    warnings: tuple[str, ...]
    findings: tuple[Problem, ...]
    scores: tuple[Scored, ...]


@dataclass(frozen=True)
class Built:
    """What a build made.

    Parameters
    ----------
    html, pdf : Path
    failed : mapping of str to Failure
        The runs that were asked for and have no result, by `run_label`.
    warnings : tuple of str
    findings : tuple of Problem
        Where the authors' words do not agree with the results.
    runs : tuple of RunEnd
        What became of every run.
    scores : tuple of Scored
        Of the rows in the report.
    stand_ins : mapping of str to str
        The data sets that were asked for and not had, with what was used in place of each.
    written : bool
        False where the report was up to date.
    """

    html: Path
    pdf: Path
    failed: Mapping[str, Failure]
    warnings: tuple[str, ...] = ()
    findings: tuple[Problem, ...] = ()
    runs: tuple[RunEnd, ...] = ()
    scores: tuple[Scored, ...] = ()
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    written: bool = True


def built(
    out: Path,
    plan: Plan,
    data: Mapping[str, Found],
    missing: Mapping[str, Failure],
    told: Told,
    written: bool = True,
) -> Built:
    """Return what a build made, given the runs without a result by `run_label`, and what else there is."""
    return Built(
        out / "report.html",
        out / "report.pdf",
        {run: failure for run, failure in missing.items() if failure.message != LEFT_OUT},
        told.warnings,
        told.findings,
        ends(plan, missing),
        told.scores,
        {name: found.name for name, found in data.items() if found.stand_in},
        written,
    )
