"""What a language model wrote, sentence by sentence, as far as its passages hold it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.answerers.drafts import Draft, is_readable
from assistant.answerers.generative import FailureKind, GenerativeAnswerer
from assistant.answerers.streaming import ModelFailure
from assistant.figures import figures_in
from assistant.language import detect_language
from assistant.lexical import terms, words
from assistant.names import Vocabulary, names_in
from assistant.pipeline.grounding import Grounding
from assistant.types import Hit, Language, Quote, SearchQuery, Turn, Withheld

_REPAIR_SHARE = 0.25
"""A repair begins only with this share of the time left."""
_SAME_TERMS = 0.8
_MOST_REPEATS = 3
"""A model that repeats itself more often has nothing more to say."""
_MOST_REPAIRED = 4
_LONGER = 3
"""A rewritten question is at most this many times as long as the one that was asked."""
_SHORT_QUESTION = 40
"""In characters: a shorter one ("en daarna?") counts as this long."""
_QUOTATION_MARKS = "\"'“”‘’„ "
_LABEL = re.compile(r"^\s*(?:vervolgvraag|vraag|question|follow-up)\s*:\s*", re.IGNORECASE)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence of the model that its passages hold."""

    text: str
    language: Language
    quotes: tuple[Quote, ...]
    """The sentences of the passages that hold what it says, the one that holds most first; never empty."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the writing ended."""

    declined: bool = False
    """Whether the model said that the passages do not hold the answer, and nothing that it wrote has passed."""
    failure: FailureKind | None = None
    """What went wrong; sentences that were written before stay good."""
    withheld: tuple[Withheld, ...] = ()


@dataclass(slots=True)
class _Round:
    """What came of one reply."""

    failed: list[Withheld] = field(default_factory=list)
    passed: int = 0
    declined: bool = False
    unreadable: bool = False
    failure: FailureKind | None = None


class _Writing:
    """One answer while it is written."""

    def __init__(self, model: GenerativeAnswerer, query: SearchQuery, hits: Sequence[Hit]) -> None:
        self._conversation = model.converse(query, hits)
        self._grounding = Grounding(self._conversation.passages, model.embedder)
        self._language: Language = "nl" if query.language == "nl" else "en"
        self._room = model.max_sentences
        self._said: list[str] = []

    def events(self) -> Iterator[Written | Outcome]:
        """Yield sentences as they pass, and last the outcome."""
        if not self._conversation.passages:
            yield Outcome(declined=True)
            return
        first = _Round()
        yield from self._passing(self._conversation.drafts(), first)
        last = first
        if self._may_repair(first):
            last = _Round(declined=first.declined)
            again = [(one.text, [fault.words for fault in one.faults]) for one in first.failed[:_MOST_REPAIRED]]
            yield from self._passing(self._conversation.repaired(again), last)
        yield self._outcome(first, last)

    def _may_repair(self, first: _Round) -> bool:
        """Tell whether the model may write again what failed."""
        time_left = self._conversation.clock.share_left >= _REPAIR_SHARE
        return bool(first.failed) and first.failure is None and self._room > 0 and time_left

    def _passing(self, drafts: Iterable[Draft], done: _Round) -> Iterator[Written]:
        """Yield the sentences of one reply that pass, and note what became of the others."""
        repeats = 0
        try:
            for draft in drafts:
                if draft.declines:
                    done.declined = True
                    if not self._said and not done.failed:
                        return
                    continue
                if self._is_said(draft.text):
                    repeats += 1
                    if repeats > _MOST_REPEATS:
                        return
                    continue
                if (written := self._written(draft, done)) is not None:
                    self._said.append(written.text)
                    done.passed += 1
                    self._room -= 1
                    yield written
                if self._room == 0:
                    return
        except ModelFailure as failure:
            done.failure = failure.kind

    def _written(self, draft: Draft, done: _Round) -> Written | None:
        """Return a sentence that passes; note one that does not."""
        if not is_readable(draft.text, self._language):
            done.unreadable = True
            return None
        ground = self._grounding.ground(draft.text, self._language, draft.markers)
        if ground.quotes:
            return Written(draft.text, self._language, ground.quotes)
        done.failed.append(Withheld(draft.text, ground.faults))
        return None

    def _is_said(self, text: str) -> bool:
        """Tell whether a sentence says nothing that an earlier one does not."""
        stems = frozenset(terms(text, self._language))
        figures = _figures(text, self._language)
        for earlier in self._said:
            said = frozenset(terms(earlier, self._language))
            shared = len(stems & said) / len(stems) if stems else 1.0
            if shared >= _SAME_TERMS and figures <= _figures(earlier, self._language):
                return True
        return False

    def _outcome(self, first: _Round, last: _Round) -> Outcome:
        """Put the rounds together."""
        # What was written once more took the place of what failed; a second reply without a word that passes did not.
        withheld = tuple(last.failed or ([] if last is not first and last.passed else first.failed))
        if self._said:
            return Outcome(failure=last.failure, withheld=withheld)
        if last.failure is not None or first.declined or last.declined:
            return Outcome(declined=last.declined and last.failure is None, failure=last.failure, withheld=withheld)
        return Outcome(failure="unsupported" if withheld else "garbage", withheld=withheld)


def write(model: GenerativeAnswerer, query: SearchQuery, hits: Sequence[Hit]) -> Iterator[Written | Outcome]:
    """Yield sentences of an answer as they pass, and last, exactly once, the outcome.

    Never raises for what the model or its server does.
    """
    yield from _Writing(model, query, hits).events()


def rewrite(model: GenerativeAnswerer, query: SearchQuery, history: Sequence[Turn]) -> str | None:
    """Return a follow-up in words of its own; None where the model has none that can be relied on.

    What it makes of the question must be one question in the same language, must keep its figures and names, and may
    bring in only those of the conversation.
    """
    if not query.follow_up or not history:
        return None
    text = _LABEL.sub("", model.rewritten(query, history).strip()).strip(_QUOTATION_MARKS)
    return text if _is_faithful(text, query, history) else None


def _is_faithful(text: str, query: SearchQuery, history: Sequence[Turn]) -> bool:
    """Tell whether a rewritten question asks what was asked."""
    language = query.language
    asked = query.question
    if not text or "\n" in text or len(text) > _LONGER * max(len(asked), _SHORT_QUESTION):
        return False
    if not is_readable(text, language) or detect_language(text, default=language) != language:
        return False
    conversation = " \n".join([asked, *(turn.content for turn in history)])
    kept = _figures(asked, language) <= _figures(text, language) and _names(asked, language) <= set(words(text))
    known = _figures(text, language) <= _figures(conversation, language)
    return kept and known and _names(text, language) <= set(words(conversation))


def _figures(text: str, language: Language) -> frozenset[object]:
    """Return the figures of a text by their values."""
    return frozenset(figure.key for figure in figures_in(text, language))


def _names(text: str, language: Language) -> set[str]:
    """Return the words of names in a text, as they are compared."""
    own: Language = "nl" if language == "nl" else "en"
    return {word for start, end in names_in(text, own, Vocabulary()) for word in words(text[start:end])}
