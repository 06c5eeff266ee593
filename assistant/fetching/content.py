"""What came: unpacked in steps that cannot explode, and taken only where header and first bytes agree."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator

from assistant.errors import NotFetched
from assistant.fetching.faults import Transient, shown

HTML, PDF, TEXT = ".html", ".pdf", ".txt"
SUFFIXES = (HTML, PDF, TEXT)
HEAD_BYTES = 2048
"""Enough of a file to tell what it is."""
_STEP = 65_536
_NAMES = {HTML: "a web page", PDF: "a PDF", TEXT: "plain text"}
_DECLARED = {
    "text/html": HTML,
    "application/xhtml+xml": HTML,
    "application/pdf": PDF,
    "application/x-pdf": PDF,
    "text/plain": TEXT,
}
# Servers that do not know PDF call it this; the first bytes have to say the rest.
_UNNAMED = ("application/octet-stream", "binary/octet-stream", "application/force-download", "application/x-download")
_PAGE_STARTS = re.compile(r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_TAG = re.compile(r"<(?:[a-z][a-z0-9-]*[\s/>]|!doctype|!--)", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class Unpacker:
    """Undo the compression of a body, at most 64 KB at a time."""

    def __init__(self, encoding: str | None) -> None:
        """Take the Content-Encoding; raises NotFetched for one that was not asked for."""
        name = (encoding or "identity").strip().lower()
        if name not in ("identity", "gzip", "x-gzip"):
            raise NotFetched(
                f"The host packs the file as {shown(name)}, which was not asked for; save the file by hand instead."
            )
        self._gzip = None if name == "identity" else zlib.decompressobj(zlib.MAX_WBITS | 16)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what some bytes of the body unpack to."""
        if self._gzip is None:
            yield data
            return
        try:
            while not self._gzip.eof:
                out = self._gzip.decompress(data, _STEP)
                data = self._gzip.unconsumed_tail
                if out:
                    yield out
                if not data and len(out) < _STEP:
                    return
        except zlib.error as error:
            raise NotFetched("The host packs the file in a way that cannot be undone; try again later.") from error

    def finish(self) -> None:
        """Raise Transient where the packed file ended too early."""
        if self._gzip is not None and not self._gzip.eof:
            raise Transient("The file broke off before it was complete; try again later.")


def suffix_of(content_type: str | None, head: bytes, names_pdf: bool) -> str:
    """Return the suffix under which a file is kept, from its Content-Type and its first bytes.

    `names_pdf` tells that the address ends in .pdf. Raises NotFetched where the two do not agree, or
    where it is neither web page nor PDF nor plain text.
    """
    if not head.strip():
        raise NotFetched("The file is empty; open the address in a browser to see what is there now.")
    declared = (content_type or "").split(";")[0].strip().lower()
    found = _found(head)
    if names_pdf and found == HTML:
        raise NotFetched(
            "The address ends in .pdf but a web page came, mostly an error or sign-in page; open it in a browser "
            "and correct the address in the register."
        )
    if declared in _UNNAMED and found == PDF:
        return PDF
    suffix = _DECLARED.get(declared)
    if suffix is None:
        what = f"of the type {shown(declared)}" if declared else "without a Content-Type"
        raise NotFetched(f"The file is {what}; only web pages, PDF and plain text are taken.")
    if not _agrees(suffix, found, head):
        raise NotFetched(
            f"The host says that this is {_NAMES[suffix]}, but it starts like {_NAMES.get(found, 'something else')}; "
            "open the address in a browser to see what is there now."
        )
    return suffix


def _found(head: bytes) -> str:
    """Return the suffix of what the first bytes are; "" for what is none of the three."""
    if head.startswith(b"%PDF-"):
        return PDF
    text = _text(head)
    if text is None:
        return ""
    return HTML if _PAGE_STARTS.match(text) else TEXT


def _agrees(suffix: str, found: str, head: bytes) -> bool:
    """Tell whether the first bytes can be what the header says; a page need not begin with its first tag."""
    return suffix == found or (suffix == HTML and found == TEXT and bool(_TAG.search(_text(head) or "")))


def _text(head: bytes) -> str | None:
    """Return the first bytes as text; None where they are none."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = head.decode("utf-16", "ignore")
    else:
        text = head.decode("utf-8", "replace").removeprefix("\ufeff")
    return None if _CONTROL.search(text) else text
