"""Checks of the parameters that rows and their sections give their notebooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from reportgen.errors import Problem
from reportgen.experiments import limits
from reportgen.experiments.lines import Path
from reportgen.experiments.problems import known_keys
from reportgen.experiments.words import quoted, suggestion
from reportgen.notebooks import Notebook, check_value, typed_value, wrong_type

if TYPE_CHECKING:
    from reportgen.experiments.checks import File


def parameter_problems(
    file: File,
    path: Path,
    row: Mapping[str, Any],
    place: tuple[int, Mapping[str, Any]] | None,
    notebook: Notebook,
) -> Iterator[Problem]:
    """Check what the section and the row give; a fault of the section is found once per row."""
    origin: dict[str, Path] = {}
    good: dict[str, Any] = {}
    tables = [(path, row), *([(("section", place[0]), place[1])] if place else [])]
    faulty = False
    for base, table in reversed(tables):
        given = table.get("parameters")
        for name, value in given.items() if isinstance(given, dict) else ():
            at: Path = (*base, "parameters", name)
            problem = _foreign_problem(file, path, row, at, notebook) or _parameter_problem(
                file, at, notebook, name, value
            )
            if problem:
                faulty = True
                yield problem
            else:
                origin[name], good[name] = at, typed_value(notebook.parameters[name], value)
    if not faulty:
        yield from _combination(file, path, notebook, good, origin)


def _foreign_problem(
    file: File, path: Path, row: Mapping[str, Any], at: Path, notebook: Notebook
) -> Problem | None:
    """A parameter of the section that the row's own notebook does not have."""
    name = at[-1]
    if at[0] != "section" or "notebook" not in row or name in notebook.parameters:
        return None
    message = f"its section sets {quoted(str(name))}, which is not a parameter of {notebook.name}.ipynb"
    return file.problem((*path, "notebook"), "unknown-parameter", message, "set it in the rows that have it")


def _parameter_problem(file: File, at: Path, notebook: Notebook, name: str, value: Any) -> Problem | None:
    if name == "seed":
        own = "write seed = N beside parameters, in the [[experiment]] table itself"
        remedy = own if at[0] == "experiment" else "write seed = N in [execution], or in each [[experiment]]"
        return file.problem(at, "seed-as-parameter", "seed is no parameter", remedy)
    parameter = notebook.parameters.get(name)
    if parameter is None:
        message = f"{quoted(name)} is not a parameter of {notebook.name}.ipynb"
        return file.problem(at, "unknown-parameter", message, _parameter_remedy(notebook, str(at[0]), name))
    # Calls are read later, when all of them are known, by `row_calls`.
    fault = wrong_type(parameter, value) if parameter.calls else check_value(parameter, value)
    if fault:
        remedy = f"{notebook.name}.ipynb has: {parameter}"
        return file.problem(at, "bad-parameter", f'parameter "{name}": {fault}', remedy)
    return _dataset_problem(file, at, value) if name == "dataset" else None


def _dataset_problem(file: File, at: Path, name: Any) -> Problem | None:
    if not isinstance(name, str) or name in file.datasets:
        return None
    message = f"there is no data set {quoted(name)}"
    return file.problem(at, "unknown-dataset", message, suggestion(name, file.datasets))


def _parameter_remedy(notebook: Notebook, table: str, name: str) -> str:
    """The nearest parameter; or the way out of ``[experiment.parameters]`` for a key of the row."""
    if name in known_keys((table, 0)):
        return f"it is a key of [[{table}]]: move it above [{table}.parameters]"
    return suggestion(name, [each for each in notebook.parameters if each != "seed"])


def _combination(
    file: File, path: Path, notebook: Notebook, given: Mapping[str, Any], origin: Mapping[str, Path]
) -> Iterator[Problem]:
    """Check the parameters of a row together, the notebook's defaults included."""
    values = {name: each.default for name, each in notebook.parameters.items()} | dict(given)
    for name, fault in limits.disagreements(values):
        others = [each for each in (name, "filters") if each in origin]
        at = origin[others[0]] if others else path
        yield file.problem(at, "parameters-disagree", fault)
    if "dataset" not in given and (problem := _dataset_problem(file, path, values.get("dataset"))):
        yield problem
