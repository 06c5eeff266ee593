"""Who may be answered now, and who stands in line: one line for the page, the API and MCP.

Gradio has a queue of its own, but tells neither the page nor the reader what place a question has in it,
and MCP calls pass it by. So Gradio starts every question at once, and it waits here.

Everything but `close` belongs to the event loop's thread.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final, Literal

from assistant.ui.rate_limit import RateLimit

Refusal = Literal["full", "too_many", "stopping"]

_LONGEST_PAUSE_SECONDS: Final = 5.0
_BUSY_SECONDS: Final = 30
"""When to come back after a refusal that nobody can time."""


class NotAdmitted(Exception):
    """A question may not join the line: it is full, its asker asks too much, or the program is stopping."""

    def __init__(self, refusal: Refusal, retry_after: int = _BUSY_SECONDS) -> None:
        """Keep why, and after how many seconds asking again makes sense."""
        super().__init__(refusal)
        self.refusal: Refusal = refusal
        self.retry_after = retry_after


class Ticket:
    """One question's place in line; whoever has it must `leave` in the end."""

    def __init__(self, line: WaitingLine) -> None:
        """Belong to a line."""
        self._line = line
        self._changed = asyncio.Event()
        self._turn = asyncio.Event()
        self.place = 0
        """1 for who is next; 0 once it is this question's turn."""
        self.left = False

    async def places(self) -> AsyncIterator[int]:
        """Yield the place in line, again when it has changed, until it is this question's turn.

        The further back, the less often: telling a long line of every step would take the time of answering.
        """
        while self.place:
            yield self.place
            await self._changed.wait()
            self._changed.clear()
            if self.place:
                with suppress(TimeoutError):
                    pause = min(self._line.pause_seconds * self.place, _LONGEST_PAUSE_SECONDS)
                    await asyncio.wait_for(self._turn.wait(), pause)

    async def turn(self) -> None:
        """Wait until it is this question's turn."""
        async for _ in self.places():
            pass

    def leave(self) -> None:
        """Let the next one go ahead; does nothing the second time."""
        if not self.left:
            self.left = True
            self._line._let_go(self)

    def _move_to(self, place: int) -> None:
        """Take another place."""
        if place != self.place:
            self.place = place
            self._changed.set()
            if not place:
                self._turn.set()


class WaitingLine:
    """Let a number of questions be answered at a time; the others wait in the order in which they came."""

    def __init__(self, at_once: int, longest: int, rate_limit: RateLimit, pause_seconds: float = 0.5) -> None:
        """Allow so many questions to be answered, and so many to wait.

        Who waits hears of a new place after a pause of `pause_seconds` times that place, 5 seconds at most.
        """
        self.pause_seconds = pause_seconds
        self._at_once = at_once
        self._longest = longest
        self._rate_limit = rate_limit
        self._waiting: deque[Ticket] = deque()
        self.answering = 0
        self.is_closed = False

    @property
    def waiting(self) -> int:
        """How many questions wait."""
        return len(self._waiting)

    @property
    def is_empty(self) -> bool:
        """Whether no question is being answered or waits."""
        return not self.answering and not self._waiting

    def admit(self, address: str) -> None:
        """Check that a client may ask now, and count the question. Raises NotAdmitted."""
        if self.is_closed:
            raise NotAdmitted("stopping")
        if len(self._waiting) >= self._longest:
            raise NotAdmitted("full")
        if (seconds := self._rate_limit.take(address)) is not None:
            raise NotAdmitted("too_many", seconds)

    def join(self, address: str | None) -> Ticket:
        """Join the line; None for a client that was admitted already. Raises NotAdmitted."""
        if address is not None:
            self.admit(address)
        ticket = Ticket(self)
        self._waiting.append(ticket)
        ticket.place = len(self._waiting)
        self._advance()
        return ticket

    def close(self) -> None:
        """Admit nobody any more; who is in line already is still answered."""
        self.is_closed = True

    def _let_go(self, ticket: Ticket) -> None:
        """Take a question out of the line."""
        if ticket in self._waiting:
            self._waiting.remove(ticket)
        else:
            self.answering -= 1
        self._advance()

    def _advance(self) -> None:
        """Let those go ahead for whom there is room, and tell the others their new place."""
        while self._waiting and self.answering < self._at_once:
            self.answering += 1
            self._waiting.popleft()._move_to(0)
        for place, ticket in enumerate(self._waiting, start=1):
            ticket._move_to(place)
