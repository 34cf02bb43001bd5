"""Runs as jobs: of a real SLURM cluster of one node where there can be one, and of submitit's own processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen.errors import EnvironmentFault
from reportgen.execution import squeue
from reportgen.execution.engines import Means
from reportgen.execution.engines.slurm import SlurmEngine
from reportgen.execution.job import Job, read_outcome, write_job
from reportgen.execution.spec import RunSpec
from reportgen.plan import this_machine
from reportgen.store.key import run_key
from reportgen.store.objects import Store
from tests.execution import slurm
from tests.execution.test_run import spec as plain_spec
from tests.processes import none_left
from tests.projects import ENDINGS, ROOT, environment, project

pytest.importorskip("submitit")
pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc"),
]
LAST_SIGHT = "import os, signal, time\ntime.sleep(1)\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)"
"""The kernel ends the job that started it: as a node does that fails."""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A real cluster; without one, tests that need it are skipped."""
    if slurm.missing():
        pytest.skip(slurm.missing())
    try:
        with slurm.cluster(tmp_path_factory.mktemp("slurm") / "cluster") as env:
            yield env
    except slurm.NoCluster as reason:
        pytest.skip(str(reason))


@pytest.fixture(params=["local", "slurm"])
def cluster(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where jobs go; submitit takes its environment from this process."""
    env = environment(tmp_path)
    if request.param == "slurm":
        env |= request.getfixturevalue("there")
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    return str(request.param)


def spec(folder: Path, ending: str, number: int = 0, **changed: Any) -> RunSpec:
    """A run whose key is one of this machine."""
    made, machine = plain_spec(folder, ending, number), this_machine(os.environ, 1)
    parts = {
        "code": ending, "number": number, "versions": dict(machine.versions), "machine": machine.machine,
        "onednn": machine.onednn,
    } | changed  # fmt: skip
    return replace(made, parts=parts, key=run_key(parts), time_limit=300.0)


def engine(folder: Path, cluster: str, late: float = 2.0) -> SlurmEngine:
    """The engine, patient with a disk that is this machine's own."""

    def ended(jobs: Any) -> dict[str, str]:
        if cluster == "slurm":
            return dict(squeue.ended(job.job_id for job in jobs))
        return {job.job_id: "FAILED" for job in jobs if job.done()}

    means = Means(Store(folder / "store", pytest.fail), folder / "state" / "runs", 2, True, os.environ)
    return SlurmEngine(means, cluster, ended, late)


def test_runs_become_jobs_and_their_records_are_in_the_store(tmp_path: Path, cluster: str) -> None:
    machine = engine(tmp_path, cluster)
    begun: dict[str, Path] = {}
    specs = [spec(tmp_path, ending) for ending in ("fine", "raises", "silent")]
    specs.append(spec(tmp_path, "fine", 1, versions={"python": "2.7"}))
    futures = [machine.submit(one, lambda spec, folder: begun.update({spec.row: folder})) for one in specs]
    fine, raises, silent, elsewhere = (future.result(timeout=240) for future in futures)
    machine.close()
    assert fine.failure is None and fine.files is not None and fine.seconds > 0
    record = Store(tmp_path / "store", pytest.fail).record(specs[0].key)
    assert record is not None
    assert record.total_params == 784 * 50 + 50 + 50 * 10 + 10
    kinds = [
        (each.failure.kind, each.failure.message) for each in (raises, silent, elsewhere) if each.failure
    ]
    assert [kind for kind, _ in kinds] == ["error", "no-result", "error"]
    assert "no such luck" in kinds[0][1]
    assert "is another environment" in kinds[2][1] and 'versions.python "2.7"' in kinds[2][1]
    assert "fine" in begun and begun["fine"].parent == tmp_path / "state" / "runs"
    assert (tmp_path / "state" / "failed" / "raises" / "notebook.ipynb").is_file()
    assert not list((tmp_path / "state" / "runs").iterdir())
    assert not list((tmp_path / "state" / "jobs").iterdir())


def test_a_stop_ends_the_jobs(tmp_path: Path, cluster: str) -> None:
    machine = engine(tmp_path, cluster)
    begun: list[Path] = []
    slow = machine.submit(spec(tmp_path, "slow"), lambda spec, folder: begun.append(folder))
    _until(lambda: begun and (begun[0] / "run.json").exists())
    time.sleep(1)
    waiting = machine.submit(spec(tmp_path, "fine"), lambda spec, folder: None)
    assert waiting.cancel()
    machine.stop()
    later = machine.submit(spec(tmp_path, "fine", 1), lambda spec, folder: None)
    kinds = [future.result(timeout=180).failure for future in (slow, later)]
    machine.close()
    assert [failure.kind for failure in kinds if failure] == ["interrupted", "not-run"]
    assert none_left(f"REPORTGEN_TOKEN={begun[0].name}", within=10)


def test_a_run_that_nobody_needs_any_longer_is_cancelled(tmp_path: Path, cluster: str) -> None:
    machine = engine(tmp_path, cluster)
    begun: list[Path] = []
    run = spec(tmp_path, "slow")
    future = machine.submit(run, lambda spec, folder: begun.append(folder))
    _until(lambda: begun)
    machine.drop(run.key)
    outcome = future.result(timeout=180)
    machine.close()
    assert outcome.failure is not None and outcome.failure.kind == "interrupted"


def test_a_job_that_is_lost_is_a_failed_run(
    tmp_path: Path, cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENDINGS, "lost", LAST_SIGHT)
    monkeypatch.setattr("reportgen.execution.engines.slurm.ASK", 1.0)
    machine = engine(tmp_path, cluster)
    outcome = machine.submit(spec(tmp_path, "lost"), lambda spec, folder: None).result(timeout=180)
    machine.close()
    assert outcome.failure is not None
    assert outcome.failure.kind == "kernel-died"
    assert "ended without a result: failed" in outcome.failure.message
    assert (tmp_path / "state" / "failed" / "lost" / "log.txt").is_file()
    assert not list((tmp_path / "state" / "runs").iterdir())


@pytest.mark.parametrize("cluster", ["slurm"], indirect=True)
def test_what_slurm_refuses_is_said_in_its_words(
    tmp_path: Path, cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SBATCH_PARTITION", "nowhere")
    machine = engine(tmp_path, cluster)
    futures = [machine.submit(spec(tmp_path, "fine", number), lambda spec, folder: None) for number in (0, 1)]
    for future in futures:
        with pytest.raises(EnvironmentFault, match=r"SLURM did not take the jobs: .*partition"):
            future.result(timeout=180)
    machine.stop()
    machine.close()


@pytest.mark.parametrize("cluster", ["slurm"], indirect=True)
def test_a_build_makes_its_runs_as_jobs(tmp_path: Path, cluster: str) -> None:
    file = project(tmp_path / "lab", {"one": "fine", "two": "fine units=60", "three": "raises"})
    command = [sys.executable, "-m", "reportgen", "build", str(file), "--data", "embedded"]
    first = _run([*command, "--engine", "slurm"])
    assert first.returncode == 3, first.stdout + first.stderr
    assert "2 of 3" in first.stdout
    assert "no such luck" in first.stdout + first.stderr
    plan = _run([sys.executable, "-m", "reportgen", "plan", str(file), "--data", "embedded"])
    assert "2 in the store, 1 to run" in plan.stdout, plan.stdout + plan.stderr


def test_a_job_is_a_command_that_any_batch_system_can_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    run, store = spec(tmp_path, "fine"), Store(tmp_path / "store", pytest.fail)
    write_job(tmp_path / "job", Job(run, str(store.root), str(tmp_path / "runs"), "token"))
    assert read_outcome(tmp_path / "job", run) is None
    done = _run([sys.executable, "-m", "reportgen.execution.job", str(tmp_path / "job")])
    assert done.returncode == 0, done.stderr
    outcome = read_outcome(tmp_path / "job", run)
    assert outcome is not None and outcome.failure is None
    assert store.record(run.key) is not None


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def _until(ready: Any) -> None:
    deadline = time.monotonic() + 180
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.1)
