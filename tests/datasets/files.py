"""Small data sets as bytes and files, right and wrong."""

from __future__ import annotations

import gzip
import hashlib
import io
import math
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.decoded import digest_of, with_channels
from reportgen.datasets.registry import DATASETS, IDX_FILES, PARTS, Mirror, Source

CLASSES = ("round", "square", "pointed")


def tiny_arrays(seed: int = 0) -> dict[str, NDArray[np.uint8]]:
    """Six training and four test images of 3 x 2 pixels, three classes."""
    random = np.random.default_rng(seed)
    return {
        "x_train": random.integers(0, 256, (6, 3, 2), dtype=np.uint8),
        "y_train": np.array([0, 1, 2, 2, 1, 0], np.uint8),
        "x_test": random.integers(0, 256, (4, 3, 2), dtype=np.uint8),
        "y_test": np.array([2, 1, 0, 1], np.uint8),
    }


def tiny_source(*mirrors: str, npz: bool = False, **changes: Any) -> Source:
    """A data set of `tiny_arrays` that is known by its digests, as MNIST is."""
    arrays = tiny_arrays()
    settings: dict[str, Any] = {
        "name": "tiny", "title": "Tiny", "class_names": CLASSES, "n_train": 6, "n_test": 4,
        "image_shape": (3, 2), "folder": "tiny", "npz": "tiny.npz", "keras": "tiny.npz",
        "stand_in": "digits", "digest": digest_of(with_channels(arrays)),
        "parts": {part: hashlib.sha256(arrays[part].tobytes()).hexdigest() for part in PARTS},
        "mirrors": tuple(Mirror(base, "tiny.npz" if npz else None) for base in mirrors),
    }  # fmt: skip
    return Source(**{**settings, **changes})


def registry(source: Source) -> dict[str, Source]:
    """A registry of this one and the embedded digits."""
    return {source.name: source, "digits": DATASETS["digits"]}


def idx(array: NDArray[np.uint8], **changes: Any) -> bytes:
    """An IDX file; `magic` and `shape` may be given other than they should be."""
    shape = changes.get("shape", array.shape)
    magic = changes.get("magic", bytes((0, 0, 8, len(shape))))
    return bytes(magic) + b"".join(struct.pack(">I", n) for n in shape) + array.tobytes()


def npy(array: NDArray[Any]) -> bytes:
    """An array as a .npy file."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


def npy_header(shape: tuple[int, ...], descr: str = "|u1") -> bytes:
    """Only the header of a .npy file, for arrays that never were."""
    text = str({"descr": descr, "fortran_order": False, "shape": shape}).ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


def npz(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED, level: int = 6) -> bytes:
    """A zip archive of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression, compresslevel=level) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tiny_npz(**changes: bytes) -> bytes:
    """A Keras .npz of `tiny_arrays`, members replaced by name."""
    arrays = tiny_arrays()
    return npz({f"{part}.npy": changes.get(part, npy(arrays[part])) for part in PARTS})


def tiny_files(gzipped: bool = True) -> dict[str, bytes]:
    """The four IDX files of `tiny_arrays` by name."""
    arrays = tiny_arrays()
    if gzipped:
        return {f"{IDX_FILES[part]}.gz": gzip.compress(idx(arrays[part])) for part in PARTS}
    return {IDX_FILES[part]: idx(arrays[part]) for part in PARTS}


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def zeros_gz(size: int) -> bytes:
    """At least `size` zeros, gzipped: one short stream over and over."""
    block = 1 << 26
    return gzip.compress(bytes(block)) * math.ceil(size / block)
