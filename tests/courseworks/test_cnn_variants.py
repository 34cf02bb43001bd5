"""courseworks/cnn_variants.toml: its thirty rows against the transcription of the log."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from reportgen.calls.grammar import Call, parse
from reportgen.calls.named import canonical
from reportgen.experiments.resolved import Experiments, Row
from tests.courseworks.transcription import (
    ROOT,
    callbacks,
    counts,
    coursework,
    layers,
    mistakes,
    optimizer,
    prose,
    published,
    rows,
    run_keys,
    transcribed_counts,
    typed_numbers,
)

CHAPTERS = {"start": 5, "pooling": 6, "normalisation": 4, "adam": 5, "doubled": 6, "three-blocks": 4}
STOPPING = "EarlyStopping(patience=5, restore_best_weights=True)"
RERUNS = (("cnn-reduce-lr", "cnn-max-pooling-2-strides"), ("cnn-adam-1e-3", "cnn-max-pooling-no-strides"))
BY_ITS_HEADING = {"cnn-adam-1e-4"}
"""Rows whose heading and code name two optimisers, and that follow the heading."""


@pytest.fixture(scope="module")
def own() -> Experiments:
    return coursework("cnn_variants")


@pytest.fixture(scope="module")
def transcribed() -> list[dict[str, Any]]:
    return rows("cnn-variants")


def calls_of(row: Row) -> list[Call]:
    return [parse(text) for text in row.parameters["layers"]]


def expected_parameters(row: dict[str, Any]) -> dict[str, Any]:
    """The settings of a transcribed row, and what was chosen where the log is silent."""
    by_heading = row["id"] in BY_ITS_HEADING
    stopping = canonical("callbacks", [STOPPING])
    assert isinstance(stopping, list)
    return {
        "dataset": row["dataset"].replace("-", "_"),
        "layers": layers(row),
        "augmentation": row["augmentation"],
        "optimizer": optimizer(row["optimizer_alternatives"][0] if by_heading else row["optimizer"]),
        "loss": row["loss"],
        "batch_size": row["batch_size"],
        "epochs": 20,
        "callbacks": callbacks(row) + stopping,
        "schedule": None,
        "validation": row["split"]["val"],
    }


def test_rows_are_those_of_the_log_in_its_order(own: Experiments, transcribed: list[dict[str, Any]]) -> None:
    assert [row.id for row in own.rows] == [row["id"] for row in transcribed]
    chapters = {section.id: len(own.rows_of(section.id)) for section in own.file.section}
    assert {name: number for name, number in chapters.items() if number} == CHAPTERS
    assert {row.notebook for row in own.rows} == {"cnn"}
    assert own.warnings == ()


def test_settings_equal_the_transcription(own: Experiments, transcribed: list[dict[str, Any]]) -> None:
    for ours, theirs in zip(own.rows, transcribed, strict=True):
        assert dict(ours.parameters) == expected_parameters(theirs), ours.id
        assert (ours.id in BY_ITS_HEADING) == ("optimizer_alternatives" in theirs), ours.id


def test_a_default_that_changes_changes_no_row(own: Experiments) -> None:
    for row in own.rows:
        assert set(row.parameters) - set(row.given) == {"augmentation", "schedule"}, row.id


def test_images_are_divided_as_in_the_log(own: Experiments, transcribed: list[dict[str, Any]]) -> None:
    data = own.file.dataset["kaggle_digits"]
    assert data.from_ == "mnist"
    for theirs in transcribed:
        split = theirs["split"]
        assert (data.train_items, data.test_items) == (split["train"] + split["val"], split["test"])
    assert own.file.published is not None
    assert own.file.published.test_items == data.test_items
    assert own.file.published.validation_items == transcribed[0]["split"]["val"]
    assert own.file.published.tested_epoch is None  # the log does not say


def test_parameters_are_as_many_as_transcribed(own: Experiments, transcribed: list[dict[str, Any]]) -> None:
    for ours, theirs in zip(own.rows, transcribed, strict=True):
        assert counts(ours.parameters["layers"]) == transcribed_counts(theirs), ours.id


def test_the_layer_that_leads_nowhere_is_not_there(own: Experiments) -> None:
    by_id = {row.id: counts(row.parameters["layers"])[0] for row in own.rows}
    assert by_id["cnn-doubled-conv-with-error"] == 257_802
    assert by_id["cnn-doubled-conv"] - by_id["cnn-doubled-conv-with-error"] == 3 * 3 * 32 * 32 + 32


def test_the_reruns_are_those_that_the_transcription_found(transcribed: list[dict[str, Any]]) -> None:
    found = {
        (row["same_configuration_as"], row["id"]) for row in transcribed if "same_configuration_as" in row
    }
    assert found == set(RERUNS)


def test_the_two_reruns_and_no_others_share_a_run(own: Experiments, tmp_path: Path) -> None:
    sharing: dict[str, list[str]] = {}
    for row, key in run_keys(own, tmp_path).items():
        sharing.setdefault(key, []).append(row)
    assert sorted(tuple(ids) for ids in sharing.values() if len(ids) > 1) == sorted(RERUNS)
    assert len(sharing) == 28


def test_published_figures_equal_the_transcription(
    own: Experiments, transcribed: list[dict[str, Any]]
) -> None:
    for ours, theirs in zip(own.rows, transcribed, strict=True):
        found = ours.published.model_dump(exclude_none=True) if ours.published else {}
        assert found == published(theirs), ours.id
    assert [row.id for row in own.rows if row.published is None] == ["cnn-dense-128"]


def test_figures_that_a_row_cannot_hold_stand_beside_it(transcribed: list[dict[str, Any]]) -> None:
    text = (ROOT / "courseworks" / "cnn_variants.toml").read_text(encoding="utf-8")
    blocks = dict(re.findall(r'\[\[experiment\]\]\nid = "(.*?)"(.*?)(?=\n\[\[)', text, re.DOTALL))
    for theirs in transcribed:
        said = re.findall(r"^# also: (.*)$", blocks[theirs["id"]], re.MULTILINE)
        figures = theirs["published"]
        expected = []
        if "train_loss" in figures:
            expected.append(f"training {figures['train_loss']!r} / {figures['train_accuracy']!r}")
        if "kaggle_score" in figures:
            rank = figures.get("kaggle_top_fraction")
            expected.append(f"Kaggle {figures['kaggle_score']!r}" + (f" (top {rank!r})" if rank else ""))
        assert said == ([", ".join(expected)] if expected else []), theirs["id"]


def test_every_mistake_has_its_line(own: Experiments) -> None:
    said = next(section.text or "" for section in own.file.section if section.id == "log")
    found = re.split(r"^(\d+)\. ", said, flags=re.MULTILINE)[1:]
    lines = dict(zip(map(int, found[::2]), found[1::2], strict=True))
    assert list(lines) == list(mistakes("000"))
    for number, line in lines.items():
        assert line.startswith("**"), number
        assert re.search(r"\b[Hh]ere\b", line), f"{number} does not say what prevents it"
    named = {
        1: "cnn-dense-128", 2: '"CNN:"', 3: "1e-4", 4: "published_test_accuracy", 5: "second pooling",
        6: "Only the dense layer", 7: "ropout", 8: "ELU", 9: "cnn-doubled-conv-with-error", 10: "tuple",
        11: "Droupouts", 12: "twenty-nine", 13: "Epochs", 14: "Kaggle", 15: "lr=",
    }  # fmt: skip
    for number, word in named.items():
        assert word in lines[number], number


def test_nobody_types_a_result(own: Experiments) -> None:
    """Decimals, percentages and large numbers in the prose are settings of the rows, if they are there at all."""
    settings = {"0.2", "0.3", "0.4", "0.001", "0.0001", "0.002", "0.0005", "0.00005"}
    for place, text in prose(own):
        assert set(typed_numbers(text)) <= settings, place


def test_titles_are_all_different(own: Experiments) -> None:
    titles = [row.title for row in own.rows]
    assert len(set(titles)) == len(titles)
    assert not any(title.rstrip(":") == "CNN" for title in titles)


def test_numbers_in_titles_are_settings(own: Experiments) -> None:
    for row in own.rows:
        said, calls = row.title.lower(), calls_of(row)
        shares = [call.arguments[0].value for call in calls if call.name == "Dropout"]
        for share in re.findall(r"dropouts?(?: of| at)? (0\.\d)", said):
            assert float(share) in shares, row.id
        optimiser = parse(str(row.parameters["optimizer"]))
        for name, rate in re.findall(r"(nadam|adam) at (0\.\d+)", said):
            assert (optimiser.name.lower(), optimiser.arguments[0].value) == (name, float(rate)), row.id
        for batch in re.findall(r"batches of (\d+)", said):
            assert row.parameters["batch_size"] == int(batch), row.id
        units = [call.arguments[0].value for call in calls if call.name == "Dense"][:-1]
        for several in re.findall(r"(\d+(?: and \d+)?) units", said):
            assert units == [int(number) for number in several.split(" and ")], row.id


def test_words_in_titles_are_true(own: Experiments) -> None:
    for row in own.rows:
        said, calls = row.title.lower(), calls_of(row)
        names = [call.name for call in calls]
        for word, number in (("two", 2), ("three", 3)):
            assert not said.startswith(f"{word} convolutions") or names.count("Conv2D") == number, row.id
            doubled = said.startswith(f"{word} doubled convolutions")
            assert not doubled or names.count("Conv2D") == 2 * number, row.id
        dropped = {call.arguments[0].value for call in calls if call.name == "Dropout"}
        assert ("no dropout" in said) == (not dropped), row.id
        assert not re.search(r"\ball (three )?dropouts at", said) or len(dropped) == 1, row.id
        assert ("without pooling" in said) == ("MaxPooling2D" not in names), row.id
        assert "three batch normalisations" not in said or names.count("BatchNormalization") == 3, row.id
        assert ("elu after" in said) == ("ELU" in names), row.id
        halved = any("ReduceLROnPlateau" in text for text in row.parameters["callbacks"])
        assert "plateau" not in said or halved, row.id


def test_initialisers_in_titles_are_where_they_say(own: Experiments) -> None:
    by_id = {row.id: row for row in own.rows}
    assert {call.name for call in calls_of(by_id["cnn-he-norm-init"]) if _initialiser(call)} == {"Dense"}
    for name, drawn in (("cnn-he-uniform", "he_uniform"), ("cnn-he-normal", "he_normal")):
        *others, last = [call for call in calls_of(by_id[name]) if call.name in ("Conv2D", "Dense")]
        assert {_initialiser(call) for call in others} == {drawn}
        assert _initialiser(last) is None


def _initialiser(call: Call) -> object:
    return next((each.value for each in call.arguments if each.name == "kernel_initializer"), None)


def test_normalisation_stands_where_the_title_says(own: Experiments) -> None:
    names = [
        call.name for call in calls_of(next(row for row in own.rows if row.id == "cnn-batch-norm-after-conv"))
    ]
    assert names[:5] == ["Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "BatchNormalization"]


def test_every_row_says_something_of_its_own(own: Experiments) -> None:
    comments = [row.comment for row in own.rows]
    assert all(comments)
    assert len(set(comments)) == len(comments)


def test_rows_that_differ_in_one_setting_are_said_to(own: Experiments) -> None:
    """Where a comment says that nothing else changed, nothing else did."""
    by_id = {row.id: row for row in own.rows}
    for row in own.rows:
        if not re.search(r"nothing else|Nothing else|Only the poolings|nothing changes", row.comment or ""):
            continue
        other = by_id[row.compared_with or ""]
        changed = [name for name, value in row.parameters.items() if other.parameters[name] != value]
        assert changed in ([], ["layers"], ["optimizer"]), row.id
        assert (changed == []) == ("nothing changes" in (row.comment or "")), row.id
