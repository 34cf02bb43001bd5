"""Runs that start from the weights of others: they wait for them, and are not made without them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.execution import runner
from reportgen.execution.attempt import not_made
from reportgen.execution.engines import Began, Means
from reportgen.execution.outcome import Outcome
from reportgen.execution.runner import Revised, run_all
from reportgen.execution.signals import Stop
from reportgen.execution.spec import RunSpec
from reportgen.progress import Lines
from reportgen.store.objects import Store
from tests.cli.invented import spec as invented


class Hand:
    """An engine whose runs end when a test says so: what it queues, and in which order, is what is looked at."""

    def __init__(self, fails: Sequence[str] = ()) -> None:
        self.fails = fails
        self.queued: list[str] = []
        self.ended: list[str] = []
        self.stopping = False
        self.futures: dict[str, Future[Outcome]] = {}
        self.new = threading.Semaphore(0)

    def at_once(self, asked: int) -> int:
        return asked

    def start(self, means: Means) -> Hand:
        return self

    def submit(self, spec: RunSpec, began: Began) -> Future[Outcome]:
        self.queued.append(spec.row)
        future: Future[Outcome] = Future()
        self.futures[spec.row] = future
        if self.stopping:
            future.set_result(not_made(spec, "not-run", "the build was stopped before this run began"))
        else:
            began(spec, Path())
            self.new.release()
        return future

    def end(self, spec: RunSpec) -> None:
        """End a run that was queued."""
        failed = spec.row in self.fails
        outcome = (
            not_made(spec, "error", "no such luck")
            if failed
            else Outcome(spec.key, spec.label, {}, None, 1.0)
        )
        self.ended.append(spec.row)
        self.futures[spec.row].set_result(outcome)

    def drop(self, key: str) -> None:
        """Nothing is on that could be killed."""

    def stop(self, *, now: bool = False) -> None:
        self.stopping = True

    def close(self) -> None:
        """Nothing is left behind."""


def chain(*pairs: tuple[str, str | None]) -> dict[str, RunSpec]:
    """Runs by their row; the second name of a pair is the row that one starts from."""
    return {
        row: replace(invented(row), key=row, warm_start=source, warm_start_row=source)
        for row, source in pairs
    }


@contextmanager
def making(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    engine: Hand,
    specs: Sequence[RunSpec],
    revised: Revised = lambda _: None,
) -> Iterator[tuple[dict[str, Outcome], list[str], Callable[[], None]]]:
    """Make runs in a thread; gives the outcomes, the lines that are told, and what waits for the end."""
    monkeypatch.setattr(runner, "engine_named", lambda name: engine)
    outcomes: dict[str, Outcome] = {}
    said: list[str] = []

    def work() -> None:
        outcomes.update(
            run_all(
                specs, Store(tmp_path / "store", pytest.fail), tmp_path, jobs=2, cold=True, fail_fast=False,
                env={}, progress=Lines(said.append), stop=Stop(said.append), revised=revised,
            )
        )  # fmt: skip

    thread = threading.Thread(target=work, daemon=True)
    thread.start()

    def end() -> None:
        thread.join(20)
        assert not thread.is_alive()

    yield outcomes, said, end
    end()


def queued(engine: Hand, count: int) -> list[str]:
    """Wait until so many more runs were queued."""
    for _ in range(count):
        assert engine.new.acquire(timeout=10)
    return engine.queued


def test_a_run_waits_for_the_one_it_starts_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    specs, engine = chain(("c", "b"), ("b", "a"), ("a", None), ("x", None), ("old", "stored")), Hand()
    with making(monkeypatch, tmp_path, engine, tuple(specs.values())) as (outcomes, _, end):
        assert sorted(queued(engine, 3)) == ["a", "old", "x"], (
            "what starts from a stored run waits for nothing"
        )
        engine.end(specs["x"])
        engine.end(specs["a"])
        assert queued(engine, 1)[3:] == ["b"]
        engine.end(specs["b"])
        assert queued(engine, 1)[4:] == ["c"]
        engine.end(specs["c"])
        engine.end(specs["old"])
        end()
    assert {key: outcome.failure for key, outcome in outcomes.items()} == dict.fromkeys(specs)


def test_without_its_source_a_run_is_not_made_and_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    specs, engine = chain(("a", None), ("b", "a"), ("c", "b"), ("x", None)), Hand(fails=["a"])
    with making(monkeypatch, tmp_path, engine, tuple(specs.values())) as (outcomes, said, end):
        queued(engine, 2)
        engine.end(specs["a"])
        engine.end(specs["x"])
        end()
    assert sorted(engine.queued) == ["a", "x"]
    failures = {key: outcome.failure for key, outcome in outcomes.items() if outcome.failure is not None}
    assert {key: (failure.kind, failure.message, failure.remedy) for key, failure in failures.items()} == {
        "a": ("error", "no such luck", ""),
        "b": ("no-start", "it starts from the weights of a, which failed: no such luck", "mend a first"),
        "c": ("no-start", "it starts from the weights of b, which was not made", "mend a first"),
    }
    assert any("3 of 4" in line or "4 of 4" in line for line in said)


def test_what_nobody_needs_any_longer_does_not_wait(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    specs, engine = chain(("a", None), ("b", "a"), ("d", "a")), Hand()
    needed: list[Sequence[RunSpec] | None] = [None]

    def revised(outcomes: Mapping[str, Outcome]) -> Sequence[RunSpec] | None:
        found, needed[0] = needed[0], None
        return found

    with making(monkeypatch, tmp_path, engine, (specs["a"], specs["b"]), revised) as (outcomes, said, end):
        queued(engine, 1)
        needed[0] = (specs["a"], specs["d"])
        while needed[0] is not None or not any("no longer needed" in line for line in said):
            threading.Event().wait(0.05)
        engine.end(specs["a"])
        assert queued(engine, 1)[1:] == ["d"]
        engine.end(specs["d"])
        end()
    assert outcomes.keys() == {"a", "d"}
    assert next(line for line in said if "no longer needed" in line).startswith("   b: stopped")
