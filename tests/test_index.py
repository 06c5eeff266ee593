import hashlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder
from filelock import FileLock

from assistant.chunker import embedded_heading
from assistant.embedder import Embedder, embed_chunks, load_embedder
from assistant.errors import IndexDamaged, IndexLocked, IndexMismatch, IndexMissing, StoreError
from assistant.index import Index
from assistant.index_rows import text_file_name
from assistant.index_writer import GenerationWriter
from assistant.manifest import FORMAT, generations, rollback
from assistant.settings import EmbedderSettings, IndexSettings
from assistant.types import Chunk, Document, Language, Page, Source, Span, UnreadPage
from assistant.vector_store import drop_collections

IDENTITY = {"embedder.name": "fake", "chunker": "1"}
SETTINGS = IndexSettings(lock_seconds=5, keep_generations=3)
SOURCE = Source("rvo-2024", "Regeling", "RVO", "2024-01-01", "nl", "A", "https://example.org/regeling")
EMBEDDER = FakeEmbedder()


def document(name: str, title: str = "Titel", language: Language = "nl", **fields: object) -> Document:
    """Return a document of one page."""
    page = Page((), number=1, label="i", quality=0.9)
    content = hashlib.sha256(f"{name}{title}".encode("utf-8", "surrogatepass")).hexdigest()
    return Document(name, title, language, (page,), content, **fields)  # type: ignore[arg-type]


def chunks_of(of: Document, text: str) -> list[Chunk]:
    """Return one chunk per line of a text, one sentence per full stop."""
    chunks, start = [], 0
    for line in text.split("\n"):
        spans, offset = [], start
        for sentence in line.split(". "):
            spans.append(Span(offset, offset + len(sentence), "paragraph", len(chunks), ("rvo-2024",)))
            offset += len(sentence) + 2
        chunks.append(
            Chunk(
                f"{of.id}#{len(chunks)}", of.id, of.title, of.kind, of.language, ("Geld",), 1, line, start,
                start + len(line), tuple(spans), 12, 1, "i",
            )
        )  # fmt: skip
        start += len(line) + 1
    return chunks


def add(writer: GenerationWriter, of: Document, text: str, embedder: Embedder = EMBEDDER) -> None:
    """Embed a document and add it."""
    chunks = chunks_of(of, text)
    writer.add(of, text, chunks, *embed_chunks(embedder, chunks, 32))


def build(
    directory: Path,
    texts: Mapping[str, str],
    identity: Mapping[str, str] = IDENTITY,
    settings: IndexSettings = SETTINGS,
    embedder: Embedder = EMBEDDER,
) -> str:
    """Write a generation of some documents and return its name."""
    with GenerationWriter(directory, identity, settings) as writer:
        for name, text in texts.items():
            add(writer, document(name), text, embedder)
        return writer.commit({SOURCE.id: SOURCE}, {"note": "x"})


TEXTS = {
    "programme/pilot.nl.md": "De pilot kost 123.000 euro. Aanvragen kan tot 1 maart.\nEen consortium telt drie leden.",
    "guide/start.en.md": "A learning community starts with a question. It needs a host.",
}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Return the folder of an index that holds TEXTS."""
    build(tmp_path / "index", TEXTS)
    return tmp_path / "index"


# Reading


def test_what_was_written_is_read_back(directory: Path) -> None:
    with Index.open(directory, IDENTITY) as index:
        assert (index.generation, index.size, list(index.documents)) == ("gen-000001", 3, list(TEXTS))
        for name, text in TEXTS.items():
            assert index.text(name) == text
            assert [index.chunk(row) for row in index.rows(name)] == chunks_of(document(name), text)
        assert index.sources == {SOURCE.id: SOURCE}
        assert index.manifest.extra == {"note": "x"}
        assert (index.manifest.documents, index.manifest.chunks, index.manifest.sentences) == (2, 3, 5)
        assert index.languages() == ["nl"] * 3


def test_every_field_of_a_document_is_kept(tmp_path: Path) -> None:
    pages = (Page((), 1, "i", 0.8), Page((), 2, None, 0.1, "The page is a picture."))
    whole = Document(
        "a.pdf", "Rapport", "und", pages, "ab" * 32, "report", "2024-05-01", "2023-01-01", "2024-12-31", ("rvo-2024",)
    )
    with GenerationWriter(tmp_path, IDENTITY, SETTINGS) as writer:
        add(writer, whole, "Een zin.")
        writer.commit({})
    with Index.open(tmp_path) as index:
        row = index.documents["a.pdf"]
        for name in ("id", "title", "kind", "language", "sha256", "updated", "valid_from", "valid_to", "sources"):
            assert getattr(row, name) == getattr(whole, name)
        assert [(page.number, page.label, page.quality, page.problem) for page in row.pages] == [
            (1, "i", 0.8, None),
            (2, None, 0.1, "The page is a picture."),
        ]
        assert index.unread_pages == (UnreadPage("a.pdf", "Rapport", 2, None, "The page is a picture."),)
        assert index.languages() == ["und"]


def test_the_nearest_passage_comes_first_with_its_cosine(directory: Path) -> None:
    with Index.open(directory) as index:
        vector = EMBEDDER.encode_query("pilot kost euro")
        rows, similarities = index.nearest(vector, 10)
        assert index.chunk(int(rows[0])).text.startswith("De pilot kost")
        np.testing.assert_allclose(similarities, index.vectors(rows) @ vector, atol=1e-5)
        assert list(similarities) == sorted(similarities, reverse=True)
        assert [len(one) for one in index.nearest(vector, 2)] == [2, 2]
        assert [len(one) for one in index.nearest(vector, 0)] == [0, 0]


def test_similarities_of_sentences_are_those_of_their_vectors(directory: Path) -> None:
    with Index.open(directory) as index:
        vector, rows = EMBEDDER.encode_query("leden"), np.array([2, 0, 1])
        near = index.similarities(vector, rows)
        of_sentences = near.sentences
        np.testing.assert_allclose(near.chunks, index.vectors(rows) @ vector, atol=1e-6)
        chunks = [index.chunk(int(row)) for row in rows]
        headings = EMBEDDER.encode_passages([embedded_heading(one.title, one.headings) for one in chunks])
        np.testing.assert_allclose(near.headings, headings @ vector, atol=1e-3)
        assert [len(one) for one in of_sentences] == [len(index.chunk(row).sentences) for row in (2, 0, 1)]
        for row, found in zip((2, 0, 1), of_sentences, strict=True):
            np.testing.assert_allclose(found, index.sentence_vectors(row) @ vector, atol=1e-5)
        expected = EMBEDDER.encode_passages(["De pilot kost 123.000 euro", "Aanvragen kan tot 1 maart."])
        np.testing.assert_allclose(index.sentence_vectors(0), expected, atol=1e-3)
        nothing = index.similarities(vector, np.zeros(0, dtype=np.int64))
        assert not len(nothing.chunks) and not len(nothing.headings) and nothing.sentences == []


def test_rows_lead_to_their_document_and_no_further(directory: Path) -> None:
    with Index.open(directory) as index:
        assert [index.document_of(row).id for row in range(3)] == [*[next(iter(TEXTS))] * 2, "guide/start.en.md"]
        with pytest.raises(IndexError):
            index.chunk(3)
        with pytest.raises(IndexError):
            index.chunk(-1)
        with pytest.raises(KeyError):
            index.text("no such document")


def test_the_lexical_leg_is_built_from_title_headings_and_text(directory: Path) -> None:
    with Index.open(directory) as index:
        assert any(part.scores.any() for part in index.lexical.search("titel", "nl"))
        scores = {part.language: part for part in index.lexical.search("consortium", "nl")}["nl"]
        assert scores.rows[scores.scores.argmax()] == 1


def test_twins_name_each_other(tmp_path: Path) -> None:
    build(tmp_path, {"a.nl.md": "een", "a.en.md": "one", "b.nl.md": "twee", "c.md": "drie"})
    with Index.open(tmp_path) as index:
        assert {name: row.twin for name, row in index.documents.items()} == {
            "a.nl.md": "a.en.md",
            "a.en.md": "a.nl.md",
            "b.nl.md": None,
            "c.md": None,
        }


def test_an_index_without_a_passage_can_be_opened_and_asked(tmp_path: Path) -> None:
    with GenerationWriter(tmp_path, IDENTITY, SETTINGS) as writer:
        none = np.zeros((0, 32), dtype=np.float32)
        writer.add(document("scan.pdf"), "", [], none, none, none)
        writer.commit({})
    with Index.open(tmp_path, IDENTITY) as index:
        assert (index.size, index.text("scan.pdf"), list(index.rows("scan.pdf"))) == (0, "", [])
        assert [len(one) for one in index.nearest(EMBEDDER.encode_query("x"), 5)] == [0, 0]


def test_a_document_without_a_passage_stands_between_others(tmp_path: Path) -> None:
    with GenerationWriter(tmp_path, IDENTITY, SETTINGS) as writer:
        none = np.zeros((0, 32), dtype=np.float32)
        add(writer, document("a"), "een")
        writer.add(document("b"), "", [], none, none, none)
        add(writer, document("c"), "twee")
        writer.commit({})
    with Index.open(tmp_path) as index:
        assert [index.document_of(row).id for row in range(2)] == ["a", "c"]


def test_opening_does_not_load_chroma(directory: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from assistant.index import Index\n"
        "index = Index.open(Path(sys.argv[1])); index.chunk(0); index.lexical\n"
        "assert 'chromadb' not in sys.modules"
    )
    root = Path(__file__).parent.parent
    subprocess.run([sys.executable, "-c", code, directory], check=True, cwd=root)


def test_the_bundled_embedder_finds_across_languages(tmp_path: Path) -> None:
    e5 = load_embedder(EmbedderSettings())
    build(tmp_path, TEXTS, embedder=e5)
    with Index.open(tmp_path) as index:
        rows, _ = index.nearest(e5.encode_query("How much does the pilot cost?"), 3)
        assert index.chunk(int(rows[0])).text.startswith("De pilot kost")


# Generations


def test_an_open_index_notices_the_next_generation_and_goes_on_working(directory: Path) -> None:
    with Index.open(directory, IDENTITY) as old:
        assert old.is_current()
        assert build(directory, {"new.md": "Iets anders."}) == "gen-000002"
        assert not old.is_current()
        assert old.nearest(EMBEDDER.encode_query("pilot"), 3)[0].size == 3
        with Index.open(directory, IDENTITY) as new:
            assert (new.generation, list(new.documents), new.is_current()) == ("gen-000002", ["new.md"], True)


def test_reused_documents_keep_their_vectors_bit_by_bit(directory: Path) -> None:
    name = "programme/pilot.nl.md"
    with Index.open(directory) as old:
        before, sentences = old.vectors(slice(0, 2)), old.stored(name).sentence_vectors
    with GenerationWriter(directory, IDENTITY, SETTINGS) as writer:
        add(writer, document("first.md"), "Komt nu vooraan.")
        writer.reuse(name)
        writer.commit({SOURCE.id: SOURCE})
    with Index.open(directory) as index:
        assert list(index.rows(name)) == [1, 2]
        np.testing.assert_array_equal(index.vectors([1, 2]), before)
        np.testing.assert_array_equal(index.stored(name).sentence_vectors, sentences)
        assert [index.chunk(row) for row in (1, 2)] == chunks_of(document(name), TEXTS[name])
        assert index.text(name) == TEXTS[name]
        rows, similarities = index.nearest(before[1], 1)
        assert (rows[0], similarities[0]) == (2, pytest.approx(1, abs=1e-5))


def test_changed_documents_are_replaced_and_vanished_ones_are_gone(directory: Path) -> None:
    build(directory, {"guide/start.en.md": "Everything is new here."})
    with Index.open(directory) as index:
        assert list(index.documents) == ["guide/start.en.md"]
        assert index.text("guide/start.en.md") == "Everything is new here."
        rows, _ = index.nearest(EMBEDDER.encode_query("pilot kost"), 10)
        assert [index.chunk(int(row)).document for row in rows] == ["guide/start.en.md"]


def test_rolling_back_goes_one_generation_at_a_time_and_ends_with_a_message(directory: Path) -> None:
    build(directory, {"b.md": "twee"})
    build(directory, {"c.md": "drie"})
    assert rollback(directory) == "gen-000002"
    assert rollback(directory) == "gen-000001"
    with Index.open(directory, IDENTITY) as index:
        assert list(index.documents) == list(TEXTS)
    with pytest.raises(IndexMissing, match="no older generation"):
        rollback(directory)
    assert build(directory, {"d.md": "vier"}) == "gen-000004"


def test_rolling_back_passes_over_a_damaged_generation(directory: Path) -> None:
    build(directory, {"b.md": "twee"})
    build(directory, {"c.md": "drie"})
    (directory / "gen-000002" / "vectors.npy").unlink()
    assert rollback(directory) == "gen-000001"


def test_rolling_back_without_an_index_makes_no_folder(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=r"python ingest\.py --index"):
        rollback(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_only_so_many_generations_are_kept(tmp_path: Path) -> None:
    for number in range(5):
        build(tmp_path, {"a.md": f"versie {number}"})
    assert generations(tmp_path) == ["gen-000003", "gen-000004", "gen-000005"]
    rollback(tmp_path)
    build(tmp_path, {"a.md": "nieuw"})
    assert generations(tmp_path) == ["gen-000004", "gen-000005", "gen-000006"]


def test_the_fingerprint_depends_on_the_documents_alone(tmp_path: Path) -> None:
    prints = []
    for number, texts in enumerate((TEXTS, dict(reversed(TEXTS.items())), {"other.md": "x"})):
        build(tmp_path / str(number), texts)
        with Index.open(tmp_path / str(number)) as index:
            prints.append(index.manifest.corpus_fingerprint)
    assert prints[0] == prints[1] != prints[2]


def test_a_mistake_of_the_caller_is_not_written(tmp_path: Path) -> None:
    one = document("a.md")
    chunks = chunks_of(one, "een. twee")
    vectors = embed_chunks(EMBEDDER, chunks, 8)
    with GenerationWriter(tmp_path, IDENTITY, SETTINGS) as writer:
        with pytest.raises(ValueError, match="not a stretch"):
            writer.add(one, "iets anders", chunks, *vectors)
        with pytest.raises(ValueError, match="vectors for 1 chunks"):
            writer.add(one, "een. twee", chunks, vectors[0], vectors[1][:1], vectors[2])
        with pytest.raises(ValueError, match="not a chunk of"):
            writer.add(document("b.md"), "een. twee", chunks, *vectors)
        writer.add(one, "een. twee", chunks, *vectors)
        with pytest.raises(ValueError, match="added before"):
            writer.add(one, "een. twee", chunks, *vectors)


# What does not fit, and what is damaged


def test_no_index_is_said_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=r"run `python ingest\.py --index .*none`"):
        Index.open(tmp_path / "none", IDENTITY)


def test_other_settings_are_named_old_and_new(directory: Path) -> None:
    with pytest.raises(IndexMismatch) as caught:
        Index.open(directory, {"embedder.name": "e5", "chunker": "1", "loaders": "2"})
    message = str(caught.value)
    assert "embedder.name: fake -> e5; loaders: (not set) -> 2" in message and "chunker:" not in message
    assert f"`python ingest.py --index {directory}`" in message


def test_a_writer_with_other_settings_reuses_nothing(directory: Path) -> None:
    with GenerationWriter(directory, {"embedder.name": "e5"}, SETTINGS) as writer:
        assert writer.previous is None
        with pytest.raises(ValueError, match="no previous generation"):
            writer.reuse("guide/start.en.md")


def test_another_format_is_a_mismatch(directory: Path) -> None:
    path = directory / "gen-000001" / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace(f'"format": {FORMAT}', '"format": 99'), encoding="utf-8")
    with pytest.raises(IndexMismatch, match="format 99"):
        Index.open(directory)


FILES = [
    "manifest.json", "documents.jsonl", "sources.json", "chunks.jsonl", "rows.npy", "vectors.npy", "sentences.npy",
    "headings.npy", "texts/guide/start.en.md.txt", "chroma/chroma.sqlite3", "lexical/languages.json",
]  # fmt: skip


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ["deleted", "truncated", "emptied"])
def test_a_damaged_file_is_named_with_what_to_do(directory: Path, name: str, harm: str) -> None:
    path = directory / "gen-000001" / name
    if harm == "deleted":
        path.unlink()
    else:
        os.truncate(path, path.stat().st_size // 2 if harm == "truncated" else 0)
    with pytest.raises(IndexDamaged) as caught:
        Index.open(directory, IDENTITY)
    assert name in str(caught.value)
    assert f"`python ingest.py --index {directory}`" in str(caught.value) and "--rollback" in str(caught.value)
    assert build(directory, TEXTS) == "gen-000002"
    with Index.open(directory, IDENTITY) as index:
        assert index.size == 3


def test_a_text_that_was_edited_is_not_quoted(directory: Path) -> None:
    path = directory / "gen-000001" / "texts" / "guide" / "start.en.md.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("starts", "begins"), encoding="utf-8")
    with Index.open(directory) as index, pytest.raises(IndexDamaged, match=r"start\.en\.md was changed"):
        index.text("guide/start.en.md")


@pytest.mark.parametrize("content", [None, "", "gen-1\n", "../elsewhere\n", "gen-000009\n", "\x00\xff"])
def test_a_pointer_that_leads_nowhere_is_damage(directory: Path, content: str | None) -> None:
    if content is None:
        (directory / "CURRENT").unlink()
    else:
        (directory / "CURRENT").write_text(content, encoding="latin-1")
    with pytest.raises(IndexDamaged, match="--rollback"):
        Index.open(directory, IDENTITY)
    assert build(directory, TEXTS) == ("gen-000010" if content == "gen-000009\n" else "gen-000002")
    with Index.open(directory, IDENTITY) as index:
        assert index.is_current()


# Writers: one at a time, and what remains of those that stop


def test_an_exception_leaves_the_live_generation_as_it_was(directory: Path) -> None:
    with pytest.raises(RuntimeError), GenerationWriter(directory, IDENTITY, SETTINGS) as writer:
        add(writer, document("new.md"), "half")
        raise RuntimeError("stop")
    assert generations(directory) == ["gen-000001"]
    with Index.open(directory, IDENTITY) as index:
        assert index.size == 3


def test_a_writer_that_finds_nothing_to_do_leaves_no_trace(directory: Path) -> None:
    before = sorted(directory.rglob("*"))
    with GenerationWriter(directory, IDENTITY, SETTINGS) as writer:
        assert writer.previous is not None
    assert sorted(directory.rglob("*")) == before


def test_a_second_writer_waits_for_the_first(directory: Path) -> None:
    waiting = threading.Event()
    order: list[str] = []

    def second() -> None:
        with GenerationWriter(directory, IDENTITY, SETTINGS, on_wait=waiting.set) as writer:
            order.append("second")
            assert writer.previous is not None and writer.previous.generation == "gen-000002"

    with GenerationWriter(directory, IDENTITY, SETTINGS) as writer:
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(5)
        add(writer, document("new.md"), "van de eerste")
        writer.commit({})
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def test_a_writer_gives_up_after_the_time_of_the_settings(directory: Path) -> None:
    with (
        FileLock(directory / "lock"),
        pytest.raises(IndexLocked, match=r"0\.2 s.*index\.lock_seconds"),
        GenerationWriter(directory, IDENTITY, IndexSettings(lock_seconds=0.2)),
    ):
        pass
    with FileLock(directory / "lock"), pytest.raises(IndexLocked):
        rollback(directory)


WRITE_FOREVER = """
import sys
sys.path[:0] = sys.argv[2:]
from pathlib import Path
from test_index import GenerationWriter, IDENTITY, SETTINGS, add, document

directory = Path(sys.argv[1])
number = 0
while True:
    number += 1
    with GenerationWriter(directory, IDENTITY, SETTINGS) as writer:
        for part in range(20):
            add(writer, document(f"{part}.md"), f"ronde {number} deel {part}")
        writer.commit({}, {"round": number})
    print(number, flush=True)
"""


@pytest.mark.parametrize("moment", range(4))
def test_a_killed_writer_leaves_a_whole_generation(directory: Path, moment: int) -> None:
    here = Path(__file__).parent
    command = [sys.executable, "-c", WRITE_FOREVER, str(directory), str(here), str(here.parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(random.Random(moment).uniform(0, 0.6))
        child.send_signal(signal.SIGKILL)
    with Index.open(directory, IDENTITY) as index:
        number = index.manifest.extra["round"]
        assert [index.text(name) for name in index.documents] == [f"ronde {number} deel {part}" for part in range(20)]
        for row in range(index.size):
            rows, similarities = index.nearest(index.vectors([row])[0], 1)
            assert rows[0] == row or similarities[0] > 0.999
    build(directory, TEXTS)
    assert not list(directory.glob(".*"))
    assert all((directory / name / "manifest.json").is_file() for name in generations(directory))


# Long-running programs


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files below /proc")
def test_swapping_generations_leaks_no_files_and_no_threads(directory: Path) -> None:
    counts = []
    for number in range(20):
        with Index.open(directory, IDENTITY) as index:
            index.nearest(EMBEDDER.encode_query("pilot"), 3)
            index.chunk(0)
            assert index.lexical
            build(directory, TEXTS | {f"{number}.md": "nieuw"})
            assert not index.is_current()
        counts.append((_open_files(), _threads()))
    # Chroma lets go of its last files in the background, a moment after it was closed.
    assert min(counts[-5:]) <= max(counts[:5])


def test_a_closed_index_says_so(directory: Path) -> None:
    index = Index.open(directory)
    index.nearest(EMBEDDER.encode_query("x"), 1)
    index.close()
    index.close()
    with pytest.raises(StoreError, match="closed"):
        index.nearest(EMBEDDER.encode_query("x"), 1)


def test_many_threads_can_read_at_once(directory: Path) -> None:
    found: list[int] = []
    with Index.open(directory) as index:

        def ask() -> None:
            for row in range(index.size):
                found.append(int(index.nearest(index.vectors([row])[0], 1)[0][0]) - row)
                assert index.chunk(row).text

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [0] * 24


# Names


HOSTILE = [
    "../outside.md", "/absolute.md", "a/../../b.md", "./dot.md", "a//b.md", "", ".", "..", "with\0nul.md",
    "back\\slash.md", "C:evil.md", "line\nbreak.md", "x" * 255 + ".md", "y/" * 700 + "deep.md", "é.md", "e\u0301.md",
    "Case.md", "case.MD", "a", "a.txt/b.md", "b.txt/c.md", "b", "~0", "~1.txt", "\udcff.md", "trailing.", "sp ace .md",
    "emoji 😀.md", "ﬁ.md", "fi.md", "ß.md", "ss.md", "CON.md", "*?.md",
]  # fmt: skip


def test_any_name_is_written_below_texts_and_read_back(tmp_path: Path) -> None:
    texts = {name: f"Dit is document {number}." for number, name in enumerate(HOSTILE)}
    build(tmp_path / "index", texts)
    folder = tmp_path / "index" / "gen-000001" / "texts"
    with Index.open(tmp_path / "index", IDENTITY) as index:
        assert {name: index.text(name) for name in texts} == texts
        files = [folder / row.text_file for row in index.documents.values()]
    assert all(file.resolve().is_relative_to(folder.resolve()) and file.is_file() for file in files)
    assert len({str(file).casefold() for file in files}) == len(files)
    assert [path.name for path in tmp_path.iterdir()] == ["index"]
    with GenerationWriter(tmp_path / "index", IDENTITY, SETTINGS) as writer:
        for name in reversed(HOSTILE):
            writer.reuse(name)
        writer.commit({})
    with Index.open(tmp_path / "index", IDENTITY) as index:
        assert {name: index.text(name) for name in texts} == texts


@pytest.mark.parametrize("name", ["programme/pilot.nl.md", "Beleid 2024 (definitief).pdf", "é/ü.md", "a.b/c.d"])
def test_a_plain_name_is_its_own_path(name: str) -> None:
    assert text_file_name(name, 0, set()) == f"{name}.txt"


@pytest.mark.parametrize("text", ["", "\r\n\r", "een\u2028twee", "half \ud800 paar", "\ufeffBOM", "😀", "\0"])
def test_any_text_is_kept_to_the_character(tmp_path: Path, text: str) -> None:
    build(tmp_path, {"a.md": "x" + text.replace("\n", "\v") + "x"})
    with Index.open(tmp_path) as index:
        assert index.text("a.md") == "x" + text.replace("\n", "\v") + "x"
        assert index.chunk(0).text == index.text("a.md")


# A Chroma server


COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections"


@contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    """Run the server that comes with Chroma and yield its address."""
    program = shutil.which("chroma", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("needs the program chroma beside Python")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    """Wait until something listens on a port."""
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the Chroma server did not start")


def test_the_same_index_lives_on_a_chroma_server(tmp_path: Path) -> None:
    with chroma_server(tmp_path / "server") as url:
        for directory in (tmp_path / "one", tmp_path / "two"):
            for number in range(4):
                with GenerationWriter(directory, IDENTITY, SETTINGS, chroma_url=url) as writer:
                    add(writer, document("a.md"), f"Het bedrag is {number} euro.")
                    writer.commit({})
        with Index.open(tmp_path / "one", IDENTITY, chroma_url=url) as index:
            rows, similarities = index.nearest(index.vectors([0])[0], 3)
            assert (list(rows), similarities[0]) == ([0], pytest.approx(1, abs=1e-5))
            assert index.text("a.md") == "Het bedrag is 3 euro."
            own = index.manifest.index_id
        assert not (tmp_path / "one" / "gen-000004" / "chroma").exists()
        with urllib.request.urlopen(url + COLLECTIONS) as answer:
            names = sorted(one["name"] for one in json.load(answer))
        assert [name for name in names if name.startswith(own)] == [f"{own}-gen-00000{n}" for n in (2, 3, 4)]
        assert len(names) == 6
        assert rollback(tmp_path / "one") == "gen-000003"
        with Index.open(tmp_path / "one", IDENTITY, chroma_url=url) as index:
            assert index.nearest(index.vectors([0])[0], 1)[0][0] == 0
        assert len(drop_collections(own, [], url)) == 3
        with Index.open(tmp_path / "one", chroma_url=url) as index, pytest.raises(IndexDamaged, match="Chroma"):
            index.nearest(index.vectors([0])[0], 1)
        asked = Index.open(tmp_path / "two", IDENTITY, chroma_url=url)
        asked.nearest(asked.vectors([0])[0], 1)
    with asked, pytest.raises(StoreError, match=r"server at 127\.0\.0\.1 does not answer"):
        asked.nearest(asked.vectors([0])[0], 1)
    with pytest.raises(IndexMismatch, match=r"vector_store: Chroma server -> Chroma .* folder"):
        Index.open(tmp_path / "one", IDENTITY)


def test_a_server_that_is_away_is_named_without_its_password(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match=r"127\.0\.0\.1") as caught,
        GenerationWriter(tmp_path, IDENTITY, SETTINGS, chroma_url="http://s3cret@127.0.0.1:9") as writer,
    ):
        add(writer, document("a.md"), "x")
        writer.commit({})
    assert "s3cret" not in str(caught.value)
    with pytest.raises(IndexMissing):
        Index.open(tmp_path)
