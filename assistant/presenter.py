"""Show an answer: as JSON for programs, as Markdown for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.types import Answer, Citation, Hit, Sentence, Turn

_WORDS = {
    "nl": {
        "page": "p.",
        "nearest": "Wat er het dichtst bij kwam (geen antwoord):",
        "unread": "Niet gelezen:",
        "language": {"nl": "", "en": "citaat in het Engels", "und": "citaat in een andere taal"},
    },
    "en": {
        "page": "p.",
        "nearest": "What came closest (not an answer):",
        "unread": "Not read:",
        "language": {"nl": "quote in Dutch", "en": "", "und": "quote in another language"},
    },
}


def answer_text(answer: Answer) -> str:
    """Return the answer as plain text with markers, and what the assistant itself says before and after it."""
    body = _body(answer.sentences)
    return "\n\n".join(part for part in (answer.message, body, *(note.text for note in answer.notes)) if part)


def _body(sentences: Sequence[Sentence]) -> str:
    """Return the sentences as paragraphs and lists."""
    parts: list[str] = []
    listed = in_list(sentences)
    for position, sentence in enumerate(sentences):
        if position:
            after_list = listed[position - 1]
            parts.append("\n" if listed[position] else "\n\n" if after_list else " ")
        parts.append(("- " if listed[position] else "") + marked(sentence))
    return "".join(parts)


def in_list(sentences: Sequence[Sentence]) -> list[bool]:
    """Tell of each sentence whether it is shown as an item of a list; a single item reads better as a sentence."""
    items = [one.kind in ("item", "table") for one in sentences]
    return [
        item
        and (any(items[max(0, n - 1) : n] + items[n + 1 : n + 2]) or (n > 0 and sentences[n - 1].text.endswith(":")))
        for n, item in enumerate(items)
    ]


def marked(sentence: Sentence) -> str:
    """Return a sentence followed by its citation markers."""
    return sentence.text + "".join(f" [{marker}]" for marker in sentence.citations)


def to_turns(answers: Sequence[Answer]) -> tuple[Turn, ...]:
    """Return the answers of a conversation, oldest first, as the turns that a next question comes after."""
    return tuple(
        turn
        for answer in answers
        for turn in (
            Turn("user", answer.question),
            Turn("assistant", answer_text(answer), refused=answer.status in ("refused", "clarify")),
        )
    )


def to_dict(answer: Answer, identifier: str | None = None) -> dict[str, Any]:
    """Return an answer in the shape that `ask --json` promises."""
    return {
        "id": identifier,
        "question": answer.question,
        "language": answer.language,
        "search_query": answer.search_query,
        "status": answer.status,
        "reason": answer.reason,
        "text": answer_text(answer),
        "message": answer.message,
        "sentences": [
            {
                "text": one.text,
                "citations": list(one.citations),
                "verified": one.verified,
                "language": one.language,
                "kind": one.kind,
            }
            for one in answer.sentences
        ],
        "citations": [_citation(one) for one in answer.citations],
        "nearest": [_citation(one) for one in answer.nearest],
        "unread_pages": [
            {
                "document": one.document,
                "title": one.title,
                "page": one.page,
                "label": one.label,
                "problem": one.problem,
            }
            for one in answer.unread_pages
        ],
        "notes": [{"kind": note.kind, "text": note.text} for note in answer.notes],
        "withheld": [
            {"text": one.text, "faults": [{"kind": fault.kind, "words": fault.words} for fault in one.faults]}
            for one in answer.withheld
        ],
        "confidence": answer.confidence,
        "answerer": answer.answerer,
        "index": answer.index,
        "timings": {name: round(value, 1) for name, value in answer.timings.items()},
    }


def _citation(citation: Citation) -> dict[str, Any]:
    """Return a citation as plain values."""
    return {
        "marker": citation.marker,
        "document": citation.document,
        "title": citation.title,
        "heading": citation.heading,
        "page": citation.page,
        "page_label": citation.page_label,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "sha256": citation.sha256,
        "quote_sha256": citation.quote_sha256,
        "index": citation.index,
        "score": round(citation.score, 4),
        "language": citation.language,
        "sources": [
            {
                "id": source.id,
                "title": source.title,
                "publisher": source.publisher,
                "date": source.date,
                "language": source.language,
                "authority": source.authority,
                "url": source.url,
            }
            for source in citation.sources
        ],
    }


def hits_to_dict(question: str, hits: Sequence[Hit], identifier: str | None = None) -> dict[str, Any]:
    """Return search results in the shape that `search --json` promises."""
    rows = [
        {
            "rank": rank,
            "document": hit.chunk.document,
            "heading": hit.chunk.heading,
            "page": hit.chunk.page,
            "text": hit.chunk.text,
            "start": hit.chunk.start,
            "end": hit.chunk.end,
            "score": round(hit.score, 4),
            "stage": hit.stage,
        }
        for rank, hit in enumerate(hits, start=1)
    ]
    head = {"id": identifier} if identifier is not None else {}
    return {**head, "question": question, "hits": rows}


def hits_to_text(hits: Sequence[Hit]) -> str:
    """Return search results for people, one paragraph per passage."""
    return "\n\n".join(
        f"{rank}. {' › '.join([hit.chunk.title, *hit.chunk.headings])} ({_place(hit)}) {hit.score:.2f}\n"
        f"{hit.chunk.text}"
        for rank, hit in enumerate(hits, start=1)
    )


def _place(hit: Hit) -> str:
    """Return the document and page of a passage."""
    page = "" if hit.chunk.page is None else f", p. {hit.chunk.page}"
    return f"{hit.chunk.document}{page}"


def to_markdown(answer: Answer) -> str:
    """Return an answer with its numbered sources below it."""
    words: dict[str, Any] = _WORDS["nl" if answer.language == "nl" else "en"]
    lines = [answer_text(answer)]
    if answer.citations:
        lines += ["", *(f"[{one.marker}] {_reference(one, words)}" for one in answer.citations)]
    if answer.nearest:
        lines += ["", words["nearest"], *(f"- {_reference(one, words)}" for one in answer.nearest)]
    if answer.unread_pages:
        unread = [f"- {one.title}, {words['page']} {one.page}: {one.problem}" for one in answer.unread_pages]
        lines += ["", words["unread"], *unread]
    return "\n".join(lines)


def _reference(citation: Citation, words: dict[str, Any]) -> str:
    """Return where a quote stands and which published sources are behind it, in one line."""
    place = [citation.title]
    if citation.heading:
        place.append(citation.heading)
    if citation.page is not None:
        label = citation.page_label
        number = f"{label} ({citation.page})" if label and label != str(citation.page) else str(citation.page)
        place.append(f"{words['page']} {number}")
    note = words["language"][citation.language]
    published = "; ".join(
        ", ".join(part for part in (source.publisher, source.title, source.date, source.url) if part)
        for source in citation.sources
    )
    text = f"{' › '.join(place)} ({citation.document})" + (f" ({note})" if note else "")
    return f"{text} — {published}" if published else text
