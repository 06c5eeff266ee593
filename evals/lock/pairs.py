"""Judged pairs: a sentence, the passages it cites, and whether these hold it or a fact was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from assistant.errors import InputError
from evals.jsonl import lines_of

TEST_PAIRS = Path(__file__).parent / "test.jsonl"
PairLanguage = Literal["nl", "en"]
Verdict = Literal["holds", "changed"]
Change = Literal["number", "date", "name", "polarity", "condition"]
Direction = Literal["nl", "en", "across"]


@dataclass(frozen=True, slots=True)
class CitedText:
    """A passage as the sentence cites it."""

    text: str
    language: PairLanguage


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence beside its passages, with what a careful reader says of it."""

    id: str
    language: PairLanguage
    """Of the sentence."""
    sentence: str
    passages: tuple[CitedText, ...]
    verdict: Verdict
    change: Change | None
    """What was changed; None where the passages hold the sentence."""
    why: str

    @property
    def direction(self) -> Direction:
        """The language of sentence and passages, or "across" where they differ."""
        return self.language if all(one.language == self.language for one in self.passages) else "across"


class _Passage(BaseModel):
    """One passage of a line."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True, str_min_length=1)

    text: str
    language: PairLanguage


class _Row(BaseModel):
    """One line of a file of pairs."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True, str_min_length=1)

    id: str
    language: PairLanguage
    sentence: str
    passages: list[_Passage]
    verdict: Verdict
    change: Change | None
    why: str

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """Check what no single field can tell."""
        if not self.passages:
            raise ValueError("a pair needs at least one passage")
        if (self.verdict == "changed") != (self.change is not None):
            raise ValueError('"change" says what was changed if the verdict is "changed", and is null if it is "holds"')
        return self


def read_pairs(paths: Sequence[Path]) -> tuple[Pair, ...]:
    """Return the pairs of all files, in order.

    Raises InputError, with file and line, where a line cannot be used or its id was used before, and where a file
    holds no pairs.
    """
    pairs: list[Pair] = []
    places: dict[str, str] = {}
    for path in paths:
        before = len(pairs)
        for line, place in lines_of(path):
            pair = _parsed(line, place)
            if pair.id in places:
                raise InputError(f'{place}: the id "{pair.id}" stands in {places[pair.id]} already; give it another.')
            places[pair.id] = place
            pairs.append(pair)
        if len(pairs) == before:
            raise InputError(f"{path} holds no pairs: it needs one per line.")
    return tuple(pairs)


def _parsed(line: str, place: str) -> Pair:
    """Read one line."""
    try:
        row = _Row.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{place}: {f'{name}: ' if name else ''}{first['msg']}; correct the line.") from error
    passages = tuple(CitedText(one.text, one.language) for one in row.passages)
    return Pair(row.id, row.language, row.sentence, passages, row.verdict, row.change, row.why)
