"""Write the versions that everybody gets into pyproject.toml, between two marker lines.

A lock file would name the package index of the machine that wrote it, so none is committed. The pins stand as
constraints in pyproject.toml instead, and `uv sync` on any machine resolves to them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

BEGIN = "# >>> versions that everybody gets: written by `make lock`, not by hand"
END = "# <<<"


def split(text: str) -> tuple[str, str]:
    """Return what stands before and after the block of pins (markers not included)."""
    before, found, rest = text.partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not (found and closed):
        raise SystemExit(f"pyproject.toml: the marker lines {BEGIN!r} and {END!r} are missing")
    return before, after


def resolve(text: str) -> list[str]:
    """Return one requirement per package, resolved without the old pins for all platforms and groups."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pyproject.toml").write_text(text, encoding="utf-8")
        Path(folder, "README.md").touch()
        subprocess.run(["uv", "lock", "--quiet"], cwd=folder, check=True)
        export = ["uv", "export", "--quiet", "--all-groups", "--no-emit-project"]
        export += ["--no-hashes", "--no-annotate", "--no-header"]
        done = subprocess.run(export, cwd=folder, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    pins = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    # Only names, versions and markers may be committed: an option or an address would betray a machine.
    if strange := [pin for pin in pins if "==" not in pin or "://" in pin or pin.startswith("-")]:
        raise SystemExit(f"uv export gave lines that are no pins: {strange}")
    return sorted(pins)


def main() -> int:
    """Rewrite the block and say what changed."""
    file = Path(__file__).resolve().parent.parent / "pyproject.toml"
    before, after = split(file.read_text(encoding="utf-8"))
    pins = resolve(before + after)
    block = "\n".join([BEGIN, "constraint-dependencies = [", *(f'    "{pin}",' for pin in pins), "]", END])
    file.write_text(before + block + after, encoding="utf-8")
    sys.stdout.write(f"{len(pins)} versions written to {file.name}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
