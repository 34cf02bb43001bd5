"""What runs from elsewhere, and earlier ones, can do for the rows of a file; and how a plan says so."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportgen.analysis.elsewhere import differences_words
from reportgen.errors import Problem
from reportgen.plan import Plan, PlannedRun
from reportgen.store.accepted import Candidate, candidates, never, owner_of
from reportgen.store.objects import Header
from reportgen.unasked import distance, reason

SHORT = 12
"""Digits of a key that are shown, and that name a run."""

_FEWEST = 6
_LINES = 40


def label(run: PlannedRun) -> str:
    """A run with all rows that share it: ``raw-50 seed 42, raw-51``."""
    return ", ".join(dict.fromkeys([run.spec.label, *(row.id for row in run.rows[1:])]))


def standing(run: PlannedRun) -> str:
    """Say of a stored run whose it is, and in what it differs where it was accepted."""
    if run.accepted is not None:
        words = differences_words(run.accepted.differences)
        return f"accepted, {_run_of(run.owner)}: {words}" if words else f"accepted, {_run_of(run.owner)}"
    return f"merged from {run.owner}" if run.owner else "stored"


def offer(run: PlannedRun) -> str:
    """Say which stored run could stand for one that has to be made; empty where none could."""
    if not run.candidates:
        return ""
    best = run.candidates[0]
    more = f", or one of {len(run.candidates) - 1} more" if len(run.candidates) > 1 else ""
    words = differences_words(best.differences)
    return f"or `reportgen accept {run.spec.row}`: {_run_of(best.owner)}{more} ({words})"


def entry(run: PlannedRun) -> dict[str, Any]:
    """What a plan's document says of a run's origin beside its rows and its estimate."""
    made = run.accepted
    return {
        "key": run.key,
        "owner": run.owner or None,
        "accepted": None if made is None else {"wanted": made.wanted, "differences": list(made.differences)},
        "candidates": [_candidate(each) for each in run.candidates],
    }


def _candidate(found: Candidate) -> dict[str, Any]:
    row = found.header.made.get("row")
    return {
        "key": found.key,
        "owner": found.owner or None,
        "made_for": row,
        "differences": list(found.differences),
    }


def _run_of(owner: str) -> str:
    return f"the run of {owner}" if owner else "an earlier run"


# After a merge.


@dataclass(frozen=True)
class Served:
    """What some runs of the store do for the rows of a file.

    Parameters
    ----------
    at_once : tuple of PlannedRun
        Runs that are among them, by their key or because they were accepted.
    acceptable : tuple of PlannedRun
        Runs that have to be made, and that some of them could stand for; no other candidates are left in.
    none : tuple of (Header, str, str)
        Those that serve no row, each with the reason and the command that adds a row for it, or nothing.
    """

    at_once: tuple[PlannedRun, ...]
    acceptable: tuple[PlannedRun, ...]
    none: tuple[tuple[Header, str, str], ...]


def served(plan: Plan, headers: Iterable[Header]) -> Served:
    """Return what these runs do for the rows of a plan."""
    theirs = {header.key: header for header in headers}
    at_once = tuple(run for run in plan.runs if run.stored and run.key in theirs)
    acceptable = []
    for run in plan.to_do:
        own = tuple(each for each in run.candidates if each.key in theirs)
        if own:
            acceptable.append(replace(run, candidates=own))
    used = {run.key for run in at_once} | {each.key for run in acceptable for each in run.candidates}
    idle = [header for key, header in theirs.items() if key not in used]
    return Served(at_once, tuple(acceptable), tuple((header, *reason(plan, header)) for header in idle))


# Accepting.


@dataclass(frozen=True)
class Decision:
    """A run, and the stored one that shall stand for it."""

    run: PlannedRun
    chosen: Candidate


def decide(
    plan: Plan,
    headers: Sequence[Header],
    file: str,
    rows: Collection[str],
    *,
    named: str = "",
    owner: str = "",
) -> tuple[tuple[Decision, ...], tuple[Problem, ...]]:
    """Choose for each run of some rows the stored one that shall stand for it.

    Parameters
    ----------
    plan : Plan
    headers : sequence of Header
        Every object of the store.
    file : str
        Name of the experiments file, for problems.
    rows : collection of str
        Ids that the file has; all that have a candidate of the owner where empty.
    named : str
        Beginning of the key of the run to choose.
    owner : str
        Whose runs to choose from.

    Returns
    -------
    decisions : tuple of Decision
    problems : tuple of Problem
        Why some runs have none; nothing should be accepted then.
    """
    runs = [run for run in plan.runs if not rows or any(row.id in rows for row in run.rows)]
    if not rows:
        runs = [run for run in runs if not run.stored and _of(run.candidates, owner)]
    if named:
        return _decide_named(runs, headers, file, named)
    decisions: list[Decision] = []
    problems: list[Problem] = []
    for run in runs:
        if run.accepted is not None:
            continue  # decided already
        found = _decide_one(run, headers, file, owner)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            decisions.append(Decision(run, found))
    return tuple(decisions), tuple(problems)


def _decide_one(run: PlannedRun, headers: Sequence[Header], file: str, owner: str) -> Candidate | Problem:
    row = run.spec.label
    if run.stored:
        return Problem(
            file, 0, "has-its-run", f"{row} has its own run in the store", "there is nothing to accept"
        )
    found = _of(run.candidates, owner)
    if not found:
        return _nothing(run, headers, file, owner)
    best = found[0]
    if all(best.parts < other.parts for other in found[1:]):
        return best
    listed = "; ".join(
        f"{each.key[:SHORT]} {_run_of(each.owner)} ({differences_words(each.differences)})" for each in found
    )
    remedy = f"name one: reportgen accept {run.spec.row} --from {best.key[:SHORT]}"
    return Problem(
        file, 0, "several-candidates", f"{len(found)} runs could stand for {row}: {listed}", remedy
    )


def _of(found: Sequence[Candidate], owner: str) -> tuple[Candidate, ...]:
    return tuple(each for each in found if not owner or each.owner == owner)


def _nothing(run: PlannedRun, headers: Sequence[Header], file: str, owner: str) -> Problem:
    """That no run can stand for one, with the nearest and what makes it another experiment."""
    label, build = run.spec.label, f"build it: reportgen build --only {run.spec.row}"
    theirs = [header for header in headers if not owner or owner_of(header) == owner]
    of = f" of {owner}" if owner else ""
    if not theirs:
        return Problem(
            file, 0, "no-candidate", f"the store has no run{of} that could stand for {label}", build
        )
    near = min(theirs, key=lambda header: distance(run, header))
    other = never(near, run.spec.parts)
    if not other:
        message = f"only runs of other notebooks{of} have the settings of {label}"
        remedy = f"if it is the same notebook: reportgen accept {run.spec.row} --from {near.key[:SHORT]}"
        return Problem(file, 0, "no-candidate", message, remedy)
    return _another(run, near, other, file)


def _another(run: PlannedRun, header: Header, other: Sequence[str], file: str) -> Problem:
    what = f"{header.key[:SHORT]}, {_run_of(owner_of(header))} for {header.made.get('row', '?')}"
    message = f"{what}, is another experiment than {run.spec.label}: {'; '.join(other)}"
    remedy = (
        f"change the row so that it asks for that run, or build it: reportgen build --only {run.spec.row}"
    )
    return Problem(file, 0, "another-experiment", message, remedy)


def _decide_named(
    runs: Sequence[PlannedRun], headers: Sequence[Header], file: str, named: str
) -> tuple[tuple[Decision, ...], tuple[Problem, ...]]:
    """The decision for a run that was named: it must be one, and of the same experiment."""
    found = [header for header in headers if len(named) >= _FEWEST and header.key.startswith(named.lower())]
    if len(found) != 1:
        count = f"{len(found)} runs in the store have" if found else "no run in the store has"
        remedy = f"reportgen store ls lists them; at least {_FEWEST} digits, as many as tell them apart"
        message = f'{count} a key that begins with "{named}"'
        return (), (Problem("--from", 0, "no-such-run", message, remedy),)
    fitting = [run for run in runs if not never(found[0], run.spec.parts)]
    if not fitting:
        near = min(runs, key=lambda run: distance(run, found[0]))
        return (), (_another(near, found[0], never(found[0], near.spec.parts), file),)
    run = fitting[0]
    if run.stored and run.accepted is None:
        return (), (Problem(file, 0, "has-its-run", f"{run.spec.label} has its own run in the store",
                            "there is nothing to accept"),)  # fmt: skip
    return (Decision(run, candidates(found, run.spec.parts)[0]),), ()


def code_changes(theirs: Sequence[str], ours: Sequence[str]) -> list[str]:
    """Return the lines of code that differ between a stored run's notebook and the one of now.

    Lines of theirs begin with ``-``, those of now with ``+``; of many, the first.
    """
    before = [line for cell in theirs for line in cell.rstrip("\n").split("\n")]
    after = [line for cell in ours for line in cell.rstrip("\n").split("\n")]
    found = [line for line in difflib.ndiff(before, after) if line[:2] in ("- ", "+ ")]
    more = [f"... and {len(found) - _LINES} lines more"] if len(found) > _LINES else []
    return found[:_LINES] + more


def decision_entry(decision: Decision) -> Mapping[str, Any]:
    """A decision as plain values."""
    run, chosen = decision.run, decision.chosen
    return {
        "run": run.spec.label,
        "rows": [row.id for row in run.rows],
        "seed": run.spec.parts["seed"],
        "wanted": run.spec.key,
        **_candidate(chosen),
    }
