"""What speaks against a sentence: a fault that may be there, and how strongly a rule shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.types import Fault


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fault that a rule found, under the name of the signal that it gives."""

    signal: str
    fault: Fault
    strength: float = 1.0


def named(signal: str, faults: Iterable[Fault]) -> Iterator[Evidence]:
    """Yield faults as evidence of one signal."""
    return (Evidence(signal, fault) for fault in faults)
