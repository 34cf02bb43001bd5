"""The chapter on the data: classes, counts, one image of each class, and how pixels became inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from reportgen import language
from reportgen.analysis import numbers, words
from reportgen.analysis.metrics import by_data_set
from reportgen.datasets.dataset import Found, Picture
from reportgen.records import DataFacts, Features, Record
from reportgen.report import notices, own_data
from reportgen.report.context import Context
from reportgen.report.division import balance_sentences, split_sentences
from reportgen.report.parts import Notice, NumberedFigure, NumberedTable, Place
from reportgen.results import Result
from reportgen.tables.data import class_counts_table

IN_COLUMNS = 16
"""Classes from which the table of counts is set in columns."""

Run = tuple[Result, Record]


@dataclass(frozen=True)
class DataPart:
    """A data set: what the program says of it, an image of each class, the counts.

    Parameters
    ----------
    place : Place
    notices : tuple of Notice
    sentences : tuple of str
    figure : NumberedFigure or None
        None where the images are not at hand; a sentence then says so.
    table : NumberedTable
    columns : bool
        True where the table is long and narrow, so that paper sets it in columns.
    note : Markup or None
        What the authors say of a data set of their own.
    """

    place: Place
    notices: tuple[Notice, ...]
    sentences: tuple[str, ...]
    figure: NumberedFigure | None
    table: NumberedTable
    columns: bool
    note: Markup | None = None


def data_parts(results: Sequence[Result], chapter: Place, context: Context) -> tuple[DataPart, ...]:
    """Return a part for every data set that a run of the report saw."""
    found = []
    for number, group in enumerate(by_data_set(results).values(), 1):
        rows = tuple(result for result, _ in group)
        runs = [(result, record) for result in rows for record in result.records]
        place = Place(
            f"{chapter.number}.{number}",
            words.data_set(runs[0][1].data.name),
            f"{chapter.anchor}:{number}",
            notices.footer(rows, context.quick),
        )
        found.append(_part(runs, rows, place, context, number))
    return tuple(found)


def _part(
    runs: Sequence[Run], rows: Sequence[Result], place: Place, context: Context, number: int
) -> DataPart:
    facts = runs[0][1].data
    shown = first_of_each_class(facts, context)
    figure = None
    if shown:
        caption = language.text(
            "The first training image of each class, in the order of the files of {data}.", data=place.title
        )
        figure = context.numbering.figure(caption, context.draw("class_samples", rows, shown))
    table = context.numbering.table(class_counts_table(runs), "small tight counts")
    found = _found(facts, context)
    said = [
        *_origin(runs, found),
        *_own(found, facts, context),
        *_inputs(runs),
        " ".join((*_quick_part(runs, found, context), *split_sentences(runs))),
        *balance_sentences(facts),
    ]
    if not shown:
        said.append(
            language.text(
                "The images of {data} are not at hand, so that none is shown here.", data=place.title
            )
        )
    on_test = notices.of_results(rows, context.quick)
    if number > 1:
        # Once in a chapter is enough.
        on_test = tuple(notice for notice in on_test if notice != notices.quick_run())
    own = context.experiments.file.dataset.get(facts.name)
    note = context.prose(own.note, 3, "") if own is not None else None
    columns = len(facts.class_names) >= IN_COLUMNS
    return DataPart(place, on_test, tuple(said), figure, table, columns, note)


def _found(facts: DataFacts, context: Context) -> Found | None:
    """What this build found of the data that runs saw; None where they saw another version of them."""
    return next((found for found in context.data if found.digest == facts.digest), None)


def _own(found: Found | None, facts: DataFacts, context: Context) -> Iterator[str]:
    """Of data of the user's own how they were divided and checked; of any at hand what occurs twice."""
    own = found.own if found is not None else None
    if found is None or own is None:
        same = context.images.duplicates(facts.digest)
        if same is not None:
            yield own_data.duplicates(same)
        return
    aside = found.unlabelled.items if found.unlabelled is not None else 0
    yield own_data.division(own, aside)
    table = context.experiments.file.dataset.get(facts.name)
    checked = [*own_data.checks(own, table, facts)] if table is not None else []
    yield " ".join([*checked, own_data.duplicates(own.duplicates)])
    said = [text for text in (own_data.order(own, facts), own_data.to_submit(found)) if text]
    yield from said


def _quick_part(runs: Sequence[Run], found: Found | None, context: Context) -> Iterator[str]:
    """How much of the data the quick runs saw."""
    facts = [record.data for _, record in runs]
    whole = None
    if found is not None and found.own is not None:
        whole = (found.own.n_train, found.own.n_test)
    else:
        train, test = (context.images.labels(facts[0].digest, part) for part in ("train", "test"))
        if train is not None and test is not None:
            whole = (len(train), len(test))
    return own_data.quick_part(facts, whole)


def first_of_each_class(facts: DataFacts, context: Context) -> tuple[Picture, ...]:
    """Return the first training image of each class, by class; none where the images are not at hand."""
    labels = context.images.labels(facts.digest, "train")
    if labels is None:
        return ()
    _, places = np.unique(np.asarray(labels), return_index=True)
    return context.images.pictures(facts.digest, "train", [int(place) for place in places])


def _origin(runs: Sequence[Run], found: Found | None) -> Iterator[str]:
    facts = runs[0][1].data
    name = words.data_set(facts.name)
    sources = {
        "folder": language.text(
            "{data} was read from files in the data folder; nothing was downloaded.", data=name
        ),
        "keras cache": language.text("{data} was read from the files that Keras keeps.", data=name),
        "download": language.text("{data} was downloaded.", data=name),
        "embedded": language.text("{data} comes with the program.", data=name),
    }
    said = [sources[facts.source]] if facts.source in sources else []
    if found is not None and found.own is not None:
        said = [own_data.origin(found, facts)]
    if facts.source != "embedded":
        said.append(language.text("The appendix on reproducibility names its files, with their SHA-256."))
    wanted = dict.fromkeys(record.data.requested for _, record in runs if record.data.stand_in)
    said += [
        language.text(
            "It stands in for {wanted}: nothing here says how the networks would fare on that.",
            wanted=words.data_set(each),
        )
        for each in wanted
    ]
    said.append(_images(facts))
    yield " ".join(said)


def _images(facts: DataFacts) -> str:
    height, width, channels = facts.image_shape
    low, high = (numbers.plain(int(end) if end == int(end) else end) for end in facts.pixel_range)
    return language.plural(
        "It has {classes} classes. An image has {size} pixels and one channel; the values of the training"
        " images run from {low} to {high}.",
        "It has {classes} classes. An image has {size} pixels and {channels} channels; the values of the"
        " training images run from {low} to {high}.",
        channels,
        classes=numbers.thousands(len(facts.class_names)),
        size=numbers.shape((height, width)),
        channels=channels,
        low=low,
        high=high,
    )


def _inputs(runs: Sequence[Run]) -> Iterator[str]:
    """How pixels became inputs, once for each way; rows are counted, not their runs."""
    ways: dict[tuple[object, ...], list[Run]] = {}
    for run in runs:
        features = run[1].features
        settings = tuple(sorted((name, repr(value)) for name, value in features.settings.items()))
        ways.setdefault((features.kind, features.length, settings), []).append(run)
    said = []
    for own in ways.values():
        rows = len({result.row.id for result, _ in own})
        said.append(_way(own[0][1].features, rows))
    yield " ".join(said)


def _way(features: Features, rows: int) -> str:
    counted = numbers.thousands(rows)
    length = numbers.thousands(features.length)
    settings = features.settings
    if features.kind == "hog":
        return language.plural(
            "In {n} row the input is no image but its histograms of oriented gradients (HOG): {details};"
            " {length} values for each image.",
            "In {n} rows the input is no image but its histograms of oriented gradients (HOG): {details};"
            " {length} values for each image.",
            rows,
            n=counted,
            details=_hog(features),
            length=length,
        )
    if "scale" in settings:
        return language.plural(
            "In {n} row the input is the image itself, each value multiplied by {scale}: {length} values.",
            "In {n} rows the input is the image itself, each value multiplied by {scale}: {length} values.",
            rows,
            n=counted,
            scale=settings["scale"],
            length=length,
        )
    return language.plural(
        "In {n} row the input is made of the image's pixels: {length} values.",
        "In {n} rows the input is made of the image's pixels: {length} values.",
        rows,
        n=counted,
        length=length,
    )


def _hog(features: Features) -> str:
    """The settings of the histograms, as many of them as the record has."""
    settings = features.settings
    parts = []
    if "orientations" in settings:
        parts.append(
            language.plural(
                "{n} orientation",
                "{n} orientations",
                int(settings["orientations"]),
                n=settings["orientations"],
            )
        )
    if "pixels_per_cell" in settings:
        parts.append(language.text("cells of {size} pixels", size=_sides(settings["pixels_per_cell"])))
    if "cells_per_block" in settings:
        parts.append(language.text("blocks of {size} cells", size=_sides(settings["cells_per_block"])))
    if "block_norm" in settings:
        parts.append(language.text("block norm {name}", name=settings["block_norm"]))
    return ", ".join(parts)


def _sides(side: object) -> str:
    sides = side if isinstance(side, (list, tuple)) else (side, side)
    return numbers.shape([int(each) for each in sides])
