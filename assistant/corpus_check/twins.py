"""Twins: a Dutch and an English document that say the same, heading by heading and block by block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile, zip_longest

from assistant.corpus_check.documents import PlacedBlock, PlacedDocument
from assistant.corpus_check.findings import Finding

_SAME_FIELDS = ("kind", "valid_from", "valid_to")
_KINDS = {"paragraph": "paragraph", "item": "list item", "table": "table row"}


@dataclass(frozen=True, slots=True)
class Twins:
    """A Dutch document and its English twin."""

    dutch: PlacedDocument
    english: PlacedDocument


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the blocks up to the next one."""

    heading: PlacedBlock | None
    """None for what stands above the first heading."""
    blocks: tuple[PlacedBlock, ...]

    @property
    def sources(self) -> set[str]:
        """The sources that the blocks name."""
        return {name for block in self.blocks for name in block.sources}

    @property
    def line(self) -> int:
        """The line on which the section begins."""
        return self.heading.line if self.heading else next((block.line for block in self.blocks), 1)


def pair(documents: Iterable[PlacedDocument]) -> tuple[list[Twins], list[Finding]]:
    """Return the twins, and a finding for each document that has none."""
    by_stem: dict[str, dict[str, PlacedDocument]] = {}
    for document in documents:
        by_stem.setdefault(document.stem, {})[document.language] = document
    twins = [Twins(found["nl"], found["en"]) for found in by_stem.values() if len(found) > 1]
    alone = [next(iter(found.values())) for found in by_stem.values() if len(found) == 1]
    return twins, [missing_twin(document.file) for document in alone]


def missing_twin(file: str) -> Finding:
    """Return the finding on a document without twin."""
    return Finding(file, 1, "twin", f"the twin {twin_name(file)} is missing; write it.")


def twin_name(file: str) -> str:
    """Return the name of the same document in the other language."""
    stem, language, suffix = file.rsplit(".", 2)
    return f"{stem}.{'en' if language == 'nl' else 'nl'}.{suffix}"


def sections(document: PlacedDocument) -> list[Section]:
    """Return the sections of a document."""
    found: list[tuple[PlacedBlock | None, list[PlacedBlock]]] = [(None, [])]
    for block in document.blocks:
        if block.kind == "heading":
            found.append((block, []))
        else:
            found[-1][1].append(block)
    return [Section(heading, tuple(blocks)) for heading, blocks in found if heading or blocks]


def aligned(twins: Twins) -> Iterator[tuple[PlacedBlock, PlacedBlock]]:
    """Yield the blocks, and the headings, that are each other's translation by their place."""
    for dutch, english in _pairs(sections(twins.dutch), sections(twins.english)):
        if dutch.heading and english.heading:
            yield dutch.heading, english.heading
        if not _shape_problem(dutch.blocks, english.blocks):
            yield from zip(dutch.blocks, english.blocks, strict=True)


def _pairs(dutch: Sequence[Section], english: Sequence[Section]) -> list[tuple[Section, Section]]:
    """Return the sections that belong together.

    With the same headings these are all. Otherwise only those before the first that differ in level, blocks or
    sources: behind it, sections that have nothing to do with each other would be compared.
    """
    pairs = list(zip(dutch, english, strict=False))
    if [_level(one) for one in dutch] == [_level(one) for one in english]:
        return pairs
    return list(takewhile(lambda pair: _signature(pair[0]) == _signature(pair[1]), pairs))


def _level(section: Section) -> int:
    """Return the level of the heading; 0 for what stands above the first."""
    return section.heading.level if section.heading else 0


def _signature(section: Section) -> tuple[int, list[str], set[str]]:
    """Return what the sections of twins have in common."""
    return _level(section), [block.kind for block in section.blocks], section.sources


def check_structure(twins: Twins) -> Iterator[Finding]:
    """Yield where the English twin has another kind, validity, headings, blocks or sources than the Dutch one."""
    for name in _SAME_FIELDS:
        one, other = twins.dutch.value(name), twins.english.value(name)
        if one != other:
            message = f'{name} is "{other}" and in {twins.dutch.file} it is "{one}"; give both twins the same.'
            line = (twins.english.fields or {})[name].line if other else 1
            yield Finding(twins.english.file, line, "twin", message)
    yield from _check_sections(twins)


def _check_sections(twins: Twins) -> Iterator[Finding]:
    """Yield where the sections of twins differ."""
    dutch, english = sections(twins.dutch), sections(twins.english)
    pairs = _pairs(dutch, english)
    for one, other in pairs:
        problem = _shape_problem(one.blocks, other.blocks)
        if problem:
            yield Finding(
                twins.english.file,
                problem[1].line if problem[1] else other.line,
                "twin",
                f"{problem[0]} ({_place(twins.dutch, problem[2] or one)}); give both twins the same blocks.",
            )
        yield from _source_findings(twins, one, other)
    if len(pairs) < max(len(dutch), len(english)):
        yield _outline_finding(twins, dutch, english, len(pairs))


def _outline_finding(twins: Twins, dutch: Sequence[Section], english: Sequence[Section], parted: int) -> Finding:
    """Return the finding on the first section that has no counterpart."""
    here = english[parted].line if parted < len(english) else english[-1].line if english else 1
    there = f" from {_place(twins.dutch, dutch[parted])} on" if parted < len(dutch) else ""
    return Finding(
        twins.english.file,
        here,
        "twin",
        f"the headings are not those of the twin{there} ({_count(english)} here, {_count(dutch)} in "
        f"{twins.dutch.file}); give both twins the same headings of the same levels in the same order.",
    )


def _count(found: Sequence[Section]) -> int:
    """Return the number of headings."""
    return sum(section.heading is not None for section in found)


def _shape_problem(
    dutch: Sequence[PlacedBlock], english: Sequence[PlacedBlock]
) -> tuple[str, PlacedBlock | None, PlacedBlock | None] | None:
    """Return the first difference between the kinds of two rows of blocks, with the blocks that differ."""
    for one, other in zip_longest(dutch, english):
        if one is None:
            return f"the {_KINDS[other.kind]} is not in the Dutch twin", other, None
        if other is None:
            return f"a {_KINDS[one.kind]} of the Dutch twin is missing", None, one
        if (one.kind, one.level) != (other.kind, other.level):
            return f"the {_KINDS[other.kind]} is a {_KINDS[one.kind]} in the Dutch twin", other, one
    return None


def _source_findings(twins: Twins, one: Section, other: Section) -> Iterator[Finding]:
    """Yield the sources that only one of two sections names."""
    for name in sorted(one.sources - other.sources):
        message = f'source "{name}" of {_place(twins.dutch, one)} is not named in this section; add it or correct it.'
        yield Finding(twins.english.file, other.line, "twin", message)
    for name in sorted(other.sources - one.sources):
        message = (
            f'source "{name}" of {_place(twins.english, other)} is not named in this section; add it or correct it.'
        )
        yield Finding(twins.dutch.file, one.line, "twin", message)


def _place(document: PlacedDocument, where: Section | PlacedBlock) -> str:
    """Return file and line, as messages name them."""
    return f"{document.file}:{where.line}"
