"""Why a file or a page could not be read, in the language of who reads it.

Loaders say it once, in English, and the index keeps that sentence. `data/reasons.yaml` has the same in Dutch.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from assistant.types import Language

_TABLE = Path(__file__).parent / "data" / "reasons.yaml"
_PART = re.compile(r"\{(\w+)\}")


def reason_in(language: Language, reason: str) -> tuple[str, Language]:
    """Return a reason in a language, and the language that it came out in: English where it is an unknown one."""
    if language == "nl":
        for pattern, dutch in _patterns():
            if found := pattern.fullmatch(reason):
                return dutch.format(**found.groupdict()), "nl"
    return reason, "en"


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what each English sentence looks like, with the Dutch one."""
    table = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return tuple((_pattern(row["en"]), row["nl"]) for row in table)


def _pattern(sentence: str) -> re.Pattern[str]:
    """Return what a sentence looks like with anything in the place of its {parts}."""
    pieces = _PART.split(sentence)
    # After a split with a group, texts and names of parts take turns.
    return re.compile(
        "".join(f"(?P<{one}>.+?)" if place % 2 else re.escape(one) for place, one in enumerate(pieces)), re.DOTALL
    )
