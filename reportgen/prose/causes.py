"""What two compared rows differ in: of several settings, a difference does not show which one made it."""

from __future__ import annotations

from reportgen import language
from reportgen.analysis import numbers
from reportgen.results import Result

_SHOWN = 6
"""Settings that a sentence names; of more it says how many."""
_ABSENT = object()


def settings_apart(one: Result, other: Result) -> tuple[str, ...]:
    """Return what differs between two rows: the notebook, parameters by name, how the data were prepared.

    Names of parameters are those of the notebooks; the others are in English, to be translated in print.

    A parameter that only one of the notebooks has differs too.
    """
    found = [language.message("notebook")] if one.row.notebook != other.row.notebook else []
    ours, theirs = one.row.parameters, other.row.parameters
    found += [
        name for name in dict.fromkeys((*ours, *theirs))
        if ours.get(name, _ABSENT) != theirs.get(name, _ABSENT)
    ]  # fmt: skip
    first, second = one.record, other.record
    if first is not None and second is not None:
        if first.features.kind != second.features.kind:
            found.append(language.message("features"))
        if (first.data.digest, first.data.quick) != (second.data.digest, second.data.quick):
            found.append(language.message("data"))
    return tuple(found)


def causes(one: Result, other: Result) -> str:
    """Return the sentence on what a difference does not show; empty for fewer than two settings."""
    names = settings_apart(one, other)
    if len(names) < 2:
        return ""
    own = one.row.parameters.keys() | other.row.parameters.keys()
    listed = ", ".join(name if name in own else language.text(name) for name in names[:_SHOWN])
    if len(names) > _SHOWN:
        listed = language.text("{names} and {n} more", names=listed, n=len(names) - _SHOWN)
    settings = language.plural("{n} setting", "{n} settings", len(names), n=len(names))
    return language.text(
        "The two rows differ in {settings} ({names}): what causes the difference is not shown.",
        settings=numbers.together(settings),
        names=listed,
    )
