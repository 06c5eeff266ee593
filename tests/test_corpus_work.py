"""Ingest and check in a process of their own, and what the next ingest would change."""

import multiprocessing
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from small_corpus import make_corpus

from assistant.collection import OwnDocuments
from assistant.embedder import Embedder, load_embedder
from assistant.manifest import current_generation, writer_lock
from assistant.pipeline import ingest
from assistant.pipeline.corpus_work import CorpusWork, Work
from assistant.pipeline.going_back import way_back
from assistant.pipeline.upcoming import upcoming
from assistant.settings import Settings, load_settings

pytestmark = pytest.mark.slow


@dataclass
class Place:
    """A corpus, a folder of own documents and an index of both."""

    root: Path
    settings: Settings
    embedder: Embedder

    @property
    def corpus(self) -> Path:
        return self.root / "corpus"

    @property
    def own(self) -> Path:
        return self.root / "documents"

    def ingest(self) -> None:
        ingest([self.corpus, self.own], self.settings, embedder=self.embedder)

    @property
    def live(self) -> str:
        return current_generation(self.settings.index.directory)

    def states(self) -> dict[str, str]:
        ahead = upcoming(self.settings)
        return {one.name: state for one, state in ahead.states(OwnDocuments(self.own, 1000))}


def place_in(root: Path, embedder: Embedder) -> Place:
    index = {"directory": root / "index", "lock_seconds": 60}
    admin = {"paths": [root / "corpus"], "directory": root / "documents"}
    fetch = {"directory": root / "originals"}
    return Place(root, load_settings({"index": index, "fetch": fetch, "corpus_admin": admin}), embedder)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Read a corpus once; each test works on a copy."""
    root = tmp_path_factory.mktemp("prepared")
    made = place_in(root, load_embedder(load_settings().embedder))
    make_corpus(made.corpus)
    made.own.mkdir()
    (made.own / "eigen.md").write_text("# Eigen\n\nDe gemeente Urk doet mee sinds 2026.\n", encoding="utf-8")
    made.ingest()
    return made


@pytest.fixture
def place(prepared: Place, tmp_path: Path) -> Place:
    return place_in(Path(shutil.copytree(prepared.root, tmp_path / "place")), prepared.embedder)


def until_done(work: CorpusWork) -> tuple[Work, list[str]]:
    """Wait for the end; return it with the stages on the way."""
    stages: list[str] = []
    for _ in range(600):
        now = work.now
        assert now is not None
        if not now.running:
            return now, stages
        if now.progress and now.progress.stage not in stages:
            stages.append(now.progress.stage)
        time.sleep(0.05)
    raise AssertionError("the work does not end")


def test_an_ingest_takes_what_it_can_and_says_what_it_could_not(place: Place) -> None:
    (place.own / "nieuw.txt").write_text("De gemeente Ede doet mee sinds 2027.", encoding="utf-8")
    (place.own / "stuk.pdf").write_bytes(b"%PDF-1.7 broken")
    work = CorpusWork(place.settings)
    assert work.start("ingest")
    assert not work.start("check"), "one thing at a time"
    done, stages = until_done(work)
    assert done.report is not None and done.fault is None
    assert done.report.added == ("nieuw.txt",)
    assert [one.path for one in done.report.refused] == ["stuk.pdf"]
    assert done.report.generation == place.live == "gen-000002"
    assert "writing" in stages
    assert place.states() == {"eigen.md": "in_index", "nieuw.txt": "in_index", "stuk.pdf": "left_out"}


def test_an_ingest_that_is_killed_leaves_the_index_as_it_was(place: Place) -> None:
    (place.own / "nieuw.txt").write_text("De gemeente Ede doet mee sinds 2027.", encoding="utf-8")
    work = CorpusWork(place.settings)
    # While the index is locked, the ingest waits and cannot finish before it is killed.
    with writer_lock(place.settings.index.directory, 0):
        work.start("ingest")
        while not ((now := work.now) and now.progress and now.progress.stage == "waiting"):
            time.sleep(0.05)
        for child in multiprocessing.active_children():
            child.kill()
        done, _ = until_done(work)
    assert done.fault == "ended" and place.live == "gen-000001"


def test_a_check_names_the_findings_of_every_corpus(place: Place) -> None:
    (place.corpus / "loose.nl.md").write_text("Los.", encoding="utf-8")
    work = CorpusWork(place.settings)
    work.start("check")
    done, _ = until_done(work)
    assert [one.name for one in done.checked] == ["corpus"]
    assert "loose.nl.md" in {one.file for one in done.checked[0].report.findings}


def test_a_corpus_that_is_gone_is_a_fault_and_not_an_empty_index(place: Place) -> None:
    place.corpus.rename(place.corpus.with_name("elsewhere"))
    work = CorpusWork(place.settings)
    work.start("ingest")
    assert until_done(work)[0].fault == "input" and place.live == "gen-000001"
    assert not upcoming(place.settings).files


def test_what_comes_and_goes_is_known_beforehand(place: Place) -> None:
    (place.own / "nieuw.txt").write_text("De gemeente Ede doet mee sinds 2027.", encoding="utf-8")
    (place.own / "zelfde.md").write_bytes((place.own / "eigen.md").read_bytes())
    (place.corpus / "terms.en.md").unlink()
    ahead = upcoming(place.settings)
    assert (ahead.new, ahead.gone) == (("nieuw.txt", "zelfde.md"), ("terms.en.md",))
    place.ingest()
    ahead = upcoming(place.settings)
    assert not ahead.new and not ahead.gone
    assert [(one.name, one.duplicate_of) for one in ahead.left_out] == [("zelfde.md", "eigen.md")]
    (place.own / "eigen.md").write_text("# Eigen\n\nDe gemeente Urk doet mee sinds 2025.\n", encoding="utf-8")
    assert place.states() == {"eigen.md": "changed", "nieuw.txt": "in_index", "zelfde.md": "left_out"}


def test_the_way_back_names_what_differs(place: Place) -> None:
    directory = place.settings.index.directory
    assert way_back(directory) is None
    (place.own / "nieuw.txt").write_text("De gemeente Ede doet mee sinds 2027.", encoding="utf-8")
    (place.own / "eigen.md").write_text("# Eigen\n\nDe gemeente Urk doet mee sinds 2025.\n", encoding="utf-8")
    (place.corpus / "terms.en.md").unlink()
    place.ingest()
    back = way_back(directory)
    assert back is not None and back.fits
    assert (back.live.generation, back.before.generation) == ("gen-000002", "gen-000001")
    assert (back.leaving, back.returning, back.changed) == (("nieuw.txt",), ("terms.en.md",), ("eigen.md",))
    next((directory / "gen-000001" / "texts").rglob("*.txt")).unlink()
    assert way_back(directory) is None, "a damaged generation is none to go back to"


def test_an_index_of_other_settings_does_not_fit(place: Place) -> None:
    other = load_settings({**place.settings.model_dump(), "chunker": {"max_tokens": 100}})
    ingest([place.corpus], other, embedder=place.embedder)
    back = way_back(place.settings.index.directory)
    assert back is not None and not back.fits
