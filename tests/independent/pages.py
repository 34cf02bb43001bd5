"""Key figures, confusion matrices, and the scores that results.json keeps of every row."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.independent import formulas, sizes
from tests.independent.row_tables import spread_decimals
from tests.independent.runs import Row
from tests.independent.score_tables import rank
from tests.independent.tally import MISSING, Expected, Num, Several, Skip, Tally, Text
from tests.independent.world import LOSS, World, known, loss, percent

WORDS = Skip("words")
MEANS = {"Mean test loss": "Test loss", "Mean val. accuracy": "Validation accuracy",
         "Mean on the test set": "Held out: test set", "Mean macro F1": "Macro F1"}  # fmt: skip


def _spread(row: Row, measure: str, otherwise: Expected) -> Expected:
    if len(row.runs) < 2:
        return otherwise
    sd = row.sd(measure)
    if measure.endswith("_accuracy"):
        return percent(sd, before="s.d. ")
    decimals, slack = (4, 1e-9) if measure == "macro_f1" else (spread_decimals(sd), LOSS)
    return Num(sd, decimals, before="s.d. ", slack=slack)


def figures(world: World, row: Row) -> dict[str, tuple[Expected, Expected]]:
    """Text and line below of each key figure, by the beginning of its label."""
    found, wrong = known(row, "test_accuracy"), int((~row.runs[0].right("test")).sum())
    ends = percent(found.low), percent(found.high)
    more = Several("(.+)\u00a0errors?; 95 %: (.+)\u2013(.+)", (Num(wrong), *ends))
    if len(row.runs) > 1:
        more = Several("s.d. (.+); 95 %: (.+)\u2013(.+)", (percent(found.sd), *ends))
    work, features = sizes.work(row.runs[0]), row.runs[0].facts["features"]["kind"]
    kind = " with HOG" if features == "hog" else ""
    held = loss(row.mean("validation_loss"))
    held = Num(held.value, 3, before="loss ", slack=LOSS)
    classes = Several("mean of (.+)[ \u00a0]classes", (Num(row.runs[0].classes),))
    accuracy = percent(row.mean("validation_accuracy"))
    return {
        "Test accuracy": (percent(found.mean), more),
        "Test loss": (loss(row.mean("test_loss")), _spread(row, "test_loss", WORDS)),
        "Validation accuracy": (accuracy, _spread(row, "validation_accuracy", held)),
        "Held out: test set": (accuracy, _spread(row, "validation_accuracy", held)),
        "Macro F1": (Num(row.mean("macro_f1"), 4), _spread(row, "macro_f1", classes)),
        "Parameters": (Num(sizes.total(row.runs[0])), Num(work, after=f" multiply-adds{kind}")),
        "Rank": (rank(world, row, {"text": ""}), WORDS),
    }


def check_page(tally: Tally, world: World, name: str, page: dict[str, Any]) -> None:
    """Compare the key figures and the matrix of a row's page."""
    row = world.rows[name]
    wanted = figures(world, row)
    for key in page["key_figures"]:
        label = key["label"].partition(", mean of ")[0]
        tally.hold(
            "key figures", "called means", name, "" if (label in MEANS) <= (len(row.runs) > 1) else label
        )
        label = MEANS.get(label, label)
        text, more = wanted.get(label, (Skip("an unknown key figure"), WORDS))
        tally.see("key figures", label, name, key["text"], text)
        tally.see("key figures", f"{label}: below", name, key["more"], more)
        if ", mean of " in key["label"]:
            count = key["label"].rpartition(" ")[2]
            tally.see("key figures", f"{label}: runs", name, count, Num(len(row.runs)))
        if label == "Rank":
            tally.see("key figures", "Rank: of", name, key["unit"], Num(world.ranks[name][2], before="of "))
    if page["matrix"] is None:
        tally.skip("matrix", "all", "not printed: too many classes")
    else:
        _matrix(tally, row, page["matrix"])


def _matrix(tally: Tally, row: Row, printed: dict[str, Any]) -> None:
    counts = row.matrix()
    tally.hold("matrix", "shape", row.id, "" if len(printed["true_in_rows"]) == len(counts) else "classes")
    names = row.runs[0].data["class_names"]
    tally.hold("matrix", "classes", row.id, "" if printed["classes"] == names else "names of classes")
    for true, cells in enumerate(printed["true_in_rows"]):
        for given, text in enumerate(cells):
            count = int(counts[true, given])
            wanted: Expected = Num(count) if count else Text("")
            tally.see("matrix", "counts", f"{row.id} {true}/{given}", text, wanted)
    hits, support, answers = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    for what, below in (("recall", support), ("precision", answers)):
        for place, text in enumerate(printed[what]):
            share = int(hits[place]) / int(below[place]) if below[place] else None
            wanted = Text(MISSING) if share is None else percent(share, 1)
            tally.see("matrix", what, f"{row.id} class {place}", text, wanted)


def check_scores(tally: Tally, row: Row) -> None:
    """Compare the raw numbers that results.json keeps of a row."""
    for measure, found in row.facts["scores"].items():
        own, slack = formulas.score(row, measure), LOSS if measure.endswith("_loss") else 1e-7
        if own is None:
            tally.skip("scores of rows", measure, "the loss has a penalty or is no cross-entropy")
            continue
        raw = {"mean": (found["mean"], own.mean), "sd": (found["sd_over_seeds"], own.sd),
               "standard error": (found["standard_error_of_the_set"], own.error),
               "low": (found["interval"]["low"], own.low), "high": (found["interval"]["high"], own.high)}  # fmt: skip
        for name, (there, wanted) in raw.items():
            tally.near("scores of rows", f"{measure} {name}", row.id, there, wanted, slack)
        right = found["interval"]["basis"] == own.basis and found["runs"] == len(row.runs)
        tally.hold("scores of rows", f"{measure} basis", row.id, "" if right else str(found))
    part = sizes.total(row.runs[0])
    tally.near("scores of rows", "total_params", row.id, row.facts["total_params"], part, 0.0)
    evaluations = {each["key"]: each["evaluation"] for each in row.facts["runs"]}
    for run in row.runs:
        for half in ("test", "validation"):
            there = evaluations[run.key][half]
            tally.near("scores of runs", f"{half} accuracy", run.key[:8], there["accuracy"],
                       run.accuracy(half), 1e-6)  # fmt: skip
            own_loss = run.loss(half)
            if own_loss is None:
                tally.skip("scores of runs", f"{half} loss", "the loss has a penalty or is no cross-entropy")
            else:
                whole = own_loss + run.penalty(half)
                tally.near("scores of runs", f"{half} loss", run.key[:8], there["loss"], whole, LOSS)


def check_record(tally: Tally, row: Row) -> None:
    """Compare what a record says of its layers and answers with what follows from settings and arrays."""
    for run in row.runs:
        for layer, part in zip(run.facts["layers"], sizes.parts(run), strict=True):
            held = sum(int(np.prod(each["shape"])) for each in layer["variables"])
            right = tuple(layer["output_shape"]) == part.output and held == part.total
            tally.hold("records", "layers", f"{run.key[:8]} {layer['name']}", "" if right else str(layer))
        for half in ("test", "validation"):
            same = np.array_equal(run.given(half), run.arrays[f"{half}.y_pred"])
            tally.hold("records", f"{half} answers", run.key[:8], "" if same else "argmax differs")
