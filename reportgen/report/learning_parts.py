"""What steps into a training, for the chapter on the learning algorithm: rates, callbacks, penalties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from reportgen import language
from reportgen.analysis import numbers
from reportgen.calls.labels import label
from reportgen.records import Record
from reportgen.report.algorithm_parts import Own, Part, argument_table, defined, said, used_by
from reportgen.report.callbacks import callback_words, callbacks_of
from reportgen.report.parts import NumberedTable, Numbering, Place
from reportgen.report.penalties import IDEAS, LEAD, TITLES, Of, Penalty, penalties_of, symbols_of
from reportgen.report.schedules import Planned, planned, rates_words, schedule_rule
from reportgen.results import Result
from reportgen.tables.learning import (
    Stepping,
    callbacks_table,
    layers_words,
    penalties_table,
    rates_table,
)

Placed = Callable[[str], Place]
_STYLE = "small tight"


def rate_parts(
    pairs: Own, everything: Sequence[Result], place: Placed, numbering: Numbering
) -> Iterator[Part]:
    """Yield a part for each kind of planned learning rate, the last one with the rates by epoch."""
    groups: dict[tuple[str, ...], list[tuple[Result, Record, Planned]]] = {}
    for result, record in pairs:
        found = planned(record)
        if found is not None:
            lines = [line.equation for line in schedule_rule(found).lines]
            groups.setdefault((found.name, *lines), []).append((result, record, found))
    for group in groups.values():
        yield _rates(group, everything, place, numbering)


def _rates(
    group: Sequence[tuple[Result, Record, Planned]],
    everything: Sequence[Result],
    place: Placed,
    numbering: Numbering,
) -> Part:
    rule = schedule_rule(group[0][2])
    lines = tuple((said(line.lead), numbering.equation(line.equation)) for line in rule.lines)
    own = [(result, record) for result, record, _ in group]
    table, arguments = argument_table(
        [(result, found.settings) for result, _, found in group],
        everything,
        dict(rule.symbols) if lines else {},
        rule.meanings,
        numbering,
    )
    source = language.text("Source: {source}.", source=rule.source) if rule.source else ""
    without = language.text("No equation is prepared for this schedule; its arguments are below.")
    return Part(
        place(language.text("Learning rate: {name}", name=rule.title)),
        said(rule.idea),
        lines,
        defined(rule.definitions) if lines else (),
        used_by(own, everything),
        table,
        arguments,
        "" if lines else without,
        source if lines else "",
        tuple(_by_epoch(group, everything, numbering)),
        rule.title,
    )


def _by_epoch(
    group: Sequence[tuple[Result, Record, Planned]], everything: Sequence[Result], numbering: Numbering
) -> Iterator[NumberedTable]:
    """The rates of the rows, once for those that have the same."""
    found: dict[tuple[str, str], list[Result]] = {}
    for result, record, schedule in group:
        rates = record.history.get("learning_rate")
        if rates is not None and len(rates):
            found.setdefault((schedule.name, rates_words([float(r) for r in rates])), []).append(result)
    if found:
        lines = [Stepping(name, words, tuple(rows)) for (name, words), rows in found.items()]
        yield numbering.table(rates_table(group[0][2].name, lines, everything), _STYLE)


def callbacks_part(
    pairs: Own, everything: Sequence[Result], place: Placed, numbering: Numbering
) -> Iterator[Part]:
    """Yield the part on what watched the trainings, where anything did."""
    found: dict[tuple[str, str], list[tuple[Result, Record]]] = {}
    for result, record in pairs:
        for call in callbacks_of(record):
            found.setdefault((label(call), callback_words(call)), []).append((result, record))
    if not found:
        return
    watched = [(result, record) for result, record in pairs if any(True for _ in callbacks_of(record))]
    lines = [
        Stepping(name, f"{words} {_ended(name, own)}".strip(), tuple(result for result, _ in own))
        for (name, words), own in found.items()
    ]
    idea = language.text(
        "After every epoch, what watches a training looks at the curves; it may lower the learning rate, end"
        " the training, or choose the weights that are tested."
    )
    table = numbering.table(callbacks_table(lines, everything), _STYLE)
    title = language.text("What watches the training")
    yield Part(place(title), idea, (), (), used_by(watched, everything), tables=(table,))


def _ended(name: str, own: Own) -> str:
    """How many of the trainings were ended by it."""
    if not name.startswith("EarlyStopping"):
        return ""
    records = [record for result, _ in own for record in result.records if record.stopped is not None]
    ended = [record for record in records if record.stopped and record.stopped.by == "EarlyStopping"]
    if not records:
        return ""
    return language.plural(
        "It ended {n} of {total} trainings.",
        "It ended {n} of {total} trainings.",
        len(ended),
        n=numbers.thousands(len(ended)),
        total=numbers.thousands(len(records)),
    )


def penalty_parts(
    pairs: Own, everything: Sequence[Result], place: Placed, numbering: Numbering
) -> Iterator[Part]:
    """Yield a part for penalties on weights, and one for penalties on activations, where there are any."""
    kinds: tuple[Of, ...] = ("weights", "activations")
    for kind in kinds:
        own = [
            (result, record, found)
            for result, record in pairs
            if (found := [each for each in penalties_of(record) if each.of == kind])
        ]
        if own:
            yield _penalties(kind, own, everything, place, numbering)


def _penalties(
    kind: Of,
    own: Sequence[tuple[Result, Record, list[Penalty]]],
    everything: Sequence[Result],
    place: Placed,
    numbering: Numbering,
) -> Part:
    every = [each for _, _, found in own for each in found]
    equations = list(dict.fromkeys(each.equation for each in every if each.equation))
    lines = tuple((said(LEAD) if not n else language.text("or"), numbering.equation(name))
                  for n, name in enumerate(equations))  # fmt: skip
    rows: dict[tuple[str, str], list[Result]] = {}
    for result, _, found in own:
        for words in dict.fromkeys(each.words for each in found):
            parts = [(each.part, each.layer.class_name) for each in found if each.words == words]
            rows.setdefault((words, layers_words(parts)), []).append(result)
    stepping = [Stepping(name, parts, tuple(results)) for (name, parts), results in rows.items()]
    table = numbering.table(penalties_table(f"penalties-{kind}", stepping, everything), _STYLE)
    remark = language.text(
        "The loss that training lowers holds the penalty, and so do its curves; in tables and ranks losses"
        " stand without it, so that rows with and without one can be compared."
    )
    pairs = [(result, record) for result, record, _ in own]
    return Part(
        place(said(TITLES[kind])),
        said(IDEAS[kind]),
        lines,
        symbols_of(every) if lines else (),
        used_by(pairs, everything),
        remark=remark,
        tables=(table,),
    )
