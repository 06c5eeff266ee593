"""What can be measured of a question and the passages found for it, as plain numbers.

A signal is scaled so that it means the same in a small and a large index and for any embedder:
similarities in standard deviations above those of unrelated texts, terms by their share of the
rarity of a term that no passage holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from statistics import fmean

from assistant.answerability.knowledge import Knowledge
from assistant.answerability.reading import Held, ReadPassage, ReadSentence, read, together
from assistant.answerability.slots import FILLED, PERHAPS, Slot, fits, read_figures, slot_of
from assistant.answerability.terms import Term, coverage, holds_term, question_terms, stems_of
from assistant.types import Hit, Quote, SearchQuery

Signals = dict[str, float]
_LEADERS = 3
_READ_CLOSELY = 20
"""Sentences, best first, that are searched for what a question asks."""
_FARTHEST = 8.0
_POOL = 10


def measure(query: SearchQuery, hits: Sequence[Hit], quotes: Sequence[Quote], knowledge: Knowledge) -> Signals:
    """Return all signals of a question; needs a hit with a sentence or more."""
    asked = question_terms(query, knowledge)
    passages = read(hits, asked, knowledge)
    slot = slot_of(query, asked, knowledge, (hit.chunk.text for hit in hits))
    anchor = _anchor(passages, quotes, slot)
    return {
        **_question(asked),
        **_similarities(hits, knowledge),
        **_ranking(hits),
        **_anchored(anchor, knowledge),
        **_coverages(asked, passages, anchor),
        **_slots(slot, passages, anchor, quotes),
        **_given(slot, passages, anchor),
        **_nouns(slot, passages, anchor, quotes),
        "told_to_lack": max(slot.told_to_lack(one) for one in [anchor.quote, *quotes]),
        "small": knowledge.small,
    }


def _question(asked: Sequence[Term]) -> Signals:
    """Return how much of a question the index does not know at all."""
    return {
        "unknown": sum(not term.known for term in asked) / max(1, len(asked)),
        "unknown_name": float(any(not term.known and term.name for term in asked)),
    }


def _anchor(passages: Sequence[ReadPassage], quotes: Sequence[Quote], slot: Slot) -> ReadSentence:
    """Return the sentence of the answer that best fills in what is asked, or else the one nearest to the question."""
    sentences = {(one.hit.chunk.id, one.quote.span): one for passage in passages for one in passage.sentences}
    chosen = [one for quote in quotes if (one := sentences.get((quote.chunk.id, quote.span)))]
    if not chosen:
        return max(sentences.values(), key=lambda one: one.near)
    return max(chosen[:2], key=lambda one: slot.filled(one.quote) * one.coverage)


def _similarities(hits: Sequence[Hit], knowledge: Knowledge) -> Signals:
    """Return how near the question is to sentences, passages and headings, and how far the nearest stand out."""
    sentences = sorted((max(hit.sentence_similarities) for hit in hits), reverse=True)
    passages = sorted((hit.similarity for hit in hits), reverse=True)
    headings = sorted((hit.heading_similarity for hit in hits), reverse=True)
    rest = sentences[_LEADERS:] or sentences[-1:]
    return {
        "near_sentence": knowledge.scaled(sentences[0]),
        "near_rest": knowledge.scaled(fmean(rest)),
        "near_passage": knowledge.scaled(passages[0]),
        "near_passages": knowledge.scaled(fmean(passages)),
        "near_heading": knowledge.scaled(headings[0]),
        "near_headings": knowledge.scaled(fmean(headings)),
        "lead_sentence": (sentences[0] - fmean(rest)) / knowledge.background.spread,
        "lead_passage": (passages[0] - passages[-1]) / knowledge.background.spread,
        "lead_heading": (headings[0] - fmean(headings[_LEADERS:] or headings[-1:])) / knowledge.background.spread,
    }


def _ranking(hits: Sequence[Hit]) -> Signals:
    """Return whether the legs of the search agree on the first hits.

    Not their scores: those are relative to the other candidates, of which a small index has few.
    """
    documents = [hit.chunk.document for hit in hits[:5]]
    nearest = max(range(len(hits)), key=lambda at: max(hits[at].sentence_similarities))
    covered = max(range(len(hits)), key=lambda at: hits[at].coverage)
    return {
        "term_match": max(hit.coverage for hit in hits),
        "rank_of_nearest": nearest / _POOL,
        "rank_of_covered": covered / _POOL,
        "score_top": hits[0].score,
        "score_lead": hits[0].score - fmean(hit.score for hit in hits),
        "legs_agree": float(nearest == covered),
        "below_heading": fmean(float(bool(hit.chunk.headings)) for hit in hits),
        "one_document": max(documents.count(one) for one in documents) / len(documents),
    }


def _anchored(anchor: ReadSentence, knowledge: Knowledge) -> Signals:
    """Return how near the answer's first sentence, its passage and its heading are."""
    return {
        "anchor_sentence": anchor.near,
        "anchor_passage": knowledge.scaled(anchor.hit.similarity),
        "anchor_heading": knowledge.scaled(anchor.hit.heading_similarity),
    }


def _coverages(asked: Sequence[Term], passages: Sequence[ReadPassage], anchor: ReadSentence) -> Signals:
    """Return which share of the question's terms is found, and how rare the rarest is that is not."""
    own = next(passage for passage in passages if passage.hit is anchor.hit)
    union = together(*(passage.held for passage in passages))
    sentences = list(chain.from_iterable(passage.sentences for passage in passages))
    return {
        "covered_anchor": anchor.coverage,
        "covered_heading": coverage(asked, own.above),
        "covered_passage": coverage(asked, own.held),
        "covered_all": coverage(asked, union),
        "covered_best": max(one.coverage for one in sentences),
        "covered_and_near": max(one.coverage * one.near for one in sentences),
        "lacking_anchor": _lacking(asked, anchor.held),
        "lacking_all": _lacking(asked, union),
        "name_lacking_anchor": _name_lacking(asked, anchor.held),
        "name_lacking_passage": _name_lacking(asked, own.held),
        "name_lacking_all": _name_lacking(asked, union),
    }


def _lacking(asked: Sequence[Term], held: Held) -> float:
    """Return the rarity of the rarest term that is not held."""
    return max((term.weight for term, value in zip(asked, held, strict=True) if not value), default=0.0)


def _name_lacking(asked: Sequence[Term], held: Held) -> float:
    """Return whether a name or number is not held."""
    return float(any(term.name and not value for term, value in zip(asked, held, strict=True)))


def _slots(slot: Slot, passages: Sequence[ReadPassage], anchor: ReadSentence, quotes: Sequence[Quote]) -> Signals:
    """Return whether what is asked for stands in the answer, and how far from the question the best place is."""
    ranked = sorted(chain.from_iterable(one.sentences for one in passages), key=lambda one: -one.worth)[:_READ_CLOSELY]
    filled = [(one, slot.filled(one.quote)) for one in ranked] if slot.checked else []
    best = ranked[0].worth
    surely = max((one.worth for one, how in filled if how == FILLED), default=best - _FARTHEST)
    perhaps = max((one.worth for one, how in filled if how >= PERHAPS), default=best - _FARTHEST)
    in_anchor = slot.filled(anchor.quote)
    in_quotes = max([in_anchor, *map(slot.filled, quotes)])
    open_anchor, open_quotes = (1 - in_anchor, 1 - in_quotes) if slot.checked else (0.0, 0.0)
    return {
        "open_anchor": open_anchor,
        "open_quotes": open_quotes,
        # A near miss: a sentence says all that the question says, and not what it asks.
        "open_covered_anchor": open_anchor * anchor.coverage,
        "open_covered_quotes": open_quotes * anchor.coverage,
        "open_matched": open_anchor * max(passage.hit.coverage for passage in passages),
        "open_near": open_anchor * max(0.0, anchor.near),
        "far_filled": best - surely if slot.checked else 0.0,
        "far_perhaps": best - perhaps if slot.checked else 0.0,
        "filled_worth": surely if slot.checked else best,
        "best_worth": best,
    }


def _nouns(slot: Slot, passages: Sequence[ReadPassage], anchor: ReadSentence, quotes: Sequence[Quote]) -> Signals:
    """Return whether what is counted, what somebody is to be, or one of two things compared, is not in the answer."""
    chunk = anchor.quote.chunk
    above = stems_of(" ".join([chunk.title, *chunk.headings]), chunk.language)
    shown = [(anchor.quote.text, chunk.language), *((one.text, one.chunk.language) for one in quotes)]
    passage = stems_of(chunk.text, chunk.language) | above

    def lacks(wanted: Sequence[Term], stems: frozenset[str]) -> float:
        return float(bool(wanted) and not any(holds_term(one, stems, chunk.language) for one in wanted))

    def told(wanted: Sequence[Term]) -> bool:
        return any(
            holds_term(one, stems_of(text, language) | above, language) for one in wanted for text, language in shown
        )

    return {
        "noun_lacking": lacks(slot.nouns, anchor.stems),
        "noun_lacking_passage": lacks(slot.nouns, passage),
        "role_lacking": lacks(slot.roles, anchor.stems | above),
        "role_lacking_passage": lacks(slot.roles, passage),
        "side_lacking": float(not all(map(told, slot.sides))),
        "covered_quotes": coverage(slot.terms, (told([one]) for one in slot.terms)),
    }


def _given(slot: Slot, passages: Sequence[ReadPassage], anchor: ReadSentence) -> Signals:
    """Return whether the figures that the question gives stand in the answer, or others of their kind."""
    chunk = anchor.quote.chunk
    own = read_figures(anchor.quote.text, chunk.language)
    absent = [one for one in slot.figures if not any(fits(one, other) for other in own)]
    around = read_figures(" ".join([chunk.title, *chunk.headings, chunk.text]), chunk.language) if absent else ()
    nowhere = [one for one in absent if not any(fits(one, other) for other in around)]
    years = [one for one in absent if one.kind in ("year", "date")]
    clash = any(other.kind in ("year", "date") for other in own) if years else False
    return {
        "figure_lacking_anchor": float(bool(absent)),
        "figure_lacking_passage": float(bool(nowhere)),
        "year_clash": float(clash),
    }
