"""Working together, whole: real kernels there, a merge of what they left, a build here that starts none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.terminals import piped
from tests.projects import ROOT, notebook, project

pytestmark = pytest.mark.kernel

HONEST = """
import json, os, pathlib, platform
from dataclasses import replace
from importlib.metadata import version
from reportgen.recordfile import to_files
from tests.samples import mlp_layers, record
run = json.loads(pathlib.Path(os.environ["REPORTGEN_RUN"]).read_text())
made = record(
    layers=mlp_layers(hidden=(units,)), seed=seed, epochs=epochs, n_test=200, n_validation=100,
    dataset=dataset, parameters=run["parameters"],
)
facts = {name: version(name) for name in ("tensorflow", "keras", "numpy", "scikit-image")}
facts |= {"python": platform.python_version(), "machine": platform.machine(), "threads": run["threads"]}
facts["onednn"] = os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1") != "0"
made = replace(
    made,
    data=replace(made.data, digest=run["datasets"][dataset]["digest"]),
    environment={**made.environment, **facts, **run["facts"]},
)
for name, content in to_files(made).items():
    (pathlib.Path(run["folder"]) / name).write_bytes(content)
print("done")
"""
"""A run without training whose record says truly where it was made, and on what data."""


def coursework(folder: Path) -> None:
    """Two rows of it."""
    project(folder, {"a": "fine units=50", "b": "fine units=60"})
    (folder / "notebooks" / "fine.ipynb").write_text(notebook(HONEST), encoding="utf-8")


def test_what_a_mate_built_is_merged_accepted_and_never_run_again(tmp_path: Path) -> None:
    theirs, mine = tmp_path / "theirs", tmp_path / "mine"
    for folder in (theirs, mine):
        coursework(folder)
    built = piped(theirs, "build", "--cold", TF_ENABLE_ONEDNN_OPTS="0")
    assert built.code == 0, built.out + built.err
    archive = shutil.make_archive(str(tmp_path / "Anna"), "zip", theirs / ".reportgen" / "store")

    merged = piped(mine, "merge", archive)
    assert merged.code == 0, merged.out + merged.err
    assert "2 taken" in merged.out and "reportgen accept a b" in merged.out
    assert "or `reportgen accept a`: the run of Anna (the use of oneDNN)" in piped(mine, "plan").out
    assert piped(mine, "accept", "--owner", "Anna").code == 0

    without = tmp_path / "without"
    without.mkdir()
    for name in ("papermill", "jupyter_client", "ipykernel"):
        (without / f"{name}.py").write_text("raise ImportError('a kernel was to be started')\n")
    done = piped(mine, "build", PYTHONPATH=f"{without}:{ROOT}")
    assert done.code == 0, done.out + done.err
    assert "2 accepted (from Anna)" in done.out
    rows = json.loads((mine / "output" / "results.json").read_text(encoding="utf-8"))["rows"]
    assert {run["owner"] for row in rows.values() for run in row["runs"]} == {"Anna"}
    shown = json.loads((mine / "output" / "notebooks" / "a.ipynb").read_text(encoding="utf-8"))
    assert "".join(shown["cells"][-2]["outputs"][0]["text"]) == "done\n"

    changed = (mine / "experiments.toml").read_text().replace("units=50", "units=55")
    (mine / "experiments.toml").write_text(changed, encoding="utf-8")
    assert "a kernel was to be started" in piped(mine, "build", PYTHONPATH=f"{without}:{ROOT}").err
