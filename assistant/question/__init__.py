"""What can be read off a question before anything is searched for."""

from assistant.question.kinds import Asked, holds, what_is_asked
from assistant.question.parts import compared_in, parts_of

__all__ = ["Asked", "compared_in", "holds", "parts_of", "what_is_asked"]
