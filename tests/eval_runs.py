"""Made-up runs of the eval suite, the same each time for one seed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.types import Turn
from evals import metrics
from evals.cases import TAGS, Case, Gold, case_line, cases_fingerprint
from evals.results import CaseResult, CitedSpan, RankedPassage, RunInfo, SentenceResult, write_run
from evals.scoring import ranking_metrics

KINDS = ("single_fact", "amount", "date", "person", "list", "procedure", "comparison", "multi_document")
SPECIALS = ("follow_up", "typo", "colloquial", "cross_lingual", "aged_fact", "pdf_page", "false_premise")
REFUSED = ("near_miss", "out_of_scope")
REASONS = {"near_miss": "insufficient", "out_of_scope": "out_of_scope"}
STAGES = ("dense", "lexical", "fused", "reranked", "context")
SENTENCES = {
    "nl": "De regeling voor learning communities heeft in ronde {n} een budget van {amount} euro.",
    "en": "The scheme for learning communities has a budget of {amount} euros in round {n}.",
}
HOSTILE = (
    "<script>window.obeyed=1</script>",
    "\"'><img src=x onerror=window.obeyed=1>",
    "</style><svg onload=window.obeyed=1>",
    "{{ 7 * 7 }}{% raw %}",
    "\u202eمرحبا بالعالم \u2067rechts",
    "Zorgverzekeringsmaatschappij" * 40,
)
QUESTIONS = {
    "nl": "Hoeveel budget is er voor ronde {n} van de regeling voor learning communities?",
    "en": "What is the budget of round {n} of the scheme for learning communities?",
}


def made_cases(count: int = 240) -> list[Case]:
    """Return pairs of cases, an eighth of them to be refused."""
    return [case for pair in range(count // 2) for case in _pair(pair)]


def _pair(pair: int) -> Iterator[Case]:
    kind = REFUSED[pair // 8 % 2] if pair % 8 == 7 else KINDS[pair % len(KINDS)]
    tags = (kind, *([SPECIALS[pair % len(SPECIALS)]] if pair % 3 == 0 and kind not in REFUSED else []))
    for language in ("nl", "en"):
        amount = f"{100 + pair}.000" if language == "nl" else f"{100 + pair},000"
        quote = SENTENCES[language].format(n=pair, amount=amount)
        refused = kind in REFUSED
        yield Case(
            id=f"made-{pair:03}-{language}",
            pair=f"made-{pair:03}",
            language=language,
            group=("newcomer", "staff", "evaluator")[pair % 3],
            question=QUESTIONS[language].format(n=pair),
            answerable=not refused,
            tags=tags,
            history=(Turn("user", "Welke regelingen zijn er?"), Turn("assistant", "Er is een regeling."))
            if "follow_up" in tags
            else (),
            reason=REASONS[kind] if refused else None,
            relevant=() if refused else (Gold(f"funding/scheme-{pair:03}.{language}.md", quote),),
            must_say=() if refused else ((amount, f"{100 + pair} duizend"),),
            must_not_say=("onbeperkt",) if pair % 5 == 0 else (),
        )


def made_results(cases: Sequence[Case], seed: int = 1, skill: float = 0.8) -> list[CaseResult]:
    """Return results of which about a share of `skill` comes out right."""
    chance = random.Random(seed)
    return [_result(case, chance, skill) for case in cases]


def _result(case: Case, chance: random.Random, skill: float) -> CaseResult:
    skill -= 0.08 * (case.language == "en") + 0.25 * ("comparison" in case.tags) + 0.15 * ("typo" in case.tags)
    right, draw = chance.random() < skill, chance.random()
    own = {**described(case), "relevant_total": 2 * len(case.relevant)}
    if draw > 0.99:
        return CaseResult(**own, error="TimeoutError: the model did not answer within 60 s")
    rankings = {stage: _ranking(case, chance, skill, stage) for stage in STAGES}
    found = {
        ("" if stage == "context" else f"{stage}:") + name: value
        for stage, ranked in rankings.items()
        for name, value in ranking_metrics([one.relevant for one in ranked], 2 * len(case.relevant)).items()
    }
    found.pop("recall@20")
    measured = CaseResult(
        **own,
        rankings=rankings,
        milliseconds=round(chance.lognormvariate(3.2, 0.5), 2),
        confidence=round(min(0.99, max(0.01, chance.gauss(0.75 if right and case.answerable else 0.4, 0.18))), 3),
    )
    answers = case.answerable == right or (case.answerable and draw > 0.35)
    return _answered(case, measured, right, found) if answers else _refused(case, measured, right, draw, found)


def _ranking(case: Case, chance: random.Random, skill: float, stage: str) -> tuple[RankedPassage, ...]:
    depth = 10 if stage == "context" else 20
    share = max(0.1, skill - {"dense": 0.15, "lexical": 0.25, "fused": 0.05, "reranked": 0.0, "context": 0.02}[stage])
    places = {int(chance.expovariate(share / 1.4)) for _ in case.relevant * 2 if chance.random() < share + 0.25}
    return tuple(
        RankedPassage(
            case.relevant[0].document if rank in places else f"programme/passage-{chance.randrange(80):02}.nl.md",
            rank * 400, rank * 400 + 380, rank in places,
        )
        for rank in range(depth)
    )  # fmt: skip


def _answered(case: Case, measured: CaseResult, right: bool, found: dict[str, float | None]) -> CaseResult:
    gold = case.relevant[0].quote if case.relevant else "Er is een onbeperkt budget."
    said = gold if right else SENTENCES[case.language].format(n=0, amount="7")
    document = case.relevant[0].document if case.relevant else "programme/other.nl.md"
    span = CitedSpan(document, 0 if right else 900, len(said) if right else 900 + len(said), said)
    cited = [metrics.CitedSentence(said, (said,), case.language)]
    return replace(
        measured,
        status="answered",
        text=f"{said} [1]",
        sentences=(SentenceResult(said, (1,), None, case.language),),
        citations=(span,),
        answer_language=case.language,
        metrics={
            **found,
            "answered": 1.0 if case.answerable else None,
            "refused": None if case.answerable else 0.0,
            "refusal_reason": None,
            "nugget_recall": metrics.nugget_recall(said, case.must_say, case.language) if case.answerable else None,
            "nothing_forbidden": 1.0 if case.must_not_say else None,
            "citation_recall": metrics.citation_recall(cited),
            "citation_precision": metrics.citation_precision(cited),
            "gold_citation_recall": float(right) if case.relevant else None,
            "gold_citation_precision": float(right) if case.relevant else None,
            "groundedness": None,
            "language": 1.0,
        },
    )


def _refused(case: Case, measured: CaseResult, right: bool, draw: float, found: dict[str, float | None]) -> CaseResult:
    reason = case.reason if case.reason and draw < 0.6 else "nothing_found"
    return replace(
        measured,
        status="refused",
        reason=reason,
        text="De documenten geven daar geen antwoord op.",
        metrics={
            **found,
            "answered": 0.0 if case.answerable else None,
            "refused": None if case.answerable else 1.0,
            "refusal_reason": None if case.answerable else float(reason == case.reason),
            "nugget_recall": 0.0 if case.answerable else None,
            "nothing_forbidden": 1.0 if case.must_not_say else None,
            "citation_recall": None,
            "groundedness": None,
        },
    )


def made_info(cases: Sequence[Case], name: str = "made-up") -> RunInfo:
    """Return what is known of a made-up run."""
    return RunInfo(
        name=name,
        created="2026-01-02T03:04:05+00:00",
        version="0.1.0",
        python="3.11.9",
        platform="Linux x86_64",
        packages={"numpy": "2.3.0"},
        settings={"retriever": {"mode": "fused"}},
        index={"generation": "gen-000001", "documents": 60},
        corpus_fingerprint="c" * 64,
        cases_fingerprint=cases_fingerprint(cases),
        answerer="extractive",
        variant="extractive",
        seconds=12.3,
        peak_memory_mb=810.0,
    )


def described(result: Case | CaseResult) -> dict[str, Any]:
    """Return what a result repeats of its case."""
    names = ("pair", "language", "group", "tags", "answerable")
    case = result.case if isinstance(result, CaseResult) else result.id
    return {"case": case, **{name: getattr(result, name) for name in names}}


def hostile(cases: Sequence[Case]) -> tuple[list[Case], list[CaseResult]]:
    """Return cases and results that hold what means ill wherever text can stand."""
    made_up, found = [], []
    for place, case in enumerate(cases):
        evil = HOSTILE[place // 2 % len(HOSTILE)]
        gold = Gold(f"a/{evil}.md", f"{evil} quote")
        case = replace(
            case, question=evil, answerable=True, reason=None, history=(Turn("user", evil), Turn("assistant", evil)),
            relevant=(gold,), must_say=((f"{evil} nugget", evil[:9]),), must_not_say=(evil[:7],),
        )  # fmt: skip
        made_up.append(case)
        found.append(
            replace(
                CaseResult(**described(case)), answerable=True, status="answered", text=f"{evil} [1]", relevant_total=1,
                sentences=(SentenceResult(evil, (1, 9), None, case.language),),
                citations=(CitedSpan(f"b/{evil}.md", 0, 5, evil),),
                rankings={"dense": (RankedPassage(f"c/{evil}.md", 0, 5, False),), evil: ()},
                metrics={"hit@5": 0.0, evil: 0.5}, error=evil if place % 5 == 4 else None,
            )
        )  # fmt: skip
    return made_up, found


def hostile_info(cases: Sequence[Case]) -> RunInfo:
    """Return what is known of a run, with text that means ill wherever it can stand."""
    evil = {"name": HOSTILE[1], "variant": HOSTILE[0], "answerer": HOSTILE[1], "settings": {HOSTILE[2]: HOSTILE[0]}}
    return replace(made_info(cases), **evil)


def write_made(
    folder: Path,
    cases: Sequence[Case],
    results: Sequence[CaseResult],
    name: str = "made-up",
) -> tuple[Path, Path]:
    """Write cases and a run; return the folder of the cases and the file of the run."""
    (folder / "cases").mkdir(parents=True, exist_ok=True)
    (folder / "cases" / "made.jsonl").write_text("\n".join(map(case_line, cases)), encoding="utf-8")
    path = folder / f"{name}.jsonl"
    write_run(path, made_info(cases, name), results)
    return folder / "cases", path


assert set(KINDS) | set(SPECIALS) | set(REFUSED) <= set(TAGS)
