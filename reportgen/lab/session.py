"""The run that this kernel makes: its settings, and TensorFlow made repeatable."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reportgen.records import random_seed


@dataclass
class Session:
    """One run, from the kernel's side.

    Parameters
    ----------
    folder : Path or None
        Where the record goes; None in plain Jupyter.
    datasets : mapping
        Per requested name: ``name``, ``source``, ``digest`` and ``folder`` of the decoded arrays.
    features : Path
        Folder of extracted features, shared by all runs.
    threads : int
        Threads of one operation.
    quick : mapping or None
        ``{"train": 2000, "test": 1000}`` where only so many images are used.
    parameters : mapping
        Every parameter of the notebook, for the record.
    facts : mapping
        What the command line knows of the machine and the kernel, for the record.
    split_seed : int or None
        Draws the validation split; None where the notebook's seed does.
    keep_model : bool
        Whether the trained model is kept beside the record.
    initial : mapping or None
        Where the first weights come from: ``path`` of a kept model, ``key`` and ``row`` of its run.
    weights : mapping of str to str
        Files of weights that layers name, by the name in the row.
    """

    folder: Path | None = None
    datasets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    features: Path = Path(".reportgen/features")
    threads: int = 1
    quick: Mapping[str, int] | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    split_seed: int | None = None
    keep_model: bool = False
    initial: Mapping[str, str] | None = None
    weights: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    started: str = ""
    clock: float = 0.0


_session: Session | None = None


def current() -> Session:
    """The session of this kernel; in plain Jupyter, one with the defaults."""
    global _session
    if _session is None:
        _session = _read(os.environ.get("REPORTGEN_RUN"))
    return _session


def prepare(seed: int) -> None:
    """Make this kernel repeatable: seeds, deterministic operations, a fixed number of threads.

    Call it before anything else touches TensorFlow. Seeds Python, NumPy and TensorFlow;
    one thread per operation makes the result independent of what else the machine does.
    A run that starts from another's weights draws numbers of its own: with those of its source it
    would see the same images in the same order, altered alike, a second time.

    Parameters
    ----------
    seed : int
        From 0 to 2**32 - 1.
    """
    import keras
    import tensorflow as tf

    session = current()
    session.seed = seed
    session.started = datetime.now(UTC).isoformat(timespec="seconds")
    session.clock = time.perf_counter()
    try:
        tf.config.threading.set_intra_op_parallelism_threads(session.threads)
        tf.config.threading.set_inter_op_parallelism_threads(session.threads)
    except RuntimeError:
        print("TensorFlow has already run an operation: restart the kernel for a repeatable result.")
    keras.utils.set_random_seed(random_seed(seed, session.initial))
    tf.config.experimental.enable_op_determinism()


def _read(path: str | None) -> Session:
    if path is None:
        return Session()
    settings = json.loads(Path(path).read_text(encoding="utf-8"))
    return Session(
        folder=Path(settings["folder"]),
        datasets=settings["datasets"],
        features=Path(settings["features"]),
        threads=settings["threads"],
        quick=settings["quick"],
        parameters=settings["parameters"],
        facts=settings["facts"],
        split_seed=settings["split_seed"],
        keep_model=settings["keep_model"],
        initial=settings["initial"],
        weights=settings["weights"],
    )
