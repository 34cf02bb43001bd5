"""The command line: it parses, prints and exits; everything else is elsewhere."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

import typer

from reportgen.cli import begin, machine, making, store, together, watching
from reportgen.cli.terminal import complain
from reportgen.errors import EXIT_DONE, ReportgenError

app = typer.Typer(
    name="reportgen",
    help="From one file of experiments to a lab report that compares them.\n\n"
    "Begin with `reportgen build`, then `reportgen open`. Add a row to experiments.toml and build again: "
    "only the new row runs.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for part in (begin, making, watching, machine, together, store):
    app.add_typer(part.app)


def run() -> None:
    """Run the program and exit with the code of reportgen.errors."""
    from reportgen.execution.signals import Interrupted, ending_at_once

    try:
        with ending_at_once(_stopped):
            code = app(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else EXIT_DONE)
    except typer.Exit as end:
        sys.exit(end.exit_code)
    except Interrupted as end:
        _stopped()
        sys.exit(128 + end.signal)
    except ReportgenError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_DONE)
    except Exception as error:
        sys.exit(_usage_or_bug(error))


def _stopped() -> None:
    complain("stopped; finished runs are kept, build again to go on")


def _usage_or_bug(error: Exception) -> int:
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # click's usage errors
        complain(str(error.format_message()))
        return int(error.exit_code) or 2
    if type(error).__name__ == "Abort":
        return 130
    log = Path(".reportgen") / "crash.log"
    text = "".join(traceback.format_exception(error))
    try:
        log.parent.mkdir(exist_ok=True)
        log.write_text(text, encoding="utf-8")
        where = f"the details are in {log}"
    except OSError:
        where = text
    complain(f"this is a fault of reportgen, not yours: {type(error).__name__}: {error}\n{where}")
    return 1
