"""What a report says of how it was made."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import pytest

from reportgen import build
from reportgen.build import Options
from reportgen.provenance import again
from reportgen.workspace import find_workspace
from tests.projects import project


@pytest.mark.parametrize(
    ("dataset", "data", "asked", "words"),
    [
        ("mnist", "embedded", Options(), " --data embedded"),
        ("mnist", "embedded", Options(quick=True, only=("a",)), " --data embedded --quick --only a"),
        ("digits", "embedded", Options(), ""),
        ("digits", "auto", Options(), ""),
    ],
)
def test_the_command_has_the_options_that_make_the_same_report(
    tmp_path: Path, dataset: str, data: Literal["auto", "embedded"], asked: Options, words: str
) -> None:
    work = find_workspace(project(tmp_path, {"a": f'fine dataset="{dataset}"'}), {"HOME": str(tmp_path)})
    prepared = build.prepare(work, Options(data=data), os.environ, lambda _: None)
    assert again(work, asked, prepared) == f"reportgen build experiments.toml{words}"


def test_data_divided_anew_have_the_stand_in_of_what_they_are_divided_from(tmp_path: Path) -> None:
    table = '[dataset.mine]\nfrom = "mnist"\ntrain_items = 200\ntest_items = 100\n'
    file = project(tmp_path, {"a": 'fine dataset="mine"'}, extra=table)
    work = find_workspace(file, {"HOME": str(tmp_path)})
    prepared = build.prepare(work, Options(data="embedded"), os.environ, lambda _: None)
    assert again(work, Options(), prepared) == "reportgen build experiments.toml --data embedded"
