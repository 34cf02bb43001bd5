"""Results that are kept although their key is not the one a row asks for: by a decision, which is noted."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reportgen.errors import StorageError
from reportgen.store.key import changes
from reportgen.store.objects import Header, Store

NEVER = ("parameters", "seed", "data", "quick", "schema")
"""Parts of a key that make another experiment: a result that differs in one of them is not accepted."""


@dataclass(frozen=True)
class Accepted:
    """A decision.

    Parameters
    ----------
    wanted : str
        The key that a row asks for.
    key : str
        Of the object that stands for it.
    differences : tuple of str
        Such as ``versions.python "3.12" -> "3.11"``: theirs, then what this installation would use.
    owner : str
        Whose run it is; empty for one's own.
    """

    wanted: str
    key: str
    differences: tuple[str, ...]
    owner: str = ""


def candidates(store: Store, parts: Mapping[str, Any]) -> tuple[tuple[Header, tuple[str, ...]], ...]:
    """The objects that could stand for a run, those with the fewest differences first.

    Parameters
    ----------
    store : Store
    parts : mapping
        The parts of the key that is wanted.

    Returns
    -------
    tuple of (Header, tuple of str)
        Each with what differs; see `NEVER` for what must not.
    """
    found = []
    for header in store.headers():
        if all(header.parts.get(name) == parts.get(name) for name in NEVER):
            found.append((header, changes(header.parts, parts)))
    return tuple(sorted(found, key=lambda pair: (len(pair[1]), pair[0].key)))


def accept(store: Store, wanted: str, header: Header, differences: tuple[str, ...]) -> Accepted:
    """Note that an object stands for a run, and return the note.

    Raises
    ------
    StorageError
        The store cannot be written.
    """
    made = Accepted(wanted, header.key, differences, str(header.made.get("owner", "")))
    path = _path(store, wanted)
    temporary = path.with_name(f".{wanted}.{uuid.uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(asdict(made), indent=1, sort_keys=True) + "\n", encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise StorageError(path, error.strerror or str(error)) from error
    return made


def accepted(store: Store, wanted: str) -> Accepted | None:
    """The note of a run, where there is one and its object is still in the store."""
    try:
        facts = json.loads(_path(store, wanted).read_text(encoding="utf-8"))
        made = Accepted(wanted, facts["key"], tuple(map(str, facts["differences"])), str(facts["owner"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return made if isinstance(made.key, str) and store.header(made.key) is not None else None


def _path(store: Store, wanted: str) -> Path:
    return store.root / "accepted" / f"{wanted}.json"
