"""Time reportgen against its peers in one run and print ratios; machines differ, ratios less so.

notebooks   the four notebooks, shortened: plain papermill one after another, a fresh kernel each,
            against the engine with kernels forked from one warm process
nothing     a build with nothing to do, against the start of papermill's own command line

`python -m benchmarks report` measures the report instead, by its number of rows (see `reports`).
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAM = (sys.executable, "-m", "reportgen")


def main() -> None:
    """Run every benchmark and print its ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        coursework = _coursework(folder)
        papermill = _seconds(lambda: _papermill(coursework), 1)
        engine = _seconds(lambda: _build(coursework), 1)
        _print("notebooks", "papermill, one after another", papermill, "reportgen build --quick", engine)
        nothing = _seconds(lambda: _build(coursework), 5)
        start = _seconds(lambda: _quiet(sys.executable, "-m", "papermill", "--help"), 5)
        _print("nothing to do", "papermill --help", start, "reportgen build", nothing)


def _coursework(folder: Path) -> Path:
    """The four kinds of notebook, a row each, on the embedded data."""
    (folder / "notebooks").symlink_to(ROOT / "notebooks")
    rows = "".join(
        f'[[experiment]]\nid = "{name}"\nsection = "all"\ntitle = "{name}"\nnotebook = "{name}"\n'
        for name in ("raw_mlp", "hog_mlp", "cnn", "fashion_cnn")
    )
    head = '[report]\ntitle = "Benchmark"\n[[section]]\nid = "all"\ntitle = "All"\n'
    (folder / "experiments.toml").write_text(head + rows, encoding="utf-8")
    _quiet(*PROGRAM, "plan", "--data", "embedded", cwd=folder)
    return folder


def _build(folder: Path) -> None:
    _quiet(*PROGRAM, "build", "--quick", "--data", "embedded", cwd=folder)


def _papermill(folder: Path) -> None:
    """Each notebook by papermill's command line, on the same data with the same shortening."""
    import json

    from reportgen import build
    from reportgen.workspace import find_workspace

    work = find_workspace(folder / "experiments.toml", os.environ, quick=True)
    options = build.Options(quick=True, data="embedded")
    for planned in build.prepare(work, options, os.environ, lambda text: None).plan.runs:
        spec, run = planned.spec, folder / "alone" / planned.spec.row
        run.mkdir(parents=True)
        settings = {
            "folder": str(run), "datasets": spec.datasets, "features": str(folder / "alone"), "threads": 1,
            "quick": spec.quick, "parameters": spec.parameters, "facts": {},
        }  # fmt: skip
        (run / "run.json").write_text(json.dumps(settings), encoding="utf-8")
        words = ["-k", "python3", "-p", "epochs", "2", "-p", "seed", "42"]
        env = os.environ | {"REPORTGEN_RUN": str(run / "run.json")}
        _quiet(sys.executable, "-m", "papermill", spec.notebook, str(run / "out.ipynb"), *words, env=env)
        assert (run / "record.json").exists()


def _quiet(*command: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    subprocess.run(command, cwd=cwd, env=env, check=True, capture_output=True)


def _seconds(work: Callable[[], None], times: int) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _print(what: str, peer: str, theirs: float, own: str, ours: float) -> None:
    print(f"{what}: {peer} {theirs:.2f} s, {own} {ours:.2f} s, ratio {theirs / ours:.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["report"]:
        from benchmarks import reports

        reports.main(sys.argv[2:])
    else:
        main()
