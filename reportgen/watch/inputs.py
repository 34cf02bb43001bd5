"""Which files a report is made from, and following them.

What counts is how these files stand: their names, sizes, times and inodes. The system's own messages of
changes (by watchfiles) only shorten the wait, for they are unknown on network drives, end with a folder
that is replaced, and may be limited in number.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.prose.images import targets
from reportgen.report.assets import built_in
from reportgen.workspace import Workspace

LOOK = 1_000
"""Milliseconds between two looks at the files where the system tells nothing."""
SETTLED = 50
"""Milliseconds without a further message after which the files are looked at: editors write in steps."""
AWAY = 0.4
"""Seconds for which a file may be away while an editor puts a new one in its place."""
_TEMPLATES = (".j2", ".html", ".css", ".js", ".svg", ".woff2")

Stand = tuple[int, int, int]
"""Size, time of change in nanoseconds, and inode of a file."""


@dataclass(frozen=True)
class Inputs:
    """The files that a report is made from.

    Parameters
    ----------
    files : frozenset of Path
        Named files, there or not.
    folders : mapping of Path to tuple of str
        Of each folder every file with one of these endings, the folders below it aside.
    """

    files: frozenset[Path]
    folders: Mapping[Path, tuple[str, ...]]

    @property
    def places(self) -> dict[Path, int]:
        """The folders that are there in which something may change, and their inodes."""
        around = {file.parent for file in self.files} | {file.resolve().parent for file in self.files}
        above = {folder.parent for folder in self.folders}
        stands = {place: _stand(place) for place in around | above | set(self.folders) if place.is_dir()}
        return {place: stand[2] for place, stand in stands.items() if stand is not None}

    def stand(self) -> dict[Path, Stand]:
        """How every file that is there stands."""
        found = {file: stand for file in self.files if (stand := _stand(file)) is not None}
        for folder, endings in self.folders.items():
            for name in _names(folder):
                path = folder / name
                if name.endswith(endings) and not name.startswith((".", "#", "~")):
                    stand = _stand(path)
                    if stand is not None:
                        found[path] = stand
        return found


def inputs_of(work: Workspace) -> Inputs:
    """Return the files that a report is made from, also while its experiments file is wrong or away."""
    try:
        text = work.file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        text = ""
    pictures = {work.root / target for target in targets(text)} if "![" in text else set()
    folders: dict[Path, tuple[str, ...]] = {
        work.notebooks: (".ipynb",),
        work.root / "notebooks": (".ipynb",),
        work.store / "accepted": (".json",),
    }
    if work.templates != built_in("templates"):
        below = [Path(place) for place, _, _ in os.walk(work.templates)]
        folders |= dict.fromkeys((work.templates, *below), _TEMPLATES)
    return Inputs(frozenset({work.file.absolute(), *pictures}), folders)


class Follower:
    """Follows the files that a report is made from.

    Parameters
    ----------
    inputs : callable
        Is asked for the files now, and again after every change.
    stop : threading.Event
        Ends `changes`.
    """

    def __init__(self, inputs: Callable[[], Inputs], stop: threading.Event) -> None:
        self._inputs, self._stop = inputs, stop
        self._watched = inputs()
        self._known = self._watched.stand()

    def changes(self) -> Iterator[str]:
        """Yield in words what changed since the last time, or since this object was made: nothing is lost."""
        while not self._stop.is_set():
            places = self._watched.places
            for _ in _stirrings(places, self._stop):
                now = _settled(self._watched, self._known, self._stop)
                if now != self._known:
                    changed = said(self._known, now)
                    self._watched = self._inputs()
                    # What changed again since `now` is told the next time.
                    self._known = self._watched.stand() | {
                        path: now[path] for path in self._watched.files & now.keys()
                    }
                    yield changed
                if self._watched.places != places:  # a folder came, went, or is another one now
                    break


def said(before: Mapping[Path, Stand], after: Mapping[Path, Stand]) -> str:
    """Name what is not as it was."""
    paths = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    gone = " is gone" if len(paths) == 1 and paths[0] not in after else " changed"
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return (paths[0].name + more if paths else "nothing") + gone


def _settled(watched: Inputs, known: Mapping[Path, Stand], stop: threading.Event) -> dict[Path, Stand]:
    """How the files stand; one that is gone or empty gets a moment to come back."""
    now = watched.stand()
    if any(path not in now or (not now[path][0] and known[path][0]) for path in known):
        stop.wait(AWAY)
        return watched.stand()
    return now


def _stirrings(places: Iterable[Path], stop: threading.Event) -> Iterator[None]:
    """Yield whenever something may have changed in these folders, and once in a while."""
    from watchfiles import watch

    try:
        for _ in watch(
            *sorted(places),
            watch_filter=None,
            step=SETTLED,
            stop_event=stop,
            rust_timeout=LOOK,
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=False,
            ignore_permission_denied=True,
        ):
            yield
    except (OSError, RuntimeError):  # too many watchers on this machine, or a folder that has just gone
        while not stop.wait(LOOK / 1_000):
            yield


def _stand(path: Path) -> Stand | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


def _names(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except OSError:
        return []
