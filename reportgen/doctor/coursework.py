"""The coursework at hand: its file, its data, and the versions it asks for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from reportgen.doctor import remedies
from reportgen.doctor.finding import Finding
from reportgen.doctor.software import installed
from reportgen.installed import LIBRARIES
from reportgen.workspace import Workspace

BOTH = ("mnist", "fashion_mnist")
_PIN = re.compile(r"^\s*([A-Za-z0-9._-]+)\s*==\s*([^\s;#]+)", re.M)


def raw(work: Workspace) -> dict[str, Any]:
    """The tables of the experiments file; empty where it cannot be read."""
    try:
        return tomllib.loads(work.file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}


def threads(work: Workspace) -> int:
    """Threads of one run, as the file has it."""
    execution = raw(work).get("execution")
    found = execution.get("threads_per_run") if isinstance(execution, dict) else None
    return found if isinstance(found, int) and found > 0 else 1


def file(work: Workspace) -> Iterator[Finding]:
    """Whether the file is right, and the versions those that its requirements.txt names."""
    from reportgen import build
    from reportgen.errors import InputError

    if not work.file.is_file():
        yield Finding(True, f"there is no {work.file} here", "reportgen init mylab makes a coursework")
        return
    try:
        rows = len(build.read(work)[0].rows)
        yield Finding(True, f"{work.file} is right: {rows} rows")
    except InputError as error:
        count = len(error.problems)
        faults = "1 fault" if count == 1 else f"{count} faults"
        yield Finding(False, f"{work.file} has {faults}", f"reportgen check {work.file}")
    wanted = work.root / "requirements.txt"
    if wanted.is_file():
        yield from pins(wanted.read_text(encoding="utf-8", errors="replace"))


def pins(wanted: str) -> Iterator[Finding]:
    """Libraries that compute, in other versions than a text of requirements names.

    Parameters
    ----------
    wanted : str
        Such as ``numpy==2.4.6``, one per line.
    """
    asked = {name.lower(): version for name, version in _PIN.findall(wanted) if name.lower() in LIBRARIES}
    here = {name: installed(name) for name in asked}
    other = [
        f"{name} {here[name]} instead of {asked[name]}"
        for name in asked
        if here[name] not in (None, asked[name])
    ]
    if other:
        text = f"{', '.join(other)}: runs of others, with the versions of requirements.txt, are not shared"
        yield Finding(True, text, remedies.install("-r", "requirements.txt"))


def data(work: Workspace, env: Mapping[str, str]) -> Iterator[Finding]:
    """Where the data sets are that the file names; both large ones where it names none."""
    from reportgen.datasets.registry import DATASETS
    from reportgen.datasets.status import available

    if work.data_dir is not None and not work.data_dir.is_dir():
        text = f"there is no data folder {work.data_dir}"
        yield Finding(False, text, "correct --data-dir or REPORTGEN_DATA_DIR, or leave it out")
        return
    for name in _named(work):
        if name not in DATASETS:
            continue
        status = available(name, data_dir=work.data_dir, keras_home=work.keras_home, cache=work.data)
        if status.missing:
            yield Finding(
                False,
                f"{name}: {status.place} lacks {', '.join(status.missing)}",
                f"put them into {status.place}",
            )
        elif status.source:
            yield Finding(True, f"{name}: {status.source}{f', {status.place}' if status.place else ''}")
        else:
            text = f"{name}: not here; the next build downloads it, else {status.stand_in} take its place"
            yield Finding(
                True, text, "reportgen data fetches it now; --data-dir leads to a folder that has it"
            )


def _named(work: Workspace) -> tuple[str, ...]:
    from reportgen import build, data_finding
    from reportgen.errors import InputError

    try:
        experiments = build.read(work)[0]
    except InputError:
        return BOTH
    own = data_finding.own_sets(work, experiments)
    return tuple(sorted({own.needs(name) for name in experiments.data_sets})) or BOTH
