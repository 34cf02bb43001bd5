"""courseworks/digit_recognizer.toml: trainings and search of a notebook for Kaggle's digits, against its transcription."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from reportgen.calls.named import canonical
from reportgen.experiments.load import load
from reportgen.experiments.resolved import Experiments, Row
from reportgen.experiments.stages import Standing
from reportgen.notebooks import discover
from reportgen.prose.warnings import lonely_deviations, unused_references
from tests.courseworks import transcription
from tests.experiments.sources import DATASETS

SEARCH = "hyperopt-tpe"
"""The row of the notebook that is no training but a search."""
WINNER = "searched-again"
"""The row of ours that trains what the search keeps."""
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


@pytest.fixture(scope="module")
def their_search() -> dict[str, Any]:
    return next(row for row in transcription.rows("digit-recognizer") if row["id"] == SEARCH)


def networks(own: Experiments) -> list[Row]:
    """The rows that the notebook trained by themselves: no trials, and nothing that comes of them."""
    return [row for row in own.rows if row.origin is None]


def comments(own: Experiments) -> dict[str, str]:
    return {row.id: row.comment or "" for row in networks(own)}


def test_nothing_is_warned_of(own: Experiments) -> None:
    assert [*own.warnings, *unused_references(own), *lonely_deviations(own)] == []


def test_the_rows_are_the_four_trainings_in_their_order(
    own: Experiments, theirs: Mapping[str, Mapping[str, Any]]
) -> None:
    assert [row.id for row in networks(own)] == list(theirs)
    assert {row.section for row in networks(own)} == {"networks"}


def test_settings_equal_the_transcription(own: Experiments, theirs: Mapping[str, Mapping[str, Any]]) -> None:
    for row in networks(own):
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
    for row in networks(own):
        layers = row.parameters["layers"]
        assert isinstance(layers, list)
        assert transcription.counts(layers) == transcription.transcribed_counts(theirs[row.id]), row.id


def test_published_figures_equal_the_transcription(
    own: Experiments, theirs: Mapping[str, Mapping[str, Any]]
) -> None:
    for row in networks(own):
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
    own: Experiments, theirs: Mapping[str, Mapping[str, Any]], their_search: Mapping[str, Any]
) -> None:
    """What `published` cannot hold is quoted; a quotation is what was printed, to the last digit."""
    quoted = {id: set(QUOTED.findall(text)) for id, text in comments(own).items()}
    base, augmented, final = (theirs[id] for id in ("base-cnn", "augmented-cnn", "final-model"))
    best = {id: str(row["published"].get("best_val_accuracy")) for id, row in theirs.items()}
    search = their_search
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
    settings = {row.title for row in own.rows if row.origin is not None}
    for name, text in transcription.prose(own):
        assert transcription.typed_numbers(text) == [] or text in settings, name


def test_titles_say_what_the_rows_are(own: Experiments) -> None:
    words = {3: "Three", 6: "Six"}
    for row in networks(own):
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
    5: ("from zero", "best_epoch_by_loss", "best_epoch_by_accuracy", "of the weights it ends with"),
    6: ("Fifty trials", "choose nothing", "trained again", "marked as chosen"),
    7: ("the last one is saved", "after which epoch"),
    8: ("only results are printed", "each trial is a run like any other", "record holds all its settings"),
    9: ("depth, dropout, optimiser and augmentation", "lists all that changed"),
    10: ("never drawn", "never scored", "row('base-cnn').test_accuracy"),
    11: ("TensorFlow", "one seed", "the same figures", "the same trials"),
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
    assert kinds == ["data", "complexity", "experiments", "experiments", "comparison", "prose", "prose"]
    assert all(section.question for section in own.file.section[:4])
    assert own.file.report.references and {"epochs", "code"} == set(own.file.report.appendices)
    compared = {id for contrast in own.file.contrast for id in contrast.rows}
    assert compared == {*comments(own), WINNER}
    said = [row.comment for row in own.rows if row.comment]
    assert len(set(said)) == len(said) == len(compared)


class TestSearch:
    def test_space_trials_and_method_are_those_of_the_notebook(
        self, own: Experiments, their_search: Mapping[str, Any]
    ) -> None:
        (ours,) = own.file.search
        assert ours.space == their_search["space"]
        assert (ours.method, ours.trials) == (their_search["algorithm"], their_search["max_evals"])
        assert (ours.batch, ours.measure, ours.pages) == (5, "validation_accuracy", "none")

    def test_all_else_is_as_in_the_submitted_network(
        self, own: Experiments, their_search: Mapping[str, Any]
    ) -> None:
        """With the values that the notebook found, a trial is its last network."""
        best = {name: value for name, value in their_search["best"].items() if name != "trial"}
        (ours,) = own.file.search
        filled = [
            text.format(**best) if "{" in text else text for text in ours.parameters["layers"]
        ]  # fmt: skip
        final = next(row for row in own.rows if row.id == "final-model")
        assert canonical("layers", filled) == final.parameters["layers"]
        trials = [row for row in own.rows if row.origin is not None and row.origin.stage == "tpe"]
        assert len(trials) == their_search["max_evals"]
        varied = {"layers", "optimizer"}
        for row in trials:
            fixed = {name: value for name, value in row.parameters.items() if name not in varied}
            assert fixed == {n: value for n, value in final.parameters.items() if n not in varied}, row.id
            assert row.seed == final.seed and row.repeats == 1
        assert transcription.callbacks(their_search) == final.parameters["callbacks"]
        assert augmentation(their_search) == final.parameters["augmentation"]

    def test_the_first_batch_is_known_and_the_rest_waits(self, own: Experiments) -> None:
        (stage,) = own.stages
        assert list(stage.rows) == [f"tpe-{number:02d}" for number in range(1, 6)]
        assert (stage.size, stage.waiting, stage.kept) == (50, 45, None)
        winner = next(row for row in own.rows if row.id == WINNER)
        assert winner.waits_for == "tpe" and winner.repeats == 3

    def test_the_winner_has_the_settings_of_the_trial_that_is_kept(self, own: Experiments) -> None:
        """Once all trials are made; the measures decide what is proposed, so they are made up here."""
        path = transcription.ROOT / "courseworks" / "digit_recognizer.toml"
        standing = Standing("tpe-31", tuple(0.99 + number % 7 / 1_000 for number in range(50)))
        notebooks = discover(transcription.ROOT / "notebooks")
        rows = {row.id: row for row in load(path, notebooks, DATASETS, standings={"tpe": standing}).rows}
        assert sum(row.startswith("tpe-") for row in rows) == 50
        assert all(row.waits_for is None for row in rows.values())
        kept, winner = rows["tpe-31"], rows[WINNER]
        assert dict(winner.parameters) == dict(kept.parameters)
        assert kept.seed not in winner.seeds and len(winner.seeds) == 3
        assert kept.origin is not None
        for place, name in enumerate(("dropout_1", "dropout_2", "dropout_3")):
            assert kept.parameters["layers"][4 * place + 3] == f"Dropout({kept.origin.values[name]})"
        assert f"Dense({kept.origin.values['dense_neurons']}, activation='relu')" in kept.parameters["layers"]

    def test_the_notebooks_figures_are_quoted_as_printed(
        self, own: Experiments, theirs: Mapping[str, Mapping[str, Any]], their_search: Mapping[str, Any]
    ) -> None:
        (chapter,) = (each for each in own.file.section if each.id == "search")
        said = " ".join(str(chapter.introduction).split())
        best = their_search["best"]
        (trial,) = (each for each in their_search["trials"] if each["trial"] == best["trial"])
        assert best["trial"] == 31 and "the 31st" in said
        assert re.findall(r"`([^`]*)`", said) == [
            f"{trial['val_accuracy']:.4f}",
            str(trial["best_epoch_index"]),
            f"{trial['val_loss']:.4f}",
            their_search["duration"],
            *(str(best[f"dropout_{number}"]) for number in (1, 2, 3, 4)),
        ]
        assert f"units of {best['dense_neurons']}" in said and best["optimizer"] == "adam"
        winner = next(row.comment or "" for row in own.rows if row.id == WINNER)
        assert QUOTED.findall(winner) == [
            f"{trial['val_accuracy']:.4f}", f"{theirs['final-model']['derived']['final_val_accuracy']}",
        ]  # fmt: skip
