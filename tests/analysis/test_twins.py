"""Rows that share their runs count once, and losses are compared without penalties."""

from __future__ import annotations

import dataclasses

import pytest

from reportgen import tables
from reportgen.analysis import beginnings, penalty_words, twin_words, twins
from reportgen.analysis.differences import rank_ranges
from reportgen.analysis.metrics import ranks
from reportgen.analysis.scores import score
from reportgen.experiments.schema import Published
from reportgen.records import Record
from reportgen.results import Result
from tests import samples
from tests.analysis.observations.invented import answers, record, row


def pair(first: float = 0.99, second: float = 0.985) -> tuple[Result, ...]:
    """Two rows with one run, and published figures of each; and a row of another run."""
    made = record(validation=answers(100))
    one, other = row("a", made, same_as=("b",)), row("b", made, same_as=("a",))
    other = dataclasses.replace(other, runs=one.runs)
    return (
        dataclasses.replace(one, row=dataclasses.replace(one.row, published=Published(test_accuracy=first))),
        row("c", record(validation=answers(600))),
        dataclasses.replace(other, row=dataclasses.replace(other.row, published=Published(test_accuracy=second))),
    )  # fmt: skip


def test_one_run_has_one_rank() -> None:
    found = rank_ranges(pair())
    assert {name: (place.first, place.last, place.of) for name, place in found.items()} == {
        "a": (1, 1, 2), "b": (1, 1, 2), "c": (2, 2, 2),
    }  # fmt: skip
    order = ranks(pair())
    assert (order["a"], order["c"].rank) == (order["b"], 2)


def test_a_table_ranks_a_run_once_and_says_why() -> None:
    for table in (tables.comparison_table(pair()), tables.section_table(pair())):
        heads = [column.full_head for column in table.columns]
        rank, title = heads.index("Rank"), heads.index("Experiment")
        by_title = {
            line.cells[title].text: line.cells[rank].text for line in table.rows if len(line.cells) > 1
        }
        assert by_title == {"A": "1", "B": "=", "C": "2"}
        assert (
            "“A” and “B” are one configuration and one run, which counts once and is marked = where it comes again."
            in table.note
        )


def test_many_configurations_of_several_rows_are_counted() -> None:
    results = []
    for number in range(twin_words.MOST_NAMED // 2 + 1):
        made = samples.record(seed=number)
        results += [
            samples.result(samples.row(f"{name}{number}", title=f"{name} {number}"), f"{number}", 42, made)
            for name in "ab"
        ]
    assert twin_words.note(results[:6]).count("counts once") == 3
    assert twin_words.note(results).startswith("4 configurations stand in several rows, 8 in all")


def test_rows_of_one_title_are_counted() -> None:
    """Trials of a search that are proposed again have the title of the first."""
    made = samples.record()
    rows = [samples.result(samples.row(id, title="Trial"), "k", 42, made) for id in "ab"]
    assert twin_words.note(rows).startswith("1 configuration stands in several rows, 2 in all: it is one run")


def test_published_figures_of_one_configuration_are_noise() -> None:
    (found,) = twins.noise([pair()[0], pair()[2]])
    assert (found.measure, found.values, found.difference) == ("test_accuracy", (0.99, 0.985), 0.005)
    said = twin_words.noise_words([pair()[0], pair()[2]]).replace("\u00a0", " ")
    assert "test accuracy 99.00 % and 98.50 % (0.50 points)" in said and "own noise" in said
    assert twin_words.noise_words([each for each in pair(0.99, 0.99) if each.row.id != "c"]) == ""


def penalised(part: float) -> Record:
    """A run whose losses hold a penalty."""
    made = samples.record(n_test=200, n_validation=120, penalty=part)
    layers = (
        dataclasses.replace(made.layers[0], settings={**made.layers[0].settings, "kernel_regularizer": "l2"}),
    )
    return dataclasses.replace(made, layers=(*layers, *made.layers[1:]))  # fmt: skip


def test_losses_are_without_their_penalty_but_beside_published_ones() -> None:
    made = penalised(0.05)
    result = samples.result(samples.row(published=Published(test_loss=0.3)), "k", 42, made)
    whole = made.evaluation["test"]["loss"]
    assert score(result, "test_loss").mean == pytest.approx(whole - 0.05)
    (table,) = tables.published_tables([result])
    heads = [column.full_head for column in table.columns]
    assert table.rows[0].cells[heads.index("Loss: ours")].value == pytest.approx(whole)
    assert "hold a penalty of regularisers" in table.note
    assert "In 1 of 1 rows" in penalty_words.of_rows([result])
    plain = samples.result(samples.row(), "l", 42, samples.record(n_test=200, n_validation=120))
    assert penalty_words.of_rows([plain]) == penalty_words.published_note([plain]) == ""


def test_epochs_behind_a_warm_start_are_those_of_every_run_before_it() -> None:
    first = row("a", record(epochs=30))
    second = row(
        "b", dataclasses.replace(record(epochs=20), initial={"key": first.runs[0].key}, tested_epoch=15)
    )
    third = row("c", dataclasses.replace(record(epochs=10), initial={"key": second.runs[0].key}))
    every = (first, second, third)
    assert third.record is not None and second.record is not None
    assert beginnings.epochs_behind(third.record, every) == 30 + 15 + 10
    found = beginnings.source(third.record, every)
    assert found is not None and (found.result.row.id, found.epoch) == ("b", 15)
    assert beginnings.epochs_behind(third.record, (third,)) is None
