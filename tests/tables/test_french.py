"""Every table in French: no English word, decimal commas, and the raw values of the English one."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Callable

import pytest

from reportgen import language, tables
from reportgen.analysis.capacity import tasks
from reportgen.analysis.complexity import distinct_architectures
from reportgen.analysis.contrasts import family
from reportgen.experiments.schema import Claim, Contrast, Protocol, Published
from reportgen.records import Features, Layer, Record
from reportgen.results import Failure, Result
from reportgen.tables import Table, widths
from reportgen.tables.capacity import capacity_table
from reportgen.tables.fronts import fronts_table
from reportgen.tables.kinds import kinds_tables
from tests import samples
from tests.tables.french import decimal_points, english_words
from tests.tables.reading import repeated, result
from tests.tables.test_families import Verdict

NAMES = ("Title of ", *samples.CLOTHES, "relu", "elsewhere")
HOG = Features(
    "hog", 392, {"orientations": 8, "pixels_per_cell": 4, "cells_per_block": 1, "block_norm": "L2-Hys"}
)
BEST = Published(
    test_accuracy=0.97, test_loss=0.1, f1=0.9, best_validation_accuracy=0.975, best_validation_accuracy_epoch=9,
    best_validation_loss=0.0917, best_validation_loss_epoch=7,
)  # fmt: skip
ALONE = Published(
    test_accuracy=0.5, total_params=198_760, best_validation_accuracy=0.51, best_validation_loss=0.7
)
TWO_DATA_SETS = (
    result("a", layers=samples.cnn_layers(), published=BEST),
    repeated("b", accuracy=0.9, lost=(1,), published=ALONE),
    result("c", validation="test", accuracy=0.6, published=Published(test_accuracy=0.61)),
    result("d", layers=samples.mlp_layers(392, (200,)), features=HOG, section="hog", seed=7),
    repeated("e", accuracy=0.7, lost=(0, 1, 2), published=Published(test_accuracy=0.7)),
    result("f", dataset="fashion_mnist", section="cloth"),
    result("g", name="garments", dataset="fashion_mnist", published=Published(test_accuracy=0.9)),
)


def with_stop(record: Record) -> Record:
    """The record with another load, pooling of a mean, a schedule and a switch of the optimiser."""
    pools = tuple(
        dataclasses.replace(layer, class_name="AveragePooling2D") if "Pool" in layer.class_name else layer
        for layer in record.layers
    )
    environment = {**record.environment, "jobs": 2, "cores": 2}
    settings = {**record.optimizer["settings"], "nesterov": True, "weight_decay": 0.004, "use_ema": True}
    return dataclasses.replace(
        record, layers=pools, environment=environment, optimizer={"name": "SGD", "settings": settings}
    )


def distinct(rows: list[Result]) -> list[Result]:
    """The rows with parameters of their own: else two are reruns of one configuration."""
    return [
        dataclasses.replace(
            one, row=dataclasses.replace(one.row, parameters={**one.row.parameters, "hidden_units": [place]})
        )
        for place, one in enumerate(rows)
    ]


def contrast_of(rows: list[Result], reference: str | None = None, **changes: str) -> Table:
    own = [one.row.id for one in rows]
    declared = Contrast(id="units", title="T", rows=own, reference=reference).model_copy(update=changes)
    return tables.contrast_table(family(declared, rows), {name: f"Title of {name}" for name in own})


def seeds_with_load() -> Result:
    records: list[Record | Failure] = [
        with_stop(samples.record(seed=seed, n_test=500, layers=samples.cnn_layers(), epochs=20 + seed % 2))
        for seed in (42, 43)
    ]
    return samples.repeated(samples.row("s", title="Title of s"), [*records, Failure("out-of-memory", "")])


def architectures() -> list[Table]:
    frozen = Layer("n", "BatchNormalization", {}, (9,), (9,), samples.dense("d", 9, 9, "relu").variables[1:])
    still = dataclasses.replace(frozen.variables[0], name="moving_mean", trainable=False)
    frozen = dataclasses.replace(frozen, variables=(*frozen.variables, still))
    odd = (samples.dense("x", 784, 9, "relu"), frozen, samples.dense("o", 9, 10, "softmax"))
    found = distinct_architectures([*TWO_DATA_SETS, result("n", layers=odd)])
    return [tables.complexity_table(one) for one in found]


def rows_for_contrasts() -> list[Result]:
    return distinct(
        [result("a", accuracy=0.95), result("b", accuracy=0.945, seed=7), result("c", accuracy=0.6)]
    )


MADE: dict[str, Callable[[], list[Table]]] = {
    "comparison": lambda: [
        tables.comparison_table(TWO_DATA_SETS),
        tables.comparison_table(TWO_DATA_SETS[:1]),
    ],
    "section": lambda: [tables.section_table(TWO_DATA_SETS[:3], TWO_DATA_SETS), tables.section_table([])],
    "published": lambda: [
        *tables.published_tables(TWO_DATA_SETS, Protocol(validation="test", test_items=10_000)),
        *tables.published_tables(TWO_DATA_SETS[:1]),
    ],
    "calibration": lambda: [
        tables.calibration_table(TWO_DATA_SETS),
        tables.calibration_table(TWO_DATA_SETS[:1]),
    ],
    "capacity": lambda: [capacity_table(tasks(TWO_DATA_SETS, ["2-6-2", "2-2-2-2-2", "2-2"]))],
    "kinds": lambda: list(kinds_tables(TWO_DATA_SETS, {}, {"a": "2.1"})),
    "complexity": architectures,
    "fronts": lambda: [table for table in [fronts_table(TWO_DATA_SETS)] if table is not None],
    "fronts without times": lambda: [
        table for table in [fronts_table([result("a"), seeds_with_load()])] if table is not None
    ],
    "settings": lambda: [
        tables.hyper_parameters(one) for one in (*TWO_DATA_SETS, seeds_with_load(), repeated("many", runs=7))
    ],
    "seeds": lambda: [tables.seeds_table(TWO_DATA_SETS[1]), tables.seeds_table(seeds_with_load())],
    "confused": lambda: [
        tables.confused_pairs_table(TWO_DATA_SETS[0]),
        tables.confused_pairs_table(repeated("many", runs=7, accuracy=0.9)),
        tables.confused_pairs_table(result("right", accuracy=1.0)),
    ],
    "classes": lambda: [tables.class_table(TWO_DATA_SETS[0]), tables.class_table(TWO_DATA_SETS[1])],
    "history": lambda: [tables.history_table(TWO_DATA_SETS[2]), tables.history_table(seeds_with_load())],
    "contrasts": lambda: [
        contrast_of(rows_for_contrasts()),
        contrast_of(rows_for_contrasts(), "best"),
        contrast_of(rows_for_contrasts(), measure="validation_accuracy"),
        contrast_of(distinct([repeated("a", accuracy=0.95), repeated("b", accuracy=0.7), result("c")]), "a"),
        contrast_of(
            distinct([result("a", validation="test"), TWO_DATA_SETS[4], result("z", seed=1)]), "best"
        ),
        contrast_of([result("a"), result("a2", seed=5)]),
    ],
    "claims": lambda: [
        tables.claims_table([(Claim(id="x", text="T", expression="True"), Verdict(status, "3 > 2"))])
        for status in ("supported", "not supported", "undecided", "no result")
    ],
}


def said(table: Table) -> list[str]:
    """Everything that is printed of a table."""
    heads = [part for one in table.columns for part in (one.head, one.group)]
    return [table.caption, table.note, *heads, *(cell.text for line in table.rows for cell in line.cells)]


@pytest.mark.parametrize("name", MADE)
def test_a_french_table_holds_no_english_word_and_no_decimal_point(name: str) -> None:
    with language.use("fr"):
        made = MADE[name]()
    assert made
    for table in made:
        for text in said(table):
            assert not english_words(text, *NAMES), text
            assert not decimal_points(text.replace("2.1", "")), text


@pytest.mark.parametrize("name", MADE)
def test_raw_values_are_those_of_the_english_table(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widths, "PAGE", 5000.0)  # a language may leave out other columns
    english = MADE[name]()
    with language.use("fr"):
        french = MADE[name]()
    for ours, theirs in zip(english, french, strict=True):
        assert ours.id == theirs.id and len(ours.columns) == len(theirs.columns)
        assert [[cell.value for cell in line.cells] for line in ours.rows] == [
            [cell.value for cell in line.cells] for line in theirs.rows
        ]
        assert [column.kind for column in ours.columns] == [column.kind for column in theirs.columns]
        assert [line.style for line in ours.rows] == [line.style for line in theirs.rows]
        printed = [
            list(csv.reader(io.StringIO(tables.to_csv(one), newline="")))[1:] for one in (ours, theirs)
        ]
        assert printed[0] == printed[1]


@pytest.mark.parametrize("name", MADE)
def test_a_french_table_says_something_else_than_the_english_one(name: str) -> None:
    english = MADE[name]()
    with language.use("fr"):
        french = MADE[name]()
    for ours, theirs in zip(english, french, strict=True):
        assert ours.caption != theirs.caption
        assert (not ours.note and not theirs.note) or ours.note != theirs.note


@pytest.mark.parametrize("name", ["comparison", "section", "published", "calibration", "contrasts"])
def test_a_french_table_fits_the_page(name: str) -> None:
    with language.use("fr"):
        for table in MADE[name]():
            assert widths.width(table) <= widths.PAGE, table.id


def test_an_english_table_in_a_french_block_is_english_again() -> None:
    with language.use("fr"), language.use("en"):
        table = tables.comparison_table(TWO_DATA_SETS)
    assert table == tables.comparison_table(TWO_DATA_SETS)
