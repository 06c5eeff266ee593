"""Repairs of text that a format or a scan has damaged, block by block; the structure stays."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.cleaning_rules import apply_rules
from assistant.loaders.draft import title_from_text
from assistant.types import Block, Document, Page

# One by one, and never by NFKC, which would make 25.0001 of "25.000¹" and m2 of "m²".
_CHARACTERS = str.maketrans(
    {
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
        "\ufb05": "st",
        "\ufb06": "st",
        "\u0133": "ij",
        "\u0132": "IJ",
        # Places for private use in which fonts keep theirs.
        "\uf001": "fi",
        "\uf002": "fl",
        # Bullets and arrows of the Symbol and Wingdings fonts.
        "\uf0b7": "•",
        "\uf0a7": "▪",
        "\uf0d8": "➢",
        "\uf0e0": "→",
    }
)
# Ligatures of Calibri that many programs save as letters which no Dutch or English word has.
CALIBRI_LIGATURES = {"\u019f": "ti", "\u01a9": "tt", "\u01ab": "tti", "\u014c": "ft"}
_CALIBRI_IN_WORD = re.compile("(?<=[a-z])[\u019f\u01a9\u01ab\u014c]|\u019f(?=[a-z])")
_BREAKS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_SPACES = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SOFT_HYPHEN = re.compile("\xad[ \t]*\n?[ \t]*|¬[ \t]*\n[ \t]*")
# Control and zero-width characters, directions, tags, variants, lone surrogates, non-characters:
# nobody sees them, and some carry hidden text.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN_WORD = re.compile("(?P<before>[\\w’'-]*?)(?P<left>[^\\W_]+)[-\u2010]\n(?P<right>[^\\W_]+)")
_BROKEN_ADDRESS = re.compile(r"((?:https?://|www\.)\S*)\n(?:(?=[%/?&=#]\S)|(?<=[/%?&=_]\n)(?=[\w%]))")
_SPACED_MARK = re.compile(r"(?<=[^\W\d]|[.?!)»”’]) ([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})(?=[\s.,;:)]|$)")
_SPACED_POINT = re.compile(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]) ([.,;:])(?=\s|$)")
_OPEN_END = re.compile("\\w[-\u2010]$")
_SUSPENDED = frozenset("en of and or tot to dan noch".split())
# Before these parts the hyphen belongs to the word; the second set inside a phrase only ("state-of-the-art").
_KEEPS_HYPHEN = frozenset("niet non pseudo quasi self".split())
_KEEPS_HYPHEN_IN_PHRASE = frozenset("aan and de en het in of on op the to tot up van".split())


def clean(document: Document) -> Document:
    """Return the document with its text repaired, without blocks and pages that hold nothing."""
    pages = tuple(
        _with_texts(page, (repair_characters(block.text) for block in page.blocks)) for page in document.pages
    )
    document = apply_rules(replace(document, title=repair_characters(document.title), pages=pages))
    words = _vocabulary(document.pages)
    pages = tuple(
        _with_texts(page, (join_lines(block.text, words) for block in page.blocks))
        for page in _mend_page_ends(document.pages)
    )
    kept = tuple(page for page in pages if page.blocks or page.problem)
    # A title of characters that nobody sees would leave links to the document without words.
    title = join_lines(document.title, words).strip() or title_from_text(kept) or document.id
    return replace(document, title=title, pages=kept)


def repair_characters(text: str) -> str:
    """Return a text in NFC without ligatures, odd spaces and characters that cannot be seen."""
    text = _SOFT_HYPHEN.sub("", _BREAKS.sub("\n", text))
    text = _INVISIBLE.sub("", _SPACES.sub(" ", text))
    text = unicodedata.normalize("NFC", text).translate(_CHARACTERS)
    return _CALIBRI_IN_WORD.sub(lambda match: CALIBRI_LIGATURES[match.group()], text)


def join_lines(text: str, words: Counter[str]) -> str:
    """Return a text on one line, with words whole that were broken at a line's end.

    `words` counts the words of the whole document: the form that occurs elsewhere wins.
    """
    lines = "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())
    lines = _BROKEN_ADDRESS.sub(r"\1", lines)
    lines = _BROKEN_WORD.sub(lambda match: _mended(match, words), lines)
    return _close_up(lines.replace("\n", " "))


def _close_up(text: str) -> str:
    """Return a text in which marks of footnotes stand at their word, and points behind the marks."""
    return _SPACED_POINT.sub(r"\1\2", _SPACED_MARK.sub(r"\1", text))


def _mended(match: re.Match[str], words: Counter[str]) -> str:
    """Return the two parts of a broken word with, or without, the hyphen between them."""
    before, left, right = match["before"], match["left"], match["right"]
    following = match.string[match.end() : match.end() + 1]
    if right in _SUSPENDED and following in ("", " ", "\n") and not words[(left + right).lower()]:
        return f"{before}{left}- {right}"
    hyphen = "-" if _hyphen_belongs(before, left, right, words) else ""
    return f"{before}{left}{hyphen}{right}"


def _hyphen_belongs(before: str, left: str, right: str, words: Counter[str]) -> bool:
    """Tell whether the hyphen is part of the word, not of the line break."""
    if not right[0].islower() or left[-1].isdigit() or len(left) == 1 or left.isupper():
        return True
    joined, hyphened = words[f"{left}{right}".lower()], words[f"{left}-{right}".lower()]
    if joined != hyphened:
        return hyphened > joined
    if left.lower() in _KEEPS_HYPHEN or (before.endswith("-") and left in _KEEPS_HYPHEN_IN_PHRASE):
        return True
    # "na-apen", "co-operation", "pre-empt": no syllable ends between two equal vowels.
    return left[-1] == right[0] and right[0] in "aeou"


def _vocabulary(pages: Iterable[Page]) -> Counter[str]:
    """Count the words, in lower case, that stand whole within a line."""
    words: Counter[str] = Counter()
    for page in pages:
        for block in page.blocks:
            for line in block.text.split("\n"):
                found = _WORD.findall(line.rstrip().rstrip("-\u2010"))
                words.update(word.lower() for word in found)
    return words


def _mend_page_ends(pages: Sequence[Page]) -> Iterator[Page]:
    """Yield the pages; a word that runs over a page's end is moved whole to the page where it begins."""
    carried = ""
    for page, following in zip(pages, [*pages[1:], None], strict=True):
        texts = [block.text for block in page.blocks]
        if carried:
            texts[0] = texts[0][len(carried) :]
            carried = ""
        runs_on = texts and following is not None and following.blocks and following.blocks[0].continues
        if runs_on and following is not None and _OPEN_END.search(texts[-1]):
            carried = following.blocks[0].text.split(maxsplit=1)[0]
            texts[-1] = f"{texts[-1]}\n{carried}"
        yield _with_texts(page, texts)


def _with_texts(page: Page, texts: Iterable[str]) -> Page:
    """Return the page with new texts for its blocks, without those that hold nothing."""
    pairs = zip(page.blocks, texts, strict=True)
    return replace(page, blocks=tuple(_retext(block, text.strip()) for block, text in pairs if text.strip()))


def _retext(block: Block, text: str) -> Block:
    """Return the block with another text."""
    return block if text == block.text else replace(block, text=text)
