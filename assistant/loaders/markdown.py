"""Markdown, with optional YAML front matter, to blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from assistant.loaders.decoding import decode
from assistant.loaders.draft import Draft
from assistant.loaders.metadata import Metadata, parse_metadata
from assistant.loaders.tables import table_row
from assistant.types import Block, BlockKind, Page

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_REFERENCE = re.compile(r"\[\^([^\]\s]+)\]")
_DEFINITION = re.compile(r"\[\^([^\]\s]+)\]:[ \t]*")
_SPACE_BEFORE_MARK = re.compile(r" +([.,;:!?])(?=\s|$)")
_CODE_TAG = re.compile(r"<(/?)(?:script|style)\b", re.IGNORECASE)
_CODE_OPENS, _CODE_CLOSES = "\x0e", "\x0f"
"""Control characters, which no document's text keeps, around what stands between <script> and </script>."""
_CODE_FOR_BROWSERS = re.compile(f"{_CODE_OPENS}[^{_CODE_CLOSES}]*(?:{_CODE_CLOSES}|$)|{_CODE_CLOSES}")
_LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)


def read_markdown(data: bytes) -> Draft:
    """Read a Markdown file; raises FileRefused where its front matter cannot be used."""
    metadata, body = split_front_matter(decode(data))
    blocks = [block for block, _ in blocks_of(markdown_parser().parse(body))]
    return Draft(pages=(Page(blocks=tuple(blocks)),), title=metadata.title, metadata=metadata)


def split_front_matter(text: str) -> tuple[Metadata, str]:
    """Return the metadata and the text below it; raises FileRefused where the metadata cannot be used."""
    fields, body = front_matter(text)
    metadata = parse_metadata(fields, "front matter", first_line=2) if fields else None
    # Text between two rules is not front matter when it is no list of fields.
    return (Metadata(), text) if metadata is None else (metadata, body)


def front_matter(text: str) -> tuple[str, str]:
    """Return what stands between two rules at the top of a text, "" where nothing does, and the text below it."""
    match = _FRONT_MATTER.match(text)
    return ("", text) if match is None else (match[1], text[match.end() :])


def blocks_of(tokens: Sequence[Token]) -> list[tuple[Block, tuple[Token, ...]]]:
    """Return the blocks of a parsed text, each with the tokens it was made of: one, or one for each cell of a row."""
    walk = _Walk()
    walk.run(tokens)
    return list(zip(walk.found, walk.origins, strict=True))


def markdown_parser() -> MarkdownIt:
    """Return a CommonMark parser that knows tables and footnote references (tokens of type source_reference)."""
    parser = MarkdownIt("commonmark", {"maxNesting": 50}).enable("table")
    parser.inline.ruler.before("link", "source_reference", _reference_rule)
    parser.block.ruler.before("reference", "source_definition", _definition_rule, {"alt": ["paragraph", "reference"]})
    return parser


def _reference_rule(state: StateInline, silent: bool) -> bool:
    """Take `[^id]` as a reference; the parser itself only knows links."""
    match = _REFERENCE.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("source_reference", "", 0).content = match[1]
    state.pos = match.end()
    return True


def _definition_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take `[^id]: text`, with the indented lines below it, as a footnote's own text."""
    if state.is_code_block(start):
        return False
    first = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    match = _DEFINITION.match(first)
    if match is None:
        return False
    if silent:
        return True
    last = start + 1
    while last < end and not state.isEmpty(last) and state.sCount[last] > state.blkIndent:
        last += 1
    lines = [first[match.end() :]]
    lines += [state.src[state.bMarks[n] + state.tShift[n] : state.eMarks[n]] for n in range(start + 1, last)]
    token = state.push("source_definition", "", 0)
    token.info = match[1]
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = "\n".join(lines).strip(), [start, last], []
    state.line = last
    return True


@dataclass
class _Walk:
    """Where a walk along the tokens stands."""

    lists: list[int | None] = field(default_factory=list)
    """For each open list the number of its next item; None for bullets."""
    lead: str | None = None
    """What the next paragraph starts with when it is the first of a list item; None when it is not."""
    header: list[str] = field(default_factory=list)
    row: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    in_cell: bool = False
    heading_level: int = 0
    pending: list[Token] = field(default_factory=list)
    """Tokens with text that is in no block yet."""
    found: list[Block] = field(default_factory=list)
    origins: list[tuple[Token, ...]] = field(default_factory=list)
    """For each block found, the tokens with its text."""

    def run(self, tokens: Sequence[Token]) -> None:
        """Find the blocks of a parsed document."""
        own_notes = {token.info for token in tokens if token.type == "source_definition"}
        for token in tokens:
            if token.type in ("inline", "fence", "code_block"):
                self.pending.append(token)
            self._lists(token)
            self._table(token)
            if token.type == "heading_open":
                self.heading_level = int(token.tag[1])
            elif token.type == "heading_close":
                self.heading_level = 0
            elif token.type in ("fence", "code_block"):
                self._add(" ".join(token.content.split()), ())
            elif token.type == "inline":
                text, sources = inline_text(token.children or [])
                self._inline(text, tuple(one for one in sources if one not in own_notes))

    def _lists(self, token: Token) -> None:
        """Follow lists and their items."""
        if token.type == "bullet_list_open":
            self.lists.append(None)
        elif token.type == "ordered_list_open":
            self.lists.append(int(token.attrGet("start") or 1))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif token.type == "list_item_open":
            number = self.lists[-1]
            self.lead = "" if number is None else f"{number}. "
            if number is not None:
                self.lists[-1] = number + 1
        elif token.type == "list_item_close":
            self.lead = None

    def _table(self, token: Token) -> None:
        """Follow tables; a row that closes becomes a block."""
        if token.type in ("th_open", "td_open", "th_close", "td_close"):
            self.in_cell = token.type.endswith("_open")
        elif token.type == "table_open":
            self.header, self.row = [], []
        elif token.type == "thead_close":
            self.header, self.row, self.pending = [text for text, _ in self.row], [], []
        elif token.type == "tr_close" and self.header and self.row:
            text = table_row(self.header, [cell for cell, _ in self.row])
            self._add(text, tuple(one for _, sources in self.row for one in sources), "table")
            self.row = []

    def _inline(self, text: str, sources: tuple[str, ...]) -> None:
        """Take the text of a heading, cell, item or paragraph."""
        if self.heading_level:
            self._add(text, sources, "heading", self.heading_level)
        elif self.in_cell:
            self.row.append((text, sources))
        elif self.lists and self.lead is not None:
            self._add(self.lead + text if text else "", sources, "item", len(self.lists))
            self.lead = None
        else:
            self._add(text, sources)

    def _add(self, text: str, sources: tuple[str, ...], kind: BlockKind = "paragraph", level: int = 0) -> None:
        """Add a block, or give the sources of one without text to the block before it."""
        if not text and sources and self.found:
            last = self.found[-1]
            self.found[-1] = replace(last, sources=tuple(dict.fromkeys((*last.sources, *sources))))
            self.origins[-1] += tuple(self.pending)
        elif text:
            self.found.append(Block(text, kind, level, tuple(dict.fromkeys(sources))))
            self.origins.append(tuple(self.pending))
        self.pending = []


def inline_text(tokens: Sequence[Token]) -> tuple[str, list[str]]:
    """Return the text without markup, and the ids of the references in it."""
    parts: list[str] = []
    sources: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        if token.type == "source_reference":
            sources.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type == "link_open":
            links.append((str(token.attrGet("href") or ""), len(parts)))
        elif token.type == "link_close":
            href, start = links.pop()
            parts.append(_address(href, "".join(parts[start:])))
        elif token.type == "html_inline":
            parts.append(_kept_of_tag(token.content))
        else:
            parts.append(token.content)
    text = " ".join(_CODE_FOR_BROWSERS.sub(" ", "".join(parts)).split())
    return (_SPACE_BEFORE_MARK.sub(r"\1", text) if sources else text), sources


def _kept_of_tag(tag: str) -> str:
    """Return a space for a line break, a mark for code that browsers run, and nothing for other tags."""
    if _LINE_BREAK_TAG.fullmatch(tag):
        return " "
    code = _CODE_TAG.match(tag)
    return "" if code is None else _CODE_CLOSES if code[1] else _CODE_OPENS


def _address(href: str, text: str) -> str:
    """Return what follows the text of a link; nothing for an address that the text already is."""
    bare = re.sub(r"^(?:https?://|mailto:)|/$", "", href)
    if not href or href.startswith("#") or bare == re.sub(r"^(?:https?://|mailto:)|/$", "", text.strip()):
        return ""
    return f" ({href})"
