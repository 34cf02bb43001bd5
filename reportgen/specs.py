"""The run of a row and a seed: its parameters, its key, and all that an engine needs to make it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportgen.datasets.dataset import Found
from reportgen.estimates import images_in
from reportgen.execution.spec import RunSpec
from reportgen.experiments.resolved import Experiments, Row
from reportgen.experiments.schema import seconds
from reportgen.foreseen import asked_items
from reportgen.machine import Machine
from reportgen.notebooks import Notebook
from reportgen.store.key import code_digest, key_parts, run_key
from reportgen.weights import Weights

QUICK = {"train": 2_000, "test": 1_000}
"""Images of a quick build."""

QUICK_EPOCHS = 2


@dataclass(frozen=True)
class Makings:
    """What the runs of a file are made of.

    Parameters
    ----------
    experiments : Experiments
    notebooks : mapping of str to Notebook
    data : mapping of str to Found
        Per data set that a row names.
    machine : Machine
    lab : str
        Digest of what notebooks import.
    features : Path
        Folder of shared features.
    quick : bool
        Few images and epochs, under keys of their own.
    weights : mapping
        Per row, the files of weights that its layers name.
    """

    experiments: Experiments
    notebooks: Mapping[str, Notebook]
    data: Mapping[str, Found]
    machine: Machine
    lab: str
    features: Path
    quick: bool
    weights: Weights = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """The run that another one starts from: the key of the object with its model, and how it is shown."""

    key: str
    label: str


def run_spec(row: Row, seed: int, of: Makings, source: Source | None, keep_model: bool) -> RunSpec:
    """Return the run of a row with a seed.

    Parameters
    ----------
    row : Row
    seed : int
    of : Makings
    source : Source or None
        Where its first weights come from, other than its initialisers.
    keep_model : bool
    """
    notebook = of.notebooks[row.notebook]
    used = {name: of.data[name] for name in _datasets(row.parameters)}
    changed = _shortened(row.parameters, used.get(str(row.parameters.get("dataset"))), of)
    parameters = {**row.parameters, **changed}
    execution = of.experiments.file.execution
    files = of.weights.get(row.id, {})
    code = code_digest(notebook.code)
    parts = key_parts(
        code=code,
        parameters=parameters,
        seed=seed,
        data={name: found.digest for name, found in used.items()},
        quick=QUICK if of.quick else None,
        lab=of.lab,
        versions=of.machine.versions,
        machine=of.machine.machine,
        threads=execution.threads_per_run,
        onednn=of.machine.onednn,
        split_seed=execution.split_seed,
        warm_start=source.key if source is not None else None,
        weights={name: file.digest if file is not None else "" for name, file in files.items()},
    )
    return RunSpec(
        key=run_key(parts),
        row=row.id,
        notebook=str(notebook.path.absolute()),
        code=code,
        given={**row.given, **changed, "seed": seed},
        parameters=parameters | {"seed": seed},
        parts=parts,
        datasets={name: _place(found) for name, found in used.items()},
        features=str(of.features),
        threads=execution.threads_per_run,
        quick=QUICK if of.quick else None,
        time_limit=seconds(execution.time_limit),
        facts=of.machine.facts,
        seed=seed if row.repeats > 1 and not of.quick else None,
        split_seed=execution.split_seed,
        keep_model=keep_model,
        warm_start=source.key if source is not None else None,
        warm_start_row=source.label if source is not None else None,
        weights={name: str(file.path) for name, file in files.items() if file is not None},
    )


def _shortened(parameters: Mapping[str, Any], found: Found | None, of: Makings) -> dict[str, Any]:
    """What is other than the row says where fewer images, or other ones, are used.

    A number of validation images becomes the share of the images that the row was written for.
    """
    changed: dict[str, Any] = {}
    epochs, validation = parameters.get("epochs"), parameters.get("validation")
    if of.quick and isinstance(epochs, int):
        changed["epochs"] = min(epochs, QUICK_EPOCHS)
    if isinstance(validation, int) and found is not None and (of.quick or found.stand_in):
        items = asked_items(found, of.experiments) or images_in(found.folder)
        changed["validation"] = round(validation / max(items, validation + 1), 6)
    return changed


def _datasets(parameters: Mapping[str, Any]) -> Iterable[str]:
    name = parameters.get("dataset")
    return [name] if isinstance(name, str) else []


def _place(found: Found) -> dict[str, str]:
    return {"name": found.name, "source": found.source, "digest": found.digest, "folder": str(found.folder)}
