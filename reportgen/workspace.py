"""Where things are: the folders of one build, resolved from options and environment, all absolute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import InputError, Problem
from reportgen.report.assets import built_in

TAKEN = ("figures", "notebooks", "quick", "tables")
"""Folders within ``output`` that belong to the report of experiments.toml."""


@dataclass(frozen=True)
class Workspace:
    """The folders and files of one build.

    Parameters
    ----------
    file : Path
        The experiments file, as the user named it.
    root : Path
        Its folder.
    out : Path
        Where the report goes.
    store : Path
        Finished runs.
    state : Path
        ``.reportgen``: what can be made again (decoded data, features, figures, runs in the making).
    data_dir : Path or None
        The user's folder of data sets.
    keras_home : Path
        Keras's own folder.
    notebooks, templates : Path
    """

    file: Path
    root: Path
    out: Path
    store: Path
    state: Path
    data_dir: Path | None
    keras_home: Path
    notebooks: Path
    templates: Path

    @property
    def data(self) -> Path:
        """Decoded data sets."""
        return self.state / "data"

    @property
    def features(self) -> Path:
        """Extracted features."""
        return self.state / "features"

    @property
    def figures(self) -> Path:
        """Drawn figures."""
        return self.state / "figures"

    @property
    def runs(self) -> Path:
        """Runs in the making."""
        return self.state / "runs"


def find_workspace(
    file: Path,
    env: Mapping[str, str],
    *,
    out: Path | None = None,
    store: Path | None = None,
    data_dir: Path | None = None,
    templates: Path | None = None,
    quick: bool = False,
) -> Workspace:
    """Resolve the folders of a build; an option wins over the environment, that over the default.

    Parameters
    ----------
    file : Path
        The experiments file.
    env : mapping
        ``REPORTGEN_STORE``, ``REPORTGEN_DATA_DIR``, ``KERAS_HOME``, ``HOME``.
    out, store, data_dir, templates : Path, optional
        Options of the command line. Without `out`, the report of experiments.toml goes to ``output``, that
        of another file NAME.toml to ``output/NAME``.
    quick : bool
        A quick build writes to ``output/quick`` and never touches the report itself.

    Raises
    ------
    InputError
        A folder that was named is none, or the report would be written over the coursework itself.
    """
    root = file.absolute().parent
    state = root / ".reportgen"
    named_store = store or _path(env.get("REPORTGEN_STORE"))
    named_data = data_dir or _path(env.get("REPORTGEN_DATA_DIR"))
    own_notebooks = root / "notebooks"
    chosen_out = (out or _own_output(file)).absolute()
    made = {"--out": chosen_out, "--store" if store else "REPORTGEN_STORE": named_store}
    problems = [_no_folder(name, path) for name, path in made.items() if path and _is_file(path)]
    wanted = {"--templates": templates, "--data-dir": data_dir}
    if out is None and chosen_out.name in TAKEN:
        message = f"its report would go to output/{chosen_out.name}, where that of experiments.toml has files"
        remedy = "give the file another name, or its report another folder with --out"
        problems.append(Problem(str(file), 0, "in-the-way", message, remedy))
    problems += [_no_folder(name, path) for name, path in wanted.items() if path and not path.is_dir()]
    if (chosen_out / "notebooks").resolve() == own_notebooks.resolve():
        remedy = "name another folder, such as --out output"
        message = "the executed notebooks would take the place of those of the coursework"
        problems.append(Problem("--out", 0, "in-the-way", message, remedy))
    if problems:
        raise InputError(problems)
    return Workspace(
        file=file,
        root=root,
        out=chosen_out / "quick" if quick else chosen_out,
        store=(named_store or state / "store").absolute(),
        state=state,
        data_dir=named_data.absolute() if named_data else None,
        keras_home=(_path(env.get("KERAS_HOME")) or _home(env) / ".keras").absolute(),
        notebooks=own_notebooks if own_notebooks.is_dir() else built_in("notebooks"),
        templates=templates.absolute() if templates else built_in("templates"),
    )


def _own_output(file: Path) -> Path:
    """Where a report goes unless told: no two files of one folder write over each other's."""
    output = file.absolute().parent / "output"
    return output if file.name == "experiments.toml" else output / file.stem


def _is_file(path: Path) -> bool:
    return path.exists() and not path.is_dir()


def _no_folder(option: str, path: Path) -> Problem:
    what = "is a file, not a folder" if path.exists() else "there is no such folder"
    return Problem(option, 0, "no-such-folder", f"{path}: {what}", "name a folder")


def _path(text: str | None) -> Path | None:
    return Path(text).expanduser() if text else None


def _home(env: Mapping[str, str]) -> Path:
    return Path(env.get("HOME") or env.get("USERPROFILE") or ".")
