"""Results that are kept although their key is not the one a row asks for: by a decision, which is noted."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reportgen.errors import StorageError
from reportgen.store.key import changes
from reportgen.store.objects import Header, Store
from reportgen.whole import write_whole

NEVER = ("parameters", "seed", "data", "quick", "schema", "split_seed", "warm_start", "weights")
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


@dataclass(frozen=True)
class Candidate:
    """A run of the store that could stand for another one.

    Parameters
    ----------
    header : Header
    differences : tuple of str
        As in `Accepted`.
    """

    header: Header
    differences: tuple[str, ...]

    @property
    def key(self) -> str:
        """Of the object."""
        return self.header.key

    @property
    def owner(self) -> str:
        """Whose it is; empty for one's own."""
        return owner_of(self.header)

    @property
    def parts(self) -> frozenset[str]:
        """Names of the parts of the key that differ."""
        return frozenset(difference.partition(" ")[0] for difference in self.differences)


def owner_of(header: Header) -> str:
    """The owner that an object names; empty for one's own."""
    said = header.made.get("owner")
    return said if isinstance(said, str) else ""


def candidates(
    headers: Iterable[Header], parts: Mapping[str, Any], rows: Collection[str] | None = None
) -> tuple[Candidate, ...]:
    """The objects that could stand for a run, those with the fewest differences first.

    Parameters
    ----------
    headers : iterable of Header
        Of the objects in question.
    parts : mapping
        The parts of the key that is wanted; see `NEVER` for what must not differ.
    rows : collection of str, optional
        Ids of the rows that want it. Where given, a run with other code counts only if it was made for
        one of them: the same settings in another notebook are another experiment.
    """
    found = []
    for header in headers:
        if never(header, parts):
            continue
        same_code = header.parts.get("code") == parts.get("code")
        if rows is None or same_code or header.made.get("row") in rows:
            found.append(Candidate(header, changes(header.parts, parts)))
    return tuple(sorted(found, key=lambda each: (len(each.differences), each.key)))


def never(header: Header, parts: Mapping[str, Any]) -> tuple[str, ...]:
    """What makes a run another experiment than the one wanted, such as ``parameters.epochs 50 -> 60``."""
    theirs = {name: header.parts.get(name) for name in NEVER}
    return changes(theirs, {name: parts.get(name) for name in NEVER})


def accept(store: Store, wanted: str, header: Header, differences: tuple[str, ...]) -> Accepted:
    """Note that an object stands for a run, and return the note.

    Raises
    ------
    StorageError
        The store cannot be written.
    """
    made = Accepted(wanted, header.key, differences, owner_of(header))
    path = _path(store, wanted)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(path, error.strerror or str(error)) from error
    write_whole(path, (json.dumps(asdict(made), indent=1, sort_keys=True) + "\n").encode(), lasting=True)
    return made


def accepted(store: Store, wanted: str) -> Accepted | None:
    """The note of a run, where there is one and its object is still in the store."""
    try:
        facts = json.loads(_path(store, wanted).read_text(encoding="utf-8"))
        made = Accepted(wanted, facts["key"], tuple(map(str, facts["differences"])), str(facts["owner"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return made if isinstance(made.key, str) and store.header(made.key) is not None else None


def undo(store: Store, wanted: str) -> bool:
    """Forget the note of a run; False where there is none.

    Raises
    ------
    StorageError
        The store cannot be written.
    """
    try:
        _path(store, wanted).unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StorageError(store.root, error.strerror or str(error)) from error
    return True


def _path(store: Store, wanted: str) -> Path:
    return store.root / "accepted" / f"{wanted}.json"
