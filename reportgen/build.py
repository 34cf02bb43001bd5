"""The build, step by step; the numbers are the ones printed and the ones README explains."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from reportgen import freshness, outputs
from reportgen.account import Built, built
from reportgen.collecting import absent, collect
from reportgen.datasets.dataset import Found
from reportgen.errors import InputError, Problem
from reportgen.estimates import LIBRARIES, drawing_seconds, makespan
from reportgen.execution.engines import DEFAULT
from reportgen.execution.runner import run_all
from reportgen.execution.signals import Interrupted, Stop
from reportgen.execution.spec import run_label
from reportgen.experiments.resolved import Experiments
from reportgen.foreseen import foresee
from reportgen.notebooks import Notebook
from reportgen.outputs import Draft
from reportgen.plan import Plan, make_plan, this_machine
from reportgen.progress import Progress, roughly
from reportgen.results import Failure
from reportgen.store.objects import Store
from reportgen.weights import Weights
from reportgen.workspace import Workspace

if TYPE_CHECKING:
    from reportgen.datasets.find import Patience
    from reportgen.datasets.own.find import OwnSets

Say = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """What the command line asks of a build.

    Parameters
    ----------
    quick : bool
        Few images, two epochs, a report of its own.
    only : tuple of str
        Ids of the rows to run; all where empty.
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

    `warnings` are settings that their author can hardly mean, `weights` the files of weights that rows name.
    """

    experiments: Experiments
    data: Mapping[str, Found]
    store: Store
    plan: Plan
    warnings: tuple[Problem, ...] = ()
    weights: Weights = field(default_factory=dict)


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
    failures = run(work, options, env, prepared, say, progress, stop)
    if stop.signal:
        raise Interrupted(stop.signal)
    return report(work, options, prepared, failures, env, say)


def prepare(work: Workspace, options: Options, env: Mapping[str, str], say: Say) -> Prepared:
    """Steps 1 to 3: read the experiments, find the data, plan the runs."""
    say(f"1  reading {work.file}")
    experiments, notebooks = read(work)
    check_rows(work, experiments, options.only, "--only")
    names = experiments.data_sets
    say(f"2  finding the data: {', '.join(names) or 'none'}")
    data = find_data(names, work, experiments, options, say)
    foresight = foresee(work, experiments, data)
    for warning in foresight.warnings:
        say(f"   {warning.said('warning')}".replace("\n", "\n   "))
    store = Store(work.store, lambda text: say(f"   warning: {text}"))
    machine = this_machine(env, options.jobs)
    plan = make_plan(
        experiments, notebooks, data, machine, store, work.features,
        quick=options.quick, foreseen=foresight.rows, weights=foresight.weights,
    )  # fmt: skip
    say(f"3  planning: {len(plan.runs) - len(plan.to_do)} in the store, {len(plan.to_do)} to run")
    return Prepared(experiments, data, store, plan, foresight.warnings, foresight.weights)


def read(work: Workspace) -> tuple[Experiments, dict[str, Notebook]]:
    """Read the notebooks and the experiments file, or raise every fault of it."""
    from reportgen.datasets.registry import DATASETS
    from reportgen.experiments.load import load
    from reportgen.foreseen import known_data
    from reportgen.notebooks import discover

    faults: list[Problem] = []
    notebooks = discover(work.notebooks, faults)
    return load(work.file, notebooks, tuple(DATASETS), seen=known_data(), broken=faults), notebooks


def find_data(
    names: Sequence[str], work: Workspace, experiments: Experiments, options: Options, say: Say
) -> dict[str, Found]:
    """Find the data sets, or their stand-ins, said aloud; all share one patience with the network."""
    from reportgen.datasets.find import Patience

    patience = Patience()
    return {name: _find_one(name, work, experiments, options, say, patience) for name in names}


def _find_one(
    name: str, work: Workspace, experiments: Experiments, options: Options, say: Say, patience: Patience
) -> Found:
    from reportgen.datasets.find import find
    from reportgen.datasets.registry import DATASETS
    from reportgen.datasets.unfetched import unfetched

    own = own_sets(work, experiments)
    source = DATASETS.get(own.needs(name))
    stand_in = source.stand_in if source is not None and options.data == "embedded" else None
    if not options.fetch and stand_in is None and name in DATASETS:
        known = unfetched(name, work.data_dir, work.keras_home, work.data, lambda text: say(f"   {text}"))
        if known is not None:
            return known
    if stand_in is not None:
        say(f"   the embedded {stand_in} stand in for {name}, as asked")
    found = find(
        stand_in or name,
        data_dir=work.data_dir,
        keras_home=work.keras_home,
        cache=work.data,
        when_unavailable="error" if options.strict_data else experiments.file.data.when_unavailable,
        download=options.fetch,
        say=lambda text: say(f"   {text}"),
        patience=patience,
        own=own,
    )
    return replace(found, requested=name)


def own_sets(work: Workspace, experiments: Experiments) -> OwnSets:
    """The data sets that the experiments file describes."""
    from reportgen.datasets.own.find import OwnSets

    tables = experiments.file.dataset
    return OwnSets(work.file, tables, {name: experiments.line(("dataset", name), 0) for name in tables})


def run(
    work: Workspace,
    options: Options,
    env: Mapping[str, str],
    prepared: Prepared,
    say: Say,
    progress: Progress,
    stop: Stop,
) -> dict[str, Failure]:
    """Step 4: make the runs that are missing; return the failures by key."""
    wanted = tuple(planned.spec for planned in prepared.plan.wanted(options.only))
    if not wanted:
        return {}
    after = drawing_seconds(work.state, len(prepared.experiments.rows))
    progress.expect(after)
    jobs = min(options.jobs, len(wanted))
    seconds = LIBRARIES + makespan((), sorted((spec.estimate for spec in wanted), reverse=True), jobs)
    count = f"{len(wanted)} notebook{'s' if len(wanted) > 1 else ''}{f', {jobs} at once' if jobs > 1 else ''}"
    say(f"4  running {count}: {roughly(seconds)}, and {roughly(after)} for the report")
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
    )
    return {key: outcome.failure for key, outcome in outcomes.items() if outcome.failure is not None}


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
        missing = {
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


def check_rows(work: Workspace, experiments: Experiments, named: Sequence[str], option: str) -> None:
    """Raise an `InputError` where an option names rows that are not there."""
    import difflib

    ids = [row.id for row in experiments.rows]
    problems = []
    for name in named:
        if name not in ids:
            near = difflib.get_close_matches(name, ids, n=1)
            remedy = f'did you mean "{near[0]}"?' if near else "reportgen plan lists the rows"
            problems.append(
                Problem(str(work.file), 0, "unknown-row", f'{option} names no row: "{name}"', remedy)
            )
    if problems:
        raise InputError(problems)
