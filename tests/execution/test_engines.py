"""Engines: found by their names, all with one face; what a queue says of jobs."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.execution import engines, squeue
from reportgen.execution.engines import Engine, EngineModule, local, slurm


def test_every_module_of_the_folder_is_an_engine_under_its_name() -> None:
    files = {path.stem for path in Path(engines.__file__).parent.glob("*.py")} - {"__init__"}
    assert set(engines.names()) == files >= {"local", "slurm"}
    for name in engines.names():
        module = engines.engine_named(name)
        assert module.at_once(3) == 3
        assert module.at_once(0) >= 1
        made = inspect.signature(module.start, eval_str=True).return_annotation
        for method in ("submit", "drop", "stop", "close"):
            assert (
                inspect.signature(getattr(made, method)).parameters.keys()
                == inspect.signature(getattr(Engine, method)).parameters.keys()
            )
    modules: tuple[EngineModule, ...] = (local, slurm)  # which mypy checks
    assert [module.at_once(0) for module in modules] == [local.cores(), slurm.AT_ONCE]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("slrum", 'did you mean "slurm"?'), ("x", f"there are {', '.join(engines.names())}")],
)
def test_another_name_is_refused_with_the_nearest(name: str, remedy: str) -> None:
    with pytest.raises(InputError) as refused:
        engines.engine_named(name)
    (problem,) = refused.value.problems
    assert (problem.code, problem.remedy) == ("unknown-engine", remedy)
    assert "--engine: error[unknown-engine]" in str(refused.value)


def test_the_queue_tells_jobs_that_are_over_from_those_that_may_go_on() -> None:
    answer = "7_0|COMPLETED\n7_1|RUNNING\n7_2|COMPLETING\n7_3|OUT_OF_MEMORY\n8|REQUEUED\n9|CANCELLED\nslurm_load_jobs\n"
    wanted = ("7_0", "7_1", "7_2", "7_3", "8", "10")
    assert squeue.read(answer, wanted) == {"7_0": "COMPLETED", "7_3": "OUT_OF_MEMORY", "10": "UNKNOWN"}


def test_nothing_is_known_where_there_is_no_queue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert squeue.ended(["7"]) == {}
    (tmp_path / "squeue").write_text("#!/bin/sh\necho 'Unable to contact slurm controller' >&2\nexit 1\n")
    (tmp_path / "squeue").chmod(0o755)
    assert squeue.ended(["7"]) == {}
    (tmp_path / "squeue").write_text(
        "#!/bin/sh\necho 'slurm_load_jobs error: Invalid job id specified' >&2\nexit 1\n"
    )
    assert squeue.ended(["7"]) == {"7": "UNKNOWN"}
