"""Sentences on capacity: shallow and deep networks of one task, counted pair by pair."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from tests.independent.phrases import NUMBER, PERCENT, N, flexible
from tests.independent.row_tables import weighted
from tests.independent.tally import Num, Tally
from tests.independent.world import World, percent

PLACE, COLUMN = "said", "section-capacity"


class Network(NamedTuple):
    """A line of the table of capacities, its counts our own."""

    name: str
    deep: bool
    weights: int
    total: int
    largest: float
    units: int
    depth: int


def _tasks(world: World, content: dict[str, Any]) -> dict[tuple[str, str], list[Network]]:
    """The networks by the numbers of values and outputs of their task."""
    found: dict[tuple[str, str], list[Network]] = {}
    task = ("", "")
    for table in content["tables"]:
        for line in table["lines"] if table["id"].partition("-")[0] == "capacity" else ():
            text = line["cells"][0]["text"]
            if line["style"] == "group":
                numbers = [each.strip("\u00a0") for each in re.findall(NUMBER, text)]
                task = (numbers[0], numbers[1])
                continue
            _, counts = weighted(world, text)
            whole, hidden = sum(each[3] for each in counts), counts[:-1]
            units = sum(kernel[-1] for *_, kernel, _ in hidden)
            found.setdefault(task, []).append(Network(
                text, len(counts) > 2, sum(each[0] for each in counts), whole,
                max(each[3] for each in counts) / whole, units, len(counts)))  # fmt: skip
    return found


def check_capacity(tally: Tally, world: World, content: dict[str, Any], text: str) -> None:
    """Compare a sentence on capacity; what no pattern knows is counted."""
    covered: list[tuple[int, int]] = []

    def see(match: re.Match[str], *wanted: Num) -> None:
        for group, number in enumerate(wanted, 1):
            tally.see(PLACE, COLUMN, text[:40], match[group], number)
            covered.append(match.span(group))

    tasks = _tasks(world, content)
    every = [network for networks in tasks.values() for network in networks]
    by_name = {network.name: network for network in every}
    for match in re.finditer(flexible(f"\u201c([^\u201d]+)\u201d \\({N}\\)"), text):
        if match[1] in by_name:
            tally.see(PLACE, COLUMN, match[1], match[2], Num(by_name[match[1]].weights))
            covered.append(match.span(2))
    _heading(see, tasks, text)
    _families(see, tasks, text)
    _others(see, by_name, tasks, text)
    bare = re.sub("\u201c[^\u201d]*\u201d|\\([A-Z][^)]*\\)", lambda m: " " * len(m[0]), text)
    rest = [m for m in re.finditer(NUMBER, bare) if not any(a <= m.start() < b for a, b in covered)]
    if rest:
        tally.skip(PLACE, COLUMN, "numbers of a sentence that no pattern knows", len(rest))


def _heading(see: Any, tasks: dict[tuple[str, str], list[Network]], text: str) -> None:
    """Which pairs there are, and who has more in how many."""
    for task, networks in tasks.items():
        start = f"From ({re.escape(task[0])}) values? to ({re.escape(task[1])}) outputs?,"
        match = re.search(flexible(start), text)
        if match is None:
            continue
        ends = [Num(int(part.replace("\u00a0", ""))) for part in task]
        see(match, *ends)
        shallow = [each for each in networks if not each.deep]
        deep = [each for each in networks if each.deep]
        more = sum(a.weights > b.weights for a in shallow for b in deep)
        less = sum(a.weights < b.weights for a in shallow for b in deep)
        pairs = re.search(flexible(f"{N} shallow networks? and {N} deep ones? make {N} pairs"), text)
        if pairs:
            see(pairs, Num(len(shallow)), Num(len(deep)), Num(len(shallow) * len(deep)))
        counts = re.search(flexible(f"shallow network has more weights in {N}, the deep one in {N}"), text)
        if counts:
            see(counts, Num(more), Num(less))
        elif pairs:
            who = more if "the shallow network has more weights" in text else less
            see(pairs, Num(len(shallow)), Num(len(deep)), Num(who))


def _families(see: Any, tasks: dict[tuple[str, str], list[Network]], text: str) -> None:
    """Counts and spans of the shallow networks that a deep one has more or fewer weights than."""
    task = next((networks for networks in tasks.values()
                 if any(f"\u201c{each.name}\u201d" in text for each in networks)), None)  # fmt: skip
    stem = re.search(
        flexible(f"the {N} networks \u201c([^\u201d]+)\u201d \\({N} to {N}\\)"), text, re.IGNORECASE
    )
    if stem:
        start, _, end = stem[2].partition("\u2026")
        task, own = next((networks, chosen) for networks in tasks.values() if len(chosen := [
            each for each in networks if each.name.startswith(start) and each.name.endswith(end)]) > 1)  # fmt: skip
        sizes = [each.weights for each in own]
        see(re.compile(flexible(f"{N} networks \u201c[^\u201d]+\u201d \\({N} to {N}\\)")).search(text), Num(len(own)),
            Num(min(sizes)), Num(max(sizes)))  # fmt: skip
    if task is None:
        return
    shallow = [each.weights for each in task if not each.deep]
    match = re.search(flexible(f"each of the {N} shallow ones \\({N} to {N}\\)"), text)
    if match:
        see(match, Num(len(shallow)), Num(min(shallow)), Num(max(shallow)))
    match = re.search(flexible(f"(more|fewer) weights than {N} of the shallow ones \\({N} to {N}\\)"), text)
    first = re.match("\u201c([^\u201d]+)\u201d", text)
    if match and first:
        own_size = next(each.weights for each in task if each.name == first[1])
        side = [each for each in shallow if (each < own_size) == (match[1] == "more")]
        again = re.compile(flexible(f"weights than {N} of the shallow ones \\({N} to {N}\\)")).search(text)
        see(again, Num(len(side)), Num(min(side)), Num(max(side)))


def _others(
    see: Any, by_name: dict[str, Network], tasks: dict[tuple[str, str], list[Network]], text: str
) -> None:
    """The largest layer of the largest network, the order with biases, and networks of as many units."""
    match = re.search(
        flexible(f"those of \u201c([^\u201d]+)\u201d: its largest layer .*? holds {PERCENT}"), text
    )
    if match:
        own = by_name[match[1]]
        task = next(each for each in tasks.values() if own in each)
        share = own.largest if own.weights == max(each.weights for each in task) else None
        see(re.compile(flexible(f"holds {PERCENT} of its")).search(text), percent(share, 1))
    changed = re.search(flexible(f"changes the order of {N} pairs?"), text)
    if changed:
        see(changed, Num(max(_changed(each) for each in tasks.values())))
    alike = re.search(
        flexible(f"both have {N} hidden units?: in one layer they take {N} weights, in {N} layers {N}"), text
    )
    names = re.findall("\u201c([^\u201d]+)\u201d", text)
    if alike and len(names) == 2:
        shallow, deep = (by_name[name] for name in names)
        units = shallow.units if shallow.units == deep.units else None
        see(alike, Num(units), Num(shallow.weights), Num(deep.depth - 1), Num(deep.weights))


def _changed(networks: list[Network]) -> int:
    """Pairs of a shallow and a deep network whose order changes where biases count too."""
    pairs = [(a, b) for a in networks for b in networks if not a.deep and b.deep]

    def sign(one: int, other: int) -> int:
        return (one > other) - (one < other)

    return sum(sign(a.weights, b.weights) != sign(a.total, b.total) for a, b in pairs)
