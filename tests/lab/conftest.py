"""A place of its own for each module that uses the lab as plain Jupyter does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder without a run's settings; it is the current one."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("alone")
        patch.chdir(folder)
        patch.setenv("HOME", str(folder))
        patch.delenv("REPORTGEN_RUN", raising=False)
        patch.delenv("REPORTGEN_DATA_DIR", raising=False)
        patch.setattr("reportgen.lab.session._session", None)
        yield folder
