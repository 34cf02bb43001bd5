"""From experiments.toml to resolved rows, or every fault of the file at once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from reportgen.errors import InputError, Problem
from reportgen.experiments import checks, syntax
from reportgen.experiments.lines import Lines
from reportgen.experiments.places import line_within
from reportgen.experiments.problems import schema_problems
from reportgen.experiments.schema import (
    Execution,
    Experiment,
    Experiments,
    ExperimentsFile,
    Row,
    Section,
)
from reportgen.notebooks import Notebook, settled_value
from reportgen.prose.static import prose_problems


def load(
    path: Path,
    notebooks: Mapping[str, Notebook],
    datasets: Collection[str],
    content: bytes | None = None,
    broken: Sequence[Problem] = (),
) -> Experiments:
    """Read an experiments file, check it whole, and resolve its rows.

    Parameters
    ----------
    path : Path
    notebooks : mapping of str to Notebook
        Those that rows may name, from `reportgen.notebooks.discover`.
    datasets : collection of str
        Names that a parameter ``dataset`` may have.
    content : bytes, optional
        What the file would hold, to be checked before it is written; else it is read.
    broken : sequence of Problem
        Faults of notebooks that are therefore not among `notebooks`; told where anything is wrong, or where
        a row names one of them.

    Returns
    -------
    Experiments
        A row's parameters are the notebook's defaults, overridden by its section's,
        overridden by its own.

    Raises
    ------
    InputError
        With every fault that was found, each with its line.
    """
    content, raw, lines = syntax.read(path, content)
    faulty = frozenset(Path(fault.file).stem for fault in broken)
    file = checks.File(str(path), raw, lines, notebooks, datasets, faulty)
    problems = schema_problems(raw, file.name, lines, lambda key: checks.misplaced(file, key))
    causes = [
        problem for problem in problems if problem.code == "unknown-key" and _plural(problem, raw, lines)
    ]
    if causes:
        raise InputError(causes)  # the rest follows from them
    problems += checks.cross_problems(file)
    problems += prose_problems(file)
    if problems or checks.names_faulty(file):
        raise InputError([*problems, *broken])
    tables = ExperimentsFile.model_validate(raw)
    rows = _rows(tables, notebooks, lines)
    digest = hashlib.sha256(content).hexdigest()
    return Experiments(file.name, tables, rows, digest, partial(line_within, lines))


def _plural(problem: Problem, raw: Mapping[str, Any], lines: Lines) -> bool:
    """Whether a problem is that a table's name stands in the plural."""
    named = [name for name in checks.PLURALS if name in raw]
    return any(
        problem.line == lines.line((name,)) and f'there is no key "{name}"' in problem.message
        for name in named
    )


def _rows(file: ExperimentsFile, notebooks: Mapping[str, Notebook], lines: Lines) -> tuple[Row, ...]:
    sections = {section.id: section for section in file.section}
    before: dict[str, str] = {}
    rows = []
    for number, row in enumerate(file.experiment):
        place = lines.line(("experiment", number))
        resolved = _row(row, sections[row.section], notebooks, file.execution, place)
        rows.append(replace(resolved, compared_with=row.compared_with or before.get(row.section)))
        before[row.section] = row.id
    return tuple(rows)


def _row(
    row: Experiment, section: Section, notebooks: Mapping[str, Notebook], execution: Execution, line: int
) -> Row:
    notebook = notebooks[row.notebook or section.notebook or ""]
    given = {
        name: settled_value(notebook.parameters[name], value)
        for name, value in (section.parameters | row.parameters).items()
    }
    defaults: dict[str, Any] = {
        name: parameter.default for name, parameter in notebook.parameters.items() if name != "seed"
    }
    return Row(
        id=row.id,
        title=row.title,
        section=row.section,
        notebook=notebook.name,
        parameters=defaults | given,
        given=given,
        seed=execution.seed if row.seed is None else row.seed,
        repeats=row.repeats or section.repeats or execution.repeats,
        comment=row.comment,
        published=row.published,
        line=line,
    )
