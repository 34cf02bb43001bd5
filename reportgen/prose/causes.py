"""What two compared rows differ in: of several settings, a difference does not show which one made it."""

from __future__ import annotations

from reportgen.language import NO_BREAK_SPACE
from reportgen.results import Result

_SHOWN = 6
"""Settings that a sentence names; of more it says how many."""
_ABSENT = object()


def settings_apart(one: Result, other: Result) -> tuple[str, ...]:
    """Return what differs between two rows: the notebook, parameters by name, how the data were prepared.

    A parameter that only one of the notebooks has differs too.
    """
    found = ["notebook"] if one.row.notebook != other.row.notebook else []
    ours, theirs = one.row.parameters, other.row.parameters
    found += [
        name for name in dict.fromkeys((*ours, *theirs))
        if ours.get(name, _ABSENT) != theirs.get(name, _ABSENT)
    ]  # fmt: skip
    first, second = one.record, other.record
    if first is not None and second is not None:
        if first.features.kind != second.features.kind:
            found.append("features")
        if (first.data.digest, first.data.quick) != (second.data.digest, second.data.quick):
            found.append("data")
    return tuple(found)


def causes(one: Result, other: Result) -> str:
    """Return the sentence on what a difference does not show; empty for fewer than two settings."""
    names = settings_apart(one, other)
    if len(names) < 2:
        return ""
    listed = ", ".join(names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    count = f"{len(names)}{NO_BREAK_SPACE}settings"
    return f"The two rows differ in {count} ({listed}{more}): what causes the difference is not shown."
