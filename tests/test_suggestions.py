"""Next questions: well formed, known to be answered, and about something that was not shown yet."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from builders import SOURCES, chunk

from assistant.pipeline import Assistant, ingest
from assistant.settings import Settings, load_settings
from assistant.suggestions import store
from assistant.suggestions.candidates import Candidate, as_asked
from assistant.suggestions.checking import check
from assistant.suggestions.phrasing import about, as_question, counted, defined, questions_of
from assistant.types import Answer, Citation, Sentence, Withheld

PILOT_NL = """---
title: De pilot Learning Communities
kind: funding
language: nl
updated: 2024-01-31
---

## Hoeveel geld was er voor de pilot Learning Communities?

De pilot Learning Communities kostte in totaal 850.000 euro, meldde de NL AIC op 20 december 2023.[^nlaic-2023]

## Wie voerde de regeling van de pilot Learning Communities uit?

Regieorgaan SIA voerde de regeling van de pilot Learning Communities uit.[^nlaic-2023]

## Wie leidde de pilot Learning Communities?

Windesheim was penvoerder van de pilot Learning Communities.[^nlaic-2023]

## Wat is niet bekend over de pilot Learning Communities?

Hoe lang de pilot Learning Communities duurde, is niet bekend.[^nlaic-2023]
"""
PILOT_EN = """---
title: The pilot Learning Communities
kind: funding
language: en
updated: 2024-01-31
---

## How much money was there for the pilot Learning Communities?

The pilot Learning Communities cost 850,000 euros in all, the NL AIC reported on 20 December 2023.[^nlaic-2023]

## Who carried out the scheme of the pilot Learning Communities?

Regieorgaan SIA carried out the scheme of the pilot Learning Communities.[^nlaic-2023]

## Who led the pilot Learning Communities?

Windesheim was lead applicant of the pilot Learning Communities.[^nlaic-2023]

## What is not known about the pilot Learning Communities?

How long the pilot Learning Communities lasted is not known.[^nlaic-2023]
"""
OWN = """---
title: Verslag van de Waddenacademie
kind: report
language: nl
---

## 1.2 Bestuur en toezicht van de Waddenacademie

De Waddenacademie is een stichting met vier bestuursleden en een raad van toezicht van vijf leden.

## Partners

Drie gemeenten betalen samen het onderzoek van de Waddenacademie:

- Harlingen betaalt de helft van het onderzoek van de Waddenacademie.
- Terschelling betaalt een kwart van het onderzoek van de Waddenacademie.
- Vlieland betaalt een kwart van het onderzoek van de Waddenacademie.
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("suggestions")
    (folder / "files").mkdir()
    for name, text in {
        "sources.yaml": SOURCES,
        "pilot.nl.md": PILOT_NL,
        "pilot.en.md": PILOT_EN,
        "verslag.md": OWN,
    }.items():
        (folder / "files" / name).write_text(text, encoding="utf-8")
    made = load_settings({"index": {"directory": folder / "index"}, "chat": {"suggestion_seconds": 10}})
    ingest([folder / "files"], made)
    return made


@pytest.fixture(scope="module")
def assistant(settings: Settings) -> Iterator[Assistant]:
    made = Assistant.open(settings)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("heading", "language", "question"),
    [
        ("Wie betaalt de Waddenacademie?", "nl", "Wie betaalt de Waddenacademie?"),
        ("Stap 4: welke partners vraagt Windesheim mee?", "nl", "Welke partners vraagt Windesheim mee?"),
        ("3.1 Which partners does the Wadden Academy have?", "en", "Which partners does the Wadden Academy have?"),
        ("Voor wie is Zonnestroom Drenthe bedoeld?", "nl", "Voor wie is Zonnestroom Drenthe bedoeld?"),
        ("Wat kost dat?", "nl", None),
        ("And who pays for it?", "en", None),
        ("Wie leidde het project Zeegras en waar vond het plaats?", "nl", None),
        ("Meer weten over de Waddenacademie?", "nl", None),
        ("De Waddenacademie", "nl", None),
    ],
)  # fmt: skip
def test_a_heading_is_asked_when_it_is_one_whole_question(heading: str, language: str, question: str | None) -> None:
    assert as_question(heading, language) == question  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sentence", "topic", "question"),
    [
        ("Een lectoraat is een onderzoeksgroep van een hogeschool.", "", "Wat is een lectoraat?"),
        ("De Waddenacademie is een stichting in Leeuwarden.", "", "Wat is de Waddenacademie?"),
        ("Marijke Zuidema is een lector van hogeschool Van Hall Larenstein.", "", "Wie is Marijke Zuidema?"),
        ("Slibdepot Noord is een plas bij Delfzijl.", "", "Wat zeggen de documenten over “Slibdepot Noord”?"),
        ("Borging is het vasthouden van wat is geleerd.", "Borging", "Wat betekent “Borging”?"),
        ("De regeling is een subsidie voor scholen.", "", None),
        ("Dit is een voorbeeld van een getijdengebied.", "", None),
        ("Wat ontbreekt is een plan.", "", None),
    ],
)
def test_a_definition_is_asked_for_by_what_it_defines(sentence: str, topic: str, question: str | None) -> None:
    assert defined(sentence, topic, "nl") == question


def test_an_english_definition_is_asked_for_in_english() -> None:
    assert defined("A salt marsh is a coastal wetland.", "", "en") == "What is a salt marsh?"
    assert defined("The IGBT is a power device.", "", "en") == "What is the IGBT?"
    assert defined("It is a wetland.", "", "en") is None


@pytest.mark.parametrize(
    ("sentence", "language", "question"),
    [
        ("Drie gemeenten betalen samen het onderzoek:", "nl", "Welke drie gemeenten betalen samen het onderzoek?"),
        ("De Waddenacademie heeft vier taken:", "nl", "Welke vier taken heeft de Waddenacademie?"),
        ("The Wadden Academy has four tasks:", "en", "Which four tasks does the Wadden Academy have?"),
        ("Three towns jointly pay for the research:", "en", "Which three towns jointly pay for the research?"),
        ("Deze regeling heeft vier voorwaarden:", "nl", None),
        ("Two doses:", "en", None),
        ("Drie gemeenten betalen samen het onderzoek.", "nl", None),
    ],
)
def test_a_list_is_asked_for_by_the_sentence_that_opens_it(sentence: str, language: str, question: str | None) -> None:
    assert counted(sentence, language) == question  # type: ignore[arg-type]


def test_a_heading_that_any_document_may_have_is_no_topic() -> None:
    assert about("Samenvatting", "nl") is None and about("Table of contents", "en") is None
    assert about("Antwoord 12", "nl") is None
    assert about("Bestuur en toezicht", "nl") == "Wat zeggen de documenten over “Bestuur en toezicht”?"


def test_nothing_is_asked_of_a_passage_in_another_language() -> None:
    german = chunk("Das Wattenmeer ist ein Nationalpark.", language="und", headings=("Was ist das Wattenmeer?",))
    assert not list(questions_of(german, german.text))


def candidate(**changes: object) -> Candidate:
    made = Candidate("Wie leidt Zeegras?", "question", "nl", "a.md", "report", "a.md", 1, 0, 100, 200, is_gap=False)
    return replace(made, **changes)  # type: ignore[arg-type]


def answer(start: int = 120, document: str = "a.md", text: str = "Windesheim leidt Zeegras.") -> Answer:
    quoted = Citation(1, document, "T", None, None, None, text, start, start + len(text), "", 1.0, "nl")
    return Answer(
        "Wie leidt Zeegras?", "nl", "", "answered", (Sentence(text, (1,), "nl", True),), (quoted,), confidence=0.9
    )


def no_kind(document: str) -> str:
    return "report"


def test_a_candidate_is_answered_when_its_own_passage_opens_the_answer() -> None:
    found = check(candidate(), answer(), no_kind)
    assert found.is_answered and found.cited == (("a.md", 120),) and found.confidence == 0.9


@pytest.mark.parametrize(
    "given",
    [
        answer(start=300),
        answer(document="b.md"),
        replace(answer(), status="partial"),
        replace(answer(), status="refused", citations=(), sentences=()),
        replace(answer(), language="en"),
        replace(answer(), message="Ja, dat staat in de documenten."),
        replace(answer(), withheld=(Withheld("Een zin.", ()),)),
        answer(text="Wie Zeegras leidt, staat niet in het bericht."),
    ],
)
def test_a_candidate_is_not_suggested_on_any_other_answer(given: Answer) -> None:
    assert not check(candidate(), given, no_kind).is_answered


def test_a_question_about_what_is_missing_may_be_answered_with_that() -> None:
    given = answer(text="Wie Zeegras leidt, staat niet in het bericht.")
    assert check(candidate(is_gap=True), given, no_kind).is_answered


def test_what_is_suggested_is_answered_by_something_new_in_the_language_of_the_question(assistant: Assistant) -> None:
    for question, language in [
        ("Hoeveel geld was er voor de pilot Learning Communities?", "nl"),
        ("How much money was there for the pilot Learning Communities?", "en"),
    ]:
        first = assistant.ask(question)
        shown = {(one.document, one.start) for one in first.citations}
        suggested = assistant.suggestions(first)
        assert 1 <= len(suggested) <= 3 and question not in suggested
        for one in suggested:
            following = assistant.ask(one)
            assert following.status == "answered" and following.language == language
            assert (following.citations[0].document, following.citations[0].start) not in shown


def test_nothing_that_was_asked_or_shown_in_the_conversation_is_suggested_again(assistant: Assistant) -> None:
    given = [assistant.ask("Hoeveel geld was er voor de pilot Learning Communities?")]
    for _ in range(4):
        suggested = assistant.suggestions(given[-1], given[:-1])
        asked = {as_asked(one.question) for one in given}
        opened = {(one.citations[0].document, one.citations[0].start) for one in given}
        assert not asked & {as_asked(one) for one in suggested}
        if not suggested:
            break
        following = assistant.ask(suggested[0])
        assert (following.citations[0].document, following.citations[0].start) not in opened
        given.append(following)


def test_a_refusal_and_small_talk_come_with_questions_that_are_answered(assistant: Assistant) -> None:
    for question in ("Wat is de hoofdstad van Frankrijk?", "Wat kun je?", "hi there"):
        suggested = assistant.suggestions(assistant.ask(question))
        assert suggested
        assert all(assistant.ask(one).status == "answered" for one in suggested)


def test_documents_without_questions_for_headings_are_suggested_from_too(assistant: Assistant) -> None:
    suggested = assistant.suggestions(assistant.ask("Hoeveel bestuursleden heeft de Waddenacademie?"))
    assert "Welke drie gemeenten betalen samen het onderzoek van de Waddenacademie?" in suggested


def test_examples_are_of_every_kind_and_the_gaps_are_apart(assistant: Assistant) -> None:
    found = assistant.examples("nl")
    assert set(found.of_kind) == {"funding", "report"}
    assert found.gaps == ("Wat is niet bekend over de pilot Learning Communities?",)
    assert not set(found.gaps) & {one for questions in found.of_kind.values() for one in questions}
    english = assistant.examples("en")
    assert len(english.of_kind["funding"]) == len(found.of_kind["funding"])


def test_what_was_found_out_is_kept_until_a_setting_or_the_index_changes(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    folder = tmp_path / "index"
    shutil.copytree(settings.index.directory, folder)
    moved = settings.model_copy(update={"index": settings.index.model_copy(update={"directory": folder})})
    first = Assistant.open(moved)
    assert first.suggester.finish(60)
    expected = first.suggestions(first.ask("Wie leidde de pilot Learning Communities?"))
    first.close()
    manifest = assistant._live._current.manifest
    assert store.load(folder, store.key_of(manifest, moved))
    other = moved.model_copy(update={"answerer": moved.answerer.model_copy(update={"max_sentences": 2})})
    assert store.key_of(manifest, other) != store.key_of(manifest, moved)
    again = Assistant.open(moved)
    assert again.suggestions(again.ask("Wie leidde de pilot Learning Communities?")) == expected
    again.close()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": "k"}', '{"key": "k", "checked": {"nl A?": 3}}'])
def test_a_damaged_file_of_earlier_findings_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / store.FILE).write_text(content, encoding="utf-8")
    assert store.load(tmp_path, "k") == {}


def test_an_index_that_cannot_be_written_to_is_no_trouble(tmp_path: Path) -> None:
    store.save(tmp_path / "missing", "k", {})


def test_suggestions_can_be_switched_off(settings: Settings) -> None:
    off = settings.model_copy(update={"chat": settings.chat.model_copy(update={"suggestions": 0})})
    made = Assistant.open(off)
    assert made.suggestions(made.ask("Wie leidde de pilot Learning Communities?")) == ()
    made.close()
