"""Where a data set is looked for, what is kept of it, and when it is read again."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.datasets import local
from reportgen.datasets.dataset import Found
from reportgen.datasets.decoded import folder_of, open_dataset, read_facts, write
from reportgen.datasets.find import available, find
from reportgen.datasets.readers import read_regular
from reportgen.datasets.registry import DATASETS, IDX_FILES, PARTS
from reportgen.errors import EnvironmentFault, InputError, StorageError
from tests.datasets.files import (
    CLASSES,
    idx,
    npy,
    put,
    registry,
    tiny_arrays,
    tiny_files,
    tiny_npz,
    tiny_source,
)


class Place:
    """A data folder, a Keras home and a cache of one test, and what was said."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.data = root / "data"
        self.data.mkdir()
        self.keras = root / "keras"
        self.cache = root / "cache"
        self.said: list[str] = []

    def find(self, name: str = "tiny", **changes: Any) -> Found:
        settings: dict[str, Any] = {
            "data_dir": self.data, "keras_home": self.keras, "cache": self.cache,
            "when_unavailable": "error", "download": False, "say": self.said.append,
            "datasets": registry(tiny_source()), "clock": lambda: time.time_ns() + 10**10,
        }  # fmt: skip
        return find(name, **{**settings, **changes})

    def faults(self, **changes: Any) -> dict[str, str]:
        """Code of every problem by the name of its file."""
        with pytest.raises(InputError) as caught:
            self.find(**changes)
        return {Path(problem.file).name: problem.code for problem in caught.value.problems}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def holds_tiny(found: Found) -> bool:
    data = open_dataset(found.folder)
    arrays, expected = [getattr(data, part) for part in PARTS], tiny_arrays()
    return all(
        np.array_equal(array.reshape(expected[part].shape), expected[part])
        for part, array in zip(PARTS, arrays, strict=True)
    )


@pytest.mark.parametrize(
    "files",
    [
        tiny_files(),
        tiny_files(gzipped=False),
        {name.replace("-idx", ".idx"): content for name, content in tiny_files(gzipped=False).items()},
        {"tiny.npz": tiny_npz()},
    ],
    ids=["gzip", "plain", "dotted", "npz"],
)
def test_the_data_folder_may_hold_any_of_the_usual_files(place: Place, files: dict[str, bytes]) -> None:
    put(place.data / "tiny", files)
    found = place.find()
    assert (found.requested, found.name, found.source, found.stand_in) == ("tiny", "tiny", "folder", False)
    assert found.digest == tiny_source().digest
    assert {name: size for name, size, _ in found.files} == {name: len(c) for name, c in files.items()}
    assert found.folder == folder_of(place.cache, found.digest)
    assert holds_tiny(found)


def test_a_decoded_data_set_is_mapped_and_cannot_be_written(place: Place) -> None:
    put(place.data, {"tiny.npz": tiny_npz()})
    data = open_dataset(place.find().folder)
    assert isinstance(data.x_train, np.memmap)
    assert data.x_train.shape == (6, 3, 2, 1)
    assert (data.name, data.class_names, data.digest) == ("tiny", CLASSES, tiny_source().digest)
    with pytest.raises(ValueError, match="read-only"):
        data.x_train[0] = 0


def test_the_data_folder_comes_before_the_keras_cache(place: Place) -> None:
    put(place.keras / "datasets", {"tiny.npz": tiny_npz()})
    assert place.find().source == "keras cache"
    put(place.data / "tiny", tiny_files())
    assert place.find().source == "folder"
    assert place.find(data_dir=None).source == "keras cache"


def test_what_was_decoded_once_serves_when_its_files_are_gone(place: Place) -> None:
    put(place.data / "tiny", tiny_files())
    first = place.find()
    assert place.find(data_dir=None) == first


def test_every_fault_of_every_file_is_told_at_once(place: Place) -> None:
    arrays = tiny_arrays()
    other = arrays["x_test"].copy()
    other[0, 0, 0] ^= 1
    files = {
        "train-images-idx3-ubyte.gz": gzip.compress(idx(arrays["x_train"]))[:-9],
        "train-labels-idx1-ubyte.gz": gzip.compress(idx(arrays["y_train"] + 1)),
        "t10k-images-idx3-ubyte": idx(other),
        "t10k-labels-idx1-ubyte": b"",
    }
    put(place.data / "tiny", files)
    codes = ("truncated-gzip", "label-out-of-range", "wrong-digest", "empty-file")
    assert place.faults() == dict(zip(files, codes, strict=True))
    assert not place.cache.exists()


def test_a_file_with_one_pixel_changed_names_both_digests(place: Place) -> None:
    changed = tiny_arrays()["x_train"]
    changed[0, 0, 0] ^= 1
    put(place.data / "tiny", {"tiny.npz": tiny_npz(x_train=npy(changed))})
    with pytest.raises(InputError) as caught:
        place.find()
    (problem,) = caught.value.problems
    assert problem.file == str(place.data / "tiny" / "tiny.npz")
    assert tiny_source().parts["x_train"] in problem.message
    assert problem.message.count("SHA-256") == 1 and "found " in problem.message


def test_a_data_set_known_by_one_digest_takes_no_other_arrays(place: Place) -> None:
    changed = tiny_arrays()["x_train"]
    changed[0, 0, 0] ^= 1
    put(place.data / "tiny", {"tiny.npz": tiny_npz(x_train=npy(changed))})
    source = tiny_source(parts={})
    with pytest.raises(InputError, match="these are not the arrays of Tiny"):
        place.find(datasets=registry(source))
    put(place.data / "tiny", {"tiny.npz": tiny_npz()})
    assert place.find(datasets=registry(source)).digest == source.digest


def test_what_keras_does_not_know_is_not_looked_for_in_its_cache(place: Place) -> None:
    put(place.keras / "datasets", tiny_files())
    with pytest.raises(EnvironmentFault):
        place.find(datasets=registry(tiny_source("http://127.0.0.1:9/", keras="", stand_in=None)))


def test_a_missing_file_among_the_four_is_told(place: Place) -> None:
    files = tiny_files()
    del files["t10k-labels-idx1-ubyte.gz"]
    put(place.data / "tiny", files)
    assert place.faults() == {"tiny": "missing-data-file"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes")
def test_a_pipe_in_place_of_a_file_does_not_hang(place: Place) -> None:
    put(place.data / "tiny", tiny_files())
    images = place.data / "tiny" / "train-images-idx3-ubyte.gz"
    images.unlink()
    os.mkfifo(images)
    assert place.faults() == {images.name: "not-a-file"}
    images.unlink()
    images.symlink_to("nowhere")
    assert place.faults() == {images.name: "unreadable-file"}


def test_a_data_folder_that_is_not_there_is_an_error(place: Place) -> None:
    assert place.faults(data_dir=place.root / "dta") == {"dta": "no-data-folder"}
    (place.root / "file").touch()
    assert place.faults(data_dir=place.root / "file") == {"file": "no-data-folder"}


def test_a_broken_keras_cache_is_passed_over_and_said(place: Place) -> None:
    put(place.keras / "datasets", {"tiny.npz": tiny_npz()[:100]})
    found = place.find(when_unavailable="embedded")
    assert (found.requested, found.name, found.source) == ("tiny", "digits", "embedded")
    assert found.stand_in
    assert any("passed over" in line and "tiny.npz" in line for line in place.said)
    assert any("take its place" in line for line in place.said)


def test_without_a_stand_in_the_error_names_every_remedy(place: Place) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        place.find(datasets=registry(tiny_source("http://127.0.0.1:9/")))
    message = str(caught.value)
    for remedy in (
        "REPORTGEN_DATA_DIR",
        "--data-dir",
        "train-images",
        "tiny.npz",
        "digits",
        "reportgen data",
    ):
        assert remedy in message
    assert caught.value.exit_code == 5


def own(**changes: Any) -> dict[str, Any]:
    """An entry as a user writes it: files of one's own in a folder, no digest, no mirror, no stand-in."""
    plain: dict[str, Any] = {"npz": "", "keras": "", "stand_in": None, "digest": None, "parts": {}}
    return registry(replace(tiny_source(), **{**plain, **changes}))


@pytest.mark.parametrize(
    ("npz", "wanted"), [("", "the four IDX files into"), ("tiny.npz", "or tiny.npz, into")]
)
def test_a_folder_that_is_missing_is_named_with_what_it_should_hold(
    place: Place, npz: str, wanted: str
) -> None:
    with pytest.raises(InputError) as caught:
        place.find(datasets=own(npz=npz))
    (problem,) = caught.value.problems
    assert (problem.file, problem.code) == (str(place.data), "missing-data")
    assert problem.message == f"there is no folder tiny in {place.data}"
    assert wanted in problem.remedy and str(place.data / "tiny") in problem.remedy
    (place.data / "tiny").mkdir()
    with pytest.raises(InputError, match="tiny has no file of Tiny"):
        place.find(datasets=own(npz=npz))


def test_what_an_entry_does_not_have_is_no_remedy(place: Place) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        place.find(datasets=own(), data_dir=None)
    message = str(caught.value)
    assert "into DIR/tiny" in message and message.endswith("REPORTGEN_DATA_DIR.")
    assert "(or" not in message and "reportgen data" not in message.replace("REPORTGEN_DATA", "")


def test_an_entry_without_a_folder_is_told_and_is_no_crash(place: Place) -> None:
    with pytest.raises(InputError) as caught:
        place.find(datasets=own(folder=""))
    (problem,) = caught.value.problems
    assert (problem.code, problem.remedy) == ("no-folder", 'add folder="tiny"')
    status = available(
        "tiny", data_dir=None, keras_home=place.keras, cache=place.cache, datasets=own(folder="")
    )
    assert not status.ready


@pytest.mark.parametrize(
    ("changes", "code", "mend"),
    [
        ({"n_train": 5}, "wrong-shape", "n_train"),
        ({"image_shape": (4, 2)}, "wrong-shape", "image_shape"),
        ({"class_names": CLASSES[:2]}, "label-out-of-range", "class_names"),
        ({"class_names": (*CLASSES, "flat")}, "empty-class", "class_names"),
    ],
)
def test_an_entry_that_was_changed_is_held_against_its_files_again(
    place: Place, changes: dict[str, Any], code: str, mend: str
) -> None:
    put(place.data / "tiny", tiny_files())
    first = place.find(datasets=own())
    assert place.find(datasets=own()) == first
    with pytest.raises(InputError) as caught:
        place.find(datasets=own(**changes))
    assert {problem.code for problem in caught.value.problems} == {code}
    assert all(
        mend in problem.remedy and "registry.py" in problem.remedy for problem in caught.value.problems
    )
    with pytest.raises(EnvironmentFault):  # nor does the decoded copy serve that its digest would name
        place.find(datasets=own(**changes, digest=first.digest), data_dir=None)
    assert "passed over" in place.said[-1]


def test_classes_that_were_renamed_have_their_new_names(place: Place) -> None:
    put(place.data / "tiny", tiny_files())
    first = place.find(datasets=own())
    names = ("circle", "box", "star")
    again = place.find(datasets=own(class_names=names))
    assert (again.digest, open_dataset(again.folder).class_names) == (first.digest, names)
    assert holds_tiny(again)


def test_an_unknown_name_is_answered_with_the_nearest(place: Place) -> None:
    with pytest.raises(InputError, match="Did you mean tiny"):
        place.find("tinny")


def count_reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Names of the data files that are read from now on, in a list that grows."""
    read: list[Path] = []
    real = read_regular

    def counted(path: Path, most: int) -> Any:
        read.append(path)
        return real(path, most)

    monkeypatch.setattr(local, "read_regular", counted)
    return read


def test_unchanged_files_are_not_read_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    put(place.data / "tiny", tiny_files())
    first = place.find()
    read = count_reads(monkeypatch)
    assert place.find() == first
    assert read == []


@pytest.mark.parametrize("part", PARTS)
def test_a_changed_file_is_read_again(place: Place, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put(place.data / "tiny", tiny_files())
    first = place.find()
    read = count_reads(monkeypatch)
    path = place.data / "tiny" / f"{IDX_FILES[part]}.gz"
    os.utime(path, (1, 1))
    assert place.find() == first
    assert len(read) == 4
    content = bytearray(path.read_bytes())
    content[-5] ^= 1  # same size, and the old time
    path.write_bytes(content)
    os.utime(path, (1, 1))
    assert place.faults() == {path.name: "bad-gzip"}


def test_files_changed_just_now_are_not_trusted(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    put(place.data / "tiny", tiny_files())
    place.find(clock=time.time_ns)
    read = count_reads(monkeypatch)
    place.find(clock=time.time_ns)
    assert len(read) == 4


def test_a_broken_note_is_not_believed(place: Place) -> None:
    put(place.data / "tiny", tiny_files())
    first = place.find()
    for note in (place.cache / "seen").iterdir():
        note.write_text("{")
    assert place.find() == first


@pytest.mark.parametrize("part", PARTS)
def test_a_broken_decoded_file_is_made_anew(place: Place, part: str) -> None:
    put(place.data / "tiny", tiny_files())
    path = place.find().folder / f"{part}.npy"
    right = path.read_bytes()
    for wrong in (b"", right[:-1], right + b"\0", right[:-1] + bytes([right[-1] ^ 1]), b"\x80\x04N."):
        path.write_bytes(wrong)
        assert holds_tiny(place.find())
        assert path.read_bytes() == right
    path.unlink()
    assert holds_tiny(place.find())


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1}', '{"format": 99}', "\0"])
def test_broken_facts_are_written_anew(place: Place, text: str) -> None:
    put(place.data / "tiny", tiny_files())
    facts = place.find().folder / "facts.json"
    right = facts.read_text()
    facts.write_text(text)
    assert holds_tiny(place.find())
    assert json.loads(facts.read_text()) == json.loads(right)


def test_nothing_half_written_is_left(place: Place) -> None:
    put(place.data / "tiny", tiny_files())
    folder = place.find().folder
    assert sorted(path.name for path in place.cache.iterdir()) == sorted([folder.name, "seen"])
    assert not list((place.cache / "seen").glob(".*"))
    old, new = place.cache / ".new-old", place.cache / ".new-new"
    for left in (old, new):
        left.mkdir()
    os.utime(old, (1, 1))
    arrays = {part: np.load(folder / f"{part}.npy") for part in PARTS}
    facts = read_facts(folder)
    assert facts is not None
    write(place.cache, arrays, facts)
    assert not old.exists()
    assert new.exists()


def test_a_cache_that_cannot_be_written_is_a_storage_error(place: Place) -> None:
    put(place.data / "tiny", tiny_files())
    place.cache.write_text("in the way")
    with pytest.raises(StorageError, match="cache"):
        place.find()


def test_a_folder_without_a_data_set_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="holds no decoded data set"):
        open_dataset(tmp_path)


def test_two_processes_may_decode_at_once(place: Place) -> None:
    put(place.data / "tiny", tiny_files())
    program = (
        "import sys, pathlib\n"
        "from reportgen.datasets.find import find\n"
        "from tests.datasets.files import registry, tiny_source\n"
        "root = pathlib.Path(sys.argv[1])\n"
        "for _ in range(50):\n"
        "    found = find('tiny', data_dir=root / 'data', keras_home=root, cache=root / 'cache',"
        " when_unavailable='error', datasets=registry(tiny_source()))\n"
        "    (found.folder / 'facts.json').unlink(missing_ok=True)\n"
    )
    command = [sys.executable, "-c", program, str(place.root)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    errors = [process.communicate(timeout=60)[1] for process in running]
    assert errors == [b"", b""]
    assert holds_tiny(place.find())


def test_available_tells_without_reading(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    read = count_reads(monkeypatch)
    where: dict[str, Any] = {
        "keras_home": place.keras,
        "cache": place.cache,
        "datasets": registry(tiny_source()),
    }
    status = available("tiny", data_dir=place.data, **where)
    assert (status.source, status.ready, status.stand_in) == (None, False, "digits")

    files = tiny_files()
    put(place.data / "tiny", files)
    status = available("tiny", data_dir=place.data, **where)
    assert (status.source, status.ready, status.digest, status.decoded) == ("folder", True, None, None)
    assert dict(status.files) == {name: len(content) for name, content in files.items()}
    assert read == []

    found = place.find()
    status = available("tiny", data_dir=place.data, **where)
    assert (status.digest, status.decoded) == (found.digest, found.folder)
    status = available("tiny", data_dir=None, **where)
    assert (status.source, status.place) == ("folder", found.folder)
    (place.data / "tiny" / "t10k-labels-idx1-ubyte.gz").unlink()
    status = available("tiny", data_dir=place.data, **where)
    assert (status.ready, status.missing) == (False, ("t10k-labels-idx1-ubyte",))


def test_available_knows_the_embedded_ones(place: Place) -> None:
    for name in ("digits", "garments"):
        status = available(name, data_dir=None, keras_home=place.keras, cache=place.cache)
        assert (status.source, status.ready, status.decoded) == ("embedded", True, None)
    assert not place.cache.exists()


def test_every_stand_in_is_embedded_and_has_the_same_classes() -> None:
    assert {name for name, source in DATASETS.items() if source.embedded} >= {"digits", "garments"}
    for source in DATASETS.values():
        assert not (source.embedded and source.stand_in)
        if source.stand_in:
            assert DATASETS[source.stand_in].embedded
            assert DATASETS[source.stand_in].class_names == source.class_names
            assert set(source.parts) == set(PARTS)


def test_importing_the_package_brings_in_nothing_heavy() -> None:
    program = (
        "import sys, reportgen.datasets.find, reportgen.datasets.decoded\n"
        "heavy = {'skimage', 'sklearn', 'scipy', 'pooch', 'requests', 'tensorflow', 'matplotlib', 'pandas'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
