"""Commands that follow a coursework while it is written."""

from __future__ import annotations

import typer

app = typer.Typer()
