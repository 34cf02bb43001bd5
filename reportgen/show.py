"""What is there, found and said: data sets and finished runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.progress import duration
from reportgen.store.objects import Header, Store
from reportgen.workspace import Workspace


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
    from reportgen import build, data_finding

    experiments, _ = build.read(work)
    data = data_finding.find_data(experiments.data_sets, work, experiments, build.Options(), say)
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
        # What rows of a stage were before it gained a row may be what they are again once it is decided.
        undecided = {row.id for row in prepared.experiments.later}
        spare |= {each.key for each in prepared.store.headers() if each.made.get("row") in undecided}
    store = Store(work.store, say)
    told = {header.key: stored_run(header, store) for header in store.headers()}
    gone = [told[header.key] for header in store.gc(frozenset(needed | spare), time.time(), dry)]
    return len(needed), gone
