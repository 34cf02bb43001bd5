"""The same objects give the same bytes: another order within them, time zone, locale, hash seed, folder."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.report.conftest import Written

ROOT = Path(__file__).resolve().parents[2]

RENDER = """
import locale, sys, time
from dataclasses import fields, replace
from pathlib import Path
from reportgen.results import Result, Run
from tests.report.conftest import write
from tests.report.everything import everything

locale.setlocale(locale.LC_ALL, "")
time.tzset()

def turned(value):
    "The same dictionaries, written in the opposite order."
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(item) for item in value] if isinstance(value, list) else value

def turned_record(record):
    changed = {f.name: turned(getattr(record, f.name)) for f in fields(record) if isinstance(getattr(record, f.name), dict)}
    return replace(record, **changed)

def turned_result(result):
    runs = tuple(replace(run, record=run.record and turned_record(run.record)) for run in result.runs)
    return replace(result, runs=runs, row=replace(result.row, parameters=turned(result.row.parameters)))

experiments, results, provenance = everything()
results = tuple(turned_result(result) for result in results)
experiments = replace(experiments, rows=tuple(result.row for result in results))
write((experiments, results, provenance), Path(sys.argv[1]), pdf=sys.argv[2] == "pdf")
"""


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("zone", "language", "seed", "files"),
    [
        ("Pacific/Kiritimati", "C", "0", ("results.json", "report.html", "report.pdf")),
        ("America/St_Johns", "C.UTF-8", "4242", ("results.json", "report.html")),
    ],
)
def test_the_same_objects_give_the_same_bytes(
    whole: Written, tmp_path: Path, zone: str, language: str, seed: str, files: tuple[str, ...]
) -> None:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "LANG", "SOURCE_DATE"))
    }
    changed = {"TZ": zone, "LC_ALL": language, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    wanted = "pdf" if "report.pdf" in files else "html"
    command = [sys.executable, "-c", RENDER, str(tmp_path / "out"), wanted]
    subprocess.run(command, env=kept | changed, cwd=tmp_path, check=True)
    for name in files:
        assert digest(tmp_path / "out" / name) == digest(whole.rendered.html.parent / name), name
