"""One setting of a run in words, and the settings of its optimiser."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from reportgen import language
from reportgen.analysis import call_words, lists, numbers
from reportgen.calls.bound import Bound
from reportgen.records import Record
from reportgen.tables.table import Raw


class Setting(NamedTuple):
    """A setting: its name, its raw value, the value in words, and how those of several runs are merged."""

    name: str
    value: Raw
    text: str
    merged: Literal["", "time", "best", "tested", "ended"] = ""


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
        usual = {
            language.text(_OPTIMISER_WORDS[name]) if name in _OPTIMISER_WORDS else name: name
            for name in settings
        }
        shown = [_beside_default(record, usual[name], value) for name, value in amounts.items()]
        yield plain(names[0].upper() + names[1:], lists.series(shown))
    for name, value in used.items():
        if name not in amounts:
            yield plain(name[0].upper() + name[1:], numbers.plain(value))


def _place(name: str) -> tuple[int, str]:
    """Where a setting stands: a record's own order says nothing."""
    return _FIRST.index(name) if name in _FIRST else len(_FIRST), name


def _beside_default(record: Record, argument: str, value: float) -> str:
    """A number; where Keras would take another one without being told, that one too."""
    usual = call_words.default_of(str(record.optimizer["name"]), argument)
    if not isinstance(usual, (int, float)) or math.isclose(usual, value, rel_tol=1e-6):
        return numbers.plain(value)
    return language.text(
        "{value} (Keras’s default {usual})", value=numbers.plain(value), usual=numbers.plain(usual)
    )


def _learning_rate(record: Record, setting: Any) -> Setting:
    """The rate as it was given; what the optimiser has in the end is another one where something moved it."""
    name, used = language.text("Learning rate"), record.history.get("learning_rate")
    given = call_words.optimizer_of(record.parameters)
    rate = given[1].get("learning_rate") if given is not None else None
    if isinstance(rate, Bound):
        return plain(name, call_words.label(rate))
    if isinstance(setting, Mapping) and isinstance(setting.get("class_name"), str):
        return plain(name, setting["class_name"])
    if used is not None and len(used):
        setting = float(used[0])
    if not isinstance(setting, (int, float)) or isinstance(setting, bool):
        setting = float("nan")
    # Keras keeps it as float32: 0.0010000000474974513 was given as 0.001.
    return Setting(name, float(f"{setting:.7g}"), _short(setting))


def _short(value: float) -> str:
    return numbers.plain(float(f"{value:.7g}"))
