"""The four notebooks: forked and cold kernels give the same record, and they run alone in Jupyter."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from reportgen import build
from reportgen.execution.runner import run_all
from reportgen.execution.signals import Stop
from reportgen.execution.warm import can_fork
from reportgen.notebooks import discover
from reportgen.progress import Lines
from reportgen.recordfile import digest
from reportgen.records import Record
from reportgen.store.merge import merge
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
    cold = made(tmp_path / "cold", ("hog_mlp",), cold=True)
    for name, record in forked.items():
        assert record.environment["kernel"] == ("forked" if can_fork() else "cold")
        assert record.total_params == PARAMETERS[name]
        assert record.data.stand_in
        assert record.data.quick
    for name, record in cold.items():
        assert record.environment["kernel"] == "cold"
        assert digest(record) == digest(forked[name])


ALONE = {
    "hog_mlp": {"dataset": '"digits"', "epochs": "2", "batch_size": "128", "pixels_per_cell": "7"},
    "fashion_cnn": {
        "dataset": '"garments"',
        "epochs": "1",
        "batch_size": "512",
        "filters": "[4]",
        "kernel_sizes": "[3]",
    },
}
"""What a student writes into the parameters cell, of one notebook with gradients and one with convolutions."""


def executed_alone(folder: Path, name: str) -> Any:
    """The notebook after `jupyter execute`, in a folder that holds nothing else."""
    folder.mkdir()
    notebook = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    (cell,) = (cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", ()))
    source = "".join(cell["source"])
    for parameter, value in ALONE[name].items():
        source, count = re.subn(rf"(?m)^({parameter}: .* = ).*?(  +#)", rf"\g<1>{value}\g<2>", source)
        assert count == 1
    cell["source"] = source
    plot: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "own",
        "metadata": {},
        "outputs": [],
    }
    notebook["cells"].append(
        plot | {"source": "import matplotlib.pyplot as plt\nplt.plot(history['loss'])\nplt.show()"}
    )
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    env = {key: value for key, value in os.environ.items() if not key.startswith("REPORTGEN")}
    env |= {
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}",
    }
    command = [sys.executable, "-m", "jupyter", "execute", "--output=executed", f"{name}.ipynb"]
    subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True, timeout=300)
    return json.loads((folder / "executed.ipynb").read_text(encoding="utf-8"))


def test_a_notebook_runs_alone_and_its_record_serves_a_row(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        notebooks = dict(
            zip(ALONE, pool.map(lambda name: executed_alone(tmp_path / name, name), ALONE), strict=True)
        )
    for name, notebook in notebooks.items():
        outputs = notebook["cells"][-2]["outputs"]
        text = "".join("".join(output.get("text", "")) for output in outputs)
        assert "test: accuracy" in text
        assert "Kept in reportgen-record" in text and f"{name}.ipynb" in text
        pictures = [output for output in outputs if "image/png" in output.get("data", {})]
        alts = [output["metadata"]["image/png"]["alt"] for output in pictures]
        assert [alt.split()[0] for alt in alts] == ["Learning", "Confusion"]
        assert any("image/png" in output.get("data", {}) for output in notebook["cells"][-1]["outputs"])
    rows = [
        f'[[experiment]]\nid = "{name}"\nsection = "all"\ntitle = "{name}"\nnotebook = "{name}"\n'
        f"parameters = {{ {', '.join(f'{key} = {value}' for key, value in ALONE[name].items())} }}\n"
        for name in ALONE
    ]
    file = tmp_path / "experiments.toml"
    file.write_text(
        '[report]\ntitle = "x"\n[[section]]\nid = "all"\ntitle = "All"\n' + "".join(rows), encoding="utf-8"
    )
    work = find_workspace(file, {})
    before = build.prepare(work, build.Options(jobs=2), os.environ, print)
    run_all(
        [run.spec for run in before.plan.to_do], Store(tmp_path / "made", pytest.fail), work.runs, jobs=2,
        cold=False, fail_fast=True, env=os.environ, progress=Lines(print), stop=Stop(print),
    )  # fmt: skip
    assert [each.what for name in ALONE for each in merge(before.store, tmp_path / name, "Anna")] == [
        "taken"
    ] * len(ALONE)
    after = build.prepare(work, build.Options(jobs=2), os.environ, print)
    assert after.plan.to_do == ()
    for run in after.plan.runs:
        merged, made = before.store.record(run.key), Store(tmp_path / "made", pytest.fail).record(run.key)
        assert merged is not None and made is not None
        assert digest(merged) == digest(made)
        assert merged.environment["kernel"] == "notebook"


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_short_and_has_no_functions(name: str) -> None:
    notebook = discover(ROOT / "notebooks")[name]
    lines = [line for cell in notebook.code for line in cell.splitlines() if line.strip()]
    assert len(lines) + len(notebook.parameters) <= 45
    assert not any(line.lstrip().startswith("def ") for line in lines)
