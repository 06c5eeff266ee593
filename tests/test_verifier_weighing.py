"""What no single rule can be sure of: opposites, freed conditions and exchanged facts, weighed together."""

import json
from pathlib import Path

import pytest

from assistant.sentences import split_sentences
from assistant.types import Language
from assistant.verifier import Passage, check
from assistant.verifier.axes import poles_in
from assistant.verifier.check import CERTAIN, gather
from assistant.verifier.signals import FALLING, RULES, SOFT, SWAPS, WEIGHED
from assistant.verifier.weights import fitted
from evals.fit_lock import cross_validated, example, main, plain_weights, weights_of
from evals.lock.pairs import CitedText, Pair

CHOIRS = Passage(
    "De Cultuurraad Veluwe kende in 2023 aan 31 koren een bijdrage van hooguit 1.800 euro toe. Orkesten konden rekenen "
    "op 4.200 euro, mits zij minstens twee openbare concerten gaven. De raad stopt in 2027 met de regeling.",
    "nl",
)
CAMPUS = Passage(
    "Lakeside Institute will close its Perth campus on 30 June 2026 and move all courses to Stirling. Staff may keep "
    "their laptops if they sign a statement before 1 May. The union rejected the first offer. No student has to pay a "
    "relocation fee. Photographs come from Marlin & Co; the texts were written by Brackwater Press.",
    "en",
)


@pytest.mark.parametrize(
    ("sentence", "language", "passage"),
    [
        ("Koren kregen maximaal 1.800 euro.", "nl", CHOIRS),
        ("Een orkest dat ten minste twee openbare concerten gaf, kreeg € 4.200.", "nl", CHOIRS),
        ("In 2027 komt er een einde aan de regeling.", "nl", CHOIRS),
        ("Studenten hoeven geen verhuisvergoeding te betalen.", "nl", CAMPUS),
        ("The union turned down the first offer.", "en", CAMPUS),
        ("Laptops may be kept by staff who sign a statement before 1 May.", "en", CAMPUS),
    ],
)
def test_the_same_in_other_words_is_let_through(sentence: str, language: Language, passage: Passage) -> None:
    assert check(sentence, language, [passage]) == ()


@pytest.mark.parametrize(
    ("kind", "sentence", "language", "passage"),
    [
        ("polarity", "The union accepted the first offer.", "en", CAMPUS),
        ("polarity", "Students have to pay a relocation fee.", "en", CAMPUS),
        ("polarity", "De raad gaat in 2027 door met de regeling.", "nl", CHOIRS),
        ("condition", "Staff may keep their laptops without signing anything.", "en", CAMPUS),
        ("name", "The photographs were supplied by Brackwater Press.", "en", CAMPUS),
    ],
)
def test_the_evidence_against_a_turned_sentence_is_named(
    kind: str, sentence: str, language: Language, passage: Passage
) -> None:
    assert kind in {fault.kind for fault in check(sentence, language, [passage])}


def test_a_verb_that_falls_apart_is_read_with_its_second_part() -> None:
    rejected, approved = "De raad wijst het plan af.", "De raad keurt het plan goed."
    (mine,) = [pole for pole in poles_in(rejected) if rejected[pole.start : pole.end] == "wijst"]
    (theirs,) = [pole for pole in poles_in(approved) if approved[pole.start : pole.end] == "keurt"]
    axes = dict(mine.axes)
    assert any(axes.get(number) == -side for number, side in theirs.axes)


def test_each_signal_has_a_weight_and_none_against_its_direction() -> None:
    measured = gather("Koren kregen maximaal 1.800 euro.", "nl", [CHOIRS])
    assert set(fitted().weights) == set(measured.signals)
    for name, weight in fitted().weights.items():
        assert weight <= 0 if name in FALLING else weight >= 0, name


def test_a_figure_that_stands_nowhere_is_stopped_whatever_else_is_alike() -> None:
    assert {"figure_absent", "name_absent", "address", "figure_limit"} <= CERTAIN
    assert set(RULES) > SOFT and not (SOFT | set(WEIGHED) | SWAPS) & CERTAIN
    _, end = next(iter(split_sentences(CHOIRS.text)))
    sentence = CHOIRS.text[:end].replace("1.800", "1.900")
    assert [fault.words for fault in check(sentence, "nl", [CHOIRS])] == ["1.900 euro"]


def pair(number: int, sentence: str, change: str | None) -> Pair:
    """A judged pair about the campus, of one of two writers."""
    cited = (CitedText(CAMPUS.text, "en"),)
    verdict = "changed" if change else "holds"
    return Pair(f"{'ab'[number % 2]}-{number}", "en", sentence, cited, verdict, change, "")  # type: ignore[arg-type]


PAIRS = [
    pair(number, sentence, change)
    for number, (sentence, change) in enumerate(
        [
            ("The union accepted the first offer.", "polarity"),
            ("Brackwater Press supplied the photographs.", "name"),
            ("Marlin & Co wrote the texts.", "name"),
            ("The Perth campus stays open after June 2026.", "polarity"),
            ("The union turned down the first offer.", None),
            ("Courses move to Stirling.", None),
            ("Brackwater Press wrote the texts.", None),
            ("The Perth campus closes at the end of June 2026.", None),
        ]
        * 3
    )
]


def test_a_fit_on_judged_pairs_stops_more_changed_than_honest_sentences() -> None:
    examples = [example(one) for one in PAIRS]
    weights = weights_of(plain_weights(examples, 0.5))
    changed = [weights.probability(one.signals) for one in examples if one.changed]
    honest = [weights.probability(one.signals) for one in examples if not one.changed]
    assert sum(changed) / len(changed) > sum(honest) / len(honest)
    assert all(0 <= one <= 1 for one in cross_validated(examples))


def test_the_command_writes_weights_with_the_threshold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "pairs.jsonl", tmp_path / "weights.json"
    rows = [
        {
            "id": one.id,
            "language": one.language,
            "sentence": one.sentence,
            "passages": [{"text": CAMPUS.text, "language": "en"}],
            "verdict": one.verdict,
            "change": one.change,
            "why": "test",
        }
        for one in PAIRS
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["--pairs", str(file), "--threshold", "0.4", "--out", str(out)]) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["threshold"] == 0.4
    assert "not in rules" in capsys.readouterr().out
    assert main(["--pairs", str(tmp_path / "absent.jsonl"), "--out", str(out)]) == 2
