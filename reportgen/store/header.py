"""What an object says of itself: its key, the parts of it, and the checksums of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HEADER_VERSION = 1


@dataclass(frozen=True)
class Header:
    """What an object says of itself, read without reading its payload.

    Parameters
    ----------
    key : str
    parts : mapping
        The parts of the key.
    made : mapping
        For display and estimates only: ``row``, ``seconds``, ``epochs``, ``started``.
    files : mapping of str to (int, str)
        Bytes and SHA-256 per file.
    """

    key: str
    parts: Mapping[str, Any]
    made: Mapping[str, Any]
    files: Mapping[str, tuple[int, str]]

    @property
    def size(self) -> int:
        """Bytes of the payload."""
        return sum(size for size, _ in self.files.values())


class Damaged(Exception):
    """An object does not hold what its header says; the message says what is wrong."""


class OtherVersion(Exception):
    """An object of another reportgen: not ours to judge, nor to remove."""


def header_bytes(
    key: str, parts: Mapping[str, Any], made: Mapping[str, Any], files: Mapping[str, bytes]
) -> bytes:
    header = {
        "version": HEADER_VERSION,
        "key": key,
        "parts": parts,
        "made": made,
        "files": {
            name: [len(content), hashlib.sha256(content).hexdigest()] for name, content in files.items()
        },
    }
    check = hashlib.sha256(_canonical(header)).hexdigest()
    return json.dumps({"header": header, "sha256": check}, sort_keys=True, ensure_ascii=False).encode()


def _canonical(header: Mapping[str, Any]) -> bytes:
    return json.dumps(header, sort_keys=True, ensure_ascii=False).encode()


def read_header(folder: Path, key: str) -> Header:
    """Read and check the header of an object.

    Raises
    ------
    Damaged, OtherVersion, OSError
    """
    return header_from((folder / "header.json").read_bytes(), key)


def header_from(content: bytes, key: str) -> Header:
    """Return the header that a file's bytes hold, checked.

    Raises
    ------
    Damaged, OtherVersion
        The latter with the version that wrote it.
    """
    try:
        outer = json.loads(content)
        facts = outer["header"]
        if hashlib.sha256(_canonical(facts)).hexdigest() != outer["sha256"]:
            raise Damaged("the header fails its check")
        if facts["version"] != HEADER_VERSION:
            raise OtherVersion(str(facts["version"]))
        files = {name: (size, digest) for name, (size, digest) in facts["files"].items()}
        header = Header(facts["key"], facts["parts"], facts["made"], files)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Damaged("the header cannot be read") from error
    if header.key != key:
        raise Damaged("the header belongs to another run")
    return header


def verified(folder: Path, header: Header, name: str) -> bytes:
    """The bytes of a file of an object, checked against its header; Damaged where they are not these."""
    if name not in header.files:
        raise Damaged(f"{name} is missing")
    try:
        with (folder / name).open("rb") as file:
            return verified_bytes(header, name, file.read(header.files[name][0] + 1))
    except FileNotFoundError as error:
        raise Damaged(f"{name} is missing") from error


def verified_bytes(header: Header, name: str, content: bytes) -> bytes:
    """These bytes, if they are those of the file that a header describes; else Damaged."""
    size, digest = header.files[name]
    if len(content) != size or hashlib.sha256(content).hexdigest() != digest:
        raise Damaged(f"{name} fails its check")
    return content
