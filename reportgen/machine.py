"""This machine and what is installed on it, as far as it decides about numbers."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from reportgen.errors import EnvironmentFault
from reportgen.installed import LIBRARIES


@dataclass(frozen=True)
class Machine:
    """What of this machine and installation belongs in a key, and what a record notes besides.

    Parameters
    ----------
    versions : mapping
        Of Python (without its last number) and of the libraries that compute.
    machine : str
        Such as ``x86_64``.
    onednn : bool
        Whether TensorFlow uses oneDNN.
    facts : mapping
        CPU, cores and runs at once: recorded, not part of the key.
    """

    versions: Mapping[str, str]
    machine: str
    onednn: bool
    facts: Mapping[str, Any]


def this_machine(env: Mapping[str, str], jobs: int) -> Machine:
    """Look at this machine.

    Raises
    ------
    EnvironmentFault
        A library that runs need is not installed.
    """
    versions = {"python": ".".join(platform.python_version_tuple()[:2])}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError as error:
            raise EnvironmentFault(
                f"{name} is not installed; install it with `uv sync` or `pip install {name}`"
            ) from error
    facts = {"cpu": _cpu(), "cores": os.cpu_count() or 1, "jobs": jobs}
    return Machine(versions, platform.machine(), env.get("TF_ENABLE_ONEDNN_OPTS", "1") != "0", facts)


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
