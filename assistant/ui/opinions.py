"""What was said of the answers on the page: kept for the session, and in the feedback database."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass, replace
from uuid import uuid4

from assistant.errors import FeedbackError, InputError
from assistant.feedback import Assessment, FeedbackStore, Rating, open_feedback
from assistant.presenter import to_dict
from assistant.settings import FeedbackSettings
from assistant.types import Turn
from assistant.ui.actions import Moment
from assistant.ui.exchange import Exchange, to_turns

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What was said of one answer, and under which ids it is kept."""

    rating: Rating | None = None
    assessment: Assessment | None = None
    rating_id: str = ""
    assessment_id: str = ""

    def about(self, exchange: Exchange) -> Opinion:
        """Return it where it is of this answer; an empty one where the question was asked anew since."""
        given = self.rating or self.assessment
        return self if given is not None and given.answer == exchange.answer else Opinion()


def opinion_of(exchange: Exchange, moment: Moment) -> Opinion:
    """Return what was said of an answer before."""
    given = moment.given.get(exchange.number)
    return given.about(exchange) if isinstance(given, Opinion) else Opinion()


def with_opinion(moment: Moment, exchange: Exchange, opinion: Opinion) -> dict[int, object]:
    """Return all that was said in the session, this opinion included."""
    return {**moment.given, exchange.number: opinion}


def turns_before(exchange: Exchange, moment: Moment) -> tuple[Turn, ...]:
    """Return the turns before a question."""
    return to_turns([one for one in moment.exchanges if one.number < exchange.number])


def answer_key(exchange: Exchange) -> str:
    """Return what tells this answer from every other one, for the script; nothing of it can be read off."""
    if exchange.answer is None:
        return ""
    told = json.dumps([exchange.number, to_dict(exchange.answer)])
    return hashlib.sha256(told.encode("ascii")).hexdigest()[:16]


class Keeper:
    """Keeps opinions; a database that cannot be used costs a sentence, and never the page."""

    def __init__(self, settings: FeedbackSettings) -> None:
        """Take the settings and begin to remove what is kept too long."""
        self._store: FeedbackStore | None = None
        try:
            self._store = open_feedback(settings)
        except FeedbackError as error:
            _log.error("feedback cannot be kept: %s", error)
        else:
            if self._store is not None:
                self._store.expire_daily()

    def rate(self, opinion: Opinion, rating: Rating | None) -> tuple[Opinion, bool]:
        """Keep a rating instead of the one before, or none; returns the opinion then, and whether that is kept."""
        identity = opinion.rating_id or uuid4().hex
        kept = self._keep(rating, identity)
        # Also after a failure: the next click sends all of it again, under the same id.
        return replace(opinion, rating=rating, rating_id=identity), kept

    def assess(self, opinion: Opinion, assessment: Assessment | None) -> tuple[Opinion, bool]:
        """Keep an assessment, as `rate` keeps a rating."""
        identity = opinion.assessment_id or uuid4().hex
        kept = self._keep(assessment, identity)
        return replace(opinion, assessment=assessment, assessment_id=identity), kept

    def _keep(self, given: Rating | Assessment | None, identity: str) -> bool:
        """Keep what is given, or take away what was; returns whether that was possible."""
        if self._store is None:
            return False
        try:
            if given is None:
                self._store.withdraw(identity)
            else:
                self._store.save(given, replaces=identity)
        except (FeedbackError, InputError) as error:
            _log.warning("feedback was not kept: %s", error)
            return False
        return True
