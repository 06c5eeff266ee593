"""Conversations as PDF: what was said can be read there, whatever it was, and none of it is executed."""

import io
import json
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from assistant.exports import PageLanguage, conversation_as_pdf, conversation_of
from assistant.types import Answer, Citation, Note, Sentence, Source, UnreadPage

WHEN = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
SOURCE = Source("s1", "Resultaten", "NL AIC", "2023-12-20", "nl", "A", "https://example.org/r?a=1&b=2")
CITATION = Citation(
    1, "pilot.nl.md", "De pilot", "Geld", 4, "iv", "De pilot kostte 850.000 euro.", 10, 39, "ab", 5.0, "nl", (SOURCE,)
)
ANSWER = Answer(
    "Wat kostte de pilot?",
    "nl",
    "Wat kostte de pilot?",
    "answered",
    sentences=(Sentence("De pilot kostte 850.000 euro.", (1,), "nl"),),
    citations=(CITATION,),
    index="gen-000003",
)
_NUMBER = re.compile(r"\[U\+([0-9A-F]{4,6})\]")
# The first cannot be seen; the second is a sign around a Cyrillic number, which on a Latin letter no font can set.
_NOT_COUNTED = "\u034f\u0489"


def pdf_of(*answers: Answer, language: PageLanguage = "nl") -> bytes:
    return conversation_as_pdf(conversation_of(answers, created=WHEN), language)


def text_in(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def words_in(pdf: bytes) -> str:
    return " ".join(text_in(pdf).split())


def links_in(pdf: bytes) -> list[Any]:
    notes = [note.get_object() for page in PdfReader(io.BytesIO(pdf)).pages for note in page.get("/Annots") or []]
    return [note.get("/A", {}).get("/URI") or note.get("/Dest") or note["/A"]["/D"] for note in notes]


def saying(text: str) -> Answer:
    return replace(ANSWER, message=text)


def test_an_answer_stands_there_with_its_sources_and_everything_about_them() -> None:
    answer = replace(
        ANSWER, status="partial", reason="insufficient", message="Dit staat er wel:",
        notes=(Note("aged", "Dit komt uit een bron van 2023."),),
        nearest=(replace(CITATION, quote="Het kwam dichtbij."),),
        unread_pages=(UnreadPage("scan.pdf", "Scan", 3, None, "Geen tekst."),),
    )  # fmt: skip
    shown = words_in(pdf_of(answer))
    for part in (
        "1. Wat kostte de pilot? Deels beantwoord Dit staat er wel: De pilot kostte 850.000 euro.\xa0[1]".replace(
            "\xa0", " "
        ),
        "Dit komt uit een bron van 2023.",
        "Scan, p. 3: Geen tekst.",
        "[1] De pilot · Geld · p. iv (pagina 4 van het bestand) De pilot kostte 850.000 euro.",
        "NL AIC, 20 december 2023: Resultaten https://example.org/r?a=1&b=2",
        "Passages die in de buurt komen Dit zijn geen antwoorden op de vraag.",
        "Het kwam dichtbij.",
        "Bewaard op 21 november 2026 om 14:05 uur (UTC). Stand van de documenten: gen-000003.",
        "p. 1 van 1",
    ):
        assert part in shown


def test_the_words_around_it_follow_the_page_and_a_quote_in_the_other_language_is_marked() -> None:
    shown = words_in(pdf_of(replace(ANSWER, language="en", question="What did it cost?"), language="en"))
    assert "Saved on 21 November 2026" in shown and "Sources" in shown and "p. 1 of 1" in shown
    assert "De pilot kostte 850.000 euro. Quote in Dutch" in shown


def test_the_file_is_tagged_and_names_its_title_language_and_day() -> None:
    reader = PdfReader(io.BytesIO(pdf_of(ANSWER, language="en")))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en" and "/StructTreeRoot" in root
    assert (
        reader.metadata is not None and reader.metadata.title == "Conversation with the Learning Communities assistant"
    )
    assert reader.metadata.creation_date is not None and reader.metadata.creation_date.date() == WHEN.date()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_questions_can_be_jumped_to_and_links_can_be_clicked() -> None:
    pdf = pdf_of(ANSWER, replace(ANSWER, question="En wie betaalde dat?"))
    titles = [entry["/Title"] for entry in PdfReader(io.BytesIO(pdf)).outline[1] if not isinstance(entry, list)]
    assert titles == ["1. Wat kostte de pilot?", "2. En wie betaalde dat?"]
    links = links_in(pdf)
    assert links.count("https://example.org/r?a=1&b=2") == 2 and len(links) == 4


@pytest.mark.parametrize("url", ["javascript:app.alert(1)", "file:///etc/passwd", "", "http://[x"])
def test_what_is_no_web_address_is_no_link(url: str) -> None:
    citation = replace(CITATION, sources=(replace(SOURCE, url=url),))
    links = links_in(pdf_of(replace(ANSWER, citations=(citation,))))
    assert len(links) == 1 and not isinstance(links[0], str)


def test_an_altered_transcript_with_numbers_that_do_not_fit_can_still_be_printed() -> None:
    twice = replace(ANSWER, citations=(CITATION, CITATION))
    none = replace(ANSWER, sentences=(Sentence("Zo is het.", (7,), "und"),), citations=(), index="")
    assert "Zo is het. [7]" in words_in(pdf_of(twice, none))


def test_equal_input_gives_equal_bytes() -> None:
    assert pdf_of(ANSWER, saying("😀 العربية")) == pdf_of(ANSWER, saying("😀 العربية"))


def test_a_long_conversation_takes_less_than_two_seconds() -> None:
    pdf_of(ANSWER)
    answers = [replace(ANSWER, citations=tuple(replace(CITATION, marker=n) for n in range(1, 6)))] * 40
    started = time.perf_counter()
    pdf_of(*answers)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    "text",
    [
        '#import "report.typ": *', '#panic("x")', "#sys.inputs", '#read("conversation.typ")', "$x^2$", "= Kop", "- a",
        "/ a: b", "*a* _b_ `c` @ref <label> // d /* e */", "\\ \\u{41} ~ -- --- ...", '"a" \'b\'', "https://x.nl/*a*",
        "]) #[", "{{}}", "%}",
    ],
)  # fmt: skip
def test_the_typesetters_own_signs_are_shown_and_not_obeyed(text: str) -> None:
    answer = replace(ANSWER, question=text, message=text, citations=(replace(CITATION, quote=text, title=text),))
    assert words_in(pdf_of(answer)).count(text) == 4


def test_characters_without_a_glyph_and_those_that_turn_text_around_are_shown_by_their_number() -> None:
    shown = words_in(pdf_of(saying("ja 😀 nee\u202eeen\u202c \x00\x1b \ufeff 中 ❤\ufe0f \U0001f469\u200d\U0001f467")))
    assert "ja [U+1F600] nee[U+202E]een[U+202C] [U+0000][U+001B]" in shown
    assert "[U+4E2D]" in shown and "[U+1F469][U+1F467]" in shown


def test_lines_stay_lines_and_a_word_longer_than_a_line_is_broken_without_losing_a_letter() -> None:
    long = "".join(chr(ord("a") + n % 26) for n in range(400))
    text = text_in(pdf_of(saying(f"een\ntwee {long} https://example.org/{'pad/' * 60} {'-' * 300}")))
    assert "een\ntwee" in text and long in "".join(text.split())
    assert max(len(line) for line in text.splitlines()) < 200


def counted(texts: Sequence[str]) -> Counter[str]:
    """Return how often each character stands there that one can see."""
    seen = (
        letter
        for letter in "".join(texts)
        if not letter.isspace() and letter not in _NOT_COUNTED and not 0xFE00 <= ord(letter) <= 0xFE0F
    )
    return Counter(letter for letter in seen if unicodedata.category(letter) not in ("Cf", "Zs", "Cn"))


def test_nothing_is_lost_of_the_strings_that_break_programs(shared: Path) -> None:
    rows = (shared / "data" / "naughty_strings" / "strings.jsonl").read_text(encoding="utf-8").split("\n")
    texts = [json.loads(row)["string"] for row in rows if row]
    assert len(texts) > 500
    lost: Counter[str] = Counter()
    for start in range(0, len(texts), 60):
        some = texts[start : start + 60]
        shown = text_in(pdf_of(*(replace(ANSWER, message=text, sentences=(), citations=()) for text in some)))
        lost += counted(some) - counted([_NUMBER.sub(lambda found: chr(int(found[1], 16)), "".join(shown.split()))])
    assert not lost
