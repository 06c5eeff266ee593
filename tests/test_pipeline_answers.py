"""What reaches the reader: small talk, corrections, and a model's sentences, with real parts but for the model."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import SOURCES
from fakes import FakeChatModel

from assistant.answerers.generative import GenerativeAnswerer
from assistant.embedder import Embedder, load_embedder
from assistant.index import Index
from assistant.pipeline import Assistant, ingest
from assistant.pipeline.identity import index_identity
from assistant.pipeline.live_index import LiveIndex
from assistant.settings import Settings, load_settings
from assistant.types import Answer, Progress, Sentence, Turn

DOCUMENT = """---
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

## Wat is een learning community?

Een learning community is een samenwerking van organisaties die met elkaar leren, werken en innoveren.[^nlaic-2023]
"""
COST = "Hoeveel kostte de pilot Learning Communities in totaal?"


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(load_settings().embedder)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("answers")
    (folder / "files").mkdir()
    (folder / "files" / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (folder / "files" / "pilot.nl.md").write_text(DOCUMENT, encoding="utf-8")
    made = load_settings({"index": {"directory": folder / "index"}})
    ingest([folder / "files"], made)
    return made


def assistant_with(settings: Settings, embedder: Embedder, *replies: list[Any]) -> Assistant:
    """Return an assistant whose model says what the test tells it to; without replies it has no model."""
    identity = index_identity(embedder, settings)
    model = None
    if replies:
        model = GenerativeAnswerer(FakeChatModel(replies=list(replies)), settings, "fake", embedder)
    live = LiveIndex(lambda: Index.open(Path(settings.index.directory), identity))
    return Assistant(settings, embedder, live, model, today=lambda: date(2024, 6, 1))


@pytest.fixture(scope="module")
def assistant(settings: Settings, embedder: Embedder) -> Iterator[Assistant]:
    made = assistant_with(settings, embedder)
    yield made
    made.close()


def test_a_greeting_is_answered_without_a_search(assistant: Assistant) -> None:
    events = list(assistant.stream("Hoi!"))
    assert [type(event) for event in events] == [Answer]
    answer = assistant.ask("thanks a lot")
    assert (answer.status, answer.reason, answer.citations, answer.confidence) == ("answered", None, (), None)
    assert answer.message.startswith("You are welcome")


def test_every_quoted_sentence_is_marked_as_verified(assistant: Assistant) -> None:
    answer = assistant.ask(COST)
    assert answer.status == "answered" and answer.confidence is not None
    assert answer.sentences and all(sentence.verified for sentence in answer.sentences)
    assert "850.000 euro" in answer.sentences[0].text


def test_a_false_premise_gets_the_correction_first(assistant: Assistant) -> None:
    answer = assistant.ask("Klopt het dat de pilot Learning Communities 2 miljoen euro kostte?")
    assert answer.status == "answered" and answer.message.startswith("Nee")
    assert "850.000 euro" in answer.sentences[0].text and answer.citations


def test_a_refusal_says_why_and_names_a_publisher(assistant: Assistant) -> None:
    answer = assistant.ask("Hoeveel regent het morgen in Enschede?")
    assert (answer.status, answer.sentences, answer.citations) == ("refused", (), ())
    assert answer.reason in ("out_of_scope", "nothing_found") and answer.message


def test_a_models_sentence_is_shown_when_its_passage_holds_it(settings: Settings, embedder: Embedder) -> None:
    made = assistant_with(settings, embedder, ["De pilot kostte ", "850.000 euro [1]."])
    events = list(made.stream(COST))
    assert [type(event) for event in events] == [Progress, Progress, Sentence, Answer]
    answer = events[-1]
    assert isinstance(answer, Answer) and answer.answerer == "fake"
    assert [sentence.text for sentence in answer.sentences] == ["De pilot kostte 850.000 euro."]
    assert answer.sentences[0].verified and "850.000 euro" in answer.citations[0].quote


def test_a_models_wrong_amount_never_reaches_the_reader(settings: Settings, embedder: Embedder) -> None:
    wrong = ["De pilot kostte 580.000 euro [1]."]
    answer = assistant_with(settings, embedder, wrong, wrong).ask(COST)
    shown = " ".join([answer.message, *(one.text for one in answer.sentences), *(one.text for one in answer.notes)])
    assert "580.000" not in shown and "850.000 euro" in shown
    assert [one.text for one in answer.withheld] == ["De pilot kostte 580.000 euro."]
    assert "no_model" in [note.kind for note in answer.notes]


@pytest.mark.parametrize("reply", [[], [ConnectionError("gone")], ["   "], ["<think>hm</think>"], ["{" * 500]])
def test_quotes_take_over_from_a_model_that_says_nothing_useful(
    settings: Settings, embedder: Embedder, reply: list[Any]
) -> None:
    answer = assistant_with(settings, embedder, reply).ask(COST)
    assert answer.answerer == "extractive" and "850.000 euro" in answer.sentences[0].text
    assert [note.kind for note in answer.notes] == ["no_model"]


def test_a_model_is_not_asked_about_another_world(settings: Settings, embedder: Embedder) -> None:
    made = assistant_with(settings, embedder, ["Het regent [1]."])
    answer = made.ask("Wie won het WK voetbal van 1974?")
    assert answer.status == "refused" and answer.timings.get("model_ms") is None


def test_refused_turns_do_not_feed_the_next_question(assistant: Assistant) -> None:
    refused = assistant.ask("Hoeveel regent het morgen in Enschede?")
    history = [Turn("user", refused.question), Turn("assistant", refused.message, refused=True)]
    answer = assistant.ask("Wie was penvoerder?", history)
    assert "Enschede" not in answer.search_query
