"""The plan: which run every row needs, whether the store has it, and if not, why not."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from reportgen.datasets.dataset import Found
from reportgen.errors import EnvironmentFault
from reportgen.estimates import run_seconds
from reportgen.execution.spec import RunSpec
from reportgen.experiments.schema import Experiments, Row, seconds
from reportgen.installed import LIBRARIES
from reportgen.notebooks import Notebook
from reportgen.store.accepted import Accepted, Candidate, accepted, candidates, owner_of
from reportgen.store.key import changes, code_digest, key_parts, lab_digest, run_key
from reportgen.store.objects import Header, Store

QUICK = {"train": 2_000, "test": 1_000}
"""Images of a quick build."""

QUICK_EPOCHS = 2


@dataclass(frozen=True)
class PlannedRun:
    """One run, and the rows that share it.

    Parameters
    ----------
    spec : RunSpec
    rows : tuple of Row
        At least one; more where rows have the same configuration.
    stored : bool
    reason : str
        Why it has to be made: ``new``, or what changed in the key of the run most like it.
    changes : tuple of str
        The same, change by change.
    accepted : Accepted or None
        The decision by which another run of the store stands for this one.
    owner : str
        Whose the stored run is, where it came from elsewhere; empty for one's own.
    candidates : tuple of Candidate
        Where it has to be made: the runs of the store that could stand for it.
    """

    spec: RunSpec
    rows: tuple[Row, ...]
    stored: bool
    reason: str = ""
    changes: tuple[str, ...] = ()
    accepted: Accepted | None = None
    owner: str = ""
    candidates: tuple[Candidate, ...] = ()

    @property
    def key(self) -> str:
        """Key of the object that holds the run's result."""
        return self.accepted.key if self.accepted is not None else self.spec.key


@dataclass(frozen=True)
class Plan:
    """Every run of a file, in the order of the rows."""

    runs: tuple[PlannedRun, ...]

    @property
    def to_do(self) -> tuple[PlannedRun, ...]:
        """The runs that are not in the store."""
        return tuple(run for run in self.runs if not run.stored)


@dataclass(frozen=True)
class Machine:
    """What of this machine and installation belongs in a key, and what a record notes besides.

    Parameters
    ----------
    versions : mapping
        Of Python (without its last number) and of the libraries that compute.
    machine : str
        Such as ``x86_64``.
    onednn : bool
        Whether TensorFlow uses oneDNN.
    facts : mapping
        CPU, cores and runs at once: recorded, not part of the key.
    """

    versions: Mapping[str, str]
    machine: str
    onednn: bool
    facts: Mapping[str, Any]


def this_machine(env: Mapping[str, str], jobs: int) -> Machine:
    """Look at this machine.

    Raises
    ------
    EnvironmentFault
        A library that runs need is not installed.
    """
    versions = {"python": ".".join(platform.python_version_tuple()[:2])}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError as error:
            raise EnvironmentFault(
                f"{name} is not installed; install it with `uv sync` or `pip install {name}`"
            ) from error
    facts = {"cpu": _cpu(), "cores": os.cpu_count() or 1, "jobs": jobs}
    return Machine(versions, platform.machine(), env.get("TF_ENABLE_ONEDNN_OPTS", "1") != "0", facts)


def make_plan(
    experiments: Experiments,
    notebooks: Mapping[str, Notebook],
    data: Mapping[str, Found],
    machine: Machine,
    store: Store,
    features: Path,
    *,
    quick: bool = False,
) -> Plan:
    """Give every row its run, and look which of them the store has.

    Parameters
    ----------
    experiments : Experiments
    notebooks : mapping of str to Notebook
    data : mapping of str to Found
        Per data set that a row names.
    machine : Machine
    store : Store
        Only headers are read.
    features : Path
        Folder of shared features.
    quick : bool
        Few images and epochs, under keys of their own.
    """
    lab = lab_digest(Path(__file__).parent / "lab")
    specs: dict[str, RunSpec] = {}
    rows: dict[str, list[Row]] = {}
    for row in experiments.rows:
        for seed in row.seeds[:1] if quick else row.seeds:
            spec = _spec(row, seed, notebooks[row.notebook], data, machine, lab, experiments, features, quick)
            specs.setdefault(spec.key, spec)
            rows.setdefault(spec.key, []).append(row)
    headers = {key: store.header(key) for key in specs}
    decided = {key: accepted(store, key) for key, header in headers.items() if header is None}
    others: tuple[Header, ...] = ()
    if not all(headers[key] or decided[key] for key in specs):
        others = tuple(store.headers())
    return Plan(
        tuple(_planned(specs[key], tuple(rows[key]), headers[key], decided.get(key), others) for key in specs)
    )


def _spec(
    row: Row,
    seed: int,
    notebook: Notebook,
    data: Mapping[str, Found],
    machine: Machine,
    lab: str,
    experiments: Experiments,
    features: Path,
    quick: bool,
) -> RunSpec:
    given, parameters = dict(row.given), dict(row.parameters)
    if quick and isinstance(parameters.get("epochs"), int):
        given["epochs"] = parameters["epochs"] = min(parameters["epochs"], QUICK_EPOCHS)
    used = {name: data[name] for name in _datasets(parameters)}
    execution = experiments.file.execution
    code = code_digest(notebook.code)
    parts = key_parts(
        code=code,
        parameters=parameters,
        seed=seed,
        data={name: found.digest for name, found in used.items()},
        quick=QUICK if quick else None,
        lab=lab,
        versions=machine.versions,
        machine=machine.machine,
        threads=execution.threads_per_run,
        onednn=machine.onednn,
    )
    return RunSpec(
        key=run_key(parts),
        row=row.id,
        notebook=str(notebook.path.absolute()),
        code=code,
        given=given | {"seed": seed},
        parameters=parameters | {"seed": seed},
        parts=parts,
        datasets={name: _place(found) for name, found in used.items()},
        features=str(features),
        threads=execution.threads_per_run,
        quick=QUICK if quick else None,
        time_limit=seconds(execution.time_limit),
        facts=machine.facts,
        seed=seed if row.repeats > 1 and not quick else None,
    )


def _datasets(parameters: Mapping[str, Any]) -> Iterable[str]:
    name = parameters.get("dataset")
    return [name] if isinstance(name, str) else []


def _place(found: Found) -> dict[str, str]:
    return {"name": found.name, "source": found.source, "digest": found.digest, "folder": str(found.folder)}


def _planned(
    spec: RunSpec,
    rows: tuple[Row, ...],
    header: Header | None,
    decided: Accepted | None,
    others: Sequence[Header],
) -> PlannedRun:
    if header is not None:
        return PlannedRun(replace(spec, estimate=0.0), rows, stored=True, owner=owner_of(header))
    if decided is not None:
        return PlannedRun(
            replace(spec, estimate=0.0), rows, stored=True, accepted=decided, owner=decided.owner
        )
    alike = sorted(
        ((changes(other.parts, spec.parts), other) for other in others if _comparable(other, spec)),
        key=lambda pair: (len(pair[0]), pair[1].made.get("row") != spec.row, pair[1].key),
    )
    own = next((pair for pair in alike if pair[1].made.get("row") == spec.row), None)
    reason = "new" if own is None else "changed: " + "; ".join(own[0])
    if own is not None and len(own[0]) == 1 and own[0][0].startswith("seed "):
        reason = f"new: seed {spec.parts['seed']}"
    may_stand = candidates(others, spec.parts, [row.id for row in rows])
    here = [pair for pair in alike if not owner_of(pair[1])]  # another machine may be much faster
    spec = replace(spec, estimate=run_seconds(spec, here or alike))
    changed = own[0] if own is not None else ()
    return PlannedRun(spec, rows, stored=False, reason=reason, changes=changed, candidates=may_stand)


def _comparable(other: Header, spec: RunSpec) -> bool:
    """Quick runs are compared with quick runs only."""
    return bool(other.parts.get("quick") == spec.parts["quick"])


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
