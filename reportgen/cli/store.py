"""Commands about finished runs: those here, and those from elsewhere."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from reportgen.cli.terminal import (
    DEFAULT_FILE,
    DataDir,
    File,
    Json,
    StoreDir,
    answer,
    open_store,
    say,
    speak,
    workspace,
)
from reportgen.errors import CheckFailed

app = typer.Typer()
store_app = typer.Typer(help="Look after the finished runs.", no_args_is_help=True)
app.add_typer(store_app, name="store")


@store_app.command("ls")
def store_ls(file: File = DEFAULT_FILE, store: StoreDir = None, json_: Json = False) -> None:
    """List the finished runs."""
    from reportgen.show import store_lines, stored_run

    speak(json_)
    place = open_store(file, store)
    runs = [stored_run(header, place) for header in place.headers()]
    answer({"store": place.root, "runs": runs, "bytes": sum(run["bytes"] for run in runs)})
    for text in store_lines(runs, place.root):
        say(text)


@store_app.command("verify")
def store_verify(file: File = DEFAULT_FILE, store: StoreDir = None, json_: Json = False) -> None:
    """Read and check every finished run; damaged ones are set aside."""
    speak(json_)
    whole, damaged = open_store(file, store).verify()
    answer({"whole": whole, "damaged": damaged})
    say(f"{whole} runs are whole, {len(damaged)} damaged")
    if damaged:
        raise CheckFailed(
            f"damaged: {', '.join(key[:12] for key in damaged)}; the next build makes them again,"
            " and `reportgen merge` takes those of others anew"
        )


@store_app.command("gc")
def store_gc(
    file: File = DEFAULT_FILE,
    store: StoreDir = None,
    data_dir: DataDir = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go")] = False,
    json_: Json = False,
) -> None:
    """Remove runs that no row needs and that were not used for a day."""
    from reportgen.show import collect_garbage

    speak(json_)
    needed, gone = collect_garbage(workspace(file, None, store, data_dir, None), os.environ, say, dry_run)
    answer({"dry_run": dry_run, "needed": needed, "removed": gone})
    for run in gone:
        say(f"{'would remove' if dry_run else 'removed'} {run['key'][:12]}  {run['row']}")
    say(f"{needed} runs are needed by {file}")
