"""What WeasyPrint leaves open in a tagged PDF: who speaks, heads of tables, running heads, places.

WeasyPrint builds one structure element for each box of the layout, in the order of the boxes; that is how
`finish` finds the element of a box again. Its structure is valid without this, but does not say which of
the report's three voices a passage is in, repeats the ids of heads on the next page of a long table,
reads out running heads and each dot of a leader, and describes a link by its address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reportgen import language

MEASURED, REPORTGEN, AUTHORS = "measured", "reportgen", "authors"
VOICES = {
    MEASURED: language.message("Measured"),
    REPORTGEN: language.message("Written by reportgen"),
    AUTHORS: language.message("Written by the authors"),
}
"""The three voices by the name that the tags bear, and what a reader is told."""

_OF_CLASS = {
    "wrap": MEASURED, "note": MEASURED, "keys": MEASURED, "facts": MEASURED,
    "said": REPORTGEN, "notice": REPORTGEN, "equation": REPORTGEN,
    "authors": AUTHORS, "question": AUTHORS, "cover": AUTHORS,
}  # fmt: skip
_STRUCTURE = {
    "div": "/Div", "section": "/Sect", "article": "/Art", "blockquote": "/BlockQuote", "p": "/P",
    "ul": "/L", "ol": "/L", "table": "/Table", "img": "/Figure", "caption": "/Caption",
    "figcaption": "/Caption", "a": "/Link", "th": "/TH",
}  # fmt: skip
_PX = 0.75
"""Points in a CSS pixel."""


def finish(document: Any, pdf: Any) -> None:
    """Complete the structure of a PDF: a `finisher` of WeasyPrint's ``write_pdf``.

    Every element that begins a passage in another voice bears that voice as its class, with its name as
    title; the class map gives each class a user property ``Voice`` (ISO 32000-1, 14.7.5.3 and 14.8.2.6.2).

    Parameters
    ----------
    document : weasyprint.Document
    pdf : pydyf.PDF

    Raises
    ------
    ValueError
        The structure does not follow the boxes: WeasyPrint has changed.
    """
    elements = _reachable(pdf)
    waiting = {kind: iter([e for e in elements if e["S"] == kind]) for kind in set(_STRUCTURE.values())}
    leaders: list[Any] = []
    again: list[Any] = []
    for page in document.pages:
        for box, kind, voice in _boxes(page._page_box, "", ""):
            element = next(waiting[kind], None)
            if element is None:
                raise ValueError(f"no structure element for <{box.element_tag}>")
            _complete(element, box, kind, voice, page.height)
            if box.is_leader:
                leaders.append(element)
        again += _links_within_links(page._page_box, False)
    if left := [kind for kind, rest in waiting.items() if next(rest, None) is not None]:
        raise ValueError(f"structure elements without a box: {', '.join(left)}")
    _declare_voices(pdf)
    _number_heads(pdf, elements)
    objects = {found.reference: found for found in pdf.objects}
    for annotation in again:
        _is_no_link(objects, _root(pdf), annotation)
    spoken = {element.number for element in elements} - {element.number for element in leaders}
    _the_rest_are_artefacts(objects, _root(pdf), spoken)
    for element in leaders:
        objects[element["P"]]["K"].remove(element.reference)


def _root(pdf: Any) -> Any:
    return next(o for o in pdf.objects if isinstance(o, dict) and o.get("Type") == "/StructTreeRoot")


def _reachable(pdf: Any) -> list[Any]:
    """The elements of the tree, in the order of the boxes; those of running heads hang on nothing."""
    elements: list[Any] = [o for o in pdf.objects if isinstance(o, dict) and o.get("Type") == "/StructElem"]
    by_reference = {element.reference: element for element in elements}
    found: set[int] = set()
    waiting = list(_root(pdf)["K"])
    while waiting:
        element = by_reference.get(waiting.pop())
        if element is not None:
            found.add(element.number)
            waiting += [kid for kid in element["K"] if isinstance(kid, bytes)]
    return [element for element in elements if element.number in found]


def _boxes(box: Any, voice: str, said: str) -> Iterator[tuple[Any, str, str]]:
    """Every box that has a structure element of a known kind, and the voice that begins there.

    `voice` is that of the passage around, `said` the one that an element around bears already.
    """
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout.absolute import AbsolutePlaceholder

    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    if isinstance(box, boxes.MarginBox | boxes.TextBox):
        return
    tag = box.element_tag if box.element is not None else ""
    voice = _voice(box, tag, voice)
    kind = _kind(box, tag)
    if kind:
        yield box, kind, voice if voice != said else ""
        said = voice
    children = getattr(box, "children", ())
    if tag == "table" and getattr(box, "is_table_wrapper", False):
        table = box.get_wrapped_table()
        children = [grown for child in children for grown in (child.children if child is table else [child])]
    for child in children:
        if isinstance(child, boxes.LineBox):
            for piece in child.children:
                yield from _boxes(piece, voice, said)
        else:
            yield from _boxes(child, voice, said)


def _kind(box: Any, tag: str) -> str:
    from weasyprint.formatting_structure import boxes

    if tag.partition(":")[0] == "a":
        return "/Link"
    if tag == "th" and not isinstance(box, boxes.TableCellBox):
        return ""
    return _STRUCTURE.get(tag, "")


def _voice(box: Any, tag: str, around: str) -> str:
    """Whose words a box holds: by its class, else by what is around; a bare sentence is the program's."""
    classes = (box.element.get("class") or "").split() if tag else []
    if around != AUTHORS or "said" in classes or "notice" in classes:
        own = next((_OF_CLASS[name] for name in classes if name in _OF_CLASS), "")
        if tag == "figure":
            own = MEASURED
        if own and not (around == MEASURED and own != MEASURED):
            return own
    elif tag == "figure" or "facts" in classes:
        return MEASURED
    return REPORTGEN if tag == "p" and not around else around


def _complete(element: Any, box: Any, kind: str, voice: str, page_height: float) -> None:
    import pydyf

    if voice:
        element["C"] = f"/{voice}"
        element["T"] = pydyf.String(language.text(VOICES[voice]))
    if kind == "/Figure":
        left, top = box.content_box_x(), box.content_box_y()
        corners = (left, page_height - top - box.height, left + box.width, page_height - top)
        element["A"]["BBox"] = pydyf.Array([round(_PX * value, 2) for value in corners])
    if kind == "/TH":
        scope = box.element.get("scope") or ""
        element["A"]["Scope"] = "/Row" if scope.startswith("row") else "/Column"
    if kind == "/Link" and box.link_annotation and box.link_annotation.get("Dest"):
        words = " ".join("".join(box.element.itertext()).split())
        if words:
            box.link_annotation["Contents"] = pydyf.String(words)


def _declare_voices(pdf: Any) -> None:
    import pydyf

    _root(pdf)["ClassMap"] = pydyf.Dictionary(
        {voice: _property(voice, text) for voice, text in VOICES.items()}
    )
    pdf.catalog["MarkInfo"]["UserProperties"] = "true"


def _property(voice: str, text: str) -> Any:
    import pydyf

    value = {"N": pydyf.String("Voice"), "V": pydyf.String(voice), "F": pydyf.String(language.text(text))}
    return pydyf.Dictionary({"O": "/UserProperties", "P": pydyf.Array([pydyf.Dictionary(value)])})


def _number_heads(pdf: Any, elements: Sequence[Any]) -> None:
    """Give every head of a table an id of its own, with a tree to find it by."""
    import pydyf

    by_reference = {element.reference: element for element in elements}
    named: list[tuple[str, bytes]] = []
    for number, table in enumerate((e for e in elements if e["S"] == "/Table"), 1):
        cells = list(_cells(table, by_reference))
        names: dict[bytes, str] = {}
        for cell in cells:
            if "ID" in cell:
                names[cell["ID"].data] = name = f"table{number:05}-head{len(names) + 1:04}"
                cell["ID"] = pydyf.String(name)
                named.append((name, cell.reference))
        for cell in cells:
            heads = cell["A"].get("Headers")
            if heads is not None:
                cell["A"]["Headers"] = pydyf.Array([pydyf.String(names[head.data]) for head in heads])
    if named:
        pairs = [item for name, reference in named for item in (pydyf.String(name), reference)]
        limits = pydyf.Array([pydyf.String(named[0][0]), pydyf.String(named[-1][0])])
        leaf = pydyf.Dictionary({"Names": pydyf.Array(pairs), "Limits": limits})
        pdf.add_object(leaf)
        _root(pdf)["IDTree"] = pydyf.Dictionary({"Kids": pydyf.Array([leaf.reference])})


def _cells(element: Any, by_reference: dict[bytes, Any]) -> Iterator[Any]:
    """The cells of a table, not those of a table within."""
    for kid in element["K"]:
        below = by_reference.get(kid) if isinstance(kid, bytes) else None
        if below is None or below["S"] == "/Table":
            continue
        if below["S"] in ("/TH", "/TD"):
            yield below
        yield from _cells(below, by_reference)


def _links_within_links(box: Any, linked: bool) -> Iterator[Any]:
    """The links of boxes inside a link: WeasyPrint gives each box of a link one of its own."""
    box = getattr(box, "_box", box)
    annotation = getattr(box, "link_annotation", None)
    if annotation and linked:
        yield annotation
    for child in getattr(box, "children", ()):
        yield from _links_within_links(child, linked or bool(annotation))


def _is_no_link(objects: dict[bytes, Any], root: Any, annotation: Any) -> None:
    """Take back a link within a link: one is enough for the keyboard and for the ear."""
    numbers = objects[root["ParentTree"]]["Nums"]
    place = next(p for p in range(0, len(numbers), 2) if numbers[p] == annotation["StructParent"])
    element = objects[numbers[place + 1]]
    del numbers[place : place + 2]
    element["S"] = "/Span" if element["S"] == "/Link" else element["S"]
    element["K"][:] = [kid for kid in element["K"] if not _refers(objects, kid, annotation)]
    objects[element["Pg"]]["Annots"].remove(annotation.reference)


def _refers(objects: dict[bytes, Any], kid: Any, annotation: Any) -> bool:
    found = objects.get(kid) if isinstance(kid, bytes) else None
    return found is not None and found.get("Obj") == annotation.reference


def _the_rest_are_artefacts(objects: dict[bytes, Any], root: Any, spoken: set[int]) -> None:
    """Mark the text of the margins and the leaders as what it is: no part of what is read out."""
    import pydyf

    numbers = objects[root["ParentTree"]]["Nums"]
    parents = {numbers[place]: numbers[place + 1] for place in range(0, len(numbers), 2)}
    for page in (o for o in objects.values() if isinstance(o, dict) and o.get("Type") == "/Page"):
        owners = parents[page["StructParents"]]
        silent = {place for place, owner in enumerate(owners) if objects[owner].number not in spoken}
        operators = objects[page["Contents"]].stream
        for place, operator in enumerate(operators):
            if operator == b"BDC" and operators[place - 1].get("MCID") in silent:
                operators[place - 2] = "/Artifact"
                operators[place - 1] = pydyf.Dictionary({"Type": "/Pagination"})
        for place in silent:
            owners[place] = b"null"
