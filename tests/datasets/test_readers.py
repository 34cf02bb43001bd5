"""IDX and NPZ files are read strictly, whatever is in them."""

from __future__ import annotations

import gzip
import os
import pickle
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.datasets.readers import ReadFault, check_labels, largest_idx, read_idx, read_npz, read_regular
from reportgen.datasets.registry import PARTS
from tests.datasets.files import idx, npy, npy_header, npz, tiny_arrays, tiny_npz, tiny_source, zeros_gz

Wrap = Callable[[bytes], bytes]

IMAGES = tiny_arrays()["x_train"]
SHAPES = {part: tiny_source().shape(part) for part in PARTS}


def code_of(content: bytes, shape: tuple[int, ...] = IMAGES.shape) -> str:
    with pytest.raises(ReadFault) as caught:
        read_idx(content, shape)
    return caught.value.code


def npz_code_of(content: bytes) -> str:
    with pytest.raises(ReadFault) as caught:
        read_npz(content, SHAPES)
    return caught.value.code


@pytest.mark.parametrize("wrap", [bytes, gzip.compress])
def test_a_right_file_gives_its_array(wrap: Wrap) -> None:
    array = read_idx(wrap(idx(IMAGES)), IMAGES.shape)
    assert array.dtype == np.uint8
    assert np.array_equal(array, IMAGES)


@pytest.mark.parametrize("wrap", [bytes, gzip.compress])
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (idx(IMAGES)[:3], "short-file"),
        (idx(IMAGES)[:9], "short-file"),
        (idx(IMAGES)[:-1], "short-file"),
        (idx(IMAGES) + b"\0", "trailing-bytes"),
        (idx(IMAGES, magic=b"\0\0\x0d\x03"), "bad-magic"),
        (idx(IMAGES, magic=b"\0\x01\x08\x03"), "bad-magic"),
        (idx(IMAGES, magic=b"\0\0\x08\x01"), "bad-magic"),
        (b"<!DOCTYPE html><html></html>", "bad-magic"),
        (idx(IMAGES, shape=(6, 2, 3)), "wrong-shape"),
        (idx(IMAGES, shape=(5, 3, 2)), "wrong-shape"),
        (idx(IMAGES, shape=(2**32 - 1, 2**32 - 1, 2**32 - 1)), "wrong-shape"),
        (idx(IMAGES, shape=(0, 3, 2)), "wrong-shape"),
    ],
)
def test_a_wrong_idx_file_is_refused(content: bytes, code: str, wrap: Wrap) -> None:
    assert code_of(wrap(content)) == code


def test_an_empty_file_and_an_empty_gzip_stream_are_refused() -> None:
    assert code_of(b"") == "empty-file"
    assert code_of(gzip.compress(b"")) == "short-file"


def test_a_truncated_gzip_file_is_refused_at_every_length() -> None:
    whole = gzip.compress(idx(IMAGES))
    codes = {code_of(whole[:length]) for length in range(2, len(whole))}
    assert codes <= {"truncated-gzip", "bad-gzip", "short-file"}


def test_a_flipped_bit_in_a_gzip_file_never_gives_other_pixels() -> None:
    whole = bytearray(gzip.compress(idx(IMAGES), mtime=0))
    for place in range(len(whole)):
        broken = whole.copy()
        broken[place] ^= 0x10
        try:
            found = read_idx(bytes(broken), IMAGES.shape)
        except ReadFault:
            continue
        assert np.array_equal(found, IMAGES)  # a bit of the header's date or name


def test_a_wrong_checksum_of_gzip_is_refused() -> None:
    whole = bytearray(gzip.compress(idx(IMAGES)))
    whole[-8] ^= 1
    assert code_of(bytes(whole)) == "bad-gzip"


def test_what_follows_a_gzip_stream_is_refused() -> None:
    assert code_of(gzip.compress(idx(IMAGES)) + b"junk") == "bad-gzip"
    assert code_of(gzip.compress(idx(IMAGES)) + gzip.compress(b"x")) == "trailing-bytes"


@given(st.binary(max_size=64))
def test_any_bytes_give_an_array_or_a_fault(content: bytes) -> None:
    try:
        assert read_idx(content, (2, 1, 1)).shape == (2, 1, 1)
    except ReadFault as fault:
        assert fault.code and str(fault)


@given(
    kind=st.integers(0, 255),
    dimensions=st.lists(st.integers(0, 2**32 - 1), max_size=5),
    items=st.binary(max_size=20),
    gzipped=st.booleans(),
)
def test_only_the_declared_header_with_exactly_its_items_is_taken(
    kind: int, dimensions: list[int], items: bytes, gzipped: bool
) -> None:
    content = (
        bytes((0, 0, kind, len(dimensions))) + b"".join(n.to_bytes(4, "big") for n in dimensions) + items
    )
    right = kind == 8 and dimensions == [2, 2, 3] and len(items) == 12
    try:
        read_idx(gzip.compress(content) if gzipped else content, (2, 2, 3))
    except ReadFault:
        assert not right
    else:
        assert right


@given(st.lists(st.integers(0, 6), min_size=1, max_size=3), st.data())
def test_every_shape_comes_back(shape: list[int], data: st.DataObject) -> None:
    size = int(np.prod(shape))
    array = np.frombuffer(data.draw(st.binary(min_size=size, max_size=size)), np.uint8).reshape(shape)
    assert np.array_equal(read_idx(gzip.compress(idx(array)), tuple(shape)), array)


def test_a_right_npz_gives_its_arrays() -> None:
    found = read_npz(tiny_npz(), SHAPES)
    assert all(np.array_equal(found[part], tiny_arrays()[part]) for part in PARTS)


def test_an_array_in_columns_is_read_as_it_was_meant() -> None:
    found = read_npz(tiny_npz(x_train=npy(np.asfortranarray(IMAGES))), SHAPES)
    assert np.array_equal(found["x_train"], IMAGES)


LABELS = tiny_arrays()["y_test"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x80\x04N.", "bad-magic"),
        (tiny_npz()[:-30], "bad-zip"),
        (tiny_npz()[:200], "bad-zip"),
        (tiny_npz(y_test=npy(LABELS.astype(np.int64))), "wrong-dtype"),
        (tiny_npz(y_test=npy(LABELS.astype(np.float32))), "wrong-dtype"),
        (tiny_npz(y_test=npy(LABELS[:3])), "wrong-shape"),
        (tiny_npz(y_test=npy(LABELS)[:-1]), "short-file"),
        (tiny_npz(y_test=npy(LABELS) + b"\0"), "trailing-bytes"),
        (tiny_npz(y_test=b"not numpy at all"), "bad-magic"),
        (tiny_npz(y_test=npy_header((2**40, 2**40))), "wrong-shape"),
        (tiny_npz(y_test=npy(LABELS).replace(b"\x01\x00", b"\x09\x00", 1)), "bad-magic"),
        (npz({"x_train.npy": b""}), "wrong-members"),
        (npz({"../x_train.npy": b"", "/etc/passwd": b""}), "wrong-members"),
    ],
)
def test_a_wrong_npz_is_refused(content: bytes, code: str) -> None:
    assert npz_code_of(content) == code


def test_a_flipped_bit_of_an_npz_member_is_refused() -> None:
    arrays = {f"{part}.npy": npy(array) for part, array in tiny_arrays().items()}
    whole = bytearray(npz(arrays, zipfile.ZIP_STORED))
    whole[whole.index(IMAGES.tobytes()) + 5] ^= 1
    assert npz_code_of(bytes(whole)) == "bad-zip"


class Canary:
    """Writes a file if it is ever unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., int], tuple[Path, str]]:
        return (Path.write_text, (self.path, "sung"))


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    song = tmp_path / "song"
    objects = np.array([Canary(song)] * 4, dtype=object)
    assert npz_code_of(tiny_npz(y_test=npy(objects))) == "pickled-array"
    assert npz_code_of(pickle.dumps(Canary(song))) == "bad-magic"
    assert code_of(pickle.dumps(Canary(song))) == "bad-magic"
    assert not song.exists()
    pickle.loads(pickle.dumps(Canary(song)))
    assert song.exists()  # the canary can sing


BOMB = """
import resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_DATA, (512 << 20, 512 << 20))
from reportgen.datasets.readers import ReadFault, read_idx, read_npz
content = Path(sys.argv[1]).read_bytes()
began = time.perf_counter()
try:
    if sys.argv[2] == "npz":
        read_npz(content, {"x": (10,)})
    else:
        read_idx(content, (10,))
except ReadFault as fault:
    print(fault.code, time.perf_counter() - began < 1)
"""


def burst(path: Path, kind: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", BOMB, str(path), kind],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    return done.stdout.strip() or done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_DATA")
def test_bombs_are_not_unpacked(tmp_path: Path) -> None:
    gigabyte = 1 << 30
    bomb = tmp_path / "bomb"
    bomb.write_bytes(zeros_gz(gigabyte))
    assert burst(bomb, "idx") == "bad-magic True"
    bomb.write_bytes(gzip.compress(idx(np.zeros(10, np.uint8))) + zeros_gz(gigabyte))
    assert burst(bomb, "idx") == "trailing-bytes True"
    bomb.write_bytes(gzip.compress(idx(np.zeros(0, np.uint8), shape=(2**32 - 1,))))
    assert burst(bomb, "idx") == "wrong-shape True"
    lying = bytearray(npz({"x.npy": npy_header((10,)) + bytes(gigabyte // 2)}, level=1))
    bomb.write_bytes(lying)
    assert burst(bomb, "npz") == "wrong-shape True"
    central = lying.rindex(b"PK\x01\x02")
    lying[central + 24 : central + 28] = (138).to_bytes(4, "little")  # claims to hold ten items
    bomb.write_bytes(lying)
    assert burst(bomb, "npz") in ("bad-zip True", "trailing-bytes True")


def test_labels_outside_the_classes_are_refused() -> None:
    check_labels(np.array([0, 2], np.uint8), 3)
    with pytest.raises(ReadFault, match=r"labels from 0 to 2, found 3 at item 1"):
        check_labels(np.array([0, 3, 9], np.uint8), 3)


def refusal(path: Path, most: int = 1000) -> str:
    with pytest.raises(ReadFault) as caught:
        read_regular(path, most)
    return caught.value.code


def test_only_regular_files_of_a_fair_size_are_opened(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none") == "unreadable-file"
    (tmp_path / "empty").touch()
    assert refusal(tmp_path / "empty") == "empty-file"
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(100 << 30)
    assert refusal(tmp_path / "sparse") == "file-too-large"
    (tmp_path / "some").write_bytes(b"some")
    content, stamp = read_regular(tmp_path / "some", 4)
    assert (content, stamp.size) == (b"some", 4)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes")
def test_pipes_devices_and_folders_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    began = time.monotonic()
    assert refusal(tmp_path / "pipe") == "not-a-file"
    assert refusal(Path("/dev/zero")) == "not-a-file"
    assert refusal(tmp_path) in ("not-a-file", "unreadable-file")
    assert refusal(tmp_path / "loop") == "unreadable-file"
    assert time.monotonic() - began < 1


def test_the_largest_idx_file_holds_any_gzip_of_its_items() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (100, 28, 28), dtype=np.uint8)
    assert len(gzip.compress(idx(noise), 0)) <= largest_idx(noise.shape)
