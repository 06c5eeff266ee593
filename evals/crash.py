"""`python -m evals.crash`: kill ingest at random moments and see whether the index still answers.

Before each kill every document is changed, so that ingest has all its work to do; the moments are
spread over the time that an undisturbed run takes.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from assistant.commands.common import CANNOT_RUN, DONE, Parser, guarded, write
from assistant.errors import AssistantError
from assistant.manifest import current_generation
from assistant.pipeline import Assistant
from assistant.settings import load_settings

_ROOT = Path(__file__).parent.parent
_QUESTION = "Hoeveel geld was er voor de pilot?"
_EXPECTED = "850.000"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the test; returns 0 when the index answered after every kill, 2 otherwise."""
    parser = Parser(prog="python -m evals.crash", description="Kill ingest at random moments.")
    parser.add_argument("--kills", type=int, default=20, help="how often (default: 20)")
    parser.add_argument("--seed", type=int, default=1, help="fixes the moments (default: 1)")
    return guarded(lambda: _run(parser.parse_args(argv)))


def _run(arguments: argparse.Namespace) -> int:
    """Kill and ask, then let a last run finish."""
    moments = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as scratch:
        corpus, index = Path(scratch, "corpus"), Path(scratch, "index")
        shutil.copytree(_ROOT / "corpus", corpus)
        _ingest(corpus, index).wait()
        _change(corpus, 0)
        started = time.perf_counter()
        _ingest(corpus, index).wait()
        whole = time.perf_counter() - started
        outcomes: Counter[str] = Counter()
        for number in range(1, arguments.kills + 1):
            _change(corpus, number)
            moment = moments.uniform(0, whole)
            outcomes[_kill(corpus, index, moment)] += 1
        finished = _ingest(corpus, index).wait()
        after = _answers(index)
    write(f"an undisturbed run takes {whole:.1f} s; {arguments.kills} kills between 0 and that")
    write("; ".join(f"{what}: {count}" for what, count in sorted(outcomes.items())))
    write(f"the next ingest ended with exit code {finished}; it answers: {'yes' if after else 'no'}")
    return DONE if after and not finished and not outcomes["no answer"] else CANNOT_RUN


def _ingest(corpus: Path, index: Path) -> subprocess.Popen[bytes]:
    """Start an ingest."""
    command = [sys.executable, "ingest.py", str(corpus), "--index", str(index)]
    return subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _change(corpus: Path, number: int) -> None:
    """Change every document."""
    for path in corpus.rglob("*.md"):
        text = path.read_text(encoding="utf-8").partition("\n\n## Proef")[0]
        path.write_text(f"{text.rstrip()}\n\n## Proef {number}\n\nDit is proef {number}.\n", encoding="utf-8")


def _kill(corpus: Path, index: Path, moment: float) -> str:
    """Kill an ingest after some seconds and say what the index does then."""
    before = current_generation(index)
    process = _ingest(corpus, index)
    try:
        process.wait(timeout=moment)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if not _answers(index):
        return "no answer"
    return "the old index answers" if current_generation(index) == before else "the new index answers"


def _answers(index: Path) -> bool:
    """Tell whether the index opens and answers."""
    try:
        assistant = Assistant.open(load_settings({"index": {"directory": index}}))
    except AssistantError:
        return False
    try:
        return any(_EXPECTED in sentence.text for sentence in assistant.ask(_QUESTION).sentences)
    finally:
        assistant.close()


if __name__ == "__main__":
    sys.exit(main())
