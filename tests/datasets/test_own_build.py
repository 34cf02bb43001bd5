"""Data of one's own on the way through a build: found, planned, listed, stood in for."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen import build, data_finding
from reportgen.checking import check_lines, checked
from reportgen.datasets.dataset import Found
from reportgen.errors import InputError
from reportgen.show import data_lines, found_data
from reportgen.workspace import Workspace, find_workspace
from tests.datasets.own import csv_text, labels, pictures

TEXT = """\
[report]
title = "Own"

[dataset.mine]
kind = "csv"
title = "My shapes"
train = "data/train.csv"
test_items = 6

[dataset.part]
from = "digits"
train_items = 900
test_items = 300

[dataset.more]
from = "mnist"
train_items = 900
test_items = 300

[[section]]
id = "s"
notebook = "raw_mlp"

[[experiment]]
id = "a"
section = "s"
title = "A"
parameters = { dataset = "mine" }

[[experiment]]
id = "b"
section = "s"
title = "B"
parameters = { dataset = "part" }

[[experiment]]
id = "c"
section = "s"
title = "C"
parameters = { dataset = "more" }
"""


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "train.csv").write_text(csv_text(pictures(30), labels(30)))
    (tmp_path / "experiments.toml").write_text(TEXT)
    return find_workspace(tmp_path / "experiments.toml", {"HOME": str(tmp_path)})


def found(work: Workspace) -> dict[str, Found]:
    experiments, _ = build.read(work)
    options = build.Options(data="embedded")
    return data_finding.find_data(["mine", "part", "more"], work, experiments, options, lambda _: None)


def test_each_is_found_under_its_own_name(work: Workspace) -> None:
    data = found(work)
    assert {name: (one.requested, one.name, one.source) for name, one in data.items()} == {
        "mine": ("mine", "mine", "own"),
        "part": ("part", "part", "own"),
        "more": ("more", "digits", "embedded"),
    }
    assert [one.stand_in for one in data.values()] == [False, False, True]
    own = data["mine"].own
    assert own is not None and (own.title, own.n_train, own.n_test) == ("My shapes", 24, 6)


def test_the_plan_has_its_digest(work: Workspace) -> None:
    prepared = build.prepare(work, build.Options(data="embedded"), {}, lambda _: None)
    data = found(work)
    assert [run.spec.parts["data"] for run in prepared.plan.runs] == [
        {name: data[name].digest} for name in ("mine", "part", "more")
    ]
    place = prepared.plan.runs[0].spec.datasets["mine"]
    assert (place["name"], place["source"], place["folder"]) == ("mine", "own", str(data["mine"].folder))


def test_what_is_there_is_listed(work: Workspace) -> None:
    text = TEXT.replace('dataset = "more"', 'dataset = "digits"')
    work.file.write_text(text)
    lines = list(data_lines(found_data(work, lambda _: None)))
    assert any(line.startswith("mine: own, SHA-256") for line in lines)
    assert any(line.startswith("   data/train.csv  ") for line in lines)
    assert next(iter(check_lines(work.file, checked(work, {})))).endswith(
        "is right: 3 experiments in 1 section"
    )


def test_a_check_reads_data_of_ones_own_and_what_must_fit_them(work: Workspace) -> None:
    said: list[str] = []
    assert next(iter(checked(work, {}, say=said.append).read)) == "mine: 24 images to train on, 6 to test on"
    assert said[0].startswith("reading mine: ")
    stack = """parameters = { dataset = "mine", layers = ["Flatten()", "Dense(4, activation='softmax')"] }"""
    work.file.write_text(TEXT.replace('parameters = { dataset = "mine" }', stack))
    with pytest.raises(InputError) as caught:
        checked(work, {})
    assert "the stack ends with 4 values, and the data have 3 classes" in str(caught.value)
    (work.root / "data" / "train.csv").write_text("label,a,b,c,d\n1,0,0,0\n")
    with pytest.raises(InputError) as caught:
        checked(work, {})
    assert "error[wrong-columns]: expected 5 columns, found 4" in str(caught.value)


def test_a_broken_file_stops_the_build_before_anything_runs(work: Workspace) -> None:
    content = (work.root / "data" / "train.csv").read_text().splitlines()
    content[4] = content[4].replace(",", ",x", 1)
    (work.root / "data" / "train.csv").write_text("\n".join(content))
    with pytest.raises(InputError) as caught:
        build.prepare(work, build.Options(data="embedded"), {}, lambda _: None)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.code) == (
        str(work.root / "data" / "train.csv"),
        5,
        "not-a-number",
    )
