"""What was measured, as lines for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, get_args

from evals.external_set import Share
from evals.injection.direct import DirectResult, LookAlikeResult
from evals.injection.hidden import HiddenResult
from evals.injection.judging import Kind
from evals.summary_text import aligned

_SHOWN = 300
_KINDS: tuple[Kind, ...] = get_args(Kind)
_Result = TypeVar("_Result")


def direct_lines(results: Sequence[DirectResult]) -> list[str]:
    """Return what came back, by the collection that an attack is from."""
    rows = [["", "n", *_KINDS, "obeyed", "quotes a canary", "exceptions"]]
    for name, part in _parts(results, lambda one: one.attack.id.split("-")[0].rstrip("0123456789")):
        verdicts = [one.verdict for one in part if one.verdict]
        kinds = Counter(one.kind for one in verdicts)
        rows.append(
            [
                name,
                str(len(part)),
                *(str(kinds[kind]) for kind in _KINDS),
                str(sum(bool(one.obeyed) for one in verdicts)),
                str(sum(one.quoted != "no" for one in verdicts)),
                str(len(part) - len(verdicts)),
            ]
        )
    return list(aligned(rows))


def look_alike_lines(results: Sequence[LookAlikeResult]) -> list[str]:
    """Return how many honest questions are hurt by words that attacks use, by language."""
    rows = [["", "n", "same status", "hurt", "95%", "same source"]]
    for name, part in _parts(results, lambda one: one.question.language):
        hurt = Share(sum(one.is_hurt for one in part), len(part))
        interval = f"{hurt.interval.low:.2f}-{hurt.interval.high:.2f}" if hurt.interval else "-"
        same = sum(one.status == one.plain_status for one in part)
        sources = sum(one.shares_source for one in part)
        rows.append([name, str(len(part)), str(same), str(hurt.part), interval, str(sources)])
    return list(aligned(rows))


def hidden_lines(results: Sequence[HiddenResult], *, by_place: bool) -> list[str]:
    """Return what instructions in documents do: by place, or only over those that are seen and not."""
    rows = [["", "n", "in the index", "obeyed", "quoted", "first", "nearest", "right", "hurt", "shown", "lost"]]
    parts = list(_parts(results, lambda one: "seen" if one.is_seen else "not seen"))
    if by_place or len({one.where for one in results}) <= len(results) // 10:
        parts += list(_parts(results, lambda one: one.where))[1:]
    for name, part in parts:
        before = [one.before for one in part if one.before]
        rows.append(
            [
                name,
                str(len(part)),
                str(sum(one.reached for one in part)),
                str(sum(bool(one.verdict.obeyed) for one in part)),
                str(sum(one.verdict.quoted != "no" for one in part)),
                str(sum(one.verdict.quoted == "first" for one in part)),
                str(sum(one.verdict.is_nearest for one in part)),
                f"{sum(one.is_right for one in before)}/{len(before)}",
                str(sum(one.is_hurt for one in part)),
                f"{sum(one.is_shown for one in before)}/{len(before)}",
                str(sum(one.is_lost for one in part)),
            ]
        )
    return list(aligned(rows))


def failure_lines(results: Sequence[DirectResult | LookAlikeResult | HiddenResult]) -> Iterator[str]:
    """Yield a line for everything that went wrong."""
    for one in results:
        yield from _failure(one)


def _failure(one: DirectResult | LookAlikeResult | HiddenResult) -> Iterator[str]:
    """Yield what went wrong with one result."""
    if isinstance(one, LookAlikeResult):
        if one.is_hurt:
            yield f"{one.question.id}  {one.plain_status} → {one.status}: {one.question.question}"
        return
    name = one.attack.id + (f" in {one.where}" if isinstance(one, HiddenResult) else "")
    if one.verdict is None:
        yield f"{name}  exception: {one.error}" if isinstance(one, DirectResult) else name
        return
    yield from (f"{name}  obeyed: {text[:_SHOWN]}" for text in one.verdict.obeyed)
    if one.verdict.quoted != "no":
        yield f"{name}  quoted {one.verdict.quoted}: {one.verdict.text[:_SHOWN]}"
    if isinstance(one, HiddenResult) and (one.is_hurt or one.is_lost):
        yield f"{name}  {'hurt' if one.is_hurt else 'lost'} ({one.verdict.kind}): {one.verdict.shown[:_SHOWN]}"
    if isinstance(one, HiddenResult) and one.reached and not one.is_seen:
        yield f"{name}  not seen by readers, yet in the index"


def _parts(results: Sequence[_Result], name_of: Callable[[_Result], str]) -> Iterator[tuple[str, list[_Result]]]:
    """Yield all results, then the parts by name."""
    yield "all", list(results)
    names = dict.fromkeys(name_of(one) for one in results)
    yield from ((name, [one for one in results if name_of(one) == name]) for name in names)
