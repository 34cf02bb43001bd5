"""Fetching the files of a data set over HTTP, mirror after mirror, into memory.

A mirror that falls silent is left for the next one, which goes on with the files that are
missing. The transfer runs in a thread of its own, because a look-up of a host name cannot be
given a time limit; a thread that is given up ends with its next bytes.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from reportgen.datasets.local import Content, decode, most_bytes
from reportgen.datasets.patience import Patience
from reportgen.datasets.readers import ReadFault
from reportgen.datasets.registry import IDX_FILES, PARTS, Mirror, Source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_CHUNK = 8192
_REPORT_SECONDS = 2.0


class Unreachable(Exception):
    """A mirror does not give a file; `dead` where it need not be asked for another."""

    def __init__(self, message: str, *, dead: bool) -> None:
        super().__init__(message)
        self.dead = dead


def fetch(
    source: Source,
    mirrors: Sequence[Mirror],
    patience: Patience,
    say: Callable[[str], None],
    reasons: list[str],
) -> Content | None:
    """Fetch, decode and check all files of a data set.

    Parameters
    ----------
    source : Source
    mirrors : sequence of Mirror
        Tried in this order.
    patience : Patience
        How much silence is left to bear; is spent.
    say : callable
        Is told about progress and about every file that a mirror did not give.
    reasons : list of str
        Gets one sentence for each such file.

    Returns
    -------
    content : Content or None
        Without stamps; None where not all files could be had.
    """
    arrays: dict[str, NDArray[np.uint8]] = {}
    files: dict[str, tuple[str, int, str]] = {}
    for place, mirror in enumerate(mirrors):
        allowed = patience.share(len(mirrors) - place)
        if allowed <= 0:
            reasons.append(f"{mirror.base}: not asked, the network is silent")
            say(reasons[-1])
            continue
        for name, parts in _wanted(mirror, arrays):
            try:
                content = _download(mirror.base + name, most_bytes(source, parts), allowed, patience, say)
                arrays |= decode(source, parts, content)
            except (Unreachable, ReadFault) as fault:
                reasons.append(f"{mirror.base}{name}: {fault}")
                say(reasons[-1])
                if isinstance(fault, Unreachable) and fault.dead:
                    break
                continue
            fact = (name, len(content), hashlib.sha256(content).hexdigest())
            files |= dict.fromkeys(parts, fact)
        if len(arrays) == len(PARTS):
            unique = dict.fromkeys(files[part] for part in PARTS)
            return Content(arrays, (), tuple(unique))
    return None


def _wanted(mirror: Mirror, have: dict[str, NDArray[np.uint8]]) -> list[tuple[str, tuple[str, ...]]]:
    """Files to ask a mirror for, each with the parts it holds; small ones first."""
    if mirror.npz:
        return [(mirror.npz, PARTS)]
    missing = [part for part in ("y_test", "y_train", "x_test", "x_train") if part not in have]
    return [(f"{IDX_FILES[part]}.gz", (part,)) for part in missing]


def _download(
    address: str, most: int, allowed: float, patience: Patience, say: Callable[[str], None]
) -> bytes:
    """Fetch one file of at most `most` bytes; silence of `allowed` seconds ends the attempt."""
    import pooch

    headers = {"Accept-Encoding": "identity", "User-Agent": "reportgen"}
    sink = _Sink(most)
    get = pooch.HTTPDownloader(progressbar=sink, chunk_size=_CHUNK, timeout=allowed, headers=headers)
    failure: list[BaseException] = []
    done = threading.Event()

    def work() -> None:
        try:
            get(address, sink, None)
        except BaseException as error:  # the waiting thread raises what is meant for it
            failure.append(error)
        finally:
            done.set()

    say(f"fetching {address}")
    threading.Thread(target=work, name=f"fetch {address}", daemon=True).start()
    try:
        _wait(done, sink, allowed, say, address)
    finally:
        sink.given_up = True
        if failure or not done.is_set():
            patience.spend(time.monotonic() - sink.last)
    if failure:
        raise _reason(failure[0], sink, allowed) from failure[0]
    patience.restore()
    return bytes(sink.content)


def _reason(error: BaseException, sink: _Sink, allowed: float) -> BaseException:
    """What a failed transfer means for the mirror; an error that is our own stays as it is."""
    import requests

    if isinstance(error, requests.HTTPError):
        status = error.response.status_code if error.response is not None else "unknown"
        return Unreachable(f"HTTP status {status}", dead=False)
    if isinstance(error, requests.Timeout):
        return Unreachable(f"silent for {allowed:.1f} s", dead=True)
    if isinstance(error, (requests.RequestException, OSError)):
        return Unreachable("broke off" if sink.content else "the connection failed", dead=True)
    return error


def _wait(
    done: threading.Event, sink: _Sink, allowed: float, say: Callable[[str], None], address: str
) -> None:
    """Wait for the end of a transfer, reporting on it; raise `Unreachable` when nothing comes."""
    reported = time.monotonic()
    while not done.wait(max(0.0, min(sink.last + allowed - time.monotonic(), _REPORT_SECONDS))):
        now = time.monotonic()
        if now - sink.last >= allowed:
            raise Unreachable(f"silent for {allowed:.1f} s", dead=True)
        if now - reported >= _REPORT_SECONDS:
            reported = now
            say(f"  {address.rpartition('/')[2]}: {sink.progress}")


class _Sink:
    """Takes what a transfer brings: both the file and the progress bar that pooch writes to."""

    def __init__(self, most: int) -> None:
        self.content = bytearray()
        self.most = most
        self.total = 0
        self.last = time.monotonic()
        self.given_up = False

    @property
    def progress(self) -> str:
        """How much is there, for people."""
        megabytes = f"{len(self.content) / 1e6:.1f}"
        return f"{megabytes} of {self.total / 1e6:.1f} MB" if self.total else f"{megabytes} MB"

    def write(self, chunk: bytes) -> None:
        """Take some bytes, unless nobody waits for them or they are too many."""
        if self.given_up:
            raise Unreachable("given up", dead=True)
        self.last = time.monotonic()
        self.content += chunk
        if max(len(self.content), self.total) > self.most:
            found = max(len(self.content), self.total)
            raise ReadFault(
                "file-too-large", f"expected at most {self.most:,} bytes, found {found:,} or more"
            )

    def flush(self) -> None:
        """Pooch flushes a file; here there is nothing to flush."""

    def update(self, _: int) -> None:
        """Pooch moves its progress bar; `write` has counted already."""

    def reset(self) -> None:
        """Pooch sets its progress bar back at the end."""

    def close(self) -> None:
        """Pooch closes its progress bar."""
