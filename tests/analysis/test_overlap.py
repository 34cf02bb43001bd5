"""For how much of its time a run had the machine to itself."""

from __future__ import annotations

import dataclasses

import pytest

from reportgen import outputs, tables
from reportgen.analysis import overlap
from reportgen.records import Times
from reportgen.results import Result
from tests import samples
from tests.tables.reading import result, spaced


def timed(name: str, start: str, total: float, jobs: int = 2) -> Result:
    """A row whose run began at a time of the day and took so many seconds."""
    one = result(name)
    assert one.record is not None
    times = Times(f"2026-11-20T{start}+00:00", train=total, evaluate=0.0, total=total)
    environment = {**one.record.environment, "jobs": jobs, "cores": 2}
    return samples.with_record(one, dataclasses.replace(one.record, times=times, environment=environment))


ROWS = [
    timed("a", "10:00:00", 100),
    timed("b", "10:00:50", 100),  # the two share 50 s
    timed("c", "10:02:20", 400),  # 10 s beside b
    timed("d", "10:02:20", 4),
]


def test_what_others_cover_is_not_alone() -> None:
    shares = [overlap.alone(row, ROWS) for row in ROWS]
    assert shares == pytest.approx([0.5, 0.4, 390 / 400, 0.0])
    assert overlap.alone(ROWS[0], [ROWS[0]]) is None, "of one run nothing is known"
    assert overlap.alone(ROWS[0], ROWS[1:]) == 0.5, "it need not be among them"


def test_a_run_that_two_rows_share_is_not_beside_itself() -> None:
    twin = dataclasses.replace(ROWS[2], row=dataclasses.replace(ROWS[2].row, id="twin"))
    assert overlap.alone(twin, [*ROWS, twin]) == pytest.approx(390 / 400)


def test_times_name_what_ran_alone() -> None:
    said = spaced(tables.times_note(ROWS))
    assert said == (
        "Times were taken with 2 runs at once on 2 cores. But one ran alone for most of its time"
        " (“Title of c” for 98 %): do not compare its time with the others."
    )
    assert "alone" not in tables.times_note(ROWS[:2])
    assert "alone" not in tables.times_note([ROWS[2]]), "what ran beside it is not known"
    assert "alone for most" in tables.times_note([ROWS[2]], ROWS)
    apart = [timed(str(hour), f"1{hour}:00:00", 60) for hour in range(5)]
    assert "But 5 of 5 experiments ran alone" in tables.times_note(apart)
    alone = [timed(str(hour), f"1{hour}:00:00", 60, jobs=1) for hour in range(5)]
    assert "But" not in tables.times_note(alone)


def test_settings_name_the_load_that_there_was() -> None:
    def time(row: Result, everything: list[Result]) -> str:
        lines = tables.hyper_parameters(row, everything).rows
        return spaced(next(line.cells[1].text for line in lines if line.cells[0].text == "Training time"))

    assert time(ROWS[2], ROWS) == "6 min 40 s, alone for 98 %"
    assert time(ROWS[1], ROWS) == "1 min 40 s, 2 runs at once" == time(ROWS[1], [])


def test_a_report_is_dated_by_the_end_of_its_last_run() -> None:
    rows = [timed("a", "23:00:00", 7200), timed("b", "23:30:00", 60)]
    assert outputs.epoch(rows, {}) == 1_795_222_800  # 2026-11-21, 01:00 UTC
    assert outputs.epoch(rows, {"SOURCE_DATE_EPOCH": "7"}) == 7
    assert outputs.epoch([], {}) == 315_532_800
