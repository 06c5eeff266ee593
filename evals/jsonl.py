"""Files with one JSON value per line."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

from assistant.errors import InputError


def lines_of(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each line that is not empty, and the place to name where it cannot be used.

    A name that ends in .gz is unpacked. Raises InputError where the file cannot be read.
    """
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}): it has to be a text file in UTF-8.") from error
    # Not splitlines(): JSON strings may hold U+2028 and its like.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield line, f"{path}, line {number}"
