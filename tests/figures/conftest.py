"""The report's letters for the figures' tests, where they are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.figures import fonts

FONTS = Path(__file__).parents[2] / "templates" / "fonts"


@pytest.fixture(scope="session", autouse=True)
def letters(tmp_path_factory: pytest.TempPathFactory) -> bool:
    """True where the report's own letters are installed for the session."""
    return fonts.install(FONTS, tmp_path_factory.mktemp("letters"))
