"""What stands below the learning curves of one row: what lines and marks are, and how the training went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from reportgen import language
from reportgen.analysis import lists, numbers, rates, words
from reportgen.figures.curve_marks import penalised, tested_early
from reportgen.figures.rate_panel import dead_from, short, varying
from reportgen.figures.seeds import bundle, seeds
from reportgen.records import Record
from reportgen.results import Result


@dataclass(frozen=True)
class Begun:
    """Where a training began that goes on from another one.

    Parameters
    ----------
    title : str
        Of the row that it goes on from.
    epochs : tuple of int
        The epoch whose weights it took, for each run.
    """

    title: str
    epochs: tuple[int, ...]


def notes_below(result: Result, begun: Begun | None) -> str:
    """Everything that is said below the panels."""
    return " ".join(said for said in (range_note(result), *told(result, begun)) if said)


def range_note(result: Result) -> str:
    """What lines and bands are where there are several runs, and until where all of them ran."""
    records = result.records
    if len(records) < 2:
        return ""
    if len(records) > 2:
        parts = [language.text("Lines: means of {seeds}; bands: lowest to highest.", seeds=seeds(result))]
    else:
        parts = [language.text("Lines: means of {seeds}; thin lines: each seed.", seeds=seeds(result))]
    together, longest = min(r.epochs for r in records), max(r.epochs for r in records)
    until = numbers.thousands(together)
    if together < longest and len(records) == 2:
        parts.append(language.text("Both ran until epoch {epoch}, where the means end.", epoch=until))
    elif together < longest:
        parts.append(
            language.text(
                "All ran until epoch {epoch}, where the means end; after it each seed has a thin line.",
                epoch=until,
            )
        )
    if any(np.isnan(bundle(records, name).mean).any() for name in ("loss", "val_loss")):
        parts.append(language.text("Where a seed has no finite loss there is no mean."))
    return " ".join(parts)


def told(result: Result, begun: Begun | None) -> Iterator[str]:
    """Yield what is said of a training beside its curves: its start, its end, its marks."""
    records = result.records
    if begun is not None and begun.epochs:
        yield _begun(begun)
    yield from _ended(records)
    yield from _tested(records)
    if penalised(records):
        yield _penalty(records)
    if dead_from(records) is not None:
        limit = short(rates.DEAD_RATE)
        yield language.text("Shaded: with rates below {limit} a step is lost in rounding.", limit=limit)


def _begun(begun: Begun) -> str:
    low, high = min(begun.epochs), max(begun.epochs)
    title = language.quoted(begun.title)
    if low == high:
        return language.text(
            "Epoch 1 goes on from epoch {epoch} of {title}.", epoch=numbers.thousands(low), title=title
        )
    return language.text(
        "Epoch 1 goes on from epochs {epochs} of {title}.",
        epochs=lists.between(numbers.thousands(low), numbers.thousands(high)),
        title=title,
    )


def _ended(records: Sequence[Record]) -> Iterator[str]:
    """Which callback ended a training sooner than it was to last."""
    early = [record for record in records if record.stopped is not None and record.stopped.by]
    if not early:
        return
    ends = [record.stopped for record in early if record.stopped is not None]
    planned = numbers.thousands(max(end.planned for end in ends))
    by = language.listed(list(dict.fromkeys(end.by for end in ends)))
    if len(records) == 1:
        yield language.text(
            "{callback} ended it after {epochs} of {planned} epochs.",
            callback=by,
            epochs=numbers.thousands(early[0].epochs),
            planned=planned,
        )
        return
    yield language.text(
        "{callback} ended {n} of {runs} trainings before epoch {planned}.",
        callback=by,
        n=numbers.thousands(len(early)),
        runs=numbers.thousands(len(records)),
        planned=planned,
    )


def _tested(records: Sequence[Record]) -> Iterator[str]:
    """What the triangles are."""
    found = tested_early(records)
    if not found:
        return
    if len(records) == 1:
        yield language.text(
            "Triangles: epoch {epoch}, whose weights are tested.", epoch=numbers.thousands(found[0])
        )
    else:
        yield language.text("Triangles: the epochs whose weights are tested, where they are not the last.")


def _penalty(records: Sequence[Record]) -> str:
    """That the curves have a penalty in them, and what the loss of the tested weights is without it."""
    held = words.held_out(records[0])
    value = numbers.loss(fmean(record.error_loss("validation") for record in records))
    if len(records) == 1:
        return language.text(
            "The curves of the loss have a penalty in them; cross: the {held} loss of the tested weights"
            " without it, {value}.",
            held=held,
            value=value,
        )
    return language.text(
        "The curves of the loss have a penalty in them; crosses: the {held} losses of the tested weights"
        " without it, {value} on average.",
        held=held,
        value=value,
    )


def rate_sentence(records: Sequence[Record]) -> str:
    """What the learning rate did, for the alternative text; empty where it stayed as it was."""
    if not varying(records):
        return ""
    found = [values for record in records if (values := rates.rates(record)) is not None]
    first, last = found[0][0], found[0][-1]
    said = language.text(
        "The learning rate starts at {first} and ends at {last}.",
        first=short(float(first)),
        last=short(float(last)),
    )
    if len(records) > 1:
        said = language.text(
            "The learning rate of the first seed starts at {first} and ends at {last}.",
            first=short(float(first)),
            last=short(float(last)),
        )
    lowered = rates.reductions(records[0])
    if lowered and len(records) == 1:
        epochs = lists.series([numbers.thousands(change.epoch) for change in lowered])
        said += " " + language.plural(
            "A callback lowered it before epoch {epochs}.",
            "A callback lowered it before epochs {epochs}.",
            len(lowered),
            epochs=epochs,
        )
    dead = dead_from(records)
    if dead is not None:
        said += " " + language.text("It is dead from epoch {epoch} on.", epoch=numbers.thousands(dead))
    return said
