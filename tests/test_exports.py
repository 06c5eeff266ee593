"""Answers as JSON, Markdown and plain text: nothing is lost, and nothing that was quoted becomes markup."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from small_corpus import make_corpus

from assistant.embedder import load_embedder
from assistant.errors import InputError
from assistant.exports import (
    answer_as_markdown,
    answer_as_text,
    conversation_as_dict,
    conversation_as_json,
    conversation_as_markdown,
    conversation_of,
    file_name,
    read_conversation,
)
from assistant.exports.views import exchange_view
from assistant.exports.words import words_in
from assistant.pipeline import Assistant, ingest
from assistant.presenter import to_dict, to_turns
from assistant.settings import load_settings
from assistant.transcripts import read_answers
from assistant.types import Answer, Citation, Fault, Note, Sentence, Source, UnreadPage, Withheld

WHEN = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
SOURCE = Source("s1", "Resultaten", "NL AIC", "2023-12-20", "nl", "A", "https://example.org/r")
CITATION = Citation(
    1, "pilot.nl.md", "De pilot", "Geld", 4, "iv", "De pilot kostte 850.000 euro.", 10, 39, "ab", 5.0, "nl", (SOURCE,),
    "cd", "gen-000001",
)  # fmt: skip
ANSWER = Answer(
    "What did the pilot cost?",
    "en",
    "What did the pilot cost?",
    "partial",
    sentences=(
        Sentence("Two sums:", (1,), "en", True),
        Sentence("De pilot kostte 850.000 euro.", (1,), "nl", True, "item"),
        Sentence("The rest is unknown.", (2,), "en", True, "item"),
    ),
    citations=(CITATION, replace(CITATION, marker=2, page=None, sources=())),
    nearest=(CITATION,),
    unread_pages=(UnreadPage("scan.pdf", "Scan", 3, "iii", "Geen tekst."),),
    reason="conflicting",
    message="The sources differ.",
    notes=(Note("aged", "This comes from a source of 2023."),),
    withheld=(Withheld("It cost 2 million.", (Fault("figure", "2 million"),)),),
    confidence=0.5,
    index="gen-000001",
    timings={"total_ms": 12.3},
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("exports")
    chosen = load_settings({"index": {"directory": folder / "index"}})
    ingest([make_corpus(folder / "corpus")], chosen, embedder=load_embedder(chosen.embedder))
    opened = Assistant.open(chosen)
    yield opened
    opened.close()


# JSON


def test_real_answers_come_back_from_the_json_as_they_were_and_their_citations_hold(
    assistant: Assistant, tmp_path: Path
) -> None:
    answers: list[Answer] = []
    for question in ("Hoeveel kostte de pilot?", "En wie betaalde dat?", "Who led the pilot?", "Wie is de koning?"):
        answers.append(assistant.ask(question, to_turns(answers)))
    file = tmp_path / "conversation.json"
    file.write_text(conversation_as_json(conversation_of(answers, assistant.generation, WHEN)), encoding="utf-8")
    kept = [citation for answer in read_answers(file).answers for citation in answer.citations]
    assert len(kept) == sum(len(answer.citations) for answer in answers) > 0
    assert {assistant.recheck(citation.receipt).state for citation in kept} == {"true"}
    back = read_conversation(file)
    assert [to_dict(one) for one in back.answers] == [to_dict(one) for one in answers]
    assert (back.created, back.index) == (WHEN, assistant.generation)


def test_every_field_of_an_answer_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "conversation.json"
    file.write_text(conversation_as_json(conversation_of([ANSWER], created=WHEN)), encoding="utf-8")
    assert read_conversation(file).answers == (ANSWER,)


def test_the_json_names_its_form_and_its_time_in_utc() -> None:
    here = WHEN.astimezone(timezone(timedelta(hours=1)))
    shown = conversation_as_dict(conversation_of([ANSWER], "gen-000007", here))
    assert {name: shown[name] for name in ("format", "version", "created", "index")} == {
        "format": "learning-communities-assistant/conversation",
        "version": 1,
        "created": "2026-11-21T14:05:00Z",
        "index": "gen-000007",
    }


@pytest.mark.parametrize("change", [{"version": 2}, {"format": "other"}, {"created": "yesterday"}])
def test_a_file_of_another_form_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    file = tmp_path / "conversation.json"
    file.write_text(json.dumps({**conversation_as_dict(conversation_of([ANSWER])), **change}), encoding="utf-8")
    with pytest.raises(InputError, match=next(iter(change))):
        read_conversation(file)


def test_an_answer_of_before_there_were_sentences_apart_keeps_its_words(tmp_path: Path) -> None:
    old = {"question": "Q?", "language": "en", "search_query": "Q?", "status": "answered", "reason": None}
    file = tmp_path / "old.json"
    file.write_text(json.dumps({**old, "text": "It is so.", "citations": []}), encoding="utf-8")
    conversation = read_conversation(file, WHEN)
    assert "It is so." in conversation_as_markdown(conversation, "en") and conversation.created == WHEN


def test_half_of_a_surrogate_pair_in_a_question_does_not_spoil_the_file(tmp_path: Path) -> None:
    file = tmp_path / "conversation.json"
    text = conversation_as_json(conversation_of([replace(ANSWER, question="a\ud800b 😀")]))
    file.write_text(text, encoding="utf-8")
    assert read_conversation(file).answers[0].question == "a�b 😀"


# Markdown and plain text


def test_markdown_has_the_answer_with_its_numbers_and_everything_about_its_sources() -> None:
    shown = answer_as_markdown(ANSWER, "nl")
    assert shown.startswith(
        "## What did the pilot cost?\n\n**De bronnen verschillen**\n\nThe sources differ.\n\nTwo sums: "
    )
    assert "- De pilot kostte 850.000 euro. \\[1\\]\n- The rest is unknown. \\[2\\]\n\nThis comes from" in shown
    assert "\\[1\\] **De pilot** · Geld · p. iv (pagina 4 van het bestand)" in shown
    assert "> De pilot kostte 850.000 euro.\n\n(Citaat in het Nederlands)" in shown
    assert "- NL AIC, 20 december 2023: Resultaten, <https://example.org/r>" in shown
    assert "Scan, p. iii (pagina 3 van het bestand): Geen tekst." in shown
    assert "Passages die in de buurt komen" in shown and "2 million" not in shown


def test_the_words_around_an_answer_follow_the_page_and_the_answer_keeps_its_own() -> None:
    shown = conversation_as_markdown(conversation_of([ANSWER], created=WHEN), "en")
    assert "Saved on 21 November 2026 at 14:05 (UTC)" in shown and "gen-000001" in shown
    assert "### Sources" in shown and "(Quote in Dutch)" in shown and "De pilot kostte" in shown
    assert file_name(conversation_of([ANSWER], created=WHEN), "md", "en") == "conversation-2026-11-21-1405.md"


def test_plain_text_can_be_pasted_with_its_sources() -> None:
    shown = answer_as_text(ANSWER, "en")
    assert shown.startswith("Question: What did the pilot cost?\n\nThe sources differ\n\n")
    assert "- De pilot kostte 850.000 euro. [1]" in shown
    assert (
        "[1] De pilot · Geld · p. iv (page 4 of the file)\n"
        "    “De pilot kostte 850.000 euro.” (Quote in Dutch)\n"
        "    NL AIC, 20 December 2023: Resultaten, https://example.org/r" in shown
    )


def test_the_sentences_of_both_languages_have_the_same_open_places() -> None:
    dutch, english = words_in("nl"), words_in("en")
    for name in ("saved", "page_of_file"):
        filled = {"date": "1", "time": "2", "index": "3", "label": "4", "number": 5}
        for words in (dutch, english):
            used = [key for key in filled if f"{{{key}}}" in getattr(words, name)]
            assert used == [key for key in filled if f"{{{key}}}" in getattr(dutch, name)]
            assert "{" not in getattr(words, name).format(**filled)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "http://", "https://a b", "http://[x"])
def test_what_is_no_web_address_is_no_link(url: str) -> None:
    answer = replace(ANSWER, citations=(replace(CITATION, sources=(replace(SOURCE, url=url),)),))
    assert "link_open" not in kinds(answer_as_markdown(replace(answer, nearest=()), "nl"))


def filled_with(text: str) -> Answer:
    """Return an answer that holds a text wherever one can stand."""
    source = replace(SOURCE, title=text, publisher=text, date=text)
    citation = replace(CITATION, title=text, heading=text, page_label=text, quote=text, sources=(source,))
    sentences = [Sentence(text, (1,), "nl", kind=kind) for kind in ("paragraph", "item", "item")]
    return replace(
        ANSWER, question=text, sentences=tuple(sentences), citations=(citation,), nearest=(), message=text,
        notes=(Note("aged", text),), unread_pages=(UnreadPage(text, text, 3, text, text),),
    )  # fmt: skip


def tokens(markdown: str) -> list[Token]:
    """Return the blocks and what stands in them, read with the extensions that many programs know."""
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)


def kinds(markdown: str) -> list[str]:
    """Return what is markup, in order, without the line breaks."""
    found = [inner.type for token in tokens(markdown) for inner in (token, *(token.children or []))]
    return [kind for kind in found if kind not in ("text", "text_special", "hardbreak")]


def quotes(markdown: str) -> list[str]:
    """Return the words of the quotations, line by line."""
    found = tokens(markdown)
    inside = [found[n + 2] for n, token in enumerate(found) if token.type == "blockquote_open"]
    return [
        "".join("\n" if one.type == "hardbreak" else one.content for one in token.children or []) for token in inside
    ]


def assert_only_text(text: str) -> None:
    shown = answer_as_markdown(filled_with(text), "nl")
    # A long question, or one of several lines, is repeated in full below its heading.
    harmless = "a  b" if exchange_view(filled_with(text), "nl").question else "a"
    assert kinds(shown) == kinds(answer_as_markdown(filled_with(harmless), "nl"))
    lines = [line.strip() for line in text.replace("\x00", "�").replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    assert quotes(shown) == ["\n".join(line for line in lines if line)]


@pytest.mark.parametrize(
    "text",
    [
        "# Kop", "1. een", "1) een", "- een\n- twee", "+ x", "a\n===", "a\n---", "***", "> citaat", "    code",
        "```\nx\n```", "| a | b |\n|---|---|\n| 1 | 2 |", "<script>alert(1)</script>", "[a](javascript:x)", "![a](b)",
        "<http://x.nl>", "[1]: http://x.nl", "[^1]: noot", "*a* _b_ **c** ~~d~~ `e`", "&lt;&#42;", "a\\", "\\*",
        "a  \nb", "$x$ @naam #12", "http://x.nl www.x.nl", "“Wat?” · (ja)", "*", "{{ x }}", "- [ ] taak", ": uitleg",
        "2023. x", "850.000 euro - 1,5%",
    ],
)  # fmt: skip
def test_nothing_that_was_quoted_becomes_markup(text: str) -> None:
    assert_only_text(text)


@settings(deadline=None)
@given(st.text(st.sampled_from("ab1 \n\r\t\\`*_[]()<>#&|~!-+=.:/$@^{}\"'é\x00"), min_size=1).filter(str.strip))
def test_no_combination_of_signs_becomes_markup(text: str) -> None:
    assert_only_text(text)


def test_none_of_the_strings_that_break_programs_becomes_markup(shared: Path) -> None:
    rows = (shared / "data" / "naughty_strings" / "strings.jsonl").read_text(encoding="utf-8").split("\n")
    texts = [json.loads(row)["string"] for row in rows if row]
    assert len(texts) > 500
    for text in filter(str.strip, texts):
        assert_only_text(text)
