"""Whether one text occurs in another: on word boundaries, however quotation marks, spaces and figures are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.figures import Figure, agrees, figures_in
from assistant.language import detect_language
from assistant.sentences import split_sentences
from assistant.types import Language

_LIKE = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛`´′", "'"),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff*", None),  # invisible, or a model's emphasis
    }
)
_MARKER = re.compile(r"\s*\[\d{1,3}\]")
# Digits around a point, comma or colon are one token: "5 miljoen" does not occur in "1,5 miljoen".
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, mark or figure of a text."""

    text: str
    start: int
    end: int
    figure: Figure | None = None

    def same(self, other: _Token) -> bool:
        if self.figure and other.figure:
            return agrees(self.figure, other.figure)
        return not self.figure and not other.figure and self.text == other.text


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as words, and as words and figures."""

    words: tuple[_Token, ...]
    figures: tuple[Figure, ...]
    mixed: tuple[_Token, ...]
    """The words, but one token for all words of a figure."""


def cleaned(text: str) -> str:
    """Return a text with plain quotation marks, hyphens and single spaces, without markers such as "[1]"."""
    plain = unicodedata.normalize("NFC", _MARKER.sub("", text)).translate(_LIKE)
    return " ".join(plain.split())


def words_of(text: str) -> list[str]:
    """Return the words and marks of a text, cleaned and in one case."""
    return [token.text for token in _words(cleaned(text))]


def read(text: str, language: Language) -> Reading:
    """Read a text with its figures as `language` writes them."""
    plain = cleaned(text)
    words, figures = _words(plain), figures_in(plain, language)
    outside = [word for word in words if not any(one.start < word.end and word.start < one.end for one in figures)]
    inside = [_Token(plain[one.start : one.end], one.start, one.end, one) for one in figures]
    return Reading(words, figures, tuple(sorted([*outside, *inside], key=lambda token: token.start)))


def readings(text: str, language: Language) -> tuple[Reading, ...]:
    """Read an answer in its language, and each sentence that is in another one, such as a quotation, in that."""
    return (read(text, language), *_foreign_sentences(text, language))


def occurs(sought: str, answer: Sequence[Reading], language: Language) -> bool:
    """Tell whether the tokens of `sought`, read in `language`, stand in a row in one of the readings.

    Figures count by value: "850 duizend euro" occurs in "dat kostte 850.000 euro", but "850" does not.
    """
    wanted = read(sought, language)
    return any(_stands_in(wanted, one) for one in answer)


def contains(tokens: Sequence[str], row: Sequence[str]) -> bool:
    """Tell whether a row of tokens, which is not empty, stands in others."""
    width = len(row)
    return bool(row) and any(list(tokens[at : at + width]) == list(row) for at in range(len(tokens) - width + 1))


def _words(plain: str) -> tuple[_Token, ...]:
    """Split a cleaned text into words and marks, in one case."""
    return tuple(_Token(match.group().casefold(), *match.span()) for match in _TOKEN.finditer(plain))


def _foreign_sentences(text: str, language: Language) -> Iterator[Reading]:
    """Yield the sentences that are in the other language, each read in its own."""
    for start, end in split_sentences(text):
        own = detect_language(text[start:end], default=language)
        if own != language:
            yield read(text[start:end], own)


def _stands_in(wanted: Reading, answer: Reading) -> bool:
    """Tell whether what is wanted stands in a text, with its figures by value or letter for letter."""
    if wanted.figures and any(_rows(wanted.mixed, answer.mixed)):
        return True
    values = {figure.value for figure in wanted.figures}
    return any(not (values and _cuts(row, values, answer.figures)) for row in _rows(wanted.words, answer.words))


def _rows(wanted: Sequence[_Token], tokens: Sequence[_Token]) -> Iterator[Sequence[_Token]]:
    """Yield each stretch of the tokens that is the same as what is wanted."""
    width = len(wanted)
    for at in range(len(tokens) - width + 1 if wanted else 0):
        row = tokens[at : at + width]
        if all(one.same(other) for one, other in zip(wanted, row, strict=True)):
            yield row


def _cuts(row: Sequence[_Token], values: set[Decimal | str], figures: Sequence[Figure]) -> bool:
    """Tell whether a stretch takes a part of a number that means something else: the "50" of "50 miljoen".

    A part of a date says less than the date, and nothing else: "maart 2022" of "15 maart 2022". So does the "2" of
    "2 jaar", which as a period has the value 24.
    """
    start, end = row[0].start, row[-1].end
    return any(
        one.start < end
        and start < one.end
        and not (start <= one.start and one.end <= end)
        and isinstance(one.value, Decimal)
        and one.kind != "period"
        and one.value not in values
        for one in figures
    )
