"""Retrieval on a question set that somebody else made, per direction of languages and per leg.

Scored are the questions of which the set names a relevant passage. A question with a history is
searched for in its standalone form, as in the product. Where the passages are pages of documents, a
chunk counts for the page of the document that it begins on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from statistics import fmean

from assistant.conversation import to_search_query
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.types import Language
from evals.external_set import QuestionSet, SetQuestion, Share
from evals.metrics import Interval, bootstrap_interval, hit, reciprocal_rank

LEGS = ("dense", "lexical", "fused")
_DEPTH = 10
_SEARCHED = 200
"""Passages asked for before those of the other language, and further passages of a document, are left out."""
_SEED = 1
"""Fixes the resamples of the intervals."""
_LANGUAGES: Mapping[str, Language] = {"nl": "nl", "en": "en"}


@dataclass(frozen=True, slots=True)
class DirectionScore:
    """Scores of one leg for questions in one language and passages in another."""

    asked_in: str
    answered_in: str
    leg: str
    questions: int
    mrr: float
    """Mean reciprocal rank at 10."""
    mrr_interval: Interval | None
    """95%, bootstrap."""
    hits_at_5: Share
    """Questions with a relevant passage among the first five."""

    @property
    def hit_at_5(self) -> float:
        """Share of questions with a relevant passage among the first five."""
        return self.hits_at_5.value or 0.0


def measure(questions: QuestionSet, settings: Settings) -> Iterator[DirectionScore]:
    """Yield the score of each direction and leg on the index that the settings name."""
    keys = questions.keys()
    language_of = {key: language for (_, language), key in keys.items()}
    asked = questions.with_passage
    for leg in LEGS:
        assistant = Assistant.open(_with_leg(settings, leg))
        for asked_in in sorted({question.language for question in asked}):
            asked_now = [question for question in asked if question.language == asked_in]
            ranked = [_ranked(assistant, questions, question) for question in asked_now]
            for language in questions.languages:
                lists = [[one for one in found if language_of.get(one) == language] for found in ranked]
                relevant = [
                    {keys[one, language] for one in question.relevant if (one, language) in keys}
                    for question in asked_now
                ]
                yield _score(asked_in, language, leg, lists, relevant)
        assistant.close()


def _with_leg(settings: Settings, leg: str) -> Settings:
    """Return the settings with one leg of the retriever switched on."""
    return settings.model_copy(update={"retriever": settings.retriever.model_copy(update={"mode": leg})})


def _ranked(assistant: Assistant, questions: QuestionSet, question: SetQuestion) -> list[str]:
    """Return the keys of the passages found for a question, each once, best first."""
    query = to_search_query(question.text, question.history)
    # The set knows the language of its questions; a detector may not, on three words.
    query = replace(query, language=_LANGUAGES.get(question.language, "und"))
    hits = assistant.retriever.search(query, _SEARCHED)
    return list(dict.fromkeys(questions.key_of(hit.chunk) for hit in hits))


def _score(
    asked: str, answered: str, leg: str, lists: Sequence[Sequence[str]], relevant: Sequence[Set[str]]
) -> DirectionScore:
    """Average the metrics of one direction."""
    pairs = list(zip(lists, relevant, strict=True))
    ranks = [reciprocal_rank(found, wanted, _DEPTH) for found, wanted in pairs]
    hits = Share(sum(hit(found, wanted, 5) == 1 for found, wanted in pairs), len(pairs))
    return DirectionScore(asked, answered, leg, len(pairs), fmean(ranks), bootstrap_interval(ranks, _SEED), hits)
