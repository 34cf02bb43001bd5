"""The JSON Schema for editors: right files pass, wrong ones are marked where `check` marks them."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft7Validator

from reportgen.datasets.registry import DATASETS
from reportgen.experiments.json_schema import DIRECTIVE, NAME, json_schema, written
from reportgen.notebooks import discover
from tests.project.sources import ROOT

SCHEMA = json_schema(discover(ROOT / "notebooks"), tuple(DATASETS))
FILE = (ROOT / "experiments.toml").read_text(encoding="utf-8")


def faults(raw: object) -> list[str]:
    """Paths of what the schema refuses."""
    return ["/".join(map(str, each.absolute_path)) for each in Draft7Validator(SCHEMA).iter_errors(raw)]


def test_the_file_in_the_project_is_the_one_the_program_writes() -> None:
    assert (ROOT / NAME).read_text(encoding="utf-8") == written(SCHEMA), "reportgen schema --write"


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


def test_every_parameter_of_every_notebook_is_explained() -> None:
    properties = SCHEMA["definitions"]["Experiment"]["properties"]["parameters"]["properties"]
    for notebook in discover(ROOT / "notebooks").values():
        for parameter in notebook.parameters.values():
            if parameter.name != "seed":
                assert parameter.help in properties[parameter.name]["description"]
                assert notebook.name in properties[parameter.name]["description"]
