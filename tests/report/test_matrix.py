"""The matrix's cells: colour by share of the class, the same for every report."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.analysis.metrics import confusion_matrix
from reportgen.records import Record
from reportgen.report.matrix import BINS, LARGEST, LEGEND, WIDE, Matrix, colour_class, matrix_view
from tests import samples
from tests.report.invented import letters


def view_of(record: Record) -> Matrix | None:
    """The matrix of one run's test set."""
    names = record.data.class_names
    return matrix_view(confusion_matrix(record.test, len(names)), names)


@pytest.mark.parametrize(
    ("count", "support", "expected"),
    [(0, 1000, "e0"), (2, 1000, "e1"), (3, 1000, "e2"), (5, 1000, "e2"), (6, 1000, "e3"), (10, 1000, "e3"),
     (20, 1000, "e4"), (50, 1000, "e5"), (51, 1000, "e6"), (1, 10, "e6"), (20, 10_000, "e1")],
)  # fmt: skip
def test_colour_is_the_share_of_the_class(count: int, support: int, expected: str) -> None:
    assert colour_class(count, support) == expected


def test_the_legend_names_every_bin() -> None:
    assert len(LEGEND) == len(BINS) + 1
    for (_, words), end in zip(LEGEND, BINS, strict=False):
        assert words.endswith(f"{100 * end:g}")


def test_cells_are_the_counts() -> None:
    record = samples.record(dataset="fashion_mnist", accuracy=0.8)
    view = view_of(record)
    assert view is not None
    counts = confusion_matrix(record.test, 10)
    printed = [[int(cell.text.replace("\u00a0", "") or 0) for cell in row.cells] for row in view.rows]
    assert np.array_equal(printed, counts)
    assert [row.cells[n].style for n, row in enumerate(view.rows)] == ["hit"] * 10
    assert view.rows[3].recall == f"{100 * counts[3, 3] / counts[3].sum():.1f}"
    assert view.precision[3] == f"{100 * counts[3, 3] / counts[:, 3].sum():.1f}"


def test_heads_are_turned_or_numbered_where_names_are_long() -> None:
    short = view_of(samples.record())
    clothes = view_of(samples.record(dataset="fashion_mnist"))
    long = view_of(samples.record(class_names=[f"a very long class name {n}" for n in range(10)]))
    assert short is not None and clothes is not None and long is not None
    assert not short.turned and clothes.turned and not long.turned
    assert [head for head, _ in long.heads] == [str(n) for n in range(1, 11)]
    assert long.rows[4].name == "a very long class name 4 (5)"
    assert long.heads[4][1] == "a very long class name 4"


@pytest.mark.parametrize("classes", [2, 10, 11, 26])
def test_a_matrix_fits_the_page(classes: int) -> None:
    view = view_of(letters(classes))
    assert view is not None
    assert view.width <= WIDE


def test_too_many_classes_have_no_matrix() -> None:
    assert view_of(letters(LARGEST)) is not None
    assert view_of(letters(LARGEST + 1)) is None


def test_counts_that_leave_no_room_for_a_space_have_none() -> None:
    view = matrix_view(np.diag([9_800, 10_000]), ("no", "yes"))
    assert view is not None
    assert [view.rows[n].cells[n].text for n in range(2)] == ["9\u00a0800", "10000"]
