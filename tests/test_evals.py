import json
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.loaders import load
from assistant.settings import LoaderSettings
from evals.__main__ import main
from evals.datasets import read_passages, write_passages
from evals.external import measure_set
from evals.external_refusal import Reply, auroc, dealt, refusal_scores
from evals.external_set import QuestionSet, SetQuestion, read_set
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


def test_questions_without_a_passage_are_kept_apart(tmp_path: Path) -> None:
    rows(tmp_path / "passages.jsonl", {"id": "p", "title": "T", "text": "x"})
    rows(
        tmp_path / "questions.jsonl",
        {"id": "1", "question": "a?", "relevant": ["p"]},
        {"id": "2", "question": "b?", "relevant": []},
    )
    found = read_set(tmp_path, "en")
    assert [one.id for one in found.with_passage] == ["1"] and len(found.questions) == 2


def test_a_rare_line_separator_does_not_end_a_passage(tmp_path: Path) -> None:
    entry = {"id": "p", "title": "T", "text": "een\u2028twee"}
    (tmp_path / "passages.jsonl").write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
    assert [one.text for one in read_passages(tmp_path, "nl")] == ["een\u2028twee"]


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
    scores = measure_set(read_set(tmp_path, "en"), tmp_path / "scratch", 0)
    assert len(scores.retrieval) == 12 and scores.refusal == ()
    assert {(one.asked_in, one.answered_in, one.leg): one.mrr for one in scores.retrieval}["nl", "nl", "fused"] == 1.0
    assert scores.retrieval[0].hits_at_5.n == 1


TOPICS = {
    "tulpen": "Tulpen worden in het najaar geplant, twaalf centimeter diep.",
    "fietsen": "Een fietsketting wordt om de drieduizend kilometer vervangen.",
    "brood": "Zuurdesembrood rijst acht uur bij twintig graden.",
    "sterren": "De ster Betelgeuze staat op ongeveer 550 lichtjaar afstand.",
}
QUESTIONS = {
    "tulpen": "Hoe diep worden tulpen geplant?",
    "fietsen": "Wanneer wordt een fietsketting vervangen?",
    "brood": "Hoe lang rijst zuurdesembrood?",
    "sterren": "Op welke afstand staat de ster Betelgeuze?",
}


def small_set(folder: Path) -> Path:
    rows(
        folder / "passages.jsonl",
        *({"id": name, "title": name, "text": text, "lang": "nl"} for name, text in TOPICS.items()),
        # Another id with the very same text: leaving out "brood" has to leave this out too.
        {"id": "kopie", "title": "kopie", "text": TOPICS["brood"], "lang": "nl"},
    )
    rows(
        folder / "questions.jsonl",
        *({"id": name, "question": text, "lang": "nl", "relevant": [name]} for name, text in QUESTIONS.items()),
        {"id": "geen", "question": "Wie won de Ronde van Vlaanderen in 1987?", "lang": "nl", "relevant": []},
        {"id": "vervolg", "question": "En hoe diep?", "lang": "nl", "relevant": ["tulpen"],
         "history": [{"role": "user", "content": "Wanneer worden tulpen geplant?"},
                     {"role": "assistant", "content": "In het najaar."}]},
    )  # fmt: skip
    return folder


def test_refusal_is_measured_on_questions_without_an_answer_and_with_their_passages_left_out(tmp_path: Path) -> None:
    found = read_set(small_set(tmp_path), "en")
    scores = measure_set(found, tmp_path / "scratch", 2)
    own, left_out = scores.refusal
    assert (own.protocol, own.recall.n, own.false_refusals.n) == ("own", 1, 5)
    assert (left_out.protocol, left_out.recall.n, left_out.false_refusals.n) == ("left out", 5, 5)
    assert own.errors == left_out.errors == 0 and own.false_refusals.part == 0
    assert own.recall.part == 1 and left_out.auroc is not None and left_out.auroc > 0.9
    follow_up = next(one for one in scores.retrieval if one.leg == "fused")
    assert follow_up.questions == 5 and follow_up.hit_at_5 == 1.0


def test_what_is_left_out_is_the_passage_and_every_copy_of_it(tmp_path: Path) -> None:
    found = read_set(small_set(tmp_path), "en")
    found.write(tmp_path / "files", without={"brood"})
    assert {path.stem for path in (tmp_path / "files" / "nl").iterdir()} == {"tulpen", "fietsen", "sterren"}


def question(name: str, *relevant: str, language: str = "nl", answerable: bool = True) -> SetQuestion:
    return SetQuestion(name, name, language, frozenset(relevant), answerable)


def test_questions_on_the_same_passages_are_dealt_into_the_same_batch() -> None:
    asked = [question("1", "a"), question("2", "a", language="en"), question("3", "b"), question("4", "c")]
    batches = dealt([*asked, question("5", "d", answerable=False)], 2)
    assert sorted(len(batch) for batch in batches) == [1, 3]
    assert any({"1", "2"} <= {one.id for one in batch} for batch in batches)
    assert len(dealt(asked, 50)) == 3


def test_refusals_are_scored_by_language_and_exceptions_apart() -> None:
    yes = [Reply(question(str(n), "a"), n < 1, float(n)) for n in range(4)]
    no = [Reply(question(f"n{n}", answerable=False), n < 3, -1.0) for n in range(4)]
    broken = Reply(question("x", answerable=False), None, None)
    other = Reply(question("en", language="en", answerable=False), True, 0.0)
    (score,) = refusal_scores("own", yes, [*no, broken, other])
    assert (score.asked_in, score.errors, score.auroc) == ("nl", 1, 1.0)
    assert (score.precision.part, score.precision.n) == (3, 4)
    assert (score.recall.value, score.false_refusals.value) == (0.75, 0.25)
    assert score.recall.interval is not None and 0.2 < score.recall.interval.low < 0.75


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [([2, 3], [0, 1], 1.0), ([0, 1], [2, 3], 0.0), ([1], [1], 0.5), ([1, 3], [2], 0.5), ([], [1], None)],
)
def test_the_area_under_the_curve_counts_pairs(
    positive: list[float], negative: list[float], expected: float | None
) -> None:
    assert auroc(positive, negative) == expected


def test_pages_of_documents_are_passages(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "pdf_kamervragen"
    if not folder.is_dir():
        pytest.skip(f"needs the set in {folder}")
    whole = read_set(folder, "nl")
    first = whole.questions[0]
    wanted = next(iter(first.relevant)).partition("#")[0]
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / wanted).write_bytes((folder / "files" / wanted).read_bytes())
    one = QuestionSet("pdf", whole.passages, (first,), tmp_path / "files")
    fused = measure_set(one, tmp_path / "scratch", 0).retrieval[-1]
    assert (fused.leg, fused.questions, fused.mrr) == ("fused", 1, 1.0)
    one.write(tmp_path / "without", without=set(first.relevant))
    assert list((tmp_path / "without").iterdir()) == []


def test_several_sets_are_shown_in_one_table_and_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        folders.append(str(small_set(tmp_path / name)))
    assert main(["external", *folders, "--retrieval-only"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum("MRR@10" in line for line in lines) == 1 and not any("refusal" in line for line in lines)
    assert "one: 5 passages, 6 questions, 1 with a history" in lines
    assert main(["external", *folders, "--json", "--batches", "2"]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["set"], second["set"]) == ("one", "two")
    assert [row["no_answer"] for row in first["refusal"]] == ["own", "left out"]
    assert first["refusal"][0]["recall"]["n"] == 1 and len(first["retrieval"][0]["hit@5_interval"]) == 2


def test_batches_that_leave_no_passage_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["external", str(small_set(tmp_path)), "--batches", "1"]) == 2
    assert "more --batches" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "words"),
    [('{"id": "1", "question": "a?"}', "relevant"), ('{"id": "1", "question"', "line 1"), ("", "no questions")],
)
def test_questions_that_cannot_be_read_are_named_with_their_line(tmp_path: Path, line: str, words: str) -> None:
    rows(tmp_path / "passages.jsonl", {"id": "1", "title": "t", "text": "x"})
    (tmp_path / "questions.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_set(tmp_path, "en")
