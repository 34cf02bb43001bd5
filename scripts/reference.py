"""Write the tables of docs/reference that the program knows: keys, parameters, commands, codes, JSON.

python scripts/reference.py            writes them
python scripts/reference.py --check    says which are not as they would be written, and ends with 1

A page is written by hand but for what stands between the comments `<!-- generated: NAME -->` and
`<!-- end -->`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints, is_typeddict

import typer

from reportgen import errors
from reportgen.cli import app
from reportgen.cli.shapes import SHAPES, Document
from reportgen.experiments.schema import ExperimentsFile
from reportgen.notebooks import discover

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
_PART = re.compile(r"(<!-- generated: ([a-z-]+) -->).*?(<!-- end -->)", re.S)
_WITHOUT = re.compile(r"(.*?)\s*\bWithout it, (.*?)\.(?:\s+(Only .*))?$", re.S)
_SCALARS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "`true` or `false`"}
_ENTRIES = {"text": "texts", "whole number": "whole numbers", "number": "numbers"}
_DONE = {
    errors.EXIT_DONE: "Done.",
    errors.ReportgenError.exit_code: "A fault of reportgen, not yours; the details are in a log.",
    errors.EXIT_RUNS_FAILED: "Some runs failed; the report is written and says so.",
}
_STOPPED = ("129, 130, 143", "Stopped by a signal; finished runs are kept.")

Schema = Mapping[str, Any]


def experiments_tables() -> dict[str, str]:
    """One table of keys for every table of the experiments file, by the name of its model."""
    schema = ExperimentsFile.model_json_schema()
    return {name.lower(): _keys(table) for name, table in schema["$defs"].items()}


def _keys(table: Schema) -> str:
    required = table.get("required", ())
    lines = [f"{table['description']}\n", "| key | value | without it | what it says |", "|---|---|---|---|"]
    for name, key in table["properties"].items():
        text, without = _said(key["description"])
        if name in required:
            without = "**must be there**"
        elif not without:
            without = _default(key["default"])
        lines.append(f"| `{name}` | {_value(key)} | {_cell(without)} | {_cell(text)} |")
    return "\n".join(lines)


def _said(description: str) -> tuple[str, str]:
    """What a key says, and what happens without it."""
    found = _WITHOUT.match(description)
    if not found:
        return description, ""
    return " ".join(filter(None, (found[1], found[3]))), found[2]


def _default(value: object) -> str:
    if isinstance(value, dict) and value:
        return "as its keys say"
    return "none" if value in ([], {}, None) else f"`{json.dumps(value, ensure_ascii=False)}`"


def _value(key: Schema) -> str:
    """What a value may be, in words."""
    kinds = [each for each in key.get("anyOf", [key]) if each.get("type") != "null"]
    return " or ".join(dict.fromkeys(_kind(each) for each in kinds))


def _kind(key: Schema) -> str:
    if "$ref" in key:
        return f"[table](#{key['$ref'].rpartition('/')[2].lower()})"
    if "const" in key:
        return f'`"{key["const"]}"`'
    if "enum" in key:
        return ", ".join(f'`"{each}"`' for each in key["enum"])
    if key.get("format") == "date":
        return "date"
    if key["type"] == "array":
        return f"list of {_entries(key['items'])}"
    if key["type"] == "object":
        return "table"
    low, high = key.get("minimum"), key.get("maximum")
    kind = _SCALARS[key["type"]]
    if low is not None and high is not None and high < 2**31:
        return f"{kind}, {low} to {high:,}"
    return f"{kind} from {low}" if low is not None else kind


def _entries(key: Schema) -> str:
    kind = _kind(key)
    if "$ref" in key:
        return kind.replace("[table]", "[tables]")
    return re.sub(r"^[a-z ]+", lambda start: _ENTRIES.get(start[0], start[0]), kind)


def parameter_tables() -> dict[str, str]:
    """One table of parameters for every notebook that comes along."""
    found = {}
    for notebook in discover(ROOT / "notebooks").values():
        lines = ["| parameter | type | default | what it is |", "|---|---|---|---|"]
        for parameter in notebook.parameters.values():
            default = "none" if parameter.default is None else parameter.default
            written = f"`{json.dumps(default, ensure_ascii=False)}`"
            kind = f"`{parameter.annotation}`".replace("|", r"\|")
            lines.append(f"| `{parameter.name}` | {kind} | {written} | {_cell(parameter.help)} |")
        found[f"notebook-{notebook.name.replace('_', '-')}"] = "\n".join(lines)
    return found


def command_tables() -> dict[str, str]:
    """All commands with their arguments and options, and the exit codes."""
    group = typer.main.get_command(app)
    every = list(_commands(group, ""))
    overview = ["| command | does |", "|---|---|"]
    for name, command in every:
        said = _first(command.help or "")
        overview.append(f"| [`reportgen {name}`](#{_anchor(f'reportgen {name}')}) | {_cell(said)} |")
    return {
        "overview": "\n".join(overview),
        "commands": "\n\n".join(_command(name, command) for name, command in every),
        "exit-codes": _exit_codes(),
    }


def _commands(group: Any, before: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if command.hidden:
            continue
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def _command(name: str, command: Any) -> str:
    shown = [each for each in command.params if not getattr(each, "hidden", False) and each.name != "help"]
    arguments = [each for each in shown if each.param_type_name == "argument"]
    options = [each for each in shown if each.param_type_name == "option"]
    words = ["reportgen", name, *map(_argument, arguments), *(["[OPTIONS]"] if options else [])]
    usage = " ".join(words)
    parts = [f"### reportgen {name}", _plain(command.help or ""), f"```text\n{usage}\n```"]
    if arguments or options:
        lines = ["| argument or option | without it | what it says |", "|---|---|---|"]
        lines += [_line(f"`{_name(_argument(each))}`", each) for each in arguments]
        lines += [_line(_option(each), each) for each in options]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _argument(parameter: Any) -> str:
    if "[" in (parameter.metavar or ""):
        return str(parameter.metavar)
    name = (parameter.metavar or parameter.name).strip("[]").upper() + (
        "..." if parameter.nargs == -1 else ""
    )
    return name if parameter.required else f"[{name}]"


def _name(argument: str) -> str:
    return argument if " " in argument else argument.strip("[]")


def _option(parameter: Any) -> str:
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    return names if parameter.is_flag else f"{names} {parameter.metavar or _unit(parameter)}"


def _unit(parameter: Any) -> str:
    """What stands for a value: its choices, or a word for its type."""
    kind = parameter.type_descriptor.annotation
    if get_origin(kind) is Literal:
        return " or ".join(f"`{choice}`" for choice in get_args(kind))
    return {int: "N", float: "X", Path: "PATH"}.get(kind, "TEXT")


def _line(name: str, parameter: Any) -> str:
    said = str(parameter.help or "")
    found = re.search(r"\s*\[default: (.*?)\]", said)
    said, default = (said.replace(found[0], ""), found[1]) if found else (said, "")
    value = parameter.default
    if parameter.required:
        default = "**must be there**"
    elif not default and value not in (None, False, "", (), []) and not callable(value):
        default = f"`{value}`"
    said = f"{said.rstrip('.')}." if said else ""
    return f"| {name} | {_cell(default)} | {_cell(said)} |"


def _exit_codes() -> str:
    """What each code means, from the first lines of the tree of exceptions."""
    codes = {str(code): meaning for code, meaning in _DONE.items()}
    for kind in (each for each in _below(errors.ReportgenError) if each.__module__ == errors.__name__):
        said = _first(kind.__doc__ or "")
        codes.setdefault(str(kind.exit_code), said)
    lines = ["| exit code | means |", "|---|---|"]
    lines += [f"| {code} | {_plain(codes[code])} |" for code in sorted(codes)]
    return "\n".join([*lines, f"| {_STOPPED[0]} | {_STOPPED[1]} |"])


def _below(kind: type[errors.ReportgenError]) -> list[type[errors.ReportgenError]]:
    """All kinds of errors below one, those above first."""
    return [*kind.__subclasses__(), *(each for child in kind.__subclasses__() for each in _below(child))]


def _first(text: str) -> str:
    return " ".join(text.strip().split("\n\n")[0].split())


def _plain(text: str) -> str:
    """A docstring as Markdown: paragraphs without line breaks of their own."""
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))


def _anchor(heading: str) -> str:
    """The anchor that a heading gets on the usual sites."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


def shape_tables() -> dict[str, str]:
    """The JSON documents: what all have, what each command adds, and the tables inside them."""
    commands: dict[type, list[str]] = {}
    for command, shape in SHAPES.items():
        commands.setdefault(shape, []).append(f"`{command}`")
    inner = dict.fromkeys(each for shape in (Document, *SHAPES.values()) for each in _inner(shape))
    added = [_shape(", ".join(names), shape) for shape, names in commands.items()]
    return {
        "json-all": _shape("", Document),
        "json-commands": "\n\n".join(added),
        "json-inner": "\n\n".join(_shape(_called(shape), shape) for shape in inner),
    }


def _inner(shape: type) -> Iterator[type]:
    """The shapes that stand in one, those in them too."""
    for kind in get_type_hints(shape).values():
        for each in (kind, *get_args(kind)):
            if is_typeddict(each):
                yield each
                yield from _inner(each)


def _called(shape: type) -> str:
    return shape.__name__.removesuffix("Shape").lower()


def _shape(title: str, shape: type) -> str:
    said = _plain(shape.__doc__ or "").replace("``", "`")
    lines = ["| key | value |", "|---|---|"]
    lines += [f"| `{name}` | {_json(kind)} |" for name, kind in get_type_hints(shape).items()]
    return "\n\n".join(filter(None, (f"### {title}" if title else "", said, "\n".join(lines))))


def _json(kind: Any) -> str:
    """A type in the words of JSON."""
    if is_typeddict(kind):
        return f"[{_called(kind)}](#{_called(kind)})"
    if get_origin(kind) is list:
        return f"list of {_json(get_args(kind)[0])}"
    if get_origin(kind) is dict:
        inner = get_args(kind)[1]
        return "object" if inner is Any else f"object, each {_json(inner)}"
    if get_args(kind):
        return " or ".join(_json(each) for each in get_args(kind))
    words = {str: "text", int: "whole number", float: "number", bool: "true or false", type(None): "null"}
    return words[kind]


def pages() -> dict[Path, str]:
    """Every page with generated parts, as it should be."""
    parts = experiments_tables() | parameter_tables() | command_tables() | shape_tables()
    written, used = {}, set[str]()
    for path in sorted(FOLDER.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        used |= {found[2] for found in _PART.finditer(text)}
        written[path] = _PART.sub(lambda found: f"{found[1]}\n\n{parts[found[2]]}\n\n{found[3]}", text)
    if missing := set(parts) - used:
        raise SystemExit(f"no page of docs/reference has a place for: {', '.join(sorted(missing))}")
    return written


def main(words: list[str]) -> int:
    """Write the pages, or say which are out of date."""
    stale = [path for path, text in pages().items() if path.read_text(encoding="utf-8") != text]
    if words == ["--check"]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not as the program would have it: make reference")
        return 1 if stale else 0
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
