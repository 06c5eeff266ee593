"""Runs of a Word document that print but that no reader sees: a place to hide instructions to a machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WHITE = frozenset(("FFFFFF", "BACKGROUND1", "LIGHT1"))
_NO_GROUND = frozenset(("AUTO", "FFFFFF", "NONE", ""))
_SMALLEST_HALF_POINTS = 2
# Tables, text boxes and shapes get their ground from styles and drawings: white text in them is taken as seen.
_OWN_GROUND = (f"{_WORD}tbl", f"{_WORD}txbxContent")


def remove_hidden(document: WordDocument) -> None:
    """Take out runs that are too small to see, or white where nothing paints a ground below them."""
    has_ground = document.element.find(f"{_WORD}background") is not None
    painted = _painted_styles(document)
    doomed = [
        run
        for run in document.element.body.iter(f"{_WORD}r")
        if _is_tiny(run) or (not has_ground and _is_white(run) and not _stands_on_ground(run, painted))
    ]
    for run in doomed:
        parent = run.getparent()
        if parent is not None:
            parent.remove(run)


def _is_tiny(run: BaseOxmlElement) -> bool:
    """Tell whether a run's letters are a point high or less."""
    size = run.find(f"{_WORD}rPr/{_WORD}sz")
    points = "" if size is None else str(size.get(f"{_WORD}val"))
    return points.isdigit() and int(points) <= _SMALLEST_HALF_POINTS


def _is_white(run: BaseOxmlElement) -> bool:
    """Tell whether a run itself says that its letters are white."""
    colour = run.find(f"{_WORD}rPr/{_WORD}color")
    if colour is None:
        return False
    named = colour.get(f"{_WORD}themeColor") or colour.get(f"{_WORD}val") or ""
    return str(named).upper() in _WHITE


def _stands_on_ground(run: BaseOxmlElement, painted: frozenset[str]) -> bool:
    """Tell whether something below a run is painted, or may be."""
    paragraph = next(run.iterancestors(f"{_WORD}p"), None)
    if paragraph is None or next(run.iterancestors(*_OWN_GROUND), None) is not None:
        return True
    highlight = run.find(f"{_WORD}rPr/{_WORD}highlight")
    if highlight is not None and str(highlight.get(f"{_WORD}val")) not in ("none", "white"):
        return True
    own = (run.find(f"{_WORD}rPr/{_WORD}shd"), paragraph.find(f"{_WORD}pPr/{_WORD}shd"))
    styles = (run.find(f"{_WORD}rPr/{_WORD}rStyle"), paragraph.find(f"{_WORD}pPr/{_WORD}pStyle"))
    named = {str(style.get(f"{_WORD}val")) for style in styles if style is not None}
    return any(_paints(one) for one in own) or bool(named & painted)


def _painted_styles(document: WordDocument) -> frozenset[str]:
    """Return the ids of styles with a ground of their own, or with one from the style that they are based on."""
    elements = {style.style_id: style.element for style in document.styles if style.style_id}
    painted = {name for name, one in elements.items() if any(_paints(shade) for shade in one.iter(f"{_WORD}shd"))}
    for _ in elements:
        based = {name for name, one in elements.items() if _base_of(one) in painted} - painted
        if not based:
            break
        painted |= based
    return frozenset(painted)


def _base_of(style: BaseOxmlElement) -> str | None:
    """Return the id of the style that another is based on."""
    base = style.find(f"{_WORD}basedOn")
    return None if base is None else str(base.get(f"{_WORD}val"))


def _paints(shade: BaseOxmlElement | None) -> bool:
    """Tell whether a shading has a colour other than the paper's."""
    if shade is None:
        return False
    fill, pattern = (str(shade.get(f"{_WORD}{name}") or "") for name in ("fill", "val"))
    return fill.upper() not in _NO_GROUND or pattern == "solid" or shade.get(f"{_WORD}themeFill") is not None
