"""Names in print."""

from __future__ import annotations

import pytest

from reportgen.analysis import words
from reportgen.datasets import registry
from reportgen.datasets.registry import Source


def test_a_data_set_is_called_by_its_title_in_the_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    assert words.data_set("letters3") == "letters3"
    letters = Source("letters3", "Letters", ("A", "B", "C"), 900, 150, folder="letters3")
    monkeypatch.setattr(registry, "DATASETS", {**registry.DATASETS, "letters3": letters})
    assert words.data_set("letters3") == "Letters"
    assert [words.data_set(name) for name in ("mnist", "fashion_mnist", "digits", "garments")] == [
        "MNIST", "Fashion-MNIST", "Digits, 8 × 8", "Drawn garments",
    ]  # fmt: skip
