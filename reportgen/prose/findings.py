"""What the results contradict: numbers typed by hand that nothing measured rounds to, and claims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from reportgen import language
from reportgen.analysis import numbers
from reportgen.errors import Problem
from reportgen.experiments.resolved import Experiments
from reportgen.experiments.words import quoted
from reportgen.language import NO_BREAK_SPACE
from reportgen.prose.judging import judge_all
from reportgen.prose.measured import candidates
from reportgen.prose.passages import Passage, passages
from reportgen.prose.speech import bound, topics
from reportgen.prose.topics import Candidate
from reportgen.prose.typed import FIRST_WHOLE, Reading, Typed, typed_numbers
from reportgen.results import Result

_THRESHOLDS = (0.1, 0.05, 0.01, 0.001)
_SHOWN = 3


def findings(experiments: Experiments, results: Sequence[Result]) -> tuple[Problem, ...]:
    """Return what the results contradict, in the order of the file's lines.

    Parameters
    ----------
    experiments : Experiments
    results : sequence of Result
        One for each row; what is said of rows without a record cannot be checked, and gives no finding.

    Returns
    -------
    tuple of Problem
        ``typed-number`` for a number typed by hand, ``unsupported-claim`` for a claim that is not
        supported or undecided.
    """
    # They are printed in the terminal, whatever the language of the report.
    with language.use(language.SOURCE):
        return tuple(sorted((*_typed(experiments, results), *_claims(experiments, results))))


def _claims(experiments: Experiments, results: Sequence[Result]) -> Iterator[Problem]:
    if not experiments.file.claim:
        return
    for number, judged in enumerate(judge_all(experiments, results)):
        if judged.status in ("not supported", "undecided"):
            line = experiments.line(("claim", number, "expression"), 0)
            said = f"claim {quoted(judged.claim.id)} is {judged.status}"
            yield Problem(experiments.name, line, "unsupported-claim", said, judged.sentence)


def _typed(experiments: Experiments, results: Sequence[Result]) -> Iterator[Problem]:
    tables = experiments.file.model_dump(exclude_none=True)
    around = _Around(experiments, results)
    for passage in passages(tables):
        for typed in typed_numbers(passage.text):
            nearest = around.contradiction(passage, typed)
            if nearest is not None:
                yield _problem(experiments, passage, typed, nearest)


def _problem(
    experiments: Experiments, passage: Passage, typed: Typed, nearest: Sequence[Candidate]
) -> Problem:
    where = f"{passage.kind} {quoted(passage.owner)}: {passage.path[-1]}"
    what = "no measured value of this row" if passage.row else "no measured value"
    message = f"{where}: {quoted(typed.text)} is typed by hand, and {what} rounds to it"
    shown = ", ".join(f"{each.words} {_shown(each, passage.row)}" for each in nearest)
    live = next((each for each in nearest if each.attribute and each.row), None)
    remedy = f"nearest: {shown}" if shown else "write a live number in its place"
    if live:
        name = "this" if live.row == passage.row else f"row('{live.row}')"
        remedy += f"; a live number is never wrong: {{{{ {name}.{live.attribute} }}}}"
    line = experiments.line(passage.path, typed.offset)
    return Problem(experiments.name, line, "typed-number", message, remedy)


def _shown(candidate: Candidate, row: str | None) -> str:
    value = candidate.value
    texts = {
        "change": lambda: f"{numbers.percent(value)}{NO_BREAK_SPACE}%",
        "share": lambda: f"{numbers.percent(value)}{NO_BREAK_SPACE}%",
        "points": lambda: f"{numbers.points(value)}{NO_BREAK_SPACE}points",
        "count": lambda: numbers.decimal(value, 0),
        "seconds": lambda: numbers.seconds(value, 1),
    }
    text = texts.get(candidate.sort, lambda: numbers.decimal(value, 4))()
    return f"{text} ({candidate.row})" if candidate.row not in ("", row) else text


@dataclass(frozen=True)
class _Around:
    """The rows around a passage, and what may be said of them."""

    experiments: Experiments
    results: Sequence[Result]

    def contradiction(self, passage: Passage, typed: Typed) -> Sequence[Candidate] | None:
        """The nearest values of a typed number that stands for none; None where there is nothing to say."""
        own = self.own(passage)
        rows = [result for result in own if result.record is not None]
        if not rows:
            return None
        spoken_of = topics(typed.sentence, typed.after)
        named = [
            result for result in self.named(passage, typed.sentence, spoken_of) if result.record is not None
        ]
        everyone = list({result.row.id: result for result in (*rows, *named)}.values())
        if self.is_setting(passage, typed, everyone, spoken_of):
            return None
        pairs = self.pairs(passage, rows, named)
        limit = bound(typed.before)
        if limit == "p":
            return self.p_values(typed)
        found = candidates(everyone, pairs, spoken_of, typed.sentence)
        if any(_fits(typed, reading, each, limit) for reading in typed.readings for each in found):
            return None
        return _nearest(typed, found)

    def own(self, passage: Passage) -> list[Result]:
        """The rows that a passage is about: its own, its chapter's, its contrast's, or all."""
        if passage.row:
            return [result for result in self.results if result.row.id == passage.row]
        if passage.kind == "contrast":
            contrast = next(each for each in self.experiments.file.contrast if each.id == passage.owner)
            return [result for result in self.results if result.row.id in contrast.rows]
        chapter = [result for result in self.results if result.row.section == passage.section]
        return chapter or list(self.results)

    def named(self, passage: Passage, sentence: str, spoken_of: frozenset[str]) -> list[Result]:
        """Other rows that a sentence names: by id, by title, or as the one before."""
        folded = sentence.casefold()
        found = [
            result
            for result in self.results
            if _names(result.row.id, folded)
            or (len(result.row.title) > 3 and result.row.title.casefold() in folded)
        ]
        if passage.row and "before" in spoken_of:
            found += self.before(passage.row)
        return found

    def before(self, row: str) -> list[Result]:
        """The row that a row is compared with, and the one that stands before it."""
        own = next(result.row for result in self.results if result.row.id == row)
        chapter = [result for result in self.results if result.row.section == own.section]
        places = [result.row.id for result in chapter]
        wanted = {own.compared_with, *places[max(0, places.index(row) - 1) : places.index(row)]}
        return [result for result in self.results if result.row.id in wanted]

    def pairs(
        self, passage: Passage, rows: Sequence[Result], named: Sequence[Result]
    ) -> list[tuple[Result, Result]]:
        """The rows that a sentence may set against each other."""
        if passage.row:
            others = [*named, *(each for each in self.before(passage.row) if each.record is not None)]
            return [(rows[0], other) for other in others if other.row.id != passage.row]
        chosen = named if len(named) > 1 else rows
        return [(a, b) for a, b in combinations(chosen, 2) if _data(a) == _data(b)]

    def is_setting(
        self, passage: Passage, typed: Typed, rows: Sequence[Result], spoken_of: frozenset[str]
    ) -> bool:
        """Whether a number is a setting: a hyper-parameter, or a limit that a claim names itself."""
        settings = {value for result in rows for value in _numbers(result.row.parameters)}
        if typed.kind != "percent":
            homes = {result.row.section for result in rows}
            for result in self.results:
                same = result.row.section in homes
                settings |= {v for v in _numbers(result.row.parameters) if same or v >= FIRST_WHOLE}
            if "optimiser" in spoken_of:
                settings |= {v for r in rows for one in r.records for v in _numbers(one.optimizer)}
        settings |= self.limits(passage)
        scale = 100 if typed.kind == "percent" else 1
        exact = {reading.value for reading in typed.readings}
        shares = {value * scale for value in settings if scale == 1 or 0 <= value <= 1}
        return any(abs(value - one) <= 1e-9 * max(1.0, abs(one)) for value in exact for one in shares)

    def limits(self, passage: Passage) -> set[float]:
        """The numbers of a claim's own expression, as shares and as points."""
        if passage.kind != "claim":
            return set()
        claim = next(each for each in self.experiments.file.claim if each.id == passage.owner)
        typed = {float(found) for found in re.findall(r"(?<![\w'\".-])\d+(?:\.\d+)?", claim.expression)}
        return typed | {100 * value for value in typed}

    def p_values(self, typed: Typed) -> Sequence[Candidate] | None:
        """A typed p value is a usual threshold, or one of a declared contrast."""
        from reportgen.analysis.contrasts import family

        found: list[Candidate] = [Candidate(each, "loss", "threshold") for each in _THRESHOLDS]
        for contrast in self.experiments.file.contrast:
            for line in family(contrast, self.results).lines:
                for p, words in ((line.difference.p, "p"), (line.adjusted_p, "p after Holm")):
                    if p is not None:
                        found.append(Candidate(p, "loss", f"{words} in {contrast.id}"))
        if any(_fits(typed, reading, each, "") for reading in typed.readings for each in found):
            return None
        return _nearest(typed, found[len(_THRESHOLDS) :])


def _names(row: str, sentence: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(row.casefold())}(?![\w-])", sentence) is not None


def _data(result: Result) -> str:
    return result.records[0].data.name


def _numbers(value: Any) -> Iterator[float]:
    """Every number in a table of settings."""
    if isinstance(value, bool):
        return
    if isinstance(value, (int, float)):
        yield float(value)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _numbers(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _numbers(each)


def _seen(typed: Typed, reading: Reading, candidate: Candidate) -> list[float]:
    """A value as it could be typed: a share in per cent or as a fraction; no sign."""
    value, sort = abs(candidate.value), candidate.sort
    if typed.kind == "percent":
        return [100 * value] if sort in ("share", "points", "change") else []
    if typed.kind == "seconds" or sort == "seconds":
        return [value] if typed.kind == sort == "seconds" else []
    if typed.kind == "whole" and reading.half >= 0.5:
        return [value] if sort in ("count", "ratio") else []
    if sort in ("share", "points"):
        return [value, 100 * value] if reading.value > 1 or sort == "points" else [value]
    return [value] if sort in ("loss", "ratio") else []


def _fits(typed: Typed, reading: Reading, candidate: Candidate, limit: str) -> bool:
    # A limit is about the scores and counts themselves; some difference or ratio lies beyond any limit.
    limit = limit if candidate.attribute or candidate.sort == "count" or limit == "about" else ""
    for value in _seen(typed, reading, candidate):
        if limit == "least" and value > reading.value:
            return True
        if limit == "most" and value < reading.value:
            return True
        reach = reading.half * (2 if limit == "about" else 1)
        if abs(value - reading.value) <= reach * (1 + 1e-9) + 1e-12:
            return True
    return False


def _nearest(typed: Typed, found: Sequence[Candidate]) -> Sequence[Candidate]:
    """The few values that come closest, none of them twice."""
    reach: dict[Candidate, float] = {}
    for each in found:
        far = [abs(v - reading.value) for reading in typed.readings for v in _seen(typed, reading, each)]
        if far:
            reach[each] = min(far)
    first: dict[float, Candidate] = {}
    for each in sorted(reach, key=lambda each: (reach[each], not each.attribute, each.words)):
        first.setdefault(each.value, each)
    return list(first.values())[:_SHOWN]
