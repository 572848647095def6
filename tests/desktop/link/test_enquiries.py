"""What is asked about shifts is asked once and answered once, whatever becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from desktop.link import from_server as told
from desktop.link.to_server import Enquire
from tests.desktop.link.linked_desk import Desk
from tests.fakes.scripted_server import ScriptedServer
from wire.requests import Done, Refusal
from wire.shift_requests import BeginHandover, HandIn, ShiftDone, TakeOver

KEY, ORDER, HANDOVER = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize(
    ("request_", "script", "reply", "code"),
    [
        (BeginHandover(0, ORDER), lambda r: ShiftDone(r.n, r.order_id, HANDOVER), HANDOVER, ""),
        (HandIn(0, HANDOVER, ()), lambda r: Done(r.n), None, ""),
        (BeginHandover(0, ORDER), lambda r: Refusal(r.n, "handover_runs", order_id=r.order_id), None, "handover_runs"),
        (BeginHandover(0, ORDER), lambda r: Refusal(r.n, "busy", order_id=r.order_id), None, "busy"),
    ],
)
def test_the_answer_comes_under_the_key(
    seated: Desk, server: ScriptedServer, request_: Any, script: Callable[[Any], Any], reply: UUID | None, code: str
) -> None:
    server.script[type(request_)] = script
    seated.link.submit(Enquire(KEY, request_))
    answer = seated.hear(told.Enquired)
    assert answer.key == KEY
    assert (answer.refused.code if answer.refused else "") == code
    assert (answer.reply.made if isinstance(answer.reply, ShiftDone) else None) == reply
    assert not [each for each in seated.said if isinstance(each, told.OrderAnswered)]


def test_without_a_session_it_is_refused_at_once(desk: Desk) -> None:
    desk.link.submit(Enquire(KEY, BeginHandover(0, ORDER)))
    refused = desk.hear(told.Enquired).refused
    assert refused
    assert refused.code == "no_session"


def test_when_the_session_ends_whoever_waits_is_told(seated: Desk, server: ScriptedServer) -> None:
    server.script[BeginHandover] = None
    seated.link.submit(Enquire(KEY, BeginHandover(0, ORDER)))
    server.end("shift_closed")
    assert seated.hear(told.Enquired).refused
    assert seated.hear(told.SessionOver).reason == "shift_closed"


def test_a_password_is_in_no_line_of_a_log() -> None:
    assert "secret" not in repr(Enquire(uuid4(), TakeOver(0, ORDER, HANDOVER, "he", "secret")))
