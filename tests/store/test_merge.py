"""Runs from elsewhere: whole ones are taken, all others are refused, nothing of them is run."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.recordfile import to_files
from reportgen.store.accepted import accept, accepted, candidates
from reportgen.store.key import run_key
from reportgen.store.merge import merge
from reportgen.store.objects import Store
from tests import samples

MADE = {"row": "one", "seconds": 3.5, "epochs": 3, "started": "2026-11-20T10:00:00+00:00"}


def silent(_: str) -> None:
    """Warnings are not what these tests are about."""


def parts_of(record: Any, **changed: Any) -> dict[str, Any]:
    """The parts of the key of a record."""
    return {
        "schema": 1,
        "code": "c" * 64,
        "parameters": {k: v for k, v in record.parameters.items() if k != "seed"},
        "seed": record.seed,
        "data": {record.data.requested: record.data.digest},
        "quick": None,
        "lab": "d" * 64,
        "versions": {"python": "3.12", "numpy": "2.4"},
        "machine": "x86_64",
        **changed,
    }


def made_elsewhere(root: Path, **changed: Any) -> tuple[str, dict[str, Any]]:
    """A store with one run; its key and the parts of it."""
    record = samples.record()
    record = replace(record, parameters={**record.parameters, "seed": record.seed})
    parts = parts_of(record, **changed)
    files = {**to_files(record), "notebook.ipynb": b"{}", "log.txt": b""}
    Store(root, silent).put(run_key(parts), parts, MADE, files)
    return run_key(parts), parts


def folder_of(root: Path, key: str) -> Path:
    return root / "objects" / key[:2] / key


def rewritten(folder: Path, new: Mapping[str, bytes], **header: Any) -> None:
    """Write files into an object, and a header that fits them: what a forger would do."""
    outer = json.loads((folder / "header.json").read_text())
    facts = outer["header"] | header
    for name, content in new.items():
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_bytes(content)
        facts["files"][name] = [len(content), hashlib.sha256(content).hexdigest()]
    canonical = json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()
    (folder / "header.json").unlink()
    (folder / "header.json").write_text(
        json.dumps({"header": facts, "sha256": hashlib.sha256(canonical).hexdigest()})
    )


def test_a_whole_run_is_taken_with_its_owner(tmp_path: Path) -> None:
    key, parts = made_elsewhere(tmp_path / "theirs" / ".reportgen" / "store")
    mine = Store(tmp_path / "mine", silent)
    done = merge(mine, tmp_path / "theirs", "Anna")
    assert [(each.key, each.what, each.row) for each in done] == [(key, "taken", "one")]
    header, record = mine.header(key), mine.record(key)
    assert header is not None and record is not None
    assert header.made == {**MADE, "owner": "Anna"} and header.parts == parts
    assert [each.what for each in merge(mine, tmp_path / "theirs", "Ben")] == ["there"]
    again = mine.header(key)
    assert again is not None and again.made["owner"] == "Anna"


def test_nothing_below_a_folder_without_runs(tmp_path: Path) -> None:
    assert merge(Store(tmp_path / "mine", silent), tmp_path, "Anna") == ()


def _flipped(folder: Path) -> None:
    path = folder / "arrays.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)


class Bomb:
    """Unpickling it would leave a file."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.mkdir, ("bomb-went-off",)


def _pickle_in_the_arrays(folder: Path) -> None:
    content = io.BytesIO((folder / "arrays.npz").read_bytes())
    with zipfile.ZipFile(content, "a") as archive:
        member = io.BytesIO()
        np.lib.format.write_array(member, np.array([Bomb()], dtype=object), allow_pickle=True)
        archive.writestr("history.bomb.npy", member.getvalue())
    rewritten(folder, {"arrays.npz": content.getvalue()})


def _pickle_beside(folder: Path) -> None:
    rewritten(folder, {"model.pkl": pickle.dumps(Bomb())})


def _unlisted_file(folder: Path) -> None:
    (folder / "sitecustomize.py").write_text("raise SystemExit")


def _other_seed(folder: Path) -> None:
    record = replace(samples.record(), seed=7)
    rewritten(folder, to_files(record))


def _other_parts(folder: Path) -> None:
    rewritten(folder, {}, parts={"seed": 1})


def _a_link(folder: Path) -> None:
    shutil.move(folder / "log.txt", folder.parent / "log.txt")
    (folder / "log.txt").symlink_to(folder.parent / "log.txt")


def _no_record(folder: Path) -> None:
    outer = json.loads((folder / "header.json").read_text())
    (folder / "record.json").unlink()
    del outer["header"]["files"]["record.json"]
    rewritten(folder, {}, files=outer["header"]["files"])


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (_flipped, "fails its check"),
        (_pickle_in_the_arrays, "Object arrays cannot be loaded"),
        (_pickle_beside, "model.pkl"),
        (_unlisted_file, "sitecustomize.py"),
        (_other_seed, "another run"),
        (_other_parts, "key is not"),
        (_a_link, "link"),
        (_no_record, "record.json is missing"),
        (lambda folder: (folder / "header.json").write_bytes(b"{"), "header"),
        (lambda folder: (folder / "log.txt").unlink(), "log.txt is missing"),
    ],
)
def test_a_run_that_is_not_whole_is_refused(
    harm: Callable[[Path], None], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    key, _ = made_elsewhere(tmp_path / "theirs")
    folder = folder_of(tmp_path / "theirs", key)
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755)
    harm(folder)
    mine = Store(tmp_path / "mine", silent)
    done = merge(mine, tmp_path / "theirs", "Anna")
    assert [each.what for each in done] == ["refused"] and reason in done[0].reason
    assert list(mine.headers()) == [] and not Path("bomb-went-off").exists()
    assert folder.exists(), "what is not ours is left where it is"


def test_what_differs_in_the_machine_alone_may_be_accepted(tmp_path: Path) -> None:
    mine = Store(tmp_path / "mine", silent)
    key, parts = made_elsewhere(tmp_path / "theirs")
    merge(mine, tmp_path / "theirs", "Anna")
    wanted = {**parts, "versions": {**parts["versions"], "python": "3.11"}}
    found = candidates(mine, wanted)
    assert [(header.key, differences) for header, differences in found] == [
        (key, ('versions.python "3.12" -> "3.11"',))
    ]
    assert accepted(mine, run_key(wanted)) is None
    note = accept(mine, run_key(wanted), *found[0])
    assert note.owner == "Anna" and accepted(mine, run_key(wanted)) == note
    shutil.rmtree(folder_of(tmp_path / "mine", key))
    assert accepted(mine, run_key(wanted)) is None, "a note without its object says nothing"


@pytest.mark.parametrize(
    "changed", [{"seed": 1}, {"parameters": {"epochs": 4}}, {"data": {"mnist": "x"}}, {"quick": {"train": 1}}]
)
def test_another_experiment_is_never_a_candidate(changed: dict[str, Any], tmp_path: Path) -> None:
    _, parts = made_elsewhere(tmp_path / "mine")
    assert candidates(Store(tmp_path / "mine", silent), {**parts, **changed}) == ()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"key": 3}', '{"key": "x", "differences": 1, "owner": ""}']
)
def test_a_damaged_note_is_none(text: str, tmp_path: Path) -> None:
    mine = Store(tmp_path / "mine", silent)
    (mine.root / "accepted").mkdir(parents=True)
    (mine.root / "accepted" / ("a" * 64 + ".json")).write_text(text)
    assert accepted(mine, "a" * 64) is None
