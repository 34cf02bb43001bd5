"""Runs that were made elsewhere, or that stand for others: whose they are, what differs, how they are marked.

"Merged" is a run of a named owner, made in another place; "accepted" is one, merged or an earlier one of
this project, that was decided to stand for a run whose key differs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reportgen import language
from reportgen.analysis import borrowed, lists, numbers
from reportgen.results import Result, Run

MERGED, ACCEPTED = "†", "††"
"""Behind the title of a row with a merged run, and of one with a run that was accepted.

The fonts of the report have no double dagger.
"""

SOFTWARE = {
    "python": "Python",
    "tensorflow": "TensorFlow",
    "keras": "Keras",
    "numpy": "NumPy",
    "scikit-image": "scikit-image",
    "scikit-learn": "scikit-learn",
}
"""What a run was made with, by the names that keys and records have for it."""

_PARTS = {
    "machine": language.message("the kind of machine"),
    "threads": language.message("the number of threads"),
    "onednn": language.message("the use of oneDNN"),
    "deterministic": language.message("deterministic operations"),
    "code": language.message("the notebook’s code"),
    "lab": language.message("the code of reportgen that the notebook runs"),
}


@dataclass(frozen=True)
class Origin:
    """What the runs of one place have in common.

    Parameters
    ----------
    owner : str
        Empty for one's own.
    differences : tuple of str
        As in `Run`.
    runs : tuple of Run
    """

    owner: str
    differences: tuple[str, ...]
    runs: tuple[Run, ...]

    @property
    def accepted(self) -> bool:
        """Whether they stand for other runs."""
        return bool(self.differences)


def with_records(results: Iterable[Result]) -> tuple[Run, ...]:
    """The runs that have a record, one that several rows share once."""
    return tuple(
        {run.key: run for result in results for run in result.runs if run.record is not None}.values()
    )


def origins(runs: Iterable[Run]) -> tuple[Origin, ...]:
    """Return the runs by where they come from, one's own first."""
    found: dict[tuple[str, tuple[str, ...]], list[Run]] = {}
    for run in runs:
        found.setdefault((run.owner, run.differences), []).append(run)
    made = [Origin(owner, differences, tuple(own)) for (owner, differences), own in found.items()]
    return tuple(sorted(made, key=lambda origin: (origin.owner, origin.differences)))


def owners(results: Iterable[Result]) -> tuple[str, ...]:
    """Who made the runs of these rows, each once; an empty name is this project."""
    return tuple(dict.fromkeys(run.owner for run in with_records(results)))


def marked(result: Result) -> str:
    """Return the title of a row, with a mark where a run of it is merged or accepted.

    Another mark says that it has a borrowed network whose weights nobody has trained.
    """
    own = f"{borrowed.MARK if borrowed.untrained(result) else ''}{mark_of(result)}"
    return f"{result.row.title}{language.NO_BREAK_SPACE}{own}" if own else result.row.title


def mark_of(result: Result) -> str:
    """Return the mark of a row, or nothing."""
    marks = {mark(run) for run in with_records([result])}
    return next((each for each in (ACCEPTED, MERGED) if each in marks), "")


def mark(run: Run) -> str:
    """Return the mark of a run, or nothing."""
    return ACCEPTED if run.differences else MERGED if run.owner else ""


def note(results: Sequence[Result]) -> str:
    """Say what the marks of these rows mean; empty where none has one."""
    rows = {own: [r for r in results if mark_of(r) == own] for own in (MERGED, ACCEPTED)}
    said = []
    if any(map(borrowed.untrained, results)):
        said.append(
            language.text("{mark} a known network with untrained weights: no transfer.", mark=borrowed.MARK)
        )
    if rows[MERGED]:
        names = language.listed([owner for owner in owners(rows[MERGED]) if owner])
        said.append(language.text("{mark} merged from {owners}.", mark=MERGED, owners=names))
    if rows[ACCEPTED]:
        runs = [run for run in with_records(rows[ACCEPTED]) if run.differences]
        differ = dict.fromkeys(name(text) for run in runs for text in run.differences)
        said.append(
            language.text(
                "{mark} accepted in place of a run that differs in {parts}; made by {owners}.",
                mark=ACCEPTED,
                parts=language.listed(list(differ)),
                owners=language.listed(list(dict.fromkeys(whose(run.owner) for run in runs))),
            )
        )
    return " ".join(said)


def whose(owner: str) -> str:
    """Return an owner's name; for one's own, that it is this project."""
    return owner or language.text("this project")


def name(difference: str) -> str:
    """Return in what two keys differ, without the values: ``Python``, ``the notebook’s code``."""
    part = difference.partition(" ")[0]
    found = SOFTWARE.get(part.removeprefix("versions.")) if part.startswith("versions.") else None
    if found is not None:
        return found
    return language.text(_PARTS[part]) if part in _PARTS else part


def difference_words(difference: str) -> str:
    """Return a difference of two keys in words, such as ``Python 3.12 in place of 3.11``.

    Parameters
    ----------
    difference : str
        As `reportgen.store.key.changes` gives it: theirs, then what was asked for.
    """
    part, _, values = difference.partition(" ")
    theirs, _, ours = values.partition(" -> ")
    values_of = {
        "what": name(difference),
        "theirs": _plain(theirs) or language.text("none"),
        "ours": _plain(ours) or language.text("none"),
    }
    if part.startswith("versions."):
        return language.text("{what} {theirs} in place of {ours}", **values_of)
    if part in ("machine", "threads"):
        return language.text("{what} ({theirs} in place of {ours})", **values_of)
    return name(difference)  # a digest or a switch says nothing to anyone


def differences_words(differences: Iterable[str]) -> str:
    """Return all differences in words, in a row."""
    return language.listed([difference_words(each) for each in differences])


def _plain(text: str) -> str:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return "" if value is None else str(value)


def made_with(run: Run) -> str:
    """Return with what a run was made: ``Python 3.12.1 and TensorFlow 2.21.0 on Example CPU``."""
    found = run.record.environment if run.record is not None else {}
    software = [f"{SOFTWARE[each]} {found[each]}" for each in ("python", "tensorflow") if each in found]
    listed = language.listed(software) or numbers.MISSING
    computed_on = str(found.get("gpu") or found.get("cpu") or "")
    return language.text("{software} on {cpu}", software=listed, cpu=computed_on) if computed_on else listed


def counted(values: Sequence[str]) -> str:
    """Return values with how many runs have each: ``3.11.7 in 2 runs; 3.12.1 in 7 runs``."""
    counts = {value: values.count(value) for value in dict.fromkeys(values)}
    return lists.clauses(
        language.plural(
            "{value} in {n} run", "{value} in {n} runs", count, value=value, n=numbers.thousands(count)
        )
        for value, count in counts.items()
    )
