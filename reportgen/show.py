"""What is there, found and said: data sets, finished runs, and whether a file agrees with their results."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.progress import duration
from reportgen.store.objects import Header, Store
from reportgen.workspace import Workspace

if TYPE_CHECKING:
    from reportgen.datasets.dataset import Found
    from reportgen.errors import Problem
    from reportgen.experiments.resolved import Experiments
    from reportgen.notebooks import Notebook
    from reportgen.results import Result


@dataclass(frozen=True)
class DataHere:
    """A data set that a file names, as it was found.

    Parameters
    ----------
    name : str
        As the file names it.
    used : str
        The data set that is used: another one where an embedded one stands in.
    source : str
    digest : str
        SHA-256 of the arrays.
    files : list of dict
        ``file``, ``bytes`` and ``digest`` of each file it was read from.
    """

    name: str
    used: str
    source: str
    digest: str
    files: list[dict[str, Any]]


def found_data(work: Workspace, say: Callable[[str], None]) -> list[DataHere]:
    """Find (or fetch) the data sets that the file names."""
    from reportgen import build

    experiments, _ = build.read(work)
    data = build.find_data(experiments.data_sets, work, experiments, build.Options(), say)
    return [
        DataHere(
            name,
            found.name,
            found.source,
            found.digest,
            [{"file": file, "bytes": size, "digest": digest} for file, size, digest in found.files],
        )
        for name, found in data.items()
    ]


def data_lines(data: Iterable[DataHere]) -> Iterator[str]:
    """Say where each data set is."""
    for found in data:
        stand_in = f", the embedded {found.used} in its place" if found.used != found.name else ""
        yield f"{found.name}: {found.source}{stand_in}, SHA-256 of the arrays {found.digest[:16]}..."
        for file in found.files:
            yield f"   {file['file']}  {file['bytes']:,} bytes  {file['digest'][:16]}..."


def stored_run(header: Header, store: Store) -> dict[str, Any]:
    """One object of a store: its key, what it was made for, on and when, how long that took, its bytes."""
    made, record = header.made, store.told(header.key)
    data, started = record.get("data"), record.get("times")
    return {
        "key": header.key,
        "row": str(made.get("row", "?")),
        "seed": header.parts.get("seed"),
        "data": data.get("name") if isinstance(data, dict) else None,
        "made": started.get("started") if isinstance(started, dict) else None,
        "owner": str(made["owner"]) if made.get("owner") else None,
        "quick": bool(header.parts.get("quick")),
        "seconds": float(made.get("seconds", 0.0)),
        "bytes": header.size,
    }


def store_lines(runs: Sequence[Mapping[str, Any]], root: Path) -> Iterator[str]:
    """List the objects of a store."""
    if runs:
        yield from _columns([_HEADINGS, *map(_stored_cells, runs)])
    count = "1 run" if len(runs) == 1 else f"{len(runs)} runs"
    yield f"{count}, {sum(run['bytes'] for run in runs) / 1e6:.1f} MB, in {root}"


_HEADINGS = ("key", "row", "seed", "data", "made", "time", "size (kB)", "of")
_ON_THE_RIGHT = ("seed", "time", "size (kB)")


def _stored_cells(run: Mapping[str, Any]) -> tuple[str, ...]:
    """What is printed of a run, column by column."""
    return (
        run["key"][:12],
        run["row"] + (" (quick)" if run["quick"] else ""),
        str(run["seed"]),
        str(run["data"] or "?"),
        str(run["made"] or "?")[:16].replace("T", " "),
        duration(run["seconds"]),
        f"{run['bytes'] / 1e3:,.0f}",
        run["owner"] or "",
    )


def _columns(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines of cells, the first of them headings, set in columns."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for cells in lines:
        set_ = [
            cell.rjust(width) if name in _ON_THE_RIGHT else cell.ljust(width)
            for cell, width, name in zip(cells, widths, lines[0], strict=True)
        ]
        yield "  ".join(set_).rstrip()


def collect_garbage(
    work: Workspace, env: Mapping[str, str], say: Callable[[str], None], dry: bool
) -> tuple[int, list[dict[str, Any]]]:
    """Remove what no row needs, quick or not, and nobody used for a day; return how many stay, what went."""
    from reportgen import build

    needed: set[str] = set()
    spare: set[str] = set()
    for quick in (False, True):
        prepared = build.prepare(work, build.Options(quick=quick), env, lambda _: None)
        needed |= {run.key for run in prepared.plan.runs}
        # A team mate's run that could stand for one still to be made is not ours to make again.
        spare |= {each.key for run in prepared.plan.runs for each in run.candidates if each.owner}
    store = Store(work.store, say)
    told = {header.key: stored_run(header, store) for header in store.headers()}
    gone = [told[header.key] for header in store.gc(frozenset(needed | spare), time.time(), dry)]
    return len(needed), gone


@dataclass(frozen=True)
class Checked:
    """What a check of a file came to.

    Parameters
    ----------
    rows, sections : int
    with_result : int
        Rows whose stored results the prose was checked against.
    warnings : tuple of Problem
        What the file or its prose should mend.
    why_not : str
        Where there are no results: why.
    """

    rows: int
    sections: int
    with_result: int
    warnings: tuple[Problem, ...]
    why_not: str


def checked(work: Workspace, env: Mapping[str, str], embedded: bool = False) -> Checked:
    """Check the file, then what its prose says against the results in the store; nothing runs.

    Parameters
    ----------
    work : Workspace
    env : mapping
    embedded : bool
        Whether the results are those of the embedded stand-ins.
    """
    from reportgen import build
    from reportgen.prose.warnings import lonely_deviations, unused_references

    experiments, notebooks = build.read(work)
    found = [*experiments.warnings, *unused_references(experiments), *lonely_deviations(experiments)]
    results, why = _stored_results(work, env, experiments, notebooks, embedded)
    with_record = sum(1 for result in results if result.record is not None)
    if with_record:
        from reportgen.prose.findings import findings

        found += findings(experiments, results)
    return Checked(len(experiments.rows), len(experiments.file.section), with_record, tuple(found), why)


def check_lines(file: Path, found: Checked) -> Iterator[str]:
    """Say what a check came to."""
    for problem in found.warnings:
        yield problem.said("warning")
    rows = f"{found.rows} experiment{'' if found.rows == 1 else 's'}"
    yield f"{file} is right: {rows} in {found.sections} section{'' if found.sections == 1 else 's'}"
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
    embedded: bool,
) -> tuple[tuple[Result, ...], str]:
    """The results that the store has, without a download; or none, and why."""
    from reportgen import build
    from reportgen.errors import EnvironmentFault
    from reportgen.foreseen import foresee
    from reportgen.plan import make_plan, this_machine

    none = "the store has no results for them (`reportgen build` makes them)"
    if not (work.store / "objects").is_dir():
        return (), none
    stand_ins = _stand_ins(work, experiments)
    store, machine = Store(work.store, lambda _: None), this_machine(env, 1)
    headers = tuple(store.headers())
    if headers and all(header.parts.get("quick") for header in headers):
        none = (
            "the store has only quick runs, which nothing is judged by (`reportgen build` makes whole ones)"
        )

    def planned(used: Mapping[str, str]) -> build.Prepared:
        data = _data_here(used, work, experiments)
        weights = foresee(work, experiments, data).weights
        plan = make_plan(experiments, notebooks, data, machine, store, work.features, weights=weights)
        return build.Prepared(experiments, data, store, plan)

    try:
        prepared = planned(stand_ins if embedded else {})
    except EnvironmentFault as error:
        return (), f"their data are not here, so their runs cannot be found: {str(error).splitlines()[0]}"
    if embedded or any(run.stored for run in prepared.plan.runs) or not _decoded(stand_ins, work):
        return build.collect(prepared, {}, ()), none
    if any(run.stored for run in planned(stand_ins).plan.runs):
        wanted, used = " or ".join(stand_ins), " and ".join(sorted(set(stand_ins.values())))
        other = f"only on the embedded {used}: reportgen check --data embedded"
        return (), f"the store has no results on {wanted}, {other}"
    return build.collect(prepared, {}, ()), none


def _stand_ins(work: Workspace, experiments: Experiments) -> dict[str, str]:
    """The embedded data sets that can stand in for those of a file."""
    from reportgen import build
    from reportgen.datasets.registry import DATASETS

    own = build.own_sets(work, experiments)
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
    from reportgen import build
    from reportgen.datasets.find import find

    own = build.own_sets(work, experiments)
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
