"""Numbers and ordinals that are written as words, in Dutch and English."""

from __future__ import annotations

import re

from assistant.types import Language

_NL_UNITS = "nul een twee drie vier vijf zes zeven acht negen".split()
_NL_TEENS = "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien".split()
_NL_TENS = "twintig dertig veertig vijftig zestig zeventig tachtig negentig".split()
_EN_UNITS = "zero one two three four five six seven eight nine".split()
_EN_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def _dutch_below_100() -> dict[str, int]:
    """Return the Dutch numbers below 100, without accents."""
    words = {word: value for value, word in enumerate(_NL_UNITS + _NL_TEENS)}
    for ten, word in enumerate(_NL_TENS, 2):
        words[word] = 10 * ten
        words |= {f"{unit}en{word}": 10 * ten + value for value, unit in enumerate(_NL_UNITS) if value}
    return words


def _english_below_100() -> dict[str, int]:
    """Return the English numbers below 100, with hyphens."""
    words = {word: value for value, word in enumerate(_EN_UNITS + _EN_TEENS)}
    for ten, word in enumerate(_EN_TENS, 2):
        words[word] = 10 * ten
        words |= {f"{word}-{unit}": 10 * ten + value for value, unit in enumerate(_EN_UNITS) if value}
    return words


_DUTCH = _dutch_below_100()
_ENGLISH = _english_below_100()
_NL_IRREGULAR = {"een": "eerste", "drie": "derde", "acht": "achtste"}
_EN_IRREGULAR = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth"}
_EN_IRREGULAR |= {"nine": "ninth", "twelve": "twelfth"}


def _dutch_ordinals() -> dict[str, int]:
    """Return the Dutch ordinals up to the hundredth, and the thousandth."""
    found = {"eerst": 1, "allereerst": 1, "allereerste": 1, "honderdste": 100, "duizendste": 1000}
    for word, value in _DUTCH.items():
        if value:
            ending = "de" if value < 20 else "ste"
            found[_NL_IRREGULAR.get(word, word + ending)] = value
    return found | {word.replace("eeen", "eeën").replace("ieen", "ieën"): value for word, value in found.items()}


def _english_ordinals() -> dict[str, int]:
    """Return the English ordinals up to the hundredth, and the thousandth."""
    found = {"firstly": 1, "secondly": 2, "thirdly": 3, "hundredth": 100, "thousandth": 1000}
    for word, value in _ENGLISH.items():
        if value:
            before, hyphen, last = word.rpartition("-")
            ending = _EN_IRREGULAR.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
            found[before + hyphen + ending] = value
    return found


ORDINALS: dict[Language, dict[str, int]] = {"nl": _dutch_ordinals(), "en": _english_ordinals()}


def _any_of(words: list[str]) -> str:
    """Return a pattern for one of the words, longest first."""
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")"


_NL_UNIT = f"(?:[eé]́?[eé]́?n|{_any_of(_NL_UNITS[2:])})"
_NL_SMALL = f"(?:{_NL_UNIT}(?:en|ën){_any_of(_NL_TENS)}|{_any_of(_NL_TEENS)}|{_any_of(_NL_TENS)}|{_NL_UNIT})"
_NL_BELOW_1000 = f"(?:{_NL_SMALL}?honderd(?:(?:en)?{_NL_SMALL})?|{_NL_SMALL})"
_NL_NUMBER = f"(?:{_NL_BELOW_1000}?duizend(?: ?(?:en)?{_NL_BELOW_1000})?|{_NL_BELOW_1000}|nul)"
_NL_COMPOUND = (
    "jarig|jaars|daags|maands|weeks|urig|uurs|delig|ledig|voudig|koppig|tal(?!ig|le)|maal|derde|vijfde|tiende"
)
"""What a number is written together with: "vijfjarig", "driedaagse", "viertal", "tweemaal", "tweederde"."""
_EN_SMALL = f"(?:{_any_of(_EN_TENS)}(?:[- ]{_any_of(_EN_UNITS[1:])})?|{_any_of(_EN_TEENS)}|{_any_of(_EN_UNITS[1:])})"
_EN_AND_SMALL = f"(?: and)?[- ]{_EN_SMALL}(?![- ]hundred\\b)"
_EN_BELOW_1000 = f"(?:(?:a|{_EN_SMALL})[- ]hundred(?:{_EN_AND_SMALL}\\b)?|{_EN_SMALL})"
_EN_NUMBER = (
    r"(?:an?(?=[- ](?:million|billion|trillion)\b)"
    f"|(?:an?|{_EN_BELOW_1000})[- ]thousand(?:,?(?: and)? {_EN_BELOW_1000}\\b)?|{_EN_BELOW_1000}|zero|twice|a dozen)"
)

NUMBER_WORDS: dict[Language, re.Pattern[str]] = {
    "nl": re.compile(rf"(?<!\w){_NL_NUMBER}(?!(?!{_NL_COMPOUND})\w)", re.IGNORECASE),
    "en": re.compile(rf"(?<!\w){_EN_NUMBER}(?!(?!fold)\w)", re.IGNORECASE),
}
ORDINAL_WORDS: dict[Language, re.Pattern[str]] = {
    # "tweederde" is two and a third; "eerstejaars" is of the first year.
    "nl": re.compile(
        rf"(?:(?<!\w)|(?<=\btwee)|(?<=\bdrie)|(?<=\bvier))({_any_of(list(ORDINALS['nl']))})(?=jaars|\b)", re.IGNORECASE
    ),
    "en": re.compile(rf"(?<!\w)({_any_of(list(ORDINALS['en']))})(?=s?\b)", re.IGNORECASE),
}


def number_word(words: str, language: Language) -> int:
    """Return the value of what NUMBER_WORDS found."""
    return _dutch_value(words) if language == "nl" else _english_value(words)


def _dutch_value(words: str) -> int:
    """Add up the parts of a Dutch number."""
    word = words.lower().replace("\u0301", "").replace("é", "e").replace("ë", "e").replace(" ", "")
    left, thousand, right = word.rpartition("duizend")
    total = 1000 * (_dutch_below_1000(left) or 1) if thousand else 0
    return total + _dutch_below_1000(right)


def _dutch_below_1000(word: str) -> int:
    """Return a Dutch number such as "vijftienhonderd" or "honderdentwee"; 0 for no word."""
    left, hundred, right = word.removeprefix("en").rpartition("honderd")
    total = 100 * (_DUTCH.get(left) or 1) if hundred else 0
    return total + _DUTCH.get(right.removeprefix("en"), 0)


def _english_value(words: str) -> int:
    """Add up the parts of an English number."""
    total = part = 0
    for word in re.split(r",? and |,? |-", words.lower()):
        if word == "thousand":
            total, part = 1000 * (part or 1), 0
        elif word == "hundred":
            part = 100 * (part or 1)
        else:
            part += {"twice": 2, "dozen": 12}.get(word, _ENGLISH.get(word, 0))
    return total + part
