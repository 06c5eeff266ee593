"""Names and addresses of twins: the same in each pair of blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from assistant.corpus_check.documents import PlacedBlock, PlacedDocument
from assistant.corpus_check.findings import Finding
from assistant.corpus_check.twins import Twins, aligned
from assistant.names import Vocabulary, addresses_in, missing_names
from assistant.types import Language


def vocabularies(documents: Iterable[PlacedDocument]) -> Mapping[Language, Vocabulary]:
    """Return the words of all documents, by language."""
    found: dict[Language, Vocabulary] = {"nl": Vocabulary(), "en": Vocabulary()}
    for document in documents:
        for block in document.blocks:
            if block.kind != "heading":
                found[document.language].add(_text(block))
    return found


def check_names(twins: Twins, words: Mapping[Language, Vocabulary]) -> Iterator[Finding]:
    """Yield the blocks of twins that lack a name or an address of their counterpart.

    The title and the headings above a block count as part of it: one language repeats what the other leaves there.
    """
    above: dict[Language, list[PlacedBlock]] = {"nl": [], "en": []}
    for dutch, english in aligned(twins):
        _enter(above["nl"], dutch)
        _enter(above["en"], english)
        yield from _lacking(twins.dutch, dutch, twins.english, english, above, words)
        yield from _lacking(twins.english, english, twins.dutch, dutch, above, words)


def _enter(headings: list[PlacedBlock], block: PlacedBlock) -> None:
    """Keep the headings above the place that is reached."""
    if block.kind == "heading":
        headings[:] = [one for one in headings if one.level < block.level] + [block]


def _lacking(
    document: PlacedDocument,
    block: PlacedBlock,
    twin: PlacedDocument,
    counterpart: PlacedBlock,
    above: Mapping[Language, list[PlacedBlock]],
    words: Mapping[Language, Vocabulary],
) -> Iterator[Finding]:
    """Yield what a block has and its counterpart lacks."""
    context = " | ".join([twin.title, *(one.text for one in above[twin.language]), _text(counterpart)])
    place = f"{document.file}:{block.line}"
    names = missing_names(_text(block), document.language, words[document.language], context)
    if names:
        shown = ", ".join(f"“{name}”" for name in names)
        yield Finding(
            twin.file,
            counterpart.line,
            "name",
            f"{shown} of {place} is not in this block; correct one, or list both forms in assistant/data/names.yaml.",
        )
    addresses = addresses_in(_text(block)) - addresses_in(_text(counterpart))
    if addresses:
        shown = ", ".join(sorted(addresses))
        yield Finding(
            twin.file, counterpart.line, "link", f"the address {shown} of {place} is not in this block; correct one."
        )


def _text(block: PlacedBlock) -> str:
    """Return the text of a block; cells of a table apart from each other."""
    return " | ".join(block.parts)
