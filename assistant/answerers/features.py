"""What speaks for and against each sentence of the passages found as an answer to a question.

All values are relative to the other sentences that were found for the same question, so that one set
of weights serves every question and every embedder.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.answerers.asking import (
    AskedOf,
    asked_by_heading,
    coverage,
    coverage_in_part,
    names_in,
    read_question,
    share_without,
    stems_of,
)
from assistant.answerers.wording import (
    WHERE,
    announces,
    brings_list,
    fitness,
    form,
    gives_address,
    in_list,
    without_addresses,
)
from assistant.question import Asked
from assistant.types import Chunk, Hit, Language, Quote, SearchQuery

FEATURES = (
    "similarity",
    "passage_similarity",
    "heading_similarity",
    "passage_score",
    "coverage_in_part",
    "coverage_by_passage",
    "lacks_name",
    "lacks_number",
    "lacks_kind",
    "holds_figure",
    "holds_other",
    "coverage_around",
    "near_heading_asks_the_same",
    "opens_section",
    "about_another",
    "report",
    "defines",
    "covers_at_once",
    "coverage_alone",
    "remarks",
    "says_what_lacks",
    "says_how_it_stands",
    "negates",
    "negates_for_yes_no",
    "length",
    "fragment",
    "item_of_list",
    "table",
    "table_for_list",
    "opens_list_asked_for",
    "opens_list",
    "opens_table",
    "in_list_for_procedure",
    "in_steps_for_procedure",
    "gives_address",
    "announces",
)
"""Names of a candidate's values, in order. What each means stands where it is computed."""

_LOWEST_SCORE = -6.0
_ROWS = ("item", "table")
_REPORT = "report"
"""Kind of a document that looks back on what others state."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a hit."""

    quote: Quote
    hit: Hit
    values: tuple[float, ...]
    """One for each of FEATURES."""
    stems: frozenset[str]
    covers: frozenset[str]
    """Terms of the question that the sentence, its heading or its title holds."""

    def value(self, feature: str) -> float:
        """Return what one of FEATURES is for this sentence."""
        return self.values[FEATURES.index(feature)]


@dataclass(frozen=True, slots=True)
class _Best:
    """The best of all passages."""

    sentence: float
    passage: float
    heading: float
    score: float


def candidates(
    query: SearchQuery, hits: Sequence[Hit], rarity: Callable[[str, Language], float], spread: float
) -> list[Candidate]:
    """Return every sentence of the hits; `rarity` and `spread` as the answerer takes them."""
    if not hits:
        return []
    best = _Best(
        max(max(hit.sentence_similarities, default=0.0) for hit in hits),
        max(hit.similarity for hit in hits),
        max(hit.heading_similarity for hit in hits),
        max(hit.score for hit in hits),
    )
    questions = {language: read_question(query, language, rarity) for language in {hit.chunk.language for hit in hits}}
    found: list[Candidate] = []
    for hit in hits:
        found += _of_hit(questions[hit.chunk.language], hit, best, spread)
    return found


def _of_hit(question: AskedOf, hit: Hit, best: _Best, spread: float) -> Iterator[Candidate]:
    """Yield the sentences of a hit."""
    chunk, weights = hit.chunk, question.weights
    heading = chunk.heading or ""
    above = stems_of(" ".join([chunk.title, *chunk.headings]), chunk.language)
    of_passage = (
        (hit.similarity - best.passage) / spread,
        (hit.heading_similarity - best.heading) / spread,
        max(_LOWEST_SCORE, hit.score - best.score),
    )
    by_passage = coverage(weights, above | stems_of(chunk.text, chunk.language))
    same = float(question.asked is not Asked.OTHER and asked_by_heading(heading) is question.asked)
    near_heading = math.exp(of_passage[1])
    other_name = float(not question.names and bool(names_in(heading, chunk.language) - weights.keys()))
    lists = _lists(chunk)
    for position, (span, similarity) in enumerate(zip(chunk.sentences, hit.sentence_similarities, strict=True)):
        quote = Quote(chunk, span, hit.score)
        text = quote.text
        listed = lists.get(position, "")
        opens = chunk.sentences[position + 1] if listed and announces(text) else None
        stems = stems_of(without_addresses(text), chunk.language)
        # What opens a list is true of each item.
        held = stems | above | (stems_of(listed.partition("\n")[0], chunk.language) if span.kind == "item" else set())
        values = (
            (similarity - best.sentence) / spread,
            *of_passage,
            coverage_in_part(weights, held),
            by_passage,
            share_without(question.names, held),
            share_without(question.numbers, held),
            1.0 - coverage_in_part(dict.fromkeys(question.kind, 1.0), held) if question.kind else 0.0,
            *fitness(question, listed if opens and opens.kind == "item" else text, chunk.language),
            same * near_heading,
            near_heading * (position == 0),
            other_name,
            float(chunk.kind == _REPORT),
            *form(question, text, chunk),
            *in_list(question, span, opens, listed, heading, near_heading, chunk.language),
            float(question.asked not in WHERE and gives_address(listed if opens else text)),
            float(announces(text) and (opens is None or not brings_list(question.asked))),
        )
        yield Candidate(quote, hit, values, stems, frozenset(weights.keys() & held))


def _lists(chunk: Chunk) -> Mapping[int, str]:
    """Return, for the position of each item or row and of the sentence that opens them, the list as lines of text."""
    spans = chunk.sentences
    found: dict[int, str] = {}
    start = 0
    while start < len(spans):
        end = start + 1
        while end < len(spans) and spans[end].kind in _ROWS:
            end += 1
        texts = [chunk.text[one.start - chunk.start : one.end - chunk.start] for one in spans[start:end]]
        opened = announces(texts[0]) and spans[start].kind not in _ROWS
        if end > start + 1 or spans[start].kind in _ROWS:
            found |= dict.fromkeys(range(start, end), "\n".join(texts if opened else ["", *texts]))
        start = end
    return found
