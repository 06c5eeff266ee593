"""Whether a sentence says no, or only says what a source does not hold."""

from __future__ import annotations

import re

NEGATION = re.compile(r"\b(niet|geen|nooit|zonder|not|no|never|without|nor|neither|cannot)\b|n't\b", re.IGNORECASE)
_LACK = re.compile(
    r"\b(staat|staan|vermeld\w*|noemt?|noemen|zegt|geeft|geven|blijkt)\b[^.]{0,40}\b(niet|geen)\b|"
    r"\b(laat|laten|leaves?)\b[^.]*\bopen\b|\b(niet bekend|onbekend|not known|unknown)\b|"
    r"\b(is|are) not (in|stated|named|given|mentioned)\b|\b(does|do) not (say|state|name|give|mention)\b",
    re.IGNORECASE,
)


def says_what_lacks(text: str) -> bool:
    """Tell whether a sentence only says that a source does not hold something."""
    return bool(_LACK.search(text))
