"""What the browser is told: how the build goes, and which report is there."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Phase = Literal["building", "training", "ready", "faults"]
Pdf = Literal["none", "writing", "ready", "failed"]


@dataclass
class State:
    """What the browser is told.

    Parameters
    ----------
    title : str
        Of the report, where it is known.
    version : int
        Counts the reports that were shown; 0 before the first.
    phase : {"building", "training", "ready", "faults"}
    text : str
        One sentence.
    progress : str
        How far the runs are, and the time left.
    runs : sequence of (str, int, int)
        Name, epoch and epochs of each run that is on.
    faults : sequence of str
        What stands against a new report, or is missing from it.
    warnings : sequence of str
    pdf : {"none", "writing", "ready", "failed"}
        How report.pdf stands to the report that is shown.
    started : str
        Tells this program from one that was here before.
    """

    title: str = ""
    version: int = 0
    phase: Phase = "building"
    text: str = ""
    progress: str = ""
    runs: Sequence[tuple[str, int, int]] = ()
    faults: Sequence[str] = ()
    warnings: Sequence[str] = ()
    pdf: Pdf = "none"
    started: str = field(default_factory=lambda: uuid.uuid4().hex)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def tell(self, **new: Any) -> None:
        """Change what is told, all at once."""
        with self._lock:
            for name, value in new.items():
                setattr(self, name, value)

    def shown(self) -> None:
        """Tell that there is a new report."""
        with self._lock:
            self.version += 1

    def said(self) -> bytes:
        """The state as JSON."""
        with self._lock:
            told = {name: value for name, value in vars(self).items() if not name.startswith("_")}
            return json.dumps(told).encode()
