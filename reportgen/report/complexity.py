"""The chapter on complexity: kinds of experiment, their networks layer by layer, accuracy against cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.complexity import Architecture, distinct_architectures
from reportgen.analysis.detailed import detailed
from reportgen.analysis.memory import explain_memory
from reportgen.report.context import Context
from reportgen.report.costs import CostPart, cost_part
from reportgen.report.drawn_networks import counted_places, names_of, network_figure
from reportgen.report.parts import Equation, NumberedFigure, NumberedTable, Numbering, Place
from reportgen.tables import complexity_table
from reportgen.tables.kinds import kinds_tables
from reportgen.tables.networks import networks_table

_SHORT_NAME = 18
"""Letters of a layer's name that the first column of a table has room for; longer ones need a wider one."""
_SEVERAL = 4
"""Networks from which on they are set side by side in a table."""
_COLUMNS = 10
"""Columns of a complexity table; with non-trainable parameters there is one more."""


@dataclass(frozen=True)
class ArchitecturePart:
    """An architecture with its table, and what the program says of it.

    Parameters
    ----------
    place : Place
    architecture : Architecture
    table : NumberedTable
    sentences : tuple of str
    figure : NumberedFigure or None
        Its drawing, where the networks are few.
    drawn : Place or None
        Else where that is.
    """

    place: Place
    architecture: Architecture
    table: NumberedTable
    sentences: tuple[str, ...]
    figure: NumberedFigure | None = None
    drawn: Place | None = None


@dataclass(frozen=True)
class OtherNetworks:
    """The networks that the pages do not count layer by layer.

    Parameters
    ----------
    place : Place
    lede : str
        Which networks are counted layer by layer instead, and where the layers of the others are.
    table : NumberedTable
        A line for each.
    architectures : tuple of Architecture
        The exports have their tables of layers.
    """

    place: Place
    lede: str
    table: NumberedTable
    architectures: tuple[Architecture, ...]


@dataclass(frozen=True)
class Complexity:
    """What the chapter consists of.

    Parameters
    ----------
    below : tuple of Place
    kinds : tuple of NumberedTable
        The kinds of experiment side by side; below them a line for each network, where there are several and
        all are counted layer by layer.
    rules : tuple of (str, Equation)
    hog : bool
        True where a network reads HOG values.
    architectures : tuple of ArchitecturePart
    others : OtherNetworks or None
        None where every network has a part.
    costs : CostPart or None
    """

    below: tuple[Place, ...]
    kinds: tuple[NumberedTable, ...]
    rules: tuple[tuple[str, Equation], ...]
    hog: bool
    architectures: tuple[ArchitecturePart, ...]
    others: OtherNetworks | None
    costs: CostPart | None


def complexity(chapter: Place, context: Context) -> Complexity:
    """Return what the chapter at `chapter` says of the networks of a report."""
    numbering, results = context.numbering, context.results
    found = distinct_architectures(results)
    shown = detailed(found, results)
    labels = {item.label for item in shown}
    rest = tuple(item for item in found if item.label not in labels)
    rules = _rules(found, numbering)
    titles = names_of(shown, found)
    titles += [(language.text("The other networks"), "")] if rest else []
    titles.append((language.text("Accuracy against cost"), ""))
    places = counted_places(chapter, titles)
    own = dict(zip((item.label for item in shown), places, strict=False))
    counted = {row: own.get(item.label, places[-2]).number for item in found for row, _ in item.rows}
    kinds = tuple(
        numbering.table(table, "small tight kinds")
        for table in kinds_tables(results, context.sections, counted)
    )
    if len(found) >= _SEVERAL and not rest:
        kinds = (*kinds, numbering.table(networks_table(found, counted), "small tight sortable"))
    parts = tuple(_counted(item, own[item.label], context, item is shown[0]) for item in shown)
    others = _others(rest, len(found), places[-2], numbering) if rest else None
    costs = cost_part(results, places[-1], numbering, context.draw)
    below = (*(part.place for part in parts), *(part.place for part in (others, costs) if part))
    hog = any(item.record.features.kind == "hog" for item in found)
    return Complexity(below, kinds, rules, hog, parts, others, costs)


def _counted(item: Architecture, place: Place, context: Context, noted: bool) -> ArchitecturePart:
    table, numbering = complexity_table(item), context.numbering
    drawn, figure = context.networks.get(item.rows[0][0]), None
    if drawn is not None and drawn.anchor == place.anchor:
        figure, drawn = network_figure(item, context.results, context.draw, numbering), None
    if not noted:
        table = replace(table, note="")  # once is enough
    style = "layers small tight more" if len(table.columns) > _COLUMNS else "layers small tight"
    if max((len(line.cells[0].text) for line in table.rows), default=0) > _SHORT_NAME:
        style = f"{style} named"
    sentences = (item.explanation, explain_memory(item.memory))
    return ArchitecturePart(place, item, numbering.table(table, style), sentences, figure, drawn)


def _others(rest: tuple[Architecture, ...], every: int, place: Place, numbering: Numbering) -> OtherNetworks:
    table = numbering.table(networks_table(rest), "small tight sortable")
    lede = language.text(
        "Of {every} networks, {shown} are counted layer by layer: the one with the fewest parameters, the one"
        " with the most, and those of the rows that stand first by validation accuracy in each data set. The"
        " other {rest} have a line each in Table {number}; their layers are in the files complexity-*.csv of"
        " output/tables, each named by the first row that uses the network.",
        every=numbers.thousands(every),
        shown=numbers.thousands(every - len(rest)),
        rest=numbers.thousands(len(rest)),
        number=table.number,
    )
    return OtherNetworks(place, lede, table, rest)


def _rules(found: Sequence[Architecture], numbering: Numbering) -> tuple[tuple[str, Equation], ...]:
    """The rules that count what the report's own networks are made of."""
    kinds = {cost.layer.class_name for item in found for cost in item.layers}
    rules = []
    if "Dense" in kinds:
        rules.append(("dense", numbering.equation("dense-weights")))
    if "Conv2D" in kinds:
        rules.append(("convolution", numbering.equation("conv-weights")))
    if "SeparableConv2D" in kinds:
        rules.append(("separable", numbering.equation("separable-weights")))
    if "DepthwiseConv2D" in kinds:
        rules.append(("depthwise", numbering.equation("depthwise-weights")))
    if "BatchNormalization" in kinds:
        rules.append(("normalisation", numbering.equation("normalisation-weights")))
    return tuple(rules)
