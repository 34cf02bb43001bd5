"""Commands for working together: runs from elsewhere, and decisions to keep them."""

from __future__ import annotations

import typer

app = typer.Typer()
