"""The four notebooks: forked and cold kernels give the same record, and each runs alone in Jupyter."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reportgen import build
from reportgen.execution.runner import run_all
from reportgen.execution.signals import Stop
from reportgen.execution.warm import can_fork
from reportgen.notebooks import discover
from reportgen.progress import Lines
from reportgen.recordfile import digest
from reportgen.records import Record
from reportgen.store.objects import Store
from reportgen.workspace import find_workspace
from tests.projects import ROOT

pytestmark = pytest.mark.kernel
NAMES = ("raw_mlp", "hog_mlp", "cnn", "fashion_cnn")
PARAMETERS = {"raw_mlp": 198_760, "hog_mlp": 80_610, "cnn": 7_465, "fashion_cnn": 7_465}


def made(folder: Path, names: tuple[str, ...], cold: bool) -> dict[str, Record]:
    """Records of the notebooks, shortened, on the embedded data."""
    rows = "".join(
        f'[[experiment]]\nid = "{name}"\nsection = "all"\ntitle = "{name}"\nnotebook = "{name}"\n'
        for name in names
    )
    (folder / "notebooks").symlink_to(ROOT / "notebooks")
    file = folder / "experiments.toml"
    file.write_text(
        f'[report]\ntitle = "x"\n[[section]]\nid = "all"\ntitle = "All"\n{rows}', encoding="utf-8"
    )
    work = find_workspace(file, {}, quick=True)
    lines: list[str] = []
    prepared = build.prepare(
        work, build.Options(quick=True, data="embedded", jobs=2), os.environ, lines.append
    )
    outcomes = run_all(
        [run.spec for run in prepared.plan.runs], prepared.store, work.runs, jobs=2, cold=cold, fail_fast=False,
        env=os.environ, progress=Lines(lines.append), stop=Stop(lines.append),
    )  # fmt: skip
    assert [outcome.failure for outcome in outcomes.values()] == [None] * len(names)
    records = {}
    for run in prepared.plan.runs:
        record = Store(work.store, pytest.fail).record(run.spec.key)
        assert record is not None
        records[run.rows[0].notebook] = record
    return records


def test_forked_and_cold_kernels_give_the_same_records(tmp_path: Path) -> None:
    (tmp_path / "forked").mkdir()
    (tmp_path / "cold").mkdir()
    forked = made(tmp_path / "forked", NAMES, cold=False)
    cold = made(tmp_path / "cold", ("hog_mlp", "cnn"), cold=True)
    for name, record in forked.items():
        assert record.environment["kernel"] == ("forked" if can_fork() else "cold")
        assert record.total_params == PARAMETERS[name]
        assert record.data.stand_in
        assert record.data.quick
    for name, record in cold.items():
        assert record.environment["kernel"] == "cold"
        assert digest(record) == digest(forked[name])


def test_a_notebook_runs_alone_and_shows_its_curves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import papermill

    monkeypatch.delenv("REPORTGEN_RUN", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(tmp_path)
    executed = papermill.execute_notebook(
        str(ROOT / "notebooks" / "raw_mlp.ipynb"), str(tmp_path / "out.ipynb"),
        parameters={"dataset": "digits", "epochs": 2, "batch_size": 128}, progress_bar=False, kernel_name="python3",
    )  # fmt: skip
    outputs = executed.cells[-1].outputs
    text = "".join(output.get("text", "") for output in outputs)
    assert "test: accuracy" in text
    assert "198,760 parameters" in text
    assert any("image/png" in output.get("data", {}) for output in outputs)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_short_and_has_no_functions(name: str) -> None:
    notebook = discover(ROOT / "notebooks")[name]
    lines = [line for cell in notebook.code for line in cell.splitlines() if line.strip()]
    assert len(lines) + len(notebook.parameters) <= 45
    assert not any(line.lstrip().startswith("def ") for line in lines)
