"""Sentences: short enough, and clear without the sentence before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.corpus_check.documents import PlacedBlock, PlacedDocument
from assistant.corpus_check.findings import Finding
from assistant.corpus_check.openings import dangling_opening

MAX_WORDS = 30
_COUNTS_AS_WORD = re.compile(r"\w")
_SHOWN = 60


def check_wording(document: PlacedDocument) -> Iterator[Finding]:
    """Yield the sentences of a document that are too long, or that open with a word that points elsewhere."""
    for block in document.blocks:
        if block.kind != "heading":
            yield from _check_block(document, block)


def _check_block(document: PlacedDocument, block: PlacedBlock) -> Iterator[Finding]:
    """Yield what is wrong with the sentences of one block."""
    for sentence in block.sentences:
        words = sum(bool(_COUNTS_AS_WORD.search(word)) for word in sentence.split())
        if words > MAX_WORDS:
            yield Finding(
                document.file,
                block.line,
                "long-sentence",
                f"the sentence “{shortened(sentence)}” has {words} words and the limit is {MAX_WORDS}; split it.",
            )
        opening = dangling_opening(sentence, document.language)
        if opening:
            yield Finding(
                document.file,
                block.line,
                "dangling",
                f"the sentence “{shortened(sentence)}” opens with “{opening}”, which points at another sentence; "
                "name what is meant.",
            )


def shortened(text: str) -> str:
    """Return the beginning of a text, as it is shown in a message."""
    return text if len(text) <= _SHOWN else text[:_SHOWN].rsplit(" ", 1)[0] + " …"
