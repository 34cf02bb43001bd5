"""Submissions: by real models of real runs, and everything that stands against one."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import numpy as np
import pytest

from reportgen import build, submit
from reportgen.cli import run as program
from reportgen.datasets.decoded import open_unlabelled
from reportgen.datasets.digits import make
from reportgen.errors import CheckFailed, InputError
from reportgen.execution.runner import run_all
from reportgen.execution.signals import Stop
from reportgen.plan import PlannedRun
from reportgen.progress import Lines
from reportgen.recordfile import MODEL_FILE, to_files
from reportgen.records import Record
from reportgen.store.merge import merge
from reportgen.store.objects import Store
from reportgen.workspace import Workspace, find_workspace
from tests.datasets.own import csv_text
from tests.projects import ROOT

FILE = """\
[report]
title = "A competition"

[dataset.kaggle]
kind = "csv"
train = "train.csv"
test = "labelled.csv"
unlabelled = "test.csv"
labels = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]

[dataset.aside]
from = "digits"
train_items = 600
test_items = 150
unlabelled_items = 90
first_id = 0

[dataset.labelled]
from = "digits"
train_items = 600
test_items = 150

[[section]]
id = "nets"
title = "Networks"
notebook = "raw_mlp"
keep_model = true
parameters = { dataset = "kaggle", epochs = 2, batch_size = 64 }
"""
ROWS = {
    "twice": "repeats = 2\nparameters = { hidden_units = [24] }",
    "logits": """parameters.layers = ["Flatten()", "Dense(16, activation='relu')", "Dense(10)"]
parameters.loss = "SparseCategoricalCrossentropy(from_logits=True)\"""",
    "stack": """notebook = "cnn"
parameters.augmentation = ["RandomRotation(0.03)"]
parameters.callbacks = ["EarlyStopping(patience=1, min_delta=9, restore_best_weights=True)"]
parameters.layers = ["GrayscaleToRGB()", "Conv2D(4, 3, activation='relu')", "BatchNormalization()",
  "MaxPooling2D(4)", "Flatten()", "Dense(10, activation='softmax')"]""",
    "hog": 'notebook = "hog_mlp"\nparameters = { dataset = "aside", hidden_units = [16], pixels_per_cell = 7 }',
    "own": 'notebook = "own"\nparameters = { hidden_units = [16] }',
    "unkept": "keep_model = false\nparameters = { hidden_units = [8] }",
}
WITHOUT_RUN = {
    "known": 'parameters = { dataset = "mnist" }',
    "bare": 'parameters = { dataset = "labelled" }',
    "later": "parameters = { hidden_units = [3] }",
}


def text(rows: Mapping[str, str]) -> str:
    """The file with some rows."""
    made = [
        f'[[experiment]]\nid = "{id}"\nsection = "nets"\ntitle = "{id}"\n{what}\n'
        for id, what in rows.items()
    ]
    return "\n".join([FILE, *made])


def coursework(folder: Path, rows: Mapping[str, str]) -> Workspace:
    """A folder with the files of a competition in Kaggle's layout, and a notebook that scales otherwise."""
    digits = make()
    x_train, y_train = digits["x_train"][:500], digits["y_train"][:500]
    x_test, y_test = digits["x_test"], digits["y_test"]
    folder.mkdir()
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    (folder / "train.csv").write_text(csv_text(x_train, y_train + 10))
    (folder / "labelled.csv").write_text(csv_text(x_test, y_test + 10))
    (folder / "test.csv").write_text(csv_text(x_test, None))
    notebook = nbformat.read(folder / "notebooks" / "raw_mlp.ipynb", as_version=4)
    cell = next(each for each in notebook.cells if "load_dataset(dataset" in each.source)
    cell.source += "\nfor part in (data.train, data.validation, data.test):\n    part.x[:] = 2 * part.x - 1"
    nbformat.write(notebook, folder / "notebooks" / "own.ipynb")
    (folder / "experiments.toml").write_text(text(rows))
    return find_workspace(folder / "experiments.toml", {"HOME": str(folder)})


def environment(work: Workspace) -> dict[str, str]:
    """That of a command line without data and network."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("REPORTGEN", "KERAS"))}
    return env | {"HOME": str(work.root), "PYTHONPATH": str(ROOT)}


@dataclass(frozen=True)
class Made:
    """A coursework whose runs are made."""

    work: Workspace
    prepared: build.Prepared

    def run(self, row: str, seed: int = 42) -> PlannedRun:
        """A run of a row."""
        runs = self.prepared.plan.runs
        return next(run for run in runs if (run.rows[0].id, run.spec.parts["seed"]) == (row, seed))

    def submit(self, row: str, path: Path, seed: int | None = None) -> submit.Submission:
        """Submit the predictions of a row."""
        return submit.submit(
            self.work, build.Options(), environment(self.work), row, path, seed=seed, say=lambda _: None
        )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Rows of every kind of input, trained."""
    work = coursework(tmp_path_factory.mktemp("submit") / "lab", ROWS)
    env = environment(work)
    prepared = build.prepare(work, build.Options(jobs=2), env, print)
    outcomes = run_all(
        [run.spec for run in prepared.plan.runs], prepared.store, work.runs, jobs=2, cold=False, fail_fast=False,
        env=env, progress=Lines(print), stop=Stop(print),
    )  # fmt: skip
    assert {key: each.failure for key, each in outcomes.items() if each.failure} == {}
    return Made(work, prepared)


def lines(path: Path) -> list[list[str]]:
    """The cells of a submission."""
    return [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]


def as_recorded(made: Made, path: Path, row: str, seed: int = 42) -> Record:
    """The record of a run, of whose test images a submission says just what the run did."""
    record = made.prepared.store.record(made.run(row, seed).key)
    assert record is not None and len(set(record.test.y_pred.tolist())) > 1
    # test.csv holds the images of labelled.csv, whose labels are 10 to 19.
    expected = [[str(place + 1), str(label + 10)] for place, label in enumerate(record.test.y_pred)]
    assert lines(path) == [["ImageId", "Label"], *expected]
    return record


@pytest.mark.kernel
def test_images_of_the_test_set_get_the_classes_that_their_run_recorded(made: Made, tmp_path: Path) -> None:
    done = made.submit("logits", tmp_path / "submission.csv")
    record = as_recorded(made, tmp_path / "submission.csv", "logits")
    assert (done.chosen.seed, done.checked, done.chosen.record.model_file) == (42, 360, record.model_file)
    assert sum(done.counts.values()) == 360 and list(done.counts) == [str(label) for label in range(10, 20)]


@pytest.mark.kernel
def test_gradients_are_made_of_images_as_they_were_in_the_run(made: Made, tmp_path: Path) -> None:
    found = made.prepared.data["aside"]
    assert found.unlabelled is not None
    made.submit("hog", tmp_path / "submission.csv")
    cells = lines(tmp_path / "submission.csv")[1:]
    assert [int(place) for place, _ in cells] == list(range(90))  # first_id = 0
    assert len(open_unlabelled(found.unlabelled.folder)) == 90
    # The images were put aside from digits whose labels are known here: better than chance by far.
    images = open_unlabelled(found.unlabelled.folder)[..., 0]
    digits = make()
    pool = {image.tobytes(): int(label) for part in ("train", "test")
            for image, label in zip(digits[f"x_{part}"], digits[f"y_{part}"], strict=True)}  # fmt: skip
    right = [str(pool[image.tobytes()]) == label for image, (_, label) in zip(images, cells, strict=True)]
    record = made.prepared.store.record(made.run("hog").key)
    assert record is not None
    assert abs(np.mean(right) - record.evaluation["test"]["accuracy"]) < 0.2


@pytest.mark.kernel
def test_a_notebook_that_prepares_images_in_its_own_way_is_found_out(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(made.work).items():
        monkeypatch.setenv(name, value)
    path = tmp_path / "submission.csv"
    with pytest.raises(SystemExit) as end:
        program(["submit", "own", "--file", str(made.work.file), "--out", str(path)])
    said = capsys.readouterr().err
    assert end.value.code == 6 and not path.exists()
    assert (
        "error: own: its model does not say of the test images what its run recorded; nothing was written"
        in said
    )
    assert "just as load_dataset returns them" in said
    assert not list(made.work.runs.glob("submit-*"))


@pytest.mark.kernel
def test_what_is_said_of_a_submission(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(made.work).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "submission.csv").write_text("ImageId,Label\n1,7\n")
    with pytest.raises(SystemExit) as end:
        program(["submit", "stack", "--file", str(made.work.file), "--json"])
    answer, said = json.loads(capsys.readouterr().out), (tmp_path / "submission.csv").read_text()
    record = as_recorded(made, tmp_path / "submission.csv", "stack")
    right = np.mean(record.validation.y_true == record.validation.y_pred)
    assert (end.value.code, answer["exit"], answer["file"], answer["rows"]) == (0, 0, "submission.csv", 360)
    assert (answer["epoch"], answer["images"], answer["checked"]) == (1, 50, 360)
    assert answer["validation_accuracy"] == pytest.approx(right) and answer["low"] < right < answer["high"]
    assert answer["counts"] == {str(n): said.count(f",{n}\n") for n in range(10, 20)}
    with pytest.raises(SystemExit):
        program(["submit", "twice", "--seed", "43", "--file", str(made.work.file)])
    told = capsys.readouterr().out.splitlines()
    as_recorded(made, tmp_path / "submission.csv", "twice", 43)
    assert told[0] == "predicting 360 images by the model of twice seed 43"
    assert told[1] == "submission.csv: 360 rows, ImageId 1 to 360"
    assert told[2].startswith("   labels: 10: ")
    assert told[3] == (
        "   by the model of twice, seed 43, one of its 2 (--seed names another); weights of epoch 2 of 2"
    )
    assert told[4].startswith("   its validation accuracy: ") and told[4].endswith(" (50 images)")
    assert told[5:] == [
        "   checked: it says of 360 test images what its run recorded",
        "   no score is known: these images have no labels here",
    ]


def refusal(work: Workspace, row: str, tmp_path: Path, seed: int | None = None) -> str:
    """Why nothing is submitted."""
    with pytest.raises(InputError) as caught:
        submit.submit(
            work, build.Options(), environment(work), row, tmp_path / "out.csv", seed=seed, say=lambda _: None
        )
    return str(caught.value).replace(f"{work.root}/", "")


@pytest.mark.kernel
def test_a_model_must_be_kept_and_ones_own(made: Made, tmp_path: Path) -> None:
    line = next(row.line for row in made.prepared.experiments.rows if row.id == "unkept")
    assert refusal(made.work, "unkept", tmp_path) == (
        f'experiments.toml:{line}: error[model-not-kept]: experiment "unkept": the trained model of its run was not'
        " kept\n  set keep_model = true in this row, then `reportgen build`: the row runs again and keeps its model"
    )
    # As `merge` takes them, without their models; and as nobody should have put them there, with these.
    anna = Store(tmp_path / "merged", print)
    assert {each.what for each in merge(anna, made.prepared.store.root, "Anna")} == {"taken"}
    slipped, key = Store(tmp_path / "slipped", print), made.run("logits").key
    header, files = made.prepared.store.header(key), made.prepared.store.files(key)
    assert header is not None and files is not None and MODEL_FILE in files
    slipped.put(key, header.parts, {**header.made, "owner": "Anna"}, files)
    for store in (anna, slipped):
        said = refusal(replace(made.work, store=store.root), "logits", tmp_path)
        assert "error[not-your-model]" in said
        assert (
            'experiment "logits": its run is one of Anna, and a trained model of others is never loaded'
            in said
        )
        here = (
            "  reportgen build"
            if store is anna
            else f"  take {key[:12]} out of the store, then `reportgen build`"
        )
        assert said.splitlines()[1] == here


@pytest.fixture
def untrained(tmp_path: Path) -> Workspace:
    """A coursework without runs."""
    return coursework(tmp_path / "lab", {**WITHOUT_RUN, "twice": ROWS["twice"]})


def test_there_must_be_something_to_predict(untrained: Workspace, tmp_path: Path) -> None:
    known = refusal(untrained, "known", tmp_path)
    assert 'error[nothing-to-submit]: experiment "known": all images of mnist have labels' in known
    assert 'describe data of your own, [dataset.NAME] with unlabelled = "test.csv"' in known
    bare = refusal(untrained, "bare", tmp_path)
    table = untrained.file.read_text().splitlines().index("[dataset.labelled]") + 1
    assert bare == (
        f"experiments.toml:{table}: error[nothing-to-submit]: [dataset.labelled]: it has no images without labels\n"
        "  say which are to be predicted, such as unlabelled_items = 1000"
    )


def test_there_must_be_such_a_row_and_such_a_run(untrained: Workspace, tmp_path: Path) -> None:
    assert 'error[unknown-row]: reportgen submit names no row: "latter"' in refusal(
        untrained, "latter", tmp_path
    )
    assert refusal(untrained, "later", tmp_path).endswith(
        'error[not-run]: experiment "later": its run has not been made\n  reportgen build'
    )
    assert refusal(untrained, "twice", tmp_path, seed=7) == (
        "--seed: error[unknown-seed]: twice has no run with the seed 7\n  it has 42 to 43"
    )


@pytest.mark.parametrize(
    ("content", "fits"),
    [
        ("ImageId,Label\n1,7\n", True),
        ("ImageId,Label\r\n", True),
        ("label,pixel0\n", False),
        ("ImageId,Label,More\n", False),
        ("", False),
    ],
)
def test_only_a_submission_is_replaced(
    untrained: Workspace, tmp_path: Path, content: str, fits: bool
) -> None:
    (tmp_path / "out.csv").write_text(content, newline="")
    said = refusal(untrained, "later", tmp_path) if fits else refusal(untrained, "bare", tmp_path)
    assert ("--out: error[in-the-way]" in said) != fits
    assert (tmp_path / "out.csv").read_bytes() == content.encode()
    if not fits:  # both faults at once
        assert "error[nothing-to-submit]" in said and "replace it by --force" in said


def test_the_file_is_what_a_competition_reads() -> None:
    assert submit.content(["3", "0"], 1) == b"ImageId,Label\n1,3\n2,0\n"
    assert submit.content(["T-shirt, top", "été"], 28_001).decode() == (
        'ImageId,Label\n28001,"T-shirt, top"\n28002,été\n'
    )


@pytest.mark.kernel
def test_a_damaged_model_is_not_used(made: Made, tmp_path: Path) -> None:
    key = made.run("logits").key
    header, record = made.prepared.store.header(key), made.prepared.store.record(key)
    files = made.prepared.store.files(key)
    assert header is not None and record is not None and files is not None
    other = to_files(replace(record, model_file="0" * 64))
    store = Store(tmp_path / "store", print)
    store.put(key, header.parts, header.made, {**files, **other})
    with pytest.raises(CheckFailed, match="is not the one that its run recorded"):
        submit.submit(
            replace(made.work, store=store.root), build.Options(), environment(made.work), "logits",
            tmp_path / "out.csv", say=lambda _: None,
        )  # fmt: skip
