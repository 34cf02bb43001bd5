"""What a run cannot do, said so that the report can show what to do about it."""

from __future__ import annotations


class CannotRun(Exception):
    """A run that its settings do not allow.

    Parameters
    ----------
    message : str
        One sentence.
    remedy : str
        What to do; stands on a line of its own below the message.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message}\n{remedy}" if remedy else message)
