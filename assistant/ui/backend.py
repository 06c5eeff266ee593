"""What the page needs of the assistant behind it.

A protocol, so that the page can be built and served while the assistant itself is still loading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from assistant.index_rows import DocumentRow
from assistant.types import Answer, Progress, Sentence, Turn


class Backend(Protocol):
    """The assistant: answers, and the documents behind them."""

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer one question."""

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Progress | Sentence | Answer]:
        """Yield what is being done, each sentence, and last the whole answer."""

    def canonical_text(self, document_id: str) -> str:
        """Return the text that citations point into. Raises InputError for an unknown document."""

    def document(self, document_id: str) -> DocumentRow:
        """Return what the index knows of a document. Raises InputError for an unknown document."""


OpenBackend = Callable[[], Backend]
"""Returns the assistant, after waiting for it while it loads."""
