"""Columns of scores: of one run, or means over the runs of a row with what they leave open."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from reportgen import language
from reportgen.analysis import elsewhere, lists, numbers, twin_words, twins, words
from reportgen.analysis.differences import RankRange
from reportgen.analysis.metrics import by_data_set, confusion_matrix, macro_f1
from reportgen.analysis.scores import score, value
from reportgen.results import Result
from reportgen.tables.cells import (
    NOTHING,
    fraction_cell,
    interval_cell,
    loss_cell,
    seconds_cells,
)
from reportgen.tables.table import Cell, Column

MARK = "§"
"""Behind a validation accuracy that is a test accuracy."""


def group() -> str:
    """The heading over the columns of the test accuracy."""
    return language.text("Test accuracy, %")


def interval_head() -> str:
    """The full head of the column with its interval."""
    return Column(language.text("95 % interval"), group=group()).full_head


def any_repeated(results: Sequence[Result]) -> bool:
    """Whether a row has more than one run: only then are there columns for seeds."""
    return any(len(result.runs) > 1 for result in results)


def title_cell(result: Result) -> Cell:
    """The title of a row, marked where a run of it is merged or accepted."""
    return Cell(result.row.title, elsewhere.marked(result))


def score_columns(repeated: bool) -> tuple[Column, ...]:
    """Return the columns that `score_cells` fills."""
    over, own = group(), language.text("mean") if repeated else language.text("measured")
    deviation = Column(language.text("s.d. over seeds"), align="right", kind="number", group=over)
    return (
        *((seeds_column(),) if repeated else ()),
        validation_column(),
        Column(own, align="right", kind="percent", group=over),
        *((deviation,) if repeated else ()),
        Column(language.text("s.e. of test set"), align="right", kind="number", group=over),
        Column(language.text("95 % interval"), align="right", kind="name", group=over),
        Column(language.text("Test loss"), align="right", kind="number"),
    )


def seeds_column() -> Column:
    """The column that `seeds_cell` fills."""
    return Column(language.text("Seeds"), align="right", kind="integer")


def validation_column() -> Column:
    """The column of validation accuracies."""
    return Column(language.text("Validation"), "%", "right", "percent")


def score_cells(result: Result, repeated: bool, marked: bool) -> tuple[Cell, ...]:
    """Return a row's seeds, validation, test accuracy with its two errors and interval, and loss.

    Parameters
    ----------
    result : Result
        With a record.
    repeated : bool
        Whether there are columns for seeds.
    marked : bool
        Whether a validation on the test set is marked.
    """
    test = score(result, "test_accuracy")
    held = fraction_cell(score(result, "validation_accuracy").mean)
    if marked and validated_on_test(result):
        held = Cell(held.value, held.text + MARK)
    deviation = NOTHING if test.sd is None else fraction_cell(test.sd)
    return (
        *((seeds_cell(result),) if repeated else ()),
        held,
        fraction_cell(test.mean),
        *((deviation,) if repeated else ()),
        NOTHING if test.standard_error is None else fraction_cell(test.standard_error),
        interval_cell(test.low, test.high),
        loss_cell(mean_loss(result)),
    )


def seeds_cell(result: Result) -> Cell:
    """How many runs a row has: ``3``, or ``2 of 3`` where some failed."""
    done, wanted = len(result.records), len(result.runs)
    if done == wanted:
        return Cell(done, str(done))
    return Cell(done, language.text("{done} of {wanted}", done=done, wanted=wanted))


def rank_cell(place: RankRange, counted: bool = False) -> Cell:
    """A rank, or the range of ranks that the row may have: ``2–5``. A range is sorted by its middle.

    A row whose run has its rank in another line has none of its own.
    """
    if counted:
        return Cell(twin_words.MARK, twin_words.MARK, order=(place.first + place.last) / 2)
    if place.first == place.last:
        return Cell(place.first, str(place.first), order=place.first)
    text = f"{place.first}–{place.last}"
    return Cell(text, text, order=(place.first + place.last) / 2)


def mean_f1(result: Result) -> float:
    """The mean over the runs of the macro F1 on the test set."""
    return fmean(macro_f1(confusion_matrix(one.test, len(one.data.class_names))) for one in result.records)


def mean_loss(result: Result) -> float:
    """The mean over the runs of the test loss; NaN where a training diverged."""
    return fmean(value(record, "test_loss") for record in result.records)


def time_cells(results: Sequence[Result]) -> list[Cell]:
    """Training times, means over the runs."""
    trained = [[record.times.train for record in result.records] for result in results]
    return seconds_cells([fmean(times) if times else None for times in trained])


def validated_on_test(result: Result) -> bool:
    """Whether a run of the row was validated on the test set."""
    return any(record.data.validated_on_test for record in result.records)


def interval_words(results: Sequence[Result]) -> str:
    """Say how the 95 % intervals of these rows were made."""
    counts = {len(result.records) > 1 for result in results if result.records}
    if counts == {True}:
        return language.text("95 % intervals of the mean over seeds after Student's t.")
    if counts == {True, False}:
        return language.text(
            "95 % intervals: of the mean over seeds after Student's t; of a single run after Wilson."
        )
    return language.text("95 % intervals after Wilson.")


def errors_words(results: Sequence[Result]) -> str:
    """Say what the two errors of a test accuracy are, each for itself; empty without a result.

    A seed draws the split too, but where the file gives one seed for all splits, or where a row was validated
    on the test set: then there is none.
    """
    if not any(result.records for result in results):
        return ""
    held = [result for result in results if result.records and not validated_on_test(result)]
    if any(map(_other_splits, held)) or (held and not any_repeated(results)):
        luck = language.text("the luck of training and of the split")
    else:
        luck = language.text("the luck of training")
    if not any_repeated(results):
        return language.text(
            "The standard error (s.e.) is what the size of the test set leaves open; {luck} is not in it.",
            luck=luck,
        )
    return language.text(
        "Scores and times of several seeds are means. The standard deviation (s.d.) over seeds is {luck}, the"
        " standard error (s.e.) what the size of the test set leaves open; neither holds the other.",
        luck=luck,
    )


def _other_splits(result: Result) -> bool:
    """Whether the seeds of a row have drawn splits of their own."""
    return len({record.data.split_seed for record in result.records}) > 1


def split_words(results: Sequence[Result]) -> str:
    """Say that validation images change with the seed where means over seeds stand beside single runs."""
    held = [r for r in results if r.records and not validated_on_test(r)]
    if not any(map(_other_splits, held)) or len({len(r.records) > 1 for r in held}) < 2:
        return ""
    return language.text(
        "Each seed has its own validation images: the validation accuracy of a row with several seeds is over"
        " several sets of them, that of a row with one seed over one."
    )


def images_words(results: Sequence[Result]) -> str:
    """Say that rows of one data set were validated on more or fewer images; empty where none were."""
    parts = []
    for name, group in by_data_set(results).items():
        sizes = sorted({record.data.n_validation for result, _ in group for record in result.records})
        if len(sizes) > 1 and not group[0][1].data.validated_on_test:
            parts.append(
                language.text(
                    "On {data} rows have {low} to {high} validation images: those whose images differ are"
                    " compared as independent figures, and the first place may be due to its images.",
                    data=words.data_set(name),
                    low=numbers.thousands(sizes[0]),
                    high=numbers.thousands(sizes[-1]),
                )
            )
    return " ".join(parts)


def optimism_words(results: Sequence[Result]) -> str:
    """Say that the highest of several test accuracies flatters whoever chooses by it; empty for one row."""
    once = by_data_set(twins.distinct(results))
    groups = {words.data_set(name): len(group) for name, group in once.items()}
    several = {name: numbers.thousands(count) for name, count in groups.items() if count > 1}
    if not several:
        return ""
    if len(groups) == 1:
        return language.text(
            "Whoever chooses by the highest of the {n} test accuracies gets an optimistic figure.",
            n=next(iter(several.values())),
        )
    among = [language.text("{n} on {data}", n=count, data=name) for name, count in several.items()]
    return language.text(
        "Whoever chooses by the highest of the test accuracies, {among}, gets an optimistic figure.",
        among=language.listed(among),
    )


def on_test_words(results: Sequence[Result], marked: bool) -> str:
    """Say which rows were validated on the test set, and what follows; empty where none was."""
    done = [result for result in results if result.records]
    on_test = [result for result in done if validated_on_test(result)]
    if not on_test:
        return ""
    if len(on_test) == len(done):
        return language.text(
            "All rows were validated on the test set itself: the two accuracies are one, and a choice by"
            " validation is a choice by the test."
        )
    return language.plural(
        "{n} of {of} rows{mark} was validated on the test set itself: the two accuracies are one, and a"
        " choice by validation is a choice by the test.",
        "{n} of {of} rows{mark} were validated on the test set itself: the two accuracies are one, and a"
        " choice by validation is a choice by the test.",
        len(on_test),
        n=len(on_test),
        of=len(done),
        mark=f" ({MARK})" if marked else "",
    )


def lost_words(results: Sequence[Result]) -> str:
    """Say which rows have fewer results than seeds; empty where none has."""
    lost = [
        language.text(
            "{title}: {done} of {wanted} seeds",
            title=result.row.title,
            done=len(result.records),
            wanted=len(result.runs),
        )
        for result in results
        if 0 < len(result.records) < len(result.runs)
    ]
    return (
        language.text("Not every seed ended with a result ({lost}).", lost=lists.clauses(lost))
        if lost
        else ""
    )
