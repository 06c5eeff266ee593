"""What the listing shows for a selection of documents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import urlencode

from markupsafe import Markup

from assistant.catalogue import (
    FACETS,
    Catalogue,
    Entry,
    Facet,
    Selection,
    Version,
    choices,
    headings_with,
    select,
)
from assistant.reasons import reason_in
from assistant.types import Language
from assistant.ui.corpus_page.rendering import day_and_time
from assistant.ui.document_links import document_address
from assistant.ui.markup import page_name, published_source
from assistant.ui.texts import Texts

ENTRIES_PER_PAGE = 40
_MOST_CHARS = 200
_SHOWN_HEADINGS = 4
_NAMES = {"language": "in", "kind": "kind", "publisher": "publisher", "year": "year"}
"""Of the facets in addresses; `lang` is the language of the page."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow the list down, or to open it up again."""

    label: str
    count: int | None
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """All choices of a facet."""

    title: str
    choices: tuple[Choice, ...]
    long: bool
    """Whether it is shown only on request."""

    @property
    def chosen(self) -> Choice | None:
        """The choice that is in force, other than all."""
        return next((one for one in self.choices[1:] if one.chosen), None)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a text in a language."""

    label: str
    address: str
    language: Language


@dataclass(frozen=True, slots=True)
class Shown:
    """One document as the list shows it."""

    title: Link
    details: tuple[str, ...]
    others: tuple[Link, ...]
    headings: tuple[str, ...]
    unread: tuple[str, ...]
    published: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The list, and all ways on from it."""

    words: str
    hidden: tuple[tuple[str, str], ...]
    """Fields that keep the other choices when words are searched."""
    groups: tuple[Group, ...]
    order: tuple[Choice, ...]
    unread: Choice | None
    count: str
    is_narrowed: bool
    entries: tuple[Shown, ...]
    page: int
    pages: int
    previous: str | None
    next: str | None
    index: str
    embedder: str


def selection_of(query: Mapping[str, str]) -> tuple[Selection, int]:
    """Return what an address asks for, and which page of it; what makes no sense finds nothing or is left out."""

    def value(name: str) -> str | None:
        return query.get(name, "").strip()[:_MOST_CHARS] or None

    number = query.get("page", "")
    selection = Selection(
        words=value("q") or "",
        language=value("in"),
        kind=value("kind"),
        publisher=value("publisher"),
        year=value("year"),
        unread=query.get("unread") == "1",
        order="date" if query.get("sort") == "date" else "title",
    )
    return selection, int(number) if re.fullmatch("[0-9]{1,6}", number) else 1


def listing_of(catalogue: Catalogue, selection: Selection, page: int, texts: Texts) -> Listing:
    """Return the list for a selection."""
    found = select(catalogue, selection, texts.language)
    pages = max(1, -(-len(found) // ENTRIES_PER_PAGE))
    page = min(max(page, 1), pages)
    first = (page - 1) * ENTRIES_PER_PAGE
    query = _query(selection, texts)
    is_narrowed = bool({*query} - {"lang", "sort"})
    unread = sum(entry.is_partly_unread for entry in catalogue.entries)
    return Listing(
        words=selection.words,
        hidden=tuple((name, value) for name, value in query.items() if name != "q"),
        groups=tuple(group for facet in FACETS if (group := _group(catalogue, selection, facet, texts))),
        order=_order(selection, query, texts),
        unread=Choice("", unread, _address(query, "unread", None if selection.unread else "1"), selection.unread)
        if unread or selection.unread
        else None,
        count=_count(len(found), catalogue, texts, is_narrowed=is_narrowed),
        is_narrowed=is_narrowed,
        entries=tuple(_shown(one, selection, texts) for one in found[first : first + ENTRIES_PER_PAGE]),
        page=page,
        pages=pages,
        previous=_address(query, "page", str(page - 1)) if page > 1 else None,
        next=_address(query, "page", str(page + 1)) if page < pages else None,
        index=texts(
            "corpus.index",
            generation=catalogue.generation,
            documents=catalogue.documents,
            passages=catalogue.passages,
            **day_and_time(texts, catalogue.built),
        ),
        embedder=texts("corpus.embedder", embedder=_harmless(catalogue.embedder)) if catalogue.embedder else "",
    )


def kind_name(kind: str, texts: Texts) -> str:
    """Return a kind of document in words; one of somebody's own as it stands."""
    key = f"document.kind.{kind}"
    return texts(key) if key in texts.keys else kind.replace("-", " ").capitalize()


def _query(selection: Selection, texts: Texts) -> dict[str, str]:
    """Return a selection as it stands in an address."""
    fields = {
        "q": selection.words,
        **{_NAMES[facet]: selection.value(facet) for facet in FACETS},
        "unread": "1" if selection.unread else None,
        "sort": "date" if selection.order == "date" else None,
        "lang": texts.language,
    }
    return {name: value for name, value in fields.items() if value}


def _address(query: Mapping[str, str], name: str, value: str | None) -> str:
    """Return the address of the list with one field other than it is."""
    changed = {**query, name: value} if value is not None else {key: one for key, one in query.items() if key != name}
    return f"?{urlencode(changed)}"


def _group(catalogue: Catalogue, selection: Selection, facet: Facet, texts: Texts) -> Group | None:
    """Return the choices of a facet; None where there is nothing to choose."""
    counted = choices(catalogue, selection, facet)
    chosen = selection.value(facet)
    # What is chosen stays to be seen, also where nothing fits it.
    values = {**counted, **({chosen: counted[chosen]} if chosen else {})}
    if len(values) < 2 and not chosen:
        return None
    query, name = _query(selection, texts), _NAMES[facet]
    made = [
        Choice(_label(facet, value, texts), count, _address(query, name, value), value == chosen)
        for value, count in values.items()
    ]
    made.sort(key=lambda one: one.label.casefold(), reverse=facet == "year")
    every = Choice(texts("corpus.any"), None, _address(query, name, None), chosen is None)
    return Group(texts(f"corpus.facet.{facet}"), (every, *made), long=facet in ("publisher", "year"))


def _label(facet: Facet, value: str, texts: Texts) -> str:
    """Return a value of a facet in words."""
    if facet == "kind":
        return kind_name(value, texts)
    if facet == "language":
        name = texts(f"place.language_{value}") if f"place.language_{value}" in texts.keys else value
        return name[:1].upper() + name[1:]
    return value


def _order(selection: Selection, query: Mapping[str, str], texts: Texts) -> tuple[Choice, ...]:
    """Return the ways to sort."""
    by_date = selection.order == "date"
    return (
        Choice(texts("corpus.order_title"), None, _address(query, "sort", None), not by_date),
        Choice(texts("corpus.order_date"), None, _address(query, "sort", "date"), by_date),
    )


def _count(found: int, catalogue: Catalogue, texts: Texts, *, is_narrowed: bool) -> str:
    """Return how many documents the list holds."""
    total = len(catalogue.entries)
    if is_narrowed:
        return texts("corpus.found", count=found, total=total)
    if total == catalogue.documents:
        return texts("corpus.found_same" if total != 1 else "corpus.found_one", count=total)
    return texts("corpus.found_all", count=total, files=catalogue.documents)


def _shown(entry: Entry, selection: Selection, texts: Texts) -> Shown:
    """Return one document as the list shows it, in the language that is looked for or else that of the page."""
    version = entry.version(selection.language or texts.language)
    row = version.row
    if entry.sources and entry.date:
        dated = texts("corpus.newest_source", date=texts.date(entry.date))
    else:
        dated = texts("corpus.updated", date=texts.date(row.updated)) if row.updated else ""
    details = (kind_name(row.kind, texts), _label("language", row.language, texts), dated)
    return Shown(
        title=_link(version, row.title, texts),
        details=tuple(one for one in details if one),
        others=tuple(
            _link(one, texts(f"corpus.read_in_{one.row.language}"), texts)
            for one in entry.versions
            if one is not version
        ),
        headings=tuple(headings_with(version, selection.words)[:_SHOWN_HEADINGS]) if selection.words else (),
        unread=tuple(note for one in entry.versions for note in _unread(one, texts)),
        published=tuple(Markup(published_source(texts, source)) for source in entry.sources),
    )


def _link(version: Version, label: str, texts: Texts) -> Link:
    """Return a link to the page of a document."""
    # The list stands at the root of the site, and the site may stand below a path that only a proxy knows.
    address = document_address(version.row.id, texts.language).lstrip("/")
    return Link(label, address, version.row.language)


def _unread(version: Version, texts: Texts) -> list[str]:
    """Return what is said of each page that could not be read."""
    return [
        texts(
            "document.unread", page=page_name(texts, page.number or 1, page.label), problem=_said(page.problem, texts)
        )
        for page in version.row.pages
        if page.problem
    ]


def _said(problem: str, texts: Texts) -> str:
    """Return a reason in the language of the page, where it is a known one."""
    return reason_in(texts.language, problem)[0]


def _harmless(model: str) -> str:
    """Return the name of a model; of a folder only its last part, because the rest is about this machine."""
    return PurePath(model).name if PurePath(model).is_absolute() else model
