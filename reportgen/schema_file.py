"""The file experiments.schema.json beside an experiments file: whether it is in step, and writing it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import Problem
from reportgen.experiments import syntax
from reportgen.experiments.json_schema import DIRECTIVE, NAME, json_schema, written
from reportgen.experiments.own_checks import own_names
from reportgen.notebooks import discover
from reportgen.whole import write_whole
from reportgen.workspace import Workspace


@dataclass(frozen=True)
class SchemaFile:
    """The schema beside an experiments file, and how it should be.

    Parameters
    ----------
    path : Path
    there, same : bool
        Whether there is one, and whether it says what it should.
    named : bool
        Whether the first line of the experiments file leads an editor to it.
    content : str
        As it should be.
    faults : tuple of Problem
        Of notebooks that cannot be read, whose parameters it therefore lacks.
    """

    path: Path
    there: bool
    same: bool
    named: bool
    content: str
    faults: tuple[Problem, ...]


def look(work: Workspace) -> SchemaFile:
    """Compare the schema that is there with the one that fits the notebooks.

    Raises
    ------
    InputError
        There is no experiments file, or no folder of notebooks.
    """
    from reportgen.datasets.registry import DATASETS

    faults: list[Problem] = []
    text = syntax.bytes_of(work.file).decode(errors="replace")
    first = text.partition("\n")[0].rstrip("\r")
    datasets = (*DATASETS, *own_names(text))
    content = written(json_schema(discover(work.notebooks, faults), datasets))
    path = work.file.parent / NAME
    old = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
    named = first.rstrip() == DIRECTIVE
    return SchemaFile(path, old is not None, old == content, named, content, tuple(faults))


def renew(schema: SchemaFile) -> None:
    """Write the schema as it should be.

    Raises
    ------
    StorageError
        It cannot be written.
    """
    write_whole(schema.path, schema.content.encode())
