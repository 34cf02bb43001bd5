"""What shallow and deep networks of a report show about their weights, said pair by pair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportgen import language
from reportgen.analysis import counts, lists, numbers
from reportgen.analysis.capacity import Family, Network, Task

_MOST = {True: 3, False: 2}
"""Names that a sentence gives with their weights, and without; more networks are counted."""
_GROUPS, _ALIKE = 3, 3
"""Sentences on groups of deep networks, and on pairs with as many units; one that is left is said, too."""


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
    sentences += _alike([pair for pair in task.pairs if _comparable_units(*pair)])
    sentences += [_reason(task), _with_biases(task)]
    return tuple(sentence for sentence in sentences if sentence)


def heading(task: Task) -> str:
    """The task in words: ``784 values to 10 outputs``."""
    return language.text("{values} to {outputs}", **_task(task))


def _task(task: Task) -> dict[str, str]:
    return {"values": counts.values(task.values), "outputs": counts.outputs(task.outputs)}


def _one_sided(task: Task, shallow: Sequence[Network], deep: Sequence[Network]) -> str:
    """That there is nothing to compare with."""
    there = shallow or deep
    named = _named(there, "shallow" if shallow else "deep", there, sized=False)
    if shallow:
        return language.plural(
            "From {values} to {outputs} there is no deep network to set beside {networks}: nothing can be"
            " said of how its weights compare with one.",
            "From {values} to {outputs} there is no deep network to set beside {networks}: nothing can be"
            " said of how their weights compare with any.",
            len(there),
            networks=named,
            **_task(task),
        )
    return language.plural(
        "From {values} to {outputs} there is no shallow network to set beside {networks}: nothing can be"
        " said of how its weights compare with one.",
        "From {values} to {outputs} there is no shallow network to set beside {networks}: nothing can be"
        " said of how their weights compare with any.",
        len(there),
        networks=named,
        **_task(task),
    )


def _verdict(task: Task, shallow: Sequence[Network], deep: Sequence[Network]) -> str:
    """In how many pairs which family has more weights."""
    pairs = task.pairs
    for_shallow = sum(one.weights > other.weights for one, other in pairs)
    for_deep = sum(one.weights < other.weights for one, other in pairs)
    if len(pairs) == 1:
        return _single(task, for_shallow, for_deep)
    facts = _task(task) | {
        "shallow": _shallow(len(shallow)),
        "deep": _deep(len(deep)),
        "n": numbers.thousands(len(pairs)),
    }
    if for_shallow == len(pairs):
        return language.text(
            "From {values} to {outputs}, {shallow} and {deep} make {n} pairs, and in each of them the"
            " shallow network has more weights.",
            **facts,
        )
    if for_deep == len(pairs):
        return language.text(
            "From {values} to {outputs}, {shallow} and {deep} make {n} pairs, and in each of them the deep"
            " network has more weights.",
            **facts,
        )
    counted = facts | {"more": numbers.thousands(for_shallow), "fewer": numbers.thousands(for_deep)}
    equal = len(pairs) - for_shallow - for_deep
    if not equal:
        return language.text(
            "From {values} to {outputs}, {shallow} and {deep} make {n} pairs: the shallow network has more"
            " weights in {more}, the deep one in {fewer}. Neither kind has more in all of them.",
            **counted,
        )
    return language.text(
        "From {values} to {outputs}, {shallow} and {deep} make {n} pairs: the shallow network has more"
        " weights in {more}, the deep one in {fewer}, both as many in {equal}. Neither kind has more in all"
        " of them.",
        equal=numbers.thousands(equal),
        **counted,
    )


def _shallow(n: int) -> str:
    return language.plural("{n} shallow network", "{n} shallow networks", n, n=numbers.thousands(n))


def _deep(n: int) -> str:
    return language.plural("{n} deep one", "{n} deep ones", n, n=numbers.thousands(n))


def _single(task: Task, for_shallow: int, for_deep: int) -> str:
    """The one pair there is."""
    facts = _task(task)
    if for_shallow:
        return language.text("From {values} to {outputs}, the shallow network has more weights.", **facts)
    if for_deep:
        return language.text("From {values} to {outputs}, the deep network has more weights.", **facts)
    return language.text("From {values} to {outputs}, the two networks have as many weights.", **facts)


def _by_deep(shallow: Sequence[Network], deep: Sequence[Network]) -> list[str]:
    """For the deep networks the shallow ones on either side; those with the same answer together.

    Where there are many answers, the clearest, and how many networks have another.
    """
    groups: dict[tuple[int, ...], list[Network]] = {}
    for network in deep:
        groups.setdefault(tuple(_order(network.weights, one.weights) for one in shallow), []).append(network)
    order = sorted(groups, key=_clearness)
    if len(order) > _GROUPS + 1:
        order = sorted(groups, key=lambda signs: (_clearness(signs), -len(groups[signs])))[:_GROUPS]
    said = [_against(groups[signs], deep, shallow, signs) for signs in order]
    left = [network for signs, group in groups.items() if signs not in order for network in group]
    if left:
        said.append(
            language.text(
                "For {n} more of the deep ones ({span}) it depends on the shallow one: the table has their"
                " weights.",
                n=numbers.thousands(len(left)),
                span=_span(left),
            )
        )
    return said


def _clearness(signs: Sequence[int]) -> int:
    """First those above all, then those below all, then those that equal all, then those between."""
    found = set(signs)
    return next((place for place, sign in enumerate((1, -1, 0)) if found == {sign}), 3)


def _against(
    group: Sequence[Network], deep: Sequence[Network], shallow: Sequence[Network], signs: Sequence[int]
) -> str:
    """What one group of deep networks has more, as many and fewer weights than."""
    if set(signs) in ({1}, {-1}):
        said = [language.text(_FIRST[signs[0]], networks=_each(shallow))]
    else:
        said = []
        for sign in _FIRST:
            own = [one for one, found in zip(shallow, signs, strict=True) if found == sign]
            if own:
                those = _named(own, "shallow", shallow, sized=False)
                said.append(language.text((_THEN if said else _FIRST)[sign], networks=those))
    sentence = language.plural(
        "{networks} has {comparisons}.",
        "{networks} have {comparisons}.",
        len(group),
        networks=_named(group, "deep", deep),
        comparisons=language.listed(said),
    )
    return sentence[0].upper() + sentence[1:]


_FIRST = {
    1: language.message("more weights than {networks}"),
    0: language.message("as many weights as {networks}"),
    -1: language.message("fewer weights than {networks}"),
}
_THEN = {
    1: language.message("more than {networks}"),
    0: language.message("as many as {networks}"),
    -1: language.message("fewer than {networks}"),
}
"""What follows the first of several comparisons, which has named the weights."""


def _each(shallow: Sequence[Network]) -> str:
    if len(shallow) == 1:
        return _named(shallow, "shallow", shallow)
    return language.text(
        "each of the {n} shallow ones ({span})", n=numbers.thousands(len(shallow)), span=_span(shallow)
    )


def _comparable_units(one: Network, other: Network) -> bool:
    """Fully connected both, with as many hidden units, only arranged in another way."""
    return one.hidden_units == other.hidden_units and not one.filters and not other.filters


def _alike(pairs: Sequence[tuple[Network, Network]]) -> list[str]:
    """Pairs with as many hidden units; where they are many, those that differ most, and the count."""
    if len(pairs) <= _ALIKE + 1:
        return [_same_units(*pair) for pair in pairs]
    clearest = sorted(pairs, key=lambda pair: -abs(pair[0].weights - pair[1].weights))[:_ALIKE]
    more = language.text(
        "{n} more pairs have as many hidden units in one layer as in several.",
        n=numbers.thousands(len(pairs) - _ALIKE),
    )
    return [*(_same_units(*pair) for pair in clearest), more]


def _same_units(shallow: Network, deep: Network) -> str:
    return language.text(
        "{shallow} and {deep} both have {units}: in one layer they take {weights}, in {n} layers {others}.",
        shallow=language.quoted(shallow.label),
        deep=language.quoted(deep.label),
        units=counts.hidden_units(shallow.hidden_units),
        weights=counts.weights(shallow.weights),
        n=numbers.thousands(deep.depth - 1),
        others=numbers.thousands(deep.weights),
    )


def _reason(task: Task) -> str:
    """Where the weights of the largest network are."""
    if len(task.networks) < 3:
        return ""
    _, largest = _extremes(task.networks)
    return language.text(
        "The most weights are those of {network}: its largest layer ({layer}) holds {share} of its"
        " parameters.",
        network=language.quoted(largest.label),
        layer=largest.largest,
        share=numbers.share(largest.share),
    )


def _with_biases(task: Task) -> str:
    changed = sum(
        _order(one.weights, other.weights) != _order(one.total, other.total) for one, other in task.pairs
    )
    if changed:
        return language.text("Counting biases too changes the order of {pairs}.", pairs=counts.pairs(changed))
    return language.text("Counting biases too changes the order of no pair.") if len(task.pairs) > 1 else ""


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
            parts.append(_of_stem(stem, group, len(group) == len(_by_stem(every)[stem])))
    if len(parts) <= _MOST[sized]:
        return language.listed(parts)
    many = _MANY[family == "shallow", len(networks) == len(every)]
    return language.text(many, n=numbers.thousands(len(networks)), span=_span(networks))


_MANY = {
    (True, True): language.message("all {n} shallow ones ({span})"),
    (True, False): language.message("{n} of the shallow ones ({span})"),
    (False, True): language.message("all {n} deep ones ({span})"),
    (False, False): language.message("{n} of the deep ones ({span})"),
}
"""Many networks, by whether they are shallow ones and all of these."""


def _of_stem(stem: str, group: Sequence[Network], whole: bool) -> str:
    """The networks whose names share a stem, or some of them."""
    facts = {"n": numbers.thousands(len(group)), "name": language.quoted(stem), "span": _span(group)}
    if whole:
        return language.text("the {n} networks {name} ({span})", **facts)
    return language.text("{n} networks {name} ({span})", **facts)


def _by_stem(networks: Iterable[Network]) -> dict[str, list[Network]]:
    """The networks by their names but for the size of the last hidden layer: ``784–…–10``."""
    groups: dict[str, list[Network]] = {}
    for network in networks:
        start, *end = network.label.rsplit("–", 2)
        groups.setdefault(f"{start}–…–{end[-1]}" if len(end) == 2 else network.label, []).append(network)
    return groups


def _quoted(network: Network, sized: bool) -> str:
    name = language.quoted(network.label)
    return f"{name} ({numbers.thousands(network.weights)})" if sized else name


def _span(networks: Sequence[Network]) -> str:
    low, high = (numbers.thousands(network.weights) for network in _extremes(networks))
    return low if low == high else lists.between(low, high)
