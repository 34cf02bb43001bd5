"""How far published accuracies and ours agree, and what is known to differ in how they came about.

Nothing here says that a figure was reproduced: an interval that holds zero only fails to tell two
figures apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.analysis import numbers, words
from reportgen.analysis.scores import Score, score
from reportgen.analysis.statistics import unpaired_interval
from reportgen.experiments.schema import Protocol
from reportgen.language import NO_BREAK_SPACE
from reportgen.records import Record
from reportgen.results import Result

_INDEPENDENT = (
    "The published predictions are not available, so the two are treated as independent samples; if they"
    " share their test images, the intervals are wider than the luck of the items needs, and neither side's"
    " training luck is in them."
)


@dataclass(frozen=True)
class Beside:
    """A published accuracy beside ours.

    Parameters
    ----------
    title : str
        Of the row.
    published : float
    ours : Score
        Of the test accuracy; a mean where the row has several runs.
    low, high : float or None
        95 % interval of the difference, ours minus published: Newcombe's for two independent samples,
        since which items they missed is not known; from the proportions themselves, since a mean over
        runs is no whole number of items. None where the published test set's size is not known.
    """

    title: str
    published: float
    ours: Score
    low: float | None = None
    high: float | None = None

    @property
    def difference(self) -> float:
        """Ours minus published."""
        return self.ours.mean - self.published

    @property
    def apart(self) -> bool:
        """Whether the interval of the difference leaves zero out; else that of ours the published figure."""
        if self.low is None or self.high is None:
            return not self.ours.low <= self.published <= self.ours.high
        return self.low > 0 or self.high < 0


def beside(result: Result, protocol: Protocol) -> Beside | None:
    """Set a row's published accuracy beside ours; None where either is missing, or was on other data."""
    published = result.row.published
    if published is None or published.test_accuracy is None or not comparable(result):
        return None
    ours, theirs = score(result, "test_accuracy"), published.test_accuracy
    if protocol.test_items is None:
        return Beside(result.row.title, theirs, ours)
    items = protocol.test_items
    low, high = unpaired_interval(ours.mean * ours.items, ours.items, theirs * items, items)
    return Beside(result.row.title, theirs, ours, low, high)


def comparable(result: Result) -> bool:
    """Whether a row has a result on the data that were asked for, all of them."""
    records = result.records
    return bool(records) and not any(record.data.stand_in or record.data.quick for record in records)


def agreement(results: Sequence[Result], protocol: Protocol) -> tuple[str, ...]:
    """Say how many published accuracies ours can be told from, from which, and what differs in protocol.

    Parameters
    ----------
    results : sequence of Result
        Of the whole report.
    protocol : Protocol
        How the published figures came about, as far as the file says.

    Returns
    -------
    tuple of str
        Sentences; none where nobody published an accuracy of a row.
    """
    given = [r for r in results if r.row.published is not None and r.row.published.test_accuracy is not None]
    if not given:
        return ()
    compared = [one for one in (beside(result, protocol) for result in given) if one is not None]
    sentences = []
    if compared:
        sentences += [_counted(compared, protocol), *_apart(compared)]
        sentences += [_INDEPENDENT] if protocol.test_items is not None else []
    sentences += [*_left_out(given), *_without(len(results) - len(given), len(results))]
    sentences += _differences([r for r in given if r.records], protocol)
    return tuple(sentences)


def _counted(compared: Sequence[Beside], protocol: Protocol) -> str:
    alike, all_of = sum(not one.apart for one in compared), len(compared)
    of = "the one published accuracy" if all_of == 1 else f"{all_of} published accuracies"
    if protocol.test_items is None:
        lies = "lies" if alike == 1 else "lie"
        return (
            "The size of the published test set is not given, so only ours have an interval and the published"
            f" figures count as exact: {alike} of {of} {lies} within it."
        )
    return (
        f"For {alike} of {of} the 95 % interval of the difference, ours minus published, holds zero:"
        " these cannot be told apart, which does not make them the same."
    )


def _apart(compared: Sequence[Beside]) -> list[str]:
    found = sorted((one for one in compared if one.apart), key=lambda one: -abs(one.difference))
    if not found:
        return []
    listed = "; ".join(f"“{one.title}”, ours {_by(one)}" for one in found)
    verb = ("lies", "lie") if found[0].low is None else ("differs", "differ")
    count = f"One {verb[0]}" if len(found) == 1 else f"{len(found)} {verb[1]}"
    return [f"{count}{' outside it' if found[0].low is None else ''}: {listed}."]


def _by(one: Beside) -> str:
    way = "higher" if one.difference > 0 else "lower"
    amount = f"{way} by {numbers.percent(abs(one.difference))} points"
    if one.low is None or one.high is None:
        return amount
    return f"{amount} ({numbers.points(one.low)} to {numbers.points(one.high)})"


def _left_out(given: Sequence[Result]) -> list[str]:
    sentences = []
    failed = sum(not result.records for result in given)
    if failed:
        sentences.append(f"{_figures(failed)} no result of ours beside it." if failed == 1 else
                         f"{_figures(failed)} no result of ours beside them.")  # fmt: skip
    other = [result for result in given if result.records and not comparable(result)]
    if other:
        stand_ins = {
            words.used_data(one.data) for result in other for one in result.records if one.data.stand_in
        }
        why = (
            f"ours were measured on {' and '.join(sorted(stand_ins))}" if stand_ins else "ours were shortened"
        )
        count = "One is" if len(other) == 1 else f"{len(other)} are"
        sentences.append(f"{count} not compared: {why}.")
    return sentences


def _figures(count: int) -> str:
    return "One published accuracy has" if count == 1 else f"{count} published accuracies have"


def _without(missing: int, of: int) -> list[str]:
    """How many rows nobody published an accuracy of."""
    if not missing:
        return []
    share = f"{numbers.thousands(missing)} of the {numbers.thousands(of)} rows"
    return [f"For {share} no published accuracy is given."]


def _differences(done: Sequence[Result], protocol: Protocol) -> list[str]:
    """What is known to differ in how the figures came about, and what is not known of the published ones."""
    records = [record for result in done for record in result.records]
    if not records:
        return []
    known = [*_data_differ(records, protocol), *_runs_differ(done)]
    unknown = []
    if protocol.validation is None:
        unknown.append("what they were validated on")
    if protocol.test_items is None:
        unknown.append("how many items they were tested on")
    unknown.append("their seeds" if protocol.validation == "test" else "their seeds and split")
    sentences = [f"Known differences of protocol: {'; '.join(known)}."] if known else []
    seeds = sorted({record.seed for record in records})
    own = str(seeds[0]) if len(seeds) == 1 else f"{seeds[0]} to {seeds[-1]}"
    listed = ", ".join(unknown[:-1]) + (" and " if len(unknown) > 1 else "") + unknown[-1]
    sentences.append(
        f"Not stated of the published runs: {listed} (ours: seed{'s' if len(seeds) > 1 else ''} {own})."
    )
    return sentences


def _data_differ(records: Sequence[Record], protocol: Protocol) -> list[str]:
    """On what the two sides were validated, trained and tested, where that is not the same."""
    known = []
    if protocol.validation is not None and any(r.data.validation != protocol.validation for r in records):
        ours = " or ".join(sorted({validated_on(record.data.validation) for record in records}))
        known.append(
            f"the published runs were validated on {validated_on(protocol.validation)}, ours on {ours}"
        )
    held_out = {(r.data.n_train, r.data.n_train + r.data.n_validation)
                for r in records if not r.data.validated_on_test}  # fmt: skip
    if protocol.validation == "test" and held_out:
        counts = " or ".join(
            f"{numbers.thousands(own)} of {numbers.thousands(every)}" for own, every in sorted(held_out)
        )
        known.append(
            f"ours were trained on {counts} training images, where the published runs had to hold none out"
        )
    if protocol.test_items is not None and any(r.data.n_test != protocol.test_items for r in records):
        ours = " or ".join(numbers.thousands(n) for n in sorted({one.data.n_test for one in records}))
        known.append(f"they were tested on {numbers.thousands(protocol.test_items)} items, ours on {ours}")
    return known


def _runs_differ(done: Sequence[Result]) -> list[str]:
    """Which of ours are means, of how many runs."""
    counts = [len(result.records) for result in done if result.repeated]
    if not counts:
        return []
    low, high = min(counts), max(counts)
    runs = f"{low} runs" if low == high else f"{low} to {high} runs"
    which = (
        "ours are"
        if len(counts) == len(done)
        else f"{len(counts)} of ours {'is' if len(counts) == 1 else 'are'}"
    )
    mean = f"a mean of {runs}" if which.endswith("is") else f"means of {runs}"
    return [f"{which} {mean}, the published figures those of single runs as far as is known"]


def validated_on(validation: float | str) -> str:
    """What a run was validated on: ``the test set itself``, ``a 10 % split``."""
    if validation == "test":
        return "the test set itself"
    if isinstance(validation, str):
        return validation
    return f"a {numbers.plain(round(100 * validation, 6))}{NO_BREAK_SPACE}% split"
