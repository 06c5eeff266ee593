import json
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.loaders import load
from assistant.settings import LoaderSettings
from evals.datasets import read_passages, read_questions, write_passages
from evals.external import measure
from evals.metrics import hit, reciprocal_rank


def rows(path: Path, *entries: dict[str, object]) -> None:
    path.write_text("\n".join(json.dumps(entry) for entry in entries), encoding="utf-8")


@pytest.mark.parametrize(
    ("ranked", "relevant", "k", "expected"),
    [
        (["a", "b", "c"], {"a"}, 10, 1.0),
        (["a", "b", "c"], {"b", "c"}, 10, 0.5),
        (["a", "b", "c"], {"c"}, 2, 0.0),
        ([], {"a"}, 10, 0.0),
    ],
)
def test_the_reciprocal_rank_is_one_over_the_first_relevant_rank(
    ranked: list[str], relevant: set[str], k: int, expected: float
) -> None:
    assert reciprocal_rank(ranked, relevant, k) == expected
    assert hit(ranked, relevant, k) == float(expected > 0)


def test_a_passage_survives_being_written_as_markdown(tmp_path: Path) -> None:
    text = "tar -xf {{pad/*}} | grep `a_b` > <b> # [x](y)\n1. niet nummeren\n* geen lijst"
    rows(tmp_path / "passages.jsonl", {"id": "p1", "title": "T: *x*", "text": text, "lang": "nl"})
    passages = read_passages(tmp_path, "en")
    write_passages(passages, tmp_path / "files")
    document = load(tmp_path / "files" / passages[0].document, passages[0].document, LoaderSettings())
    assert document.title == "T: *x*" and document.language == "nl"
    assert [block.text for block in document.pages[0].blocks] == text.split("\n")


def test_questions_without_a_passage_are_left_out(tmp_path: Path) -> None:
    rows(
        tmp_path / "questions.jsonl",
        {"id": "1", "question": "a?", "relevant": ["p"]},
        {"id": "2", "question": "b?", "relevant": []},
    )
    assert [one.id for one in read_questions(tmp_path, "en")] == ["1"]


def test_a_folder_without_a_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"passages\.jsonl"):
        read_passages(tmp_path, "en")


def test_a_set_is_measured_in_every_direction_and_leg(tmp_path: Path) -> None:
    rows(
        tmp_path / "passages.jsonl",
        {"id": "1", "title": "Geld", "text": "De pilot kostte 850.000 euro.", "lang": "nl"},
        {"id": "1", "title": "Money", "text": "The pilot cost 850,000 euros.", "lang": "en"},
        {"id": "2", "title": "Tuin", "text": "In de tuin staan tulpen.", "lang": "nl"},
        {"id": "2", "title": "Garden", "text": "Tulips grow in the garden.", "lang": "en"},
    )
    rows(
        tmp_path / "questions.jsonl",
        {"id": "q", "question": "Welke tulpen staan in de tuin?", "lang": "nl", "relevant": ["2"]},
        {"id": "q", "question": "How much did the pilot cost?", "lang": "en", "relevant": ["1"]},
    )
    scores = list(measure(read_passages(tmp_path, "en"), read_questions(tmp_path, "en"), tmp_path / "scratch"))
    assert len(scores) == 12
    assert {(one.asked_in, one.answered_in, one.leg): one.mrr for one in scores}["nl", "nl", "fused"] == 1.0
