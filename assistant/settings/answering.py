"""How passages are found and answers are written."""

from __future__ import annotations

from pydantic import Field, SecretStr

from assistant.settings.group import Group


class RetrieverSettings(Group):
    """How passages are found and ranked."""

    top_k: int = Field(10, ge=1, le=200, description="passages that the answerer sees")
    candidates: int = Field(100, ge=10, le=1000, description="passages of each leg that are fused")
    mode: str = Field("fused", pattern="^(dense|lexical|fused)$")
    lexical_weight_same_language: float = Field(1.5, ge=0, le=20)
    lexical_weight_other_language: float = Field(0.5, ge=0, le=20)
    dense_weight_other_language: float = Field(2.0, ge=0, le=20)
    handicap_other_language: float = Field(
        2.0, ge=-20, le=20, description="added for a passage whose language gives BM25 little to match"
    )
    reranker: str | None = Field(
        None, description="name or folder of a sentence-transformers CrossEncoder; none by default"
    )
    rerank_top: int = Field(30, ge=2, le=200, description="passages that the reranker reads")


class AnswererSettings(Group):
    """Shape of an answer."""

    max_sentences: int = Field(4, ge=1, le=20)
    nearest: int = Field(3, ge=0, le=10, description="passages shown with a refusal")


class LlmSettings(Group):
    """The language model that writes answers, if any; `ASSISTANT_LLM` is short for `ASSISTANT_LLM__MODEL`."""

    model: str | None = Field(
        None,
        min_length=1,
        description='"provider:model" for LangChain, a .gguf file, or a preset that runs in this process',
    )
    base_url: str | None = Field(
        None, min_length=1, description="address of a server, such as http://127.0.0.1:8080/v1"
    )
    api_key: SecretStr | None = Field(None, description="sent to that server or provider alone")
    first_sentence_seconds: float = Field(45, gt=0, le=3600, description="from the call to the first sentence")
    total_seconds: float = Field(90, gt=0, le=3600, description="from the call to the end, repairs included")
    stall_seconds: float = Field(20, gt=0, le=3600, description="without a word, once the model has begun")
    max_tokens: int = Field(320, ge=32, le=8192, description="longest reply, in the model's tokens")
    temperature: float = Field(0, ge=0, le=2)
    passages: int = Field(4, ge=1, le=20, description="passages that the model reads")
    passage_tokens: int = Field(450, ge=100, le=100_000, description="of all passages together, in the embedder's")
    context_tokens: int = Field(4096, ge=1024, le=1_000_000, description="for a model in this process")
    threads: int | None = Field(None, ge=1, le=1024, description="for a model in this process; all cores by default")
    ask_above: float = Field(
        0.15, ge=0, le=1, description="below this probability that there is an answer, no model is asked for it"
    )
    decline_below: float = Field(
        0.5, ge=0, le=1, description="a model that finds no answer is believed below this probability that there is one"
    )
