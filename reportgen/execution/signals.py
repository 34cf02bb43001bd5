"""Stopping in order: the signals that end a build, and what they mean."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class Interrupted(Exception):
    """The program was stopped by a signal; what was finished is kept."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by signal {number}")
        self.signal = number


class Stop:
    """Counts the signals that ask a build to stop: one ends it in order, two at once.

    Parameters
    ----------
    say : callable
        Told what the first signal means.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.signal = 0
        self.count = 0

    def ask(self, number: int, frame: FrameType | None = None) -> None:
        """Note a signal; serves as a signal handler."""
        self.count += 1
        self.signal = self.signal or number

    def listening(self) -> contextlib.AbstractContextManager[None]:
        """Take the signals while the context lasts."""
        return _handled(_NAMES, self.ask)


def ending_at_once(farewell: Callable[[int], None]) -> contextlib.AbstractContextManager[None]:
    """End the program at a signal that comes while nothing runs.

    Every file of ours is written aside and renamed, so nothing is left to put in order;
    an exception, instead, may be swallowed where it happens to be raised.
    """

    def end(number: int, frame: FrameType | None) -> None:
        farewell(number)
        os._exit(128 + number)

    return _handled(_NAMES, end)


def clearing_up(clear: Callable[[], None]) -> contextlib.AbstractContextManager[None]:
    """Do something first when a signal ends the program, whatever the program does then; a second ends it."""
    outer = {number: signal.getsignal(number) for number in _numbers()}
    begun: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        begun.append(number)
        if len(begun) == 1:
            clear()
        handler = outer[number]
        if callable(handler):
            handler(number, frame)
        os._exit(128 + number)

    return _handled(_NAMES, end)


def _numbers() -> list[int]:
    return [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]


@contextlib.contextmanager
def _handled(names: tuple[str, ...], handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for name in names:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays nohup
                before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
