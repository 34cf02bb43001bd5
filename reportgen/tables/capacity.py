"""Tables of the networks: shallow beside deep, and what each kind of experiment consists of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from reportgen import language
from reportgen.analysis import counts, lists, numbers, words
from reportgen.analysis.capacity import FAMILIES, Family, Network, Task
from reportgen.analysis.complexity import prediction_multiply_adds
from reportgen.analysis.explain_capacity import heading
from reportgen.analysis.layers import CONVOLUTIONS, token
from reportgen.records import Layer, Record
from reportgen.results import Result
from reportgen.tables.cells import NOTHING, fraction_cell, said_cell, text_cell, whole, word_cell
from reportgen.tables.table import Cell, Column, Line, Table

_FAMILIES: Mapping[Family, str] = {
    "none": language.message("{task}: no hidden layer"),
    "shallow": language.message("{task}: shallow, one hidden layer"),
    "deep": language.message("{task}: deep, more hidden layers or convolutions"),
}
FILTERS = language.message("9@5×5 stands for a convolution with 9 filters of 5 × 5.")
MOST_KINDS = 4
"""Kinds of experiment that fit side by side."""


def capacity_table(tasks: Sequence[Task]) -> Table:
    """Every network with its size, grouped by what it reads and gives and by family."""
    lines: list[Line] = []
    for task in tasks:
        for family in FAMILIES:
            own = task.family(family)
            if own:
                lines.append(Line((said_cell(partial(_family, task, family)),), "group"))
                lines += map(_network_line, own)
    return Table(
        id="capacity",
        caption=language.text("Size of the networks, shallow and deep, by number of weights."),
        columns=(
            Column(language.text("Network")),
            Column(language.text("Weighted layers"), align="right", kind="integer"),
            Column(language.text("Units, widest"), align="right", kind="integer"),
            Column(language.text("Filters, most"), align="right", kind="integer"),
            Column(language.text("Weights"), align="right", kind="integer"),
            Column(language.text("Biases"), align="right", kind="integer"),
            Column(language.text("Total"), align="right", kind="integer"),
            Column(language.text("Largest layer")),
            Column(language.text("Its share"), "%", "right", "percent"),
            Column(language.text("Trained by"), align="right", kind="name"),
        ),
        rows=tuple(lines),
        note=_capacity_note([network for task in tasks for network in task.networks]),
    )


def _capacity_note(networks: Sequence[Network]) -> str:
    """How to read what the table holds, and no more."""
    parts = [
        language.text("The widest layer is a dense one before the output; the share is of all parameters.")
    ]
    if any(network.filters for network in networks):
        parts.append(language.text(FILTERS))
    if any(network.inputs != network.values for network in networks):
        parts.append(
            language.text("Networks that read features stand with the images that these are computed from.")
        )
    return " ".join(parts)


def _family(task: Task, family: Family) -> str:
    return language.text(_FAMILIES[family], task=heading(task))


def _network_line(network: Network) -> Line:
    trained = counts.rows(len(network.rows)) if network.rows else language.text("only named")
    return Line(
        (
            text_cell(network.label),
            whole(network.depth),
            whole(network.widest) if network.widest else NOTHING,
            whole(network.filters) if network.filters else NOTHING,
            whole(network.weights),
            whole(network.biases),
            whole(network.total),
            said_cell(lambda: network.largest),
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
    # Raw values are those of the source, in every language.
    with language.use(language.SOURCE):
        source = [_facts(group, places) for _, group in kinds]
    rows = [
        Line(
            (word_cell(name), *(_fact(raw[name], own[name]) for raw, own in zip(source, facts, strict=True)))
        )
        for name in (facts[0] if facts else ())
    ]
    return Table(
        id="kinds" if not start else f"kinds-{start // MOST_KINDS + 1}",
        caption=language.text("What the networks of each kind of experiment read, give and consist of."),
        columns=(
            Column(language.text("Property"), kind="name"),
            *(Column(titles.get(section, section)) for section, _ in kinds),
        ),
        rows=tuple(rows),
        note=language.text("Where rows differ, every value is listed once, in the order of the rows.")
        + (f" {language.text(FILTERS)}" if any(own["Convolutions"] for own in facts) else ""),
    )


def _fact(raw: str, text: str) -> Cell:
    return Cell(raw, text) if raw else NOTHING


_MESSAGES = (
    language.message("Rows"), language.message("Inputs"), language.message("Outputs"),
    language.message("Convolutions"), language.message("Hidden units"), language.message("Activations"),
    language.message("Dropout"), language.message("Loss"), language.message("Optimiser"),
    language.message("Batch size"), language.message("Epochs"), language.message("Parameters"),
    language.message("Multiply-adds"), language.message("Counted in"),
)  # fmt: skip
"""The properties of a kind, which `_facts` names."""


def _facts(group: Sequence[Result], places: Mapping[str, str]) -> dict[str, str]:
    """The facts of one kind, by their English names, a value each where all rows agree."""
    records = [record for result in group if (record := result.record) is not None]
    dense = [[layer for layer in r.layers[:-1] if layer.class_name == "Dense"] for r in records]
    convolutions = [[layer for layer in r.layers if layer.class_name in CONVOLUTIONS] for r in records]
    work = [count for record in records if (count := prediction_multiply_adds(record)) is not None]
    found = (
        numbers.thousands(len(records)),
        _inputs(records),
        _distinct(map(_outputs, records)),
        _distinct(", ".join(map(token, layers)) for layers in convolutions),
        _distinct("–".join(map(token, layers)) for layers in dense),
        _distinct(a for pair in zip(convolutions, dense, strict=True) for a in _activations(*pair)),
        _distinct(map(_dropout, records)),
        _distinct(words.loss(str(record.loss["name"])) for record in records),
        _distinct(map(_optimizer, records)),
        _distinct(numbers.plain(record.parameters.get("batch_size", "")) for record in records),
        _distinct(numbers.thousands(record.epochs) for record in records),
        _range([record.total_params for record in records]),
        _range(work),
        _distinct(places.get(result.row.id, "") for result in group),
    )
    return dict(zip(_MESSAGES, found, strict=True))


def _distinct(texts: Iterable[str]) -> str:
    found = [text for text in dict.fromkeys(texts) if text]
    return lists.clauses(found) if any("," in text for text in found) else ", ".join(found)


def _range(values: Sequence[int]) -> str:
    if not values:
        return ""
    low, high = numbers.thousands(min(values)), numbers.thousands(max(values))
    return low if low == high else lists.between(low, high)


def _inputs(records: Sequence[Record]) -> str:
    """What the first layer reads, pixels or features."""
    hog = [record for record in records if record.features.kind == "hog"]
    pixels = [
        language.text("{shape} pixels", shape=numbers.shape(record.data.image_shape))
        for record in records
        if record.features.kind != "hog"
    ]
    lengths = _distinct(numbers.thousands(record.features.length) for record in hog)
    return _distinct([*pixels, language.text("{lengths} HOG values", lengths=lengths) if hog else ""])


def _outputs(record: Record) -> str:
    last = record.layers[-1]
    activation = words.activation(str(last.settings.get("activation", "linear")))
    return language.text(
        "{units}, {activation}, one for each of: {classes}",
        units=counts.units(last.output_shape[-1]),
        activation=activation,
        classes=", ".join(record.data.class_names),
    )


def _activations(convolutions: Sequence[Layer], dense: Sequence[Layer]) -> list[str]:
    """Activations of the hidden layers; where the convolutions have others, they are named."""
    own = [
        [words.activation(str(x.settings.get("activation", "linear"))) for x in part]
        for part in (convolutions, dense)
    ]
    if not own[0] or set(own[0]) == set(own[1]):
        return list(dict.fromkeys(own[0] + own[1]))
    first, then = (language.listed(list(dict.fromkeys(part))) for part in own)
    return [language.text("{first} then {then}", first=first, then=then)]


def _dropout(record: Record) -> str:
    rates = [numbers.plain(layer.settings["rate"]) for layer in record.layers if layer.settings.get("rate")]
    return language.listed(list(dict.fromkeys(rates))) or language.text("none")


def _optimizer(record: Record) -> str:
    rate = record.optimizer.get("settings", {}).get("learning_rate")
    text = str(record.optimizer["name"])
    # Keras keeps the rate as float32: 0.0010000000474974513 was given as 0.001.
    return f"{text}, {numbers.plain(float(f'{rate:.7g}'))}" if isinstance(rate, float) else text
