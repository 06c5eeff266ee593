"""Small talk is told from questions, in both languages."""

import pytest

from assistant.messages import SmallTalk, small_talk_reply
from assistant.question.small_talk import small_talk
from assistant.types import Language


@pytest.mark.parametrize(
    ("text", "kind", "language"),
    [
        ("hoi", "greeting", "nl"),
        ("Hallo daar, hoe gaat het?", "greeting", "nl"),
        ("Good morning!", "greeting", "en"),
        ("Dank je wel voor je hulp!", "thanks", "nl"),
        ("top, bedankt", "thanks", "nl"),
        ("Thanks a lot.", "thanks", "en"),
        ("Tot ziens en bedankt", "farewell", "nl"),
        ("thanks, bye", "farewell", "en"),
        ("Wat kun je?", "abilities", "nl"),
        ("Hoi! Waar kun je me mee helpen?", "abilities", "nl"),
        ("what can you do?", "abilities", "en"),
        ("Who are you?", "abilities", "en"),
    ],
)
def test_small_talk_is_known(text: str, kind: SmallTalk, language: Language) -> None:
    assert small_talk(text) == (kind, language)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ?",
        "Hoi, wie betaalde de pilot?",
        "thanks, and who led it?",
        "Wat kun je over de pilot vertellen?",
        "What do you know about SIA?",
        "Wat doet SIA?",
        "who are the partners",
        "Dag van de learning communities",
        "Help de hogeschool bij het starten",
        "ja",
        "😀" * 200,
    ],
)
def test_what_asks_for_something_is_no_small_talk(text: str) -> None:
    assert small_talk(text) is None


def test_a_reply_is_in_the_language_of_the_question() -> None:
    assert small_talk_reply("thanks", "nl").startswith("Graag gedaan")
    assert small_talk_reply("thanks", "en").startswith("You are welcome")
