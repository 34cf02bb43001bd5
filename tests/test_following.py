"""What a build runs while stages are decided: what is new, what nobody needs, and what turns out to be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.execution.outcome import Outcome
from reportgen.experiments.resolved import Row
from reportgen.following import Following, later_runs, later_seconds, waiting
from reportgen.plan import Plan
from reportgen.results import Failure
from tests.stage_bench import HEAD, Bench, by_size, stage
from tests.test_staging import SEARCH, STAGES


def make(bench: Bench, following: Following, outcomes: dict[str, Outcome], *rows: str) -> list[str] | None:
    """End the runs of some rows at once; return what is needed then."""
    for run in following.prepared.plan.to_do:
        if run.rows[0].id in rows:
            failure = bench.make(run, following.prepared)
            outcomes[run.spec.key] = Outcome(
                run.spec.key, run.spec.label, None if failure else {}, failure, 1.0
            )
    specs = following.revised(outcomes)
    return None if specs is None else [spec.label for spec in specs]


def test_nothing_is_revised_until_a_run_has_ended(tmp_path: Path) -> None:
    bench = Bench(tmp_path, STAGES)
    following = bench.follow()
    assert following.revised({}) is None
    outcomes: dict[str, Outcome] = {}
    assert make(bench, following, outcomes, "depth-10") == ["depth-40", "depth-20"]
    assert following.revised(outcomes) is None, "no other run has ended since"


def test_a_stage_is_asked_for_as_soon_as_the_one_before_is_decided(tmp_path: Path) -> None:
    bench, outcomes = Bench(tmp_path, STAGES), dict[str, Outcome]()
    following = bench.follow()
    make(bench, following, outcomes, "depth-10", "depth-40")
    assert make(bench, following, outcomes, "depth-20") == ["act-tanh-0.0", "act-tanh-0.1", "act-relu-0.1"]
    assert make(bench, following, outcomes, "act-tanh-0.0", "act-tanh-0.1", "act-relu-0.1") == [
        "final seed 43"
    ]
    assert make(bench, following, outcomes, "final") == []
    ended = following.ended()
    assert ended.plan.later == () and all(not run.stored for run in ended.plan.runs), "all were made now"


def test_what_was_in_the_store_stays_what_was_there(tmp_path: Path) -> None:
    bench = Bench(tmp_path, STAGES)
    bench.all()
    bench.edit("[20]]", "[20], [30]]")
    following = bench.follow()
    make(bench, following, {}, "depth-30")
    assert [run.spec.label for run in following.ended().plan.runs if not run.stored] == ["depth-30"]


def test_a_file_without_stages_is_never_planned_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path, '[[experiment]]\nid = "e"\nsection = "s"\ntitle = "E"\n')
    following = bench.follow()
    following._advance = lambda known, failed: pytest.fail("planned again")
    assert make(bench, following, {}, "e") is None
    assert following.ended() is following.prepared or following.ended() == following.prepared


def test_failures_decide_too_and_what_was_stopped_does_not(tmp_path: Path) -> None:
    bench, outcomes = Bench(tmp_path, STAGES), dict[str, Outcome]()
    following = bench.follow()
    make(bench, following, outcomes, "depth-10", "depth-20")
    run = next(run for run in following.prepared.plan.to_do if run.rows[0].id == "depth-40")
    stopped = Failure("interrupted", "the build was stopped")
    outcomes[run.spec.key] = Outcome(run.spec.key, "depth-40", None, stopped, 1.0)
    assert following.revised(outcomes) == (run.spec,)
    failed = Failure("error", "no such luck")
    again = {**outcomes, run.spec.key: Outcome(run.spec.key, "depth-40", None, failed, 1.0), "other": outcomes[run.spec.key]}  # fmt: skip
    assert following.revised(again) is not None
    assert stage(following.prepared, "depth").kept == "depth-20"


def test_only_what_was_asked_for_is_needed(tmp_path: Path) -> None:
    bench, outcomes = Bench(tmp_path, STAGES), dict[str, Outcome]()
    following = bench.follow(["depth", "act-tanh-0.0"])
    needed = make(bench, following, outcomes, "depth-10", "depth-40", "depth-20")
    assert needed == ["act-tanh-0.0"]


def test_the_time_to_come_is_told_whenever_it_changes(tmp_path: Path) -> None:
    bench, told, outcomes = Bench(tmp_path, SEARCH), list[int](), dict[str, Outcome]()
    following = bench.follow()
    following._expect = lambda plan: told.append(waiting(plan))
    while todo := following.prepared.plan.to_do:
        make(bench, following, outcomes, todo[0].rows[0].id)
    assert told == [1, 0], "nine trials in batches of four; five wait at the beginning"


WRONG = """
[[sweep]]
id = "sizes"
section = "s"
grid = { hidden_units = [[10], [1000, 1000]] }

[[sweep]]
id = "width"
section = "s"
from = "best:sizes"
allow_parameters = 900000
grid = { activation = ["relu", "tanh"] }
"""


def test_a_stage_that_turns_out_to_be_wrong_stops_nothing_that_runs(tmp_path: Path) -> None:
    """With the stand-in its network is small enough; with the row that is kept it is not."""
    bench, outcomes = Bench(tmp_path, WRONG), dict[str, Outcome]()
    following = bench.follow()
    assert make(bench, following, outcomes, "sizes-10") is not None
    assert make(bench, following, outcomes, "sizes-1000-1000") is None
    with pytest.raises(InputError) as error:
        following.ended()
    (problem,) = error.value.problems
    assert problem.message.startswith('sweep "width": ') and problem.code == "too-many-parameters"
    with pytest.raises(InputError, match="too-many-parameters"):
        bench.prepare()


def test_what_waits_is_counted_by_runs(tmp_path: Path) -> None:
    bench = Bench(tmp_path, STAGES + SEARCH.replace('section = "s"', 'section = "s"\nfrom = "best:depth"'))
    plan = bench.prepare().plan
    assert waiting(plan) == 4 + 2 + 9
    assert {row: len(runs) for row, runs in later_runs(plan).items() if row in ("final", "q-01")} == {"final": 2, "q-01": 1}  # fmt: skip
    assert waiting(plan, ["act"]) == 0, "what it begins with is not asked for"
    assert waiting(plan, ["depth", "act"]) == 4 and waiting(plan, ["depth", "act", "final"]) == 6
    assert later_seconds(plan, 2) == pytest.approx(later_seconds(plan, 1) / 2, rel=0.3)
    assert later_seconds(Plan(()), 2) == 0.0


def test_rows_that_become_the_winner_late_take_the_place_of_those_behind(tmp_path: Path) -> None:
    """The run that failed before is made again, and wins: what began with the second best is not needed."""
    lucky: list[str] = []

    def wrong(row: Row, seed: int) -> int | None:
        return by_size(row, seed) if row.id != "depth-40" or lucky else None

    bench, outcomes = Bench(tmp_path, STAGES, wrong), dict[str, Outcome]()
    bench.all()
    bench.edit("dropout = [0.0, 0.1]", "dropout = [0.0, 0.1, 0.2]")
    following = bench.follow()
    assert sorted(run.spec.label for run in following.prepared.plan.to_do) == ["act-relu-0.2", "act-tanh-0.2", "depth-40"]  # fmt: skip
    lucky.append("now")
    needed = make(bench, following, outcomes, "depth-40")
    assert needed == ["act-tanh-0.0", "act-tanh-0.1", "act-tanh-0.2", "act-relu-0.1", "act-relu-0.2"]
    assert stage(following.prepared, "act").begins_with == "depth-40"
    assert HEAD in bench.file.read_text(encoding="utf-8")
