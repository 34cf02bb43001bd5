"""Finished runs of a small coursework, made without a kernel: as its plan asks for them, or nearly so."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from reportgen import build
from reportgen.execution.spec import RunSpec
from reportgen.recordfile import to_files
from reportgen.store.key import run_key
from reportgen.store.objects import Store
from reportgen.workspace import find_workspace
from tests import samples


def plan_of(file: Path, data: Literal["auto", "embedded"] = "auto") -> build.Prepared:
    """What the file's rows ask for on this machine."""
    work = find_workspace(file, {"HOME": str(file.parent)})
    return build.prepare(work, build.Options(data=data), os.environ, lambda _: None)


def finish(
    file: Path,
    root: Path,
    rows: Collection[str] = (),
    python: str = "",
    on: Literal["auto", "embedded"] = "auto",
    **changed: Any,
) -> list[str]:
    """Fill a store with the runs that a file's rows ask for; return their keys.

    Parameters
    ----------
    file : Path
    root : Path
        Of the store.
    rows : collection of str
        All rows where empty.
    python : str
        The version they say they were made with, such as ``3.99``; this one where empty.
    on : {"auto", "embedded"}
        Data, as `build --data` takes them.
    **changed
        Parts of the key that are others.
    """
    keys = []
    prepared = plan_of(file, on)
    for run in prepared.plan.runs:
        if rows and run.spec.row not in rows:
            continue
        parts = {**run.spec.parts, **changed}
        if python:
            parts["versions"] = {**parts["versions"], "python": python}
        files = _files(run.spec, parts)
        made = {"row": run.spec.row, "seconds": 2.0, "epochs": 3, "started": "2026-11-20T10:00:00+00:00"}
        Store(root, lambda _: None).put(run_key(parts), parts, made, files)
        keys.append(run_key(parts))
    return keys


def _files(spec: RunSpec, parts: Mapping[str, Any]) -> dict[str, bytes]:
    made = samples.record(
        parameters={**parts["parameters"], "seed": parts["seed"]}, seed=parts["seed"], dataset="digits",
        epochs=3, n_test=200, n_validation=100, layers=samples.mlp_layers(hidden=(parts["parameters"]["units"],)),
    )  # fmt: skip
    versions = parts["versions"]
    environment = {
        **made.environment,
        **{name: versions[name] for name in ("tensorflow", "keras", "numpy", "scikit-image")},
        "python": f"{versions['python']}.1",
        "machine": parts["machine"],
        "threads": parts["threads"],
        "onednn": parts["onednn"],
    }
    data = replace(made.data, digest=next(iter(parts["data"].values())))
    record = replace(made, data=data, environment=environment)
    cells = json.loads(Path(spec.notebook).read_text(encoding="utf-8"))
    return {**to_files(record), "notebook.ipynb": json.dumps(cells).encode(), "log.txt": b""}
