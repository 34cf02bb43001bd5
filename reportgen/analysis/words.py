"""Names as the report prints them: of data sets, activations and losses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

from reportgen import language
from reportgen.datasets import registry
from reportgen.records import DataFacts, Record

_TRANSLATED = {
    "digits": language.message("Digits, 8 × 8"),
    "garments": language.message("Drawn garments"),
}
_ACTIVATIONS = {"relu": "ReLU", "elu": "ELU", "selu": "SELU", "gelu": "GELU"}
_TRANSLATED_ACTIVATIONS = {"sigmoid": language.message("sigmoid")}
_LOSSES = {
    "categorical_crossentropy": language.message("categorical cross-entropy"),
    "sparse_categorical_crossentropy": language.message("sparse categorical cross-entropy"),
    "binary_crossentropy": language.message("binary cross-entropy"),
    "mean_squared_error": language.message("mean squared error"),
    "mean_absolute_error": language.message("mean absolute error"),
}
_FAILURES = {
    "error": language.message("error"),
    "no-result": language.message("nothing recorded"),
    "bad-result": language.message("bad result"),
    "timeout": language.message("timeout"),
    "kernel-died": language.message("kernel died"),
    "out-of-memory": language.message("out of memory"),
    "kernel-start": language.message("kernel did not start"),
    "no-data": language.message("no data"),
    "no-start": language.message("nothing to start from"),
    "not-run": language.message("not run"),
    "interrupted": language.message("interrupted"),
}


_titles: ContextVar[Mapping[str, str]] = ContextVar(
    "titles of data sets of one's own", default=MappingProxyType({})
)


@contextmanager
def naming(titles: Mapping[str, str]) -> Iterator[None]:
    """Print data sets of the user's own by their titles within a ``with`` block, as `language.use` does.

    Parameters
    ----------
    titles : mapping of str to str
        By the name that rows use.
    """
    token = _titles.set(titles)
    try:
        yield
    finally:
        _titles.reset(token)


def data_set(name: str) -> str:
    """Return a data set's name in print: its title, where it has one; an unknown one as it is written."""
    if name in _titles.get():
        return _titles.get()[name]
    if name in _TRANSLATED:
        return language.text(_TRANSLATED[name])
    source = registry.DATASETS.get(name)
    return source.title if source else name


def used_data(facts: DataFacts) -> str:
    """Return the data set a run saw, and for which it stood in."""
    if not facts.stand_in:
        return data_set(facts.name)
    return language.text(
        "{used}, in place of {wanted}", used=data_set(facts.name), wanted=data_set(facts.requested)
    )


def activation(name: str) -> str:
    """Return an activation's name in print: ``relu`` is ``ReLU``."""
    if name in _TRANSLATED_ACTIVATIONS:
        return language.text(_TRANSLATED_ACTIVATIONS[name])
    return _ACTIVATIONS.get(name, name)


def loss(name: str) -> str:
    """Return a loss in words: ``categorical cross-entropy``; one that is not known as Keras calls it."""
    if name in _LOSSES:
        return language.text(_LOSSES[name])
    return name.replace("_", " ").replace("crossentropy", "cross-entropy")


def failure(kind: str) -> str:
    """Return in a word or two why a run has no result: ``timeout``, ``not run``."""
    return language.text(_FAILURES[kind]) if kind in _FAILURES else kind.replace("-", " ")


def held_out(record: Record) -> str:
    """Return what the validation curves were measured on: ``validation`` or ``test``, in every language."""
    return "test" if record.data.validated_on_test else "validation"
