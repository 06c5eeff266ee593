"""What readers and evaluators say of the answers, kept without personal data."""

from assistant.feedback.entries import (
    HELPFUL_REASONS,
    MESSAGE,
    SCORES,
    UNHELPFUL_REASONS,
    Assessment,
    Entry,
    Mark,
    Rating,
    total,
)
from assistant.feedback.masking import mask, mask_all
from assistant.feedback.store import FeedbackStore, open_feedback
from assistant.feedback.summary import Summary, Tally, summarise

__all__ = [
    "HELPFUL_REASONS",
    "MESSAGE",
    "SCORES",
    "UNHELPFUL_REASONS",
    "Assessment",
    "Entry",
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
