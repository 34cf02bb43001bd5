"""What two compared rows differ in: of several, a difference does not show which one made it."""

from __future__ import annotations

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.observations.settings import changes, display_names
from reportgen.calls.named import replaced
from reportgen.results import Result

_SHOWN = 6
"""Settings that a sentence names; of more it says how many."""


def settings_apart(one: Result, other: Result) -> tuple[str, ...]:
    """Return in words what differs: kind of experiment, parameters, how the data were prepared.

    Parameters of one kind that differ in the same way are one setting, as in the observations. What only one
    of two notebooks has belongs to the kind of experiment; within one notebook it is a setting of its own.
    """
    found = [change.name for change in changes(one, other) if change.parameter != "seed"]
    if one.row.notebook == other.row.notebook:
        own, theirs = one.row.parameters, other.row.parameters
        names, known = display_names(), own.keys() & theirs.keys()
        # What layers or an optimiser in calls take the place of is told with them.
        merged = {**own, **{name: value for name, value in theirs.items() if value or name not in own}}
        told = known | replaced(merged).keys()
        alone = (name for name in (*own, *theirs) if name not in told)
        found += [names.get(name, name) for name in alone]
    first, second = one.record, other.record
    if first is not None and second is not None:
        if first.features.kind != second.features.kind:
            found.append(language.text("features"))
        if (first.data.digest, first.data.quick) != (second.data.digest, second.data.quick):
            found.append(language.text("data"))
    return tuple(found)


def causes(one: Result, other: Result) -> str:
    """Return the sentence on what a difference does not show; empty for fewer than two settings."""
    names = settings_apart(one, other)
    if len(names) < 2:
        return ""
    listed = ", ".join(names[:_SHOWN])
    if len(names) > _SHOWN:
        listed = language.text("{names} and {n} more", names=listed, n=len(names) - _SHOWN)
    settings = language.plural("{n} setting", "{n} settings", len(names), n=len(names))
    return language.text(
        "The two experiments differ in {settings} ({names}): what causes the difference is not shown.",
        settings=numbers.together(settings),
        names=listed,
    )
