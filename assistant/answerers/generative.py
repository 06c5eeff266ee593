"""Draft answers with a language model; what of a draft may be said is decided elsewhere.

The model reads numbered passages as data, and writes a few short sentences with the numbers behind them. It may say
that the passages hold no answer. What it does not get right it may write once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage

from assistant.answerers.chat_models import load_chat_model
from assistant.answerers.drafts import Draft, drafts
from assistant.answerers.numbered import Numbered, as_blocks, numbered
from assistant.answerers.prompts import as_data, messages
from assistant.answerers.streaming import Clock, FailureKind, ModelFailure, stream_text
from assistant.embedder import Embedder
from assistant.settings import LlmSettings, Settings
from assistant.types import Hit, Language, SearchQuery, Turn

__all__ = ["Conversation", "FailureKind", "GenerativeAnswerer"]

_TURNS = 4
_LONGEST_TURN = 300
"""In characters: of a long reply its beginning is enough to know what a follow-up points at."""
_REWRITE_SHARE = 0.25
"""Of the time for a whole answer, at most."""
_LONGEST_REWRITE = 400


class GenerativeAnswerer:
    """A chat model with the prompts and limits of this assistant; can be used by several threads."""

    def __init__(self, chat: BaseChatModel, settings: Settings, name: str, embedder: Embedder | None = None) -> None:
        """Take a chat model; `name` is what answers call it, the embedder compares Dutch with English."""
        self.name = name
        self.limits: LlmSettings = settings.llm
        self.max_sentences = settings.answerer.max_sentences
        self.embedder = embedder
        self._chat = chat

    @classmethod
    def open(cls, settings: Settings, embedder: Embedder | None = None) -> GenerativeAnswerer | None:
        """Load the model of the settings; None where they name none. Raises ModelError."""
        model = settings.llm.model
        if model is None:
            return None
        return cls(load_chat_model(model, settings.llm), settings, f"generative ({Path(model).name})", embedder)

    def converse(self, query: SearchQuery, hits: Sequence[Hit]) -> Conversation:
        """Begin to answer a question from passages; the time for it counts from here."""
        return Conversation(self, self._chat, query, numbered(hits, self.limits))

    def rewritten(self, query: SearchQuery, history: Sequence[Turn]) -> str:
        """Return what the model makes of a follow-up, unchecked; "" where nothing comes in time."""
        said = [f"{turn.role}: {as_data(turn.content[:_LONGEST_TURN])}" for turn in history[-_TURNS:]]
        prompt = messages("rewrite", query.language, conversation="\n".join(said), question=as_data(query.question))
        text = ""
        try:
            for piece in stream_text(
                self._chat, prompt, Clock(self.limits, _REWRITE_SHARE * self.limits.total_seconds)
            ):
                text += piece
                if len(text) > _LONGEST_REWRITE:
                    break
        except ModelFailure:
            return ""
        return text


class Conversation:
    """One answer in the making: the question, its passages, and what the model has said so far."""

    def __init__(
        self, answerer: GenerativeAnswerer, chat: BaseChatModel, query: SearchQuery, passages: tuple[Numbered, ...]
    ) -> None:
        """Take the parts; `GenerativeAnswerer.converse` puts them together."""
        self.passages = passages
        self.clock = Clock(answerer.limits)
        self._chat = chat
        self._max_tokens = answerer.limits.max_tokens
        self._language: Language = query.language
        self._messages = messages(
            "answer",
            query.language,
            sentences=str(answerer.max_sentences),
            passages=as_blocks(passages),
            question=as_data(_asked(query)),
        )
        self._said: list[str] = []

    def drafts(self) -> Iterator[Draft]:
        """Yield the sentences of the first reply. Raises ModelFailure."""
        yield from self._reply(self._messages)

    def repaired(self, failed: Sequence[tuple[str, Sequence[str]]]) -> Iterator[Draft]:
        """Yield the sentences of a second reply, given those that failed with their words at fault.

        Raises ModelFailure.
        """
        lines = [f"- {as_data(text)}{_faults(words)}" for text, words in failed]
        again: list[BaseMessage] = messages("repair", self._language, faults="\n".join(lines))
        yield from self._reply([*self._messages, AIMessage("\n".join(self._said)), *again])

    def _reply(self, prompt: Sequence[BaseMessage]) -> Iterator[Draft]:
        """Yield the sentences of a reply, and keep them in the form that the prompt asks for."""
        for draft in drafts(stream_text(self._chat, prompt, self.clock), self._max_tokens):
            self.clock.sentence()
            self._said.append(as_data(draft.text) + "".join(f" [{number}]" for number in draft.markers))
            yield draft


def _asked(query: SearchQuery) -> str:
    """Return the question as the model reads it; a follow-up with what it leans on."""
    if not query.follow_up or query.text.strip() == query.question.strip():
        return query.question
    return f"{query.question}\n({query.text})"


def _faults(words: Sequence[str]) -> str:
    """Return the words at fault as they follow a sentence."""
    return f" ({', '.join(as_data(word) for word in words)}?)" if words else ""
