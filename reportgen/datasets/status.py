"""What of a data set is on this machine, told from names, sizes and notes alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.datasets import decoded, embedded, local, trust
from reportgen.datasets.registry import DATASETS, Source


@dataclass(frozen=True)
class Status:
    """Where `find` would take a data set from.

    Parameters
    ----------
    name, title : str
    source : str or None
        ``folder``, ``keras cache``, ``download`` (fetched earlier), ``embedded``; None where
        it would have to be fetched now.
    place : Path or None
        Folder of the files.
    files : tuple of (str, int)
        Name and bytes of each file that is there.
    missing : tuple of str
        IDX files that are not there though others are.
    digest : str or None
        SHA-256 of the decoded arrays, where the files were read before and are unchanged.
    decoded : Path or None
        The decoded copy in the cache, where there is one.
    stand_in : str or None
        The embedded data set that would take its place.
    """

    name: str
    title: str
    source: str | None
    place: Path | None = None
    files: tuple[tuple[str, int], ...] = ()
    missing: tuple[str, ...] = ()
    digest: str | None = None
    decoded: Path | None = None
    stand_in: str | None = None

    @property
    def ready(self) -> bool:
        """True where it can be used without a network."""
        return self.source is not None and not self.missing


def available(
    name: str,
    *,
    data_dir: Path | None,
    keras_home: Path,
    cache: Path,
    datasets: Mapping[str, Source] = DATASETS,
) -> Status:
    """Say where a data set is; reads no data, makes and fetches nothing.

    Parameters
    ----------
    name : str
        A key of `datasets`.
    data_dir, keras_home, cache, datasets
        As for `reportgen.datasets.find.find`.

    Raises
    ------
    KeyError
        There is no such data set.
    """
    source = datasets[name]
    if source.embedded:
        if not embedded.drawn(source.name):
            return Status(name, source.title, None)
        return _embedded(source, cache)
    if data_dir is not None:
        files = local.in_folder(source, data_dir)
        if files is not None:
            return _of_files(source, files, "folder", cache)
    files = local.in_keras_cache(source, keras_home)
    if files is not None and not files.missing:
        return _of_files(source, files, "keras cache", cache)
    folder = _decoded(cache, source.digest)
    facts = decoded.read_facts(folder) if folder else None
    if folder is None or facts is None:
        return Status(name, source.title, None, stand_in=source.stand_in)
    listed = tuple((file, size) for file, size, _ in facts["files"])
    return Status(
        name, source.title, facts["source"], folder, listed,
        digest=source.digest, decoded=folder, stand_in=source.stand_in,
    )  # fmt: skip


def _of_files(source: Source, files: local.Files, origin: str, cache: Path) -> Status:
    note = trust.recall(cache, files.paths, local.note_version(source))
    digest = str(note["digest"]) if note else None
    listed = tuple((path.name, path.stat().st_size if path.exists() else 0) for path in files.paths)
    return Status(
        source.name, source.title, origin, files.folder, listed, files.missing, digest,
        _decoded(cache, digest or source.digest), source.stand_in,
    )  # fmt: skip


def _embedded(source: Source, cache: Path) -> Status:
    note = trust.recall(cache, (), embedded.version(source.name))
    digest = source.digest or (str(note["digest"]) if note else None)
    folder = _decoded(cache, digest)
    return Status(source.name, source.title, "embedded", digest=digest, decoded=folder)


def _decoded(cache: Path, digest: str | None) -> Path | None:
    """The decoded folder with this digest, if its facts say it is one."""
    folder = decoded.folder_of(cache, digest) if digest else None
    facts = decoded.read_facts(folder) if folder else None
    return folder if facts and facts["digest"] == digest else None
