"""Passages and hits for tests, built from plain sentences, and a register with one source."""

from assistant.types import BlockKind, Chunk, Hit, Language, Span

SOURCES = """
nlaic-2023:
  title: Resultaten pilot
  publisher: NL AIC
  date: 2023-12-20
  language: nl
  url: https://example.org/resultaten
  authority: A
"""


def chunk(
    *sentences: str | tuple[str, BlockKind],
    document: str = "programme/pilot.nl.md",
    language: Language = "nl",
    headings: tuple[str, ...] = ("Geld",),
    start: int = 0,
) -> Chunk:
    """Return a passage of these sentences; a (text, kind) pair is a block of that kind."""
    spans, parts, offset = [], [], start
    for block, one in enumerate(sentences):
        text, kind = one if isinstance(one, tuple) else (one, "paragraph")
        spans.append(Span(offset, offset + len(text), kind, block, sources=("s1",)))
        parts.append(text)
        offset += len(text) + 1
    whole = "\n".join(parts)
    return Chunk(
        f"{document}:{start}", document, "De pilot", "programme", language, headings, 1, whole, start,
        start + len(whole), tuple(spans), 50,
    )  # fmt: skip


def hit(made: Chunk, *similarities: float, score: float = 5.0, row: int = 0) -> Hit:
    """Return a hit with the question's similarity to each sentence."""
    best = max(similarities, default=0.0)
    return Hit(made, score, "fused", row, best, 0.5, best, similarities)
