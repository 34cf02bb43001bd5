"""Where a report came from: an allow-list of facts, nothing secret."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from reportgen.datasets.dataset import Found


@dataclass(frozen=True)
class Provenance:
    """Facts for the cover and the reproducibility appendix.

    Parameters
    ----------
    version : str
        Of reportgen.
    command : str
        The one command that builds the report again.
    date : date or None
        The report's date: the file's, else SOURCE_DATE_EPOCH's, else the newest run's.
    commit : str or None
        Short hash of the commit, where the project is under git.
    clean : bool or None
        Whether the tree had no uncommitted change.
    data : tuple of Found
    quick : bool
        True for a report of a shortened build.
    """

    version: str
    command: str
    date: datetime.date | None
    commit: str | None
    clean: bool | None
    data: tuple[Found, ...]
    quick: bool = False
