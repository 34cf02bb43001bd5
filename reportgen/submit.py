"""A submission: what a row's trained model says of the images that have no labels, as a CSV file."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reportgen import build, data_finding
from reportgen.asked import check_rows
from reportgen.datasets.dataset import Found, OwnFacts, Unlabelled
from reportgen.errors import CheckFailed, InputError, Problem
from reportgen.experiments.resolved import Experiments, Row
from reportgen.plan import PlannedRun
from reportgen.predictions import Images, predict
from reportgen.recordfile import MODEL_FILE
from reportgen.records import Record
from reportgen.store.accepted import owner_of
from reportgen.store.header import Header
from reportgen.store.objects import Store
from reportgen.whole import write_whole
from reportgen.workspace import Workspace

HEADINGS = ("ImageId", "Label")
"""First line of a submission, as Kaggle's Digit Recognizer has it."""

_NO_MODEL = (
    "set keep_model = true in this row, then `reportgen build`: the row runs again and keeps its model"
)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Chosen:
    """The run whose model predicts, and what it predicts.

    Parameters
    ----------
    row : Row
    seed : int
    key : str
        Of the object in the store.
    quick : bool
        True where it saw few images for a few epochs.
    record : Record
    model : bytes
        As it was kept.
    data : Found
        Of the row.
    facts : OwnFacts
        Of the same.
    images : Unlabelled
        Of the same.
    """

    row: Row
    seed: int
    key: str
    quick: bool
    record: Record
    model: bytes
    data: Found
    facts: OwnFacts
    images: Unlabelled


@dataclass(frozen=True)
class Submission:
    """A submission as it was written.

    Parameters
    ----------
    path : Path
    chosen : Chosen
        Whose predictions they are.
    counts : mapping of str to int
        Images predicted of each label, in the order of the classes.
    checked : int
        Test images of which the model said again what its run recorded.
    """

    path: Path
    chosen: Chosen
    counts: Mapping[str, int]
    checked: int


def submit(
    work: Workspace,
    options: build.Options,
    env: Mapping[str, str],
    row: str,
    path: Path,
    *,
    seed: int | None = None,
    force: bool = False,
    say: Say,
) -> Submission:
    """Predict the images without labels of a row's data set by its trained model, and write the submission.

    Parameters
    ----------
    work : Workspace
    options : build.Options
        Of the build that made the run.
    env : mapping
        Of the command line.
    row : str
        Id of the row.
    path : Path
        The file to write.
    seed : int, optional
        Of the run, where the row has several; the first one without it.
    force : bool
        Whether a file is replaced that is no submission.
    say : callable
        Is told what goes on.

    Raises
    ------
    InputError
        There is no such row, run or model, nothing to predict, or a file in the way.
    CheckFailed
        The model does not say of the test images what its run recorded.
    EnvironmentFault
        The predictions could not be made here.
    """
    chosen = choose(work, options, env, row, seed, say, _in_the_way(path, force))
    say(f"predicting {chosen.images.items:,} images by the model of {_named(chosen)}")
    images = Images(chosen.data.folder, chosen.images.folder)
    predicted, checked = predict(_named(chosen), chosen.record, chosen.model, images, work.runs, env)
    labels = [chosen.facts.labels[each] for each in predicted]
    write_whole(path, content(labels, chosen.images.first_id))
    counts = {label: labels.count(label) for label in chosen.facts.labels}
    return Submission(path, chosen, counts, checked)


def choose(
    work: Workspace,
    options: build.Options,
    env: Mapping[str, str],
    row: str,
    seed: int | None,
    say: Say,
    found: list[Problem],
) -> Chosen:
    """Return the run whose model predicts, and what it predicts; see `submit`.

    Parameters
    ----------
    found : list of Problem
        What else stands against it: all is told at once.
    """
    experiments, _ = build.read(work)
    check_rows(work, experiments, (row,), "reportgen submit")
    own = next(each for each in experiments.rows if each.id == row)
    problems = [*found, *_nothing_to_predict(experiments, own), *_unknown_seed(own, seed, options.quick)]
    if problems:
        raise InputError(problems)

    def aside(text: str) -> None:
        if text.startswith(" "):  # what is said of the data; the steps are those of a build
            say(text.strip())

    name = str(own.parameters["dataset"])
    data = data_finding.find_data((name,), work, experiments, options, aside)[name]
    if data.unlabelled is None or data.own is None:
        raise InputError([_all_labelled(experiments, own, data)])
    # The rows on other data are planned too, for which nothing need be fetched.
    prepared = build.prepare(work, replace(options, fetch=False), env, lambda _: None)
    own = next(each for each in prepared.experiments.rows if each.id == row)
    if own.waits_for is not None:
        raise InputError([_undecided(experiments, own)])
    run = _run_of(prepared, own, own.seeds[0] if seed is None else seed)
    record, model = _kept(prepared.store, run, own, experiments.name)
    return Chosen(own, record.seed, run.key, options.quick, record, model, data, data.own, data.unlabelled)


def _nothing_to_predict(experiments: Experiments, row: Row) -> list[Problem]:
    name = str(row.parameters.get("dataset"))
    table = experiments.file.dataset.get(name)
    if table is None:
        message = f'experiment "{row.id}": all images of {name} have labels, so there is nothing to submit'
        remedy = (
            'describe data of your own, [dataset.NAME] with unlabelled = "test.csv", and let the row use it'
        )
        return [Problem(experiments.name, row.line, "nothing-to-submit", message, remedy)]
    if table.unlabelled is None and table.unlabelled_items is None and table.kind != "npz":
        key = 'unlabelled = "test.csv"' if table.from_ is None else "unlabelled_items = 1000"
        message = f"[dataset.{name}]: it has no images without labels"
        remedy = f"say which are to be predicted, such as {key}"
        line = experiments.line(("dataset", name), 0)
        return [Problem(experiments.name, line, "nothing-to-submit", message, remedy)]
    return []


def _all_labelled(experiments: Experiments, row: Row, data: Found) -> Problem:
    """Say of data that were read why none of it is without a label."""
    if data.stand_in:
        message = f"the embedded {data.name} stand in for its data, and all of these images have labels"
        remedy = "`reportgen data` says where data are looked for"
    else:
        message = "its file has no array of images without labels"
        remedy = 'name it: arrays = { x_unlabelled = "..." } in its table, or add the array x_unlabelled'
    return Problem(
        experiments.name, row.line, "nothing-to-submit", f'experiment "{row.id}": {message}', remedy
    )


def _undecided(experiments: Experiments, row: Row) -> Problem:
    message = f'experiment "{row.id}": it waits for the row that "{row.waits_for}" keeps'
    return Problem(experiments.name, row.line, "not-run", message, "reportgen build")


def _unknown_seed(row: Row, seed: int | None, quick: bool) -> list[Problem]:
    known = row.seeds[:1] if quick else row.seeds
    if seed is None or seed in known:
        return []
    said = f"{known[0]} to {known[-1]}" if len(known) > 1 else f"{known[0]} alone"
    why = " with --quick" if quick and row.repeats > 1 else ""
    message = f"{row.id} has no run with the seed {seed}"
    return [Problem("--seed", 0, "unknown-seed", message, f"it has {said}{why}")]


def _in_the_way(path: Path, force: bool) -> list[Problem]:
    """What stands against writing a submission there."""
    if not path.absolute().parent.is_dir():
        message, remedy = f"there is no folder {path.parent}", "make it, or name another place"
    elif path.is_dir():
        message, remedy = f"{path} is a folder", "name a file in it"
    elif path.exists() and not force and not _is_submission(path):
        message = f"{path} is there already, and it is no submission"
        remedy = "name another file, or replace it by --force"
    else:
        return []
    return [Problem("--out", 0, "in-the-way", message, remedy)]


def _is_submission(path: Path) -> bool:
    """Whether the first line of a file is that of a submission."""
    expected = ",".join(HEADINGS).encode()
    try:
        with path.open("rb") as file:
            return file.readline(len(expected) + 2).rstrip(b"\r\n") == expected
    except OSError:
        return False


def _run_of(prepared: build.Prepared, row: Row, seed: int) -> PlannedRun:
    return next(
        run
        for run in prepared.plan.runs
        if run.spec.parts["seed"] == seed and any(each.id == row.id for each in run.rows)
    )


def _kept(store: Store, run: PlannedRun, row: Row, file: str) -> tuple[Record, bytes]:
    """The record of a run and its model, which must be one's own: loading another's may run what is in it."""
    header = store.header(run.key)
    fault = _lacking(header, run, row)
    if fault:
        raise InputError([Problem(file, row.line, *fault)])
    record, files = store.record(run.key), store.files(run.key, (MODEL_FILE,))
    if record is None or files is None:
        message = f'experiment "{row.id}": its stored run is damaged, and was set aside'
        raise InputError([Problem(file, row.line, "not-run", message, "reportgen build")])
    model = files[MODEL_FILE]
    if hashlib.sha256(model).hexdigest() != record.model_file:
        raise CheckFailed(f"the model that was kept of {row.id} is not the one that its run recorded")
    return record, model


def _lacking(header: Header | None, run: PlannedRun, row: Row) -> tuple[str, str, str] | None:
    """Code, message and remedy where there is no model to predict by."""
    about = f'experiment "{row.id}": '
    owner = "" if header is None else owner_of(header)
    if owner:
        message = f"{about}its run is one of {owner}, and a trained model of others is never loaded"
        slipped = header is not None and MODEL_FILE in header.files
        here = (
            f"take {run.key[:12]} out of the store, then `reportgen build`" if slipped else "reportgen build"
        )
        return "not-your-model", message, here if row.keep_model else _NO_MODEL
    if header is not None and MODEL_FILE in header.files:
        return None
    if header is not None and not row.keep_model:
        return "model-not-kept", f"{about}the trained model of its run was not kept", _NO_MODEL
    remedy = "reportgen build" if row.keep_model else _NO_MODEL
    return "not-run", f"{about}its run has not been made", remedy


def content(labels: list[str], first_id: int) -> bytes:
    """Return the bytes of a submission: a line for each image, in the order of their file."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows((first_id + place, label) for place, label in enumerate(labels))
    return buffer.getvalue().encode()


def _named(chosen: Chosen) -> str:
    return chosen.row.id if chosen.row.repeats == 1 else f"{chosen.row.id} seed {chosen.seed}"
