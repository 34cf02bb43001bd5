"""A small report that has one of everything: what a browser, a tag tree and a page must hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reportgen.experiments.resolved import Row
from reportgen.experiments.schema import Claim, Contrast, Published, Reference, Section
from reportgen.results import Failure, Result
from tests import samples
from tests.report.invented import COMMENT, Triple, triple, with_settings

CYRILLIC = ("ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять")


def everything(**report: Any) -> Triple:
    """Seven rows in three chapters: several seeds, a failed row, a compact chapter, all kinds of prose."""
    sections = [
        Section(id="algorithm", kind="algorithm", question="Which *learning algorithm* is used?", text=COMMENT),
        Section(id="data", kind="data", introduction="The digits are ‘old friends’."),
        Section(id="complexity", kind="complexity", question="Count the weights."),
        Section(id="capacity", kind="capacity"),
        Section(id="raw", title="Raw pixels", question="What does dropout do?", introduction="Every pixel is an input.",
                conclusion="See [the first](#row-raw-1) and [@keras].\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n"),
        Section(id="clothes", title="Clothing", pages="compact"),
        Section(id="words", title="Числа словами: α, β", introduction="Une étude à Łódź: Ελληνικά, русский."),
        Section(id="comparison", kind="comparison", conclusion=COMMENT),
        Section(id="end", kind="prose", title="Conclusions", question="What holds?",
                text="## What holds\n\nThe best by validation is {{ best.title }}. $E = \\frac{1}{n}\\sum_i e_i$ " + COMMENT),
    ]  # fmt: skip
    sizes: dict[str, Any] = {"n_test": 600, "n_validation": 400}
    rows: list[Row] = []
    results: list[Result] = []
    for number, units in enumerate((150, 250, 300), 1):
        published = Published(test_accuracy=0.9619, test_loss=0.1175) if number == 1 else None
        row = samples.row(f"raw-{number}", "raw", f"{units} tanh units, {'no dropout' if number < 3 else 'dropout 0.5'}",
                          comment=(None, COMMENT, None, COMMENT * 2)[number], published=published)  # fmt: skip
        layers = samples.mlp_layers(hidden=(units,))
        records = [
            with_settings(samples.record(layers=layers, accuracy=0.93 + number / 100, seed=seed, **sizes))
            for seed in range(3 if number == 3 else 1)
        ]
        if number == 2:
            failure = Failure(
                "kernel-died",
                "the kernel was killed (SIGKILL)",
                4,
                "Epoch 3/20\nKilled",
                12.0,
                "try fewer --jobs",
            )
            results.append(samples.result(row, "1" * 64, 42, failure=failure))  # fmt: skip
        elif len(records) > 1:
            results.append(samples.repeated(row, records))
        else:
            results.append(samples.result(row, "2" * 64, 42, records[0]))
        rows.append(results[-1].row)
    for number, units in enumerate((10, 25, 35), 1):
        row = samples.row(f"clothes-{number}", "clothes", f"{units} units after three convolutions",
                          notebook="fashion_cnn", comment="Shirts are hard.")  # fmt: skip
        record = samples.record(
            layers=samples.cnn_layers(units),
            dataset="fashion_mnist",
            accuracy=0.84 + number / 50,
            seed=number,
            **sizes,
        )
        results.append(samples.result(row, f"{number + 10:064x}", 42, with_settings(record)))
        rows.append(row)
    words = samples.record(dataset="words", class_names=CYRILLIC, accuracy=0.9, seed=9, **sizes)
    row = samples.row("words-1", "words", "Числа: θ = 0,5; Łódź, naïve", comment=COMMENT)
    results.append(samples.result(row, "9" * 64, 42, replace(words, features=samples.record().features)))
    rows.append(row)
    return triple(
        sections, rows, results,
        title="Digits, clothing and words: seven classifiers",
        contrast=[Contrast(id="dropout", title="Does dropout help?", rows=["raw-1", "raw-3"], text="Asked first."),
                  Contrast(id="sizes", title="Sizes on clothes", rows=["clothes-1", "clothes-2", "clothes-3"], reference="best")],
        claim=[Claim(id="high", text="It is high.", expression="row('raw-3').test_accuracy > 0.5"),
               Claim(id="low", text="It is low.", expression="row('clothes-1').test_accuracy < 0.1", section="clothes")],
        references=[Reference(key="keras", text="Keras, https://keras.example.org")],
        **report,
    )  # fmt: skip
