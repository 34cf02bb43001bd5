"""Names and titles of a stage's rows, and texts that are filled in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.experiments.naming import LONGEST, filled, named_in, row_ids, shown, slug, title_of
from reportgen.experiments.staged import Case, Search, Sweep

ID = re.compile(r"[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9_-])?")


def sweep(**keys: Any) -> Sweep:
    return Sweep.model_validate({"id": "a", "section": "s", **keys})


def search(trials: int) -> Search:
    keys = {"id": "q", "section": "s", "trials": trials, "space": {"dropout": [0.1, 0.2]}}
    return Search.model_validate(keys)


def ids(*values: Any, stage: str = "a") -> list[str]:
    return row_ids(sweep(id=stage), [({"x": value}, None) for value in values])


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ([50, 50], "50-50"),
        ("Adam(1e-3)", "adam-1e-3"),
        (0.0001, "0.0001"),
        (1e-5, "1e-05"),
        (True, "true"),
        ([], "none"),
        ("", "none"),
        ("ünï çödé", "uni-code"),
        ("激活", "none"),
        ([["relu", "tanh"], [0.5]], "relu-tanh-0.5"),
        ("Straße...", "stra-e"),
    ],
)
def test_a_value_in_a_name(value: Any, name: str) -> None:
    assert slug(value) == name


def test_rows_are_called_by_their_values() -> None:
    points: list[tuple[dict[str, Any], Case | None]] = [
        ({"hidden_units": [50, 50], "dropout": 0.2}, None),
        ({"hidden_units": [100], "dropout": 0.0}, None),
    ]
    assert row_ids(sweep(id="depth-width"), points) == ["depth-width-50-50-0.2", "depth-width-100-0.0"]


def test_two_rows_that_would_be_called_the_same_are_told_apart() -> None:
    assert ids(-0.5, 0.5, "激活", "激") == ["a-0.5", "a-n2", "a-none", "a-n4"]


def test_a_number_that_is_a_value_of_another_row_is_passed_over() -> None:
    assert ids("n2", 0.5, -0.5, "n3") == ["a-n2", "a-0.5", "a-n3", "a-n4"]


def test_a_long_name_gives_way_to_a_number() -> None:
    just = "x" * (LONGEST - len("a-"))
    assert ids(just, just + "x") == [f"a-{just}", "a-n2"]


def test_a_case_keeps_the_name_that_it_is_given_and_others_make_way() -> None:
    own = Case(parameters={"x": 2}, id="a-1")
    assert row_ids(sweep(), [({"x": 1}, None), ({"x": 2}, own)]) == ["a-n1", "a-1"]


VALUES = (
    st.booleans() | st.integers(-9, 9) | st.floats() | st.text(max_size=70) | st.lists(st.text(), max_size=3)
)


def test_a_row_that_changes_nothing_is_not_called_as_its_stage() -> None:
    assert row_ids(sweep(), [({}, None), ({"x": 1}, None)]) == ["a-unchanged", "a-1"]


@settings(max_examples=60, deadline=None)
@given(st.lists(VALUES, max_size=12))
def test_names_are_ids_and_differ(values: list[Any]) -> None:
    for stage in ("a", "b" * 40):
        found = ids(*values, stage=stage)
        assert len(set(found)) == len(values)
        assert all(ID.fullmatch(name) for name in found)


def test_trials_are_numbered_and_those_to_be_checked_only_are_nobodys() -> None:
    points: list[tuple[dict[str, Any], Case | None]] = [({"dropout": 0.1}, None)] * 4
    assert row_ids(search(2), points) == ["q-01", "q-02", "q.probe-3", "q.probe-4"]
    many: list[tuple[dict[str, Any], Case | None]] = [({"dropout": 0.1}, None)] * 120
    assert row_ids(search(120), many)[::119] == ["q-001", "q-120"]


def test_a_title_says_names_and_values() -> None:
    assert (
        title_of(sweep(), {"hidden_units": [600, 200], "shuffle": True})
        == "hidden units 600, 200, shuffle true"
    )
    assert title_of(sweep(row_title="{units} units, {unknown}"), {"units": [3]}) == "3 units, {unknown}"
    assert title_of(sweep(), {}) == "unchanged"


def test_a_title_is_one_line_of_at_most_200_signs() -> None:
    assert title_of(sweep(), {"x": "a\nb\tc\x7f"}) == "x a b c"
    assert len(title_of(sweep(), {"x": "y" * 500})) == 200


def test_what_stands_in_braces_is_filled_in_once() -> None:
    values = {"a": "{b}", "b": "c"}
    for _ in range(3):
        assert filled("Dense({a}, '{b}')", values, {"a", "b"}) == "Dense({b}, 'c')"
    assert filled("Dense({a}, {c})", {"a": 3}, {"a"}) == "Dense(3, {c})"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.001, "F(0.001)"), (True, "F(True)"), ([3, 3], "F([3, 3])"), (["a"], "F(['a'])"), ("L2(1e-4)", "F(L2(1e-4))")],
)  # fmt: skip
def test_a_value_inside_a_text_is_python(value: Any, text: str) -> None:
    assert filled("F({x})", {"x": value}, {"x"}) == text


def test_a_name_alone_becomes_the_value() -> None:
    assert filled(["{n}", "{n}"], {"n": 50}, {"n"}) == [50, 50]
    assert filled({"k": "{n}"}, {"n": [1, 2]}, {"n"}) == {"k": [1, 2]}
    assert filled("{10: 0.1}", {"n": 1}, {"n"}) == "{10: 0.1}"
    assert filled("Stepwise({10: {n}})", {"n": 1}, {"n"}) == "Stepwise({10: 1})"
    assert filled(3, {"n": 1}, {"n"}) == 3


def test_where_a_name_stands() -> None:
    assert named_in("n", {"layers": ["Flatten()", "Dense({n})"]})
    assert not named_in("n", {"layers": ["Flatten()", "Dense(n)"], "epochs": 3})


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_every_value_can_be_shown(value: Any) -> None:
    assert shown(value) or value == ""
