"""What shallow and deep networks of a report show about their weights, said pair by pair."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.analysis import numbers
from reportgen.analysis.capacity import Network, Task


def explain_capacity(task: Task) -> tuple[str, ...]:
    """Return the sentences for the networks of one task; they hold for these networks alone.

    First the count of pairs in which either family has more weights, then for each deep network the
    shallow ones that it has more, fewer or as many weights than, then why.
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
    what = "its weights" if len(there) == 1 else "their weights"
    return (
        f"From {heading(task)} there is no {absent} network to set beside {_labels(there)}:"
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
    """For each deep network the shallow ones on either side; those with the same answer together."""
    above = [n for n in deep if all(n.weights > one.weights for one in shallow)]
    below = [n for n in deep if all(n.weights < one.weights for one in shallow)]
    sentences = [
        f"{_sized(group)} {'has' if len(group) == 1 else 'have'} {word} weights than {_each(shallow)}."
        for group, word in ((above, "more"), (below, "fewer"))
        if group
    ]
    return sentences + [_between(n, shallow) for n in deep if n not in above and n not in below]


def _each(shallow: Sequence[Network]) -> str:
    if len(shallow) == 1:
        return _sized(shallow)
    low, high = _extremes(shallow)
    return (
        f"each of the {numbers.thousands(len(shallow))} shallow ones ({numbers.thousands(low.weights)}"
        f" to {numbers.thousands(high.weights)})"
    )


def _between(network: Network, shallow: Sequence[Network]) -> str:
    groups = (
        ("more{} than", [one for one in shallow if one.weights < network.weights]),
        ("as many{} as", [one for one in shallow if one.weights == network.weights]),
        ("fewer{} than", [one for one in shallow if one.weights > network.weights]),
    )
    parts = [(word, _labels(group)) for word, group in groups if group]
    said = [f"{word.format('' if place else ' weights')} {own}" for place, (word, own) in enumerate(parts)]
    return f"{_sized([network])} has {_and(said)}."


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


def _sized(networks: Sequence[Network]) -> str:
    return _and([f"“{network.label}” ({numbers.thousands(network.weights)})" for network in networks])


def _labels(networks: Sequence[Network]) -> str:
    return _and([f"“{network.label}”" for network in networks])


def _and(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
