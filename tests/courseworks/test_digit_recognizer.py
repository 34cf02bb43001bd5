"""courseworks/digit_recognizer.toml: four trainings of a notebook for Kaggle's digits, against its transcription."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from reportgen.calls.named import canonical
from reportgen.experiments.resolved import Experiments
from reportgen.prose.warnings import lonely_deviations, unused_references
from tests.courseworks import transcription

SEARCH = "hyperopt-tpe"
"""The row of the notebook that is no training but a search."""
CLASSES = {
    "rotation": "RandomRotation({degrees}/360, fill_mode='nearest')",
    "shift": "RandomTranslation({height}, {width}, fill_mode='nearest')",
    "zoom": "RandomZoom({range}, {range}, fill_mode='nearest')",
}
QUOTED = re.compile(r"`([\d.,]+%?)`")


@pytest.fixture(scope="module")
def own() -> Experiments:
    return transcription.coursework("digit_recognizer")


@pytest.fixture(scope="module")
def theirs() -> dict[str, dict[str, Any]]:
    rows = {row["id"]: row for row in transcription.rows("digit-recognizer")}
    assert rows.pop(SEARCH)["kind"] == "search"
    return rows


def augmentation(row: Mapping[str, Any]) -> list[str]:
    """The changes that an image generator made, as layers: turned, then shifted, then zoomed."""
    if not row["augmentation"]:
        return []
    given = {each["type"]: each for each in row["augmentation"]}
    assert given.pop("fill")["mode"] == "nearest"
    shift = {"height": given.pop("height_shift")["range"], "width": given.pop("width_shift")["range"]}
    assert set(given) == {"rotation", "zoom"}
    texts = [
        CLASSES["rotation"].format(**given["rotation"]),
        CLASSES["shift"].format(**shift),
        CLASSES["zoom"].format(**given["zoom"]),
    ]
    found = canonical("augmentation", texts)
    assert isinstance(found, list)
    return found


def comments(own: Experiments) -> dict[str, str]:
    return {row.id: row.comment or "" for row in own.rows}


def test_nothing_is_warned_of(own: Experiments) -> None:
    assert [*own.warnings, *unused_references(own), *lonely_deviations(own)] == []


def test_the_rows_are_the_four_trainings_in_their_order(
    own: Experiments, theirs: Mapping[str, Mapping[str, Any]]
) -> None:
    assert [row.id for row in own.rows] == list(theirs)
    assert {row.section for row in own.rows} == {"networks"}


def test_settings_equal_the_transcription(own: Experiments, theirs: Mapping[str, Mapping[str, Any]]) -> None:
    for row in own.rows:
        their = theirs[row.id]
        optimizer = their["optimizer"]
        expected = {
            "dataset": "kaggle_digits",
            "layers": transcription.layers(their),
            "augmentation": augmentation(their),
            "optimizer": optimizer["name"],
            "learning_rate": optimizer["learning_rate"],
            "loss": their["loss"],
            "batch_size": their["batch_size"],
            "epochs": their["epochs"],
            "callbacks": transcription.callbacks(their),
            "schedule": None,
            "validation": their["split"]["val_fraction"],
        }
        found = dict(row.parameters)
        assert {name: found[name] for name in expected} == expected, row.id
        assert set(expected) - {"schedule", "augmentation"} <= set(row.given), row.id
        assert row.warm_start == their.get("starts_from"), row.id
        assert row.seed == their["split"]["random_state"], row.id


def test_parameter_counts_equal_the_transcription(
    own: Experiments, theirs: Mapping[str, Mapping[str, Any]]
) -> None:
    for row in own.rows:
        layers = row.parameters["layers"]
        assert isinstance(layers, list)
        assert transcription.counts(layers) == transcription.transcribed_counts(theirs[row.id]), row.id


def test_published_figures_equal_the_transcription(
    own: Experiments, theirs: Mapping[str, Mapping[str, Any]]
) -> None:
    for row in own.rows:
        found = row.published.model_dump(exclude_none=True) if row.published else {}
        assert found == transcription.published(theirs[row.id]), row.id
    assert own.file.published.validation == theirs["base-cnn"]["split"]["val_fraction"]
    assert own.file.published.validation_items == theirs["base-cnn"]["split"]["val"]
    assert own.file.published.test_items is None  # nothing was published on a test set


def test_the_data_have_the_sizes_of_the_competition(
    own: Experiments, theirs: Mapping[str, Mapping[str, Any]]
) -> None:
    table, split = own.file.dataset["kaggle_digits"], theirs["final-model"]["split"]
    assert table.from_ == "mnist" and "MNIST stands in" in (table.note or "")
    assert table.train_items == split["train"] + split["val"] == 42_000
    assert table.test_items is not None and table.unlabelled_items is not None
    assert (
        table.test_items + table.unlabelled_items
        == split["test"]
        == theirs["final-model"]["submission"]["rows"]
    )
    assert table.train_items + split["test"] == 70_000
    assert own.file.execution.split_seed == split["random_state"]
    submitted = {row.id for row in own.rows if row.keep_model}
    assert submitted == {"final-model"}


def test_every_number_in_code_is_one_that_the_notebook_printed(
    own: Experiments, theirs: Mapping[str, Mapping[str, Any]]
) -> None:
    """What `published` cannot hold is quoted; a quotation is what was printed, to the last digit."""
    quoted = {id: set(QUOTED.findall(text)) for id, text in comments(own).items()}
    base, augmented, final = (theirs[id] for id in ("base-cnn", "augmented-cnn", "final-model"))
    best = {id: str(row["published"].get("best_val_accuracy")) for id, row in theirs.items()}
    search = next(row for row in transcription.rows("digit-recognizer") if row["id"] == SEARCH)
    assert quoted == {
        "base-cnn": set(),
        "augmented-cnn": set(),
        "reduce-lr-cnn": set(),
        "final-model": {
            str(final["derived"]["final_val_accuracy"]),
            f"{search['published']['best_val_accuracy']:.4f}",
            "99.5%",
        },
    }
    said = comments(own)
    assert f"_loss_epoch }}}} of {base['stop_epoch']}" in said["base-cnn"]
    assert f"stopped after {augmented['stop_epoch']} epochs" in " ".join(said["augmented-cnn"].split())
    assert f"best of {search['published']['evals']} trials" in " ".join(said["final-model"].split())
    gained = float(best["reduce-lr-cnn"]) - float(best["augmented-cnn"])
    assert round(gained * base["split"]["val"]) == 6 and "six validation images" in said["reduce-lr-cnn"]


def test_the_place_on_the_leaderboard_is_told_as_a_claim_of_the_notebook(
    own: Experiments, theirs: Mapping[str, Mapping[str, Any]]
) -> None:
    (submission,) = (each for each in own.file.section if each.id == "submission")
    share = theirs["final-model"]["published"]["kaggle_top_fraction"]
    assert submission.text is not None
    assert re.findall(r"`(\d+%)`", submission.text) == [f"{round(100 * share)}%"]
    assert "not a measurement of ours" in submission.text
    others = "".join(text for name, text in transcription.prose(own) if not name.startswith("submission"))
    assert "leaderboard" not in others and "12%" not in others


def test_nobody_types_a_measured_number(own: Experiments) -> None:
    for name, text in transcription.prose(own):
        assert transcription.typed_numbers(text) == [], name


def test_titles_say_what_the_rows_are(own: Experiments) -> None:
    words = {3: "Three", 6: "Six"}
    for row in own.rows:
        layers = row.parameters["layers"]
        assert isinstance(layers, list)
        convolutions = sum(text.startswith("Conv2D") for text in layers)
        assert row.title.startswith(f"{words[convolutions]} convolutions"), row.id
        named = [name for name in ("adam", "rmsprop") if name in row.title]
        assert named in ([], [row.parameters["optimizer"]]), row.id
        units = re.search(r"(\d+) units", row.title)
        assert units is None or any(text.startswith(f"Dense({units[1]},") for text in layers), row.id
        assert ("trained on" in row.title) == (row.warm_start is not None), row.id
        assert ("augmentation" in row.title) <= bool(row.parameters["augmentation"]), row.id
        assert ("dropout" in row.title) <= any(text.startswith("Dropout") for text in layers), row.id


MISTAKES = {
    1: ("batches of 32", "steps of batches of 128", "read from the run's record"),
    2: ("patience of five", "ten epochs after"),
    3: ("falling rate", "trained weights", "contrast('plateau')", "every epoch is in the appendix"),
    4: ("row('base-cnn').training_items", "row('augmented-cnn').training_items"),
    5: ("from zero", "best_epoch_by_loss", "best_epoch_by_accuracy"),
    6: ("Fifty trials", "choose nothing"),
    7: ("the last one is saved", "after which epoch"),
    8: ("only results are printed", "record holds all its settings"),
    9: ("depth, dropout, optimiser and augmentation", "lists all that changed"),
    10: ("never drawn", "never scored", "row('base-cnn').test_accuracy"),
    11: ("TensorFlow", "one seed", "the same figures"),
}
"""What the line on each mistake says, by its number in the list of the transcription."""


def test_each_mistake_of_the_notebook_has_its_line(own: Experiments) -> None:
    (chapter,) = (each for each in own.file.section if each.id == "mistakes")
    assert chapter.kind == "prose" and chapter.text is not None
    flat = " ".join(chapter.text.split())
    lines = dict(re.findall(r"(?:^| )(\d+)\. (\*\*.*?)(?= \d+\. \*\*|$)", flat))
    assert {int(number) for number in lines} == set(MISTAKES)
    for number, words in MISTAKES.items():
        missing = [each for each in words if each not in lines[str(number)]]
        assert missing == [], number


def test_the_list_of_mistakes_is_that_of_the_transcription() -> None:
    assert set(transcription.mistakes("003")) == set(MISTAKES)


def test_what_the_cell_of_the_first_network_says_stands_beside_what_was_run(
    own: Experiments, theirs: Mapping[str, Mapping[str, Any]]
) -> None:
    """The settings run are those of the log; the cell's are named, and not run."""
    base = theirs["base-cnn"]
    assert base["history"][0]["steps"] == -(-base["split"]["train"] // base["batch_size"])
    assert base["stop_epoch"] == base["derived"]["best_val_loss_epoch"] + base["callbacks"][0]["patience"]
    source = (transcription.ROOT / "courseworks" / "digit_recognizer.toml").read_text(encoding="utf-8")
    cell, patience = base["batch_size_alternatives"][0], base["patience_alternatives"][0]
    assert f"batch_size = {cell} and patience = {patience}" in source


def test_links_lead_to_chapters(own: Experiments) -> None:
    links = {link for _, text in transcription.prose(own) for link in re.findall(r"\]\(#([^)]*)\)", text)}
    assert links
    assert links <= {f"section-{section.id}" for section in own.file.section}


def test_chapters_and_claims(own: Experiments) -> None:
    kinds = [section.kind for section in own.file.section]
    assert kinds == ["data", "complexity", "experiments", "comparison", "prose", "prose"]
    assert all(section.question for section in own.file.section[:3])
    assert own.file.report.references and {"epochs", "code"} == set(own.file.report.appendices)
    assert {id for contrast in own.file.contrast for id in contrast.rows} == {row.id for row in own.rows}
    assert len({row.comment for row in own.rows}) == len(own.rows)
