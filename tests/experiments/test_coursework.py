"""experiments.toml of the project: its 24 rows against the transcription of the coursework."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from reportgen.experiments.load import load
from reportgen.experiments.resolved import Experiments, Row
from reportgen.notebooks import discover
from tests.experiments.sources import DATASETS

ROOT = Path(__file__).resolve().parents[2]
TRANSCRIPTION = ROOT.parent / "shared" / "courseworks" / "arn-labo04.toml"
SECTIONS = {
    "MLP_from_raw_data.ipynb": ("raw", "raw_mlp"),
    "MLP_from_HOG.ipynb": ("hog", "hog_mlp"),
    "CNN.ipynb": ("cnn", "cnn"),
    "Fashion_MNIST.ipynb": ("fashion", "fashion_cnn"),
}


@pytest.fixture(scope="module")
def own() -> Experiments:
    return load(ROOT / "experiments.toml", discover(ROOT / "notebooks"), DATASETS)


@pytest.fixture(scope="module")
def transcribed() -> list[dict[str, Any]]:
    if not TRANSCRIPTION.is_file():
        pytest.skip("the transcription of the coursework is not beside the project")
    rows: list[dict[str, Any]] = tomllib.loads(TRANSCRIPTION.read_text(encoding="utf-8"))["experiment"]
    return rows


def expected_parameters(row: dict[str, Any]) -> dict[str, Any]:
    """The settings of a transcribed row in the words of our notebooks."""
    kinds = {
        kind: [layer for layer in row["layers"] if layer["type"] == kind]
        for kind in ("dense", "dropout", "conv2d")
    }
    hidden, convolutions = kinds["dense"][:-1], kinds["conv2d"]
    assert kinds["dense"][-1] == {"type": "dense", "units": 10, "activation": "softmax"}
    expected = {
        "dataset": row["dataset"].replace("-", "_"),
        "optimizer": row["optimizer"]["name"],
        "learning_rate": row["optimizer"]["learning_rate"],
        "batch_size": 16384 if row["batch_size"] == 16382 else row["batch_size"],
        "epochs": row["epochs"],
        "validation": 0.1,
        "loss": row["loss"],
        "callbacks": row["callbacks"],
        "schedule": None,
    }
    if row["features"]["type"] == "raw":
        expected["layers"] = []  # the network is described in stages
    if convolutions:
        assert all(layer["padding"] == "same" for layer in convolutions)
        (conv_activation,) = {layer["activation"] for layer in convolutions}
        return expected | {
            "filters": [layer["filters"] for layer in convolutions],
            "kernel_sizes": [layer["kernel_size"] for layer in convolutions],
            "conv_activation": conv_activation,
            "dense_units": hidden[0]["units"],
            "dense_activation": hidden[0]["activation"],
            "augmentation": row["augmentation"],
        }
    expected |= {
        "hidden_units": [layer["units"] for layer in hidden],
        "activation": hidden[0]["activation"],
        "dropout": kinds["dropout"][0]["rate"] if kinds["dropout"] else 0.0,
        "kernel_initializer": "glorot_uniform",  # Keras's default: none is told
    }
    if row["features"]["type"] == "hog":
        expected |= {
            name: row["features"][name] for name in ("orientations", "pixels_per_cell", "cells_per_block")
        }
    return expected


def test_rows_are_those_of_the_coursework_in_its_order(
    own: Experiments, transcribed: list[dict[str, Any]]
) -> None:
    assert [row.id for row in own.rows] == [row["id"] for row in transcribed]
    assert len(own.rows) == 24


def test_settings_equal_the_transcription(own: Experiments, transcribed: list[dict[str, Any]]) -> None:
    for ours, theirs in zip(own.rows, transcribed, strict=True):
        assert (ours.section, ours.notebook) == SECTIONS[theirs["group"]], ours.id
        assert dict(ours.parameters) == expected_parameters(theirs), ours.id


def test_published_figures_equal_the_transcription(
    own: Experiments, transcribed: list[dict[str, Any]]
) -> None:
    names = ("test_accuracy", "test_loss", "total_params", "f1")
    for ours, theirs in zip(own.rows, transcribed, strict=True):
        expected = {name: value for name, value in theirs["published"].items() if name in names}
        found = ours.published.model_dump(exclude_none=True) if ours.published else {}
        assert found == expected, ours.id
    assert sum(row.published is not None for row in own.rows) == 17


def test_chapters(own: Experiments) -> None:
    chapters = {section.id: section for section in own.file.section}
    assert {name: len(own.rows_of(name)) for name in chapters if own.rows_of(name)} == {
        "raw": 6, "hog": 8, "cnn": 6, "fashion": 4,
    }  # fmt: skip
    assert sum(section.question is not None for section in own.file.section) == 5
    assert own.file.section[-1].text


def test_the_published_settings_alone_are_given(own: Experiments) -> None:
    """Every row sets what makes it what it is, so that a changed default changes no row."""
    for row in own.rows:
        assert {"batch_size", "epochs"} <= set(row.given), row.id
        assert not {"seed", "validation", "optimizer", "learning_rate"} & set(row.given), row.id


def texts(own: Experiments) -> list[tuple[str, str]]:
    found = [(row.id, text) for row in own.rows for text in (row.title, row.comment or "")]
    for section in own.file.section:
        found += [
            (section.id, text or "") for text in (section.introduction, section.conclusion, section.text)
        ]
    return found


def test_nobody_types_a_measured_number(own: Experiments) -> None:
    """Accuracies, losses and percentages come from records; the prose holds none."""
    for name, text in texts(own):
        assert not re.search(r"\d[.,]\d|\d\s*%|per ?cent", text), name


def test_every_row_and_chapter_says_something_of_its_own(own: Experiments) -> None:
    def distinct(rows: list[Row], key: str) -> bool:
        return len({getattr(row, key) for row in rows}) == len(rows)

    assert all(row.comment for row in own.rows)
    assert distinct(list(own.rows), "comment")
    for section in ("raw", "hog", "cnn", "fashion"):
        assert distinct(list(own.rows_of(section)), "title")
