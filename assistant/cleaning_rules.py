"""Repairs that are right for one source only, kept as data and matched by what stands in the text."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from assistant.errors import SettingsError
from assistant.types import Block, Document, Page

_FOLDER = Path(__file__).parent / "data" / "cleaning"


class _Rule(BaseModel):
    """A part of a rule file; an unknown name is an error, not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Replacement(_Rule):
    """A regular expression and what takes its place; case counts."""

    wrong: str = Field(min_length=1)
    right: str

    @field_validator("wrong")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"{value} is no regular expression: {error}") from error
        return value


class Piece(_Rule):
    """One heading or paragraph, or a list; lines are numbered from 1, blank ones not counted."""

    heading: str | None = None
    paragraph: str | None = None
    items: tuple[str, ...] | None = None
    level: int = Field(1, ge=1, le=6)

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if sum(part is not None for part in (self.heading, self.paragraph, self.items)) != 1:
            raise ValueError("a piece is either a heading, or a paragraph, or items")
        return self

    def blocks(self, lines: Sequence[str], bullets: re.Pattern[str] | None) -> Iterator[Block]:
        """Yield the blocks that the lines make."""
        if self.heading is not None:
            yield Block(_taken(lines, self.heading), "heading", self.level)
        elif self.paragraph is not None:
            yield Block(_taken(lines, self.paragraph))
        for item in self.items or ():
            text = _taken(lines, item)
            yield Block(bullets.sub("", text, count=1) if bullets else text, "item", self.level)

    @property
    def spans(self) -> tuple[str, ...]:
        """Every stretch of lines that the piece takes."""
        return self.items or tuple(one for one in (self.heading, self.paragraph) if one is not None)


class Layout(_Rule):
    """The reading order of a text whose columns and boxes were read across."""

    letters_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    """Of the letters and digits of the damaged text, in order: only this text is laid out anew."""
    pieces: tuple[Piece, ...]
    dropped: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _takes_each_line_once(self) -> Self:
        spans = [span for piece in self.pieces for span in piece.spans] + list(self.dropped)
        taken = Counter(number for span in spans for number in _numbers(span))
        wrong = [number for number in range(1, max(taken, default=0) + 1) if taken[number] != 1]
        if wrong:
            raise ValueError(f"line {wrong[0]} is taken {taken[wrong[0]]} times, and has to be once")
        return self

    def fits(self, lines: Sequence[str]) -> bool:
        """Tell whether these are the lines of the damaged text: the same letters, broken at the same places."""
        last = max(
            number
            for span in (*self.dropped, *(s for piece in self.pieces for s in piece.spans))
            for number in _numbers(span)
        )
        return len(lines) == last and _letters_sha256(lines) == self.letters_sha256


class SourceRules(_Rule):
    """All repairs for one source."""

    contains: tuple[str, ...] = Field(min_length=1)
    """Regular expressions that all have to be found in the text."""
    title: str | None = None
    bullets: str | None = None
    """Regular expression of what the scan made of a bullet, at the start of a line."""
    replacements: tuple[Replacement, ...] = ()
    layout: Layout | None = None

    def fits(self, text: str) -> bool:
        """Tell whether the rules are meant for this text."""
        return all(re.search(pattern, text) for pattern in self.contains)


def apply_rules(document: Document) -> Document:
    """Return the document with the repairs for its source; most documents have none."""
    text = "\n".join(block.text for page in document.pages for block in page.blocks)
    for rules in _all_rules():
        if rules.fits(text):
            document = _repaired(document, rules)
    return document


def _repaired(document: Document, rules: SourceRules) -> Document:
    """Return the document in its reading order and with its letters put right."""
    bullets = re.compile(rules.bullets) if rules.bullets else None
    pages = document.pages
    lines = [line.strip() for page in pages for block in page.blocks for line in block.text.split("\n")]
    if rules.layout is not None and rules.layout.fits(lines):
        blocks = [block for piece in rules.layout.pieces for block in piece.blocks(lines, bullets)]
        pages = (Page(blocks=tuple(blocks)),)
    elif bullets:
        pages = tuple(replace(page, blocks=tuple(_itemised(page.blocks, bullets))) for page in pages)
    pages = tuple(
        replace(page, blocks=tuple(replace(block, text=_replaced(block.text, rules)) for block in page.blocks))
        for page in pages
    )
    return replace(document, title=rules.title or _replaced(document.title, rules), pages=pages)


def _itemised(blocks: Sequence[Block], bullets: re.Pattern[str]) -> Iterator[Block]:
    """Yield the blocks, paragraphs cut into items where a line begins with a bullet."""
    for block in blocks:
        groups: list[list[str]] = [[]]
        for line in block.text.split("\n"):
            if bullets.match(line) and block.kind != "heading":
                groups.append([])
            groups[-1].append(line)
        if groups[0]:
            yield replace(block, text="\n".join(groups[0]))
        for group in groups[1:]:
            yield replace(block, text=bullets.sub("", "\n".join(group), count=1), kind="item", level=1)


def _replaced(text: str, rules: SourceRules) -> str:
    """Return a text with every replacement made, in order."""
    for replacement in rules.replacements:
        text = re.sub(replacement.wrong, replacement.right, text)
    return text


def _letters_sha256(lines: Sequence[str]) -> str:
    """Return the digest of the letters and digits of all lines; spaces, marks and breaks do not count."""
    letters = "".join(character for line in lines for character in line if character.isalnum())
    return hashlib.sha256(letters.encode("utf-8")).hexdigest()


def _taken(lines: Sequence[str], span: str) -> str:
    """Return the lines of a span such as "3-5,9"."""
    return "\n".join(lines[number - 1] for number in _numbers(span))


def _numbers(span: str) -> Iterator[int]:
    """Yield the line numbers of a span."""
    for part in span.split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


@lru_cache(maxsize=1)
def _all_rules() -> tuple[SourceRules, ...]:
    """Read every rule file; raises SettingsError that names the file and the fault."""
    return tuple(read_rules(path) for path in sorted(_FOLDER.glob("*.yaml")))


def read_rules(path: Path) -> SourceRules:
    """Read one rule file; raises SettingsError that names the file and the fault."""
    try:
        return SourceRules.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"The cleaning rules in {path} cannot be used: {place}: {first['msg']}; correct it."
        ) from error
    except (ValueError, yaml.YAMLError, OSError) as error:
        raise SettingsError(f"The cleaning rules in {path} cannot be read: {error}; correct them.") from error
