"""Whether the passages that were found hold the answer to a question, as a calibrated probability."""

from assistant.answerability.judgement import judge
from assistant.answerability.knowledge import Knowledge

__all__ = ["Knowledge", "judge"]
