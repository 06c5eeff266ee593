"""The words of the page, read from a folder of locale files per language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

InterfaceLanguage = Literal["nl", "en"]

LANGUAGES: tuple[InterfaceLanguage, ...] = ("nl", "en")
DEFAULT_LANGUAGE: InterfaceLanguage = "nl"
LANGUAGE_NAMES: dict[InterfaceLanguage, str] = {"nl": "Nederlands", "en": "English"}
"""Each language in its own words, so that a reader finds it whatever the page speaks."""

_ISO_DATE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-3][0-9]))?)?")
_LOCALES = Path(__file__).parent / "locales"


class Texts:
    """The words of the page in one language, by dotted key; an unknown key is an error."""

    def __init__(self, language: InterfaceLanguage, values: Mapping[str, str | tuple[str, ...]]) -> None:
        """Keep the words of a language."""
        self.language = language
        self._values = dict(values)

    def __call__(self, key: str, **parts: object) -> str:
        """Return a text, with its {parts} filled in."""
        value = self.value(key)
        if not isinstance(value, str):
            raise TypeError(f"the text {key!r} is a list; use Texts.list")
        return value.format(**parts) if parts else value

    def list(self, key: str) -> tuple[str, ...]:
        """Return a text that is a list."""
        value = self.value(key)
        if isinstance(value, str):
            raise TypeError(f"the text {key!r} is not a list")
        return value

    def value(self, key: str) -> str | tuple[str, ...]:
        """Return a text or a list, as it stands in the locale file."""
        return self._values[key]

    def date(self, iso: str) -> str:
        """Return an ISO date (of a day, a month or a year) as people write it."""
        found = _ISO_DATE.fullmatch(iso)
        if found is None:
            return self("place.undated")
        year, month, day = found.groups()
        name = self.list("place.months")[int(month) - 1] if month else ""
        return " ".join(part for part in (day.lstrip("0") if day else "", name, year) if part)

    @property
    def keys(self) -> frozenset[str]:
        """All keys of the language."""
        return frozenset(self._values)


@cache
def texts_in(language: InterfaceLanguage) -> Texts:
    """Return the words of the page in a language."""
    files = sorted((_LOCALES / language).glob("*.yaml"))
    contents = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    return Texts(language, {key: value for content in contents for key, value in _flatten(content)})


def as_interface_language(value: object) -> InterfaceLanguage:
    """Return a language of the page for whatever a browser sends."""
    return "en" if value == "en" else "nl" if value == "nl" else DEFAULT_LANGUAGE


def preferred_language(accept_language: str | None) -> InterfaceLanguage:
    """Return Dutch or English, whichever an Accept-Language header puts first.

    A reader whose browser speaks neither is more likely to read English than Dutch.
    """
    if not accept_language:
        return DEFAULT_LANGUAGE
    wanted: list[tuple[float, InterfaceLanguage]] = []
    for part in accept_language.split(","):
        tag, _, parameters = part.strip().partition(";")
        base = tag.strip().lower().split("-")[0]
        if base in LANGUAGES:
            wanted.append((_quality(parameters), "nl" if base == "nl" else "en"))
    # max() keeps the first of equals, which is the order in which the browser lists them.
    quality, language = max(wanted, key=lambda pair: pair[0], default=(0.0, DEFAULT_LANGUAGE))
    return language if quality > 0 else "en"


def _quality(parameters: str) -> float:
    """Return the q value of one part of an Accept-Language header; 1 when it has none."""
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def _flatten(content: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str | tuple[str, ...]]]:
    """Return nested keys as dotted keys."""
    flat: list[tuple[str, str | tuple[str, ...]]] = []
    for key, value in content.items():
        if isinstance(value, Mapping):
            flat += _flatten(value, f"{prefix}{key}.")
        else:
            flat.append((f"{prefix}{key}", tuple(value) if isinstance(value, list) else str(value)))
    return flat
