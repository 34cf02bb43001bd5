"""Runs from elsewhere: whole ones are taken, all others are refused, nothing of them is run."""

from __future__ import annotations

import errno
import io
import json
import multiprocessing
import os
import pickle
import shutil
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.errors import StorageError
from reportgen.recordfile import to_files
from reportgen.store.accepted import accept, accepted, candidates, undo
from reportgen.store.key import run_key
from reportgen.store.merge import Merged, known_as, merge
from reportgen.store.notebooks import code_of, plain_notebook
from reportgen.store.objects import DAY, Store
from reportgen.store.sources import Refused
from tests.store.elsewhere import (
    MADE,
    folder_of,
    notebook,
    open_up,
    parts_of,
    record,
    rekeyed,
    rewritten,
    silent,
    store_of,
)

posix = pytest.mark.skipif(os.name != "posix", reason="links and pipes")


def merged(root: Path, source: Path, owner: str = "Anna", **how: Any) -> list[Merged]:
    """Merge into a store below a folder."""
    return list(merge(Store(root / "mine", silent), source, owner, **how))


def test_a_whole_run_is_taken_with_its_owner(tmp_path: Path) -> None:
    key, parts = store_of(tmp_path / "theirs" / ".reportgen" / "store")
    mine = Store(tmp_path / "mine", silent)
    done = merged(tmp_path, tmp_path / "theirs")
    assert [(each.key, each.what, each.row, each.owner) for each in done] == [(key, "taken", "one", "Anna")]
    header = mine.header(key)
    assert header is not None and mine.record(key) is not None
    assert header.made == {**MADE, "owner": "Anna"} and header.parts == parts
    assert [(each.what, each.owner) for each in merged(tmp_path, tmp_path / "theirs", "Ben")] == [
        ("there", "Anna")
    ]
    again = mine.header(key)
    assert again is not None and again.made["owner"] == "Anna"


def test_a_trained_model_is_left_behind_and_the_run_is_taken(tmp_path: Path) -> None:
    key, _ = store_of(tmp_path / "theirs")
    open_up(tmp_path / "theirs")
    folder = folder_of(tmp_path / "theirs", key)
    made = json.loads((folder / "record.json").read_bytes()) | {"model_file": "ab" * 32}
    rewritten(folder, {"model.keras": b"a pickle, perhaps", "record.json": json.dumps(made).encode()})
    assert [each.what for each in merged(tmp_path, tmp_path / "theirs")] == ["taken"]
    mine = Store(tmp_path / "mine", pytest.fail)
    header = mine.header(key)
    assert header is not None and "model.keras" not in header.files and mine.record(key) is not None
    assert not list((tmp_path / "mine").rglob("*.keras"))


def test_ones_own_store_gives_nothing_new_and_loses_nothing(tmp_path: Path) -> None:
    key, _ = store_of(tmp_path / "mine")
    assert [each.what for each in merged(tmp_path, tmp_path / "mine")] == ["there"]
    header = Store(tmp_path / "mine", pytest.fail).header(key)
    assert header is not None and "owner" not in header.made, "what is one's own stays so"


def test_a_run_on_a_gpu_is_taken(tmp_path: Path) -> None:
    made = record()
    made = replace(made, environment={**made.environment, "gpu": "Tesla T4"})
    store_of(tmp_path / "colab", made, machine="x86_64, Tesla T4")
    store_of(tmp_path / "wrong", made, machine="x86_64, Another")
    assert [each.what for each in merged(tmp_path, tmp_path / "colab")] == ["taken"]
    assert [each.reason for each in merged(tmp_path, tmp_path / "wrong")] == [
        "its record is of another run: not the same machine"
    ]


def test_nothing_below_a_folder_without_runs(tmp_path: Path) -> None:
    assert merged(tmp_path, tmp_path) == []


def test_who_made_a_run_stays_its_owner_unless_told_otherwise(tmp_path: Path) -> None:
    store_of(tmp_path / "ben")
    list(merge(Store(tmp_path / "anna", silent), tmp_path / "ben", "Ben"))
    assert [each.owner for each in merged(tmp_path / "a", tmp_path / "anna")] == ["Ben"]
    assert [each.owner for each in merged(tmp_path / "b", tmp_path / "anna", always=True)] == ["Anna"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("home/anna", "anna"),
        ("home/anna/.reportgen/store", "anna"),
        ("labo/reportgen-record", "labo"),
        ("Downloads/Anna Weber.zip", "Anna Weber"),
        ("ci/artifact (1).zip", "ci"),
        ("ci/runs-3", "ci"),
    ],
)
def test_an_owner_is_named_by_the_nearest_folder_that_says_something(path: str, name: str) -> None:
    assert known_as(Path("/") / path) == name
    assert known_as(Path("/tmp/store")) == ""
    assert known_as(Path("/people/luc/Downloads/reportgen-record.zip"), Path("/people/luc")) == ""


def test_a_damaged_run_of_ours_is_mended_by_theirs(tmp_path: Path) -> None:
    key, _ = store_of(tmp_path / "theirs")
    shutil.copytree(tmp_path / "theirs", tmp_path / "mine")
    path = folder_of(tmp_path / "mine", key) / "arrays.npz"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert [each.what for each in merged(tmp_path, tmp_path / "theirs")] == ["taken"]
    assert Store(tmp_path / "mine", pytest.fail).record(key) is not None


# What is refused.


def _flipped(folder: Path) -> None:
    path = folder / "arrays.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


class Bomb:
    """Unpickling it would leave a file."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.mkdir, ("bomb-went-off",)


def _in_the_arrays(folder: Path, name: str, member: bytes) -> None:
    content = io.BytesIO((folder / "arrays.npz").read_bytes())
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, member)
    rewritten(folder, {"arrays.npz": content.getvalue()})


def _npy(head: str, payload: bytes = b"") -> bytes:
    text = head.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + payload


def _pickle_in_the_arrays(folder: Path) -> None:
    member = io.BytesIO()
    np.lib.format.write_array(member, np.array([Bomb()], dtype=object), allow_pickle=True)
    _in_the_arrays(folder, "history.bomb.npy", member.getvalue())


def _huge_shape(folder: Path) -> None:
    _in_the_arrays(
        folder, "x.npy", _npy("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999,), }")
    )


def _structured(folder: Path) -> None:
    head = "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }"
    _in_the_arrays(folder, "x.npy", _npy(head, bytes(8)))


def _no_array(folder: Path) -> None:
    _in_the_arrays(folder, "x.npy", pickle.dumps(Bomb()))


def _npz_bomb(folder: Path) -> None:
    content = io.BytesIO((folder / "arrays.npz").read_bytes())
    with (
        zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("x.npy", "w") as member,
    ):
        for _ in range(70):
            member.write(bytes(1 << 20))
    rewritten(folder, {"arrays.npz": content.getvalue()})


def _pickle_beside(folder: Path) -> None:
    rewritten(folder, {"model.pkl": pickle.dumps(Bomb())})


def _unlisted_file(folder: Path) -> None:
    (folder / "sitecustomize.py").write_text("raise SystemExit")


def _unlisted_folder(folder: Path) -> None:
    (folder / "more").mkdir()


def _other_seed(folder: Path) -> None:
    rewritten(folder, to_files(record(seed=7)))


def _other_python(folder: Path) -> None:
    rewritten(folder, to_files(record(python="3.13.1")))


def _other_parts(folder: Path) -> None:
    rewritten(folder, {}, parts={"seed": 1})


def _other_key(folder: Path) -> None:
    rewritten(folder, {}, key="ab" * 32)


def _other_code(folder: Path) -> None:
    rewritten(folder, {"notebook.ipynb": notebook("import os")})


def _a_link(folder: Path) -> None:
    shutil.move(folder / "log.txt", folder.parent / "log.txt")
    (folder / "log.txt").symlink_to(folder.parent / "log.txt")


def _a_pipe(folder: Path) -> None:
    (folder / "log.txt").unlink()
    os.mkfifo(folder / "log.txt")


def _no_record(folder: Path) -> None:
    outer = json.loads((folder / "header.json").read_text())
    (folder / "record.json").unlink()
    del outer["header"]["files"]["record.json"]
    rewritten(folder, {}, files=outer["header"]["files"])


def _said_too_large(folder: Path) -> None:
    outer = json.loads((folder / "header.json").read_text())
    rewritten(folder, {}, files={**outer["header"]["files"], "log.txt": [2 << 30, "0" * 64]})


def _a_changed_header(folder: Path) -> None:
    path = folder / "header.json"
    path.write_text(path.read_text().replace('"row": "one"', '"row": "two"'))


def _older_schema(folder: Path) -> None:
    rekeyed(folder, parts_of(record(), schema=0))


def _newer_store(folder: Path) -> None:
    rewritten(folder, {}, version=2)


def _unknown_part(folder: Path) -> None:
    rekeyed(folder, parts_of(record(), searched="a" * 64))


def _other_source(folder: Path) -> None:
    rekeyed(folder, parts_of(record(), warm_start="a" * 64))


def _other_split(folder: Path) -> None:
    rekeyed(folder, parts_of(record(), split_seed=7))


def _path_of_weights(folder: Path) -> None:
    rekeyed(folder, parts_of(record(), weights={"own.h5": "/etc/passwd"}))


def _text_in_the_versions(folder: Path) -> None:
    rekeyed(folder, parts_of(record(), versions={"python": "<script>1</script>"}))


def _facts(**changed: Any) -> Callable[[Path], None]:
    """Harm to record.json: values by their dotted places."""

    def harm(folder: Path) -> None:
        facts = json.loads((folder / "record.json").read_bytes())
        for place, value in changed.items():
            *path, last = place.split("__")
            inner = facts
            for name in path:
                inner = inner[int(name) if name.isdigit() else name]
            inner[last] = value
        rewritten(folder, {"record.json": json.dumps(facts).encode()})

    return harm


def _deep(folder: Path) -> None:
    rewritten(folder, {"record.json": b'{"a":' * 100_000 + b"1" + b"}" * 100_000})


def _deep_header(folder: Path) -> None:
    (folder / "header.json").write_bytes(b"[" * 100_000)


REFUSED = [
    (_flipped, "damaged-run", "arrays.npz fails its check"),
    (_pickle_in_the_arrays, "bad-record", "Python objects, which are never unpickled"),
    (_huge_shape, "bad-record", "not the shape"),
    (_structured, "bad-record", "no plain array"),
    (_no_array, "bad-record", "x.npy is no array"),
    (_npz_bomb, "too-large", "once unpacked"),
    (_pickle_beside, "unknown-file", "model.pkl"),
    (_unlisted_file, "unknown-file", "sitecustomize.py"),
    (_unlisted_folder, "unknown-file", "more"),
    (_other_seed, "other-run", "seed"),
    (_other_python, "other-run", "python"),
    (_other_parts, "wrong-key", "key is not"),
    (_other_key, "damaged-run", "belongs to another run"),
    (_other_code, "other-code", "code"),
    pytest.param(_a_link, "link", "log.txt", marks=posix),
    pytest.param(_a_pipe, "link", "log.txt", marks=posix),
    (_no_record, "damaged-run", "record.json is missing"),
    (_said_too_large, "too-large", "larger than any run"),
    (_a_changed_header, "damaged-run", "the header fails its check"),
    (lambda folder: (folder / "header.json").write_bytes(b"{"), "damaged-run", "header"),
    (_deep_header, "damaged-run", "header"),
    (lambda folder: (folder / "log.txt").unlink(), "damaged-run", "log.txt is missing"),
    (lambda folder: folder.rename(folder.with_name("run-1")), "wrong-key", "name of a run"),
    (_older_schema, "other-version", "format 0; this one reads format 2"),
    (_newer_store, "other-version", "store format 2"),
    (_unknown_part, "other-version", "another version"),
    (_other_source, "other-run", "warm_start"),
    (_other_split, "other-run", "split_seed"),
    (_path_of_weights, "wrong-key", "weights"),
    (_facts(model_file="../x"), "bad-record", "model_file"),
    (_facts(stopped__by="Early\nStopping"), "bad-record", "stopped"),
    (_facts(stopped__planned=3), "bad-record", "stopped"),
    (_facts(stopped__restored=7), "bad-record", "tested_epoch"),
    (_facts(penalty={"train": 0.1}), "bad-record", "penalty"),
    (_facts(penalty__test="0"), "bad-record", "penalty"),
    (_facts(initial={"path": "/etc/passwd"}), "bad-record", "initial"),
    (_facts(augmentation=99), "bad-record", "augmentation"),
    (_facts(layers__0__inner=[{"name": "x"}]), "bad-record", "layers"),
    (_text_in_the_versions, "wrong-key", "versions"),
    (_deep, "bad-record", "RecursionError"),
    (_facts(more=1), "bad-record", "more"),
    (_facts(environment=[]), "bad-record", "environment"),
    (_facts(environment__cpu={}), "bad-record", "environment"),
    (_facts(times__train="1"), "bad-record", "times.train"),
    (_facts(times__train=float("nan")), "bad-record", "times.train"),
    (_facts(times__started="9999-12-31T23:59:59+00:00"), "bad-record", "times.started"),
    (_facts(data__class_names=["a\x1b[2J", *"bcdefghij"]), "bad-record", "data.class_names"),
    (_facts(data__class_names=["\ud800", *"bcdefghij"]), "bad-record", "data.class_names"),
    (_facts(data__class_names=[]), "bad-record", "outside 0 to -1"),
    (_facts(data__n_train=0), "bad-record", "no items"),
    (_facts(data__class_counts__test=[0] * 10), "bad-record", "class_counts.test"),
    (_facts(evaluation__test__accuracy=0.999), "bad-record", "not that of the labels"),
    (_facts(evaluation={}), "bad-record", "evaluation"),
    (_facts(layers__0__output_shape=[-1]), "bad-record", "layers"),
    (_facts(optimizer={"name": 1}), "bad-record", "optimizer"),
    (_facts(seed=True), "bad-record", "seed"),
    (_facts(peak_memory=-1), "bad-record", "times"),
]


@pytest.mark.parametrize(("harm", "code", "reason"), REFUSED)
def test_a_run_that_is_not_whole_is_refused(
    harm: Callable[[Path], None], code: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("reportgen.store.foreign.MOST_UNPACKED", 64 << 20)
    key, _ = store_of(tmp_path / "theirs")
    open_up(tmp_path / "theirs")
    harm(folder_of(tmp_path / "theirs", key))
    before = sorted(path for path in (tmp_path / "theirs").rglob("*"))
    (done,) = merged(tmp_path, tmp_path / "theirs")
    assert (done.what, done.code) == ("refused", code)
    assert reason in done.reason
    assert list(Store(tmp_path / "mine", silent).headers()) == []
    assert not Path("bomb-went-off").exists()
    assert sorted(path for path in (tmp_path / "theirs").rglob("*")) == before, "what is not ours stays"


def test_one_bad_run_does_not_keep_the_others_out(tmp_path: Path) -> None:
    bad, _ = store_of(tmp_path / "theirs")
    good, _ = store_of(tmp_path / "theirs", record(seed=7))
    open_up(tmp_path / "theirs")
    _flipped(folder_of(tmp_path / "theirs", bad))
    assert {each.key: each.what for each in merged(tmp_path, tmp_path / "theirs")} == {
        bad: "refused",
        good: "taken",
    }


def test_what_a_system_leaves_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    key, _ = store_of(tmp_path / "theirs")
    open_up(tmp_path / "theirs")
    for name in (".DS_Store", "._record.json", "Thumbs.db"):
        (folder_of(tmp_path / "theirs", key) / name).write_bytes(b"junk")
    assert [each.what for each in merged(tmp_path, tmp_path / "theirs")] == ["taken"]
    assert sorted(path.name for path in folder_of(tmp_path / "mine", key).iterdir()) == [
        "arrays.npz", "header.json", "log.txt", "notebook.ipynb", "record.json"
    ]  # fmt: skip


def test_what_the_maker_says_besides_is_kept_only_where_it_is_what_it_should_be(tmp_path: Path) -> None:
    key, _ = store_of(tmp_path / "theirs")
    open_up(tmp_path / "theirs")
    made = {
        "row": "one\x1b[2J",
        "seconds": float("inf"),
        "epochs": -1,
        "owner": "  Ben\n\u202eneB ",
        "more": {},
    }
    rewritten(folder_of(tmp_path / "theirs", key), {}, made=made)
    merged(tmp_path, tmp_path / "theirs")
    header = Store(tmp_path / "mine", silent).header(key)
    assert header is not None and header.made == {"row": "one?[2J", "owner": "Ben neB"}


# Archives.


def zipped(root: Path, archive: Path, prefix: str = "", extra: Mapping[str, bytes] | None = None) -> Path:
    """A ZIP of a folder, and members besides."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        for path in sorted(root.rglob("*")):
            made.write(path, prefix + str(path.relative_to(root)))
        for name, content in (extra or {}).items():
            made.writestr(name, content)
    return archive


@pytest.mark.parametrize("prefix", ["", "anna/.reportgen/store/"])
def test_an_archive_is_read_as_it_is(prefix: str, tmp_path: Path) -> None:
    key, _ = store_of(tmp_path / "theirs")
    junk = {f"__MACOSX/{prefix}objects/{key[:2]}/{key}/._header.json": b"junk"}
    archive = zipped(tmp_path / "theirs", tmp_path / "runs.zip", prefix, junk)
    before = sorted(tmp_path.iterdir())
    assert [(each.key, each.what) for each in merged(tmp_path, archive)] == [(key, "taken")]
    assert Store(tmp_path / "mine", pytest.fail).record(key) is not None
    assert sorted(tmp_path.iterdir()) == [tmp_path / "mine", *before]
    assert [each.what for each in merged(tmp_path, archive)] == ["there"]


@pytest.mark.parametrize(
    "name", ["../escaped", "a/../../escaped", "/tmp/escaped", "..\\escaped", "C:escaped", "a\nb"]
)
def test_a_name_that_leads_out_of_an_archive_condemns_it(name: str, tmp_path: Path) -> None:
    store_of(tmp_path / "theirs")
    archive = zipped(tmp_path / "theirs", tmp_path / "runs.zip", extra={name: b"x"})
    with pytest.raises(Refused, match="leads elsewhere") as refused:
        merged(tmp_path, archive)
    assert refused.value.code == "unsafe-archive"
    assert not (tmp_path / "mine").exists()


def test_a_run_with_a_member_twice_is_refused(tmp_path: Path) -> None:
    key, _ = store_of(tmp_path / "theirs")
    archive = zipped(tmp_path / "theirs", tmp_path / "runs.zip")
    with zipfile.ZipFile(archive, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr(f"objects/{key[:2]}/{key}/record.json", b"{}")
    with pytest.raises(Refused, match="twice"):
        merged(tmp_path, archive)


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    key, _ = store_of(tmp_path / "theirs")
    open_up(tmp_path / "theirs")
    (folder_of(tmp_path / "theirs", key) / "log.txt").unlink()
    archive = zipped(tmp_path / "theirs", tmp_path / "runs.zip")
    link = zipfile.ZipInfo(f"objects/{key[:2]}/{key}/log.txt")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(archive, "a") as made:
        made.writestr(link, "/etc/passwd")
    assert [each.code for each in merged(tmp_path, archive)] == ["link"]


def test_a_bomb_in_an_archive_is_not_unpacked(tmp_path: Path) -> None:
    key, _ = store_of(tmp_path / "theirs")
    open_up(tmp_path / "theirs")
    (folder_of(tmp_path / "theirs", key) / "arrays.npz").unlink()
    archive = zipped(tmp_path / "theirs", tmp_path / "runs.zip")
    with (
        zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as made,
        made.open(f"objects/{key[:2]}/{key}/arrays.npz", "w") as member,
    ):
        for _ in range(100):
            member.write(bytes(1 << 20))
    assert archive.stat().st_size < 1 << 20
    import tracemalloc

    tracemalloc.start()
    (done,) = merged(tmp_path, archive)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (done.code, done.reason) == ("damaged-run", "arrays.npz fails its check")
    assert peak < 32 << 20, "no more is unpacked than the header names"


@pytest.mark.parametrize("content", [b"", b"PK", b"not an archive at all", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive_is_said_to_be_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "runs.zip"
    path.write_bytes(content)
    if content.startswith(b"PK\x05"):  # an empty archive
        assert merged(tmp_path, path) == []
    else:
        with pytest.raises(Refused, match="no folder and no whole ZIP"):
            merged(tmp_path, path)


def test_a_cut_or_flipped_archive_gives_no_bad_run(tmp_path: Path) -> None:
    store_of(tmp_path / "theirs")
    whole = zipped(tmp_path / "theirs", tmp_path / "whole.zip").read_bytes()
    path = tmp_path / "runs.zip"
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        content = bytearray(whole)
        content[at] ^= 0x10
        for damaged in (bytes(content), whole[:at]):
            path.write_bytes(damaged)
            try:
                done = merged(tmp_path / f"{at}-{len(damaged)}", path)
            except Refused:
                continue
            assert {each.what for each in done} <= {"taken", "refused"}
            for each in done:
                if each.what == "taken":  # the flipped bit was in nothing that is read
                    assert (
                        Store(tmp_path / f"{at}-{len(damaged)}" / "mine", pytest.fail).record(each.key)
                        is not None
                    )


@posix
def test_a_pipe_is_no_archive(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "runs.zip")
    with pytest.raises(Refused, match="no folder and no file"):
        merged(tmp_path, tmp_path / "runs.zip")


def test_a_very_long_list_of_members_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store_of(tmp_path / "theirs")
    archive = zipped(tmp_path / "theirs", tmp_path / "runs.zip")
    monkeypatch.setattr("reportgen.store.sources.MOST_DIRECTORY", 100)
    with pytest.raises(Refused, match="list of members"):
        merged(tmp_path, archive)


def test_a_whole_disk_is_not_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store_of(tmp_path / "theirs")
    monkeypatch.setattr("reportgen.store.sources.MOST_FOLDERS", 2)
    with pytest.raises(Refused, match="more than 2 folders"):
        merged(tmp_path, tmp_path / "theirs")


# Several at once, and storms.


def _merge_all(root: str, source: str) -> list[str]:
    return [each.what for each in merge(Store(Path(root), silent), Path(source), "Anna")]


def test_merges_at_the_same_time_give_one_whole_object_each(tmp_path: Path) -> None:
    for seed in range(6):
        store_of(tmp_path / "theirs", record(seed=seed))
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    with context.Pool(4) as pool:
        done = pool.starmap(_merge_all, [(str(tmp_path / "mine"), str(tmp_path / "theirs"))] * 4)
    assert all(set(each) <= {"taken", "there"} and len(each) == 6 for each in done)
    assert Store(tmp_path / "mine", pytest.fail).verify() == (6, ())


def test_a_full_disk_keeps_what_was_taken_before_and_leaves_nothing_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(3):
        store_of(tmp_path / "theirs", record(seed=seed))
    real, count = os.fsync, 0

    def full(handle: int) -> None:
        nonlocal count
        count += 1
        if count > 9:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    done: list[Merged] = []
    with pytest.raises(StorageError, match="No space left"):
        done.extend(merge(Store(tmp_path / "mine", silent), tmp_path / "theirs", "Anna"))
    monkeypatch.undo()
    mine = Store(tmp_path / "mine", pytest.fail)
    assert [each.what for each in done] == ["taken"] and mine.verify() == (1, ())
    assert not list((tmp_path / "mine" / "new").iterdir())
    assert [each.what for each in merged(tmp_path, tmp_path / "theirs")].count("taken") == 2


def test_a_run_that_was_just_found_there_is_not_collected(tmp_path: Path) -> None:
    key, _ = store_of(tmp_path / "theirs")
    merged(tmp_path, tmp_path / "theirs")
    folder, mine = folder_of(tmp_path / "mine", key), Store(tmp_path / "mine", pytest.fail)
    os.utime(folder, (0, 0))
    merged(tmp_path, tmp_path / "theirs")
    assert mine.gc(frozenset(), folder.stat().st_mtime + 60) == ()
    assert [header.key for header in mine.gc(frozenset(), folder.stat().st_mtime + DAY + 60)] == [key]


# Notebooks.


def test_an_executed_notebook_is_shown_as_code_and_text_alone() -> None:
    content = plain_notebook(notebook(), "Merged from Anna.")
    assert content is not None and b"script" not in content.replace(b"<script>1</script>", b"")
    shown = json.loads(content)
    assert {cell["cell_type"] for cell in shown["cells"]} == {"raw", "code"}, "no Markdown of others"
    assert [output["text"] for output in shown["cells"][-1]["outputs"]] == ["done[2J\n", "a model"]
    assert code_of(content) == code_of(notebook()) == ("x = 1",)
    import nbformat

    nbformat.validate(nbformat.from_dict(shown))
    assert plain_notebook(b"[]", "") is None and plain_notebook(b"\xff", "") is None


# Accepting.


def test_what_differs_in_the_machine_alone_may_be_accepted(tmp_path: Path) -> None:
    mine = Store(tmp_path / "mine", silent)
    key, parts = store_of(tmp_path / "theirs")
    merged(tmp_path, tmp_path / "theirs")
    wanted = {**parts, "versions": {**parts["versions"], "python": "3.11"}}
    (found,) = candidates(mine.headers(), wanted)
    assert (found.key, found.differences, found.owner) == (key, ('versions.python "3.12" -> "3.11"',), "Anna")
    assert found.parts == {"versions.python"}
    assert accepted(mine, run_key(wanted)) is None
    note = accept(mine, run_key(wanted), found.header, found.differences)
    assert note.owner == "Anna" and accepted(mine, run_key(wanted)) == note
    shutil.rmtree(folder_of(tmp_path / "mine", key))
    assert accepted(mine, run_key(wanted)) is None, "a note without its object says nothing"
    assert undo(mine, run_key(wanted)) and not undo(mine, run_key(wanted))


@pytest.mark.parametrize(
    "changed", [{"seed": 1}, {"parameters": {"epochs": 4}}, {"data": {"mnist": "x"}}, {"quick": {"train": 1}}]
)
def test_another_experiment_is_never_a_candidate(changed: dict[str, Any], tmp_path: Path) -> None:
    _, parts = store_of(tmp_path / "mine")
    assert candidates(Store(tmp_path / "mine", silent).headers(), {**parts, **changed}) == ()


def test_other_code_counts_only_where_it_was_made_for_the_same_row(tmp_path: Path) -> None:
    _, parts = store_of(tmp_path / "mine", row="one")
    headers = tuple(Store(tmp_path / "mine", silent).headers())
    wanted = {**parts, "code": "e" * 64}
    assert [each.parts for each in candidates(headers, wanted, ["one"])] == [{"code"}]
    assert candidates(headers, wanted, ["two"]) == (), "the same settings in another notebook"
    assert len(candidates(headers, parts, ["two"])) == 1


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"key": 3}', '{"key": "x", "differences": 1, "owner": ""}']
)
def test_a_damaged_note_is_none(text: str, tmp_path: Path) -> None:
    mine = Store(tmp_path / "mine", silent)
    (mine.root / "accepted").mkdir(parents=True)
    (mine.root / "accepted" / ("a" * 64 + ".json")).write_text(text)
    assert accepted(mine, "a" * 64) is None


def test_a_note_whose_writing_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, _ = store_of(tmp_path / "mine")
    mine = Store(tmp_path / "mine", silent)
    header = mine.header(key)
    assert header is not None

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        accept(mine, "b" * 64, header, ())
    assert list((mine.root / "accepted").iterdir()) == []
