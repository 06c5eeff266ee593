"""`python -m evals judge RUN`: a second opinion by a language model, advisory and never a gate."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from assistant.commands.common import DONE, PARTLY, write
from assistant.errors import InputError
from evals.agreement import Kappa, kappa
from evals.cases import Case, cases_fingerprint, read_cases
from evals.judge_client import KEY_VARIABLE, TEMPERATURE, JudgeClient, Judgement, NoReply, prompt, prompt_sha256
from evals.judge_material import judged_cases, messages, offered, rule_verdict
from evals.results import CaseResult, RunInfo, read_run

_FAILURES_IN_A_ROW = 3
_EXAMPLES = f"""An endpoint that wants a key gets it from the environment variable {KEY_VARIABLE}.

examples:
  python -m evals judge evals/runs/new.jsonl --endpoint http://127.0.0.1:8080/v1 --model qwen3-14b --limit 20
  python -m evals judge evals/runs/new.jsonl --endpoint https://api.example.org/v1 --model NAME-2026-01-01
"""


@dataclass(frozen=True, slots=True)
class JudgedCase:
    """A verdict beside what the deterministic metrics say."""

    result: CaseResult
    judgement: Judgement


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("results", type=Path, metavar="RUN", help="file of results")
    parser.add_argument("--endpoint", required=True, metavar="URL", help="of an OpenAI-compatible API, up to /v1")
    parser.add_argument(
        "--model", required=True, metavar="NAME", help="with its version: a bare name may become another model"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="judge the first N answers only")
    parser.add_argument("--out", type=Path, metavar="FILE", help="file of verdicts (default: RUN.judge.jsonl)")
    parser.add_argument("--cases", type=Path, default=Path("evals/cases"), metavar="DIR", help="default: evals/cases")
    parser.add_argument("--timeout", type=float, default=60, metavar="SECONDS", help="for one reply (default: 60)")


def run(arguments: argparse.Namespace) -> int:
    """Judge a run; returns 0, or 1 where answers stayed unscored."""
    if (arguments.limit is not None and arguments.limit < 1) or arguments.timeout <= 0:
        raise InputError("--limit takes a number of 1 or more, --timeout a number of seconds above 0.")
    info, results = read_run(arguments.results)
    cases = read_cases(arguments.cases)
    answers = judged_cases(cases, results, arguments.limit)
    asked = {one.case for one in results}
    if cases_fingerprint([case for case in cases if case.id in asked]) != info.cases_fingerprint:
        write("note: the cases have changed since the run; the judge reads them as they are now.")
    if not answers:
        raise InputError(f"{arguments.results} holds no answer to a case in {arguments.cases}; run these cases first.")
    out = arguments.out or arguments.results.with_suffix(".judge.jsonl")
    with JudgeClient(arguments.endpoint, arguments.model, arguments.timeout) as client:
        judged, problem = _judge_all(client, answers, info, out)
        for line in _summary(client, judged, len(answers)):
            write(line)
    if problem:
        write(f"stopped: {problem}")
    write(f"verdicts: {out}")
    return DONE if len(judged) == len(answers) and all(one.judgement.verdict for one in judged) else PARTLY


def _judge_all(
    client: JudgeClient, answers: Sequence[tuple[Case, CaseResult]], info: RunInfo, out: Path
) -> tuple[list[JudgedCase], str | None]:
    """Judge one answer after the other, each verdict written at once; stop where the endpoint has gone away.

    Returns what was judged, and why it stopped. Raises InputError where the very first request gets no reply.
    """
    instructions = prompt()
    judged: list[JudgedCase] = []
    failures = 0
    file: TextIO | None = None
    try:
        for case, result in answers:
            try:
                judgement = client.judge(messages(instructions, case, result), offered(result))
                failures = 0
            except NoReply as error:
                if not judged:
                    raise InputError(f"No verdict: {error}; check that {client.endpoint} is up.") from error
                judgement = Judgement(None, str(error), 1, None)
                failures += 1
            judged.append(JudgedCase(result, judgement))
            # Opened only now, so that an endpoint that is down leaves earlier verdicts alone.
            file = file or _opened(out, client, info)
            _write_row(file, _row(judged[-1]))
            if failures == _FAILURES_IN_A_ROW:
                return judged, f"{failures} requests in a row failed; the last: {judgement.reason}"
    finally:
        if file:
            file.close()
    return judged, None


def _opened(out: Path, client: JudgeClient, info: RunInfo) -> TextIO:
    """Open the file of verdicts and write what has to be known to repeat them."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        file = out.open("w", encoding="utf-8")
    except OSError as error:
        raise InputError(f"The verdicts cannot be written to {out} ({error.strerror}); name another file.") from error
    head = {
        "model": client.model,
        "endpoint": client.endpoint,
        "temperature": TEMPERATURE,
        "prompt_sha256": prompt_sha256(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "run": info.name,
        "cases_fingerprint": info.cases_fingerprint,
    }
    _write_row(file, {"judge": head})
    return file


def _write_row(file: TextIO, row: dict[str, Any]) -> None:
    """Write one line at once, so that a stop loses nothing."""
    file.write(json.dumps(row, ensure_ascii=False) + "\n")
    file.flush()


def _row(one: JudgedCase) -> dict[str, Any]:
    """Return a verdict as it is kept."""
    return {"case": one.result.case, **asdict(one.judgement), "rules": rule_verdict(one.result)}


def _summary(client: JudgeClient, judged: Sequence[JudgedCase], total: int) -> Iterator[str]:
    """Yield the counts and the agreement with the deterministic metrics."""
    scored = [one for one in judged if one.judgement.verdict]
    models = ", ".join(sorted({one.judgement.model for one in judged if one.judgement.model})) or "no name"
    yield f"judge {client.model} (replied as {models}), temperature {TEMPERATURE}, prompt {prompt_sha256()[:12]}"
    yield f"{len(scored)} of {total} answers judged, {total - len(scored)} unscored"
    for language in ("nl", "en"):
        mine = Counter(one.judgement.verdict for one in scored if one.result.language == language)
        if mine:
            yield f"  {language}: " + ", ".join(f"{verdict} {count}" for verdict, count in mine.most_common())
    yield _agreement("all verdicts", scored)
    answered = [one for one in scored if one.result.status in ("answered", "partial")]
    yield _agreement("answers only", answered)
    apart = [one for one in scored if rule_verdict(one.result) not in (None, one.judgement.verdict)]
    for one in apart:
        verdicts = f"judge {one.judgement.verdict}, metrics {rule_verdict(one.result)}"
        yield f"  {one.result.case}: {verdicts}: {_printable(one.judgement.reason)}"
    yield "The judge is advisory: the gate does not read it."


def _printable(reason: str) -> str:
    """Return a model's words on one line, without what would steer a terminal."""
    return "".join(character for character in " ".join(reason.split()) if character.isprintable())


def _agreement(name: str, judged: Sequence[JudgedCase]) -> str:
    """Return one line on the agreement with the deterministic metrics, where these decide."""
    both = [(one, rules) for one in judged if (rules := rule_verdict(one.result)) is not None]
    found: Kappa = kappa(
        [str(one.judgement.verdict) for one, _ in both],
        [rules for _, rules in both],
        [one.result.pair for one, _ in both],
    )
    if found.value is None or found.agreement is None:
        return f"agreement with the metrics, {name}: no kappa (n {found.n})"
    ends = f" [{found.interval.low:.2f}, {found.interval.high:.2f}]" if found.interval else ""
    return (
        f"agreement with the metrics, {name}: kappa {found.value:.2f}{ends}, same {found.agreement:.0%} (n {found.n})"
    )
