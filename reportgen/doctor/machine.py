"""Processors, memory and disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.doctor.finding import Finding, found

FREE_DISK = 2 << 30
"""Bytes that stored runs and decoded data of a coursework stay below."""
FREE_TEMPORARY = 200 << 20
TEMPORARY = "TMPDIR"
"""What moves the folder for temporary files."""

RUN_MEMORY = 1 << 30
"""Bytes that one run of the larger networks needs, with the libraries."""

_CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Place:
    """A folder that a build writes to.

    Parameters
    ----------
    options : tuple of str
        What moves it elsewhere.
    folder : Path
        It, or the nearest folder above it that exists.
    free : int
        Bytes.
    needed : int
        Bytes.
    fault : str
        Why nothing can be written there; empty where it can.
    """

    options: tuple[str, ...]
    folder: Path
    free: int
    needed: int
    fault: str = ""


def cores_here() -> int:
    """Cores that this process may use."""
    from reportgen.execution.engines.local import cores

    return cores()


def gpu(env: Mapping[str, str]) -> bool:
    """Whether there is a GPU that builds would use."""
    return shutil.which("nvidia-smi", path=env.get("PATH")) is not None


def processors(cores: int, threads: int, gpu: bool) -> Finding:
    """How many runs go at once.

    Parameters
    ----------
    cores : int
    threads : int
        Of each run, as the coursework has it.
    gpu : bool
    """
    jobs = 1 if gpu else cores
    at_once = (
        f"{jobs} run{'s' if jobs > 1 else ''} at once, {threads} thread{'s' if threads > 1 else ''} each"
    )
    text = f"{cores} core{'s' if cores > 1 else ''}{' and a GPU' if gpu else ''}: {at_once}"
    crowded = jobs * threads > max(cores, 1) and not gpu
    return Finding(True, text, f"build with --jobs {max(1, cores // threads)}" if crowded else "")


def free_memory(cgroup: Path = _CGROUP) -> int:
    """Bytes of memory that are free, within what a container may use."""
    import psutil

    free = int(psutil.virtual_memory().available)
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        try:
            free = min(free, int((cgroup / limit).read_text()) - int((cgroup / used).read_text()))
        except (OSError, ValueError):  # no such group, or "max"
            continue
    return max(free, 0)


def memory(free: int, jobs: int) -> Finding:
    """Whether as many runs as there are cores fit into the memory.

    Parameters
    ----------
    free : int
        Bytes.
    jobs : int
        Runs at once.
    """
    text = f"{free / 1e9:.1f} GB of memory free"
    if free < RUN_MEMORY:
        return Finding(False, f"{text}: one run needs about 1 GB", "close other programs, then try again")
    fitting = free // RUN_MEMORY
    if fitting < jobs:
        return Finding(
            True, f"{text}: enough for {fitting} of {jobs} runs at once", f"build with --jobs {fitting}"
        )
    return Finding(True, text)


def look_at(places: Mapping[str, Path]) -> list[Place]:
    """Measure folders, by the option that moves them, and try to write to each."""
    found: dict[Path, list[str]] = {}
    for option, path in places.items():
        found.setdefault(next((each for each in (path, *path.parents) if each.exists()), path), []).append(
            option
        )
    return [_place(folder, tuple(options)) for folder, options in found.items()]


def _place(folder: Path, options: tuple[str, ...]) -> Place:
    needed = FREE_TEMPORARY if options == (TEMPORARY,) else FREE_DISK
    try:
        free = shutil.disk_usage(folder).free
        if not folder.is_dir():
            return Place(options, folder, free, needed, "is a file, not a folder")
        if not os.access(folder, os.W_OK | os.X_OK):
            return Place(options, folder, free, needed, "cannot be written")
        with tempfile.TemporaryFile(dir=folder) as stream:
            stream.write(b"x")
    except OSError as error:
        return Place(options, folder, 0, needed, f"cannot be written: {error.strerror or error}")
    return Place(options, folder, free, needed)


def places(looked: Iterable[Place]) -> Iterator[Finding]:
    """Whether what a build writes finds room.

    Parameters
    ----------
    looked : iterable of Place
    """
    for place in looked:
        move = f"let {' and '.join(place.options)} name a folder"
        if place.fault:
            yield Finding(False, f"{place.folder} {place.fault}", f"{move} that is yours")
        else:
            room = "" if place.free > place.needed else f", {place.needed / 1e9:.1f} GB are needed"
            text = f"{place.folder}: {place.free / 1e9:.1f} GB of disk free{room}"
            yield found(not room, text, f"free some space, or {move} on another disk")
