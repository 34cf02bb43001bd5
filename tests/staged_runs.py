"""A small coursework in stages whose notebook invents its records, and builds of it that draw no report."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from reportgen import build
from reportgen.build import Options, Prepared
from reportgen.execution.signals import Interrupted, Stop
from reportgen.progress import Lines
from reportgen.workspace import Workspace, find_workspace
from tests.projects import environment, notebook
from tests.stage_bench import trials

CODE = """
import json, os, pathlib, time
from reportgen.recordfile import to_files
from tests.staged_runs import record_of
run = json.loads(pathlib.Path(os.environ["REPORTGEN_RUN"]).read_text())
folder = pathlib.Path(run["folder"])
with open(folder.parents[2] / "begun.log", "a") as log:
    log.write(f"{units} {dropout} {seed}\\n")
if units == 13 or dropout == unlucky:
    raise ValueError("no such luck")
time.sleep(slowness)
for name, content in to_files(record_of(run["parameters"], units, dropout, seed)).items():
    (folder / name).write_bytes(content)
"""
CELL = (
    'dataset: str = "digits"  # which data\nunits: int = 50  # hidden units\ndropout: float = 0.0  # share\n'
    "unlucky: float = 9.0  # a share that fails\nslowness: float = 0.0  # seconds\nepochs: int = 3  # passes\nseed: int = 42"
)
STAGES = """[report]
title = "Stages"

[execution]
time_limit = "60s"

[[section]]
id = "s"
notebook = "invented"

[[sweep]]
id = "depth"
section = "s"
grid = { units = [10, 40] }

[[search]]
id = "q"
section = "s"
from = "best:depth"
trials = 5
batch = 2
space = { dropout = { low = 0.0, high = 0.5 } }

[[experiment]]
id = "final"
section = "s"
title = "Again"
from = "best:q"
"""


def record_of(parameters: Mapping[str, Any], units: int, dropout: float, seed: int) -> Any:
    """More units are better, and so is a dropout near 0.2."""
    from tests import samples
    from tests.staged import ITEMS, answers

    wrong = max(int(200 - 2 * units + 100 * abs(dropout - 0.2)), 0)
    base = samples.record(
        layers=samples.mlp_layers(hidden=(units,)), n_test=ITEMS, n_validation=ITEMS, epochs=3, seed=seed,
        dataset="digits", parameters=dict(parameters),
    )  # fmt: skip
    held_out, test = answers(range(wrong)), answers(range(ITEMS - wrong))
    evaluation = {
        "validation": {"loss": wrong / ITEMS, "accuracy": 1 - wrong / ITEMS},
        "test": {"loss": 1 - wrong / ITEMS, "accuracy": wrong / ITEMS},
    }
    return replace(base, evaluation=evaluation, validation=held_out, test=test)


def project(folder: Path, *changes: tuple[str, str]) -> Path:
    """Write the coursework, with texts of it replaced; return its folder."""
    (folder / "notebooks").mkdir(parents=True)
    (folder / "notebooks" / "invented.ipynb").write_text(notebook(CODE, CELL), encoding="utf-8")
    text = STAGES
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "experiments.toml").write_text(text, encoding="utf-8")
    return folder


def workspace(folder: Path) -> Workspace:
    return find_workspace(folder / "experiments.toml", environment(folder))


def prepared(folder: Path, jobs: int = 1) -> Prepared:
    options = Options(jobs=jobs, cold=True, data="embedded")
    return build.prepare(workspace(folder), options, environment(folder), lambda _: None)


def run(folder: Path, jobs: int = 1) -> tuple[Prepared, dict[str, Any], list[str]]:
    """Make all runs of a coursework, as a build does; return what is known then, failures, and what was said."""
    options, said = Options(jobs=jobs, cold=True, data="embedded"), list[str]()
    known = build.prepare(workspace(folder), options, environment(folder), said.append)
    stop = Stop(said.append)
    known, failures = build.run(
        workspace(folder), options, environment(folder), known, said.append, Lines(said.append), stop
    )
    if stop.signal:
        raise Interrupted(stop.signal)
    return known, failures, said


def begun(folder: Path) -> list[str]:
    """What every kernel set out to do, in the order of their beginnings."""
    log = folder / "begun.log"
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


def stored(folder: Path) -> int:
    """How many runs are in the store."""
    return len(prepared_store(folder))


def prepared_store(folder: Path) -> list[str]:
    """The rows that runs of the store were made for."""
    from reportgen.store.objects import Store

    return sorted(
        str(each.made.get("row")) for each in Store(workspace(folder).store, lambda _: None).headers()
    )


def of_search(known: Prepared) -> list[float]:
    """The dropout that each trial asks for."""
    return [float(str(values["dropout"])) for values in trials(known)]


if __name__ == "__main__":
    assert threading.current_thread() is threading.main_thread()
    os.chdir(sys.argv[1])
    run(Path(sys.argv[1]), int(sys.argv[2]))
