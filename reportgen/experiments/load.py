"""From experiments.toml to resolved rows, or every fault of the file at once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from reportgen.calls.named import in_force
from reportgen.errors import InputError, Problem
from reportgen.experiments import checks, row_calls, syntax
from reportgen.experiments.lines import Lines
from reportgen.experiments.own_checks import own_problems, own_tables
from reportgen.experiments.places import line_within
from reportgen.experiments.problems import schema_problems
from reportgen.experiments.resolved import Experiments, Row
from reportgen.experiments.row_calls import DataSeen, RowCalls
from reportgen.experiments.schema import Execution, Experiment, ExperimentsFile, Section
from reportgen.experiments.stage_checks import once, stage_problems
from reportgen.experiments.stages import Standing
from reportgen.experiments.unfold import Unfolded, unfold
from reportgen.experiments.warm_starts import misfits, warm_start_problems
from reportgen.notebooks import Notebook, settled_value
from reportgen.prose.static import prose_problems


def load(
    path: Path,
    notebooks: Mapping[str, Notebook],
    datasets: Collection[str],
    content: bytes | None = None,
    seen: Mapping[str, DataSeen] | None = None,
    broken: Sequence[Problem] = (),
    standings: Mapping[str, Standing] | None = None,
) -> Experiments:
    """Read an experiments file, check it whole, and resolve its rows.

    Parameters
    ----------
    path : Path
    notebooks : mapping of str to Notebook
        Those that rows may name, from `reportgen.notebooks.discover`.
    datasets : collection of str
        Names that a parameter ``dataset`` may have, beside those of the file's own data sets.
    content : bytes, optional
        What the file would hold, to be checked before it is written; else it is read.
    seen : mapping of str to DataSeen, optional
        What is known of data sets before they are read: layers are checked against it.
    broken : sequence of Problem
        Faults of notebooks that are therefore not among `notebooks`; told where anything is wrong, or where
        a row names one of them.
    standings : mapping of str to Standing, optional
        What has become of stages, by id: rows of those that wait for one are known by it.

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
    content, written, places = syntax.read(path, content)
    unfolded = unfold(written, places, standings or {})
    raw, lines = unfolded.raw, unfolded.lines
    faulty = frozenset(Path(fault.file).stem for fault in broken)
    file = checks.File(str(path), raw, lines, notebooks, (*datasets, *own_tables(raw)), faulty)
    problems = schema_problems(raw, file.name, lines, lambda key: checks.misplaced(file, key))
    causes = [
        problem for problem in problems if problem.code == "unknown-key" and _plural(problem, raw, lines)
    ]
    if causes:
        raise InputError(causes)  # the rest follows from them
    problems += stage_problems(file)
    problems += checks.cross_problems(file)
    problems += own_problems(file, datasets)
    problems += prose_problems(file)
    problems += warm_start_problems(file)
    seen = {**(seen or {}), **_divided_anew(raw, seen or {})}
    found = _calls(file, not problems, seen)
    problems += found.problems
    if problems or checks.names_faulty(file):
        raise InputError([*once(problems, unfolded), *broken])
    tables = ExperimentsFile.model_validate(raw)
    rows = _rows(tables, notebooks, lines, unfolded)
    digest = hashlib.sha256(content).hexdigest()
    calls = partial(_calls_once, file, unfolded)
    return Experiments(
        file.name,
        tables,
        rows,
        digest,
        once(found.warnings, unfolded),
        calls,
        partial(line_within, lines),
        unfolded.stages,
    )


def _calls(file: checks.File, sound: bool, seen: Mapping[str, DataSeen]) -> RowCalls:
    """The calls of all rows; what they say of one another only where all else is sound."""
    rows = row_calls.of_rows(file, seen)
    problems = [problem for row in rows for problem in row.problems]
    warnings = [problem for row in rows for problem in row.warnings]
    if sound and not problems:
        more, odd = misfits(file, rows)
        problems, warnings = more, [*warnings, *odd]
    return RowCalls(rows, tuple(dict.fromkeys(problems)), tuple(dict.fromkeys(warnings)))


def _calls_once(file: checks.File, unfolded: Unfolded, seen: Mapping[str, DataSeen]) -> RowCalls:
    """The calls of all rows, each fault of a stage told once."""
    found = _calls(file, True, seen)
    problems, warnings = once(found.problems, unfolded), once(found.warnings, unfolded)
    return replace(found, problems=problems, warnings=warnings)


def _divided_anew(raw: Mapping[str, Any], seen: Mapping[str, DataSeen]) -> dict[str, DataSeen]:
    """What is known of the file's own data sets that are taken from known ones."""
    found = {}
    for name, table in own_tables(raw).items():
        source, items = seen.get(str(table.get("from"))), table.get("train_items")
        if source is not None and isinstance(items, int):
            found[name] = replace(source, items=items)
    return found


def _plural(problem: Problem, raw: Mapping[str, Any], lines: Lines) -> bool:
    """Whether a problem is that a table's name stands in the plural."""
    named = [name for name in checks.PLURALS if name in raw]
    return any(
        problem.line == lines.line((name,)) and f'there is no key "{name}"' in problem.message
        for name in named
    )


def _rows(
    file: ExperimentsFile, notebooks: Mapping[str, Notebook], lines: Lines, unfolded: Unfolded
) -> tuple[Row, ...]:
    """The rows in the order of the file: those of a stage stand where its table does."""
    sections = {section.id: section for section in file.section}
    before: dict[str, str] = {}
    rows = []
    for number in unfolded.order or range(len(file.experiment)):
        row = file.experiment[number]
        if row.id in unfolded.spare:
            continue
        place = lines.line(("experiment", number))
        resolved = _row(row, sections[row.section], notebooks, file.execution, place)
        compared = row.compared_with or before.get(row.section)
        origin, waits_for = unfolded.origins.get(row.id), unfolded.waiting.get(row.id)
        rows.append(replace(resolved, compared_with=compared, origin=origin, waits_for=waits_for))
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
        name: settled_value(parameter, parameter.default)
        for name, parameter in notebook.parameters.items()
        if name != "seed"
    }
    parameters = in_force(defaults | given)
    return Row(
        id=row.id,
        title=row.title,
        section=row.section,
        notebook=notebook.name,
        parameters=parameters,
        given={name: value for name, value in given.items() if name in parameters},
        seed=execution.seed if row.seed is None else row.seed,
        repeats=row.repeats or section.repeats or execution.repeats,
        comment=row.comment,
        published=row.published,
        line=line,
        warm_start=row.warm_start,
        keep_model=next((each for each in (row.keep_model, section.keep_model) if each is not None), False),
    )
