import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InputError
from assistant.index import Index
from assistant.pipeline import ingest
from assistant.settings import load_settings
from assistant.types import Turn
from evals.cases import Case, Gold, case_line, cases_fingerprint, parse_case, read_cases
from evals.relevance import GoldSpan, gains, judge
from tests.fakes import FakeEmbedder

QUOTE = "De pilot kostte 850.000 euro."


def case(**changes: Any) -> dict[str, Any]:
    """Return a case in Dutch, as JSON."""
    whole: dict[str, Any] = {
        "id": "money-nl",
        "pair": "money",
        "language": "nl",
        "group": "staff",
        "question": "Hoeveel kostte de pilot?",
        "history": [],
        "answerable": True,
        "reason": None,
        "relevant": [{"document": "pilot.nl.md", "quote": QUOTE}],
        "must_say": [["850.000", "850 duizend"]],
        "must_not_say": [],
        "tags": ["amount"],
    }
    return whole | changes


ENGLISH = {"id": "money-en", "language": "en", "question": "How much did the pilot cost?"}


def write(path: Path, *cases: dict[str, Any]) -> None:
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in cases), encoding="utf-8")


def parsed(**changes: Any) -> Case:
    return parse_case(json.dumps(case(**changes)), "here")


def test_cases_come_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    write(tmp_path / "b.jsonl", case(), case(**ENGLISH))
    write(tmp_path / "a.jsonl", case(id="z-en", pair="z", language="en"), case(id="z-nl", pair="z"))
    (tmp_path / "notes.txt").write_text("no cases", encoding="utf-8")
    assert [one.id for one in read_cases(tmp_path)] == ["z-en", "z-nl", "money-nl", "money-en"]


def test_a_case_keeps_all_that_its_line_says() -> None:
    one = parsed(history=[{"role": "user", "content": "Wat is de pilot?"}], tags=["date", "follow_up"])
    assert one.history == (Turn("user", "Wat is de pilot?"),)
    assert one.relevant == (Gold("pilot.nl.md", QUOTE),)
    assert one.must_say == (("850.000", "850 duizend"),)
    assert parse_case(case_line(one), "here") == one


def test_empty_lines_and_rare_line_separators_do_not_end_a_case(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write(path, case(question="Hoeveel\u2028kostte het?"), case(**ENGLISH))
    path.write_text("\n" + path.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    assert read_cases(tmp_path)[0].question == "Hoeveel\u2028kostte het?"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tagz": []}, "tagz"),
        ({"tags": ["nonsense"]}, "single_fact"),
        ({"tags": []}, "tags"),
        ({"tags": ["date", "date"]}, "names a tag twice"),
        ({"tags": ["follow_up"]}, "follow_up and no history"),
        ({"answerable": "yes"}, "answerable"),
        ({"question": " "}, "question"),
        ({"language": "fr"}, "language"),
        ({"must_say": [[]]}, r"must_say\.0"),
        ({"relevant": [{"document": "pilot.nl.md"}]}, r"relevant\.0\.quote"),
        ({"history": [{"role": "user", "content": "x", "when": 1}]}, r"history\.0\.when"),
        ({"relevant": []}, "no relevant quote"),
        ({"reason": "insufficient"}, "gives a reason"),
        ({"answerable": False, "relevant": []}, "gives no reason"),
        ({"answerable": False, "reason": "nothing_found"}, "has a relevant quote"),
    ],
)
def test_a_malformed_case_is_named_with_file_and_line(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    write(tmp_path / "a.jsonl", case(**ENGLISH), case(**changes))
    with pytest.raises(InputError, match=rf"a\.jsonl, line 2: .*{message}"):
        read_cases(tmp_path)


def test_a_draft_is_asked_to_be_finished(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", case(draft="put this into the other language"))
    with pytest.raises(InputError, match=r"line 1: this is a draft"):
        read_cases(tmp_path)


def test_a_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(case())[:-3], encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.jsonl, line 1: Invalid JSON"):
        read_cases(tmp_path)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        read_cases(tmp_path)


def test_a_double_id_is_named_with_both_places(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", case())
    write(tmp_path / "b.jsonl", case(**ENGLISH), case())
    with pytest.raises(InputError, match=r"b\.jsonl, line 2: the id money-nl stands on .*a\.jsonl, line 1"):
        read_cases(tmp_path)


@pytest.mark.parametrize("others", [[], [case(id="x")], [case(**ENGLISH), case(**(ENGLISH | {"id": "y"}))]])
def test_a_pair_is_one_case_in_each_language(tmp_path: Path, others: list[dict[str, Any]]) -> None:
    write(tmp_path / "a.jsonl", case(), *others)
    with pytest.raises(InputError, match="one in nl and one in en"):
        read_cases(tmp_path)


def test_both_cases_of_a_pair_expect_the_same(tmp_path: Path) -> None:
    refused = {"answerable": False, "reason": "nothing_found", "relevant": []}
    write(tmp_path / "a.jsonl", case(), case(**ENGLISH, **refused))
    with pytest.raises(InputError, match="differ in answerable or reason"):
        read_cases(tmp_path)


def test_a_folder_without_cases_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There are no cases"):
        read_cases(tmp_path / "nowhere")


def test_the_fingerprint_sees_every_word_and_no_order() -> None:
    first, second = parsed(), parsed(**ENGLISH)
    assert cases_fingerprint([first, second]) == cases_fingerprint([second, first])
    assert cases_fingerprint([first]) != cases_fingerprint([parsed(must_not_say=["85.000"])])


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Return an index of a small document in two languages, and of one that has no twin."""
    folder = tmp_path_factory.mktemp("evals")
    corpus = folder / "corpus"
    corpus.mkdir()
    texts = {
        "pilot.nl.md": f"## Hoeveel geld?\n\n{QUOTE}\n\n## Wanneer?\n\nDe pilot begon in 2022.",
        "pilot.en.md": "## How much money?\n\nThe pilot cost 850,000 euros.\n\n## When?\n\nThe pilot began in 2022.",
        "diary.nl.md": "## Maandag\n\nHet regende.\n\n## Dinsdag\n\nHet regende.",
    }
    for name, text in texts.items():
        head = f"---\ntitle: {name}\nkind: guide\nlanguage: {name[-5:-3]}\nupdated: 2024-01-01\n---\n\n"
        (corpus / name).write_text(head + text, encoding="utf-8")
    settings = load_settings({"index": {"directory": folder / "index"}})
    ingest([corpus], settings, embedder=FakeEmbedder())
    with Index.open(settings.index.directory) as opened:
        yield opened


def test_a_quote_is_found_in_the_canonical_text(index: Index) -> None:
    found = judge([parsed()], index)["money-nl"]
    start = index.text("pilot.nl.md").index(QUOTE)
    assert found.gold == ((GoldSpan("pilot.nl.md", start, start + len(QUOTE)),),)
    assert found.total == 1
    assert {document for document, _ in found.strict} == {"pilot.nl.md"}


def test_a_twin_counts_in_the_second_figure_and_for_cross_lingual_cases(index: Index) -> None:
    plain, across = (
        judge([parsed(tags=tags)], index)["money-nl"] for tags in (["amount"], ["amount", "cross_lingual"])
    )
    dutch, english = index.chunk(index.rows("pilot.nl.md")[0]), index.chunk(index.rows("pilot.en.md")[0])
    assert gains([english, dutch], plain.strict) == [False, True]
    # Of a passage and its twin, the second found adds nothing.
    assert gains([english, dutch], plain.any_twin) == [True, False]
    assert gains([english, dutch], across.strict) == [True, False]
    assert across.total == 1
    assert [span.document for span in across.gold[0]] == ["pilot.nl.md", "pilot.en.md"]


def test_a_quote_that_stands_twice_makes_both_passages_relevant(index: Index) -> None:
    found = judge([parsed(relevant=[{"document": "diary.nl.md", "quote": "Het regende."}])], index)["money-nl"]
    assert (len(found.gold[0]), found.total) == (2, 2)


@pytest.mark.parametrize(
    ("document", "quote", "message"),
    [
        ("pilots.nl.md", QUOTE, r"no document 'pilots\.nl\.md'; the nearest name is pilot\.nl\.md"),
        ("pilot.nl.md", "De pilot kostte 85.000 euro.", rf"the nearest text is '{QUOTE}'"),
        ("pilot.en.md", QUOTE, r"pilot\.nl\.md has it"),
        ("pilot.nl.md", "Hoeveel geld?", "none of its passages"),
    ],
)
def test_gold_that_does_not_stand_in_the_corpus_is_named(index: Index, document: str, quote: str, message: str) -> None:
    wrong = parsed(relevant=[{"document": document, "quote": quote}])
    with pytest.raises(InputError, match=f"Case money-nl: .*{message}"):
        judge([wrong], index)


def test_all_faulty_cases_are_counted(index: Index) -> None:
    wrong = [parsed(id=name, relevant=[{"document": "x", "quote": "y"}]) for name in ("a", "b", "c")]
    with pytest.raises(InputError, match=r"Case a: .* The same goes for 2 more cases"):
        judge(wrong, index)
