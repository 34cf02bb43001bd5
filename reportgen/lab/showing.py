"""What a notebook shows and keeps when it runs alone in Jupyter or Colab: scores, curves, matrix, record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.records import Record

KEPT = Path("reportgen-record")
"""Folder beside the notebook: what `reportgen merge` takes."""


def show(record: Record) -> None:
    """Print the scores of a record, draw its curves and confusion matrix with pyplot, and keep it."""
    import matplotlib.pyplot as plt
    import seaborn as sns

    for part in ("validation", "test"):
        scores = record.evaluation[part]
        print(f"{part:>10}: accuracy {scores['accuracy']:.4f}, loss {scores['loss']:.4f}")
    print(f"{record.total_params:,} parameters")
    epochs = np.arange(1, record.epochs + 1)
    figure, (losses, accuracies, cells) = plt.subplots(1, 3, figsize=(15, 4), width_ratios=(1, 1, 1.2))
    for axes, name in ((losses, "loss"), (accuracies, "accuracy")):
        axes.plot(epochs, record.history[name], label="training")
        axes.plot(epochs, record.history[f"val_{name}"], "--", label="validation")
        axes.set(xlabel="epoch", title=name)
        axes.legend()
    matrix = np.zeros((len(record.data.class_names),) * 2, dtype=int)
    np.add.at(matrix, (record.test.y_true, record.test.y_pred), 1)
    names = record.data.class_names
    sns.heatmap(matrix, annot=True, fmt="d", cbar=False, xticklabels=names, yticklabels=names, ax=cells)
    cells.set(xlabel="predicted", ylabel="true", title="confusion matrix of the test set")
    figure.tight_layout()
    plt.show()
    keep(record)


def keep(record: Record, folder: Path = KEPT) -> None:
    """Write a record as an object that a coursework can merge, and say so.

    The key needs the cells that were run and the parameters they saw: IPython has both.
    """
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return
    cells = [cell for cell in shell.history_manager.input_hist_raw if cell.strip()]
    found = _parts(record, cells, shell.user_ns)
    if found is None:
        print("The record is not kept: no cell of this notebook holds its parameters, one per line.")
        return
    from reportgen.recordfile import to_files
    from reportgen.store.key import run_key
    from reportgen.store.objects import Store

    whole = replace(record, parameters=found["parameters"] | {"seed": record.seed})
    made = {
        "row": "a notebook run alone",
        "seconds": record.times.total,
        "epochs": record.epochs,
        "started": record.times.started,
    }
    Store(folder, print).put(run_key(found), found, made, to_files(whole))
    print(f"The record is in {folder}: `reportgen merge {folder}` takes it into a coursework.")


def _parts(record: Record, cells: Sequence[str], names: dict[str, Any]) -> dict[str, Any] | None:
    """The parts of the key of a run in plain Jupyter; None where no cell is one of parameters."""
    import os

    from reportgen.experiments.parameters_cell import read_cell, settled_value
    from reportgen.lab.session import current
    from reportgen.plan import this_machine
    from reportgen.store.key import code_digest, key_parts, lab_digest

    cells = list(dict.fromkeys(cells))  # a cell that was run again counts once
    place = next((n for n, cell in enumerate(cells) if not read_cell(cell)[1]), None)
    if place is None:
        return None
    parameters, _ = read_cell(cells[place])
    machine, session = this_machine(os.environ, 1), current()
    return key_parts(
        code=code_digest(cell for number, cell in enumerate(cells) if number != place),
        parameters={
            name: settled_value(each, names[name]) for name, each in parameters.items() if name != "seed"
        },
        seed=record.seed,
        data={record.data.requested: record.data.digest},
        quick=None,
        lab=lab_digest(Path(__file__).parent),
        versions=machine.versions,
        machine=machine.machine,
        threads=session.threads,
        onednn=machine.onednn,
    )
