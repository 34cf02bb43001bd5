"""Where runs from elsewhere lie: folders and ZIP archives, read with bounds; nothing is unpacked."""

from __future__ import annotations

import contextlib
import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

HEADER = "header.json"
RECORD = "record.json"

MOST_FOLDERS = 200_000
"""Folders that are looked into below one that was named, and members of an archive."""

MOST_DIRECTORY = 64 << 20
"""Bytes of an archive's list of members: a longer one is no archive of runs."""

_DEEPEST = 40
"""Folders within folders, in an archive."""

_KEY = re.compile(r"[0-9a-f]{64}")
_JUNK = re.compile(r"\.DS_Store|\._.*|Thumbs\.db|desktop\.ini")
"""What systems leave in every folder: never read, never copied."""

_ASIDE = ("new", "corrupt")
"""Folders of a store that hold what is not, or no longer, an object."""

_ELSEWHERE = frozenset({".git", ".venv", "venv", "node_modules", "__pycache__", "__MACOSX"})
"""Folders that hold no store and may hold very much else."""


class Refused(Exception):
    """Something from elsewhere is not taken.

    Parameters
    ----------
    code : str
        Short kebab-case name of the reason.
    reason : str
        One sentence without its full stop.
    remedy : str
        What to do about it, or empty.
    """

    def __init__(self, code: str, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.code, self.reason, self.remedy = code, reason, remedy


@dataclass(frozen=True)
class Seen:
    """Something that looks like an object.

    Parameters
    ----------
    place : str
        Where it is, to be told.
    key : str
        The name of its folder, which should be its key.
    names : tuple of str
        Of everything in it, but what systems leave behind.
    links : tuple of str
        Those that are no ordinary files.
    read : callable
        Gives at most so many bytes of a file by its name; raises OSError.
    """

    place: str
    key: str
    names: tuple[str, ...]
    links: tuple[str, ...]
    read: Callable[[str, int], bytes]

    @property
    def named(self) -> bool:
        """Whether the folder's name can be a key."""
        return _KEY.fullmatch(self.key) is not None


@contextlib.contextmanager
def opened(source: Path) -> Iterator[tuple[Seen, ...]]:
    """Give what looks like objects in a folder or a ZIP archive, in the order of their places.

    Raises
    ------
    Refused
        It is neither, it cannot be read, it is too large, or a name in it leads out of it.
    """
    try:
        if source.is_dir():
            yield tuple(_in_folder(source))
            return
        with _archive(source) as archive:
            yield tuple(_in_archive(archive, source))
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise Refused(
            "not-an-archive", f"this is no folder and no whole ZIP archive ({error})", _WHAT
        ) from None
    except OSError as error:
        raise Refused("unreadable", f"it cannot be read: {error.strerror or error}") from None


_WHAT = "name a project's folder, a store, a reportgen-record folder, or a ZIP archive of one"


def archives_in(folder: Path) -> tuple[str, ...]:
    """Names of the ZIP archives that lie in a folder: perhaps one of them was meant."""
    try:
        return tuple(sorted(path.name for path in folder.iterdir() if path.suffix.lower() == ".zip"))
    except OSError:
        return ()


def _in_folder(folder: Path) -> Iterator[Seen]:
    """The folders below one that look like objects; links are not followed."""
    for looked, (place, folders, files) in enumerate(os.walk(folder, followlinks=False), 1):
        if looked > MOST_FOLDERS:
            raise Refused("too-large", f"more than {MOST_FOLDERS:,} folders are below it", "name the store")
        aside = _ASIDE if "objects" in folders else ()
        folders[:] = sorted(set(folders) - _ELSEWHERE - set(aside))
        if HEADER in files and (RECORD in files or _KEY.fullmatch(Path(place).name)):
            names = tuple(sorted(name for name in (*files, *folders) if not _JUNK.fullmatch(name)))
            folders.clear()
            yield _seen_folder(Path(place), names)


def _seen_folder(folder: Path, names: tuple[str, ...]) -> Seen:
    links = tuple(name for name in names if not stat.S_ISREG((folder / name).lstat().st_mode))

    def read(name: str, most: int) -> bytes:
        # A pipe put in the place of a file must not make us wait, nor a link lead elsewhere.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        handle = os.open(folder / name, flags | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise OSError(f"{name} is no ordinary file")
            return file.read(most)

    return Seen(str(folder), folder.name, names, links, read)


class _Bounded(io.FileIO):
    """A file of which nothing very long is read at once: an archive's list of members is."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = os.fstat(self.fileno()).st_size - self.tell()
        if size > MOST_DIRECTORY:
            raise Refused("too-large", "its list of members is longer than that of any archive of runs")
        return super().read(max(size, 0)) or b""


@contextlib.contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    if not stat.S_ISREG(path.stat().st_mode):
        raise Refused("not-an-archive", "this is no folder and no file", _WHAT)
    with _Bounded(path) as file, zipfile.ZipFile(file) as archive:
        yield archive


def _in_archive(archive: zipfile.ZipFile, path: Path) -> Iterator[Seen]:
    """The folders of an archive that look like objects."""
    members = archive.infolist()
    if len(members) > MOST_FOLDERS:
        raise Refused("too-large", f"it has more than {MOST_FOLDERS:,} members", "name the store's own")
    folders: dict[PurePosixPath, dict[str, zipfile.ZipInfo | None]] = {}
    for member in members:
        place = _safe(member)
        if set(place.parts) & _ELSEWHERE or member.is_dir():
            continue
        if place.name in folders.setdefault(place.parent, {}):
            raise Refused("unsafe-archive", f"it holds {member.filename} twice")
        folders[place.parent][place.name] = member
        for folder in place.parents[:-1]:
            folders.setdefault(folder.parent, {}).setdefault(folder.name, None)
    for folder, files in sorted(folders.items()):
        if folder.parent.name in _ASIDE or files.get(HEADER) is None:
            continue
        if RECORD in files or _KEY.fullmatch(folder.name):
            yield _seen_member(archive, f"{path}:{folder}", folder.name, files)


def _safe(member: zipfile.ZipInfo) -> PurePosixPath:
    """The place of a member; a name that leads out of the archive condemns all of it."""
    name = member.orig_filename
    place = PurePosixPath(name)
    leads_out = place.is_absolute() or ".." in place.parts or re.search(r"[\\\x00-\x1f:]", name)
    if leads_out or not 0 < len(place.parts) <= _DEEPEST:
        raise Refused("unsafe-archive", f"a name in it leads elsewhere: {name!r}", "take it from its maker")
    return place


def _seen_member(
    archive: zipfile.ZipFile, place: str, key: str, files: Mapping[str, zipfile.ZipInfo | None]
) -> Seen:
    names = tuple(sorted(name for name in files if not _JUNK.fullmatch(name)))
    links = tuple(name for name in names if not _ordinary(files[name]))

    def read(name: str, most: int) -> bytes:
        member = files[name]
        if member is None or member.flag_bits & 1:
            raise OSError(f"{name} is a folder or encrypted")
        try:
            with archive.open(member) as file:
                return file.read(most)  # unpacks no more than is asked for
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise OSError(f"{name} cannot be unpacked: {error}") from None

    return Seen(place, key, names, links, read)


def _ordinary(member: zipfile.ZipInfo | None) -> bool:
    """Whether a member is a file: neither a folder nor a link."""
    return member is not None and not stat.S_ISLNK(member.external_attr >> 16)
