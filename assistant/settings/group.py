"""What all groups of settings share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Group(BaseModel):
    """A group of settings; an unknown name is an error, not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)
