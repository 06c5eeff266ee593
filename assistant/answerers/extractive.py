"""Answer with sentences of the passages, word for word; no model, so nothing can be made up.

features.py says what speaks for a sentence, weights.py how much each of these counts, choice.py how
many sentences make an answer, lists.py what comes along with an item.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.answerers.asking import asked_of, question_terms
from assistant.answerers.choice import Choice, Ranking
from assistant.answerers.features import Candidate, candidates
from assistant.answerers.weights import worth
from assistant.lexical import terms
from assistant.question import Asked, compared_in, definitions_asked, parts_of
from assistant.settings import AnswererSettings
from assistant.types import Chunk, Hit, Language, Quote, SearchQuery


class ExtractiveAnswerer:
    """Choose the sentences that answer a question."""

    name = "extractive"

    def __init__(
        self,
        options: AnswererSettings,
        rarity: Callable[[str, Language], float],
        chunk_at: Callable[[int], Chunk | None],
        spread: float,
    ) -> None:
        """Take the shape of an answer and what the index knows.

        `rarity(term, language)` weighs a term, `chunk_at(row)` returns a passage or None beyond the
        last, `spread` is the standard deviation of the similarity of unrelated sentences.
        """
        self._options = options
        self._rarity = rarity
        self._chunk_at = chunk_at
        self._spread = spread

    def choose(self, query: SearchQuery, hits: Sequence[Hit]) -> list[Quote]:
        """Return the sentences of an answer in reading order, the one that answers best first.

        At most settings.max_sentences, where a list counts as one. Empty when there are no hits.
        """
        if not hits:
            return []
        choice = Choice(self._chunk_at, self._options.max_sentences)
        whole = self._ranking(query, hits)
        compared, asked = compared_in(query.question), parts_of(query.question)
        if defined := definitions_asked(query.question, query.language):
            rankings = [self._ranking(SearchQuery(one, one, query.language), hits) for one in defined]
            choice.compare(rankings)
            choice.set_against([frozenset(terms(one, query.language)) for one in compared], whole)
        elif compared:
            choice.answer_parts([whole])
            choice.compare([self._ranking(_part(query, one), hits) for one in compared])
        elif len(asked) > 1:
            choice.answer_parts([self._ranking(_in_turn(query, asked, n), hits) for n in range(len(asked))])
        if not defined:
            choice.fill(whole, question_terms(query, hits[0].chunk.language, self._rarity))
        return [quote for quotes in _in_reading_order(choice.groups, whole.asked) for quote in quotes]

    def _ranking(self, query: SearchQuery, hits: Sequence[Hit]) -> Ranking:
        """Return all sentences of the hits, best first."""
        found = candidates(query, hits, self._rarity, self._spread)
        ranked = sorted(((worth(one), one) for one in found), key=lambda pair: -pair[0])
        own = frozenset(terms(query.question, query.language))
        return Ranking(asked_of(query.question), own, [one for _, one in ranked], [value for value, _ in ranked])


def _part(query: SearchQuery, part: str) -> SearchQuery:
    """Return a part of a question; the rest is to it what the questions before are to a follow-up."""
    return SearchQuery(part, query.text, query.language, follow_up=True)


def _in_turn(query: SearchQuery, parts: Sequence[str], number: int) -> SearchQuery:
    """Return one of the parts of a question; it leans on the first, as "who carried it out" does on "who paid it"."""
    if number == 0 and not query.follow_up:
        return SearchQuery(parts[0], parts[0], query.language)
    context = query.text if query.follow_up else f"{parts[number]} {parts[0]}"
    return SearchQuery(parts[number], context, query.language, follow_up=True)


def _in_reading_order(groups: list[tuple[Candidate, list[Quote]]], asked: Asked) -> list[list[Quote]]:
    """Return the best sentence first, then the others of its passage, then those of the next passages.

    Where a list is asked for, the best list is the best.
    """
    if not groups:
        return []
    if asked is Asked.LIST:
        groups = sorted(groups, key=lambda group: len(group[1]) == 1)
    order = list(dict.fromkeys(candidate.hit.row for candidate, _ in groups))
    rest = sorted(groups[1:], key=lambda group: (order.index(group[0].hit.row), group[0].quote.span.start))
    return [groups[0][1], *(quotes for _, quotes in rest)]
