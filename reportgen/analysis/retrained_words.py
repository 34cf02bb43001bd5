"""What training the winner of a search anew shows: regression to the mean, in words."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen import language
from reportgen.analysis import lists, numbers
from reportgen.analysis import trial_words as words
from reportgen.analysis.dimensions import named
from reportgen.analysis.retrained import Retrained
from reportgen.analysis.selection import expected_maximum
from reportgen.analysis.trials import Searched


def retrained_words(found: Searched, rows: tuple[Retrained, ...], luck_of: int) -> Iterator[str]:
    """Yield what training the winner anew shows.

    Parameters
    ----------
    found : Searched
    rows : tuple of Retrained
    luck_of : int
        Different trials that the winner was chosen from.
    """
    if not found.finished:
        return
    if not rows and found.winner is not None:
        yield language.text(
            "No experiment of this report trains the winner anew: one with {setting} and repeats would. Until"
            " then the selected score is all there is.",
            setting=f'from = "best:{found.id}"',
        )
    for row in rows:
        yield from _row(found, row, luck_of)


def _row(found: Searched, row: Retrained, luck_of: int) -> Iterator[str]:
    title = language.quoted(row.title)
    if row.validation is None:
        yield language.text(
            "{title} has no result with a seed other than that of the search ({seeds}): its score is the"
            " selected one, and what the settings are worth with other seeds is not known.",
            title=title,
            seeds=_seeds(row.search_seeds),
        )
        return
    own = language.text(
        "The run with seed {seeds} is that of the search and does not count.", seeds=_seeds(row.search_seeds)
    )
    yield " ".join(part for part in (_compared(found, row), own if row.itself else "") if part)
    yield _regression(found, row)
    if row.changed:
        yield language.text(
            "{title} differs from the winner in {names} as well, so that the difference is not that of the"
            " seeds alone.",
            title=title,
            names=language.listed([named(name) for name in row.changed]),
        )
    sd = row.validation.sd
    if sd is not None and len(row.fresh) > 2 and luck_of > 1:
        yield language.text(
            "By the scatter of the fresh seeds (s.d. {sd}), the best of {n} equal networks would lie {luck}"
            " ahead of their mean.",
            sd=words.apart(found, sd),
            n=numbers.thousands(luck_of),
            luck=words.apart(found, expected_maximum(luck_of) * sd),
        )
    if row.other_images:
        yield language.text("Each fresh seed has validation images of its own.")


def _compared(found: Searched, row: Retrained) -> str:
    """The selected score beside the mean of the fresh seeds."""
    assert row.validation is not None
    facts = {
        "title": language.quoted(row.title),
        "score": words.measured(found, row.score),
        "mean": words.measured(found, row.validation.mean),
        "seeds": _seeds(row.fresh),
    }
    if row.validation.low is None or row.validation.high is None:
        return language.text(
            "{title}: {score} in the search, which selected it; {mean} with the one fresh seed, {seeds},"
            " which selected nothing.",
            **facts,
        )
    ends = [words.measured(found, end) for end in (row.validation.low, row.validation.high)]
    return language.text(
        "{title}: {score} in the search, which selected it; {mean} as the mean of {n} fresh seeds ({seeds}),"
        " which selected nothing, with a 95 % interval of {interval}.",
        n=numbers.thousands(len(row.fresh)),
        interval=lists.between(*ends),
        **facts,
    )


def _regression(found: Searched, row: Retrained) -> str:
    """The difference, and regression to the mean in words."""
    gap = row.short(found.by_loss) or 0.0
    if gap <= 0:
        return language.plural(
            "The fresh seed does not fall short of the selected score: there is no regression to the mean to"
            " be seen here. The figure to report is its own all the same.",
            "The fresh seeds do not fall short of the selected score: there is no regression to the mean to"
            " be seen here. The figure to report is theirs all the same.",
            len(row.fresh),
        )
    text = language.plural(
        "It falls short of it by {gap}. That it falls is to be expected: a score that was selected for being"
        " the best owes part of its lead to luck, and luck does not come again. How far it falls says little"
        " with one fresh seed, which has a luck of its own. The figure to report is that of the fresh seed.",
        "They fall short of it by {gap}. That is regression to the mean: a score that was selected for being"
        " the best owes part of its lead to luck, and luck does not come again. The figure to report is that"
        " of the fresh seeds.",
        len(row.fresh),
        gap=words.apart(found, gap),
    )
    held = row.validation
    if held is None or held.low is None or held.high is None or not held.low <= row.score <= held.high:
        return text
    return f"{text} {language.text('Their interval holds the selected score: the difference may be chance.')}"


def _seeds(seeds: tuple[int, ...]) -> str:
    """``2 to 5``; ``2 and 5``."""
    if len(seeds) > 2 and list(seeds) == list(range(seeds[0], seeds[0] + len(seeds))):
        return lists.between(str(seeds[0]), str(seeds[-1]))
    return language.listed([str(seed) for seed in seeds])
