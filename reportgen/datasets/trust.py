"""Which files were read before and may be trusted by their stamps alone.

A note says: the files at these places, with these stamps, gave this digest. It holds as
long as size, modification time, change time and inode stand. A file that was changed less
than two seconds before it was read gets no note: a second change in the same tick of the
clock would leave the same stamp.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from reportgen.datasets.readers import Stamp

SETTLED_NS = 2_000_000_000


def stamps_of(paths: Sequence[Path]) -> tuple[Stamp, ...] | None:
    """Stamps of the files as they are now, or None where one is missing."""
    try:
        return tuple(Stamp.of(path.stat()) for path in paths)
    except OSError:
        return None


def recall(cache: Path, paths: Sequence[Path], version: str) -> dict[str, Any] | None:
    """What was noted of these files, if they are unchanged since; nothing is read but the note."""
    stamps = stamps_of(paths)
    if stamps is None:
        return None
    try:
        note = json.loads(_place(cache, paths, version).read_text(encoding="utf-8"))
        same = note["stamps"] == [asdict(stamp) for stamp in stamps]
        facts = note["facts"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return facts if same and isinstance(facts, dict) else None


def note(
    cache: Path,
    paths: Sequence[Path],
    version: str,
    stamps: Sequence[Stamp],
    facts: dict[str, Any],
    began: int,
) -> None:
    """Note what files gave that were read from the time `began` (ns since the epoch) on.

    A note that cannot be written is left out: it saves time, nothing depends on it.
    """
    if any(max(stamp.mtime_ns, stamp.ctime_ns) > began - SETTLED_NS for stamp in stamps):
        return
    place = _place(cache, paths, version)
    text = json.dumps({"stamps": [asdict(stamp) for stamp in stamps], "facts": facts}, indent=1)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(prefix=".new-", dir=place.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(made).replace(place)
    except OSError:
        return


def _place(cache: Path, paths: Sequence[Path], version: str) -> Path:
    """Where the note on these files lies; another version of what is noted has another place."""
    name = json.dumps([version, *(str(path.absolute()) for path in paths)])
    return cache / "seen" / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"
