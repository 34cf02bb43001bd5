"""Taking finished runs from elsewhere: a team mate's store, a CI machine's, a notebook run alone.

What comes is bytes from a stranger: it is read, checked and copied; nothing of it is run or unpickled.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from reportgen.recordfile import RecordError, from_files
from reportgen.records import Record
from reportgen.store.key import run_key
from reportgen.store.objects import Damaged, Header, OtherVersion, Store, read_header, verified

FILES = ("record.json", "arrays.npz", "notebook.ipynb", "log.txt")
"""What an object may hold; one with anything else is refused whole."""

NEEDED = ("record.json", "arrays.npz")
MOST_BYTES = 1 << 30
MOST_FOLDERS = 200_000
"""Folders that are looked into below one that was named: it was not meant to be a whole disk."""


@dataclass(frozen=True)
class Merged:
    """What became of one object.

    Parameters
    ----------
    folder : Path
    key : str
    row : str
        Id of the row it was made for, as its maker says.
    what : str
        ``taken``, ``there`` (the store has this run, and its own stays) or ``refused``.
    reason : str
        Why it was refused.
    """

    folder: Path
    key: str
    row: str
    what: Literal["taken", "there", "refused"]
    reason: str = ""


def merge(store: Store, folder: Path, owner: str) -> tuple[Merged, ...]:
    """Take every run below a folder into a store.

    Parameters
    ----------
    store : Store
    folder : Path
        A store, or any folder that holds one: a project, an unpacked artifact.
    owner : str
        Whose the runs are; kept with each.

    Raises
    ------
    StorageError
        The store cannot be written.
    """
    return tuple(_merged(store, found, owner) for found in _objects(folder))


def _objects(folder: Path) -> Iterator[Path]:
    """The folders below one that look like objects, in order; links are not followed."""
    for looked, (place, folders, files) in enumerate(os.walk(folder, followlinks=False)):
        folders.sort()
        if "header.json" in files and len(Path(place).name) == 64:
            folders.clear()
            yield Path(place)
        if looked > MOST_FOLDERS:
            return


def _merged(store: Store, folder: Path, owner: str) -> Merged:
    key = folder.name
    try:
        header = read_header(folder, key)
        row = str(header.made.get("row", "?"))
        if store.header(key) is not None:
            return Merged(folder, key, row, "there")
        files = _checked(folder, header)
    except OtherVersion:
        return Merged(folder, key, "?", "refused", "it was written by another version of reportgen")
    except (Damaged, RecordError) as fault:
        return Merged(folder, key, "?", "refused", str(fault))
    except OSError as error:
        return Merged(folder, key, "?", "refused", error.strerror or str(error))
    store.put(key, header.parts, {**_made(header), "owner": owner}, files)
    return Merged(folder, key, row, "taken")


def _made(header: Header) -> Mapping[str, object]:
    """What the maker says of the run, as far as it is what it should be."""
    kinds: dict[str, Any] = {"row": str, "seconds": (int, float), "epochs": int, "started": str}
    return {
        name: header.made[name] for name, kind in kinds.items() if isinstance(header.made.get(name), kind)
    }


def _checked(folder: Path, header: Header) -> dict[str, bytes]:
    """The files of an object, or Damaged (RecordError) with what is wrong."""
    if run_key(header.parts) != header.key:
        raise Damaged("its key is not the one of its parts")
    strange = sorted({*header.files, *(path.name for path in folder.iterdir())} - {*FILES, "header.json"})
    if strange:
        raise Damaged(f"it holds {strange[0]}, which is no part of a run")
    missing = [name for name in NEEDED if name not in header.files]
    if missing:
        raise Damaged(f"{missing[0]} is missing")
    if sum(size for size, _ in header.files.values()) > MOST_BYTES:
        raise Damaged("it is larger than any run")
    if any((folder / name).is_symlink() for name in header.files):
        raise Damaged("it holds a link")
    files = {name: verified(folder, header, name) for name in header.files}
    _check_record(from_files(files), header)
    return files


def _check_record(record: Record, header: Header) -> None:
    """Refuse a record that is not of the run its key names."""
    parts = header.parts
    data = parts.get("data", {})
    same = {
        "parameters": dict(record.parameters) == dict(parts.get("parameters", {})) | {"seed": record.seed},
        "seed": record.seed == parts.get("seed"),
        "data": data.get(record.data.requested) == record.data.digest,
        "quick": record.data.quick == (parts.get("quick") is not None),
    }
    wrong = [name for name, fine in same.items() if not fine]
    if wrong:
        raise Damaged(f"its record is of another run: {', '.join(wrong)} differ")
