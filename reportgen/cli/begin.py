"""Commands that begin a coursework and add to it."""

from __future__ import annotations

import typer

app = typer.Typer()
