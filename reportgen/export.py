"""The command `export`: the tables and figures of a report as files, from the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from reportgen import build, outputs
from reportgen.asked import check_rows
from reportgen.collecting import collect
from reportgen.errors import InputError, Problem
from reportgen.results import Failure
from reportgen.workspace import Workspace

if TYPE_CHECKING:
    from reportgen.report.render import Exported

LEAST_DPI, MOST_DPI = 30, 1200


def wanted(formats: str, rows: Sequence[str], dpi: int) -> outputs.Wanted:
    """Return what the options ask for.

    Parameters
    ----------
    formats : str
        Names with commas between; all where empty.
    rows : sequence of str
    dpi : int

    Raises
    ------
    InputError
        An unknown format, or dots per inch that make no picture.
    """
    from reportgen.report.exports import FORMATS

    named = [name.strip().lower() for name in formats.split(",") if name.strip()]
    choice = f"choose of {', '.join(FORMATS)}"
    problems = [
        Problem("--format", 0, "unknown-format", f'there is no format "{name}"', choice)
        for name in dict.fromkeys(named)
        if name not in FORMATS
    ]  # fmt: skip
    if not LEAST_DPI <= dpi <= MOST_DPI:
        remedy = f"give a number from {LEAST_DPI} to {MOST_DPI}; 200 is enough for slides"
        problems.append(Problem("--dpi", 0, "bad-dpi", f"{dpi} dots per inch make no useful picture", remedy))
    if problems:
        raise InputError(problems)
    return outputs.Wanted(tuple(dict.fromkeys(named)) or FORMATS, tuple(dict.fromkeys(rows)), dpi)


def export(
    work: Workspace,
    options: build.Options,
    asked: outputs.Wanted,
    env: Mapping[str, str],
    say: Callable[[str], None],
) -> tuple[Exported, Mapping[str, Failure]]:
    """Write the files and say how many; return these, and the runs that they lack.

    Raises
    ------
    InputError, EnvironmentFault, StorageError, RenderError
        See `reportgen.errors`.
    """
    prepared = build.prepare(work, options, env, say)
    check_rows(work, prepared.experiments, asked.rows, "--row")
    results = collect(prepared, {}, ())
    say("4  writing tables and figures")
    made, missing = outputs.export(work, options, prepared, results, env, asked)
    for warning in made.warnings:
        say(f"   warning: {warning}")
    counts = {end: sum(name.endswith(f".{end}") for name in made.files) for end in asked.formats}
    listed = ", ".join(f"{count} {end}" for end, count in counts.items() if count)
    say(f"{work.out}: {len(made.files)} files" + (f" ({listed})" if listed else ""))
    return made, missing
