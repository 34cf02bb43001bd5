"""Notebooks and files for the tests of the experiments part."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reportgen.experiments.load import load
from reportgen.experiments.resolved import Experiments
from reportgen.notebooks import Notebook, read_notebook

DATASETS = ("mnist", "fashion_mnist", "digits", "garments")

MLP = """\
dataset: str = "mnist"  # which data set
hidden_units: list[int] = [250]  # one hidden layer per entry
activation: str = "tanh"  # of the hidden layers
dropout: float = 0.5  # share of units switched off
optimizer: str = "rmsprop"
learning_rate: float = 0.001
batch_size: int = 4096
epochs: int = 150  # passes through the training set
validation: float | str = 0.1
clip: float | None = None
shuffle: bool = True
seed: int = 42
"""
CNN = """\
dataset: str = "mnist"
filters: list[int] = [9, 16]
kernel_sizes: list[int] = [5, 3]
dense_units: int = 25
seed: int = 42
"""


def notebook(*parameter_cells: str, code: str = "print(1)", **changes: Any) -> dict[str, Any]:
    """A notebook's JSON: a heading, the cells tagged parameters, one more code cell."""
    tagged: list[dict[str, Any]] = [
        {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": source.splitlines(True)}
        for source in parameter_cells
    ]
    content: dict[str, Any] = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": "# Setup"},
            *tagged,
            {"cell_type": "code", "metadata": {}, "source": code},
        ],
    }
    return content | changes


def write_notebook(folder: Path, name: str, content: Mapping[str, Any]) -> Path:
    """Write a notebook into a folder."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.ipynb"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def notebooks(folder: Path) -> dict[str, Notebook]:
    """The two notebooks that rows of the tests may name."""
    cells = {"mlp": MLP, "cnn": CNN}
    return {name: read_notebook(write_notebook(folder, name, notebook(cell))) for name, cell in cells.items()}


def load_text(folder: Path, text: str | bytes) -> Experiments:
    """Load a text as ``experiments.toml`` of a folder."""
    path = folder / "experiments.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path, notebooks(folder / "notebooks"), DATASETS)
