"""The words at the end of a build: narrow enough, in order, and no winner where validation cannot tell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen import closing
from reportgen.account import Scored
from reportgen.errors import Problem
from reportgen.results import Failure
from tests.cli.invented import built, end, scored

LONG = "hog-tanh-200-b1024-e250-px7-or8"


def three(first: tuple[int, int], second: tuple[int, int], **given: object) -> list[Scored]:
    ranges = [first, second, (3, 3)]
    return [
        scored(row, rank=n + 1, first=low, last=high, **given)
        for n, (row, (low, high)) in enumerate(zip(("a", LONG, "c"), ranges, strict=True))
    ]


@pytest.mark.parametrize("width", [46, 60, 72, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    scores = three((1, 2), (1, 2)) + three((1, 1), (2, 3), data="fashion_mnist", parameters=123_456_789)
    lines = list(closing.best_rows(scores, width))
    assert max(map(len, lines)) <= min(width, 80) + (11 if width < 60 else 0)
    assert {len(line) for line in lines if "%" in line} == {max(len(line) for line in lines if "%" in line)}


def test_a_name_that_is_too_long_loses_its_middle() -> None:
    (line,) = (each for each in closing.best_rows([scored(LONG)], 60) if "%" in each)
    assert " hog-tan…px7-or8 " in line
    assert LONG in "".join(closing.best_rows([scored(LONG)], 80))


def test_no_winner_is_named_where_validation_cannot_tell() -> None:
    lines = " ".join(" ".join(closing.best_rows(three((1, 2), (1, 2)), 80)).split())
    assert "validation cannot tell 1 other row from the first (1,000 images, one training each)" in lines
    assert "1–2 a" in lines and f"1–2 {LONG}" in lines
    assert "tells the first" not in lines
    assert not re.search(r"winner|best\b", lines)


def test_a_first_place_that_can_be_told_is_told() -> None:
    lines = " ".join(closing.best_rows(three((1, 1), (2, 3), runs=3), 80))
    assert "validation tells the first from all others (1,000 images)" in lines
    assert "one training each" not in lines


def test_a_row_alone_is_compared_with_nothing() -> None:
    lines = list(closing.best_rows([scored("a", of=1, last=1)], 80))
    assert len(lines) == 2
    assert "rows" not in lines[0]


def test_where_the_test_set_chose_it_is_said() -> None:
    lines = " ".join(closing.best_rows(three((1, 2), (1, 2), on_test=True), 80))
    assert "(= test)" in lines
    assert "the test set, which chose, cannot tell 1 other row" in lines


@pytest.mark.parametrize(("sets", "shown"), [(1, 5), (2, 5), (3, 5), (7, 5)])
def test_five_rows_at_most_are_shown(sets: int, shown: int) -> None:
    scores = [scored(f"{name}-{row}", data=f"d{name}", of=6) for name in range(sets) for row in range(6)]
    lines = list(closing.best_rows(scores, 80))
    assert sum("%" in line for line in lines) == shown
    rest = [line for line in lines if line.endswith(" more: in the report")]
    assert sum(int(line.split()[1]) for line in rest) + shown == 6 * min(sets, 5)
    assert ("   and 2 more data sets: see the report" in lines) == (sets == 7)


def test_what_ran_is_counted() -> None:
    runs = [
        end("stored"), end("ran"), end("ran"), end("merged", owner="Ana"), end("merged", owner="Ben"),
        end("accepted", owner="Ana"), end("failed"),
    ]  # fmt: skip
    assert closing.counts(runs, 65.0) == (
        "7 runs: 2 ran, 1 stored, 2 merged (from Ana, Ben), 1 accepted (from Ana), 1 failed; 1 min 05 s in all"
    )
    assert closing.counts([end("stored")], 0.4) == "1 run: 1 stored; 0 s in all"


def test_a_failure_comes_with_its_cell_its_remedy_and_its_log(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    failed = {
        "a": Failure("error", "ValueError: no such luck", 3, remedy="try again"),
        "b": Failure("not-run", "this run has not been made", remedy="reportgen build"),
    }
    assert list(closing.failures(failed, tmp_path)) == [
        "a: failed [error] in cell 3: ValueError: no such luck",
        "  try again",
        f"  see {tmp_path / 'a'}",
        "b: failed [not-run]: this run has not been made",
        "  reportgen build",
    ]


def test_many_warnings_are_counted() -> None:
    assert list(closing.warnings(["x", "y"])) == ["warning: x", "warning: y"]
    assert list(closing.warnings(list("uvwxyz")))[-1] == "   and 3 more warnings (--json lists them all)"


def test_findings_are_all_said_where_they_are_errors() -> None:
    found = [Problem("experiments.toml", n, "contradicted", "it is not so") for n in range(1, 9)]
    few, every = list(closing.findings(found, False)), list(closing.findings(found, True))
    assert (len(few), few[-1]) == (6, "and 3 more: `reportgen check` lists them")
    assert few[0] == "experiments.toml:1: warning[contradicted]: it is not so"
    assert len(every) == 8 and every[0].startswith("experiments.toml:1: error[contradicted]")


def test_nothing_to_do_is_one_line_and_a_place() -> None:
    done = built(runs=(end("stored"), end("stored")), written=False, stand_ins={"mnist": "digits"})
    (line,) = closing.outcome(done, 0.31, 80)
    assert line == "nothing to do: 2 runs stored, the report is up to date (0.3 s)"
    assert list(closing.remarks(done)) == []
    assert closing.place(done, quick=False) == "output/report.pdf  (digits in place of mnist)"
    assert closing.place(done, quick=True) == (
        "output/report.pdf  (quick: a look, no result; digits in place of mnist)"
    )


def test_a_report_that_is_up_to_date_but_lacks_a_run_is_not_nothing_to_do() -> None:
    failure = Failure("not-run", "this run has not been made")
    lacking = built(failed={"b": failure}, runs=(end("stored"), end("not run", "b")), written=False)
    assert list(closing.outcome(lacking, 0.3, 80)) == [
        "the report is up to date; 2 runs: 1 stored, 1 not run; 0 s in all"
    ]


def test_a_path_is_shown_as_one_would_type_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert closing.shown(tmp_path / "output" / "report.pdf") == Path("output/report.pdf")
    assert closing.shown(tmp_path.parent / "elsewhere") == tmp_path.parent / "elsewhere"
