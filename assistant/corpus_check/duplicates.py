"""Documents that say nearly the same, and sentences that stand in the corpus twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from assistant.corpus_check.documents import PlacedDocument
from assistant.corpus_check.findings import Finding
from assistant.corpus_check.wording import shortened

SHINGLE_WORDS = 5
NEAR_DUPLICATE = 0.3
"""Documents of one corpus share names, not sentences: two written apart, even on one subject, hardly pass 0.1. With
resemblance r, two documents of one length share 2r / (1 + r) of their shingles: almost half of them at 0.3."""
MIN_SHINGLES = 20
"""Of documents with fewer, one sentence in common decides; that is found as such."""
MIN_SENTENCE_WORDS = 4
"""Shorter ones ("Ja.", "Zie de bron.") say nothing of their own."""
_WORD = re.compile(r"\w+")


def check_duplicates(documents: Iterable[PlacedDocument]) -> Iterator[Finding]:
    """Yield pairs of near-duplicates and repeated sentences among documents of one language."""
    ordered = sorted(documents, key=lambda document: document.file)
    for language in ("nl", "en"):
        members = [document for document in ordered if document.language == language]
        yield from _near_duplicates(members)
        yield from _same_sentences(members)


def resemblance(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the Jaccard index of two sets of shingles, |A ∩ B| / |A ∪ B|, from 0 to 1.

    A. Z. Broder, On the resemblance and containment of documents, Compression and Complexity of Sequences 1997,
    pp. 21-29. The sets are small enough to compare whole, so nothing is sampled (no MinHash).
    """
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def shingles(texts: Iterable[str]) -> frozenset[int]:
    """Return the hashes of all runs of SHINGLE_WORDS words within a text; a shorter text is one run."""
    found: set[int] = set()
    for text in texts:
        words = tuple(_WORD.findall(text.casefold()))
        runs = max(1, len(words) - SHINGLE_WORDS + 1)
        found.update(hash(words[n : n + SHINGLE_WORDS]) for n in range(runs) if words)
    return frozenset(found)


def _near_duplicates(documents: Sequence[PlacedDocument]) -> Iterator[Finding]:
    """Yield a finding on the later document of each pair that is too much alike."""
    sets = {document.file: shingles(block.text for block in document.blocks) for document in documents}
    for first, second in combinations(documents, 2):
        alike = resemblance(sets[first.file], sets[second.file])
        if alike >= NEAR_DUPLICATE and min(len(sets[first.file]), len(sets[second.file])) >= MIN_SHINGLES:
            yield Finding(
                second.file,
                1,
                "near-duplicate",
                f"the text is nearly that of {first.file} (resemblance {alike:.2f}, limit {NEAR_DUPLICATE}); "
                "remove one, or say in each only what the other does not.",
            )


def _same_sentences(documents: Sequence[PlacedDocument]) -> Iterator[Finding]:
    """Yield a finding on each sentence that stands at an earlier place too."""
    seen: dict[tuple[str, ...], str] = {}
    for document in documents:
        for block in document.blocks:
            if block.kind == "heading":
                continue
            for sentence in [block.text] if block.kind == "table" else block.sentences:
                words = tuple(_WORD.findall(sentence.casefold()))
                if len(words) < MIN_SENTENCE_WORDS:
                    continue
                earlier = seen.setdefault(words, f"{document.file}:{block.line}")
                if earlier != f"{document.file}:{block.line}":
                    yield Finding(
                        document.file,
                        block.line,
                        "same-sentence",
                        f"the sentence “{shortened(sentence)}” stands in {earlier} too; remove one or say more in it.",
                    )
