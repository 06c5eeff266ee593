"""HTML in small pieces. Everything that did not come from a locale file goes through `escape`."""

from __future__ import annotations

import re
from html import escape as _escape
from urllib.parse import urlsplit

from assistant.types import Language, Source
from assistant.ui.texts import Texts

# The point or bracket behind an address belongs to the sentence.
_WEB_ADDRESS = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]])")


def escape(text: object) -> str:
    """Return a text as HTML that shows it and does nothing else."""
    # A NUL ends some parsers' idea of a text; no document needs one.
    return _escape(str(text).replace("\x00", "�"), quote=True)


def with_links(text: str, texts: Texts) -> str:
    """Return a text as HTML in which web addresses are links."""
    parts = _WEB_ADDRESS.split(text)
    # After a split with a group, words and addresses take turns.
    return "".join(_link(part, texts) if place % 2 else escape(part) for place, part in enumerate(parts))


def _link(url: str, texts: Texts) -> str:
    """Return an address as a link to itself, where it may be one."""
    if not is_web_address(url):
        return escape(url)
    return (
        f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(url)}'
        f'<span class="visually-hidden"> ({texts("sources.new_tab")})</span></a>'
    )


def lang(language: Language) -> str:
    """Return a lang attribute, so that a screen reader speaks the right language; none if undetermined."""
    return "" if language == "und" else f' lang="{escape(language)}"'


def place(texts: Texts, heading: str | None, page: int | None, label: str | None) -> str:
    """Return where a passage stands, as plain text: its heading, its page, or both."""
    parts = [heading] if heading else []
    if page is not None:
        parts.append(page_name(texts, page, label))
    return " · ".join(parts)


def page_name(texts: Texts, page: int, label: str | None) -> str:
    """Return a page by its printed number, and by its place in the file where the two differ."""
    if label and label != str(page):
        return texts("place.page_with_label", label=label, number=page)
    return texts("place.page", number=page)


def published_source(texts: Texts, source: Source, *, with_authority: bool = False) -> str:
    """Return a published source: its title as a link, then who published it and when, and what that is worth."""
    title = escape(source.title)
    if source.url and is_web_address(source.url):
        title = (
            f'<a href="{escape(source.url)}" target="_blank" rel="noopener noreferrer"'
            f' hreflang="{escape(source.language)}">{title}'
            f'<span class="visually-hidden"> ({texts("sources.new_tab")})</span></a>'
        )
    details = ", ".join(escape(part) for part in (source.publisher, texts.date(source.date)) if part)
    key = f"sources.authority_{source.authority}"
    worth = f'<span class="details">{texts(key)}</span>' if with_authority and key in texts.keys else ""
    return f'<li>{title}<span class="details">{details}</span>{worth}</li>'


def is_web_address(url: str) -> bool:
    """Tell whether a link may be shown as one: `javascript:` and the like may not."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
