"""Finding a data set: data folder, Keras's cache, our own cache, download, embedded stand-in.

A data set that the experiments file describes is found by `reportgen.datasets.own.find`.
"""

from __future__ import annotations

import difflib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from reportgen.datasets import decoded, embedded, local, trust
from reportgen.datasets.dataset import Found
from reportgen.datasets.lacking import no_folder, not_in_folder, unavailable
from reportgen.datasets.patience import Patience
from reportgen.datasets.readers import ReadFault, check_classes, check_labels
from reportgen.datasets.registry import DATASETS, PARTS, Mirror, Source
from reportgen.datasets.status import Status, available
from reportgen.errors import EnvironmentFault, InputError, Problem

if TYPE_CHECKING:
    from reportgen.datasets.own.find import OwnSets

__all__ = ["Patience", "Status", "available", "find"]

Say = Callable[[str], None]


def _silent(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class _Search:
    """What the steps of one search share."""

    source: Source
    cache: Path
    say: Say
    clock: Callable[[], int]


def find(
    name: str,
    *,
    data_dir: Path | None,
    keras_home: Path,
    cache: Path,
    when_unavailable: Literal["embedded", "error"],
    download: bool = True,
    say: Say = _silent,
    mirrors: tuple[Mirror, ...] | None = None,
    patience: Patience | None = None,
    datasets: Mapping[str, Source] = DATASETS,
    clock: Callable[[], int] = time.time_ns,
    own: OwnSets | None = None,
) -> Found:
    """Find a data set and decode it into the cache; a later call reads only stamps and notes.

    Parameters
    ----------
    name : str
        A key of `datasets`, or of the tables of `own`.
    data_dir : Path or None
        The user's folder of data files (``mnist/``, ``fashion-mnist/``).
    keras_home : Path
        Keras's folder, usually ``~/.keras``.
    cache : Path
        Where decoded data sets are kept.
    when_unavailable : {"embedded", "error"}
        Whether an embedded data set may take the place of one that cannot be had.
    download : bool
    say : callable
        Is told, line by line, what the user should know.
    mirrors : tuple of Mirror, optional
        Addresses to fetch from in place of the registry's.
    patience : Patience, optional
        Shared by several calls, it makes all of them together give up within 10 s.
    datasets : mapping of str to Source
        What there is; the registry's where left out.
    clock : callable
        Time in ns since the epoch, as the file system keeps it.
    own : OwnSets, optional
        The data sets that the experiments file describes.

    Returns
    -------
    found : Found

    Raises
    ------
    InputError
        There is no such data set, its entry names no place for its files, a file in `data_dir` is not what
        it should be, or none is there and the data set can come from nowhere else.
    EnvironmentFault
        The data set cannot be had and `when_unavailable` is ``"error"``.
    StorageError
        The cache cannot be written.
    """
    if own is not None and name in own.tables:
        from reportgen.datasets.own.find import find_own

        def known(base: str) -> Found:
            return find(
                base, data_dir=data_dir, keras_home=keras_home, cache=cache,
                when_unavailable=when_unavailable, download=download, say=say, mirrors=mirrors,
                patience=patience, datasets=datasets, clock=clock,
            )  # fmt: skip

        return find_own(name, own, known=known, cache=cache, say=say, clock=clock)
    search = _Search(_source(name, datasets), cache.absolute(), say, clock)
    if search.source.embedded:
        if not embedded.drawn(search.source.name):
            raise InputError([no_folder(search.source)])
        return _embedded(search, requested=name)
    found = _in_folder(search, data_dir) or _in_keras_cache(search, keras_home) or _decoded(search)
    if found:
        return found
    reasons: list[str] = []
    if download:
        tried = search.source.mirrors if mirrors is None else mirrors
        found = _downloaded(search, tried, patience or Patience(), reasons)
        if found:
            return found
    if when_unavailable == "error" or search.source.stand_in is None:
        if data_dir is not None and not search.source.mirrors and search.source.stand_in is None:
            raise InputError([not_in_folder(search.source, data_dir)])
        raise EnvironmentFault(unavailable(search.source, reasons, data_dir, download=download))
    stand_in = datasets[search.source.stand_in]
    say(f"{name} is not available: {stand_in.title} ({stand_in.name}) take its place.")
    return _embedded(_Search(stand_in, search.cache, say, clock), requested=name)


def _source(name: str, datasets: Mapping[str, Source]) -> Source:
    if name in datasets:
        return datasets[name]
    near = difflib.get_close_matches(name, datasets, n=1)
    remedy = f"Did you mean {near[0]}?" if near else f"There are {', '.join(datasets)}."
    raise InputError([Problem("dataset", 0, "unknown-dataset", f"there is no data set {name}", remedy)])


def _in_folder(search: _Search, data_dir: Path | None) -> Found | None:
    """The data set in the user's own folder; there, a fault is an error."""
    if data_dir is None:
        return None
    if not data_dir.is_dir():
        message = "the data folder is not there" if not data_dir.exists() else "the data folder is no folder"
        remedy = "correct --data-dir (or REPORTGEN_DATA_DIR), or leave it out"
        raise InputError([Problem(str(data_dir), 0, "no-data-folder", message, remedy)])
    files = local.in_folder(search.source, data_dir)
    if files is None:
        return None
    result = _from_files(search, files, "folder")
    if isinstance(result, Found):
        return result
    raise InputError(result)


def _in_keras_cache(search: _Search, keras_home: Path) -> Found | None:
    """The data set in Keras's cache; there, a fault is passed over, for it is not the user's file."""
    files = local.in_keras_cache(search.source, keras_home)
    if files is None or files.missing:
        return None
    result = _from_files(search, files, "keras cache")
    if isinstance(result, Found):
        return result
    for problem in result:
        search.say(f"passed over: {problem.file}: {problem.message}")
    return None


def _from_files(search: _Search, files: local.Files, origin: str) -> Found | list[Problem]:
    """Read files, or trust that they were read before; decode them unless that was done."""
    source = search.source
    version = local.note_version(source)
    known = trust.recall(search.cache, files.paths, version) if not files.missing else None
    if known:
        folder = _verified(search, known["digest"])
        if folder:
            facts = tuple((str(name), int(size), str(sha)) for name, size, sha in known["files"])
            return Found(source.name, source.name, origin, known["digest"], folder, facts)
    began = search.clock()
    content, problems = local.load(source, files)
    if content is None:
        return problems
    if other := _other_digest(source, content):
        return [Problem(str(files.folder), 0, "wrong-digest", other, _OTHER_FILES)]
    found = _keep(search, content, origin)
    noted = {"digest": found.digest, "files": [list(file) for file in content.files]}
    trust.note(search.cache, files.paths, version, content.stamps, noted, began)
    return found


_OTHER_FILES = "Take the files that the entry in the registry was written for, or correct its digest."


def _other_digest(source: Source, content: local.Content) -> str:
    """Say that the arrays are not those of the registry; where it knows each part, they were checked."""
    if source.digest is None or source.parts:
        return ""
    found = decoded.digest_of(decoded.with_channels(content.arrays))
    if found == source.digest:
        return ""
    return f"these are not the arrays of {source.title}: expected SHA-256 {source.digest}, found {found}"


def _keep(search: _Search, content: local.Content, origin: str) -> Found:
    """Write what was read into the cache, unless it is there."""
    arrays = decoded.with_channels(content.arrays)
    digest = decoded.digest_of(arrays)
    folder = _verified(search, digest)
    if folder is None:
        folder = decoded.write(search.cache, arrays, _facts(search.source, origin, digest, content.files))
    name = search.source.name
    return Found(name, name, origin, digest, folder, content.files)


def _facts(
    source: Source, origin: str, digest: str, files: tuple[tuple[str, int, str], ...]
) -> dict[str, object]:
    return {
        "name": source.name,
        "class_names": list(source.class_names),
        "digest": digest,
        "source": origin,
        "files": [list(file) for file in files],
    }


def _verified(search: _Search, digest: str) -> Path | None:
    """The decoded folder with this digest, if it is there and its bytes are right."""
    folder = decoded.verified(search.cache, digest, search.source.name, search.say, search.clock)
    facts = decoded.read_facts(folder) if folder else None
    if folder and facts and facts["class_names"] != list(search.source.class_names):
        decoded.name_classes(folder, search.source.class_names)  # the entry was mended since
    return folder


def _decoded(search: _Search) -> Found | None:
    """The data set as an earlier search left it in the cache, wherever it came from."""
    digest = search.source.digest
    folder = _verified(search, digest) if digest else None
    facts = decoded.read_facts(folder) if folder else None
    if folder is None or facts is None or digest is None:
        return None
    if other := _unlike_entry(search.source, folder):
        search.say(f"{folder}: the decoded copy of {search.source.name} is passed over: {other}")
        return None
    name = search.source.name
    return Found(name, name, facts["source"], digest, folder, facts["files"])


def _unlike_entry(source: Source, folder: Path) -> str:
    """Say in what decoded arrays differ from the entry that names their digest; empty where they do not."""
    data = decoded.open_dataset(folder)
    for part in PARTS:
        found = getattr(data, part).shape[:3]
        if found != source.shape(part):
            return f"{part} has the shape {found}, its entry says {source.shape(part)}"
    try:
        for labels in (data.y_train, data.y_test):
            check_labels(labels, len(source.class_names))
        check_classes(data.y_train, source.class_names)
    except ReadFault as fault:
        return str(fault)
    return ""


def _downloaded(
    search: _Search, mirrors: tuple[Mirror, ...], patience: Patience, reasons: list[str]
) -> Found | None:
    """The data set from the first mirrors that give it; `reasons` gets what went wrong."""
    from reportgen.datasets.download import fetch

    content = fetch(search.source, mirrors, patience, search.say, reasons)
    return None if content is None else _keep(search, content, "download")


def _embedded(search: _Search, requested: str) -> Found:
    """An embedded data set; it is made only where the cache lacks it."""
    source = search.source
    version = embedded.version(source.name)
    known = trust.recall(search.cache, (), version)
    digest = source.digest or (str(known["digest"]) if known else None)
    folder = _verified(search, digest) if digest else None
    if folder is None or digest is None:
        search.say(f"making {source.title} ({source.name})")
        arrays = decoded.with_channels(embedded.make(source.name))
        made = decoded.digest_of(arrays)
        if source.digest not in (None, made):
            raise EnvironmentFault(
                f"{source.name}: expected the digest {source.digest}, found {made};"
                " another release of scikit-learn may hold other scans"
            )
        digest = made
        folder = decoded.write(search.cache, arrays, _facts(source, "embedded", digest, ()))
        trust.note(search.cache, (), version, (), {"digest": digest}, search.clock())
    return Found(requested, source.name, "embedded", digest, folder)
