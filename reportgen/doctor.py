"""What this machine lacks, and the line that mends it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from reportgen.report.assets import built_in
from reportgen.workspace import Workspace, find_workspace

FREE_DISK = 2 << 30
FREE_MEMORY = 2 << 30
"""Bytes that one run of the larger networks needs, with the libraries."""

KERNEL_SECONDS = 60
_TRIAL = """
[report]
title = "A trial"

[[section]]
id = "trial"
notebook = "raw_mlp"

[[experiment]]
id = "trial"
section = "trial"
title = "One small network"
parameters = { dataset = "digits", hidden_units = [20], epochs = 2, batch_size = 128 }
"""

_LINES = {
    "python": {
        "debian": "sudo apt install python3.11, or: uv python install 3.11",
        "fedora": "sudo dnf install python3.11, or: uv python install 3.11",
        "darwin": "brew install python@3.11, or: uv python install 3.11",
        "windows": "winget install Python.Python.3.11, or: uv python install 3.11",
    },
    "subset": {
        "debian": "sudo apt install libharfbuzz-subset0",
        "fedora": "sudo dnf install harfbuzz",
        "darwin": "brew install harfbuzz",
        "windows": "in the window of MSYS2: pacman -S mingw-w64-ucrt-x86_64-harfbuzz",
    },
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    Parameters
    ----------
    fine : bool
        False where something does not work; what merely could be better is fine.
    text : str
        What was seen.
    remedy : str
        One line that mends it, or makes it better.
    """

    fine: bool
    text: str
    remedy: str = ""


def _found(fine: bool, text: str, remedy: str) -> Finding:
    """A finding whose remedy matters only where something is wrong."""
    return Finding(fine, text, "" if fine else remedy)


def examine(work: Workspace, env: Mapping[str, str], trial: bool = True) -> Iterator[Finding]:
    """Look at everything a build needs, one finding at a time.

    Parameters
    ----------
    work : Workspace
    env : mapping
    trial : bool
        Whether to start a kernel and make one small run, report and PDF (half a minute).
    """
    from reportgen.report.pdf import this_system

    family = this_system()
    yield _found(
        (3, 11) <= sys.version_info[:2] < (3, 14),
        f"Python {sys.version.split()[0]}",
        f"use Python 3.11 to 3.13: {_line('python', family)}",
    )
    yield from _packages()
    yield from _printing(family)
    yield _fonts()
    yield _processors(env)
    yield _memory()
    yield _writable(work)
    yield from _data(work)
    if trial:
        kernel = _kernel(env)
        yield kernel
        if kernel.fine:
            yield _one_run(env)


def _line(fault: str, family: str) -> str:
    lines = _LINES[fault]
    return lines.get(family, lines["debian"].partition(", or: ")[2] or "use your package manager")


def _packages() -> Iterator[Finding]:
    """The packages that reportgen itself declares; those that are there in one line."""
    names = sorted({_name(line) for line in requires("reportgen") or () if "extra ==" not in line})
    there = []
    for name in names:
        try:
            there.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            yield Finding(False, f"{name} is not installed", f"pip install {name}, or in a checkout: uv sync")
    yield Finding(True, f"{len(there)} packages: {', '.join(there)}")


def _name(requirement: str) -> str:
    end = next((n for n, sign in enumerate(requirement) if not (sign.isalnum() or sign in "-_.")), None)
    return requirement[:end].lower()


def _printing(family: str) -> Iterator[Finding]:
    from reportgen.report.pdf import PangoMissing, import_weasyprint, pango_remedy

    try:
        weasyprint, warned = import_weasyprint(family)
    except PangoMissing:
        missing = "Pango is missing: the HTML report works, the PDF does not"
        yield Finding(False, missing, pango_remedy(family))
        return
    yield Finding(True, f"Pango, for WeasyPrint {weasyprint.__version__}")
    if any("harfbuzz" in text.lower() for text in warned):
        slower = "libharfbuzz-subset is missing: the PDF takes a little longer"
        yield Finding(True, slower, _line("subset", family))


def _fonts() -> Finding:
    folder = built_in("templates") / "fonts"
    found = len(list(folder.glob("*.woff2")))
    return _found(found > 0, f"{found} font files", "install reportgen again: its fonts are missing")


def _processors(env: Mapping[str, str]) -> Finding:
    from reportgen.build import cores

    count = cores()
    gpu = " and a GPU" if shutil.which("nvidia-smi", path=env.get("PATH")) else ""
    return Finding(True, f"{count} cores{gpu}: {'one run at a time' if gpu else f'{count} runs at once'}")


def _memory() -> Finding:
    import psutil

    free = psutil.virtual_memory().available
    text = f"{free / 1e9:.1f} GB of memory free"
    return _found(
        free > FREE_MEMORY, text, "close other programs, or build with --jobs 1 and smaller batches"
    )


def _writable(work: Workspace) -> Finding:
    place = next(folder for folder in (work.store, *work.store.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    fine = free > FREE_DISK and os.access(place, os.W_OK)
    return _found(
        fine, f"{place}: {free / 1e9:.1f} GB free", f"free some space, or use --store (now {work.store})"
    )


def _data(work: Workspace) -> Iterator[Finding]:
    from reportgen.datasets.status import available

    for name in ("mnist", "fashion_mnist"):
        status = available(name, data_dir=work.data_dir, keras_home=work.keras_home, cache=work.data)
        where = status.source or f"would be downloaded, else {status.stand_in} take its place"
        yield Finding(True, f"{name}: {where}")


def _kernel(env: Mapping[str, str]) -> Finding:
    """Start an ordinary kernel, and say how long it took."""
    from jupyter_client.manager import KernelManager

    from reportgen.execution.kernels import OwnKernel, kernel_environment

    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        manager = KernelManager(kernel_name="python3", kernel_spec_manager=OwnKernel())
        try:
            with (Path(folder) / "log").open("wb") as log:
                own = kernel_environment(Path(folder), "", env)
                manager.start_kernel(env=own, cwd=folder, stdout=log, stderr=log)
            client = manager.client()
            client.start_channels()
            client.wait_for_ready(timeout=KERNEL_SECONDS)
            client.stop_channels()
        except (RuntimeError, OSError) as error:
            said = (Path(folder) / "log").read_text(errors="replace").strip().splitlines()
            last = said[-1] if said else str(error)
            return Finding(
                False, f"a kernel does not start: {last}", "pip install --force-reinstall ipykernel"
            )
        finally:
            if manager.has_kernel:
                manager.shutdown_kernel(now=True)
    return Finding(True, f"a kernel starts ({time.monotonic() - began:.0f} s)")


def _one_run(env: Mapping[str, str]) -> Finding:
    """Build a report of one small run in a folder of its own."""
    from reportgen import build as line
    from reportgen.errors import ReportgenError
    from reportgen.execution.signals import Stop
    from reportgen.progress import Lines

    def silent(_: str) -> None:
        """The findings say what is to be said."""

    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "experiments.toml"
        file.write_text(_TRIAL, encoding="utf-8")
        apart = {name: value for name, value in env.items() if name != "REPORTGEN_STORE"}
        work = find_workspace(file, apart)
        try:
            built = line.build(work, line.Options(quick=True), apart, silent, Lines(silent), Stop(silent))
        except ReportgenError as error:
            return Finding(False, f"one small run: {error}", "mend what is named above, then try again")
        for failure in built.failed.values():
            return Finding(False, f"one small run failed: {failure.message}", failure.remedy)
    return Finding(True, f"one small run, its report and its PDF ({time.monotonic() - began:.0f} s)")
