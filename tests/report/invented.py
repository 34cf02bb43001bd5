"""Invented reports: one of 24 rows in four chapters, and odd ones that strain the layout."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from reportgen.datasets.dataset import Found
from reportgen.experiments.resolved import Experiments, Row
from reportgen.experiments.schema import (
    Author,
    Claim,
    Contrast,
    Experiment,
    ExperimentsFile,
    Published,
    Report,
    Section,
)
from reportgen.provenance import Provenance
from reportgen.records import Features, Layer, Record
from reportgen.results import Failure, Result
from tests import samples

Paper = Literal["a4", "letter"]
Triple = tuple[Experiments, tuple[Result, ...], Provenance]

COMMENT = (
    "The validation loss stops falling long before the last epoch, while the training loss goes on: the later "
    "epochs mostly *memorise*. Most errors are **4 read as 9**, and the five pairs of the table hold half of all "
    "errors. More dropout keeps the two curves closer together; fewer units cost accuracy at once."
)
PUBLISHED = Published(
    test_accuracy=0.9819, test_loss=0.1175, best_validation_accuracy=0.9834, best_validation_accuracy_epoch=112,
    best_validation_loss=0.0917, best_validation_loss_epoch=87,
)  # fmt: skip
HOG = {"orientations": 8, "pixels_per_cell": [4, 4], "cells_per_block": [1, 1]}


def with_settings(record: Record, **settings: Any) -> Record:
    """A record whose optimiser has the settings that Keras really reports."""
    common = {
        "name": "rmsprop", "learning_rate": 0.0010000000474974513, "weight_decay": None, "clipnorm": None,
        "global_clipnorm": None, "clipvalue": None, "use_ema": False, "ema_momentum": 0.99,
        "ema_overwrite_frequency": None, "loss_scale_factor": None, "gradient_accumulation_steps": None,
    }  # fmt: skip
    optimizer = {
        "name": record.optimizer["name"],
        "settings": {**common, **record.optimizer["settings"], **settings},
    }
    return replace(record, optimizer=optimizer)


def labo(paper: Paper = "a4") -> Triple:
    """Twenty-four rows: six on raw pixels, eight on HOG, six convolutional, four on clothes; one failed."""
    sections = [
        Section(id="algorithm", kind="algorithm", question="Name the algorithm that adjusts the weights. Which "
                "parameters does it have, and what do they do? Give the equations."),
        Section(id="complexity", kind="complexity", question="Count the weights, layer by layer.",
                text="The arithmetic is below; *n* · *m* weights and *m* biases for each dense layer."),
        Section(id="raw", title="Multi-layer perceptron on raw pixels", notebook="raw_mlp",
                introduction="Every pixel is an input. The number of units, the activation and dropout vary.",
                conclusion="Dropout helps **only** the larger networks. See [the first](#row-raw-1)."),
        Section(id="hog", title="Multi-layer perceptron on HOG", notebook="hog_mlp",
                introduction="| cells | values |\n|---|--:|\n| 4 × 4 | 392 |\n| 7 × 7 | 128 |\n"),
        Section(id="cnn", title="Convolutional network", notebook="cnn"),
        Section(id="fashion", title="Clothing", notebook="fashion_cnn", question="Does it work on clothes?"),
        Section(id="comparison", kind="comparison"),
        Section(id="end", kind="prose", title="Conclusions", text="# What holds\n\nConvolutions win. " + COMMENT),
    ]  # fmt: skip
    rows: list[Row] = []
    results: list[Result] = []

    def add(row: Row, record: Record | None, **facts: Any) -> None:
        rows.append(row)
        results.append(samples.result(row, hashlib.sha256(row.id.encode()).hexdigest(), 42, record, **facts))

    for number, units in enumerate((150, 250, 300, 300, 500, 800), 1):
        layers = samples.mlp_layers(hidden=(units,), activation="tanh" if number % 2 else "sigmoid")
        title = f"{units} {'tanh' if number % 2 else 'sigmoid'} units, {'no dropout' if number < 4 else 'dropout 0.5'}"
        published = PUBLISHED if number < 4 else None
        add(
            samples.row(f"raw-{number}", "raw", title, comment=COMMENT, published=published),
            with_settings(
                samples.record(layers=layers, accuracy=0.962 + number / 500, seed=number, epochs=50)
            ),
            same_as=("raw-4",) if number == 3 else ("raw-3",) if number == 4 else (),
        )
    for number, units in enumerate((100, 200, 200, 300, 100, 200, 200, 400), 1):
        layers = samples.mlp_layers(inputs=392, hidden=(units, 100) if number > 6 else (units,))
        title = f"{units} units{' and 100 more' if number > 6 else ''} on HOG of 4 × 4 pixels, 8 orientations"
        record = samples.record(layers=layers, accuracy=0.955 + number / 400, seed=20 + number, epochs=100,
                                features=Features("hog", 392, HOG, 30.0))  # fmt: skip
        add(
            samples.row(f"hog-{number}", "hog", title, notebook="hog_mlp", comment=COMMENT),
            with_settings(record, learning_rate=0.0005 if number > 6 else 0.001),
        )
    for number, units in enumerate((5, 10, 25, 25, 35, 100), 1):
        record = samples.record(
            layers=samples.cnn_layers(units), accuracy=0.975 + number / 500, seed=40 + number, epochs=50
        )
        failure = Failure("out-of-memory", "the kernel was killed at 3.9 GB", 5,
                          "Epoch 12/50\n" + "─" * 60 + "\n\x1b[31mResourceExhaustedError\x1b[0m: OOM when allocating tensor → conv_2",
                          93.0, "try fewer --jobs, or a smaller batch_size")  # fmt: skip
        title = f"{units} ReLU units after three convolutions"
        row = samples.row(
            f"cnn-{number}", "cnn", title, notebook="cnn", comment=COMMENT if number != 4 else None
        )
        if number == 4:
            add(row, None, failure=failure)
        else:
            add(row, with_settings(record))
    for number, units in enumerate((25, 50, 100, 200), 1):
        record = samples.record(layers=samples.cnn_layers(units), dataset="fashion_mnist", accuracy=0.86 + number / 100,
                                seed=60 + number, epochs=30, validation="test" if number == 4 else 0.1)  # fmt: skip
        add(
            samples.row(
                f"fashion-{number}",
                "fashion",
                f"{units} units on clothes",
                notebook="fashion_cnn",
                comment=COMMENT,
            ),
            with_settings(record),
        )
    return triple(sections, rows, results, paper=paper)


def triple(
    sections: Sequence[Section],
    rows: Sequence[Row],
    results: Sequence[Result],
    *,
    paper: Paper = "a4",
    title: str = "Handwritten digits and clothing: a comparison of twenty-four classifiers",
    quick: bool = False,
    contrast: Sequence[Contrast] = (),
    claim: Sequence[Claim] = (),
    **report: Any,
) -> Triple:
    """The three arguments of `render`, around sections, rows and results."""
    names = dict.fromkeys(
        (r.record.data.requested, r.record.data.name) for r in results if r.record is not None
    )
    found = tuple(
        Found(requested, name, "embedded" if requested != name else "folder", hashlib.sha256(name.encode()).hexdigest(),
              Path("/nowhere"), ((f"{name}-train-images.gz", 9_912_422, "ab" * 32), (f"{name}-labels.gz", 28_881, "cd" * 32)))
        for requested, name in names
    )  # fmt: skip
    facts: dict[str, Any] = {
        "subtitle": "Raw pixels, HOG features and convolutions: what each costs, what each gets wrong, and which to keep.",
        "course": "Machine Learning, laboratory report 2",
        "authors": [Author(name="Ada Example", id="12-345"), Author(name="Łukasz Próba")],
        "date": datetime.date(2026, 11, 20),
    }  # fmt: skip
    file = ExperimentsFile(
        report=Report(title=title, paper=paper, **(facts | report)),
        section=list(sections),
        experiment=[Experiment(id=row.id, section=row.section, title=row.title) for row in rows],
        contrast=list(contrast),
        claim=list(claim),
    )
    provenance = Provenance(
        "0.1.0",
        "reportgen build experiments.toml",
        datetime.date(2026, 11, 20),
        "3f9c2ab",
        True,
        found,
        quick,
    )
    return Experiments("experiments.toml", file, tuple(rows), "cd" * 32), tuple(results), provenance


def single(record: Record, title: str = "One run", **facts: Any) -> Triple:
    """One row in one chapter, with every kind of section."""
    row = samples.row("only", "raw", title, comment=facts.pop("comment", COMMENT))
    sections = [
        Section(id="algorithm", kind="algorithm"), Section(id="complexity", kind="complexity"),
        Section(id="raw", title=facts.pop("section_title", "Raw pixels")), Section(id="comparison", kind="comparison"),
    ]  # fmt: skip
    return triple(sections, [row], [samples.result(row, "ab" * 32, 42, record)], **facts)


def letters(count: int) -> Record:
    """A record of a data set with `count` classes."""
    names = [chr(65 + place % 26) * (1 + place // 26) for place in range(count)]
    layers: tuple[Layer, ...] = samples.mlp_layers(classes=count)
    return samples.record(
        layers=layers, class_names=names, n_test=count * 200, accuracy=0.93, dataset="letters"
    )
