"""Addresses of documents on our own routes: opaque ids, never paths."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from urllib.parse import urlencode

from assistant.types import Citation
from assistant.ui.texts import InterfaceLanguage

DOCUMENTS_PATH = "/documents"
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
    return f"{DOCUMENTS_PATH}/{public_id(document)}?{urlencode({'lang': language})}"


def passage_address(citation: Citation, language: InterfaceLanguage) -> str:
    """Return the address of a citation's document, open at the quote."""
    query = urlencode(
        {
            "start": citation.start,
            "end": citation.end,
            "quote": fingerprint(citation.quote),
            "lang": language,
        }
    )
    return f"{DOCUMENTS_PATH}/{public_id(citation.document)}?{query}#{PASSAGE_ANCHOR}"
