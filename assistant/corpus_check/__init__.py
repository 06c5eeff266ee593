"""The corpus checks itself: front matter, sources, twins, wording and repetition."""

from assistant.corpus_check.check import check
from assistant.corpus_check.findings import CheckReport, Counts, Finding

__all__ = ["CheckReport", "Counts", "Finding", "check"]
