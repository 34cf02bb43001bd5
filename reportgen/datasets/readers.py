"""IDX and NPZ files read strictly: every byte is accounted for, nothing is unpickled.

The IDX format (LeCun, Cortes and Burges, "The MNIST database"): two zero bytes, a type code
(8 = unsigned byte), the number of dimensions, each dimension as 32-bit big-endian, the items.
"""

from __future__ import annotations

import io
import math
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

_UNSIGNED_BYTE = 8
_SLACK = 1 << 16
"""Bytes a container may be larger than what it holds: headers, names, a stored block's overhead."""


class Stream(Protocol):
    """What is read from: bytes in memory, or what gzip or zip unpack of them."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes."""


class ReadFault(ValueError):
    """A file does not hold what it should; `code` names the kind of fault."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Stamp:
    """What must stand for a file to be taken as unchanged without reading it."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Stamp:
        """The stamp of a file with this status."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


@contextmanager
def open_regular(path: Path, most: int) -> Iterator[tuple[io.FileIO, Stamp]]:
    """Open a regular file of at most `most` bytes for reading, unbuffered, with its stamp.

    Raises
    ------
    ReadFault
        Not a regular file (a pipe or a device would hang or never end), empty, too large
        or unreadable.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(path, flags), "rb", buffering=0) as file:  # noqa: PTH123 - Path.open takes no flags
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ReadFault("not-a-file", "expected a regular file, found a folder, a pipe or a device")
            if status.st_size == 0:
                raise ReadFault("empty-file", "expected data, found 0 bytes")
            if status.st_size > most:
                raise ReadFault(
                    "file-too-large", f"expected at most {most:,} bytes, found {status.st_size:,}"
                )
            yield file, Stamp.of(status)
            if Stamp.of(os.fstat(file.fileno())) != Stamp.of(status):
                raise ReadFault("file-changed", "changed while it was read")
    except OSError as error:
        raise ReadFault("unreadable-file", error.strerror or str(error)) from error


def read_regular(path: Path, most: int) -> tuple[bytes, Stamp]:
    """Read a regular file of at most `most` bytes.

    Returns
    -------
    content : bytes
    stamp : Stamp
        Of the very file that was read.

    Raises
    ------
    ReadFault
        As `open_regular`, or it changed while it was read.
    """
    with open_regular(path, most) as (file, stamp):
        content = _read_all(file, stamp.size)
    if len(content) != stamp.size:
        raise ReadFault("file-changed", "changed while it was read")
    return content, stamp


def _read_all(file: io.FileIO, size: int) -> bytes:
    buffer = bytearray()
    while chunk := file.read(max(1, size + 1 - len(buffer))):
        buffer += chunk
        if len(buffer) > size:
            break
    return bytes(buffer)


def largest_idx(shape: tuple[int, ...]) -> int:
    """Bytes that an IDX file of `shape` may have at most, gzipped or plain."""
    return math.prod(shape) + 4 + 4 * len(shape) + _SLACK


def read_idx(content: bytes, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Decode an IDX file of unsigned bytes, gzipped or plain.

    No more is unpacked than the header declares, and the header must declare `shape`.

    Parameters
    ----------
    content : bytes
        The whole file.
    shape : tuple of int

    Returns
    -------
    array : uint8 of `shape`
        Read-only.

    Raises
    ------
    ReadFault
        Any byte is other than it must be.
    """
    with _unpacked(content) as stream:
        return _idx(stream, shape)


def idx_shape(content: bytes, axes: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that an IDX file of unsigned bytes declares, gzipped or plain; nothing else is read.

    Parameters
    ----------
    content : bytes
        The whole file.
    axes : tuple of int
        Numbers of dimensions that it may have.

    Raises
    ------
    ReadFault
        It is no IDX file of unsigned bytes with so many dimensions.
    """
    with _unpacked(content) as stream:
        head = take(stream, 4, "header")
        if head[:3] != bytes((0, 0, _UNSIGNED_BYTE)) or head[3] not in axes:
            expected = " or ".join(bytes((0, 0, _UNSIGNED_BYTE, each)).hex() for each in axes)
            raise ReadFault("bad-magic", f"expected the magic number {expected}, found {head.hex()}")
        dimensions = take(stream, 4 * head[3], "header")
    return tuple(int.from_bytes(dimensions[i : i + 4], "big") for i in range(0, len(dimensions), 4))


@contextmanager
def _unpacked(content: bytes) -> Iterator[Stream]:
    """The bytes of a file, gzipped or plain; what is wrong with the packing is a `ReadFault`."""
    import gzip

    if not content:
        raise ReadFault("empty-file", "expected data, found 0 bytes")
    if content[:2] != b"\x1f\x8b":
        yield io.BytesIO(content)
        return
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            yield stream
    except EOFError as error:
        raise ReadFault("truncated-gzip", "the gzip stream ends too early") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise ReadFault("bad-gzip", f"not valid gzip: {error}") from error


def _idx(stream: Stream, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    head = take(stream, 4, "header")
    expected = bytes((0, 0, _UNSIGNED_BYTE, len(shape)))
    if head != expected:
        raise ReadFault("bad-magic", f"expected the magic number {expected.hex()}, found {head.hex()}")
    dimensions = take(stream, 4 * len(shape), "header")
    found = tuple(int.from_bytes(dimensions[i : i + 4], "big") for i in range(0, len(dimensions), 4))
    if found != shape:
        raise ReadFault("wrong-shape", f"expected {_times(shape)}, found {_times(found)}")
    items = take(stream, math.prod(shape), "items")
    if stream.read(1):
        raise ReadFault("trailing-bytes", f"expected the end after {math.prod(shape):,} items, found more")
    return np.frombuffer(items, np.uint8).reshape(shape)


def take(stream: Stream, size: int, what: str) -> bytes:
    """Exactly `size` bytes of the stream."""
    content = stream.read(size)
    if len(content) != size:
        raise ReadFault("short-file", f"expected {size:,} bytes of {what}, found {len(content):,}")
    return content


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(f"{length:,}" for length in shape)


def largest_npz(shapes: Mapping[str, tuple[int, ...]]) -> int:
    """Bytes that an NPZ file of arrays of these shapes may have at most."""
    return sum(math.prod(shape) + _SLACK for shape in shapes.values())


def read_npz(content: bytes, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, NDArray[np.uint8]]:
    """Decode a Keras ``.npz``: exactly the arrays of `shapes`, all of unsigned bytes.

    Members are read by name from memory, none is extracted, none is unpickled, and no
    more is unpacked than `shapes` needs.

    Raises
    ------
    ReadFault
        Not a zip archive, other members, other types or shapes, a wrong checksum, ...
    """
    with open_zip(content) as archive:
        found = sorted(info.filename for info in archive.infolist())
        expected = sorted(f"{name}.npy" for name in shapes)
        if found != expected:
            shown = ", ".join(name[:40] for name in found[:8]) or "none"
            raise ReadFault("wrong-members", f"expected the members {', '.join(expected)}, found {shown}")
        return {name: _member(archive, name, shape) for name, shape in shapes.items()}


@contextmanager
def open_zip(content: bytes) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive in memory; what is wrong with it, or with a member read, is a `ReadFault`."""
    if content[:4] != b"PK\x03\x04":
        raise ReadFault("bad-magic", f"expected a zip archive (504b0304), found {content[:4].hex()}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ReadFault("bad-zip", f"not a valid zip archive: {error}") from error
    except (RuntimeError, NotImplementedError, OSError) as error:  # encrypted, or an unknown compression
        raise ReadFault("bad-zip", f"cannot be unpacked: {error}") from error


def _member(archive: zipfile.ZipFile, name: str, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    declared = archive.getinfo(f"{name}.npy").file_size
    if declared > math.prod(shape) + _SLACK:
        raise ReadFault("wrong-shape", f"{name}: expected {_times(shape)}, found {declared:,} bytes")
    with archive.open(f"{name}.npy") as stream:
        found, column_major, dtype = npy_header(stream, name)
        if dtype.hasobject:
            raise ReadFault("pickled-array", f"{name}: expected unsigned bytes, found pickled Python objects")
        if dtype != np.uint8:
            raise ReadFault("wrong-dtype", f"{name}: expected uint8, found {dtype}")
        if found != shape:
            raise ReadFault("wrong-shape", f"{name}: expected {_times(shape)}, found {_times(found)}")
        items = take(stream, math.prod(shape), f"{name}")
        if stream.read(1):
            raise ReadFault("trailing-bytes", f"{name}: expected the end after {len(items):,} items")
    return np.frombuffer(items, np.uint8).reshape(shape, order="F" if column_major else "C")


def npy_header(stream: Stream, name: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, whether the order is Fortran's, and type of a .npy file; raises `ReadFault`."""
    try:
        version = np.lib.format.read_magic(stream)
        if version == (1, 0):
            return np.lib.format.read_array_header_1_0(stream)
        if version == (2, 0):
            return np.lib.format.read_array_header_2_0(stream)
    except ValueError as error:
        raise ReadFault("bad-magic", f"{name}: not a NumPy array: {error}") from error
    raise ReadFault("bad-magic", f"{name}: expected NumPy format 1.0 or 2.0, found {version}")


def check_labels(labels: NDArray[np.uint8], classes: int) -> None:
    """Raise `ReadFault` unless every label is a class from 0 to `classes` - 1."""
    wrong = np.flatnonzero(labels >= classes)
    if wrong.size:
        first = int(wrong[0])
        raise ReadFault(
            "label-out-of-range",
            f"expected labels from 0 to {classes - 1}, found {int(labels[first])} at item {first:,}",
        )


def check_classes(labels: NDArray[np.uint8], names: Sequence[str]) -> None:
    """Raise `ReadFault` unless every class has an image to learn from."""
    counts = np.bincount(labels, minlength=len(names))
    empty = [name for name, count in zip(names, counts, strict=False) if not count]
    if empty:
        listed = ", ".join(f'"{name}"' for name in empty)
        raise ReadFault("empty-class", f"no training image is labelled {listed}")
