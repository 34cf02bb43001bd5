"""The runs that results.json names, read from the store, and what their arrays say."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, f1_score

SMALLEST = float(np.finfo(np.float32).tiny)
"""Below this a float32 probability is 0, and its logarithm would be infinite."""
CLIPPED = 1e-7
"""Where Keras clips probabilities from which it has to compute a loss, having no logits."""
AGREED = 2e-6
"""How far a mean of float32 losses may lie from ours."""


@dataclass(frozen=True)
class Run:
    """One run: its facts (record.json) and its arrays (arrays.npz)."""

    seed: int
    key: str
    facts: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    owner: str | None = None

    @property
    def data(self) -> dict[str, Any]:
        """What data the run saw."""
        found: dict[str, Any] = self.facts["data"]
        return found

    @property
    def classes(self) -> int:
        """Number of classes."""
        return len(self.data["class_names"])

    @property
    def on_test(self) -> bool:
        """Whether the test set was the validation set."""
        return bool(self.data["validation"] == "test")

    def truth(self, part: str) -> NDArray[np.int64]:
        """True classes of the test or validation items."""
        return self.arrays[f"{part}.y_true"]

    def given(self, part: str) -> NDArray[np.int64]:
        """The class with the highest probability: our own argmax."""
        return np.asarray(self.arrays[f"{part}.probabilities"].argmax(axis=1), dtype=np.int64)

    def right(self, part: str) -> NDArray[np.bool_]:
        """Which items were given their class."""
        return np.asarray(self.truth(part) == self.given(part))

    def items(self, part: str) -> int:
        """Number of items."""
        return len(self.truth(part))

    def accuracy(self, part: str) -> float:
        """Part of the items that were given their class."""
        return int(self.right(part).sum()) / self.items(part)

    def probabilities(self, part: str) -> NDArray[np.float64]:
        """Probabilities in double precision, (n, C)."""
        return self.arrays[f"{part}.probabilities"].astype(np.float64)

    def item_losses(self, part: str) -> NDArray[np.float64]:
        """-ln of the probability of the true class, by item."""
        own = self.probabilities(part)[np.arange(self.items(part)), self.truth(part)]
        return np.asarray(-np.log(np.maximum(own, SMALLEST)))

    @cached_property
    def penalised(self) -> bool:
        """Whether a layer adds a penalty to the loss, which no array of the run holds."""
        names = ("kernel_regularizer", "bias_regularizer", "activity_regularizer")
        return any(layer["settings"].get(name) for layer in self.facts["layers"] for name in names)

    def penalty(self, part: str) -> float:
        """What regularisers add to the loss of a part, as recorded: no array of the run tells it."""
        return float((self.facts.get("penalty") or {}).get(part, 0.0))

    def loss(self, part: str) -> float | None:
        """Mean cross-entropy, without any penalty; None where the loss is another one, or has settings."""
        if self.facts["loss"]["name"] != "categorical_crossentropy" or self.facts["loss"].get("settings"):
            return None
        return self._as_recorded(part, float(self.item_losses(part).mean()))

    def _as_recorded(self, part: str, made: float) -> float:
        """A loss made of probabilities, or the recorded one where these cannot tell: it is of logits.

        A probability of 0 stands for any loss above that of the smallest number, and the recorded loss has
        to be so large at least. Where Keras had no logits either, it clipped the probabilities.
        """
        recorded = float(self.facts["evaluation"][part]["loss"]) - self.penalty(part)
        own = self.probabilities(part)[np.arange(self.items(part)), self.truth(part)]
        clipped = float(-np.log(np.clip(own, CLIPPED, 1 - CLIPPED)).mean())
        open_above = bool((own == 0).any()) and recorded >= made - AGREED
        return recorded if open_above or abs(recorded - clipped) < AGREED else made

    def brier(self) -> float:
        """Squared error of the probabilities, summed over classes."""
        wanted = np.eye(self.classes)[self.truth("test")]
        return float(np.square(self.probabilities("test") - wanted).sum(axis=1).mean())

    def confidence(self, part: str = "test") -> float:
        """Mean probability of the given class."""
        return float(self.probabilities(part).max(axis=1).mean())

    def matrix(self) -> NDArray[np.int64]:
        """Confusion matrix of the test set, true classes in rows."""
        labels = np.arange(self.classes)
        found = confusion_matrix(self.truth("test"), self.given("test"), labels=labels)
        return np.asarray(found, dtype=np.int64)

    def macro_f1(self) -> float:
        """Mean F1 of the classes that occur as truth or answer: scikit-learn's own default."""
        return float(f1_score(self.truth("test"), self.given("test"), average="macro", zero_division=0.0))

    def history(self, name: str) -> NDArray[np.float64]:
        """A curve, by epoch."""
        return self.arrays[f"history.{name}"]

    @property
    def epochs(self) -> int:
        """Epochs that were trained."""
        return len(self.history("loss"))

    @property
    def best_by_loss(self) -> int:
        """Epoch of the lowest validation loss, from 1; the first of several."""
        return int(np.argmin(np.nan_to_num(self.history("val_loss"), nan=math.inf))) + 1

    @property
    def best_by_accuracy(self) -> int:
        """Epoch of the highest validation accuracy, from 1; the first of several."""
        return int(np.argmax(np.nan_to_num(self.history("val_accuracy"), nan=-math.inf))) + 1

    @property
    def seconds(self) -> float:
        """Seconds of training, as recorded."""
        return float(self.facts["times"]["train"])


@dataclass(frozen=True)
class Row:
    """A row of results.json and the runs of it that have a record."""

    id: str
    facts: dict[str, Any]
    runs: tuple[Run, ...]

    @property
    def title(self) -> str:
        """As printed."""
        return str(self.facts["title"])

    @property
    def marks(self) -> dict[str, str]:
        """By key of a run with a record: the mark of one that was merged, or that was accepted."""
        runs = [each for each in self.facts["runs"] if each["evaluation"] is not None]
        return {e["key"]: "††" if e.get("accepted") else "†" if e.get("owner") else "" for e in runs}

    @property
    def marked(self) -> str:
        """The title, with the marks of the row: of a network without weights, and of runs from elsewhere."""
        layers = self.facts["parameters"].get("layers") or ()
        random = bool(self.runs) and any("include_top" in each and "weights=None" in each for each in layers)
        mark = ("°" if random else "") + max(self.marks.values(), key=len, default="")
        return f"{self.title}\u00a0{mark}" if mark else self.title

    @property
    def wanted(self) -> int:
        """Runs that there should be."""
        return len(self.facts["runs"])

    @property
    def data_set(self) -> str:
        """The data set its runs saw."""
        return str(self.runs[0].data["name"])

    def values(self, measure: str) -> list[float] | None:
        """One value a run; None where a loss cannot be recomputed."""
        if measure == "macro_f1":
            return [run.macro_f1() for run in self.runs]
        part, _, kind = measure.partition("_")
        if kind == "accuracy":
            return [run.accuracy(part) for run in self.runs]
        losses = [run.loss(part) for run in self.runs]
        return None if None in losses else [float(each) for each in losses if each is not None]

    def mean(self, measure: str) -> float | None:
        """Mean over the runs."""
        values = self.values(measure)
        return None if values is None else float(np.mean(values))

    def sd(self, measure: str) -> float | None:
        """Standard deviation over the runs, n - 1; None for one run."""
        values = self.values(measure)
        return None if values is None or len(values) < 2 else float(np.std(values, ddof=1))

    def matrix(self) -> NDArray[np.int64]:
        """Sum of the confusion matrices."""
        return np.asarray(sum(run.matrix() for run in self.runs), dtype=np.int64)


def read_rows(results: dict[str, Any], store: Path) -> dict[str, Row]:
    """Return the rows of results.json in its order, each with its runs from the store."""
    read: dict[str, Run] = {}
    rows = {}
    for name, facts in results["rows"].items():
        runs = []
        for each in facts["runs"]:
            if each["failure"] is None and each["evaluation"] is not None:
                key = each["key"]
                read.setdefault(key, _read(store, each["seed"], key, each.get("owner")))
                runs.append(read[key])
        rows[name] = Row(name, facts, tuple(runs))
    return rows


def _read(store: Path, seed: int, key: str, owner: str | None) -> Run:
    folder = store / "objects" / key[:2] / key
    with np.load(folder / "arrays.npz") as found:
        arrays = {name: found[name] for name in found.files}
    facts = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    return Run(seed, key, facts, arrays, owner)
