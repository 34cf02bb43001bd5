"""Places of a text given to a value that comes of it: a setting of a stage stands in each of its rows."""

from __future__ import annotations

from collections.abc import Collection

from reportgen.experiments.lines import Lines, Path

_SOURCES = ("section", "sweep", "search")
"""Tables whose values come to stand elsewhere."""


class Within:
    """What stands inside each part of a text.

    Parameters
    ----------
    lines : Lines
    """

    def __init__(self, lines: Lines) -> None:
        self._lines: dict[Path, list[tuple[Path, int]]] = {}
        self._strings: dict[Path, list[tuple[Path, tuple[int, int]]]] = {}
        for path, line in lines.of.items():
            for part in _parts(path):
                self._lines.setdefault(part, []).append((path, line))
        for path, span in lines.strings.items():
            for part in _parts(path):
                self._strings.setdefault(part, []).append((path, span))

    def copy(self, lines: Lines, source: Path, target: Path, filled: Collection[Path] = frozenset()) -> None:
        """Give a value, and all within it, the places of another one.

        Parameters
        ----------
        lines : Lines
            Gains the places.
        source, target : Path
        filled : collection of Path
            Of the texts within it, from its last name on, those that are not the same letter by letter: a
            column of them has no meaning in the file.
        """
        depth = len(source)
        lines.of[target] = lines.line(source)
        lines.of.update({(*target, *path[depth:]): line for path, line in self._lines.get(source, ())})
        for path, span in self._strings.get(source, ()):
            if path[depth - 1 :] not in filled:
                lines.strings[(*target, *path[depth:])] = span


def _parts(path: Path) -> list[Path]:
    """A path and those around it, as far as single values are concerned."""
    return [path[:length] for length in range(3, len(path) + 1)] if path[0] in _SOURCES else []
