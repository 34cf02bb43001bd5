"""Whatever is typed wrongly is told in the one shape, with the one code, and leaves everything as it was."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest

from reportgen.cli import run
from tests.cli.terminals import piped
from tests.projects import project

SHAPE = re.compile(r"^\S.*?: error\[[a-z][a-z0-9-]*\]: \S.*[^.]$")
"""``place: error[code]: message``, without a full stop; a remedy follows, indented."""

ROWS = {"alpha": "fine units=50", "beta": "fine units=60"}

CASES = [
    # what is typed, exit code, code of the problem, words that must be there
    ("biuld", 2, "unknown-command", "did you mean build?"),
    ("zzz", 2, "unknown-command", "there is no command zzz"),
    ("store lss", 2, "unknown-command", "did you mean ls?"),
    ("--verison", 2, "unknown-option", "did you mean --version?"),
    ("build --jbos 2", 2, "unknown-option", "did you mean --jobs?"),
    ("build --on alpha", 2, "unknown-option", "did you mean --only?"),
    ("store ls --stor x", 2, "unknown-option", "did you mean --store?"),
    ("check -z", 2, "unknown-option", "there is no option -z"),
    ("build --jobs two", 2, "bad-value", "--jobs: must be a valid integer"),
    ("build --jobs -1", 2, "bad-value", "--jobs: must be greater than or equal to 0"),
    ("build --data nowhere", 2, "bad-value", '"nowhere" is not one of "auto", "embedded"'),
    ("build --data embeded", 2, "bad-value", "did you mean embedded?"),
    ("build --only", 2, "usage", 'option "--only" requires an argument'),
    ("build --quick=yes", 2, "usage", 'option "--quick" does not take a value'),
    ("build a.toml b.toml", 2, "too-many-arguments", "one argument too many: b.toml"),
    ("add id=x", 2, "missing-argument", "--like is missing"),
    ("merge", 2, "missing-argument", "DIR"),
    ("check nothere.toml", 2, "no-file", "experiments.toml"),
    ("plan nothere.toml", 2, "no-file", "there is no such file"),
    ("build nothere.toml", 2, "no-file", "there is no such file"),
    ("render nothere.toml", 2, "no-file", "there is no such file"),
    ("export nothere.toml", 2, "no-file", "there is no such file"),
    ("data nothere.toml", 2, "no-file", "there is no such file"),
    ("store gc nothere.toml", 2, "no-file", "there is no such file"),
    ("schema nothere.toml", 2, "no-file", "nothere.toml"),
    ("accept alpha --file nothere.toml", 2, "no-file", "nothere.toml"),
    ("add nothere.toml --like alpha id=x", 2, "no-file", "nothere.toml"),
    ("check .", 2, "no-file", "this is a folder"),
    ("check twisted.toml", 2, "toml-syntax", "twisted.toml:2:"),
    ("build twisted.toml", 2, "toml-syntax", "twisted.toml:2:"),
    ("build --only alhpa", 2, "unknown-row", 'did you mean "alpha"?'),
    ("build --only gamma-9 --only alpha", 2, "unknown-row", '--only names no row: "gamma-9"'),
    ("add --like alhpa id=x", 2, "unknown-row", 'did you mean "alpha"?'),
    ("build --out experiments.toml", 2, "no-such-folder", "is a file, not a folder"),
    ("build --out .", 2, "in-the-way", "name another folder"),
    ("render --out experiments.toml --store experiments.toml", 2, "no-such-folder", "--store"),
    ("store ls --store experiments.toml", 2, "no-such-folder", "is a file, not a folder"),
    ("render --templates nowhere", 2, "no-such-folder", "there is no such folder"),
    ("check --data-dir nowhere", 2, "no-such-folder", "there is no such folder"),
    ("export --format svg,gif --dpi 3", 2, "unknown-format", "3 dots per inch make no useful picture"),
    ("open", 2, "no-report", "reportgen build"),
    ("init", 2, "usage", "reportgen init mylab"),
    ("init mylab --template labo4", 2, "unknown-template", 'did you mean "labo04"?'),
    ("merge nowhere", 2, "no-such-folder", "there is no such folder or archive"),
]  # fmt: skip
NO_JSON = ("open",)


@pytest.fixture(scope="module")
def coursework(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    project(folder, ROWS)
    (folder / "twisted.toml").write_text("[report]\ntitle = = 3\n", encoding="utf-8")
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def ended(words: list[str]) -> int:
    with pytest.raises(SystemExit) as end:
        run(words)
    assert isinstance(end.value.code, int)
    return end.value.code


def lines_in_shape(text: str) -> None:
    lines = text.splitlines()
    assert lines
    for line in lines:
        assert SHAPE.match(line) or (line.startswith("  ") and line.strip()), line
    assert SHAPE.match(lines[0])
    assert "Traceback" not in text and "Error:" not in text and "╭" not in text


@pytest.mark.parametrize(("typed", "exit_code", "code", "words"), CASES, ids=[case[0] for case in CASES])
def test_what_is_typed_wrongly_is_told_in_one_shape(
    coursework: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    typed: str, exit_code: int, code: str, words: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(coursework)
    before = everything(coursework)
    assert ended(typed.split()) == exit_code
    out, err = capsys.readouterr()
    assert out == ""
    lines_in_shape(err)
    assert f"error[{code}]" in err
    assert words in err

    json_ = typed.split()
    json_.insert(2 if json_[0] == "store" else 1, "--json")
    if not set(NO_JSON) & set(json_):
        assert ended(json_) == exit_code
        out, told = capsys.readouterr()
        assert told == err, "the words do not depend on who listens"
        document = json.loads(out)
        assert document["exit"] == exit_code
        assert code in {problem["code"] for problem in document["problems"]}
        assert typed.startswith(document["command"])
        assert all(
            set(each) == {"file", "line", "column", "code", "message", "remedy"}
            for each in document["problems"]
        )
    assert everything(coursework) == before


def test_every_problem_is_told_at_once(
    coursework: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(coursework)
    assert ended(["render", "--out", "experiments.toml", "--templates", "x", "--data-dir", "y"]) == 2
    assert capsys.readouterr().err.count("error[no-such-folder]") == 3


def test_help_and_version_are_no_errors(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], ["build", "-h"], ["store", "--help"], ["--version"]):
        assert ended(words) == 0
        out, err = capsys.readouterr()
        assert out.strip() and not err


def test_without_a_word_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended([]) == 2
    out, err = capsys.readouterr()
    assert "Usage" in out + err and "error" not in err
    assert "Begin with reportgen init mylab" in " ".join((out + err).split())


@pytest.mark.parametrize(
    "typed", ["build", "check", "plan", "render", "export", "add --like a id=b", "accept", "schema"]
)
def test_in_an_empty_folder_every_command_says_the_way_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ended(typed.split()) == 2
    err = capsys.readouterr().err
    assert "error[no-file]" in err and "reportgen init mylab" in err


def test_a_fault_of_ours_is_told_in_short_and_kept_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, ROWS)
    monkeypatch.chdir(tmp_path)

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("reportgen.checking.checked", broken)
    assert ended(["check", "--json"]) == 1
    out, err = capsys.readouterr()
    first, second = err.splitlines()
    assert first.startswith(
        "error: this is a fault of reportgen, not yours: ZeroDivisionError: by nothing, in "
    )
    assert second == f"  the details are in {Path('.reportgen') / 'crash.log'}"
    document = json.loads(out)
    assert (document["exit"], document["command"], document["problems"]) == (1, "check", [])
    assert (
        document["message"].startswith("this is a fault of reportgen") and "crash.log" in document["remedy"]
    )
    assert "ZeroDivisionError" in (tmp_path / ".reportgen" / "crash.log").read_text(encoding="utf-8")
    assert re.search(r", in reportgen/cli/making\.py:\d+$", document["message"])


def test_a_fault_says_which_line_of_ones_own_it_came_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, ROWS)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(
        "import json\n\n\ndef drawn():\n    json.loads('{')\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)

    def broken(*_: object, **__: object) -> None:
        importlib.import_module("mine").drawn()

    monkeypatch.setattr("reportgen.checking.checked", broken)
    assert ended(["check"]) == 1
    assert "in mine.py:5" in capsys.readouterr().err.splitlines()[0]


def test_a_broken_notebook_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project(tmp_path, ROWS)
    (tmp_path / "notebooks" / "mine.ipynb").write_text("{", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert ended(["check"]) == 0, "a draft that no row names stops nobody"
    name = next(path.stem for path in (tmp_path / "notebooks").iterdir() if path.stem != "mine")
    file.write_text(file.read_text().replace(f'notebook = "{name}"', 'notebook = "mine"'), encoding="utf-8")
    for words in (["check"], ["add", "--like", "alpha", "id=x"]):
        capsys.readouterr()
        assert ended(words) == 2
        err = capsys.readouterr().err
        assert "mine.ipynb: error[not-a-notebook]" in err
        assert err.count("error[") == 1


def test_a_folder_that_cannot_be_written_to_is_told_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, ROWS)
    (tmp_path / "file").write_text("")
    monkeypatch.chdir(tmp_path)
    assert ended(["render", "--out", "file/out", "--json"]) == 5
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert (document["exit"], document["problems"]) == (5, [])
    assert document["message"].endswith("Not a directory") and "--out" in document["remedy"]
    assert f"error: {document['message']}\n  {document['remedy']}\n" in err


def test_a_stream_that_knows_few_letters_is_no_fault(tmp_path: Path) -> None:
    seen = piped(tmp_path, "check", "\u03b1\u2192\u03b2.toml", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert seen.code == 2
    assert seen.err.startswith("\\u03b1\\u2192\\u03b2.toml: error[no-file]: ")
