"""Where a build puts what it makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.workspace import find_workspace


def test_two_files_of_one_folder_do_not_write_over_each_other(tmp_path: Path) -> None:
    whole = {name: find_workspace(tmp_path / f"{name}.toml", {}) for name in ("experiments", "cnn", "mlp")}
    assert {name: work.out.relative_to(tmp_path).as_posix() for name, work in whole.items()} == {
        "experiments": "output",
        "cnn": "output/cnn",
        "mlp": "output/mlp",
    }
    assert len({work.store for work in whole.values()}) == 1, "but they share their runs"
    quick = find_workspace(tmp_path / "cnn.toml", {}, quick=True)
    assert quick.out == tmp_path / "output" / "cnn" / "quick"
    assert find_workspace(tmp_path / "cnn.toml", {}, out=tmp_path / "here").out == tmp_path / "here"


def test_a_file_whose_report_would_lie_among_those_of_another_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tables\.toml: error\[in-the-way\]: .* output/tables") as refused:
        find_workspace(tmp_path / "tables.toml", {})
    assert "--out" in str(refused.value)
    assert find_workspace(tmp_path / "tables.toml", {}, out=tmp_path / "mine").out == tmp_path / "mine"
