"""What readers are told of an answer: which kind it is, why, and what became of its sources."""

from dataclasses import replace

import pytest
from test_ui_rendering import HOSTILE, Tags, answered, assert_harmless, citation, refused

from assistant.messages import sources_differ
from assistant.types import Answer, Citation, Fault, Note, Reason, Sentence, Source, Status, Withheld
from assistant.ui.exchange import Exchange, ShownSource, shown_sources
from assistant.ui.panels.answers import render_outcome
from assistant.ui.panels.conversation import render_conversation
from assistant.ui.panels.status import status_of
from assistant.ui.texts import texts_in

NL, EN = texts_in("nl"), texts_in("en")
SENTENCE = Sentence("De pilot kostte 850.000 euro.", (1,), "nl")


def with_notes(*notes: Note, withheld: tuple[Withheld, ...] = (), cited: Citation | None = None) -> Exchange:
    one = answered(SENTENCE, citations=[cited or citation()])
    assert one.answer is not None
    return replace(one, answer=replace(one.answer, notes=notes, withheld=withheld))


@pytest.mark.parametrize(
    ("status", "reason", "kind", "key"),
    [
        ("answered", None, "found", "chat.status_found"),
        ("partial", "insufficient", "partial", "chat.status_partial"),
        ("partial", "conflicting", "differ", "chat.status_differ"),
        ("refused", "nothing_found", "absent", "chat.status_absent"),
        ("refused", "out_of_scope", "absent", "chat.status_out_of_scope"),
        ("refused", "unreadable_page", "absent", "chat.status_unreadable"),
        ("refused", None, "absent", "chat.status_absent"),
        ("clarify", "unclear_question", "clarify", "chat.status_clarify"),
    ],
)
def test_every_kind_of_answer_has_a_sign_and_a_word(status: Status, reason: Reason | None, kind: str, key: str) -> None:
    answer = Answer("Vraag?", "nl", "vraag", status, (SENTENCE,), (citation(),), reason=reason)
    tags = assert_harmless(render_outcome(Exchange(1, "Vraag?", answer), EN))
    assert tags.find("p", class_=f"verdict {kind}") and EN(key) in tags.text
    assert tags.find("span", class_="sign")[0]["aria-hidden"] == "true"


def test_small_talk_carries_no_status() -> None:
    assert status_of(Answer("Hoi", "nl", "", "answered", message="Hallo!")) is None


def test_no_two_kinds_share_their_words() -> None:
    words = [NL(key) for key in NL.keys if key.startswith("chat.status_")]
    assert len(set(words)) == len(words)


def test_what_the_status_says_is_not_said_again() -> None:
    same = Answer("V?", "nl", "v", "partial", (SENTENCE,), (citation(),), reason="conflicting")
    told = render_outcome(Exchange(1, "V?", replace(same, message=sources_differ((), "nl"))), NL)
    assert "verschillen" not in told
    values = sources_differ([("15", "UT", "2022"), ("13", "UT", "2023")], "nl")
    assert "15 (UT, 2022)" in render_outcome(Exchange(1, "V?", replace(same, message=values)), NL)


def test_an_answer_is_told_apart_from_one_that_was_stopped_or_failed() -> None:
    stopped = render_outcome(Exchange(1, "V?", failure="chat.stopped"), NL)
    halfway = render_outcome(Exchange(1, "V?", failure="chat.stopped", sentences=(SENTENCE,)), NL)
    failed = render_outcome(Exchange(1, "V?", failure="chat.failed"), NL)
    assert NL("chat.stopped") in stopped and NL("chat.status_stopped") in halfway
    assert NL("chat.status_failed") in failed and NL("chat.failed") in failed
    assert SENTENCE.text in halfway and NL("chat.stopped_halfway") in halfway and not Tags(halfway).find("a")


def test_sentences_that_were_held_back_are_counted_and_their_words_can_be_seen() -> None:
    faults = (Fault("figure", "950.000 euro"), Fault("name", "Saxion"))
    one = with_notes(
        Note("withheld", "Ik heb een zin weggelaten."), withheld=(Withheld("Saxion kreeg 950.000 euro.", faults),)
    )
    tags = Tags(render_outcome(one, NL))
    assert tags.find("details", class_="note withheld") and not tags.find("details", open="")
    for words in ("Ik heb een zin weggelaten.", "950.000 euro", NL("chat.fault_figure"), NL("chat.fault_name")):
        assert words in tags.text
    assert "Saxion kreeg" not in tags.text, "a sentence that was held back is not shown after all"


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        (["2022"], NL("chat.source_of", date="2022")),
        (["undated"], NL("chat.source_undated")),
        (["undated", "2019-03"], NL("chat.source_of", date="maart 2019")),
        (["2021", "2019", "2020-01-31"], NL("chat.source_of", date="31 januari 2020 / 2021")),
    ],
)
def test_the_date_of_the_source_stands_beside_a_sentence_that_may_have_aged(dates: list[str], told: str) -> None:
    sources = tuple(Source(date, "T", "P", date, "nl", "A") for date in dates)
    aged = with_notes(Note("aged", "Kijk of dit nog klopt."), cited=citation(sources=sources))
    assert told in render_outcome(aged, NL) and "note aged" in render_outcome(aged, NL)
    assert told not in render_outcome(with_notes(cited=citation(sources=sources)), NL)


def test_a_sentence_in_another_language_is_labelled_itself() -> None:
    one = answered(
        SENTENCE, Sentence("The pilot.", (1,), "en"), Sentence("Le pilote.", (1,), "und"), citations=[citation()]
    )
    assert render_outcome(one, NL).count(NL("chat.quote_in_en")) == 1
    assert EN("chat.quote_in_nl") not in render_outcome(one, EN), "that is the language of the question"


def test_items_that_carry_their_own_numbers_get_no_bullets() -> None:
    items = [Sentence(text, (1,), "nl", kind="item") for text in ("1. Kies.", "2. Breng.")]
    assert 'class="numbered"' in render_outcome(answered(*items, citations=[citation()]), NL)
    plain = [Sentence(text, (1,), "nl", kind="item") for text in ("Kies.", "Breng.")]
    assert "numbered" not in render_outcome(answered(*plain, citations=[citation()]), NL)


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (["true", "true"], ""),
        (["changed", "true"], NL("chat.source_changed", numbers="1")),
        (["changed", "changed"], NL("chat.sources_changed", numbers="1, 2")),
        (["withdrawn", "damaged"], NL("chat.source_damaged", numbers="2")),
    ],
)
def test_what_became_of_the_sources_of_a_kept_answer_stands_above_it(states: list[str], told: str) -> None:
    one = answered(SENTENCE, citations=[citation(), citation(2)])
    sources = tuple(replace(shown, state=state) for shown, state in zip(one.sources, states, strict=True))
    page = render_outcome(replace(one, sources=sources), NL)
    assert told in page and ("note changed" in page) == bool(told)


def test_only_the_last_question_can_be_asked_again() -> None:
    first, second = refused(), replace(refused(), number=2)
    page = Tags(render_conversation([first, second], NL))
    assert len(page.find("button", **{"data-ask": "retry"})) == 1
    assert len([tag for tag, attributes in page.tags if "data-edit" in attributes]) == 1


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_notes_and_faults_are_shown_and_never_obeyed(hostile: str) -> None:
    answer = Answer(
        hostile, "nl", hostile, "partial", (Sentence(hostile, (1,), "en"),),
        (citation(sources=(Source("s", hostile, hostile, hostile, "nl", "A", None),)),), reason="insufficient",
        message=hostile, notes=(Note("withheld", hostile), Note("aged", hostile), Note("no_model", hostile)),
        withheld=(Withheld(hostile, (Fault("name", hostile),)),),
    )  # fmt: skip
    one = Exchange(1, hostile, answer, shown_sources(answer, lambda _: hostile))
    changed = tuple(ShownSource(source.citation, source.excerpt, "damaged") for source in one.sources)
    for texts in (NL, EN):
        tags = assert_harmless(render_outcome(replace(one, sources=changed), texts))
        assert tags.text.count(hostile.replace("\x00", "�")) >= 5
