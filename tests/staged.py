"""Invented searches in stages: a file that is really read, with records whose right answers are chosen."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import numpy as np

from reportgen.analysis.choice import choose, measure
from reportgen.datasets.dataset import Found
from reportgen.experiments.load import load
from reportgen.experiments.resolved import Experiments, Row
from reportgen.experiments.stages import Stage, Standing
from reportgen.notebooks import read_notebook
from reportgen.provenance import Provenance
from reportgen.records import Predictions, Record
from reportgen.results import Failure, Result, Run
from tests import samples
from tests.experiments.sources import DATASETS, notebook, write_notebook

CELL = """\
dataset: str = "mnist"
hidden_units: list[int] = [250]
activation: str | list[str] = "relu"
dropout: float = 0.0
optimizer: str = "rmsprop"
batch_size: int = 64
epochs: int = 5
validation: float | str = 0.1
seed: int = 42
"""
ITEMS = 400
"""Images of the validation set and of the test set."""

Make = Callable[[Row, int], Record | Failure]
"""The record of a row's run with a seed, or why there is none."""


def answers(wrong: Collection[int], items: int = ITEMS) -> Predictions:
    """Predictions that are wrong for these items and right for all others."""
    y_true = np.arange(items, dtype=np.int64) % 10
    y_pred = y_true.copy()
    places = np.array(sorted(wrong), dtype=np.int64)
    y_pred[places] = (y_true[places] + 1) % 10
    probabilities = np.full((items, 10), 0.01, dtype=np.float32)
    probabilities[np.arange(items), y_pred] = 0.91
    return Predictions(np.arange(items, dtype=np.int64), y_true, y_pred, probabilities)


def made(
    row: Row, held_out: Collection[int], test: Collection[int], seed: int = 42, loss: float = 0.1
) -> Record:
    """A record with these wrong answers on the validation set and on the test set."""
    hidden = row.parameters.get("hidden_units", [250])
    base = samples.record(
        layers=samples.mlp_layers(hidden=hidden, activation="relu"), n_test=ITEMS, n_validation=ITEMS,
        epochs=5, seed=seed, parameters=dict(row.parameters),
    )  # fmt: skip
    parts = {"validation": answers(held_out), "test": answers(test)}
    evaluation = {
        name: {"loss": loss, "accuracy": float((part.y_true == part.y_pred).mean())}
        for name, part in parts.items()
    }
    return dataclasses.replace(
        base, evaluation=evaluation, validation=parts["validation"], test=parts["test"]
    )


def staged(text: str, make: Make, folder: Path) -> tuple[Experiments, tuple[Result, ...], Provenance]:
    """What `render` takes of a file whose stages are decided as far as the records let them be."""
    path = folder / "experiments.toml"
    path.write_text(text, encoding="utf-8")
    notebooks = {"mlp": read_notebook(write_notebook(folder / "notebooks", "mlp", notebook(CELL)))}
    standings: dict[str, Standing] = {}
    results: dict[str, Result] = {}
    while True:
        experiments = load(path, notebooks, DATASETS, standings=standings)
        results = {row.id: _result(row, make) for row in experiments.rows}
        found = {
            stage.id: Standing(_kept(stage, results), _measured(stage, results))
            for stage in experiments.stages
        }
        if found == standings:
            break
        standings = found
    data = (
        Found("mnist", "mnist", "folder", hashlib.sha256(b"mnist").hexdigest(), Path("/nowhere"), (("mnist.gz", 1234, "ab" * 32),)),
    )  # fmt: skip
    provenance = Provenance("0.1.0", "reportgen build", datetime.date(2026, 11, 20), "3f9c2ab", True, data)
    return experiments, tuple(_with_twins(results[row.id], results) for row in experiments.rows), provenance


def _with_twins(result: Result, results: Mapping[str, Result]) -> Result:
    """A result that names the other rows with its runs."""
    keys = {run.key for run in result.runs} - {""}
    twins = [name for name, other in results.items() if keys and {run.key for run in other.runs} == keys]
    return dataclasses.replace(result, same_as=tuple(name for name in twins if name != result.row.id))


def _kept(stage: Stage, results: Mapping[str, Result]) -> str | None:
    rows = [results[row] for row in stage.rows]
    if len(rows) < stage.size or not all(map(_ended, rows)):
        return None
    choice = choose(stage, {row.row.id: row.records for row in rows})
    return choice.kept if choice is not None else None


def _measured(stage: Stage, results: Mapping[str, Result]) -> tuple[float | None, ...]:
    """Of a search, the measures of the batches that are complete."""
    found: list[float | None] = []
    for start in range(0, len(stage.rows) if stage.batch else 0, max(stage.batch, 1)):
        batch = [results[row] for row in stage.rows[start : start + stage.batch]]
        if not all(map(_ended, batch)):
            break
        found += [measure(stage, row.records) if row.records else None for row in batch]
    return tuple(found)


def _ended(row: Result) -> bool:
    return bool(row.records) or (row.failure is not None and row.failure.kind != "not-run")


def _result(row: Row, make: Make) -> Result:
    if row.waits_for is not None:
        waiting = Failure("not-run", f'it waits for the row that "{row.waits_for}" keeps')
        return Result(row, (Run("", row.seed, failure=waiting),))
    runs = []
    for seed in row.seeds:
        key = hashlib.sha256(f"{sorted(row.parameters.items())} {seed}".encode()).hexdigest()
        found = make(row, seed)
        runs.append(
            Run(key, seed, failure=found) if isinstance(found, Failure) else Run(key, seed, record=found)
        )
    return Result(row, tuple(runs))
