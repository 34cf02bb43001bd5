"""Finding a data set of the user's own: read when it is new, trusted while its files stand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets import decoded, trust
from reportgen.datasets.dataset import Duplicates, Found, OwnFacts, Unlabelled
from reportgen.datasets.own.assemble import Assembled, Place, assemble, from_known
from reportgen.datasets.own.faults import Faults
from reportgen.datasets.own.items import Files
from reportgen.errors import InputError
from reportgen.experiments.own_data import OwnDataset

OWN_FORMAT = 2
"""Version of how own data are read; another one reads them anew."""

SOURCE = "own"
"""`Found.source` of data that the experiments file describes."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class OwnSets:
    """The tables `[dataset.NAME]` of an experiments file.

    Parameters
    ----------
    file : Path
        The experiments file as the user named it: the paths of the tables are relative to its folder.
    tables : mapping of str to OwnDataset
        By name.
    lines : mapping of str to int
        Line of each table in the file.
    """

    file: Path
    tables: Mapping[str, OwnDataset]
    lines: Mapping[str, int] = field(default_factory=dict)

    def needs(self, name: str) -> str:
        """The known data set that one of these is made of; else the name itself."""
        table = self.tables.get(name)
        return name if table is None or table.from_ is None else table.from_


def find_own(
    name: str,
    own: OwnSets,
    *,
    known: Callable[[str], Found],
    cache: Path,
    say: Say,
    clock: Callable[[], int],
) -> Found:
    """Find a data set of the user's own and decode it into the cache.

    Parameters
    ----------
    name : str
        One of `own.tables`.
    own : OwnSets
    known : callable
        Finds a known data set by its name, for a table that has ``from``.
    cache : Path
    say : callable
        Is told what the user should know: duplicates among them.
    clock : callable
        Time in ns since the epoch, as the file system keeps it.

    Returns
    -------
    found : Found
        Where the known data set is stood in for by an embedded one, that one.

    Raises
    ------
    InputError
        With every fault of every file.
    EnvironmentFault
        The known data set cannot be had.
    StorageError
        The cache cannot be written.
    """
    table = own.tables[name]
    search = _Search(name, table, own, cache.absolute(), say, clock)
    if table.from_ is None:
        found = search.from_files()
    else:
        base = known(table.from_)
        if base.stand_in:
            return replace(base, requested=name)
        found = search.from_known(base)
    for warning in warnings(found):
        say(f"warning: {warning}")
    return found


@dataclass(frozen=True)
class _Search:
    name: str
    table: OwnDataset
    own: OwnSets
    cache: Path
    say: Say
    clock: Callable[[], int]

    def from_files(self) -> Found:
        from reportgen.datasets.own.parts import paths_of

        root = self.own.file.parent
        version = self.version()
        try:
            paths = paths_of(self.table, root)
        except OSError:
            paths = ()  # reading says what is wrong
        remembered = self.remembered(paths, version) if paths else None
        if remembered is not None:
            return remembered
        self.say(f"reading {self.name}: {', '.join(sorted({str(path) for path in self.named()}))}")
        began = self.clock()
        found, files = self.read(root)
        if set(files.stamps) == set(paths):
            self.note(paths, version, files, found, began)
        return found

    def place(self) -> Place:
        return Place(self.name, str(self.own.file), self.own.lines.get(self.name, 0))

    def named(self) -> Iterator[str]:
        for value in (self.table.train, self.table.test, self.table.unlabelled):
            if value is not None:
                yield str(self.own.file.parent / value)

    def read(self, root: Path) -> tuple[Found, Files]:
        from reportgen.datasets.own.parts import read_parts

        files, faults = Files(root), Faults()
        parts = read_parts(self.table, root, files, faults)
        made = assemble(self.place(), self.table, parts, faults)
        if made is None or faults.problems:
            raise InputError(faults.problems)
        return self.keep(made, tuple(files.facts)), files

    def from_known(self, base: Found) -> Found:
        version = f"{self.version()} {base.digest}"
        remembered = self.remembered((), version)
        if remembered is not None:
            return replace(remembered, files=base.files)
        faults = Faults()
        dataset = decoded.open_dataset(base.folder)
        made = from_known(self.place(), self.table, dataset, faults)
        if made is None:
            raise InputError(faults.problems)
        found = self.keep(made, base.files)
        self.note((), version, Files(), found, self.clock())
        return found

    def version(self) -> str:
        """Everything that the arrays depend on beside the bytes of the files."""
        about = self.table.model_dump(mode="json", by_alias=True, exclude={"title", "note"})
        pillow = metadata.version("pillow") if self.table.kind == "images" else ""
        return json.dumps([self.name, about, OWN_FORMAT, decoded.FORMAT, pillow], sort_keys=True)

    def keep(self, made: Assembled, files: tuple[tuple[str, int, str], ...]) -> Found:
        """Write what was read into the cache, unless it is there."""
        digest = decoded.digest_of(made.arrays, made.identity)
        folder = decoded.verified(self.cache, digest, self.name, self.say, self.clock)
        if folder is None:
            facts = self.facts(digest, files) | {
                "class_names": list(made.class_names),
                "identity": made.identity,
            }
            folder = decoded.write(self.cache, made.arrays, facts)
        aside = None if made.unlabelled is None else self.keep_unlabelled(made.unlabelled)
        return Found(self.name, self.name, SOURCE, digest, folder, files, made.facts, aside)

    def keep_unlabelled(self, images: NDArray[np.uint8]) -> Unlabelled:
        arrays = {decoded.UNLABELLED: images}
        digest = decoded.digest_of(arrays)
        folder = decoded.verified(self.cache, digest, self.name, self.say, self.clock)
        folder = folder or decoded.write(self.cache, arrays, self.facts(digest, ()))
        return self.unlabelled(folder, digest, len(images))

    def unlabelled(self, folder: Path, digest: str, items: int) -> Unlabelled:
        file = self.table.unlabelled or self.table.train or self.table.from_ or ""
        return Unlabelled(folder, digest, items, self.table.first_id, file)

    def facts(self, digest: str, files: tuple[tuple[str, int, str], ...]) -> dict[str, Any]:
        listed = [list(file) for file in files]
        return {"name": self.name, "class_names": [], "digest": digest, "source": SOURCE, "files": listed}

    def note(self, paths: tuple[Path, ...], version: str, files: Files, found: Found, began: int) -> None:
        facts = {
            "digest": found.digest,
            "files": [list(file) for file in found.files],
            "own": asdict(found.own) if found.own else {},
            "unlabelled": [found.unlabelled.digest, found.unlabelled.items] if found.unlabelled else None,
        }
        stamps = [files.stamps[path] for path in paths]
        trust.note(self.cache, paths, version, stamps, facts, began)

    def remembered(self, paths: tuple[Path, ...], version: str) -> Found | None:
        """What these files gave when they were read, if they are unchanged and the cache has it."""
        known = trust.recall(self.cache, paths, version)
        if known is None:
            return None
        folder = decoded.verified(self.cache, known["digest"], self.name, self.say, self.clock)
        if folder is None:
            return None
        aside = None
        if known["unlabelled"]:
            digest, items = known["unlabelled"]
            place = decoded.verified(self.cache, digest, self.name, self.say, self.clock)
            if place is None:
                return None
            aside = self.unlabelled(place, digest, items)
        files = tuple((str(name), int(size), str(sha)) for name, size, sha in known["files"])
        own = _facts(known["own"], self.name, self.table)
        return Found(self.name, self.name, SOURCE, known["digest"], folder, files, own, aside)


def _facts(known: Mapping[str, Any], name: str, table: OwnDataset) -> OwnFacts:
    """Facts as they were noted, with title and note as the table has them now."""
    duplicates = dict(known["duplicates"])
    duplicates["examples"] = tuple((str(one), str(other)) for one, other in duplicates["examples"])
    written = {"title": table.title or name, "note": table.note or ""}
    labels = tuple(map(str, known["labels"]))
    return OwnFacts(**{**known, **written, "duplicates": Duplicates(**duplicates), "labels": labels})


def warnings(found: Found) -> Iterator[str]:
    """What is not wrong with a data set of the user's own, but should be known."""
    if found.own is None:
        return
    same, name = found.own.duplicates, found.requested
    counted = (
        (same.between, "test image is in the training set too", "test images are in the training set too"),
        (same.within_train, "training image is a copy of another", "training images are copies of others"),
        (same.within_test, "test image is a copy of another", "test images are copies of others"),
        (
            same.unlabelled,
            "image to submit is in the training set",
            "images to submit are in the training set",
        ),
        (same.conflicting, "of the copies has another label", "of the copies have several labels"),
    )
    said = [f"{count:,} {one if count == 1 else many}" for count, one, many in counted if count]
    if said:
        example = f" (such as {same.examples[0][0]} and {same.examples[0][1]})" if same.examples else ""
        yield f"{name}: {', '.join(said)}{example}; nothing was removed"
