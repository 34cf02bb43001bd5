"""What a notebook shows and keeps when it runs alone in Jupyter or Colab: scores, curves, matrix, record."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.errors import ReportgenError
from reportgen.execution.alone import AGAIN, NotARun, Ran, as_notebook, that_ran, what_ran, with_the_cells_of
from reportgen.records import Record

if TYPE_CHECKING:
    from reportgen.plan import Machine

KEPT = Path("reportgen-record")
"""Folder beside the notebook: what `reportgen merge` takes."""

_SCALE = 1.7
"""Pixels on the screen for a point on paper."""

_COMPUTE = {"tensorflow": "tensorflow", "keras": "keras", "numpy": "numpy", "skimage": "scikit-image"}
"""Modules whose version decides about numbers, and the packages they come from."""


def show(record: Record) -> None:
    """Print the scores of a record, keep it, and draw its curves and confusion matrix as the report does."""
    for part in ("validation", "test"):
        scores = record.evaluation[part]
        print(f"{part:>10}: accuracy {scores['accuracy']:.4f}, loss {scores['loss']:.4f}")
    print(f"{record.total_params:,} parameters")
    for line in _end(record):
        print(line)
    kept = keep(record)
    try:
        _draw(record)
    except Exception as error:  # what was trained for hours does not fail for a picture
        print(f"The figures could not be drawn: {type(error).__name__}: {error}")
    print(kept)


def _end(record: Record) -> Iterator[str]:
    """What is unusual about how the training ended."""
    stopped = record.stopped
    if stopped is None:
        return
    if stopped.by:
        yield f"{stopped.by} ended the training after epoch {record.epochs} of {stopped.planned}"
    if stopped.restored not in (None, record.epochs):
        yield f"tested were the weights of epoch {stopped.restored}, which were put back"


def _draw(record: Record) -> None:
    """Show the report's own figures of a run."""
    if _shell() is None:
        print("Run this in Jupyter to see the learning curves and the confusion matrix.")
        return
    from IPython.display import Image, display

    from reportgen.experiments.resolved import Row
    from reportgen.figures import confusion, curves, fonts
    from reportgen.figures.draw import png
    from reportgen.report.assets import built_in
    from reportgen.results import Result, Run

    fonts.install(built_in("templates") / "fonts", Path(".reportgen/fonts"))
    row = Row("alone", "", "", "", record.parameters, {}, record.seed)
    result = Result(row, (Run("", record.seed, record),))
    for draw, describe in (
        (curves.learning_curves, curves.describe_learning_curves),
        (confusion.confusion_heatmap, confusion.describe_confusion),
    ):
        content, width = _with_margin(png(draw(result), dpi=round(72 * _SCALE * 2)))
        display(Image(content, width=width, alt=describe(result)))


def _with_margin(picture: bytes) -> tuple[bytes, int]:
    """A picture drawn at twice its size, with some white around it for dark pages; and its width on them."""
    import io

    from PIL import Image, ImageOps

    wide = ImageOps.expand(Image.open(io.BytesIO(picture)).convert("RGB"), border=24, fill="white")
    buffer = io.BytesIO()
    wide.save(buffer, format="png")
    return buffer.getvalue(), wide.width // 2


def keep(record: Record, folder: Path = KEPT) -> str:
    """Write a record as an object that a coursework can merge; return what was kept, or why nothing was.

    Kept is what the key of a run can name: cells that ran once, in one order, in a kernel that computes
    as `reportgen build` does. Nothing that goes wrong here fails the notebook.
    """
    try:
        return _kept(record, folder)
    except NotARun as fault:
        return f"Not kept for `reportgen merge`: {fault}."
    except Exception as error:  # as above
        known = isinstance(error, (OSError, ReportgenError)) and str(error)
        reason = str(error).splitlines()[0] if known else repr(error)  # what follows is for a command line
        return f"Not kept for `reportgen merge`: {reason}. Mend that and run this cell again."


def _kept(record: Record, folder: Path) -> str:
    from reportgen.plan import this_machine
    from reportgen.recordfile import digest, to_files
    from reportgen.store.key import run_key
    from reportgen.store.objects import Store

    ran = _ran(record)
    machine, device = this_machine(os.environ, 1), _device()
    parts = _parts(record, ran, machine, device)
    facts = {**machine.facts, "kernel": "notebook", **({"gpu": device} if device else {})}
    whole = replace(record, parameters=dict(ran.parameters), environment={**record.environment, **facts})
    store, key = Store(folder, print), run_key(parts)
    before = store.record(key)
    if before is not None:
        same = "the same" if digest(before) == digest(whole) else "OTHER"
        return f"{folder} has a record of this very run already, with {same} numbers; that one stays."
    made = {
        "row": "a notebook run alone",
        "seconds": round(record.times.total, 3),
        "epochs": record.epochs,
        "started": record.times.started,
    }
    store.put(key, parts, made, {**to_files(whole), "notebook.ipynb": as_notebook(ran)})
    return "\n".join(_about(folder, record, ran, device))


def _about(folder: Path, record: Record, ran: Ran, device: str) -> Iterator[str]:
    """What was kept, and which rows of a coursework it can stand for."""
    from reportgen.report.assets import built_in

    yield f"Kept in {folder}: the record of this run. `reportgen merge {folder}` takes it into a coursework,"
    starters, here = (with_the_cells_of(ran, place) for place in (built_in("notebooks"), Path()))
    if starters:
        yield f"where it serves a row with these parameters of {' or '.join(starters)}, as reportgen has it."
    elif here:
        yield f"where it serves a row with these parameters of {' or '.join(here)} as it is saved here."
    else:
        yield f"where it serves a row whose notebook has just the {len(ran.code)} code cells that ran here."
        yield "No notebook in this folder is so: save it, or run cells of your own after record()."
    data = record.data
    if data.stand_in:
        yield f"It ran on the embedded {data.name} in place of {data.requested}, so it serves such a row only"
        yield "where they take that place, too."
    if device:
        yield f"It ran on a GPU ({device}): `reportgen accept` keeps it for a row that ran elsewhere."


def _ran(record: Record) -> Ran:
    """The run that the cells of this kernel were.

    Raises
    ------
    NotARun
        The cells were none, or the kernel computes otherwise than a build's.
    """
    shell = _shell()
    if shell is None:
        raise NotARun("this is no Jupyter kernel, so it is not known which cells ran")
    history = shell.history_manager
    ran = what_ran(that_ran(history.input_hist_raw, history.input_hist_parsed))
    if not record.times.started:
        raise NotARun(f"prepare(seed) did not run; {AGAIN}")
    if ran.parameters.get("seed") != record.seed:
        raise NotARun(f"prepare() got the seed {record.seed}, which is not the parameter's")
    for fault in _other_ways():
        raise NotARun(fault)
    return ran


def _other_ways() -> Iterator[str]:
    """Why this kernel does not compute as a build's does."""
    import keras
    import tensorflow as tf
    from tensorflow.python.framework.config import is_op_determinism_enabled

    from reportgen.lab.session import current

    if tf.config.threading.get_intra_op_parallelism_threads() != current().threads:
        yield f"TensorFlow had run something before prepare(seed), with more threads; {AGAIN}"
    if not is_op_determinism_enabled():
        yield f"operations are not deterministic any more; {AGAIN}"
    config = keras.config
    found = (config.backend(), config.dtype_policy().name, config.image_data_format(), config.epsilon())
    if found != ("tensorflow", "float32", "channels_last", 1e-7):
        yield f"Keras is set to {found}, not to its defaults; look into ~/.keras/keras.json; then {AGAIN}"
    for module, package in _COMPUTE.items():
        loaded = getattr(sys.modules.get(module), "__version__", None)
        if loaded is not None and loaded != version(package):
            yield f"{package} {version(package)} was installed while {loaded} was in use; {AGAIN}"


def _device() -> str:
    """The GPU that TensorFlow computes on; empty where it has none."""
    import tensorflow as tf

    names = [
        str(tf.config.experimental.get_device_details(device).get("device_name", "GPU"))
        for device in tf.config.get_visible_devices("GPU")
    ]
    return ", ".join(sorted(set(names)))


def _parts(record: Record, ran: Ran, machine: Machine, device: str) -> dict[str, Any]:
    """The parts of the key of a run in plain Jupyter: a build's, and the GPU where there is one."""
    from reportgen.lab.session import current
    from reportgen.store.key import code_digest, key_parts, lab_digest

    return key_parts(
        code=code_digest(ran.code),
        parameters={name: value for name, value in ran.parameters.items() if name != "seed"},
        seed=record.seed,
        data={record.data.requested: record.data.digest},
        quick=None,
        lab=lab_digest(Path(__file__).parent),
        versions=machine.versions,
        machine=f"{machine.machine}, {device}" if device else machine.machine,
        threads=current().threads,
        onednn=machine.onednn,
    )


def _shell() -> Any:
    """IPython's shell; None in plain Python."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return get_ipython()
