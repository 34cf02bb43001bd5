"""What shallow and deep networks of a report show about their weights, said pair by pair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.capacity import Family, Network, Task

_MOST = {True: 3, False: 2}
"""Names that a sentence gives with their weights, and without; more networks are counted."""


def explain_capacity(task: Task) -> tuple[str, ...]:
    """Return the sentences for the networks of one task; they hold for these networks alone.

    First the count of pairs in which either family has more weights, then for the deep networks the
    shallow ones that they have more, fewer or as many weights than, then why. Networks that share what is
    said of them stand in one sentence; where they are many, by what their names share, or as a count.
    """
    shallow, deep = task.family("shallow"), task.family("deep")
    if not shallow or not deep:
        return (_one_sided(task, shallow, deep),) if shallow or deep else ()
    sentences = [_verdict(task, shallow, deep), *_by_deep(shallow, deep)]
    sentences += [_same_units(one, other) for one, other in task.pairs if _comparable_units(one, other)]
    sentences += [_reason(task), _with_biases(task)]
    return tuple(sentence for sentence in sentences if sentence)


def heading(task: Task) -> str:
    """The task in words: ``784 values to 10 outputs``."""
    return f"{numbers.counted(task.values, 'value')} to {numbers.counted(task.outputs, 'output')}"


def _one_sided(task: Task, shallow: Sequence[Network], deep: Sequence[Network]) -> str:
    there, absent = (shallow, "deep") if shallow else (deep, "shallow")
    named = _named(there, "shallow" if shallow else "deep", there, sized=False)
    what = "its weights" if len(there) == 1 else "their weights"
    return (
        f"From {heading(task)} there is no {absent} network to set beside {named}:"
        f" nothing can be said of how {what} compare with {'one' if len(there) == 1 else 'any'}."
    )


def _verdict(task: Task, shallow: Sequence[Network], deep: Sequence[Network]) -> str:
    pairs = task.pairs
    for_shallow = sum(one.weights > other.weights for one, other in pairs)
    for_deep = sum(one.weights < other.weights for one, other in pairs)
    equal = len(pairs) - for_shallow - for_deep
    if len(pairs) == 1:
        return f"From {heading(task)}, the {_single(for_shallow, for_deep)}."
    start = (
        f"From {heading(task)}, {numbers.counted(len(shallow), 'shallow network')} and"
        f" {numbers.counted(len(deep), 'deep one')} make {numbers.thousands(len(pairs))} pairs"
    )
    if len(pairs) in (for_shallow, for_deep):
        who = "shallow" if for_shallow else "deep"
        return f"{start}, and in each of them the {who} network has more weights."
    tie = f", both as many in {numbers.thousands(equal)}" if equal else ""
    return (
        f"{start}: the shallow network has more weights in {numbers.thousands(for_shallow)},"
        f" the deep one in {numbers.thousands(for_deep)}{tie}. Neither kind has more in all of them."
    )


def _single(for_shallow: int, for_deep: int) -> str:
    if for_shallow:
        return "shallow network has more weights"
    return "deep network has more weights" if for_deep else "two networks have as many weights"


def _by_deep(shallow: Sequence[Network], deep: Sequence[Network]) -> list[str]:
    """For the deep networks the shallow ones on either side; those with the same answer together."""
    groups: dict[tuple[int, ...], list[Network]] = {}
    for network in deep:
        groups.setdefault(tuple(_order(network.weights, one.weights) for one in shallow), []).append(network)
    # First those above all, then those below all, then those between.
    order = sorted(groups, key=lambda signs: (set(signs) != {1}, set(signs) != {-1}))
    return [_against(groups[signs], deep, shallow, signs) for signs in order]


def _against(
    group: Sequence[Network], deep: Sequence[Network], shallow: Sequence[Network], signs: Sequence[int]
) -> str:
    """What one group of deep networks has more, as many and fewer weights than."""
    start = f"{_named(group, 'deep', deep)} {'has' if len(group) == 1 else 'have'}"
    start = start[0].upper() + start[1:]
    if set(signs) in ({1}, {-1}):
        return f"{start} {'more' if signs[0] == 1 else 'fewer'} weights than {_each(shallow)}."
    said: list[str] = []
    for sign, word in ((1, "more{} than"), (0, "as many{} as"), (-1, "fewer{} than")):
        own = [one for one, found in zip(shallow, signs, strict=True) if found == sign]
        if own:
            those = _named(own, "shallow", shallow, sized=False)
            said.append(f"{word.format('' if said else ' weights')} {those}")
    return f"{start} {language.listed(said)}."


def _each(shallow: Sequence[Network]) -> str:
    if len(shallow) == 1:
        return _named(shallow, "shallow", shallow)
    return f"each of the {numbers.thousands(len(shallow))} shallow ones ({_span(shallow)})"


def _comparable_units(one: Network, other: Network) -> bool:
    """Fully connected both, with as many hidden units, only arranged in another way."""
    return one.hidden_units == other.hidden_units and not one.filters and not other.filters


def _same_units(shallow: Network, deep: Network) -> str:
    return (
        f"“{shallow.label}” and “{deep.label}” both have"
        f" {numbers.counted(shallow.hidden_units, 'hidden unit')}: in one layer they take"
        f" {numbers.counted(shallow.weights, 'weight')}, in {numbers.thousands(deep.depth - 1)} layers"
        f" {numbers.thousands(deep.weights)}."
    )


def _reason(task: Task) -> str:
    """Where the weights of the largest network are."""
    if len(task.networks) < 3:
        return ""
    _, largest = _extremes(task.networks)
    return (
        f"The most weights are those of “{largest.label}”: its largest layer ({largest.largest}) holds"
        f" {numbers.share(largest.share)} of its parameters."
    )


def _with_biases(task: Task) -> str:
    changed = sum(
        _order(one.weights, other.weights) != _order(one.total, other.total) for one, other in task.pairs
    )
    if not changed:
        return "Counting biases too changes the order of no pair." if len(task.pairs) > 1 else ""
    return f"Counting biases too changes the order of {numbers.counted(changed, 'pair')}."


def _order(one: int, other: int) -> int:
    return (one > other) - (one < other)


def _extremes(networks: Sequence[Network]) -> tuple[Network, Network]:
    return min(networks, key=lambda n: n.weights), max(networks, key=lambda n: n.weights)


def _named(networks: Sequence[Network], family: Family, every: Sequence[Network], sized: bool = True) -> str:
    """Some of a family's networks by their names, each with its weights where `sized`.

    Where they are many: by what their names have in common, else as a count, with the span of weights.
    """
    if len(networks) <= _MOST[sized]:
        return language.listed([_quoted(network, sized) for network in networks])
    parts: list[str] = []
    for stem, group in _by_stem(networks).items():
        if len(group) < 3:
            parts += [_quoted(network, sized) for network in group]
        else:
            which = "the " if len(group) == len(_by_stem(every)[stem]) else ""
            parts.append(f"{which}{numbers.thousands(len(group))} networks “{stem}” ({_span(group)})")
    if len(parts) <= _MOST[sized]:
        return language.listed(parts)
    count = numbers.thousands(len(networks))
    which = f"all {count} {family} ones" if len(networks) == len(every) else f"{count} of the {family} ones"
    return f"{which} ({_span(networks)})"


def _by_stem(networks: Iterable[Network]) -> dict[str, list[Network]]:
    """The networks by their names but for the size of the last hidden layer: ``784–…–10``."""
    groups: dict[str, list[Network]] = {}
    for network in networks:
        start, *end = network.label.rsplit("–", 2)
        groups.setdefault(f"{start}–…–{end[-1]}" if len(end) == 2 else network.label, []).append(network)
    return groups


def _quoted(network: Network, sized: bool) -> str:
    return f"“{network.label}”" + (f" ({numbers.thousands(network.weights)})" if sized else "")


def _span(networks: Sequence[Network]) -> str:
    low, high = (numbers.thousands(network.weights) for network in _extremes(networks))
    return low if low == high else f"{low} to {high}"
