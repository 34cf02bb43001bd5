"""A data set without a download: as it is here, or as the registry says that it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reportgen.datasets.dataset import UNFETCHED, Found
from reportgen.datasets.find import find
from reportgen.datasets.registry import DATASETS
from reportgen.errors import EnvironmentFault


def unfetched(
    name: str, data_dir: Path | None, keras_home: Path, cache: Path, say: Callable[[str], None]
) -> Found | None:
    """A data set as it is here, or else by the digest that a download would be held to.

    Parameters
    ----------
    name : str
    data_dir, keras_home, cache : Path
        As in `reportgen.datasets.find.find`.
    say : callable

    Returns
    -------
    Found or None
        Where it is not here, its folder holds no arrays: it serves to plan, not to run. None where the
        registry has no digest of it.

    Raises
    ------
    InputError
        A file in `data_dir` is not what it should be.
    """
    try:
        return find(
            name,
            data_dir=data_dir,
            keras_home=keras_home,
            cache=cache,
            when_unavailable="error",
            download=False,
            say=say,
        )
    except EnvironmentFault:
        digest = DATASETS[name].digest
        return None if digest is None else Found(name, name, UNFETCHED, digest, cache)
