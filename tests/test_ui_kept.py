"""Conversations that the browser kept, opened again: true to what they were, honest about what has changed."""

import json
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from test_receipts import row
from test_ui_rendering import HOSTILE, assert_harmless, citation

from assistant.errors import InputError
from assistant.exports import conversation_as_json, conversation_of
from assistant.index_rows import DocumentRow
from assistant.receipts import Receipt, Recheck, quote_hash, recheck
from assistant.types import Answer, Citation, Sentence
from assistant.ui.exchange import Exchange, to_turns
from assistant.ui.kept import MOST_CHARS, MOST_CITATIONS, MOST_EXCHANGES, nothing_to_keep, open_kept, to_be_kept
from assistant.ui.panels.conversation import render_conversation
from assistant.ui.panels.sources import render_sources
from assistant.ui.texts import texts_in

NL = texts_in("nl")
TEXT = "De pilot kostte 850.000 euro. Het geld kwam uit twee potten."
QUOTE = "De pilot kostte 850.000 euro."
NAME = "funding/pilot.nl.md"


class Documents:
    """The documents of today, as the assistant gives them."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def canonical_text(self, document_id: str) -> str:
        if document_id not in self._texts:
            raise InputError("unknown")
        return self._texts[document_id]

    def document(self, document_id: str) -> DocumentRow:
        self.canonical_text(document_id)
        return row(document_id)

    def recheck(self, receipt: Receipt) -> Recheck:
        return recheck(receipt, {name: row(name) for name in self._texts}, self.canonical_text)

    def open(self, text: str) -> tuple[Exchange, ...]:
        return open_kept(text, self, 200)  # type: ignore[arg-type]


def cited(**changes: object) -> Citation:
    values = {"document": NAME, "sha256": "sha-1", "quote_sha256": quote_hash(QUOTE), "index": "gen-000001"}
    return citation(**{**values, **changes})


def answer(*citations: Citation, **changes: Any) -> Answer:
    made = Answer("Wat kostte de pilot?", "nl", "kosten pilot", "answered", (Sentence(QUOTE, (1,), "nl"),), citations)
    return replace(made, **changes)


def kept(*answers: Answer) -> str:
    return conversation_as_json(conversation_of(answers))


def changed(text: str, **fields: Any) -> str:
    """Return a kept conversation with other values in its first answer."""
    content = json.loads(text)
    content["exchanges"][0] |= fields
    return json.dumps(content)


TODAY = Documents({NAME: TEXT})
REFUSAL = Answer("Hoe duur is brood?", "nl", "brood", "refused", reason="nothing_found", message="Dat staat er niet.")


def test_a_conversation_comes_back_as_it_was_and_its_next_question_can_follow_up() -> None:
    exchanges = TODAY.open(kept(answer(cited()), REFUSAL))
    assert [one.number for one in exchanges] == [1, 2]
    assert [one.answer for one in exchanges] == [answer(cited()), REFUSAL]
    assert exchanges[0].sources[0].state == "true" and exchanges[0].sources[0].excerpt.located
    assert [turn.refused for turn in to_turns(exchanges)] == [False, False, False, True]


def test_a_quote_that_moved_is_marked_where_it_stands_now() -> None:
    moved = Documents({NAME: f"Een nieuwe inleiding. {TEXT}"})
    source = moved.open(kept(answer(cited())))[0].sources[0]
    assert source.state == "true" and source.excerpt.located and source.citation.start == 22


@pytest.mark.parametrize(
    ("documents", "citations", "states"),
    [
        ({NAME: TEXT.replace("850.000", "950.000")}, [cited()], ["changed"]),
        ({"other.md": "Iets anders."}, [cited(sha256="gone")], ["withdrawn"]),
        ({NAME: TEXT}, [cited(quote_sha256="0" * 64)], ["damaged"]),
        ({NAME: TEXT}, [cited(), cited(marker=2, document="gone.md", sha256="gone")], ["true", "withdrawn"]),
    ],
)
def test_what_no_longer_holds_is_said_above_the_answer_and_at_the_source(
    documents: dict[str, str], citations: list[Citation], states: list[str]
) -> None:
    exchanges = Documents(documents).open(kept(answer(*citations)))
    assert [source.state for source in exchanges[0].sources] == states
    page = render_conversation(exchanges, NL)
    assert QUOTE in page and "note changed" in page
    shown = render_sources(exchanges, NL)
    assert shown.count("<mark>") == states.count("true")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "kapot",
        '{"exchanges": []}',
        '{"exchanges": [1, 2]}',
        '{"exchanges": {"a": 1}}',
        "[" * 100_000,
        kept(answer(cited()))[:-40],
        changed(kept(answer(cited())), status="perhaps"),
        changed(kept(answer(cited())), question=" "),
        changed(kept(answer(cited())), question="x" * 201),
        changed(kept(answer(cited())), question="half een teken: \ud83d"),
        changed(kept(answer(cited())), citations=[{"marker": "x"}]),
        changed(kept(answer(cited())), sentences="none"),
        kept(*[REFUSAL] * (MOST_EXCHANGES + 1)),
        kept(answer(*[cited()] * (MOST_CITATIONS + 1))),
        '"' + "x" * MOST_CHARS + '"',
    ],
    ids=range(19),
)
def test_what_is_damaged_or_too_much_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(InputError) as refusal:
        TODAY.open(text)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_that_was_kept_is_shown_and_never_obeyed(hostile: str) -> None:
    bad = citation(quote=hostile, title=hostile, heading=hostile, document=hostile, sources=())
    text = kept(answer(bad, question=hostile, sentences=(Sentence(hostile, (1, 7), "nl"),), message=hostile))
    exchanges = TODAY.open(changed(text, answerer=hostile, index=hostile, search_query=hostile))
    for page in (render_conversation(exchanges, NL), render_sources(exchanges, NL)):
        assert hostile.replace("\x00", "�") in assert_harmless(page).text


class Output(HTMLParser):
    """Read what is on its way to the browser."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.attributes: dict[str, str | None] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes = dict(attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_browser_gets_the_last_answer_and_its_place_in_a_form_that_comes_back() -> None:
    exchanges = [
        Exchange(1, "a", answer(cited())), Exchange(2, "b", failure="chat.stopped"),
        Exchange(3, HOSTILE[0], replace(REFUSAL, question=HOSTILE[0])),
    ]  # fmt: skip
    output = Output(to_be_kept(exchanges))
    content = json.loads(output.text)
    assert content["place"] == 1 and "hidden" in output.attributes
    assert TODAY.open(json.dumps({"exchanges": [content["exchange"]]}))[0].question == HOSTILE[0]
    assert to_be_kept(exchanges[:2]) == "" == to_be_kept([])
    assert json.loads(Output(nothing_to_keep()).text)["exchange"] is None


def test_an_answer_that_is_the_same_again_is_news_all_the_same() -> None:
    exchanges = [Exchange(1, "a", answer(cited()))]
    stamps = {Output(to_be_kept(exchanges)).attributes["data-stamp"] for _ in range(2)}
    assert len(stamps) == 2


def test_a_sentence_that_was_changed_after_it_was_kept_is_not_passed_off_as_its_source() -> None:
    forged = changed(
        kept(answer(cited())),
        sentences=[{"text": "De pilot kostte 950.000 euro.", "citations": [1], "language": "nl", "verified": True}],
    )
    exchanges = TODAY.open(forged)
    assert exchanges[0].sources[0].state == "true"
    assert NL("chat.sentence_altered") in render_conversation(exchanges, NL)
    assert NL("chat.sentence_altered") not in render_conversation(TODAY.open(kept(answer(cited()))), NL)
