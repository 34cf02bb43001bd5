"""Numbers that stand on the page alone: why a network is as large as it is, and how figures agree."""

from __future__ import annotations

import re
from typing import Any

from tests.independent import sizes
from tests.independent.formulas import holm, newcombe, two_proportions
from tests.independent.phrases import PERCENT, N
from tests.independent.runs import Run
from tests.independent.tally import Num, Tally
from tests.independent.world import World, known, percent

PLACE = "sentences of the page"


def check_page_sentences(tally: Tally, world: World, content: dict[str, Any], text: str) -> None:
    """Compare the sentences about sizes, one for each complexity table, and those about published figures."""
    names = [
        t["id"].removeprefix("complexity-") for t in content["tables"] if t["id"].startswith("complexity-")
    ]
    runs = [world.rows[name].runs[0] for name in names]
    _each(tally, text, f"holds? {N} of the {N} parameters \\({PERCENT}\\)", [_largest(run) for run in runs])
    _each(tally, text, f"One prediction takes {N} multiply-adds", [[Num(sizes.work(run))] for run in runs])
    hog = [run for run in runs if run.facts["features"]["kind"] == "hog"]
    _each(tally, text, f"Computing the {N}[ \u00a0]HOG[ \u00a0]values takes {N} of them",
          [[Num(sizes.hog_length(run)), Num(sizes.feature_work(run))] for run in hog])  # fmt: skip
    if world.source:
        _agreement(tally, world, text)


def _largest(run: Run) -> list[Num]:
    """Parameters of the largest layer, of all, and the share."""
    most, whole = max(part.total for part in sizes.parts(run)), sizes.total(run)
    return [Num(most), Num(whole), percent(most / whole, 1)]


def _each(tally: Tally, text: str, pattern: str, wanted: list[list[Num]]) -> None:
    """Compare the matches of a pattern, in the page's order."""
    found, column = list(re.finditer(pattern, text)), re.sub("[^a-zA-Z -]+", "#", pattern.replace(N, "#"))
    tally.hold(
        PLACE, column, "how many", "" if len(found) == len(wanted) else f"{len(found)}, not {len(wanted)}"
    )
    for match, numbers in zip(found, wanted, strict=False):
        for printed, number in zip(match.groups(), numbers, strict=True):
            tally.see(PLACE, column, match[0][:60], printed, number)


def _agreement(tally: Tally, world: World, text: str) -> None:
    """How many published accuracies can be told from ours: by Holm's correction, or by our interval alone."""
    if any(row.runs[0].data["quick"] for row in world.done):  # no figure of a quick run is set beside another
        return
    items = world.source.get("published", {}).get("test_items")
    given = [(row, theirs) for row in world.done
             if (theirs := world.published(row.id).get("test_accuracy")) is not None]  # fmt: skip
    if not items:
        alike = [
            known(row, "test_accuracy").low <= theirs <= known(row, "test_accuracy").high
            for row, theirs in given
        ]
        _counts(tally, text, "as exact: (\\d+) of (\\d+) published", sum(alike), len(given))
        return
    ends, chances = [], []
    for row, theirs in given:
        own = row.runs[0].items("test")
        both = (known(row, "test_accuracy").mean * own, own, theirs * items, items)
        ends.append(newcombe(*both))
        chances.append(two_proportions(*both))
    told = [p < 0.005 for p in holm(chances)]
    _counts(tally, text, "(\\d+) of (\\d+) published accuracies can be told from ours", sum(told), len(given))
    more = sum((low > 0 or high < 0) and not one for (low, high), one in zip(ends, told, strict=True))
    _each(tally, text, f"95[ \u00a0]% intervals? of {N} more leaves? out zero", [[Num(more)]] if more else [])


def _counts(tally: Tally, text: str, pattern: str, some: int, all_of: int) -> None:
    match = re.search(pattern, text)
    if all_of < 2 and match is None:
        return
    for text_of, number in zip(match.groups() if match else ("", ""), (some, all_of), strict=True):
        tally.see(PLACE, "published told", "agreement", text_of, Num(number))
