"""What a reader must be told before believing a number: stand-ins, quick runs, validation on the test set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen import language
from reportgen.analysis import elsewhere, numbers, penalty_words, rates, words
from reportgen.analysis.elsewhere import Origin
from reportgen.analysis.observations.budgets import budget_words
from reportgen.provenance import Provenance
from reportgen.records import Record
from reportgen.report.borrowing import of_borrowed
from reportgen.report.parts import Notice
from reportgen.results import Result, Run


def quick_run() -> Notice:
    """Return the notice for runs with a small part of the data."""
    return Notice(
        language.text("Quick run."),
        language.text(
            "Few images, few epochs, one seed: these numbers show that everything works, and nothing more."
        ),
    )


def on_test_set(more: str = "") -> Notice:
    """Return the notice for runs that were validated on the test set; `more` says which."""
    text = language.text("What these curves choose, the test score chooses: new data will fare worse.")
    return Notice(language.text("Validated on the test set."), f"{text} {more}".strip())


def stand_in(requested: str, name: str) -> Notice:
    """Return the notice for results on an embedded data set."""
    return Notice(
        language.text("Stand-in data."),
        language.text(
            "{used} takes the place of {wanted}: the numbers say nothing about {wanted}.",
            used=words.data_set(name),
            wanted=words.data_set(requested),
        ),
    )


def of_record(record: Record) -> tuple[Notice, ...]:
    """Return the notices that belong beside a run's scores; that it was quick, foot and chapter say."""
    notices = []
    if record.data.stand_in:
        notices.append(stand_in(record.data.requested, record.data.name))
    if record.data.validated_on_test:
        notices.append(on_test_set())
    return tuple(notices)


def of_training(result: Result) -> tuple[Notice, ...]:
    """Return the notices on how a row trained: borrowed weights, a rate that died."""
    found = [notice for record in result.records[:1] for notice in of_borrowed(record)]
    dead = [epoch for record in result.records if (epoch := rates.dead_from(record)) is not None]
    if dead:
        epochs = [record.epochs for record in result.records]
        found.append(
            Notice(
                language.text("A dead learning rate."),
                language.text(
                    "From epoch {epoch} of {epochs} on no step changes a weight: a best epoch after that is"
                    " chance.",
                    epoch=numbers.thousands(min(dead)),
                    epochs=numbers.thousands(max(epochs)),
                ),
            )
        )
    return tuple(found)


def of_budgets(results: Sequence[Result]) -> tuple[Notice, ...]:
    """Return the notice that belongs where rows with different amounts of training are compared, or none."""
    told = budget_words(results)
    return (Notice(language.text("Not trained alike."), told),) if told else ()


def of_losses(results: Sequence[Result]) -> tuple[Notice, ...]:
    """Return the notice that belongs where losses of several rows are compared, or none."""
    told = penalty_words.of_rows(results)
    return (Notice(language.text("Losses with a penalty."), told),) if told else ()


def of_origins(result: Result) -> tuple[Notice, ...]:
    """Return the notices of a row whose runs were made elsewhere, or stand for others."""
    runs = elsewhere.with_records([result])
    return tuple(
        _of_origin(origin, part)
        for origin in elsewhere.origins(runs)
        if origin.owner or origin.accepted
        for part in [_seeds_of(origin) if len(origin.runs) < len(runs) else ""]
    )


def _of_origin(origin: Origin, part: str) -> Notice:
    """Whose the runs of one place are, and in what they differ from those they stand for."""
    made = language.listed(list(dict.fromkeys(elsewhere.made_with(run) for run in origin.runs)))
    words_ = language.text("Made elsewhere, with {environment}.", environment=made) if origin.owner else ""
    if not origin.accepted:
        title = language.text("Merged from {owner}.", owner=origin.owner)
        return Notice(title, " ".join(each for each in (part, words_) if each))
    title = (
        language.text("Merged from {owner} and accepted.", owner=origin.owner)
        if origin.owner
        else language.text("An earlier run, accepted.")
    )
    stands = language.plural(
        "It stands for the run that the row asks for, from which it differs in this: {differences}.",
        "They stand for the runs that the row asks for, from which they differ in this: {differences}.",
        len(origin.runs),
        differences=elsewhere.differences_words(origin.differences),
    )
    return Notice(title, " ".join(each for each in (part, words_, stands) if each))


def _seeds_of(origin: Origin) -> str:
    """Which of a row's runs a notice concerns."""
    seeds = language.listed([str(run.seed) for run in origin.runs])
    return language.plural(
        "This concerns seed {seeds}.", "This concerns seeds {seeds}.", len(origin.runs), seeds=seeds
    )


def from_elsewhere(results: Sequence[Result]) -> tuple[Notice, ...]:
    """Return the notice that some runs of a report were made elsewhere, or stand for others; or none."""
    runs = elsewhere.with_records(results)
    merged = [run for run in runs if run.owner]
    accepted = [run for run in runs if run.differences]
    if not merged and not accepted:
        return ()
    said = [_merged_words(merged, len(runs))] if merged else []
    said += [_accepted_words(accepted, len(runs))] if accepted else []
    title = language.text("Runs from elsewhere.") if merged else language.text("Accepted runs.")
    return (Notice(title, " ".join(said)),)


def _merged_words(runs: Sequence[Run], every: int) -> str:
    owners = language.listed(list(dict.fromkeys(run.owner for run in runs)))
    counts = {"n": numbers.thousands(len(runs)), "all": numbers.thousands(every), "owners": owners}
    if len(runs) == every:
        return language.plural(
            "The one run was merged from {owners}.",
            "All {n} runs were merged from {owners}.",
            every,
            **counts,
        )
    return language.plural(
        "{n} of {all} runs was merged from {owners}.",
        "{n} of {all} runs were merged from {owners}.",
        len(runs),
        **counts,
    )


def _accepted_words(runs: Sequence[Run], every: int) -> str:
    differ = dict.fromkeys(elsewhere.name(each) for run in runs for each in run.differences)
    counts = {
        "n": numbers.thousands(len(runs)),
        "all": numbers.thousands(every),
        "parts": language.listed(list(differ)),
    }
    if len(runs) == every:
        return language.plural(
            "The one run was accepted in place of one that differs in {parts}.",
            "All {n} runs were accepted in place of ones that differ in {parts}.",
            every,
            **counts,
        )
    return language.plural(
        "{n} of {all} runs was accepted in place of one that differs in {parts}.",
        "{n} of {all} runs were accepted in place of ones that differ in {parts}.",
        len(runs),
        **counts,
    )


def of_results(results: Sequence[Result], quick: bool = False) -> tuple[Notice, ...]:
    """Return the notices that belong beside a table or figure of several runs, each once."""
    records = [result.record for result in results if result.record is not None]
    notices = [quick_run()] if quick or any(record.data.quick for record in records) else []
    pairs = dict.fromkeys((r.data.requested, r.data.name) for r in records if r.data.stand_in)
    notices += [stand_in(*pair) for pair in pairs]
    on_test = [r for r in results if r.record is not None and r.record.data.validated_on_test]
    if on_test and len(on_test) == len(records):
        notices.append(on_test_set())
    elif on_test:
        titles = language.listed([language.quoted(result.row.title) for result in on_test])
        concerns = language.plural(
            "This concerns {n} of {all} rows: {titles}.",
            "This concerns {n} of {all} rows: {titles}.",
            len(on_test),
            n=len(on_test),
            all=len(records),
            titles=titles,
        )
        notices.append(on_test_set(concerns))
    return tuple(notices)


def of_cover(results: Sequence[Result], provenance: Provenance) -> tuple[Notice, ...]:
    """Return the notices of the cover: data, quick runs, failed runs."""
    notices = list(of_results(results, provenance.quick))
    known = {notice.text for notice in notices}
    for found in provenance.data:
        if found.stand_in:
            notice = stand_in(found.requested, found.name)
            if notice.text not in known:
                notices.append(notice)
                known.add(notice.text)
    notices += from_elsewhere(results)
    failed = [result for result in results if result.record is None and result.row.waits_for is None]
    partly = [result for result in results if result.record is not None and result.failure is not None]
    if partly:
        titles = language.listed([language.quoted(result.row.title) for result in partly])
        notices.append(
            Notice(
                language.text("Not every seed has a result."),
                language.text("Numbers are those of the other runs in: {titles}.", titles=titles),
            )
        )
    if failed:
        title = language.plural(
            "{n} of {all} experiment without a result.",
            "{n} of {all} experiments without a result.",
            len(results),
            n=len(failed),
            all=len(results),
        )
        notices.append(Notice(title, " ".join(_causes(failed))))
    waiting = sum(result.row.waits_for is not None for result in results)
    if waiting:
        notices.append(_waiting(waiting, len(results)))
    return tuple(notices)


def _causes(failed: Sequence[Result]) -> Iterator[str]:
    """Where the cause stands of rows without a result: on a page of their own, or with their stage."""
    of_stages = [result for result in failed if result.row.origin is not None and result.row.origin.stage]
    others = [result for result in failed if result not in of_stages]
    if others:
        titles = language.listed([language.quoted(result.row.title) for result in others])
        yield language.text("Each has its page with the cause: {titles}.", titles=titles)
    if of_stages:
        titles = language.listed([language.quoted(result.row.title) for result in of_stages])
        yield language.text("The cause stands with their stage: {titles}.", titles=titles)


def _waiting(waiting: int, every: int) -> Notice:
    """The notice that stages have yet to decide about rows."""
    title = language.plural(
        "{n} of {all} experiments waits.",
        "{n} of {all} experiments wait.",
        waiting,
        n=numbers.thousands(waiting),
        all=numbers.thousands(every),
    )
    return Notice(
        title, language.text("Their settings are those that a stage keeps, and that is not decided yet.")
    )


def footer(results: Sequence[Result], quick: bool = False) -> str:
    """Return the few words for the foot of every page that shows these runs."""
    records = [result.record for result in results if result.record is not None]
    quick = quick or any(record.data.quick for record in records)
    if any(record.data.stand_in for record in records):
        return language.text("Quick run, stand-in data") if quick else language.text("Stand-in data")
    return language.text("Quick run") if quick else ""
