"""One setting of a run in words, and the settings of its optimiser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from reportgen import language
from reportgen.analysis import lists, numbers
from reportgen.records import Record
from reportgen.tables.table import Raw


class Setting(NamedTuple):
    """A setting: its name, its raw value, the value in words, and how those of several runs are merged."""

    name: str
    value: Raw
    text: str
    merged: Literal["", "time", "best", "tested"] = ""


_OPTIMISER_WORDS = {
    "weight_decay": language.message("weight decay"), "nesterov": language.message("Nesterov"),
    "centered": language.message("centred"), "beta_1": language.message("beta 1"),
    "beta_2": language.message("beta 2"), "amsgrad": language.message("AMSGrad"),
    "clipnorm": language.message("clip norm"), "clipvalue": language.message("clip value"),
    "global_clipnorm": language.message("global clip norm"),
    "use_ema": language.message("average of weights"),
}  # fmt: skip
_NOT_SETTINGS = frozenset(
    {"name", "learning_rate", "jit_compile", "is_legacy_optimizer", "ema_momentum", "ema_overwrite_frequency"}
)

_FIRST = ("rho", "beta_1", "beta_2", "momentum", "nesterov", "epsilon", "weight_decay")
"""Settings of optimisers in the order in which their equations use them; all others follow by name."""


def plain(name: str, text: str) -> Setting:
    """A setting whose raw value is its text."""
    return Setting(name, text, text)


def optimiser_settings(record: Record) -> Iterator[Setting]:
    """The optimiser, its learning rate, its other numbers, and every switch that is on."""
    settings: Mapping[str, Any] = record.optimizer.get("settings", {})
    yield plain(language.text("Optimiser"), str(record.optimizer["name"]))
    yield _learning_rate(record, settings.get("learning_rate"))
    used = {
        language.text(_OPTIMISER_WORDS[name]) if name in _OPTIMISER_WORDS else name: value
        for name, value in sorted(settings.items(), key=lambda setting: _place(setting[0]))
        if (name not in _NOT_SETTINGS and value not in (None, False)) or name == "momentum"
    }
    amounts = {
        name: value for name, value in used.items() if isinstance(value, (int, float)) and value is not True
    }
    if amounts:
        names = ", ".join(amounts)
        yield plain(names[0].upper() + names[1:], lists.series(list(map(numbers.plain, amounts.values()))))
    for name, value in used.items():
        if name not in amounts:
            yield plain(name[0].upper() + name[1:], numbers.plain(value))


def _place(name: str) -> tuple[int, str]:
    """Where a setting stands: a record's own order says nothing."""
    return _FIRST.index(name) if name in _FIRST else len(_FIRST), name


def _learning_rate(record: Record, setting: Any) -> Setting:
    name, used = language.text("Learning rate"), record.history.get("learning_rate")
    if used is not None and len(used) and used.min() != used.max():
        return plain(name, lists.between(_short(used[0]), _short(used[-1])))
    if isinstance(setting, (int, float)) and not isinstance(setting, bool):
        # Keras keeps it as float32: 0.0010000000474974513 was given as 0.001.
        return Setting(name, float(f"{setting:.7g}"), _short(setting))
    value = float(used[0]) if used is not None and len(used) else float("nan")
    return Setting(name, float(f"{value:.7g}"), _short(value))


def _short(value: float) -> str:
    return numbers.plain(float(f"{value:.7g}"))
