"""Rules about the length and the success of training."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.learnt import broken_from, guessing, idle, learnt_nothing
from reportgen.analysis.metrics import best_epochs, validation_accuracy
from reportgen.analysis.observations import curves
from reportgen.analysis.observations.comparing import named
from reportgen.analysis.observations.measured import held_back
from reportgen.analysis.observations.rule import Everything, Said, rule, section_rule
from reportgen.analysis.observations.seeds import as_means, mean, seen, seen_in_curves, span
from reportgen.records import Record
from reportgen.results import Result

UNDERFITTED = 2.0
"""Times the error of the first row: half the errors are avoidable, so what is left is no luck of training."""
CLOSE = 0.25
"""Part of the error that may lie between training and validation where both are said to end alike."""


@rule("learned-nothing", importance=98)
def learned_nothing(subject: Result, everything: Everything) -> Iterator[Said]:
    """The loss is no number, or the answers cannot be told from always naming the most frequent class."""
    broken = [record for record in subject.records if broken_from(record) is not None]
    if broken:
        yield _came_apart(subject, broken)
        return
    guesses = seen(subject, _idle)
    if guesses is not None:
        sentence = language.text(
            "The validation accuracy of {accuracy} cannot be told from that of always naming the most"
            " frequent class ({share}): nothing was learned that validation shows.",
            accuracy=numbers.percentage(accuracy := guesses.mean(lambda one: guessing(one)[0])),
            share=numbers.percentage(share := guesses.mean(lambda one: guessing(one)[1])),
        )
        question = language.text(
            "What accuracy would a model reach that always names the most frequent class? Set this row"
            " beside it."
        )
        evidence = {"validation_accuracy": accuracy, "largest_class": share}
        yield Said(guesses.said(sentence), question, {**evidence, **guesses.evidence})


def _came_apart(subject: Result, broken: Sequence[Record]) -> Said:
    """One such run is worth a word: the means of its row are no means any more."""
    epochs = [epoch for record in broken if (epoch := broken_from(record)) is not None]
    if subject.repeated:
        sentence = language.text(
            "In {n} of {runs} seeds the loss is no finite number from epoch {epoch} on: training came apart.",
            n=len(broken),
            runs=len(subject.records),
            epoch=span(epochs),
        )
    else:
        sentence = language.text(
            "The loss is no finite number from epoch {epoch} on: training came apart.", epoch=span(epochs)
        )
    question = language.text(
        "Is every value of the loss a number? What could make a loss grow without bound?"
    )
    evidence = {"epoch": min(epochs), "seeds_seen": len(broken), "seeds": len(subject.records)}
    return Said(sentence, question, evidence)


def _idle(record: Record) -> bool | None:
    return True if idle(record) else None


@section_rule("learned-nothing-all", importance=95)
def learned_nothing_all(rows: Sequence[Result], everything: Everything) -> Iterator[Said]:
    """Rows beside each other that learnt nothing: their order among themselves is none."""
    sentence = nothing_learnt(rows)
    if not sentence:
        return
    question = language.text("Which rows of this chapter cannot be told from always naming one class?")
    ids = " ".join(result.row.id for result in rows if result.records and learnt_nothing(result))
    yield Said(sentence, question, {"rows": ids})


def nothing_learnt(rows: Sequence[Result]) -> str:
    """Return the sentence on those of several rows that learnt nothing; empty without any."""
    idle = [result for result in rows if result.records and learnt_nothing(result)]
    done = sum(bool(result.records) for result in rows)
    if not idle or done < 2:
        return ""
    return language.plural(
        "{n} of {all} rows learnt nothing that validation shows: {titles}. Its figures are those of chance,"
        " and no measure of its settings.",
        "{n} of {all} rows learnt nothing that validation shows: {titles}. Their figures are those of chance,"
        " and no measure of their settings; their order says nothing.",
        len(idle),
        n=numbers.thousands(len(idle)),
        all=numbers.thousands(done),
        titles=language.listed([language.quoted(result.row.title) for result in idle]),
    )


def _length_question() -> str:
    return language.text(
        "Had the curves flattened when training ended? What would you expect of more epochs, and why?"
    )


def _means(subject: Result) -> tuple[float, float]:
    """Validation loss of the last two stretches, means over all runs."""
    endings = [curves.ending(record) for record in subject.records]
    return fmean(end.before for end in endings), fmean(end.after for end in endings)


@rule("not-converged", importance=78, unless=("rate-died",))
def not_converged(subject: Result, everything: Everything) -> Iterator[Said]:
    """Both losses were falling over the last tenth of the epochs, and no callback ended the training."""
    falls = seen_in_curves(subject, curves.falling)
    if falls is None:
        return
    before, after = _means(subject)
    sentence = language.text(
        "Training ended while both losses were falling: mean validation loss {after} in the last {stretch}"
        " epochs, {before} in the {stretch} before. What more epochs would bring is not seen here.",
        stretch=falls.epochs(curves.stretch),
        before=numbers.loss(before),
        after=numbers.loss(after),
    )
    evidence = {"mean_before": before, "mean_last": after, "stretch": falls.mean(curves.stretch)}
    yield Said(falls.said(sentence), _length_question(), {**evidence, **falls.evidence})


def _last_is_lowest(record: Record) -> curves.Ending | None:
    fall = curves.falling(record, least=curves.IMPROVING)
    return fall if fall is not None and fall.last_is_lowest and fall.in_print else None


@rule("last-epoch", importance=73, unless=("not-converged", "rate-died"))
def last_epoch(subject: Result, everything: Everything) -> Iterator[Said]:
    """The lowest validation loss is that of the last epoch: training stopped while it improved."""
    lasts = seen_in_curves(subject, _last_is_lowest)
    if lasts is None:
        return
    before, after = _means(subject)
    sentence = language.text(
        "The lowest validation loss is that of the last epoch: the curve still fell, if slowly (mean {after}"
        " in the last {stretch} epochs, {before} in the {stretch} before).",
        stretch=lasts.epochs(curves.stretch),
        before=numbers.loss(before),
        after=numbers.loss(after),
    )
    lowest = lasts.mean(lambda record: best_epochs(record).lowest_loss)
    evidence = {"lowest_loss": lowest, "mean_before": before, "mean_last": after}
    yield Said(lasts.said(sentence), _length_question(), {**evidence, **lasts.evidence})


@rule("underfitting", importance=70, unless=("learned-nothing", "gap"))
def underfitting(subject: Result, everything: Everything) -> Iterator[Said]:
    """Training and validation end alike, with at least twice the errors of the first row of these inputs."""
    record = subject.record
    first = None if record is None else everything.first(record)
    if record is None or first is None or first.row.id == subject.row.id or record.data.validated_on_test:
        return
    training = mean(subject, lambda one: float(one.history["accuracy"][-1]))
    own, other = validation_accuracy(subject), validation_accuracy(first)
    error = 1 - max(training, own)
    if error < UNDERFITTED * (1 - other) or training - own > CLOSE * error:
        return
    if not everything.validation_difference(subject, first).different:
        return
    sentence = _underfitted(
        language.listed(held_back(record)),
        seen_in_curves(subject, curves.falling) is not None,
        training=numbers.percentage(training),
        validation=numbers.percentage(own),
        other=numbers.percentage(other),
        title=named(first, subject),
    )
    question = language.text(
        "Is what limits this row its fit to the training items, or the step from training to validation"
        " items? Which two numbers tell you?"
    )
    evidence: dict[str, float | int | str] = {
        "training_accuracy": training,
        "validation_accuracy": own,
        "other": first.row.id,
        "other_validation_accuracy": other,
    }
    yield Said(as_means(subject, sentence), question, evidence)


def _underfitted(things: str, still_falling: bool, **facts: str) -> str:
    """What hinders the network in training alone hides how closely it fits the training items."""
    if things and still_falling:
        return language.text(
            "May be underfitted, or not trained for long enough: validation accuracy {validation}, training"
            " accuracy {training} (with {things} on; the true one is higher); on the same inputs {title}"
            " reaches {other} in validation.",
            things=things,
            **facts,
        )
    if things:
        return language.text(
            "May be underfitted: validation accuracy {validation}, training accuracy {training} (with"
            " {things} on; the true one is higher); on the same inputs {title} reaches {other} in"
            " validation.",
            things=things,
            **facts,
        )
    if still_falling:
        return language.text(
            "May be underfitted, or not trained for long enough: training accuracy {training} and validation"
            " accuracy {validation} end close together; on the same inputs {title} reaches {other} in"
            " validation.",
            **facts,
        )
    return language.text(
        "Underfitting: training accuracy {training} and validation accuracy {validation} end close together;"
        " on the same inputs {title} reaches {other} in validation.",
        **facts,
    )
