"""Both flows with the real embedder, the real Chroma and real files."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import SOURCES
from langchain_core.callbacks import BaseCallbackHandler

from assistant.embedder import Embedder, load_embedder
from assistant.errors import IndexMismatch, IndexMissing, InputError
from assistant.pipeline import Assistant, ingest
from assistant.pipeline.assistant import Question
from assistant.settings import Settings, load_settings
from assistant.types import Answer, Progress, Sentence, Turn

PILOT_NL = """---
title: De pilot
kind: programme
language: nl
---

## Geld

De pilot kostte in totaal 850.000 euro.[^nlaic-2023]

Regieorgaan SIA voerde de regeling van de pilot uit.[^nlaic-2023]

## Mensen

Myrna van de Water was programmamanager van de pilot.[^nlaic-2023]
"""
PILOT_EN = """---
title: The pilot
kind: programme
language: en
---

## Money

The pilot cost 850,000 euros in total.[^nlaic-2023]

Regieorgaan SIA carried out the scheme of the pilot.[^nlaic-2023]

## People

Myrna van de Water was programme manager of the pilot.[^nlaic-2023]
"""
ONLY_NL = """---
title: Dialogic
language: nl
---

## Contact

Offertes van Dialogic vraag je aan via tenderdesk@dialogic.nl.[^nlaic-2023]
"""


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(load_settings().embedder)


def corpus(folder: Path) -> Path:
    folder.mkdir()
    (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (folder / "pilot.nl.md").write_text(PILOT_NL, encoding="utf-8")
    (folder / "pilot.en.md").write_text(PILOT_EN, encoding="utf-8")
    (folder / "dialogic.nl.md").write_text(ONLY_NL, encoding="utf-8")
    return folder


def settings_in(folder: Path, **overrides: object) -> Settings:
    return load_settings({"index": {"directory": folder / "index"}, **overrides})


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("assistant")
    settings = settings_in(folder)
    ingest([corpus(folder / "corpus")], settings, embedder=embedder)
    opened = Assistant.open(settings)
    yield opened
    opened.close()


# questions to answers


@pytest.mark.parametrize(
    ("question", "expected", "document"),
    [
        ("Hoeveel kostte de pilot?", "850.000 euro", "pilot.nl.md"),
        ("How much did the pilot cost?", "850,000 euros", "pilot.en.md"),
        ("Wie was programmamanager?", "Myrna van de Water", "pilot.nl.md"),
        ("Who was the programme manager?", "Myrna van de Water", "pilot.en.md"),
    ],
)
def test_the_answer_comes_in_the_language_of_the_question(
    assistant: Assistant, question: str, expected: str, document: str
) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered" and expected in answer.sentences[0].text
    assert answer.citations[0].document == document


def test_a_fact_that_only_the_other_language_has_is_answered_and_marked_so(assistant: Assistant) -> None:
    answer = assistant.ask("What is the e-mail address of Dialogic for quotes?")
    assert "tenderdesk@dialogic.nl" in answer.sentences[0].text
    assert answer.language == "en" and answer.sentences[0].language == "nl"


def test_every_quote_stands_in_the_canonical_text_at_its_offsets(assistant: Assistant) -> None:
    for question in ("Wat kostte de pilot en wie voerde de regeling uit?", "Who carried out the scheme?"):
        answer = assistant.ask(question)
        assert answer.citations
        for citation in answer.citations:
            assert assistant.canonical_text(citation.document)[citation.start : citation.end] == citation.quote
            assert citation.sha256 == assistant.document(citation.document).sha256
            assert [source.publisher for source in citation.sources] == ["NL AIC"]
        for sentence in answer.sentences:
            quotes = [one.quote for one in answer.citations if one.marker in sentence.citations]
            assert any(sentence.text in quote for quote in quotes)


def test_a_follow_up_is_searched_with_its_subject(assistant: Assistant) -> None:
    history = [Turn("user", "Hoeveel kostte de pilot?"), Turn("assistant", "850.000 euro [1]")]
    answer = assistant.ask("en wie voerde de regeling uit?", history)
    assert "Regieorgaan SIA" in answer.sentences[0].text
    assert answer.question == "en wie voerde de regeling uit?" != answer.search_query


def test_a_question_about_another_world_is_refused_with_the_nearest_passages(assistant: Assistant) -> None:
    answer = assistant.ask("Wat is het recept voor appeltaart?")
    assert (answer.status, answer.reason, answer.citations) == ("refused", "out_of_scope", ())
    assert answer.message and answer.nearest and not answer.sentences


def test_an_empty_question_asks_for_one(assistant: Assistant) -> None:
    answer = assistant.ask("  ")
    assert (answer.status, answer.reason) == ("clarify", "unclear_question")


def test_streaming_tells_what_is_done_then_the_sentences_then_the_answer(assistant: Assistant) -> None:
    events = list(assistant.stream("Hoeveel kostte de pilot?"))
    assert isinstance(events[0], Progress) and isinstance(events[-1], Answer)
    assert tuple(one for one in events if isinstance(one, Sentence)) == events[-1].sentences


def test_the_chain_is_a_runnable_with_named_steps(assistant: Assistant) -> None:
    names: list[str] = []

    class Names(BaseCallbackHandler):
        def on_chain_start(self, *args: object, **kwargs: object) -> None:
            names.append(str(kwargs.get("name")))

    answers = assistant.chain.batch(
        [Question("Hoeveel kostte de pilot?"), Question("Who was the programme manager?")],
        config={"callbacks": [Names()]},
    )
    assert [one.status for one in answers] == ["answered", "answered"]
    assert {"conversation", "retriever", "answerer", "answerability", "citations"} <= set(names)


def test_the_retriever_answers_langchains_own_interface(assistant: Assistant) -> None:
    found = assistant.retriever.invoke("Hoeveel kostte de pilot?")
    assert (
        found[0].metadata["document"].startswith("pilot.") and found[0].metadata["score"] >= found[1].metadata["score"]
    )


def test_both_languages_are_searched_for_every_question(assistant: Assistant) -> None:
    found = {hit.chunk.document for hit in assistant.search("Hoeveel kostte de pilot?", 10)}
    assert {"pilot.nl.md", "pilot.en.md"} <= found


def test_an_unknown_document_is_named(assistant: Assistant) -> None:
    with pytest.raises(InputError, match=r"weg\.md"):
        assistant.canonical_text("weg.md")


def test_many_questions_at_once_get_their_own_answers(assistant: Assistant) -> None:
    wrong: list[str] = []

    def ask(question: str, expected: str) -> None:
        for _ in range(10):
            text = assistant.ask(question).sentences[0].text
            if expected not in text:
                wrong.append(text)

    pairs = [("Hoeveel kostte de pilot?", "850.000"), ("Who was the programme manager?", "Myrna")] * 3
    threads = [threading.Thread(target=ask, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


# files to an index


def test_a_running_program_takes_the_new_generation_at_its_next_question(tmp_path: Path, embedder: Embedder) -> None:
    folder, settings = corpus(tmp_path / "corpus"), settings_in(tmp_path)
    ingest([folder], settings, embedder=embedder)
    assistant = Assistant.open(settings)
    assert "850.000" in assistant.ask("Hoeveel kostte de pilot?").sentences[0].text
    (folder / "pilot.nl.md").write_text(PILOT_NL.replace("850.000", "123.000"), encoding="utf-8")
    report = ingest([folder], settings, embedder=embedder)
    assert (report.changed, report.unchanged) == (("pilot.nl.md",), 2)
    answer = assistant.ask("Hoeveel kostte de pilot?")
    assert "123.000" in answer.sentences[0].text and answer.index == report.generation
    assistant.close()


def test_a_document_that_vanished_is_no_longer_found(tmp_path: Path, embedder: Embedder) -> None:
    folder, settings = corpus(tmp_path / "corpus"), settings_in(tmp_path)
    ingest([folder], settings, embedder=embedder)
    (folder / "dialogic.nl.md").unlink()
    assert ingest([folder], settings, embedder=embedder).removed == ("dialogic.nl.md",)
    assistant = Assistant.open(settings)
    assert all(hit.chunk.document != "dialogic.nl.md" for hit in assistant.search("tenderdesk dialogic", 10))
    assistant.close()


def test_when_nothing_changed_the_live_generation_stays(tmp_path: Path, embedder: Embedder) -> None:
    folder, settings = corpus(tmp_path / "corpus"), settings_in(tmp_path)
    first = ingest([folder], settings, embedder=embedder)
    second = ingest([folder], settings, embedder=embedder)
    assert (second.written, second.generation, second.unchanged) == (False, first.generation, 3)
    assert ingest([folder], settings, full=True, embedder=embedder).generation > first.generation


def test_the_same_content_twice_is_said_and_taken_once(tmp_path: Path, embedder: Embedder) -> None:
    folder, settings = corpus(tmp_path / "corpus"), settings_in(tmp_path)
    (folder / "kopie.nl.md").write_text(ONLY_NL, encoding="utf-8")
    report = ingest([folder], settings, embedder=embedder)
    assert report.duplicates == (("kopie.nl.md", "dialogic.nl.md"),) and report.documents == 3
    again = ingest([folder], settings, embedder=embedder)
    assert (again.written, again.duplicates) == (False, report.duplicates)
    (folder / "dialogic.nl.md").unlink()
    after = ingest([folder], settings, embedder=embedder)
    assert after.added == ("kopie.nl.md",) and after.removed == ("dialogic.nl.md",)


def test_a_file_that_cannot_be_read_is_named_and_the_others_go_in(tmp_path: Path, embedder: Embedder) -> None:
    folder, settings = corpus(tmp_path / "corpus"), settings_in(tmp_path)
    (folder / "leeg.pdf").write_bytes(b"")
    report = ingest([folder], settings, embedder=embedder)
    assert [one.path for one in report.refused] == ["leeg.pdf"] and report.documents == 3
    assert "leeg" in str(report.refused) or report.refused[0].reason
    again = ingest([folder], settings, embedder=embedder)
    assert (again.written, again.refused) == (False, report.refused)


def test_two_roots_with_the_same_name_inside_keep_both(tmp_path: Path, embedder: Embedder) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, text in ((one, "Het eerste document gaat over Saxion."), (other, "Het tweede gaat over Fontys.")):
        folder.mkdir()
        (folder / "a.txt").write_text(text, encoding="utf-8")
    report = ingest([one, other], settings_in(tmp_path), embedder=embedder)
    assert set(report.added) == {"a.txt", "other/a.txt"}


def test_no_index_is_said_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=r"python ingest\.py"):
        Assistant.open(settings_in(tmp_path))


def test_another_chunk_size_than_the_index_was_built_with_is_refused(tmp_path: Path, embedder: Embedder) -> None:
    ingest([corpus(tmp_path / "corpus")], settings_in(tmp_path), embedder=embedder)
    with pytest.raises(IndexMismatch, match=r"256 -> 128.*python ingest\.py"):
        Assistant.open(settings_in(tmp_path, chunker={"max_tokens": 128}))


def test_a_folder_without_files_is_an_error(tmp_path: Path, embedder: Embedder) -> None:
    (tmp_path / "leeg").mkdir()
    with pytest.raises(InputError, match="no files"):
        ingest([tmp_path / "leeg"], settings_in(tmp_path), embedder=embedder)
