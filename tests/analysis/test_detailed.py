"""Which networks have a table of their layers where there are many."""

from __future__ import annotations

from reportgen.analysis.complexity import Architecture, distinct_architectures
from reportgen.analysis.detailed import MOST, detailed
from reportgen.results import Result
from tests import samples


def result(units: int, accuracy: float, dataset: str = "mnist") -> Result:
    record = samples.record(
        layers=samples.mlp_layers(hidden=(units,)), accuracy=accuracy, dataset=dataset, n_test=500,
        n_validation=1_000, epochs=1, seed=units,
    )  # fmt: skip
    return samples.result(samples.row(f"r{units}"), f"k{units}", 42, record)


def units(found: tuple[Architecture, ...]) -> list[int]:
    return [int(item.label.split("–")[1]) for item in found]


def test_few_networks_are_all_shown() -> None:
    found = distinct_architectures([result(n, 0.5) for n in range(1, MOST + 1)])
    assert detailed(found, []) == found


def test_of_many_the_extremes_and_the_first_of_each_data_set_in_turn() -> None:
    rows = [result(n, 0.3 + 0.06 * n) for n in range(1, 9)]
    rows += [result(n, 0.3 + 0.06 * (n - 10), "fashion_mnist") for n in range(11, 19)]
    found = distinct_architectures(rows)
    assert units(detailed(found, rows, 2)) == [1, 18]
    # The first on clothes is the largest network already.
    assert units(detailed(found, rows, 3)) == [1, 8, 18]
    assert units(detailed(found, rows, 5)) == [1, 7, 8, 17, 18]
    assert len(detailed(found, rows, 16)) == 16
