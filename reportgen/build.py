"""The build, step by step; the numbers are the ones printed and the ones README explains."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from reportgen import freshness, outputs
from reportgen.account import Built, built
from reportgen.asked import asked_and_waiting, check_rows
from reportgen.collecting import absent, absent_later, collect
from reportgen.data_finding import find_data
from reportgen.datasets.dataset import Found
from reportgen.errors import InputError, Problem
from reportgen.estimates import LIBRARIES, drawing_seconds, makespan
from reportgen.execution.engines import DEFAULT
from reportgen.execution.runner import run_all
from reportgen.execution.signals import Interrupted, Stop
from reportgen.execution.spec import run_label
from reportgen.experiments import syntax
from reportgen.experiments.resolved import Experiments
from reportgen.experiments.stages import Standing
from reportgen.following import Following, later_seconds, waiting
from reportgen.foreseen import foresee
from reportgen.notebooks import Notebook
from reportgen.outputs import Draft
from reportgen.plan import Plan, make_plan, this_machine
from reportgen.progress import Progress, roughly
from reportgen.records import Record
from reportgen.results import Failure
from reportgen.stages_before import recalled, remember
from reportgen.staging import failed_before, note_failures, standings
from reportgen.store.objects import Store
from reportgen.weights import Weights
from reportgen.workspace import Workspace

Say = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """What the command line asks of a build.

    Parameters
    ----------
    quick : bool
        Few images, two epochs, a report of its own.
    only : tuple of str
        Ids of the rows and of the stages to run; all where empty.
    jobs : int
        Runs at once.
    cold : bool
        An ordinary kernel for every run.
    data : {"auto", "embedded"}
        Where data sets come from: wherever they are found, or at once the embedded ones.
    strict_data : bool
        No embedded stand-ins.
    fail_fast : bool
        Stop at the first failed run.
    engine : str
        What makes the runs: a module of `reportgen.execution.engines`.
    fetch : bool
        Whether data sets may be fetched. Where not, one that is not here is taken for what the registry says
        of it: enough to plan, and not to run.
    """

    quick: bool = False
    only: tuple[str, ...] = ()
    jobs: int = 1
    cold: bool = False
    data: Literal["auto", "embedded"] = "auto"
    strict_data: bool = False
    fail_fast: bool = False
    engine: str = DEFAULT
    fetch: bool = True


@dataclass(frozen=True)
class Prepared:
    """What is known before anything runs.

    `warnings` are settings that their author can hardly mean, `weights` the files of weights that rows name,
    `content` is that of the experiments file, `stages` what has become of its stages, and `failed` the keys
    of the runs that failed.
    """

    experiments: Experiments
    data: Mapping[str, Found]
    store: Store
    plan: Plan
    warnings: tuple[Problem, ...] = ()
    weights: Weights = field(default_factory=dict)
    notebooks: Mapping[str, Notebook] = field(default_factory=dict)
    content: bytes = b""
    stages: Mapping[str, Standing] = field(default_factory=dict)
    records: dict[str, tuple[Record, ...]] = field(default_factory=dict)
    failed: frozenset[str] = frozenset()


def build(
    work: Workspace, options: Options, env: Mapping[str, str], say: Say, progress: Progress, stop: Stop
) -> Built:
    """Run what is missing and write the report, where anything changed.

    Raises
    ------
    InputError, EnvironmentFault, StorageError, RenderError
        See `reportgen.errors`; finished runs are in the store whatever happens.
    Interrupted
        The build was stopped by a signal.
    """
    prepared = prepare(work, options, env, say)
    prepared, failures = run(work, options, env, prepared, say, progress, stop)
    if stop.signal:
        raise Interrupted(stop.signal)
    return report(work, options, prepared, failures, env, say)


def prepare(
    work: Workspace,
    options: Options,
    env: Mapping[str, str],
    say: Say,
    failed: Collection[str] | None = None,
) -> Prepared:
    """Steps 1 to 3: read the experiments, find the data, plan the runs, as far as stages are decided.

    `failed` are keys of runs that failed, beside those of which an earlier build took a note.
    """
    say(f"1  reading {work.file}")
    content = syntax.bytes_of(work.file)
    experiments, notebooks = read(work, content=content)
    check_rows(work, experiments, options.only, "--only", stages=True)
    names = experiments.data_sets
    say(f"2  finding the data: {', '.join(names) or 'none'}")
    data = find_data(names, work, experiments, options, say)
    store = Store(work.store, lambda text: say(f"   warning: {text}"))
    first = Prepared(experiments, data, store, Plan(()), notebooks=notebooks, content=content)
    prepared = advanced(work, options, env, first, failed)
    for warning in prepared.warnings:
        say(f"   {warning.said('warning')}".replace("\n", "\n   "))
    plan = prepared.plan
    later = f", {waiting(plan)} more once stages are decided" if plan.later else ""
    say(f"3  planning: {len(plan.runs) - len(plan.to_do)} in the store, {len(plan.to_do)} to run{later}")
    return prepared


def advanced(
    work: Workspace,
    options: Options,
    env: Mapping[str, str],
    prepared: Prepared,
    failed: Collection[str] | None = None,
) -> Prepared:
    """Return what is known once every stage whose runs have ended is decided: new rows, new runs.

    `failed` is as `prepare` takes it.
    """
    gone = failed_before(work.state).union(failed or ())
    prepared = replace(prepared, failed=gone)
    try:
        prepared = _planned(work, options, env, _recalled(work, options, prepared))
    except InputError:  # of a file that was edited since it was so, or else it is told here
        prepared = _planned(work, options, env, prepared)
    while True:
        stages = standings(prepared.experiments, prepared.plan, prepared.store, gone, prepared.records)
        if stages == prepared.stages:
            remember(work.state, options.quick, stages)
            return prepared
        experiments, _ = read(work, prepared.notebooks, prepared.content, stages)
        prepared = _planned(work, options, env, replace(prepared, experiments=experiments, stages=stages))


def _recalled(work: Workspace, options: Options, prepared: Prepared) -> Prepared:
    """Begin where stages were before: mostly they still are, and the way there need not be gone again."""
    before = recalled(work.state, options.quick)
    if prepared.stages or not prepared.experiments.stages or not before:
        return prepared
    experiments, _ = read(work, prepared.notebooks, prepared.content, before)
    return replace(prepared, experiments=experiments, stages=before)


def _planned(work: Workspace, options: Options, env: Mapping[str, str], prepared: Prepared) -> Prepared:
    """The runs of the rows that are known."""
    experiments, data = prepared.experiments, prepared.data
    foresight = foresee(work, experiments, data)
    plan = make_plan(
        experiments, prepared.notebooks, data, this_machine(env, options.jobs), prepared.store, work.features,
        quick=options.quick, foreseen=foresight.rows, weights=foresight.weights,
    )  # fmt: skip
    return replace(prepared, plan=plan, warnings=foresight.warnings, weights=foresight.weights)


def read(
    work: Workspace,
    notebooks: Mapping[str, Notebook] | None = None,
    content: bytes | None = None,
    stages: Mapping[str, Standing] | None = None,
) -> tuple[Experiments, Mapping[str, Notebook]]:
    """Read the notebooks and the experiments file, or raise every fault of it.

    Parameters
    ----------
    work : Workspace
    notebooks : mapping, optional
        Those that were read before.
    content : bytes, optional
        Of the file, where it was read before.
    stages : mapping of str to Standing, optional
        What has become of its stages.
    """
    from reportgen.datasets.registry import DATASETS
    from reportgen.experiments.load import load
    from reportgen.foreseen import known_data
    from reportgen.notebooks import discover

    faults: list[Problem] = []
    notebooks = discover(work.notebooks, faults) if notebooks is None else notebooks
    names = tuple(DATASETS)
    return load(work.file, notebooks, names, content, known_data(), faults, stages), notebooks


def run(
    work: Workspace,
    options: Options,
    env: Mapping[str, str],
    prepared: Prepared,
    say: Say,
    progress: Progress,
    stop: Stop,
) -> tuple[Prepared, dict[str, Failure]]:
    """Step 4: make the runs that are missing, and those that stages ask for once they are decided.

    Returns
    -------
    prepared : Prepared
        With all the rows that are known in the end; what was stored is what was so before.
    failures : dict of str to Failure
        By key.
    """
    wanted = tuple(planned.spec for planned in prepared.plan.wanted(options.only))
    for text in asked_and_waiting(prepared.experiments, options.only):
        say(f"   {text}")
    if not wanted:
        return prepared, {}
    after = drawing_seconds(work.state, len(prepared.experiments.rows))

    def expect(plan: Plan) -> None:
        count = waiting(plan, options.only)
        progress.expect(after, count, later_seconds(plan, options.jobs, options.only))

    expect(prepared.plan)
    jobs = min(options.jobs, len(wanted))
    seconds = LIBRARIES + makespan((), sorted((spec.estimate for spec in wanted), reverse=True), jobs)
    seconds += later_seconds(prepared.plan, options.jobs, options.only)
    count = f"{len(wanted)} notebook{'s' if len(wanted) > 1 else ''}{f', {jobs} at once' if jobs > 1 else ''}"
    to_come = waiting(prepared.plan, options.only)
    later = f", {to_come} more once stages are decided" if to_come else ""
    say(f"4  running {count}{later}: {roughly(seconds)}, and {roughly(after)} for the report")
    following = Following(
        prepared, lambda known, failed: advanced(work, options, env, known, failed), options.only, expect
    )
    outcomes = run_all(
        wanted,
        prepared.store,
        work.runs,
        jobs=options.jobs,
        cold=options.cold,
        fail_fast=options.fail_fast,
        engine=options.engine,
        env=env,
        progress=progress,
        stop=stop,
        revised=following.revised,
    )
    failures = {key: outcome.failure for key, outcome in outcomes.items() if outcome.failure is not None}
    note_failures(work.state, following.prepared.plan, failures)
    return following.ended(), failures


def report(
    work: Workspace,
    options: Options,
    prepared: Prepared,
    failures: Mapping[str, Failure],
    env: Mapping[str, str],
    say: Say,
) -> Built:
    """Steps 5 and 6: draw the figures, write the HTML, then the PDF, unless all is up to date."""
    made = screen(work, options, prepared, failures, env, say)
    return made if isinstance(made, Built) else outputs.write(made, say)


def screen(
    work: Workspace,
    options: Options,
    prepared: Prepared,
    failures: Mapping[str, Failure],
    env: Mapping[str, str],
    say: Say,
    shown: Callable[[], None] = lambda: None,
) -> Draft | Built:
    """Step 5: all but the PDF, unless nothing is to do; `shown` is called once the HTML stands."""
    inputs = freshness.inputs_digest(work, options, prepared, failures, env)
    if freshness.up_to_date(work.out, inputs):
        missing = absent_later(prepared.experiments, options.only) | {
            run_label(row.id, run.spec.parts["seed"] if len(row.seeds) > 1 and not options.quick else None): (
                failures.get(run.spec.key) or absent(False, options.only)
            )
            for run in prepared.plan.to_do
            for row in run.rows
        }
        told = freshness.kept(work.out)
        return built(work.out, prepared.plan, prepared.data, missing, told, written=False)
    results = collect(prepared, failures, options.only)
    return outputs.draft(work, options, prepared, results, env, inputs, say, shown)
