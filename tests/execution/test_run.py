"""Real kernels that end in every way: what is kept, what is said, and that nothing lives on."""

from __future__ import annotations

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reportgen.execution.engines import Means
from reportgen.execution.engines.local import LocalEngine
from reportgen.execution.kernels import TOKEN, kernel_environment
from reportgen.execution.outcome import Outcome
from reportgen.execution.run import MAX_OUTPUT
from reportgen.execution.spec import RunSpec
from reportgen.notebooks import read_notebook
from reportgen.store.key import code_digest
from reportgen.store.objects import Store
from tests.processes import marked, none_left
from tests.projects import ENDINGS, environment, notebook

pytestmark = pytest.mark.kernel
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")


def spec(folder: Path, ending: str, number: int = 0, limit: float = 60.0, **given: object) -> RunSpec:
    """A run of one of the endings."""
    path = folder / f"{ending}.ipynb"
    path.write_text(notebook(ENDINGS[ending]), encoding="utf-8")
    parameters = {"dataset": "digits", "units": 50, "epochs": 3, "seed": 42} | given
    return RunSpec(
        key=f"{number:02x}" * 32, row=ending, notebook=str(path), code=code_digest(read_notebook(path).code),
        given=given | {"seed": 42}, parameters=parameters, parts={"code": ending}, datasets={},
        features=str(folder / "features"), threads=1, quick=None, time_limit=limit, facts={},
    )  # fmt: skip


def engine(folder: Path, jobs: int = 2) -> LocalEngine:
    """Two cold kernels at once, which need no TensorFlow."""
    store = Store(folder / "store", pytest.fail)
    return LocalEngine(Means(store, folder / "runs", jobs=jobs, cold=True, env=environment(folder)))


def outcomes(folder: Path, *specs: RunSpec) -> list[Outcome]:
    """Run them all to their ends."""
    machine = engine(folder)
    futures = [machine.submit(one, lambda spec, folder: None) for one in specs]
    try:
        return [future.result(timeout=120) for future in futures]
    finally:
        machine.close()


def test_a_run_leaves_a_whole_object_and_an_executed_notebook(tmp_path: Path) -> None:
    (outcome,) = outcomes(tmp_path, spec(tmp_path, "fine", units=70))
    assert outcome.failure is None
    store = Store(tmp_path / "store", pytest.fail)
    record = store.record("00" * 32)
    assert record is not None
    assert record.total_params == 784 * 70 + 70 + 70 * 10 + 10
    files = store.files("00" * 32)
    assert files is not None
    executed = json.loads(files["notebook.ipynb"])
    assert [cell["execution_count"] for cell in executed["cells"]] == [1, 2, 3, 4]
    assert "units = 70" in "".join(executed["cells"][1]["source"])
    assert str(tmp_path) not in files["notebook.ipynb"].decode()
    assert not list((tmp_path / "runs").iterdir())


@pytest.mark.parametrize(
    ("ending", "kind", "words", "cell"),
    [
        ("raises", "error", "ValueError: no such luck", 2),
        ("exits", "no-result", "before it wrote its record", None),
        ("leaves", "kernel-died", "ended by itself with status 0", 2),
        ("killed", "kernel-died", "killed (SIGKILL)", 2),
        ("asks", "error", "StdinNotImplementedError", 2),
        ("silent", "no-result", "before it wrote its record", None),
        ("wrong", "bad-result", "not valid", None),
    ],
)
def test_a_failure_says_its_cause_and_its_cell(
    tmp_path: Path, ending: str, kind: str, words: str, cell: int | None
) -> None:
    (outcome,) = outcomes(tmp_path, spec(tmp_path, ending))
    failure = outcome.failure
    assert failure is not None
    assert (failure.kind, failure.cell) == (kind, cell)
    assert words in failure.message
    assert Store(tmp_path / "store", pytest.fail).header("00" * 32) is None
    assert not list((tmp_path / "runs").iterdir())
    assert (tmp_path / "failed" / ending / "notebook.ipynb").exists()


@pytest.mark.parametrize("ending", ["loops", "stubborn"])
def test_a_run_beyond_its_limit_is_ended(tmp_path: Path, ending: str) -> None:
    started = time.monotonic()
    (outcome,) = outcomes(tmp_path, spec(tmp_path, ending, limit=3.0))
    assert outcome.failure is not None
    assert outcome.failure.kind == "timeout"
    assert "3 s" in outcome.failure.message
    assert time.monotonic() - started < 30


@linux
def test_no_process_of_a_run_outlives_it(tmp_path: Path) -> None:
    (outcome,) = outcomes(tmp_path, spec(tmp_path, "parent"))
    assert outcome.failure is None
    assert none_left(str(tmp_path), within=2)


def test_a_talkative_run_is_cut_short_and_succeeds(tmp_path: Path) -> None:
    (outcome,) = outcomes(tmp_path, spec(tmp_path, "talks"))
    assert outcome.failure is None
    assert outcome.files is not None
    content = outcome.files["notebook.ipynb"]
    assert len(content) < MAX_OUTPUT + 100_000
    assert b"characters left out" in content


def test_runs_at_once_do_not_mix(tmp_path: Path) -> None:
    specs = [spec(tmp_path, "fine", number, units=50 + number) for number in range(4)]
    assert [outcome.failure for outcome in outcomes(tmp_path, *specs)] == [None] * 4
    store = Store(tmp_path / "store", pytest.fail)
    for number in range(4):
        record = store.record(f"{number:02x}" * 32)
        assert record is not None
        assert record.parameters["units"] == 50 + number


def test_an_edited_notebook_is_not_run_under_the_old_key(tmp_path: Path) -> None:
    planned = spec(tmp_path, "fine")
    Path(planned.notebook).write_text(notebook("x = 2"), encoding="utf-8")
    (outcome,) = outcomes(tmp_path, planned)
    assert outcome.failure is not None
    assert "edited during the build" in outcome.failure.message


def test_the_same_run_twice_is_made_once(tmp_path: Path) -> None:
    first, second = outcomes(tmp_path, spec(tmp_path, "fine"), spec(tmp_path, "fine"))
    assert first.failure is None
    assert second.failure is None
    assert min(first.seconds, second.seconds) == 0.0


@linux
def test_a_stop_interrupts_what_runs_and_starts_nothing_more(tmp_path: Path) -> None:
    machine = engine(tmp_path, jobs=1)
    begun: list[Path] = []
    slow = machine.submit(spec(tmp_path, "slow"), lambda spec, folder: begun.append(folder))
    later = machine.submit(spec(tmp_path, "fine", 1), lambda spec, folder: begun.append(folder))
    while not begun or not marked(begun[0].name):
        time.sleep(0.05)
    time.sleep(2)
    started = time.monotonic()
    machine.stop()
    kinds = [future.result(timeout=30).failure for future in (slow, later)]
    machine.close()
    assert [failure.kind for failure in kinds if failure] == ["interrupted", "not-run"]
    assert time.monotonic() - started < 8
    assert none_left(str(tmp_path), within=2)


def test_the_kernel_sees_an_allow_list_and_private_folders(tmp_path: Path) -> None:
    base = {"PATH": "/bin", "SECRET_KEY": "canary", "HOME": "/elsewhere", "TF_ENABLE_ONEDNN_OPTS": "0"}
    env = kernel_environment(tmp_path, "token", base)
    assert "canary" not in str(env)
    assert env["TF_ENABLE_ONEDNN_OPTS"] == "0"  # the key says so
    assert env[TOKEN] == "token"
    assert all(
        env[name].startswith(str(tmp_path)) for name in ("HOME", "IPYTHONDIR", "TMPDIR", "MPLCONFIGDIR")
    )


def test_environment_of_the_tests_themselves_stays(tmp_path: Path) -> None:
    before, here = dict(os.environ), Path.cwd()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(outcomes, tmp_path, spec(tmp_path, "fine")).result()
    assert dict(os.environ) == before
    assert Path.cwd() == here
