"""What can be read off a question before anything is searched for."""

from assistant.question.kinds import Asked, holds, what_is_asked

__all__ = ["Asked", "holds", "what_is_asked"]
