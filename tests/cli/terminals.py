"""Running the program as a person does, at a terminal of a given size, and as a machine does, through pipes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.projects import ROOT

PROGRAM = [sys.executable, "-m", "reportgen"]
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class Seen:
    """What came of a command."""

    code: int
    out: str
    err: str = ""

    @property
    def lines(self) -> list[str]:
        """What stands on the screen or in the log, without control sequences."""
        return [line.rstrip() for line in _CONTROL.sub("", self.out).replace("\r", "").split("\n")]


def environment(folder: Path, more: Mapping[str, str]) -> dict[str, str]:
    """No user's data, no CI; modules of tests within reach of the notebooks."""
    away = ("REPORTGEN_DATA_DIR", "REPORTGEN_STORE", "CI", "NO_COLOR", "GITHUB_ACTIONS", "COLUMNS", "LINES")
    kept = {name: value for name, value in os.environ.items() if name not in away}
    return kept | {"PYTHONPATH": str(ROOT), "HOME": str(folder), "TERM": "xterm-256color"} | dict(more)


def piped(folder: Path, *words: str, seconds: float = 90, **more: str) -> Seen:
    """Run a command whose output nobody looks at."""
    process = subprocess.Popen(
        [*PROGRAM, *words], cwd=folder, env=environment(folder, more), encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        out, err = process.communicate(timeout=seconds)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    return Seen(process.returncode, out, err)


def stopped(folder: Path, number: int, *words: str, when: Callable[[], bool], group: bool = False) -> Seen:
    """Run a command through pipes and send it, or all its group as a terminal does, a signal at some time."""
    process = subprocess.Popen(
        [*PROGRAM, *words], cwd=folder, env=environment(folder, {}), encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while not when() and time.monotonic() < until and process.poll() is None:
            time.sleep(0.02)
        (os.killpg if group else os.kill)(process.pid, number)
        out, err = process.communicate(timeout=30)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    return Seen(process.returncode, out, err)


def at_terminal(folder: Path, columns: int, rows: int, *words: str, seconds: float = 90, **more: str) -> Seen:
    """Run a command at a terminal; both streams come as the terminal gets them."""
    import fcntl
    import pty
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(
        [*PROGRAM, *words], cwd=folder, env=environment(folder, more), start_new_session=True,
        stdin=slave, stdout=slave, stderr=slave,
    )  # fmt: skip
    os.close(slave)
    content = b""
    try:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                piece = os.read(master, 65_536)
            except OSError:  # the last writer is gone
                break
            if not piece:
                break
            content += piece
        code = process.wait(timeout=10)
    finally:
        os.close(master)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    return Seen(code, content.decode("utf-8", "replace"))
