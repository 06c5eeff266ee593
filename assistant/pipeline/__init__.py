"""The two flows: files into an index, and questions to answers."""

from assistant.pipeline.assistant import Assistant
from assistant.pipeline.ingest import ingest

__all__ = ["Assistant", "ingest"]
