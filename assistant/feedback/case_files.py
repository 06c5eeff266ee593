"""Files of cases, one JSON object per line: what stands there already, and adding so that nothing is lost."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.settings import FeedbackSettings

_DEFAULT = Path("evals/cases/from-page.jsonl")
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Added:
    """Where a case stands, and whether it stood there before."""

    path: Path
    line: int
    """Counted from 1."""
    known: bool = False


def cases_file(settings: FeedbackSettings) -> Path | None:
    """Return the file to which evaluators add cases; None where they cannot."""
    return settings.cases_file or (_DEFAULT if _DEFAULT.parent.is_dir() else None)


def add_to_file(out: Path, rows: Sequence[Mapping[str, Any]]) -> Added:
    """Append cases that belong together, unless the first is known already; a reader sees all of them or none.

    Raises InputError where the file cannot be read or written.
    """
    # Two evaluators of one page may add at the same moment, and each writes the whole file.
    with _lock:
        return standing(rows[0], out) or _append(out, rows)


def standing(case: Mapping[str, Any], out: Path) -> Added | None:
    """Return where the same case stands, among the files beside `out` too; None where it does not.

    The same is: of one pair, or the same question in the same language after the same turns.
    """
    asked = _asked(case)
    for path in sorted({*out.parent.glob("*.jsonl"), out}):
        for number, line in enumerate(lines_of(path), start=1):
            other = _parsed(line)
            if other.get("pair") == case["pair"] or (other and _asked(other) == asked):
                return Added(path, number, known=True)
    return None


def lines_of(path: Path) -> list[str]:
    """Return the lines of a file of cases; none where there is no such file."""
    try:
        return path.read_text(encoding="utf-8").rstrip("\n").split("\n") if path.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}): it has to be a text file in UTF-8.") from error


def _append(out: Path, rows: Sequence[Mapping[str, Any]]) -> Added:
    """Write the file anew, with more lines."""
    before = [line for line in lines_of(out) if line.strip()]
    lines = [*before, *(json.dumps(row, ensure_ascii=False) for row in rows)]
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as folder:
            unfinished = Path(folder, out.name)
            unfinished.write_text("\n".join(lines) + "\n", encoding="utf-8")
            unfinished.replace(out)
    except OSError as error:
        raise InputError(f"The cases cannot be written to {out} ({error.strerror}); name another file.") from error
    return Added(out, len(before) + 1)


def _parsed(line: str) -> dict[str, Any]:
    """Return a line as an object; an empty one for a line that is none."""
    try:
        value = json.loads(line) if line.strip() else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _asked(case: Mapping[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    """Return what makes two cases ask the same, whatever their spacing and capitals."""
    history = case.get("history") or []
    turns = (turn.get("content", "") for turn in history if isinstance(turn, dict))
    return str(case.get("language")), _plain(case.get("question")), tuple(_plain(turn) for turn in turns)


def _plain(text: object) -> str:
    """Return a text for comparison."""
    return " ".join(str(text).split()).casefold()
