"""Lines for `reportgen data` and `reportgen store`: what is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.store.objects import Store
from reportgen.workspace import Workspace

if TYPE_CHECKING:
    from reportgen.experiments.schema import Experiments
    from reportgen.notebooks import Notebook
    from reportgen.results import Result


def data_lines(work: Workspace, say: Callable[[str], None]) -> Iterator[str]:
    """Find (or fetch) the data sets that the file names, and say where each one is."""
    from reportgen import build

    experiments, _ = build.read(work)
    names = sorted(
        {str(row.parameters["dataset"]) for row in experiments.rows if "dataset" in row.parameters}
    )
    for name, found in build.find_data(names, work, experiments, build.Options(), say).items():
        stand_in = f", the embedded {found.name} in its place" if found.stand_in else ""
        yield f"{name}: {found.source}{stand_in}, SHA-256 of the arrays {found.digest[:16]}..."
        for file, size, digest in found.files:
            yield f"   {file}  {size:,} bytes  {digest[:16]}..."


def store_lines(store: Store) -> Iterator[str]:
    """List the objects of a store."""
    total = count = 0
    for header in store.headers():
        count, total = count + 1, total + header.size
        made = header.made
        quick = " (quick)" if header.parts.get("quick") else ""
        size = f"{header.size / 1e6:.1f} MB"
        yield f"{header.key[:12]}  {made.get('row', '?')}{quick}  {made.get('seconds', 0):.0f} s  {size}"
    yield f"{count} runs, {total / 1e6:.1f} MB, in {store.root}"


def collect_garbage(
    work: Workspace, env: Mapping[str, str], say: Callable[[str], None], dry: bool
) -> Iterator[str]:
    """Remove what no row, quick or not, needs and nobody used for a day."""
    from reportgen import build

    keep = set()
    for quick in (False, True):
        prepared = build.prepare(work, build.Options(quick=quick), env, lambda _: None)
        keep |= {run.key for run in prepared.plan.runs}
    store = Store(work.store, say)
    for header in store.gc(frozenset(keep), time.time(), dry):
        yield f"{'would remove' if dry else 'removed'} {header.key[:12]}  {header.made.get('row', '?')}"
    yield f"{len(keep)} runs are needed by {work.file}"


def check_lines(work: Workspace, env: Mapping[str, str]) -> Iterator[str]:
    """Check the file, then what its prose says against the results in the store; nothing runs."""
    from reportgen import build
    from reportgen.prose.warnings import unused_references

    experiments, notebooks = build.read(work)
    for problem in unused_references(experiments):
        yield problem.said("warning")
    rows, sections = len(experiments.rows), len(experiments.file.section)
    results, why = _stored_results(work, env, experiments, notebooks)
    with_record = sum(1 for result in results if result.record is not None)
    if with_record:
        from reportgen.prose.findings import findings

        for problem in findings(experiments, results):
            yield problem.said("warning")
    yield f"{work.file} is right: {rows} experiments in {sections} sections"
    if with_record:
        against = f"the results of {with_record} of {rows} rows"
        yield f"its prose and claims were checked against {against}; nothing ran"
    else:
        yield f"its prose and claims were not checked: {why}"


def _stored_results(
    work: Workspace, env: Mapping[str, str], experiments: Experiments, notebooks: Mapping[str, Notebook]
) -> tuple[tuple[Result, ...], str]:
    """The results that the store has, without a download; or none, and why."""
    from reportgen import build
    from reportgen.errors import EnvironmentFault

    none = "the store has no results for them (`reportgen build` makes them)"
    if not (work.store / "objects").is_dir():
        return (), none
    from reportgen.datasets.find import find
    from reportgen.plan import make_plan, this_machine

    names = sorted({str(r.parameters["dataset"]) for r in experiments.rows if "dataset" in r.parameters})
    try:
        data = {
            name: replace(
                find(
                    name, data_dir=work.data_dir, keras_home=work.keras_home, cache=work.data,
                    when_unavailable=experiments.file.data.when_unavailable, download=False,
                    own=build.own_sets(work, experiments),
                ),
                requested=name,
            )
            for name in names
        }  # fmt: skip
    except EnvironmentFault as error:
        return (), f"their data are not here, so their runs cannot be found: {str(error).splitlines()[0]}"
    store = Store(work.store, lambda _: None)
    plan = make_plan(experiments, notebooks, data, this_machine(env, 1), store, work.features)
    return build.collect(build.Prepared(experiments, data, store, plan), {}, ()), none
