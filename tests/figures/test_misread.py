"""Images in figures: the strip of misread ones, those that all rows misread, one of every class."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from reportgen import language
from reportgen.analysis.mistakes import Mistake, confused, shared_mistakes
from reportgen.figures import class_samples, misread
from reportgen.figures.draw import draw
from reportgen.figures.tiles import shown, tiling
from reportgen.results import Result
from tests import samples
from tests.figures.artists import boxes, check, row_of, size, written
from tests.figures.pictures import picture, with_pictures

CYRILLIC = ("Футболка с рукавом", "Брюки", "Свитер", "Платье", "Пальто", "Сандалии", "Рубашка")
SHAPES = [(28, 28, 1), (8, 8, 1), (96, 96, 1), (32, 32, 3), (96, 64, 3), (300, 200, 3), (1, 40, 1)]


def images(figure: Figure) -> list[AxesImage]:
    return [image for axes in figure.axes for image in axes.images]


def places(figure: Figure) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of the images in points."""
    width, height = size(figure)
    found = [axes.get_position() for axes in figure.axes if axes.images]
    return [(box.x0 * width, (1 - box.y1) * height, box.x1 * width, (1 - box.y0) * height) for box in found]


def check_images(figure: Figure) -> None:
    """Every image within the figure, none on another or on a text."""
    width, height = size(figure)
    found, texts = places(figure), list(boxes(figure))
    for number, (left, top, right, bottom) in enumerate(found):
        assert left >= 0 and top >= 0 and right <= width and bottom <= height
        for other in found[:number]:
            assert left >= other[2] or other[0] >= right or top >= other[3] or other[1] >= bottom
        for text, box in texts:
            clear = box.x0 >= right or box.x1 <= left or height - box.y1 >= bottom or height - box.y0 <= top
            assert clear, text.get_text()


def mistakes(count: int, classes: int = 10) -> tuple[Mistake, ...]:
    return tuple(
        Mistake(place, place % classes, (place + 1) % classes, 0.999 - place / 100) for place in range(count)
    )


def test_the_strip_shows_the_images_with_their_three_lines() -> None:
    result = row_of(samples.record(dataset="fashion_mnist", accuracy=0.8))
    found = confused(result)
    items = with_pictures(found)
    figure = misread.confused_strip(result, items)
    check(figure)
    check_images(figure)
    assert size(figure)[0] == 468 and 60 < size(figure)[1] < 26 / 25.4 * 72
    assert [image.get_label() for image in images(figure)] == [str(m.place) for m in found]
    for image, (_, own) in zip(images(figure), items, strict=True):
        pixels = np.asarray(image.get_array())
        # Dark on white, every pixel of the image a block of three by three.
        np.testing.assert_array_equal(pixels[1::3, 1::3, 0], 255 - own.pixels[:, :, 0])
        np.testing.assert_array_equal(pixels, pixels[:, :, :1].repeat(3, axis=2))
    words = written(figure)
    names = samples.CLOTHES
    lines = [
        [names[m.true], names[m.predicted], misread.probability(m.probability).replace("\u00a0", " ")]
        for m in found
    ]
    assert words == ["true", "read as", "probability", *(text for line in lines for text in line)]


def test_a_wider_gap_stands_between_pairs() -> None:
    result = row_of(samples.record(accuracy=0.8))
    pairs = [(0, 1), (1, 0), (2, 3), (2, 3), (4, 5)]
    items = with_pictures([Mistake(n, true, read, 0.9) for n, (true, read) in enumerate(pairs)])
    lefts = [left for left, *_ in places(misread.confused_strip(result, items))]
    steps = np.diff(lefts)
    assert steps[0] == pytest.approx(steps[2]) and steps[1] == pytest.approx(steps[0] + 4)
    assert steps[3] == pytest.approx(steps[1])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", [1, 10])
def test_images_of_any_size_fit(shape: tuple[int, int, int], count: int) -> None:
    result = row_of(samples.record(accuracy=0.8))
    figure = misread.confused_strip(result, with_pictures(mistakes(count), shape))
    check(figure)
    check_images(figure)
    assert len(images(figure)) == count
    for left, top, right, bottom in places(figure):
        assert (right - left) / (bottom - top) == pytest.approx(shape[1] / shape[0], rel=0.04)


@pytest.mark.parametrize("count", [0, 1, 3, 10, 14])
@pytest.mark.parametrize("code", language.LANGUAGES)
def test_any_number_of_items(count: int, code: str) -> None:
    results = [row_of(samples.record(accuracy=0.5, class_names=CYRILLIC, seed=seed)) for seed in (1, 2)]
    items = with_pictures(mistakes(count, len(CYRILLIC)))
    with language.use(code):
        strip, grid = misread.confused_strip(results[0], items), misread.shared_images(results, items)
    for figure, expected in ((strip, min(count, 10)), (grid, count)):
        check(figure)
        check_images(figure)
        assert len(images(figure)) == expected
    assert size(strip)[1] < 74
    if not count and code == "en":
        assert written(strip) == written(grid) == ["No misread image to show."]
        assert misread.describe_strip(results[0], ()) == "No misread image to show."


def test_the_grid_has_ten_in_a_row() -> None:
    results = [row_of(samples.record(accuracy=0.5, seed=seed)) for seed in (1, 2)]
    one, two = (misread.shared_images(results, with_pictures(mistakes(n))) for n in (10, 20))
    tops = [round(top, 3) for _, top, *_ in places(two)]
    assert tops == [tops[0]] * 10 + [tops[10]] * 10 and tops[10] > tops[0]
    assert size(one)[1] < 70 < size(two)[1] < 150


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, "0.50"), (0.994, "0.99"), (0.995, "> 0.99"), (1.0, "> 0.99"), (0.001, "0.00")],
)
def test_no_probability_is_rounded_to_one(value: float, text: str) -> None:
    assert misread.probability(value).replace("\u00a0", " ") == text


def test_alternative_texts_of_misread_images() -> None:
    made = [samples.record(dataset="fashion_mnist", accuracy=0.6, seed=seed, n_test=2000) for seed in (1, 2)]
    results = [samples.repeated(samples.row(f"r{own.seed}"), [own]) for own in made]
    own = confused(results[0], most=2)
    text = misread.describe_strip(results[0], with_pictures(own)).replace("\u00a0", " ")
    said = [
        f"{samples.CLOTHES[m.true]} read as {samples.CLOTHES[m.predicted]} with probability"
        f" {misread.probability(m.probability)}".replace("\u00a0", " ")
        for m in own
    ]
    assert text == f"2 test images that were misread: {said[0]}; {said[1]}."
    records = [result.records[0] for result in results]
    wrong = np.logical_and.reduce([r.test.y_pred != r.test.y_true for r in records])
    found = shared_mistakes(results, most=1)
    assert found is not None
    alt = misread.describe_shared(results, with_pictures(found.items)).replace("\u00a0", " ")
    assert alt.startswith(
        f"{wrong.sum()} of 2 000 test images are misread by every one of the 2 rows in every run. One is shown"
    )
    assert misread.describe_shared(results, ()) == "No misread image to show."


def names_of(count: int) -> list[str]:
    return [
        CYRILLIC[n] if n < len(CYRILLIC) else f"a class with a long name, number {n}" for n in range(count)
    ]


def one_of_each(count: int, **more: Any) -> list[Any]:
    return [picture(number, number, part="train", **more) for number in range(count)]


def of_classes(names: Sequence[str]) -> list[Result]:
    return [row_of(samples.record(class_names=names, accuracy=0.5, n_test=2 * len(names)))]


@pytest.mark.parametrize("count", [1, 2, 10, 11, 40, 41, 100])
def test_one_image_of_every_class(count: int) -> None:
    results = of_classes(names_of(max(2, count)))
    figure = class_samples.class_samples(results, one_of_each(count))
    check(figure)
    check_images(figure)
    assert [image.get_label() for image in images(figure)] == [str(n) for n in range(count)]
    assert size(figure)[0] == 468 and size(figure)[1] < 560
    assert any("dark on white" in text for text in written(figure))


@pytest.mark.parametrize("shape", SHAPES)
def test_classes_of_images_of_any_size(shape: tuple[int, int, int]) -> None:
    results = of_classes(samples.CLOTHES)
    figure = class_samples.class_samples(results, one_of_each(10, shape=shape))
    check(figure)
    check_images(figure)
    assert list(samples.CLOTHES) == [text for text in written(figure) if "dark" not in text]
    assert any("dark on white" in text for text in written(figure)) == (shape[2] == 1)


def test_samples_in_words() -> None:
    results = of_classes(samples.CLOTHES)
    text = class_samples.describe_samples(results, one_of_each(10)).replace("\u00a0", " ")
    assert text.startswith("One image of each of 10 classes of MNIST, 28 × 28 pixels: T-shirt/top, Trouser,")
    many = class_samples.describe_samples(of_classes(names_of(100)), one_of_each(100)).replace("\u00a0", " ")
    assert many.endswith(f"{CYRILLIC[0]}, {CYRILLIC[1]}, …, a class with a long name, number 99.")
    assert written(class_samples.class_samples(results, None)) == ["No image to show."]


def test_light_images_and_colours_stay_as_they_are() -> None:
    for own in (picture(dark=False), picture(shape=(28, 28, 3))):
        how = tiling([own], 40)
        assert not how.inverted
        np.testing.assert_array_equal(shown(own, how)[1::3, 1::3, 0], own.pixels[:, :, 0])
    mixed = [picture(0), picture(1), picture(2, dark=False)]
    assert tiling(mixed, 40).inverted


@pytest.mark.parametrize("shape", SHAPES)
def test_pixels_are_blocks_and_their_size_survives_rounding(shape: tuple[int, int, int]) -> None:
    own = picture(shape=shape)
    how = tiling([own], 38.4)
    assert 38.4 * 0.9 < how.side <= 38.4 + 1e-9 and how.scale == round(how.scale, 2)
    pixels = shown(own, how)
    longest = max(pixels.shape[:2])
    assert 40 <= longest <= 126 and longest * how.scale == pytest.approx(how.side)


def test_large_images_are_means_of_what_they_cover() -> None:
    own = picture(shape=(128, 64, 3))
    pixels = shown(own, tiling([own], 38.4))
    means = own.pixels.reshape(64, 2, 32, 2, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(pixels, means, atol=0.51)


def test_the_svg_holds_sharp_images_and_little_else() -> None:
    result = row_of(samples.record(accuracy=0.8))
    figure = misread.confused_strip(result, with_pictures(mistakes(10)))
    svg = draw(figure, prefix="p")
    found = re.findall(r"<image[^>]*>", svg)
    assert len(found) == 10 and all("image-rendering:pixelated" in image for image in found)
    assert all(re.search(r'xlink:href="data:image/png;base64,', image) for image in found)
    (across,) = {round(right - left, 6) for left, _, right, _ in places(figure)}
    for image in found:
        scale = re.search(r"matrix\(([\d.]+) 0 0 -?([\d.]+)", image)
        assert scale and scale[1] == scale[2] and float(scale[1]) * 84 == pytest.approx(across)
    assert len(svg) < 60_000
