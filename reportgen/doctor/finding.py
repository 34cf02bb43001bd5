"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    Parameters
    ----------
    fine : bool
        False where something does not work; what merely could be better is fine.
    text : str
        What was seen.
    remedy : str
        One line that mends it, or makes it better.
    check : str
        What was looked at, such as ``memory``.
    seconds : float
        How long that took.
    """

    fine: bool
    text: str
    remedy: str = ""
    check: str = ""
    seconds: float = 0.0

    @property
    def state(self) -> str:
        """``ok``, ``note`` where something could be better, or ``FAIL``."""
        return "FAIL" if not self.fine else "note" if self.remedy else "ok"


def found(fine: bool, text: str, remedy: str) -> Finding:
    """A finding whose remedy matters only where something is wrong."""
    return Finding(fine, text, "" if fine else remedy)
