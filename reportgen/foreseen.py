"""What is known of runs before they are made: sizes of networks, memory, learning rates, files of weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reportgen.calls.row import Checked
from reportgen.datasets.dataset import Found
from reportgen.datasets.registry import DATASETS
from reportgen.errors import InputError, Problem
from reportgen.experiments.resolved import Experiments
from reportgen.experiments.row_calls import DataSeen
from reportgen.weights import PUBLISHED, Weights, find_weights, missing, wanted_files
from reportgen.workspace import Workspace

_OWN_FILE = "the path of a file of weights is told from the folder of the experiments file"


@dataclass(frozen=True)
class Foreseen:
    """What the calls of a row promise.

    Parameters
    ----------
    parameters, trainable : int or None
        Of its layers, in numbers; None where the notebook builds the network from stages.
    memory : int or None
        Bytes that training takes up at the least, libraries and data aside.
    rates : tuple of float or None
        Planned learning rate of each epoch; None where it is not known.
    """

    parameters: int | None = None
    trainable: int | None = None
    memory: int | None = None
    rates: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Foresight:
    """What is known of all runs of a file.

    Parameters
    ----------
    rows : mapping of str to Foreseen
        By row.
    weights : Weights
    warnings : tuple of Problem
        What their author can hardly mean, and files of weights that are not there.
    """

    rows: Mapping[str, Foreseen] = field(default_factory=dict)
    weights: Weights = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()


def foresee(work: Workspace, experiments: Experiments, data: Mapping[str, Found]) -> Foresight:
    """Check the layers of all rows against the data as they were found, and count.

    Raises
    ------
    InputError
        Layers do not fit data that were not known before.
    """
    if experiments.calls is None:
        return Foresight()
    found = experiments.calls({**known_data(), **data_seen(data.values(), experiments)})
    if found.problems:
        raise InputError(found.problems)
    ids = {row.id for row in experiments.rows}  # a search has rows that are there to be checked only
    calls = tuple(row for row in found.rows if row.row in ids)
    weights = find_weights(calls, work.root, work.keras_home, work.data_dir)
    rows = {row.row: _foreseen(row.checked, row.values.get("batch_size")) for row in calls}
    files = wanted_files(calls)
    return Foresight(rows, weights, (*found.warnings, *_without_weights(experiments, weights, files)))


def _without_weights(
    experiments: Experiments, weights: Weights, files: Mapping[tuple[str, str], str]
) -> Iterator[Problem]:
    """The rows that will fail because a file of weights is not there."""
    lines = {row.id: row.line for row in experiments.rows}
    for row, name in missing(weights):
        message = (
            f'experiment "{row}": the weights "{name}" are not on this machine; it will fail without them'
        )
        published = (
            f"put {files[row, name]}, which Keras publishes, into ~/.keras/models or the folder of --data-dir"
        )
        remedy = published if name == PUBLISHED else _OWN_FILE
        yield Problem(experiments.name, lines[row], "no-weights", message, remedy)


def known_data() -> dict[str, DataSeen]:
    """What the registry says of the data sets that reportgen knows."""
    return {
        name: DataSeen((*source.image_shape, 1), len(source.class_names), source.n_train)
        for name, source in DATASETS.items()
    }


def data_seen(found: Iterable[Found], experiments: Experiments) -> dict[str, DataSeen]:
    """What the arrays of data sets that were found say, by the names that rows use.

    A stand-in counts with the images that the set it stands for has: a row that fits that one is right.
    """
    from reportgen.datasets.decoded import open_dataset

    seen = {}
    for each in found:
        if not each.here:
            seen[each.requested] = known_data()[each.name]
            continue
        data = open_dataset(each.folder)
        height, width, channels = data.x_train.shape[1:]
        items = asked_items(each, experiments) or len(data.x_train)
        seen[each.requested] = DataSeen((height, width, channels), len(data.class_names), items)
    return seen


def asked_items(found: Found, experiments: Experiments) -> int | None:
    """Training images of the data set that another stands in for, where that is known; else None."""
    if not found.stand_in:
        return None
    own, known = experiments.file.dataset.get(found.requested), DATASETS.get(found.requested)
    return own.train_items if own is not None else known.n_train if known is not None else None


def _foreseen(checked: Checked, batch_size: object) -> Foreseen:
    stack = checked.stack
    if stack is None:
        return Foreseen(rates=checked.rates)
    needed = None
    if isinstance(batch_size, int):
        from reportgen.calls.stack_memory import memory  # numpy comes with it

        optimizer = next(iter(checked.bounds.get("optimizer", ())), None)
        needed = memory(stack, batch_size, optimizer).total
    return Foreseen(stack.parameters, stack.trainable, needed, checked.rates)
