"""A small report of invented runs, rendered, and its runs written as the store keeps them."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

import numpy as np

from reportgen.experiments.resolved import Row
from reportgen.experiments.schema import Claim, Contrast, Published, Section
from reportgen.recordfile import to_files
from reportgen.records import Features, Predictions, Record
from reportgen.report.assets import built_in
from reportgen.report.render import render
from reportgen.results import Failure, Result
from tests import samples
from tests.report.invented import HOG, Triple, triple

SOURCE = """
[published]
test_items = 10000
validation_items = 2000

[[experiment]]
id = "raw-150"

[experiment.published]
test_accuracy = 0.9612
test_loss = 0.117
best_validation_accuracy = 0.967
best_validation_accuracy_epoch = 27
best_validation_loss = 0.109

[[experiment]]
id = "clothes-25"

[experiment.published]
test_accuracy = 0.88
f1 = 0.88
total_params = 7465
best_validation_accuracy = 0.8912
best_validation_loss = 0.2207
best_validation_loss_epoch = 9
"""
GIVEN = {
    each["id"]: Published.model_validate(each["published"]) for each in tomllib.loads(SOURCE)["experiment"]
}
COMMENT = (
    "{{ this.test_accuracy }} ({{ this.low_test_accuracy }} to {{ this.high_test_accuracy }}), loss "
    "{{ this.test_loss }}, {{ this.total_params }} parameters, {{ this.multiply_adds }} multiply-adds."
)


def honest(record: Record) -> Record:
    """A record whose probabilities are none of them next to nothing, and whose scores follow from them."""
    changed: dict[str, Predictions] = {}
    scores = {}
    for part in ("test", "validation"):
        made: Predictions = getattr(record, part)
        classes = made.probabilities.shape[1]
        given = (0.97 * made.probabilities + 0.03 / classes).astype(np.float32)
        changed[part] = Predictions(made.index, made.y_true, given.argmax(axis=1), given)
        own = given.astype(np.float64)[np.arange(len(made.y_true)), made.y_true]
        accuracy = float((given.argmax(axis=1) == made.y_true).mean())
        scores[part] = {"loss": float(-np.log(own).mean()), "accuracy": accuracy}
    return dataclasses.replace(
        record, evaluation=scores, test=changed["test"], validation=changed["validation"]
    )


def _row(id: str, section: str, units: int, **facts: object) -> Row:
    data = "fashion_mnist" if section == "clothes" else "mnist"
    parameters = {"dataset": data, "hidden_units": [units], "kind": section}
    return samples.row(id, section, f"{units} units, {id}", parameters=parameters, comment=COMMENT, **facts)


def results() -> list[Result]:
    """Rows with one, three and five seeds, one of them with a lost seed; pixels, features, convolutions."""
    found = []
    for units, seeds in ((150, 3), (250, 3), (300, 1)):
        layers = samples.mlp_layers(hidden=(units,))
        published = GIVEN["raw-150"] if units == 150 else None
        runs: list[Record | Failure] = [
            honest(samples.record(layers=layers, accuracy=0.95 + units / 10_000, seed=42 + s + units))
            for s in range(seeds)
        ]
        if units == 250:
            runs[1] = Failure("time-limit", "too long", 4, "", 12.0, "more time")
        found.append(samples.repeated(_row(f"raw-{units}", "raw", units, published=published), runs))
    for units in (100, 200):
        features = Features("hog", 392, HOG, 3.0)
        layers = samples.mlp_layers(inputs=392, hidden=(units,), activation="relu")
        seeded = [
            honest(samples.record(layers=layers, features=features, accuracy=0.955 + units / 20_000,
                                  seed=7 * s + units))
            for s in range(5)
        ]  # fmt: skip
        found.append(samples.repeated(_row(f"hog-{units}", "hog", units), seeded))
    for units in (10, 25, 35):
        published = GIVEN["clothes-25"] if units == 25 else None
        record = samples.record(
            layers=samples.cnn_layers(units), dataset="fashion_mnist", accuracy=0.82 + units / 500, seed=units
        )
        row = _row(f"clothes-{units}", "clothes", units, published=published)
        found.append(samples.repeated(row, [honest(record)]))
    return [_of_origin(result) for result in found]


def _of_origin(result: Result) -> Result:
    """One row's run was merged, and one of another's seeds was accepted, both from other environments."""
    origins = {"raw-300": (0, "Anna", ()), "hog-100": (3, "Ben", ('versions.python "3.12" -> "3.11"',))}
    place, owner, differences = origins.get(result.row.id, (-1, "", ()))
    if place < 0:
        return result
    runs = list(result.runs)
    record = runs[place].record
    assert record is not None
    environment = {**record.environment, "python": "3.12.4", "cpu": "Another CPU at 2 GHz"}
    made = dataclasses.replace(record, environment=environment)
    runs[place] = dataclasses.replace(runs[place], record=made, owner=owner, differences=differences)
    # A shorter title, so that the mark behind it leaves every column its room, in both languages.
    row = dataclasses.replace(result.row, title=result.row.title.partition(",")[0])
    return dataclasses.replace(result, row=row, runs=tuple(runs))


def report() -> Triple:
    """The report's three arguments."""
    made = results()
    sections = [
        Section(id="complexity", kind="complexity"),
        Section(id="capacity", kind="capacity", architectures=["2-6-2", "2-2-2-2-2"]),
        Section(id="raw", title="Raw pixels", notebook="raw_mlp"),
        Section(id="hog", title="Features", notebook="raw_mlp"),
        Section(id="clothes", title="Clothes", notebook="raw_mlp"),
        Section(id="comparison", kind="comparison"),
    ]
    experiments, runs, provenance = triple(sections, [result.row for result in made], made)
    rows = {
        result.row.section: [r.row.id for r in made if r.row.section == result.row.section] for result in made
    }
    file = experiments.file.model_copy(
        update={
            "contrast": [
                Contrast(id="raw", title="Raw", rows=rows["raw"]),
                Contrast(id="hog", title="Features", rows=rows["hog"]),
                Contrast(id="clothes", title="Clothes", rows=rows["clothes"], reference="best"),
                Contrast(id="kept", title="Kept", rows=rows["raw"][:2], measure="validation_accuracy"),
                Contrast(id="held", title="Held", rows=["raw-300", *rows["hog"]], measure="validation_accuracy"),
            ],
            "claim": [
                Claim(id="one", text="One.", expression="row('clothes-35').test_accuracy > row('clothes-10')"
                      ".test_accuracy"),
                Claim(id="two", text="Two.", expression="row('raw-150').macro_f1 > 0.5"),
            ],
            "published": experiments.file.published.model_copy(
                update={"test_items": 10_000, "validation_items": 2_000}
            ),
        }
    )  # fmt: skip
    return dataclasses.replace(experiments, file=file), runs, provenance


def write(folder: Path, language: str = "en") -> None:
    """Write results.json, report.html, experiments.toml and the runs' store into a folder."""
    experiments, results, provenance = report()
    told = experiments.file.report.model_copy(update={"language": language})
    file = experiments.file.model_copy(update={"report": told})
    made = (dataclasses.replace(experiments, file=file), results, provenance)
    for result in made[1]:
        for run in result.runs:
            if run.record is not None:
                place = folder / "store" / "objects" / run.key[:2] / run.key
                place.mkdir(parents=True)
                for name, content in to_files(run.record).items():
                    (place / name).write_bytes(content)
    (folder / "experiments.toml").write_text(SOURCE, encoding="utf-8")
    render(*made, out=folder, templates=built_in("templates"), figure_cache=folder / "figures",
           epoch=1_790_000_000, pdf=False)  # fmt: skip
