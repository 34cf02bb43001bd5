"""The command line on a file in stages: what it says of them, to a person and to a machine."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from reportgen import build, closing
from reportgen.adding import add_row
from reportgen.build import Options
from reportgen.cli import run
from reportgen.cli.completing import _rows
from reportgen.collecting import collect
from reportgen.errors import InputError
from reportgen.live import Live
from reportgen.progress import Lines
from reportgen.results import Failure
from reportgen.show import collect_garbage
from tests.cli.invented import built, end, spec
from tests.stage_bench import HEAD, Bench, by_size
from tests.test_staging import LOSING, SEARCH, STAGES

ROW = '\n[[experiment]]\nid = "own"\nsection = "s"\ntitle = "Own"\nparameters = { dropout = 0.4 }\n'
ALL = ROW + STAGES + SEARCH.replace('section = "s"', 'section = "s"\nfrom = "best:act"')


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CI", "true")
    for name in ("REPORTGEN_STORE", "REPORTGEN_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    return Bench(tmp_path, ALL)


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """Run a command here, and return what it said."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        run(list(words))
    told = capsys.readouterr()
    assert int(ended.value.code or 0) == code, told.out + told.err
    return told.out + told.err


def document(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    with pytest.raises(SystemExit):
        run([*words, "--json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_check_counts_the_stages(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert "experiments.toml is right: 18 experiments and 3 stages in 1 section\n" in said(capsys, "check")
    assert document(capsys, "check")["stages"] == 3


def test_plan_says_what_waits_for_what(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "plan")
    assert "3  planning: 0 in the store, 4 to run, 15 more once stages are decided\n" in told
    assert "\ndepth: 3 of 3 rows to run before one is kept\n" in told
    assert "\nact: 4 rows wait for the row that depth keeps (" in told
    assert "\nq: 9 rows wait for the row that act keeps (" in told
    assert "\nfinal: waits for the row that act keeps (" in told
    assert "\n4 to run and 15 more once stages are decided, about " in told


def test_plan_follows_the_stages(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    first = bench.prepare()
    for each in first.plan.to_do:
        bench.make(each, first)
    told = said(capsys, "plan")
    assert "\ndepth: keeps depth-40, one of 3 rows\n" in told
    assert "\nact: 4 of 4 rows to run before one is kept\n" not in told, "one of them is the kept row's run"
    assert "\nact: 3 of 4 rows to run before one is kept\n" in told
    bench.all()
    told = said(capsys, "plan")
    assert "\nq: keeps q-0" in told and "\nnothing to run: " in told and "wait" not in told


def test_plan_says_how_far_a_search_is(
    tmp_path: Path, bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.file.write_text(HEAD + SEARCH, encoding="utf-8")
    assert "\nq: 5 of 9 rows wait for the trials before (" in said(capsys, "plan")


def test_a_machine_is_told_of_stages_and_of_what_waits(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    told = document(capsys, "plan")
    stages = {stage["id"]: stage for stage in told["stages"]}
    assert list(stages) == ["depth", "act", "q"]
    assert stages["depth"] == {
        "id": "depth", "section": "s", "kind": "sweep", "size": 3, "rows": ["depth-10", "depth-40", "depth-20"],
        "kept": None, "source": None, "begins_with": None, "waiting": 0, "seconds": 0.0,
    }  # fmt: skip
    assert (stages["act"]["source"], stages["act"]["waiting"], stages["act"]["rows"]) == ("depth", 4, [])
    assert stages["q"]["kind"] == "search" and stages["q"]["seconds"] > 0
    later = {each["row"]: each for each in told["later"]}
    assert (later["final"]["waits_for"], later["final"]["runs"], len(later)) == ("act", 2, 14)
    assert told["to_run"] == 4 and told["seconds"] > sum(run["estimate"] for run in told["runs"]) / 8
    bench.all()
    told = document(capsys, "plan")
    assert told["later"] == [] and told["seconds"] == 0.0
    assert [stage["kept"] for stage in told["stages"]][:2] == ["depth-40", "act-relu-0.0"]
    assert told["stages"][1]["begins_with"] == "depth-40"


def test_the_time_of_what_waits_is_that_of_runs_like_it(bench: Bench) -> None:
    """A stand-in may be in the store; what comes is another run."""
    bench.all()
    bench.edit(*LOSING)
    later = bench.prepare().plan.later
    assert later and all(run.spec.estimate > 0 and not run.stored for run in later)


def test_only_takes_a_stage_and_says_what_it_waits_for(bench: Bench) -> None:
    lines: list[str] = []

    def runs(*only: str) -> list[str]:
        options = Options(data="embedded", only=only)
        prepared = build.prepare(bench.work, options, bench.env, lines.append)
        return [run.spec.label for run in prepared.plan.wanted(only)]

    assert runs("depth") == ["depth-10", "depth-40", "depth-20"]
    assert runs("depth", "own") == ["own", "depth-10", "depth-40", "depth-20"]
    assert runs("act") == [] == runs("final")
    with pytest.raises(InputError, match='--only names no row: "dept"\n  did you mean "depth"'):
        runs("dept")


@pytest.mark.parametrize(
    ("only", "told"),
    [
        ((), []),
        (("depth",), []),
        (("act",), ["act: 4 rows wait for the row that depth keeps: reportgen build --only depth --only act"]),
        (("depth", "act"), []),
        (("act-tanh-0.0",), ["act-tanh-0.0 waits for the row that depth keeps: reportgen build --only depth --only act-tanh-0.0"]),
        (("final",), ["final waits for the row that act keeps: reportgen build --only depth --only act --only final"]),
        (("q", "own"), ["q: 9 rows wait for the row that act keeps: reportgen build --only depth --only act --only q --only own"]),
    ],
)  # fmt: skip
def test_what_was_asked_for_and_waits(bench: Bench, only: tuple[str, ...], told: list[str]) -> None:
    from reportgen.asked import asked_and_waiting

    assert list(asked_and_waiting(bench.prepare().experiments, only)) == told


def test_a_row_that_waits_says_so_and_one_that_was_left_out_has_not_failed(bench: Bench) -> None:
    prepared = bench.prepare()
    failures = {each.row.id: each.failure for each in collect(prepared, {}, ())}
    assert failures["final"] == Failure(
        "not-run", 'it waits for the row that "act" keeps', remedy="reportgen build"
    )
    only = {each.row.id: each.failure for each in collect(prepared, {}, ("act",))}
    assert only["final"] is not None and only["final"].message == "left out by --only"
    assert only["act-relu-0.0"] == Failure("not-run", 'it waits for the row that "depth" keeps', remedy="reportgen build --only depth")  # fmt: skip


def test_a_trial_that_waits_and_one_that_failed_before_say_so(tmp_path: Path) -> None:
    bench = Bench(
        tmp_path / "search", SEARCH, lambda row, seed: None if row.id == "q-03" else by_size(row, seed)
    )
    waiting = {each.row.id: each.failure for each in collect(bench.prepare(), {}, ())}
    assert (
        waiting["q-09"] is not None and waiting["q-09"].message == 'it waits for the trials of "q" before it'
    )
    bench.all()
    failed = {each.row.id: each.failure for each in collect(bench.prepare(), {}, ())}
    assert failed["q-03"] is not None and failed["q-03"].message == "it failed when it was last made"
    assert [row for row, failure in failed.items() if failure is not None] == ["q-03"]


def test_check_knows_what_stages_keep(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.all()
    bench.edit('title = "Own"', 'title = "Own"\ncomment = "{{ row(\'final\').validation_accuracy }}"')
    told = said(capsys, "check", "--data", "embedded")
    assert "checked against the results of 18 of 18 rows" in told


def test_fifty_trials_end_in_few_lines() -> None:
    failed = {f"q-{n:02d}": Failure("not-run", 'it waits for the trials of "q" before it', remedy="reportgen build") for n in range(6, 51)}  # fmt: skip
    failed |= {
        f"q-{n:02d}": Failure("error", f"no such luck {n}", cell=2, remedy="mend it") for n in range(1, 3)
    }
    lines = list(closing.failures(failed, Path("nowhere")))
    assert lines == [
        'q-06 and 44 more: failed [not-run]: it waits for the trials of "q" before it', "  reportgen build",
        "q-01: failed [error] in cell 2: no such luck 1", "  mend it",
        "q-02: failed [error] in cell 2: no such luck 2", "  mend it",
    ]  # fmt: skip
    many = {f"q-{n:02d}": Failure("error", f"no such luck {n}") for n in range(50)}
    assert (
        list(closing.failures(many, Path("nowhere")))[-1]
        == "and 30 more runs without a result (--json lists them all)"
    )
    whole = built(runs=tuple(end("ran", f"q-{n:02d}") for n in range(50)), failed=failed)
    assert len([*closing.outcome(whole, 100.0, 80), *closing.complaints(whole, Path("x"), False)]) < 10


def test_a_log_says_how_many_are_to_be_decided() -> None:
    from reportgen.execution.outcome import Outcome

    lines: list[str] = []
    progress = Lines(lines.append, lambda: 0.0)
    progress.expect(10.0, 44, 300.0)
    progress.begin((spec("a"), spec("b")), 2)
    progress.ended(spec("a"), Outcome("key-a", "a", {}, None, 5.0))
    progress.ended(spec("b"), Outcome("key-b", "b", {}, None, 5.0))
    assert lines[0].startswith("   a: done in 5 s (1 of 2, 44 more to be decided, about ")
    assert lines[1] == "   b: done in 5 s (2 of 2, 44 more to be decided, about 5 min left)"
    progress.expect(10.0)
    assert progress.watch.summary() == "2 of 2 done"


def test_a_table_says_so_too() -> None:
    console = Console(file=io.StringIO(), width=100, height=10, force_terminal=True)
    live = Live(console, lambda: 0.0)
    with live.display():
        live.expect(10.0, 44, 300.0)
        live.begin((spec("a"),), 1)
        live.tick()
    assert isinstance(console.file, io.StringIO)
    assert "0 of 1 done, 44 more to be decided, about 7 min left" in console.file.getvalue()


def test_a_row_of_a_stage_cannot_be_copied_and_one_that_begins_with_a_kept_one_can(bench: Bench) -> None:
    with pytest.raises(
        InputError, match='"depth-10" is a row of the sweep "depth", and stands nowhere by itself'
    ):
        add_row(bench.work, "depth-10", {"id": "new", "epochs": 5})
    with pytest.raises(InputError, match='"q-01" is a row of the search "q"'):
        add_row(bench.work, "q-01", {"id": "new"})
    made = add_row(bench.work, "final", {"id": "new", "epochs": 5})
    assert 'from = "best:act"' in made.text and "from_" not in made.text
    assert bench.prepare().experiments.later[-10].id in ("new", "q-01")
    with pytest.raises(InputError, match="its id is that of line"):
        add_row(bench.work, "own", {"id": "depth-10"})


def test_nothing_is_thrown_away_that_a_stage_may_need_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.all()
    later = time.time() + 1e6
    monkeypatch.setattr("reportgen.show.time.time", lambda: later)
    count = len(list(bench.prepare().store.headers()))
    bench.edit(*LOSING)
    _, gone = collect_garbage(bench.work, bench.env, lambda _: None, dry=True)
    assert gone == [] and count == 1 + 3 + 3 + 9 + 1
    bench.edit(
        'from = "best:depth"\ngrid = { activation = ["tanh", "relu"], dropout',
        'from = "best:depth"\ngrid = { dropout',
    )
    _, gone = collect_garbage(bench.work, bench.env, lambda _: None, dry=True)
    assert {each["row"] for each in gone} == {"act-tanh-0.0", "act-tanh-0.1", "act-relu-0.1"}


def test_shells_are_offered_stages_for_only(bench: Bench) -> None:
    assert [name for name, _ in _rows(bench.file)] == ["own", "final"]
    assert [name for name, _ in _rows(bench.file, ("experiment", "sweep", "search"))] == ["own", "final", "depth", "act", "q"]  # fmt: skip
