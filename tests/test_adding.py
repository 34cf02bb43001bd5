"""`add` and `schema`: what they write, and that with a fault they write nothing."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from reportgen.adding import add_row
from reportgen.begin import begin
from reportgen.cli import run
from reportgen.errors import InputError, StorageError
from reportgen.experiments.json_schema import NAME
from reportgen.installed import Installed
from reportgen.workspace import Workspace, find_workspace


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a new coursework, in its folder."""
    begin(tmp_path / "lab", "minimal", Installed("1.0", "3.12"))
    monkeypatch.chdir(tmp_path / "lab")
    return Path("experiments.toml")


def work(file: Path) -> Workspace:
    return find_workspace(file, {})


def command(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        run(words)
    return int(end.value.code or 0)


def test_a_row_is_added_and_its_line_said(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = lab.read_text(encoding="utf-8")
    assert command("add", "--like", "mlp-200", "id=mlp-400", "hidden_units=[400]", "title=400 units") == 0
    said = capsys.readouterr().out.splitlines()
    after = lab.read_text(encoding="utf-8").splitlines()
    place, _, rest = said[0].partition(": ")
    line = int(place.removeprefix("experiments.toml:"))
    assert rest == 'section "perceptrons" has the row "mlp-400"'
    assert [each.strip() for each in said[1:]] == after[line - 1 : line - 2 + len(said)]
    assert after[line - 1] == "[[experiment]]" and "hidden_units = [400]" in said[-1]
    assert set(before.splitlines()) <= set(after)
    assert command("check") == 0


def test_the_answer_for_machines_holds_the_row(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = lab.read_bytes()
    assert command("add", str(lab), "--like", "cnn", "id=cnn-2", "epochs=3", "--dry-run", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert lab.read_bytes() == before and found["added"] is False
    assert (found["id"], found["section"]) == ("cnn-2", "convolution")
    assert command("add", str(lab), "--like", "cnn", "id=cnn-2", "epochs=3", "--json") == 0
    assert json.loads(capsys.readouterr().out) == found | {"added": True}
    lines = lab.read_text(encoding="utf-8").splitlines()
    assert "\n".join(lines[found["line"] - 1 :]).startswith(found["text"])


@pytest.mark.parametrize(
    ("words", "codes", "hint"),
    [
        (["id=x", "hiden_units=[3]"], ["unknown-parameter"], 'did you mean "hidden_units"'),
        (["id=x", "epochs=1.5", "activation=3"], ["bad-parameter", "bad-parameter"], "epochs: int"),
        (["id=x", "section=perceptron"], ["unknown-section"], 'did you mean "perceptrons"'),
        (["id=x", "tile=foo"], ["unknown-parameter"], 'did you mean "title"?'),
        (["id=x", "foo=3"], ["unknown-parameter"], "keys of a row: id, "),
        (["id=X y"], ["bad-value"], 'write "x-y"'),
        (["id=x", "seed=true"], ["wrong-type"], ""),
        (["id=x", "comment={{ row('y').test_accuracy }}"], ["unknown-row"], ""),
        (["id=mlp-50"], ["bad-row"], "id=mlp-200-2"),
        (["epochs"], ["bad-setting"], "epochs=200"),
    ],
)
def test_with_a_fault_nothing_is_written(
    lab: Path, capsys: pytest.CaptureFixture[str], words: list[str], codes: list[str], hint: str
) -> None:
    before = lab.read_bytes()
    assert command("add", "--like", "mlp-200", *words, "--json") == 2
    found = json.loads(capsys.readouterr().out)["problems"]
    assert [problem["code"] for problem in found] == codes
    assert hint in "".join(problem["remedy"] for problem in found)
    assert all(problem["line"] == 0 for problem in found), "the row stands in no line"
    assert lab.read_bytes() == before and [path.name for path in Path().glob(".exp*")] == []


def test_a_file_that_is_wrong_already_is_mended_first(lab: Path) -> None:
    text = lab.read_text(encoding="utf-8").replace("hidden_units = [50]", "hidden_unit = [50]")
    lab.write_text(text, encoding="utf-8")
    line = text[: text.index("hidden_unit = ")].count("\n") + 1
    with pytest.raises(InputError, match=rf"experiments.toml:{line}: error\[unknown-parameter\]"):
        add_row(work(lab), "mlp-200", {"id": "x"})
    with pytest.raises(InputError, match="no such file"):
        add_row(work(Path("other.toml")), "mlp-200", {"id": "x"})


@pytest.mark.skipif(sys.platform == "win32", reason="links and permissions as Windows has them")
def test_the_file_keeps_its_permissions_its_link_and_its_line_endings(lab: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere.toml"
    real.write_bytes(lab.read_bytes().replace(b"\n", b"\r\n"))
    real.chmod(0o640)
    lab.unlink()
    lab.symlink_to(real)
    add_row(work(lab), "mlp-200", {"id": "x", "epochs": 3})
    assert lab.is_symlink() and stat.S_IMODE(real.stat().st_mode) == 0o640
    content = real.read_bytes()
    assert b'\r\nid = "x"\r\n' in content and content.count(b"\n") == content.count(b"\r\n")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_cannot_be_written_stays(lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = lab.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda *_: False)
        with pytest.raises(StorageError, match="write-protected"):
            add_row(work(lab), "mlp-200", {"id": "x"})

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        add_row(work(lab), "mlp-200", {"id": "x"})
    assert lab.read_bytes() == before and list(Path().glob(".experiments.toml.*")) == []


def test_what_an_editor_saved_meanwhile_is_not_lost(lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def meanwhile(handle: int) -> None:
        lab.write_bytes(lab.read_bytes() + b"# saved\n")
        real(handle)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(StorageError, match="changed meanwhile"):
        add_row(work(lab), "mlp-200", {"id": "x"})
    assert lab.read_bytes().endswith(b"# saved\n") and b'"x"' not in lab.read_bytes()


def schema(*words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any], str]:
    code = command("schema", *words, "--json")
    told = capsys.readouterr()
    return code, json.loads(told.out), told.err


def test_the_schema_follows_the_notebooks(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found, _ = schema("--check", capsys=capsys)
    assert code == 0 and found["in_step"]
    notebook = Path("notebooks/cnn.ipynb")
    notebook.write_text(
        notebook.read_text(encoding="utf-8").replace("dense_units", "last_units"), encoding="utf-8"
    )
    before = Path(NAME).read_bytes()
    code, found, words = schema("--check", capsys=capsys)
    assert code == 6 and not found["in_step"] and "reportgen schema" in found["remedy"] + words
    assert Path(NAME).read_bytes() == before
    code, found, _ = schema(capsys=capsys)
    assert code == 0 and found["written"]
    assert "last_units" in Path(NAME).read_text(encoding="utf-8")
    assert schema("--check", capsys=capsys)[0] == 0


def test_the_schema_leaves_out_a_notebook_that_is_no_notebook_and_says_so(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("notebooks/draft.ipynb").write_text("{}", encoding="utf-8")
    code, found, words = schema(capsys=capsys)
    assert code == 0 and found["in_step"] and "draft.ipynb: warning[not-a-notebook]" in words


def test_the_first_line_is_asked_for_where_it_is_missing(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "first line" not in schema(capsys=capsys)[2]
    lab.write_text(lab.read_text(encoding="utf-8").partition("\n")[2], encoding="utf-8")
    assert f"first line of experiments.toml:  #:schema {NAME}" in schema(capsys=capsys)[2]
    code, found, _ = schema("nowhere.toml", capsys=capsys)
    assert code == 2 and found["problems"][0]["code"] == "no-file"
