"""The plan: what reruns a row, what must not, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen.build import read
from reportgen.datasets.dataset import Found
from reportgen.errors import InputError
from reportgen.experiments.load import load
from reportgen.experiments.resolved import Experiments
from reportgen.foreseen import Foreseen
from reportgen.notebooks import Notebook, discover
from reportgen.plan import QUICK, Machine, Plan, make_plan, this_machine
from reportgen.planning import plan_lines
from reportgen.recordfile import MODEL_FILE
from reportgen.store.objects import Store
from reportgen.workspace import find_workspace
from tests.projects import notebook, project

MACHINE = Machine({"python": "3.11", "keras": "3.15.1"}, "x86_64", True, {"cpu": "one", "jobs": 2})
DATA = {"digits": Found("digits", "digits", "embedded", "ab" * 32, Path("/nowhere"))}
ROWS = {"a": "fine units=50", "b": "fine units=60", "c": "fine units=50"}


class Bench:
    """A coursework, a store, and plans of it."""

    def __init__(self, folder: Path) -> None:
        self.file = project(folder, ROWS)
        self.store = Store(folder / "store", pytest.fail)

    def read(self) -> tuple[Experiments, Mapping[str, Notebook]]:
        notebooks = discover(self.file.parent / "notebooks")
        return load(self.file, notebooks, ("digits", "mnist")), notebooks

    def plan(self, machine: Machine = MACHINE, data: Mapping[str, Found] = DATA, quick: bool = False) -> Plan:
        experiments, notebooks = self.read()
        return make_plan(experiments, notebooks, data, machine, self.store, Path("/features"), quick=quick)

    def keep(self, plan: Plan, seconds: float = 30.0, models: bool = True) -> None:
        for run in plan.to_do:
            made = {"row": run.spec.row, "seconds": seconds, "epochs": run.spec.parameters["epochs"]}
            model = {MODEL_FILE: b"weights"} if run.spec.keep_model and models else {}
            self.store.put(run.spec.key, run.spec.parts, made, {"log.txt": b"", **model})

    def edit(self, old: str, new: str) -> None:
        text = self.file.read_text(encoding="utf-8")
        assert old in text
        self.file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A coursework whose runs are all in the store."""
    made = Bench(tmp_path)
    made.keep(made.plan())
    return made


def rows_to_run(plan: Plan) -> list[str]:
    """Ids of the rows that would run."""
    return [row.id for run in plan.to_do for row in run.rows]


def test_identical_rows_share_one_run(bench: Bench) -> None:
    assert [[row.id for row in run.rows] for run in bench.plan().runs] == [["a", "c"], ["b"]]


def test_nothing_is_run_twice(bench: Bench) -> None:
    assert rows_to_run(bench.plan()) == []


def _title(bench: Bench) -> None:
    bench.edit('title = "Row b"', 'title = "Another title"')


def _comment(bench: Bench) -> None:
    bench.edit('title = "Row b"\n', 'title = "Row b"\ncomment = "See *this*."\n# a remark\n')


def _identifier(bench: Bench) -> None:
    bench.edit('id = "b"', 'id = "renamed"')


def _default_written_out(bench: Bench) -> None:
    bench.edit("units=60", "units=60, epochs=3")


def _reformat(bench: Bench) -> None:
    path = bench.file.parent / "notebooks" / "fine.ipynb"
    path.write_text(
        path.read_text().replace("made = record(", "# a remark\\nmade   =   record("), encoding="utf-8"
    )


def _outputs(bench: Bench) -> None:
    path = bench.file.parent / "notebooks" / "fine.ipynb"
    path.write_text(
        path.read_text().replace('"execution_count": null', '"execution_count": 7'), encoding="utf-8"
    )


def _time_limit(bench: Bench) -> None:
    bench.edit('time_limit = "60s"', 'time_limit = "2h"')


@pytest.mark.parametrize(
    "change", [_title, _comment, _identifier, _default_written_out, _reformat, _outputs, _time_limit]
)
def test_what_cannot_change_a_number_runs_nothing(bench: Bench, change: Callable[[Bench], None]) -> None:
    change(bench)
    assert rows_to_run(bench.plan()) == []


def test_a_changed_parameter_runs_its_row_and_says_what_changed(bench: Bench) -> None:
    bench.edit("units=60", "units=61")
    (run,) = bench.plan().to_do
    assert run.rows[0].id == "b"
    assert run.reason == "changed: parameters.units 60 -> 61"
    assert run.spec.given == {"units": 61, "seed": 42}


def test_a_new_row_runs_alone(bench: Bench) -> None:
    with bench.file.open("a", encoding="utf-8") as file:
        file.write('[[experiment]]\nid = "d"\nsection = "only"\ntitle = "New"\nnotebook = "fine"\nseed = 7\n')
    (run,) = bench.plan().to_do
    assert (run.rows[0].id, run.reason) == ("d", "new")


def test_changed_code_runs_every_row_of_the_notebook(bench: Bench) -> None:
    (bench.file.parent / "notebooks" / "fine.ipynb").write_text(notebook("x = 2"), encoding="utf-8")
    assert rows_to_run(bench.plan()) == ["a", "c", "b"]
    assert "code" in bench.plan().to_do[0].reason


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("versions", {"python": "3.12", "keras": "3.15.1"}),
        ("versions", {"python": "3.11", "keras": "3.16.0"}),
        ("machine", "arm64"),
        ("onednn", False),
    ],
)
def test_another_environment_runs_everything(bench: Bench, name: str, value: Any) -> None:
    assert len(bench.plan(replace(MACHINE, **{name: value})).to_do) == 2


def test_another_cpu_or_more_jobs_run_nothing(bench: Bench) -> None:
    assert rows_to_run(bench.plan(replace(MACHINE, facts={"cpu": "other", "jobs": 9}))) == []


def test_other_data_run_everything_but_another_folder_does_not(bench: Bench) -> None:
    found = DATA["digits"]
    assert (
        rows_to_run(bench.plan(data={"digits": replace(found, folder=Path("/else"), source="folder")})) == []
    )
    assert len(bench.plan(data={"digits": replace(found, digest="cd" * 32)}).to_do) == 2


def test_the_seed_and_the_threads_count(bench: Bench) -> None:
    bench.edit("[execution]\n", "[execution]\nseed = 43\n")
    assert len(bench.plan().to_do) == 2
    bench.edit("seed = 43\n", "threads_per_run = 2\n")
    assert len(bench.plan().to_do) == 2


def test_a_quick_build_has_keys_of_its_own(bench: Bench) -> None:
    plan = bench.plan(quick=True)
    assert len(plan.to_do) == 2
    assert {run.spec.parameters["epochs"] for run in plan.runs} == {2}
    assert plan.runs[0].spec.quick == QUICK
    assert all(run.reason == "new" for run in plan.to_do)
    bench.keep(plan)
    assert rows_to_run(bench.plan()) == rows_to_run(bench.plan(quick=True)) == []


def test_the_estimate_comes_from_the_run_most_alike(bench: Bench) -> None:
    bench.edit("units=60", "units=60, epochs=6")
    (run,) = bench.plan().to_do
    assert run.spec.estimate == pytest.approx(3 + 27 * 2), "twice the epochs of 30 s, the start but once"


def test_a_draft_that_no_row_names_stops_nobody(bench: Bench) -> None:
    draft = bench.file.parent / "notebooks" / "Untitled.ipynb"
    draft.write_text("{}", encoding="utf-8")
    work = find_workspace(bench.file, {})
    assert len(read(work)[0].rows) == 3
    bench.edit('notebook = "fine"', 'notebook = "Untitled"')
    with pytest.raises(InputError, match=r"Untitled\.ipynb") as error:
        read(work)
    assert "unknown-notebook" not in str(error.value)


def test_repeats_are_runs_of_their_own(bench: Bench) -> None:
    bench.edit('id = "b"', 'id = "b"\nrepeats = 3')
    plan = bench.plan()
    own = [run for run in plan.runs if run.rows[0].id == "b"]
    assert [run.spec.given["seed"] for run in own] == [42, 43, 44]
    assert [run.stored for run in own] == [True, False, False], "the first seed's run serves on"
    assert [run.spec.label for run in own] == ["b seed 42", "b seed 43", "b seed 44"]
    assert [run.reason for run in own[1:]] == ["new: seed 43", "new: seed 44"]
    assert len({run.spec.key for run in own}) == 3
    assert [run.spec.label for run in plan.runs if run.rows[0].id == "a"] == ["a"]
    bench.keep(plan)
    bench.edit("repeats = 3", "repeats = 4")
    assert [run.spec.label for run in bench.plan().to_do] == ["b seed 45"]
    bench.edit("repeats = 4", "repeats = 2")
    assert bench.plan().to_do == ()


def test_repeats_come_from_the_row_else_its_section_else_all(bench: Bench) -> None:
    bench.edit("[execution]", "[execution]\nrepeats = 2")
    bench.edit('id = "b"', 'id = "b"\nrepeats = 1')
    assert [row.seeds for row in bench.read()[0].rows] == [(42, 43), (42,), (42, 43)]
    bench.edit('title = "The only chapter"', 'title = "The only chapter"\nrepeats = 3')
    assert [row.repeats for row in bench.read()[0].rows] == [3, 1, 3]


def test_a_row_with_another_seed_shares_the_repeat_of_its_twin(bench: Bench) -> None:
    bench.edit('id = "a"', 'id = "a"\nrepeats = 2')
    bench.edit('id = "c"', 'id = "c"\nseed = 43')
    runs = {run.spec.given["seed"]: [row.id for row in run.rows] for run in bench.plan().runs[:2]}
    assert runs == {42: ["a"], 43: ["a", "c"]}


def test_a_quick_build_repeats_nothing(bench: Bench) -> None:
    bench.edit("[execution]", "[execution]\nrepeats = 5")
    quick = bench.plan(quick=True)
    assert len(quick.runs) == 2
    assert "new, one of its 5 seeds: quick (" in next(plan_lines(quick, 1, 9.0, 9.0))
    assert not any("quick" in line for line in plan_lines(bench.plan(), 1, 9.0, 9.0))


def test_this_machine_names_what_computes() -> None:
    machine = this_machine({"TF_ENABLE_ONEDNN_OPTS": "0"}, 2)
    assert set(machine.versions) == {"python", "tensorflow", "keras", "numpy", "scikit-image", "scikit-learn"}
    assert not machine.onednn
    assert machine.facts["jobs"] == 2


# Rows that start from others, kept models, a seed of the split.


def _warm(bench: Bench, *keys: str) -> None:
    """Let b start from a."""
    bench.edit('id = "b"', "\n".join(['id = "b"', 'warm_start = "a"', *keys]))


def test_a_run_has_its_source_in_its_key_and_the_source_keeps_its_model(bench: Bench) -> None:
    _warm(bench)
    plan = bench.plan()
    source, tuned = plan.runs
    assert (source.reason, source.spec.keep_model, tuned.spec.keep_model) == (
        "its model was not kept",
        True,
        False,
    )
    assert (tuned.spec.warm_start, tuned.spec.warm_start_row) == (source.spec.key, "a")
    assert tuned.spec.parts["warm_start"] == source.spec.key
    assert tuned.reason.startswith("changed: warm_start null -> ")
    bench.keep(plan)
    assert rows_to_run(bench.plan()) == []


def test_a_source_is_not_made_again_for_a_run_that_is_there(bench: Bench) -> None:
    _warm(bench)
    bench.keep(bench.plan(), models=False)  # as after a merge, which takes no models
    assert rows_to_run(bench.plan()) == []
    bench.edit("units=60", "units=60, epochs=4")
    assert rows_to_run(bench.plan()) == ["a", "c", "b"]


def test_another_source_makes_another_run(bench: Bench) -> None:
    _warm(bench)
    bench.keep(bench.plan())
    bench.edit("units=50", "units=51")
    assert rows_to_run(bench.plan()) == ["a", "c", "b"]


def test_sources_may_stand_behind_and_have_sources(bench: Bench) -> None:
    bench.edit('id = "a"', 'id = "a"\nwarm_start = "b"')
    bench.edit('id = "b"', 'id = "b"\nwarm_start = "c"')
    a, b, c = bench.plan().runs
    assert [run.rows[0].id for run in (a, b, c)] == ["a", "b", "c"]
    assert (a.spec.warm_start, b.spec.warm_start, c.spec.warm_start) == (b.spec.key, c.spec.key, None)
    assert [run.rows[0].id for run in bench.plan().wanted(["a"])] == ["a", "b", "c"]
    assert [run.rows[0].id for run in bench.plan().wanted(["c"])] == ["c"]


def test_runs_start_from_those_of_the_same_seed_else_from_the_only_one(bench: Bench) -> None:
    _warm(bench, "repeats = 2")
    a, first, second = bench.plan().runs
    assert first.spec.warm_start == second.spec.warm_start == a.spec.key
    bench.edit('id = "a"', 'id = "a"\nrepeats = 2')
    found = {run.spec.label: run.spec for run in bench.plan().runs}
    for seed in (42, 43):
        assert found[f"b seed {seed}"].warm_start == found[f"a seed {seed}"].key
        assert found[f"b seed {seed}"].warm_start_row == f"a seed {seed}"


def test_a_kept_model_is_no_part_of_the_key_but_what_lacks_it_is_made_again(bench: Bench) -> None:
    before = [run.key for run in bench.plan().runs]
    bench.edit('id = "c"', 'id = "c"\nkeep_model = true')
    plan = bench.plan()
    assert [run.key for run in plan.runs] == before
    assert [(run.rows[0].id, run.reason, run.changes) for run in plan.to_do] == [
        ("a", "its model was not kept", ())
    ]
    assert plan.to_do[0].spec.keep_model
    assert plan.to_do[0].spec.estimate > 0
    bench.keep(plan)
    assert rows_to_run(bench.plan()) == []


def test_a_seed_of_the_split_is_in_every_key_and_the_same_for_all_runs(bench: Bench) -> None:
    bench.edit("[execution]\n", "[execution]\nsplit_seed = 7\nrepeats = 2\n")
    plan = bench.plan()
    assert (
        {run.spec.split_seed for run in plan.runs}
        == {run.spec.parts["split_seed"] for run in plan.runs}
        == {7}
    )
    assert len(plan.to_do) == 4
    assert plan.to_do[0].reason == "changed: split_seed null -> 7"


def test_a_number_of_validation_images_becomes_a_share_where_fewer_images_are_used(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    path = bench.file.parent / "notebooks" / "fine.ipynb"
    path.write_text(
        path.read_text().replace("epochs: int = 3", "validation: int | float = 500\\nepochs: int = 3")
    )
    folder = tmp_path / "decoded"
    folder.mkdir()
    (folder / "y_train.npy").write_bytes(bytes(2_000))
    data = {"digits": replace(DATA["digits"], folder=folder)}
    (full, *_), (quick, *_) = bench.plan(data=data).runs, bench.plan(data=data, quick=True).runs
    assert (full.spec.parameters["validation"], quick.spec.parameters["validation"]) == (500, 0.25)
    assert quick.spec.given["validation"] == 0.25
    stand_in = {"digits": replace(data["digits"], requested="mnist", name="digits")}
    assert bench.plan(data=stand_in).runs[0].spec.parameters["validation"] == pytest.approx(
        500 / 60_000, abs=1e-6
    )


def test_a_plan_says_what_is_worth_a_word(bench: Bench) -> None:
    _warm(bench)
    experiments, notebooks = bench.read()
    large = Foreseen(7_000_000, 7_000_000, 3 * 2**30, (0.001,) * 30)
    plan = make_plan(
        experiments,
        notebooks,
        DATA,
        MACHINE,
        bench.store,
        Path("/features"),
        foreseen={"a": large, "b": Foreseen(9)},
    )
    lines = list(plan_lines(plan, 1, 60.0, 6.0))
    assert (
        lines[0]
        == "   a, c: its model was not kept (about 30 s); 7,000,000 parameters; at least 3.0 GiB of memory"
    )
    assert lines[1].endswith("; starts from the weights of a")
    assert "the same settings, so one run for all: a = c" in lines
    assert plan.runs[0].foreseen.rates == (0.001,) * 3, "of the run's own epochs"
