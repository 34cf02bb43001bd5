"""The shape of something wrong, in the documents of ``--json``; see `reportgen.cli.shapes`."""

from __future__ import annotations

from typing import TypedDict


class ProblemShape(TypedDict):
    """Something wrong in a file or with an option; ``file`` is the command where an option is meant."""

    file: str
    line: int
    column: int
    code: str
    message: str
    remedy: str
