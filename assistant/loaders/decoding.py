"""Bytes of a text file to characters."""

from __future__ import annotations

import codecs
import re

from assistant.errors import FileRefused
from assistant.loaders.draft import plain

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FORMATS = (
    (b"%PDF-", "a PDF", ".pdf"),
    (b"PK\x03\x04", "a ZIP archive or an Office file", ".docx"),
    (b"\xd0\xcf\x11\xe0", "an old Office file", ".docx"),
    (b"\x89PNG", "a picture", ".pdf"),
    (b"\xff\xd8\xff", "a picture", ".pdf"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MAX_CONTROL_SHARE = 0.005


def decode(data: bytes) -> str:
    """Return the text of a file with plain newlines; raises FileRefused for what is no text."""
    for signature, name, suffix in _OTHER_FORMATS:
        if data.startswith(signature):
            raise FileRefused(f"The content is {name}, not text; give it its own format, such as {suffix}.")
    text = _decoded(data)
    if text is None or len(_CONTROL.findall(text)) > _MAX_CONTROL_SHARE * len(text):
        raise FileRefused("The content is binary, not text; save the document as text in UTF-8.")
    return plain(text).removeprefix("\ufeff")


def is_decodable(data: bytes) -> bool:
    """Tell whether decode() knows what the bytes are without guessing."""
    if any(data.startswith(mark) for mark, _ in _BYTE_ORDER_MARKS):
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return any(data.startswith(signature) for signature, _, _ in _OTHER_FORMATS)
    return True


def _decoded(data: bytes) -> str | None:
    """Return the text in the first encoding that fits; None where none does."""
    encodings = [name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)][:1] or ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    # Neither UTF-8 nor Windows-1252 allows these bytes. The detector takes 0.1 s to load and is rarely needed.
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    return None if best is None else str(best)
