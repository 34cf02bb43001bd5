"""The folders of exports beside a report: what is written, what stays, and what leaves.

A list of our own files stands in the output folder. A file that is not on it is never removed,
and neither is one that somebody has altered since.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from reportgen.errors import StorageError
from reportgen.report.exports import OURS, Export

LIST = ".exports.json"


def write_exports(out: Path, every: Sequence[Export], chosen: Sequence[Export]) -> dict[str, str]:
    """Write exports, and remove earlier ones that are no longer to be had or show something else.

    Parameters
    ----------
    out : Path
        The output folder.
    every : sequence of Export
        Every file that can stand beside the report.
    chosen : sequence of Export
        Those that are written now.

    Returns
    -------
    dict of str to str
        SHA-256 of the files that were written, by path.

    Raises
    ------
    StorageError
        `out` cannot be written.
    """
    known = _read(out / LIST)
    writing = {export.path for export in chosen}
    current = {export.path: export.made_of for export in every}
    kept = {
        path: entry
        for path, entry in known.items()
        if path in writing or (path in current and current[path] == entry["made_of"])
    }
    try:
        for path in known.keys() - kept.keys():
            _remove(out / path, known[path]["digest"])
        made = {export.path: write(out / export.path, export.content()) for export in chosen}
        entries = kept | {
            export.path: {"digest": made[export.path], "made_of": export.made_of} for export in chosen
        }
        write(out / LIST, json.dumps(entries, indent=0, sort_keys=True).encode())
    except OSError as error:
        raise StorageError(out, error.strerror or str(error)) from error
    return made


def write(path: Path, content: bytes) -> str:
    """Write a file beside its place, then rename it there, unless it is the same; return its SHA-256.

    Raises
    ------
    StorageError
        The file cannot be written.
    """
    digest = hashlib.sha256(content).hexdigest()
    try:
        if path.is_file() and path.read_bytes() == content:
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:40]}.", delete=False) as temporary:
            temporary.write(content)
        name = Path(temporary.name)
        name.chmod(0o666 & ~_umask())
        name.replace(path)
    except OSError as error:
        raise StorageError(path, error.strerror or str(error)) from error
    return digest


def _remove(path: Path, digest: str) -> None:
    if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest:
        path.unlink()


def _read(path: Path) -> dict[str, Mapping[str, str]]:
    """The list of our files; one that cannot be read is none, and names outside our folders are not ours."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: entry
            for name, entry in found.items()
            if OURS.fullmatch(name) and isinstance(entry["digest"], str) and isinstance(entry["made_of"], str)
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
