"""Names as the report prints them: of data sets, optimisers, activations and losses."""

from __future__ import annotations

from reportgen.records import DataFacts, Record

_DATA_SETS = {
    "mnist": "MNIST",
    "fashion_mnist": "Fashion-MNIST",
    "digits": "Digits, 8 × 8",
    "garments": "Drawn garments",
}
_ACTIVATIONS = {"relu": "ReLU", "elu": "ELU", "selu": "SELU", "gelu": "GELU"}


def data_set(name: str) -> str:
    """Return a data set's name in print; an unknown one as it is written."""
    return _DATA_SETS.get(name, name)


def used_data(facts: DataFacts) -> str:
    """Return the data set a run saw, and for which it stood in."""
    return (
        f"{data_set(facts.name)}, in place of {data_set(facts.requested)}"
        if facts.stand_in
        else data_set(facts.name)
    )


def activation(name: str) -> str:
    """Return an activation's name in print: ``relu`` is ``ReLU``."""
    return _ACTIVATIONS.get(name, name)


def held_out(record: Record) -> str:
    """Return what the validation curves were measured on: ``validation`` or ``test``."""
    return "test" if record.data.validated_on_test else "validation"
