"""Whether a file is right: its keys, its own data, and what its prose says of the results that are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.experiments import syntax
from reportgen.plan import Plan
from reportgen.store.objects import Store
from reportgen.workspace import Workspace

if TYPE_CHECKING:
    from reportgen.datasets.dataset import Found
    from reportgen.errors import Problem
    from reportgen.experiments.resolved import Experiments
    from reportgen.notebooks import Notebook
    from reportgen.results import Result


@dataclass(frozen=True)
class Checked:
    """What a check of a file came to.

    Parameters
    ----------
    rows, sections : int
    stages : int
        Sweeps and searches.
    with_result : int
        Rows whose stored results the prose was checked against.
    warnings : tuple of Problem
        What the file or its prose should mend.
    why_not : str
        Where there are no results: why.
    read : tuple of str
        The data sets of the user's own whose files were read, each with its numbers of images.
    """

    rows: int
    sections: int
    stages: int
    with_result: int
    warnings: tuple[Problem, ...]
    why_not: str
    read: tuple[str, ...] = ()


def checked(
    work: Workspace,
    env: Mapping[str, str],
    embedded: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Checked:
    """Check the file, its own data, then what its prose says against the results in the store; nothing runs.

    Parameters
    ----------
    work : Workspace
    env : mapping
    embedded : bool
        Whether the results are those of the embedded stand-ins.
    say : callable
        Is told what should be known of the data.

    Raises
    ------
    InputError
        With every fault of the file; or else of its own data; or else of what does not fit these.
    """
    from reportgen import build
    from reportgen.foreseen import foresee
    from reportgen.prose.warnings import lonely_deviations, unused_references

    content = syntax.bytes_of(work.file)
    experiments, notebooks = build.read(work, content=content)
    own = _own_files(work, experiments, say)
    warnings = dict.fromkeys((*experiments.warnings, *foresee(work, experiments, own).warnings))
    found = [*warnings, *unused_references(experiments), *lonely_deviations(experiments)]
    decided, results, why = _stored_results(work, env, experiments, notebooks, content, embedded)
    with_record = sum(1 for result in results if result.record is not None)
    if with_record:
        from reportgen.prose.findings import findings

        found += findings(decided, results)
    rows, sections = len(experiments.rows), len(experiments.file.section)
    stages = len(experiments.stages)
    return Checked(rows, sections, stages, with_record, tuple(found), why, tuple(_counted(own)))


def _own_files(work: Workspace, experiments: Experiments, say: Callable[[str], None]) -> dict[str, Found]:
    """The data sets that rows use and that are files of the user's own, read where they were not before."""
    from reportgen import build, data_finding

    tables = experiments.file.dataset
    names = [name for name in experiments.data_sets if name in tables and tables[name].kind is not None]
    return data_finding.find_data(
        names, work, experiments, build.Options(fetch=False), lambda text: say(text.strip())
    )


def _counted(own: Mapping[str, Found]) -> Iterator[str]:
    for name, found in own.items():
        if found.own is not None:
            aside = f", {found.unlabelled.items:,} to submit" if found.unlabelled is not None else ""
            yield f"{name}: {found.own.n_train:,} images to train on, {found.own.n_test:,} to test on{aside}"


def check_lines(file: Path, found: Checked) -> Iterator[str]:
    """Say what a check came to."""
    for problem in found.warnings:
        yield problem.said("warning")
    rows = f"{found.rows} experiment{'' if found.rows == 1 else 's'}"
    stages = f" and {found.stages} stage{'' if found.stages == 1 else 's'}" if found.stages else ""
    yield f"{file} is right: {rows}{stages} in {found.sections} section{'' if found.sections == 1 else 's'}"
    yield from found.read
    if found.with_result:
        against = f"the results of {found.with_result} of {found.rows} rows"
        yield f"its prose and claims were checked against {against}; nothing ran"
    else:
        yield f"its prose and claims were not checked: {found.why_not}"


def _stored_results(
    work: Workspace,
    env: Mapping[str, str],
    experiments: Experiments,
    notebooks: Mapping[str, Notebook],
    content: bytes,
    embedded: bool,
) -> tuple[Experiments, tuple[Result, ...], str]:
    """What the store has, without a download: the rows as results decide them, and these, or why not."""
    from reportgen import build
    from reportgen.collecting import collect
    from reportgen.errors import EnvironmentFault

    none = "the store has no results for them (`reportgen build` makes them)"
    if not (work.store / "objects").is_dir():
        return experiments, (), none
    stand_ins = _stand_ins(work, experiments)
    store = Store(work.store, lambda _: None)
    headers = tuple(store.headers())
    if headers and all(header.parts.get("quick") for header in headers):
        none = (
            "the store has only quick runs, which nothing is judged by (`reportgen build` makes whole ones)"
        )

    def planned(used: Mapping[str, str]) -> build.Prepared:
        data = _data_here(used, work, experiments)
        known = build.Prepared(experiments, data, store, Plan(()), notebooks=notebooks, content=content)
        return build.advanced(work, build.Options(fetch=False), env, known)

    try:
        prepared = planned(stand_ins if embedded else {})
    except EnvironmentFault as error:
        return (
            experiments,
            (),
            f"their data are not here, so their runs cannot be found: {str(error).splitlines()[0]}",
        )
    if embedded or any(run.stored for run in prepared.plan.runs) or not _decoded(stand_ins, work):
        return prepared.experiments, collect(prepared, {}, ()), none
    if any(run.stored for run in planned(stand_ins).plan.runs):
        wanted, used = " or ".join(stand_ins), " and ".join(sorted(set(stand_ins.values())))
        other = f"only on the embedded {used}: reportgen check --data embedded"
        return experiments, (), f"the store has no results on {wanted}, {other}"
    return prepared.experiments, collect(prepared, {}, ()), none


def _stand_ins(work: Workspace, experiments: Experiments) -> dict[str, str]:
    """The embedded data sets that can stand in for those of a file."""
    from reportgen import data_finding
    from reportgen.datasets.registry import DATASETS

    own = data_finding.own_sets(work, experiments)
    known = {name: DATASETS.get(own.needs(name)) for name in experiments.data_sets}
    return {name: source.stand_in for name, source in known.items() if source and source.stand_in}


def _decoded(stand_ins: Mapping[str, str], work: Workspace) -> bool:
    """Whether all stand-ins were made before: none is made only to say what else there is."""
    from reportgen.datasets.status import available

    found = [
        available(name, data_dir=None, keras_home=work.keras_home, cache=work.data)
        for name in stand_ins.values()
    ]
    return bool(found) and all(status.decoded for status in found)


def _data_here(used: Mapping[str, str], work: Workspace, experiments: Experiments) -> dict[str, Found]:
    """The data sets without a download; `used` names those that stand in for some."""
    from reportgen import data_finding
    from reportgen.datasets.find import find

    own = data_finding.own_sets(work, experiments)
    return {
        name: replace(
            find(
                used.get(name, name), data_dir=work.data_dir, keras_home=work.keras_home, cache=work.data,
                when_unavailable=experiments.file.data.when_unavailable, download=False,
                own=own,
            ),
            requested=name,
        )
        for name in experiments.data_sets
    }  # fmt: skip
