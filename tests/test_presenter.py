import json
from dataclasses import replace

from assistant.presenter import answer_text, to_dict, to_markdown
from assistant.types import Answer, Citation, Fault, Note, Sentence, Source, UnreadPage, Withheld

SOURCE = Source("s1", "Resultaten", "NL AIC", "2023-12-20", "nl", "A", "https://example.org/r")
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
    index="gen-000001",
    timings={"total_ms": 12.3456},
)
REFUSAL = Answer(
    "Wie is de koning?",
    "nl",
    "Wie is de koning?",
    "refused",
    nearest=(CITATION,),
    unread_pages=(UnreadPage("scan.pdf", "Scan", 3, None, "Geen tekst."),),
    reason="unreadable_page",
    message="Dat heb ik niet gevonden.",
)


def test_json_has_every_field_that_scripts_rely_on() -> None:
    shown = to_dict(ANSWER, "q1")
    assert list(shown) == [
        "id", "question", "language", "search_query", "status", "reason", "text", "message", "sentences", "citations",
        "nearest", "unread_pages", "notes", "withheld", "confidence", "answerer", "index", "timings",
    ]  # fmt: skip
    assert shown["text"] == "De pilot kostte 850.000 euro. [1]"
    assert shown["citations"][0]["sources"][0]["url"] == "https://example.org/r"
    assert json.loads(json.dumps(shown))["timings"] == {"total_ms": 12.3}


def test_a_refusal_has_nearest_passages_but_no_citations() -> None:
    shown = to_dict(REFUSAL)
    assert shown["citations"] == [] and len(shown["nearest"]) == 1 and shown["text"] == "Dat heb ik niet gevonden."


def test_a_list_is_shown_as_a_list() -> None:
    answer = Answer(
        "?", "nl", "?", "answered",
        sentences=(
            Sentence("Twee:", (1,), "nl"), Sentence("een", (2,), "nl", kind="item"),
            Sentence("twee", (2,), "nl", kind="item"), Sentence("Slot.", (3,), "nl"),
        ),
    )  # fmt: skip
    assert answer_text(answer) == "Twee: [1]\n- een [2]\n- twee [2]\n\nSlot. [3]"


def test_markdown_names_page_label_physical_page_and_published_source() -> None:
    shown = to_markdown(ANSWER)
    assert "[1] De pilot › Geld › p. iv (4) (pilot.nl.md)" in shown
    assert "NL AIC, Resultaten, 2023-12-20, https://example.org/r" in shown


def test_markdown_of_a_refusal_says_what_could_not_be_read() -> None:
    assert "Scan, p. 3: Geen tekst." in to_markdown(REFUSAL)


def test_what_the_assistant_adds_stands_apart_from_what_is_cited() -> None:
    answer = replace(
        ANSWER,
        message="Nee, dat klopt niet.",
        notes=(Note("aged", "De bron is van 2023."),),
        withheld=(Withheld("De pilot kostte 2 miljoen.", (Fault("figure", "2 miljoen"),)),),
    )
    shown = to_dict(answer)
    assert shown["text"] == "Nee, dat klopt niet.\n\nDe pilot kostte 850.000 euro. [1]\n\nDe bron is van 2023."
    assert [one["text"] for one in shown["sentences"]] == ["De pilot kostte 850.000 euro."]
    assert shown["withheld"][0]["faults"] == [{"kind": "figure", "words": "2 miljoen"}]
    assert "2 miljoen" not in shown["text"]
