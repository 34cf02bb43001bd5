"""The line that mends a fault, for each family of systems."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path

_PYTHON: Mapping[str, str] = {
    "debian": "sudo apt install python3.12 python3.12-venv, or where that is unknown: uv python install 3.12",
    "fedora": "sudo dnf install python3.12, or where that is unknown: uv python install 3.12",
    "darwin": "brew install python@3.12, or: uv python install 3.12",
    "windows": "winget install Python.Python.3.12, or: uv python install 3.12",
}
_SUBSET: Mapping[str, str] = {
    "debian": "sudo apt install libharfbuzz-subset0",
    "fedora": "sudo dnf install harfbuzz",
    "darwin": "brew install harfbuzz",
    "windows": "in the window of MSYS2: pacman -S mingw-w64-ucrt-x86_64-harfbuzz",
}
HOMEBREW = tuple(Path(prefix) / "lib" / "libpango-1.0.dylib" for prefix in ("/opt/homebrew", "/usr/local"))
"""Where Homebrew puts Pango; a Python that is not Homebrew's does not look there."""


def this_family() -> str:
    """The family of this system, or its own name."""
    from reportgen.report.pdf import this_system

    return this_system()


def python(family: str) -> str:
    """The line that brings a Python that serves."""
    return _PYTHON.get(family, "uv python install 3.12")


def subset(family: str) -> str:
    """The line that brings the library that makes the PDF faster."""
    return _SUBSET.get(family, "install HarfBuzz with its subset library, by your package manager")


def pango(family: str, homebrew: tuple[Path, ...] = HOMEBREW) -> str:
    """The line that brings Pango, or leads Python to it where it is there already."""
    from reportgen.report.pdf import pango_remedy

    there = next((path.parent for path in homebrew if path.exists()), None) if family == "darwin" else None
    return f"export DYLD_FALLBACK_LIBRARY_PATH={there}" if there else pango_remedy(family)


def install(*words: str) -> str:
    """The line that installs packages: by pip, or by uv in an environment that it made without pip."""
    pip = "python -m pip install" if importlib.util.find_spec("pip") else "uv pip install"
    words = tuple(f'"{word}"' if any(sign in word for sign in "<>=!~ ;[") else word for word in words)
    reinstall = "--force-reinstall" if pip.startswith("python") else "--reinstall"
    return " ".join([pip, *(reinstall if word == "--force-reinstall" else word for word in words)])


def again() -> str:
    """The line that installs everything afresh."""
    return install("--force-reinstall", "-r", "requirements.txt") + ", or in a checkout: uv sync --reinstall"
