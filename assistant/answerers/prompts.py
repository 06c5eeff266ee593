"""The prompts of the language model, and how data is put into them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.types import Language

Name = Literal["answer", "repair", "rewrite"]
_FOLDER = Path(__file__).parent.parent / "prompts"
_DIVIDER = "\n---\n"
_PLACE = re.compile(r"\{\{(\w+)\}\}")
_AS_DATA = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@lru_cache(maxsize=12)
def _parts(name: Name, own: str) -> tuple[str, ...]:
    """Return a prompt: what stays the same for all questions, and what is asked each time."""
    text = (_FOLDER / f"{name}.{own}.md").read_text(encoding="utf-8")
    return tuple(part.strip() for part in text.split(_DIVIDER))


def as_data(text: str) -> str:
    """Return a text in which nothing can be taken for a delimiter, a passage number or a token of a chat template.

    Angle and square brackets become others, so that `</passage>`, `<|im_end|>`, `[INST]` and `[2]` cannot be written.
    """
    return _CONTROL.sub(" ", text).translate(_AS_DATA)


def messages(name: Name, language: Language, **values: str) -> list[BaseMessage]:
    """Return the messages of a prompt in the language of the question, with its places filled.

    The system message holds no data, so that a server can keep what it made of it. Values are put in as they are:
    data goes through `as_data` first.
    """
    own = "nl" if language == "nl" else "en"
    *fixed, asked = (_filled(part, values) for part in _parts(name, own))
    return [*(SystemMessage(part) for part in fixed), HumanMessage(asked)]


def tagged(texts: Sequence[tuple[str, str]]) -> str:
    """Return passages, each a pair of its heading and its text, as numbered blocks of data."""
    blocks = [
        f'<passage n="{number}">\n{as_data(heading)}\n{as_data(text)}\n</passage>'
        for number, (heading, text) in enumerate(texts, start=1)
    ]
    return "\n".join(blocks)


def _filled(part: str, values: dict[str, str]) -> str:
    """Fill the places in one pass, so that a value cannot bring a place of its own."""
    return _PLACE.sub(lambda match: values[match[1]], part)
