"""Taking finished runs from elsewhere: a team mate's store, a CI machine's, a notebook run alone.

What comes is bytes from a stranger: it is read, checked and copied; nothing of it is run or unpickled.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, Literal

from reportgen.recordfile import MODEL_FILE
from reportgen.store.foreign import check_key, check_notebook, check_record, other_version
from reportgen.store.header import (
    HEADER_VERSION,
    Damaged,
    Header,
    OtherVersion,
    header_from,
    verified_bytes,
)
from reportgen.store.mistyped import UNFIT
from reportgen.store.objects import Store
from reportgen.store.sources import HEADER, Refused, Seen, opened

FILES = ("record.json", "arrays.npz", "notebook.ipynb", "log.txt")
"""What is taken of an object; one with anything else is refused whole.

A trained model is left behind: loading one can run what its maker wrote into it, and no check of ours
could tell. A row that keeps its model makes its own.
"""

NEEDED = ("record.json", "arrays.npz")
MOST_BYTES = 1 << 30
MOST_HEADER = 1 << 20
MOST_NAME = 60
"""Letters of the name of an owner."""

_SAYS_NOTHING = re.compile(
    r"(reportgen[-_]?)?(record|runs?|store|objects|artifacts?|downloads?|output|results?|tmp|temp)?"
    r"( ?\(\d+\)|[-_]?\d+)?|\.reportgen",
    re.IGNORECASE,
)
"""Names of folders that tell nobody whose they are."""


@dataclass(frozen=True)
class Merged:
    """What became of one object.

    Parameters
    ----------
    place : str
        Where it lies, or lay in an archive.
    key : str
    row : str
        Id of the row it was made for, as its maker says.
    what : str
        ``taken``, ``there`` (the store has this run, and its own stays) or ``refused``.
    owner : str
        Whose it now is in the store; empty for one's own and for what was refused.
    code, reason, remedy : str
        Of a refusal: the kind of it, why, and what to do.
    """

    place: str
    key: str
    row: str
    what: Literal["taken", "there", "refused"]
    owner: str = ""
    code: str = ""
    reason: str = ""
    remedy: str = ""


def merge(store: Store, source: Path, owner: str, *, always: bool = False) -> Iterator[Merged]:
    """Take every whole run of a folder or a ZIP archive into a store, one after the other.

    Each is written complete and renamed into place, so that a merge may be stopped at any time and
    done again, and two may go on at once.

    Parameters
    ----------
    store : Store
    source : Path
        A store, a ZIP archive, or any folder that holds one: a project, an unpacked artifact.
    owner : str
        Whose the runs are that name no owner themselves; kept with each.
    always : bool
        Whether all runs are that owner's, whatever they say.

    Raises
    ------
    Refused
        The folder or archive as a whole is none that can be read.
    StorageError
        The store cannot be written.
    """
    with opened(source) as found:
        for seen in found:
            yield _merged(store, seen, owner, always)


def known_as(source: Path, home: Path | None = None) -> str:
    """Return a name for the owner of what lies in a folder or archive: the nearest name that says something.

    Empty where no name does. The folder `home` and those above it say whose this machine is, and not whose
    the runs are.
    """
    place = source.absolute()
    above = takewhile(lambda each: each != home and each.parent != each, place.parents)
    names = [place.stem if place.suffix.lower() == ".zip" else place.name, *(each.name for each in above)]
    said = next((name for name in names if not _SAYS_NOTHING.fullmatch(name.strip())), "")
    return owner_name(said)


def owner_name(text: str) -> str:
    """Return the name of an owner as it is kept: on one line, no control characters, not too long."""
    return " ".join(UNFIT.sub("", text).split())[:MOST_NAME].strip()


def _merged(store: Store, seen: Seen, owner: str, always: bool) -> Merged:
    key, row = seen.key, "?"
    try:
        header = _header(seen)
        row = _row(header)
        with store.lock(key, _Patience()):
            # Read, not only looked at: a damaged one of ours is mended by theirs.
            mine = store.header(key)
            if mine is not None and store.files(key) is not None and store.record(key) is not None:
                return Merged(seen.place, key, row, "there", str(mine.made.get("owner", "")))
            files = _checked(seen, header)
            made = _made(header)
            whose = owner if always else owner_name(str(made.pop("owner", ""))) or owner
            store.put(key, header.parts, {**made, "owner": whose}, files)
    except Refused as why:
        return Merged(seen.place, key, row, "refused", "", why.code, why.reason, why.remedy or _ANOTHER)
    return Merged(seen.place, key, row, "taken", whose)


class _Patience:
    """Ends the wait for the lock of a run that is being made: what is whole may lie beside it."""

    def __init__(self) -> None:
        self._asked = 0

    def __call__(self) -> bool:
        self._asked += 1
        return self._asked > 1


def _header(seen: Seen) -> Header:
    if not seen.named:
        raise Refused("wrong-key", "its folder does not have the name of a run", "take the store as it is")
    try:
        return header_from(_read(seen, HEADER, MOST_HEADER), seen.key)
    except OtherVersion as other:
        raise other_version(f"store format {other}", f"store format {HEADER_VERSION}") from None
    except (Damaged, RecursionError) as fault:
        raise Refused("damaged-run", str(fault) or "the header cannot be read", _AGAIN) from None


_ANOTHER = "it stays out; let its maker build the row again and send the store that comes of it"
_AGAIN = "copy it again, or let its maker run `reportgen store verify`"


def _read(seen: Seen, name: str, most: int) -> bytes:
    try:
        return seen.read(name, most)
    except OSError as error:
        raise Refused("damaged-run", f"{name}: {error.strerror or error}", _AGAIN) from None


def _row(header: Header) -> str:
    row = header.made.get("row") if isinstance(header.made, dict) else None
    return UNFIT.sub("?", row)[:64] if isinstance(row, str) and row else "?"


def _made(header: Header) -> dict[str, Any]:
    """What the maker says of the run, as far as it is what it should be."""
    said: Mapping[str, Any] = header.made if isinstance(header.made, dict) else {}
    kept: dict[str, Any] = {"row": _row(header)}
    seconds, epochs = said.get("seconds"), said.get("epochs")
    if isinstance(seconds, (int, float)) and math.isfinite(seconds) and 0 <= seconds < 1e8:
        kept["seconds"] = seconds
    if type(epochs) is int and 0 < epochs < 1 << 31:
        kept["epochs"] = epochs
    for name in ("started", "owner"):
        if isinstance(said.get(name), str) and len(said[name]) <= MOST_NAME:
            kept[name] = UNFIT.sub("", said[name])
    return kept


def _checked(seen: Seen, header: Header) -> dict[str, bytes]:
    """The files of an object, or `Refused` with what is wrong."""
    check_key(header)
    strange = sorted({*header.files, *seen.names} - {*FILES, HEADER, MODEL_FILE})
    if strange:
        raise Refused(
            "unknown-file", f"it holds {UNFIT.sub('?', strange[0])[:80]}, which is no part of a run"
        )
    missing = [name for name in NEEDED if name not in header.files]
    if missing:
        raise Refused("damaged-run", f"{missing[0]} is missing", _AGAIN)
    if seen.links:
        raise Refused("link", f"{seen.links[0]} is a link or no ordinary file")
    if not all(type(size) is int and size >= 0 for size, _ in header.files.values()):
        raise Refused("damaged-run", "the header cannot be read", _AGAIN)
    if header.size > MOST_BYTES:
        raise Refused("too-large", "it is larger than any run")
    files = {name: _verified(seen, header, name) for name in header.files if name in FILES}
    check_record(files, header)
    if "notebook.ipynb" in files:
        check_notebook(files["notebook.ipynb"], header)
    return files


def _verified(seen: Seen, header: Header, name: str) -> bytes:
    if name not in seen.names:
        raise Refused("damaged-run", f"{name} is missing", _AGAIN)
    try:
        return verified_bytes(header, name, _read(seen, name, header.files[name][0] + 1))
    except Damaged as fault:
        raise Refused("damaged-run", str(fault), _AGAIN) from None
