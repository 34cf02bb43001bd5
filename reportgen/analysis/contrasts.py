"""Families of comparisons that the authors declared: corrected together, and with nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from reportgen import language
from reportgen.analysis import statistics
from reportgen.analysis.differences import NOT_DISTINGUISHABLE, Difference, difference
from reportgen.analysis.luck import luck_of, training_luck
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
        English words for the table, translated where they are printed.
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
        Sentences about this family that belong beside its table.
    told : frozenset of str
        Ids of the rows that the notes name, by their titles.
    meanings : tuple of str
        What its comparisons say and do not say, once for each way they were made.
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
    meanings: tuple[str, ...] = ()
    tests: int = 0
    level: float = statistics.LEVEL
    told: frozenset[str] = frozenset()


def family(contrast: Contrast, results: Sequence[Result], level: float = statistics.LEVEL) -> Family:
    """Compare the rows of a declared family, with Holm's correction within it and no further.

    Parameters
    ----------
    contrast : Contrast
    results : sequence of Result
        Of the whole report; the family's rows are picked by id.
    level : float
        Of the family: the chance of one false difference in all of it is at most 1 - level.

    Notes
    -----
    A reference ``"best"`` is the best by validation among the rows that have a validation set of their
    own. There is none where every row was validated on the test set: that would be a choice by test.
    """
    names = tuple(dict.fromkeys([*contrast.rows, *_named(contrast.reference)]))
    found = {result.row.id: result for result in results if result.record is not None}
    rows = _on_one_data_set(
        [found[name] for name in names if name in found], found.get(contrast.reference or "")
    )
    reference = _reference(contrast, rows)
    pairs = _pairs(contrast, rows, reference)
    luck = training_luck(results)
    singly = [difference(a, b, contrast.measure, level, luck_of(a, luck)) for a, b in pairs]
    tests = sum(each.relation == "other" for each in singly)
    strict = 1 - (1 - level) / max(1, tests)
    # What has no p value is a comparison all the same: it counts, as the least clear one.
    adjusted = iter(statistics.holm([1.0 if s.p is None else s.p for s in singly if s.relation == "other"]))
    lines = tuple(
        _line(
            each,
            next(adjusted) if each.relation == "other" else None,
            difference(a, b, contrast.measure, strict, luck_of(a, luck)),
        )
        for (a, b), each in zip(pairs, singly, strict=True)
    )
    kept = {row.row.id for row in rows}
    missing = tuple(name for name in names if name not in kept)
    titles = _Titles({result.row.id: result.row.title for result in results})
    notes = _notes(contrast, rows, reference, [name for name in missing if name in found], titles)
    if not lines:
        notes = (*_nothing(names, found, rows, titles), *notes)
    meanings = tuple(dict.fromkeys(line.difference.meaning for line in lines))
    return Family(contrast, reference, lines, missing, notes, meanings, tests, level, frozenset(titles.told))


class _Titles:
    """Names rows by their titles, and remembers which."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self.titles = titles
        self.told: set[str] = set()

    def __call__(self, *rows: str) -> str:
        self.told.update(rows)
        return ", ".join(language.quoted(self.titles.get(row, row)) for row in rows)


def _named(reference: str | None) -> tuple[str, ...]:
    return () if reference in (None, "best") else (str(reference),)


def _on_one_data_set(rows: Sequence[Result], reference: Result | None) -> list[Result]:
    """The rows on the reference's data set, or on the first row's."""
    leading = reference or next(iter(rows), None)
    return [row for row in rows if leading is not None and _data_set(row) == _data_set(leading)]


def _data_set(result: Result) -> str:
    return result.records[0].data.name


def _on_test(result: Result) -> bool:
    return any(record.data.validated_on_test for record in result.records)


def _reference(contrast: Contrast, rows: Sequence[Result]) -> str | None:
    if contrast.reference != "best":
        return contrast.reference
    places = ranks([row for row in rows if not _on_test(row)])
    return min(places, key=lambda name: places[name].rank) if places else None


def _pairs(contrast: Contrast, rows: Sequence[Result], reference: str | None) -> list[tuple[Result, Result]]:
    if contrast.reference is None:
        return list(combinations(rows, 2))
    chosen = next((row for row in rows if row.row.id == reference), None)
    return [(row, chosen) for row in rows if chosen is not None and row is not chosen]


def _line(single: Difference, adjusted: float | None, strict: Difference) -> FamilyLine:
    """One line; `strict` is the same difference at the level of Holm's first step."""
    if adjusted is None:
        return FamilyLine(single, None, False, strict.smallest, single.verdict)
    if single.p is None:
        return FamilyLine(single, None, strict.different, strict.smallest, strict.verdict)
    beyond = abs(single.difference) > strict.allowance
    different = single.different and beyond and adjusted < 1 - single.judged_at
    return FamilyLine(
        single, adjusted, different, strict.smallest, single.verdict if different else NOT_DISTINGUISHABLE
    )


def _nothing(
    names: Sequence[str], found: Mapping[str, Result], rows: Sequence[Result], titles: _Titles
) -> Iterator[str]:
    """Why a family has nothing to compare: which rows have no result, and what is left."""
    lost = [name for name in names if name not in found]
    if lost:
        yield language.text("Without a result: {rows}.", rows=titles(*lost))
    if len(rows) == 1:
        yield language.text(
            "There is nothing to compare: of these rows, only {row} is left, and it takes two.",
            row=titles(rows[0].row.id),
        )
    elif not rows:
        yield language.text("There is nothing to compare: none of these rows has a result.")
    elif lost:
        yield language.text("There is nothing to compare the others with.")


def _notes(
    contrast: Contrast,
    rows: Sequence[Result],
    reference: str | None,
    elsewhere: Sequence[str],
    titles: _Titles,
) -> tuple[str, ...]:
    """What a reader must know of this family, in the order of the table's making."""
    notes = []
    on_test = [row.row.id for row in rows if _on_test(row)]
    if elsewhere:
        notes.append(
            language.text(
                "Left out, because rows on different data sets are not compared: {rows}.",
                rows=titles(*elsewhere),
            )
        )
    if contrast.reference == "best" and reference is None:
        notes.append(
            language.text(
                "No row has a validation set of its own, so there is nothing to choose a reference by: to"
                " choose it by the test set would make its test accuracy optimistic."
            )
        )
    elif contrast.reference == "best":
        among = len(rows) - len(on_test)
        notes.append(
            language.plural(
                "The reference {row} is the only one with a validation accuracy to choose by.",
                "The reference {row} is the best of {n} rows by validation accuracy.",
                among,
                row=titles(str(reference)),
                n=among,
            )
        )
        if contrast.measure == "validation_accuracy":
            notes.append(
                language.text(
                    "It was chosen by the very figures that are compared, so its own is optimistic."
                )
            )
    if on_test:
        notes.append(
            language.text(
                "Validated on the test set itself, so that their test figures are optimistic: {rows}.",
                rows=titles(*on_test),
            )
        )
    return tuple(notes)
