"""What the page needs of the assistant behind it.

A protocol, so that the page can be built and served while the assistant itself is still loading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import IO, Protocol

from assistant.catalogue import Catalogue
from assistant.index_rows import DocumentRow
from assistant.pictures.drawing import PagePicture
from assistant.receipts import Receipt, Recheck
from assistant.suggestions import Examples
from assistant.types import Answer, Hit, Language, Progress, Sentence, Turn


class Backend(Protocol):
    """The assistant: answers, and the documents behind them."""

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer one question."""

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Progress | Sentence | Answer]:
        """Yield what is being done, each sentence, and last the whole answer."""

    def search(self, question: str, k: int | None = None, history: Sequence[Turn] = ()) -> list[Hit]:
        """Return the best passages for a question, best first."""

    @property
    def generation(self) -> str:
        """Name of the generation that questions are answered from. Raises StoreError."""

    def canonical_text(self, document_id: str) -> str:
        """Return the text that citations point into. Raises InputError for an unknown document."""

    def document(self, document_id: str) -> DocumentRow:
        """Return what the index knows of a document. Raises InputError for an unknown document."""

    def suggestions(self, answer: Answer, before: Sequence[Answer] = ()) -> tuple[str, ...]:
        """Return questions to ask after an answer; `before` are the answers that were given earlier."""

    def examples(self, language: Language) -> Examples:
        """Return questions that are answered, by kind of document."""

    def catalogue(self) -> Catalogue:
        """Return what the assistant has read, to look through."""

    def recheck(self, receipt: Receipt) -> Recheck:
        """Hold an earlier citation against the documents as they are now."""

    def open_file(self, document_id: str) -> IO[bytes] | None:
        """Open the PDF that a document was read from; None for another format. Raises InputError or IndexDamaged."""

    def page_picture(self, document_id: str, page: int, passage: tuple[int, int] | None = None) -> PagePicture:
        """Draw a page of a PDF, with the words between two offsets marked. Raises InputError, PictureUnavailable."""


OpenBackend = Callable[[], Backend]
"""Returns the assistant, after waiting for it while it loads."""
