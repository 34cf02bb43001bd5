"""Layers, optimisers and the other calls of rows: their faults with line and column, their one form in a row."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.experiments.load import load
from reportgen.experiments.resolved import Experiments
from reportgen.experiments.row_calls import DataSeen
from reportgen.notebooks import discover
from tests.experiments.sources import DATASETS, notebook, write_notebook

NETWORK = """\
dataset: str = "mnist"
filters: list[int] = [9]
kernel_sizes: list[int] = [5]
dense_units: int = 25
layers: list[str] = []
augmentation: list[str] = []
optimizer: str = "RMSprop"
learning_rate: float = 0.001
loss: str = "categorical_crossentropy"
callbacks: list[str] = []
schedule: str | None = None
kernel_initializer: str = "glorot_uniform"
kernel_regularizer: str | None = None
batch_size: int = 128
epochs: int = 30
validation: float | int | str = 0.1
seed: int = 42
"""
HISTOGRAMS = """\
dataset: str = "mnist"
orientations: int = 8
pixels_per_cell: int = 4
cells_per_block: int = 1
layers: list[str] = []
hidden_units: list[int] = [200]
activation: str | list[str] = "relu"
dropout: float | list[float] = 0.5
optimizer: str = "rmsprop"
batch_size: int = 128
epochs: int = 30
seed: int = 42
"""
SEEN: Mapping[str, DataSeen] = {
    "mnist": DataSeen((28, 28, 1), 10, 60_000),
    "fruit": DataSeen((20, 16, 3), 3, 300),
}
HEAD = '[report]\ntitle = "T"\n\n[[section]]\nid = "s"\nnotebook = "network"\n'
ROW = '\n[[experiment]]\nid = "{}"\nsection = "s"\ntitle = "T"\n'
FLAT = "Flatten()", "Dense(10, activation='softmax')"


def row(name: str = "a", **parameters: str) -> str:
    """A row whose parameters are TOML."""
    given = "".join(f"{key} = {value}\n" for key, value in parameters.items())
    return ROW.format(name) + "[experiment.parameters]\n" + given


def on_histograms(**parameters: str) -> str:
    """A row of the other notebook."""
    return row(**parameters).replace("[experiment.", 'notebook = "histograms"\n[experiment.')


def texts(*layers: str) -> str:
    """A list of texts in TOML."""
    return "[" + ", ".join(f'"{each}"' for each in layers) + "]"


def read(folder: Path, text: str, seen: Mapping[str, DataSeen] | None = SEEN) -> Experiments:
    """Load a file beside the two notebooks."""
    write_notebook(folder / "notebooks", "network", notebook(NETWORK))
    write_notebook(folder / "notebooks", "histograms", notebook(HISTOGRAMS))
    file = folder / "experiments.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, discover(folder / "notebooks"), (*DATASETS, "fruit"), seen=seen)


def refused(folder: Path, text: str) -> list[tuple[int, int, str]]:
    """Line, column and code of every fault."""
    with pytest.raises(InputError) as caught:
        read(folder, text)
    return [(each.line, each.column, each.code) for each in caught.value.problems]


def test_every_fault_of_every_row_is_told_at_once_with_line_and_column(tmp_path: Path) -> None:
    text = (
        HEAD
        + row("a", layers=texts("Conv2d(32, 3)", *FLAT))
        + row("b", layers=texts("Flatten()", "Dense(11)"))
    )
    text += row("c", optimizer='"Adam(lr=1e-3)"', loss='"mea"', callbacks=texts("EarlyStoping()"), epochs="0")
    assert refused(tmp_path, text) == [
        (13, 12, "unknown-layer"),
        (20, 25, "bad-output"),
        (20, 31, "bad-output"),
        (27, 19, "unknown-argument"),
        (28, 9, "unknown-loss"),
        (29, 15, "unknown-callback"),
        (30, 0, "bad-parameter"),
    ]


@pytest.mark.parametrize(
    ("layers", "code", "said"),
    [
        (("Conv2D(8, 3)", "Dense(10, activation='softmax')"), "dense-on-image", "26 × 26 × 8"),
        (("MaxPooling2D(8)", "Conv2D(8, 5)", *FLAT), "bad-shape", "does not fit into an image of 3 × 3"),
        (("Flatten()", "Dense(11, activation='softmax')"), "bad-output", "the data have 10 classes"),
        (("Flatten()", "Dense(10)"), "bad-output", "softmax"),
        (("Flatten()", "Dense(1275510)", FLAT[1]), "too-many-parameters", "1 014 030 460 parameters (4.1 GB"),
        (("Dense(64, activaton='relu')", *FLAT), "unknown-argument", '"activaton"'),
    ],
)
def test_a_wrong_stack_is_refused(tmp_path: Path, layers: tuple[str, ...], code: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, HEAD + row(layers=texts(*layers)))
    assert code in [each.code for each in caught.value.problems]
    assert said in str(caught.value) and 'experiment "a": parameter "layers", entry ' in str(caught.value)


def test_more_parameters_are_allowed_by_the_row_else_by_its_section(tmp_path: Path) -> None:
    giant = row(layers=texts("Flatten()", "Dense(100000)", FLAT[1]))
    assert [code for _, _, code in refused(tmp_path, HEAD + giant)] == ["too-many-parameters"]
    allowing = giant.replace('title = "T"', 'title = "T"\nallow_parameters = 80_000_000')
    assert read(tmp_path, HEAD + allowing).rows[0].id == "a"
    assert read(tmp_path, HEAD + "allow_parameters = 80_000_000\n" + giant).rows[0].id == "a"
    strict = giant.replace('title = "T"', 'title = "T"\nallow_parameters = 1_000')
    assert refused(tmp_path, HEAD + "allow_parameters = 80_000_000\n" + strict)


def test_a_network_in_stages_is_counted_too(tmp_path: Path) -> None:
    text = HEAD + row(dense_units="1_000_000", filters="[64]", kernel_sizes="[3]")
    assert refused(tmp_path, text) == [(13, 0, "too-many-parameters")]
    found = read(tmp_path, HEAD + row()).calls
    assert found is not None
    (counted,) = found(SEEN).rows
    assert counted.checked.stack is not None
    assert counted.checked.stack.parameters == 9 * 26 + (14 * 14 * 9 + 1) * 25 + 26 * 10


def test_what_layers_replace_is_refused_beside_them_and_is_no_setting_of_the_row(tmp_path: Path) -> None:
    text = HEAD + row(layers=texts(*FLAT), filters="[9]", kernel_sizes="[5]")
    assert [code for _, _, code in refused(tmp_path, text)] == ["without-effect", "without-effect"]
    with_layers, in_stages = read(tmp_path, HEAD + row("a", layers=texts(*FLAT)) + row("b")).rows
    gone = {"filters", "kernel_sizes", "dense_units", "kernel_initializer", "kernel_regularizer"}
    assert in_stages.parameters.keys() - with_layers.parameters.keys() == gone
    assert in_stages.parameters["layers"] == []


def test_an_optimiser_that_is_called_has_its_own_rate(tmp_path: Path) -> None:
    text = HEAD + row(optimizer='"Adam(1e-3)"', learning_rate="0.01")
    assert [code for _, _, code in refused(tmp_path, text)] == ["two-rates"]
    by_section = HEAD.replace("[[section]]", "[[section]]\nparameters = { learning_rate = 0.01 }")
    assert [code for _, _, code in refused(tmp_path, by_section + row(optimizer='"Adam(1e-3)"'))] == [
        "two-rates"
    ]
    called, named = read(
        tmp_path, HEAD + row("a", optimizer='"Adam(0.001)"') + row("b", optimizer='"adam"')
    ).rows
    assert "learning_rate" not in called.parameters and called.parameters["optimizer"] == "Adam(0.001)"
    assert named.parameters["learning_rate"] == 0.001


def test_texts_that_mean_the_same_are_one_configuration(tmp_path: Path) -> None:
    one = row(
        "a", layers=texts("MaxPool2D((2, 2), strides=2)", *FLAT), optimizer='"keras.optimizers.Nadam(learning_rate=5e-4)"',
        loss='"CategoricalCrossentropy()"', schedule='"none"',
    )  # fmt: skip
    other = row("b", layers=texts("MaxPooling2D( )", *FLAT), optimizer='"Nadam(0.0005)"')
    first, second = read(tmp_path, HEAD + one + other).rows
    assert first.parameters == second.parameters
    assert first.given["layers"] == ["MaxPooling2D(2)", *FLAT]
    assert second.parameters["loss"] == "categorical_crossentropy"


def test_the_default_of_a_cell_has_that_form_too(tmp_path: Path) -> None:
    (plain,) = read(tmp_path, HEAD + row()).rows
    assert plain.parameters["optimizer"] == "rmsprop"
    settled = {"kernel_initializer": '"HeNormal()"', "kernel_regularizer": '"l2"'}
    (other,) = read(tmp_path, HEAD + row(**settled)).rows
    found = other.parameters["kernel_initializer"], other.parameters["kernel_regularizer"]
    assert found == ("he_normal", "L2(0.01)")


def test_histograms_are_what_a_network_on_them_is_given(tmp_path: Path) -> None:
    text = on_histograms(layers=texts("Dense(5)", FLAT[1]))
    found = read(tmp_path, HEAD + text).calls
    assert found is not None
    stack = found(SEEN).rows[0].checked.stack
    assert stack is not None and stack.input_shape == (7 * 7 * 8,)
    coloured = text + 'dataset = "fruit"\n'
    assert "colour-images" in [code for _, _, code in refused(tmp_path, HEAD + coloured)]


def test_warnings_are_kept_apart(tmp_path: Path) -> None:
    dying = row(
        schedule='"MultiplyEachEpoch({11: 0.1, 21: 0.01})"', callbacks=texts("EarlyStopping(patience=40)")
    )
    found = read(tmp_path, HEAD + dying)
    assert [each.code for each in found.warnings] == ["never-acts", "dead-rate"]
    assert (
        found.warnings[0]
        .said("warning")
        .startswith(f"{tmp_path}/experiments.toml:14:29: warning[never-acts]")
    )


def test_data_that_are_not_known_yet_are_checked_once_they_are(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + row(dataset='"fruit"', layers=texts(*FLAT)), seen={})
    assert found.calls is not None
    (problem,) = found.calls(SEEN).problems
    assert (problem.code, problem.line) == ("bad-output", 14)
    assert "3 classes" in problem.message


@pytest.mark.parametrize(
    ("validation", "code"), [("8400", None), ("60000", "too-few-images"), ("1", "bad-parameter"), ("1.5", "bad-parameter")]
)  # fmt: skip
def test_validation_may_be_a_number_of_images(tmp_path: Path, validation: str, code: str | None) -> None:
    text = HEAD + row(validation=validation)
    if code is None:
        assert read(tmp_path, text).rows[0].parameters["validation"] == 8400
    else:
        assert [found for _, _, found in refused(tmp_path, text)] == [code]


@pytest.mark.parametrize("setting", ["activation = ['relu']", "dropout = [0.1, 0.2, 0.3]"])
def test_a_list_has_an_entry_for_each_hidden_layer(tmp_path: Path, setting: str) -> None:
    two = on_histograms(hidden_units="[9, 9]")
    with pytest.raises(InputError, match="differ in length: 2 and"):
        read(tmp_path, HEAD + two + setting)
    assert read(tmp_path, HEAD + two + "activation = ['relu', 'tanh']\ndropout = [0.1, 0.2]").rows


def test_a_section_keeps_models_and_a_row_may_not(tmp_path: Path) -> None:
    text = (
        HEAD
        + "keep_model = true\n"
        + row("a")
        + row("b").replace("[experiment.", "keep_model = false\n[experiment.")
    )
    assert [each.keep_model for each in read(tmp_path, text).rows] == [True, False]
    prose = HEAD + '[[section]]\nid = "p"\nkind = "prose"\nkeep_model = true\n' + row()
    assert [code for _, _, code in refused(tmp_path, prose)] == ["unused-key"]
