"""Objects: whole or absent, whatever happens."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.errors import StorageError
from reportgen.recordfile import digest, to_files
from reportgen.store.header import Header, verified
from reportgen.store.objects import DAY, Store
from tests.samples import record

KEY = "ab" * 32
FILES = to_files(record(n_test=20, n_validation=10)) | {"notebook.ipynb": b"{}", "log.txt": b""}


def filled(folder: Path) -> tuple[Store, list[str]]:
    """A store with one object, and the warnings it gives."""
    warnings: list[str] = []
    store = Store(folder, warnings.append)
    store.put(KEY, {"seed": 1}, {"row": "a", "seconds": 1.0}, FILES)
    return store, warnings


def place(store: Store, name: str) -> Path:
    """A file of the object."""
    return store.root / "objects" / "ab" / KEY / name


def test_what_was_put_comes_back(tmp_path: Path) -> None:
    store, warnings = filled(tmp_path)
    found = store.record(KEY)
    assert found is not None
    assert digest(found) == digest(record(n_test=20, n_validation=10))
    assert store.files(KEY) == FILES
    assert [header.key for header in store.headers()] == [KEY]
    assert not warnings
    assert not list((tmp_path / "new").iterdir())


def test_objects_are_read_only(tmp_path: Path) -> None:
    store, _ = filled(tmp_path)
    assert all(path.stat().st_mode & 0o222 == 0 for path in place(store, "x").parent.iterdir())


def test_a_model_is_added_to_a_run_and_never_taken_away(tmp_path: Path) -> None:
    store, warnings = filled(tmp_path)
    store.put(KEY, {"seed": 1}, {}, {**FILES, "model.keras": b"weights"})
    assert store.files(KEY, ("model.keras",)) == {"model.keras": b"weights"}
    store.put(KEY, {"seed": 1}, {}, FILES)
    assert store.files(KEY, ("model.keras",)) == {"model.keras": b"weights"}
    assert store.record(KEY) is not None
    assert not warnings and not list((tmp_path / "new").iterdir())


def test_a_reader_in_whose_hands_a_run_gets_its_model_reads_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, warnings = filled(tmp_path)
    fuller = {**FILES, "log.txt": b"another", "model.keras": b"weights"}
    asked = iter(range(9))

    def read(folder: Path, header: Header, name: str) -> bytes:
        if next(asked) == 0:
            store.put(KEY, {"seed": 1}, {}, fuller)
        return verified(folder, header, name)

    monkeypatch.setattr("reportgen.store.objects.verified", read)
    assert store.files(KEY, ("log.txt",)) == {"log.txt": b"another"}
    assert not warnings


def test_a_record_of_an_older_reportgen_is_left_alone(tmp_path: Path) -> None:
    warnings: list[str] = []
    store = Store(tmp_path, warnings.append)
    facts = json.loads(FILES["record.json"]) | {"schema": 1}
    store.put(KEY, {"seed": 1}, {}, FILES | {"record.json": json.dumps(facts).encode()})
    assert store.record(KEY) is None
    assert store.verify() == (1, ())
    assert not warnings


def test_an_absent_object_is_none_without_a_warning(tmp_path: Path) -> None:
    store, warnings = filled(tmp_path)
    assert store.header("cd" * 32) is None
    assert store.record("cd" * 32) is None
    assert not warnings


def flip(path: Path, at: int) -> None:
    """Change one bit."""
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))


def cut(path: Path) -> None:
    """Lose the second half."""
    path.chmod(0o644)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize("name", ["record.json", "arrays.npz"])
@pytest.mark.parametrize("damage", [lambda p: flip(p, 0), lambda p: flip(p, -1), cut, Path.unlink])
def test_a_damaged_payload_is_a_miss_with_one_warning(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    store, warnings = filled(tmp_path)
    damage(place(store, name))
    assert store.record(KEY) is None
    assert len(warnings) == 1
    assert KEY[:12] in warnings[0]
    assert store.header(KEY) is None
    assert len(list((tmp_path / "corrupt").iterdir())) == 1
    store.put(KEY, {"seed": 1}, {}, FILES)
    assert store.record(KEY) is not None


def test_every_flipped_bit_of_a_header_is_seen(tmp_path: Path) -> None:
    store, warnings = filled(tmp_path)
    whole = place(store, "header.json").read_bytes()
    for at in range(0, len(whole), 7):
        flip(place(store, "header.json"), at)
        header = store.header(KEY)
        assert header is None or header.parts == {"seed": 1}
        if header is None:
            store.put(KEY, {"seed": 1}, {"row": "a", "seconds": 1.0}, FILES)
        else:
            flip(place(store, "header.json"), at)
    assert len(warnings) > len(whole) / 7 * 0.9


def test_an_object_under_another_key_is_a_miss(tmp_path: Path) -> None:
    store, warnings = filled(tmp_path)
    other = "cd" * 32
    target = tmp_path / "objects" / "cd" / other
    target.parent.mkdir()
    place(store, "x").parent.rename(target)
    assert store.header(other) is None
    assert "another run" in warnings[0]


def test_an_object_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    store, warnings = filled(tmp_path)
    path = place(store, "header.json")
    header = json.loads(path.read_text())["header"] | {"version": 999}
    path.chmod(0o644)
    import hashlib

    check = hashlib.sha256(json.dumps(header, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    path.write_text(json.dumps({"header": header, "sha256": check}, sort_keys=True))
    assert store.header(KEY) is None
    assert path.exists()
    assert not warnings


def test_a_pickle_is_never_loaded(tmp_path: Path) -> None:
    import io
    import pickle
    import zipfile

    canary = tmp_path / "canary"

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[object, ...]]:
            return Path.touch, (canary,)

    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        head = b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little")
        text = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
        archive.writestr("history.loss.npy", head + text.ljust(117) + b"\n" + pickle.dumps([Trap()]))
    warnings: list[str] = []
    store = Store(tmp_path / "store", warnings.append)
    store.put(KEY, {}, {}, FILES | {"arrays.npz": content.getvalue()})
    assert store.record(KEY) is None
    assert len(warnings) == 1
    assert not canary.exists()


def _fails_at(monkeypatch: pytest.MonkeyPatch, point: int, error: OSError) -> list[int]:
    """Make the n-th call that touches the disk fail; returns the calls that were made."""
    calls: list[int] = []

    def failing(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            calls.append(1)
            if len(calls) == point:
                raise error
            return real(*args, **kwargs)

        return call

    monkeypatch.setattr(os, "fsync", failing(os.fsync))
    monkeypatch.setattr(Path, "rename", failing(Path.rename))
    monkeypatch.setattr(Path, "mkdir", failing(Path.mkdir))
    monkeypatch.setattr(Path, "open", failing(Path.open))
    monkeypatch.setattr(Path, "chmod", failing(Path.chmod))
    return calls


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_write_that_fails_anywhere_leaves_nothing_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    failures = 0
    for point in range(1, 40):
        folder = tmp_path / str(point)
        store = Store(folder, lambda text: None)
        with monkeypatch.context() as patch:
            calls = _fails_at(patch, point, OSError(code, os.strerror(code)))
            try:
                store.put(KEY, {}, {}, FILES)
            except StorageError as error:
                failures += 1
                assert os.strerror(code) in str(error)
        assert not list((folder / "new").glob("*"))
        if point <= len(calls):
            found = store.files(KEY)
            assert found is None or found == FILES
        else:
            assert store.files(KEY) == FILES
            break
        store.put(KEY, {}, {}, FILES)
        assert store.files(KEY) == FILES
    else:
        pytest.fail("the write has more steps than this test expects")
    assert failures > 8


def _put_many(root: str, numbers: list[int]) -> None:
    store = Store(Path(root), lambda text: None)
    for number in numbers:
        store.put(f"{number:064x}", {"n": number}, {}, {"log.txt": str(number).encode()})


def test_many_writers_of_the_same_objects_leave_whole_ones(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_put_many, args=(str(tmp_path), list(range(20)))) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    store = Store(tmp_path, pytest.fail)
    assert [store.files(f"{n:064x}") for n in range(20)] == [{"log.txt": str(n).encode()} for n in range(20)]


def test_gc_keeps_what_is_needed_and_what_was_used_today(tmp_path: Path) -> None:
    store, _ = filled(tmp_path)
    now = place(store, "x").parent.stat().st_mtime
    assert store.gc(frozenset(), now + 10) == ()
    assert store.gc(frozenset({KEY}), now + 2 * DAY) == ()
    assert [header.key for header in store.gc(frozenset(), now + 2 * DAY, dry=True)] == [KEY]
    assert store.header(KEY) is not None
    assert [header.key for header in store.gc(frozenset(), now + 2 * DAY)] == [KEY]
    assert store.header(KEY) is None


def test_gc_leaves_a_locked_run_alone(tmp_path: Path) -> None:
    store, _ = filled(tmp_path)
    now = place(store, "x").parent.stat().st_mtime
    with store.lock(KEY, lambda: False) as held:
        assert held
        assert store.gc(frozenset(), now + 2 * DAY) == ()
    assert store.header(KEY) is not None


def test_waiting_for_a_lock_ends_when_the_build_is_stopped(tmp_path: Path) -> None:
    store, _ = filled(tmp_path)
    with store.lock(KEY, lambda: False), store.lock(KEY, lambda: True) as held:
        assert not held


def test_verify_counts_whole_and_damaged_objects(tmp_path: Path) -> None:
    store, _ = filled(tmp_path)
    store.put("cd" * 32, {}, {}, FILES)
    cut(place(store, "arrays.npz"))
    assert store.verify() == (1, (KEY,))
