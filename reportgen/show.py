"""Lines for `reportgen data` and `reportgen store`: what is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

from reportgen.store.objects import Store
from reportgen.workspace import Workspace


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
        keep |= {run.spec.key for run in prepared.plan.runs}
    store = Store(work.store, say)
    for header in store.gc(frozenset(keep), time.time(), dry):
        yield f"{'would remove' if dry else 'removed'} {header.key[:12]}  {header.made.get('row', '?')}"
    yield f"{len(keep)} runs are needed by {work.file}"
