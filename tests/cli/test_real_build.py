"""One small build at a terminal and what follows it: what a person reads, and what a machine gets."""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reportgen.cli import run
from reportgen.report.pdf import PangoMissing
from tests.cli.terminals import Seen, at_terminal, piped, stopped
from tests.processes import none_left
from tests.projects import project

pytest.importorskip("pty")

COLOURS = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-7]|9[0-7]|38)[;m]")
NOTHING = r"nothing to do: 2 runs stored, 1 left out, the report is up to date \(\d+\.\d s\)"
KEYS = {"file", "line", "column", "code", "message", "remedy"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("built")
    rows = {
        "alpha-with-a-name-that-is-rather-long": "fine units=50",
        "beta": "fine units=60",
        "lost": "raises",
    }
    project(where, rows)
    return where


@pytest.fixture(scope="module")
def first(folder: Path) -> Seen:
    """The build that makes everything, at a terminal of 60 columns."""
    return at_terminal(folder, 60, 20, "build", "--cold")


def document(seen: Seen) -> Any:
    """The one JSON document on standard output."""
    found = json.loads(seen.out)
    assert found["exit"] == seen.code
    assert all(set(problem) == KEYS for problem in found["problems"])
    return found


@pytest.mark.kernel
def test_a_person_sees_the_best_rows_what_ran_what_failed_and_where_the_report_is(first: Seen) -> None:
    text = "\n".join(first.lines)
    assert first.code == 3, text
    written = next(n for n, line in enumerate(first.lines) if line.startswith("6  writing"))
    end = first.lines[written + 1 :]
    assert re.fullmatch(r"   place  digits, 2 rows\s+validation\s+test\s+parameters", end[0]), end[0]
    assert re.fullmatch(r"     1–2  alpha-w…er-long  \s+\d\d\.\d\d%\s+\d\d\.\d\d%\s+\S+", end[1]), end[1]
    assert re.fullmatch(r"     1–2  beta\s+\d\d\.\d\d%\s+\d\d\.\d\d%\s+\S+", end[2]), end[2]
    assert "validation cannot tell 1 other row from the first" in " ".join(" ".join(end).split())
    assert any(re.fullmatch(r"3 runs: 2 ran, 1 failed; \d+ s in all", line) for line in end)
    at = next(n for n, line in enumerate(end) if line.startswith("lost: failed [error] in cell "))
    assert end[at].endswith(": ValueError: no such luck")
    assert end[at + 1] == "  see .reportgen/failed/lost"
    assert [line for line in end if line][-2:] == ["output/report.html", "output/report.pdf"]
    assert all(len(line) <= 60 for line in end if not line.startswith("lost"))


@pytest.mark.kernel
def test_the_table_was_live_and_left_no_trace(first: Seen) -> None:
    assert re.search(r"0 of 3 done, [12] running, ", first.out)
    assert "\x1b[1A" in first.out, "it is drawn again in its place"
    assert first.out.rstrip().endswith("output/report.pdf")
    assert first.out.count("\x1b[?25l") == first.out.count("\x1b[?25h") == 1, "the cursor is there again"
    assert COLOURS.search(first.out)


@pytest.mark.kernel
def test_a_machine_is_told_what_the_person_is_told(folder: Path, first: Seen) -> None:
    seen = piped(folder, "render", "--json")
    found = document(seen)
    assert (found["command"], found["exit"], found["problems"]) == ("render", 3, [])
    assert [(score["row"][:5], score["first"], score["last"]) for score in found["scores"]] == [
        ("alpha", 1, 2), ("beta", 1, 2),
    ]  # fmt: skip
    assert found["counts"] == {"stored": 2, "not run": 1}
    states = {run["rows"][0]: (run["state"], run["seconds"]) for run in found["runs"]}
    assert states["lost"] == ("not run", None)
    assert states["beta"][0] == "stored" and states["beta"][1] > 0
    (failure,) = found["failures"]
    assert (failure["run"], failure["kind"], failure["remedy"]) == ("lost", "not-run", "reportgen build")
    assert Path(found["pdf"]).is_file() and Path(found["html"]).is_file()
    assert "place  digits" in seen.err and "lost: failed [not-run]" in seen.err


@pytest.mark.kernel
def test_a_build_with_nothing_to_do_is_two_lines(folder: Path, first: Seen) -> None:
    piped(folder, "build", "--only", "beta")
    for seen in (
        at_terminal(folder, 80, 24, "build", "--only", "beta"),
        piped(folder, "build", "--only", "beta"),
    ):
        lines = [line for line in seen.lines if line]
        assert re.fullmatch(NOTHING, lines[0])
        assert lines[1:] == ["output/report.pdf"]
        assert seen.code == 0
    quiet = piped(folder, "build", "--only", "beta", "--quiet")
    assert (quiet.out, quiet.err) == ("output/report.pdf\n", "")
    found = document(piped(folder, "build", "--only", "beta", "--json"))
    assert found["written"] is False
    assert found["scores"][1]["row"] == "beta", "also what was not computed again is told"


@pytest.mark.kernel
def test_where_only_the_pdf_fails_the_rest_is_told(
    folder: Path, first: Seen, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def paper(*_: object) -> None:
        raise PangoMissing("Pango is missing\nsudo apt install it")

    monkeypatch.setattr("reportgen.report.render.paper", paper)
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit) as end:
        run(["render", "--out", "no-pdf", "--json"])
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert (end.value.code, found["exit"], found["pdf"]) == (4, 4, None)
    assert (found["message"], found["remedy"]) == ("Pango is missing", "sudo apt install it")
    assert Path(found["html"]).is_file() and len(found["scores"]) == 2
    assert said.err.endswith("no-pdf/report.html\nerror: Pango is missing\n  sudo apt install it\n")


@pytest.mark.kernel
def test_the_other_commands_answer_too(folder: Path, first: Seen) -> None:
    plan = document(piped(folder, "plan", "--json"))
    assert [(run["rows"], run["stored"]) for run in plan["runs"]][1:] == [(["beta"], True), (["lost"], False)]
    assert (plan["stored"], plan["to_run"]) == (2, 1)
    assert (
        plan["runs"][2]["reason"] == "new" and plan["runs"][2]["estimate"] > 0 == plan["runs"][1]["estimate"]
    )
    assert plan["seconds"] >= plan["runs"][2]["estimate"] and plan["report_seconds"] > 0

    check = document(piped(folder, "check", "--json"))
    assert (check["rows"], check["checked_rows"], check["warnings"]) == (3, 2, [])
    data = document(piped(folder, "data", "--json"))
    assert [(each["name"], each["used"]) for each in data["data"]] == [("digits", "digits")]
    listed = document(piped(folder, "store", "ls", "--json"))
    assert {run["row"] for run in listed["runs"]} == {"alpha-with-a-name-that-is-rather-long", "beta"}
    assert listed["bytes"] == sum(run["bytes"] for run in listed["runs"]) > 0
    assert document(piped(folder, "store", "verify", "--json"))["whole"] == 2
    assert document(piped(folder, "store", "gc", "--dry-run", "--json"))["removed"] == []


@pytest.mark.kernel
def test_a_log_is_quiet_and_without_colours(tmp_path: Path) -> None:
    project(tmp_path, {"a": "fine"})
    seen = at_terminal(tmp_path, 80, 24, "build", "--cold", CI="true", NO_COLOR="1")
    assert seen.code == 0, seen.out
    assert "\x1b" not in seen.out
    (ending,) = [line for line in seen.lines if line.startswith("   a")]
    assert re.fullmatch(r"   a: done in \d+ s \(1 of 1\)", ending)
    assert "1 run: 1 ran; " in "\n".join(seen.lines)


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Path]:
    project(tmp_path, {"a": "slow"})
    yield tmp_path
    assert none_left(str(tmp_path), within=10)


@pytest.mark.kernel
def test_a_signal_ends_a_build_in_one_line_and_one_document(slow: Path) -> None:
    runs = slow / ".reportgen" / "runs"
    seen = stopped(slow, signal.SIGTERM, "build", "--cold", "--json", when=lambda: any(runs.glob("*/*")))
    found = document(seen)
    assert seen.code == 143, seen.err
    assert found["message"] == "stopped; finished runs are kept, build again to go on"
    assert seen.err.splitlines()[-1] == found["message"]
    assert "Traceback" not in seen.err


@pytest.mark.kernel
@pytest.mark.parametrize("wait", [0.0, 1.0])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_every_process_while_the_libraries_are_imported_is_no_failure(
    slow: Path, number: int, wait: float
) -> None:
    runs = slow / ".reportgen" / "runs"
    since: list[float] = []

    def begun() -> bool:
        if not since and any(runs.glob("*/*")):
            since.append(time.monotonic())
        return bool(since) and time.monotonic() - since[0] >= wait

    seen = stopped(slow, number, "build", when=begun, group=True)
    assert seen.code == 128 + number
    told = seen.out + seen.err
    assert "stopping: 0 finished and kept" in told and "a: stopped" in told
    assert "Traceback" not in told and "failed" not in told and "EOF" not in told
    assert not (slow / ".reportgen" / "failed").exists()


@pytest.mark.kernel
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_any_command_in_one_line(folder: Path, first: Seen, number: int, code: int) -> None:
    out = folder / f"out-{code}"
    seen = stopped(folder, number, "render", "--out", str(out), when=out.exists)
    assert seen.code == code, seen.err
    assert seen.err == "stopped\n"
