"""Answer questions from documents, in Dutch and English, with citations that can be checked."""

__version__ = "0.1.0"
