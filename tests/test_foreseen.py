"""What is known of runs before they are made: sizes, memory, rates, weights that lie somewhere or nowhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from reportgen import build, outputs
from reportgen.cli.documents import of_plan
from reportgen.collecting import collect
from reportgen.errors import InputError
from reportgen.experiments.json_schema import NAME
from reportgen.schema_file import look, renew
from reportgen.workspace import Workspace, find_workspace
from tests.datasets.own import csv_text, labels, pictures

HEAD = """\
[report]
title = "T"

[dataset.mine]
kind = "csv"
train = "train.csv"
test_items = 6

[[section]]
id = "s"
notebook = "cnn"

"""
TRANSFER = (
    "ZeroPadding2D(2)", "GrayscaleToRGB()", "Rescaling(2.0, offset=-1.0)",
    "MobileNetV2(include_top=False, weights='imagenet', trainable=False)", "GlobalAveragePooling2D()",
    "Dense(10, activation='softmax')",
)  # fmt: skip
FILE = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5"


def row(name: str, *layers: str, **parameters: object) -> str:
    """A row with layers on the embedded digits."""
    given = "".join(f"{key} = {json.dumps(value)}\n" for key, value in parameters.items())
    return (
        f'[[experiment]]\nid = "{name}"\nsection = "s"\ntitle = "T"\n[experiment.parameters]\n'
        f"layers = {json.dumps(layers)}\n{given}"
    )


def prepared(
    folder: Path, text: str, env: Mapping[str, str] | None = None
) -> tuple[Workspace, build.Prepared, list[str]]:
    """A plan of a file, and what was said on the way."""
    (folder / "train.csv").write_text(csv_text(pictures(30), labels(30)))
    (folder / "experiments.toml").write_text(HEAD + text)
    work = find_workspace(folder / "experiments.toml", {"HOME": str(folder), **(env or {})})
    said: list[str] = []
    return work, build.prepare(work, build.Options(data="embedded"), {}, said.append), said


def test_a_plan_tells_size_memory_and_rates(tmp_path: Path) -> None:
    layers = (
        "Flatten()",
        "Dense(20, activation='relu')",
        "BatchNormalization()",
        "Dense(10, activation='softmax')",
    )
    settings = {
        "optimizer": "Adam(1e-2)",
        "schedule": "StepwisePerEpoch({2: 1e-3})",
        "epochs": 3,
        "batch_size": 100,
    }
    text = row("a", *layers, dataset="digits", **settings)
    work, found, said = prepared(tmp_path, text)
    (run,) = of_plan(found, work, 1)["runs"]
    trainable = 785 * 20 + 2 * 20 + 21 * 10
    assert (run["parameters"], run["trainable"]) == (trainable + 40, trainable)
    outputs = 100 * (784 + 20 + 20 + 10)
    assert run["memory"] == 4 * (trainable + 40 + 3 * trainable + outputs), (
        "weights, gradients, two moments, outputs"
    )
    assert run["rates"] == pytest.approx([1e-2, 1e-2, 1e-3])
    assert run["starts_from"] is None
    assert not any("warning" in line for line in said)


def test_layers_are_checked_against_data_of_ones_own_before_anything_runs(tmp_path: Path) -> None:
    right = row("a", "Flatten()", "Dense(3, activation='softmax')", dataset="mine")
    classes = len(set(labels(30)))
    fitting = right.replace("Dense(3", f"Dense({classes}")
    _, found, _ = prepared(tmp_path, fitting)
    assert found.plan.runs[0].foreseen.parameters is not None
    wrong = right.replace("Dense(3", f"Dense({classes + 1}")
    with pytest.raises(InputError) as refused:
        prepared(tmp_path, wrong)
    (problem,) = refused.value.problems
    assert (problem.code, problem.line, problem.column) == ("bad-output", 18, 31)
    assert f"the data have {classes} classes" in problem.message


def test_warnings_are_said_and_told(tmp_path: Path) -> None:
    flat = "Flatten()", "Dense(10, activation='softmax')"
    text = row("a", *flat, dataset="digits", callbacks=["EarlyStopping(patience=60)"], epochs=50)
    work, found, said = prepared(tmp_path, text)
    assert any("warning[never-acts]" in line and "lower patience" in line for line in said)
    assert [each["code"] for each in of_plan(found, work, 1)["warnings"]] == ["never-acts"]


def test_weights_that_are_not_here_are_told_and_those_that_are_are_in_the_key(tmp_path: Path) -> None:
    text = row("a", *TRANSFER, dataset="digits")
    _, without, said = prepared(tmp_path, text)
    assert any(
        "warning[no-weights]" in line and f"put {FILE}, which Keras publishes" in line for line in said
    )
    assert without.plan.runs[0].spec.weights == {}
    models = tmp_path / ".keras" / "models"
    models.mkdir(parents=True)
    (models / FILE).write_bytes(b"weights")
    _, found, said = prepared(tmp_path, text)
    spec = found.plan.runs[0].spec
    assert spec.weights == {"imagenet": str(models / FILE)}
    assert spec.parts["weights"] == {"imagenet": hashlib.sha256(b"weights").hexdigest()}
    assert spec.key != without.plan.runs[0].spec.key
    assert not any("no-weights" in line for line in said)
    data_dir = tmp_path / "data"
    (data_dir / "models").mkdir(parents=True)
    (models / FILE).rename(data_dir / "models" / FILE)
    _, elsewhere, _ = prepared(tmp_path, text, {"REPORTGEN_DATA_DIR": str(data_dir)})
    assert elsewhere.plan.runs[0].spec.key == spec.key, "where the file lies makes no difference"


def test_a_file_of_weights_is_told_from_the_experiments_file(tmp_path: Path) -> None:
    (tmp_path / "mine.weights.h5").write_bytes(b"own")
    text = row("a", *TRANSFER, dataset="digits").replace("'imagenet'", "'mine.weights.h5'")
    _, found, _ = prepared(tmp_path, text)
    assert found.plan.runs[0].spec.weights == {"mine.weights.h5": str(tmp_path / "mine.weights.h5")}


def test_an_editor_knows_the_data_sets_of_the_file(tmp_path: Path) -> None:
    work, _, _ = prepared(
        tmp_path, row("a", "Flatten()", "Dense(10, activation='softmax')", dataset="digits")
    )
    renew(look(work))
    schema = json.loads((tmp_path / NAME).read_text(encoding="utf-8"))
    known = schema["definitions"]["Experiment"]["properties"]["parameters"]["properties"]["dataset"]["enum"]
    assert known == ["digits", "fashion_mnist", "garments", "mine", "mnist"]
    work.file.write_text("[report\n", encoding="utf-8")
    assert "mine" not in look(work).content, "a file that is being written has no data sets yet"


def test_a_row_without_its_weights_says_so_instead_of_asking_for_another_build(tmp_path: Path) -> None:
    _, made, _ = prepared(
        tmp_path, row("moved", *TRANSFER) + row("plain", *TRANSFER[:3], "Flatten()", TRANSFER[-1])
    )
    found = {result.row.id: result.runs[0].failure for result in collect(made, {}, ())}
    moved, plain = found["moved"], found["plain"]
    assert moved is not None and moved.message == 'the weights "imagenet" are not on this machine'
    assert FILE in moved.remedy
    assert plain is not None and plain.message == "this run has not been made"


def test_a_report_names_files_of_weights_and_not_where_they_lie(tmp_path: Path) -> None:
    models = tmp_path / ".keras" / "models"
    models.mkdir(parents=True)
    (models / FILE).write_bytes(b"weights")
    work, made, _ = prepared(tmp_path, row("moved", *TRANSFER))
    given = outputs._provenance(work, build.Options(), made, collect(made, {}, ()), {})
    assert given.weights == ((FILE, 7, hashlib.sha256(b"weights").hexdigest()),)
