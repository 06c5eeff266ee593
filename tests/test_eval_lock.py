import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InputError
from assistant.types import Fault
from evals.__main__ import main
from evals.lock.measure import check_all, scores, times
from evals.lock.pairs import TEST_PAIRS, Pair, read_pairs

PASSAGE = "De subsidie bedraagt ten hoogste 25.000 euro per school."
SHIPPED = {"dev": TEST_PAIRS.with_name("dev.jsonl"), "test": TEST_PAIRS}


def pair(name: str = "p1", **changes: Any) -> dict[str, Any]:
    made = {
        "id": name,
        "language": "nl",
        "sentence": "Een school krijgt ten hoogste 25.000 euro subsidie.",
        "passages": [{"text": PASSAGE, "language": "nl"}],
        "verdict": "holds",
        "change": None,
        "why": "reordered",
    }
    return {**made, **changes}


def changed(name: str, **changes: Any) -> dict[str, Any]:
    wrong = {"sentence": "De subsidie bedraagt ten hoogste 75.000 euro per school.", "why": "amount"}
    return pair(name, **{"verdict": "changed", "change": "number", **wrong, **changes})


def written(folder: Path, *rows: Any, name: str = "pairs.jsonl") -> Path:
    path = folder / name
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def stops_75(one: Pair) -> tuple[Fault, ...]:
    return (Fault("figure", "75.000"),) if "75.000" in one.sentence else ()


def test_the_command_stops_a_changed_amount_and_passes_the_passage_s_own_words(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = written(tmp_path, pair("same", sentence=PASSAGE), changed("other"))
    assert main(["lock", "--pairs", str(path), "--json", "--failures"]) == 0
    found = json.loads(capsysbinary.readouterr().out)
    assert found["pairs"] == 2
    assert found["failures"] == []
    everything = found["scores"][0]
    assert everything["part"] == "all"
    assert (everything["recall"]["stopped"], everything["recall"]["n"]) == (1, 1)
    assert (everything["false_alarms"]["stopped"], everything["false_alarms"]["n"]) == (0, 1)
    assert everything["recall"]["interval"][0] == pytest.approx(0.2065, abs=1e-4)


def test_failures_are_listed_with_what_was_missed_and_the_passage(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    judged_wrongly = pair("wrong", sentence=PASSAGE, verdict="changed", change="condition", why="nothing changed")
    path = written(tmp_path, judged_wrongly, changed("fine"))
    assert main(["lock", "--pairs", str(path), "--failures"]) == 0
    out = capsysbinary.readouterr().out.decode("utf-8")
    assert f"wrong  missed condition: {PASSAGE}" in out
    assert f"nl: {PASSAGE}" in out
    assert "fine" not in out
    assert "2 sentences: median" in out


def test_a_false_alarm_is_shown_with_the_words_that_were_held_against_it(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = written(tmp_path, changed("alarm", verdict="holds", change=None))
    assert main(["lock", "--pairs", str(path), "--failures"]) == 0
    out = capsysbinary.readouterr().out.decode("utf-8")
    assert "alarm  false alarm:" in out
    assert "found: figure" in out


def test_scores_count_by_verdict_kind_of_change_and_language(tmp_path: Path) -> None:
    english = [{"text": "The grant is at most 25,000 euros.", "language": "en"}]
    rows = (
        pair("h1"),
        pair("h2", sentence="Het gaat niet om 75.000 euro."),
        changed("c1"),
        changed("c2", sentence="De subsidie bedraagt 75 euro."),
        changed("c3", change="condition", passages=english),
        changed("c4", language="en", change="name", sentence="The Council pays.", passages=english),
    )
    by_part = {row.part: row for row in scores(check_all(read_pairs([written(tmp_path, *rows)]), stops_75))}
    counts = {
        part: (row.recall.part, row.recall.n, row.false_alarms.part, row.false_alarms.n)
        for part, row in by_part.items()
    }
    assert counts == {
        "all": (2, 4, 1, 2),
        "number": (1, 2, 0, 0),
        "date": (0, 0, 0, 0),
        "name": (0, 1, 0, 0),
        "polarity": (0, 0, 0, 0),
        "condition": (1, 1, 0, 0),
        "nl": (1, 2, 1, 2),
        "en": (0, 1, 0, 0),
        "across": (1, 1, 0, 0),
    }
    assert by_part["date"].recall.value is None
    assert by_part["date"].recall.interval is None


def test_the_time_is_per_sentence_and_leaves_out_what_is_loaded_at_the_first(tmp_path: Path) -> None:
    asked: list[str] = []

    def check(one: Pair) -> tuple[Fault, ...]:
        asked.append(one.id)
        return ()

    checked = check_all(read_pairs([written(tmp_path, pair("a"), pair("b"))]), check)
    assert asked == ["a", "a", "b"]
    taken = times(checked)
    assert 0 < taken.median <= taken.p95


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: Invalid JSON"),
        (pair("x", verdict="true"), "line 2: verdict"),
        (pair("x", verdict="changed"), '"change" says what was changed'),
        (pair("x", change="number"), '"change" says what was changed'),
        (pair("x", passages=[]), "at least one passage"),
        (pair("x", passages=[{"text": " ", "language": "nl"}]), "passages.0.text"),
        (pair("x", language="de"), "line 2: language"),
        (pair("x", sentence=""), "line 2: sentence"),
        (pair("x", remark="?"), "line 2: remark"),
        (pair("p1"), 'the id "p1" stands in'),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, line: Any, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_pairs([written(tmp_path, pair("p1"), line)])
    assert "pairs.jsonl, line 2" in str(caught.value)
    assert said in str(caught.value)


def test_an_id_may_stand_in_one_of_several_files_only(tmp_path: Path) -> None:
    first, second = written(tmp_path, pair("p1")), written(tmp_path, pair("p1"), name="more.jsonl")
    with pytest.raises(InputError, match=r"more\.jsonl, line 1.*pairs\.jsonl, line 1"):
        read_pairs([first, second])


def test_an_empty_or_missing_file_ends_the_command_with_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lock", "--pairs", str(written(tmp_path, ""))]) == 2
    assert "holds no pairs" in capsys.readouterr().err
    assert main(["lock", "--pairs", str(tmp_path / "absent.jsonl")]) == 2
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "size"), [("dev", 1000), ("test", 600)])
def test_a_shipped_set_is_half_honest_and_spread_over_changes_and_languages(name: str, size: int) -> None:
    pairs = read_pairs([SHIPPED[name]])
    assert len(pairs) == size
    assert Counter(one.verdict for one in pairs) == {"holds": size // 2, "changed": size // 2}
    for kind, n in Counter(one.change for one in pairs if one.change).items():
        assert n == pytest.approx(size / 10, rel=0.1), kind
    for verdict in ("holds", "changed"):
        directions = Counter(one.direction for one in pairs if one.verdict == verdict)
        for direction, share in (("nl", 5), ("en", 5), ("across", 10)):
            assert directions[direction] == pytest.approx(size / share, rel=0.15), direction


@pytest.mark.parametrize("name", SHIPPED)
def test_no_sentence_of_a_shipped_set_is_its_passage_word_for_word(name: str) -> None:
    for one in read_pairs([SHIPPED[name]]):
        assert not any(one.sentence in passage.text for passage in one.passages), one.id


def test_the_shipped_sets_share_no_id_no_sentence_and_no_passage() -> None:
    dev, test = (read_pairs([path]) for path in SHIPPED.values())
    assert not {one.id for one in dev} & {one.id for one in test}
    sentences = [one.sentence.casefold() for one in (*dev, *test)]
    assert len(sentences) == len(set(sentences))
    texts = ({passage.text for one in pairs for passage in one.passages} for pairs in (dev, test))
    used, unseen = texts
    assert not any(a in b or b in a for a in used for b in unseen)
