"""A template filled with values: text stays text, whatever it holds.

The values reach the template as data and never as the typesetter's language, so nothing in them can be executed. The
result claims PDF/UA-1 (ISO 14289-1): tagged, with a title and a language. That standard also has the typesetter name
each character for which it has no glyph; otherwise such characters would vanish from the page without a word.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

import typst

from assistant.errors import InputError
from assistant.typesetting.templates import OPTIONS, TEMPLATES

_STANDARD: Final = "ua-1"
_MOST_ROUNDS = 12
"""A character can lose its glyph only once its neighbours are gone; rarely more than two rounds are needed."""
_UNSHOWN = re.compile(r'the text (?:contains the disallowed codepoint )?`"((?:[^"\\`]|\\.)+)"`')
_RUST_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}|\\(.)", re.DOTALL)
_SHORT_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
# They turn the order of the letters around, so that a line would read as something else than it says.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def typeset_filled(template: str, values: Mapping[str, Any]) -> bytes:
    """Return the PDF of a template, such as "conversation.typ", with these JSON values as its `sys.inputs.values`.

    The same values give the same bytes. A character that no font of the typesetter holds is shown by its number, as
    [U+1F600]. Raises InputError where the typesetter refuses.
    """
    path = str(TEMPLATES / template)
    hidden: frozenset[str] = _TURNING
    for _ in range(_MOST_ROUNDS):
        inputs = {"values": json.dumps(_shown(values, hidden), ensure_ascii=False)}
        try:
            pdf: bytes = typst.compile(path, sys_inputs=inputs, pdf_standards=_STANDARD, **OPTIONS)
        except typst.TypstError as error:
            missing = frozenset(_unshown(error.diagnostic)) - hidden
            if not missing:
                raise InputError(f"The typesetter says: {error.message}; keep it as Markdown instead.") from error
            hidden |= missing
        else:
            return pdf
    raise InputError("The text holds too many characters that no font has; keep it as Markdown instead.")


def numbered(text: str, hidden: frozenset[str] = _TURNING) -> str:
    """Return a text with the characters that cannot be shown as their numbers; joiners without a glyph fall away."""
    text = _UNFIT.sub(lambda found: _number(found[0]), text)
    return "".join(_in_place_of(letter) if letter in hidden else letter for letter in text)


def _in_place_of(letter: str) -> str:
    """Return what is shown for a character that cannot be."""
    # Joiners and variation selectors only say how their neighbours look.
    invisible = letter not in _TURNING and (
        unicodedata.category(letter) == "Cf" or "VARIATION SELECTOR" in unicodedata.name(letter, "")
    )
    return "" if invisible else _number(letter)


def _number(letter: str) -> str:
    """Return the usual notation of a code point."""
    return f"[U+{ord(letter):04X}]"


def _shown(value: Any, hidden: frozenset[str]) -> Any:
    """Return JSON values with every text in them as it can be shown."""
    if isinstance(value, str):
        return numbered(value, hidden)
    if isinstance(value, Mapping):
        return {key: _shown(one, hidden) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_shown(one, hidden) for one in value]
    return value


def _unshown(diagnostic: str) -> set[str]:
    """Return the characters that a message of the typesetter refuses, whose strings are written as Rust does."""
    return {letter for found in _UNSHOWN.findall(diagnostic) for letter in _RUST_ESCAPE.sub(_unescaped, found)}


def _unescaped(found: re.Match[str]) -> str:
    """Return the character that an escape stands for."""
    return chr(int(found[1], 16)) if found[1] else _SHORT_ESCAPES.get(found[2], found[2])
