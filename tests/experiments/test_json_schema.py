"""The JSON Schema for editors: right files pass, wrong ones are marked where `check` marks them."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from reportgen.begin import courseworks
from reportgen.datasets.registry import DATASETS
from reportgen.errors import InputError
from reportgen.experiments import schema, staged
from reportgen.experiments.json_schema import DIRECTIVE, NAME, json_schema, written
from reportgen.experiments.load import load
from reportgen.notebooks import discover
from tests.project.sources import ROOT

SCHEMA = json_schema(discover(ROOT / "notebooks"), tuple(DATASETS))
FILE = (ROOT / "experiments.toml").read_text(encoding="utf-8")


def faults(raw: Mapping[str, Any]) -> list[str]:
    """Paths of what the schema of a file, which knows the file's own data sets, refuses."""
    own = tuple(raw.get("dataset", ()))
    schema = json_schema(discover(ROOT / "notebooks"), (*DATASETS, *own)) if own else SCHEMA
    return ["/".join(map(str, each.absolute_path)) for each in Draft7Validator(schema).iter_errors(raw)]


def test_the_file_in_the_project_is_the_one_the_program_writes() -> None:
    assert (ROOT / NAME).read_text(encoding="utf-8") == written(SCHEMA), "run `reportgen schema`"


def test_the_schema_is_a_schema_without_nulls() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert "null" not in written(SCHEMA) and "$defs" not in written(SCHEMA)


def test_the_coursework_passes_and_names_its_schema() -> None:
    assert faults(tomllib.loads(FILE)) == []
    assert FILE.split("\n")[0] == DIRECTIVE


def _set(*path: Any) -> Callable[[Any], None]:
    def change(raw: Any) -> None:
        for name in path[:-2]:
            raw = raw[name]
        raw[path[-2]] = path[-1]

    return change


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (_set("report", "titel", "x"), "report"),
        (_set("report", "language", "xx"), "report/language"),
        (_set("report", "date", 3), "report/date"),
        (_set("section", 0, "kind", "poem"), "section/0/kind"),
        (_set("experiment", 0, "id", "Big"), "experiment/0/id"),
        (_set("experiment", 0, "notebook", "nowhere"), "experiment/0/notebook"),
        (_set("experiment", 0, "parameters", "epoch", 3), "experiment/0/parameters"),
        (_set("experiment", 0, "parameters", "epochs", "3"), "experiment/0/parameters/epochs"),
        (
            _set("experiment", 0, "parameters", "hidden_units", ["a"]),
            "experiment/0/parameters/hidden_units/0",
        ),
        (_set("experiment", 0, "parameters", "dataset", "nist"), "experiment/0/parameters/dataset"),
        (_set("experiment", 0, "published", "test_accuracy", 98), "experiment/0/published/test_accuracy"),
    ],
)
def test_a_fault_is_found_where_it_is(change: Callable[[Any], None], where: str) -> None:
    raw = copy.deepcopy(tomllib.loads(FILE))
    change(raw)
    assert faults(raw) == [where]


SMALL = """
[report]
title = "x"
date = 2026-11-20
appendices = ["epochs"]
authors = [{ name = "A" }]
[published]
validation = 0.1
[execution]
repeats = 2
[[section]]
id = "a"
notebook = "cnn"
parameters = { filters = [3, 4, 5], validation = "test", learning_rate = 1 }
pages = "none"
[[section]]
id = "b"
[[section]]
id = "c"
kind = "capacity"
architectures = ["2-2-2"]
[[section]]
id = "d"
kind = "comparison"
[[experiment]]
id = "e"
section = "b"
title = "t"
notebook = "raw_mlp"
parameters = { optimizer = "Adam", activation = "relu", dropout = 0, validation = 0.2 }
[[experiment]]
id = "f"
section = "a"
title = "t"
[experiment.published]
f1 = 1
[[contrast]]
id = "c"
title = "t"
rows = ["e", "f"]
[[claim]]
id = "c"
text = "t"
expression = "row('e').test_accuracy > 0.5"
"""
EXTRA = (
    '\n[[experiment]]\nid = "g"\nsection = "b"\ntitle = "t"\nnotebook = "hog_mlp"\nparameters = {{ {} }}\n'
)


def verdicts(text: str, folder: Path) -> tuple[bool, bool]:
    """Whether the loader and whether the schema takes a file."""
    file = folder / "experiments.toml"
    file.write_text(text, encoding="utf-8")
    raw = json.loads(json.dumps(tomllib.loads(text), default=str))  # an editor hands dates over as texts
    try:
        load(file, discover(ROOT / "notebooks"), tuple(DATASETS))
    except InputError:
        return False, faults(raw) == []
    return True, faults(raw) == []


@pytest.mark.parametrize("template", courseworks())
def test_every_template_passes(template: str, tmp_path: Path) -> None:
    assert verdicts(courseworks()[template].path.read_text(encoding="utf-8"), tmp_path) == (True, True)


@pytest.mark.parametrize(
    "parameters",
    ["", "validation = 0.999", "validation = 5_000", "learning_rate = 1000", "epochs = 1", "hidden_units = []", 'dataset = "garments"',
     'optimizer = "sgd"', "dropout = 0.99", "orientations = 360"],
)  # fmt: skip
def test_what_the_loader_takes_the_schema_takes(parameters: str, tmp_path: Path) -> None:
    assert verdicts(SMALL + EXTRA.format(parameters), tmp_path) == (True, True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('kind = "comparison"', 'kind = "comparison"\nnotebook = "cnn"'),
        ('kind = "comparison"', 'kind = "comparison"\nrepeats = 2'),
        ('kind = "capacity"', 'kind = "capacity"\npages = "none"'),
        ('kind = "capacity"\n', ""),
        ("validation = 0.1", 'validation = "train"'),
        ("validation = 0.1", "validation = 1.5"),
        ("validation = 0.2", "validation = 0"),
        ("validation = 0.2", 'validation = "some"'),
        ("dropout = 0,", "dropout = 1,"),
        ("dropout = 0,", "filters = [3],"),
        ('"relu"', '"rlu"'),
        ('"Adam"', '"ADAM"'),
        ("learning_rate = 1", "learning_rate = 0"),
        ("learning_rate = 1", "learning_rate = true"),
        ("filters = [3, 4, 5]", "filters = [3, 0, 5]"),
        ("filters = [3, 4, 5]", "filters = 3"),
        ("filters = [3, 4, 5]", "seed = 3"),
        ("f1 = 1", "f1 = 1.01"),
        ('rows = ["e", "f"]', 'rows = ["e"]'),
        ("repeats = 2", "repeats = 0"),
        ('title = "x"\n', ""),
        ('title = "x"', 'title = ""'),
        ("date = 2026-11-20", "date = true"),
        ('["epochs"]', '["epoch"]'),
        ('{ name = "A" }', '"A"'),
        ("2-2-2", "2"),
    ],
)
def test_what_the_schema_can_refuse_it_refuses(old: str, new: str, tmp_path: Path) -> None:
    assert SMALL.count(old) == 1
    assert verdicts(SMALL.replace(old, new), tmp_path) == (False, False)


def test_every_key_of_every_table_is_described_as_in_the_model() -> None:
    tables = {**SCHEMA["definitions"], "": SCHEMA}
    for name, table in tables.items():
        assert table["description"], name
        for key, found in table["properties"].items():
            assert found.get("description") or list(found) == ["$ref"], f"{name}.{key}"
            assert "title" not in found
    for model in (schema.Section, schema.Experiment, schema.Report, staged.Sweep, staged.Search, staged.Case):
        for name, field in model.model_fields.items():
            described = SCHEMA["definitions"][model.__name__]["properties"][field.alias or name]
            assert described["description"] == field.description


def test_every_parameter_of_every_notebook_is_explained() -> None:
    properties = SCHEMA["definitions"]["Experiment"]["properties"]["parameters"]["properties"]
    for notebook in discover(ROOT / "notebooks").values():
        for parameter in notebook.parameters.values():
            if parameter.name != "seed":
                assert parameter.help in properties[parameter.name]["description"]
                assert notebook.name in properties[parameter.name]["description"]


STAGES = """
[[sweep]]
id = "depth"
section = "b"
grid = {{ {grid} }}
parameters = {{ {parameters} }}

[[search]]
id = "rate"
section = "b"
from = "best:depth"
trials = 3
space = {{ {space} }}
"""


def of_stages(
    parameters: str = "", grid: str = "dropout = [0.1]", space: str = "dropout = [0.1]"
) -> list[str]:
    written = STAGES.format(grid=grid, parameters=parameters, space=space)
    return faults(tomllib.loads('[report]\ntitle = "x"\n' + written))


@pytest.mark.parametrize(
    ("grid", "parameters", "space"),
    [
        ("hidden_units = [[5], [50, 50]], dropout = [0.1]", "epochs = 3", "learning_rate = [0.1]"),
        ("rate = [0.1, 0.2]", 'optimizer = "Adam({rate})", activation = "{act}"', "rate = { low = 1, high = 2 }"),
        ('stack = [["Flatten()"]]', 'layers = ["{stack}"]', "epochs = { low = 2, high = 9, log = true }"),
    ],
)  # fmt: skip
def test_stages_may_set_what_rows_may_and_fill_texts(grid: str, parameters: str, space: str) -> None:
    assert of_stages(parameters, grid, space) == []


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("sweep/0/grid/dropout", {"grid": "dropout = 0.1"}),
        ("sweep/0/grid/activation/0", {"grid": 'activation = ["relux"]'}),
        ("sweep/0/grid/dropout", {"grid": "dropout = []"}),
        ("sweep/0/parameters", {"parameters": "dropot = 0.1"}),
        ("sweep/0/parameters/optimizer", {"parameters": 'optimizer = "Adm(1)"'}),
        ("search/0/space/dropout", {"space": "dropout = { low = 1, hig = 2 }"}),
        ("search/0/space/dropout", {"space": 'dropout = ["a"]'}),
    ],
)
def test_what_a_stage_may_not_vary_is_marked(where: str, what: dict[str, str]) -> None:
    assert of_stages(**what) == [where]
