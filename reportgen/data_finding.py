"""The data sets of a file: where each was found, or what stands in for it, said aloud."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.datasets.dataset import Found
from reportgen.experiments.resolved import Experiments
from reportgen.workspace import Workspace

if TYPE_CHECKING:
    from reportgen.build import Options
    from reportgen.datasets.find import Patience
    from reportgen.datasets.own.find import OwnSets

Say = Callable[[str], None]


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
