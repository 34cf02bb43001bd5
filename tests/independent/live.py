"""Live numbers in the authors' prose, and the evidence of their claims."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.independent import judging, sizes
from tests.independent.formulas import score
from tests.independent.phrases import N, last, mean_of
from tests.independent.runs import Row
from tests.independent.tally import Num, Tally, parse
from tests.independent.world import LOSS, World, percent

ENDS = ("low", "high", "p", "basis")


_ROW: dict[str, Callable[[Row], float | None]] = {
    "total_params": lambda row: sizes.total(row.runs[0]),
    "weights": lambda row: sum(part.weights for part in sizes.parts(row.runs[0])),
    "biases": lambda row: sum(part.biases for part in sizes.parts(row.runs[0])),
    "multiply_adds": lambda row: sizes.model_work(row.runs[0]),
    "feature_multiply_adds": lambda row: sizes.feature_work(row.runs[0]),
    "test_items": lambda row: row.runs[0].items("test"),
    "validation_items": lambda row: row.runs[0].items("validation"),
    "errors": lambda row: mean_of([int((~run.right("test")).sum()) for run in row.runs]),
    "runs": lambda row: len(row.runs),
    "epochs": lambda row: mean_of([run.epochs for run in row.runs]),
    "planned_epochs": lambda row: float(row.runs[0].facts["stopped"]["planned"]),
    "tested_epoch": lambda row: mean_of([float(run.facts["tested_epoch"]) for run in row.runs]),
    "rate_changes": lambda row: mean_of(
        [float((np.diff(run.history("learning_rate")) != 0).sum()) for run in row.runs]
    ),
    "best_epoch_by_loss": lambda row: mean_of([run.best_by_loss for run in row.runs]),
    "best_epoch_by_accuracy": lambda row: mean_of([run.best_by_accuracy for run in row.runs]),
    "training_accuracy": lambda row: last(row, "accuracy"),
    "training_loss": lambda row: last(row, "loss"),
    "last_validation_accuracy": lambda row: last(row, "val_accuracy"),
    "last_validation_loss": lambda row: last(row, "val_loss"),
    "lowest_validation_loss": lambda row: mean_of([run.history("val_loss").min() for run in row.runs]),
}


def row_value(world: World, name: str, attribute: str) -> float | None:
    """A live number of a row, recomputed; None where it is no number or not known here."""
    row = world.rows.get(name)
    if row is None or not row.runs:
        return None
    if attribute in _ROW:
        return _ROW[attribute](row)
    part, _, measure = attribute.partition("_")
    if part in ("sd", "low", "high"):
        found = score(row, measure)
        return None if found is None else getattr(found, part)
    known = ("test_accuracy", "validation_accuracy", "test_loss", "validation_loss", "macro_f1")
    return row.mean(attribute) if attribute in known else None


def check_live(tally: Tally, world: World, printed: dict[str, Any]) -> None:
    """Compare a live number: its raw value, and its text as a rounding of the recomputed value."""
    name, _, attribute = printed["source"].rpartition(".")
    wanted = row_value(world, name, attribute)
    if wanted is None:
        return tally.skip("live numbers", attribute, "a text, a comparison or several values in one")
    slack = LOSS if "loss" in attribute else 1e-7
    if printed["value"] is not None:
        tally.near("live numbers", f"{attribute}: value", name, printed["value"], wanted, slack)
    text = printed["text"].partition(" (chosen")[0]
    scale = 100.0 if text.endswith(("%", "points")) else 1.0
    bare = re.sub("\u00a0?(%|points)$", "", text)
    shown = parse(bare)
    number = Num(scale * wanted, shown[1] if shown else None, bare.startswith("+"), slack=slack * scale)
    tally.see("live numbers", attribute, name, bare, number)
    return None


def check_claim(tally: Tally, world: World, claim: dict[str, Any], comparisons: int) -> None:
    """Compare a claim's evidence with what the rows say, and its sentence with the evidence.

    `comparisons` is the size of the family that the claim asks about, 1 where it asks about none: an
    interval against a limit is then at Bonferroni's level.
    """
    for name, value in claim["evidence"].items():
        source, _, attribute = name.rpartition(".")
        end = attribute if attribute in ENDS else ""
        if end:
            source, _, attribute = source.rpartition(".")
        pair = [(a, b) for a in world.rows for b in world.rows if f"{a}-{b}" == source]
        if source in world.rows:
            _row_evidence(tally, world, claim["id"], source, attribute, end, value)
        elif len(pair) == 1 and attribute.endswith("_accuracy"):
            one, other = (world.rows[each] for each in pair[0])
            # Against a limit other than 0 a single run is judged at a level of its own.
            levels = {1 - 0.05 / part / luck for part in (1, comparisons) for luck in (1, 10)}
            made = [getattr(judging.compare(one, other, attribute, None, level), end or "difference")
                    for level in sorted(levels)]  # fmt: skip
            # Against a limit other than 0 no p value is about the question.
            beside = end == "p" and value is None and _has_limit(claim["expression"])
            right = (
                beside
                or value in made
                or any(
                    isinstance(own, float) and isinstance(value, float) and abs(own - value) < 1e-7
                    for own in made
                )
            )
            wrong = "" if right else f"{value}, none of {made}"
            tally.hold("claims", f"difference {end}".strip(), claim["id"], wrong)
        else:
            tally.skip("claims", attribute, "evidence that is no row's and no pair's")
    _sentence(tally, claim)


def _has_limit(expression: str) -> bool:
    """Whether an expression compares with a number other than 0."""
    numbers = re.findall(r"\d+(?:\.\d+)?(?:e-?\d+)?", re.sub(r"'[^']*'|\"[^\"]*\"", "", expression))
    return any(float(each) for each in numbers)


def _row_evidence(
    tally: Tally, world: World, claim: str, source: str, attribute: str, end: str, value: Any
) -> None:
    if attribute == "rank":
        first, after, _ = world.ranks[source]
        right = value in (f"{first}-{after}", first)
        return tally.hold("claims", "rank", claim, "" if right else f"{source}: {value}")
    wanted = row_value(world, source, f"{end}_{attribute}" if end else attribute)
    if wanted is None:
        return tally.skip("claims", attribute, "no number of a row")
    slack = LOSS if "loss" in attribute else 1e-7
    return tally.near("claims", f"{attribute} {end}".strip(), claim, value, wanted, slack)


def _sentence(tally: Tally, claim: dict[str, Any]) -> None:
    """The differences that a claim's sentence prints, in the order of its evidence."""
    pattern = (
        f"{N}\u00a0points \\({N}\u00a0% interval(?:s of the (?:single seeds|pairs of runs) from)? {N} to {N};"
    )
    names = [name for name, value in claim["evidence"].items()
             if name.rpartition(".")[2].endswith("_accuracy") and f"{name}.basis" in claim["evidence"]
             and value is not None]  # fmt: skip
    found = list(re.finditer(pattern, claim["sentence"]))
    if len(found) != len(names):
        tally.skip("claims", "sentence", "another sentence than that of a difference")
        return
    for name, match in zip(names, found, strict=True):
        values = [claim["evidence"][f"{name}{end}"] for end in ("", ".low", ".high")]
        for text, value in zip((match[1], match[3], match[4]), values, strict=True):
            tally.see("claims", "sentence", claim["id"], text, percent(value, signed=True))
