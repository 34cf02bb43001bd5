"""The plan: which run every row needs, whether the store has it, and if not, why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from reportgen.datasets.dataset import Found
from reportgen.estimates import run_seconds
from reportgen.execution.spec import RunSpec
from reportgen.experiments.resolved import Experiments, Row
from reportgen.experiments.warm_starts import in_order
from reportgen.foreseen import Foreseen
from reportgen.machine import Machine, this_machine
from reportgen.notebooks import Notebook
from reportgen.recordfile import MODEL_FILE
from reportgen.specs import QUICK, Makings, Source, run_spec
from reportgen.store.accepted import Accepted, Candidate, accepted, candidates, owner_of
from reportgen.store.key import changes, lab_digest
from reportgen.store.objects import Header, Store
from reportgen.weights import Weights

__all__ = ["QUICK", "Machine", "Plan", "PlannedRun", "make_plan", "named", "this_machine"]

NO_MODEL = "its model was not kept"
"""Why a run is made again whose record is in the store."""


@dataclass(frozen=True)
class PlannedRun:
    """One run, and the rows that share it.

    Parameters
    ----------
    spec : RunSpec
    rows : tuple of Row
        At least one; more where rows have the same configuration.
    stored : bool
    reason : str
        Why it has to be made: ``new``, or what changed in the key of the run most like it.
    changes : tuple of str
        The same, change by change.
    accepted : Accepted or None
        The decision by which another run of the store stands for this one.
    owner : str
        Whose the stored run is, where it came from elsewhere; empty for one's own.
    candidates : tuple of Candidate
        Where it has to be made: the runs of the store that could stand for it.
    foreseen : Foreseen
        What its layers and its optimiser promise.
    """

    spec: RunSpec
    rows: tuple[Row, ...]
    stored: bool
    reason: str = ""
    changes: tuple[str, ...] = ()
    accepted: Accepted | None = None
    owner: str = ""
    candidates: tuple[Candidate, ...] = ()
    foreseen: Foreseen = field(default_factory=Foreseen)

    @property
    def key(self) -> str:
        """Key of the object that holds the run's result."""
        return self.accepted.key if self.accepted is not None else self.spec.key


@dataclass(frozen=True)
class Plan:
    """Every run of a file, in the order of the rows.

    Parameters
    ----------
    runs : tuple of PlannedRun
    later : tuple of PlannedRun
        Runs whose settings a stage will decide, with what stands in for them: what they may be and how long
        they may take.
    """

    runs: tuple[PlannedRun, ...]
    later: tuple[PlannedRun, ...] = ()

    @property
    def to_do(self) -> tuple[PlannedRun, ...]:
        """The runs that are not in the store."""
        return tuple(run for run in self.runs if not run.stored)

    def wanted(self, rows: Sequence[str]) -> tuple[PlannedRun, ...]:
        """The runs to be made for some rows, all where none is named, with those that they start from."""
        to_do = {run.spec.key: run for run in self.to_do}
        chosen = {key for key, run in to_do.items() if not rows or any(named(row, rows) for row in run.rows)}
        waiting = list(chosen)
        while waiting:
            source = to_do[waiting.pop()].spec.warm_start
            if source in to_do and source not in chosen:
                chosen.add(source)
                waiting.append(source)
        return tuple(run for key, run in to_do.items() if key in chosen)


def make_plan(
    experiments: Experiments,
    notebooks: Mapping[str, Notebook],
    data: Mapping[str, Found],
    machine: Machine,
    store: Store,
    features: Path,
    *,
    quick: bool = False,
    foreseen: Mapping[str, Foreseen] | None = None,
    weights: Weights | None = None,
) -> Plan:
    """Give every row its run, and look which of them the store has.

    Parameters
    ----------
    experiments : Experiments
    notebooks : mapping of str to Notebook
    data : mapping of str to Found
        Per data set that a row names.
    machine : Machine
    store : Store
        Only headers are read.
    features : Path
        Folder of shared features.
    quick : bool
        Few images and epochs, under keys of their own.
    foreseen : mapping of str to Foreseen, optional
        By row.
    weights : mapping, optional
        Per row, the files of weights that its layers name.
    """
    lab = lab_digest(Path(__file__).parent / "lab")
    of = Makings(experiments, notebooks, data, machine, lab, features, quick, weights or {})
    runs = _planned_runs(of, store, experiments.known, foreseen or {})
    later = _planned_runs(of, store, experiments.later, foreseen or {})
    return Plan(runs, tuple(map(partial(_to_come, headers=tuple(store.headers()) if later else ()), later)))


def _planned_runs(
    of: Makings, store: Store, rows: Sequence[Row], foreseen: Mapping[str, Foreseen]
) -> tuple[PlannedRun, ...]:
    made = _Runs(of, store)
    here = {row.id for row in rows}
    for row in _sources_first(
        [row if row.warm_start in here else replace(row, warm_start=None) for row in rows]
    ):
        made.add(row)
    keys = dict.fromkeys(key for row in rows for key in made.of_row[row.id])
    planned = made.planned(tuple(keys))
    return tuple(replace(run, foreseen=_expected(run, foreseen)) for run in planned)


def _to_come(run: PlannedRun, headers: Sequence[Header]) -> PlannedRun:
    """A run whose settings are not known: that what stands in for it is in the store says nothing."""
    if not run.stored:
        return run
    alike = [
        (changes(other.parts, run.spec.parts), other) for other in headers if _comparable(other, run.spec)
    ]
    alike.sort(key=lambda pair: len(pair[0]))
    return replace(run, spec=replace(run.spec, estimate=run_seconds(run.spec, alike)), stored=False)


def named(row: Row, names: Sequence[str]) -> bool:
    """Whether a row is among those named, or its stage is."""
    return row.id in names or (row.origin is not None and row.origin.stage in names)


def _expected(run: PlannedRun, foreseen: Mapping[str, Foreseen]) -> Foreseen:
    """What is foreseen of a run, which may have fewer epochs than its row."""
    of_row, epochs = foreseen.get(run.rows[0].id, Foreseen()), run.spec.parameters.get("epochs")
    if of_row.rates is None or not isinstance(epochs, int):
        return of_row
    return replace(of_row, rates=of_row.rates[:epochs])


def _sources_first(rows: Sequence[Row]) -> Iterable[Row]:
    """The rows, each behind the one whose trained weights it starts from."""
    by_id = {row.id: row for row in rows}
    return (by_id[name] for name in in_order({row.id: row.warm_start for row in rows}))


class _Runs:
    """The runs of a file while they are put together."""

    def __init__(self, of: Makings, store: Store) -> None:
        self.of, self.store = of, store
        self.specs: dict[str, RunSpec] = {}
        self.rows: dict[str, list[Row]] = {}
        self.of_row: dict[str, list[str]] = {}
        self.headers: dict[str, Header | None] = {}
        self.decided: dict[str, Accepted | None] = {}
        self.sources: dict[str, str] = {}
        """Of a run that starts from another's weights, the key of that run's specification."""
        self._needed = {row.warm_start for row in of.experiments.rows}

    def add(self, row: Row) -> None:
        """Take up the runs of a row; the one it starts from was taken up before."""
        keep = row.keep_model or row.id in self._needed
        for number, seed in enumerate(row.seeds[:1] if self.of.quick else row.seeds):
            before = self._source(row, number, seed)
            spec = run_spec(row, seed, self.of, self._weights_of(before), keep)
            known = self.specs.get(spec.key)
            if known is None:
                self._look_up(spec.key)
            elif known.keep_model != keep:  # one run for two rows, of which one keeps the model
                spec = replace(known, keep_model=True)
            self.specs[spec.key] = spec if known is None or spec.keep_model else known
            self.rows.setdefault(spec.key, []).append(row)
            self.of_row.setdefault(row.id, []).append(spec.key)
            if before is not None:
                self.sources[spec.key] = before

    def _source(self, row: Row, number: int, seed: int) -> str | None:
        """The run that one starts from: of the same seed, else the only one."""
        if row.warm_start is None:
            return None
        keys = self.of_row[row.warm_start]
        return next((key for key in keys if self.specs[key].parts["seed"] == seed), keys[0])

    def _look_up(self, key: str) -> None:
        self.headers[key] = self.store.header(key)
        self.decided[key] = accepted(self.store, key) if self.headers[key] is None else None

    def _weights_of(self, key: str | None) -> Source | None:
        """The object that has, or will have, a run's model: an accepted one only where it has it by now."""
        if key is None:
            return None
        decided = self.decided[key]
        other = self.store.header(decided.key) if decided is not None else None
        chosen = key if other is None or MODEL_FILE not in other.files else other.key
        return Source(chosen, self.specs[key].label)

    def planned(self, keys: Sequence[str]) -> Iterable[PlannedRun]:
        """Every run with what the store has of it, in the order of `keys`."""
        lacking = self._lacking_models(keys)
        here = {key: None if key in lacking else self.headers[key] for key in keys}
        decided = {key: None if key in lacking else self.decided[key] for key in keys}
        others: tuple[Header, ...] = ()
        if not all(here[key] or decided[key] for key in keys):
            others = tuple(self.store.headers())
        for key in keys:
            run = _planned(self.specs[key], tuple(self.rows[key]), here[key], decided[key], others)
            yield replace(run, reason=NO_MODEL, changes=(), candidates=()) if key in lacking else run

    def _lacking_models(self, keys: Sequence[str]) -> set[str]:
        """Runs whose record is in the store without the model that is needed."""
        lacking: set[str] = set()
        needed = {key for key in keys if any(row.keep_model for row in self.rows[key])}
        for key in reversed(list(self.specs)):  # a run stands behind the one it starts from
            stands = self.headers[key] or self._accepted_header(key)
            if stands is not None and key in needed and MODEL_FILE not in stands.files:
                lacking.add(key)
                stands = None
            if stands is None and key in self.sources:
                needed.add(self.sources[key])
        return lacking

    def _accepted_header(self, key: str) -> Header | None:
        decided = self.decided[key]
        return self.store.header(decided.key) if decided is not None else None


def _planned(
    spec: RunSpec,
    rows: tuple[Row, ...],
    header: Header | None,
    decided: Accepted | None,
    others: Sequence[Header],
) -> PlannedRun:
    if header is not None:
        return PlannedRun(replace(spec, estimate=0.0), rows, stored=True, owner=owner_of(header))
    if decided is not None:
        return PlannedRun(
            replace(spec, estimate=0.0), rows, stored=True, accepted=decided, owner=decided.owner
        )
    alike = sorted(
        ((changes(other.parts, spec.parts), other) for other in others if _comparable(other, spec)),
        key=lambda pair: (len(pair[0]), pair[1].made.get("row") != spec.row, pair[1].key),
    )
    own = next((pair for pair in alike if pair[1].made.get("row") == spec.row), None)
    reason = "new" if own is None else "changed: " + "; ".join(own[0])
    if own is not None and len(own[0]) == 1 and own[0][0].startswith("seed "):
        reason = f"new: seed {spec.parts['seed']}"
    may_stand = candidates(others, spec.parts, [row.id for row in rows])
    here = [pair for pair in alike if not owner_of(pair[1])]  # another machine may be much faster
    spec = replace(spec, estimate=run_seconds(spec, here or alike))
    changed = own[0] if own is not None else ()
    return PlannedRun(spec, rows, stored=False, reason=reason, changes=changed, candidates=may_stand)


def _comparable(other: Header, spec: RunSpec) -> bool:
    """Quick runs are compared with quick runs only."""
    return bool(other.parts.get("quick") == spec.parts["quick"])
