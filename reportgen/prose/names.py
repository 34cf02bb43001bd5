"""Where the names of live numbers and claims lead: rows, chapters, contrasts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from reportgen.experiments.words import quoted, suggestion
from reportgen.prose.faults import Unknown
from reportgen.prose.vocabulary import CONTRAST, PAIR, ROW, SECTION, Attribute

Thing = Literal["row", "best", "highest_on_test", "section", "stage", "contrast", "pair"]
CALLS = ("row", "section", "contrast", "best", "best_of", "highest_on_test_of")
NAMES = ("this", "best", "highest_on_test")


@dataclass(frozen=True)
class Target:
    """What a name leads to.

    Parameters
    ----------
    kind : str
    key : str
        Id of the row, the section, the contrast, or of a stage that has yet to decide.
    rows : tuple of str
        Rows that a best one is chosen among; or the two rows of a comparison, empty for the only one.
    """

    kind: Thing
    key: str = ""
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scope:
    """Where a text stands: the row of a comment, the chapter of any text that has one."""

    row: str | None = None
    section: str | None = None


@dataclass(frozen=True)
class Names:
    """The names of one file.

    Parameters
    ----------
    rows : mapping of str to str
        Data set of each row, by its id.
    sections : mapping of str to tuple of str
        Rows of each section.
    contrasts : mapping of str to tuple of str
        Rows of each contrast.
    references : mapping of str to str
        Reference of each contrast that has one.
    stages : mapping of str to (str or None)
        The row that each stage keeps; None as long as it has not decided.
    data_of_stages : mapping of str to str
        Data set of their rows.
    """

    rows: Mapping[str, str]
    sections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    contrasts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    stages: Mapping[str, str | None] = field(default_factory=dict)
    data_of_stages: Mapping[str, str] = field(default_factory=dict)

    def data_set(self, target: Target) -> str:
        """The data set of a row, of the rows that a best one is chosen among, or of a stage."""
        if target.kind == "stage":
            return self.data_of_stages.get(target.key, "")
        return self.rows[target.key or target.rows[0]]

    def name(self, name: str, scope: Scope) -> Target:
        """Where a bare name leads: ``this``, ``best``, ``highest_on_test``, ``section``.

        Raises
        ------
        Unknown
        """
        if name == "this":
            if scope.row is None:
                remedy = "elsewhere write row('id') or best"
                raise Unknown("unknown-name", '"this" is the row of a comment; here is no comment', remedy)
            return Target("row", scope.row)
        if name == "best":
            return Target("best", rows=self._choice(name, scope))
        if name == "highest_on_test":
            return Target("highest_on_test", rows=self._choice(name, scope))
        if name == "section" and scope.section in self.sections:
            return Target("section", str(scope.section))
        if name in CALLS:
            raise Unknown("unknown-name", f"{name} needs an id", f"write {name}('...')")
        raise Unknown("unknown-name", f"there is nothing called {quoted(name)}", suggestion(name, _known()))

    def call(self, name: str, given: Sequence[Any]) -> Target:
        """Where a name with an id leads: ``row('raw-250')``.

        Raises
        ------
        Unknown
        """
        if name not in CALLS:
            raise Unknown(
                "unknown-name", f"there is nothing called {quoted(name)}(...)", suggestion(name, _known())
            )
        if not given or not all(isinstance(each, str) for each in given):
            raise Unknown("bad-name", f"{name}(...) takes an id in quotes", f"write {name}('...')")
        if len(given) > (3 if name == "contrast" else 1):
            raise Unknown("bad-name", f"{name}(...) has too many ids", f"write {name}('...')")
        finders: Mapping[str, Callable[..., Target]] = {
            "row": self._row,
            "section": self._section,
            "contrast": self._contrast,
            "best": self._kept,
            "best_of": lambda data: Target("best", rows=self._on(data)),
            "highest_on_test_of": lambda data: Target("highest_on_test", rows=self._on(data)),
        }
        return finders[name](*given)

    def of(self, target: Target, attribute: str) -> Target | Attribute:
        """What an attribute of a target is: another target, such as a section's best row, or a number.

        Raises
        ------
        Unknown
        """
        if target.kind == "section" and attribute in ("best", "highest_on_test"):
            return self.name(attribute, Scope(section=target.key))
        tables: Mapping[Thing, Mapping[str, Attribute]] = {
            "row": ROW,
            "best": ROW,
            "highest_on_test": ROW,
            "stage": ROW,
            "section": SECTION,
            "contrast": CONTRAST,
            "pair": PAIR,
        }
        known: Mapping[str, Attribute] = tables[target.kind]
        if target.kind == "contrast" and attribute in PAIR:
            return self._only_pair(target, attribute)
        if attribute in known:
            return known[attribute]
        names = [*known, *(PAIR if target.kind == "contrast" else ())]
        raise Unknown(
            "unknown-attribute",
            f"{self.said(target)} has no {quoted(attribute)}",
            suggestion(attribute, names),
        )

    def said(self, target: Target) -> str:
        """Name a target for a message."""
        if target.kind in ("best", "highest_on_test"):
            return target.kind
        return f"{target.kind} {quoted(target.key)}"

    def _row(self, name: str) -> Target:
        if name not in self.rows:
            raise Unknown("unknown-row", f"there is no row {quoted(name)}", suggestion(name, self.rows))
        return Target("row", name)

    def _kept(self, name: str) -> Target:
        """The row that a stage keeps; the stage itself, as long as it has not decided."""
        if name not in self.stages:
            remedy = suggestion(name, self.stages)
            if name in self.sections:
                remedy = f"write section({name!r}).best"
            raise Unknown("unknown-stage", f"there is no stage {quoted(name)}", remedy)
        kept = self.stages[name]
        return Target("stage", name) if kept is None else Target("row", kept)

    def _section(self, name: str) -> Target:
        if name not in self.sections:
            raise Unknown(
                "unknown-section", f"there is no section {quoted(name)}", suggestion(name, self.sections)
            )
        return Target("section", name)

    def _contrast(self, name: str, *rows: str) -> Target:
        if name not in self.contrasts:
            raise Unknown(
                "unknown-contrast", f"there is no contrast {quoted(name)}", suggestion(name, self.contrasts)
            )
        if not rows:
            return Target("contrast", name)
        for row in rows:
            if row not in self.contrasts[name]:
                remedy = suggestion(row, self.contrasts[name])
                raise Unknown("unknown-row", f"contrast {quoted(name)} has no row {quoted(row)}", remedy)
        reference = self.references.get(name)
        if len(rows) == 1 and reference is None:
            remedy = f"write contrast('{name}', 'one row', 'another row')"
            raise Unknown("bad-name", f"contrast {quoted(name)} compares all pairs: name two rows", remedy)
        if len(rows) == 2 and (rows[0] == rows[1] or reference not in (None, "best", *rows)):
            message = f"contrast {quoted(name)} does not compare {quoted(rows[0])} with {quoted(rows[1])}"
            raise Unknown(
                "bad-name", message, f"its reference is {quoted(str(reference))}" if reference else ""
            )
        return Target("pair", name, rows)

    def _only_pair(self, target: Target, attribute: str) -> Attribute:
        """A comparison's number, asked of a contrast that has no more than one."""
        if len(self.contrasts[target.key]) == 2:
            return PAIR[attribute]
        remedy = f"say which: contrast('{target.key}', 'row') or contrast('{target.key}', 'row', 'row')"
        raise Unknown("bad-name", f"{self.said(target)} has several comparisons", remedy)

    def _choice(self, name: str, scope: Scope) -> tuple[str, ...]:
        """The rows that a best one is chosen among: the chapter's, or all; on one data set."""
        rows = self.sections.get(scope.section or "", ()) or tuple(self.rows)
        known = {self.rows[row] for row in rows if row in self.rows}
        data = sorted(known - {""}) or list(known)
        if not data:
            raise Unknown("unknown-name", f'"{name}" has no rows to choose from')
        if len(data) > 1:
            remedy = f"say which: {' or '.join(f'{name}_of({each!r})' for each in data)}"
            raise Unknown("bad-name", f'"{name}" stands for rows of different data sets here', remedy)
        return rows

    def _on(self, data: str) -> tuple[str, ...]:
        rows = tuple(row for row, own in self.rows.items() if own == data)
        if not rows:
            remedy = suggestion(data, set(self.rows.values()))
            raise Unknown("unknown-dataset", f"no row is on the data set {quoted(data)}", remedy)
        return rows


def _known() -> list[str]:
    return [*NAMES, *(f"{c}('...')" for c in CALLS)]
