"""Best validation figures of a row, published and ours, in a sentence each."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import language
from reportgen.analysis import lists, numbers, penalty_words
from reportgen.analysis.published import (
    accuracy_epochs,
    best_validation_accuracy,
    best_validation_loss,
    epochs_words,
    loss_epochs,
)
from reportgen.results import Result


def of_row(result: Result) -> str:
    """Return what the page of a row says of published validation figures; empty where there are none."""
    published = result.row.published
    if published is None or not result.records:
        return ""
    said = []
    if published.best_validation_accuracy is not None:
        ours = best_validation_accuracy(result)
        said.append(
            language.text(
                "validation accuracy published {theirs}, ours {ours}, 95 % interval {interval}",
                theirs=_theirs(
                    numbers.percentage(published.best_validation_accuracy),
                    published.best_validation_accuracy_epoch,
                ),
                ours=_ours(numbers.percentage(ours.mean), accuracy_epochs(result)),
                interval=numbers.interval(ours.low, ours.high),
            )
        )
    if published.best_validation_loss is not None:
        said.append(_losses(result, published.best_validation_loss, published.best_validation_loss_epoch))
    if not said:
        return ""
    return language.text("Best of any epoch, hence optimistic: {figures}.", figures=lists.clauses(said))


def _losses(result: Result, published: float, epoch: int | None) -> str:
    theirs = _theirs(numbers.loss(published), epoch)
    ours = _ours(numbers.loss(best_validation_loss(result)), loss_epochs(result))
    if penalty_words.rows([result]):
        return language.text(
            "validation loss with the penalty published {theirs}, ours {ours}", theirs=theirs, ours=ours
        )
    return language.text("validation loss published {theirs}, ours {ours}", theirs=theirs, ours=ours)


def _theirs(value: str, epoch: int | None) -> str:
    if epoch is None:
        return value
    return language.text("{value} (epoch {epoch})", value=value, epoch=str(epoch))


def _ours(value: str, epochs: Sequence[int]) -> str:
    if len(epochs) == 1:
        return _theirs(value, epochs[0])
    return language.text(
        "{value} (mean of {n} runs, epoch {epochs})", value=value, n=len(epochs), epochs=epochs_words(epochs)
    )
