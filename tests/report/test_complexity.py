"""The chapters on complexity and capacity, from the file to the page."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from reportgen.experiments.schema import Experiment, Section
from reportgen.records import Layer
from tests import networks, samples, scale
from tests.report.conftest import Written, write
from tests.report.invented import Triple

CAPACITY = Section(id="capacity", kind="capacity", architectures=["2-6-2", "2-2-2-2-2"], text="By *hand*.")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Six rows, with a chapter on capacity after that on complexity."""
    experiments, results, provenance = samples.coursework()
    first, second, *rest = experiments.file.section
    file = experiments.file.model_copy(update={"section": [first, second, CAPACITY, *rest]})
    triple = (dataclasses.replace(experiments, file=file), results, provenance)
    return write(triple, tmp_path_factory.mktemp("capacity"), pdf=False)


def text(written: Written) -> str:
    return " ".join(written.page.text().replace("\u00a0", " ").split())


def test_capacity_stands_in_the_page_with_the_programs_sentences(written: Written) -> None:
    page = text(written)
    assert "Deep and shallow networks" in page
    assert "Size of the networks, shallow and deep, by number of weights." in page
    assert (
        "“2–6–2” and “2–2–2–2–2” both have 6 hidden units: in one layer they take 24 weights, in 3 layers 16."
        in page
    )
    assert "This is said of the networks in the table and of no others." in page
    assert "Answer by the authors By hand ." in page


def test_complexity_answers_for_each_kind_of_experiment(written: Written) -> None:
    page = text(written)
    assert "What the networks of each kind of experiment read, give and consist of." in page
    assert "10 units, softmax, one for each of: T-shirt/top, Trouser" in page
    assert "Accuracy against cost" in page and "against multiply-adds of a prediction" in written.html
    # The invented records do not say how many runs shared the machine.
    assert (
        "Seconds are not compared: the number of runs at once and the number of cores were not recorded"
        in page
    )


def test_capacity_without_a_network_says_so(tmp_path: Path) -> None:
    experiments, _, provenance = samples.coursework()
    bare = Section(id="capacity", kind="capacity")
    file = experiments.file.model_copy(update={"section": [bare], "experiment": []})
    triple = (dataclasses.replace(experiments, file=file, rows=()), (), provenance)
    assert "There are no networks to compare yet." in text(write(triple, tmp_path, pdf=False))


def test_of_many_networks_twenty_are_counted_layer_by_layer_and_all_of_them_in_files(tmp_path: Path) -> None:
    triple = scale.coursework(28, n_test=500)
    made = write(triple, tmp_path, pdf=False)
    page = text(made)
    assert "Of 27 networks, 20 are counted layer by layer" in page and "The other 7 have a line each" in page
    assert made.html.count('<div class="architecture">') == 20
    files = {path.stem for path in tmp_path.rglob("complexity-*.csv")}
    ids = {f"complexity-{result.row.id}" for result in triple[1] if result.record is not None}
    assert files == ids


def with_layers(*networks_of: tuple[Layer, ...]) -> Triple:
    """The sample's rows, as many as there are networks, each with one of them."""
    experiments, results, provenance = samples.coursework()
    made = []
    for number, layers in enumerate(networks_of):
        row = dataclasses.replace(results[0].row, id=f"row-{number}", title=f"Row {number}")
        record = samples.record(layers=layers, n_test=200, n_validation=120, seed=number)
        made.append(samples.result(row, f"{number:064x}", 42, record))
    rows = tuple(result.row for result in made)
    file = experiments.file.model_copy(
        update={"experiment": [Experiment(id=row.id, section=row.section, title=row.title) for row in rows]}
    )
    return dataclasses.replace(experiments, file=file, rows=rows), tuple(made), provenance


def test_few_networks_are_drawn_above_their_tables(tmp_path: Path) -> None:
    separable = (
        networks.separable(28, 1, 32, 3, times=2), networks.depthwise(28, 32, 3, stride=2),
        samples.plain("gap", "GlobalAveragePooling2D", (14, 14, 32), (32,)), samples.dense("o", 32, 10, "softmax"),
    )  # fmt: skip
    written = write(
        with_layers(networks.deep(), networks.borrowed(), separable, networks.deep()), tmp_path, pdf=False
    )
    page = text(written)
    assert page.count("From input to output:") == 3
    assert "The same network in 2 rows: Row 0 ; Row 3 ." in page
    assert "A separable convolution takes two steps" in page and "A batch normalisation of" in page
    assert 'class="data layers small tight more named"' in written.html
    assert "114 layers (frozen)" in page and "Grey to RGB" in page
    assert '<a class="nowrap" href="#section-complexity:1">network 2.1</a>' in written.html
    assert "The networks of this report" not in page  # three are no crowd


def test_many_networks_are_drawn_at_the_end_and_both_places_lead_to_each_other(tmp_path: Path) -> None:
    made = [samples.mlp_layers(hidden=(20 + n,)) for n in range(7)]
    written = write(with_layers(*made), tmp_path, pdf=False)
    page = text(written)
    assert "The networks of this report, the one with the fewest parameters first." in page
    for number in range(7):
        assert f'href="#network-row-{number}">B.{number + 1}</a>' in written.html
        assert f'id="network-row-{number}"' in written.html
        assert f'href="#section-complexity:{number + 1}">2.{number + 1}</a>' in written.html
    assert page.count("From input to output:") == 7
