"""Templates and notebooks, beside a checkout's package or inside a wheel's."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import EnvironmentFault
from reportgen.report.assets import FRAME, built_in, chapter_kinds


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


def test_a_template_is_a_kind_of_chapter_unless_it_is_of_the_frame(tmp_path: Path) -> None:
    filled = {"algorithm", "data", "complexity", "capacity", "experiments", "comparison", "prose"}
    assert filled <= set(chapter_kinds())
    sections = tmp_path / "reportgen" / "_assets" / "templates" / "sections"
    sections.mkdir(parents=True)
    for name in ("00_cover", "35_data", "51_experiment", "75_declaration"):
        (sections / f"{name}.html.j2").touch()
    assert chapter_kinds(tmp_path / "reportgen") == ("data", "declaration")


def test_what_stands_around_the_chapters_has_its_templates() -> None:
    names = {
        path.name[3:].removesuffix(".html.j2") for path in (built_in("templates") / "sections").iterdir()
    }
    assert names - set(chapter_kinds()) == FRAME
