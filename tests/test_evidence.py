import pytest
from builders import chunk, hit

from assistant.embedder import Background, background, load_embedder
from assistant.evidence import evidence
from assistant.settings import load_settings
from assistant.types import Hit

BACKGROUND = Background(0.75, 0.03)


def hits(*similarities: float) -> list[Hit]:
    return [hit(chunk("Een zin.", document=f"{n}.md"), one) for n, one in enumerate(similarities)]


def test_without_passages_there_is_no_evidence() -> None:
    assert evidence([], BACKGROUND) == 0


def test_a_passage_that_stands_out_is_stronger_evidence_than_one_among_equals() -> None:
    assert evidence(hits(0.86, 0.78, 0.78, 0.78), BACKGROUND) > evidence(hits(0.86, 0.86, 0.86, 0.86), BACKGROUND)


def test_the_same_similarity_is_weaker_evidence_for_a_model_that_finds_everything_similar() -> None:
    assert evidence(hits(0.86, 0.8), BACKGROUND) > evidence(hits(0.86, 0.8), Background(0.84, 0.03))


@pytest.mark.parametrize("limit", [0.5])
def test_the_bundled_model_finds_unrelated_texts_more_similar_than_half(limit: float) -> None:
    measured = background(load_embedder(load_settings().embedder))
    assert limit < measured.mean < 0.9 and 0 < measured.spread < 0.1
