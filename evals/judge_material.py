"""What the judge reads of a case and its answer, kept apart from what it is told to do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from evals.cases import Case
from evals.judge_client import Message, Verdict
from evals.results import CaseResult

_ANSWERED: tuple[Verdict, ...] = ("correct", "partial", "wrong")
_REFUSED: tuple[Verdict, ...] = ("refusal_ok", "refusal_wrong")


def offered(result: CaseResult) -> tuple[Verdict, ...]:
    """Return the verdicts that fit what the assistant did: no words of an answer make it a refusal."""
    return _ANSWERED if result.status in ("answered", "partial") else _REFUSED


def messages(instructions: str, case: Case, result: CaseResult) -> list[Message]:
    """Return the conversation with the judge: the instructions, then the material in blocks.

    The boundary of the blocks is a hash of all of the material, so no part of it can hold the boundary.
    """
    blocks = list(_blocks(case, result))
    digest = hashlib.sha256("\0".join(part for block in blocks for part in block).encode("utf-8", "surrogatepass"))
    boundary = digest.hexdigest()[:24]
    parts = [f"Boundary: {boundary}"]
    parts += [f"[{name} {boundary}]\n{text}\n[/{name} {boundary}]" for name, text in blocks]
    parts.append(f"Judge the ANSWER. Offered verdicts: {', '.join(offered(result))}. Reply with the JSON object only.")
    return [{"role": "system", "content": instructions}, {"role": "user", "content": "\n\n".join(parts)}]


def _blocks(case: Case, result: CaseResult) -> Iterator[tuple[str, str]]:
    """Yield name and text of each block that has any."""
    if case.history:
        yield "CONVERSATION", "\n".join(f"{turn.role}: {turn.content}" for turn in case.history)
    yield "QUESTION", case.question
    yield "EXPECTED", "an answer" if case.answerable else f"no answer in the documents ({case.reason})"
    if case.relevant:
        yield "GOLD", "\n".join(one.quote for one in case.relevant)
    if case.must_say:
        yield "MUST_SAY", "\n".join(" | ".join(nugget) for nugget in case.must_say)
    if case.must_not_say:
        yield "MUST_NOT_SAY", "\n".join(case.must_not_say)
    yield "ANSWER", result.text


def rule_verdict(result: CaseResult) -> Verdict | None:
    """Return the verdict that follows from the deterministic metrics; None where they do not decide.

    An answer with all nuggets is correct, with some partial, with none wrong, and wrong where it says
    something forbidden or should have been a refusal. Without nuggets an answer is not decided.
    """
    if offered(result) == _REFUSED:
        return "refusal_wrong" if result.answerable else "refusal_ok"
    recall = result.metrics.get("nugget_recall")
    if not result.answerable or result.metrics.get("nothing_forbidden") == 0 or recall == 0:
        return "wrong"
    if recall is None:
        return None
    return "correct" if recall == 1 else "partial"


def judged_cases(
    cases: Sequence[Case], results: Sequence[CaseResult], limit: int | None
) -> list[tuple[Case, CaseResult]]:
    """Return the answers that can be judged, with their cases; exceptions are left out."""
    by_id = {case.id: case for case in cases}
    found = [(by_id[one.case], one) for one in results if one.case in by_id and one.status is not None]
    return found[:limit]
