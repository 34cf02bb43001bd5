"""Rows whose settings are calls, by real runs: what their records say, and that they can be repeated."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from reportgen import build
from reportgen.execution.outcome import Outcome
from reportgen.execution.runner import run_all
from reportgen.execution.signals import Stop
from reportgen.plan import PlannedRun
from reportgen.progress import Lines
from reportgen.recordfile import digest
from reportgen.records import Record, Stopped
from reportgen.store.objects import Store
from reportgen.workspace import find_workspace
from tests.projects import ROOT

pytestmark = pytest.mark.kernel

STACK = """layers = ["Conv2D(6, 3, activation='relu')", "BatchNormalization()", "MaxPooling2D(2)", "Flatten()",
  "Dropout(0.3)", "Dense(10, activation='softmax', kernel_regularizer=L2(0.01))"]"""
ROWS = {
    "stack": f"""notebook = "cnn"
parameters.augmentation = ["RandomRotation(0.03, fill_mode='nearest')", "RandomTranslation(0.1, 0.1)"]
parameters.optimizer = "Nadam(2e-3)"
parameters.callbacks = ["EarlyStopping(patience=1, min_delta=9, restore_best_weights=True)"]
parameters.schedule = "ExponentialPerEpoch(0.5)"
parameters.epochs = 3
parameters.batch_size = 128
parameters.validation = 200
parameters.{STACK}
""",
    "resumed": f"""notebook = "cnn"
warm_start = "stack"
parameters.optimizer = "Adam(1e-4)"
parameters.epochs = 1
parameters.batch_size = 128
parameters.validation = 200
parameters.{STACK}
""",
    "logits": """notebook = "raw_mlp"
parameters.layers = ["Flatten()", "Dense(16, activation='relu')", "Dense(10)"]
parameters.loss = "SparseCategoricalCrossentropy(from_logits=True)"
parameters.batch_size = 128
parameters.epochs = 2
""",
    "lists": """notebook = "hog_mlp"
parameters.hidden_units = [20, 12]
parameters.activation = ["tanh", "relu"]
parameters.dropout = [0.2, 0.0]
parameters.pixels_per_cell = 7
parameters.epochs = 2
""",
    "frozen": """notebook = "cnn"
parameters.layers = ["ZeroPadding2D(2)", "GrayscaleToRGB()", "Rescaling(2, offset=-1)",
  "MobileNetV2(alpha=0.35, include_top=False, weights=None, trainable=False)", "GlobalAveragePooling2D()",
  "Dense(10, activation='softmax')"]
parameters.batch_size = 256
parameters.epochs = 1
""",
    "pretrained": """notebook = "cnn"
parameters.layers = ["ZeroPadding2D(2)", "GrayscaleToRGB()", "Rescaling(2, offset=-1)",
  "MobileNetV2(include_top=False, weights='imagenet', trainable=False)", "GlobalAveragePooling2D()",
  "Dense(10, activation='softmax')"]
parameters.epochs = 1
""",
}


@dataclass(frozen=True)
class Made:
    """Runs by the ids of their rows, how each ended, and the store they are in."""

    planned: Mapping[str, PlannedRun]
    outcomes: Mapping[str, Outcome]
    store: Store

    def record(self, row: str) -> Record:
        """The record of a row."""
        found = self.store.record(self.planned[row].key)
        assert found is not None, self.outcomes[row].failure
        return found


def made(folder: Path, rows: tuple[str, ...], cold: bool) -> Made:
    """Make the runs of some rows on the embedded digits."""
    folder.mkdir()
    (folder / "notebooks").symlink_to(ROOT / "notebooks")
    text = '[report]\ntitle = "x"\n[execution]\nsplit_seed = 11\n[[section]]\nid = "all"\ntitle = "All"\n'
    text += "".join(
        f'[[experiment]]\nid = "{row}"\nsection = "all"\ntitle = "{row}"\nparameters.dataset = "digits"\n{ROWS[row]}'
        for row in rows
    )
    (folder / "experiments.toml").write_text(text, encoding="utf-8")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("REPORTGEN", "KERAS"))}
    env |= {"HOME": str(folder), "PYTHONPATH": str(ROOT)}
    work = find_workspace(folder / "experiments.toml", env)
    prepared = build.prepare(work, build.Options(jobs=2), env, print)
    by_key = run_all(
        [run.spec for run in prepared.plan.runs], prepared.store, work.runs, jobs=2, cold=cold, fail_fast=False,
        env=env, progress=Lines(print), stop=Stop(print),
    )  # fmt: skip
    planned = {run.rows[0].id: run for run in prepared.plan.runs}
    return Made(planned, {row: by_key[run.spec.key] for row, run in planned.items()}, prepared.store)


@pytest.fixture(scope="module")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """All rows, by kernels that are forked where they can be."""
    return made(tmp_path_factory.mktemp("calls") / "forked", tuple(ROWS), cold=False)


def test_a_stack_is_trained_as_its_row_says(forked: Made) -> None:
    record = forked.record("stack")
    assert [layer.class_name for layer in record.layers] == [
        "RandomRotation", "RandomTranslation", "Conv2D", "BatchNormalization", "MaxPooling2D", "Flatten", "Dropout",
        "Dense",
    ]  # fmt: skip
    assert record.augmentation == 2
    assert record.optimizer["name"] == "Nadam"
    assert record.history["learning_rate"] == pytest.approx([0.002, 0.001])
    assert record.stopped == Stopped(3, "EarlyStopping", 1)
    assert record.tested_epoch == 1
    assert record.evaluation["validation"]["loss"] == pytest.approx(record.history["val_loss"][0], rel=1e-5)
    assert 0 < record.penalty["test"] < record.evaluation["test"]["loss"]
    assert (record.data.n_validation, record.data.split_seed, record.seed) == (200, 11, 42)


def test_the_models_of_rows_that_others_start_from_are_kept_and_no_others(forked: Made) -> None:
    for row, run in forked.planned.items():
        header = forked.store.header(run.key)
        if header is not None:
            assert ("model.keras" in header.files) == (row == "stack") == bool(forked.record(row).model_file)


def test_a_warm_start_begins_where_the_other_row_ended(forked: Made) -> None:
    first, onwards = forked.record("stack"), forked.record("resumed")
    assert onwards.initial == {"key": forked.planned["stack"].key, "weights": first.weights}
    assert onwards.history["val_loss"][0] < first.history["val_loss"][0]
    assert onwards.data.split_digest == first.data.split_digest


def test_logits_and_lists_of_settings_are_recorded_as_they_were_meant(forked: Made) -> None:
    logits, lists = forked.record("logits"), forked.record("lists")
    assert logits.test.probabilities.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert logits.loss["settings"]["from_logits"] is True
    assert [layer.settings.get("activation") for layer in lists.layers] == ["tanh", None, "relu", "softmax"]
    assert [layer.class_name for layer in lists.layers] == ["Dense", "Dropout", "Dense", "Dense"]


def test_a_frozen_network_is_one_layer_with_its_own_inside(forked: Made) -> None:
    record = forked.record("frozen")
    network = record.layers[3]
    assert (network.class_name, network.input_shape, len(network.inner)) == ("Functional", (32, 32, 3), 153)
    assert sum(layer.parameters for layer in network.inner) == network.parameters == network.non_trainable
    assert record.trainable_params == 1280 * 10 + 10


def test_a_row_without_its_weights_fails_and_says_what_to_do(forked: Made) -> None:
    failure = forked.outcomes["pretrained"].failure
    assert failure is not None
    assert "ImageNet weights are not on this machine" in failure.message
    assert "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5" in failure.remedy
    assert forked.store.header(forked.planned["pretrained"].key) is None


def test_cold_kernels_in_another_order_give_the_same_records(forked: Made, tmp_path: Path) -> None:
    again = made(tmp_path / "cold", ("resumed", "logits", "stack"), cold=True)
    for row in ("stack", "resumed", "logits"):
        assert again.record(row).environment["kernel"] == "cold"
        assert digest(again.record(row)) == digest(forked.record(row)), row
