"""Web pages to blocks: the main content, without navigation and without text that no reader sees."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from assistant.errors import FileRefused
from assistant.loaders.decoding import decode, is_decodable
from assistant.loaders.draft import Draft
from assistant.loaders.html_hidden import remove_hidden
from assistant.loaders.tables import table_row
from assistant.types import Block, Page

# lxml comes without type information.
Element = Any

_NO_CONTENT = "The page holds no readable text; open it in a browser and save it as PDF or text."
# The library throws away what is shorter than 250 characters; a short page is a page too.
_SHORTEST_CONTENT = "10"
_SHORT_PAGE_CHARS = 1500
_MAX_HEADING_LEVEL = 6


def read_html(data: bytes) -> Draft:
    """Read a web page; raises FileRefused where it has no text."""
    # Loading the library takes 0.3 s.
    from trafilatura import bare_extraction, load_html
    from trafilatura.settings import use_config

    for library in ("trafilatura", "htmldate", "justext"):
        logging.getLogger(library).addHandler(logging.NullHandler())
    # What is UTF-8 is decoded here; the library reads declarations of other encodings.
    tree = load_html(decode(data) if is_decodable(data) else data)
    if tree is None:
        raise FileRefused(_NO_CONTENT)
    remove_hidden(tree)
    _mark_short_content(tree)
    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", _SHORTEST_CONTENT)
    found: Any = bare_extraction(
        tree, favor_recall=True, include_comments=False, include_links=True, with_metadata=True, config=config
    )
    if found is None or found.body is None:
        raise FileRefused(_NO_CONTENT)
    blocks = tuple(_blocks(found.body))
    return Draft(pages=(Page(blocks=blocks),), title=found.title or None, updated=found.date or None)


def _mark_short_content(tree: Element) -> None:
    """Wrap the body of a short page without an article in one; the library drops parts of it otherwise."""
    body = tree.find("body")
    if body is None or next(tree.iter("article", "main"), None) is not None:
        return
    if len("".join(body.itertext())) <= _SHORT_PAGE_CHARS:
        article = tree.makeelement("article")
        article.text, body.text = body.text, None
        article.extend(list(body))
        body.append(article)


def _blocks(parent: Element) -> Iterator[Block]:
    """Yield the blocks below an element of the extracted content."""
    for element in parent:
        if element.tag == "head":
            yield Block(_text(element), "heading", _level(element))
        elif element.tag == "list":
            yield from _items(element, 1)
        elif element.tag == "table":
            yield from _rows(element)
        elif element.tag in ("p", "quote", "code", "ref", "hi", "ab"):
            yield Block(_text(element))
            yield from _nested(element, 1)
        elif isinstance(element.tag, str):
            yield from _blocks(element)
        if element.tail and element.tail.strip():
            yield Block(" ".join(element.tail.split()))


def _level(element: Element) -> int:
    """Return the level of a heading."""
    digits = "".join(character for character in element.get("rend") or "" if character.isdigit())
    return min(max(int(digits or 2), 1), _MAX_HEADING_LEVEL)


def _items(element: Element, level: int) -> Iterator[Block]:
    """Yield the items of a list, and of the lists in it."""
    is_numbered = element.get("rend") == "ol"
    for number, item in enumerate(element.iterchildren("item"), start=1):
        text = _text(item)
        if text:
            yield Block(f"{number}. {text}" if is_numbered else text, "item", level)
        yield from _nested(item, level + 1)


def _nested(element: Element, level: int) -> Iterator[Block]:
    """Yield what the lists and tables inside an item or a paragraph hold."""
    for inner in element.iterdescendants("list", "table"):
        nearest = next(inner.iterancestors("list", "table", "item", "p", "quote"), None)
        if nearest is not None and (nearest is element or nearest.tag == "p"):
            yield from _items(inner, level) if inner.tag == "list" else _rows(inner)


def _rows(table: Element) -> Iterator[Block]:
    """Yield one block per row, each value with the name of its column."""
    header: list[str] = []
    for row in table.iterchildren("row"):
        cells = [_text(cell) for cell in row.iterchildren("cell")]
        if not header and all(cell.get("role") == "head" for cell in row.iterchildren("cell")):
            header = cells
        else:
            yield Block(table_row(header, cells), "table")


def _text(element: Element) -> str:
    """Return the text of an element on one line, without the lists and tables inside it."""
    return " ".join("".join(_strings(element)).split())


def _strings(element: Element) -> Iterator[str]:
    """Yield the strings of an element; a link's address follows its text."""
    yield element.text or ""
    for child in element:
        if child.tag in ("lb", "p", "row", "cell"):
            yield " "
        if child.tag not in ("list", "table", "graphic") and isinstance(child.tag, str):
            yield from _strings(child)
            target = child.get("target") or ""
            if child.tag == "ref" and target.startswith(("http://", "https://")) and target != _text(child):
                yield f" ({target})"
        yield child.tail or ""
