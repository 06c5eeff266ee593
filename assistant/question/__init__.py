"""What can be read off a question before anything is searched for."""

from assistant.question.kinds import Asked, holds, what_is_asked
from assistant.question.parts import also_asked, asks_how, compared_in, definitions_asked, parts_of

__all__ = ["Asked", "also_asked", "asks_how", "compared_in", "definitions_asked", "holds", "parts_of", "what_is_asked"]
