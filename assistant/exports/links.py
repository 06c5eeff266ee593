"""A link to one answer: the questions that lead to it, so that nothing has to be kept anywhere.

The questions stand behind the "#" of the address, which a browser does not send: they reach no log of a server in
between. Whoever opens the link gets the answer of that day. The link tells whether that is still the answer it was
made for, by a fingerprint of its words and quotes, and by the generation whether the documents were read anew since.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qs, quote, urlencode

from assistant.conversation import to_search_query
from assistant.exports.words import PageLanguage
from assistant.presenter import to_turns
from assistant.types import Answer

LONGEST_LINK = 1900
"""Characters. Office programs cut addresses at 2,079 and later; the rest is for the address of the page itself."""
MOST_EARLIER = 5
"""Questions before the last one: each has to be answered again when the link is opened."""
_MOST_FIELDS = 20
_LONGEST_READ = 2 * LONGEST_LINK
_GENERATION = re.compile(r"gen-[0-9]{1,12}")
_FINGERPRINT_CHARS = 16
_FINGERPRINT = re.compile(rf"[0-9a-f]{{{_FINGERPRINT_CHARS}}}")


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """What a link says."""

    questions: tuple[str, ...]
    """To be asked one after the other; the link is to the answer to the last one."""
    language: PageLanguage
    """Of the page."""
    index: str = ""
    """Generation of the index that gave the answer; "" where the link does not say."""
    answer: str = ""
    """Fingerprint of the answer; "" where the link does not say."""

    def leads_to(self, answer: Answer) -> bool | None:
        """Tell whether this is still the answer that the link was made for; None where the link does not say."""
        return _fingerprint(answer) == self.answer if self.answer else None


def answer_link(answer: Answer, earlier: Sequence[Answer], language: PageLanguage) -> str | None:
    """Return what comes behind the address of the page, from "#" on.

    `earlier` holds the answers before this one, oldest first; of these, the link carries as few as lead to the same
    search. None where too many are needed, or where the link would be longer than LONGEST_LINK.
    """
    for count in range(min(len(earlier), MOST_EARLIER) + 1):
        chain = (*earlier[len(earlier) - count :], answer)
        if all(_leads_to(one, chain[:place]) for place, one in enumerate(chain)):
            questions = tuple(one.question for one in chain)
            link = _link(AnswerLink(questions, language, answer.index, _fingerprint(answer)))
            return link if len(link) <= LONGEST_LINK else None
    return None


def read_answer_link(address: str, default: PageLanguage = "nl") -> AnswerLink | None:
    """Read what stands behind the "#" or the "?" of an address; None where it is no link to an answer.

    It comes from anywhere: the questions still have to pass what any question passes.
    """
    if len(address) > _LONGEST_READ:
        return None
    head, _, fragment = address.partition("#")
    fields = _fields(fragment) if "q=" in fragment else _fields(head.partition("?")[2])
    questions = tuple(one.strip() for one in fields.get("q", []) if one.strip())
    if not questions or len(questions) > MOST_EARLIER + 1:
        return None
    language = fields.get("lang", [""])[-1]
    index, fingerprint = (fields.get(name, [""])[-1] for name in ("index", "answer"))
    return AnswerLink(
        questions,
        "nl" if language == "nl" else "en" if language == "en" else default,
        index if _GENERATION.fullmatch(index) else "",
        fingerprint if _FINGERPRINT.fullmatch(fingerprint) else "",
    )


def _fingerprint(answer: Answer) -> str:
    """Return a short hash of what an answer says and quotes.

    Its notes stay out: that a source has aged says something of the day, and nothing of the answer.
    """
    said = [
        answer.status,
        answer.message,
        [one.text for one in answer.sentences],
        [one.quote for one in answer.citations],
    ]
    return sha256(json.dumps(said).encode("ascii")).hexdigest()[:_FINGERPRINT_CHARS]


def _fields(text: str) -> dict[str, list[str]]:
    """Return the fields of a query; none where it holds more than any link of ours."""
    try:
        return parse_qs(text, errors="replace", max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}


def _leads_to(answer: Answer, before: Sequence[Answer]) -> bool:
    """Tell whether a question, asked after these, is searched for as it was then."""
    # A greeting is answered without a search, whatever came before it.
    if not answer.search_query:
        return True
    query = to_search_query(answer.question, to_turns(before))
    return (query.text, query.language) == (answer.search_query, answer.language)


def _link(link: AnswerLink) -> str:
    """Return the link as text."""
    fields = [
        *(("q", one) for one in link.questions),
        ("lang", link.language),
        ("index", link.index),
        ("answer", link.answer),
    ]
    return "#" + urlencode([pair for pair in fields if pair[1]], quote_via=quote, safe="", errors="replace")
