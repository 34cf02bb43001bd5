"""Objects: one folder per run, written complete, renamed into place, verified when read.

::

    objects/ab/ab12.../header.json     key, its parts, size and SHA-256 of every file
                      record.json, arrays.npz, notebook.ipynb, log.txt,
                      model.keras where the row keeps it
    corrupt/                           what failed its check, kept to look at
    accepted/                          one note per run that another one stands for
    locks/                             one file per run being made, locked by the system
    new/                               objects being written

A lock only saves work; that an object is whole is proved by its checksums.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from reportgen.errors import StorageError
from reportgen.recordfile import MODEL_FILE, OtherSchema, RecordError, from_files
from reportgen.records import Record
from reportgen.store.header import Damaged, Header, OtherVersion, header_bytes, read_header, verified

__all__ = ["DAY", "RECORD_FILES", "Damaged", "Header", "OtherVersion", "Store"]

RECORD_FILES = ("record.json", "arrays.npz")
DAY = 86_400.0


class Store:
    """The objects under one folder.

    Parameters
    ----------
    root : Path
        Made when first written to.
    warn : callable
        Told, in one sentence, of every damaged object.
    """

    def __init__(self, root: Path, warn: Callable[[str], None]) -> None:
        self.root = root.absolute()
        self.warn = warn

    def header(self, key: str) -> Header | None:
        """The header of an object, or None where there is none or it is damaged."""
        folder = self._folder(key)
        try:
            return read_header(folder, key)
        except (FileNotFoundError, NotADirectoryError, OtherVersion):
            return None
        except (Damaged, OSError) as error:
            self._set_aside(folder, str(error))
            return None

    def told(self, key: str) -> Mapping[str, Any]:
        """What the record of an object says, unverified and for display only; nothing where it is not there.

        Unlike reading a result, it does not count as use.
        """
        with contextlib.suppress(OSError, ValueError):
            found = json.loads((self._folder(key) / "record.json").read_bytes())
            return found if isinstance(found, dict) else {}
        return {}

    def record(self, key: str) -> Record | None:
        """The record of an object, verified; None where missing, damaged or of another reportgen."""
        files = self.files(key, RECORD_FILES)
        if files is None:
            return None
        try:
            return from_files(files)
        except OtherSchema:
            return None  # whole, and nothing for this version: it stays for the one that wrote it
        except RecordError as error:
            self._set_aside(self._folder(key), str(error))
            return None

    def files(self, key: str, names: tuple[str, ...] | None = None) -> dict[str, bytes] | None:
        """The verified bytes of an object's files, all or those named; None where missing or damaged."""
        header = self.header(key)
        if header is None:
            return None
        folder = self._folder(key)
        try:
            content = {name: verified(folder, header, name) for name in names or tuple(header.files)}
        except (Damaged, OSError) as error:
            if self.header(key) != header:  # another process has just put a fuller one in its place
                return self.files(key, names)
            self._set_aside(folder, str(error))
            return None
        with contextlib.suppress(OSError):
            os.utime(folder)  # when it was last used; only gc asks
        return content

    def put(
        self, key: str, parts: Mapping[str, Any], made: Mapping[str, Any], files: Mapping[str, bytes]
    ) -> None:
        """Write an object; where a whole one is there already, that one stays, unless it lacks the model.

        Raises
        ------
        StorageError
            The disk is full, or the folder cannot be written. Nothing half-written is left in place.
        """
        new = self.root / "new" / f"{key[:16]}-{uuid.uuid4().hex}"
        try:
            new.mkdir(parents=True)
            for name, content in files.items():
                _write(new / name, content)
            _write(new / "header.json", header_bytes(key, parts, made, files))
            _sync_folder(new)
            self._into_place(new, key)
        except OSError as error:
            raise StorageError(self.root, f"{error.strerror or error} while keeping a run") from error
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def _into_place(self, new: Path, key: str) -> None:
        folder = self._folder(key)
        folder.parent.mkdir(parents=True, exist_ok=True)
        there, before = self.header(key), new.with_name(f"{new.name}-before")
        if there is not None:
            if MODEL_FILE in there.files or not (new / MODEL_FILE).exists():
                return
            folder.rename(before)
        try:
            new.rename(folder)
        except OSError:
            if there is not None:
                before.rename(folder)
            if self.header(key) is None:
                raise
        shutil.rmtree(before, ignore_errors=True)
        _sync_folder(folder.parent)

    def headers(self) -> Iterator[Header]:
        """Every object's header; damaged ones are set aside."""
        for folder in sorted((self.root / "objects").glob("??/*")):
            header = self.header(folder.name)
            if header is not None:
                yield header

    @contextlib.contextmanager
    def lock(self, key: str, stopped: Callable[[], bool]) -> Iterator[bool]:
        """Hold the lock of a run; gives False where `stopped` turned true while waiting.

        On a file system without locks it goes on without: two builds may then do the
        same work twice, never a bad object.
        """
        from filelock import FileLock, Timeout

        try:
            (self.root / "locks").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(self.root, error.strerror or str(error)) from error
        lock = FileLock(self.root / "locks" / f"{key}.lock")
        held = False
        while not held and not stopped():
            try:
                lock.acquire(timeout=0.5)
                held = True
            except Timeout:
                continue
            except (OSError, NotImplementedError):
                self.warn("this file system has no locks: two builds at once may do the same work twice")
                break
        try:
            yield not stopped()
        finally:
            if held:
                lock.release()

    def gc(self, keep: frozenset[str], now: float, dry: bool = False) -> tuple[Header, ...]:
        """Remove the objects that are not in `keep` and were not used for a day; return them."""
        from filelock import FileLock, Timeout

        removed = []
        for header in list(self.headers()):
            folder = self._folder(header.key)
            if header.key in keep or now - folder.stat().st_mtime < DAY:
                continue
            with contextlib.suppress(Timeout):
                (self.root / "locks").mkdir(exist_ok=True)
                with FileLock(self.root / "locks" / f"{header.key}.lock", timeout=0):
                    if now - folder.stat().st_mtime < DAY:
                        continue  # somebody has used it since
                    removed.append(header)
                    if not dry:
                        shutil.rmtree(folder)
        if not dry:
            self._sweep(now)
        return tuple(removed)

    def _sweep(self, now: float) -> None:
        """Remove what an interrupted write left behind a day ago or earlier."""
        left = (("new", "*"), ("locks", "*.lock"), ("accepted", ".*"))
        for path in [path for folder, names in left for path in (self.root / folder).glob(names)]:
            with contextlib.suppress(OSError):
                if now - path.stat().st_mtime > DAY:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()

    def verify(self) -> tuple[int, tuple[str, ...]]:
        """Read and check every object; return how many are whole, and the keys set aside.

        A record of another version of reportgen is whole where its checksums are right.
        """
        before = [folder.name for folder in (self.root / "objects").glob("??/*")]
        whole = [key for key in before if self.files(key) is not None and self._readable(key)]
        return len(whole), tuple(sorted(set(before) - set(whole)))

    def _readable(self, key: str) -> bool:
        return self.record(key) is not None or self.header(key) is not None  # what is damaged is gone by now

    def _folder(self, key: str) -> Path:
        return self.root / "objects" / key[:2] / key

    def _set_aside(self, folder: Path, reason: str) -> None:
        target = self.root / "corrupt" / f"{folder.name}-{uuid.uuid4().hex[:8]}"
        self.warn(f"the stored run {folder.name[:12]} is damaged ({reason}) and will be made again")
        with contextlib.suppress(OSError):
            target.parent.mkdir(parents=True, exist_ok=True)
            folder.rename(target)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o444)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
