"""How far stages have come: decided by validation once all runs have ended, the same in whatever order."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen import build
from reportgen.analysis.choice import choose
from reportgen.build import Options
from reportgen.experiments.resolved import Row
from reportgen.experiments.stages import Standing
from reportgen.following import waiting
from reportgen.plan import PlannedRun
from reportgen.results import Failure
from reportgen.staging import NOTE, failed_before, lasting, note_failures
from tests.stage_bench import Bench, by_size, stage, trials

STAGES = """
[[sweep]]
id = "depth"
section = "s"
grid = { hidden_units = [[10], [40], [20]] }

[[sweep]]
id = "act"
section = "s"
from = "best:depth"
grid = { activation = ["tanh", "relu"], dropout = [0.0, 0.1] }

[[experiment]]
id = "final"
section = "s"
title = "Again"
from = "best:act"
repeats = 2
"""
SEARCH = """
[[search]]
id = "q"
section = "s"
trials = 9
batch = 4
parameters = { hidden_units = ["{units}"] }
space = { units = { low = 10, high = 200 }, dropout = { low = 0.0, high = 0.5 }, activation = ["relu", "tanh"] }
"""
LOSING, WINNING = ("[20]]", "[20], [30]]"), ("[20]]", "[20], [60]]")


def test_stages_are_decided_one_after_the_other(tmp_path: Path) -> None:
    bench = Bench(tmp_path, STAGES)
    before = bench.prepare()
    assert [run.spec.label for run in before.plan.to_do] == ["depth-10", "depth-40", "depth-20"]
    assert (waiting(before.plan), before.stages["depth"].kept) == (6, None)
    done = bench.all()
    assert (stage(done, "depth").kept, stage(done, "act").kept) == ("depth-40", "act-relu-0.0")
    assert done.plan.to_do == () and done.plan.later == () and done.experiments.later == ()
    assert bench.prepare().stages == done.stages


def test_no_run_is_made_twice_and_the_same_settings_share_one(tmp_path: Path) -> None:
    bench = Bench(tmp_path, STAGES)
    bench.all()
    assert len(bench.made) == len(set(bench.made)) == 3 + 3 + 1
    assert "act-relu-0.0" not in bench.made, "the settings of depth-40"
    assert bench.made[-1] == "final seed 43"
    bench.all()
    assert len(bench.made) == 7


def test_a_losing_row_runs_alone_and_nothing_behind_it_runs_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path, STAGES)
    before = bench.all()
    bench.edit(*LOSING)
    waiting = bench.prepare()
    assert [run.spec.label for run in waiting.plan.to_do] == ["depth-30"]
    assert waiting.stages["depth"].kept is None and len(waiting.experiments.later) == 5
    bench.made.clear()
    after = bench.all()
    assert bench.made == ["depth-30"]
    assert stage(after, "act").kept == stage(before, "act").kept


def test_a_winning_row_has_everything_behind_it_run_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path, STAGES)
    bench.all()
    bench.edit(*WINNING)
    bench.made.clear()
    after = bench.all()
    assert bench.made == ["depth-60", "act-tanh-0.0", "act-tanh-0.1", "act-relu-0.1", "final seed 43"]
    assert stage(after, "act").begins_with == "depth-60"
    bench.edit(WINNING[1], WINNING[0])
    bench.made.clear()
    bench.all()
    assert bench.made == [], "what was made before is there still"


def test_winner_and_stages_follow_validation_where_the_test_set_says_the_reverse(tmp_path: Path) -> None:
    """The bench gives every record as many right answers on the test set as wrong ones in validation."""
    bench = Bench(tmp_path, STAGES)
    done = bench.all()
    records = {
        run.rows[0].id: record for run in done.plan.runs if (record := done.store.record(run.key)) is not None
    }
    of_depth = {row: records[row] for row in stage(done, "depth").rows}
    by_test = max(of_depth, key=lambda row: of_depth[row].evaluation["test"]["accuracy"])
    assert (by_test, stage(done, "depth").kept) == ("depth-10", "depth-40")
    choice = choose(stage(done, "depth"), {row: [record] for row, record in of_depth.items()})
    assert choice is not None and choice.order == ("depth-40", "depth-20", "depth-10")
    assert {row.parameters["hidden_units"][0] for row in done.experiments.rows if row.section == "s" and row.origin and row.origin.stage != "depth"} == {40}  # fmt: skip


def shuffled(seed: int) -> Callable[[list[PlannedRun]], list[PlannedRun]]:
    chance = random.Random(seed)
    return lambda runs: chance.sample(runs, len(runs))


@pytest.mark.parametrize("seed", range(3))
def test_a_search_has_the_same_trials_whatever_the_order_of_completion(tmp_path: Path, seed: int) -> None:
    plain, other = Bench(tmp_path / "a", SEARCH), Bench(tmp_path / "b", SEARCH)
    done, mixed = plain.all(), other.all(shuffled(seed))
    assert trials(done) == trials(mixed) and len(trials(done)) == 9
    assert stage(done, "q").kept == stage(mixed, "q").kept
    assert sorted(plain.made) == sorted(other.made) and len(set(plain.made)) == len(plain.made)


def test_a_search_that_is_stopped_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    whole, broken = Bench(tmp_path / "a", SEARCH), Bench(tmp_path / "b", SEARCH)
    done = whole.all()
    for _ in range(5):
        prepared = broken.prepare()
        broken.make(prepared.plan.to_do[-1], prepared)
    resumed = broken.all()
    assert trials(resumed) == trials(done)
    assert sorted(broken.made) == sorted(whole.made)


def test_a_batch_waits_for_the_whole_batch_before(tmp_path: Path) -> None:
    bench = Bench(tmp_path, SEARCH)
    seen = []
    for _ in range(5):
        prepared = bench.prepare()
        seen.append((len(stage(prepared, "q").rows), len(prepared.experiments.later)))
        bench.make(prepared.plan.to_do[0], prepared)
    assert seen == [(4, 5), (4, 5), (4, 5), (4, 5), (8, 1)]


def unlucky(*names: str) -> Callable[[Row, int], int | None]:
    return lambda row, seed: None if row.id in names else by_size(row, seed)


def test_a_failed_trial_does_not_stop_a_search_and_is_known_afterwards(tmp_path: Path) -> None:
    bench = Bench(tmp_path, SEARCH, unlucky("q-02"))
    done = bench.all()
    assert len(trials(done)) == 9 and stage(done, "q").kept not in (None, "q-02")
    assert done.stages["q"].measured[1] is None
    later = bench.prepare()
    assert (trials(later), later.stages) == (trials(done), done.stages)
    assert [run.spec.label for run in later.plan.to_do] == ["q-02"]


def test_a_run_that_succeeds_after_all_is_no_longer_noted(tmp_path: Path) -> None:
    bench = Bench(tmp_path, STAGES, unlucky("depth-20"))
    bench.all()
    (key,) = failed_before(bench.work.state)
    bench.wrong = by_size
    bench.all()
    assert failed_before(bench.work.state) == frozenset() and key
    assert json.loads((bench.work.state / NOTE).read_text()) == {"failed": []}


def test_a_failed_row_is_not_kept_and_a_stage_of_failures_keeps_none(tmp_path: Path) -> None:
    bench = Bench(tmp_path, STAGES, unlucky("depth-40"))
    assert stage(bench.all(), "depth").kept == "depth-20"
    lost = Bench(tmp_path / "lost", STAGES, unlucky("depth-10", "depth-40", "depth-20")).all()
    assert lost.stages["depth"] == Standing(None)
    assert [row.waits_for for row in lost.experiments.later] == ["depth"] * 4 + ["act"]


def test_a_row_counts_with_the_seeds_that_it_has(tmp_path: Path) -> None:
    def wrong(row: Row, seed: int) -> int | None:
        return {("depth-40", 42): None, ("depth-40", 43): 10, ("depth-10", 42): 9, ("depth-10", 43): 12}.get((row.id, seed), 50)  # fmt: skip

    bench = Bench(tmp_path, STAGES.replace("grid = { hidden", "repeats = 2\ngrid = { hidden"), wrong)
    prepared = bench.prepare()
    assert len(prepared.plan.to_do) == 6
    assert stage(bench.all(), "depth").kept == "depth-40", "10 wrong of one run, 10.5 on average of two"


def test_a_stage_waits_for_all_seeds(tmp_path: Path) -> None:
    bench = Bench(tmp_path, STAGES.replace("grid = { hidden", "repeats = 2\ngrid = { hidden"))
    prepared = bench.prepare()
    for run in prepared.plan.to_do[:-1]:
        bench.make(run, prepared)
    assert bench.prepare().stages["depth"].kept is None


def test_a_damaged_record_is_a_run_to_come(tmp_path: Path) -> None:
    bench = Bench(tmp_path, STAGES)
    done = bench.all()
    run = next(run for run in done.plan.runs if run.rows[0].id == "depth-20")
    (damaged,) = [
        path for path in (bench.work.store / "objects").rglob("record.json") if run.key in str(path)
    ]
    damaged.write_bytes(b"{}")
    assert bench.prepare().stages["depth"].kept is None
    bench.made.clear()
    assert stage(bench.all(), "act").kept == "act-relu-0.0"
    assert bench.made == ["depth-20"]


def test_what_passes_is_no_failure_of_the_settings() -> None:
    kinds = ("error", "timeout", "interrupted", "not-run", "no-start", "kernel-start", "out-of-memory")
    found = lasting({kind: Failure(kind, "x") for kind in kinds})
    assert found == {"error", "timeout", "out-of-memory"}


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"failed": 3}', b"\xff", b'{"failed": [1, {}]}'])
def test_a_note_that_cannot_be_read_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NOTE).write_bytes(content)
    assert failed_before(tmp_path) == frozenset()


def test_failures_of_rows_of_the_file_are_not_noted(tmp_path: Path) -> None:
    bench = Bench(tmp_path, '[[experiment]]\nid = "e"\nsection = "s"\ntitle = "E"\n' + STAGES)
    prepared = bench.prepare()
    failures = {run.spec.key: Failure("error", "x") for run in prepared.plan.to_do}
    note_failures(bench.work.state, prepared.plan, failures)
    own = next(run.spec.key for run in prepared.plan.to_do if run.rows[0].id == "e")
    assert failed_before(bench.work.state) == failures.keys() - {own}


def test_what_was_decided_before_is_a_beginning_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, STAGES + SEARCH)
    done = bench.all()
    read, times = build.read, list[int]()

    def counted(*given: Any, **named: Any) -> Any:
        times.append(1)
        return read(*given, **named)

    monkeypatch.setattr(build, "read", counted)
    assert bench.prepare().stages == done.stages and len(times) == 2, (
        "read once for the data, once with its stages"
    )
    note = bench.work.state / "decided.json"
    wrong = json.loads(note.read_text())
    wrong["whole"]["depth"]["kept"] = "depth-10"
    wrong["whole"]["q"]["measured"][2] = 0.999
    for content in (
        json.dumps(wrong),
        "",
        "[]",
        '{"whole": {"depth": 3}}',
        '{"whole": {"q": {"kept": 3, "measured": 0}}}',
        "{}",
    ):
        note.write_text(content)
        assert bench.prepare().stages == done.stages
        assert json.loads(note.read_text())["whole"]["depth"] == {"kept": "depth-40", "measured": []}


def test_what_was_decided_before_may_no_longer_be_right_for_the_file(tmp_path: Path) -> None:
    """With the row that was kept before, the stage behind it would be wrong now; it is kept no longer."""
    bench = Bench(tmp_path, STAGES)
    bench.all()
    bench.edit('from = "best:depth"', 'from = "best:depth"\nallow_parameters = 20000')
    bench.edit("[[10], [40], [20]]", "[[10], [20]]")
    assert stage(bench.all(), "act").begins_with == "depth-20"


def test_quick_builds_decide_for_themselves(tmp_path: Path) -> None:
    bench = Bench(tmp_path, STAGES)
    bench.all()
    quick = build.prepare(bench.work, Options(data="embedded", quick=True), bench.env, lambda _: None)
    assert quick.stages["depth"].kept is None and len(quick.plan.to_do) == 3
