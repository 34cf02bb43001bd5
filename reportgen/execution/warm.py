"""The warm process: it imports TensorFlow once, and kernels are forked from it.

Importing TensorFlow costs about ten seconds of CPU in every fresh process. The
standard library's fork server imports it once (`preload`); a kernel forked from it
starts in a tenth of a second. Forking is safe only while the server has a single
thread and has run no TensorFlow operation: every child checks that first, and
leaves with `UNSAFE` where it is not so, upon which the run starts an ordinary kernel.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

UNSAFE = 113
"""Exit status of a child that found its server unfit for forking."""

_PR_SET_PDEATHSIG = 1
_FOR_THE_COMMAND_LINE = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


def can_fork() -> bool:
    """Only Linux has all a warm kernel needs: a safe fork, /proc, and death with the parent."""
    return sys.platform == "linux"


def begin_server() -> None:
    """Start the warm process now, where there can be one: the first run need not wait for it."""
    if can_fork():
        from multiprocessing import forkserver

        WarmServer()
        with _deaf():
            forkserver.ensure_running()


def end_server() -> None:
    """End the warm process at once, also while it imports; kernels that were forked from it end with it."""
    server = sys.modules.get("multiprocessing.forkserver")
    pid = getattr(getattr(server, "_forkserver", None), "_forkserver_pid", None)
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


class WarmServer:
    """Starts kernels by forking them from a process that has imported the heavy libraries."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["reportgen.execution.preload"])
        self._lock = threading.Lock()
        self._ended = False

    def end(self) -> None:
        """End the warm process, and start no kernel from it or from another one."""
        self._ended = True
        end_server()

    def start(self, argv: Sequence[str], env: Mapping[str, str], cwd: str, log: Path) -> WarmProcess:
        """Fork a kernel.

        Parameters
        ----------
        argv : sequence of str
            Arguments of the kernel, without the interpreter and the module.
        env : mapping
            The kernel's whole environment.
        cwd : str
        log : Path
            File that gets what the kernel writes to its standard streams.

        Raises
        ------
        RuntimeError
            The warm process was ended.
        """
        process = self._context.Process(
            target=_serve, args=(list(argv), dict(env), cwd, str(log)), daemon=True
        )
        with self._lock, _deaf():
            if self._ended:
                raise RuntimeError("the warm process was ended")
            process.start()
        return WarmProcess(process)


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Keep from the warm process, where it is started meanwhile, the signals meant for the command line.

    It inherits that they are blocked: a Ctrl-C reaches every process of the terminal, also one that has not
    come to its first line yet. The command line ends it, by ending; kernels listen again (`_serve`).
    """
    from multiprocessing import resource_tracker

    # It starts a process of its own, and afterwards lets the signals through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _FOR_THE_COMMAND_LINE)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class WarmProcess:
    """A forked kernel with the face of `subprocess.Popen`, as jupyter_client's provisioner expects."""

    stdin = stdout = stderr = None

    def __init__(self, process: Any) -> None:
        self._process = process
        self.pid: int = process.pid

    @property
    def returncode(self) -> int | None:
        """Exit status, negative for a signal, None while it runs."""
        status: int | None = self._process.exitcode
        return status

    def poll(self) -> int | None:
        """As `returncode`."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for the end, at most `timeout` seconds."""
        self._process.join(timeout)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel alone."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(signal.SIGTERM)


def _serve(argv: list[str], env: dict[str, str], cwd: str, log: str) -> None:
    """Become a kernel. Runs in the forked child."""
    os.setsid()
    _die_with(os.getppid())
    if sum(1 for _ in Path(f"/proc/{os.getppid()}/task").iterdir()) != 1 or _tensorflow_has_run():
        os._exit(UNSAFE)
    env["JPY_PARENT_PID"] = str(os.getppid())
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    _redirect(log)
    for number in _FOR_THE_COMMAND_LINE:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _FOR_THE_COMMAND_LINE)
    sys.argv = ["ipykernel_launcher", *argv]

    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=argv)


def _die_with(parent: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _tensorflow_has_run() -> bool:
    """True once TensorFlow's runtime, and with it its threads, exists."""
    context = sys.modules.get("tensorflow.python.eager.context")
    return (
        context is not None
        and getattr(context, "_context", None) is not None
        and context._context._initialized
    )


def _redirect(log: str) -> None:
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    source = os.open(os.devnull, os.O_RDONLY)
    for stream, number in ((source, 0), (target, 1), (target, 2)):
        os.dup2(stream, number)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", closefd=False, buffering=1)  # noqa: SIM115
    sys.stderr = open(2, "w", closefd=False, buffering=1)  # noqa: SIM115
