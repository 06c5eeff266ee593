"""Pictures of pages, drawn one at a time in a process of their own and kept in memory for a while."""

from __future__ import annotations

import base64
import logging
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import PicturesBusy, PictureUnavailable
from assistant.loaders.pdf_process import PdfProcess, shared_process
from assistant.settings import PictureSettings

_MODULE = "assistant.pictures.worker"
_SURROUNDING_CHARS = 400
_MEGABYTE = 1_000_000
_REFUSAL_BYTES = 1_000
_REFUSED_SECONDS = 300.0
"""How long a page that could not be drawn is not tried again."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PageFile:
    """A page of a PDF that is kept under the hash of its bytes."""

    path: Path
    sha256: str
    page: int
    """Physical page, counted from 1."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words to mark, and those around them, which tell which of several equal words are meant."""

    quote: str = ""
    before: str = ""
    after: str = ""

    @classmethod
    def from_text(cls, text: str, start: int, end: int) -> Wanted:
        """Return what stands between two offsets of a canonical text."""
        return cls(text[start:end], text[max(0, start - _SURROUNDING_CHARS) : start], text[end:][:_SURROUNDING_CHARS])


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as people see it."""

    png: bytes
    marked: bool
    """Whether all words of the quote were found and are marked; otherwise nothing is."""
    goes_on: bool = False
    """Whether the quote ends on the next page, so that only its beginning is marked here."""
    top: float | None = None
    """Where the mark begins, as a share of the picture's height from above."""


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A page that could not be drawn, and when that was tried."""

    reason: str
    at: float


_Key = tuple[str, int, Wanted | None]


class PagePictures:
    """Draw pages for any number of threads; pdfium itself does one at a time."""

    def __init__(self, settings: PictureSettings, process: PdfProcess | None = None) -> None:
        """Prepare; the process starts with the first picture."""
        self._settings = settings
        self._process = process or shared_process(_MODULE)
        self._waiting = threading.BoundedSemaphore(settings.waiting)
        self._turn = threading.Lock()
        self._kept: OrderedDict[_Key, PagePicture | _Refusal] = OrderedDict()
        self._kept_bytes = 0
        self._guard = threading.Lock()

    def picture(self, file: PageFile, wanted: Wanted | None = None) -> PagePicture:
        """Return a page with the wanted words marked, if each of them is found there.

        Raises PicturesBusy where too many wait already, PictureUnavailable where the page cannot be drawn.
        """
        if known := self._known(file, wanted):
            return _or_raise(known)
        if not self._waiting.acquire(blocking=False):
            raise PicturesBusy("Too many pictures of pages are being made; try again in a few seconds.")
        try:
            with self._turn:
                # Whoever had the turn before may have wanted the same.
                return _or_raise(self._known(file, wanted) or self._drawn(file, wanted))
        finally:
            self._waiting.release()

    def _known(self, file: PageFile, wanted: Wanted | None) -> PagePicture | _Refusal | None:
        """Return what is kept of a page."""
        with self._guard:
            refusal = self._kept.get((file.sha256, file.page, None))
            if isinstance(refusal, _Refusal):
                if time.monotonic() - refusal.at < _REFUSED_SECONDS:
                    return refusal
                self._forget((file.sha256, file.page, None))
            key = (file.sha256, file.page, wanted)
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _drawn(self, file: PageFile, wanted: Wanted | None) -> PagePicture | _Refusal:
        """Draw a page and keep the picture, or why there is none."""
        settings = self._settings
        words = wanted or Wanted()
        request = {
            "path": str(file.path.resolve()),
            "sha256": file.sha256,
            "page": file.page,
            "quote": words.quote,
            "before": words.before,
            "after": words.after,
            "width": settings.width,
            "pixels": settings.max_pixels,
        }
        reply = self._process.answer(request, settings.seconds, settings.memory_mb)
        if "refused" in reply:
            refusal = _Refusal(str(reply["refused"]), time.monotonic())
            _log.warning("page %d of a PDF could not be drawn: %s %s", file.page, refusal.reason, reply["detail"])
            self._keep((file.sha256, file.page, None), refusal)
            return refusal
        picture = _picture(reply)
        self._keep((file.sha256, file.page, wanted), picture)
        return picture

    def _keep(self, key: _Key, kept: PagePicture | _Refusal) -> None:
        """Keep what was made, and let go of what was not asked for in the longest time."""
        with self._guard:
            self._forget(key)
            self._kept[key] = kept
            self._kept_bytes += _size(kept)
            while self._kept_bytes > self._settings.cache_mb * _MEGABYTE:
                self._forget(next(iter(self._kept)))

    def _forget(self, key: _Key) -> None:
        """Let go of one picture."""
        gone = self._kept.pop(key, None)
        self._kept_bytes -= _size(gone) if gone else 0


def _picture(reply: dict[str, Any]) -> PagePicture:
    """Return the picture of a reply."""
    return PagePicture(base64.b64decode(reply["png"]), reply["marked"], reply["goes_on"], reply["top"])


def _size(kept: PagePicture | _Refusal) -> int:
    """Return about how many bytes it costs to keep something."""
    return len(kept.png) + _REFUSAL_BYTES if isinstance(kept, PagePicture) else _REFUSAL_BYTES


def _or_raise(kept: PagePicture | _Refusal) -> PagePicture:
    """Return a picture. Raises PictureUnavailable where there is none."""
    if isinstance(kept, _Refusal):
        raise PictureUnavailable(f"The page cannot be drawn ({kept.reason}); read the document or open the file.")
    return kept
