"""How long silence on the network is borne before it counts as dead."""

from __future__ import annotations

PATIENCE_SECONDS = 9.0
"""All mirrors together; with what is around them this stays below 10 s."""


class Patience:
    """Seconds of silence that are left, over all mirrors and all data sets that share it.

    Parameters
    ----------
    seconds : float
        At the start, and again after any download that succeeded.
    """

    def __init__(self, seconds: float = PATIENCE_SECONDS) -> None:
        self.seconds = seconds
        self.left = seconds

    def share(self, mirrors: int) -> float:
        """Seconds for the next one of so many mirrors that are still to be tried."""
        return self.left / max(1, mirrors)

    def spend(self, seconds: float) -> None:
        """Note that a mirror was silent for so long and then given up."""
        self.left = max(0.0, self.left - seconds)

    def restore(self) -> None:
        """Note that the network is alive."""
        self.left = self.seconds
