"""`check` where the store has results on other data than those that are here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reportgen.cli import run
from reportgen.datasets import find as finding
from reportgen.datasets.dataset import UNFETCHED, Found
from tests.cli.finished import finish
from tests.projects import project

ROWS = {"a": 'fine units=50 dataset="mnist"', "b": 'fine units=60 dataset="mnist"'}
ONLY_THERE = "the store has no results on mnist, only on the embedded digits: reportgen check --data embedded"


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A coursework on MNIST, which is here, or so the search for data says; its store is empty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("REPORTGEN_STORE", "REPORTGEN_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    really = finding.find

    def find(name: str, **settings: Any) -> Found:
        if name == "mnist":
            return Found(name, name, UNFETCHED, "ab" * 32, tmp_path)
        return really(name, **settings)

    monkeypatch.setattr(finding, "find", find)
    return project(tmp_path, ROWS)


def checked(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        run(["check", *words])
    assert not end.value.code
    return capsys.readouterr().out


def test_results_on_the_stand_ins_are_named_and_can_be_asked_for(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    none = "the store has no results for them"
    assert none in checked(capsys) and none in checked(capsys, "--data", "embedded")
    store = Path(".reportgen/store")
    finish(lab, store, on="embedded")
    assert ONLY_THERE in checked(capsys)
    assert "against the results of 2 of 2 rows" in checked(capsys, "--data", "embedded")
    finish(lab, store, rows=["a"])
    assert "against the results of 1 of 2 rows" in checked(capsys)


def test_an_export_without_runs_says_how_to_make_them(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        run(["export", "--format", "csv", "--data", "embedded"])
    assert end.value.code == 3
    lines = capsys.readouterr().err.splitlines()
    missing = [number for number, line in enumerate(lines) if "no result [not-run]" in line]
    assert len(missing) == 2
    assert all(lines[number + 1] == "  reportgen build" for number in missing)


def test_where_nothing_can_be_accepted_that_is_said(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["accept", "--data", "embedded"])
    assert "nothing to accept: no stored run is like a row that lacks one" in capsys.readouterr().out
