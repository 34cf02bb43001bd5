"""Failed runs in words, and the end of their logs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from reportgen import language
from reportgen.analysis import lists, numbers
from reportgen.errors import printable
from reportgen.report.parts import Notice
from reportgen.results import Failure, Result

LOG_LINES = 40
"""Lines of a failed run's log that are printed: its end, where the cause stands."""

FAILURES: Mapping[str, str] = {
    "error": language.message("A cell of the notebook raised an error"),
    "no-result": language.message("The notebook ended without recording a result"),
    "bad-result": language.message("The notebook recorded a result that is not valid"),
    "timeout": language.message("The run took longer than its time limit"),
    "kernel-died": language.message("The kernel died"),
    "out-of-memory": language.message("The run needed more memory than there is"),
    "kernel-start": language.message("The kernel did not start"),
    "no-data": language.message("The data set was not available"),
    "no-start": language.message("The run that it starts from has failed"),
    "not-run": language.message("The run was not started"),
    "interrupted": language.message("The run was interrupted"),
}
"""By the kind of a failure, what happened; translated where it is printed."""

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_DRAWN = str.maketrans("─━│┃→❯█✖╭╮╰╯┌└├┤═", "--||>>#x+++++++|=")
"""Characters that notebooks draw with and no font of the report has."""


@dataclass(frozen=True)
class FailureView:
    """Why a run failed, in words, and the end of its log; message, log and remedy are the machine's."""

    cause: str
    message: str
    facts: tuple[str, ...]
    log: str
    remedy: str
    ran: bool = True


def failure_view(failure: Failure | None) -> FailureView:
    """Return a failure in words."""
    found = failure or Failure("not-run", language.text("there is no result for this row"))
    facts = []
    if found.cell is not None:
        facts.append(language.text("It was in code cell {number}.", number=found.cell))
    if found.seconds:
        facts.append(language.text("It lasted {time}.", time=numbers.duration(found.seconds)))
    return FailureView(
        cause=language.text(FAILURES[found.kind]) if found.kind in FAILURES else found.kind,
        message=clean_log(found.message, 10),
        facts=tuple(facts),
        log="" if _refused(found) else clean_log(found.details, LOG_LINES),
        remedy=clean_log(found.remedy, 10),
        ran=found.kind not in ("not-run", "interrupted", "no-data", "no-start"),
    )


def _refused(failure: Failure) -> bool:
    """Whether the lab itself said why it cannot run: where in its code it did so helps nobody."""
    return bool(failure.remedy) and "\nCannotRun: " in f"\n{failure.details}"


def clean_log(text: str, lines: int) -> str:
    """Return the last lines of a log without colours, drawn lines and control characters."""
    kept = _ANSI.sub("", text).replace("\r\n", "\n").translate(_DRAWN).strip("\n").split("\n")[-lines:]
    return "\n".join(printable(line.replace("\t", "    ").replace("\r", "")[:400]).rstrip() for line in kept)


def lost_seeds(result: Result) -> tuple[Notice, ...]:
    """Return a notice for the runs of a row that failed beside others that did not."""
    lost = [run for run in result.runs if run.failure is not None]
    if not lost or result.record is None:
        return ()
    causes = lists.clauses(
        language.text("seed {seed}: {cause}", seed=run.seed, cause=clean_log(run.failure.message, 1))
        for run in lost
        if run.failure is not None
    )
    title = language.plural(
        "{n} of {runs} runs without a result.",
        "{n} of {runs} runs without a result.",
        len(lost),
        n=len(lost),
        runs=len(result.runs),
    )
    text = language.text("The numbers are those of the others. {causes}.", causes=causes)
    return (Notice(title, text),)
