"""The shape of what ``plan`` tells with ``--json``; see `reportgen.cli.shapes`."""

from __future__ import annotations

from typing import TypedDict

from reportgen.cli.problem_shape import ProblemShape


class CandidateShape(TypedDict):
    """A stored run that could be accepted: ``made_for`` is its maker's row, ``owner`` null for one's own."""

    key: str
    owner: str | None
    made_for: str | None
    differences: list[str]


class AcceptedShape(TypedDict):
    """A decision: ``wanted`` is the key that the row asks for, ``differences`` what the accepted run has."""

    wanted: str
    differences: list[str]


class PlannedShape(TypedDict):
    """One run of a plan, and the rows that share it; ``estimate`` is in seconds, 0 where it is stored.

    ``stored`` is true of merged and accepted runs, too; ``changes`` says what differs from the run most like
    it; ``owner`` whose run from elsewhere it is. ``starts_from`` is the key of the run whose trained weights
    are its first. Of ``layers`` only: how many ``parameters`` they have, how many of these are ``trainable``,
    the bytes of ``memory`` that training takes up at the least. ``rates`` are the planned learning rates of
    its epochs; null where they are not known.
    """

    rows: list[str]
    seed: int
    key: str
    stored: bool
    reason: str
    changes: list[str]
    owner: str | None
    accepted: AcceptedShape | None
    candidates: list[CandidateShape]
    estimate: float
    starts_from: str | None
    parameters: int | None
    trainable: int | None
    memory: int | None
    rates: list[float] | None


class StageShape(TypedDict):
    """A stage of a plan: a sweep or a search, with the ids of its ``rows`` so far, of ``size`` in the end.

    ``kept`` is the row that it keeps, null where that is not known; ``source`` the stage that it begins with,
    ``begins_with`` the row which that one keeps; ``waiting`` how many of its rows are not known yet, and
    ``seconds`` how long they should take.
    """

    id: str
    section: str
    kind: str
    size: int
    rows: list[str]
    kept: str | None
    source: str | None
    begins_with: str | None
    waiting: int
    seconds: float


class LaterShape(TypedDict):
    """A row whose settings a stage will decide, which ``waits_for`` names; ``seconds`` its runs may take."""

    row: str
    waits_for: str
    runs: int
    seconds: float


class PlanShape(TypedDict):
    """What ``plan`` adds; ``seconds`` is the time of the runs with ``jobs`` at once, ``later`` included.

    ``runs`` are those whose settings are known, ``later`` the rows that wait for one of the ``stages``.
    ``warnings`` are settings that their author can hardly mean, such as a learning rate that dies.
    """

    runs: list[PlannedShape]
    stages: list[StageShape]
    later: list[LaterShape]
    stored: int
    to_run: int
    jobs: int
    seconds: float
    report_seconds: float
    stand_ins: dict[str, str]
    warnings: list[ProblemShape]
