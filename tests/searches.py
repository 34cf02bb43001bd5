"""Invented searches: trials whose measures are what a test asks for, all on the same validation images."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from reportgen.experiments.schema import Section
from reportgen.experiments.staged import Search
from reportgen.experiments.stages import Axis, Origin, Stage
from reportgen.results import Failure, Result, Run
from tests import samples
from tests.analysis.invented_runs import record
from tests.report.invented import Triple, triple

ITEMS = 400
AXES = (
    Axis("hidden_units", ([16], [32], [64, 64])),
    Axis("dropout", (0.0, 0.2, 0.4)),
    Axis("rate", low=1e-4, high=1e-1, log=True),
)
FAILED = Failure("timeout", "too long")
NOT_YET = Failure("not-run", "this run has not been made", remedy="reportgen build")
Outcome = float | Failure
"""An accuracy, or why there is none."""


def settings(number: int) -> dict[str, Any]:
    """Settings of a trial, different for each number up to a hundred."""
    rng = np.random.default_rng(number)
    return {
        "hidden_units": AXES[0].values[int(rng.integers(3))],
        "dropout": AXES[1].values[int(rng.integers(3))],
        "rate": float(f"{10 ** rng.uniform(-4, -1):.3g}"),
    }


def wrong(accuracy: float, seed: int, items: int = ITEMS) -> Iterable[int]:
    """So many places, drawn."""
    count = round((1 - accuracy) * items)
    return [int(place) for place in np.random.default_rng(seed).choice(items, count, replace=False)]


def trial(
    number: int, outcome: Outcome, values: Mapping[str, Any], key: str = "", items: int = ITEMS
) -> Result:
    """A row of the search ``hp`` with one run."""
    name = f"hp-{number:02d}"
    row = samples.row(
        name,
        "raw",
        f"Trial number {number}",
        seed=1,
        origin=Origin("hp", dict(values)),
        parameters={"dataset": "mnist", **values},
    )
    if isinstance(outcome, Failure):
        return Result(row, (Run(key or name, 1, failure=outcome),))
    made = dataclasses.replace(record(wrong(outcome, number, items), items), seed=1)
    return Result(row, (Run(key or name, 1, made),))


def search(
    outcomes: Sequence[Outcome],
    *,
    values: Sequence[Mapping[str, Any]] = (),
    axes: tuple[Axis, ...] = AXES,
    kept: int | None = None,
    size: int | None = None,
    items: int = ITEMS,
    **facts: Any,
) -> tuple[Stage, list[Result]]:
    """A search with these outcomes; of two trials with equal values the later one has the run of the first."""
    results: list[Result] = []
    for number, outcome in enumerate(outcomes, 1):
        own = values[number - 1] if values else settings(number)
        same = [result for result in results if result.row.origin and result.row.origin.values == own]
        if same:
            again = trial(number, outcome, own)
            results.append(dataclasses.replace(again, runs=same[0].runs, same_as=(same[0].row.id,)))
        else:
            results.append(trial(number, outcome, own, items=items))
    stage = Stage(
        id="hp",
        section="raw",
        kind="search",
        title=facts.pop("title", "Rates"),
        axes=axes,
        source=None,
        begins_with=None,
        rows=tuple(result.row.id for result in results),
        size=size or len(outcomes),
        method=facts.pop("method", "tpe"),
        batch=facts.pop("batch", 4),
        kept=None if kept is None else f"hp-{kept:02d}",
        **facts,
    )
    return stage, results


def anew(winner: Result, accuracies: Sequence[float], seed: int = 1, **changed: Any) -> Result:
    """The winner trained anew; where its settings are the same, the seed of the search gives the same run."""
    parameters = {**winner.row.parameters, **changed}
    row = samples.row(
        "final", "raw", "Trained anew", seed=seed, repeats=len(accuracies), parameters=parameters,
        origin=Origin(None, {}, winner.row.id, "hp", pages="full"),
    )  # fmt: skip
    runs = []
    for number, accuracy in enumerate(accuracies, seed):
        if number == winner.row.seed and not changed:
            runs.append(winner.runs[0])
            continue
        made = record(wrong(accuracy, 1000 + number))
        data = dataclasses.replace(made.data, split_digest=f"{number:064x}")
        runs.append(Run(f"final-{number}", number, dataclasses.replace(made, seed=number, data=data)))
    return Result(row, tuple(runs))


def report(stage: Stage, results: Sequence[Result], **facts: Any) -> Triple:
    """A report of one chapter with a search, and a comparison."""
    sections = [
        Section(id="raw", title="Raw pixels", notebook="raw_mlp"),
        Section(id="all", kind="comparison"),
    ]
    experiments, made, provenance = triple(sections, [result.row for result in results], results, **facts)
    space = {axis.name: _space(axis) for axis in stage.axes}
    written = Search.model_validate(
        {"id": stage.id, "section": stage.section, "space": space, "trials": stage.size, "search_seed": 11}
    )
    own = {"search": [written], "experiment": []}
    file = experiments.file.model_copy(update=own)
    return dataclasses.replace(experiments, file=file, stages=(stage,)), made, provenance


def _space(axis: Axis) -> Any:
    if axis.low is None:
        return list(axis.values)
    return {"low": axis.low, "high": axis.high, "log": axis.log}
