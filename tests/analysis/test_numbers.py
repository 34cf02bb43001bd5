"""Numbers in print."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import language
from reportgen.analysis import numbers

SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, 0, "0"),
        (999, 0, "999"),
        (1000, 0, f"1{SPACE}000"),
        (1234567.891, 2, f"1{SPACE}234{SPACE}567.89"),
        (-0.5, 1, "−0.5"),
        (-0.004, 2, "0.00"),
        (math.nan, 2, "–"),
        (math.inf, 2, "–"),
    ],
)
def test_decimal(value: float, decimals: int, text: str) -> None:
    assert numbers.decimal(value, decimals) == text


def test_named_formats() -> None:
    assert numbers.percent(0.9185) == "91.85"
    assert numbers.thousands(198760) == f"198{SPACE}760"
    assert numbers.share(0.9861) == f"98.6{SPACE}%"
    assert numbers.percentage(0.9185) == f"91.85{SPACE}%"
    assert numbers.loss(0.11751) == "0.118"
    assert numbers.score(0.91803) == "0.9180"
    assert numbers.interval(0.913, 0.92371) == "91.30–92.37"
    assert numbers.shape((3, 3, 9, 16)) == f"3{SPACE}×{SPACE}3{SPACE}×{SPACE}9{SPACE}×{SPACE}16"
    assert numbers.counted(1, "bias", "biases") == f"1{SPACE}bias"
    assert numbers.counted(2000, "bias", "biases") == f"2{SPACE}000{SPACE}biases"


@pytest.mark.parametrize(
    ("difference", "text"), [(0.0031, "+0.31"), (-0.0031, "−0.31"), (0.0, "0.00"), (0.000001, "0.00")]
)
def test_points_are_signed_but_for_zero(difference: float, text: str) -> None:
    assert numbers.points(difference) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.44, "0.4 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (60, "1 min"), (303, "5 min 3 s"),
        (3600, "1 h"), (7499, "2 h 5 min"), (7199, "2 h"), (3599.7, "1 h"),
    ],
)  # fmt: skip
def test_duration(seconds: float, text: str) -> None:
    assert numbers.duration(seconds).replace(SPACE, " ") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.001, "0.001"), (1e-7, "1e−7"), (0.00085, "0.00085"), (0.9, "0.9"), (0.0, "0"), (-1.5, "−1.5"),
        (4096, f"4{SPACE}096"), (True, "yes"), (False, "no"), (None, "none"), ("relu", "relu"), ([5, 5, 3], "5, 5, 3"),
        (1234.5, f"1{SPACE}234.5"), (2.5e-05, "2.5e−5"), (math.nan, "–"),
    ],
)  # fmt: skip
def test_plain_neither_adds_nor_drops_a_digit(value: object, text: str) -> None:
    assert numbers.plain(value) == text


@given(st.floats(-1e9, 1e9), st.integers(0, 6))
def test_decimal_reads_back(value: float, decimals: int) -> None:
    text = numbers.decimal(value, decimals)
    assert "-" not in text
    back = float(text.replace(SPACE, "").replace("−", "-"))
    assert back == pytest.approx(value, abs=0.501 * 10.0**-decimals, rel=1e-15)
    assert not (back == 0 and text.startswith("−"))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_plain_floats_read_back_exactly(value: float) -> None:
    assert float(numbers.plain(value).replace(SPACE, "").replace("−", "-")) == value


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.0123, 3, "0.012"), (0.0005001, 3, "0.001"), (0.00041, 3, "0.00041"), (0.000996, 3, "0.001"),
        (0.000499, 3, "0.00050"), (0.0000996, 3, "0.00010"), (2e-5, 2, "0.000020"), (0.0, 3, "0.000"),
        (5e-17, 3, "0.000"), (math.nan, 3, "–"), (12.0, 3, "12.000"),
    ],
)  # fmt: skip
def test_a_spread_is_zero_only_where_nothing_spreads(value: float, decimals: int, text: str) -> None:
    assert numbers.spread(value, decimals) == text


class TestFrench:
    """The decimal mark is that of the language in use, and what would read as one gives way."""

    @pytest.fixture(autouse=True)
    def _french(self) -> Iterator[None]:
        with language.use("fr"):
            yield

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (0.001, "0,001"), (1e-7, "1e−7"), (2.5e-05, "2,5e−5"), (4096, f"4{SPACE}096"), (1234.5, f"1{SPACE}234,5"),
            (True, "oui"), (False, "non"), (None, "aucun"), ("relu", "relu"), ([5, 5, 3], f"5{SPACE}; 5{SPACE}; 3"),
            ([0.5, 0.25], f"0,5{SPACE}; 0,25"),
        ],
    )  # fmt: skip
    def test_plain(self, value: object, text: str) -> None:
        assert numbers.plain(value) == text

    def test_named_formats(self) -> None:
        assert numbers.decimal(-1234567.891, 2) == f"−1{SPACE}234{SPACE}567,89"
        assert numbers.decimal(-0.004, 2) == "0,00"
        assert numbers.percentage(0.9185) == f"91,85{SPACE}%"
        assert numbers.share(0.9861) == f"98,6{SPACE}%"
        assert numbers.points(0.0031) == "+0,31"
        assert numbers.points(0.000001) == "0,00"
        assert numbers.interval(0.913, 0.92371) == "91,30–92,37"
        assert numbers.duration(0.44) == f"0,4{SPACE}s"
        assert numbers.decimal(math.nan, 2) == "–"
