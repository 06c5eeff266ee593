"""References to sources: on every block, at its end, and known to the register."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from markdown_it.token import Token

from assistant.corpus_check.documents import PlacedBlock, PlacedDocument
from assistant.corpus_check.findings import Finding
from assistant.types import BlockKind

_NAMES: dict[BlockKind, str] = {"paragraph": "paragraph", "item": "list item", "table": "table row"}


def check_references(document: PlacedDocument, register: Collection[str] | None) -> Iterator[Finding]:
    """Yield what is wrong with the references of a document; None as register checks no ids."""
    for line, name in document.definitions:
        yield Finding(
            document.file,
            line,
            "source",
            f"footnote [^{name}] is defined here; describe the source in sources.yaml and remove this line.",
        )
    definitions = {line for line, _ in document.definitions}
    for block in document.blocks:
        # The text of a footnote is a block to the loader, and goes with its definition.
        if block.line in definitions:
            continue
        problem = _in_heading(block) if block.kind == "heading" else _in_block(block)
        if problem:
            yield Finding(document.file, block.line, "source", problem)
        for name in block.sources:
            if register is not None and name not in register:
                yield Finding(
                    document.file,
                    block.line,
                    "source",
                    f'source "{name}" is not in sources.yaml; add it there or correct it.',
                )


def _in_heading(block: PlacedBlock) -> str | None:
    """Return what is wrong with the references of a heading."""
    return f"the heading has reference [^{block.sources[0]}]; move it to the text below." if block.sources else None


def _in_block(block: PlacedBlock) -> str | None:
    """Return what is wrong with the references of a block of text."""
    kind = _NAMES[block.kind]
    if block.kind != "table" and len(block.tokens) > 1:
        return f"reference [^{block.sources[-1]}] stands alone below the {kind}; move it to the end of the {kind}."
    *others, last = (list(token.children or []) for token in block.tokens)
    if not any(_references(part) for part in (*others, last)):
        # Without children it is code, or what the document's own footnotes stand for.
        return f"the {kind} has no source; end it with a reference such as [^id]."
    early = [name for part in others for name in _references(part)] + _references(_without_end(last))
    if early:
        where = "the last cell" if block.kind == "table" else f"the end of the {kind}"
        return f"reference [^{early[0]}] stands within the {kind}; move it to {where}, behind the full stop."
    return None


def _references(tokens: Collection[Token]) -> list[str]:
    """Return the ids of the references among some tokens."""
    return [token.content for token in tokens if token.type == "source_reference"]


def _without_end(tokens: list[Token]) -> list[Token]:
    """Return the tokens without the references, and the spaces between them, at their end."""
    kept = list(tokens)
    while kept and (kept[-1].type in ("source_reference", "softbreak") or not kept[-1].content.strip()):
        if kept[-1].type.endswith(("_open", "_close")):
            break
        kept.pop()
    return kept
