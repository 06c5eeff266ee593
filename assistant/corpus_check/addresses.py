"""Links, web addresses and e-mail addresses: well-formed, and leading somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it.token import Token

from assistant.corpus_check.documents import PlacedDocument
from assistant.corpus_check.findings import Finding

_BARE = re.compile(r"https?:/?/?[^\s<>\"“”„]*", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s<>()\"“”„,;:]*@[^\s<>()\"“”„,;]*")
_VALID_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+", re.ASCII)
_STRAY = ".,;:!?'’"
_SENTENCE_MARKS = ".,;:!?"
"""One of these right behind an address belongs to the sentence; browsers and mail programs leave it out as well."""
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_LEFTOVER_LINK = re.compile(r"\]\s?\(|\[\]")


def check_addresses(document: PlacedDocument, root: Path) -> Iterator[Finding]:
    """Yield the addresses of a document that are broken."""
    for block in document.blocks:
        for token in block.tokens:
            for line, problem in _problems(token, (root / document.file).parent):
                yield Finding(document.file, block.line + line, "link", problem)


def _problems(block: Token, folder: Path) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with the addresses in a block, with the line below its first."""
    line, href, text = 0, None, ""
    for token in block.children or []:
        line += token.type in ("softbreak", "hardbreak")
        if token.type == "link_open":
            href, text = str(token.attrGet("href") or ""), ""
        elif token.type == "link_close" and href is not None:
            problem = _link_problem(href, text, folder)
            href = None
            if problem:
                yield line, problem
        elif href is not None:
            text += token.content
        elif token.type == "text":
            yield from ((line, problem) for problem in _text_problems(token.content))


def _link_problem(href: str, text: str, folder: Path) -> str | None:
    """Return what is wrong with a Markdown link."""
    if not text.strip():
        return f"the link to {href or 'nothing'} has no text; write what it leads to."
    if href.startswith("mailto:"):
        return _email_problem(unquote(href.removeprefix("mailto:").split("?")[0]))
    if not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", href):
        path = unquote(href.split("#")[0])
        if not href or (path and not (folder / path).is_file()):
            return f"the link “{text.strip()}” leads to “{path}”, which is no file of the corpus; correct it."
        return None
    return _address_problem(href)


def _text_problems(text: str) -> Iterator[str]:
    """Yield what is wrong with the addresses that stand in a text without being links."""
    leftover = _LEFTOVER_LINK.search(text)
    if leftover:
        yield f"“{text[max(0, leftover.start() - 20) :][:60]}” is a broken link; write it as [text](address)."
    for match in _BARE.finditer(text):
        problem = _address_problem(_without_sentence(text, match.start(), match.group()))
        if problem:
            yield problem
    without = _BARE.sub(" ", text)
    for match in _EMAIL.finditer(without):
        problem = _email_problem(match.group().rstrip(_STRAY))
        if problem:
            yield problem


def _without_sentence(text: str, start: int, address: str) -> str:
    """Return the address without the mark and the brackets behind it that belong to the sentence around it."""
    mark_taken = False
    while address:
        if address[-1] in _BRACKETS and _opened_before(text, start, address):
            address = address[:-1]
        elif address[-1] in _SENTENCE_MARKS and not mark_taken:
            address, mark_taken = address[:-1], True
        else:
            break
    return address


def _opened_before(text: str, start: int, address: str) -> bool:
    """Tell whether the bracket at the end of an address closes one that was opened before the address."""
    closing = address[-1]
    opening = _BRACKETS[closing]
    within = address.count(opening) < address.count(closing)
    return within and text[:start].count(opening) > text[:start].count(closing)


def _address_problem(address: str) -> str | None:
    """Return what is wrong with a web address."""
    if address.endswith(tuple(_STRAY)):
        return f"the address {address} ends with stray punctuation; remove it, or let words follow the address."
    for closing, opening in _BRACKETS.items():
        if address.count(opening) != address.count(closing):
            return f"the address {address} has unbalanced brackets; correct it."
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return f"the address {address} cannot be read; correct it."
    if parts.scheme not in ("http", "https"):
        return f"the address {address} is neither http, https nor mailto; correct it."
    if not _HOST.fullmatch(host):
        return f"the address {address} has no host such as example.org; remove spaces or correct it."
    return None


def _email_problem(address: str) -> str | None:
    """Return what is wrong with an e-mail address."""
    if _VALID_EMAIL.fullmatch(address):
        return None
    return f"“{address}” is no e-mail address such as name@example.org; correct it."
