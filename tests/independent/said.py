"""Sentences of the program beside its remarks: at a glance, on sizes and costs, and about published figures."""

from __future__ import annotations

import re
from typing import Any

from tests.independent import (
    best_epochs,
    call_remarks,
    costs,
    elsewhere,
    formulas,
    judging,
    side_by_side,
    sizes,
)
from tests.independent.capacity_sentences import check_capacity
from tests.independent.figure_sentences import data_set
from tests.independent.phrases import PERCENT, Found, Fragment, N
from tests.independent.runs import Row, Run
from tests.independent.sentences import check_sentence
from tests.independent.sizes import SIGN
from tests.independent.tally import Expected, Num, Tally, Text
from tests.independent.world import World, known, percent

PLACE = "said"
UNITS = {"B": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9}
SLOTS = {"RMSprop": 1, "Adam": 2, "SGD": 0}
"""Values that an optimiser keeps for each trained parameter, with its settings as they are by default."""
CONVOLUTIONS = "Conv"


def check_said(tally: Tally, world: World, content: dict[str, Any]) -> None:
    """Compare the sentences, each where it stands."""
    layers = [t["id"].removeprefix("complexity-") for t in content["tables"]
              if t["id"].startswith("complexity-")]  # fmt: skip
    claims = {claim["sentence"] for claim in content["claims"]}
    statuses = [claim["status"] for claim in content["claims"]]
    for said in content["said"]:
        text, place = said["text"], said["in"].partition(":")[0] or "front page"
        number = int(said["in"].rpartition(":")[2]) if ":" in said["in"] else 0
        own = world.rows.get(place.removeprefix("row-"), world.done[0])
        row = world.rows[layers[number - 1]] if 0 < number <= len(layers) else own
        if text in claims:
            tally.hold(PLACE, "sentences of claims", text[:40], "")
        elif re.search("claims? of the authors", text):
            _claims(tally, text, statuses)
        elif "published" in text and not world.source:
            tally.skip(PLACE, place, "typed by the authors, and their file was not given")
        elif place == "section-capacity":
            check_capacity(tally, world, content, text)
        else:
            # Notices name rows without quotation marks.
            bare = text
            for each in world.rows.values() if "without a result" in text else ():
                bare = bare.replace(each.title, "\u2026")
            check_sentence(
                tally,
                world,
                row,
                PLACE,
                place,
                bare,
                (*SAID, *side_by_side.SAID, *elsewhere.SAID, *best_epochs.SAID, *call_remarks.SAID),
            )


def _claims(tally: Tally, text: str, statuses: list[str]) -> None:
    """How many claims there are of each outcome."""
    whole = re.search(f"(?:Of|each of the|The) {N}[ \u00a0]", text)
    tally.see(PLACE, "claims", "all", whole[1] if whole else "", Num(len(statuses)))
    for status in sorted(set(statuses)) if text.startswith("Of") else ():
        found = re.search(f"{N} {status}", text)
        tally.see(PLACE, "claims", status, found[1] if found else "", Num(statuses.count(status)))


def _largest(run: Run) -> tuple[int, sizes.Part]:
    return max(enumerate(sizes.parts(run)), key=lambda pair: (pair[1].total, -pair[0]))


def _held(world: World, row: Row, match: re.Match[str]) -> Found:
    """The layer with most parameters: its units, how many of all it holds, and how they are computed."""
    run = row.runs[0]
    _, part = _largest(run)
    whole = sizes.total(run)
    formula = SIGN.join(f"{size:,}".replace(",", "\u00a0") for size in part.kernel)
    return [Num(part.kernel[-1]), Num(part.total), Num(whole), percent(part.total / whole, 1), Text(formula),
            Num(part.weights), *([Num(part.biases)] if part.biases else [])]  # fmt: skip


def _linked(world: World, row: Row, match: re.Match[str]) -> Found:
    return [Num(_largest(row.runs[0])[1].kernel[0])]


def _maps(world: World, row: Row, match: re.Match[str]) -> Found:
    run = row.runs[0]
    place, part = _largest(run)
    before = [each for each in sizes.parts(run)[:place] if len(each.output) == 3]
    shape = SIGN.join(f"{size:,}".replace(",", "\u00a0") for size in before[-1].output)
    return [Num(part.kernel[0]), Text(shape)]


def _window(world: World, row: Row, match: re.Match[str]) -> Found:
    height, width, channels, _ = _largest(row.runs[0])[1].kernel
    return [Text(f"{height}{SIGN}{width}"), Num(channels)]


def _together(world: World, row: Row, match: re.Match[str]) -> Found:
    kind = CONVOLUTIONS if match["kind"].startswith("convolution") else "Dense"
    held = sum(part.total for part in sizes.parts(row.runs[0]) if part.kind.startswith(kind))
    return [Num(held), percent(held / sizes.total(row.runs[0]), 1)]


def _work(world: World, row: Row, match: re.Match[str]) -> Found:
    run = row.runs[0]
    whole = sizes.work(run) or 0
    if "convolutions" not in match[0]:
        return [Num(whole)]
    return [Num(whole), percent(sum(part.work for part in sizes.parts(run)
                                    if part.kind.startswith(CONVOLUTIONS)) / whole, 1)]  # fmt: skip


def _hog(world: World, row: Row, match: re.Match[str]) -> Found:
    return [Num(sizes.hog_length(row.runs[0])), Num(sizes.feature_work(row.runs[0]))]


def _bytes(size: float, unit: str) -> Num:
    """A size in the unit that is printed, which must be the one with one to three digits before the point."""
    right = 0.99995 * UNITS[unit] <= size < (999.95 * UNITS[unit] if unit != "B" else 1000)
    return Num(size / UNITS[unit] if right else None, 0 if unit == "B" else 1)


def _memory(world: World, row: Row, match: re.Match[str]) -> Found:
    layers, optimiser = sizes.parts(row.runs[0]), row.runs[0].facts["optimizer"]
    slots = SLOTS.get(str(optimiser["name"]), -1)
    slots += slots >= 0 and bool(optimiser.get("settings", {}).get("momentum"))
    if slots < 0:
        return []
    trained = sum(part.weights + part.biases for part in layers)
    amounts = (sizes.BYTES * sum(part.total for part in layers), sum(part.output_bytes for part in layers),
               slots * sizes.BYTES * trained)  # fmt: skip
    found: list[Expected] = []
    for amount, unit in zip(amounts, (match["u1"], match["u2"], match["u3"]), strict=True):
        found.append(_bytes(amount, unit) if unit else Text("nothing"))
    return found


def _alike(world: World, row: Row) -> list[Row]:
    """The rows that share a table of layers: the same features, layers and input."""

    def made(run: Run) -> str:
        features = run.facts["features"]
        return repr((features["kind"], sorted(features.get("settings", {}).items()), sizes.label(run),
                     sizes.label(run, True), sizes.total(run)))  # fmt: skip

    return [each for each in world.done if made(each.runs[0]) == made(row.runs[0])]


def _peak(world: World, row: Row, match: re.Match[str]) -> Found:
    peaks = [run.facts["peak_memory"] for each in _alike(world, row) for run in each.runs]
    peaks = [each for each in peaks if each]
    ends = (min(peaks), max(peaks)) if "between" in match[0] else (max(peaks),)
    units = (match["u0"] or match["u1"], match["u1"]) if len(ends) > 1 else (match["u1"],)
    return [_bytes(end, unit) for end, unit in zip(ends, units, strict=True)]


def _set(match: re.Match[str], world: World) -> list[Row]:
    return data_set(world, match["set"])


def _front(world: World, row: Row, match: re.Match[str]) -> Found:
    """How settled each front is: of the measures that a sentence names all must be alike."""
    rows = _set(match, world)
    names = {"seconds of training": "seconds"}
    measures = [names.get(each, each) for each in re.split(", | and ", match["by"])]
    found = {costs.doubt(rows, measure) for measure in measures}
    if len(found) != 1:
        return [Num(None)] * len(re.findall(N, match["rest"]))
    on, known_rows, open_rows, steps, clear = found.pop()
    off = known_rows - on
    # A number is printed where it is neither none, one nor all.
    beside = [Num(open_rows)] if 0 < open_rows < off else []
    beside += [Num(off)] if off > 1 else []
    along = [Num(steps)] if steps > 1 else []
    along += [Num(clear)] if 0 < clear < steps and steps > 1 else []
    words = "" if not off else "may be as accurate" if open_rows else "is less accurate"
    one = "" if steps != 1 else "The one step along it is a" if clear else "The one step along it is not a"
    right = words in match["rest"] and one in match["rest"]
    return [Num(on if right else None), Num(known_rows), *beside, *along]


def _separation(world: World, row: Row, match: re.Match[str]) -> Found:
    """The best row of a data set, and how many others may be first too."""
    rows = _set(match, world)
    first = [each for each in judging.best(rows) if each.title == match["title"]]
    rivals = sum(world.ranks[each.id][0] == 1 for each in rows) - 1
    items = Num(rows[0].runs[0].items("validation"))
    if "cannot be told" in match[0]:
        return [Num(rivals if rivals and first else None), items]
    return [items if not rivals and first else Num(None)]


def _experiments(world: World, row: Row, match: re.Match[str]) -> Found:
    done = len(world.done)
    return [Num(len(world.rows))] + ([Num(done)] if "ended" in match[0] else [])


def _lost(world: World, row: Row, match: re.Match[str]) -> Found:
    """Rows without a result: none of their runs left a record."""
    return [Num(len(world.rows) - len(world.done)), Num(len(world.rows))]


def _lost_runs(world: World, row: Row, match: re.Match[str]) -> Found:
    lost = [str(each["seed"]) for each in row.facts["runs"] if each["failure"]]
    return [Num(len(lost)), Num(row.wanted), Text(lost[0] if len(lost) == 1 else "one of several")]


def _items(world: World, row: Row, match: re.Match[str]) -> Found:
    theirs = world.source.get("published", {}).get("test_items")
    return [Num(theirs), Num(row.runs[0].items("test"))] if theirs else []


def _pairs(world: World) -> dict[str, tuple[float, int, float, int]]:
    """By title: ours and its items, theirs and their items.

    Test accuracies; where nobody published one, the highest validation accuracies of any epoch.
    """
    tested = any("test_accuracy" in world.published(name) for name in world.rows)
    name, part = ("test_accuracy", "test") if tested else (best_epochs.ACCURACY, "validation")
    items = world.source.get("published", {}).get(f"{part}_items")
    found = {}
    for each in world.done:
        theirs = world.published(each.id).get(name)
        if theirs is not None and items:
            ours = known(each, name).mean if tested else best_epochs.mean(each, name)
            found[each.title] = (ours, each.runs[0].items(part), theirs, items)
    return found


def _gaps(world: World) -> dict[str, tuple[float, float, float]]:
    """By title: ours less the published accuracy, with Newcombe's interval for independent samples."""
    return {
        title: (ours - theirs, *formulas.newcombe(ours * own, own, theirs * items, items))
        for title, (ours, own, theirs, items) in _pairs(world).items()
    }


def _published(world: World, row: Row, match: re.Match[str]) -> Found:
    gaps = _gaps(world)
    return [Num(len(_told_apart(world))), Num(len(gaps)), Num(len(gaps)), Num(0.005, None)]


def _told_apart(world: World) -> set[str]:
    """Titles of the rows whose published accuracy is told from ours: after Holm, at the limit of single runs."""
    pairs = _pairs(world)
    chances = [
        formulas.two_proportions(ours * own, own, theirs * items, items)
        for ours, own, theirs, items in pairs.values()
    ]
    adjusted = formulas.holm(chances)
    return {title for title, p in zip(pairs, adjusted, strict=True) if p < 0.005}


def _differ(world: World, row: Row, match: re.Match[str]) -> Found:
    return [Num(len(_told_apart(world)))]


def _more_exclude(world: World, row: Row, match: re.Match[str]) -> Found:
    told = _told_apart(world)
    return [Num(95), Num(sum(not low <= 0 <= high and title not in told
                             for title, (_, low, high) in _gaps(world).items()))]  # fmt: skip


def _one_differs(world: World, row: Row, match: re.Match[str]) -> Found:
    gap = _gaps(world).get(match["title"])
    if gap is None:
        return []
    way = "higher" if gap[0] > 0 else "lower"
    return [
        Text(way),
        percent(abs(gap[0])),
        Num(95),
        percent(gap[1], signed=True),
        percent(gap[2], signed=True),
    ]


def _without(world: World, row: Row, match: re.Match[str]) -> Found:
    none = sum("test_accuracy" not in world.published(name) for name in world.rows)
    return [Num(none), Num(len(world.rows))] if world.source else []


def _several(world: World, row: Row, match: re.Match[str]) -> Found:
    given = [each for each in world.done if "test_accuracy" in world.published(each.id)]
    counts = {len(each.runs) for each in given if len(each.runs) > 1}
    return [Num(sum(len(each.runs) > 1 for each in given)), Num(counts.pop() if len(counts) == 1 else None)]


def _share(world: World, row: Row, match: re.Match[str]) -> Found:
    kept, held = row.runs[0].data["n_train"], row.runs[0].items("validation")
    return [percent(held / (kept + held), 0)]


def _which(world: World, row: Row, match: re.Match[str]) -> Found:
    """The largest convolution's place among the convolutions."""
    place, layers = _largest(row.runs[0])[0], sizes.parts(row.runs[0])
    return [Num(sum(part.kind.startswith(CONVOLUTIONS) for part in layers[: place + 1]))]


def _split(world: World, row: Row, match: re.Match[str]) -> Found:
    """Training items of a run, and those there were before some were held out."""
    run = row.runs[0]
    kept, held = run.data["n_train"], run.items("validation")
    return [Num(kept), Num(kept + held)]


def _seeds(world: World, row: Row, match: re.Match[str]) -> Found:
    given = [each for each in world.done if "test_accuracy" in world.published(each.id)]
    seeds = [int(run.facts["seed"]) for each in given for run in each.runs]
    if not seeds:
        return []
    return [Num(min(seeds)), Num(max(seeds))]


def _limit(world: World, row: Row, match: re.Match[str]) -> Found:
    """Where p counts: at the level itself over seeds, ten times as strictly for single runs."""
    strict = "One training of each" in match.string or "as independent figures" in match.string
    return [Num(0.05 / (formulas.STRICTER if strict else 1), None)]


def _strict_level(world: World, row: Row, match: re.Match[str]) -> Found:
    return [Num(100 - 5 / formulas.STRICTER, None)]


def _excludes(world: World, row: Row, match: re.Match[str]) -> Found:
    return [Num(0)]


def _networks(world: World, row: Row, match: re.Match[str]) -> Found:
    """Distinct networks of all rows, those with a table of layers, and the others."""
    every = {repr((sizes.listed(each.runs[0]), each.runs[0].facts["features"])) for each in world.done}
    return [Num(len(every)), Num(20), Num(len(every) - 20)]


_UNIT = "(?P<u{}>B|kB|MB|GB)"
SAID: tuple[Fragment, ...] = (
    Fragment("section-complexity", f"The {N} (?:units|filters) of .*? holds? {N} of the {N} parameters \\({PERCENT}\\), "
             f"because [^:]*: ([\\d\u00a0]+(?: \u00d7 [\\d\u00a0]+)+) = {N} weights(?: and {N} biases)?", _held),
    Fragment("section-complexity", f"Of {N} networks, {N} are counted layer by layer: .* The other {N} have a line each",
             _networks),
    Fragment("section-complexity", f"filters of convolution {N} hold", _which),
    Fragment("section-complexity", f"linked to all {N} (?:inputs|HOG values|units)", _linked),
    Fragment("section-complexity", f"linked to all {N} values \\(([\\d\u00a0 \u00d7]+)\\) that", _maps),
    Fragment("section-complexity", f"every place of a ([\\d\u00a0 \u00d7]+?) window in all {N} channels", _window),
    Fragment("section-complexity", "The (?:\\w+ )?(?P<kind>convolutions?|dense layers?) (?:together )?holds? "
             f"{N} \\({PERCENT}\\)", _together),
    Fragment("section-complexity", f"One prediction takes {N} multiply-adds(?:, {PERCENT} of them in the convolutions)?",
             _work),
    Fragment("section-complexity", f"Computing the {N} HOG values takes {N} of them", _hog),
    Fragment("section-complexity", f"In float(?P<float>32) its parameters take {N} {_UNIT.format(1)} and the outputs of "
             f"its layers {N} {_UNIT.format(2)} for one item; while it trains, \\w+ keeps ({N[1:-1]}|nothing)"
             f"(?: {_UNIT.format(3)})? beside", _memory),
    Fragment("section-complexity", f"runs grew to (?:between {N} (?:{_UNIT.format(0)} )?and )?{N} {_UNIT.format(1)}",
             _peak),
    Fragment("section-complexity", f"(?P<set>\\w[^.,:]*?), by (?P<by>[\\w, -]+): {N} of {N} experiments? (?:is|are) on the front\\."
             f"(?P<rest>(?: By the [a-z -]*, (?:{N} of |each of )?the other(?: {N})? (?:may|is) [^.]*\\.)?"
             f"(?: Of the {N} steps along it,(?: {N}| none| each) [^.]*\\.| The one step [^.]*\\.)?)$", _front),
    Fragment("front page", "(?P<set>\\w[^.,:]*?): \u201c(?P<title>[^\u201d]+)\u201d has the highest validation accuracy, but "
             f"{N} other rows? cannot be told from first place \\({N} validation images", _separation),
    Fragment("front page", "(?P<set>\\w[^.,:]*?): \u201c(?P<title>[^\u201d]+)\u201d has the highest validation accuracy, and "
             f"every other row can be told to lie below it \\({N} validation images", _separation),
    Fragment("front page", f"^{N} experiments, all with a result", _experiments),
    Fragment("front page", f"^Of {N} experiments, {N} ended with a result", _experiments),
    Fragment("front page", f"^{N} of {N} experiments without a result", _lost),
    Fragment("row-.*", f"^{N} of {N} runs without a result\\..*? seed (\\d+):", _lost_runs),
    Fragment("section-.*", f"tested on {N} items, ours on {N}", _items),
    Fragment("section-.*", f"^{N} of {N} published accuracies can be told from ours: .* correction for the {N} comparisons, is "
             f"below {N}, the limit", _published),
    Fragment("section-.*", f"The {N} % intervals? of {N} more leaves? out zero", _more_exclude),
    Fragment("section-.*", f"^{N} differs?: ", _differ),
    Fragment("section-.*", f"\u201c(?P<title>[^\u201d]+)\u201d, ours (higher|lower) by {N} points \\({N} % interval {N} to {N}; p ",
             _one_differs),
    Fragment("section-.*", f"For {N} of the {N} experiments no published accuracy", _without),
    Fragment("section-.*", f"; {N} of ours (?:are means|is a mean) of {N} runs", _several),
    Fragment("section-.*", f"ours on a {PERCENT} split", _share),
    Fragment("section-.*", f"ours were trained on {N} of {N} training images", _split),
    Fragment("section-.*", f"ours: seeds {N} to {N}", _seeds),
    Fragment("section-.*", f"is below {N}\\.", _limit),
    Fragment("section-.*", f"where the {N} % interval of every pair of runs", _strict_level),
    Fragment("section-.*", f"excludes {N} on the same side", _excludes),
)  # fmt: skip
"""Pieces of sentences with numbers, by place."""
