"""The JSON Schema of an experiments file, for completion and checking while it is typed.

An editor finds it by the first line of the file, ``#:schema experiments.schema.json``. It knows what
one table may hold; that a row names a section that exists is for `reportgen check` to say.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from reportgen.experiments import annotation
from reportgen.experiments.parameters_cell import Parameter
from reportgen.experiments.schema import ExperimentsFile
from reportgen.notebooks import Notebook

NAME = "experiments.schema.json"
DIRECTIVE = f"#:schema {NAME}"
"""The first line of an experiments file whose editor shall know the schema."""

_SCALARS = {"int": "integer", "float": "number", "str": "string", "bool": "boolean"}

Schema = dict[str, Any]


def json_schema(notebooks: Mapping[str, Notebook], datasets: Collection[str] = ()) -> Schema:
    """Return the schema of the files that stand beside some notebooks.

    Parameters
    ----------
    notebooks : mapping of str to Notebook
        Their parameters are what ``parameters`` completes; a name that several notebooks have may
        take what any of them takes, since the schema cannot know which notebook a row uses.
    datasets : collection of str
        Names that a parameter ``dataset`` may have.

    Returns
    -------
    dict
        JSON Schema, draft 7: what the TOML editors understand.
    """
    schema: Schema = _draft_7(ExperimentsFile.model_json_schema())
    schema["title"] = "reportgen experiments"
    tables = schema["definitions"]
    for name in ("Section", "Experiment"):
        tables[name]["properties"]["parameters"] |= _parameters(notebooks.values(), datasets)
        if notebooks:
            tables[name]["properties"]["notebook"] = {"enum": sorted(notebooks)}
    return schema


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
    made = {"definitions" if name == "$defs" else name: _draft_7(each) for name, each in part.items()}
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
        found = _type(annotation.parse(parameter.annotation))
        if found not in types:
            types.append(found)
    helps = dict.fromkeys(parameter.help for _, parameter in takers if parameter.help)
    defaults = {name: parameter.default for name, parameter in takers}
    said = ", ".join(f"{name}: {_printed(default)}" for name, default in defaults.items())
    schema = types[0] if len(types) == 1 else {"anyOf": types}
    return schema | {"description": f"{'; '.join(helps)} (default of {said})".strip()}


def _type(kind: annotation.Type) -> Schema:
    """The schema of a parameter's type; None is written "none" in TOML."""
    if kind.kind == "union":
        return {"anyOf": [_type(each) for each in kind.inner]}
    if kind.kind == "list":
        return {"type": "array", "items": _type(kind.inner[0])}
    if kind.kind == "dict":
        return {"type": "object", "additionalProperties": _type(kind.inner[0])}
    if kind.kind == "None":
        return {"const": annotation.NONE_WORD}
    return {"type": _SCALARS[kind.kind]}


def _printed(default: object) -> str:
    return annotation.NONE_WORD if default is None else json.dumps(default, ensure_ascii=False)
