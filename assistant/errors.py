"""Errors that people read: what happened, with which value, and what to do.

AssistantError
├── SettingsError          a setting is unknown or out of bounds
├── FileRefused            one file cannot be taken; the run goes on
├── NotFetched             one published original cannot be fetched; the run goes on
├── StoreError
│   ├── IndexMissing       nothing was ingested here yet
│   ├── IndexMismatch      the index was built with other settings
│   ├── IndexDamaged       a file of the generation is missing or does not fit the manifest
│   └── IndexLocked        another process is writing
├── EmbedderError          the embedding model cannot be loaded or used
├── ModelError             the language model cannot be loaded
├── FeedbackError          the database of the feedback cannot be used; the chat goes on
└── InputError             what the user passed cannot be used
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base of every error with a message for people; the command line shows it as one line."""


class SettingsError(AssistantError):
    """A setting is unknown or out of bounds."""


class FileRefused(AssistantError):
    """One file cannot be taken; the message is one sentence that says why and what helps."""


class NotFetched(AssistantError):
    """One published original cannot be fetched; the message says why and what helps."""


class StoreError(AssistantError):
    """Something is wrong with the index as a whole."""


class IndexMissing(StoreError):
    """Nothing was ingested here yet."""


class IndexMismatch(StoreError):
    """The index was built with other settings than those in force."""


class IndexDamaged(StoreError):
    """A file of the generation is missing or does not fit its manifest."""


class IndexLocked(StoreError):
    """Another process is writing to the index."""


class EmbedderError(AssistantError):
    """The embedding model cannot be loaded or used."""


class ModelError(AssistantError):
    """The language model cannot be loaded; once it is, what goes wrong with it falls back on quotes."""


class FeedbackError(AssistantError):
    """The database of the feedback cannot be used; the chat goes on without it."""


class PictureUnavailable(AssistantError):
    """A page cannot be shown as a picture; its text and its file still can."""


class PicturesBusy(PictureUnavailable):
    """Too many pictures are being made at this moment."""


class InputError(AssistantError):
    """What the user passed cannot be used."""
