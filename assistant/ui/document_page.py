"""A document as a plain page: its text as the assistant read it, with the cited words marked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.index_rows import DocumentRow
from assistant.reasons import reason_in
from assistant.ui.document_links import ONE_UP, PASSAGE_ANCHOR, document_address, file_address, fingerprint
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


@dataclass(frozen=True, slots=True)
class Twin:
    """The same document in the other language."""

    id: str
    text: str


def render_document(
    document: DocumentRow,
    text: str,
    passage: Passage | None,
    texts: Texts,
    twin: Twin | None = None,
    page: int | None = None,
) -> str:
    """Return the page of a document; a passage whose words have changed is not marked.

    `page` is the physical page that the passage stands on, on which the link to the file opens it.
    """
    mark = passage if passage is not None and passage.stands_in(text) else None
    notes = [f"<p>{texts('document.about')}</p>", *_ways_on(document, text, mark, texts, twin, page)]
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


def render_missing(texts: Texts, root: str = ONE_UP) -> str:
    """Return the page for a document that is not there; `root` leads from its address to the chat."""
    title = texts("document.missing_title")
    body = (
        f"<header><h1>{title}</h1></header><main><p>{texts('document.missing')}</p>"
        f'<p><a href="{root}">{texts("document.to_chat")}</a></p></main>'
    )
    return _html(title, body, texts, root)


def _ways_on(
    document: DocumentRow, text: str, mark: Passage | None, texts: Texts, twin: Twin | None, page: int | None
) -> list[str]:
    """Return the links to the file and to the document in the other language, at the same place."""
    links = []
    if document.file_sha256:
        known = page if mark is not None and page in {one.number for one in document.pages} else None
        words = texts("document.file") if known is None else texts("document.file_on_page", number=known)
        links.append((file_address(document.id, known), words))
    if twin is not None:
        other = "en" if document.language == "nl" else "nl"
        address = document_address(twin.id, texts.language) + _same_place(text, twin.text, mark)
        links.append((address, texts(f"document.twin_{other}")))
    return [f'<p><a href="{escape(ONE_UP + address)}">{words}</a></p>' for address, words in links]


def _same_place(text: str, twin: str, mark: Passage | None) -> str:
    """Return the anchor of the paragraph in a twin that matches the marked one; "" where the two differ in shape."""
    paragraphs, others = list(_PARAGRAPH.finditer(text)), list(_PARAGRAPH.finditer(twin))
    if mark is None or len(paragraphs) != len(others):
        return ""
    ends = (place for place, found in enumerate(paragraphs) if found.end() > mark.start)
    place = next(ends, None)
    return "" if place is None else f"#at-{others[place].start()}"


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
        '<p class="note" role="note">'
        f"{escape(texts('document.unread', page=name, problem=reason_in(texts.language, page.problem)[0]))}</p>"
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


def _html(title: str, body: str, texts: Texts, root: str = ONE_UP) -> str:
    """Return a whole page; `root` leads from its address to the chat."""
    return (
        f'<!doctype html><html lang="{texts.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · {texts('page.title')}</title>"
        f'<link rel="stylesheet" href="{root}page/document.css"></head>'
        f"<body>{body}</body></html>"
    )
