"""The embedded data sets by name: how to make them, and what their bytes depend on."""

from __future__ import annotations

import hashlib
from importlib import import_module, metadata, resources
from typing import cast

from reportgen.datasets.decoded import FORMAT, Arrays

_RECIPES = {
    "digits": (("digits",), ("scikit-learn",)),
    "garments": (("garments", "wardrobe", "leather", "tailoring"), ("scikit-image", "numpy", "scipy")),
}
"""For each: the modules of this package that make it, and the packages they rely on."""


def drawn(name: str) -> bool:
    """Whether reportgen can make a data set of this name."""
    return name in _RECIPES


def make(name: str) -> Arrays:
    """Make the arrays of an embedded data set; the same every time on one machine."""
    recipe = import_module(f"reportgen.datasets.{_RECIPES[name][0][0]}")
    return cast("Arrays", recipe.make())


def version(name: str) -> str:
    """Everything the bytes of an embedded data set depend on, as a short text."""
    modules, packages = _RECIPES[name]
    total = hashlib.sha256()
    for module in modules:
        total.update(resources.files("reportgen.datasets").joinpath(f"{module}.py").read_bytes())
    versions = " ".join(f"{package}=={metadata.version(package)}" for package in packages)
    return f"{name} {FORMAT} {total.hexdigest()} {versions}"
