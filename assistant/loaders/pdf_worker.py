"""The process in which PDFs are opened, so that a hostile file costs itself only.

Reads one request per line on standard input and writes one reply per line on standard output, both
JSON: {"path", "pages", "seconds"} → {"sha256", "title", "pages": [...]} or {"refused", "detail"}.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from assistant.loaders.pdf_text import page_lines

# A page with more is no page for readers; the whole of it is counted as unread.
_MAX_PAGE_CHARS = 1_000_000
_MAX_DOCUMENT_CHARS = 50_000_000
_HEADER_BYTES = 1024
_MEGABYTE = 1 << 20
_MISSING_END = b"\nstartxref\n0\n%%EOF\n"
# Lower than pypdf's own: text streams are small, only pictures are large, and those are not read.
_LIMITS: dict[str, Any] = {
    "maximum_declared_stream_length": 50_000_000,
    "array_based_stream_maximum_output_length": 50_000_000,
    "zlib_maximum_output_length": 50_000_000,
    "lzw_maximum_output_length": 50_000_000,
    "run_length_maximum_output_length": 50_000_000,
    "brotli_maximum_output_length": 50_000_000,
    "jbig2_maximum_output_length": 1_000_000,
    "image_maximum_buffer_size": 1_000_000,
    "stream_decoding_work_maximum_length": 150_000_000,
    "jbig2dec_binary": None,
}


class Refused(Exception):
    """The file cannot be read; the reason is one of a few fixed words."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


def main() -> None:
    """Read files until standard input closes."""
    serve(_answer)


def serve(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer requests, one by one and each within its seconds, until standard input closes.

    The memory that all of them share is the one argument of the program, in megabytes.
    """
    replies = _private_output()
    _limit_memory(int(sys.argv[1]))
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        request = json.loads(line)
        _limit_cpu(float(request["seconds"]))
        reply = json.dumps(answer(request))
        replies.write(reply + "\n")
        replies.flush()
        if "memory" in reply[:30]:
            # What is left of the address space may be too scattered for the next file.
            return


def _private_output() -> TextIO:
    """Return the stream for replies, out of reach of anything that prints."""
    replies = os.fdopen(os.dup(1), "w", encoding="ascii")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    return replies


def _limit_memory(megabytes: int) -> None:
    """Cap the address space where the platform can."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes * _MEGABYTE, megabytes * _MEGABYTE))


def _limit_cpu(seconds: float) -> None:
    """Cap the processor time of the next file, should the parent not be there to watch the clock."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 2, hard))


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    """Return the reply to one request, whatever happens."""
    try:
        data = Path(request["path"]).read_bytes()
        return {**_read(data, int(request["pages"])), "sha256": hashlib.sha256(data).hexdigest()}
    except Refused as refusal:
        return {"refused": refusal.reason, "detail": refusal.detail}
    except OSError as error:
        return {"refused": "unopened", "detail": error.strerror or str(error)}
    except (MemoryError, RecursionError):
        return {"refused": "memory", "detail": ""}
    except Exception as error:  # noqa: BLE001 - hostile bytes raise anything, and the process lives on
        return {"refused": "broken", "detail": type(error).__name__}


def _read(data: bytes, max_pages: int) -> dict[str, Any]:
    """Return title and pages of a PDF; raises Refused."""
    # In this process only, and 0.4 s: the parent never needs it.
    from pypdf import apply_configuration
    from pypdf.errors import LimitReachedError, PyPdfError

    try:
        with apply_configuration(**_LIMITS):
            reader = _open(data)
            return {"title": _title(reader), "pages": _pages(reader, max_pages)}
    except LimitReachedError as error:
        raise Refused("memory") from error
    except PyPdfError as error:
        raise Refused(_fault(data), type(error).__name__) from error


def _open(data: bytes) -> Any:
    """Return a reader of a document that needs no password; raises Refused or an error of pypdf."""
    from pypdf import PasswordType
    from pypdf.errors import DependencyError

    if not data.strip(b"\0 \t\r\n"):
        raise Refused("empty")
    try:
        reader = _reader(data)
        # A document that only its owner's password protects opens with the empty one.
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise Refused("password")
        return reader
    except (NotImplementedError, DependencyError) as error:
        raise Refused("encryption") from error
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        # What pypdf stumbles over in a damaged file is not always one of its own errors.
        raise Refused(_fault(data), type(error).__name__) from error


def _reader(data: bytes) -> Any:
    """Return a reader; a file whose end is missing is searched for its objects."""
    from pypdf import PdfReader
    from pypdf.errors import PdfReadError

    try:
        return PdfReader(io.BytesIO(data), strict=False)
    except PdfReadError:
        if b"%PDF-" not in data or b"trailer" not in data:
            raise
        return PdfReader(io.BytesIO(data + _MISSING_END), strict=False)


def _fault(data: bytes) -> str:
    """Return why a file cannot be opened: it is damaged, or no PDF at all."""
    return "broken" if b"%PDF-" in data[:_HEADER_BYTES] or (b"endobj" in data and b"/Page" in data) else "not_pdf"


def _title(reader: Any) -> str:
    """Return the title in the metadata; nothing where that is damaged."""
    with suppress(Exception):
        return str(reader.metadata.title or "") if reader.metadata else ""
    return ""


def _labels(reader: Any, count: int) -> list[str | None]:
    """Return what the file calls its pages; None for each where it does not say."""
    with suppress(Exception):
        if "/PageLabels" in reader.root_object:
            labels = list(reader.page_labels)
            if len(labels) == count:
                return labels
    return [None] * count


def _pages(reader: Any, max_pages: int) -> list[dict[str, Any]]:
    """Return lines, label and pictures of each page; one damaged page does not cost the others."""
    count = len(reader.pages)
    if count == 0:
        raise Refused("no_pages")
    if count > max_pages:
        raise Refused("too_many_pages", str(count))
    pages: list[dict[str, Any]] = []
    total = 0
    for label, number in zip(_labels(reader, count), range(count), strict=True):
        try:
            page = page_lines(reader.pages[number])
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - what a damaged page raises cannot be foreseen
            page = {"lines": [], "pictures": False, "height": 0.0, "damage": type(error).__name__}
        size = sum(len(line[0]) for line in page["lines"])
        total += size
        if size > _MAX_PAGE_CHARS or total > _MAX_DOCUMENT_CHARS:
            page = {**page, "lines": [], "damage": "too much text"}
        pages.append({**page, "label": label})
    return pages


if __name__ == "__main__":
    main()
