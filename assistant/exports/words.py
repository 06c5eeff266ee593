"""What stands around an answer that is taken along, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.types import Language, Status

PageLanguage = Literal["nl", "en"]
"""The language of the words around an answer; the answer keeps its own."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    title: str
    saved: str
    caution: str
    question: str
    sources: str
    nearest: str
    nearest_remark: str
    unread: str
    page: str
    of: str
    undated: str
    page_of_file: str
    file_name: str
    statuses: Mapping[Status, str]
    """How a question came off; an answer needs no remark."""
    differing: str
    quote_in: Mapping[Language, str]


_WORDS: Mapping[PageLanguage, Words] = {
    "nl": Words(
        title="Gesprek met de Learning Communities-assistent",
        saved="Bewaard op {date} om {time} uur (UTC). Stand van de documenten: {index}.",
        caution="De antwoorden komen alleen uit de documenten van het programma. Controleer een bedrag, datum of "
        "voorwaarde altijd in de bron.",
        question="Vraag",
        sources="Bronnen",
        nearest="Passages die in de buurt komen",
        nearest_remark="Dit zijn geen antwoorden op de vraag.",
        unread="Pagina’s die niet te lezen waren",
        page="p.",
        of="van",
        undated="zonder datum",
        page_of_file="p. {label} (pagina {number} van het bestand)",
        file_name="gesprek",
        statuses={
            "answered": "",
            "partial": "Deels beantwoord",
            "refused": "Niet beantwoord",
            "clarify": "De vraag was niet duidelijk",
        },
        differing="De bronnen verschillen",
        quote_in={
            "nl": "Citaat in het Nederlands",
            "en": "Citaat in het Engels",
            "und": "Citaat in een andere taal",
        },
    ),
    "en": Words(
        title="Conversation with the Learning Communities assistant",
        saved="Saved on {date} at {time} (UTC). State of the documents: {index}.",
        caution="The answers come only from the documents of the programme. Always check an amount, date or condition "
        "in the source.",
        question="Question",
        sources="Sources",
        nearest="Passages that came closest",
        nearest_remark="These do not answer the question.",
        unread="Pages that could not be read",
        page="p.",
        of="of",
        undated="undated",
        page_of_file="p. {label} (page {number} of the file)",
        file_name="conversation",
        statuses={
            "answered": "",
            "partial": "Answered in part",
            "refused": "Not answered",
            "clarify": "The question was not clear",
        },
        differing="The sources differ",
        quote_in={"nl": "Quote in Dutch", "en": "Quote in English", "und": "Quote in another language"},
    ),
}


def words_in(language: PageLanguage) -> Words:
    """Return the words of a language."""
    return _WORDS[language]
