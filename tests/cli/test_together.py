"""merge and accept, as a person and as a machine meet them."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from reportgen.cli import run
from reportgen.cli.accepting import prepared_for
from reportgen.datasets.registry import DATASETS
from reportgen.store.objects import DAY, Store
from reportgen.workspace import find_workspace
from tests.cli.finished import finish, plan_of
from tests.projects import ENDINGS, notebook, project
from tests.store.elsewhere import folder_of, open_up

ROWS = {"a": "fine units=50", "b": "fine units=60"}


class Seen(NamedTuple):
    """What came of a command."""

    code: int
    out: str
    err: str


Program = Callable[..., Seen]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """The program, in the folder of a coursework of two rows, whose kernels cannot start."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("REPORTGEN_STORE", "REPORTGEN_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    project(tmp_path, ROWS)

    def no_kernel(*_: object, **__: object) -> None:
        raise AssertionError("a kernel was started")

    monkeypatch.setattr("reportgen.build.run_all", no_kernel)

    def call(*words: str) -> Seen:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            run([*words])
        out, err = capsys.readouterr()
        return Seen(int(end.value.code or 0), out, err)

    return call


def theirs(python: str = "3.99", **facts: Any) -> Path:
    """The store of a team mate who has the same coursework, and another Python."""
    root = Path("anna") / ".reportgen" / "store"
    finish(Path("experiments.toml"), root, python=python, **facts)
    return Path("anna")


def document(seen: Seen) -> dict[str, Any]:
    """The one document on standard output."""
    found: dict[str, Any] = json.loads(seen.out)
    assert found["exit"] == seen.code
    return found


def test_runs_with_the_same_key_serve_their_rows_at_once(program: Program) -> None:
    done = program("merge", str(theirs(python="")))
    assert done.code == 0, done.err
    assert "2 runs: 2 taken, 0 there already, 0 refused" in done.out
    assert "anna, as anna (--owner NAME gives another name)" in done.out
    assert done.out.partition("have their runs now:\n")[2].split() == ["a", "b"]
    assert "   a: merged from anna\n   b: merged from anna" in program("plan").out
    again = program("merge", "anna", "--owner", "Ben")
    assert (again.code, "2 there already" in again.out, "(anna's)" in again.out) == (0, True, True)


def test_what_differs_is_shown_and_accepted_by_row_or_by_owner(program: Program) -> None:
    done = program("merge", str(theirs()), "--owner", "Anna")
    assert "   a: Python 3.99 in place of 3." in done.out
    assert "to keep them: reportgen accept a b" in done.out
    plan = program("plan").out
    assert "or `reportgen accept a`: the run of Anna (Python 3.99 in place of 3." in plan
    assert program("accept").out.count("the run of Anna") == 2

    kept = program("accept", "a")
    assert kept.code == 0 and "a: the run of Anna stands for it now" in kept.out
    assert "differs: Python 3.99" in kept.out
    plan = program("plan").out
    assert "   a: accepted, the run of Anna: Python 3.99 in place of 3." in plan and "1 to run" in plan
    assert "a: accepted, the run of Anna" in program("accept", "a").out, "deciding twice changes nothing"

    assert program("accept", "--owner", "Anna").out.startswith("b: the run of Anna stands for it now")
    assert "0 to run" in program("plan").out
    undone = program("accept", "a", "--undo")
    assert undone.code == 0 and "1 to run" in program("plan").out
    assert program("accept", "a", "--undo").code == 2


def test_a_build_of_accepted_runs_starts_no_kernel_and_says_whose_they_are(program: Program) -> None:
    program("merge", str(theirs()), "--owner", "Anna <b>")
    assert "a kernel was started" in program("build").err
    program("accept", "a", "b")
    done = program("build")
    assert done.code == 0, done.err
    html = Path("output/report.html").read_text(encoding="utf-8")
    assert "Merged from Anna &lt;b&gt; and accepted." in html and "Anna <b>" not in html
    assert "Row a\u00a0††" in html
    results = json.loads(Path("output/results.json").read_text(encoding="utf-8"))
    (found,) = results["rows"]["a"]["runs"]
    assert found["owner"] == "Anna <b>" and found["accepted"][0].startswith('versions.python "3.99" -> ')
    assert "Anna <b>" in Path("output/tables/runs.csv").read_text(encoding="utf-8")
    shown = json.loads(Path("output/notebooks/a.ipynb").read_text(encoding="utf-8"))
    assert "Anna" in shown["cells"][0]["source"]


def test_a_refused_run_is_named_with_its_remedy_and_the_others_are_taken(program: Program) -> None:
    folder = theirs(python="")
    store = folder / ".reportgen" / "store"
    keys = sorted(header.key for header in Store(store, pytest.fail).headers())
    open_up(store)
    path = folder_of(store, keys[0]) / "arrays.npz"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    done = program("merge", str(folder), "--json")
    found = document(done)
    assert (done.code, found["command"], found["taken"], found["refused"]) == (6, "merge", 1, 1)
    (problem,) = found["problems"]
    assert problem["file"].endswith(keys[0]) and problem["code"] == "damaged-run" and problem["remedy"]
    assert {each["what"] for each in found["runs"]} == {"taken", "refused"}
    assert [each["run"] for each in found["rows"]["at_once"]] in (["a"], ["b"])
    assert "error[damaged-run]: arrays.npz fails its check" in done.err


def test_runs_that_serve_no_row_are_named_with_the_reason(program: Program) -> None:
    finish(Path("experiments.toml"), Path("anna"), rows=["a"], seed=7)
    finish(Path("experiments.toml"), Path("anna"), rows=["b"])
    finish(Path("experiments.toml"), Path("mine/.reportgen/store"), rows=["b"])
    done = program("merge", "anna")
    none = done.out.partition("runs that serve no row:\n")[2]
    assert 'a: no row asks for it; nearest is "a", with seed 42 in place of 7' in none
    found = document(program("merge", "anna", "--json"))
    assert [each["made_for"] for each in found["rows"]["none"]] == ["a"]


def test_a_run_with_other_settings_comes_with_the_command_that_adds_its_row(program: Program) -> None:
    file = Path("experiments.toml")
    asked = file.read_text(encoding="utf-8")
    theirs_ = asked.replace("units=60", "units=75").replace('id = "b"', 'id = "wide"')
    file.write_text(theirs_, encoding="utf-8")
    finish(file, Path("anna"), rows=["wide"])
    file.write_text(asked, encoding="utf-8")
    lines = [line.strip() for line in program("merge", "anna").out.splitlines()]
    (why,) = [line for line in lines if "no row asks" in line]
    assert re.search(r'wide: no row asks for it; nearest is "[ab]", with units [56]0 in place of 75$', why)
    (command,) = [line.partition("add a row: ")[2] for line in lines if "add a row: " in line]
    assert re.fullmatch("reportgen add --like [ab] id=wide units=75", command)
    assert program(*shlex.split(command)[1:]).code == 0
    assert "wide: stored" in program("plan").out or "wide: merged from anna" in program("plan").out


def test_a_run_on_other_data_is_told_in_a_word_and_nothing_is_fetched(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(*_: object, **__: object) -> None:
        raise AssertionError("a download was tried")

    monkeypatch.setattr("reportgen.datasets.download.fetch", offline)
    file = Path("experiments.toml")
    finish(file, Path("anna"), rows=["a"], data={"digits": "0" * 64})
    finish(file, Path("ben"), rows=["b"])
    assert "a: no row asks for it: on other data under the name digits\n" in program("merge", "anna").out
    file.write_text(file.read_text().replace("units=50", 'units=50, dataset="mnist"'), encoding="utf-8")
    assert "that have their runs now:\n   b\n" in program("merge", "ben").out
    prepared = prepared_for(find_workspace(file, {"HOME": str(file.absolute().parent)}), "auto", False)
    assert prepared.data["mnist"].digest == DATASETS["mnist"].digest, (
        "as a build with a network would find it"
    )


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("merge", "nowhere"), 2, "error[no-such-folder]"),
        (("merge", "empty"), 2, "error[no-runs]: there are no finished runs in it"),
        (("merge", "empty/no.zip"), 2, "error[not-an-archive]"),
        (("merge", "empty", "--owner", " \n"), 2, "error[no-owner]"),
        (("merge", "empty", "--file", "other.toml"), 2, "error[no-file]"),
        (("accept", "c"), 2, "error[unknown-row]"),
        (("accept", "a"), 2, "error[no-candidate]: the store has no run that could stand for a"),
        (("accept", "--from", "abcdef"), 2, "error[no-row]"),
        (("accept", "a", "b", "--from", "abcdef"), 2, "error[two-rows]"),
        (
            ("accept", "a", "--from", "abcdef"),
            2,
            "error[no-such-run]: no run in the store has a key that begins with",
        ),
        (("accept", "a", "--undo"), 2, "error[not-accepted]"),
        (("accept", "--owner", "Zoe"), 2, "error[no-candidate]: no run of Zoe"),
    ],
)
def test_what_is_asked_for_wrongly_changes_nothing(
    program: Program, words: tuple[str, ...], code: int, says: str
) -> None:
    Path("empty").mkdir()
    Path("empty/no.zip").write_bytes(b"no archive")
    done = program(*words)
    assert done.code == code and says in done.err
    assert not Path(".reportgen/store/objects").exists() and not Path(".reportgen/store/accepted").exists()
    assert document(program(*words, "--json"))["problems"]


def test_a_folder_of_archives_is_asked_which_was_meant(program: Program) -> None:
    Path("empty").mkdir()
    Path("empty/runs.zip").write_bytes(b"")
    assert "did you mean empty/runs.zip?" in program("merge", "empty").err


def test_another_experiment_is_refused_with_what_differs(program: Program) -> None:
    (key,) = finish(Path("experiments.toml"), Path("anna"), rows=["a"], python="3.99")
    program("merge", "anna")
    done = program("accept", "b")
    assert done.code == 2 and "error[another-experiment]" in done.err
    assert "parameters.units 50 -> 60" in done.err and "build it: reportgen build --only b" in done.err
    named = program("accept", "b", "--from", key[:8])
    assert named.code == 2 and "parameters.units 50 -> 60" in named.err
    assert program("accept", "a", "b").code == 2
    assert not Path(".reportgen/store/accepted").exists(), "nothing is accepted where one row cannot be"


def test_several_candidates_are_listed_and_one_is_named(program: Program) -> None:
    keys = [finish(Path("experiments.toml"), Path(owner), rows=["a"], python=python)[0]
            for owner, python in (("anna", "3.98"), ("ben", "3.99"))]  # fmt: skip
    program("merge", "anna", "ben")
    done = program("accept", "a")
    assert done.code == 2 and "error[several-candidates]: 2 runs could stand for a" in done.err
    assert "the run of anna (Python 3.98" in done.err and "the run of ben (Python 3.99" in done.err
    assert program("accept", "a", "--owner", "ben").code == 0
    assert plan_of(Path("experiments.toml")).plan.runs[0].key == keys[1]
    assert program("accept", "a", "--from", keys[0][:8]).code == 0, "a decision can be changed"
    assert plan_of(Path("experiments.toml")).plan.runs[0].key == keys[0]
    assert "2 runs of the store" not in program("accept", "a", "--from", keys[0]).err


def test_the_one_with_the_fewest_differences_is_taken(program: Program) -> None:
    (near,) = finish(Path("experiments.toml"), Path("anna"), rows=["a"], python="3.98")
    finish(Path("experiments.toml"), Path("ben"), rows=["a"], python="3.98", machine="riscv")
    program("merge", "anna", "ben")
    assert program("accept", "a").code == 0
    assert plan_of(Path("experiments.toml")).plan.runs[0].key == near


def test_all_seeds_of_a_row_are_accepted_together(program: Program) -> None:
    file = Path("experiments.toml")
    file.write_text(file.read_text().replace('id = "a"\n', 'id = "a"\nrepeats = 3\n'), encoding="utf-8")
    program("merge", str(theirs()), "--owner", "Anna")
    done = document(program("accept", "a", "--json"))
    assert [(each["run"], each["seed"]) for each in done["accepted"]] == [
        ("a seed 42", 42), ("a seed 43", 43), ("a seed 44", 44)
    ]  # fmt: skip
    assert document(program("accept", "a", "--undo", "--json"))["undone"] == [
        "a seed 42", "a seed 43", "a seed 44"
    ]  # fmt: skip
    one = plan_of(file).plan.runs[1].candidates[0].key
    named = document(program("accept", "a", "--from", one[:10], "--json"))
    assert [each["seed"] for each in named["accepted"]] == [43]


def test_ones_own_run_is_kept_where_the_code_changed_in_nothing_that_matters(program: Program) -> None:
    finish(Path("experiments.toml"), Path(".reportgen/store"))
    assert "0 to run" in program("plan").out
    path = Path("notebooks/fine.ipynb")
    renamed = ENDINGS["fine"].replace("made", "result") + "print('done')\n"
    path.write_text(notebook(renamed), encoding="utf-8")
    plan = program("plan").out
    assert "or `reportgen accept a`: an earlier run (the notebook’s code)" in plan
    done = program("accept", "a", "b")
    assert done.code == 0 and "a: an earlier run stands for it now" in done.out
    assert (
        "- made = record(" in done.out and "+ result = record(" in done.out and "+ print('done')" in done.out
    )
    assert "0 to run" in program("plan").out
    assert program("build").code == 0
    html = Path("output/report.html").read_text(encoding="utf-8")
    assert "An earlier run, accepted." in html and "the notebook’s code" in html


def test_the_same_settings_in_another_notebook_are_not_offered(program: Program) -> None:
    finish(Path("experiments.toml"), Path(".reportgen/store"), rows=["a"])
    other = ENDINGS["fine"].replace("hidden=(units,)", "hidden=(units, units)")
    Path("notebooks/other.ipynb").write_text(notebook(other), encoding="utf-8")
    file = Path("experiments.toml")
    text = (
        file.read_text()
        + '\n[[experiment]]\nid = "c"\nsection = "only"\ntitle = "Row c"\nnotebook = "other"\n'
    )
    file.write_text(text + "parameters = { units=50 }\n", encoding="utf-8")
    done = program("accept", "c")
    assert done.code == 2 and "only runs of other notebooks have the settings of c" in done.err
    assert "reportgen accept c --from" in done.err


def test_a_row_that_has_its_run_has_nothing_to_accept(program: Program) -> None:
    finish(Path("experiments.toml"), Path(".reportgen/store"))
    program("merge", str(theirs()))
    assert "error[has-its-run]" in program("accept", "a").err
    assert "runs that serve no row" in program("merge", "anna").out


def test_what_rows_use_is_not_collected(program: Program) -> None:
    program("merge", str(theirs()), "--owner", "Anna")
    program("accept", "a")
    store = Store(Path(".reportgen/store"), pytest.fail)
    for header in store.headers():
        folder = folder_of(store.root, header.key)
        os.utime(folder, (folder.stat().st_mtime - 2 * DAY,) * 2)
    assert document(program("store", "gc", "--json"))["removed"] == [], "one is accepted, one could be"
    finish(Path("experiments.toml"), Path(".reportgen/store"), rows=["b"])
    gone = document(program("store", "gc", "--json"))["removed"]
    assert [(each["row"], each["owner"]) for each in gone] == [("b", "Anna")]
    assert "  Anna\n" in program("store", "ls").out
    assert program("store", "verify").code == 0
    key = plan_of(Path("experiments.toml")).plan.runs[0].key
    open_up(folder_of(store.root, key))
    (folder_of(store.root, key) / "record.json").write_bytes(b"{}")
    assert program("store", "verify").code == 6
    assert "1 to run" in program("plan").out, "a decision about a run that is gone decides nothing"


def test_the_store_is_listed_in_columns_under_headings(program: Program) -> None:
    finish(Path("experiments.toml"), Path(".reportgen/store"), rows=["b"])
    program("merge", str(theirs()), "--owner", "Anna")
    head, *rows, total = program("store", "ls").out.splitlines()
    assert re.split(r" {2,}", head) == ["key", "row", "seed", "data", "made", "time", "size (kB)", "of"]
    assert len(rows) == 3 and total.startswith("3 runs, ")
    for line in rows:
        key, row, seed, data, made, time, size, *_owner = re.split(r" {2,}", line)
        assert len(key) == 12 and row in ("a", "b") and (seed, data) == ("42", "digits")
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", made)
        assert time and int(size.replace(",", "")) > 0
        assert line.rindex(size) + len(size) == head.index("size (kB)") + len("size (kB)")
    assert sum(line.endswith("  Anna") for line in rows) == 2
    found = document(program("store", "ls", "--json"))["runs"]
    assert {(run["seed"], run["data"], run["made"][:16].replace("T", " ")) for run in found} == {
        (42, "digits", re.split(r" {2,}", rows[0])[4])
    }


def test_a_check_says_that_there_are_only_quick_runs(program: Program) -> None:
    finish(
        Path("experiments.toml"), Path(".reportgen/store"), rows=["a"], quick={"n_train": 500, "n_test": 200}
    )
    assert "not checked: the store has only quick runs, which nothing is judged by" in program("check").out
    finish(Path("experiments.toml"), Path(".reportgen/store"), rows=["b"])
    assert "the results of 1 of 2 rows" in program("check").out


def test_a_broken_file_does_not_keep_runs_out(program: Program) -> None:
    folder = theirs()
    Path("experiments.toml").write_text("[report\n", encoding="utf-8")
    done = program("merge", str(folder))
    assert done.code == 0 and "2 taken" in done.out and "is not known:" in done.out
