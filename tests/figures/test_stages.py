"""What a stage tried and the path of stages, drawn: by their artists."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reportgen import language
from reportgen.analysis.statistics import wilson
from reportgen.analysis.tried import alone, tried
from reportgen.experiments.resolved import Experiments, Row
from reportgen.figures.stage_cells import LOWEST, colour, maps_of
from reportgen.figures.stage_path import describe_path, draw_path
from reportgen.figures.stages import MOST, describe_stage, draw_stage
from reportgen.figures.style import TRAINING, VALIDATION
from reportgen.records import Record
from reportgen.results import Failure, Result
from tests.figures.artists import boxes, check, data, lines, size, written
from tests.staged import Make, made, staged

HEAD = '[report]\ntitle = "x"\n[[section]]\nid = "rows"\nnotebook = "mlp"\n'


def sweep(grid: str, name: str = "s", more: str = "") -> str:
    return f'[[sweep]]\nid = "{name}"\nsection = "rows"\ngrid = {{ {grid} }}\n{more}\n'


WIDTHS = sweep("hidden_units = [[50, 50], [100, 100], [50, 50, 50], [200, 200, 200]]")


def whole(text: str, make: Make, folder: Path) -> tuple[Experiments, tuple[Result, ...]]:
    experiments, results, _ = staged(HEAD + text, make, folder)
    return experiments, results


def drawn(text: str, make: Make, folder: Path) -> Figure:
    experiments, results = whole(text, make, folder)
    figure = draw_stage(results, experiments.stages[0])
    check(figure)
    return figure


def worse(row: Row, seed: int) -> Record:
    """The larger the worse by validation, the better by test."""
    units = sum(row.parameters["hidden_units"])
    return made(row, range(units // 10), range(200 - units // 10), seed)


def cells(figure: Figure) -> list[Rectangle]:
    return [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]


def test_depth_and_width_are_a_heat_map_with_the_kept_row_framed(tmp_path: Path) -> None:
    figure = drawn(WIDTHS, worse, tmp_path)
    filled = {patch.get_xy(): to_hex(patch.get_facecolor()) for patch in cells(figure) if patch.get_fill()}
    # Widths 50, 100, 200 across, depths 2, 3 down; 100 and 50 units deep are wrong on 10 and 15 images, ...
    accuracies = {(0, 0): 97.5, (1, 0): 95.0, (0, 1): 96.25, (2, 1): 85.0}
    assert {(int(x), int(y)) for x, y in filled} == set(accuracies), "what was not tried stays empty"
    low = max(85.0, 95.625 - 4 * (97.5 - 95.625))
    for (x, y), fill in filled.items():
        assert fill == colour(accuracies[int(x), int(y)], low, 97.5)
    assert filled[min(filled, key=lambda place: accuracies[int(place[0]), int(place[1])])] == LOWEST
    (frame,) = [patch for patch in cells(figure) if not patch.get_fill()]
    assert (int(frame.get_x()), int(frame.get_y())) == (0, 0), "best by validation, worst by test"
    texts = written(figure)
    assert {"97.50", "95.00", "96.25", "85.00", "Hidden layers", "Units per layer"} <= set(texts)
    assert "Framed: the row kept. Empty: not tried. Cells below the scale have its lightest colour." in texts


def test_numbers_stand_by_size_and_words_in_the_order_of_the_file(tmp_path: Path) -> None:
    figure = drawn(sweep('batch_size = [64, 16], optimizer = ["sgd", "adam"]'), worse, tmp_path)
    places = {text.get_text(): (box.x0, -box.y0) for text, box in boxes(figure)}
    assert places["16"][1] < places["64"][1], "the smaller number stands above"
    assert places["sgd"][0] < places["adam"][0]


def test_a_failed_point_has_its_cause_and_no_colour(tmp_path: Path) -> None:
    def make(row: Row, seed: int) -> Record | Failure:
        lost = row.parameters["hidden_units"] == [100, 100]
        return Failure("timeout", "too long") if lost else worse(row, seed)

    figure = drawn(WIDTHS, make, tmp_path)
    assert "timeout" in written(figure) and "95.00" not in written(figure)


def test_one_thing_is_dots_with_wilsons_interval(tmp_path: Path) -> None:
    wrong = {16: 30, 32: 10, 64: 20}

    def make(row: Row, seed: int) -> Record:
        count = wrong[row.parameters["batch_size"]]
        return made(row, range(count), range(50 - count), seed)

    figure = drawn(sweep("batch_size = [64, 16, 32]"), make, tmp_path)
    (axes,) = figure.axes
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert [data(dot)[0][0] for dot in dots] == [92.5, 97.5, 95.0], "16, 32, 64: by size"
    assert [to_hex(dot.get_markerfacecolor()) == VALIDATION for dot in dots] == [False, True, False]
    spans = [data(line)[0] for line in lines(axes, VALIDATION) if len(data(line)[0]) == 2]
    for count, span in zip((30, 10, 20), spans, strict=True):
        assert span == pytest.approx([100 * end for end in wilson(400 - count, 400)])
    assert "Batch size" in written(figure) and "Filled and bold: the row kept." in written(figure)


def test_the_bound_of_one_standard_error_is_a_line(tmp_path: Path) -> None:
    figure = drawn(sweep("batch_size = [16, 32]", more='choose = "one-standard-error"'), worse, tmp_path)
    (bound,) = [line for line in figure.axes[0].lines if line.get_linestyle() == "--"]
    share = 1 - 25 / 400
    assert data(bound)[0] == pytest.approx([100 * (share - (share * (1 - share) / 400) ** 0.5)] * 2)


def test_three_things_are_several_maps(tmp_path: Path) -> None:
    text = sweep('batch_size = [16, 32], optimizer = ["sgd", "adam", "rmsprop"], epochs = [5, 6, 7]')
    experiments, results = whole(text, worse, tmp_path)
    maps = maps_of(alone(experiments.stages[0], results))
    assert [each.title for each in maps] == ["Batch size: 16", "Batch size: 32"]
    assert all(len(each.cells) == 9 for each in maps)
    check(draw_stage(results, experiments.stages[0]))


def test_four_things_are_dots_by_accuracy(tmp_path: Path) -> None:
    def make(row: Row, seed: int) -> Record:
        own = row.parameters
        return made(row, range(own["batch_size"] + own["epochs"] + int(100 * own["dropout"])), range(9), seed)

    text = sweep('batch_size = [16, 32], optimizer = ["sgd", "adam"], epochs = [5, 6], dropout = [0.0, 0.2]')
    figure = drawn(text, make, tmp_path)
    values = [data(line)[0][0] for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert values == sorted(values, reverse=True) and len(values) == 16
    assert "By validation accuracy, the highest first." in " ".join(written(figure))


def test_a_long_stage_shows_the_best_and_says_so(tmp_path: Path) -> None:
    sizes = ", ".join(str(8 * number) for number in range(1, 61))
    figure = drawn(sweep(f"batch_size = [{sizes}]"), worse, tmp_path)
    assert len([line for line in figure.axes[0].lines if line.get_marker() == "o"]) == MOST
    assert f"Shown are {MOST} of 60 rows." in " ".join(written(figure))
    assert size(figure)[1] < 640


PATH = (
    WIDTHS
    + sweep("batch_size = [16, 64]", "t", 'from = "best:s"')
    + sweep("epochs = [5, 9]", "u", 'from = "best:t"')
)


def path_make(row: Row, seed: int) -> Record | Failure:
    if row.parameters["epochs"] == 9:
        return Failure("not-run", "later")
    units = sum(row.parameters["hidden_units"])
    wrong = units // 10 - (4 if row.parameters["batch_size"] == 16 else 0)
    return made(row, range(wrong), range(200 - wrong), seed)


def dots_of(axes: Axes) -> list[float]:
    return [data(line)[0][0] for line in axes.lines if line.get_marker() == "o"]


def test_the_path_shows_what_was_kept_and_what_each_step_was_worth(tmp_path: Path) -> None:
    experiments, results = whole(PATH, path_make, tmp_path)
    figure = draw_path(results, experiments.stages)
    check(figure)
    (axes,) = figure.axes
    assert dots_of(axes) == [97.5, 98.5], "by validation: wrong on 10 images, then on 6"
    strokes = [data(line)[0] for line in lines(axes, TRAINING)]
    assert strokes[1] == [98.5, 97.5], "all rows that the second stage tried"
    texts = written(figure)
    assert {"+1.00", "4 tried", "2 tried", "1 of 2 tried", "hidden units 50, 50", "batch size 16"} <= set(
        texts
    )
    assert [text.get_fontweight() for text, _ in boxes(figure) if text.get_text() == "+1.00"] == [400]


def test_the_alternative_texts_say_what_is_kept(tmp_path: Path) -> None:
    experiments, results = whole(PATH, path_make, tmp_path)
    first = experiments.stages[0]
    said = describe_stage(tried(first, results).rows, first).replace("\u00a0", " ")
    assert said == (
        "Validation accuracy of 4 rows of the stage “Hidden units”, by hidden layers and units per layer: lowest"
        " for “hidden units 200, 200, 200” (85.00 %), highest for “hidden units 50, 50” (97.50 %). Kept is"
        " “hidden units 50, 50” (97.50 %)."
    )
    path = describe_path(results, experiments.stages).replace("\u00a0", " ")
    assert path == (
        "Path of 3 stages: “Hidden units” keeps “hidden units 50, 50” (97.50 %) of 4; “Batch size” keeps “batch"
        " size 16” (98.50 %) of 2, +1.00 points from the row before; “Epochs” is not decided."
    )
    with language.use("fr"):
        assert describe_path(results, experiments.stages).startswith(
            "Parcours de 3 étapes\u00a0: «\u00a0Unités"
        )


def test_french_figures_stand_clear(tmp_path: Path) -> None:
    experiments, results = whole(PATH, path_make, tmp_path)
    with language.use("fr"):
        check(draw_path(results, experiments.stages))
        figure = draw_stage(tried(experiments.stages[0], results).rows, experiments.stages[0])
    check(figure)
    assert {"97,50", "Couches cachées", "Encadrée : l’expérience retenue."} <= {
        text.split(" Vide")[0] for text in written(figure)
    }
