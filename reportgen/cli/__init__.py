"""The command line: it parses, prints and exits; everything else is elsewhere."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from reportgen.cli import begin, machine, making, store, submitting, terminal, together, watching
from reportgen.cli.fate import Fate, command_of, document, of
from reportgen.cli.terminal import complain, conclude, speak
from reportgen.errors import EXIT_DONE

app = typer.Typer(
    name="reportgen",
    help="From one file of experiments to a lab report that compares them.\n\n"
    "Begin with `reportgen init mylab`; in that folder, `reportgen build` and `reportgen open`. "
    "Add a row to experiments.toml and build again: "
    "only the new row runs.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _say_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        conclude(f"reportgen {version('reportgen')}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is"),
    ] = False,
) -> None:
    """Take the options of the program itself."""


for part in (begin, making, submitting, watching, machine, together, store):
    app.add_typer(part.app)


def run(words: Sequence[str] | None = None) -> None:
    """Run the program and exit with the code of reportgen.errors.

    Parameters
    ----------
    words : sequence of str, optional
        The arguments; those of the process where not given.
    """
    from reportgen.execution.signals import ending_at_once

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a pipe on Windows, say, knows few letters
            stream.reconfigure(errors="backslashreplace")
    given = sys.argv[1:] if words is None else list(words)
    terminal.hand_over()  # what a command before this one had to tell
    speak("--json" in (given[: given.index("--")] if "--" in given else given))
    program = typer.main.get_command(app)
    command = command_of(given, program)

    def farewell(number: int) -> None:
        with contextlib.suppress(RuntimeError):  # the signal came in the middle of a write
            _told(command, Fate.stopped(command, number))

    with ending_at_once(farewell):
        code = _told(command, _fate(program, words, command))
    sys.exit(code)


def _fate(program: Any, words: Sequence[str] | None, command: str) -> Fate:
    """Run a command to its end, whatever that is."""
    try:
        code = program(words, prog_name="reportgen", standalone_mode=False)
        return Fate(code if isinstance(code, int) else EXIT_DONE)
    except (Exception, SystemExit) as error:
        return of(error, command)


def _told(command: str, fate: Fate) -> int:
    """Say how a command ended, on standard error in words and, if asked, as the one JSON document."""
    if fate.words:
        complain(fate.words)
    if terminal.speaks_json():
        _print(document(command, fate, terminal.hand_over()))
    return fate.code


def _print(answer: dict[str, Any]) -> None:
    import json

    sys.stdout.write(json.dumps(answer, indent=2, allow_nan=False) + "\n")
    sys.stdout.flush()
