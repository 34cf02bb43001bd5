"""docs/experiments.md names every key of the file, and no other."""

from __future__ import annotations

import re

import pytest
from pydantic import BaseModel

from reportgen.experiments import schema
from tests.project.sources import ROOT

TEXT = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
TABLES: dict[str, type[BaseModel]] = {
    "`[report]`": schema.Report,
    "`[data]`": schema.Data,
    "`[execution]`": schema.Execution,
    "`[[section]]`": schema.Section,
    "`[[experiment]]`": schema.Experiment,
    "`published`": schema.Published,
    "`[published]`": schema.Protocol,
    "`[[contrast]]`": schema.Contrast,
    "`[[claim]]`": schema.Claim,
}


def rows(title: str) -> list[list[str]]:
    """Return the cells of the table below a heading."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", TEXT, re.M | re.S)
    assert found, title
    lines = [line for line in found[1].splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("title", TABLES)
def test_every_key_is_explained(title: str) -> None:
    named = [key for cells in rows(title) for key in re.findall(r"`([a-z_0-9]+)`", cells[0])]
    assert sorted(named) == sorted(TABLES[title].model_fields)


@pytest.mark.parametrize("title", [title for title in TABLES if title != "`published`"])
def test_what_must_be_there_is_what_the_schema_requires(title: str) -> None:
    named = {re.findall(r"`([a-z_]+)`", cells[0])[0] for cells in rows(title) if cells[2] == "must be there"}
    assert named == {name for name, field in TABLES[title].model_fields.items() if field.is_required()}


@pytest.mark.parametrize(("title", "key"), [("`[data]`", "when_unavailable"), ("`[execution]`", "seed"),
                                            ("`[execution]`", "threads_per_run"), ("`[execution]`", "time_limit"),
                                            ("`[report]`", "paper"), ("`[report]`", "language"),
                                            ("`[[section]]`", "kind"), ("`[[section]]`", "pages")])  # fmt: skip
def test_defaults_are_the_schema_s(title: str, key: str) -> None:
    default = TABLES[title].model_fields[key].default
    written = f'`"{default}"`' if isinstance(default, str) else f"`{default}`"
    assert [cells[2] for cells in rows(title) if cells[0] == f"`{key}`"] == [written]


def test_every_choice_is_named() -> None:
    for title in TABLES:
        for name, field in TABLES[title].model_fields.items():
            kinds = (field.annotation, *getattr(field.annotation, "__args__", ()))
            choices = [
                each for kind in kinds for each in getattr(kind, "__args__", ()) if isinstance(each, str)
            ]
            cells = next(cells for cells in rows(title) if f"`{name}`" in cells[0])
            assert [choice for choice in choices if f'"{choice}"' not in cells[1]] == []


def test_every_table_of_the_file_has_its_chapter() -> None:
    found = {re.sub(r"[`\[\]]", "", title) for title in TABLES}  # a row's `published` and the file's alike
    assert found == set(schema.ExperimentsFile.model_fields)
