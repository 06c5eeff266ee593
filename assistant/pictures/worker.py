"""The process in which pages become pictures, so that a hostile file costs itself only.

One request per line in, one reply per line out, both JSON, one after the other: pdfium is not safe for
threads. {"path", "sha256", "page", "quote", "before", "after", "width", "pixels"} →
{"png" (base64), "marked", "goes_on", "top"} or {"refused", "detail"}.
"""

from __future__ import annotations

import base64
import ctypes
import hashlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.loaders.pdf_worker import serve
from assistant.pictures.locate import Place, is_compared, locate
from assistant.pictures.marks import Box, boxes_of_lines, marks_only

# A page with more characters is no page for readers, and measuring each of them takes time.
_MOST_CHARACTERS = 200_000
_POINTS_BEYOND = 1.5
"""By which a mark is larger than the letters in it."""
_LARGEST_SCALE = 4.0
_MARK = (255, 226, 110)
_EDGE = (150, 84, 0)
"""Dark enough to be told from a white page by those who do not see the yellow."""


def main() -> None:
    """Draw pages until standard input closes."""
    serve(answer)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Return the reply to one request, whatever happens."""
    try:
        data = Path(request["path"]).read_bytes()
        if hashlib.sha256(data).hexdigest() != request["sha256"]:
            return {"refused": "changed", "detail": ""}
        return _drawn(data, request)
    except OSError as error:
        return {"refused": "unopened", "detail": error.strerror or str(error)}
    except (MemoryError, RecursionError):
        return {"refused": "memory", "detail": ""}
    except Exception as error:  # noqa: BLE001 - hostile bytes raise anything, and the process lives on
        return {"refused": "broken", "detail": type(error).__name__}


def _drawn(data: bytes, request: dict[str, Any]) -> dict[str, Any]:
    """Return the picture of a page, with the quote marked where it stands there beyond doubt."""
    # In this process only: the parent never loads the library that reads strangers' files.
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        number = int(request["page"])
        if not 1 <= number <= len(document):
            return {"refused": "no_page", "detail": str(len(document))}
        page = document[number - 1]
        width, height = page.get_size()
        scale = _scale(width, height, int(request["width"]), int(request["pixels"]))
        if scale is None:
            return {"refused": "size", "detail": f"{width:.0f} x {height:.0f}"}
        following = document[number] if number < len(document) else None
        words = (request["quote"], request["before"], request["after"])
        place, marks = place_and_marks(page, following, *words)
        image = page.render(scale=scale, draw_annots=True, may_draw_forms=False).to_pil().convert("RGB")
        shown = [area for mark in marks if (area := _on_image(page, mark, image.size)) is not None]
        is_marked = bool(marks) and len(shown) == len(marks)
        if is_marked:
            _paint(image, shown)
        file = io.BytesIO()
        image.save(file, "PNG", compress_level=6)
        return {
            "png": base64.b64encode(file.getvalue()).decode("ascii"),
            "marked": is_marked,
            "goes_on": is_marked and place is not None and place.goes_on,
            "top": round(min(area[1] for area in shown) / image.size[1], 4) if is_marked else None,
        }
    finally:
        document.close()


def _scale(width: float, height: float, wanted: int, pixels: int) -> float | None:
    """Return pixels per point for a page of this size; None for a page that no picture of use can be made of."""
    if not (1 <= width <= 1e5 and 1 <= height <= 1e5):
        return None
    return float(min(wanted / width, _LARGEST_SCALE, (pixels / (width * height)) ** 0.5))


def place_and_marks(page: Any, following: Any, quote: str, before: str, after: str) -> tuple[Place | None, list[Box]]:
    """Return where a quote stands on a page of pdfium, and the boxes around its words; none where in doubt.

    `following` is the next page, if there is one.
    """
    if not quote:
        return None, []
    text_page = page.get_textpage()
    text = _text(text_page)
    place = locate(text, quote, before, after)
    if place is None and following is not None:
        place = locate(text, quote, before, after, _text(following.get_textpage()))
    if place is None:
        return None, []
    compared = [position for position, character in enumerate(text) if is_compared(character)]
    inside = [position for position in compared if position in place.positions]
    marks = boxes_of_lines([_box(text_page, position) for position in inside])
    others = [_box(text_page, position) for position in compared if position not in place.positions]
    return (place, marks) if marks_only(marks, others) else (None, [])


def _text(text_page: Any) -> str:
    """Return the characters of a page, one per position of pdfium's."""
    from pypdfium2 import raw

    count = text_page.count_chars()
    if count > _MOST_CHARACTERS:
        return ""
    codes: Iterator[int] = (raw.FPDFText_GetUnicode(text_page, position) for position in range(count))
    return "".join(chr(code) if code <= 0x10FFFF else "\ufffd" for code in codes)


def _box(text_page: Any, position: int) -> Box:
    """Return the rectangle around one character."""
    return Box(*text_page.get_charbox(position))


def _on_image(page: Any, mark: Box, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """Return a box in pixels (left, top, right, bottom); None where any of it lies off the page."""
    corners = [_pixel(page, x, y, size) for x, y in ((mark.left, mark.bottom), (mark.right, mark.top))]
    (left, right), (top, bottom) = (sorted(side) for side in zip(*corners, strict=True))
    beyond = max(1, round(_POINTS_BEYOND * size[0] / max(1.0, page.get_width())))
    if left < -beyond or top < -beyond or right > size[0] + beyond or bottom > size[1] + beyond:
        return None
    return max(0, left - beyond), max(0, top - beyond), min(size[0], right + beyond), min(size[1], bottom + beyond)


def _pixel(page: Any, x: float, y: float, size: tuple[int, int]) -> tuple[int, int]:
    """Return the pixel of a point on a page, whichever way the page is turned or cut."""
    from pypdfium2 import raw

    left, top = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, left, top)
    return left.value, top.value


def _paint(image: Any, areas: Sequence[tuple[int, int, int, int]]) -> None:
    """Colour areas of a picture so that what stands there stays readable, with a line below each."""
    from PIL import Image, ImageChops, ImageDraw

    drawing = ImageDraw.Draw(image)
    for area in areas:
        part = image.crop(area)
        image.paste(ImageChops.multiply(part, Image.new("RGB", part.size, _MARK)), area)
    for left, _, right, bottom in areas:
        drawing.line((left, bottom, right, bottom), fill=_EDGE, width=2)


if __name__ == "__main__":
    main()
