"""Sentences about runs that were made elsewhere, and about what the runs were made with."""

from __future__ import annotations

import re
from typing import Any

from tests.independent.phrases import Found, Fragment, N
from tests.independent.runs import Row, Run
from tests.independent.tally import MISSING, Expected, Num, Text
from tests.independent.world import World

SOFTWARE = {"Python": "python", "TensorFlow": "tensorflow", "Keras": "keras", "NumPy": "numpy"}
VALUE = "(\\S.*?)"


def origins(world: World) -> dict[str, dict[str, Any]]:
    """By key of a run with a record: its entry in results.json."""
    return {
        each["key"]: each
        for row in world.rows.values()
        for each in row.facts["runs"]
        if each["evaluation"] is not None
    }


def _runs(world: World) -> dict[str, Run]:
    return {run.key: run for row in world.done for run in row.runs}


def _merged(world: World, row: Row, match: re.Match[str]) -> Found:
    runs = origins(world).values()
    names = list(dict.fromkeys(str(run["owner"]) for run in runs if run["owner"]))
    listed = " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
    return [Num(sum(run["owner"] is not None for run in runs)), Num(len(runs)), Text(listed)]


def _accepted(world: World, row: Row, match: re.Match[str]) -> Found:
    runs = origins(world).values()
    return [Num(sum(run["accepted"] is not None for run in runs)), Num(len(runs))]


def _made_with(world: World, row: Row, match: re.Match[str]) -> Found:
    """The environment of the row's runs of that owner."""
    owner = match["owner"]
    entries = [each for each in row.facts["runs"] if each["owner"] == owner and each["evaluation"]]
    found = [run.facts["environment"] for run in row.runs if run.key in {each["key"] for each in entries}]
    return [Text(found[0]["python"]), Text(found[0]["tensorflow"]), Text(found[0]["cpu"])] if found else []


def _seeds(world: World, row: Row, match: re.Match[str]) -> Found:
    entries = [each for each in row.facts["runs"] if each["owner"] == match["owner"] and each["evaluation"]]
    return [Num(entries[0]["seed"])] if len(entries) == 1 else []


def _differs(world: World, row: Row, match: re.Match[str]) -> Found:
    said = [each["accepted"] for each in row.facts["runs"] if each["accepted"]]
    name = f"versions.{SOFTWARE.get(match['name'], '')} "
    values = (
        [text.removeprefix(name).split(" -> ") for text in said[0] if text.startswith(name)] if said else []
    )
    return [Text(value.strip('"')) for value in values[0]] if values else []


def counted(world: World, name: str) -> dict[str, int]:
    """How many runs have each value of a fact of their environments, in the order of the rows."""
    values = [str(run.facts["environment"].get(name)) for run in _runs(world).values()]
    return {value: values.count(value) for value in dict.fromkeys(values)}


def _two(world: World, name: str) -> Found:
    wanted: list[Expected] = []
    for value, count in counted(world, name).items():
        wanted += [Text(value), Num(count)]
    return wanted if len(wanted) == 4 else []


def _processors(world: World, row: Row, match: re.Match[str]) -> Found:
    return _two(world, "cpu")


def _software(world: World, row: Row, match: re.Match[str]) -> Found:
    return _two(world, SOFTWARE.get(match["name"], ""))


ENVIRONMENT = {
    **SOFTWARE, "scikit-image": "scikit-image", "oneDNN": "onednn", "Operating system": "system", "Machine": "machine",
    "Processor": "cpu", "Cores": "cores", "Runs at once": "jobs", "Threads per run": "threads",
    "Deterministic operations": "deterministic",
}  # fmt: skip


def environment_cells(world: World, table: dict[str, Any], columns: list[str]) -> list[list[Expected]]:
    """What the runs were made with, with how many runs have each value where they differ."""
    found: list[list[Expected]] = []
    for line in table["lines"]:
        name = line["cells"][0]["text"]
        values = counted(world, ENVIRONMENT[name])
        said = {"True": "yes", "False": "no"}
        each = [(said.get(value, value), count) for value, count in values.items()]
        several = "; ".join(f"{value} in {count} run{'s' if count > 1 else ''}" for value, count in each)
        found.append([Text(name), Text(each[0][0] if len(each) == 1 else several)])
    return found


def origins_cells(world: World, table: dict[str, Any], columns: list[str]) -> list[list[Expected]]:
    """Who made the runs: a line for each owner, difference and environment."""
    runs: dict[str, Run] = _runs(world)
    groups: dict[tuple[str, tuple[str, ...], str], list[str]] = {}
    for key, entry in origins(world).items():
        facts = runs[key].facts["environment"]
        made = f"Python {facts['python']} and TensorFlow {facts['tensorflow']} on {facts['cpu']}"
        own = (entry["owner"] or "", tuple(entry["accepted"] or ()), made)
        groups.setdefault(own, []).append(key)
    found: list[list[Expected]] = []
    for (owner, accepted, made), keys in sorted(groups.items(), key=lambda each: each[0][:2]):
        titles = [row.title for row in world.done if {run.key for run in row.runs} & set(keys)]
        named = [f"\u201c{title}\u201d" for title in titles]
        if len(named) > 6:
            named = [*named[:5], f"{len(titles) - 5} more"]
        listed = " and ".join([", ".join(named[:-1]), named[-1]]) if len(named) > 1 else named[0]
        differs = re.sub('.*?([a-z]+) "(.*)" -> "(.*)"', lambda m: f"{m[1].capitalize()} {m[2]} in place of {m[3]}",
                         " and ".join(accepted))  # fmt: skip
        found.append([Text(owner or "this project"), Num(len(keys)), Text(listed), Text(made),
                      Text(differs or MISSING)])  # fmt: skip
    return found


SAID: tuple[Fragment, ...] = (
    Fragment("front page", f"(?<!accepted\\. ){N} of {N} runs (?:was|were) merged from {VALUE}\\.", _merged),
    Fragment("front page", f"{N} of {N} runs (?:was|were) accepted in place", _accepted),
    Fragment("row-.*", "^Merged from (?P<owner>.*?)(?: and accepted)?\\. .*Made elsewhere, with Python (\\S+) and "
             f"TensorFlow (\\S+) on {VALUE}\\.", _made_with),
    Fragment("row-.*", f"^Merged from (?P<owner>.*?)(?: and accepted)?\\. This concerns seed {N}\\.", _seeds),
    Fragment("row-.*", "in this: (?P<name>\\w+) (\\S+) in place of (\\S+)\\.$", _differs),
    Fragment("front page", f"^Different processors\\. The runs were made on {VALUE} in {N} runs?; {VALUE} in {N} runs?;",
             _processors),
    Fragment("front page", f"made with (?P<name>\\w+) {VALUE} in {N} runs?; {VALUE} in {N} runs?;", _software),
)  # fmt: skip
"""Pieces of sentences with numbers, by place."""
