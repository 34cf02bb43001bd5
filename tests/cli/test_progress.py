"""How runs get on: the time that is left, the lines of a log, a table that fits its terminal."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console

from reportgen.estimates import LIBRARIES
from reportgen.execution.outcome import Outcome
from reportgen.execution.spec import RunSpec
from reportgen.live import Live
from reportgen.progress import HEARTBEAT, Lines, Watch, elided, roughly
from reportgen.results import Failure
from tests.cli.invented import spec


class Clock:
    """Time that passes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def epoch(folder: Path, number: int, of: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    line = {
        "epoch": number,
        "epochs": of,
        "loss": 0.1,
        "accuracy": 0.9,
        "val_loss": 0.2,
        "val_accuracy": 0.87654,
    }
    with (folder / "progress.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def done(run: RunSpec, seconds: float) -> Outcome:
    return Outcome(run.key, run.row, {}, None, seconds)


def test_time_left_is_that_of_the_estimates_and_of_what_comes_after(clock: Clock) -> None:
    watch = Watch(clock)
    watch.after = 30.0
    watch.begin((spec("a", 100), spec("b", 60), spec("c", 50)), 2)
    assert watch.seconds_left() == pytest.approx(LIBRARIES + 110 + 30)
    clock.now = LIBRARIES
    assert watch.seconds_left() == pytest.approx(110 + 30), "the libraries are there by now"


def test_a_run_is_judged_by_its_epochs_once_it_has_some(clock: Clock, tmp_path: Path) -> None:
    watch = Watch(clock)
    run = spec("a", 1_000)
    watch.begin((run,), 1)
    watch.began(run, tmp_path / "a")
    for number in range(1, 6):
        clock.now = 20.0 + 4 * number  # a slow start, then 4 s each
        epoch(tmp_path / "a", number, 10)
        watch.look()
    assert watch.seconds_left() == pytest.approx(20.0)
    clock.now += 3
    assert watch.seconds_left() == pytest.approx(17.0), "it goes down between two epochs"


def test_waiting_runs_go_at_the_pace_of_their_notebook(clock: Clock, tmp_path: Path) -> None:
    watch = Watch(clock)
    slow, fast, other = spec("a", 10, "cnn"), spec("b", 10, "cnn"), spec("c", 10, "mlp")
    watch.begin((slow, fast, other), 1)
    watch.began(slow, tmp_path)
    watch.ended(slow, done(slow, 80.0))
    watch.began(other, tmp_path)
    watch.ended(other, done(other, 10.0))
    assert watch.seconds_left() == pytest.approx(80.0), "a convolution takes eight times what was thought"


def test_a_failure_says_nothing_of_the_pace(clock: Clock, tmp_path: Path) -> None:
    watch = Watch(clock)
    watch.begin((spec("a", 10), spec("b", 10)), 1)
    watch.began(spec("a", 10), tmp_path)
    watch.ended(spec("a", 10), Outcome("key-a", "a", None, Failure("error", "no"), 0.1))
    assert watch.seconds_left() == pytest.approx(LIBRARIES + 10)
    assert (watch.done, watch.failed) == (0, 1)


def test_a_log_has_one_line_for_each_end_and_a_sign_of_life(clock: Clock, tmp_path: Path) -> None:
    said: list[str] = []
    lines = Lines(said.append, clock)
    lines.begin((spec("a"), spec("b")), 2)
    lines.began(spec("a"), tmp_path / "a")
    lines.began(spec("b"), tmp_path / "b")
    for _ in range(3):
        clock.now += HEARTBEAT / 4
        lines.tick()
    assert said == []
    epoch(tmp_path / "a", 3, 10)
    clock.now += HEARTBEAT
    lines.tick()
    lines.tick()
    (alive,) = said
    assert re.fullmatch(r"   0 of 2 done, 2 running, about \d+ min left \(a epoch 3/10\)", alive)
    clock.now += HEARTBEAT / 2
    lines.ended(spec("a"), done(spec("a"), 61.0))
    clock.now += HEARTBEAT * 0.9
    lines.tick()
    assert len(said) == 2, "what was just said is a sign of life"
    assert said[1].startswith("   a: done in 1 min 01 s (1 of 2, ")
    lines.ended(spec("b"), Outcome("key-b", "b", None, Failure("error", "ValueError: \x1b[2Jno", 2), 3.0))
    assert said[2] == "   b: failed [error] in cell 2: ValueError: \\x1b[2Jno (2 of 2)"


def shown(clock: Clock, folder: Path, width: int, height: int, runs: int) -> list[str]:
    """The lines of the table with so many runs on their way."""
    stream = io.StringIO()
    console = Console(file=stream, width=width, height=height, force_terminal=True, color_system=None)
    live = Live(console, clock)
    names = [f"hog-tanh-200-b1024-e250-px7-or{number}" for number in range(runs)]
    with live.display():
        live.expect(20.0)
        live.begin(tuple(map(spec, names)), runs)
        for name in names:
            live.began(spec(name), folder / name)
            epoch(folder / name, 75, 150)
        live.ended(spec("gone"), done(spec("gone"), 65.0))
        clock.now += 9.0
        stream.seek(stream.truncate(0) or 0)
        live.tick()
        text = stream.getvalue()
    return [
        line.rstrip() for line in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).splitlines() if line.strip()
    ]


@pytest.mark.parametrize(("width", "height"), [(40, 12), (60, 24), (80, 24), (120, 10)])
@pytest.mark.parametrize("runs", [1, 2, 24])
def test_the_table_keeps_to_the_terminal(
    clock: Clock, tmp_path: Path, width: int, height: int, runs: int
) -> None:
    lines = shown(clock, tmp_path, width, height, runs)
    assert len(lines) < height
    assert max(map(len, lines)) <= width
    assert len([line for line in lines if "or" in line and "75/150" in line]) == min(
        runs, height - 5 if runs > height - 4 else runs
    )
    assert lines[-1].startswith(f"   1 of {runs} done, {runs} running")
    assert any(line.strip().startswith("and ") for line in lines) == (runs > height - 4)


def test_a_wide_terminal_sees_more(clock: Clock, tmp_path: Path) -> None:
    wide, narrow = shown(clock, tmp_path / "1", 120, 24, 2), shown(clock, tmp_path / "2", 60, 24, 2)
    assert "loss 0.100, val. 87.65%" in wide[0] and "━" in wide[0]
    assert "val. 87.65%" in narrow[0] and "━" not in narrow[0] and "loss" not in narrow[0]
    assert "…" in narrow[0] and "or0" in narrow[0], "rows differ at their ends"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "a few seconds"), (9, "about 10 s"), (43, "about 45 s"), (57, "about 55 s"), (59, "about 1 min"),
        (200, "about 3 min"), (3_000, "about 50 min"), (3_590, "about 1 h"), (4_800, "about 1 h 20 min"),
        (4_500, "about 1 h 15 min"), (9_000, "about 2 h 30 min"), (36_010, "about 10 h"),
    ],
)  # fmt: skip
def test_estimates_are_as_rough_as_they_are(seconds: float, words: str) -> None:
    assert roughly(seconds) == words


@pytest.mark.parametrize(
    ("text", "width"), [("short", 9), ("exactly-9", 9), ("much-too-long", 9), ("abcdef", 2)]
)
def test_names_lose_their_middle(text: str, width: int) -> None:
    cut = elided(text, width)
    assert len(cut) == min(len(text), width)
    assert cut == text or (cut[0] == text[0] and "…" in cut and (width < 3 or cut[-1] == text[-1]))
