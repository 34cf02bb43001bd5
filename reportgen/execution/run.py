"""One run: a notebook executed by papermill in a kernel of its own, and judged."""

from __future__ import annotations

import json
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from reportgen.execution.kernels import Kernel
from reportgen.execution.outcome import Outcome, from_exception, from_folder, tail
from reportgen.execution.spec import RunSpec, folder_name
from reportgen.execution.warm import WarmServer
from reportgen.results import Failure

GRACE = 4.0
"""Seconds between asking a kernel to stop and killing it."""

MAX_OUTPUT = 5_000_000
"""Characters of cell output kept in the executed notebook."""


class Run:
    """A run in the making; `execute` works in the calling thread, `stop` may come from any other.

    Parameters
    ----------
    spec : RunSpec
    folder : Path
        Absolute, empty, the run's own.
    server : WarmServer or None
        None for a cold kernel.
    base : mapping
        The environment of the command line.
    memory : int
        The machine's memory in bytes, 0 where unknown.
    initial : bytes or None
        The model whose weights are the first ones of this run.
    """

    def __init__(
        self,
        spec: RunSpec,
        folder: Path,
        server: WarmServer | None,
        base: Mapping[str, str],
        memory: int,
        initial: bytes | None = None,
    ) -> None:
        self.spec = spec
        self.folder = folder
        self.memory = memory
        self.initial = initial
        self.kernel = Kernel(folder, server, base)
        self.stopped = ""
        self.peak = 0
        self._done = threading.Event()

    def execute(self) -> Outcome:
        """Run the notebook to its end, its failure, its time limit or a stop."""
        started = time.monotonic()
        watch = threading.Thread(target=self._watch, args=(started,), daemon=True)
        watch.start()
        try:
            result = self._execute(started)
        finally:
            self._done.set()
            self.kernel.end()
            watch.join()
        seconds = time.monotonic() - started
        if isinstance(result, Failure):
            return Outcome(self.spec.key, self.spec.label, None, result, seconds)
        return Outcome(self.spec.key, self.spec.label, result, None, seconds)

    def stop(self, reason: str, *, now: bool = False) -> None:
        """Interrupt the kernel, and kill it after the grace time or at once.

        Parameters
        ----------
        reason : str
            The kind of failure that the run becomes: ``timeout`` or ``interrupted``.
        now : bool
            Kill at once.
        """
        self.stopped = self.stopped or reason
        if now or sys.platform == "win32":
            self.kernel.signal(getattr(signal, "SIGKILL", signal.SIGTERM))
            return
        self.kernel.signal(signal.SIGINT)
        timer = threading.Timer(GRACE, self._kill)
        timer.daemon = True
        timer.start()

    def _kill(self) -> None:
        if not self._done.is_set():
            self.kernel.signal(signal.SIGKILL)

    def _watch(self, started: float) -> None:
        """Hold the time limit and note the kernel's memory while it lives."""
        while not self._done.wait(0.25):
            self.peak = max(self.peak, self.kernel.peak_memory())
            if not self.stopped and time.monotonic() - started > self.spec.time_limit:
                self.stop("timeout")

    def _execute(self, started: float) -> dict[str, bytes] | Failure:
        try:
            self._write_settings()
            self._start_kernel()
            notebook = self._papermill()
        except Exception as error:  # whatever ends a run is that run's failure, never the build's
            return self._failed(error, time.monotonic() - started)
        if self.stopped:
            return self._failed(RuntimeError(self.stopped), time.monotonic() - started)
        content = clean(notebook, str(Path(self.spec.notebook).parent))
        left = sum(1 for cell in _code_cells(notebook) if cell["execution_count"] is None)
        return from_folder(
            self.folder, content, left, time.monotonic() - started, keep_model=self.spec.keep_model
        )

    def _write_settings(self) -> None:
        spec = self.spec
        settings = {
            "folder": str(self.folder),
            "datasets": spec.datasets,
            "features": spec.features,
            "threads": spec.threads,
            "quick": spec.quick,
            "parameters": spec.parameters,
            "facts": {**spec.facts, "kernel": "cold" if self.kernel.server is None else "forked"},
            "split_seed": spec.split_seed,
            "keep_model": spec.keep_model,
            "initial": self._write_initial(),
            "weights": dict(spec.weights),
        }
        (self.folder / "run.json").write_text(json.dumps(settings), encoding="utf-8")

    def _write_initial(self) -> dict[str, str] | None:
        """Lay the model of a warm start into the run's folder; the kernel never reads the store."""
        if self.initial is None:
            return None
        path = self.folder / "initial.keras"
        path.write_bytes(self.initial)
        spec = self.spec
        return {"path": str(path), "key": spec.warm_start or "", "row": spec.warm_start_row or "another row"}

    def _start_kernel(self) -> None:
        """Start the kernel; a start, unlike a training, is tried twice."""
        try:
            self.kernel.start()
        except (RuntimeError, OSError):
            if self.stopped:
                raise
            self.kernel.start()
        if self.stopped:  # while there was no kernel yet that could be told
            raise RuntimeError(self.stopped)

    def _papermill(self) -> Any:
        import logging

        import papermill

        logging.getLogger("papermill").setLevel(logging.CRITICAL)
        return papermill.execute_notebook(
            self.spec.notebook,
            str(self.folder / "notebook.ipynb"),
            parameters=dict(self.spec.given),
            kernel_name="python3",
            language="python",
            progress_bar=False,
            start_timeout=120,
            km=self.kernel.manager,
        )

    def _failed(self, error: Exception, seconds: float) -> Failure:
        if self.stopped == "timeout":
            limit = f"{self.spec.time_limit:.0f} s"
            remedy = "raise time_limit in [execution], or train fewer epochs"
            return Failure(
                "timeout", f"the run did not end within {limit}", self._cell(), self._log(), seconds, remedy
            )
        if self.stopped:
            return Failure("interrupted", "the build was stopped", self._cell(), "", seconds)
        return from_exception(
            error,
            status=self.kernel.exit_status(),
            peak=self.peak,
            memory=self.memory,
            cell=self._cell(),
            log=self._log(),
            seconds=seconds,
        )

    def _cell(self) -> int | None:
        """The last code cell of the author's own that began, from what papermill saved."""
        try:
            notebook = json.loads((self.folder / "notebook.ipynb").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        own = [cell for cell in _code_cells(notebook) if not _injected(cell)]
        begun = [n for n, cell in enumerate(own, 1) if _began(cell)]
        return begun[-1] if begun else None

    def _log(self) -> str:
        return tail(self.folder / "log.txt")


def make(
    spec: RunSpec,
    runs: Path,
    server: WarmServer | None,
    base: Mapping[str, str],
    memory: int,
    token: str,
    began: Callable[[Run], None],
    initial: bytes | None = None,
) -> Outcome:
    """Make one run in a fresh folder below `runs`, which is removed afterwards.

    A failed run's folder keeps its notebook and log below ``failed/ROW``.
    """
    folder = (runs / folder_name(spec, token)).absolute()
    folder.mkdir(parents=True)
    try:
        run = Run(spec, folder, server, base, memory, initial)
        began(run)
        outcome = run.execute()
        if outcome.failure is not None and outcome.failure.kind != "interrupted":
            _keep_failed(folder, runs.parent / "failed" / spec.label)
        return outcome
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _keep_failed(folder: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in ("notebook.ipynb", "log.txt"):
        if (folder / name).exists():
            shutil.copyfile(folder / name, target / name)


def _code_cells(notebook: Any) -> list[Any]:
    return [
        cell for cell in notebook["cells"] if cell["cell_type"] == "code" and "".join(cell["source"]).strip()
    ]


def _injected(cell: Any) -> bool:
    """Whether papermill wrote the cell: it is not in the author's notebook."""
    return "injected-parameters" in cell["metadata"].get("tags", [])


def _began(cell: Any) -> bool:
    """By papermill's clock: a kernel that dies at once never tells that it took the cell up."""
    return bool(cell["metadata"].get("papermill", {}).get("start_time"))


def clean(notebook: Any, folder: str) -> bytes:
    """The executed notebook as bytes, without machine paths and with outputs of bounded size."""
    kept = json.loads(json.dumps(notebook))
    facts = kept["metadata"].get("papermill", {})
    for name in ("input_path", "output_path", "environment_variables"):
        facts.pop(name, None)
    left = MAX_OUTPUT
    for cell in kept["cells"]:
        for output in cell.get("outputs", []):
            text = "".join(output.get("text", ""))
            if len(text) > left:
                half = max(left, 2_000) // 2
                output["text"] = (
                    f"{text[:half]}\n[... {len(text) - 2 * half:,} characters left out ...]\n{text[-half:]}"
                )
            left = max(0, left - len(text))
    text = json.dumps(kept, indent=1, ensure_ascii=False)
    for path in (folder, str(Path.home())):
        if len(path) > 1:
            text = text.replace(path, "~")
    return text.encode() + b"\n"
