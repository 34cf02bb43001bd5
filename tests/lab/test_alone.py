"""A notebook run alone, cell by cell, when something is not as it should be: what it says and what it keeps."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.recordfile import digest
from reportgen.store.objects import Store
from tests.lab.kernels_alone import PLAIN
from tests.projects import ROOT

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(sys.platform != "linux", reason="forks a process that has imported TensorFlow"),
]

PARAMETERS = 'dataset: str = "digits"\nepochs: int = 1\nseed: int = 42'
SETUP = "import keras\nfrom reportgen.lab import load_dataset, prepare, record, train\nprepare(seed)"
DATA = "data = load_dataset(dataset, seed=seed)"
MODEL = (
    "model = keras.Sequential([keras.Input(shape=data.input_shape), keras.layers.Flatten(),"
    " keras.layers.Dense(data.classes, activation='softmax')])\n"
    "model.compile(optimizer='sgd', loss='categorical_crossentropy', metrics=['accuracy'])"
)
TRAIN = "history = train(model, data, batch_size=512, epochs=epochs)"
RECORD = "record(model, data, history)"
WHOLE = [PARAMETERS, SETUP, DATA, MODEL, TRAIN, RECORD]
FULL_DISK = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (10_000, resource.RLIM_INFINITY))"
CASES = {
    "whole": WHOLE,
    "recorded-twice": [*WHOLE, RECORD],
    "all-twice": [*WHOLE, *WHOLE],
    "other-parameters": [PARAMETERS.replace("1", "2", 1), *WHOLE[1:]],
    "trained-on": [*WHOLE, TRAIN, RECORD],
    "file-in-the-way": [*WHOLE[:-1], "open('reportgen-record', 'w').close()", RECORD, "import os; os.remove('reportgen-record')"],
    "full-disk": [*WHOLE[:-1], FULL_DISK, RECORD],
    "early": [PARAMETERS, "import tensorflow as tf; one = tf.constant(1) + 1", *WHOLE[1:]],
    "unprepared": [PARAMETERS, SETUP.replace("prepare(seed)", ""), *WHOLE[2:]],
    "another-seed": [PARAMETERS, SETUP.replace("prepare(seed)", "prepare(7)"), *WHOLE[2:]],
    "other-floats": [PARAMETERS, SETUP, "keras.config.set_floatx('float64')", *WHOLE[2:]],
    PLAIN: WHOLE,
}  # fmt: skip


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all cases, each run to its end."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "cells.json").write_text(json.dumps(CASES), encoding="utf-8")
    env = {key: value for key, value in os.environ.items() if not key.startswith("REPORTGEN")}
    env |= {
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "IPYTHONDIR": str(folder / "ipython"),
        "MPLBACKEND": "agg",
    }
    command = [sys.executable, "-m", "tests.lab.kernels_alone", str(folder)]
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


def said(cases: Path, case: str) -> str:
    """What the cells of a case printed."""
    return (cases / case / "said.txt").read_text(encoding="utf-8")


def kept(cases: Path, case: str) -> list[str]:
    """Keys of the records that a case left."""
    return [header.key for header in Store(cases / case / "reportgen-record", pytest.fail).headers()]


def test_a_run_from_top_to_bottom_is_kept_once_and_small(cases: Path) -> None:
    assert len(kept(cases, "whole")) == 1
    folder = cases / "whole" / "reportgen-record"
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 100_000
    assert "Kept in reportgen-record" in said(cases, "whole")
    assert "No notebook in this folder" in said(cases, "whole")  # which has no notebook at all


def test_recording_again_says_so_and_keeps_the_first(cases: Path) -> None:
    assert "already, with the same numbers" in said(cases, "recorded-twice")
    assert kept(cases, "recorded-twice") == kept(cases, "whole")


def test_other_parameters_are_another_record(cases: Path) -> None:
    assert len({*kept(cases, "whole"), *kept(cases, "other-parameters")}) == 2


@pytest.mark.parametrize(
    ("case", "words"),
    [("trained-on", "a cell ran more than once"), ("all-twice", "the parameters were set again")],
)
def test_what_ran_on_from_a_first_run_is_shown_but_not_kept(cases: Path, case: str, words: str) -> None:
    assert said(cases, case).count("test: accuracy") == 2
    assert f"Not kept for `reportgen merge`: {words}" in said(cases, case)
    store, first = (Store(cases / name / "reportgen-record", pytest.fail) for name in (case, "whole"))
    (key,) = kept(cases, case)
    after, before = store.record(key), first.record(key)
    assert after is not None and before is not None
    assert digest(after) == digest(before)  # the first run's record stays as it was


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("file-in-the-way", "reportgen-record: Not a directory while keeping a run. Mend that"),
        ("full-disk", "File too large while keeping a run. Mend that"),
        ("early", "TensorFlow had run something before prepare(seed)"),
        ("unprepared", "prepare(seed) did not run"),
        ("another-seed", "prepare() got the seed 7"),
        ("other-floats", "Keras is set to"),
        (PLAIN, "this is no Jupyter kernel"),
    ],
)
def test_the_results_are_shown_whatever_keeps_them_from_being_kept(
    cases: Path, case: str, words: str
) -> None:
    lines = said(cases, case).splitlines()
    (line,) = (line for line in lines if line.startswith("Not kept for `reportgen merge`"))
    assert words in line
    assert any("test: accuracy" in each for each in lines)
    assert kept(cases, case) == []
