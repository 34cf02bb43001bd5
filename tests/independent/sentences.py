"""Numbers in sentences: the program's remarks, what else it says, and the descriptions of figures."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.independent import borrowed, call_remarks, curve_remarks, figure_sentences, row_remarks
from tests.independent.phrases import NUMBER, Found, Fragment, flexible
from tests.independent.runs import Row
from tests.independent.tally import Tally
from tests.independent.world import World

REMARKS = (
    *borrowed.REMARKS,
    *curve_remarks.SEEN,
    *curve_remarks.REMARKS,
    *row_remarks.REMARKS,
    *call_remarks.REMARKS,
)
FIGURES = figure_sentences.FIGURES
UNKNOWN = "numbers of a sentence that no pattern knows"
NAMES = "\u201c[^\u201d]*\u201d|\\([a-z][\\w-]*\\)|F1|beta [12]"
"""What holds digits that are no numbers: titles, ids, and the name of a score."""


def check_sentence(
    tally: Tally,
    world: World,
    row: Row | None,
    place: str,
    column: str,
    text: str,
    fragments: Iterable[Fragment] = (),
) -> None:
    """Compare the numbers of a sentence that are known; count the others."""
    covered: list[tuple[int, int]] = []
    for where, pattern, said in fragments if row is not None else ():
        for match in re.finditer(flexible(pattern), text) if re.fullmatch(where, column) else ():
            assert row is not None
            covered += _piece(tally, said(world, row, match), match, place, column, row.id)
    bare = re.sub(NAMES, lambda m: " " * len(m[0]), text)
    bare = re.sub("(?<= )[a-z]+_[a-z_]+(?= \\()", lambda m: " " * len(m[0]), bare)
    rest = [m for m in re.finditer(f"(?<![\\w.@\u00d7-]){NUMBER}", bare)
            if not any(low <= m.start() < high for low, high in covered)]  # fmt: skip
    if rest:
        tally.skip(place, column, UNKNOWN, len(rest))


def _piece(
    tally: Tally, wanted: Found, match: re.Match[str], place: str, column: str, where: str
) -> list[tuple[int, int]]:
    """Compare the groups of a match; those with a name are no numbers to compare."""
    named = set(match.re.groupindex.values())
    spans = [match.span(i) for i in range(1, match.re.groups + 1) if i not in named]
    spans = [span for span in spans if span != (-1, -1)]
    if "rows" in match.groupdict():
        start = match.start("rows")
        listed = re.finditer(f"\\(({NUMBER})[ \u00a0]% with ({NUMBER})", match["rows"])
        spans += [(start + low, start + high) for m in listed for low, high in (m.span(1), m.span(2))]
    if not wanted:
        return []
    if len(wanted) != len(spans):
        tally.hold(place, column, where, f"{len(wanted)} numbers expected in {match[0]!r}")
        return spans
    for (low, high), number in zip(spans, wanted, strict=True):
        tally.see(place, column, where, match.string[low:high], number)
    names = [match.span(i) for name, i in match.re.groupindex.items() if name != "rows"]
    return [*spans, *names]
