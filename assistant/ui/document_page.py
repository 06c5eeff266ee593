"""A document as a plain page: its text as the assistant read it, with the cited words marked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.index_rows import DocumentRow
from assistant.ui.document_links import PASSAGE_ANCHOR, document_address, fingerprint
from assistant.ui.markup import escape, lang, page_name
from assistant.ui.texts import Texts

_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\n)[^\n]*)*")


@dataclass(frozen=True, slots=True)
class Passage:
    """The stretch of a document that an address asks to mark, and what the words there should be."""

    start: int
    end: int
    fingerprint: str

    def stands_in(self, text: str) -> bool:
        """Tell whether the words are still the ones that were cited."""
        return 0 <= self.start < self.end <= len(text) and (
            fingerprint(text[self.start : self.end]) == self.fingerprint
        )


def render_document(document: DocumentRow, text: str, passage: Passage | None, texts: Texts) -> str:
    """Return the page of a document; a passage whose words have changed is not marked."""
    mark = passage if passage is not None and passage.stands_in(text) else None
    notes = [f"<p>{texts('document.about')}</p>"]
    if document.twin:
        other = "en" if document.language == "nl" else "nl"
        address = document_address(document.twin, texts.language)
        notes.append(f'<p><a href="{escape(address)}">{texts(f"document.twin_{other}")}</a></p>')
    if mark is not None:
        notes.append(f'<p><a href="#{PASSAGE_ANCHOR}">{texts("document.passage")}</a></p>')
    elif passage is not None:
        notes.append(f'<p class="note" role="note">{texts("document.changed")}</p>')
    notes += _unread_pages(document, texts)
    body = (
        f"<header><p>{_details(document, texts)}</p>"
        f"<h1{lang(document.language)}>{escape(document.title)}</h1>{''.join(notes)}</header>"
        f"<main{lang(document.language)}>{_paragraphs(text, mark)}</main>"
    )
    return _html(document.title, body, texts)


def render_missing(texts: Texts) -> str:
    """Return the page for a document that is not there."""
    title = texts("document.missing_title")
    body = (
        f"<header><h1>{title}</h1></header><main><p>{texts('document.missing')}</p>"
        f'<p><a href="/">{texts("document.to_chat")}</a></p></main>'
    )
    return _html(title, body, texts)


def _details(document: DocumentRow, texts: Texts) -> str:
    """Return what kind of document it is, in which language, and from when."""
    kind_key = f"document.kind.{document.kind}"
    kind = texts(kind_key) if kind_key in texts.keys else texts("document.kind.document")
    parts = [kind, texts(f"place.language_{document.language}")]
    if document.updated:
        parts.append(texts("document.updated", date=texts.date(document.updated)))
    return " · ".join(escape(part) for part in parts)


def _unread_pages(document: DocumentRow, texts: Texts) -> list[str]:
    """Return a remark for every page that could not be read."""
    return [
        f'<p class="note" role="note">{escape(texts("document.unread", page=name, problem=page.problem))}</p>'
        for page in document.pages
        if page.problem and page.number is not None and (name := page_name(texts, page.number, page.label))
    ]


def _paragraphs(text: str, mark: Passage | None) -> str:
    """Return a text as paragraphs that can be linked to by their offset, with a passage marked."""
    parts: list[str] = []
    anchored = False
    for found in _PARAGRAPH.finditer(text):
        start, end = found.span()
        content = escape(text[start:end])
        if mark is not None and mark.start < end and mark.end > start:
            first, last = max(mark.start, start), min(mark.end, end)
            anchor = "" if anchored else f' id="{PASSAGE_ANCHOR}"'
            anchored = True
            content = (
                f"{escape(text[start:first])}<mark{anchor}>{escape(text[first:last])}</mark>{escape(text[last:end])}"
            )
        parts.append(f'<p id="at-{start}">{content}</p>')
    return "".join(parts)


def _html(title: str, body: str, texts: Texts) -> str:
    """Return a whole page."""
    return (
        f'<!doctype html><html lang="{texts.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · {texts('page.title')}</title>"
        '<link rel="stylesheet" href="/page/document.css"></head>'
        f"<body>{body}</body></html>"
    )
