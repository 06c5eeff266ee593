"""The data that flows between the stages; this module imports nothing of ours.

Offsets are character offsets into a document's canonical text: the cleaned text that is kept
in the index and that every citation points into.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
"""One embedding, shape (dimension,), unit length."""
Matrix = NDArray[np.float32]
"""Embeddings, shape (n, dimension), rows of unit length."""

Language = Literal["nl", "en", "und"]
"""ISO 639 code of a text; "und" (undetermined) is any language that is neither Dutch nor English."""

BlockKind = Literal["heading", "paragraph", "item", "table"]
ORIGINAL = "original"
"""Kind of a document that is a published source itself; its `sources` name that one."""
Status = Literal["answered", "partial", "refused", "clarify"]
Reason = Literal[
    "nothing_found",
    "insufficient",
    "conflicting",
    "out_of_scope",
    "unreadable_page",
    "unclear_question",
]


FaultKind = Literal["figure", "address", "name", "polarity", "condition"]
NoteKind = Literal["withheld", "aged", "no_model"]


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item or table row of a document, without markup."""

    text: str
    kind: BlockKind = "paragraph"
    level: int = 0
    """Depth of a heading (1 to 6) or of a list item (1 is outermost); 0 otherwise."""
    sources: tuple[str, ...] = ()
    """Ids in the source register of the published sources behind this block."""
    continues: bool = False
    """Whether the text runs on from the last block of the page before."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a PDF, or the whole of a format that has no pages."""

    blocks: tuple[Block, ...]
    number: int | None = None
    """Physical page, counted from 1; None for a format without pages."""
    label: str | None = None
    """What the file itself calls the page ("iv", "12"); None where it does not say."""
    quality: float = 1.0
    """Share of the page's text that reads as language, 0 to 1."""
    problem: str | None = None
    """Why the page could not be read, as one sentence; None when it was read."""


@dataclass(frozen=True, slots=True)
class Source:
    """A published source as the register describes it."""

    id: str
    title: str
    publisher: str
    date: str
    """ISO date, or "undated"."""
    language: str
    authority: Literal["A", "B", "C"]
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read: what a loader returns and cleaning repairs."""

    id: str
    """Path below the ingested root, with forward slashes."""
    title: str
    language: Language
    pages: tuple[Page, ...]
    sha256: str
    """Of the file's bytes (and of the metadata file beside a PDF)."""
    kind: str = "document"
    updated: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    sources: tuple[str, ...] = ()
    """Sources of blocks that name none themselves."""
    file_sha256: str | None = None
    """Of the file's own bytes, where people can be shown the file itself: a PDF."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a canonical text: one sentence, list item or table row."""

    start: int
    end: int
    kind: BlockKind = "paragraph"
    block: int = 0
    """Ordinal of the block in the document; sentences of one paragraph share it."""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage that is retrieved as a whole."""

    id: str
    document: str
    title: str
    kind: str
    language: Language
    headings: tuple[str, ...]
    """From the outermost heading to the one right above the passage; without the title."""
    section: int
    """Ordinal of the heading in the document, 0 before the first; twins share it."""
    text: str
    start: int
    end: int
    sentences: tuple[Span, ...]
    tokens: int
    """Length of text with title and headings, in the embedder's tokens."""
    page: int | None = None
    page_label: str | None = None

    @property
    def heading(self) -> str | None:
        """The heading right above the passage."""
        return self.headings[-1] if self.headings else None


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage; score is higher-is-better and comparable within one result list only."""

    chunk: Chunk
    score: float
    stage: Literal["dense", "lexical", "fused", "reranked"]
    row: int
    """Row of the chunk in the index."""
    similarity: float = 0.0
    """Cosine similarity of question and passage, -1 to 1."""
    coverage: float = 0.0
    """Share of the question's terms, weighted by rarity, that the passage contains, 0 to 1."""
    heading_similarity: float = 0.0
    """Cosine similarity of the question and the title with its headings."""
    sentence_similarities: tuple[float, ...] = ()
    """Cosine similarity of the question to each of the chunk's sentences, in order."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a passage that an answer uses."""

    chunk: Chunk
    span: Span
    score: float
    counterpart: Quote | None = None
    """A quote that says the same: of a published original, where this one refers to it, or the reverse."""

    @property
    def text(self) -> str:
        """The words of the quote, verbatim."""
        return self.chunk.text[self.span.start - self.chunk.start : self.span.end - self.chunk.start]


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote and where it stands: canonical_text[start:end] == quote."""

    marker: int
    document: str
    title: str
    heading: str | None
    page: int | None
    page_label: str | None
    quote: str
    start: int
    end: int
    sha256: str
    """Of the document that was ingested."""
    score: float
    language: Language
    sources: tuple[Source, ...] = ()
    quote_sha256: str = ""
    index: str = ""
    """Generation that the quote was read from."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer with the markers of the citations that support it."""

    text: str
    citations: tuple[int, ...]
    language: Language
    verified: bool | None = None
    """Result of the verifier; None while nothing has checked the sentence."""
    kind: BlockKind = "paragraph"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that a sentence asserts and the passages it cites do not."""

    kind: FaultKind
    words: str
    """Of the sentence; where it leaves out a "not" or a condition, those of the passage."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A sentence that is not shown, because the passages it cites do not hold what it asserts."""

    text: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What the assistant itself adds below an answer, in the language of the question."""

    kind: NoteKind
    text: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the passages found hold the answer."""

    probability: float
    """Calibrated, 0 to 1."""
    band: Literal["answered", "partial", "refused"]
    reason: Reason | None = None
    """Why not, where the band is not "answered"."""
    missing: tuple[str, ...] = ()
    """Words of the question that nothing found speaks of, as the question writes them."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done for a question at this moment."""

    stage: Literal["search", "answer"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    content: str
    refused: bool = False
    """Whether an assistant turn was a refusal; refusals do not feed the next search."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is searched for, beside what was asked."""

    question: str
    text: str
    """The standalone form of the question."""
    language: Language
    follow_up: bool = False


@dataclass(frozen=True, slots=True)
class UnreadPage:
    """A page that the index knows of but could not read."""

    document: str
    title: str
    page: int
    label: str | None
    problem: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says to one question."""

    question: str
    language: Language
    search_query: str
    status: Status
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    """Passages that came closest when the question was refused; never cited."""
    unread_pages: tuple[UnreadPage, ...] = ()
    """Pages that could not be read in the documents nearest to a refused question."""
    reason: Reason | None = None
    message: str = ""
    """What the assistant itself says before the sentences, or instead of them, in the language of the question."""
    notes: tuple[Note, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    confidence: float | None = None
    """Calibrated probability that the passages hold the answer; None where nothing is calibrated."""
    answerer: str = "extractive"
    index: str = ""
    timings: dict[str, float] = field(default_factory=dict)
    """Milliseconds per stage, and "total_ms"."""


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not taken, and why, as one sentence for people."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one run of ingest did."""

    generation: str
    documents: int
    chunks: int
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    duplicates: tuple[tuple[str, str], ...] = ()
    """Pairs (document, earlier document) with the same content; the later one is not taken."""
    refused: tuple[RefusedFile, ...] = ()
    unread_pages: tuple[UnreadPage, ...] = ()
    seconds: float = 0.0
    written: bool = True
    """False when nothing had changed and the live generation stays."""
