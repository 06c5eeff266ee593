"""Whether what a question takes for granted stands in the documents."""

from assistant.premises.examine import Premise, examine

__all__ = ["Premise", "examine"]
