"""What readers and evaluators say of the answers, kept without personal data."""

from assistant.feedback.entries import (
    EXPECTED,
    HELPFUL_REASONS,
    MESSAGE,
    SCORES,
    UNHELPFUL_REASONS,
    Assessment,
    Entry,
    Expected,
    Mark,
    Rating,
    total,
)
from assistant.feedback.masking import mask, mask_all
from assistant.feedback.store import FeedbackStore, open_feedback
from assistant.feedback.summary import Summary, Tally, summarise

__all__ = [
    "EXPECTED",
    "HELPFUL_REASONS",
    "MESSAGE",
    "SCORES",
    "UNHELPFUL_REASONS",
    "Assessment",
    "Entry",
    "Expected",
    "FeedbackStore",
    "Mark",
    "Rating",
    "Summary",
    "Tally",
    "mask",
    "mask_all",
    "open_feedback",
    "summarise",
    "total",
]
