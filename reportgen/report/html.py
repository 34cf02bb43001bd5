"""From the view to HTML: one set of templates, once for the screen and once for paper."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial, reduce
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from reportgen import language
from reportgen.errors import RenderError
from reportgen.prose.paper import for_paper
from reportgen.report import fonts, svg
from reportgen.report.assets import built_in, template_file
from reportgen.report.markup import trusted
from reportgen.report.matrix import LEGEND
from reportgen.report.parts import Definition, NumberedFigure
from reportgen.report.pdf import SCHEME, Asset
from reportgen.report.typography import unbroken
from reportgen.report.view import Report

SVG_TYPE = "image/svg+xml"
DRAWN = {
    "→": "symbol-to",
    "≤": "symbol-leq",
    "≥": "symbol-geq",
    "≠": "symbol-neq",
    "≈": "symbol-approx",
    "∞": "symbol-infinity",
}
"""Characters that no font of the report has: on paper the equation of that name stands for them."""

_TAG = re.compile(r"(<[^>]*>)")


@dataclass
class Paper:
    """A document for the PDF: its HTML, its style, and the files it may ask for."""

    html: str = ""
    css: str = ""
    assets: dict[str, Asset] = field(default_factory=dict)
    missing: str = ""


def screen_document(report: Report, templates: Path, sandboxed: bool = False) -> str:
    """Return the self-contained HTML file.

    Parameters
    ----------
    report : Report
    templates : Path
        Folder of report.html.j2, sections/, report.css, report.js, fonts/ and equations/; what
        it lacks is taken from the built-in one.
    sandboxed : bool
        True for templates that are not ours: they run in Jinja's sandbox.

    Raises
    ------
    RenderError
        A template is wrong, or a file of the folder is missing.
    """
    script = _read(template_file(templates, "report.js")).strip()
    places = _Places()
    body = _rendered(
        report,
        templates,
        sandboxed,
        screen=True,
        script=trusted(script),
        csp=content_security_policy(script),
        draw_figure=partial(_inline_figure, places),
        draw_equation=partial(_inline_equation, templates, places),
    )
    faces = fonts.faces(template_file(templates, "fonts"), _text(body))
    style = _style(templates, report.paper, fonts.font_face_rules(faces, _data_url))
    return body.replace(_STYLE_MARK, style, 1)


def paper_document(report: Report, templates: Path, sandboxed: bool = False) -> Paper:
    """Return the document that becomes the PDF; see `screen_document`."""
    paper = Paper()
    place_equation = partial(_placed_equation, templates, paper)
    body = _rendered(
        report, templates, sandboxed, screen=False, script=Markup(""), csp="",
        draw_figure=partial(_placed_figure, paper), draw_equation=place_equation,
    )  # fmt: skip
    body, files = for_paper(body, SCHEME)
    paper.assets |= {name: Asset(content, kind) for name, (content, kind) in files.items()}
    paper.html = _with_drawn_characters(body, lambda name: str(place_equation(name))).replace(
        _STYLE_MARK, "", 1
    )
    drawings = "".join(
        asset.content.decode() for asset in paper.assets.values() if asset.mime_type == SVG_TYPE
    )
    text = _text(paper.html) + _text(drawings)
    faces = fonts.faces(template_file(templates, "fonts"), text)
    paper.assets = {
        name: Asset(fonts.with_subsets(asset.content.decode(), faces).encode(), SVG_TYPE)
        if asset.mime_type == SVG_TYPE
        else asset
        for name, asset in paper.assets.items()
    }
    for face in faces:
        paper.assets[face.path.name] = Asset(face.path.read_bytes(), "font/woff2")
    rules = fonts.font_face_rules(faces, lambda face: f"{SCHEME}{face.path.name}", fonts.family_of_subset)
    style = fonts.with_subsets(_style(templates, report.paper, ""), faces)
    paper.css = f"{rules}\n{style}"
    paper.missing = fonts.uncovered(template_file(templates, "fonts"), text)
    return paper


def content_security_policy(script: str) -> str:
    """Return the policy of the HTML file: nothing may be loaded, one script may run."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:;"
        f" script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


_STYLE_MARK = "/*style*/"


def _rendered(report: Report, templates: Path, sandboxed: bool, **extra: Any) -> str:
    from jinja2 import TemplateError

    environment = _environment(templates, True) if sandboxed else _built_in_environment(templates)
    extra["where"] = partial(_where, extra["draw_equation"])
    try:
        template = environment.get_template("report.html.j2")
        text = template.render(report=report, legend=LEGEND, style_mark=trusted(_STYLE_MARK), **extra)
    except TemplateError as error:
        line = f" ({getattr(error, 'name', '')}, line {error.lineno})" if hasattr(error, "lineno") else ""
        raise RenderError(f"a template is wrong{line}: {error}") from error
    return unbroken(text.replace("\u202f", "\u00a0"))


@cache
def _built_in_environment(templates: Path) -> Environment:
    """Templates that stay what they are, compiled once."""
    return _environment(templates, False)


def _environment(templates: Path, sandboxed: bool) -> Environment:
    kind = ImmutableSandboxedEnvironment if sandboxed else Environment
    environment = kind(
        loader=FileSystemLoader([templates, built_in("templates")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "section_template": partial(_section_template, templates),
        "text": language.text,
        "plural": language.plural,
        "listed": language.listed,
    }
    return environment


_INDEX = re.compile(r" ([cikt])(?![\w’'])")
"""The letter of an index that stands alone in a sentence: step t, class c; it keeps to its noun."""


def _where(draw: Callable[[str], Markup], definitions: Sequence[Definition]) -> Markup:
    """The sentence that explains the symbols of an equation; the drawings stand in it as words do."""
    pieces = [
        language.text("{symbol} is {meaning}", symbol=f"{{{place}}}", meaning=_literal(item.meaning))
        for place, item in enumerate(definitions)
    ]
    # Commas stand within the meanings, so that semicolons part them.
    parted = reduce(lambda one, other: language.text("{one}; {other}", one=one, other=other), pieces)
    sentence = language.text("Here {definitions}.", definitions=parted)
    symbols = [trusted(f'<span class="symbol">{draw(item.symbol)}</span>') for item in definitions]
    return trusted(_INDEX.sub("\u00a0<i>\\1</i>", escape(sentence, quote=False))).format(*symbols)


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _section_template(templates: Path, kind: str) -> str:
    """The file of a section's template: sections/NN_<kind>.html.j2."""
    folders = (templates / "sections", built_in("templates") / "sections")
    found = [path for folder in folders for path in sorted(folder.glob(f"[0-9][0-9]_{kind}.html.j2"))]
    if not found:
        raise RenderError(f"{templates}: no template sections/NN_{kind}.html.j2")
    return f"sections/{found[0].name}"


def _style(templates: Path, paper: str, font_faces: str) -> str:
    sheets = (_read(template_file(templates, name)) for name in (f"page-{paper}.css", "report.css"))
    return "\n".join((font_faces, *sheets))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise RenderError(f"{path}: {error.strerror or error}") from error


def _data_url(face: fonts.Face) -> str:
    return "data:font/woff2;base64," + base64.b64encode(face.path.read_bytes()).decode()


def _text(html: str) -> str:
    """The text between tags, and what the program adds in the style sheet."""
    return "".join(_TAG.split(html)[::2])


@dataclass
class _Places:
    """Gives every drawing of a page its own name."""

    count: int = 0

    def next(self, name: str) -> str:
        self.count += 1
        return f"{name}:{self.count}"


def _inline_figure(places: _Places, figure: NumberedFigure) -> Markup:
    return svg.inline(figure.drawing.svg, figure.drawing.alt, places.next(figure.place))


def _inline_equation(templates: Path, places: _Places, name: str) -> Markup:
    return svg.inline_equation(_equation(templates, name), places.next(name))


def _placed_figure(paper: Paper, figure: NumberedFigure) -> Markup:
    name = f"{figure.place}.svg"
    paper.assets[name] = Asset(svg.for_print(figure.drawing.svg), SVG_TYPE)
    return trusted(f'<img src="{SCHEME}{name}" alt="{escape(figure.drawing.alt)}">')


def _placed_equation(templates: Path, paper: Paper, name: str) -> Markup:
    text = _equation(templates, name)
    paper.assets[f"{name}.svg"] = Asset(svg.for_print(text), SVG_TYPE)
    alt, style = escape(svg.equation_title(text)), svg.equation_style(text)
    return trusted(f'<img src="{SCHEME}{name}.svg" alt="{alt}" style="{style}">')


def _equation(templates: Path, name: str) -> str:
    return _read(template_file(templates, f"equations/{name}.svg"))


def _with_drawn_characters(html: str, draw: Callable[[str], str]) -> str:
    """Replace characters that no font has by drawings, in the text of the body alone."""
    head, body_tag, body = html.partition("<body")
    pieces = _TAG.split(body)
    for place in range(0, len(pieces), 2):
        for character in DRAWN:
            if character in pieces[place]:
                pieces[place] = pieces[place].replace(
                    character, f'<span class="symbol">{draw(DRAWN[character])}</span>'
                )
    return head + body_tag + "".join(pieces)
