"""Tables about one row, one network or one family, and the pages of rows."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.independent import judging, sizes
from tests.independent.runs import Row, Run
from tests.independent.score_tables import TIME
from tests.independent.sizes import SIGN
from tests.independent.tally import MISSING, Expected, Num, P, Several, Skip, Text
from tests.independent.world import World, percent


def confused_cells(world: World, table: dict[str, Any], columns: list[str]) -> list[list[Expected]]:
    """Unordered pairs of classes with most errors, largest first; of equal ones the lower classes."""
    row = world.rows[table["id"].removeprefix("confused-")]
    pooled, each = row.matrix(), [run.matrix() for run in row.runs]
    names, errors = row.runs[0].data["class_names"], int(pooled.sum() - np.trace(pooled))
    pairs = [(a, b) for a in range(len(pooled)) for b in range(a + 1, len(pooled))]
    counted = sorted(((-int(pooled[a, b] + pooled[b, a]), a, b) for a, b in pairs))
    top = [(a, b) for count, a, b in counted[:5] if count]
    lines = [(f"{names[a]} and {names[b]}", [int(m[a, b] + m[b, a]) for m in each]) for a, b in top]
    if len(top) > 1:
        sums = [int(total) for total in np.sum([counts for _, counts in lines], axis=0)]
        lines.append(("Together", sums))
    found = []
    for name, counts in lines:
        by_column: dict[str, Expected] = {
            "Classes": Text(name),
            "Errors": Num(sum(counts)),
            "By seed": Several(", ".join(["(.+)"] * len(counts)), tuple(map(Num, counts))),
            "Share, %": percent(sum(counts) / errors, 1),
        }
        if len(counts) > 5:
            by_column["By seed"] = Several("(.+) to (.+)", (Num(min(counts)), Num(max(counts))))
        found.append([by_column[column] for column in columns])
    return found


def complexity_cells(world: World, table: dict[str, Any], columns: list[str]) -> list[list[Expected]]:
    """A network layer by layer."""
    run = world.rows[table["id"].removeprefix("complexity-")].runs[0]
    layers, features = sizes.listed(run), sizes.feature_work(run)
    whole = sum(part.total for part in layers)
    found = []
    if run.facts["features"]["kind"] == "hog":
        hog = (sizes.hog_length(run), None, 0, 0, 0, 0, 0.0, features, None, None)
        found.append(_size_line(Text("HOG extraction"), *hog, columns=columns))
    for part in layers:
        shape = SIGN.join(str(size) for size in part.output)
        formula = part.formula
        numbers = (part.weights, part.biases, part.non_trainable, part.total, part.total / whole, part.work)
        memory = (sizes.BYTES * part.total / 1000, part.output_bytes / 1000)
        found.append(_size_line(Skip("a name"), shape, formula, *numbers, *memory, columns=columns))
    sums = [sum(getattr(part, name) for part in layers)
            for name in ("weights", "biases", "non_trainable", "total")]  # fmt: skip
    outputs = sum(part.output_bytes for part in layers) / 1000
    last = (*sums, 1.0, sizes.work(run), sizes.BYTES * whole / 1000, outputs)
    found.append(_size_line(Text("Total"), "", "", *last, columns=columns, total=True))
    return found


def _size_line(
    name: Expected, shape: Any, formula: Any, *numbers: Any, columns: list[str], total: bool = False
) -> list[Expected]:
    heads = ("Weights", "Biases", "Non-trainable", "Total", "Share, %", "Multiply-adds",
             "Memory, kB: Parameters", "Memory, kB: Outputs")  # fmt: skip
    by_column: dict[str, Expected] = {"Layer": name}
    by_column["Output shape"] = Num(shape) if isinstance(shape, int) else Text(_spaced(shape))
    by_column["Weights, computed as"] = Text(formula if formula or total else MISSING)
    for head, value in zip(heads, numbers, strict=True):
        decimals = 1 if head.startswith(("Share", "Memory")) else 0
        by_column[head] = percent(value, 1) if head.startswith("Share") else Num(value, decimals)
    return [by_column[column] for column in columns]


def _spaced(product: str) -> str:
    """Factors with a no-break space between thousands."""
    parts = [f"{int(part):,}".replace(",", "\u00a0") for part in product.split(SIGN) if part]
    return SIGN.join(parts)


def seeds_cells(world: World, table: dict[str, Any], columns: list[str]) -> list[list[Expected]]:
    """Scores by seed, their means and s.d., for one row or for all rows with several runs."""
    row = world.rows.get(table["id"].removeprefix("seeds-"))
    found: list[list[Expected]] = []
    waiting = [each for each in world.done if each.wanted > 1]
    for line in table["lines"]:
        if line["style"] == "group":
            row = waiting.pop(0)
            found.append([Text(row.title)])
        elif row is not None:
            found.append(_seed_line(row, line["cells"][0]["text"], columns))
    return found


def _seed_line(row: Row, name: str, columns: list[str]) -> list[Expected]:
    values: dict[str, Callable[[Run], float | None]] = {
        "Validation, %": lambda run: 100 * run.accuracy("validation"),
        "Test, %": lambda run: 100 * run.accuracy("test"),
        "Test loss": lambda run: run.loss("test"),
        "Best epoch by loss": lambda run: run.best_by_loss,
        "Time, s": lambda run: run.seconds,
    }
    how: dict[str, Callable[[list[float]], float]] = {
        "mean": lambda v: float(np.mean(v)),
        "s.d.": lambda v: float(np.std(v, ddof=1)),
    }
    decimals: dict[str, int | None] = {"Test loss": 3, "Validation, %": 2, "Test, %": 2, "Time, s": None}
    own = [run for run in row.runs if f"{run.seed}\u00a0{row.marks[run.key]}".rstrip() == name]
    found: list[Expected] = []
    for column in columns:
        if column == "Seed":
            found.append(Text(name) if own or name in how else _lost(row, name))
        elif not own and name not in how:
            found.append(Text(MISSING))
        else:
            some = [values[column](run) for run in (own or row.runs)]
            every = [float("nan") if each is None else each for each in some]
            number = how[name](every) if name in how else every[0]
            usual = 1 if name in how else 0
            places = decimals.get(column, usual)
            if (name, column) == ("s.d.", "Test loss"):
                places = spread_decimals(number)
            found.append(Num(number, places, slack=2e-6 if "loss" in column else 1e-9))
    return found


def spread_decimals(sd: float | None) -> int:
    """Three, or as many as two digits of an s.d. need that three decimals would print as zero."""
    if sd is None or not 1e-7 <= sd < 0.0005:
        return 3
    return 1 - int(f"{sd:.1e}"[-3:])


def _lost(row: Row, name: str) -> Text:
    """A run that left no record says so beside its seed."""
    lost = [f"{each['seed']}, no result: {each['failure'].replace('-', ' ')}" for each in row.facts["runs"]
            if each["failure"]]  # fmt: skip
    return Text(name if name in lost else "a run of this row")


MOST_POINTS = 6
"""Points of a comparison that are printed; of more, the ends."""


KIN = {"same run": "one run", "same weights": "the same weights"}
"""What the basis is called of rows whose difference is 0 by construction."""


def contrast_cells(world: World, table: dict[str, Any], columns: list[str]) -> list[list[Expected]]:
    """A declared family: the rows are found by the titles that the table prints."""
    pairs = family_pairs(world, table)
    if pairs is None:
        return [[Skip("two rows share a title")] * len(columns) for _ in table["lines"]]
    found = []
    for line in judging.family(pairs, measure_of(table), world.luck):
        each = line.single
        known = each.basis != "unpaired" and each.relation not in KIN
        many = f"{each.seeds}\u00a0seeds"
        basis = {"items": "items", "unpaired": "unpaired"}.get(each.basis, many)
        basis = f"{each.pairs}\u00a0pairs" if each.pairs else basis
        by_seed = Several(", ".join(["(.+)"] * len(each.points)),
                          tuple(percent(p, signed=True) for p in each.points))  # fmt: skip
        if len(each.points) > MOST_POINTS:
            ends = min(each.points), max(each.points)
            by_seed = Several("(.+) to (.+)", tuple(percent(p, signed=True) for p in ends))
        by_seed_cell = by_seed if each.basis == "points" else Text(MISSING)
        mark = (
            "\u00b6"
            if each.pairs
            else "\u00a7"
            if each.basis == "points"
            else "#"
            if each.level != 0.95
            else ""
        )
        mark = "" if each.relation in KIN else mark
        interval = Several(
            "(.+) to (.+)", (percent(each.low, signed=True), percent(each.high, signed=True, after=mark))
        )
        by_column: dict[str, Expected] = {
            "Difference, points": percent(each.difference, signed=True),
            "95 % interval": interval,
            "Interval": interval,
            **dict.fromkeys(("By seed, points", "By pair, points", "By seed or pair, points"), by_seed_cell),
            "Only one right": Several("(.+) : (.+)", (Num(each.only_first), Num(each.only_second)))
            if known
            else Text(MISSING),
            "Basis": Text(KIN.get(each.relation, basis)),
            "p": P(each.p),
            "p, Holm": P(line.adjusted),
            "Verdict": Text(line.verdict),
            "Detectable from, points": percent(line.smallest),
        }
        found.append([by_column.get(column, Skip("the titles, by which the rows were found"))
                      for column in columns])  # fmt: skip
    return found


def measure_of(table: dict[str, Any]) -> str:
    """What a family is compared in, by its caption."""
    return "validation_accuracy" if "validation accuracy" in table["caption"] else "test_accuracy"


def family_pairs(world: World, table: dict[str, Any]) -> list[tuple[Row, Row]] | None:
    """The rows of each comparison, by the titles that the table prints; None where one is not clear."""
    reference = re.search("less that of \u201c(.+)\u201d\\.$", table["caption"])
    pairs = []
    for line in table["lines"]:
        name = line["cells"][0]["text"]
        names = [name, reference[1]] if reference else name.split(" \u2212 ")
        rows = [world.titled(each) for each in names]
        if [len(each) for each in rows] != [1, 1]:
            return None
        pairs.append((rows[0][0], rows[1][0]))
    return pairs


def capacity_cells(world: World, table: dict[str, Any], columns: list[str]) -> list[list[Expected]]:
    """Networks by their labels: those of rows from their layers, those only named from the label."""
    return [_capacity_line(world, line, columns) for line in table["lines"]]


def weighted(world: World, name: str) -> tuple[list[Row], list[tuple[int, int, tuple[int, ...], int]]]:
    """The rows with a network's label, and of its layers with weights: weights, biases, kernel, all together."""
    short, _, size = name.partition(", ")
    rows = [row for row in world.done if short in (sizes.label(row.runs[0]), sizes.label(row.runs[0], True))]
    if size:
        count = int("".join(letter for letter in size if letter.isdigit()))
        rows = [row for row in rows if sizes.total(row.runs[0]) == count]
    if rows:
        layers = sizes.parts(rows[0].runs[0])
        return rows, [(part.weights, part.biases, part.kernel, part.total) for part in layers if part.kernel]
    if re.fullmatch("\\d+(\u2013\\d+)+", name):
        ends = [int(part) for part in name.split("\u2013")]
        return rows, [(a * b, b, (a, b), a * b + b) for a, b in itertools.pairwise(ends)]
    return rows, []


def _capacity_line(world: World, line: dict[str, Any], columns: list[str]) -> list[Expected]:
    if line["style"] == "group":
        return [Skip("a heading between lines")]
    name = line["cells"][0]["text"]
    rows, counts = weighted(world, name)
    if not counts:
        return [Skip("a network whose label is that of no row")] * len(columns)
    dense = [kernel[1] for _, _, kernel, _ in counts[:-1] if len(kernel) == 2]
    filters = [kernel[3] for _, _, kernel, _ in counts if len(kernel) == 4]
    whole = sum(total for *_, total in counts)
    by_column: dict[str, Expected] = {
        "Network": Text(name),
        "Weighted layers": Num(len(counts)),
        "Units, widest": Num(max(dense, default=None)),
        "Filters, most": Num(max(filters, default=None)),
        "Weights": Num(sum(each[0] for each in counts)),
        "Biases": Num(sum(each[1] for each in counts)),
        "Total": Num(whole),
        "Its share, %": percent(max(total for *_, total in counts) / whole, 1),
        "Trained by": Several("(\\d+)\u00a0rows?", (Num(len(rows)),)) if rows else Text("only named"),
    }
    largest = max(counts, key=lambda each: each[3])[2]
    kind = "Dense" if len(largest) == 2 else "Convolution"
    by_column["Largest layer"] = Text(f"{kind}, {_spaced(SIGN.join(map(str, largest)))}")
    return [by_column[column] for column in columns]


def networks_cells(world: World, table: dict[str, Any], columns: list[str]) -> list[list[Expected]]:
    """Networks without a table of layers: each counted from the layers of a row with its label."""
    found: list[list[Expected]] = []
    for line in table["lines"]:
        name = line["cells"][0]["text"]
        rows, _ = weighted(world, name)
        if not rows:
            found.append([Text("no row has this network")] * len(columns))
            continue
        layers = sizes.parts(rows[0].runs[0])
        by_column: dict[str, Expected] = {
            "Network": Text(name),
            "Counted in": Skip("a heading"),
            "Used by": Several("(\\d+)\u00a0rows?", (Num(len(rows)),)),
            "Trainable": Num(sum(part.weights + part.biases for part in layers)),
            "Memory, MB": Num(sizes.BYTES * sum(part.total for part in layers) / 1e6, 2),
            "Weights": Num(sum(part.weights for part in layers)),
            "Biases": Num(sum(part.biases for part in layers)),
            "Non-trainable": Num(sum(part.non_trainable for part in layers)),
            "Total": Num(sum(part.total for part in layers)),
            "Multiply-adds": Num(sizes.work(rows[0].runs[0])),
        }
        found.append([by_column[column] for column in columns])
    return found


def settings_cells(world: World, table: dict[str, Any], columns: list[str]) -> list[list[Expected]]:
    """Of the settings, those that a run's curves or items decide."""
    row = world.rows[table["id"].removeprefix("settings-")]
    found = []
    for line in table["lines"]:
        name, wanted = line["cells"][0]["text"], Skip("a setting of the authors, or a time")
        made: dict[str, list[int]] = {
            "Best epoch by loss": [run.best_by_loss for run in row.runs],
            "Best epoch by accuracy": [run.best_by_accuracy for run in row.runs],
        }
        cell: Expected = wanted
        if name in made:
            cell = Text(_best_epochs(row, made[name], "loss" if "loss" in name else "accuracy"))
        elif name == "Epochs" and "epochs" in row.facts["parameters"]:
            # A quick look trains less than its row says.
            quick = [run.facts["stopped"]["planned"] for run in row.runs if run.data["quick"]]
            cell = Num(int(quick[0] if quick else row.facts["parameters"]["epochs"]))
            if "(was" in line["cells"][1]["text"]:  # which row that is, results.json does not say
                cell = Several("(.+) \\(was \\d+\\)", (cell,))
        found.append([Skip("a name"), cell])
    return found


def _best_epochs(row: Row, firsts: list[int], of: str) -> str:
    """First best epochs, and where the last one is as good."""
    ends = [run.history(f"val_{of}")[[first - 1, -1]] for run, first in zip(row.runs, firsts, strict=True)]
    tied = [
        bool(a == b) and first < run.epochs for (a, b), run, first in zip(ends, row.runs, firsts, strict=True)
    ]
    also = [f" (also {run.epochs})" if one else "" for run, one in zip(row.runs, tied, strict=True)]
    each = [f"{first}{more}" for first, more in zip(firsts, also, strict=True)]
    if len(set(each)) == 1:
        return each[0]
    if len(set(also)) == 1 and tied[0]:
        return f"{', '.join(map(str, firsts))} (all also {row.runs[0].epochs})"
    return ", ".join(each)


def kinds_cells(world: World, table: dict[str, Any], columns: list[str]) -> list[list[Expected]]:
    """Of what the networks consist of, the counts."""
    sections: dict[str, list[Row]] = {}
    for row in world.done:
        sections.setdefault(row.facts["section"], []).append(row)
    groups = list(sections.values())
    start = 4 * (int(table["id"].removeprefix("kinds-")) - 1) if table["id"] != "kinds" else 0
    groups = groups[start : start + len(columns) - 1]
    found = []
    for line in table["lines"]:
        cells: list[Expected] = [Skip("a name")]
        for group in groups:
            counts = {"Parameters": [sizes.total(r.runs[0]) for r in group],
                      "Multiply-adds": [sizes.work(r.runs[0]) or 0 for r in group]}  # fmt: skip
            name = line["cells"][0]["text"]
            if name == "Rows":
                cells.append(Num(len(group)))
            elif name in counts:
                low, high = min(counts[name]), max(counts[name])
                both = Several("(.+) to (.+)", (Num(low), Num(high)))
                cells.append(Num(low) if low == high else both)
            else:
                cells.append(Skip("a setting of the authors, in words"))
        found.append(cells)
    return found


def runs_cells(world: World, table: dict[str, Any], columns: list[str]) -> list[list[Expected]]:
    """The list of runs: which there are, and their times as recorded."""
    runs = [(row, each) for row in world.rows.values() for each in row.facts["runs"]]
    found = []
    for line, (row, each) in zip(table["lines"], runs, strict=False):
        own = next((run for run in row.runs if run.key == each["key"]), None)
        by_column: dict[str, Expected] = {
            "Experiment": Text(row.title),
            "Made by": Text(each["owner"] or "this project" if own is not None else MISSING),
            "Seed": Text(str(each["seed"])),
            "Key": Text(each["key"][:12]),
        }
        if own is not None:
            by_column["Training, s"] = Num(own.seconds, None)
            by_column["Whole run, s"] = Num(float(own.facts["times"]["total"]), None)
            memory = own.facts["peak_memory"]
            by_column["Memory, MB"] = Num(memory / 10**6 if memory else None, 0)
        assert len(line["cells"]) == len(columns)
        found.append([by_column.get(column, Skip(TIME)) for column in columns])
    return found
