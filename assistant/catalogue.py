"""What a generation of the index holds, for people: documents to look through, search and filter.

A document and its twin in the other language are one entry with two versions.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.index import Index
from assistant.index_rows import DocumentRow
from assistant.types import Language, Source

Order = Literal["title", "date"]
Facet = Literal["language", "kind", "publisher", "year"]
FACETS: tuple[Facet, ...] = ("language", "kind", "publisher", "year")
_UNDATED = "undated"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Version:
    """A document as the index holds it, and its headings in order."""

    row: DocumentRow
    headings: tuple[str, ...]

    @property
    def is_partly_unread(self) -> bool:
        """Tell whether a page could not be read."""
        return any(page.problem for page in self.row.pages)


@dataclass(frozen=True, slots=True)
class Entry:
    """One document in every language that it is there in."""

    versions: tuple[Version, ...]
    sources: tuple[Source, ...]
    """Published sources behind the text, the newest first and those without a date last."""
    words: str
    """All that can be searched, folded."""

    @property
    def dates(self) -> frozenset[str]:
        """ISO dates of the published sources; where there are no sources, of the document itself."""
        if self.sources:
            return frozenset(source.date for source in self.sources if source.date != _UNDATED)
        return frozenset(one.row.updated for one in self.versions if one.row.updated)

    @property
    def date(self) -> str | None:
        """The newest of the dates; None where all sources are undated."""
        return max(self.dates, default=None)

    @property
    def is_partly_unread(self) -> bool:
        """Tell whether a page of any version could not be read."""
        return any(one.is_partly_unread for one in self.versions)

    def version(self, language: str) -> Version:
        """Return the version in a language; the first where there is none."""
        return next((one for one in self.versions if one.row.language == language), self.versions[0])

    def values(self, facet: Facet) -> frozenset[str]:
        """Return what the entry can be filtered by."""
        if facet == "language":
            return frozenset(one.row.language for one in self.versions)
        if facet == "kind":
            return frozenset(one.row.kind for one in self.versions)
        if facet == "publisher":
            return frozenset(source.publisher for source in self.sources)
        return frozenset(date[:4] for date in self.dates)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All entries of a generation, and what that generation is."""

    generation: str
    built: str
    """UTC, ISO 8601."""
    embedder: str
    documents: int
    """Versions count each."""
    passages: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """What a reader looks for; None is no filter."""

    words: str = ""
    language: str | None = None
    kind: str | None = None
    publisher: str | None = None
    year: str | None = None
    unread: bool = False
    """Only documents of which a page could not be read."""
    order: Order = "title"

    def value(self, facet: Facet) -> str | None:
        """Return what is chosen of a facet."""
        chosen: str | None = getattr(self, facet)
        return chosen

    def without(self, facet: Facet) -> Selection:
        """Return the selection with a facet left open."""
        # Not `**{facet: None}`: the type checker could not follow it.
        match facet:
            case "language":
                return replace(self, language=None)
            case "kind":
                return replace(self, kind=None)
            case "publisher":
                return replace(self, publisher=None)
            case "year":
                return replace(self, year=None)


def catalogue_of(index: Index) -> Catalogue:
    """Return the catalogue of a generation; reads every chunk once, some 20 µs each."""
    rows = index.documents
    grouped: dict[str, list[DocumentRow]] = {}
    for row in rows.values():
        first = min(row.id, row.twin) if row.twin and row.twin in rows else row.id
        grouped.setdefault(first, []).append(row)
    manifest = index.manifest
    return Catalogue(
        generation=index.generation,
        built=manifest.created,
        embedder=manifest.identity.get("embedder.name", ""),
        documents=len(rows),
        passages=index.size,
        entries=tuple(_entry(index, group) for group in grouped.values()),
    )


def select(catalogue: Catalogue, selection: Selection, language: Language = "nl") -> list[Entry]:
    """Return the entries that fit, by title in a language or with the newest source first."""
    wanted = _words(selection.words)
    found = [entry for entry in catalogue.entries if _fits(entry, selection, wanted)]
    found.sort(key=lambda entry: _title_key(entry, selection.language or language))
    if selection.order == "date":
        found.sort(key=lambda entry: entry.date or "", reverse=True)
    return found


def choices(catalogue: Catalogue, selection: Selection, facet: Facet) -> Counter[str]:
    """Return how many entries each value of a facet would leave, the rest of the selection kept."""
    wanted = _words(selection.words)
    others = selection.without(facet)
    return Counter(
        value for entry in catalogue.entries if _fits(entry, others, wanted) for value in entry.values(facet)
    )


def headings_with(version: Version, words: str) -> list[str]:
    """Return the headings of a version that hold a word that is searched for and its title does not."""
    missing = [word for word in _words(words) if word not in folded(version.row.title)]
    return [one for one in version.headings if any(word in folded(one) for word in missing)]


def folded(text: str) -> str:
    """Return a text without capitals and accents, as it is searched."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _words(text: str) -> list[str]:
    """Return the words that are searched for."""
    return _WORD.findall(folded(text))


def _fits(entry: Entry, selection: Selection, wanted: Sequence[str]) -> bool:
    """Tell whether an entry holds all words and has what is chosen of each facet."""
    return (
        all(word in entry.words for word in wanted)
        and all(value is None or value in entry.values(facet) for facet, value in _chosen(selection))
        and (entry.is_partly_unread or not selection.unread)
    )


def _chosen(selection: Selection) -> Iterator[tuple[Facet, str | None]]:
    """Yield what is chosen of each facet."""
    return ((facet, selection.value(facet)) for facet in FACETS)


def _title_key(entry: Entry, language: str) -> tuple[str, str]:
    """Return what entries are sorted by; marks before the first letter do not count."""
    row = entry.version(language).row
    return folded(row.title).lstrip(" \"'“‘«(["), row.id


def _entry(index: Index, rows: Iterable[DocumentRow]) -> Entry:
    """Return the entry of a document and its twin."""
    versions: list[Version] = []
    names: set[str] = set()
    for row in rows:
        headings: dict[str, None] = {}
        names.update(row.sources)
        for position in index.rows(row.id):
            chunk = index.chunk(position)
            headings.update(dict.fromkeys(chunk.headings))
            names.update(name for span in chunk.sentences for name in span.sources)
        versions.append(Version(row, tuple(headings)))
    sources = sorted((index.sources[name] for name in names if name in index.sources), key=_source_key, reverse=True)
    searched = [text for one in versions for text in (one.row.title, *one.headings)]
    searched += [source.publisher for source in sources]
    return Entry(tuple(versions), tuple(sources), folded("\n".join(searched)))


def _source_key(source: Source) -> tuple[str, str]:
    """Return what published sources are sorted by."""
    return ("" if source.date == _UNDATED else source.date), source.title
