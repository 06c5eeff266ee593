"""Plain text to blocks: paragraphs, headings and lists as far as the lines show them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.loaders.decoding import decode
from assistant.loaders.draft import Draft
from assistant.types import Block, Page

_BULLET = re.compile(r"[ \t]*(?:[-*•¢‣▪◦●○■–])[ \t]+(?=\S)")
_NUMBERED = re.compile(r"[ \t]*\(?\d{1,2}[.)][ \t]+(?=\S)")
_END_OF_SENTENCE = re.compile(r"[.!?:;,…]['\"’”»)]*$")
_MONTHS = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|"
    "january|february|march|may|june|july|august|october"
)
_DATE = re.compile(rf"\b\d{{1,2}} (?:{_MONTHS}) \d{{4}}\b|\b\d{{4}}-\d\d-\d\d\b", re.IGNORECASE)
_MAX_TITLE_CHARS = 100
_MAX_HEADING_CHARS = 80
_PROSE_CHARS = 60
_UNWRAPPED_CHARS = 160
_HEADING_LEVEL = 2


def read_text(data: bytes) -> Draft:
    """Read a text file; raises FileRefused where the bytes are no text."""
    groups = list(_groups(decode(data)))
    title = None
    if groups and _is_title(groups):
        title = groups[0][0].strip()
        groups = [groups[0][1:], *groups[1:]] if len(groups[0]) > 1 else groups[1:]
    blocks = tuple(
        block
        for position, group in enumerate(groups)
        for block in text_blocks(group, groups[position + 1] if position + 1 < len(groups) else ())
    )
    if not blocks and title:
        blocks = (Block(title),)
    return Draft(pages=(Page(blocks=blocks),), title=title)


def _groups(text: str) -> Iterator[list[str]]:
    """Yield the runs of lines between blank lines."""
    group: list[str] = []
    for line in text.split("\n"):
        if line.strip():
            group.append(line)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _is_title(groups: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first line names the text: short, no sentence, and nothing runs on from it."""
    first = groups[0][0].strip()
    if len(groups[0]) > 1 or not 0 < len(first) <= _MAX_TITLE_CHARS or len(groups) < 2:
        return False
    return not (_is_marked(first) or _END_OF_SENTENCE.search(first) or first[0].islower() or _runs_on(groups[1]))


def _runs_on(group: Sequence[str]) -> bool:
    """Tell whether a group continues the sentence before it."""
    return bool(group) and group[0].lstrip()[:1].islower()


def _is_marked(line: str) -> bool:
    """Tell whether the line begins a list item."""
    return bool(_BULLET.match(line) or _NUMBERED.match(line))


def text_blocks(group: Sequence[str], following: Sequence[str]) -> Iterator[Block]:
    """Yield the blocks of one run of lines; `following` is the next run."""
    if len(group) == 1 and _is_heading(group[0], following):
        yield Block(group[0].strip(), "heading", _HEADING_LEVEL)
        return
    if _opens_with_heading(group):
        yield Block(group[0].strip(), "heading", _HEADING_LEVEL)
        group = group[1:]
    for lines in _split_group(group):
        text = "\n".join(line.strip() for line in lines)
        if bullet := _BULLET.match(lines[0]):
            yield Block(text[len(bullet.group().lstrip()) :].lstrip(), "item", _item_level(lines[0]))
        elif _NUMBERED.match(lines[0]):
            yield Block(text, "item", _item_level(lines[0]))
        else:
            yield Block(text)


def _split_group(group: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines of each item or paragraph in a run of lines."""
    unwrapped = max(map(len, group), default=0) > _UNWRAPPED_CHARS
    lines: list[str] = []
    for line in group:
        if lines and (_is_marked(line) or (unwrapped and _END_OF_SENTENCE.search(lines[-1].rstrip()))):
            yield lines
            lines = []
        lines.append(line)
    if lines:
        yield lines


def _item_level(line: str) -> int:
    """Return the depth of an item by its indentation."""
    indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
    return min(1 + indent // 2, 6) if indent > 1 else 1


def _is_heading(line: str, following: Sequence[str]) -> bool:
    """Tell whether a line that stands alone announces the prose or list below it."""
    text = line.strip()
    if len(text) > _MAX_HEADING_CHARS or (_END_OF_SENTENCE.search(text) and not text.endswith("?")):
        return False
    if text[0].islower() or _DATE.search(text) or _BULLET.match(line) or not following or _runs_on(following):
        return False
    if _NUMBERED.match(line) and _NUMBERED.match(following[0]):
        return False
    joined = " ".join(following).strip()
    is_prose = len(joined) >= _PROSE_CHARS and bool(_END_OF_SENTENCE.search(joined) or len(joined) > 2 * _PROSE_CHARS)
    return is_prose or bool(_BULLET.match(following[0]))


def _opens_with_heading(group: Sequence[str]) -> bool:
    """Tell whether the first line of wrapped lines is far shorter than the others and no sentence."""
    if len(group) < 3 or _BULLET.match(group[0]) or any(_is_marked(line) for line in group[1:]):
        return False
    first, rest = group[0].strip(), [line.strip() for line in group[1:]]
    if _END_OF_SENTENCE.search(first) and not first.endswith("?"):
        return False
    wrapped = min(len(line) for line in rest[:-1]) > _PROSE_CHARS
    return wrapped and len(first) < 0.6 * len(rest[0]) and rest[0][:1].isupper() and not first[:1].islower()
