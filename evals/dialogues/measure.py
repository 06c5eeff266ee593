"""Ask dialogues turn by turn, and count how many turns and dialogues came out right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.presenter import answer_text
from assistant.types import Answer, Status, Turn
from evals.cases import LANGUAGES, CaseLanguage
from evals.dialogues.dialogues import EXPECTATIONS, Dialogue, DialogueTurn, Expectation
from evals.dialogues.scoring import judge
from evals.external_set import Share

Ask = Callable[[str, Sequence[Turn]], Answer]
"""`Assistant.ask`: a question and the turns before it, oldest first."""


@dataclass(frozen=True, slots=True)
class TurnResult:
    """What came of one turn."""

    number: int
    """Counted from 1 within the dialogue."""
    language: CaseLanguage
    expect: Expectation
    question: str
    search_query: str = ""
    status: Status | None = None
    """None where asking ended in an exception."""
    message: str = ""
    text: str = ""
    """The whole reply as a person reads it, message included."""
    faults: tuple[str, ...] = ()
    nugget_recall: float | None = None
    error: str | None = None
    """The exception that asking ended in."""

    @property
    def right(self) -> bool:
        """Whether the reply does what the turn expects."""
        return self.error is None and not self.faults


@dataclass(frozen=True, slots=True)
class DialogueResult:
    """What came of the turns of one dialogue."""

    dialogue: Dialogue
    turns: tuple[TurnResult, ...]

    @property
    def right(self) -> bool:
        """Whether every turn is right."""
        return all(turn.right for turn in self.turns)


@dataclass(frozen=True, slots=True)
class Row:
    """How many turns of a part came out right."""

    part: str
    right: Share
    nugget_recall: float | None
    """Mean over the turns that have nuggets; None where none has."""


def ask_all(
    ask: Ask, dialogues: Sequence[Dialogue], tell: Callable[[int, str], None] = lambda done, name: None
) -> tuple[DialogueResult, ...]:
    """Ask all dialogues; an exception becomes the outcome of its turn, and the dialogue goes on without that turn.

    `tell` hears how many dialogues are done and which is next.
    """
    results = []
    for done, dialogue in enumerate(dialogues):
        tell(done, dialogue.id)
        results.append(DialogueResult(dialogue, tuple(_asked(ask, dialogue))))
    return tuple(results)


def turn_rows(results: Sequence[DialogueResult]) -> tuple[Row, ...]:
    """Return the turns that are right: all, by expectation, by language, and first turns beside those after them.

    Turns that ended in an exception are in no row, and a part without turns has none.
    """
    turns = [turn for result in results for turn in result.turns if turn.error is None]
    later = [turn for turn in turns if turn.number > 1]
    parts: list[tuple[str, Sequence[TurnResult]]] = [("all", turns)]
    parts += [(one, [turn for turn in turns if turn.expect == one]) for one in EXPECTATIONS]
    parts += [(one, [turn for turn in turns if turn.language == one]) for one in LANGUAGES]
    if later:
        parts += [("first turns", [turn for turn in turns if turn.number == 1]), ("later turns", later)]
    return tuple(_row(name, part) for name, part in parts if part)


def dialogue_rows(results: Sequence[DialogueResult]) -> tuple[tuple[str, Share], ...]:
    """Return the conversations of two turns or more that are wholly right: all, and by language.

    A conversation in which a turn ended in an exception is not right.
    """
    several = [result for result in results if len(result.turns) > 1]
    parts = [("all", several)]
    for language in LANGUAGES:
        own = [one for one in several if one.dialogue.language == language and not one.dialogue.mixed]
        parts.append((language, own))
    parts.append(("both", [one for one in several if one.dialogue.mixed]))
    return tuple((name, Share(sum(one.right for one in part), len(part))) for name, part in parts if part)


def pairs_right(results: Sequence[DialogueResult]) -> Share:
    """Return how many pairs of a Dutch and an English dialogue are right in both languages."""
    pairs: dict[str, list[DialogueResult]] = {}
    for result in results:
        pairs.setdefault(result.dialogue.pair, []).append(result)
    complete = [pair for pair in pairs.values() if len(pair) == len(LANGUAGES)]
    return Share(sum(all(one.right for one in pair) for pair in complete), len(complete))


def errors(results: Iterable[DialogueResult]) -> list[TurnResult]:
    """Return the turns that ended in an exception."""
    return [turn for result in results for turn in result.turns if turn.error is not None]


def _asked(ask: Ask, dialogue: Dialogue) -> Iterator[TurnResult]:
    """Ask the turns of a dialogue, each with what was really said before it as its history."""
    history: list[Turn] = []
    for number, turn in enumerate(dialogue.turns, start=1):
        language = dialogue.language_of(turn)
        try:
            answer = ask(turn.question, tuple(history))
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is an outcome, and the other turns go on
            message = " ".join(f"{type(error).__name__}: {error}".split())
            yield TurnResult(number, language, turn.expect, turn.question, error=message)
            continue
        history += said(turn.question, answer)
        yield _result(number, language, turn, answer)


def said(question: str, answer: Answer) -> tuple[Turn, Turn]:
    """Return a question and its reply as the next question's history, in the way the chat keeps them."""
    refused = answer.status in ("refused", "clarify")
    return Turn("user", question), Turn("assistant", answer_text(answer), refused=refused)


def _result(number: int, language: CaseLanguage, turn: DialogueTurn, answer: Answer) -> TurnResult:
    """Return the result of a turn that got a reply."""
    verdict = judge(turn, language, answer)
    return TurnResult(
        number=number,
        language=language,
        expect=turn.expect,
        question=turn.question,
        search_query=answer.search_query,
        status=answer.status,
        message=answer.message,
        text=answer_text(answer),
        faults=verdict.faults,
        nugget_recall=verdict.nugget_recall,
    )


def _row(part: str, turns: Sequence[TurnResult]) -> Row:
    """Count the turns of a part."""
    recalls = [turn.nugget_recall for turn in turns if turn.nugget_recall is not None]
    mean = sum(recalls) / len(recalls) if recalls else None
    return Row(part, Share(sum(turn.right for turn in turns), len(turns)), mean)
