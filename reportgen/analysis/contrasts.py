"""Families of comparisons that the authors declared: corrected together, and with nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.analysis import statistics
from reportgen.analysis.differences import Difference, difference
from reportgen.analysis.metrics import ranks
from reportgen.experiments.schema import Contrast
from reportgen.results import Result


@dataclass(frozen=True)
class FamilyLine:
    """One comparison of a family.

    Parameters
    ----------
    difference : Difference
        On its own, before any correction.
    adjusted_p : float or None
        After Holm; None where the difference has no p value.
    different : bool
        Whether the two rows can be told apart after the correction.
    smallest : float
        The smallest difference to be seen with 80 % power at Holm's strictest step.
    verdict : str
        Words for the table.
    """

    difference: Difference
    adjusted_p: float | None
    different: bool
    smallest: float
    verdict: str


@dataclass(frozen=True)
class Family:
    """A declared family of comparisons, judged.

    Parameters
    ----------
    contrast : Contrast
        As declared in the file.
    reference : str or None
        Id of the row that the others are compared with; None where all pairs are.
    lines : tuple of FamilyLine
        In the order of the declared rows; the row minus the reference, or the earlier minus the later.
    missing : tuple of str
        Rows that are left out: without a record, or on another data set.
    notes : tuple of str
        Sentences that belong under the table.
    tests : int
        Comparisons that Holm's correction counts.
    level : float
        Of the whole family.
    """

    contrast: Contrast
    reference: str | None
    lines: tuple[FamilyLine, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    tests: int = 0
    level: float = statistics.LEVEL


def family(contrast: Contrast, results: Sequence[Result], level: float = statistics.LEVEL) -> Family:
    """Compare the rows of a declared family; Holm's correction within it.

    Parameters
    ----------
    contrast : Contrast
    results : sequence of Result
        Of the whole report; the family's rows are picked by id.
    level : float
        Of the family: the chance of one false difference among all of it is at most 1 - level.
    """
    by_id = {result.row.id: result for result in results}
    with_record = [by_id[name] for name in contrast.rows if name in by_id and by_id[name].record is not None]
    missing = tuple(name for name in contrast.rows if name not in {r.row.id for r in with_record})
    reference = contrast.reference
    if reference == "best":
        places = ranks(with_record)
        reference = min(places, key=lambda name: places[name].rank) if places else None
    pairs = _pairs(contrast, by_id, with_record, reference)
    singly = [difference(a, b, contrast.measure, level) for a, b in pairs]
    adjusted = statistics.holm([1.0 if each.p is None else each.p for each in singly])
    strict = 1 - (1 - level) / max(1, len(pairs))
    lines = tuple(
        _line(each, p, difference(a, b, contrast.measure, strict), level)
        for (a, b), each, p in zip(pairs, singly, adjusted, strict=True)
    )
    return Family(contrast, reference, lines, missing, (), len(pairs), level)


def _pairs(
    contrast: Contrast, by_id: dict[str, Result], rows: list[Result], reference: str | None
) -> list[tuple[Result, Result]]:
    if contrast.reference is None:
        return [(one, other) for place, one in enumerate(rows) for other in rows[place + 1 :]]
    found = by_id.get(reference or "")
    if found is None or found.record is None:
        return []
    return [(row, found) for row in rows if row.row.id != reference]


def _line(single: Difference, adjusted: float, strict: Difference, level: float) -> FamilyLine:
    if single.p is None:
        return FamilyLine(single, None, strict.different, strict.smallest, strict.verdict)
    different = single.different and adjusted < 1 - level
    verdict = single.verdict if different or not single.different else "not distinguishable"
    return FamilyLine(single, adjusted, different, strict.smallest, verdict)
