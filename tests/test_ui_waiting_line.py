"""Who is answered when, and who is not taken: the line alone, and under the page's handlers."""

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest

from assistant.ui.metrics import Metrics
from assistant.ui.panels.blocks import Updates
from assistant.ui.rate_limit import RateLimit
from assistant.ui.turns import BeforeTurn, Turns
from assistant.ui.waiting_line import NotAdmitted, Ticket, WaitingLine


def line_of(at_once: int = 1, longest: int = 10, per_minute: int | None = None) -> WaitingLine:
    return WaitingLine(at_once, longest, RateLimit(per_minute), pause_seconds=0)


async def places_seen(ticket: Ticket, seen: list[int]) -> None:
    async for place in ticket.places():
        seen.append(place)
    seen.append(0)


def test_everybody_moves_up_in_the_order_in_which_they_came() -> None:
    async def run() -> list[list[int]]:
        line = line_of()
        tickets = [line.join("a") for _ in range(4)]
        seen: list[list[int]] = [[] for _ in tickets]
        watching = [asyncio.create_task(places_seen(*pair)) for pair in zip(tickets, seen, strict=True)]
        for ticket in tickets:
            await asyncio.sleep(0.01)
            assert line.answering == 1
            ticket.leave()
        await asyncio.gather(*watching)
        assert line.is_empty
        return seen

    assert asyncio.run(run()) == [[0], [1, 0], [2, 1, 0], [3, 2, 1, 0]]


def test_who_gives_up_makes_room_for_those_behind() -> None:
    async def run() -> None:
        line = line_of()
        first, second, third = (line.join("a") for _ in range(3))
        second.leave()
        second.leave()
        assert (line.waiting, third.place) == (1, 1)
        first.leave()
        assert (third.place, line.answering) == (0, 1)

    asyncio.run(run())


def test_a_long_line_is_not_told_of_every_step_but_of_its_turn_at_once() -> None:
    async def run() -> tuple[list[int], float]:
        line = WaitingLine(1, 10, RateLimit(None), pause_seconds=60)
        tickets = [line.join("a") for _ in range(5)]
        seen: list[int] = []
        watching = asyncio.create_task(places_seen(tickets[-1], seen))
        started = time.monotonic()
        for ticket in tickets[:-1]:
            await asyncio.sleep(0.01)
            ticket.leave()
        await watching
        return seen, time.monotonic() - started

    seen, seconds = asyncio.run(run())
    assert seen == [4, 0] and seconds < 1


def test_a_full_line_and_a_closed_one_take_nobody() -> None:
    async def run() -> None:
        line = line_of(longest=1)
        line.join("a")
        waiting = line.join("a")
        with pytest.raises(NotAdmitted, match="full"):
            line.join("b")
        line.close()
        with pytest.raises(NotAdmitted, match="stopping"):
            line.join("b")
        assert waiting.place == 1, "who stood in line already still gets a turn"

    asyncio.run(run())


# the limit per client


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_minutes_worth_may_be_asked_in_a_row_and_then_at_that_pace() -> None:
    clock = Clock()
    limit = RateLimit(6, clock)
    assert [limit.take("192.0.2.1") for _ in range(7)] == [None] * 6 + [10]
    clock.now += 4
    assert limit.take("192.0.2.1") == 6
    clock.now += 6
    assert limit.take("192.0.2.1") is None
    assert limit.take("192.0.2.1") == 10


def test_clients_do_not_use_up_each_others_questions() -> None:
    limit = RateLimit(1, Clock())
    assert limit.take("192.0.2.1") is None and limit.take("192.0.2.2") is None
    assert limit.take("192.0.2.1") == 60


def test_one_client_cannot_ask_from_all_addresses_of_its_network() -> None:
    limit = RateLimit(1, Clock())
    assert limit.take("2001:db8:1:2::1") is None
    assert limit.take("2001:db8:1:2:ffff::9") == 60
    assert limit.take("2001:db8:1:3::1") is None
    assert limit.take("::ffff:192.0.2.1") is None and limit.take("192.0.2.1") == 60


def test_without_a_limit_anything_goes() -> None:
    assert {RateLimit(None, Clock()).take("192.0.2.1") for _ in range(1000)} == {None}


def test_a_question_that_is_not_taken_uses_nothing_up() -> None:
    async def run() -> None:
        line = line_of(longest=1, per_minute=3)
        line.join("a")
        waiting = line.join("a")
        for _ in range(5):
            with pytest.raises(NotAdmitted, match="full"):
                line.join("a")
        waiting.leave()
        line.join("a")

    asyncio.run(run())


# under a handler of the page


def turns_of(line: WaitingLine) -> Turns:
    return Turns(line, Metrics())


def asking(begun: list[str], release: threading.Event, name: str) -> Iterator[Updates]:
    turn = BeforeTurn({"shown": name}, lambda place: {"place": place})
    yield turn
    if turn.refusal:
        yield {"refusal": turn.refusal}
        return
    begun.append(name)
    release.wait(10)
    yield {"answer": name}


async def collected(turns: Turns, *arguments: Any) -> list[Updates]:
    return [dict(one) async for one in turns.in_turn(asking)(*arguments, None)]


def test_a_handler_shows_its_place_until_its_turn() -> None:
    async def run() -> list[list[Updates]]:
        turns, begun, release = turns_of(line_of()), list[str](), threading.Event()
        tasks = [asyncio.create_task(collected(turns, begun, release, name)) for name in "abc"]
        while turns.line.waiting < 2:
            await asyncio.sleep(0.01)
        assert begun == ["a"] or not begun
        release.set()
        return await asyncio.gather(*tasks)

    first, second, third = asyncio.run(run())
    assert first == [{"shown": "a"}, {"answer": "a"}]
    assert second == [{"shown": "b"}, {"place": 1}, {"answer": "b"}]
    assert third in (
        [{"shown": "c"}, {"place": 2}, {"place": 1}, {"answer": "c"}],
        [{"shown": "c"}, {"place": 2}, {"answer": "c"}],
    )


def test_what_comes_at_once_is_one_change_and_what_comes_later_another() -> None:
    def telling() -> Iterator[Updates]:
        yield {"a": 1}
        yield {"a": 2, "b": 1}
        time.sleep(0.3)
        yield {"c": 1}

    async def run() -> list[Updates]:
        return [one async for one in turns_of(line_of()).in_turn(telling)(None)]

    assert asyncio.run(run()) == [{"a": 2, "b": 1}, {"c": 1}]


def test_a_handler_hears_why_it_gets_no_turn() -> None:
    async def run() -> list[Updates]:
        turns = turns_of(line_of())
        turns.line.close()
        return await collected(turns, [], threading.Event(), "a")

    assert asyncio.run(run()) == [{"shown": "a"}, {"refusal": "stopping"}]


def test_who_stops_keeps_the_turn_until_the_thread_is_done_and_no_longer() -> None:
    async def run() -> None:
        turns, begun, release = turns_of(line_of()), list[str](), threading.Event()
        stopped = asyncio.create_task(collected(turns, begun, release, "a"))
        while not begun:
            await asyncio.sleep(0.01)
        following = asyncio.create_task(collected(turns, begun, release, "b"))
        stopped.cancel()
        await asyncio.sleep(0.1)
        assert begun == ["a"] and turns.line.answering == 1
        release.set()
        assert {"answer": "b"} in await asyncio.wait_for(following, 5)
        assert turns.line.is_empty

    asyncio.run(run())


def test_who_stops_while_waiting_leaves_the_line() -> None:
    async def run() -> None:
        turns, begun, release = turns_of(line_of()), list[str](), threading.Event()
        first = asyncio.create_task(collected(turns, begun, release, "a"))
        second = asyncio.create_task(collected(turns, begun, release, "b"))
        while not turns.line.waiting:
            await asyncio.sleep(0.01)
        second.cancel()
        release.set()
        await first
        deadline = time.monotonic() + 5
        while not turns.line.is_empty and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
        assert turns.line.is_empty and begun == ["a"]

    asyncio.run(run())


def test_a_handler_that_fails_lets_the_next_one_go_ahead() -> None:
    def failing() -> Iterator[Updates]:
        yield BeforeTurn({}, lambda place: {"place": place})
        raise ValueError("broken")

    async def run() -> None:
        turns = turns_of(line_of())
        with pytest.raises(ValueError, match="broken"):
            [one async for one in turns.in_turn(failing)(None)]
        await asyncio.sleep(0.1)
        assert turns.line.is_empty

    asyncio.run(run())


def test_gradio_hands_a_handler_what_it_asks_for_and_the_request_last() -> None:
    def handler(question: str, event: gr.EventData) -> Iterator[Updates]:
        yield {}

    from gradio.utils import get_type_hints

    assert list(get_type_hints(turns_of(line_of()).in_turn(handler)).values()) == [str, gr.EventData, gr.Request]
