"""Checks of a run from elsewhere: its key, its record, its arrays, its notebook; nothing of it is run.

A record of our own was written by `reportgen.lab`; one from elsewhere may hold anything. What passes here has
the types that `reportgen.records` declares, numbers that agree with each other, and no text that could
steer a terminal.
"""

from __future__ import annotations

import io
import json
import math
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import numpy as np

from reportgen.recordfile import SCHEMA_VERSION, RecordError, from_files
from reportgen.records import Layer, Record
from reportgen.store.key import code_digest, key_parts, run_key
from reportgen.store.mistyped import UNFIT, mistyped, unfit
from reportgen.store.notebooks import MOST_JSON, code_of
from reportgen.store.objects import Header
from reportgen.store.sources import Refused

MOST_UNPACKED = 1 << 30
"""Bytes of all arrays of a run, unpacked: ten million probabilities are 40 MB."""

_TROUBLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError, MemoryError)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]{0,39}")
_ARRAYS = {np.dtype(np.float64), np.dtype(np.float32), np.dtype(np.int64)}
_SAME_IN_BOTH = ("tensorflow", "keras", "numpy", "scikit-image")


def check_key(header: Header) -> None:
    """Refuse an object whose key is not the one of its parts, or whose parts are none of ours."""
    parts = header.parts
    try:
        own = run_key(parts)
    except _TROUBLE:
        raise Refused("wrong-key", "the parts of its key cannot be read") from None
    if own != header.key:
        raise Refused("wrong-key", "its key is not the one of its parts")
    known = set(key_parts.__annotations__) - {"return"} | {"schema", "deterministic"}
    if parts.get("schema") != SCHEMA_VERSION:
        raise other_version(f"format {parts.get('schema')!r}", f"format {SCHEMA_VERSION}")
    strange = sorted(known ^ set(parts))
    if strange:
        raise other_version(f"a key with other parts: {UNFIT.sub('?', strange[0])}", "those of its own")
    wrong = [name for name, fits in _PARTS.items() if not fits(parts[name])]
    if wrong:
        raise Refused("wrong-key", f"a part of its key is not what it should be: {wrong[0]}")


def other_version(theirs: str, ours: str) -> Refused:
    """The refusal of what another version of reportgen wrote."""
    return Refused(
        "other-version",
        f"it was written by another version of reportgen ({theirs[:60]}; this one reads {ours})",
        "install the same version of reportgen in both places, and build the rows there again",
    )


def _texts_to(values: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(values, dict) and all(
        _is_name(name) and isinstance(text, str) and pattern.fullmatch(text) for name, text in values.items()
    )


def _digests(values: Iterable[Any]) -> bool:
    return all(isinstance(each, str) and _DIGEST.fullmatch(each) for each in values)


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and _WORD.fullmatch(name) is not None


def _is_int(value: Any) -> bool:
    return type(value) is int and 0 <= value < 1 << 53


_PARTS: Mapping[str, Callable[[Any], object]] = {
    "code": lambda value: isinstance(value, str) and _DIGEST.fullmatch(value),
    "lab": lambda value: isinstance(value, str) and _DIGEST.fullmatch(value),
    "parameters": lambda value: isinstance(value, dict) and all(map(_is_name, value)) and not unfit(value),
    "seed": _is_int,
    "data": lambda value: _texts_to(value, _DIGEST),
    "quick": lambda value: value is None or (isinstance(value, dict) and all(map(_is_int, value.values()))),
    "versions": lambda value: _texts_to(value, _WORD),
    "machine": lambda value: isinstance(value, str) and 0 < len(value) <= 120 and not unfit(value),
    "threads": _is_int,
    "onednn": lambda value: isinstance(value, bool),
    "deterministic": lambda value: isinstance(value, bool),
    "split_seed": lambda value: value is None or _is_int(value),
    "warm_start": lambda value: value is None or _digests([value]),
    "weights": lambda value: isinstance(value, dict) and not unfit(value) and _digests(value.values()),
}


def check_record(files: Mapping[str, bytes], header: Header) -> None:
    """Refuse a record that is not whole, not plain, or not of the run that its key names."""
    if len(files["record.json"]) > MOST_JSON:
        raise Refused("too-large", "record.json is larger than that of any run")
    try:
        check_arrays(files["arrays.npz"])
        facts = json.loads(files["record.json"])
        wrong = mistyped(facts) or unfit(facts)
        if wrong:
            raise RecordError(f"{wrong}: not what a record holds there")
        record = from_files(files)
        wrong = next(_disagreeing(record), "")
        if wrong:
            raise RecordError(wrong)
        _check_run(record, header)
    except Refused:
        raise
    except _TROUBLE as error:
        text = str(error) if isinstance(error, RecordError) else f"{type(error).__name__}: {error}"
        raise Refused("bad-record", f"its record is not valid: {UNFIT.sub('?', text)[:200]}") from None


def check_arrays(content: bytes) -> None:
    """Refuse an NPZ with a member that is no plain array of numbers, or that says so of too much.

    Headers are read before any array: one may declare a shape that no memory holds.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > MOST_UNPACKED:
                raise Refused("too-large", "arrays.npz: too large once unpacked")
            for member in members:
                _check_array(archive, member)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Refused("bad-record", f"arrays.npz cannot be read: {error}") from None


def _check_array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    name = UNFIT.sub("?", member.filename)[:60]
    if member.flag_bits & 1 or not name.endswith(".npy") or "/" in name or "\\" in name:
        raise Refused("bad-record", f"arrays.npz: {name} is no array")
    with archive.open(member) as file:
        start = io.BytesIO(file.read(65_536))
    try:
        version = np.lib.format.read_magic(start)
        if version != (1, 0):
            raise ValueError("a format that no run writes")
        shape, _, kind = np.lib.format.read_array_header_1_0(start)
    except _TROUBLE:
        raise Refused("bad-record", f"arrays.npz: {name} is no array") from None
    if kind not in _ARRAYS or kind.hasobject:
        held = "Python objects, which are never unpickled" if kind.hasobject else f"{kind}"
        raise Refused("bad-record", f"arrays.npz: {name} is no plain array of numbers ({held})")
    if start.tell() + math.prod(shape) * kind.itemsize != member.file_size or len(shape) > 2:
        raise Refused("bad-record", f"arrays.npz: {name} has not the shape that it declares")


def _disagreeing(record: Record) -> Iterator[str]:
    """Numbers of a record that contradict each other, or that no run gives."""
    data, classes = record.data, len(record.data.class_names)
    if not 1 <= classes <= 10_000 or min(data.n_train, data.n_validation, data.n_test) < 1:
        yield "data: no classes or no items"
        return
    if set(data.class_counts) != {"train", "validation", "test"} or len(data.image_shape) != 3:
        yield "data: class_counts or image_shape"
        return
    if sum(data.class_counts["train"]) != data.n_train or len(data.class_counts["train"]) != classes:
        yield "data.class_counts.train: not the sum that n_train says"
    if set(record.history) != _HISTORY:
        yield "history: not the curves of a training"
    for part in ("test", "validation"):
        yield from _disagreeing_part(record, part, classes)
    yield from _disagreeing_network(record)
    yield from _disagreeing_times(record)
    yield from _disagreeing_end(record)


def _disagreeing_network(record: Record) -> Iterator[str]:
    layers = [*record.layers, *_inner(record.layers)]
    sides = [n for layer in layers for n in (*layer.input_shape, *layer.output_shape)]
    sides += [n for layer in layers for v in layer.variables for n in v.shape]
    sides += record.data.image_shape
    if not record.layers or not all(0 < side < 1 << 40 for side in sides) or record.features.length < 1:
        yield "layers: a shape"
    trainable = sum(v.size for layer in record.layers for v in layer.variables if v.trainable)
    if not 0 <= record.trainable_params <= record.total_params or trainable > record.total_params:
        yield "trainable_params: more than there are"
    for name in ("optimizer", "loss"):
        said = getattr(record, name)
        if not isinstance(said.get("name"), str) or not isinstance(said.get("settings"), dict):
            yield f"{name}: no name or no settings"
    if not all(isinstance(each, (str, int, float)) for each in record.environment.values()):
        yield "environment: a value"


def _inner(layers: Iterable[Layer]) -> Iterator[Layer]:
    for layer in layers:
        yield from layer.inner
        yield from _inner(layer.inner)


def _disagreeing_end(record: Record) -> Iterator[str]:
    """How the training ended, and the digests that it names."""
    if set(record.penalty) - {"test", "validation"}:
        yield "penalty: not of the parts that are evaluated"
    if record.stopped is not None and not re.fullmatch(r"[A-Za-z_ ]{0,60}", record.stopped.by):
        yield "stopped.by: no name of a callback"
    if set(record.initial) - {"key", "weights"}:
        yield "initial: not the source of weights"
    digests = [*record.initial.values(), *(one for one in (record.weights, record.model_file) if one)]
    if not _digests(digests):
        yield "initial, weights or model_file: no digest"


_HISTORY = {"loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds"}


def _disagreeing_part(record: Record, part: str, classes: int) -> Iterator[str]:
    said, scores = getattr(record, part), record.evaluation.get(part, {})
    if not {"loss", "accuracy"} <= set(scores):
        yield f"evaluation.{part}: no loss or no accuracy"
        return
    size = len(said.y_true)
    if said.probabilities.argmax(axis=1).tolist() != said.y_pred.tolist():
        yield f"{part}.y_pred: not the most probable classes"
    if abs(float((said.y_true == said.y_pred).mean()) - scores["accuracy"]) > 0.5 / size:
        yield f"evaluation.{part}.accuracy: not that of the labels"
    counts = tuple(np.bincount(said.y_true, minlength=classes).tolist())
    if tuple(record.data.class_counts[part]) != counts:
        yield f"data.class_counts.{part}: not those of the labels"
    most = record.data.n_test if part == "test" or record.data.validated_on_test else None
    most = most or record.data.n_train + record.data.n_validation
    # A quick run holds some items of a larger set.
    if said.index.min() < 0 or (not record.data.quick and said.index.max() >= most):
        yield f"{part}.index: outside the data"


def _disagreeing_times(record: Record) -> Iterator[str]:
    times = record.times
    if min(times.train, times.evaluate, times.features, times.total, record.peak_memory) < 0:
        yield "times: below zero"
    if max(times.train, times.total) > 1e8:
        yield "times: longer than three years"
    try:
        began = datetime.fromisoformat(times.started)
        if began.tzinfo is None or not 2000 <= began.year <= 2100:
            raise ValueError
    except ValueError:
        yield "times.started: no time of this century with its zone"


def _check_run(record: Record, header: Header) -> None:
    """Refuse a record that is not of the run its key names."""
    parts, found = header.parts, record.environment
    python = str(parts["versions"].get("python", ""))
    same = {
        "parameters": dict(record.parameters) == {**parts["parameters"], "seed": record.seed},
        "seed": record.seed == parts["seed"],
        "split_seed": record.data.split_seed == _split_seed(parts),
        "warm_start": record.initial.get("key") == parts["warm_start"],
        "data": parts["data"].get(record.data.requested) == record.data.digest,
        "quick": record.data.quick == (parts["quick"] is not None),
        "python": str(found.get("python", "")).startswith(f"{python}."),
        "machine": _machine(found) == parts["machine"],
        "threads": found.get("threads") == parts["threads"],
        "onednn": found.get("onednn") == parts["onednn"],
    }
    same |= {name: found.get(name) == parts["versions"].get(name) for name in _SAME_IN_BOTH}
    wrong = [name for name, fine in same.items() if not fine]
    if wrong:
        raise Refused("other-run", f"its record is of another run: not the same {', '.join(wrong)}")


def _split_seed(parts: Mapping[str, Any]) -> Any:
    """What draws the validation items of a run: one seed for all of the file, or its own."""
    return parts["seed"] if parts["split_seed"] is None else parts["split_seed"]


def _machine(environment: Mapping[str, Any]) -> str:
    """The kind of machine as a key names it: with the GPU, where a notebook that ran alone had one."""
    gpu = environment.get("gpu")
    return f"{environment.get('machine')}, {gpu}" if gpu else str(environment.get("machine"))


def check_notebook(content: bytes, header: Header) -> None:
    """Refuse an executed notebook whose code is not the one that the key names."""
    code = code_of(content)
    try:
        fits = code is not None and code_digest(code) == header.parts["code"]
    except (RecursionError, MemoryError):
        fits = False
    if not fits:
        raise Refused("other-code", "its notebook does not hold the code that its key names")
