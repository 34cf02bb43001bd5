"""A SLURM cluster of one node, this machine, for as long as a test lasts: munged, slurmctld and slurmd by hand.

Needs Debian's packages munge, slurmctld, slurmd and slurm-client, and root, as slurmd does. It listens on
the loopback alone, on ports of its own, and keeps everything in one folder.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "sinfo")
NODE = "here"
UP = 20.0
"""Seconds until the cluster takes jobs; more, and a test is skipped."""


class NoCluster(Exception):
    """There can be no cluster here; the message says why."""


def missing() -> str:
    """Why there can be no cluster here; empty where there can."""
    lacking = [program for program in PROGRAMS if shutil.which(program, path=_path()) is None]
    if lacking:
        return f"needs Debian's munge, slurmctld, slurmd and slurm-client: {', '.join(lacking)} missing"
    return "" if os.geteuid() == 0 else "slurmd needs root"


@contextlib.contextmanager
def cluster(folder: Path, cpus: int = 2) -> Iterator[dict[str, str]]:
    """Run a cluster; gives the environment variables that lead SLURM's commands to it.

    Raises
    ------
    NoCluster
        It did not come up in time.
    """
    folder.mkdir(mode=0o755)
    env = os.environ | {"PATH": _path(), "SLURM_CONF": str(_configured(folder, cpus))}
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for command in (_munged(folder), ["slurmctld", "-D", "-i"], ["slurmd", "-D", "-N", NODE]):
            with (folder / f"{command[0]}.out").open("wb") as log:
                processes.append(
                    subprocess.Popen(
                        command,
                        env=env,
                        stdout=log,
                        stderr=log,
                        stdin=subprocess.DEVNULL,
                        start_new_session=True,
                    )
                )
            if command[0] == "munged":
                _wait(lambda: (folder / "munge.socket").exists(), "munged has no socket")
        _wait(lambda: _idle(env), "no node is idle")
        yield {"PATH": env["PATH"], "SLURM_CONF": env["SLURM_CONF"]}
    finally:
        subprocess.run(
            ["scancel", "--full", f"--user={os.geteuid()}"],
            env=env,
            capture_output=True,
            check=False,
            timeout=30,
        )
        for process in reversed(processes):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _path() -> str:
    return os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])


def _munged(folder: Path) -> list[str]:
    key = folder / "munge.key"
    key.write_bytes(os.urandom(1024))
    key.chmod(0o600)
    files = {
        "socket": "munge.socket",
        "key-file": "munge.key",
        "pid-file": "munged.pid",
        "log-file": "munged.log",
        "seed-file": "munged.seed",
    }
    return [
        "munged",
        "--foreground",
        "--force",
        *(f"--{option}={folder / name}" for option, name in files.items()),
    ]


def _configured(folder: Path, cpus: int) -> Path:
    controller, node = _free_ports(2)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    path = folder / "slurm.conf"
    path.write_text(
        f"""ClusterName=one
SlurmctldHost={socket.gethostname().partition(".")[0]}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ReturnToService=2
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
KillWait=10
NodeName={NODE} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={int(memory * 0.9)} State=UNKNOWN
PartitionName=main Nodes={NODE} Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
""",
        encoding="utf-8",
    )
    for name in ("state", "spool"):
        (folder / name).mkdir()
    return path


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _idle(env: dict[str, str]) -> bool:
    done = subprocess.run(
        ["sinfo", "--noheader", "--format=%T"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    return done.stdout.strip() == "idle"


def _wait(ready: object, what: str) -> None:
    assert callable(ready)
    deadline = time.monotonic() + UP
    while not ready():
        if time.monotonic() > deadline:
            raise NoCluster(f"{what} within {UP:.0f} s")
        time.sleep(0.2)
