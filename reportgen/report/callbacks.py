"""What the callbacks of a training do, in words, with the values that they had.

As Keras 3.15 carries them out (`keras/src/callbacks/early_stopping.py`, `reduce_lr_on_plateau.py`,
`monitor_callback.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen import language
from reportgen.analysis import numbers
from reportgen.calls.bound import Bound
from reportgen.calls.named import bound
from reportgen.records import Record

_MONITORED = {
    "val_loss": language.message("the validation loss"),
    "val_accuracy": language.message("the validation accuracy"),
    "loss": language.message("the training loss"),
    "accuracy": language.message("the training accuracy"),
}


def callbacks_of(record: Record) -> Iterator[Bound]:
    """Yield the callbacks that the parameters of a run name, each checked; what is none is left out."""
    texts = record.parameters.get("callbacks") or ()
    if isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
        return
    found, faults = bound("callbacks", list(texts))
    if not faults:
        yield from (call for call in found if call is not None)


def callback_words(call: Bound) -> str:
    """Return what a callback with these values does; empty for one that is not known."""
    if call.name == "EarlyStopping":
        return " ".join(_early_stopping(call))
    if call.name == "ReduceLROnPlateau":
        return " ".join(_plateau(call))
    if call.name == "TerminateOnNaN":
        return language.text("Ends the training where the loss of a batch is no number.")
    return ""


def monitored(call: Bound) -> tuple[str, bool]:
    """Return what a callback watches, in words, and whether it is to fall."""
    name = str(call["monitor"])
    mode = call["mode"]
    falls = mode == "min" or (mode != "max" and name.removeprefix("val_") == "loss")
    return (language.text(_MONITORED[name]) if name in _MONITORED else name), falls


def _early_stopping(call: Bound) -> Iterator[str]:
    value, falls = monitored(call)
    facts = {
        "value": value,
        "n": numbers.thousands(patience := max(1, int(call["patience"]))),
        "least": numbers.plain(call["min_delta"]),
    }
    if falls and call["min_delta"]:
        yield language.plural(
            "Ends the training once {value} has not fallen by more than {least} below its lowest"
            " for {n} epoch.",
            "Ends the training once {value} has not fallen by more than {least} below its lowest"
            " for {n} epochs.",
            patience,
            **facts,
        )
    elif falls:
        yield language.plural(
            "Ends the training once {value} has not fallen below its lowest for {n} epoch.",
            "Ends the training once {value} has not fallen below its lowest for {n} epochs.",
            patience,
            **facts,
        )
    elif call["min_delta"]:
        yield language.plural(
            "Ends the training once {value} has not risen by more than {least} above its highest"
            " for {n} epoch.",
            "Ends the training once {value} has not risen by more than {least} above its highest"
            " for {n} epochs.",
            patience,
            **facts,
        )
    else:
        yield language.plural(
            "Ends the training once {value} has not risen above its highest for {n} epoch.",
            "Ends the training once {value} has not risen above its highest for {n} epochs.",
            patience,
            **facts,
        )
    if call["baseline"] is not None:
        yield language.text(
            "An epoch counts only where it is better than {baseline}.",
            baseline=numbers.plain(call["baseline"]),
        )
    if call["start_from_epoch"]:
        yield language.text(
            "The first {n} epochs do not count.", n=numbers.thousands(int(call["start_from_epoch"]))
        )
    yield (
        language.text(
            "At the end the weights of the best of these epochs are put back, also after a full run."
        )
        if call["restore_best_weights"]
        else language.text("The weights of the last epoch stay.")
    )


def _plateau(call: Bound) -> Iterator[str]:
    value, falls = monitored(call)
    facts = {
        "value": value,
        "n": numbers.thousands(patience := max(1, int(call["patience"]))),
        "least": numbers.plain(call["min_delta"]),
        "factor": numbers.plain(call["factor"]),
    }
    yield (
        language.plural(
            "Multiplies the learning rate by {factor} once {value} has not fallen by more than {least}"
            " below its lowest for {n} epoch.",
            "Multiplies the learning rate by {factor} once {value} has not fallen by more than {least}"
            " below its lowest for {n} epochs.",
            patience,
            **facts,
        )
        if falls
        else language.plural(
            "Multiplies the learning rate by {factor} once {value} has not risen by more than {least}"
            " above its highest for {n} epoch.",
            "Multiplies the learning rate by {factor} once {value} has not risen by more than {least}"
            " above its highest for {n} epochs.",
            patience,
            **facts,
        )
    )
    if call["min_lr"]:
        yield language.text("It goes down to {rate} at most.", rate=numbers.plain(call["min_lr"]))
    if call["cooldown"]:
        yield language.plural(
            "After that it waits {n} epoch before it counts again.",
            "After that it waits {n} epochs before it counts again.",
            int(call["cooldown"]),
            n=numbers.thousands(int(call["cooldown"])),
        )
