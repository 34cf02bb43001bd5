"""A fault in what the authors wrote, before it has a line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is wrong with a text, and where in it.

    Parameters
    ----------
    offset : int
        Place of the fault in the text, in characters.
    code, message, remedy : str
        As those of a `reportgen.errors.Problem`.
    """

    offset: int
    code: str
    message: str
    remedy: str = ""


class Unknown(Exception):
    """A name that leads nowhere."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy

    def at(self, offset: int) -> Fault:
        """The fault, at its place."""
        return Fault(offset, self.code, self.message, self.remedy)
