"""The shapes of the JSON documents of ``--json``; the reference in docs/ is generated from them.

Every command prints exactly one `Document`, on standard output, also where it fails; what is said in
words goes to standard error. `SHAPES` names what each command adds to it. A value that is no number
(NaN) is null; a key may be added in a later version, none is renamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from reportgen.cli.plan_shapes import PlanShape
from reportgen.cli.problem_shape import ProblemShape


class Document(TypedDict, total=False):
    """What every command tells: ``message`` and ``remedy`` only where no file and no option is to blame."""

    command: str
    exit: int
    problems: list[ProblemShape]
    message: str
    remedy: str


class FailureShape(TypedDict):
    """Why a run has no result; ``cell`` is the code cell from 1, ``log`` the folder it left."""

    run: str
    kind: str
    message: str
    remedy: str
    cell: int | None
    log: str | None


class RunShape(TypedDict):
    """What became of one run: ``state`` is ran, stored, merged, accepted, failed or not run.

    ``seconds`` is how long it took when it was made; null where it has no result.
    """

    rows: list[str]
    seed: int
    key: str
    state: str
    owner: str | None
    differences: list[str]
    seconds: float | None


class ScoreShape(TypedDict):
    """A row's scores, means over its ``runs``; validation ranks, never the test score.

    ``first`` and ``last`` are the places among the ``of`` rows on the same data that validation (over
    ``images``) leaves open; ``on_test`` says that the test set was also the validation set.
    """

    row: str
    title: str
    data: str
    validation_accuracy: float
    test_accuracy: float
    test_loss: float
    parameters: int
    runs: int
    rank: int
    of: int
    first: int
    last: int
    images: int
    on_test: bool


class BuildShape(TypedDict):
    """What ``build`` and ``render`` add; ``written`` is false where the report was up to date.

    ``pdf`` is null where the PDF, and it alone, could not be made (exit code 4).
    """

    quick: bool
    written: bool
    pdf: str | None
    html: str
    seconds: float
    counts: dict[str, int]
    runs: list[RunShape]
    scores: list[ScoreShape]
    failures: list[FailureShape]
    warnings: list[str]
    findings: list[ProblemShape]
    stand_ins: dict[str, str]


class CheckShape(TypedDict):
    """What ``check`` adds: what the stored results do not bear out, and how many rows have results."""

    rows: int
    sections: int
    stages: int
    checked_rows: int
    warnings: list[ProblemShape]


class ExportShape(TypedDict):
    """What ``export`` adds: the files it wrote, and the runs it had no result of."""

    files: list[str]
    warnings: list[str]
    failures: list[FailureShape]


class DataShape(TypedDict):
    """What ``data`` adds: for each data set ``name``, ``used``, ``source``, ``digest`` and ``files``."""

    data: list[dict[str, Any]]


class DoctorShape(TypedDict):
    """What ``doctor`` adds: of everything it looked at ``state``, ``fine``, ``text`` and ``remedy``."""

    findings: list[dict[str, Any]]


class StoreListShape(TypedDict):
    """What ``store ls`` adds: of each run ``key``, ``row``, ``seed``, ``data``, ``made``, ``owner``,
    ``quick``, ``seconds``, ``bytes``."""

    store: str
    runs: list[dict[str, Any]]
    bytes: int


class StoreVerifyShape(TypedDict):
    """What ``store verify`` adds: how many runs are whole, and the keys of the damaged ones."""

    whole: int
    damaged: list[str]


class StoreCollectShape(TypedDict):
    """What ``store gc`` adds: how many runs are needed, and those that went, or would go."""

    dry_run: bool
    needed: int
    removed: list[dict[str, Any]]


class InitShape(TypedDict, total=False):
    """What ``init`` adds: files ``written`` and ``kept``, lines that .gitignore gained, and what is ``next``.

    With ``--list`` only ``templates``: ``name``, ``about`` and ``rows`` of each.
    """

    folder: str
    template: str
    written: list[str]
    kept: list[str]
    ignored: list[str]
    next: list[str]
    templates: list[dict[str, Any]]


class AddShape(TypedDict):
    """What ``add`` adds: the new row as the file has it, from ``line``; ``added`` is false in a dry run."""

    file: str
    added: bool
    id: str
    section: str
    line: int
    text: str


class SchemaShape(TypedDict):
    """What ``schema`` adds."""

    schema: str
    in_step: bool
    written: bool


class MergeShape(TypedDict, total=False):
    """What ``merge`` adds: each run with ``what`` became of it (taken, there, refused), and what rows gain.

    ``rows`` has ``at_once`` (runs that rows ask for), ``acceptable`` (that could stand for one) and ``none``.
    """

    store: str
    taken: int
    there: int
    refused: int
    runs: list[dict[str, Any]]
    rows: dict[str, Any]


class AcceptShape(TypedDict, total=False):
    """What ``accept`` adds: the decisions ``accepted`` or ``undone``; without a row what there is to decide.

    ``candidates`` are runs of the plan that a stored one could stand for, ``standing`` those decided before.
    """

    accepted: list[dict[str, Any]]
    undone: list[str]
    candidates: list[dict[str, Any]]
    standing: list[dict[str, Any]]


class SubmitShape(TypedDict):
    """What ``submit`` adds: the ``file``, how many ``rows`` it has, and how many images have each label.

    ``epoch`` is the one whose weights predicted, ``low`` and ``high`` the 95 % interval of the validation
    accuracy over ``images``; ``on_test`` says that the test set was also the validation set. ``checked`` is
    how many test images the model was asked about before.
    """

    file: str
    rows: int
    first_id: int
    counts: dict[str, int]
    row: str
    seed: int
    key: str
    quick: bool
    epoch: int
    validation_accuracy: float
    low: float
    high: float
    images: int
    on_test: bool
    checked: int


SHAPES: Mapping[str, type] = {
    "init": InitShape,
    "add": AddShape,
    "schema": SchemaShape,
    "build": BuildShape,
    "plan": PlanShape,
    "check": CheckShape,
    "render": BuildShape,
    "export": ExportShape,
    "submit": SubmitShape,
    "data": DataShape,
    "doctor": DoctorShape,
    "merge": MergeShape,
    "accept": AcceptShape,
    "store ls": StoreListShape,
    "store verify": StoreVerifyShape,
    "store gc": StoreCollectShape,
}
