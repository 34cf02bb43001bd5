"""Templates and notebooks, beside a checkout's package or inside a wheel's."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import EnvironmentFault
from reportgen.report.assets import built_in


def test_the_checkout_has_its_templates_whatever_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert (built_in("templates") / "report.html.j2").is_file()
    assert list(built_in("notebooks").glob("*.ipynb"))


def test_a_wheel_asks_its_own_folder_first(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "reportgen"
    (package / "_assets" / "templates").mkdir(parents=True)
    (tmp_path / "site-packages" / "templates").mkdir()
    assert built_in("templates", package) == package / "_assets" / "templates"


def test_an_installation_without_assets_says_so(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="install reportgen again"):
        built_in("templates", tmp_path / "reportgen")
