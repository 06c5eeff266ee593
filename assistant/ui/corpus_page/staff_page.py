"""What the page for staff shows: own documents, the next ingest, the last one, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse

from assistant.collection import SUFFIXES, OwnDocuments, paths_to_read
from assistant.loaders import SOURCES_FILE
from assistant.manifest import Manifest
from assistant.pipeline.corpus_work import Work
from assistant.pipeline.going_back import WayBack, way_back
from assistant.pipeline.upcoming import Upcoming, upcoming
from assistant.reasons import reason_in
from assistant.settings import Settings
from assistant.types import Language
from assistant.ui.corpus_page.messages import Said
from assistant.ui.corpus_page.rendering import STAFF, day_and_time, page, texts_of
from assistant.ui.corpus_page.upload import MEGABYTE
from assistant.ui.corpus_page.work_views import view_of
from assistant.ui.texts import LANGUAGES, Texts


@dataclass(frozen=True, slots=True)
class OwnView:
    """A document of the own folder."""

    name: str
    size: str
    state: str
    query: str


@dataclass(frozen=True, slots=True)
class Coming:
    """The next ingest."""

    paths: str
    new: tuple[str, ...]
    new_title: str
    gone: tuple[str, ...]
    gone_title: str
    asks: bool
    """Whether somebody has to agree first."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence about what was just done."""

    text: str
    bad: bool


def staff_page(
    request: Request,
    settings: Settings,
    own: OwnDocuments,
    work: Work | None,
    said: Sequence[Said],
    removed: set[str],
) -> HTMLResponse:
    """Return the page."""
    texts = texts_of(request)
    ahead = upcoming(settings)
    back = way_back(settings.index.directory)
    admin = settings.corpus_admin
    shipped = [name for name, path in ahead.files.items() if not path.is_relative_to(admin.directory)]
    return page(
        "staff.html",
        request,
        texts,
        STAFF,
        title=texts("corpus.staff.title"),
        languages={language: f"?lang={language}" for language in LANGUAGES},
        said=[Shown(texts(one.key, **dict(one.parts)), one.bad) for one in said],
        own_folder=folder_name(own.directory),
        own=_own(ahead, own, texts),
        suffixes=", ".join(SUFFIXES),
        limit=own.max_bytes // MEGABYTE,
        shipped=_named(admin.paths) if shipped else "",
        shipped_count=len(shipped),
        current=generation_line(ahead.live, texts) if ahead.live else "",
        kind=work.kind if work else "",
        is_running=work is not None and work.running,
        work=view_of(work, texts) if work and not _is_outdated(work, ahead) else None,
        coming=_coming(ahead, settings, removed, texts) if ahead.files else None,
        # What was just left out stands in the report of the ingest.
        left_out=[] if work and work.report and not _is_outdated(work, ahead) else _left_out(ahead, texts),
        checks=_named([path for path in paths_to_read(admin) if (path / SOURCES_FILE).is_file()]),
        back={"fits": back.fits, "before": back.before.generation} if back else None,
    )


def back_page(request: Request, back: WayBack) -> HTMLResponse:
    """Return the page that asks whether to go back, and says what that changes."""
    texts = texts_of(request)
    groups = {"leaving": back.leaving, "returning": back.returning, "reverted": back.changed}
    return page(
        "back.html",
        request,
        texts,
        f"{STAFF}/back",
        title=texts("corpus.staff.back_confirm_title", live=back.live.generation, before=back.before.generation),
        languages={language: f"?lang={language}" for language in LANGUAGES},
        live=back.live.generation,
        before=back.before.generation,
        live_line=generation_line(back.live, texts),
        before_line=generation_line(back.before, texts),
        groups=[(texts(f"corpus.staff.{name}", count=len(names)), names) for name, names in groups.items() if names],
    )


def remove_page(request: Request, name: str) -> HTMLResponse:
    """Return the page that asks whether to remove a document."""
    texts = texts_of(request)
    return page(
        "remove.html",
        request,
        texts,
        f"{STAFF}/remove",
        title=texts("corpus.staff.remove_confirm_title", name=name),
        languages={language: f"?{urlencode({'lang': language, 'name': name})}" for language in LANGUAGES},
        name=name,
    )


def generation_line(made: Manifest, texts: Texts) -> str:
    """Return a generation in one line."""
    return texts(
        "corpus.staff.generation_line",
        generation=made.generation,
        documents=made.documents,
        **day_and_time(texts, made.created),
    )


def folder_name(path: Path) -> str:
    """Return the name of a folder, without where it stands on this machine."""
    return path.resolve().name


def _is_outdated(work: Work, ahead: Upcoming) -> bool:
    """Tell whether another generation is live than the one that an ingest reported."""
    live = ahead.live.generation if ahead.live else None
    return work.report is not None and work.report.generation != live


def _named(paths: Sequence[Path]) -> str:
    """Return the names of some folders."""
    return ", ".join(folder_name(path) for path in paths)


def _own(ahead: Upcoming, own: OwnDocuments, texts: Texts) -> list[OwnView]:
    """Return the documents of the own folder."""
    return [
        OwnView(
            one.name,
            _size(one.size, texts),
            texts(f"corpus.staff.own_{state}"),
            urlencode({"name": one.name, "lang": texts.language}),
        )
        for one, state in ahead.states(own)
    ]


def _size(size: int, texts: Texts) -> str:
    """Return a size as people write it."""
    if size < MEGABYTE:
        return f"{max(1, round(size / 1000))} kB"
    shown = f"{size / MEGABYTE:.1f} MB"
    return shown.replace(".", ",") if texts.language == "nl" else shown


def _coming(ahead: Upcoming, settings: Settings, removed: set[str], texts: Texts) -> Coming:
    """Return what the next ingest changes."""
    new, gone = ahead.new, ahead.gone
    paths = paths_to_read(settings.corpus_admin)
    if any(path.is_relative_to(settings.fetch.directory.resolve()) for path in ahead.files.values()):
        paths.append(settings.fetch.directory)
    return Coming(
        paths=_named(paths),
        new=new,
        new_title=_counted("new", new, texts),
        gone=gone,
        gone_title=_counted("gone", gone, texts),
        asks=not removed.issuperset(gone),
    )


def _counted(name: str, files: Sequence[str], texts: Texts) -> str:
    """Return a sentence about one file or several."""
    if len(files) == 1:
        return texts(f"corpus.staff.{name}_one")
    return texts(f"corpus.staff.{name}_many", count=len(files))


def _left_out(ahead: Upcoming, texts: Texts) -> list[tuple[str, str, Language]]:
    """Return the files that the last ingest passed over, why, and in which language that is said."""
    return [
        (one.name, *reason_in(texts.language, one.refused))
        if one.refused
        else (one.name, texts("corpus.staff.same_text", first=one.duplicate_of), texts.language)
        for one in ahead.left_out
    ]
