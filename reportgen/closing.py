"""What is said when a build ends: the best rows, what ran, what failed, what to mind, where the report is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from reportgen.account import STATES, Built, RunEnd, Scored
from reportgen.errors import Problem
from reportgen.progress import duration, elided
from reportgen.results import Failure

BEST = 5
"""Rows in the table of the best, at most."""
WARNINGS = 3
"""Warnings that are said, at most; the JSON document has all."""
FINDINGS = 5
"""Findings in the prose that are said, at most; `check` lists all."""
ALIKE = 4
"""Runs that failed in the same way, from which on one stands for all."""
FAILURES = 20
"""Failures that are said, at most."""
WIDEST = 80
"""Columns that a line takes at most, where the terminal has them."""

_PLACE, _VALIDATION, _TEST, _PARAMETERS = 5, 10, 8, 11
_REST = 3 + _PLACE + 2 + 2 + _VALIDATION + 2 + _TEST + 2 + _PARAMETERS


def outcome(built: Built, seconds: float, width: int) -> Iterator[str]:
    """Say what a build came to: the best rows and what ran, or that nothing was to do."""
    if built.written:
        yield from best_rows(built.scores, width)
        yield counts(built.runs, seconds)
    elif built.failed:
        yield f"the report is up to date; {counts(built.runs, seconds)}"
    else:
        yield nothing_to_do(built, seconds)


def complaints(built: Built, logs: Path, strict: bool) -> Iterator[str]:
    """Say what went wrong: runs without a result, and words that the results do not bear out."""
    yield from failures(built.failed, logs)
    yield from findings(built.findings, strict)


def remarks(built: Built) -> Iterator[str]:
    """Say what is to be minded in a report that was written, and where its HTML is."""
    if built.written:
        yield from warnings(built.warnings)
        yield from stand_ins(built.stand_ins)
        yield str(shown(built.html))


def best_rows(scores: Sequence[Scored], width: int) -> Iterator[str]:
    """Say which rows stand first by validation accuracy, by data set, and whether that can be told.

    Parameters
    ----------
    scores : sequence of Scored
        By data set, the best by validation first.
    width : int
        Columns of the terminal.
    """
    groups: dict[str, list[Scored]] = {}
    for each in scores:
        groups.setdefault(each.data, []).append(each)
    room = max(min(width, WIDEST) - _REST, 8)
    names = list(groups)[:BEST]
    for number, name in enumerate(names):
        group = groups[name]
        share = BEST // len(names) + (number < BEST % len(names))
        heads = "(= test)" if group[0].on_test else "validation"
        titles = [f"{name}: {len(group):,} rows by {'test' if group[0].on_test else 'validation'}"]
        titles += [
            f"{name}, by {'test' if group[0].on_test else 'validation'}",
            f"{name}, {_rows(len(group))}",
        ]
        fitting = [each for each in titles if len(each) <= room and len(group) > 1]
        head = fitting[0] if fitting else elided(name, room)
        yield (
            f"   {'place':>{_PLACE}}  {head:{room}}  {heads:>{_VALIDATION}}  {'test':>{_TEST}}"
            f"  {'parameters':>{_PARAMETERS}}"
        )
        for row in group[:share]:
            place = str(row.first) if row.first == row.last else f"{row.first}–{row.last}"
            accuracies = f"{row.validation_accuracy:>{_VALIDATION}.2%}  {row.test_accuracy:>{_TEST}.2%}"
            label = f"{elided(row.row, room):{room}}"
            yield f"   {place:>{_PLACE}}  {label}  {accuracies}  {row.parameters:>{_PARAMETERS},}"
        if len(group) > share:
            yield f"   and {len(group) - share} more: in the report"
        yield from _told_apart(group, min(width, WIDEST))
    if len(groups) > len(names):
        yield f"   and {len(groups) - len(names)} more data sets: see the report"


def _told_apart(group: Sequence[Scored], width: int) -> Iterator[str]:
    """Whether validation can tell the first row from the rest."""
    first = group[0]
    if len(group) == 1:
        return
    chooser = "the test set, which chose," if first.on_test else "validation"
    rivals = sum(row.first == 1 for row in group) - 1
    once = ", one training each" if all(row.runs == 1 for row in group) else ""
    basis = f"({first.images:,} images{once})"
    if rivals:
        said = f"{chooser} cannot tell {_rows(rivals, 'other ')} from the first {basis}"
    else:
        said = f"{chooser} tells the first from all others {basis}"
    yield from _wrapped(said, width)


def counts(runs: Sequence[RunEnd], seconds: float) -> str:
    """What became of the runs, and how long it all took: ``5 runs: 2 ran, 3 stored; 1 min 05 s``."""
    found = Counter(run.state for run in runs)
    parts = [f"{found[state]} {state}{_owners(runs, state)}" for state in STATES if found[state]]
    total = f"{len(runs)} run{'s' if len(runs) != 1 else ''}"
    return f"{total}: {', '.join(parts) or 'none'}; {duration(seconds)} in all"


def _owners(runs: Sequence[RunEnd], state: str) -> str:
    owners = sorted({run.owner for run in runs if run.state == state and run.owner})
    return f" (from {', '.join(owners)})" if owners else ""


def failures(failed: Mapping[str, Failure], logs: Path) -> Iterator[str]:
    """Say which runs failed, why, and what to do.

    Parameters
    ----------
    failed : mapping of str to Failure
        By `reportgen.execution.spec.run_label`.
    logs : Path
        Folder of what failed runs left.
    """
    alike: dict[tuple[object, ...], list[str]] = {}
    for run, failure in failed.items():
        alike.setdefault((failure.kind, failure.cell, failure.message, failure.remedy), []).append(run)
    told = [(runs, failed[runs[0]]) for runs in alike.values() if len(runs) >= ALIKE]
    told += [([run], failed[run]) for runs in alike.values() if len(runs) < ALIKE for run in runs]
    for runs, failure in told[:FAILURES]:
        cell = f" in cell {failure.cell}" if failure.cell else ""
        more = f" and {len(runs) - 1} more" if len(runs) > 1 else ""
        yield f"{runs[0]}{more}: failed [{failure.kind}]{cell}: {failure.message}"
        if failure.remedy:
            yield f"  {failure.remedy}"
        if (logs / runs[0]).is_dir() and failure.kind != "not-run":
            yield f"  see {shown(logs / runs[0])}"
    if len(told) > FAILURES:
        rest = sum(len(runs) for runs, _ in told[FAILURES:])
        yield f"and {rest} more runs without a result (--json lists them all)"


def warnings(found: Sequence[str]) -> Iterator[str]:
    """The first few warnings, and how many more there are."""
    for text in found[:WARNINGS]:
        yield f"warning: {text}"
    if len(found) > WARNINGS:
        yield f"   and {len(found) - WARNINGS} more warnings (--json lists them all)"


def stand_ins(found: Mapping[str, str]) -> Iterator[str]:
    """Say which data were not the ones asked for."""
    for wanted, used in found.items():
        yield f"stand-in data: {used} in place of {wanted}; the scores say nothing about {wanted}"


def findings(found: Sequence[Problem], strict: bool) -> Iterator[str]:
    """Where the authors' words disagree with the results: all where that is an error, else the first few."""
    most = len(found) if strict else FINDINGS
    for each in found[:most]:
        yield each.said("error" if strict else "warning")
    if len(found) > most:
        yield f"and {len(found) - most} more: `reportgen check` lists them"


def nothing_to_do(built: Built, seconds: float) -> str:
    """A build that found everything in place, in one line."""
    here = sum(run.failure is None for run in built.runs)
    away = f", {len(built.runs) - here} left out" if here < len(built.runs) else ""
    count = f"{here} run{'s' if here != 1 else ''} stored{away}"
    return f"nothing to do: {count}, the report is up to date ({seconds:.1f} s)"


def place(built: Built, quick: bool) -> str:
    """Where the report is, and what must be known before a number of it is believed."""
    notes = ["quick: a look, no result"] if quick else []
    notes += [f"{used} in place of {wanted}" for wanted, used in built.stand_ins.items()]
    return f"{shown(built.pdf)}" + (f"  ({'; '.join(notes)})" if notes else "")


def shown(path: Path) -> Path:
    """A path as one would type it here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path


def _rows(count: int, kind: str = "") -> str:
    return f"{count:,} {kind}row{'s' if count != 1 else ''}"


def _wrapped(text: str, width: int) -> Iterator[str]:
    from textwrap import wrap

    yield from wrap(text, width, initial_indent="   ", subsequent_indent="   ")
