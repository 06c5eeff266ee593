"""The questions of the eval suite with their gold, one JSON object per line of a folder's .jsonl files.

Gold is a document and a verbatim stretch of its canonical text, never a passage of the index: the
documents may be cut into other passages without a case having to change.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config

from assistant.errors import InputError
from assistant.types import Reason, Turn
from evals.jsonl import lines_of

CaseLanguage = Literal["nl", "en"]
Group = Literal["newcomer", "staff", "evaluator"]
Tag = Literal[
    "single_fact",
    "amount",
    "date",
    "person",
    "list",
    "procedure",
    "comparison",
    "multi_document",
    "follow_up",
    "typo",
    "colloquial",
    "cross_lingual",
    "false_premise",
    "near_miss",
    "out_of_scope",
    "conflict",
    "aged_fact",
    "pdf_page",
    "tool",
    "from-page",
]
FROM_PAGE: Tag = "from-page"
"""Added on the page, in one language; a person still has to write the other one."""
TAGS: tuple[str, ...] = get_args(Tag)
LANGUAGES: tuple[CaseLanguage, ...] = get_args(CaseLanguage)

_Text = Annotated[str, Field(pattern=r"\S")]
_CLOSED = ConfigDict(extra="forbid")


@with_config(_CLOSED)
@dataclass(frozen=True, slots=True)
class Gold:
    """A stretch of a document that holds an answer, or a part of one."""

    document: _Text
    quote: _Text
    """Verbatim from the document's canonical text; usually one whole sentence."""


@with_config(_CLOSED)
@dataclass(frozen=True, slots=True)
class Case:
    """One question, and what a good answer to it says and cites."""

    id: _Text
    pair: _Text
    """Shared by the Dutch and the English form of a question."""
    language: CaseLanguage
    group: Group
    question: _Text
    answerable: bool
    tags: Annotated[tuple[Tag, ...], Field(min_length=1)]
    """The first is the kind of question."""
    history: tuple[Turn, ...] = ()
    """Oldest first."""
    reason: Reason | None = None
    """Why a question that is not answerable has to be refused."""
    relevant: tuple[Gold, ...] = ()
    must_say: tuple[Annotated[tuple[_Text, ...], Field(min_length=1)], ...] = ()
    """Nuggets; each holds alternative spellings, of which one has to occur."""
    must_not_say: tuple[_Text, ...] = ()


@dataclass(frozen=True, slots=True)
class _Placed:
    """A case and the line that it stands on."""

    case: Case
    place: str


_ADAPTER = TypeAdapter(Case)


def read_cases(place: Path) -> tuple[Case, ...]:
    """Read the cases of a file, or of all .jsonl files right below a folder, in the order of files and lines.

    Raises InputError with file and line for anything that is malformed or does not fit together.
    """
    files = [place] if place.is_file() else sorted(place.glob("*.jsonl"))
    placed = [one for file in files for one in _read_file(file)]
    if not placed:
        raise InputError(
            f"There are no cases in {place}: name a file with one case per line, or a folder with such .jsonl files."
        )
    _check_ids(placed)
    _check_pairs(placed)
    return tuple(one.case for one in placed)


def parse_case(line: str, place: str) -> Case:
    """Parse one case and check it by itself; `place` opens the message of an InputError."""
    try:
        case = _ADAPTER.validate_json(line, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        if first["loc"] == ("draft",):
            raise InputError(
                f'{place}: this is a draft; put question, quotes and nuggets into its language and take out "draft".'
            ) from error
        name = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{place}: {f'{name}: ' if name else ''}{first['msg']}; correct the line.") from error
    if fault := _fault(case):
        raise InputError(f"{place}: case {case.id} {fault}.")
    return case


def case_line(case: Case) -> str:
    """Return a case as the line of JSON that `parse_case` reads."""
    return json.dumps(asdict(case), ensure_ascii=False)


def cases_fingerprint(cases: Sequence[Case]) -> str:
    """Return the SHA-256 over the canonical JSON of all cases; the order of the cases does not matter."""
    lines = (json.dumps(asdict(case), sort_keys=True) for case in sorted(cases, key=lambda one: one.id))
    return hashlib.sha256("\n".join(lines).encode("ascii")).hexdigest()


def _read_file(path: Path) -> list[_Placed]:
    """Read one file."""
    return [_Placed(parse_case(line, place), place) for line, place in lines_of(path)]


def _fault(case: Case) -> str | None:
    """Return what does not fit within a case; None where all does."""
    faults = {
        "is not answerable and gives no reason: name the refusal that is expected": not case.answerable
        and case.reason is None,
        "is answerable and gives a reason for a refusal: make one of them fit the other": case.answerable
        and case.reason is not None,
        "is answerable and has no relevant quote: name the document and its words": case.answerable
        and not case.relevant,
        "is not answerable and has a relevant quote: a corpus that says what is not known answers the question": (
            not case.answerable and bool(case.relevant)
        ),
        "names a tag twice": len(set(case.tags)) < len(case.tags),
        "has the tag follow_up and no history": "follow_up" in case.tags and not case.history,
    }
    return next((fault for fault, applies in faults.items() if applies), None)


def _check_ids(placed: Sequence[_Placed]) -> None:
    """Raise InputError where two cases have one id."""
    seen: dict[str, str] = {}
    for one in placed:
        if one.case.id in seen:
            raise InputError(
                f"{one.place}: the id {one.case.id} stands on {seen[one.case.id]} already; choose another."
            )
        seen[one.case.id] = one.place


def _check_pairs(placed: Sequence[_Placed]) -> None:
    """Raise InputError where a pair is not one Dutch and one English case that expect the same.

    A case that was added on the page may stand alone until somebody has written the other language.
    """
    pairs: defaultdict[str, list[_Placed]] = defaultdict(list)
    for one in placed:
        pairs[one.case.pair].append(one)
    for name, members in pairs.items():
        languages = sorted(one.case.language for one in members)
        if len(members) == 1 and FROM_PAGE in members[0].case.tags:
            continue
        if languages != sorted(LANGUAGES):
            raise InputError(
                f"{members[-1].place}: the pair {name} has cases in {', '.join(languages)}; it needs one in nl and "
                "one in en."
            )
        if len({(one.case.answerable, one.case.reason) for one in members}) > 1:
            raise InputError(
                f"{members[-1].place}: the two cases of the pair {name} differ in answerable or reason; a question "
                "expects the same in both languages."
            )
