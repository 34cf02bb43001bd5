"""Trying it out: a kernel that starts, and one small run with its report."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from reportgen.doctor import remedies
from reportgen.doctor.finding import Finding

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


def kernel(env: Mapping[str, str], seconds: float = KERNEL_SECONDS) -> Finding:
    """Start an ordinary kernel, and say how long it took.

    Parameters
    ----------
    env : mapping
        The environment; the kernel gets of it what the kernels of runs get.
    seconds : float
        How long to wait for it.
    """
    from jupyter_client.manager import KernelManager

    from reportgen.execution.kernels import OwnKernel, kernel_environment

    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        manager = KernelManager(kernel_name="python3", kernel_spec_manager=OwnKernel())
        log = Path(folder) / "log"
        try:
            with log.open("wb") as stream:
                own = kernel_environment(Path(folder), "", env)
                manager.start_kernel(env=own, cwd=folder, stdout=stream, stderr=stream)
            client = manager.client()
            client.start_channels()
            try:
                client.wait_for_ready(timeout=seconds)
            finally:
                client.stop_channels()
        except (RuntimeError, OSError) as error:
            said = log.read_text(errors="replace").strip().splitlines()
            text = f"a kernel does not start: {said[-1] if said else error}"
            return Finding(False, text, remedies.install("--force-reinstall", "ipykernel", "pyzmq"))
        finally:
            if manager.has_kernel:
                manager.shutdown_kernel(now=True)
    return Finding(True, f"a kernel starts, in {time.monotonic() - began:.1f} s")


def one_run(env: Mapping[str, str]) -> Finding:
    """Build the report of one small run, in a folder of its own and with a store of its own.

    Parameters
    ----------
    env : mapping
        The environment.
    """
    from reportgen import build as line
    from reportgen.errors import ReportgenError
    from reportgen.execution.signals import Stop
    from reportgen.progress import Lines
    from reportgen.workspace import find_workspace

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
            message, _, remedy = str(error).partition("\n")
            return Finding(
                False,
                f"one small run: {message}",
                remedy.strip() or "mend what is named above, then try again",
            )
        for failure in built.failed.values():
            remedy = failure.remedy or remedies.again()
            return Finding(False, f"one small run failed: {failure.message}", remedy)
    return Finding(True, f"one small run, its report and its PDF, in {time.monotonic() - began:.0f} s")
