"""Published originals from the internet into a folder, from public addresses only."""

from assistant.fetching.addresses import AddressPolicy
from assistant.fetching.faults import shown
from assistant.fetching.folder import Kept, known_files, sha256_of
from assistant.fetching.report import FailedSource, FetchProgress, FetchReport
from assistant.fetching.run import fetch

__all__ = [
    "AddressPolicy",
    "FailedSource",
    "FetchProgress",
    "FetchReport",
    "Kept",
    "fetch",
    "known_files",
    "sha256_of",
    "shown",
]
