"""A wall with a display machine bound to it, and the desks that control it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import zmq

from governance.wall import Content, Layout, Slot, WallStanding
from server import sessions
from server.sessions import Session
from server.walls import enrolling
from tests.server.conftest import District
from tests.server.shift_desks import Desks
from wire.requests import Refusal
from wire.wall_requests import PutLayout, ReadWall, TakeWall, WallDone, WallIs

DISTRICT = "990001"
FIRST_EYE, SHARED_EYE, SECRET_EYE = "99000100001320000000", "99000100001320000002", "99000100001320000004"
"""Cameras of share level 0, 1 and 2, in the first, third and fifth grid."""


class WallDesks(Desks):
    """The same desks, before a wall `main` of the whole district."""

    def __init__(self, district: District, pair: tuple[bytes, bytes] | None = None) -> None:
        """`pair`: the keys of the machine that is bound to the wall."""
        super().__init__(district)
        self.public, self.secret = pair or zmq.curve_keypair()
        with district.owner.transaction() as connection:
            enrolling.add(connection, "main", "主屏", DISTRICT, datetime.now(UTC))
            enrolling.bind(connection, "main", self.public.decode(), "hall", datetime.now(UTC))
        self.key = enrolling.client_key_of(self.public.decode())

    def display(self) -> Session:
        """The display, signed on."""
        return sessions.sign_on_wall(self.district.ledger, self.key, "main", "hall", datetime.now(UTC), 8.0)

    def stands_now(self, login: str = "lead1") -> WallStanding:
        """How the wall stands, as a desk reads it."""
        reply = self.ask(login, ReadWall(1, "main"))
        assert isinstance(reply, WallIs), reply
        return reply.standing

    def put(self, login: str, request: Any) -> WallStanding:
        """How the wall stands after what has to succeed."""
        reply = self.ask(login, request)
        assert isinstance(reply, WallDone), reply
        return reply.standing

    def no(self, login: str, request: Any) -> str:
        """The code of what has to be refused."""
        reply = self.ask(login, request)
        assert isinstance(reply, Refusal), reply
        return reply.code

    def taken(self, login: str = "lead1") -> int:
        """Somebody controls the wall; the revision it has."""
        return self.put(login, TakeWall(1, "main")).layout.rev

    def lay_out(self, *slots: Slot, login: str = "lead1") -> int:
        """The wall is laid out so by who controls it; the revision it has then."""
        columns = max(slot.left + slot.width for slot in slots)
        rows = max(slot.top + slot.height for slot in slots)
        return self.put(login, PutLayout(1, "main", self.taken(login), Layout(columns, rows, slots))).layout.rev


RESERVED = Slot(1, 0, 1, 1, Content.RESERVED)
EYE = Slot(0, 0, 1, 1, Content.CAMERA, FIRST_EYE)
