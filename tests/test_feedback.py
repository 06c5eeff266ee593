"""Feedback is kept masked, for a limited time, and by many at once."""

import sqlite3
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InputError
from assistant.feedback import (
    MESSAGE,
    Assessment,
    FeedbackStore,
    Mark,
    Rating,
    open_feedback,
    summarise,
    total,
)
from assistant.settings import FeedbackSettings
from assistant.types import Answer, Citation, Sentence, Turn

QUOTE = "De pilot kostte 850.000 euro."
CITED = Citation(1, "money.nl.md", "Geld", None, None, None, QUOTE, 0, len(QUOTE), "x", 1.0, "nl")
ANSWER = Answer(
    "Wat kostte de pilot? Mail jan@voorbeeld.nl of bel 06-12345678",
    "nl",
    "wat kostte de pilot jan@voorbeeld.nl",
    "answered",
    (Sentence(QUOTE, (1,), "nl"), Sentence("Bel 020-1234567.", (1,), "nl")),
    (CITED,),
    index="gen-000003",
)
REFUSAL = Answer(
    "Is er taart?", "nl", "Is er taart?", "refused", nearest=(CITED,), reason="nothing_found", message="Nee."
)


def settings(folder: Path, **changes: Any) -> FeedbackSettings:
    return FeedbackSettings(database=f"sqlite:///{folder / 'kept' / 'feedback.db'}", **changes)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FeedbackStore]:
    made = FeedbackStore(settings(tmp_path))
    yield made
    made.close()


def file_of(folder: Path) -> Path:
    return folder / "kept" / "feedback.db"


def age(folder: Path, entry: str, days: int) -> None:
    """Make an entry look older, as only time could."""
    connection = sqlite3.connect(file_of(folder))
    moment = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=days)
    connection.execute("UPDATE feedback_entries SET created = ? WHERE id = ?", (str(moment), entry))
    connection.commit()
    connection.close()


def test_nothing_is_made_where_nobody_has_said_anything(tmp_path: Path) -> None:
    store = FeedbackStore(settings(tmp_path))
    store.expire()
    assert not file_of(tmp_path).parent.exists()
    store.close()


@pytest.mark.parametrize(
    "given",
    [Assessment(ANSWER, right_answer="a" * 2001), Assessment(ANSWER, expected="maybe")],  # type: ignore[arg-type]
)
def test_a_correction_that_is_none_is_refused(store: FeedbackStore, given: Assessment) -> None:
    with pytest.raises(InputError, match=r"2001 characters|no kind of answer"):
        store.save(given)


def test_a_rating_comes_back_masked_and_otherwise_whole(store: FeedbackStore) -> None:
    turns = (Turn("user", "Ik ben bereikbaar op +31 6 12345678"), Turn("assistant", "Dat staat er niet.", refused=True))
    before = datetime.now(UTC)
    entry = store.save(Rating(ANSWER, False, ("outdated", "other"), " Mijn BSN is 123456782. ", turns))
    (kept,) = store.entries()
    assert (kept.id, kept.kind, kept.helpful, kept.reasons) == (entry, "rating", False, ("outdated", "other"))
    assert kept.comment == "Mijn BSN is [BSN]."
    assert kept.answer["question"] == "Wat kostte de pilot? Mail [e-mail] of bel [tel]"
    assert kept.answer["search_query"] == "wat kostte de pilot [e-mail]"
    assert kept.answer["citations"][0]["quote"] == QUOTE and kept.answer["index"] == "gen-000003"
    assert [turn["content"] for turn in kept.history] == ["Ik ben bereikbaar op [tel]", "Dat staat er niet."]
    assert kept.history[1]["refused"] and abs(kept.created - before) < timedelta(seconds=60)


def test_no_byte_of_the_file_holds_personal_data(store: FeedbackStore, tmp_path: Path) -> None:
    store.save(Assessment(ANSWER, comment="Bel 06-87654321", evaluator="a@b.nl"))
    store.close()
    content = file_of(tmp_path).read_bytes()
    for secret in (b"voorbeeld.nl", b"12345678", b"1234567", b"87654321", b"a@b.nl"):
        assert secret not in content


def test_what_is_removed_is_gone_from_the_file(store: FeedbackStore, tmp_path: Path) -> None:
    entry = store.save(Rating(ANSWER, True, comment="zeldzaamwoord"))
    assert b"zeldzaamwoord" in file_of(tmp_path).read_bytes()
    assert store.withdraw(entry) and not store.withdraw(entry)
    store.close()
    assert b"zeldzaamwoord" not in file_of(tmp_path).read_bytes()


def test_only_its_owner_enters_the_folder(store: FeedbackStore, tmp_path: Path) -> None:
    store.count()
    assert stat.S_IMODE(file_of(tmp_path).parent.stat().st_mode) == 0o700


def test_a_change_of_mind_replaces_what_was_said(store: FeedbackStore) -> None:
    entry = store.save(Rating(ANSWER, True))
    assert store.save(Rating(ANSWER, False, ("incorrect",)), replaces=entry) == entry
    assert [kept.helpful for kept in store.entries()] == [False]


def test_scores_come_back_and_are_replaced_with_their_entry(store: FeedbackStore) -> None:
    first = (Mark("sentence", 1, 100), Mark("sentence", 2, 0), Mark("citation", 1, 25))
    entry = store.save(Assessment(ANSWER, first, "Noor", for_evals=True))
    (kept,) = store.entries()
    assert (kept.marks, kept.evaluator, kept.for_evals) == (first, "Noor", True)
    store.save(replace(Assessment(ANSWER, first[:1])), replaces=entry)
    assert [kept.marks for kept in store.entries()] == [first[:1]]


def test_the_total_is_three_quarters_sentences_and_one_quarter_citations() -> None:
    marks = [Mark("sentence", 1, 100), Mark("sentence", 2, 0), Mark("citation", 1, 20)]
    assert total(marks) == 57.5 and total(marks[:2]) is None and total(()) is None
    assert total([Mark("sentence", 1, 100), Mark("citation", 1, 25)]) == 100


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Rating(ANSWER, True, ("incorrect",)), "'incorrect' is no reason"),
        (Rating(ANSWER, False, comment="x" * 2001), "2001 characters"),
        (Assessment(ANSWER, (Mark("sentence", 3, 100),)), "no sentence 3"),
        (Assessment(ANSWER, (Mark("sentence", MESSAGE, 100),)), "no sentence 0"),
        (Assessment(ANSWER, (Mark("citation", 1, 100),)), "100 is no score"),
        (Assessment(ANSWER, (Mark("citation", 1, 25), Mark("citation", 1, 0))), "twice"),
        (Assessment(ANSWER, evaluator="x" * 101), "name is too long"),
    ],
)
def test_what_is_not_possible_for_the_answer_is_refused(
    store: FeedbackStore, given: Rating | Assessment, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        store.save(given)
    assert store.count() == 0


def test_a_refusal_is_scored_by_its_message_and_its_nearest_passages(store: FeedbackStore) -> None:
    marks = (Mark("sentence", MESSAGE, 0), Mark("citation", 1, 25))
    store.save(Assessment(REFUSAL, marks))
    assert [kept.marks for kept in store.entries()] == [marks]


def test_an_id_that_is_none_of_ours_is_refused(store: FeedbackStore) -> None:
    with pytest.raises(InputError, match="not known"):
        store.save(Rating(ANSWER, True), replaces="1 OR 1=1")


@pytest.mark.parametrize("text", ["\x00nul", "half \ud800 paar", "'); DROP TABLE feedback_entries;--", "🧁 ﷽ é", ""])
def test_any_text_can_be_kept(store: FeedbackStore, text: str) -> None:
    store.save(Rating(replace(ANSWER, question=text or "?"), True, comment=text))
    assert len(list(store.entries())) == 1


def test_more_than_one_page_comes_back_once_and_in_order(store: FeedbackStore) -> None:
    saved = {store.save(Rating(ANSWER, True)) for _ in range(450)}
    kept = list(store.entries())
    assert {one.id for one in kept} == saved and len(kept) == 450
    assert [one.created for one in kept] == sorted(one.created for one in kept)


def test_what_is_too_old_is_removed_on_opening(tmp_path: Path) -> None:
    first = FeedbackStore(settings(tmp_path))
    old, young = first.save(Rating(ANSWER, True)), first.save(Rating(ANSWER, True))
    first.close()
    age(tmp_path, old, 181)
    age(tmp_path, young, 179)
    for retention, expected in ((None, {old, young}), (180, {young})):
        store = FeedbackStore(settings(tmp_path, retention_days=retention))
        assert {one.id for one in store.entries()} == expected
        store.close()


def test_a_store_that_stays_open_removes_what_expires_meanwhile(tmp_path: Path) -> None:
    now = [0.0]
    store = FeedbackStore(settings(tmp_path), clock=lambda: now[0])
    age(tmp_path, store.save(Rating(ANSWER, True)), 200)
    assert store.count() == 1
    now[0] = 86_400
    assert store.count() == 0
    store.close()


def test_purge_removes_what_is_older_and_its_scores(store: FeedbackStore, tmp_path: Path) -> None:
    old = store.save(Assessment(ANSWER, (Mark("sentence", 1, 100),)))
    store.save(Rating(ANSWER, True))
    age(tmp_path, old, 40)
    assert store.purge(timedelta(days=30)) == 1 and store.count() == 1
    with sqlite3.connect(file_of(tmp_path)) as connection:
        assert connection.execute("SELECT count(*) FROM feedback_scores").fetchone() == (0,)
    connection.close()


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    stores = [FeedbackStore(settings(tmp_path, busy_seconds=30)) for _ in range(3)]
    with ThreadPoolExecutor(12) as pool:
        ids = list(pool.map(lambda n: stores[n % 3].save(Rating(ANSWER, n % 2 == 0)), range(60)))
    assert len(set(ids)) == 60 and stores[0].count() == 60
    for store in stores:
        store.close()


def test_off_is_off(tmp_path: Path) -> None:
    assert open_feedback(settings(tmp_path, enabled=False)) is None
    assert not file_of(tmp_path).exists()


def test_nothing_is_made_before_somebody_says_something(tmp_path: Path) -> None:
    store = open_feedback(settings(tmp_path))
    assert store is not None and not file_of(tmp_path).parent.exists()
    store.close()


def test_expired_feedback_is_removed_though_nobody_gives_any(tmp_path: Path) -> None:
    first = FeedbackStore(settings(tmp_path))
    age(tmp_path, first.save(Rating(ANSWER, True)), 200)
    first.close()
    store = FeedbackStore(settings(tmp_path))
    store.expire_daily()
    for _ in range(100):
        with sqlite3.connect(file_of(tmp_path)) as connection:
            left = connection.execute("SELECT count(*) FROM feedback_entries").fetchone()[0]
        connection.close()
        if not left:
            break
        time.sleep(0.05)
    store.close()
    assert left == 0


def test_the_summary_counts_by_rating_reason_language_status_and_week(store: FeedbackStore) -> None:
    store.save(Rating(ANSWER, True, ("clear",)))
    store.save(Rating(replace(ANSWER, language="en"), False, ("outdated",)))
    store.save(Rating(REFUSAL, False, ("outdated", "refused_wrongly")))
    store.save(Assessment(ANSWER, (Mark("sentence", 1, 80), Mark("citation", 1, 20)), for_evals=True))
    store.save(Assessment(ANSWER))
    found = summarise(store.entries())
    assert (found.ratings.helpful, found.ratings.unhelpful, found.ratings.share) == (1, 2, pytest.approx(1 / 3))
    assert found.reasons == {"outdated": 2, "clear": 1, "refused_wrongly": 1}
    assert {key: one.ratings for key, one in found.by_language.items()} == {"en": 1, "nl": 2}
    assert {key: one.ratings for key, one in found.by_status.items()} == {"answered": 2, "refused": 1}
    assert [one.ratings for one in found.by_week.values()] == [3]
    assert (found.assessments, found.for_evals, found.scored, found.mean_total) == (2, 1, 1, 80.0)
