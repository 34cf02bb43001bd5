"""Faults of data files, gathered so that all are told at once; and how much a file may hold."""

from __future__ import annotations

from reportgen.datasets.readers import ReadFault
from reportgen.errors import Problem

MOST_FAULTS = 100
"""Faults of one data set that are told; a file with as many is not read to its end."""

MOST_BYTES = 1 << 30
"""Most bytes of a data set's decoded images: training holds four times as many in memory."""

MOST_FILE_BYTES = 4 << 30
"""Most bytes of a CSV file, which is read piece by piece."""

READ_AGAIN = "write or fetch the file again, or take it away"

_OF_THE_TABLE = {
    "no-square": "say how they lie, size = [height, width], or which columns are none: ignore = [...]",
    "wrong-size": "mend size = [height, width], or say which columns are none: ignore = [...]",
}
"""Remedies for faults that are as likely the table's as the file's."""


class Faults:
    """The faults of one data set, as they are found."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    @property
    def full(self) -> bool:
        """True where there are so many that reading on is no use."""
        return len(self.problems) >= MOST_FAULTS

    def add(self, file: str, line: int, code: str, message: str, remedy: str = "") -> None:
        """Note a fault, unless there are enough."""
        if not self.full:
            self.problems.append(Problem(file, line, code, message, remedy))

    def add_read(self, file: str, fault: ReadFault, remedy: str = READ_AGAIN) -> None:
        """Note that a file does not hold what it should."""
        self.add(file, 0, fault.code, str(fault), _OF_THE_TABLE.get(fault.code, remedy))
