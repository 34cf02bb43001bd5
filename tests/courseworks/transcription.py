"""The transcriptions of the courseworks, and what the files of rows hold, in the same words.

The transcriptions lie beside the project, not in it: tests that need one are skipped where it is not.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from reportgen.calls.named import canonical
from reportgen.calls.stack import check
from reportgen.datasets.dataset import Found
from reportgen.experiments.load import load
from reportgen.experiments.resolved import Experiments
from reportgen.notebooks import discover
from reportgen.plan import Machine, make_plan
from reportgen.store.objects import Store
from tests.calls.test_stack import text_of
from tests.experiments.sources import DATASETS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT.parent / "shared" / "courseworks"
PUBLISHED = {
    "test_accuracy": "test_accuracy",
    "test_loss": "test_loss",
    "total_params": "total_params",
    "f1": "f1",
    "best_val_accuracy": "best_validation_accuracy",
    "best_val_accuracy_epoch": "best_validation_accuracy_epoch",
    "best_val_loss": "best_validation_loss",
    "best_val_loss_epoch": "best_validation_loss_epoch",
}
"""The published figures that a row can hold: their names here by those of the transcriptions."""

_CALLBACKS = {"early_stopping": "EarlyStopping", "reduce_lr_on_plateau": "ReduceLROnPlateau"}
_OPTIMISERS = {"adam": "Adam", "nadam": "Nadam", "rmsprop": "RMSprop"}
_NUMBER = re.compile(r"\d{1,3}(?:[ \u202f]\d{3})+|\d+(?:[.,]\d+)+|\d{4,}|\d+(?=\s*(?:%|per ?cent))")


def coursework(name: str) -> Experiments:
    """Load a file of ``courseworks/``, by its name without ``.toml``."""
    return load(ROOT / "courseworks" / f"{name}.toml", discover(ROOT / "notebooks"), DATASETS)


def run_keys(own: Experiments, folder: Path) -> dict[str, str]:
    """Return the key of each row's run, on a machine and data that are made up; the store is in a folder."""
    machine = Machine({"python": "3.11"}, "x86_64", True, {"cpu": "one", "jobs": 1})
    names = {str(row.parameters["dataset"]) for row in own.rows}
    data = {name: Found(name, name, "folder", "ab" * 32, Path("/nowhere")) for name in names}
    store = Store(folder / "store", pytest.fail)
    plan = make_plan(own, discover(ROOT / "notebooks"), data, machine, store, folder / "features")
    return {row.id: run.key for run in plan.runs for row in run.rows}


def rows(name: str) -> list[dict[str, Any]]:
    """Return the transcribed experiments of a document, such as ``"fashion-mnist"``, in its order."""
    found: list[dict[str, Any]] = tomllib.loads(_text(f"{name}.toml"))["experiment"]
    return found


def mistakes(number: str) -> dict[int, str]:
    """Return the numbered mistakes of a document, such as ``"000"``, by their numbers."""
    chapters = re.split(r"^## ", _text("README.md"), flags=re.MULTILINE)
    (chapter,) = (each for each in chapters if each.startswith(f"{number} "))
    listed = chapter.split("\nMistakes and inconsistencies\n")[1]
    found = re.findall(r"^(\d+)\. (.*)$", listed, flags=re.MULTILINE)
    return {int(which): said for which, said in found}


def layers(row: Mapping[str, Any]) -> list[str]:
    """Return the layers of a transcribed row as calls in their one form."""
    texts = canonical("layers", [text_of(layer) for layer in row["layers"]])
    assert isinstance(texts, list)
    return texts


def optimizer(settings: Mapping[str, Any]) -> str:
    """Return a transcribed optimiser as a call in its one form."""
    text = canonical("optimizer", f"{_OPTIMISERS[settings['name']]}({settings['learning_rate']!r})")
    assert isinstance(text, str)
    return text


def callbacks(row: Mapping[str, Any]) -> list[str]:
    """Return the transcribed callbacks of a row as calls in their one form."""
    calls = []
    for each in row["callbacks"]:
        given = {name: value for name, value in each.items() if name not in ("type", "source", "verbose")}
        arguments = ", ".join(f"{name}={value!r}" for name, value in given.items())
        calls.append(f"{_CALLBACKS[each['type']]}({arguments})")
    texts = canonical("callbacks", calls)
    assert isinstance(texts, list)
    return texts


def counts(texts: list[str], input_shape: tuple[int, ...] = (28, 28, 1)) -> tuple[int, int, int]:
    """Return all, trainable and other parameters of a stack of ten outputs."""
    stack, faults = check(texts, input_shape, 10, pixels=None)
    assert stack is not None
    assert faults == []
    return stack.parameters, stack.trainable, stack.non_trainable


def transcribed_counts(row: Mapping[str, Any]) -> tuple[int, int, int]:
    """Return all, trainable and other parameters as they were transcribed."""
    return row["total_params"], row["trainable_params"], row["non_trainable_params"]


def published(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the published figures of a transcribed row that a row of ours can hold.

    What was not printed as a figure of its own, but can be read off a printed log, counts too.
    """
    figures = {**row.get("derived", {}), **row["published"]}
    return {PUBLISHED[name]: value for name, value in figures.items() if name in PUBLISHED}


def prose(own: Experiments) -> Iterator[tuple[str, str]]:
    """Yield each text that the authors wrote, with the name of its place; titles among them."""
    for row in own.rows:
        yield row.id, row.title
        yield row.id, row.comment or ""
    for section in own.file.section:
        for name in ("title", "question", "introduction", "text", "conclusion"):
            yield f"{section.id} {name}", getattr(section, name) or ""
    for contrast in own.file.contrast:
        yield contrast.id, f"{contrast.title}\n{contrast.text or ''}"
    for claim in own.file.claim:
        yield claim.id, claim.text


def typed_numbers(text: str) -> list[str]:
    """Return the decimals, the numbers above 999 and the percentages typed in a text, live numbers aside.

    Examples
    --------
    >>> typed_numbers("It has 12,345 parameters, {{ this.epochs }} epochs, 98.1 % and a rate of 0.0005.")
    ['12,345', '98.1', '0.0005']
    """
    return _NUMBER.findall(re.sub(r"\{\{.*?\}\}|\{%.*?%\}|`[^`]*`", "", text, flags=re.DOTALL))


def _text(name: str) -> str:
    file = FOLDER / name
    if not file.is_file():
        pytest.skip("the transcriptions of the courseworks are not beside the project")
    return file.read_text(encoding="utf-8")
