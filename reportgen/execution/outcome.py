"""How a run ended: the files of its object, or the failure, told apart by evidence."""

from __future__ import annotations

import hashlib
import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.recordfile import MODEL_FILE, RecordError, from_files
from reportgen.results import Failure

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_TAIL = 4_000
_REFUSED = "CannotRun"
"""The exception of `reportgen.lab` whose second line is the remedy."""


@dataclass(frozen=True)
class Outcome:
    """How one run ended.

    Parameters
    ----------
    key, row : str
    files : mapping of str to bytes, or None
        The files of the store object, where the run proved its success.
    failure : Failure or None
    seconds : float
    """

    key: str
    row: str
    files: Mapping[str, bytes] | None
    failure: Failure | None
    seconds: float


def from_folder(
    folder: Path, notebook: bytes, cells_left: int, seconds: float, *, keep_model: bool = False
) -> dict[str, bytes] | Failure:
    """Judge a run whose notebook came to its end: only a whole record proves success."""
    files = {}
    for name in ("record.json", "arrays.npz"):
        path = folder / name
        if not path.is_file():
            remedy = "the notebook must call record(model, data, history) in its last cell"
            return Failure(
                "no-result", "the notebook ended before it wrote its record", None, "", seconds, remedy
            )
        files[name] = path.read_bytes()
    if cells_left:
        message = f"the notebook stopped {cells_left} cell(s) before its end"
        return Failure(
            "no-result", message, None, "", seconds, "remove the call that ends the kernel, such as exit()"
        )
    try:
        record = from_files(files)
    except RecordError as error:
        return Failure("bad-result", f"the record is not valid: {error}", None, "", seconds)
    if keep_model:
        model = folder / MODEL_FILE
        content = model.read_bytes() if model.is_file() else b""
        if not record.model_file or hashlib.sha256(content).hexdigest() != record.model_file:
            remedy = "the notebook must call record(model, data, history) of reportgen.lab"
            return Failure("bad-result", "the trained model was not kept", None, "", seconds, remedy)
        files[MODEL_FILE] = content
    return files | {"notebook.ipynb": notebook, "log.txt": tail(folder / "log.txt", 200_000).encode()}


def from_exception(
    error: BaseException,
    *,
    status: int | None,
    peak: int,
    memory: int,
    cell: int | None,
    log: str,
    seconds: float,
) -> Failure:
    """Judge a run that was cut short.

    Parameters
    ----------
    error : exception
        What papermill or nbclient raised.
    status : int or None
        Exit status of the kernel, negative for a signal.
    peak, memory : int
        Largest resident size of the kernel, and the machine's memory, in bytes.
    cell : int or None
        The code cell that was running.
    log : str
        End of what the kernel wrote to its standard streams.
    seconds : float
    """
    name = type(error).__name__
    if name == "PapermillExecutionError":
        return _from_cell(error, cell, seconds)
    if name == "DeadKernelError" or status is not None:
        return _from_death(status, peak, memory, cell, log, seconds)
    if isinstance(error, (TimeoutError, RuntimeError)):
        message = f"the kernel did not start: {plain(str(error))}"
        return Failure("kernel-start", message, None, log, seconds, "run `reportgen doctor`")
    return Failure("error", f"{name}: {plain(str(error))[:300]}", cell, log, seconds)


def _from_cell(error: Any, cell: int | None, seconds: float) -> Failure:
    traceback = plain("\n".join(error.traceback))[-_TAIL:]
    remedy = ""
    if error.ename == "StdinNotImplementedError":
        remedy = "a run cannot ask for input: make it a parameter"
    if error.ename == _REFUSED:
        message, _, remedy = plain(error.evalue).partition("\n")
        return Failure("error", message[:400], cell, traceback, seconds, remedy[:400])
    return Failure("error", f"{error.ename}: {plain(error.evalue)[:300]}", cell, traceback, seconds, remedy)


def _from_death(
    status: int | None, peak: int, memory: int, cell: int | None, log: str, seconds: float
) -> Failure:
    used = f", after using {peak / 2**30:.1f} GiB" if peak else ""
    if status is not None and status < 0:
        number = -status
        label = signal.Signals(number).name if number in {s.value for s in signal.Signals} else str(number)
        if label == "SIGKILL" and memory and peak > 0.6 * memory:
            remedy = "use a smaller batch_size, or build with fewer --jobs"
            message = f"the kernel was killed (SIGKILL){used}: probably the machine ran out of memory"
            return Failure("out-of-memory", message, cell, log, seconds, remedy)
        return Failure("kernel-died", f"the kernel was killed ({label}){used}", cell, log, seconds)
    ended = "" if status is None else f" with status {status}"
    return Failure("kernel-died", f"the kernel ended by itself{ended}{used}", cell, log, seconds)


def plain(text: str) -> str:
    """`text` without terminal colours."""
    return _ANSI.sub("", text)


def tail(path: Path, size: int = _TAIL) -> str:
    """The last `size` characters of a log; empty where there is none."""
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - size))
            return plain(file.read().decode(errors="replace"))
    except OSError:
        return ""
