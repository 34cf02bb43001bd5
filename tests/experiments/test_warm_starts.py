"""Rows that start from the trained weights of others."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.experiments.warm_starts import in_order
from tests.experiments.test_row_calls import FLAT, HEAD, ROW, read, texts


def row(name: str, source: str | None = None, extra: str = "", parameters: str = "") -> str:
    """A row that may start from another."""
    start = f'warm_start = "{source}"\n' if source else ""
    return f"{ROW.format(name)}{start}{extra}[experiment.parameters]\n{parameters}"


def refusal(folder: Path, text: str) -> str:
    """The one fault of a file."""
    with pytest.raises(InputError) as caught:
        read(folder, HEAD + text)
    (problem,) = caught.value.problems
    return f"{problem.line} {problem.code}: {problem.message}; {problem.remedy}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (row("a", "b"), '12 unknown-row: experiment "a": there is no row "b" to start from; known: (none)'),
        (row("a", "a"), '12 bad-reference: experiment "a": it starts from its own weights; name another row, or leave the key out'),
        (
            row("a", "c") + row("b", "a") + row("c", "b"),
            '12 bad-reference: experiment "a": the rows start from one another in a circle: a -> c -> b -> a; '
            "let one of them start without warm_start",
        ),
        (
            row("a", extra="repeats = 2\n") + row("b", "a", extra="repeats = 3\n"),
            '19 other-seeds: experiment "b": "a" has the seeds 42 to 43 and this row 42 to 44; '
            "give both the same seed and as many repeats, or the first one run only",
        ),
        (
            row("a") + row("b", "a", parameters="dense_units = 26\n"),
            '18 other-architecture: experiment "b": it cannot start from the weights of "a": dense_units is 26 here and 25 there; '
            "give both rows the same network, or leave warm_start out",
        ),
        (
            row("a") + row("b", "a", parameters=f"layers = {texts(*FLAT)}\n"),
            '18 other-architecture: experiment "b": it cannot start from the weights of "a": one of the two has layers, '
            "the other describes its network in stages; give both rows the same network, or leave warm_start out",
        ),
        (
            row("a", parameters=f"layers = {texts('Flatten()', 'Dense(8)', FLAT[1])}\n")
            + row("b", "a", parameters=f"layers = {texts('Flatten()', 'Dense(9)', FLAT[1])}\n"),
            '19 other-architecture: experiment "b": it cannot start from the weights of "a": Dense has weights of 784 × 9 here '
            "and of 784 × 8 there; give both rows the same network, or leave warm_start out",
        ),
        (
            row("a", parameters=f"layers = {texts(*FLAT)}\n")
            + row("b", "a", parameters=f"layers = {texts('Flatten()', 'BatchNormalization()', FLAT[1])}\n"),
            '19 other-architecture: experiment "b": it cannot start from the weights of "a": BatchNormalization here stands '
            'where "a" has Dense; give both rows the same network, or leave warm_start out',
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_started_from_is_refused(tmp_path: Path, text: str, said: str) -> None:
    assert refusal(tmp_path, text) == said


def test_layers_without_weights_may_differ_and_one_run_may_start_many(tmp_path: Path) -> None:
    source = row("a", parameters=f"layers = {texts(*FLAT)}\n")
    tuned = row("b", "a", "repeats = 5\n", f"layers = {texts('Flatten()', 'Dropout(0.2)', FLAT[1])}\n")
    found = read(tmp_path, HEAD + source + tuned)
    assert (found.rows[1].warm_start, found.rows[1].repeats, found.warnings) == ("a", 5, ())


@pytest.mark.parametrize(
    ("dataset", "validation", "said"),
    [
        ("mnist", "0.2", "its weights have seen some of this row's validation images"),
        ("part", "0.1", "its weights may know images that this row tests on"),
    ],
)
def test_images_that_the_source_was_trained_on_are_told(
    tmp_path: Path, dataset: str, validation: str, said: str
) -> None:
    own = '[dataset.part]\nfrom = "mnist"\ntrain_items = 900\ntest_items = 300\n'
    text = row("a") + row("b", "a", parameters=f'validation = {validation}\ndataset = "{dataset}"\n')
    (warning,) = read(tmp_path, HEAD + own + text).warnings
    assert warning.code == "seen-before" and said in warning.message


def test_a_row_stands_behind_the_one_it_starts_from() -> None:
    order = in_order({"a": "b", "b": "c", "c": None, "d": None})
    assert sorted(order) == list("abcd")
    assert order.index("c") < order.index("b") < order.index("a")
