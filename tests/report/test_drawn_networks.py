"""Where networks are drawn: beside their tables, or many of them at the end, and how places lead to each other."""

from __future__ import annotations

import dataclasses

import pytest

from reportgen.experiments.resolved import Experiments
from reportgen.experiments.schema import Section
from reportgen.report.begun import begun
from reportgen.report.drawn_networks import INLINE, appendix_letter, counting_places, network_places
from reportgen.results import Result
from tests import networks, samples


def rows(count: int) -> list[Result]:
    return [
        samples.result(
            samples.row(f"r{n}", title=f"Row {n}"), f"{n}", 42,
            samples.record(layers=samples.mlp_layers(hidden=(20 + n,)), n_test=20, n_validation=20),
        )
        for n in range(count)
    ]  # fmt: skip


def file_of(*kinds: str, **report: object) -> Experiments:
    experiments, _, _ = samples.coursework()
    sections = [Section(id=f"s{n}", kind=kind, title="x") for n, kind in enumerate(kinds)]
    own = experiments.file.report.model_copy(update=report)
    file = experiments.file.model_copy(update={"section": sections, "report": own})
    return dataclasses.replace(experiments, file=file)


def test_few_networks_are_drawn_where_they_are_counted() -> None:
    file = file_of("prose", "complexity").file
    found, counted = network_places(file, rows(INLINE)), counting_places(file, rows(INLINE))
    assert [found[f"r{n}"].number for n in range(INLINE)] == [f"2.{n + 1}" for n in range(INLINE)]
    assert found == counted
    assert found["r0"].anchor == "section-s1:1"


def test_many_networks_have_an_appendix_of_their_own() -> None:
    file = file_of("complexity").file
    found = network_places(file, rows(INLINE + 1))
    assert [place.number for place in found.values()] == [f"B.{n + 1}" for n in range(INLINE + 1)]
    assert found["r3"].anchor == "network-r3"
    assert counting_places(file, rows(INLINE + 1))["r3"].number == "1.4"


@pytest.mark.parametrize(
    ("report", "letter"),
    [
        ({}, "B"), ({"appendices": ["networks"]}, "B"), ({"appendices": ["networks", "code"]}, "C"),
        ({"appendices": ["epochs", "code"], "experiment_pages": "appendix"}, "E"),
    ],
)  # fmt: skip
def test_the_appendix_of_networks_is_the_last(report: dict[str, object], letter: str) -> None:
    assert appendix_letter(file_of("complexity", **report).file) == letter


def test_without_a_chapter_on_complexity_they_are_drawn_where_the_file_asks_for_it() -> None:
    assert network_places(file_of("prose").file, rows(2)) == {}
    found = network_places(file_of("prose", appendices=["networks"]).file, rows(2))
    assert [place.number for place in found.values()] == ["B.1", "B.2"]
    assert network_places(file_of("complexity").file, []) == {}


def test_rows_that_share_a_network_share_its_place() -> None:
    same = [*rows(2), dataclasses.replace(rows(1)[0], row=samples.row("again"))]
    found = network_places(file_of("complexity").file, same)
    assert found["again"] == found["r0"] != found["r1"]


def test_a_warm_start_is_traced_to_the_epoch_whose_weights_it_took() -> None:
    first, second = rows(2)
    record = second.records[0]
    going_on = samples.with_record(second, dataclasses.replace(record, initial={"key": "0", "weights": "w"}))
    found = begun(going_on, [first, going_on])
    assert found is not None
    assert (found.title, found.epochs) == ("Row 0", (first.records[0].tested_epoch,))
    assert begun(first, [first, going_on]) is None
    assert begun(going_on, [going_on]) is None  # its source is in another report


def test_a_report_with_borrowed_and_deep_networks_holds_together() -> None:
    made = [*rows(1), *(
        samples.result(samples.row(name), name, 42, samples.record(layers=layers, n_test=20, n_validation=20))
        for name, layers in (("deep", networks.deep()), ("borrowed", networks.borrowed()))
    )]  # fmt: skip
    found = network_places(file_of("complexity").file, made)
    third = list(found.values())[2]
    assert (third.title, third.subtitle) == ("Network 3", "28×28×1–MobileNetV2 (frozen)–512–10")
