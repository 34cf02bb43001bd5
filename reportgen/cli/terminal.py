"""What the commands share: their options, the folders they work in, and how they speak."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from reportgen.cli.completing import row_and_stage_ids, row_ids
from reportgen.errors import printable

if TYPE_CHECKING:
    from reportgen.workspace import Workspace

File = Annotated[Path, typer.Argument(help="The experiments file.", show_default=True)]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for the report [default: output]")]
StoreDir = Annotated[Path | None, typer.Option("--store", help="Folder of finished runs, or REPORTGEN_STORE")]
DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Your folder of data sets, or REPORTGEN_DATA_DIR")
]
Templates = Annotated[Path | None, typer.Option("--templates", help="Your own templates")]
Quick = Annotated[
    bool,
    typer.Option("--quick", help="2,000 images, 2 epochs, one seed, into output/quick: a look, no result"),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="ROW",
        help="Run only this row, or this stage (may be repeated)",
        autocompletion=row_and_stage_ids,
    ),
]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", min=0, help="Runs at once; 0: one per core, or as the cluster gives")
]
Cold = Annotated[bool, typer.Option("--cold", help="Start a fresh kernel for every run")]
Data = Annotated[Literal["auto", "embedded"], typer.Option("--data", help="embedded: the stand-ins at once")]
StrictData = Annotated[bool, typer.Option("--strict-data", help="Fail rather than use an embedded stand-in")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 6 where the results contradict the prose")]
Engine = Annotated[str, typer.Option("--engine", help="What makes the runs: local, or slurm on a cluster")]
FailFast = Annotated[bool, typer.Option("--fail-fast", help="Stop at the first failed run")]
Open = Annotated[bool, typer.Option("--open", help="Show the report when it is done")]
Formats = Annotated[
    str, typer.Option("--format", help="Some of csv, md, tex, svg, png, json, with commas [default: all]")
]
Rows = Annotated[
    list[str] | None,
    typer.Option(
        "--row", metavar="ROW", help="Only the files of this row (may be repeated)", autocompletion=row_ids
    ),
]
Dpi = Annotated[int, typer.Option("--dpi", help="Dots per inch of the PNG files")]
Json = Annotated[
    bool, typer.Option("--json", help="One JSON document on standard output, words on standard error")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say errors and where the report is, no more")]
DEFAULT_FILE = Path("experiments.toml")


@dataclass
class _Manner:
    """How this run of the program speaks: the one state of the command line."""

    json: bool = False
    quiet: bool = False
    document: dict[str, Any] = field(default_factory=dict)


_manner = _Manner()


def speak(json: bool, quiet: bool = False) -> None:
    """Say from here on whether standard output belongs to one JSON document, and whether to say little."""
    _manner.json, _manner.quiet = json, quiet


def speaks_json() -> bool:
    """Whether standard output belongs to one JSON document."""
    return _manner.json


def answer(document: Mapping[str, Any]) -> None:
    """Keep what a command has to tell a machine; the one place that exits prints it.

    Parameters
    ----------
    document : mapping
        Goes into the one document beside ``command``, ``exit`` and ``problems``, also where
        the command fails later. Paths, dates and numbers of other libraries are made plain.
    """
    _manner.document.update(document)


def hand_over() -> dict[str, Any]:
    """Return what `answer` kept, and start afresh: a program may run more than one command."""
    document = _manner.document
    _manner.json, _manner.quiet, _manner.document = False, False, {}
    return document


def workspace(
    file: Path,
    out: Path | None,
    store: Path | None,
    data_dir: Path | None,
    templates: Path | None,
    quick: bool = False,
) -> Workspace:
    """Return the folders that the options and the environment name."""
    from reportgen.workspace import find_workspace

    return find_workspace(
        file, os.environ, out=out, store=store, data_dir=data_dir, templates=templates, quick=quick
    )


def at_once(jobs: int, engine: str = "local") -> int:
    """Return how many runs an engine makes at once, given what was asked for; 0 leaves it to the engine."""
    from reportgen.execution.engines import engine_named

    return engine_named(engine).at_once(jobs)


def open_store(file: Path, store: Path | None) -> Any:
    """Return the store of finished runs."""
    from reportgen.store.objects import Store

    return Store(workspace(file, None, store, None, None).store, lambda text: complain(f"warning: {text}"))


def progress() -> Any:
    """Return what shows how the runs get on: on a terminal live, else by lines."""
    from reportgen.progress import Lines

    plain = _manner.json or _manner.quiet or os.environ.get("CI") or os.environ.get("TERM") == "dumb"
    if plain or not sys.stdout.isatty():
        return Lines(say)
    from rich.console import Console

    from reportgen.live import Live

    return Live(Console())


class Steps:
    """The steps of a build, held back while they may turn out to lead to nothing.

    They are said once there is something to do, with a warning, or after a second at a terminal.
    """

    PATIENCE = 1.0
    _PLANNING = ("1 ", "2 ", "3 ", "   ")

    def __init__(self) -> None:
        self._held: list[str] | None = []
        self._lock = threading.RLock()
        self._timer: threading.Timer | None = None
        if sys.stdout.isatty():
            self._timer = threading.Timer(self.PATIENCE, self.say_all)
            self._timer.daemon = True
            self._timer.start()

    def __call__(self, text: str) -> None:
        """Say or hold a line."""
        with self._lock:
            if self._held is not None and text.startswith(self._PLANNING) and "warning" not in text:
                self._held.append(text)
            else:
                self.say_all()
                say(text)

    def say_all(self) -> None:
        """Say what was held back, and hold no longer."""
        with self._lock:
            held, self._held = self._held or [], None
            for text in held:
                say(text)

    def end(self) -> None:
        """Hold no longer, and forget what was not worth saying."""
        with self._lock:
            self._held = None
            if self._timer is not None:
                self._timer.cancel()


def say(text: str) -> None:
    """Print a line: on standard output, unless that belongs to a JSON document."""
    if not _manner.quiet:
        conclude(text)


def conclude(text: str) -> None:
    """Print a line that is said also where the user wants to hear little."""
    stream = sys.stderr if _manner.json else sys.stdout
    stream.write(printable(text) + "\n")  # one write: worker threads speak too
    stream.flush()


def columns() -> int:
    """Width of the terminal; 80 where there is none."""
    return shutil.get_terminal_size().columns


def complain(text: str) -> None:
    """Print a line on standard error."""
    sys.stderr.write(printable(text) + "\n")
    sys.stderr.flush()


def show_or_say(target: str) -> None:
    """Show a file or an address in the program for it, or say where it is and why it cannot be shown."""
    from reportgen.showing import shown

    reason = shown(target, os.environ, typer.launch)
    if reason:
        say(f"{target}  ({reason})")
