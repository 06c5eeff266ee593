"""The words of the page: complete in both languages, and chosen for the reader."""

import re
from pathlib import Path

import pytest

from assistant.ui.panels.examples import GROUPS, QUESTIONS_PER_GROUP
from assistant.ui.texts import LANGUAGES, Texts, as_interface_language, preferred_language, texts_in

UI = Path(__file__).parent.parent / "assistant" / "ui"
SAME_IN_BOTH = {
    "chat.stop",
    "chat.unread_page",
    "document.kind.document",
    "document.kind.community",
    "place.page",
}
"""Texts that are rightly spelled alike in Dutch and English."""
FEEDBACK = tuple(
    f"{panel}.{name}"
    for panel, names in {
        "feedback": "yes no why_",
        "evaluator": "fault_ field_ group_ answerable_ reason_ good improvable wrong previous next undo keys",
    }.items()
    for name in names.split()
)
SOURCES = ("sources.state_", "sources.authority_", "sources.picture_", "sources.alt_")
CORPUS = (
    *("corpus.facet.", "corpus.read_in_", "corpus.staff.stage.", "corpus.staff.fault.", "corpus.staff.said."),
    *("corpus.staff.own_", "corpus.staff.new_", "corpus.staff.gone_", "corpus.staff.leaving"),
    *("corpus.staff.returning", "corpus.staff.reverted"),
)
"""Beginnings of keys of the corpus page that the code puts together."""


def every_text(texts: Texts) -> dict[str, str]:
    return {key: " | ".join(one if isinstance(one := texts.value(key), tuple) else (one,)) for key in texts.keys}


def test_both_languages_have_the_same_keys() -> None:
    assert texts_in("nl").keys == texts_in("en").keys


def test_no_text_is_left_untranslated() -> None:
    dutch, english = every_text(texts_in("nl")), every_text(texts_in("en"))
    assert {key for key in dutch if dutch[key] == english[key]} == SAME_IN_BOTH


def test_both_languages_fill_in_the_same_parts() -> None:
    dutch, english = every_text(texts_in("nl")), every_text(texts_in("en"))
    parts = re.compile(r"\{\w+\}")
    for key in dutch:
        assert sorted(parts.findall(dutch[key])) == sorted(parts.findall(english[key])), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_hold_nothing_that_html_would_read_as_markup(language: str) -> None:
    for key, text in every_text(texts_in(as_interface_language(language))).items():
        assert text.strip() and not set(text) & set('<>&"'), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_group_of_readers_has_its_examples(language: str) -> None:
    texts = texts_in(as_interface_language(language))
    for group in GROUPS:
        assert len(texts.list(f"examples.{group}.questions")) == QUESTIONS_PER_GROUP


def test_every_text_that_the_code_asks_for_exists() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in [*UI.rglob("*.py"), *UI.rglob("*.html")])
    panels = "page|chat|sources|document|place|examples|corpus|feedback|evaluator"
    asked = set(re.findall(rf"""["']((?:{panels})\.[a-z_.]+)["']""", code))
    assert asked and asked <= texts_in("nl").keys


def test_every_text_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in [*UI.rglob("*.py"), *UI.rglob("*.html")])
    own = ("examples.", "document.kind.", "overview.kind.", "document.twin_", "place.language_", "sources.quote_in_")
    built = (*own, *CORPUS, *FEEDBACK, *SOURCES)
    for key in texts_in("nl").keys:
        assert key.startswith(built) or re.search(f"[\"']{re.escape(key)}[\"']", code), f"{key} is written nowhere"


def test_an_unknown_text_is_an_error() -> None:
    with pytest.raises(KeyError):
        texts_in("nl")("chat.nothing")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "nl"),
        ("", "nl"),
        ("nl-NL,nl;q=0.9,en;q=0.8", "nl"),
        ("en-GB,en;q=0.9,nl;q=0.8", "en"),
        ("de-DE,de;q=0.9,nl;q=0.5,en;q=0.7", "en"),
        ("de-DE,de;q=0.9", "en"),
        ("nl;q=0, en;q=0.1", "en"),
        ("nl;q=broken", "en"),
        ("NL", "nl"),
    ],
)
def test_the_page_opens_in_the_language_of_the_browser(header: str | None, expected: str) -> None:
    assert preferred_language(header) == expected


@pytest.mark.parametrize(
    ("iso", "dutch", "english"),
    [
        ("2023-12-20", "20 december 2023", "20 December 2023"),
        ("2022-03", "maart 2022", "March 2022"),
        ("2022", "2022", "2022"),
        ("undated", "zonder datum", "undated"),
        ("", "zonder datum", "undated"),
        ("2022-13-01", "zonder datum", "undated"),
        ("²-1", "zonder datum", "undated"),
    ],
)
def test_dates_are_written_as_people_write_them(iso: str, dutch: str, english: str) -> None:
    assert (texts_in("nl").date(iso), texts_in("en").date(iso)) == (dutch, english)
