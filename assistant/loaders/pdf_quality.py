"""How much of a page's text reads as language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"\(cid:\d+\)|/[A-Za-z]+\d{2,}|\\u[0-9a-fA-F]{4}")
_VOWELS = frozenset("aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿ")
_LONGEST_WORD = 45
_LAST_LATIN = 0x24F
_ENOUGH_LETTERS = 60
_LEAST_VOWELS = 0.22
_NO_VOWEL_NEEDED = 3
# Word writes its bullets with these, from the Symbol and Wingdings fonts.
_BULLETS = frozenset("\uf0b7\uf0a7\uf0d8\uf076\uf02d")


def quality(text: str) -> float:
    """Return the share of a text that reads as language, 0 to 1; 0 for an empty one."""
    shown = [character for character in _CODE.sub("\ufffd\ufffd", text) if not character.isspace()]
    if not shown:
        return 0.0
    readable = sum(_is_readable(character) for character in shown) / len(shown)
    words = _WORD.findall(text)
    if not words:
        return readable
    plausible = sum(len(word) for word in words if _is_word(word)) / sum(map(len, words))
    return readable * plausible * _sounding(words)


def _sounding(words: list[str]) -> float:
    """Return 1 for text with the vowels any language has, less where a font shows other letters than it says."""
    letters = [letter for word in words for letter in word.lower() if ord(letter) <= _LAST_LATIN]
    if len(letters) < _ENOUGH_LETTERS:
        return 1.0
    share = sum(letter in _VOWELS for letter in letters) / len(letters)
    return min(1.0, share / _LEAST_VOWELS)


def characters(texts: Iterable[str]) -> int:
    """Count the characters that are not white space."""
    return sum(not character.isspace() for text in texts for character in text)


def _is_readable(character: str) -> bool:
    """Tell whether a character stands for something: no replacement, private or control character."""
    if character in _BULLETS:
        return True
    return character != "\ufffd" and unicodedata.category(character) not in ("Co", "Cc", "Cn", "Cs")


def _is_word(word: str) -> bool:
    """Tell whether letters look like a word: of sane length, and with a vowel where its script has any."""
    if len(word) > _LONGEST_WORD:
        return False
    if len(word) <= _NO_VOWEL_NEEDED or (word.isupper() and len(word) <= 6):
        return True
    lower = word.lower()
    return any(letter in _VOWELS or ord(letter) > _LAST_LATIN for letter in lower)
