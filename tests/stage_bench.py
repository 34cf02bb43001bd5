"""A coursework in stages whose runs are made by hand: records are put into its store, nothing is trained."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from reportgen import build
from reportgen.build import Options, Prepared
from reportgen.execution.outcome import Outcome
from reportgen.experiments.resolved import Row
from reportgen.experiments.stages import Stage
from reportgen.following import Following
from reportgen.plan import PlannedRun
from reportgen.recordfile import to_files
from reportgen.results import Failure
from reportgen.staging import note_failures
from reportgen.workspace import Workspace, find_workspace
from tests.experiments.sources import notebook, write_notebook
from tests.staged import made

CELL = """\
dataset: str = "digits"  # which data set
hidden_units: list[int] = [50]  # one hidden layer per entry
activation: str = "relu"  # of the hidden layers
dropout: float = 0.0  # share of units switched off
optimizer: str = "rmsprop"
learning_rate: float = 0.001
epochs: int = 3  # passes through the training set
seed: int = 42
"""
HEAD = '[report]\ntitle = "Stages"\n\n[[section]]\nid = "s"\nnotebook = "mlp"\n\n'

Wrong = Callable[[Row, int], int | None]
"""How many of 400 images a row gets wrong in validation with a seed; None where the run fails."""


def by_size(row: Row, seed: int) -> int:
    """More units are better, dropout is worse, relu is best: and for each row another number."""
    units, dropout = row.parameters["hidden_units"], float(row.parameters["dropout"])
    wrong = 200 - sum(units) / 2 + 100 * dropout + 5 * (row.parameters["activation"] != "relu")
    return max(int(wrong + 1_000 * float(row.parameters["learning_rate"])), 0)


class Bench:
    """A coursework, its store, and runs that are made when a test says so."""

    def __init__(self, folder: Path, stages: str, wrong: Wrong = by_size) -> None:
        self.wrong = wrong
        folder.mkdir(exist_ok=True)
        write_notebook(folder / "notebooks", "mlp", notebook(CELL))
        self.file = folder / "experiments.toml"
        self.file.write_text(HEAD + stages, encoding="utf-8")
        self.env = {"HOME": str(folder / "home")}
        self.made: list[str] = []

    @property
    def work(self) -> Workspace:
        return find_workspace(self.file, self.env)

    def edit(self, old: str, new: str) -> None:
        text = self.file.read_text(encoding="utf-8")
        assert old in text
        self.file.write_text(text.replace(old, new), encoding="utf-8")

    def prepare(self, failed: Collection[str] = (), options: Options | None = None) -> Prepared:
        """Plan as a build does."""
        return build.prepare(self.work, options or Options(data="embedded"), self.env, lambda _: None, failed)

    def make(self, run: PlannedRun, prepared: Prepared) -> Failure | None:
        """Make one run: put its record into the store, or say why there is none."""
        row, seed = run.rows[0], run.spec.parts["seed"]
        self.made.append(run.spec.label)
        wrong = self.wrong(row, seed)
        if wrong is None:
            return Failure("error", "no such luck")
        record = made(row, range(wrong), range(400 - wrong), seed)
        files = {**to_files(record), "log.txt": b""}
        prepared.store.put(run.spec.key, run.spec.parts, {"row": row.id, "seconds": 2.0, "epochs": 3}, files)
        return None

    def all(self, order: Callable[[list[PlannedRun]], list[PlannedRun]] = list) -> Prepared:
        """Make all runs as a build would, each time the first that `order` puts there."""
        following = self.follow()
        outcomes: dict[str, Outcome] = {}
        while todo := [run for run in following.prepared.plan.to_do if run.spec.key not in outcomes]:
            run = order(todo)[0]
            failure = self.make(run, following.prepared)
            outcomes[run.spec.key] = Outcome(
                run.spec.key, run.spec.label, None if failure else {}, failure, 1.0
            )
            following.revised(outcomes)
        failures = {key: each.failure for key, each in outcomes.items() if each.failure is not None}
        note_failures(self.work.state, following.prepared.plan, failures)
        return following.prepared

    def follow(self, only: Collection[str] = ()) -> Following:
        """What a build needs while runs are made."""
        options = Options(data="embedded", only=tuple(only))
        advance = lambda known, failed: build.advanced(self.work, options, self.env, known, failed)  # noqa: E731
        return Following(self.prepare(options=options), advance, options.only, lambda plan: None)


def stage(prepared: Prepared, name: str) -> Stage:
    found = prepared.experiments.stage(name)
    assert found is not None
    return found


def trials(prepared: Prepared, name: str = "q") -> list[Mapping[str, object]]:
    """What the rows of a stage try, in their order."""
    rows = {row.id: row for row in prepared.experiments.rows}
    origins = [rows[each].origin for each in stage(prepared, name).rows]
    return [origin.values for origin in origins if origin is not None]
