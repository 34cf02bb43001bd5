"""Commands about finished runs: those here, and those from elsewhere."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from reportgen.cli.terminal import (
    DEFAULT_FILE,
    DataDir,
    File,
    StoreDir,
    open_store,
    say,
    workspace,
)
from reportgen.errors import CheckFailed

app = typer.Typer()
store_app = typer.Typer(help="Look after the finished runs.", no_args_is_help=True)
app.add_typer(store_app, name="store")


@store_app.command("ls")
def store_ls(file: File = DEFAULT_FILE, store: StoreDir = None) -> None:
    """List the finished runs."""
    from reportgen.show import store_lines

    for text in store_lines(open_store(file, store)):
        say(text)


@store_app.command("verify")
def store_verify(file: File = DEFAULT_FILE, store: StoreDir = None) -> None:
    """Read and check every finished run; damaged ones are set aside."""
    whole, damaged = open_store(file, store).verify()
    say(f"{whole} runs are whole, {len(damaged)} damaged")
    if damaged:
        raise CheckFailed(
            f"damaged: {', '.join(key[:12] for key in damaged)}; the next build makes them again"
        )


@store_app.command("gc")
def store_gc(
    file: File = DEFAULT_FILE,
    store: StoreDir = None,
    data_dir: DataDir = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go")] = False,
) -> None:
    """Remove runs that no row needs and that were not used for a day."""
    from reportgen.show import collect_garbage

    for text in collect_garbage(workspace(file, None, store, data_dir, None), os.environ, say, dry_run):
        say(text)
