"""How long a report takes, how large it is and how much memory it needs, by its number of rows.

``python -m benchmarks report --rows 1 24 120`` renders invented courseworks, each in a process of its
own: once with nothing drawn yet, once with every figure in the cache. ``--file`` and ``--store``
render a real one instead. Machines differ; the ratios to the first size differ less.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EPOCH = 1_790_000_000


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds of CPU and on the clock, and its largest size in bytes."""

    cpu: float
    wall: float
    peak: int


@dataclass(frozen=True)
class Measured:
    """A report of `rows` rows: pages, bytes, and its cost with an empty cache of figures and a full one."""

    rows: int
    pages: int
    pdf: int
    html: int
    cold: Cost
    warm: Cost


def main(words: Sequence[str]) -> None:
    """Measure what the words of the command line ask for, and print it."""
    options = _options(words)
    if options.render is not None:
        _render(json.loads(options.render))
        return
    with tempfile.TemporaryDirectory() as name:
        out = (options.out or Path(name)).absolute()
        if options.file:
            found = [_measured_file(options.file, options.store, out)]
        else:
            found = [_measured(rows, options, out / str(rows)) for rows in options.rows]
    _print(found)


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks report", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1, 24, 120])
    parser.add_argument("--classes", type=int, default=10, help="of the data set that is in no registry")
    parser.add_argument("--names", choices=["letters", "accents", "greek", "cyrillic"], default="letters")
    parser.add_argument("--long-titles", action="store_true")
    parser.add_argument("--language", default="en")
    parser.add_argument("--paper", choices=["a4", "letter"], default="a4")
    parser.add_argument("--items", type=int, default=10_000, help="of each test set")
    parser.add_argument("--file", type=Path, help="a real experiments file, rendered from --store")
    parser.add_argument("--store", type=Path)
    parser.add_argument("--out", type=Path, help="keep the reports here")
    parser.add_argument("--render", help=argparse.SUPPRESS)
    return parser.parse_args(words)


def _measured(rows: int, options: argparse.Namespace, out: Path) -> Measured:
    asked = {
        "rows": rows, "classes": options.classes, "names": options.names, "long_titles": options.long_titles,
        "n_test": options.items, "language": options.language, "paper": options.paper, "out": str(out),
    }  # fmt: skip
    command = [sys.executable, "-m", "benchmarks", "report", "--render", json.dumps(asked)]
    made = [_cost(command) for _ in range(2)]
    return _sizes(rows, out / "report", made)


def _render(asked: dict[str, Any]) -> None:
    """Render an invented coursework; this is the child process."""
    from reportgen.report.assets import built_in
    from reportgen.report.render import render
    from tests.scale import coursework

    out = Path(asked.pop("out"))
    done = render(
        *coursework(**asked), out=out / "report", templates=built_in("templates"),
        figure_cache=out / "cache", epoch=EPOCH,
    )  # fmt: skip
    for warning in done.warnings:
        print(f"warning: {warning}", file=sys.stderr)


def _measured_file(file: Path, store: Path | None, out: Path) -> Measured:
    command = [sys.executable, "-m", "reportgen", "render", str(file), "--out", str(out)]
    command += ["--store", str(store.absolute())] if store else []
    made = []
    for _ in range(2):
        (out / ".build.json").unlink(missing_ok=True)
        made.append(_cost(command))
    rows = len(json.loads((out / "results.json").read_text(encoding="utf-8"))["rows"])
    return _sizes(rows, out, made)


def _cost(command: Sequence[str]) -> Cost:
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * unit)


def _sizes(rows: int, out: Path, costs: Sequence[Cost]) -> Measured:
    import pikepdf

    with pikepdf.open(out / "report.pdf") as pdf:
        pages = len(pdf.pages)
    pdf_size, html_size = ((out / name).stat().st_size for name in ("report.pdf", "report.html"))
    cold, warm = costs
    return Measured(rows, pages, pdf_size, html_size, cold, warm)


def _print(found: Sequence[Measured]) -> None:
    first = found[0]
    print("rows  pages  PDF MB  HTML MB   CPU s, cold   warm   ratio  per row   peak MiB")
    for one in found:
        print(
            f"{one.rows:4}  {one.pages:5}  {one.pdf / 1e6:6.2f}  {one.html / 1e6:7.2f}  {one.cold.cpu:12.1f}"
            f"  {one.warm.cpu:5.1f}  {one.warm.cpu / first.warm.cpu:6.1f}  {one.warm.cpu / one.rows:7.2f}"
            f"  {max(one.cold.peak, one.warm.peak) / 2**20:9.0f}"
        )
