"""Files to documents: one module per format, and one way in for all of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from assistant.errors import FileRefused, InputError
from assistant.language import document_language
from assistant.loaders.docx import read_docx
from assistant.loaders.draft import Draft, plain, plain_pages, short_line, title_from_text, without_title
from assistant.loaders.html import read_html
from assistant.loaders.markdown import read_markdown
from assistant.loaders.metadata import Metadata
from assistant.loaders.pdf import METADATA_SUFFIX, read_pdf
from assistant.loaders.sources import SOURCES_FILE, load_sources
from assistant.loaders.text import read_text
from assistant.settings import LoaderSettings
from assistant.types import Block, Document, Page

__all__ = ["SOURCES_FILE", "Metadata", "load", "load_sources", "loader_version", "source_files"]

# Raise when a loader or cleaning gives another result for the same file.
_VERSION = "3"
_RULES = Path(__file__).parent.parent / "data" / "cleaning"
_READERS: dict[str, Callable[[bytes], Draft]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_docx,
}
_PDF = ".pdf"
_MEGABYTE = 1_000_000


def loader_version() -> str:
    """Return a name that changes when loading or cleaning would give another result."""
    digest = hashlib.sha256()
    for path in sorted(_RULES.glob("*.yaml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{_VERSION}-{digest.hexdigest()[:12]}"


def source_files(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield each file to load and its document id, sorted by id.

    Hidden files, the register of sources and metadata files of PDFs are left out; files that cannot
    be loaded are not, so that load() can say why. Raises InputError where `root` does not exist.
    """
    if not root.exists():
        raise InputError(f"{root} does not exist; name a file or a folder that does.")
    if root.is_file():
        yield root.resolve(), _as_text(root.name)
        return
    found = [(path, _as_text(path.relative_to(root).as_posix())) for path in _walk(root)]
    yield from sorted(found, key=lambda one: one[1])


def _walk(root: Path) -> Iterator[Path]:
    """Yield the files below a folder, and links to folders, which are not followed."""
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = [name for name in folders if not _is_hidden(name) and name not in links]
        names = set(files)
        for name in [*files, *links]:
            path = here / name
            if not (_is_hidden(name) or name == SOURCES_FILE or _is_pdf_metadata(path, names)):
                yield path


def _is_hidden(name: str) -> bool:
    """Tell whether a file is hidden, or the lock of an open Word document."""
    return name.startswith((".", "~$"))


def _is_pdf_metadata(path: Path, siblings: set[str]) -> bool:
    """Tell whether the file holds the metadata of a PDF beside it."""
    return path.suffix.lower() == METADATA_SUFFIX and bool(siblings & {path.stem + ".pdf", path.stem + ".PDF"})


def _as_text(name: str) -> str:
    """Return a file name as text: bytes that are none in the system's encoding become marks."""
    return os.fsencode(name).decode("utf-8", "replace")


def load(path: Path, document_id: str, settings: LoaderSettings, stated: Metadata | None = None) -> Document:
    """Read one file; raises FileRefused, with one sentence for people, whatever is wrong with it.

    `stated` takes the place of what the file, or a metadata file beside it, says about itself.
    """
    try:
        _refuse_from_outside(path, document_id, settings)
        draft = _read(path, settings)
        draft = draft if stated is None else replace(draft, metadata=stated)
        return _document(draft, path, document_id)
    except FileRefused:
        raise
    except OSError as error:
        raise FileRefused(f"The file cannot be opened ({error.strerror or error}); check that it is there.") from error
    except (MemoryError, RecursionError) as error:
        raise FileRefused("The file is nested too deeply or too large to read; split it.") from error
    except Exception as error:
        # Whatever a parser makes of hostile bytes, the other files of the run still go in.
        raise FileRefused(
            f"The file is damaged or not what its name says ({type(error).__name__}); save it anew."
        ) from error


def _refuse_from_outside(path: Path, document_id: str, settings: LoaderSettings) -> None:
    """Raise FileRefused for links that lead out of the root, for what is no file, and for sizes out of bounds."""
    levels = document_id.count("/")
    root = path.parents[min(levels, len(path.parents) - 1)]
    if not path.resolve().is_relative_to(root.resolve()):
        raise FileRefused("The link leads out of the folder that is read; put the file itself there.")
    if not path.is_file():
        raise FileRefused("This is not a file that can be read; put a copy of the document here.")
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("The file is empty (0 bytes); save the document again.")
    if size > settings.max_file_mb * _MEGABYTE:
        raise FileRefused(
            f"The file has {size / _MEGABYTE:.0f} MB and the limit is {settings.max_file_mb:g} MB; "
            "split it, or raise max_file_mb."
        )


def _read(path: Path, settings: LoaderSettings) -> Draft:
    """Read the file with the loader for its suffix."""
    suffix = path.suffix.lower()
    if suffix == _PDF:
        return read_pdf(path, settings)
    if suffix == ".doc":
        raise FileRefused("The old Word format .doc cannot be read; save the document as .docx or PDF.")
    reader = _READERS.get(suffix)
    if reader is None:
        known = ", ".join([_PDF, *_READERS])
        raise FileRefused(f"Files of type {suffix or '(no suffix)'} cannot be read; known are {known}.")
    data = path.read_bytes()
    return replace(reader(data), sha256=hashlib.sha256(data).hexdigest())


def _document(draft: Draft, path: Path, document_id: str) -> Document:
    """Settle title and language."""
    pages = plain_pages(draft.pages)
    texts = [block.text for page in pages for block in page.blocks]
    if not texts and not any(page.problem for page in pages):
        raise FileRefused("The file holds no text; check that it is the right one.")
    metadata = draft.metadata
    stated = short_line(plain(metadata.title or draft.title or ""))
    title = stated or title_from_text(pages) or _as_text(path.stem)
    return Document(
        id=document_id,
        title=title,
        language=metadata.language or document_language("\n".join(texts)),
        pages=_as_stated(without_title(pages, title) if len(texts) > 1 else pages, metadata),
        sha256=draft.sha256 or "",
        kind=metadata.kind or "document",
        updated=metadata.updated or draft.updated,
        valid_from=metadata.valid_from,
        valid_to=metadata.valid_to,
        sources=metadata.sources,
        file_sha256=draft.file_sha256,
    )


def _as_stated(pages: tuple[Page, ...], metadata: Metadata) -> tuple[Page, ...]:
    """Give the blocks the sources that the metadata has for them or their page, and leave out what it leaves out."""
    if not (metadata.page_sources or metadata.passage_sources or metadata.left_out):
        return pages
    return tuple(
        replace(
            page,
            blocks=tuple(
                _with_source(block, page.number or 0, metadata)
                for block in page.blocks
                if not _joined(block).startswith(metadata.left_out)
            ),
        )
        for page in pages
    )


def _joined(block: Block) -> str:
    """Return the text of a block in one line."""
    return " ".join(block.text.split())


def _with_source(block: Block, page: int, metadata: Metadata) -> Block:
    """Return a block with its sources."""
    text = _joined(block)
    own = next((names for start, names in metadata.passage_sources.items() if text.startswith(start)), ())
    return replace(block, sources=block.sources or own or metadata.page_sources.get(page, ()))
