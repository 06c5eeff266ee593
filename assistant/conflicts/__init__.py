"""Sources that give different figures for the same thing."""

from assistant.conflicts.conflict import Conflict, conflicting

__all__ = ["Conflict", "conflicting"]
