"""Which processes carry a token in their environment (Linux)."""

from __future__ import annotations

import time
from pathlib import Path


def marked(token: str) -> list[int]:
    """Process ids whose environment holds `token`."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if token.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def none_left(token: str, within: float) -> bool:
    """Whether every process with the token is gone within so many seconds."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if not marked(token):
            return True
        time.sleep(0.1)
    return not marked(token)
