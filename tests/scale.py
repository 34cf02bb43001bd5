"""Invented courseworks of any size, which strain the report in one way or in several."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from reportgen.datasets.dataset import Found
from reportgen.experiments.resolved import Row
from reportgen.experiments.schema import Claim, Contrast, Published, Section
from reportgen.records import Features, Layer, Record
from reportgen.results import Failure, Result
from tests import samples
from tests.report import invented
from tests.report.invented import Triple

Names = Literal["letters", "accents", "greek", "cyrillic"]

_WORDS = {
    "letters": ("Maple leaf", "Oak leaf", "Beech leaf", "Lime leaf", "Ash leaf", "Elm leaf", "Fir needle"),
    "accents": ("Érable à sucre", "Chêne pédonculé", "Hêtre", "Tilleul d’été", "Frêne élevé", "Żółty liść"),
    "greek": ("Σφένδαμος", "Βελανιδιά", "Οξιά", "Φλαμουριά", "Μελία", "Φτελιά", "Έλατο"),
    "cyrillic": ("Клён остролистный", "Дуб", "Бук", "Липа сердцевидная", "Ясень", "Вяз", "Ель"),
}
HOG = {"orientations": 8, "pixels_per_cell": [4, 4], "cells_per_block": [1, 1]}
LONG = (
    "{units} units, {kind}, trained with a learning rate that halves whenever the validation loss rests {n}"
)
"""A title of ninety letters."""
COMMENT = (
    "The validation loss stops falling long before the last epoch, while the training loss goes on. Most errors"
    " fall on *two* classes; this row reaches {{ this.test_accuracy }}."
)


def class_names(count: int, names: Names = "letters") -> tuple[str, ...]:
    """`count` different names in one alphabet."""
    words = _WORDS[names]
    return tuple(
        words[place % len(words)] + (f" {place // len(words) + 1}" if place >= len(words) else "")
        for place in range(count)
    )


def coursework(
    rows: int,
    *,
    classes: int = 10,
    names: Names = "letters",
    long_titles: bool = False,
    failed: bool = True,
    n_test: int = 10_000,
    **report: Any,
) -> Triple:
    """`rows` rows in as many chapters as they fill, on digits, clothes and a data set of the authors' own.

    Parameters
    ----------
    rows : int
    classes, names
        Of the third data set, which is in no registry; every row is on it where there is but one.
    long_titles : bool
        Titles of ninety letters and more.
    failed : bool
        The second row has no result.
    n_test : int
        Items of each test set.
    **report
        Keys of ``[report]``: language, paper, title, experiment_pages ...
    """
    made: list[tuple[Row, Record | None]] = [
        _row(number, rows, classes, names, long_titles, n_test) for number in range(rows)
    ]
    if failed and rows > 1:
        row, _ = made[1]
        made[1] = (row, None)
    results = [_result(row, record) for row, record in made]
    own = list(dict.fromkeys(row.section for row, _ in made))
    titles = {
        "raw": "Multi-layer perceptron on raw pixels", "hog": "Multi-layer perceptron on HOG",
        "cnn": "Convolutional network", "leaves": "Leaves of our own",
    }  # fmt: skip
    sections = [
        Section(id="algorithm", kind="algorithm", question="Which algorithm adjusts the weights?"),
        Section(id="complexity", kind="complexity", question="Count the weights."),
        Section(id="capacity", kind="capacity"),
        *(
            Section(id=id, title=titles[id], introduction="What varies is the number of units.",
                    conclusion="First by validation: {{ best.title }}.")
            for id in own
        ),
        Section(id="comparison", kind="comparison"),
        Section(id="end", kind="prose", title="Conclusions", text="Convolutions win."),
    ]  # fmt: skip
    more = {"title": f"{rows} classifiers of digits, clothes and leaves"} | report
    return invented.triple(
        sections,
        [row for row, _ in made],
        results,
        contrast=_contrasts([row for row, _ in made]),
        claim=[
            Claim(id="works", text="The first row works.", expression=f"row('{made[0][0].id}').test_accuracy > 0.5")
        ],
        **more,
    )  # fmt: skip


def _contrasts(rows: list[Row]) -> list[Contrast]:
    """The first rows of a chapter against its first."""
    found = []
    for section in dict.fromkeys(row.section for row in rows):
        own = [row.id for row in rows if row.section == section][:5]
        if len(own) > 1:
            found.append(Contrast(id=f"units-{section}", title="Do more units help?", rows=own))
    return found


def _row(
    number: int, rows: int, classes: int, names: Names, long_titles: bool, n_test: int
) -> tuple[Row, Record]:
    section = "leaves" if rows == 1 else ("raw", "hog", "cnn", "leaves")[4 * number // rows]
    units = 40 + 10 * (number % 30)
    kind = {"raw": "raw pixels", "hog": "HOG values", "cnn": "convolutions", "leaves": "leaves"}[section]
    title = f"{units} units on {kind}, no. {number + 1}"
    if long_titles:
        title = LONG.format(units=units, kind=kind, n=number + 1)
    layers: tuple[Layer, ...] = samples.mlp_layers(hidden=(units,), classes=10)
    more: dict[str, Any] = {}
    if section == "hog":
        layers = samples.mlp_layers(inputs=392, hidden=(units,))
        more = {"features": Features("hog", 392, HOG, 30.0)}
    elif section == "cnn":
        layers = samples.cnn_layers(units)
        more = {"dataset": "fashion_mnist"}
    elif section == "leaves":
        layers = samples.mlp_layers(hidden=(units,), classes=classes)
        more = {"dataset": "leaves", "class_names": class_names(classes, names)}
    record = samples.record(
        layers=layers, accuracy=0.84 + 0.12 * ((number * 37) % 100) / 100, seed=number, epochs=30 + number % 5 * 20,
        n_test=n_test, n_validation=max(classes, n_test * 3 // 5), parameters=_parameters(section, units), **more,
    )  # fmt: skip
    row = samples.row(
        f"{section}-{units}-{number + 1}", section, title, notebook="raw_mlp", line=20 + number, comment=COMMENT,
        parameters=_parameters(section, units), given={"hidden_units": [units]},
        published=Published(test_accuracy=0.9) if number % 10 == 0 else None,
    )  # fmt: skip
    return row, invented.with_settings(record)


def _parameters(section: str, units: int) -> Mapping[str, Any]:
    data = {"cnn": "fashion_mnist", "leaves": "leaves"}.get(section, "mnist")
    return {
        "dataset": data, "hidden_units": [units], "activation": "tanh", "dropout": 0.5, "batch_size": 512,
        "epochs": 50, "learning_rate": 0.001, "validation": 0.1,
    }  # fmt: skip


def _result(row: Row, record: Record | None) -> Result:
    key = hashlib.sha256(row.id.encode()).hexdigest()
    if record is not None:
        return samples.result(row, key, 42, record)
    failure = Failure("out-of-memory", "the kernel was killed at 3.9 GB", 5, "Epoch 12/50\nKilled", 93.0,
                      "try fewer --jobs, or a smaller batch_size")  # fmt: skip
    return samples.result(row, key, 42, failure=failure)


def with_data_at(triple: Triple, found: tuple[Found, ...]) -> Triple:
    """The same with data sets that are at hand, so that the report shows their images."""
    experiments, results, provenance = triple
    return experiments, results, replace(provenance, data=found)
