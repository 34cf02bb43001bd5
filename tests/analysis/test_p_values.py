"""Printed p values."""

from __future__ import annotations

import pytest

from reportgen.analysis import p_values


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (1.0, "1.000"), (0.41, "0.410"), (0.0502, "0.050"), (0.01, "0.010"), (0.00468, "0.0047"),
        (0.0051, "0.0051"), (0.00012, "0.0001"), (0.0001, "0.0001"), (0.00009, "<\u00a00.0001"),
        (0.0, "<\u00a00.0001"),
    ],
)  # fmt: skip
def test_a_p_value_has_digits_enough_to_see_on_which_side_of_a_limit_it_lies(p: float, text: str) -> None:
    assert p_values.printed(p) == text
    sign = "" if text.startswith("<") else "=\u00a0"
    assert p_values.told(p) == f"p\u00a0{sign}{text}"
