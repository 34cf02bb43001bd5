"""What a kept model says of images: a process of its own loads it, and is checked against its run first."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.decoded import UNLABELLED
from reportgen.errors import CheckFailed, EnvironmentFault
from reportgen.execution.outcome import tail
from reportgen.execution.signals import clearing_up
from reportgen.recordfile import MODEL_FILE
from reportgen.records import Record

CHECKED = 1_000
"""Test images that the model is asked about first: it must say of them what its run recorded.

As many as `reportgen.lab.record` evaluates at once, so that the arithmetic is the same.
"""

TOLERANCE = 1e-3
"""How far a probability may be from the recorded one: another processor adds up in another order."""

_PACKAGE = str(Path(__file__).parents[1])


@dataclass(frozen=True)
class Images:
    """Where the images lie.

    Parameters
    ----------
    tested : Path
        Folder of the decoded data set that the run was tested on.
    unlabelled : Path
        Folder of the decoded images to predict.
    """

    tested: Path
    unlabelled: Path


def predict(
    name: str, record: Record, model: bytes, images: Images, runs: Path, env: Mapping[str, str]
) -> tuple[NDArray[np.int64], int]:
    """Return the class of every image, and how many test images were asked about for a check.

    The model is loaded in a process of its own, which sees what a kernel would see. Images become
    inputs as the record says that they did in its run.

    Parameters
    ----------
    name : str
        Of the run, for what goes wrong.
    record : Record
    model : bytes
        Its model, as it was kept: one's own, since loading it may run what is in it.
    images : Images
    runs : Path
        Folder of runs in the making.
    env : mapping
        Of the command line.

    Raises
    ------
    CheckFailed
        The model does not say of the test images what its run recorded.
    EnvironmentFault
        The process failed.
    """
    places = record.test.index[:CHECKED]
    folder = runs / f"submit-{uuid.uuid4().hex[:12]}"
    folder.mkdir(parents=True)
    try:
        (folder / MODEL_FILE).write_bytes(model)
        job = {
            "model": str(folder / MODEL_FILE),
            "images": str(images.unlabelled / f"{UNLABELLED}.npy"),
            "checked": str(images.tested / "x_test.npy"),
            "places": places.tolist(),
            "features": {"kind": record.features.kind, "settings": dict(record.features.settings)},
            "loss": {"name": record.loss["name"], "settings": dict(record.loss["settings"])},
            "seed": record.seed,
        }
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        answer = _answer(folder, env)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if "fault" in answer:
        raise _refusal(name, record, f"its model cannot predict: {answer['fault']}")
    expected = record.test.probabilities[: len(places)]
    same = answer["checked"].shape == expected.shape
    if not same or not np.allclose(answer["checked"], expected, rtol=0, atol=TOLERANCE):
        raise _refusal(name, record, "its model does not say of the test images what its run recorded")
    return answer["predicted"].astype(np.int64), len(places)


def _refusal(name: str, record: Record, why: str) -> CheckFailed:
    made = "hog_features" if record.features.kind == "hog" else "load_dataset"
    return CheckFailed(
        f"{name}: {why}; nothing was written\n"
        f"its notebook must give the network the images just as {made} returns them"
    )


def _answer(folder: Path, env: Mapping[str, str]) -> dict[str, NDArray[Any]]:
    """Start the process, wait for it, and read what it says."""
    from reportgen.execution.kernels import kernel_environment

    around = kernel_environment(folder, folder.name, env)
    around.pop("REPORTGEN_RUN")  # it makes no run
    around["PYTHONPATH"] = os.pathsep.join([_PACKAGE, around.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    log = folder / "log.txt"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "reportgen.lab.predicting", str(folder)],
            cwd=folder / "tmp", env=around, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream,
        )  # fmt: skip

        def end() -> None:
            process.kill()
            shutil.rmtree(folder, ignore_errors=True)

        with clearing_up(end):
            status = process.wait()
    try:
        with np.load(folder / "answer.npz", allow_pickle=False) as found:
            return dict(found)
    except (OSError, ValueError, EOFError):
        said = next((line for line in reversed(tail(log).splitlines()) if line.strip()), f"status {status}")
        remedy = "`reportgen doctor` says whether TensorFlow works; too little memory ends a process, too"
        raise EnvironmentFault(f"the predictions could not be made: {said[:300]}\n{remedy}") from None
