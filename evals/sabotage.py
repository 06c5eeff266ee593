"""`python -m evals.sabotage`: put deliberate faults into a copy of the assistant and see whether the gate stops them.

Each fault is a change of the code, the corpus or a setting of the kind that happens by accident. What
does not touch the index is measured on the index of `--index`; for the others the copy is ingested
first, which takes some minutes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.commands.common import CANNOT_RUN, DONE, PARTLY, Parser, guarded, write
from assistant.errors import InputError

_ROOT = Path(__file__).parent.parent
_COPIED = ("assistant", "evals", "corpus")
_LINE = 180
"""Characters that are shown of what stopped a fault."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A change that makes the assistant worse."""

    name: str
    changes: tuple[tuple[str, str, str], ...] = ()
    """File, what stands there, and what takes its place."""
    settings: Mapping[str, str] = field(default_factory=dict)
    ingests: bool = False
    """Whether the fault reaches the index."""


FAULTS = (
    Fault(
        "the prompts of question and passage are swapped",
        (
            ("assistant/embedder/bundled.py", "self._engine.query(readable(text))", "self._swapped(text)"),
            (
                "assistant/embedder/bundled.py",
                "self._engine.passage([readable(text) for text in texts])",
                "[self._engine.query(readable(text)) for text in texts]",
            ),
            (
                "assistant/embedder/bundled.py",
                "    def count_tokens",
                "    def _swapped(self, text: str):\n        return self._engine.passage([readable(text)])[0]\n\n"
                "    def count_tokens",
            ),
        ),
        ingests=True,
    ),
    Fault("BM25 is off", settings={"ASSISTANT_RETRIEVER__MODE": "dense"}),
    Fault("Dutch is stemmed as English", (("assistant/lexical.py", '"nl": "dutch"', '"nl": "english"'),), ingests=True),
    Fault(
        "a passage loses its last sentence",
        (
            (
                "assistant/chunker.py",
                "tuple(unit.span for unit in units)",
                "tuple(one.span for one in units[:-1] or units)",
            ),
        ),
        ingests=True,
    ),
    Fault(
        "a wrong amount stands in the corpus, in both languages",
        (
            ("corpus/pilot/pilot-funding.nl.md", "850.000 euro", "580.000 euro"),
            ("corpus/pilot/pilot-funding.en.md", "850,000 euros", "580,000 euros"),
        ),
        ingests=True,
    ),
    Fault(
        "amounts are changed on the way to the answer",
        (("assistant/citations.py", "Sentence(quote.text,", 'Sentence(quote.text.replace("0", "1"),'),),
    ),
    Fault(
        "the lock is off, and amounts are changed on the way to the answer",
        (
            ("assistant/pipeline/composing.py", "return check(", "return () and check("),
            ("assistant/citations.py", "Sentence(quote.text,", 'Sentence(quote.text.replace("0", "1"),'),
        ),
    ),
    Fault(
        "nothing is ever refused",
        (("assistant/answerability/judgement.py", "if probability >= model.answered:", "if True:"),),
    ),
    Fault(
        "far too much is refused",
        (
            (
                "assistant/answerability/judgement.py",
                "probability = model.probability(signals)",
                "probability = 0.4 * model.probability(signals)",
            ),
        ),
    ),
    Fault(
        "follow-ups are searched without what was said before",
        (("assistant/conversation/rewrite.py", "if not earlier or _was_asked(question, earlier):", "if True:"),),
    ),
    Fault(
        "Dutch questions are answered from English twins",
        (("assistant/retriever.py", "hits, query.language, vector)", 'hits, "en", vector)'),),
    ),
    Fault("answers have one sentence", settings={"ASSISTANT_ANSWERER__MAX_SENTENCES": "1"}),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the faults; returns 0 when the gate stops all of them, 1 when one passes, 2 when it cannot run."""
    parser = Parser(prog="python -m evals.sabotage", description="See whether the gate stops deliberate faults.")
    parser.add_argument("--index", type=Path, required=True, help="an index of corpus/ as it is")
    parser.add_argument("--only", nargs="*", metavar="WORD", help="faults whose name holds one of these words")
    return guarded(lambda: _run(parser.parse_args(argv)))


def _run(arguments: argparse.Namespace) -> int:
    """Try one fault after the other."""
    chosen = [one for one in FAULTS if not arguments.only or any(word in one.name for word in arguments.only)]
    passed = 0
    for fault in chosen:
        stopped = _stopped_by(fault, arguments.index.resolve())
        passed += stopped is None
        write(f"{'PASSED ' if stopped is None else 'stopped'}  {fault.name}: {stopped or 'the gate found nothing'}")
    return PARTLY if passed else DONE


def _stopped_by(fault: Fault, index: Path) -> str | None:
    """Return what stopped a fault: the first line of the gate, or of the run that could not even finish."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch)
        for part in _COPIED:
            shutil.copytree(_ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__", "runs"))
        shutil.copy(_ROOT / "ingest.py", copy)
        _apply(fault, copy)
        if fault.ingests:
            index = copy / "index"
            ingested = _call(copy, fault, ["ingest.py", "corpus", "--index", str(index)])
            if ingested.returncode:
                return _shown(ingested)
        run = _call(copy, fault, ["-m", "evals", "run", "--index", str(index), "--out", "run.jsonl"])
        if run.returncode:
            return _shown(run)
        gate = _call(copy, fault, ["-m", "evals", "gate", "run.jsonl"])
        return _shown(gate) if gate.returncode else None


def _apply(fault: Fault, copy: Path) -> None:
    """Put a fault into the copy. Raises InputError where the code no longer stands as the fault expects it."""
    for file, before, after in fault.changes:
        path = copy / file
        text = path.read_text(encoding="utf-8")
        if before not in text:
            raise InputError(f"{file} no longer holds {before!r}; adapt the fault {fault.name!r} in evals/sabotage.py.")
        path.write_text(text.replace(before, after), encoding="utf-8")


def _call(copy: Path, fault: Fault, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run Python in the copy, whose code goes before the installed one."""
    environment = {**os.environ, "PYTHONPATH": str(copy), **fault.settings}
    return subprocess.run(
        [sys.executable, *command], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


def _shown(done: subprocess.CompletedProcess[str]) -> str:
    """Return the line that says why a command ended as it did."""
    source = done.stdout if done.returncode == PARTLY else done.stderr
    lines = [line for line in source.splitlines() if line.strip()] or [f"exit code {done.returncode}"]
    line = lines[-1] if done.returncode == CANNOT_RUN else lines[0]
    more = f" (and {len(lines) - 1} more reasons)" if done.returncode == PARTLY and len(lines) > 1 else ""
    return line[:_LINE] + ("…" if len(line) > _LINE else "") + more


if __name__ == "__main__":
    sys.exit(main())
