"""Stopping in order: the signals that end a build, and what they mean."""

from __future__ import annotations

import contextlib
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


def terminable() -> contextlib.AbstractContextManager[None]:
    """Turn SIGTERM and SIGHUP into `Interrupted`, so that they end the program as Ctrl-C does."""

    def raise_it(number: int, frame: FrameType | None) -> None:
        raise Interrupted(number)

    return _handled(_NAMES[1:], raise_it)


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
