"""Why no row of a file asks for a run of the store, and the row that would."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any

from reportgen.plan import Plan, PlannedRun
from reportgen.store.accepted import NEVER, never
from reportgen.store.key import changes
from reportgen.store.objects import Header

_MOST = 4
"""Settings that are named."""


def distance(run: PlannedRun, header: Header) -> tuple[int, bool, int]:
    """How unlike a stored run is one that rows ask for."""
    parts = run.spec.parts
    same_row = header.made.get("row") in [row.id for row in run.rows]
    return len(never(header, parts)), not same_row, len(changes(header.parts, parts))


def reason(plan: Plan, header: Header) -> tuple[str, str]:
    """Say why no row of a plan has a use for a stored run, and which command adds one that has.

    Parameters
    ----------
    plan : Plan
    header : Header
        Of a run that serves no row.

    Returns
    -------
    why : str
    command : str
        Such as ``reportgen add --like mlp-50 id=mlp-400 'hidden_units=[400]'``; empty where a row alone
        would not ask for it.
    """
    if not plan.runs:
        return "the file has no rows", ""
    near = min(plan.runs, key=lambda run: distance(run, header))
    theirs, ours = header.parts, near.spec.parts
    other = [name for name in NEVER if theirs.get(name) != ours.get(name)]
    if "schema" in other:
        return "no row asks for it: its record is of another version", ""
    if "data" in other:
        return f"no row asks for it: on other data{_data(theirs, ours)}", ""
    if "quick" in other:
        return f"no row asks for it: {'a quick run' if theirs.get('quick') else 'not a quick run'}", ""
    if other:
        found = _settings(theirs, ours)
        more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
        why = f'no row asks for it; nearest is "{near.spec.label}", with {", ".join(found[:_MOST])}{more}'
        return why, _command(plan, near, header) if other == ["parameters"] else ""
    if near.stored:
        return f"{near.spec.label} has its run", ""
    return f"made for another row than {near.spec.label}, with other code", ""


def _data(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> str:
    named = theirs.get("data")
    if not isinstance(named, Mapping) or not named:
        return ""
    same = named.keys() == ours["data"].keys()
    return f" under the name {', '.join(named)}" if same else f" ({', '.join(named)})"


def _settings(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> list[str]:
    """What the nearest row has in place of a run's own settings, one by one."""
    old, new = ({**parts["parameters"], "seed": parts["seed"]} for parts in (theirs, ours))
    found = []
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            found.append(f"no {name}")
        elif name not in old:
            found.append(f"{name} {_short(new[name])}, which it lacks")
        elif not _same(old[name], new[name]):
            found.append(f"{name} {_short(new[name])} in place of {_short(old[name])}")
    return found


def _same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _command(plan: Plan, near: PlannedRun, header: Header) -> str:
    """The command that adds a row for a run, where a row can say all in which it differs."""
    theirs, ours = header.parts["parameters"], near.spec.parts["parameters"]
    row, base = str(header.made.get("row", "")), near.rows[0]
    ids = {each.id for run in plan.runs for each in run.rows}
    words = []
    for name in sorted(theirs.keys() | ours.keys()):
        if theirs.keys() != ours.keys() or isinstance(theirs[name], Mapping) or theirs[name] is None:
            return ""
        if not _same(theirs[name], ours[name]):
            # JSON is TOML, but for tables and null.
            words.append(f"{name}={json.dumps(theirs[name], ensure_ascii=False)}")
    if not row or header.parts.get("code") != near.spec.code:
        return ""
    free = next(name for name in (row, *(f"{row}-{n}" for n in range(2, 99))) if name not in ids)
    seed = header.parts["seed"]
    words += [f"seed={seed}"] if seed != base.seeds[0] else []
    return " ".join(["reportgen", "add", "--like", base.id, *map(shlex.quote, [f"id={free}", *words])])
