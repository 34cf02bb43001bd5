"""Words that the command line does not understand, explained as any other problem is."""

from __future__ import annotations

from reportgen.errors import Problem


def explained(error: BaseException, command: str) -> Problem | None:
    """Return what is wrong with the words of a command line; None where an error is not about them.

    Parameters
    ----------
    error : exception
        As the parser of the command line raised it.
    command : str
        The command that was being read; empty for none.
    """
    if not hasattr(error, "format_message"):
        return None
    place = f"reportgen {command}".strip()
    return Problem(place, 0, "usage", str(error.format_message()), f"`{place} --help` says what it takes")
