"""Data of one's own as a whole: division, digest, what is read again, duplicates, known sets divided anew."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.datasets import trust
from reportgen.datasets.decoded import open_dataset, open_unlabelled
from reportgen.datasets.find import find
from reportgen.datasets.own import find as own_find
from reportgen.datasets.own.drawing import draw, shares
from reportgen.datasets.own.find import OwnSets, warnings
from reportgen.datasets.pictures import Images
from reportgen.errors import EnvironmentFault, InputError
from reportgen.experiments.own_data import OwnDataset
from tests.datasets.files import put, registry, tiny_files, tiny_source
from tests.datasets.own import Desk, csv_text, labels, pictures, png

CSV: dict[str, Any] = {"kind": "csv", "train": "train.csv", "test_items": 3}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def digest_of(desk: Desk, **changes: Any) -> str:
    return desk.find(**{**CSV, **changes}).digest


def test_the_digest_holds_what_a_run_sees_and_nothing_else(desk: Desk) -> None:
    desk.put_csv()
    first = digest_of(desk)
    assert digest_of(desk, title="Mine", note="A sentence.", test_share=None) == first
    assert digest_of(desk, train_items=9, split_seed=0) == first  # all that are left
    assert digest_of(desk, split_seed=1) != first
    assert digest_of(desk, classes=["a", "b", "c"]) != first
    assert digest_of(desk, labels=[2, 1, 0]) != first
    desk.put("test.csv", csv_text(pictures(5, seed=2), None))
    assert digest_of(desk, unlabelled="test.csv", first_id=7) == first  # nothing is trained on these
    desk.put_csv(line_3=f"1,{','.join(['9'] * 16)}")
    assert digest_of(desk) != first


def test_names_are_told_as_the_table_has_them(desk: Desk, tmp_path: Path) -> None:
    desk.put("raw/train.csv", csv_text(pictures(12), labels(12)))
    inside = desk.find(kind="csv", train="raw/train.csv", test_items=3)
    elsewhere = desk.find(
        kind="csv", train=str(desk.root / "raw" / ".." / ".." / "project" / "raw" / "train.csv"), test_items=3
    )
    assert inside.files[0][0] == "raw/train.csv"
    assert not str(elsewhere.files[0][0]).startswith("/")
    content = (desk.root / "raw" / "train.csv").read_bytes()
    assert inside.files[0][1:] == (len(content), hashlib.sha256(content).hexdigest())


def test_unchanged_files_are_not_read_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("test.csv", csv_text(pictures(5, seed=2), None))
    desk.put_csv()
    first = desk.find(**CSV, unlabelled="test.csv")
    monkeypatch.setattr(own_find._Search, "read", None)
    again = desk.find(**CSV, unlabelled="test.csv")
    assert again == first
    assert desk.find(**CSV, unlabelled="test.csv", title="New", note="Said.").own is not None
    assert desk.find(**CSV, unlabelled="test.csv", title="New").own.title == "New"  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["csv", "images"])
def test_a_changed_file_is_read_again(desk: Desk, kind: str) -> None:
    table = CSV if kind == "csv" else {"kind": "images", "train": "photos", "test_items": 3}
    if kind == "csv":
        desk.put_csv()
    else:
        desk.put_classes("photos", {"a": 4, "b": 4, "c": 4})
    first = desk.find(**table)
    if kind == "csv":
        desk.put_csv(13)
    else:
        desk.put("photos/b/new.png", png(pictures(1, seed=9)[0]))
    second = desk.find(**table)
    assert second.own is not None and second.own.n_labelled == 13
    assert second.digest != first.digest


def test_a_file_written_a_moment_ago_is_not_trusted(desk: Desk) -> None:
    desk.put_csv()
    find_now: dict[str, Any] = {
        "data_dir": None, "keras_home": desk.root, "cache": desk.cache, "when_unavailable": "error",
        "own": desk.sets(**CSV), "say": desk.said.append,
    }  # fmt: skip
    find("mine", **find_now, clock=lambda: 0)
    find("mine", **find_now, clock=lambda: 0)
    assert len([said for said in desk.said if said.startswith("reading mine")]) == 2


def test_a_broken_copy_is_made_anew(desk: Desk) -> None:
    desk.put_csv()
    desk.put("test.csv", csv_text(pictures(5, seed=2), None))
    found = desk.find(**CSV, unlabelled="test.csv")
    assert found.unlabelled is not None
    for folder, name in ((found.folder, "x_train"), (found.unlabelled.folder, "x_unlabelled")):
        path = folder / f"{name}.npy"
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
        os.utime(path, ns=(time.time_ns(), time.time_ns()))
        assert desk.find(**CSV, unlabelled="test.csv") == found
        assert any("made anew" in said for said in desk.said)
        desk.said.clear()
    assert np.array_equal(open_unlabelled(found.unlabelled.folder), pictures(5, seed=2))


def test_two_tables_of_the_same_files_do_not_share_a_copy(desk: Desk) -> None:
    desk.put_csv()
    first, second = desk.find(**CSV), desk.find(**CSV, classes=["a", "b", "c"])
    assert first.folder != second.folder
    assert open_dataset(first.folder).class_names == ("0", "1", "2")
    assert open_dataset(second.folder).class_names == ("a", "b", "c")


def test_images_for_the_report(desk: Desk) -> None:
    desk.put_csv()
    found = desk.find(**CSV)
    (picture,) = Images([found]).pictures(found.digest, "train", [4])
    data = open_dataset(found.folder)
    assert np.array_equal(picture.pixels, data.x_train[4]) and picture.label == data.y_train[4]
    assert np.array_equal(Images([found]).labels(found.digest, "test"), data.y_test)  # type: ignore[arg-type]


def test_duplicates_are_counted_and_told_and_kept(desk: Desk) -> None:
    images = pictures(8)
    train = images[[0, 1, 2, 3, 0, 1]]  # two copies
    test = images[[4, 5, 4, 2, 6]]  # one copy, one training image
    desk.put("train.csv", csv_text(train, np.array([0, 1, 0, 1, 0, 0])))  # and one has another label there
    desk.put("test.csv", csv_text(test, np.array([0, 1, 0, 0, 1])))
    desk.put("new.csv", csv_text(images[[3, 7]], None))
    found = desk.find(kind="csv", train="train.csv", test="test.csv", unlabelled="new.csv")
    assert found.own is not None
    same = found.own.duplicates
    assert (same.within_train, same.within_test, same.between, same.unlabelled) == (2, 1, 1, 1)
    assert same.conflicting == 2
    assert same.examples[0] == ("train.csv, line 4", "test.csv, line 5")
    assert len(open_dataset(found.folder).y_train) == 6
    (warning,) = warnings(found)
    assert desk.said.count(f"warning: {warning}") == 1
    assert warning == (
        "mine: 1 test image is in the training set too, 2 training images are copies of others, 1 test image is a"
        " copy of another, 1 image to submit is in the training set, 2 of the copies have several labels"
        " (such as train.csv, line 4 and test.csv, line 5); nothing was removed"
    )
    desk.find(kind="csv", train="train.csv", test="test.csv", unlabelled="new.csv")
    assert desk.said.count(f"warning: {warning}") == 2  # it is said of a remembered set too


def test_drawing_takes_each_class_by_its_share() -> None:
    marks = np.repeat([0, 1, 2], [60, 30, 10]).astype(np.uint8)
    test, train = draw(marks, (20, 30), seed=3)
    assert np.bincount(marks[test]).tolist() == [12, 6, 2]
    assert np.bincount(marks[train]).tolist() == [18, 9, 3]
    assert not set(test) & set(train)
    assert np.array_equal(test, np.sort(test))
    assert [each.tolist() for each in draw(marks, (20, 30), seed=3)] == [test.tolist(), train.tolist()]
    assert draw(marks, (20,), seed=4)[0].tolist() != test.tolist()
    everything = draw(marks, (33, 60, 7), seed=0)
    assert sorted(np.concatenate(everything).tolist()) == list(range(100))
    with pytest.raises(ValueError, match="101 items cannot be drawn from 100"):
        draw(marks, (50, 51), seed=0)


def test_a_drawing_never_changes() -> None:
    """Its result is part of keys: another one would make every stored run of such data a stranger."""
    places = np.concatenate(draw(labels(1_000, 7), (100, 200), seed=5))
    assert hashlib.sha256(places.astype("<i8").tobytes()).hexdigest()[:16] == "afe3b16383a974ec"


def test_shares_add_up() -> None:
    for size in range(41):
        got = shares(np.array([17, 3, 0, 20]), size)
        assert got.sum() == size and (got <= [17, 3, 0, 20]).all()


class Tiny:
    """A known data set of ten images in a data folder, and tables that divide it anew."""

    def __init__(self, root: Path) -> None:
        self.root = root
        put(root / "data" / "tiny", tiny_files())

    def find(self, when: Any = "error", data: str = "data", **table: Any) -> Any:
        checked = OwnDataset.model_validate({"from": "tiny", **table})
        return find(
            "mine", data_dir=self.root / data, keras_home=self.root / "keras", cache=self.root / f"cache-{data}",
            when_unavailable=when, download=False, datasets=registry(tiny_source()),
            own=OwnSets(self.root / "experiments.toml", {"mine": checked}, {"mine": 7}),
        )  # fmt: skip


def test_a_known_data_set_divided_anew(tmp_path: Path) -> None:
    tiny = Tiny(tmp_path)
    found = tiny.find(train_items=6, test_items=3, unlabelled_items=1, first_id=5)
    data = open_dataset(found.folder)
    assert (found.requested, found.name, found.source) == ("mine", "mine", "own")
    assert data.class_names == ("round", "square", "pointed")
    assert (data.x_train.shape, data.x_test.shape) == ((6, 3, 2, 1), (3, 3, 2, 1))
    assert len(found.files) == 4
    assert (found.unlabelled.items, found.unlabelled.first_id) == (1, 5)
    assert (found.own.kind, found.own.known, found.own.order, found.own.n_labelled) == (
        "from",
        "tiny",
        "known",
        10,
    )
    assert tiny.find(train_items=6, test_items=3, unlabelled_items=1, first_id=5) == found
    with pytest.raises(InputError, match="it asks for 6 to train on, 5 to test on of 10 labelled images"):
        tiny.find(train_items=6, test_items=5)


def test_what_stands_in_for_the_known_data_set_stands_in_for_this_one(tmp_path: Path) -> None:
    tiny = Tiny(tmp_path)
    (tmp_path / "none").mkdir()
    found = tiny.find("embedded", data="none", train_items=6, test_items=3)
    assert (found.requested, found.name, found.source, found.stand_in) == ("mine", "digits", "embedded", True)
    with pytest.raises(EnvironmentFault):
        tiny.find(data="none", train_items=6, test_items=3)


def test_notes_of_other_tables_are_not_taken(desk: Desk) -> None:
    desk.put_csv()
    desk.find(**CSV)
    notes = list((desk.cache / "seen").glob("*.json"))
    assert trust.recall(desk.cache, (desk.root / "train.csv",), "another") is None
    desk.find(**CSV, split_seed=2)
    assert len(list((desk.cache / "seen").glob("*.json"))) > len(notes)


real = pytest.mark.skipif(not os.environ.get("REPORTGEN_DATA_DIR"), reason="REPORTGEN_DATA_DIR is not set")


@real
@pytest.mark.real_data
def test_mnist_in_the_sizes_of_kaggles_digits(tmp_path: Path) -> None:
    tables = {
        "log": {"from": "mnist", "train_items": 36_960, "test_items": 5_040},
        "notebook": {"from": "mnist", "train_items": 42_000, "test_items": 28_000},
    }
    own = OwnSets(tmp_path / "experiments.toml", {n: OwnDataset.model_validate(t) for n, t in tables.items()})
    for name, sizes in (("log", (36_960, 5_040)), ("notebook", (42_000, 28_000))):
        found = find(
            name, data_dir=Path(os.environ["REPORTGEN_DATA_DIR"]), keras_home=tmp_path, cache=tmp_path / "cache",
            when_unavailable="error", download=False, own=own,
        )  # fmt: skip
        data = open_dataset(found.folder)
        assert (len(data.y_train), len(data.y_test)) == sizes
        everywhere = np.bincount(np.concatenate([data.y_train, data.y_test])) / sum(sizes)
        assert np.allclose(np.bincount(data.y_test) / sizes[1], everywhere, atol=2e-4)


@real
@pytest.mark.real_data
def test_mnist_as_a_csv_file_holds_the_same_images(tmp_path: Path) -> None:
    mnist = find(
        "mnist", data_dir=Path(os.environ["REPORTGEN_DATA_DIR"]), keras_home=tmp_path, cache=tmp_path / "cache",
        when_unavailable="error", download=False,
    )  # fmt: skip
    data = open_dataset(mnist.folder)
    desk = Desk(tmp_path)
    desk.put("train.csv", csv_text(np.asarray(data.x_train[:2_000]), np.asarray(data.y_train[:2_000])))
    desk.put("more.csv", csv_text(np.asarray(data.x_test[:500]), np.asarray(data.y_test[:500])))
    own = desk.open(kind="csv", train="train.csv", test="more.csv")
    assert np.array_equal(own.x_train, data.x_train[:2_000]) and np.array_equal(
        own.y_train, data.y_train[:2_000]
    )
    assert np.array_equal(own.x_test, data.x_test[:500]) and np.array_equal(own.y_test, data.y_test[:500])
