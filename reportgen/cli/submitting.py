"""The command that hands in what a trained model says of images without labels."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportgen.cli.accepting import FileOption
from reportgen.cli.completing import row_ids
from reportgen.cli.terminal import (
    DEFAULT_FILE,
    Data,
    DataDir,
    Json,
    StoreDir,
    answer,
    say,
    speak,
    workspace,
)

if TYPE_CHECKING:
    from reportgen.analysis.statistics import Interval
    from reportgen.records import Record
    from reportgen.submit import Submission

app = typer.Typer()


@app.command()
def submit(
    row: Annotated[
        str,
        typer.Argument(
            metavar="ROW",
            help="Id of the row whose model predicts.",
            autocompletion=row_ids,
            show_default=False,
        ),
    ],
    file: FileOption = DEFAULT_FILE,
    out: Annotated[Path, typer.Option("--out", help="The file to write")] = Path("submission.csv"),
    seed: Annotated[
        int | None, typer.Option("--seed", help="Of its runs, the one with this seed [default: the first]")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is no submission")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="By the model of a quick build: a try, no result")
    ] = False,
    store: StoreDir = None,
    data_dir: DataDir = None,
    data_from: Data = "auto",
    json_: Json = False,
) -> None:
    """Predict the images without labels of a row's data set, and write them as ImageId,Label.

    The row must keep its trained model (keep_model = true), and its data set have images without labels.
    Before it predicts, the model is asked about images of the test set: it must say of them what its run
    recorded. Models of other people are never loaded.
    """
    speak(json_)
    from reportgen import build as line
    from reportgen.submit import submit as make

    work = workspace(file, None, store, data_dir, None, quick)
    options = line.Options(quick=quick, data=data_from)
    made = make(work, options, os.environ, row, out, seed=seed, force=force, say=say)
    interval = _interval(made.chosen.record)
    _tell(made, interval)
    for text in _lines(made, interval):
        say(text)


def _interval(record: Record) -> Interval:
    """Of the validation accuracy, for other images."""
    from reportgen.analysis.statistics import wilson

    predictions = record.validation
    return wilson(int((predictions.y_true == predictions.y_pred).sum()), len(predictions.y_true))


def _tell(made: Submission, interval: Interval) -> None:
    """Say what was handed in, to a machine."""
    from reportgen.cli.shapes import SubmitShape

    chosen, record = made.chosen, made.chosen.record
    answer(
        SubmitShape(
            file=str(made.path),
            rows=chosen.images.items,
            first_id=chosen.images.first_id,
            counts=dict(made.counts),
            row=chosen.row.id,
            seed=chosen.seed,
            key=chosen.key,
            quick=chosen.quick,
            epoch=record.tested_epoch,
            validation_accuracy=record.evaluation["validation"]["accuracy"],
            low=interval[0],
            high=interval[1],
            images=len(record.validation.index),
            on_test=record.data.validated_on_test,
            checked=made.checked,
        )
    )


def _lines(made: Submission, interval: Interval) -> Iterator[str]:
    """Say what was handed in, and how good it may be."""
    chosen, record = made.chosen, made.chosen.record
    first, count = chosen.images.first_id, chosen.images.items
    yield f"{made.path}: {count:,} rows, ImageId {first} to {first + count - 1}"
    yield f"   labels: {', '.join(f'{label}: {number:,}' for label, number in made.counts.items())}"
    yield f"   by the model of {chosen.row.id}, {_which(made)}"
    on = "the test set, which was also the validation set:" if record.data.validated_on_test else ""
    images = f"{on} {len(record.validation.index):,} images".strip()
    accuracy = record.evaluation["validation"]["accuracy"]
    low, high = (f"{each:.2%}" for each in interval)
    yield f"   its validation accuracy: {accuracy:.2%}, 95 % interval {low} to {high} ({images})"
    yield f"   checked: it says of {made.checked:,} test images what its run recorded"
    yield "   no score is known: these images have no labels here"


def _which(made: Submission) -> str:
    """Which run it is, and which weights of it."""
    chosen, record = made.chosen, made.chosen.record
    seeds = chosen.row.seeds
    which = f"one of its {len(seeds)}" if chosen.seed != seeds[0] else f"the first of its {len(seeds)}"
    choice = f", {which} (--seed names another)" if len(seeds) > 1 and not chosen.quick else ""
    quick = ", a quick run: no result" if chosen.quick else ""
    return f"seed {chosen.seed}{choice}{quick}; weights of epoch {record.tested_epoch} of {record.epochs}"
