"""The table of what each kind of experiment reads, gives and consists of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from reportgen import language
from reportgen.analysis import counts, lists, numbers, rates, words
from reportgen.analysis.activations import activation
from reportgen.analysis.complexity import prediction_multiply_adds
from reportgen.analysis.layers import CONVOLUTIONS, token
from reportgen.records import Layer, Record
from reportgen.results import Result
from reportgen.tables.capacity import FILTERS
from reportgen.tables.cells import NOTHING, word_cell
from reportgen.tables.table import Cell, Column, Line, Table

MOST_KINDS = 4
"""Kinds of experiment that fit side by side."""
MOST_VALUES, MOST_CLASSES = 6, 10
"""Values and names of classes that a cell lists; of more it has the first ones, the last and the count."""
FIRST = 3


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
    facts = [_facts(group, places, MOST_VALUES) for _, group in kinds]
    # Raw values are those of the source, in every language, and none is left out.
    with language.use(language.SOURCE):
        source = [_facts(group, places, None) for _, group in kinds]
        cut = source != [_facts(group, places, MOST_VALUES) for _, group in kinds]
    rows = [
        Line(
            (word_cell(name), *(_fact(raw[name], own[name]) for raw, own in zip(source, facts, strict=True)))
        )
        for name in (facts[0] if facts else ())
    ]
    name = "kinds" if not start else f"kinds-{start // MOST_KINDS + 1}"
    return Table(
        id=name,
        caption=language.text("What the networks of each kind of experiment read, give and consist of."),
        columns=(
            Column(language.text("Property"), kind="name"),
            *(Column(titles.get(section, section)) for section, _ in kinds),
        ),
        rows=tuple(rows),
        note=_note(name, any(own["Convolutions"] for own in facts), cut),
    )


def _note(name: str, filters: bool, cut: bool) -> str:
    """How to read the cells, and where those are whole that do not list everything."""
    parts = [
        language.text(
            "Where rows differ, their values are listed once, in the order of the rows. Long lists are cut:"
            " {file} has all of their values.",
            file=f"output/tables/{name}.csv",
        )
        if cut
        else language.text("Where rows differ, every value is listed once, in the order of the rows.")
    ]
    return " ".join([*parts, *([language.text(FILTERS)] if filters else [])])


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


def _facts(group: Sequence[Result], places: Mapping[str, str], most: int | None) -> dict[str, str]:
    """The facts of one kind, by their English names, a value each where all rows agree.

    Of values that differ at most `most` are listed; None lists all.
    """
    records = [record for result in group if (record := result.record) is not None]
    dense = [[layer for layer in r.layers[:-1] if layer.class_name == "Dense"] for r in records]
    convolutions = [[layer for layer in r.layers if layer.class_name in CONVOLUTIONS] for r in records]
    work = [count for record in records if (count := prediction_multiply_adds(record)) is not None]
    found = (
        numbers.thousands(len(records)),
        _inputs(records, most),
        _distinct((_outputs(record, most is None) for record in records), most),
        _distinct((", ".join(map(token, layers)) for layers in convolutions), most),
        _hidden(dense, most),
        _distinct(
            (a for group in zip(records, convolutions, dense, strict=True) for a in _activations(*group)),
            most,
        ),
        _distinct(map(_dropout, records), most),
        _distinct((words.loss(str(record.loss["name"])) for record in records), most),
        _distinct(map(_optimizer, records), most),
        _values((record.parameters.get("batch_size", "") for record in records), most, numbers.plain),
        _values((record.epochs for record in records), most, numbers.thousands),
        _range([record.total_params for record in records]),
        _range(work),
        _counted_in([places.get(result.row.id, "") for result in group], most),
    )
    return dict(zip(_MESSAGES, found, strict=True))


def _distinct(texts: Iterable[str], most: int | None) -> str:
    """Every text once; of more than `most` the first ones, the last, and how many there are."""
    found = [text for text in dict.fromkeys(texts) if text]
    parted = any("," in text for text in found)
    if most is None or len(found) <= most:
        return lists.clauses(found) if parted else ", ".join(found)
    return _cut(found, parted)


def _cut(found: Sequence[str], parted: bool = False) -> str:
    first = found[:FIRST]
    return language.text(
        "{first} … {last} ({n} in all)",
        first=lists.clauses(first) if parted else ", ".join(first),
        last=found[-1],
        n=numbers.thousands(len(found)),
    )


def _values(values: Iterable[Any], most: int | None, printed: Callable[[Any], str]) -> str:
    """Numbers, each once; of more than `most` the smallest, the largest, and how many there are."""
    found = list(dict.fromkeys(values))
    whole = [value for value in found if isinstance(value, int)]
    if most is None or len(found) <= most or len(whole) < len(found):
        return _distinct(map(printed, found), most)
    return language.text(
        "{n} values from {low} to {high}",
        n=numbers.thousands(len(found)),
        low=numbers.thousands(min(whole)),
        high=numbers.thousands(max(whole)),
    )


def _hidden(dense: Sequence[Sequence[Layer]], most: int | None) -> str:
    """The units of the hidden dense layers; a number where each network has one such layer."""
    if all(len(layers) == 1 for layers in dense):
        return _values((layers[0].output_shape[-1] for layers in dense), most, str)
    return _distinct(("–".join(map(token, layers)) for layers in dense), most)


def _counted_in(places: Sequence[str], most: int | None) -> str:
    """The headings under which the networks are counted, in the order of the report where they are cut."""
    found = [place for place in dict.fromkeys(places) if place]
    if most is None or len(found) <= most:
        return ", ".join(found)
    ordered = sorted(found, key=lambda place: [int(part) for part in place.split(".")])
    return language.text(
        "{n} places from {first} to {last}",
        n=numbers.thousands(len(found)),
        first=ordered[0],
        last=ordered[-1],
    )


def _range(values: Sequence[int]) -> str:
    if not values:
        return ""
    low, high = numbers.thousands(min(values)), numbers.thousands(max(values))
    return low if low == high else lists.between(low, high)


def _inputs(records: Sequence[Record], most: int | None) -> str:
    """What the first layer reads, pixels or features."""
    hog = [record for record in records if record.features.kind == "hog"]
    pixels = [
        language.text("{shape} pixels", shape=numbers.shape(record.data.image_shape))
        for record in records
        if record.features.kind != "hog"
    ]
    found = list(dict.fromkeys(record.features.length for record in hog))
    whole = most is None or len(found) <= most
    lengths = _distinct(map(numbers.thousands, found), None) if whole else _range(found)
    return _distinct([*pixels, language.text("{lengths} HOG values", lengths=lengths) if hog else ""], most)


def _outputs(record: Record, whole: bool) -> str:
    """The output layer; classes are all named where they are few, or `whole` asks for them."""
    names = record.data.class_names
    last = record.layers[-1]
    return language.text(
        "{units}, {activation}, one for each of: {classes}",
        units=counts.units(last.output_shape[-1]),
        activation=words.activation(activation(record, last)),
        classes=", ".join(names) if whole or len(names) <= MOST_CLASSES else _cut(names),
    )


def _activations(record: Record, convolutions: Sequence[Layer], dense: Sequence[Layer]) -> list[str]:
    """Activations of the hidden layers; where the convolutions have others, they are named."""
    own = [[words.activation(activation(record, each)) for each in part] for part in (convolutions, dense)]
    if not (own[0] and own[1]) or set(own[0]) == set(own[1]):
        return list(dict.fromkeys(own[0] + own[1]))
    first, then = (language.listed(list(dict.fromkeys(part))) for part in own)
    return [language.text("{first} then {then}", first=first, then=then)]


def _dropout(record: Record) -> str:
    dropped = [numbers.plain(layer.settings["rate"]) for layer in record.layers if layer.settings.get("rate")]
    return language.listed(list(dict.fromkeys(dropped))) or language.text("none")


def _optimizer(record: Record) -> str:
    used = rates.rates(record)  # after a training that lowers it, Keras reports the last one
    given = record.optimizer.get("settings", {}).get("learning_rate")
    rate = given if used is None else float(used[0])
    text = str(record.optimizer["name"])
    # Keras keeps the rate as float32: 0.0010000000474974513 was given as 0.001.
    return f"{text}, {numbers.plain(float(f'{rate:.7g}'))}" if isinstance(rate, float) else text
