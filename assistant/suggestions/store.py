"""What was found out about the candidates of a generation, kept beside the index until something changes."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant import answerers
from assistant.manifest import Manifest
from assistant.settings import Settings
from assistant.suggestions.checking import NOT_ANSWERED, Checked

FILE = "suggestions.json"
_log = logging.getLogger(__name__)
_PACKAGE = Path(answerers.__file__).parent.parent


def key_of(manifest: Manifest, settings: Settings) -> str:
    """Return what an answer depends on: the generation, the settings, and the code that gives it."""
    digest = sha256()
    for part in (
        manifest.index_id,
        manifest.generation,
        manifest.created,
        settings.retriever.model_dump_json(),
        settings.answerer.model_dump_json(),
    ):
        digest.update(part.encode())
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in (".py", ".yaml", ".json") and path.relative_to(_PACKAGE).parts[0] not in ("ui", "commands"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def load(directory: Path, key: str) -> dict[str, Checked]:
    """Return what is kept under a key, by question; nothing where it is of something else or unreadable."""
    try:
        content = json.loads((directory / FILE).read_text(encoding="utf-8"))
        if content["key"] != key:
            return {}
        return {question: _checked(found) for question, found in content["checked"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def save(directory: Path, key: str, checked: Mapping[str, Checked]) -> None:
    """Keep what is known, in place of what was kept; an index that cannot be written to keeps nothing."""
    content = {
        "key": key,
        "checked": {
            question: [round(one.confidence, 4), [list(place) for place in one.cited]] if one.is_answered else None
            for question, one in checked.items()
        },
    }
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=directory, prefix=".suggestions-")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False)
        # mkstemp makes the file for its owner only; another user may serve the same index.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(directory / FILE)
    except OSError as error:
        _log.info("what is known of suggested questions could not be kept: %s", error)
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _checked(found: Any) -> Checked:
    """Return what stands in the file of one question."""
    if found is None:
        return NOT_ANSWERED
    confidence, cited = found
    return Checked(True, float(confidence), tuple((str(document), int(start)) for document, start in cited))
