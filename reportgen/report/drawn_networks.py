"""Where the networks of a report are drawn: in the chapter that counts them, or many of them at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_uppercase

from reportgen import language
from reportgen.analysis import counts
from reportgen.analysis.complexity import Architecture, distinct_architectures
from reportgen.analysis.detailed import detailed
from reportgen.experiments.schema import ExperimentsFile
from reportgen.report.parts import Draw, NumberedFigure, Numbering, Place, section_anchor
from reportgen.results import Result

INLINE = 6
"""Networks that are drawn in their chapter; more have an appendix."""

_NAMED = 3
"""Rows that a caption names."""


def in_appendix(file: ExperimentsFile, found: Sequence[Architecture]) -> bool:
    """Whether the networks are drawn at the end: the file asks for it, or they are many for their chapter."""
    if not found:
        return False
    return "networks" in file.report.appendices or (_chapter(file) is not None and len(found) > INLINE)


def network_places(file: ExperimentsFile, results: Sequence[Result]) -> Mapping[str, Place]:
    """Return the heading under which the network of each row is drawn, by row id; empty where none is.

    Parameters
    ----------
    file : ExperimentsFile
    results : sequence of Result
    """
    found, chapter = distinct_architectures(results), _chapter(file)
    if in_appendix(file, found):
        letter = appendix_letter(file)
        places = [
            Place(f"{letter}.{n}", network_name(n), f"network-{item.rows[0][0]}", subtitle=item.label)
            for n, item in enumerate(found, 1)
        ]
    elif chapter is not None:
        places = counted_places(chapter, names_of(found, found))
    else:
        return {}
    return {row: place for item, place in zip(found, places, strict=True) for row, _ in item.rows}


def network_name(number: int) -> str:
    """Return what a network is called, by its place among all of a report; its layers are its subtitle."""
    return language.text("Network {n}", n=number)


def names_of(shown: Sequence[Architecture], found: Sequence[Architecture]) -> list[tuple[str, str]]:
    """Return the names of some networks among all that were found, each with its layers."""
    numbers = {item.label: number for number, item in enumerate(found, 1)}
    return [(network_name(numbers[item.label]), item.label) for item in shown]


def counted_places(chapter: Place, titles: Sequence[tuple[str, str]]) -> list[Place]:
    """Return the headings of a chapter that counts networks, in their order, from titles and subtitles."""
    return [
        Place(f"{chapter.number}.{number}", title, f"{chapter.anchor}:{number}", subtitle=subtitle)
        for number, (title, subtitle) in enumerate(titles, 1)
    ]


def counting_places(file: ExperimentsFile, results: Sequence[Result]) -> Mapping[str, Place]:
    """Return the heading under which the network of each row is counted layer by layer, by row id.

    Those that have a line in a table alone are not there.
    """
    chapter, found = _chapter(file), distinct_architectures(results)
    if chapter is None:
        return {}
    shown = detailed(found, results)
    places = counted_places(chapter, names_of(shown, found))
    return {row: place for item, place in zip(shown, places, strict=True) for row, _ in item.rows}


def appendix_letter(file: ExperimentsFile) -> str:
    """Return the letter of the appendix of networks, which is the last one: A is that on reproducibility."""
    before = [name for name in file.report.appendices if name != "networks"]
    return ascii_uppercase[1 + len(before) + (file.report.experiment_pages == "appendix")]


def _chapter(file: ExperimentsFile) -> Place | None:
    for number, section in enumerate(file.section, 1):
        if section.kind == "complexity":
            return Place(str(number), "", section_anchor(section.id))
    return None


def network_figure(
    item: Architecture, results: Sequence[Result], draw: Draw, numbering: Numbering
) -> NumberedFigure:
    """Draw and number a network, by the first row that uses it."""
    first = next(result for result in results if result.row.id == item.rows[0][0])
    return numbering.figure(_caption(item), draw("network", [first]))


def _caption(item: Architecture) -> str:
    """What is drawn, and which rows have other layers without parameters, or other settings."""
    said = language.text("From input to output: {network}.", network=item.label)
    if not item.otherwise:
        return said
    first, others = language.quoted(item.rows[0][1]), [title for _, title in item.otherwise]
    if len(others) > _NAMED:
        differ = language.text(
            "Drawn as in {title}; {rows} that use it have other activations, dropout or penalties.",
            title=first,
            rows=counts.rows(len(others)),
        )
    else:
        differ = language.plural(
            "Drawn as in {title}; {others} has other activations, dropout or penalties.",
            "Drawn as in {title}; {others} have other activations, dropout or penalties.",
            len(others),
            title=first,
            others=language.listed([language.quoted(title) for title in others]),
        )
    return f"{said} {differ}"
