"""Fetch every source of the register that has an address, and keep the folder as the register says.

Hosts are asked side by side, each by one thread at a time. Threads only download; what they bring is
put in place by the caller's thread, so that an interruption finds each file either old or new.
"""

from __future__ import annotations

import queue
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import httpx

from assistant.errors import NotFetched
from assistant.fetching.addresses import AddressPolicy, Resolver, system_resolver
from assistant.fetching.download import Downloader, Fetched
from assistant.fetching.faults import Stopped
from assistant.fetching.folder import Kept, OriginalsFolder, is_safe_id
from assistant.fetching.pace import Pace, queues_by_host
from assistant.fetching.report import FailedSource, FetchProgress, FetchReport
from assistant.settings import FetchSettings
from assistant.types import Source

_END_SECONDS = 2.0
"""How long an interrupted run waits for its threads; they can change nothing that counts."""
_LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class _Brought:
    """What a thread hands over about one source."""

    source: Source
    fetched: Fetched | None = None
    """None where the kept file is still current, or where `failure` says why not."""
    failure: Exception | None = None


@dataclass(slots=True)
class _Tally:
    """What the run has found so far."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[FailedSource] = field(default_factory=list)


def fetch(
    sources: Mapping[str, Source],
    options: FetchSettings,
    *,
    progress: Callable[[FetchProgress], None] | None = None,
    policy: AddressPolicy | None = None,
    resolve: Resolver = system_resolver,
    ssl_context: ssl.SSLContext | None = None,
) -> FetchReport:
    """Make the folder hold the originals of the register, and say what was done.

    A source that fails keeps the file of an earlier run. Raises InputError where the folder cannot
    be used. The last three arguments replace what the settings and the system say.
    """
    started = time.perf_counter()
    tally = _Tally()
    wanted = {name: source for name, source in sources.items() if source.url}
    with OriginalsFolder.opened(options.directory) as folder:
        asked = list(_nameable(wanted.values(), tally, folder))
        downloader = _downloader(folder, options, policy, resolve, ssl_context)
        kept = {source.id: folder.intact(source.id) for source in asked}
        with _at_work(downloader, asked, kept) as brought:
            for done in range(len(asked)):
                one = _next(brought)
                _settle(one, folder, kept[one.source.id], tally)
                if progress:
                    progress(FetchProgress(done + 1, len(asked), one.source.id))
        removed = list(_removed(folder, wanted, tally))
    return FetchReport(
        directory=str(options.directory),
        new=tuple(sorted(tally.new)),
        changed=tuple(sorted(tally.changed)),
        unchanged=tuple(sorted(tally.unchanged)),
        failed=tuple(sorted(tally.failed, key=lambda one: one.id)),
        without_address=tuple(name for name in sources if name not in wanted),
        removed=tuple(removed),
        seconds=time.perf_counter() - started,
    )


def _downloader(
    folder: OriginalsFolder,
    options: FetchSettings,
    policy: AddressPolicy | None,
    resolve: Resolver,
    ssl_context: ssl.SSLContext | None,
) -> Downloader:
    """Return what fetches for one run."""
    stop = threading.Event()
    return Downloader(
        options=options,
        policy=policy or AddressPolicy(options.allow_private, options.ports),
        resolve=resolve,
        ssl_context=ssl_context or httpx.create_ssl_context(),
        pace=Pace(options.host_interval_seconds, stop),
        stop=stop,
        partial=folder.partial,
    )


def _nameable(sources: Iterable[Source], tally: _Tally, folder: OriginalsFolder) -> Iterator[Source]:
    """Yield the sources whose id can name a file that no other source has; the others have failed."""
    taken: dict[str, str] = {}
    for source in sources:
        first = taken.setdefault(source.id.casefold(), source.id)
        if not is_safe_id(source.id):
            reason = "The id cannot be the name of a file; use letters, digits, hyphens and dots."
            tally.failed.append(FailedSource(source.id, reason))
        elif first != source.id:
            reason = f"The id differs from {first} in capitals only, which is one file on some systems; rename it."
            tally.failed.append(FailedSource(source.id, reason, kept=source.id in folder.files))
        else:
            yield source


@contextmanager
def _at_work(
    downloader: Downloader, sources: Sequence[Source], kept: Mapping[str, Kept | None]
) -> Iterator[queue.Queue[_Brought]]:
    """Let threads work through the hosts, and end them however the block ends."""
    waiting: queue.Queue[list[Source]] = queue.Queue()
    brought: queue.Queue[_Brought] = queue.Queue()
    queues = queues_by_host(sources)
    for one in queues:
        waiting.put(one)
    threads = [
        threading.Thread(target=_work, args=(downloader, waiting, kept, brought), daemon=True, name=f"fetch-{number}")
        for number in range(min(downloader.options.parallel, len(queues)))
    ]
    for thread in threads:
        thread.start()
    try:
        yield brought
    finally:
        downloader.stop.set()
        ends = time.monotonic() + _END_SECONDS
        for thread in threads:
            thread.join(max(0.0, ends - time.monotonic()))


def _work(
    downloader: Downloader,
    waiting: queue.Queue[list[Source]],
    kept: Mapping[str, Kept | None],
    brought: queue.Queue[_Brought],
) -> None:
    """Take host after host, until there are none left or the run is stopped."""
    while True:
        try:
            sources = waiting.get_nowait()
        except queue.Empty:
            return
        for source in sources:
            try:
                brought.put(_Brought(source, downloader.fetch(source, kept[source.id])))
            except Stopped:
                return
            except Exception as failure:  # noqa: BLE001 - whatever it is, the caller's thread is the one to raise it
                brought.put(_Brought(source, failure=failure))


def _next(brought: queue.Queue[_Brought]) -> _Brought:
    """Wait for what comes next; in short steps, so that Ctrl-C is heard on every system."""
    while True:
        try:
            return brought.get(timeout=_LOOK_SECONDS)
        except queue.Empty:
            continue


def _settle(one: _Brought, folder: OriginalsFolder, kept: Kept | None, tally: _Tally) -> None:
    """Put a file in its place, or note why there is none."""
    name = one.source.id
    try:
        if one.failure is not None:
            raise one.failure
        if one.fetched is None:
            tally.unchanged.append(name)
        else:
            _put(one.source, one.fetched, folder, kept, tally)
    except NotFetched as failure:
        tally.failed.append(FailedSource(name, _with_earlier(str(failure), kept), kept=kept is not None))
    except OSError as failure:
        reason = f"The file cannot be written ({failure.strerror}); make room in {folder.directory}."
        tally.failed.append(FailedSource(name, _with_earlier(reason, kept), kept=kept is not None))


def _put(source: Source, fetched: Fetched, folder: OriginalsFolder, kept: Kept | None, tally: _Tally) -> None:
    """Keep what came; the same bytes as before only renew what is known of them."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    file = f"{source.id}{fetched.suffix}"
    new = Kept(file, source.url or "", fetched.final_url, fetched.sha256, now, fetched.etag, fetched.last_modified)
    if kept is not None and (kept.file, kept.sha256) == (file, fetched.sha256):
        fetched.part.unlink()
        folder.note(source.id, replace(new, fetched=kept.fetched))
        tally.unchanged.append(source.id)
        return
    known = source.id in folder.files
    folder.put(source.id, new, fetched.part)
    (tally.changed if known else tally.new).append(source.id)


def _removed(folder: OriginalsFolder, wanted: Mapping[str, Source], tally: _Tally) -> Iterator[str]:
    """Remove and yield what the register no longer lists with an address."""
    for name in [one for one in folder.files if one not in wanted]:
        try:
            folder.remove(name)
        except OSError as error:
            reason = f"It left the register, but its file cannot be removed ({error.strerror}); remove it by hand."
            tally.failed.append(FailedSource(name, reason, kept=True))
        else:
            yield name


def _with_earlier(reason: str, kept: Kept | None) -> str:
    """Return a reason that says which file stays in use."""
    return reason if kept is None else f"{reason} The file fetched on {kept.fetched[:10]} stays in use."
