"""courseworks/fashion_mnist.toml: a notebook on Fashion-MNIST made again, against its transcription."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from reportgen.calls import named
from reportgen.calls.schedules import epoch_rates
from reportgen.experiments.resolved import Experiments, Row
from reportgen.experiments.row_calls import DataSeen, RowCalls
from tests.courseworks import transcription

Theirs = Mapping[str, Mapping[str, Any]]

OURS = {
    "model-d-stepwise": "model-d",
    "custom-model-preprocessed": "custom-model",
    "custom-model-untrained": "custom-model",
}
"""Rows that were never published, by the published ones that they stand beside."""

SEEN = {"fashion_mnist": DataSeen((28, 28, 1), 10, 60_000)}
NOTEBOOKS = {
    "Question 3": "raw_mlp",
    "Question 4": "raw_mlp",
    "Question 5": "fashion_cnn",
    "Question 6": "fashion_cnn",
}
SECTIONS = {
    "Question 3": "perceptrons",
    "Question 4": "perceptrons",
    "Question 5": "convolutions",
    "Question 6": "transfer",
}


@pytest.fixture(scope="module")
def own() -> Experiments:
    return transcription.coursework("fashion_mnist")


@pytest.fixture(scope="module")
def rows(own: Experiments) -> dict[str, Row]:
    return {row.id: row for row in own.rows}


@pytest.fixture(scope="module")
def calls(own: Experiments) -> RowCalls:
    assert own.calls is not None
    return own.calls(SEEN)


@pytest.fixture(scope="module")
def theirs() -> Theirs:
    return {row["id"]: row for row in transcription.rows("fashion-mnist")}


def expected_layers(row: Mapping[str, Any]) -> list[str]:
    """The layers of a transcribed row, from pixels between 0 and 1 on."""
    layers = transcription.layers(row)
    if row["id"] == "custom-model":  # padding and colour were made before its network, pixels up to 255 kept
        before = named.canonical("layers", ["Rescaling(255)", f"ZeroPadding2D({row['features']['pad']})"])
        assert row["features"]["rgb"] is True
        return [*before, "GrayscaleToRGB()", *layers]
    (scaling,) = (layer for layer in layers if layer.startswith("Rescaling("))
    assert scaling == named.canonical("layers", ["Rescaling(1/255)"])[0]
    layers.remove(scaling)
    return layers


def section(own: Experiments, name: str) -> Any:
    (found,) = (each for each in own.file.section if each.id == name)
    return found


def test_the_rows_are_the_published_ones_and_four_of_ours(own: Experiments, theirs: Theirs) -> None:
    assert [row.id for row in own.rows if row.id not in OURS] == list(theirs)
    for row in own.rows:
        group = theirs[OURS.get(row.id, row.id)]["group"]
        assert (row.section, row.notebook) == (SECTIONS[group], NOTEBOOKS[group])
        assert row.title.endswith("(ours)") == (row.id in OURS)
        assert (row.published is None) == (row.id in OURS)


def test_settings_equal_the_transcription(rows: Mapping[str, Row], theirs: Theirs) -> None:
    for id, their in theirs.items():
        expected = {
            "dataset": their["dataset"].replace("-", "_"),
            "layers": expected_layers(their),
            "optimizer": transcription.optimizer(their["optimizer"]),
            "loss": their["loss"],
            "batch_size": their["batch_size"],
            "epochs": their["epochs"],
            "validation": their["split"]["val_fraction"],
        }
        found = dict(rows[id].parameters)
        assert {name: found[name] for name in expected} == expected, id
        assert set(expected) <= set(rows[id].given), id
        if id != "model-d":  # its callback is the schedule
            assert found["callbacks"] == transcription.callbacks(their), id
            assert found["schedule"] is None, id


def test_the_split_has_the_published_sizes(rows: Mapping[str, Row], theirs: Theirs) -> None:
    items = SEEN["fashion_mnist"].items
    for id, their in theirs.items():
        held_out = round(float(str(rows[id].parameters["validation"])) * items)
        assert (items - held_out, held_out) == (their["split"]["train"], their["split"]["val"])


def test_the_rates_of_model_d_are_those_of_its_log(rows: Mapping[str, Row], theirs: Theirs) -> None:
    """But for last digits: the log printed products before they were rounded to float32."""
    parameters = rows["model-d"].parameters
    (schedule,), faults = named.bound("schedule", str(parameters["schedule"]))
    assert faults == []
    (published,) = theirs["model-d"]["callbacks"]
    after = {epoch + 1: factor for epoch, factor in published["thresholds"]}  # its epochs count from 0
    assert schedule is not None and schedule["after"] == after
    log = [epoch["learning_rate"] for epoch in theirs["model-d"]["history"]]
    assert list(epoch_rates(schedule, 1e-3, len(log))) == pytest.approx(log, rel=1e-6, abs=0)


def test_the_row_beside_model_d_takes_each_factor_once(rows: Mapping[str, Row]) -> None:
    one, other = dict(rows["model-d"].parameters), dict(rows["model-d-stepwise"].parameters)
    (schedule,), _ = named.bound("schedule", str(other.pop("schedule")))
    one.pop("schedule")
    assert one == other
    rates = epoch_rates(schedule, 1e-3, 30)
    assert [sum(rate == pytest.approx(share) for rate in rates) for share in (1e-3, 1e-4, 1e-5)] == [
        11,
        10,
        9,
    ]


def test_the_rows_beside_the_borrowed_network_differ_in_weights_and_pixels_alone(
    rows: Mapping[str, Row],
) -> None:
    published = dict(rows["custom-model"].parameters)
    networks = {}
    for id in [id for id, beside in OURS.items() if beside == "custom-model"]:
        parameters = dict(rows[id].parameters)
        layers, theirs = parameters.pop("layers"), published["layers"]
        assert isinstance(layers, list) and isinstance(theirs, list)
        assert parameters == {name: value for name, value in published.items() if name != "layers"}
        assert layers[:3] == ["ZeroPadding2D(padding=2)", "GrayscaleToRGB()", "Rescaling(2.0, offset=-1.0)"]
        assert layers[4:] == theirs[4:]
        networks[id] = layers[3]
    assert networks.pop("custom-model-preprocessed") == published["layers"][3]
    assert networks == {
        "custom-model-untrained": "MobileNetV2(include_top=False, weights=None, trainable=False)",
    }
    for id in networks:  # a network with weights that nobody trained is no transfer
        assert re.search("untrained weights", rows[id].title)
        assert "no transfer" in str(rows[id].comment)


def test_parameter_counts_equal_the_transcription(calls: RowCalls, theirs: Theirs) -> None:
    for each in calls.rows:
        stack = each.checked.stack
        assert stack is not None
        their = theirs[OURS.get(each.row, each.row)]
        counts = (stack.parameters, stack.trainable, stack.non_trainable)
        assert counts == transcription.transcribed_counts(their), each.row


def test_only_what_was_published_so_is_warned_of(own: Experiments, calls: RowCalls) -> None:
    assert calls.problems == ()
    assert own.warnings == ()
    found = [(row.row, problem.code) for row in calls.rows for problem in row.warnings]
    assert sorted(found) == [
        ("custom-model", "pixel-range"),
        ("model-d", "dead-rate"),
        ("model-d", "never-reached"),
    ]


def test_published_figures_equal_the_transcription(
    own: Experiments, rows: Mapping[str, Row], theirs: Theirs
) -> None:
    for id, their in theirs.items():
        published = rows[id].published
        assert published is not None
        assert published.model_dump(exclude_none=True) == transcription.published(their), id
    (split,) = {
        tuple(their["split"][name] for name in ("val_fraction", "val", "test")) for their in theirs.values()
    }
    protocol = own.file.published
    assert (protocol.validation, protocol.validation_items, protocol.test_items) == split
    assert protocol.tested_epoch == "last"
    assert all(
        "final-epoch weights" in their.get("evaluation", "final-epoch weights") for their in theirs.values()
    )


def test_no_comment_quotes_what_published_holds(rows: Mapping[str, Row], theirs: Theirs) -> None:
    for id in theirs:
        assert "`" not in str(rows[id].comment), id


def test_nobody_types_a_measured_number(own: Experiments) -> None:
    for name, text in transcription.prose(own):
        assert transcription.typed_numbers(text) == [], name


def test_titles_say_what_the_rows_are(rows: Mapping[str, Row]) -> None:
    """Those of Models 3, 5, 6 and 7 name a row that they add something to."""
    words = {1: "one", 2: "two", 3: "three", 4: "four"}
    for row in rows.values():
        layers = row.parameters["layers"]
        assert isinstance(layers, list)
        title = row.title.replace("Model 2 with", "two hidden layers, with").replace(
            "Model 4 with", "three hidden layers, with"
        )
        dense, convolutions = (
            sum(text.startswith(kind) for text in layers) for kind in ("Dense(", "Conv2D(")
        )
        if row.section == "perceptrons":
            assert f"{words[dense - 1]} hidden layer" in title, row.id
            assert ("dropout" in title) == any(text.startswith("Dropout(") for text in layers), row.id
            assert ("penalty" in title) == any("L1(" in text for text in layers), row.id
        if row.id in ("model-a", "model-b", "model-c"):
            assert f"{words[convolutions]} convolution" in title, row.id
        assert ("ImageNet" in title) == any(
            "MobileNetV2(" in text and "weights=None" not in text for text in layers
        )


MISTAKES = {
    1: ("multiplies the current rate", "its description names other epochs", "lowers the rate twice"),
    2: ("no weight could move", "row('model-d').highest_validation_accuracy"),
    3: ("missing", "worked out from all rows"),
    4: ("`0.8867`", "`0.8889`", "looked up when the report is made"),
    5: ("row('model-3').best_epoch_by_accuracy", "row('model-3').best_epoch_by_loss"),
    6: ("Models 2 and 6", "named set of rows"),
    7: ("its last", "end with the training"),
    8: ("row('model-4').best_epoch_by_accuracy", "row('model-4').epochs"),
    9: ("by test accuracy", "go by validation accuracy"),
    10: ("seven perceptrons", "section('perceptrons').rows"),
    11: ("another", "the same weights"),
    12: ("lowest validation loss", "row('model-2').best_epoch_by_loss"),
    13: ("penalty", "lasso", "accuracies are compared"),
    14: ("no weights to train", "row('custom-model-untrained').total_params"),
    15: ("without the preprocessing", "a second row has the preprocessing"),
    16: ("hardly learnt", "side by side"),
    17: ("takes the name of the first", "one run of one notebook"),
    18: ("fewer epochs and larger batches", "lists the settings that differ"),
    19: ("deeper", "misspelt", "written once"),
    20: ("running means", "computed after training"),
    21: ("missing", "had to be assumed"),
    22: ("cut away", "share a place"),
}
"""What the line on each mistake says, by its number in the list of the transcription."""


def test_each_mistake_of_the_notebook_has_its_line(own: Experiments) -> None:
    chapter = section(own, "mistakes")
    assert chapter.kind == "prose"
    flat = " ".join(chapter.text.split())
    lines = dict(re.findall(r"(?:^| )(\d+)\. (\*\*.*?)(?= \d+\. \*\*|$)", flat))
    assert [int(number) for number in lines] == list(MISTAKES)
    for number, words in MISTAKES.items():
        assert [each for each in words if each not in lines[str(number)]] == [], number
        assert "*Here* " in lines[str(number)], number


def test_the_list_of_mistakes_is_that_of_the_transcription() -> None:
    assert set(transcription.mistakes("002")) == set(MISTAKES)


def test_the_mistyped_figure_is_quoted_as_it_was(theirs: Theirs) -> None:
    (note,) = (each for each in theirs["model-5"]["notes"] if "732" in each)
    assert re.findall(r"0\.\d+", note) == re.findall(r"0\.\d+", " ".join(MISTAKES[4][:2]))


def test_each_question_is_asked_once_and_answered(own: Experiments) -> None:
    asked = [
        (number, each.kind)
        for each in own.file.section
        for number in re.findall(r"\*\*Question (\d)\.\*\*", each.question or "")
    ]
    assert asked == [
        ("1", "prose"),
        ("2", "data"),
        ("3", "experiments"),
        ("4", "experiments"),
        ("5", "experiments"),
        ("6", "experiments"),
        ("7", "comparison"),
    ]
    for each in own.file.section:
        if each.question:
            assert each.text or each.conclusion, each.id


def test_every_row_is_described_and_every_published_one_compared(own: Experiments, theirs: Theirs) -> None:
    comments = [row.comment for row in own.rows]
    assert all(comments) and len(set(comments)) == len(comments)
    (choice,) = (each for each in own.file.contrast if each.id == "choice")
    assert choice.reference == "best"
    assert list(choice.rows) == [id for id in theirs if id != "custom-model"]
    assert {row for each in own.file.contrast for row in each.rows} >= set(theirs) - {"custom-model"}
