"""A run to be made, as plain JSON: all that an engine, here or elsewhere, is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class RunSpec:
    """One run.

    Parameters
    ----------
    key : str
        Key of the run in the store.
    row : str
        Id of the row it is made for.
    notebook : str
        Absolute path of the notebook.
    code : str
        `code_digest` of its cells: a notebook that was edited since is not run.
    given : mapping
        Parameters to inject, the seed among them.
    parameters : mapping
        Every parameter, defaults included.
    parts : mapping
        The parts of the key.
    datasets : mapping
        Per requested name: ``name``, ``source``, ``digest`` and ``folder`` of the decoded arrays.
    features : str
        Absolute path of the folder of shared features.
    threads : int
    quick : mapping or None
    time_limit : float
        Seconds.
    facts : mapping
        What the record says of the machine.
    estimate : float
        Seconds that the run should take.
    seed : int or None
        The run's seed where the row has several; None where it has one run.
    split_seed : int or None
        Of the validation split; None where the run's own seed draws it.
    keep_model : bool
        Whether the object must hold the trained model, ``model.keras``: one without it is made again.
    warm_start : str or None
        Key of the object whose model gives the initial weights.
    warm_start_row : str or None
        The run it was made for, as it is shown.
    weights : mapping of str to str
        Absolute paths of the files of weights that a layer names, by the name it has in the row.
    """

    key: str
    row: str
    notebook: str
    code: str
    given: Mapping[str, Any]
    parameters: Mapping[str, Any]
    parts: Mapping[str, Any]
    datasets: Mapping[str, Mapping[str, str]]
    features: str
    threads: int
    quick: Mapping[str, int] | None
    time_limit: float
    facts: Mapping[str, Any]
    estimate: float = 60.0
    seed: int | None = None
    split_seed: int | None = None
    keep_model: bool = False
    warm_start: str | None = None
    warm_start_row: str | None = None
    weights: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The run as it is shown: its row, and its seed where the row has several."""
        return run_label(self.row, self.seed)


def run_label(row: str, seed: int | None) -> str:
    """Name a run by its row and, where the row has several runs, by its seed; no row's id holds a space."""
    return row if seed is None else f"{row} seed {seed}"


def folder_name(spec: RunSpec, token: str) -> str:
    """Name of a run's folder: its kernel writes ``progress.jsonl`` and its record there."""
    return f"{spec.key[:12]}-{token}"
