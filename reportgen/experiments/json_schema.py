"""The JSON Schema of an experiments file, for completion and checking while it is typed.

An editor finds it by the first line of the file, ``#:schema experiments.schema.json``. It knows what
one table may hold; that a row names a section that exists is for `reportgen check` to say.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from reportgen.calls import schema as call_schema
from reportgen.experiments import annotation, limits
from reportgen.experiments.checks import OF_ROWS
from reportgen.experiments.parameters_cell import Parameter
from reportgen.experiments.schema import KINDS, ExperimentsFile
from reportgen.notebooks import Notebook

NAME = "experiments.schema.json"
DIRECTIVE = f"#:schema {NAME}"
"""The first line of an experiments file whose editor shall know the schema."""

DRAFT = "http://json-schema.org/draft-07/schema#"
_SCALARS = {"int": "integer", "float": "number", "str": "string", "bool": "boolean"}
_OF_A_ROW = "#/definitions/Experiment/properties/parameters/properties"
_TO_FILL = {"type": "string", "pattern": r"\{[A-Za-z_][A-Za-z0-9_]*\}"}
_FILLED: tuple[dict[str, Any], ...] = (_TO_FILL, {"type": "array", "contains": _TO_FILL})
"""Texts of a stage that are filled with what it varies, alone or in a list."""
_BRANCHES = ("if", "then", "else")

Schema = dict[str, Any]


def json_schema(notebooks: Mapping[str, Notebook], datasets: Collection[str] = ()) -> Schema:
    """Return the schema of the files that stand beside some notebooks.

    Parameters
    ----------
    notebooks : mapping of str to Notebook
        Their parameters are what ``parameters`` completes. A name that several notebooks have may
        take what any of them takes, unless the row itself says which notebook it uses.
    datasets : collection of str
        Names that a parameter ``dataset`` may have.

    Returns
    -------
    dict
        JSON Schema, draft 7: what the TOML editors understand.
    """
    schema: Schema = {"$schema": DRAFT, **_draft_7(ExperimentsFile.model_json_schema())}
    schema["title"] = "reportgen experiments"
    tables = schema["definitions"]
    for name in ("Section", "Experiment", "Sweep", "Search"):
        properties = tables[name]["properties"]
        if name in ("Section", "Experiment"):
            properties["parameters"] |= _parameters(notebooks.values(), datasets)
        if notebooks:
            said = properties["notebook"]["description"]
            properties["notebook"] = {"enum": sorted(notebooks), "description": said}
    _stages(tables)
    tables["Section"] |= _fitting_kinds()
    known = tables["Experiment"]["properties"]["parameters"]["properties"]
    for notebook in notebooks.values() if len(notebooks) > 1 else ():
        foreign = dict.fromkeys((name for name in known if name not in notebook.parameters), False)
        other = {key: tables["Experiment"].pop(key) for key in _BRANCHES if key in tables["Experiment"]}
        tables["Experiment"] |= _where(
            "notebook", [notebook.name], {"parameters": {"properties": foreign}}, other
        )
    return schema


def _stages(tables: Schema) -> None:
    """What stages and their points may set: what a row may, and texts to be filled in.

    Other names are those of texts to be filled in, of which only `reportgen check` knows.
    """
    known = tables["Experiment"]["properties"]["parameters"]["properties"]
    places = {name: {"$ref": f"{_OF_A_ROW}/{name}"} for name in known}
    given = {"properties": {name: {"anyOf": [place, *_FILLED]} for name, place in places.items()}}
    lists = {name: {"type": "array", "minItems": 1, "items": place} for name, place in places.items()}
    range_ = {"$ref": "#/definitions/Range"}
    spaces = {name: {"anyOf": [values, range_]} for name, values in lists.items()}
    for name in ("Sweep", "Search"):
        tables[name]["properties"]["parameters"] |= {**given, "additionalProperties": False}
    tables["Sweep"]["properties"]["grid"] |= {"properties": lists}
    tables["Search"]["properties"]["space"] |= {"properties": spaces}
    tables["Case"]["properties"]["parameters"] |= {"properties": places}


def _fitting_kinds() -> Schema:
    """Which keys a chapter may have by its kind."""
    others = [kind for kind in KINDS if kind not in ("experiments", "capacity")]
    none = dict.fromkeys(OF_ROWS, False)
    uncounted = {"architectures": False}
    rest = _where("kind", others, none | uncounted, {"properties": uncounted})
    return _where("kind", ["capacity"], none, rest)


def _where(key: str, values: list[str], then: Schema, otherwise: Schema) -> Schema:
    """Branches by a key that stands there; no ``allOf``, which stops the completion of some editors."""
    condition = {"properties": {key: {"enum": values}}, "required": [key]}
    return {"if": condition, "then": {"properties": then}} | ({"else": otherwise} if otherwise else {})


def written(schema: Schema) -> str:
    """The schema as the file holds it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _draft_7(part: Any) -> Any:
    """The same schema in the words of draft 7; nulls go, since TOML has none."""
    if isinstance(part, list):
        return [_draft_7(each) for each in part]
    if isinstance(part, str):
        return part.replace("#/$defs/", "#/definitions/")
    if not isinstance(part, dict):
        return part
    made = {
        "definitions" if name == "$defs" else name: _draft_7(each)
        for name, each in part.items()
        if name != "title" or isinstance(each, dict)  # not the titles that pydantic makes of the names
    }
    choices = [each for each in made.get("anyOf", ()) if each != {"type": "null"}]
    if len(choices) == 1:
        del made["anyOf"]
        made = choices[0] | made
    elif choices:
        made["anyOf"] = choices
    if isinstance(made.get("default", 0), dict | None):  # a whole table's defaults are those of its keys
        del made["default"]
    if "$ref" in made and len(made) > 1:  # draft 7 reads nothing beside a reference
        made["allOf"] = [{"$ref": made.pop("$ref")}]
    return made


def _parameters(notebooks: Iterable[Notebook], datasets: Collection[str]) -> Schema:
    """What a table ``parameters`` may hold."""
    found: dict[str, list[tuple[str, Parameter]]] = {}
    for notebook in notebooks:
        for parameter in notebook.parameters.values():
            if parameter.name != "seed":
                found.setdefault(parameter.name, []).append((notebook.name, parameter))
    properties = {name: _property(takers) for name, takers in sorted(found.items())}
    if datasets and "dataset" in properties:
        properties["dataset"]["enum"] = sorted(datasets)
    return {"properties": properties, "additionalProperties": False}


def _property(takers: list[tuple[str, Parameter]]) -> Schema:
    types: list[Schema] = []
    for _, parameter in takers:
        kind = annotation.parse(parameter.annotation)
        found = (
            _calls(parameter.name, kind) if parameter.calls else _type(kind, limits.rule_for(parameter.name))
        )
        if found not in types:
            types.append(found)
    helps = dict.fromkeys(parameter.help for _, parameter in takers if parameter.help)
    said = ", ".join(f"{_printed(parameter.default)} in {name}" for name, parameter in takers)
    schema = types[0] if len(types) == 1 else {"anyOf": types}
    return schema | {"description": ". ".join([*helps, f"Default: {said}"]) + "."}


def _type(kind: annotation.Type, rule: limits.Rule | None) -> Schema:
    """The schema of a parameter's type, within what is sane for its name; None is written "none" in TOML."""
    if kind.kind == "union":
        return {"anyOf": [_type(each, rule) for each in kind.inner]}
    if kind.kind == "list":
        return {"type": "array", "items": _type(kind.inner[0], rule)}
    if kind.kind == "dict":
        return {"type": "object", "additionalProperties": _type(kind.inner[0], None)}
    if kind.kind == "None":
        return {"const": annotation.NONE_WORD}
    if isinstance(rule, limits.Validation) and kind.kind != "str":
        rule = rule.count if kind.kind == "int" else rule.share
    bounds = _names(rule) if kind.kind == "str" else _bounds(rule) if kind.kind in ("int", "float") else {}
    return {"type": _SCALARS[kind.kind]} | bounds


def _calls(name: str, kind: annotation.Type) -> Schema:
    """The schema of texts that hold calls; None is written "none"."""
    text = call_schema.schema(name)
    if kind.admits("list"):
        return {"type": "array", "items": text}
    return {"anyOf": [*text["anyOf"], {"const": annotation.NONE_WORD}]} if kind.admits("None") else text


def _names(rule: limits.Rule | None) -> Schema:
    """The texts that a rule admits, those to be offered first."""
    if isinstance(rule, limits.Validation):
        return {"enum": ["test"]}
    if isinstance(rule, limits.Names):
        return {"enum": sorted(rule.known, key=lambda name: (not name.islower(), name))}
    return {}


def _bounds(rule: limits.Rule | None) -> Schema:
    """The numbers that a rule admits."""
    if not isinstance(rule, limits.Range):
        return {}
    return {
        "exclusiveMinimum" if rule.low_open else "minimum": rule.low,
        "exclusiveMaximum" if rule.high_open else "maximum": rule.high,
    }


def _printed(default: object) -> str:
    return annotation.NONE_WORD if default is None else json.dumps(default, ensure_ascii=False)
