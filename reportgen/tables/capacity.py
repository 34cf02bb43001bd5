"""Tables of the networks: shallow beside deep, and what each kind of experiment consists of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reportgen.analysis import numbers, words
from reportgen.analysis.capacity import FAMILIES, Family, Network, Task
from reportgen.analysis.complexity import prediction_multiply_adds
from reportgen.analysis.explain_capacity import heading
from reportgen.analysis.layers import CONVOLUTIONS, token
from reportgen.records import Layer, Record
from reportgen.results import Result
from reportgen.tables.cells import NOTHING, fraction_cell, text_cell, whole
from reportgen.tables.table import Cell, Column, Line, Table

_FAMILIES: Mapping[Family, str] = {
    "none": "no hidden layer",
    "shallow": "shallow, one hidden layer",
    "deep": "deep, more hidden layers or convolutions",
}
FILTERS = "9@5×5 stands for a convolution with 9 filters of 5 × 5."
MOST_KINDS = 4
"""Kinds of experiment that fit side by side."""


def capacity_table(tasks: Sequence[Task]) -> Table:
    """Every network with its size, grouped by what it reads and gives and by family."""
    lines: list[Line] = []
    for task in tasks:
        for family in FAMILIES:
            own = task.family(family)
            if own:
                lines.append(Line((text_cell(f"{heading(task)}: {_FAMILIES[family]}"),), "group"))
                lines += map(_network_line, own)
    return Table(
        id="capacity",
        caption="Size of the networks, shallow and deep, by number of weights.",
        columns=(
            Column("Network"),
            Column("Weighted layers", align="right", kind="integer"),
            Column("Units, widest", align="right", kind="integer"),
            Column("Filters, most", align="right", kind="integer"),
            Column("Weights", align="right", kind="integer"),
            Column("Biases", align="right", kind="integer"),
            Column("Total", align="right", kind="integer"),
            Column("Largest layer"),
            Column("Its share", "%", "right", "percent"),
            Column("Trained by", align="right", kind="name"),
        ),
        rows=tuple(lines),
        note=_capacity_note([network for task in tasks for network in task.networks]),
    )


def _capacity_note(networks: Sequence[Network]) -> str:
    """How to read what the table holds, and no more."""
    parts = ["The widest dense layer is that before the output; the share is of all parameters."]
    if any(network.filters for network in networks):
        parts.append(FILTERS)
    if any(network.inputs != network.values for network in networks):
        parts.append("Networks that read features stand with the images that these are computed from.")
    return " ".join(parts)


def _network_line(network: Network) -> Line:
    trained = numbers.counted(len(network.rows), "row") if network.rows else "only named"
    return Line(
        (
            text_cell(network.label),
            whole(network.depth),
            whole(network.widest) if network.widest else NOTHING,
            whole(network.filters) if network.filters else NOTHING,
            whole(network.weights),
            whole(network.biases),
            whole(network.total),
            text_cell(network.largest),
            fraction_cell(network.share, 1),
            Cell(len(network.rows), trained),
        )
    )


def kinds_tables(
    results: Sequence[Result], titles: Mapping[str, str], places: Mapping[str, str]
) -> tuple[Table, ...]:
    """What each kind of experiment consists of: inputs, outputs, layers and training, kind beside kind.

    Parameters
    ----------
    results : sequence of Result
        A kind is a section with at least one record.
    titles : mapping of str to str
        Of sections, by id.
    places : mapping of str to str
        Number of the heading under which a row's network is counted, by row id.

    Returns
    -------
    tuple of Table
        Of at most `MOST_KINDS` kinds each; what stands in them is read from the records alone.
    """
    groups: dict[str, list[Result]] = {}
    for result in results:
        if result.record is not None:
            groups.setdefault(result.row.section, []).append(result)
    kinds = list(groups.items())
    return tuple(
        _kinds_table(kinds[start : start + MOST_KINDS], titles, places, start)
        for start in range(0, len(kinds), MOST_KINDS)
    )


def _kinds_table(
    kinds: Sequence[tuple[str, list[Result]]],
    titles: Mapping[str, str],
    places: Mapping[str, str],
    start: int,
) -> Table:
    facts = [_facts(group, places) for _, group in kinds]
    names = list(dict.fromkeys(name for own in facts for name in own))
    rows = [
        Line((text_cell(name), *(text_cell(own[name]) if own[name] else NOTHING for own in facts)))
        for name in names
    ]
    return Table(
        id="kinds" if not start else f"kinds-{start // MOST_KINDS + 1}",
        caption="What the networks of each kind of experiment read, give and consist of.",
        columns=(
            Column("Property", kind="name"),
            *(Column(titles.get(section, section)) for section, _ in kinds),
        ),
        rows=tuple(rows),
        note="Where rows differ, every value is listed once, in the order of the rows."
        + (f" {FILTERS}" if any(own["Convolutions"] for own in facts) else ""),
    )


def _facts(group: Sequence[Result], places: Mapping[str, str]) -> dict[str, str]:
    """The facts of one kind, a value each where all rows agree."""
    records = [record for result in group if (record := result.record) is not None]
    dense = [[layer for layer in r.layers[:-1] if layer.class_name == "Dense"] for r in records]
    convolutions = [[layer for layer in r.layers if layer.class_name in CONVOLUTIONS] for r in records]
    work = [count for record in records if (count := prediction_multiply_adds(record)) is not None]
    return {
        "Rows": numbers.thousands(len(records)),
        "Inputs": _inputs(records),
        "Outputs": _distinct(map(_outputs, records)),
        "Convolutions": _distinct(", ".join(map(token, layers)) for layers in convolutions),
        "Hidden units": _distinct("–".join(map(token, layers)) for layers in dense),
        "Activations": _distinct(
            a for pair in zip(convolutions, dense, strict=True) for a in _activations(*pair)
        ),
        "Dropout": _distinct(map(_dropout, records)),
        "Loss": _distinct(_loss(record) for record in records),
        "Optimiser": _distinct(map(_optimizer, records)),
        "Batch size": _distinct(numbers.plain(record.parameters.get("batch_size", "")) for record in records),
        "Epochs": _distinct(numbers.thousands(record.epochs) for record in records),
        "Parameters": _range([record.total_params for record in records]),
        "Multiply-adds": _range(work),
        "Counted in": _distinct(places.get(result.row.id, "") for result in group),
    }


def _distinct(texts: Iterable[str]) -> str:
    found = [text for text in dict.fromkeys(texts) if text]
    return ("; " if any("," in text for text in found) else ", ").join(found)


def _range(values: Sequence[int]) -> str:
    if not values:
        return ""
    low, high = numbers.thousands(min(values)), numbers.thousands(max(values))
    return low if low == high else f"{low} to {high}"


def _inputs(records: Sequence[Record]) -> str:
    """What the first layer reads, pixels or features."""
    hog = [record for record in records if record.features.kind == "hog"]
    pixels = [f"{numbers.shape(r.data.image_shape)} pixels" for r in records if r.features.kind != "hog"]
    lengths = _distinct(numbers.thousands(record.features.length) for record in hog)
    return _distinct([*pixels, f"{lengths} HOG values" if hog else ""])


def _outputs(record: Record) -> str:
    last = record.layers[-1]
    activation = words.activation(str(last.settings.get("activation", "linear")))
    units = numbers.counted(last.output_shape[-1], "unit")
    return f"{units}, {activation}, one for each of: {', '.join(record.data.class_names)}"


def _activations(convolutions: Sequence[Layer], dense: Sequence[Layer]) -> list[str]:
    """Activations of the hidden layers; where the convolutions have others, they are named."""
    own = [
        [words.activation(str(x.settings.get("activation", "linear"))) for x in part]
        for part in (convolutions, dense)
    ]
    if not own[0] or set(own[0]) == set(own[1]):
        return list(dict.fromkeys(own[0] + own[1]))
    return [f"{' and '.join(dict.fromkeys(own[0]))} then {' and '.join(dict.fromkeys(own[1]))}"]


def _dropout(record: Record) -> str:
    rates = [numbers.plain(layer.settings["rate"]) for layer in record.layers if layer.settings.get("rate")]
    return " and ".join(dict.fromkeys(rates)) or "none"


def _loss(record: Record) -> str:
    return str(record.loss["name"]).replace("_", " ").replace("crossentropy", "cross-entropy")


def _optimizer(record: Record) -> str:
    rate = record.optimizer.get("settings", {}).get("learning_rate")
    text = str(record.optimizer["name"])
    # Keras keeps the rate as float32: 0.0010000000474974513 was given as 0.001.
    return f"{text}, {numbers.plain(float(f'{rate:.7g}'))}" if isinstance(rate, float) else text
