"""What had become of stages when a coursework was last looked at: a place to begin, not to be trusted.

Which rows stages keep follows from the records alone, one stage and one batch after the other. What they came
to before is kept so that this way is not gone again each time; where it no longer holds, the records win.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reportgen.errors import StorageError
from reportgen.experiments.stages import Standing
from reportgen.whole import write_whole

_NOTE = "decided.json"
_NAMES = {False: "whole", True: "quick"}


def recalled(state: Path, quick: bool) -> dict[str, Standing]:
    """Return what had become of stages, by id; nothing where that cannot be read.

    Parameters
    ----------
    state : Path
        Folder of what a coursework keeps.
    quick : bool
        Whether by quick runs.
    """
    found = _read(state).get(_NAMES[quick])
    try:
        return {str(name): _standing(each) for name, each in found.items()} if found else {}
    except (AttributeError, KeyError, TypeError, ValueError):
        return {}


def _standing(told: Mapping[str, Any]) -> Standing:
    kept, measured = told["kept"], told["measured"]
    if not (kept is None or isinstance(kept, str)):
        raise TypeError("kept")
    return Standing(kept, tuple(None if each is None else float(each) for each in measured))


def remember(state: Path, quick: bool, stages: Mapping[str, Standing]) -> None:
    """Keep what has become of stages; where that cannot be written, the way is gone again.

    Parameters
    ----------
    state : Path
    quick : bool
    stages : mapping of str to Standing
    """
    if stages == recalled(state, quick):
        return
    now = {name: {"kept": each.kept, "measured": list(each.measured)} for name, each in stages.items()}
    content = json.dumps({**_read(state), _NAMES[quick]: now}) + "\n"
    with contextlib.suppress(OSError, StorageError):
        state.mkdir(parents=True, exist_ok=True)
        write_whole(state / _NOTE, content.encode())


def _read(state: Path) -> dict[str, Any]:
    try:
        found = json.loads((state / _NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
