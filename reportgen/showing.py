"""Showing a file or an address in the program that this machine has for it, or saying why it cannot be."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping


def no_screen(env: Mapping[str, str], system: str = sys.platform) -> str:
    """Return why nothing can be shown here; empty where it can.

    Parameters
    ----------
    env : mapping
        The environment.
    system : str
        As `sys.platform`.
    """
    if env.get("CI"):
        return "this is a CI job"
    windowed = bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"))
    if (env.get("SSH_CONNECTION") or env.get("SSH_TTY")) and not windowed and not env.get("BROWSER"):
        return "this is a session by ssh"
    if system.startswith(("linux", "freebsd")) and not (windowed or env.get("BROWSER") or in_wsl(env)):
        return "there is no screen here"
    return ""


def in_wsl(env: Mapping[str, str]) -> bool:
    """Whether this is Linux within Windows."""
    return bool(env.get("WSL_DISTRO_NAME"))


def shown(target: str, env: Mapping[str, str], launch: Callable[[str], int]) -> str:
    """Show a file or an address; return why it could not be, or nothing.

    Parameters
    ----------
    target : str
    env : mapping
    launch : callable
        Shows it and returns 0, as `typer.launch`.
    """
    reason = no_screen(env)
    if reason:
        return reason
    if in_wsl(env):
        helper = shutil.which("wslview")
        if helper is not None:
            done = subprocess.run([helper, target], capture_output=True, check=False)
            return "" if done.returncode == 0 else "Windows did not show it"
        if not shutil.which("xdg-open"):
            return "Windows shows it with the help of the package wslu"
    elif sys.platform.startswith("linux") and not (shutil.which("xdg-open") or env.get("BROWSER")):
        return "there is no xdg-open here, which would find a program for it"
    return "" if launch(target) == 0 else "no program here shows it"
