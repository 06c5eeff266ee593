"""Elements of a web page that no reader sees: a place to hide instructions to a machine."""

from __future__ import annotations

import re
from typing import Any

# lxml comes without type information.
Element = Any

_NEVER_SHOWN = ("script", "style", "template", "noscript", "object", "embed", "iframe", "svg", "math", "canvas")
_HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0*)?(?:;|$)|"
    r"font-size:(?:0(?:\.\d+)?|1(?:\.0*)?)(?:px|pt|em|rem|%)?(?:;|!|$)|"
    r"(?:left|right|top|text-indent|margin-left):-\d{4,}|clip(?:-path)?:(?:rect\(0|inset\((?:50|100)%)|"
    r"(?:^|;)(?:max-)?(?:height|width):0(?:px)?;(?:.*;)?overflow:hidden"
)
# "font-size:1em" is ordinary text.
_ORDINARY = re.compile(r"font-size:1(?:\.0*)?(?:em|rem)")
_COLOUR = re.compile(r"(?:^|;)color:([^;!]+)")
_BACKGROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;!]+)")
_WHITE = re.compile(r"#fff(?:fff)?$|white$|rgba?\(255,255,255(?:,1)?\)$")
_SIMPLE_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE_SELECTOR = re.compile(r"[.#]-?[A-Za-z_][\w-]*")


def remove_hidden(tree: Element) -> None:
    """Take out scripts, styles and every element whose style keeps it from sight."""
    hiding = _hiding_selectors(tree)
    has_styles = next(tree.iter("style"), None) is not None or bool(tree.xpath("//link[contains(@rel, 'stylesheet')]"))
    doomed = [
        element
        for element in tree.iter()
        if isinstance(element.tag, str) and element is not tree and _is_hidden(element, hiding, has_styles)
    ]
    for element in doomed:
        if element.getparent() is not None:
            element.drop_tree()


def _is_hidden(element: Element, hiding: set[str], has_styles: bool) -> bool:
    """Tell whether an element itself is kept from sight."""
    if element.tag in _NEVER_SHOWN or element.get("hidden") is not None:
        return True
    if element.tag in ("html", "body", "head"):
        return False
    names = {f".{name}" for name in (element.get("class") or "").split()} | {f"#{element.get('id')}"}
    if names & hiding:
        return True
    style = _normal(element.get("style") or "")
    return bool(_HIDING.search(_ORDINARY.sub("", style))) or _has_colour_of_ground(element, style, has_styles)


def _has_colour_of_ground(element: Element, style: str, has_styles: bool) -> bool:
    """Tell whether text has the colour of what it stands on, as far as the attributes say."""
    colour = _COLOUR.search(style)
    if colour is None:
        return False
    for one in [element, *element.iterancestors()]:
        ground = _BACKGROUND.search(_normal(one.get("style") or "")) or _BACKGROUND.search(
            f"background:{_normal(one.get('bgcolor') or '')}"
        )
        if ground is not None and ground[1]:
            return ground[1] == colour[1] or bool(_WHITE.match(ground[1]) and _WHITE.match(colour[1]))
    # Nothing paints a ground, so it is white, unless a style sheet does.
    return bool(_WHITE.match(colour[1])) and not has_styles


def _hiding_selectors(tree: Element) -> set[str]:
    """Return the classes and ids that the page's own style sheets hide, where a rule is that simple."""
    found: set[str] = set()
    for sheet in tree.iter("style"):
        for selectors, declarations in _SIMPLE_RULE.findall(sheet.text or ""):
            if _HIDING.search(_ORDINARY.sub("", _normal(declarations))):
                parts = (part.strip() for part in selectors.split(","))
                found |= {part for part in parts if _SIMPLE_SELECTOR.fullmatch(part)}
    return found


def _normal(style: str) -> str:
    """Return declarations in lower case without white space."""
    return "".join(style.lower().split())
