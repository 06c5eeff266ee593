"""A history as questions with their replies, without what says nothing about the subject."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.conversation.requests import asks_for_language
from assistant.messages import own_words, refusal_reason
from assistant.question.small_talk import small_talk
from assistant.types import Reason, Turn

_MARKER = re.compile(r"\s*\[\d+\]")
_ENDS_WITH_MARKER = re.compile(r"[^\n]*\[\d+\]")
_QUESTION_SENTENCE = re.compile(r"[^.?!\n]*\?")
_ITEM = re.compile(r"^\s*(?:[-•*]|\d{1,2}[.)])\s+(\S.*)$", re.MULTILINE)
_ADDRESS = re.compile(r"https?://\S+")
_ENUMERATION = re.compile(r":\s+([^\n:;]+)")
_ENUMERATION_PARTS = re.compile(r",\s+(?:en |and |of |or )?|\s+(?:en|and|of|or)\s+")
_MOST_TURNS = 120
_MOST_QUESTION_CHARS = 300
_MOST_REPLY_CHARS = 4000
_MOST_ITEM_CHARS = 120
_FEWEST_ITEMS = 3
_BESIDE_THE_SUBJECT: tuple[Reason, ...] = ("out_of_scope", "unclear_question")
_ABOUT_THE_SUBJECT: tuple[Reason, ...] = ("insufficient", "conflicting", "unreadable_page")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what was said to it."""

    question: str
    said: str = ""
    """What was replied, as it was shown; empty after a refusal."""
    refused: bool = False
    """Whether the documents did not even speak of the subject."""

    @property
    def reply(self) -> str:
        """What the reply has from documents, without markers; cut where it is very long."""
        return _from_documents(self.said) if self.said else ""

    @property
    def items(self) -> tuple[str, ...]:
        """The items of the list in the reply, or what its only enumeration lists; none where there is neither."""
        reply = self.reply
        items = [_ADDRESS.sub("", item).strip() for item in _ITEM.findall(reply)]
        if len(items) < 2:
            items = _enumerated(reply)
        return tuple(item[:_MOST_ITEM_CHARS].split(" | ")[0] for item in items)


def exchanges(question: str, history: Sequence[Turn]) -> list[Exchange]:
    """Return the exchanges before a question, oldest first.

    Small talk and wishes for another language are left out, and so is the question itself where a
    program put it at the end of the history. Long messages are cut, so that a huge one costs no time.
    """
    turns = list(history[-_MOST_TURNS:])
    if turns and turns[-1].role == "user" and turns[-1].content.strip() == question.strip():
        turns.pop()
    found = []
    for position, turn in enumerate(turns):
        if turn.role != "user":
            continue
        after = turns[position + 1] if position + 1 < len(turns) else None
        reply = after if after is not None and after.role == "assistant" else None
        asked = asked_briefly(turn.content)
        if asked and not small_talk(asked) and not asks_for_language(asked):
            found += _exchange(asked, reply)
    return found


def asked_briefly(text: str) -> str:
    """Return a question, or of a long message its last sentence that asks something, on one line."""
    if len(text) > _MOST_QUESTION_CHARS:
        asking = _QUESTION_SENTENCE.findall(text[-_MOST_REPLY_CHARS:])
        text = (asking[-1] if asking else text)[:_MOST_QUESTION_CHARS]
    return " ".join(text.split())


def _exchange(asked: str, reply: Turn | None) -> list[Exchange]:
    """Return one exchange; none where the question had nothing to do with the documents."""
    if reply is None:
        return [Exchange(asked)]
    reason = refusal_reason(reply.content[:_MOST_QUESTION_CHARS])
    if reason in _BESIDE_THE_SUBJECT:
        return []
    if reply.refused or reason:
        return [Exchange(asked, refused=reason not in _ABOUT_THE_SUBJECT)]
    return [Exchange(asked, reply.content[:_MOST_REPLY_CHARS])]


def _from_documents(reply: str) -> str:
    """Return what a reply says from documents: where it cites, what ends in a marker, and never what is ours."""
    cited = _ENDS_WITH_MARKER.findall(reply)
    text = own_words().sub(" ", "\n".join(cited) if cited else reply)
    return _MARKER.sub("", text).strip()


def _enumerated(reply: str) -> list[str]:
    """Return the parts of the only enumeration after a colon."""
    lists = [_ENUMERATION_PARTS.split(text.rstrip(". ")) for text in _ENUMERATION.findall(reply)]
    long = [parts for parts in lists if len(parts) >= _FEWEST_ITEMS]
    return [part.strip() for part in long[0]] if len(long) == 1 else []
