"""Measuring and placing text; scales; letters."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.figures import fonts, scales, style
from tests.figures.conftest import FONTS


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=8),
    st.floats(1, 10),
)
def test_apart_keeps_the_gap_and_the_order(places: list[float], gap: float) -> None:
    moved = style.apart(places, gap, 0, 100)
    order = sorted(range(len(places)), key=lambda n: places[n])
    ordered = [moved[n] for n in order]
    assert all(after - before >= gap - 1e-6 for before, after in itertools.pairwise(ordered))
    assert min(moved) >= -1e-6
    if gap * (len(places) - 1) <= 100:
        assert max(moved) <= 100 + 1e-6
    if all(after - before >= gap for before, after in zip(sorted(places), sorted(places)[1:], strict=False)):
        assert moved == pytest.approx(places)


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=80), st.floats(10, 120))
def test_fitted_text_fits(text: str, width: float) -> None:
    with style.style():
        short = style.fitted(text, width)
        assert style.text_width(short) <= max(width, style.text_width("…")) + 1e-6
        assert "\n" not in short and "\x00" not in short
        if short != style.one_line(text):
            assert short.endswith("…")


@pytest.mark.parametrize("text", ["a\nb", "a\r\n b", "a\u2028b", "a\tb"])
def test_one_line(text: str) -> None:
    assert style.one_line(text) == "a b"


@given(st.floats(-1e4, 1e4), st.floats(0, 1e4), st.integers(3, 6))
def test_ticks_enclose_and_are_few(low: float, extent: float, most: int) -> None:
    marks = scales.ticks(low, low + extent, most)
    assert 2 <= len(marks) <= most
    slack = 1e-6 * max(1.0, abs(low), extent)
    assert marks[0] <= low + slack and marks[-1] >= low + extent - slack
    steps = [after - before for before, after in itertools.pairwise(marks)]
    assert max(steps) - min(steps) <= 1e-6 * max(1.0, abs(low) + extent)


@given(st.integers(1, 100_000))
def test_epoch_ticks_are_the_first_and_even_round_ones(last: int) -> None:
    marks = scales.epochs(last)
    assert marks[0] == 1 and len(marks) <= 8
    assert marks == sorted(set(marks))
    between = marks[1:-1]
    assert len({after - before for before, after in itertools.pairwise(between)}) <= 1
    step = marks[1] if len(marks) > 1 and last > 8 else 1
    assert all(mark % step == 0 for mark in between)
    # The last is left out only where it would stand on the one before it.
    assert marks[-1] == last or 0 < last - marks[-1] < 0.4 * step
    gaps = [after - before for before, after in itertools.pairwise(marks)]
    assert not gaps or min(gaps) >= 0.06 * (last - 1)


@pytest.mark.parametrize(
    ("last", "marks"),
    [
        (8, list(range(1, 9))),
        (50, [1, 10, 20, 30, 40, 50]),
        (51, [1, 10, 20, 30, 40, 50]),
        (100, [1, 20, 40, 60, 80, 100]),
        (150, [1, 50, 100, 150]),
        (250, [1, 50, 100, 150, 200, 250]),
    ],
)
def test_epoch_ticks(last: int, marks: list[int]) -> None:
    assert scales.epochs(last) == marks


@given(st.floats(1e-12, 1e8), st.floats(1.0, 1e6))
def test_a_log_frame_encloses_with_few_ticks(low: float, factor: float) -> None:
    marks = scales.log_frame(low, low * factor)
    assert 2 <= len(marks) <= 5 and marks == sorted(set(marks))
    assert marks[0] <= low * (1 + 1e-6) and marks[-1] >= low * factor * (1 - 1e-6)


def test_wrapped_text_breaks_between_words() -> None:
    text = "200 sigmoid units, batches of 1024, 250 epochs"
    lines = style.wrapped(text, 110)
    assert len(lines) == 2 and " ".join(lines) == text
    assert all(style.text_width(line) <= 110 for line in lines)
    assert style.wrapped("short", 100) == ["short"]
    assert style.wrapped(text * 5, 100)[1].endswith("…")
    assert style.wrapped("x" * 300, 50)[0].endswith("…")


@given(st.floats(1e-4, 1e8), st.floats(1.05, 1e6))
def test_log_ticks_lie_inside_and_are_few(low: float, factor: float) -> None:
    marks = scales.log_ticks(low, low * factor)
    assert len(marks) <= 6 and all(low <= mark <= low * factor for mark in marks)
    assert len(marks) >= 2 or factor < 1.3


def test_sections_look_different() -> None:
    looks = style.look([f"s{n}" for n in range(12)])
    assert len(set(looks.values())) == 12


@pytest.mark.skipif(not fonts.sources(FONTS), reason="the report's fonts are not here")
def test_the_reports_letters_are_used(letters: bool) -> None:
    from matplotlib.font_manager import FontProperties, findfont

    assert letters
    with style.style():
        names = [Path(findfont(FontProperties(weight=weight))).name for weight in (400, 600)]
        widths = [style.text_width(text) for text in ("validation", "ρ", "Ж", "ž")]
        assert style.text_width("validation", weight=600) > style.text_width("validation")
    assert names[0].startswith("source-sans-3-latin-400") and names[1].startswith("source-sans-3-latin-600")
    assert widths[0] == pytest.approx(31.3, abs=1) and all(widths)


def test_missing_and_damaged_fonts_give_a_warning_and_other_letters(tmp_path: Path) -> None:
    said: list[str] = []
    assert not fonts.install(tmp_path, tmp_path / "cache", said.append)
    assert not fonts.install(None, tmp_path / "cache", said.append)
    (tmp_path / "source-sans-3-latin-400-normal.woff2").write_bytes(b"wOF2 but no font")
    assert not fonts.install(tmp_path, tmp_path / "cache", said.append)
    assert len(said) == 3 and all("Source Sans 3" in text for text in said)
    assert fonts.digest(tmp_path) != fonts.digest(None)


@pytest.mark.skipif(not fonts.sources(FONTS), reason="the report's fonts are not here")
def test_a_cache_of_letters_that_cannot_be_written_gives_a_warning(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        blocked = tmp_path / "file"
        blocked.write_text("no folder")
    else:
        blocked = tmp_path
        blocked.chmod(0o500)
    said: list[str] = []
    assert not fonts.install(FONTS, blocked / "fonts", said.append)
    assert len(said) == 1


def test_settings_of_the_user_do_not_count() -> None:
    import matplotlib

    with matplotlib.rc_context({"text.usetex": True, "axes.facecolor": "red", "svg.fonttype": "path"}):
        with style.style():
            assert not matplotlib.rcParams["text.usetex"]
            assert matplotlib.rcParams["axes.facecolor"] == "white"
            assert matplotlib.rcParams["svg.fonttype"] == "none"
        assert matplotlib.rcParams["text.usetex"]
