"""Whether what an answer cites holds what it says (ALCE), and whether it is what it had to cite (gold).

Citation recall and precision follow ALCE (Gao et al., Enabling Large Language Models to Generate Text with Citations,
EMNLP 2023), with these departures. Support is decided by rules (`supported`), not by a model of entailment, so it asks
for words rather than meaning: free paraphrase is undervalued, and words put together wrongly can pass. An answer
without citations has no precision, where ALCE says 0. A marker that stands for nothing lowers precision too, where
ALCE counts it in recall only. All markers of a sentence count, where ALCE's program takes the first three.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.figures import Figure, agrees, figures_in
from assistant.language import detect_language
from assistant.lexical import terms
from assistant.types import Language
from evals.metrics.matching import cleaned, contains, words_of

CONTENT_SHARE = 0.75
"""Of a sentence's content words (stems, without function words and figures), the least that its spans have to hold.

Three in four lets a shortened or reordered sentence pass with a new word or two. Of two different sentences of one
document of the corpus, drawn at random, less than 1 in 100 passes for supported by the other.
"""
_NEGATION = re.compile(
    r"\b(?:niet|not)\b(?!\s+(?:alleen|only|just)\b)|n't\b|"
    r"\b(?:geen|nooit|niemand|niets|nergens|noch|zonder|no|never|nobody|nothing|nowhere|none|nor|neither|without|cannot)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"(?<=[.!?])\s+|[;:]\s+|\n|,?\s+\b(?:maar|terwijl|hoewel|but|while|although|whereas)\b", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+")
_EDGE = ".!?:;,-•"


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of an answer with the quotes that its markers stand for, each as far as there is one."""

    text: str
    quotes: tuple[str | None, ...]
    """None for a marker that no citation has."""
    language: Language


class Located(Protocol):
    """A stretch of a document: offsets into its canonical text, the end not included."""

    @property
    def document(self) -> str: ...  # noqa: D102
    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102


def supported(text: str, quotes: Sequence[str], language: Language) -> bool | None:
    """Tell whether quotes, joined, hold what a sentence in `language` says; None where the rules cannot tell.

    They do where (a) the sentence is a verbatim stretch of them, but for case, spaces, quotation marks and closing
    punctuation; or (b) every figure of it is in them by value, so is every name (a word with a capital inside the
    sentence, or with two), and `CONTENT_SHARE` of its content words are. In both, each of its clauses has to be negated
    just as one of the quotes' clauses nearest to it is, so that "not" is neither added nor lost. Words are not compared
    across languages: where these fail although the figures agree, and a quote is in the other language, it is None.
    """
    if not quotes:
        return False
    joined = "\n".join(quotes)
    polarity = _same_polarity(text, quotes, language)
    if polarity and contains(words_of(joined), _without_edges(words_of(text))):
        return True
    own = cleaned(text)
    figures = [figure for figure in figures_in(own, language) if figure.sure]
    languages = [detect_language(quote, default=language) for quote in quotes]
    there = [one for quote, spoken in zip(quotes, languages, strict=True) for one in figures_in(cleaned(quote), spoken)]
    if not all(any(agrees(figure, one) for one in there) for figure in figures):
        return False
    if polarity and _holds_words(_without(own, figures), joined, language, bool(figures)):
        return True
    return None if any(spoken != language for spoken in languages) else False


def citation_recall(sentences: Sequence[CitedSentence]) -> float | None:
    """Return the share of sentences whose quotes, joined, support them; None where there is no sentence.

    A sentence without a citation, or with a marker that stands for nothing, counts 0. Those that cannot be decided are
    left out. A refusal has no sentences, so no recall.
    """
    decided = [one for one in map(_recalled, sentences) if one is not None]
    return sum(decided) / len(decided) if decided else None


def citation_precision(sentences: Sequence[CitedSentence]) -> float | None:
    """Return the share of citations that are needed; None where there is none.

    A citation counts where its sentence is supported and the quote supports it alone, or the others do not without it.
    Markers that stand for nothing count 0, and so do all citations of a sentence that is not supported. What cannot be
    decided is left out: all citations of such a sentence, and a quote in the other language beside one that is enough.
    """
    needed: list[bool | None] = []
    for sentence in sentences:
        recalled = _recalled(sentence)
        needed += [_is_needed(sentence, place) if recalled else recalled for place in range(len(sentence.quotes))]
    decided = [one for one in needed if one is not None]
    return sum(decided) / len(decided) if decided else None


def gold_citation_precision(cited: Sequence[Located], gold: Sequence[Located]) -> float | None:
    """Return the share of cited spans that overlap a gold span; None where nothing is cited or nothing is gold."""
    if not cited or not gold:
        return None
    return sum(any(_overlap(one, other) for other in gold) for one in cited) / len(cited)


def gold_citation_recall(cited: Sequence[Located], gold: Sequence[Located], *, refused: bool = False) -> float | None:
    """Return the share of gold spans that a citation overlaps; None for a refusal, or where the case has no gold."""
    if refused or not gold:
        return None
    return sum(any(_overlap(one, other) for one in cited) for other in gold) / len(gold)


def _recalled(sentence: CitedSentence) -> bool | None:
    """Tell whether all quotes of a sentence together support it; never where a marker stands for nothing."""
    known = [quote for quote in sentence.quotes if quote is not None]
    return supported(sentence.text, known, sentence.language) if len(known) == len(sentence.quotes) else False


def _is_needed(sentence: CitedSentence, place: int) -> bool | None:
    """Tell whether a quote of a supported sentence supports it alone, or is missed when it is left out."""
    quotes = [quote for quote in sentence.quotes if quote is not None]
    if not supported(sentence.text, quotes[:place] + quotes[place + 1 :], sentence.language):
        return True
    return supported(sentence.text, quotes[place : place + 1], sentence.language)


def _without_edges(words: list[str]) -> list[str]:
    """Return the words of a sentence without a bullet before it and the punctuation that closes it."""
    while words and words[-1] in _EDGE:
        words = words[:-1]
    while words and words[0] in _EDGE:
        words = words[1:]
    return words


def _without(plain: str, figures: Sequence[Figure]) -> str:
    """Return a cleaned text with blanks for its figures."""
    for figure in figures:
        plain = plain[: figure.start] + " " * (figure.end - figure.start) + plain[figure.end :]
    return plain


def _holds_words(plain: str, quotes: str, language: Language, has_figures: bool) -> bool:
    """Tell whether quotes hold the names and enough of the content words of a cleaned sentence without its figures."""
    first, *others = _WORD.findall(plain) or [""]
    names = {word.casefold() for word in others if any(letter.isupper() for letter in word)}
    names |= {first.casefold()} if sum(letter.isupper() for letter in first) > 1 else set()
    content = _stems(plain, language)
    enough = len(content & _stems(quotes, language)) >= CONTENT_SHARE * len(content)
    return bool(content or has_figures) and enough and names <= set(words_of(quotes))


def _stems(text: str, language: Language) -> frozenset[str]:
    """Return the stems of a text's content words; negations are looked at apart."""
    return frozenset(terms(_NEGATION.sub(" ", cleaned(text)), language))


def _same_polarity(text: str, quotes: Sequence[str], language: Language) -> bool:
    """Tell whether each clause is negated as one of those of the quotes that share most content words with it."""
    theirs = [(_stems(one, language), _negates(one)) for quote in quotes for one in _CLAUSE.split(quote)]
    for clause in _CLAUSE.split(text):
        stems = _stems(clause, language)
        most = max(len(stems & other) for other, _ in theirs)
        if stems and _negates(clause) not in {negates for other, negates in theirs if len(stems & other) == most}:
            return False
    return True


def _negates(text: str) -> bool:
    """Tell whether a negation stands in a clause."""
    return _NEGATION.search(cleaned(text)) is not None


def _overlap(one: Located, other: Located) -> bool:
    """Tell whether two spans of the same document share a character."""
    return one.document == other.document and max(one.start, other.start) < min(one.end, other.end)
