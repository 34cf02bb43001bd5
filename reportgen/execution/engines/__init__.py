"""Engines: what makes runs. Every module of this folder is one, under its own name, and no list names them.

A module has two functions (`EngineModule`): `at_once` says how many runs it makes at a time, `start`
gives an object with the four methods of `Engine`.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from reportgen.errors import InputError, Problem
from reportgen.execution.outcome import Outcome
from reportgen.execution.spec import RunSpec
from reportgen.store.objects import Store

DEFAULT = "local"

Began = Callable[[RunSpec, Path], None]
"""Told, from any thread, that a run starts, and the folder in which its kernel writes ``progress.jsonl``."""


@dataclass(frozen=True)
class Means:
    """What an engine is given.

    Parameters
    ----------
    store : Store
        Gets every successful run's object as soon as the run ends.
    runs : Path
        Absolute folder for the runs in the making.
    jobs : int
        Runs at once: what `at_once` said.
    cold : bool
        Start an ordinary kernel for every run.
    env : mapping
        The environment of the command line.
    """

    store: Store
    runs: Path
    jobs: int
    cold: bool
    env: Mapping[str, str]


class Engine(Protocol):
    """Makes runs."""

    def submit(self, spec: RunSpec, began: Began) -> Future[Outcome]:
        """Queue a run.

        The future gives how it ended; a failed run is an `Outcome` too. A run is done when its object
        is in the store. A future that is cancelled before its run began means: do not begin it.
        """

    def drop(self, key: str) -> None:
        """Kill the run with this key, if it is on: nobody needs it any longer."""

    def stop(self, *, now: bool = False) -> None:
        """Begin nothing more and interrupt what runs, or kill it at once; may be called again."""

    def close(self) -> None:
        """Wait until every future is done, and leave nothing behind."""


class EngineModule(Protocol):
    """What a module of this folder has."""

    def at_once(self, asked: int) -> int:
        """How many runs are made at once where the user asks for so many, or leaves it open with 0."""

    def start(self, means: Means) -> Engine:
        """Return an engine, or raise an `EnvironmentFault` that says what it lacks."""


def names() -> tuple[str, ...]:
    """The engines there are."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def engine_named(name: str) -> EngineModule:
    """Return the engine with a name.

    Raises
    ------
    InputError
        There is none; the nearest name is given.
    """
    if name not in names():
        near = difflib.get_close_matches(name, names(), n=1)
        remedy = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(names())}"
        raise InputError([Problem("--engine", 0, "unknown-engine", f'there is no engine "{name}"', remedy)])
    return cast(EngineModule, importlib.import_module(f"{__name__}.{name}"))
