"""One kernel for one run: forked from the warm process where that is safe, cold elsewhere."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.utils import run_sync

from reportgen.execution.warm import UNSAFE, WarmServer

TOKEN = "REPORTGEN_TOKEN"  # noqa: S105
"""Environment variable that marks every process of a run, so that none survives it."""

_PASSED_ON = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LD_LIBRARY_PATH",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "TZ",
    "COVERAGE_PROCESS_START",
    "TF_ENABLE_ONEDNN_OPTS",  # part of a run's key
    "CUDA_VISIBLE_DEVICES",
)
_PASSED_ON_WINDOWS = (
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "WINDIR",
    "COMSPEC",
    "PATHEXT",
    "NUMBER_OF_PROCESSORS",
    "PROCESSOR_ARCHITECTURE",
)
_HOMES = {
    "HOME": "home",
    "USERPROFILE": "home",
    "IPYTHONDIR": "home/ipython",
    "JUPYTER_RUNTIME_DIR": "home/jupyter",
    "MPLCONFIGDIR": "home/matplotlib",
    "TMPDIR": "tmp",
    "TEMP": "tmp",
    "TMP": "tmp",
}


def kernel_environment(folder: Path, token: str, base: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a run's kernel: an allow-list, and private folders below `folder`."""
    names = _PASSED_ON + (_PASSED_ON_WINDOWS if sys.platform == "win32" else ())
    env = {name: base[name] for name in names if name in base}
    for name, place in _HOMES.items():
        (folder / place).mkdir(parents=True, exist_ok=True)
        env[name] = str(folder / place)
    return env | {
        TOKEN: token,
        "REPORTGEN_RUN": str(folder / "run.json"),
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "agg",
    }


class OwnKernel(KernelSpecManager):
    """Knows one kernel, this interpreter's ipykernel, whatever is or is not installed for Jupyter."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The kernel of this interpreter, under any name."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, language="python", display_name="Python 3")


class ColdProvisioner(LocalProvisioner):
    """Starts a fresh interpreter whose standard streams go to the run's log."""

    log_path = Path(os.devnull)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the kernel with its output in `log_path`."""
        with self.log_path.open("ab") as log:
            return await super().launch_kernel(
                cmd, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **kwargs
            )


class WarmProvisioner(LocalProvisioner):
    """Forks the kernel from the warm process instead of starting an interpreter."""

    log_path = Path(os.devnull)
    server: WarmServer | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork the kernel; `cmd` is ``python -m ipykernel_launcher`` and its arguments."""
        assert self.server is not None
        process = self.server.start(cmd[3:], kwargs["env"], kwargs["cwd"], self.log_path)
        self.process: Any = process
        self.pid = self.pgid = process.pid  # it leads a session, hence a group, of its own
        return self.connection_info


class Kernel:
    """The kernel of one run, and every process that the run starts.

    Parameters
    ----------
    folder : Path
        The run's folder.
    server : WarmServer or None
        None for a cold kernel.
    base : mapping
        The environment that the allow-list picks from.
    """

    def __init__(self, folder: Path, server: WarmServer | None, base: Mapping[str, str]) -> None:
        self.folder = folder
        self.server = server
        self.token = folder.name
        self.env = kernel_environment(folder, self.token, base)
        self.sockets = Path(tempfile.mkdtemp(prefix="rg"))
        self.manager = AsyncKernelManager()
        self.status: int | None = None

    def start(self) -> None:
        """Start the kernel process; a server unfit for forking gives way to a cold kernel.

        Raises
        ------
        RuntimeError, OSError
            The process could not be started.
        """
        self._launch()
        if self.server is not None and self._refused():
            self.server, self.status = None, None
            self._launch()

    def _launch(self) -> None:
        self.manager = AsyncKernelManager(
            kernel_name="python3",
            kernel_spec_manager=OwnKernel(),
            connection_file=str(self.sockets / "k.json"),
            transport="tcp" if sys.platform == "win32" else "ipc",
        )
        kind: type[Any] = ColdProvisioner if self.server is None else WarmProvisioner
        provisioner = kind(parent=self.manager, kernel_id=self.token, kernel_spec=self.manager.kernel_spec)
        provisioner.log_path = self.folder / "log.txt"
        provisioner.server = self.server
        self.manager.provisioner = provisioner
        run_sync(self.manager.start_kernel)(
            env=dict(self.env),
            cwd=str(self.folder / "tmp"),
            extra_arguments=["--HistoryManager.hist_file=:memory:", "--IPKernelApp.capture_fd_output=False"],
        )

    def _refused(self) -> bool:
        """Wait a moment for a child that leaves at once because its server is unfit."""
        deadline = time.monotonic() + 0.3
        while time.monotonic() < deadline:
            if self.exit_status() == UNSAFE:
                return True
            time.sleep(0.02)
        return False

    def exit_status(self) -> int | None:
        """Exit status of the kernel process, negative for a signal; None while it runs."""
        process = getattr(self.manager.provisioner, "process", None)
        if process is not None:
            self.status = process.poll()
        return self.status

    @property
    def pid(self) -> int | None:
        """Process id of the kernel, which is its group's too."""
        return getattr(self.manager.provisioner, "pid", None)

    def signal(self, number: int) -> None:
        """Send a signal to the kernel's whole process group."""
        pid = self.pid
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(pid, number)
            else:
                os.kill(pid, signal.SIGTERM)

    def peak_memory(self) -> int:
        """Largest resident size so far in bytes; 0 where the system does not tell."""
        with contextlib.suppress(OSError, ValueError):
            for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
        return 0

    def end(self) -> None:
        """Leave no process of the run behind, and no socket."""
        status = self.exit_status()
        self.signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        for pid in _marked(self.token):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        process = getattr(self.manager.provisioner, "process", None)
        if process is not None:
            process.wait()
            self.status = status if status is not None else process.poll()
        with contextlib.suppress(Exception):
            self.manager.cleanup_connection_file()
        shutil.rmtree(self.sockets, ignore_errors=True)


def _marked(token: str) -> list[int]:
    """Processes that carry the run's token, also those that left its group (Linux)."""
    needle = f"{TOKEN}={token}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if needle in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found
