"""The house is built in one direction: who may import whom."""

from __future__ import annotations

import graphlib
from collections.abc import Iterable

import pytest

from tests.project.sources import imports, modules, within

HEAVY = ("tensorflow", "keras")
PURE = ("reportgen.analysis", "reportgen.figures", "reportgen.tables")
LEAVES = (
    "reportgen.errors",
    "reportgen.language",
    "reportgen.records",
    "reportgen.experiments.front_matter",
    "reportgen.experiments.declared",
    "reportgen.experiments.schema",
    "reportgen.experiments.own_data",
    "reportgen.experiments.staged",
    "reportgen.datasets.dataset",
    "reportgen.datasets.registry",
)
TOP = (
    "reportgen.cli",
    "reportgen.__main__",
    "reportgen.build",
    "reportgen.checking",
    "reportgen.export",
    "reportgen.show",
    "reportgen.submit",
    "reportgen.doctor",
    "reportgen.watch",
)
# What runs things, or reads and writes them. The cache of drawings is about files, and nothing else in there is.
DOING = (
    *TOP,
    "reportgen.plan",
    "reportgen.store",
    "reportgen.execution",
    "reportgen.lab",
    "reportgen.report",
    "reportgen.recordfile",
    "reportgen.datasets",
    "subprocess",
    "socket",
    "urllib.request",
    "http",
    "shutil",
    "tempfile",
    "papermill",
    "nbclient",
    "jupyter_client",
    "pooch",
)
ABOUT_FILES = {"reportgen.figures.cache"}
# Facts alone: they import nothing of ours (see LEAVES).
HARMLESS = {"reportgen.datasets.dataset", "reportgen.datasets.registry"}

LAB = ("reportgen.lab",)
# What runs in kernels and in the process they are forked from; the command line knows it by name only.
KERNEL_SIDE = (*LAB, "reportgen.execution.preload")


def offenders(forbidden: tuple[str, ...], names: Iterable[str]) -> dict[str, set[str]]:
    """Return which of these modules import what they may not."""
    found = {
        name: {one for one in imports(name) if any(within(one, bad) for bad in forbidden)} for name in names
    }
    return {name: bad for name, bad in found.items() if bad}


def outside(*packages: str) -> list[str]:
    """Return every module that stands in none of these packages."""
    return [name for name in modules() if not any(within(name, package) for package in packages)]


def test_leaves_import_nothing_of_ours_but_what_lists_languages_and_templates() -> None:
    assert set(LEAVES) <= modules().keys()
    offending = offenders(("reportgen",), LEAVES)
    front, declared, staged, schema = (
        f"reportgen.experiments.{name}" for name in ("front_matter", "declared", "staged", "schema")
    )
    listing = {"reportgen.language", "reportgen.report.assets"}
    assert offending == {
        front: listing,
        declared: {front},
        staged: {front, declared},
        schema: {front, declared, staged, "reportgen.experiments.own_data"},
    }


def test_calls_know_of_texts_and_their_places_and_of_nothing_that_runs() -> None:
    calls = [name for name in modules() if within(name, "reportgen.calls")]
    taken = {one for found in offenders(("reportgen",), calls).values() for one in found}
    beside = {one for one in taken if not within(one, "reportgen.calls")}
    allowed = {"reportgen.errors", "reportgen.analysis.memory"}
    assert beside == allowed | {f"reportgen.experiments.{name}" for name in ("words", "lines", "places")}


def test_only_the_lab_imports_the_training_library() -> None:
    assert offenders(HEAVY, outside(*LAB)) == {}
    assert offenders(HEAVY, ["reportgen.lab.training"]) != {}  # the rule sees the import where there is one


def test_only_the_lab_and_the_drawn_garments_import_scikit_image() -> None:
    assert offenders(("skimage",), outside(*KERNEL_SIDE, "reportgen.datasets.garments")) == {}


def test_the_command_line_process_never_imports_what_kernels_run() -> None:
    assert offenders(KERNEL_SIDE, outside(*KERNEL_SIDE)) == {}


def test_no_module_imports_the_root_package() -> None:
    assert [name for name in modules() if "reportgen" in imports(name)] == []


def test_nothing_but_the_lab_uses_pyplot() -> None:
    # pyplot keeps every figure alive in a global list and is not safe in threads.
    assert offenders(("matplotlib.pyplot", "pylab"), outside(*LAB)) == {}


def test_what_is_derived_from_records_is_pure() -> None:
    derived = [
        name for name in modules() if any(within(name, part) for part in PURE) and name not in ABOUT_FILES
    ]
    found = {name: bad - HARMLESS for name, bad in offenders(DOING, derived).items()}
    assert {name: bad for name, bad in found.items() if bad} == {}


def test_nothing_imports_the_command_line() -> None:
    assert offenders(TOP, outside(*TOP)) == {}


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = {name: imports(name) & modules().keys() - {name} for name in modules()}
    try:
        tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as fault:
        pytest.fail(" -> ".join(fault.args[1]))
