"""CSV files in Kaggle's layout: a line for each image, a column for each pixel, one for the label.

A file is read in blocks of lines, each by `numpy.loadtxt`; a block that it refuses is gone through
cell by cell, so that every fault has its line and its column.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.own.cells import Cells, faulty_cells, numbers_of
from reportgen.datasets.own.faults import MOST_BYTES, MOST_FILE_BYTES, Faults
from reportgen.datasets.own.items import Files, InLines, Items
from reportgen.datasets.own.pixels import as_bytes, shape_of_row, wrong_value
from reportgen.datasets.readers import ReadFault, open_regular
from reportgen.experiments.own_data import OwnDataset
from reportgen.experiments.words import nearest, suggestion

_LONGEST_LINE = 64_000_000
_BLOCK_CELLS = 1_000_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Header:
    """The columns of a file.

    Parameters
    ----------
    names : tuple of str
    label : int or None
        Which one holds the labels.
    pixels : tuple of int
        Which ones hold the pixels, in this order.
    first : int
        Line of the first image.
    """

    names: tuple[str, ...]
    label: int | None
    pixels: tuple[int, ...]
    first: int

    @property
    def pixel_names(self) -> tuple[str, ...]:
        """Names of the columns of the pixels."""
        return tuple(self.names[column] for column in self.pixels)


def read_table(
    path: Path, name: str, table: OwnDataset, labelled: bool, files: Files, faults: Faults
) -> tuple[Items, Header] | None:
    """Read a CSV file, gzipped or plain.

    Parameters
    ----------
    path : Path
    name : str
        The file as the user named it.
    table : OwnDataset
    labelled : bool
        Whether it has a column of labels.
    files : Files
        Gets what identifies the file.
    faults : Faults
        Gets every fault.

    Returns
    -------
    (Items, Header) or None
        None where the file could not be read at all; the lines that have faults are left out.
    """
    try:
        with _lines(path, name, files) as lines:
            first = next(lines, b"").removeprefix(codecs.BOM_UTF8)
            header = _header(first, name, table, labelled, faults)
            if header is None:
                return None
            if not table.header:
                lines = _again(first, lines)
            return _body(lines, header, name, table, faults), header
    except ReadFault as fault:
        faults.add_read(name, fault)
    except EOFError:
        faults.add_read(name, ReadFault("truncated-gzip", "the gzip stream ends too early"))
    except (gzip.BadGzipFile, zlib.error) as error:
        faults.add_read(name, ReadFault("bad-gzip", f"not valid gzip: {error}"))
    return None


class _Hashed(io.RawIOBase):
    """A file that is hashed as it is read."""

    def __init__(self, file: io.FileIO) -> None:
        self.file = file
        self.total = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        size = self.file.readinto(buffer) or 0
        self.total.update(memoryview(buffer)[:size])
        return size


@contextmanager
def _lines(path: Path, name: str, files: Files) -> Iterator[Iterator[bytes]]:
    """Open a file for reading its lines, unpacked; once they are read, note what identifies it."""
    with open_regular(path, MOST_FILE_BYTES) as (file, stamp):
        hashed = _Hashed(file)
        raw = io.BufferedReader(hashed, 1 << 20)
        start = raw.peek(4)[:4]
        if start.startswith(b"PK\x03\x04"):
            raise ReadFault("zip-archive", "expected CSV, found a zip archive: unpack it first")
        if start[:2] in _UTF16:
            raise ReadFault("wrong-encoding", "expected UTF-8, found UTF-16")
        zipped = start[:2] == b"\x1f\x8b"
        yield _each(gzip.GzipFile(fileobj=raw) if zipped else raw)
        while raw.read(1 << 20):
            """Bytes that no line needed: the digest is that of the whole file."""
    files.add(path, name, stamp, hashed.total.hexdigest())


def _each(stream: io.BufferedReader[Any] | gzip.GzipFile) -> Iterator[bytes]:
    while line := stream.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise ReadFault("line-too-long", f"a line has more than {_LONGEST_LINE:,} bytes")
        yield line


def _again(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others


def _header(line: bytes, name: str, table: OwnDataset, labelled: bool, faults: Faults) -> Header | None:
    text = line.decode("utf-8", errors="replace").strip("\r\n")
    names = next(csv.reader([text]), [])
    if len(names) < 2:
        other = next((sign for sign in (";", "\t") if text.count(sign)), None)
        found = f"columns set apart by {'tabs' if other == chr(9) else other!r}" if other else "one column"
        faults.add(name, 1, "wrong-columns", f"expected columns set apart by commas, found {found}")
        return None
    if not table.header:
        return Header(tuple(f"column {n + 1}" for n in range(len(names))), *_unnamed(len(names), labelled), 1)
    names = [each.strip() for each in names]
    if all(_is_number(each) for each in names):
        message = "expected the names of the columns, found numbers"
        faults.add(name, 1, "no-header", message, "write header = false if the first line is an image")
        return None
    return _named(names, name, table, labelled, faults)


def _unnamed(columns: int, labelled: bool) -> tuple[int | None, tuple[int, ...]]:
    return (0, tuple(range(1, columns))) if labelled else (None, tuple(range(columns)))


def _named(
    names: Sequence[str], name: str, table: OwnDataset, labelled: bool, faults: Faults
) -> Header | None:
    sound = True
    twice = (
        next((each for n, each in enumerate(names) if each in names[:n]), None) if _repeats(names) else None
    )
    if twice is not None:
        faults.add(name, 1, "duplicate-column", f'two columns are named "{twice}"')
        sound = False
    for each in table.ignore if labelled else ():
        if each not in names:
            faults.add(
                name, 1, "unknown-column", f'there is no column "{each}" to ignore', suggestion(each, names)
            )
            sound = False
    if labelled and table.label not in names:
        message = f'there is no column "{table.label}" that holds the labels'
        close = nearest(table.label, names)
        guess = f'did you mean label = "{close}"?' if close else 'say which one does: label = "..."'
        remedy = f'{guess}   a file without labels is named so: unlabelled = "{Path(name).name}"'
        faults.add(name, 1, "no-label-column", message, remedy)
        sound = False
    if not labelled and table.label in names:
        message = f'it has a column "{table.label}", though it is named as a set without labels'
        faults.add(name, 1, "labelled", message, "name it as test, or take the column out")
        sound = False
    if not sound:
        return None
    aside = {*table.ignore, *([table.label] if labelled else [])}
    pixels = tuple(n for n, each in enumerate(names) if each not in aside)
    return Header(tuple(names), names.index(table.label) if labelled else None, pixels, 2)


def _repeats(names: Sequence[str]) -> bool:
    return len(set(names)) < len(names)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _body(lines: Iterator[bytes], header: Header, name: str, table: OwnDataset, faults: Faults) -> Items:
    """Read the images; a line with a fault is told and left out."""
    shape = shape_of_row(len(header.pixels), table)
    images, labels, places = [np.empty((0, len(header.pixels)), np.uint8)], [], []
    total = 0
    for cells in _blocks(lines, header, name, faults):
        values, cells = numbers_of(cells, header.pixels, header.names, name, faults)
        found, wrong = as_bytes(values, table.pixels)
        if wrong is not None:
            kept = np.logical_not(wrong.any(axis=1))
            _tell_pixels(cells, values, wrong, header, table, name, faults)
            found, cells = found[kept], cells.only(kept)
        total += found.nbytes
        if total > MOST_BYTES:
            raise ReadFault("data-too-large", f"expected at most {MOST_BYTES:,} pixels in all, found more")
        images.append(found)
        labels.append(cells.labels)
        places.append(cells.numbers)
        if faults.full:
            break
    pixels = np.concatenate(images).reshape(-1, *shape)
    lined = np.concatenate(places) if places else np.empty(0, np.int64)
    marks = np.concatenate(labels) if labels else np.empty(0, np.str_)
    return Items(pixels, None if header.label is None else marks, InLines(name, lined))


def _blocks(lines: Iterator[bytes], header: Header, name: str, faults: Faults) -> Iterator[Cells]:
    """The lines in blocks, without those that have another number of columns."""
    most = max(1, _BLOCK_CELLS // len(header.names))
    texts: list[str] = []
    numbers: list[int] = []
    blank = 0
    for number, line in enumerate(lines, header.first):
        text = line.decode("utf-8", errors="replace").rstrip("\r\n")
        if not text.strip():
            blank = blank or number  # blank lines at the end are none
            continue
        if blank:
            faults.add(
                name, blank, "blank-line", "expected an image, found a blank line", "take the line out"
            )
            blank = 0
        texts.append(text)
        numbers.append(number)
        if len(texts) == most:
            yield faulty_cells(texts, numbers, len(header.names), header.label, name, faults)
            texts, numbers = [], []
    if texts:
        yield faulty_cells(texts, numbers, len(header.names), header.label, name, faults)


def _tell_pixels(
    cells: Cells,
    values: NDArray[Any],
    wrong: NDArray[np.bool_],
    header: Header,
    table: OwnDataset,
    name: str,
    faults: Faults,
) -> None:
    """Tell the first wrong pixel of each line that has any, and how many more there are."""
    for row in np.flatnonzero(wrong.any(axis=1)):
        columns = np.flatnonzero(wrong[row])
        code, message, remedy = wrong_value(float(values[row, columns[0]]), table.pixels)
        more = f" (and {len(columns) - 1:,} more in this line)" if len(columns) > 1 else ""
        column = header.pixel_names[columns[0]]
        faults.add(name, int(cells.numbers[row]), code, f"{column}: {message}{more}", remedy)
