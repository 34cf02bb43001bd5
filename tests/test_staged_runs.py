"""Stages with the real engine: what is run, what is not run again, and what a build that was stopped leaves."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.projects import environment
from tests.stage_bench import stage
from tests.staged_runs import begun, of_search, prepared, prepared_store, project, run, stored

pytestmark = pytest.mark.kernel


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A coursework whose runs are all made, one at a time."""
    folder = project(tmp_path_factory.mktemp("whole"))
    run(folder)
    return folder


@pytest.fixture
def copied(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "copied"))


def edit(folder: Path, old: str, new: str) -> None:
    file = folder / "experiments.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_stages_are_run_to_the_end_without_a_break(whole: Path) -> None:
    known = prepared(whole)
    assert (stage(known, "depth").kept, known.plan.to_do, known.plan.later) == ("depth-40", (), ())
    assert prepared_store(whole) == ["depth-10", "depth-40", "q-01", "q-02", "q-03", "q-04", "q-05"]
    assert len(begun(whole)) == 7, "the row that begins with the kept trial is that trial's run"


def test_two_at_once_make_the_same_trials(whole: Path, tmp_path: Path) -> None:
    folder = project(tmp_path / "two")
    known, failures, said = run(folder, jobs=2)
    assert failures == {}
    assert of_search(known) == of_search(prepared(whole)) and len(of_search(known)) == 5
    assert stage(known, "q").kept == stage(prepared(whole), "q").kept
    assert sorted(begun(folder)) == sorted(begun(whole))
    assert any("4  running 2 notebooks, 2 at once, 6 more once stages are decided: " in line for line in said)
    # A run that is in the store counts for its stage a moment before its end is told.
    told = ("(2 of 2, 6 more to be decided, ", "(2 of 4, 4 more to be decided, ")
    assert any(each in line for line in said for each in told)
    assert any("(7 of 7, 1 more to be decided" in line for line in said), "the row that is a trial's twin"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_search_that_is_stopped_goes_on_and_repeats_nothing(
    whole: Path, tmp_path: Path, number: signal.Signals
) -> None:
    folder = project(tmp_path / "stopped")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.staged_runs", str(folder), "1"], env=environment(folder),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    deadline = time.monotonic() + 200
    while stored(folder) < 4 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(process.pid, number)
    _, told = process.communicate(timeout=60)
    assert process.returncode != 0, told
    before = prepared_store(folder)
    assert 4 <= len(before) < 7 and "depth-40" in before
    count = len(begun(folder))
    known, failures, _ = run(folder)
    assert failures == {}
    assert of_search(known) == of_search(prepared(whole))
    assert len(begun(folder)) - count == 7 - len(before), "only what was not in the store is made"
    assert set(begun(folder)) == set(begun(whole))


def test_an_earlier_stage_that_gains_a_row(copied: Path) -> None:
    before = begun(copied)
    edit(copied, "[10, 40]", "[10, 40, 20]")
    known, _, said = run(copied)
    assert begun(copied)[len(before) :] == ["20 0.0 42"], "it loses: nothing behind it is run again"
    assert any(line.startswith("3  planning: 2 in the store, 1 to run, ") for line in said)
    assert stage(known, "depth").kept == "depth-40" and known.plan.later == ()

    edit(copied, "[10, 40, 20]", "[10, 40, 20, 60]")
    edit(copied, "trials = 5", "trials = 3")
    again, _, _ = run(copied)
    made = begun(copied)[len(before) + 1 :]
    assert made[0] == "60 0.0 42" and [line.split()[0] for line in made] == ["60"] * 4
    assert stage(again, "q").begins_with == "depth-60"


def test_a_failed_trial_stops_nothing_and_a_report_shows_the_trials_behind_it(
    whole: Path, tmp_path: Path
) -> None:
    first = of_search(prepared(whole))[0]
    folder = project(tmp_path / "failed", ("\nid = \"s\"", f'\nid = "s"\nparameters = {{ unlucky = {first} }}'))  # fmt: skip
    known, failures, _ = run(folder, jobs=2)
    assert [failure.kind for failure in failures.values()] == ["error"]
    assert len(of_search(known)) == 5 and stage(known, "q").kept not in (None, "q-01")
    later = prepared(folder)
    assert of_search(later) == of_search(known) and stage(later, "q").kept == stage(known, "q").kept
    made = subprocess.run(
        [sys.executable, "-m", "reportgen", "render", "--data", "embedded"], cwd=folder,
        env=environment(folder), capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert made.returncode == 3, made.stdout + made.stderr
    html = (folder / "output" / "report.html").read_text(encoding="utf-8")
    assert "q-05" in (folder / "output" / "results.json").read_text(encoding="utf-8") and "Stages" in html
    assert "q-01: failed [not-run]: it failed when it was last made" in made.stderr
    assert "7 runs: 6 stored, 1 not run" in made.stdout


def test_watch_follows_stages_past_a_failure(tmp_path: Path) -> None:
    from tests.test_watch import until, watching

    folder = project(tmp_path / "watched", ("[10, 40]", "[13, 40]"), ("trials = 5", "trials = 3"))
    with watching(folder, "--data", "embedded", "--jobs", "2") as watched:
        assert until(lambda: stored(folder) >= 4, 150), watched.text
        assert until(lambda: "report.pdf" in watched.text, 60), watched.text
    assert prepared_store(folder) == ["depth-40", "q-01", "q-02", "q-03"]
    assert sum(line.startswith("13 ") for line in begun(folder)) == 1, "what failed is not tried again"
    known = prepared(folder)
    assert (stage(known, "depth").kept, known.plan.later) == ("depth-40", ())
