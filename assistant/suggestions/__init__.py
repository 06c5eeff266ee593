from assistant.suggestions.examples import Examples
from assistant.suggestions.suggester import Suggester

__all__ = ["Examples", "Suggester"]
