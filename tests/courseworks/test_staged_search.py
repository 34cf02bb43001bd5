"""courseworks/staged_search.toml: a published search in eight stages, against its transcription, and a path of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
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

Theirs = Mapping[str, Mapping[str, Any]]

BATCH, EPOCHS, VALIDATION = 64, 20, 0.1
"""What was chosen where the published report is silent."""
STOPPING = "EarlyStopping(patience=2, restore_best_weights=True)"
OPTIMISERS = {
    "adam": "Adam(0.001)",
    "sgd": "SGD(0.01)",
    "adagrad": "Adagrad(0.001)",
    "rmsprop": "RMSprop(0.001)",
}
"""With Keras's rates, which the published report does not name."""
PATH = {
    "own-activation": "depth-width",
    "own-nodes": "own-activation",
    "own-batch": "own-nodes",
    "own-split": "own-batch",
    "own-initializer": "own-split",
    "own-optimizer": "own-initializer",
    "own-patience": "own-optimizer",
}
"""The stages of our own path behind its first one, each with the one it begins with."""
FINAL = ("own-final", "published-final", "first-stage")
"""The rows with several seeds."""
ONE_RUN = {
    frozenset({"depth2-width400", "nodes-400-400"}),
    frozenset({"nodes-600-200", "batch-64", "val-split-01", "init-none"}),
    frozenset({"init-he-normal-glorot-uniform", "optimizer-adam", "final-epoch-test"}),
}
"""Rows of the published path that are one configuration."""


@pytest.fixture(scope="module")
def own() -> Experiments:
    return transcription.coursework("staged_search")


@pytest.fixture(scope="module")
def theirs() -> Theirs:
    return {row["id"]: row for row in transcription.rows("staged-search")}


@pytest.fixture(scope="module")
def rows(own: Experiments) -> dict[str, Row]:
    return {row.id: row for row in own.rows}


def loaded(standings: Mapping[str, Standing]) -> dict[str, Row]:
    """The rows when some stages are decided."""
    path = transcription.ROOT / "courseworks" / "staged_search.toml"
    made = load(path, discover(transcription.ROOT / "notebooks"), DATASETS, standings=standings)
    return {row.id: row for row in made.rows}


def layers(parameters: Mapping[str, Any]) -> list[str]:
    """The network of a row of settings, in Keras's words."""
    units, functions = parameters["hidden_units"], parameters["activation"]
    if isinstance(functions, str):
        functions = [functions] * len(units)
    drawn = parameters["kernel_initializer"]
    hidden = [
        f"Dense({count}, activation='{function}', kernel_initializer='{drawn}')"
        for count, function in zip(units, functions, strict=True)
    ]
    texts = canonical("layers", ["Flatten()", *hidden, "Dense(10, activation='softmax')"])
    assert isinstance(texts, list)
    return texts


def transcribed_settings(row: Mapping[str, Any]) -> dict[str, Any]:
    *hidden, last = [layer for layer in row["layers"] if layer["type"] == "dense"]
    assert last["units"] == 10 and last.get("kernel_initializer", "glorot_uniform") == "glorot_uniform"
    (drawn,) = {layer.get("kernel_initializer", "glorot_uniform") for layer in hidden}
    return {
        "dataset": row["dataset"],
        "hidden_units": [layer["units"] for layer in hidden],
        "activation": [layer["activation"] for layer in hidden],
        "kernel_initializer": drawn,
        "optimizer": OPTIMISERS[row["optimizer"]["name"]],
        "batch_size": row.get("batch_size", BATCH),
        "validation": row["split"].get("val_fraction", VALIDATION),
    }


def test_nothing_is_warned_of(own: Experiments) -> None:
    assert [*own.warnings, *unused_references(own), *lonely_deviations(own)] == []


def test_the_eight_stages_have_the_published_rows_in_their_order(own: Experiments, theirs: Theirs) -> None:
    groups: dict[str, list[str]] = {}
    for id, row in theirs.items():
        groups.setdefault(row["group"], []).append(id)
    published = [stage for stage in own.stages if stage.section != "own"]
    assert {stage.id: list(stage.rows) for stage in published} == groups
    assert [stage.id for stage in published] == list(groups)
    assert [stage.size for stage in published] == [13, 9, 7, 5, 7, 2, 4, 1]
    assert sum(stage.size for stage in published) == len(theirs) == 48
    assert all(stage.source is None and stage.kind == "sweep" for stage in published)
    chapters = [own.rows_of(section.id) for section in own.file.section if own.rows_of(section.id)]
    assert [len(chapter) for chapter in chapters] == [13, 9, 7, 5, 7, 2, 4, 1, 33, 3]


def test_settings_equal_the_transcription(rows: Mapping[str, Row], theirs: Theirs) -> None:
    for id, their in theirs.items():
        found, expected = dict(rows[id].parameters), transcribed_settings(their)
        if isinstance(found["activation"], str):
            found["activation"] = [found["activation"]] * len(found["hidden_units"])
        assert {name: found[name] for name in expected} == expected, id
        assert (found["epochs"], found["dropout"]) == (EPOCHS, 0.0), id
        assert found["callbacks"] == canonical("callbacks", [STOPPING]), id
        assert set(rows[id].parameters) - set(rows[id].given) <= {"layers", "schedule", "learning_rate"}, id


def test_the_limit_of_epochs_is_the_one_of_the_logs(theirs: Theirs) -> None:
    stated = [row["epochs"] for row in theirs.values() if row["group"] in ("batch-size", "epochs")]
    assert sorted(set(stated)) == [10, EPOCHS]
    assert all(row["loss"] == "sparse_categorical_crossentropy" for row in theirs.values())


def test_parameter_counts_of_all_architectures_equal_the_transcription(
    rows: Mapping[str, Row], theirs: Theirs
) -> None:
    for id, their in theirs.items():
        found = transcription.counts(layers(rows[id].parameters))
        assert found == transcription.transcribed_counts(their), id


def test_published_figures_equal_the_transcription(rows: Mapping[str, Row], theirs: Theirs) -> None:
    for id, their in theirs.items():
        expected = {"test_accuracy": their["published"]["test_accuracy"]}
        if "val_accuracy" in their["published"]:
            expected["validation_accuracy"] = their["published"]["val_accuracy"]
        elif "history" in their:  # not printed by itself, but in the log
            (last,) = (each for each in their["history"] if each["epoch"] == their["stop_epoch"])
            expected["validation_accuracy"] = last["val_accuracy"]
        published = rows[id].published
        assert published is not None
        assert published.model_dump(exclude_none=True) == expected, id
    assert sum(len(row["published"]) > 0 for row in theirs.values()) == 48
    assert [row.id for row in rows.values() if row.published is not None] == list(theirs)


def test_how_the_figures_came_about(own: Experiments, theirs: Theirs) -> None:
    known = own.file.published
    assert known is not None
    assert (known.validation, known.validation_items) == (VALIDATION, None)
    assert {row["split"]["test"] for row in theirs.values()} == {known.test_items}
    assert known.tested_epoch == "last"
    highest = max(each["val_accuracy"] for row in theirs.values() for each in row.get("history", ()))
    assert f"{100 * highest:.2f} %" in (known.note or "")


def test_rows_of_one_configuration_share_a_run(own: Experiments, theirs: Theirs, tmp_path: Path) -> None:
    """By one rule for epochs more rows are alike than were carried over."""
    sharing: dict[str, set[str]] = {}
    for row, key in transcription.run_keys(own, tmp_path).items():
        if row in FINAL:  # other seeds
            continue
        sharing.setdefault(key, set()).add(row)
    assert {frozenset(ids) for ids in sharing.values() if len(ids) > 1} == ONE_RUN
    assert len(sharing) == 42
    for id, their in theirs.items():
        other = their.get("same_configuration_as")
        if other is not None and id != "activation-relu-relu":  # which names its functions one by one
            assert any({id, other} <= one for one in ONE_RUN), id


def test_what_was_kept_is_trained_again_with_other_seeds(own: Experiments, rows: Mapping[str, Row]) -> None:
    for again, known in (("published-final", "final-epoch-test"), ("first-stage", "depth2-width400")):
        assert dict(rows[again].parameters) == dict(rows[known].parameters)
    stages = {seed for row in own.rows if row.id not in FINAL for seed in row.seeds}
    for id in FINAL:
        assert len(rows[id].seeds) == 5 and not stages & set(rows[id].seeds), id
        assert rows[id].seeds == rows["own-final"].seeds
    assert own.file.execution.split_seed is not None  # so that they are validated on the same images


class TestOurPath:
    def test_it_goes_through_eight_stages(self, own: Experiments) -> None:
        stages = {stage.id: stage for stage in own.stages}
        assert {stage.id: stage.source for stage in own.stages if stage.section == "own"} == PATH
        assert list(PATH.values()) == ["depth-width", *list(PATH)[:-1]]
        assert [stages[id].size for id in PATH] == [3, 8, 5, 7, 2, 4, 4]
        final = next(row for row in own.rows if row.id == "own-final")
        assert final.origin is not None and final.origin.source == "own-patience"
        assert final.waits_for == "own-patience"

    def test_networks_of_different_sizes_are_chosen_within_a_standard_error(self, own: Experiments) -> None:
        sized = {stage.id for stage in own.stages if stage.choose == "one-standard-error"}
        assert sized == {"depth-width", "own-nodes"}

    @pytest.mark.parametrize("kept", ["depth2-width50", "depth3-width100", "depth4-width400"])
    def test_any_first_winner_can_be_gone_on_with(self, rows: Mapping[str, Row], kept: str) -> None:
        units = rows[kept].parameters["hidden_units"]
        standings = {"depth-width": Standing(kept), "own-activation": Standing("own-activation-tanh")}
        found = loaded(standings)
        assert found["own-activation-sigmoid"].parameters["hidden_units"] == units
        assert dict(found["own-activation-relu"].parameters) == dict(rows[kept].parameters)
        assert found["own-activation-sigmoid"].waits_for is None
        before = found["own-nodes-as-before"]
        assert dict(before.parameters) == dict(found["own-activation-tanh"].parameters)
        assert found["own-nodes-600-200"].parameters["activation"] == "tanh"
        assert {row.waits_for for row in found.values() if row.id.startswith("own-batch")} == {"own-nodes"}

    def test_the_share_that_is_kept_decides_nothing(self, rows: Mapping[str, Row]) -> None:
        decided = [
            "depth2-width200",
            "own-activation-relu",
            "own-nodes-600-200",
            "own-batch-128",
            "own-split-0.05",
        ]
        stages = ["depth-width", *list(PATH)[:4]]
        found = loaded({stage: Standing(kept) for stage, kept in zip(stages, decided, strict=True)})
        assert found["own-split-0.05"].parameters["validation"] == 0.05
        assert found["own-initializer-he-normal"].parameters["validation"] == VALIDATION
        assert found["own-initializer-he-normal"].parameters["batch_size"] == 128
        published = rows["own-initializer-he-normal"]
        assert published.waits_for == "own-split"

    def test_the_last_stage_fills_in_how_long_to_wait(self, rows: Mapping[str, Row]) -> None:
        for patience in (1, 2, 4, 8):
            expected = STOPPING.replace("patience=2", f"patience={patience}")
            found = rows[f"own-patience-{patience}"].parameters["callbacks"]
            assert found == canonical("callbacks", [expected])


def section(own: Experiments, name: str) -> Any:
    (found,) = (each for each in own.file.section if each.id == name)
    return found


def test_what_is_said_of_the_published_figures_is_true(own: Experiments, theirs: Theirs) -> None:
    score = {id: row["published"]["test_accuracy"] for id, row in theirs.items()}

    def placed(group: str) -> list[str]:
        of_stage = [id for id, row in theirs.items() if row["group"] == group]
        return sorted(of_stage, key=lambda id: -score[id])

    assert "the highest test accuracy of the stage" in flat(own, "depth-and-width", "introduction")
    assert placed("depth-width")[0] == "depth2-width400"
    assert "ReLU before sigmoid is second" in flat(own, "functions", "introduction")
    assert placed("activations")[1] == "activation-relu-sigmoid"
    assert set(placed("activations")[-3:]) == {
        f"activation-sigmoid-{other}" for other in ("relu", "tanh", "sigmoid")
    }
    assert "That is one image" in flat(own, "distribution", "introduction")
    assert round(10_000 * (score["nodes-600-200"] - score["nodes-400-400"])) == 1
    assert "third of five" in flat(own, "batches", "introduction")
    assert placed("batch-size").index("batch-64") == 2
    stops = [theirs[f"batch-{size}"]["stop_epoch"] for size in (32, 64, 128, 256, 512)]
    assert stops == [7, 7, 7, 11, 20] and "for 7 epochs, the two largest for 11 and 20" in flat(
        own, "batches", "introduction"
    )
    assert "the fourth of the seven is an eighth" in flat(own, "shares", "introduction")
    shares = [row["split"]["val_fraction"] for row in theirs.values() if row["group"] == "validation-split"]
    assert shares[3] == 0.125
    assert "7 epochs and the other for 8" in flat(own, "first-weights", "introduction")
    assert [theirs[id]["epochs"] for id in placed("initializers")] == [8, 7]
    assert (
        score["optimizer-adam"] == score["batch-64"] and score["final-epoch-test"] == score["depth2-width400"]
    )
    alike = {score[id] for one in ONE_RUN for id in one if "nodes-400-400" not in one}
    assert "five different test accuracies" in " ".join((comments(own)["published-final"]).split())
    assert len(alike) == 5
    assert (min(alike), max(alike)) == (score["optimizer-adam"], score["init-he-normal-glorot-uniform"])


def flat(own: Experiments, name: str, part: str) -> str:
    return " ".join(str(getattr(section(own, name), part)).split())


def comments(own: Experiments) -> dict[str, str]:
    return {row.id: row.comment or "" for row in own.rows}


def test_nobody_types_a_measured_number(own: Experiments) -> None:
    settings = {row.title for row in own.rows if row.origin is not None}
    for name, text in transcription.prose(own):
        assert transcription.typed_numbers(text) == [] or text in settings, name


def test_titles_are_all_different(own: Experiments) -> None:
    titles = [row.title for row in own.rows]
    assert len(set(titles)) == len(titles)
    assert all(row.title.startswith("Our path: ") == (row.section == "own") for row in own.rows)


def test_links_lead_somewhere(own: Experiments) -> None:
    links = {link for _, text in transcription.prose(own) for link in re.findall(r"\]\(#([^)]*)\)", text)}
    targets = {
        *(f"section-{each.id}" for each in own.file.section),
        *(f"contrast-{each.id}" for each in own.file.contrast),
        *(f"claim-{each.id}" for each in own.file.claim),
    }
    assert links and links <= targets


def test_each_family_is_a_stage_or_what_was_kept(own: Experiments) -> None:
    stages = [set(stage.rows) for stage in own.stages if stage.section != "own"]
    for contrast in own.file.contrast:
        assert set(contrast.rows) in [*stages, set(FINAL)], contrast.id
        assert contrast.reference is None or contrast.reference in contrast.rows


MISTAKES = {
    1: ("drawn once, before training", "row('batch-512').validation_accuracy"),
    2: ("its rule knows validation only", "printed with a warning"),
    3: ("printed from its record", "row('first-stage').total_params"),
    4: ("a single test image", "its standard error", "called noise"),
    5: ("second best", "#claim-sigmoid-low"),
    6: ("passed over in three", "one rule for all its rows"),
    7: ("the fourth is", "not chosen by scores of different images"),
    8: ("by the same callback", "best weights come back"),
    9: ("trained longer", "row('batch-512').epochs"),
    10: ("share the output layer", "#contrast-initialisers"),
    11: ("an older one", "`from` takes the settings that were kept"),
    12: ("equals that of the first stage", "#contrast-kept"),
    13: ("Layers of 500", "no setting can be missing"),
    14: ("counts to 10", "the whole history"),
    15: ('"Tanh" and "TanH"', "on which images"),
    16: ("batches of 64", "updates are counted"),
}
"""What the line on each mistake says, by its number in the list of the transcription."""


def test_each_mistake_has_its_line(own: Experiments) -> None:
    lines = dict(re.findall(r"(?:^| )(\d+)\. (\*\*.*?)(?= \d+\. \*\*|$)", flat(own, "mistakes", "text")))
    assert {int(number) for number in lines} == set(MISTAKES)
    for number, words in MISTAKES.items():
        assert [each for each in words if each not in lines[str(number)]] == [], number
        assert "*Here* " in lines[str(number)], number


def test_the_list_of_mistakes_is_that_of_the_transcription() -> None:
    assert set(transcription.mistakes("004")) == set(MISTAKES)
