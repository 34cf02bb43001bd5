"""Where a report came from: an allow-list of facts, nothing secret."""

from __future__ import annotations

import datetime
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.datasets.dataset import Found

if TYPE_CHECKING:
    from reportgen.build import Options, Prepared
    from reportgen.workspace import Workspace


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
    weights : tuple of (str, int, str)
        Name, bytes and SHA-256 of each file of weights that a network began with.
    """

    version: str
    command: str
    date: datetime.date | None
    commit: str | None
    clean: bool | None
    data: tuple[Found, ...]
    quick: bool = False
    weights: tuple[tuple[str, int, str], ...] = ()


def again(work: Workspace, options: Options, prepared: Prepared) -> str:
    """The command that makes this report again, with the options that it needs."""
    from reportgen.datasets.own.find import OwnSets
    from reportgen.datasets.registry import DATASETS

    words = ["reportgen", "build", shlex.quote(work.file.name)]
    own = OwnSets(work.file, prepared.experiments.file.dataset)
    known = [(found, DATASETS.get(own.needs(found.requested))) for found in prepared.data.values()]
    replaceable = [found for found, source in known if source is not None and source.stand_in is not None]
    if replaceable and all(found.stand_in for found in replaceable):
        words += ["--data", "embedded"]
    words += ["--quick"] if options.quick else []
    for row in options.only:
        words += ["--only", row]
    return " ".join(words)
