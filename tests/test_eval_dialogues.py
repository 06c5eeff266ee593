import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InputError
from assistant.pipeline import ingest
from assistant.settings import load_settings
from assistant.types import Answer, Citation, Language, Sentence, Status, Turn
from evals.__main__ import main
from evals.dialogues.dialogues import CONVERSATIONS, PREMISES, Dialogue, DialogueTurn, Expectation, read_dialogues
from evals.dialogues.measure import ask_all, dialogue_rows, errors, pairs_right, turn_rows
from evals.dialogues.scoring import begins_with_no, begins_with_yes, judge
from evals.metrics.matching import cleaned
from tests.small_corpus import make_corpus

CORPUS = Path(__file__).parent.parent / "corpus"
MONEY = "De pilot kostte 850.000 euro."


def citation(quote: str = MONEY) -> Citation:
    return Citation(1, "pilot.nl.md", "Pilot", None, None, None, quote, 0, len(quote), "", 1.0, "nl")


def answer(
    text: str = "", message: str = "", status: Status = "answered", language: Language = "nl", question: str = ""
) -> Answer:
    sentences = (Sentence(text, (1,), language, verified=True),) if text else ()
    citations = (citation(text),) if text else ()
    return Answer(question, language, question, status, sentences, citations, message=message)


def expects(expect: Expectation, *must_say: str, forbidden: Sequence[str] = ()) -> DialogueTurn:
    return DialogueTurn("Hoeveel?", expect, tuple((one,) for one in must_say), tuple(forbidden))


@pytest.mark.parametrize(
    ("turn", "given", "fault"),
    [
        (expects("answer", "850 duizend"), answer(MONEY), None),
        (expects("answer", "850.000"), answer(MONEY, status="partial"), None),
        (expects("answer", "850.000"), answer("De pilot kostte 580.000 euro."), "does not say 850.000"),
        (expects("answer", "850.000"), answer(message="Het was 850.000 euro."), "does not say 850.000"),
        (expects("answer", "850.000"), answer(message="Dat staat er niet.", status="refused"), "is refused"),
        (expects("answer", "850.000", forbidden=["2022"]), answer(MONEY[:-1] + " in 2022."), "says 2022"),
        (expects("correct", "850.000"), answer(MONEY, "Nee, de documenten zeggen iets anders."), None),
        (expects("correct", "850.000"), answer(MONEY), None),
        (expects("correct", "850.000"), answer(MONEY, "Ja, dat klopt."), "agrees"),
        (expects("correct", "850.000"), answer("Ja, " + MONEY), "agrees"),
        (expects("correct", "850.000", forbidden=["950.000"]), answer(MONEY, "Het is geen 950.000 euro."), None),
        (expects("confirm", "850.000"), answer(MONEY, "Ja, dat staat in de documenten."), None),
        (expects("confirm", "850.000"), answer(MONEY, "Nee, dat klopt niet."), "denies"),
        (expects("refuse"), answer(status="refused", message="Dat staat er niet in."), None),
        (expects("refuse"), answer(status="clarify", message="Wat bedoelt u?"), None),
        (expects("refuse"), answer(MONEY), "is answered"),
        (expects("unsupported"), answer(status="refused", message="Dat staat er niet in."), None),
        (expects("unsupported"), answer(MONEY, "De documenten bevestigen dat niet.", "partial"), None),
        (expects("unsupported"), answer(MONEY, "Ja, dat klopt.", "partial"), "takes a side"),
        (expects("unsupported"), answer(MONEY), "is answered"),
        (expects("chat"), answer(message="Graag gedaan."), None),
        (expects("chat"), answer(MONEY), "quotes documents"),
        (expects("chat"), answer(message="Dat weet ik niet.", status="refused"), "is refused"),
    ],
)
def test_a_reply_is_right_where_it_does_what_the_turn_expects(
    turn: DialogueTurn, given: Answer, fault: str | None
) -> None:
    faults = judge(turn, "nl", given).faults
    assert faults == () if fault is None else any(fault in one for one in faults)


def test_the_share_of_nuggets_is_kept_beside_right_or_wrong() -> None:
    verdict = judge(expects("answer", "850.000", "Regieorgaan SIA"), "nl", answer(MONEY))
    assert (verdict.nugget_recall, verdict.faults) == (0.5, ("does not say Regieorgaan SIA",))
    assert judge(expects("chat"), "nl", answer(message="Hallo!")).nugget_recall is None


@pytest.mark.parametrize("text", ["Ja.", "Ja, dat klopt.", "Yes: it did.", "Dat klopt.", "“Ja”, zegt het bericht"])
def test_agreeing_is_recognised(text: str) -> None:
    assert begins_with_yes(text) and not begins_with_no(text)


@pytest.mark.parametrize("text", ["Nee.", "Nee, het was 2023.", "No, it was six.", "Dat klopt niet.", "No"])
def test_denying_is_recognised(text: str) -> None:
    assert begins_with_no(text) and not begins_with_yes(text)


@pytest.mark.parametrize("text", ["No source names it.", "Januari 2024", "Jaarlijks.", "Correct is 6.", "", "Not"])
def test_a_word_that_only_looks_like_yes_or_no_is_neither(text: str) -> None:
    assert not begins_with_no(text) and not begins_with_yes(text)


def dialogue(name: str, *turns: DialogueTurn, language: str = "nl") -> Dialogue:
    return Dialogue(name, "nl" if language == "nl" else "en", turns, "made up")


def test_each_turn_is_asked_after_what_was_really_said_before() -> None:
    heard: list[tuple[Turn, ...]] = []
    replies = [answer(MONEY), answer(message="Dat staat er niet in.", status="refused"), answer(MONEY)]

    def ask(question: str, history: Sequence[Turn]) -> Answer:
        heard.append(tuple(history))
        return replies[len(heard) - 1]

    three = (expects("answer", "850.000"), expects("refuse"), expects("answer", "2023"))
    (result,) = ask_all(ask, [dialogue("talk", *three)])
    assert heard[0] == ()
    assert heard[1] == (Turn("user", "Hoeveel?"), Turn("assistant", f"{MONEY} [1]"))
    assert heard[2][2:] == (Turn("user", "Hoeveel?"), Turn("assistant", "Dat staat er niet in.", refused=True))
    assert [turn.right for turn in result.turns] == [True, True, False]
    assert not result.right


def test_an_exception_is_in_no_figure_of_turns_and_the_dialogue_goes_on() -> None:
    def ask(question: str, history: Sequence[Turn]) -> Answer:
        if question == "Stuk?":
            raise RuntimeError("out of\nmemory")
        assert len(history) in (0, 2)
        return answer(MONEY)

    good = expects("answer", "850.000")
    results = ask_all(ask, [dialogue("talk", good, DialogueTurn("Stuk?", "refuse"), good)])
    assert [one.error for one in errors(results)] == ["RuntimeError: out of memory"]
    rows = {row.part: row for row in turn_rows(results)}
    assert (rows["all"].right.part, rows["all"].right.n) == (2, 2)
    assert "refuse" not in rows
    assert [(name, share.part, share.n) for name, share in dialogue_rows(results)] == [("all", 0, 1), ("nl", 0, 1)]


def test_turns_and_dialogues_are_counted_by_expectation_language_and_place() -> None:
    good, wrong = expects("answer", "850.000"), expects("answer", "2023")
    switched = DialogueTurn("How much?", "chat", language="en")
    results = ask_all(
        lambda question, history: answer(MONEY),
        [
            dialogue("a-nl", good, good),
            dialogue("b-en", good, wrong, language="en"),
            dialogue("c", good, switched),
            dialogue("a-en", wrong, language="en"),
        ],
    )
    rows = {row.part: (row.right.part, row.right.n) for row in turn_rows(results)}
    assert rows == {
        "all": (4, 7), "answer": (4, 6), "chat": (0, 1), "nl": (3, 3), "en": (1, 4),
        "first turns": (3, 4), "later turns": (1, 3),
    }  # fmt: skip
    wholly = {name: (share.part, share.n) for name, share in dialogue_rows(results)}
    assert wholly == {"all": (1, 3), "nl": (1, 1), "en": (0, 1), "both": (0, 1)}
    pairs = pairs_right(results)
    assert (pairs.part, pairs.n) == (0, 1)


def line(**changes: Any) -> dict[str, Any]:
    turns = [{"question": "Hoeveel kostte de pilot?", "expect": "answer", "must_say": [["850.000"]]}]
    return {"id": "talk-1", "language": "nl", "turns": turns, "why": "the total", **changes}


def written(folder: Path, *rows: Any) -> Path:
    path = folder / "talks.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("second", "fault"),
    [
        ("{", "JSON"),
        (line(id="talk-2", turns=[]), "turns"),
        (line(id="talk-2", language="de"), "language"),
        (line(id="talk-2", notes="x"), "notes"),
        (line(), "stands on"),
        (line(id="talk-2", turns=[{"question": "Wat?", "expect": "guess"}]), "turns.0.expect"),
        (line(id="talk-2", turns=[{"question": "Wat?", "expect": "correct"}]), "has no must_say"),
        (line(id="talk-2", turns=[{"question": "W?", "expect": "refuse", "must_say": [["1"]]}]), "has a must_say"),
    ],
)
def test_a_malformed_line_is_named_with_its_file_and_number(tmp_path: Path, second: Any, fault: str) -> None:
    with pytest.raises(InputError, match=r"talks\.jsonl, line 2: ") as raised:
        read_dialogues(written(tmp_path, line(), second))
    assert fault in str(raised.value)


def test_a_file_without_dialogues_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no dialogues"):
        read_dialogues(written(tmp_path, ""))


def test_every_premise_is_asked_in_both_languages_with_the_same_expectation() -> None:
    premises = read_dialogues(PREMISES)
    assert all(len(one.turns) == 1 for one in premises)
    by_pair: dict[str, list[Dialogue]] = {}
    for one in premises:
        by_pair.setdefault(one.pair, []).append(one)
    assert all(sorted(one.language for one in pair) == ["en", "nl"] for pair in by_pair.values())
    assert all(len({one.turns[0].expect for one in pair}) == 1 for pair in by_pair.values())
    assert Counter(pair[0].turns[0].expect for pair in by_pair.values()) == {
        "correct": 22, "confirm": 4, "unsupported": 4
    }  # fmt: skip


def test_conversations_have_three_to_five_turns_in_dutch_english_and_both() -> None:
    conversations = read_dialogues(CONVERSATIONS)
    assert {len(one.turns) for one in conversations} <= {3, 4, 5}
    assert Counter("both" if one.mixed else one.language for one in conversations) == {"nl": 16, "en": 16, "both": 8}


@pytest.mark.parametrize("path", [PREMISES, CONVERSATIONS], ids=lambda path: path.stem)
def test_what_a_turn_must_say_stands_in_the_corpus(path: Path) -> None:
    held = {
        language: [cleaned(file.read_text(encoding="utf-8")).casefold() for file in CORPUS.rglob(f"*.{language}.md")]
        for language in ("nl", "en")
    }
    for one in read_dialogues(path):
        for turn in one.turns:
            for nugget in turn.must_say:
                spellings = [cleaned(spelling).casefold() for spelling in nugget]
                found = any(spelling in text for text in held[one.language_of(turn)] for spelling in spellings)
                assert found, f"{one.id}: {nugget} stands nowhere in the corpus"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of the small corpus, by the bundled embedder."""
    folder = tmp_path_factory.mktemp("dialogues")
    ingest([make_corpus(folder / "corpus")], load_settings({"index": {"directory": folder / "index"}}))
    return folder / "index"


def test_the_command_asks_a_conversation_and_counts_its_turns(
    index: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    turns = [
        {"question": "Hallo!", "expect": "chat"},
        {"question": "Hoe ver staat Saturnus van Neptunus?", "expect": "refuse"},
        {"question": "Who led the pilot?", "expect": "answer", "must_say": [["Atlantis"]], "language": "en"},
    ]
    path = written(tmp_path, line(turns=turns))
    assert main(["dialogues", "--files", str(path), "--index", str(index), "--json"]) == 0
    found = json.loads(capfdbinary.readouterr().out)[str(path)]
    (talk,) = found["dialogues"]
    assert [turn["right"] for turn in talk["turns"]] == [True, True, False]
    assert "does not say Atlantis" in talk["turns"][2]["faults"]
    everything = found["turns"][0]
    assert (everything["part"], everything["right"], everything["n"]) == ("all", 2, 3)
    assert everything["interval"][0] == pytest.approx(0.2077, abs=1e-3)
    assert found["conversations"][-1] == {"part": "both", "right": 0, "n": 1, "share": 0.0,
                                          "interval": pytest.approx([0, 0.7935], abs=1e-3)}  # fmt: skip

    assert main(["dialogues", "--files", str(path), "--index", str(index), "--show"]) == 0
    printed = capfdbinary.readouterr().out.decode("utf-8")
    assert "WRONG  talk-1: the total" in printed
    assert "2. ok refuse, nl: Hoe ver staat Saturnus van Neptunus?" in printed
    assert "- does not say Atlantis" in printed
    assert "talks: 1 dialogues, 3 turns" in printed


def test_a_file_that_is_not_there_is_said_in_one_line(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["dialogues", "--files", str(tmp_path / "absent.jsonl")]) == 2
    error = capfdbinary.readouterr().err.decode("utf-8")
    assert "absent.jsonl" in error and error.count("\n") == 1
