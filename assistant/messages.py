"""The fixed sentences that the assistant itself says, in both languages."""

from __future__ import annotations

from assistant.types import Language, Reason

_REFUSALS: dict[Reason, dict[str, str]] = {
    "nothing_found": {
        "nl": "Dat staat niet in de documenten die ik heb gelezen.",
        "en": "That is not in the documents that I have read.",
    },
    "unreadable_page": {
        "nl": "Dat heb ik niet gevonden. Niet alle pagina's waren leesbaar; misschien staat het antwoord daar.",
        "en": "I did not find that. Not all pages could be read; the answer may be there.",
    },
    "unclear_question": {
        "nl": "Ik weet niet goed wat je wilt weten. Stel je vraag in een hele zin.",
        "en": "I am not sure what you want to know. Please ask your question in a full sentence.",
    },
}


def refusal(reason: Reason, language: Language) -> str:
    """Return what a refusal says, in Dutch or English."""
    return _REFUSALS[reason]["nl" if language == "nl" else "en"]
