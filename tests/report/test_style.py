"""The style sheet: contrast in both themes, no layout that breaks pages, nothing fetched."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest

from reportgen.report.assets import built_in

TEMPLATES = built_in("templates")
CSS = (TEMPLATES / "report.css").read_text(encoding="utf-8")


def block(text: str, start: str) -> str:
    """The content of the first block that `start` opens, by counting braces."""
    place = text.index("{", text.index(start)) + 1
    depth, end = 1, place
    while depth:
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        end += 1
    return text[place : end - 1]


def colours(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", text))


LIGHT = colours(block(CSS, ":root {"))
DARK = colours(block(CSS, ':root[data-theme="dark"]'))


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_system_s_dark_theme_is_the_button_s() -> None:
    assert colours(block(CSS, ':root:not([data-theme="light"])')) == DARK
    assert set(DARK) == set(LIGHT)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read(theme: dict[str, str]) -> None:
    for name in ("ink", "muted", "accent", "lede"):
        assert contrast(theme[name], theme["paper"]) >= 4.5, name
    assert contrast(theme["warn"], theme["warn-wash"]) >= 4.5
    assert contrast(theme["ink"], theme["wash"]) >= 4.5
    for number in range(1, 7):
        assert contrast(theme[f"t{number}"], theme[f"e{number}"]) >= 4.5, number
    for name in ("hit", "none"):
        assert contrast(theme["ink"], theme[name]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_lines_and_marks_can_be_seen(theme: dict[str, str]) -> None:
    for name in ("training", "validation", "family-c", "family-d"):
        assert contrast(theme[name], theme["paper"]) >= 3, name


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_neighbouring_bins_differ(theme: dict[str, str]) -> None:
    bins = [theme["none"]] + [theme[f"e{number}"] for number in range(1, 7)]
    steps = [contrast(one, other) for one, other in pairwise(bins)]
    assert min(steps) >= 1.05
    assert contrast(bins[3], bins[4]) >= 1.25


def test_paper_knows_neither_flex_nor_grid() -> None:
    printed = block(CSS, "@media print")
    common = CSS[: CSS.index("@media print")]
    for text in (printed, common):
        assert not re.search(r"display:\s*(inline-)?(flex|grid)", text)
        assert "hyphens: auto" not in text


def test_the_style_fetches_nothing_and_holds_no_template() -> None:
    for path in TEMPLATES.glob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert "url(" not in text and "@import" not in text and "{{" not in text, path.name


def test_motion_only_where_it_is_wanted() -> None:
    assert "scroll-behavior" in block(CSS, "@media (prefers-reduced-motion: no-preference)")
    assert CSS.count("scroll-behavior") == 1


def test_templates_escape_everything() -> None:
    for path in sorted(TEMPLATES.rglob("*.j2")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|Markup\(|autoescape", text), path.name
        # An attribute without quotes could be left by a blank, escaped or not.
        assert not re.search(r"=\{\{", text), path.name
        tags = re.sub(r'"[^"]*"', '""', text)
        assert not re.search(r"<[a-z][^>]*\s[a-z-]+=[^\"\s>]", re.sub(r"\{%.*?%\}", "", tags)), path.name


def test_markup_is_declared_in_one_module() -> None:
    package = TEMPLATES.parent / "reportgen"
    found = [
        p.name
        for p in package.rglob("*.py")
        if re.search(r"(?<!: )\bMarkup\([^)\"']", p.read_text(encoding="utf-8"))
    ]
    assert found == ["markup.py"]


def test_the_script_neither_fetches_nor_writes_markup() -> None:
    script = (TEMPLATES / "report.js").read_text(encoding="utf-8")
    for word in (
        "fetch(",
        "XMLHttpRequest",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "eval(",
        "import(",
        "http",
        "</",
    ):
        assert word not in script, word
    assert len(script) < 6_000


def lab(colour: str) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of an sRGB colour (IEC 61966-2-1, CIE 15)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089
    fx, fy, fz = (t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(one: str, other: str) -> float:
    """CIE76: 2.3 can just be seen."""
    return math.dist(lab(one), lab(other))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_of_errors_can_be_told_apart(theme: dict[str, str]) -> None:
    bins = [theme["none"]] + [theme[f"e{number}"] for number in range(1, 7)]
    steps = [distance(one, other) for one, other in pairwise(bins)]
    assert min(steps) >= 10, steps
    # Lightness alone tells them, too: for the colour-blind and on a grey printer.
    lightness = [lab(colour)[0] for colour in bins[1:]]
    assert all(abs(one - other) >= 4.5 for one, other in pairwise(lightness)), lightness
    assert lightness == sorted(lightness, reverse=theme is LIGHT)
    assert distance(theme["e3"], theme["e4"]) >= 18, "up to 1 % and up to 2 % were once too alike"
