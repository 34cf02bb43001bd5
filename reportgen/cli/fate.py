"""How a command ended: its exit code, the words for it, and its part of the JSON document."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.cli.usage import explained
from reportgen.errors import EXIT_DONE, Problem, ReportgenError, printable

RESUMED = ("build", "watch")
"""Commands that make runs: what they finished is kept, and they go on where they were."""

REPAIR = "`python -m reportgen.doctor` says what is missing, and the line that mends it"
"""It needs no package that could be missing."""


@dataclass(frozen=True)
class Fate:
    """How a command ended.

    Parameters
    ----------
    code : int
        Exit code, see `reportgen.errors`.
    words : str
        For standard error; empty where all is said.
    problems : tuple of Problem
        What is wrong in a file or with an option.
    message, remedy : str
        What happened and what to do, where no file and no option is to blame.
    """

    code: int
    words: str = ""
    problems: tuple[Problem, ...] = ()
    message: str = ""
    remedy: str = ""

    @classmethod
    def plain(cls, code: int, message: str, remedy: str = "") -> Fate:
        """An end that one sentence tells."""
        hint = "".join(f"\n  {line}" for line in remedy.splitlines())
        return cls(code, f"error: {message}{hint}", (), message, remedy)

    @classmethod
    def stopped(cls, command: str, number: int) -> Fate:
        """The end that a signal brought."""
        kept = "; finished runs are kept, build again to go on" if command in RESUMED else ""
        text = f"stopped{kept}"
        return cls(128 + number, text, (), text)


def of(error: BaseException, command: str) -> Fate:
    """Return the end that an exception means."""
    from reportgen.execution.signals import Interrupted

    if isinstance(error, SystemExit):
        return Fate(error.code if isinstance(error.code, int) else int(error.code is not None))
    if isinstance(error, Interrupted):
        return Fate.stopped(command, error.signal)
    if isinstance(error, ReportgenError):
        problems = getattr(error, "problems", ())
        if problems:
            return Fate(error.exit_code, str(error), tuple(problems))
        message, _, remedy = str(error).partition("\n")
        return Fate.plain(error.exit_code, message, remedy)
    if isinstance(error, ModuleNotFoundError) and not (error.name or "reportgen").startswith("reportgen"):
        package = str(error.name).partition(".")[0]
        return Fate.plain(5, f"{package} cannot be imported: {error}", REPAIR)
    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: end in silence
        return Fate(EXIT_DONE)
    if type(error).__name__ == "NoArgsIsHelpError":
        return Fate(2)  # the parser has shown the help
    usage = explained(error, command)
    if usage is not None:
        return Fate(2, str(usage), (usage,))
    return Fate.stopped(command, 2) if type(error).__name__ == "Abort" else _fault(error)


def _fault(error: BaseException) -> Fate:
    """Our own mistake: a short message, the rest in a file."""
    log = Path(".reportgen") / "crash.log"
    text = "".join(traceback.format_exception(error))
    try:
        log.parent.mkdir(exist_ok=True)
        log.write_text(text, encoding="utf-8")
        where = f"the details are in {log}"
    except OSError:
        where = text
    said = f"{type(error).__name__}: {error}{_place(error)}"
    return Fate.plain(1, f"this is a fault of reportgen, not yours: {said}", where)


def _place(error: BaseException) -> str:
    """The last line of reportgen, or of a file below this folder, that an error came through."""
    package, here, found = Path(__file__).parents[1], Path.cwd(), ""
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(package):
            found = f", in {path.relative_to(package.parent)}:{frame.lineno}"
        elif path.is_relative_to(here) and "site-packages" not in path.parts:
            found = f", in {path.relative_to(here)}:{frame.lineno}"
    return found


def document(command: str, fate: Fate, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the one JSON document of a command.

    Parameters
    ----------
    command : str
        Such as ``build`` or ``store ls``.
    fate : Fate
    answer : mapping
        What the command itself has to tell.
    """
    from reportgen.cli.documents import problems

    said = {"message": fate.message, "remedy": fate.remedy} if fate.message else {}
    head = {"command": command, "exit": fate.code, "problems": problems(fate.problems)}
    plain: dict[str, Any] = _plain({**head, **said, **{k: v for k, v in answer.items() if k not in head}})
    return plain


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it; what is no number (NaN, infinity) is null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return value if value - value == 0 else None
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)


def command_of(words: Sequence[str], program: Any) -> str:
    """Return the command that the arguments name, such as ``build`` or ``store ls``; empty for none."""
    names: list[str] = []
    for word in words:
        commands = getattr(program, "commands", {})
        if word not in commands:
            break
        program = commands[word]
        names.append(word)
    return printable(" ".join(names))
