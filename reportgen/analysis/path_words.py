"""What the steps of a path of stages are worth, in words."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.dimensions import called
from reportgen.analysis.tried import Tried


def steps(path: Sequence[Tried]) -> tuple[str, ...]:
    """Return what the steps of a path are worth: which of them validation tells from the one before."""
    found = [(one, one.step) for one in path]
    made = [(one, step) for one, step in found if step is not None]
    if not made:
        return _elsewhere(path)
    moved = [(one, step) for one, step in made if step.relation != "same run"]
    clear = [one for one, step in moved if step.different and step.difference > 0]
    stayed = len(made) - len(moved)
    parts = []
    if not clear:
        parts.append(
            language.plural(
                "No step of the path can be told from the one before it: the row that the {n} later stage"
                " keeps is not above the row that it began with, as far as validation shows.",
                "No step of the path can be told from the one before it: none of the rows that the {n} later"
                " stages keep is above the row that its stage began with, as far as validation shows.",
                len(made),
                n=numbers.thousands(len(made)),
            )
        )
    else:
        parts.append(
            language.plural(
                "Of {n} step, validation tells {k} from the row before it: {stages}.",
                "Of {n} steps, validation tells {k} from the row before them: {stages}.",
                len(made),
                n=numbers.thousands(len(made)),
                k=numbers.thousands(len(clear)),
                stages=language.listed([language.quoted(called(one.stage)) for one in clear]),
            )
        )
    if stayed:
        parts.append(
            language.plural(
                "{n} stage keeps the very row that it began with.",
                "{n} stages keep the very rows that they began with.",
                stayed,
                n=numbers.thousands(stayed),
            )
        )
    parts.append(
        language.text(
            "Each step is judged by itself, on the images that the choice was made on, which favours the row"
            " kept."
        )
    )
    return (" ".join(parts), *_elsewhere(path))


def _elsewhere(path: Sequence[Tried]) -> tuple[str, ...]:
    """The stages whose choice cannot be set beside what they began with."""
    stages = [language.quoted(called(one.stage)) for one in path if one.other_images]
    if not stages:
        return ()
    return (
        language.text(
            "No step is given for {stages}: what it keeps was validated on other images than what it began"
            " with, and the distance of two such scores is also that of the images.",
            stages=language.listed(stages),
        ),
    )
