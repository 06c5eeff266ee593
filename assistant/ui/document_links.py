"""Addresses of documents on our own routes: opaque ids, never paths, and relative to the page.

Relative, so that they also hold below a path of a reverse proxy. A page that stands one level deeper,
such as that of a document itself, puts `ONE_UP` in front.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from urllib.parse import urlencode

from assistant.types import Citation
from assistant.ui.texts import InterfaceLanguage

DOCUMENTS_PATH = "/documents"
"""Of the routes; addresses begin without the slash."""
ONE_UP = "../"
PASSAGE_ANCHOR = "passage"
_FINGERPRINT_CHARS = 16


def public_id(document: str) -> str:
    """Return the id of a document as it stands in an address."""
    return urlsafe_b64encode(document.encode()).decode().rstrip("=")


def document_of(public: str) -> str | None:
    """Return the document that an id in an address means; None when it means nothing."""
    try:
        return urlsafe_b64decode(public + "=" * (-len(public) % 4)).decode()
    except (binascii.Error, UnicodeError, ValueError):
        return None


def fingerprint(quote: str) -> str:
    """Return a short hash of a quote, to tell later whether the words are still the same."""
    return sha256(quote.encode("utf-8", "surrogatepass")).hexdigest()[:_FINGERPRINT_CHARS]


def document_address(document: str, language: InterfaceLanguage) -> str:
    """Return the address of a document from its beginning."""
    return f"{_path(document)}?{urlencode({'lang': language})}"


def passage_address(citation: Citation, language: InterfaceLanguage) -> str:
    """Return the address of a citation's document, open at the quote."""
    page = {} if citation.page is None else {"page": citation.page}
    query = urlencode({**_words(citation), **page, "lang": language})
    return f"{_path(citation.document)}?{query}#{PASSAGE_ANCHOR}"


def file_address(document: str, page: int | None = None) -> str:
    """Return the address of the PDF that a document was read from, open on a physical page."""
    return f"{_path(document)}/file" + ("" if page is None else f"#page={page}")


def picture_address(citation: Citation) -> str:
    """Return the address of a picture of a citation's page, with the quote marked."""
    return f"{_path(citation.document)}/page/{citation.page}.png?{urlencode(_words(citation))}"


def _path(document: str) -> str:
    """Return the path of a document's page, relative to the chat."""
    return f"{DOCUMENTS_PATH.lstrip('/')}/{public_id(document)}"


def _words(citation: Citation) -> dict[str, int | str]:
    """Return what says where a quote stands and which words it has."""
    return {"start": citation.start, "end": citation.end, "quote": fingerprint(citation.quote)}
