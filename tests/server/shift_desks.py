"""Officers signed on at a service window, and what they ask of it about shifts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from governance.changes import DISTRICT_STREAM, ShiftChanged, around_of
from governance.commands import File, MakeReport
from governance.handover_paper import Mark, Section
from governance.incident import Urgency
from governance.shifts import UnitShifts
from server import sessions
from server.ledger import change_log
from server.ledger import shifts as store
from server.service_window import ServiceWindow
from server.sessions import Session, sign_on
from wire.codec import decode_change
from wire.requests import Reply, Request, SignOn
from wire.shift_requests import (
    BeginHandover,
    DutyLogIs,
    HandOver,
    HandoverIs,
    ReadDutyLog,
    ReadHandover,
    ShiftDone,
    TakeOver,
)

from .conftest import District, middle

LEAF = "03.01"


class Desks:
    """Officers signed on at a window, and what they ask of it."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.window = ServiceWindow(district.settings, district.keys, district.ledger)
        self.sessions: dict[str, Session] = {}

    def on(self, login: str) -> Session:
        """Somebody signed on, at a desk of his own."""
        asked = SignOn(1, login, self.district.seeded.passwords[login])
        session = sign_on(self.district.ledger, uuid4().hex, asked, datetime.now(UTC), 8.0)
        assert isinstance(session, Session)
        self.sessions[login] = session
        return session

    def ask(self, login: str, request: Request) -> Reply:
        """The reply to a request of somebody who is signed on, or signs on for it."""
        return self.window.answer(self.sessions.get(login) or self.on(login), request)

    def done(self, login: str, request: Request) -> ShiftDone:
        """The reply to what has to succeed."""
        reply = self.ask(login, request)
        assert isinstance(reply, ShiftDone), reply
        return reply

    def begin(self) -> UUID:
        """The hand-over runs."""
        made = self.done("lead1", BeginHandover(1, uuid4())).made
        assert made is not None
        return made

    def hand_over(self, summary: str = "一切正常") -> UUID:
        """The hand-over runs and is signed by who goes."""
        handover = self.begin()
        self.done("lead1", HandOver(1, uuid4(), handover, summary))
        return handover

    def take_over(self, handover: UUID, login: str = "lead2") -> ShiftDone:
        """Who comes signs at the desk of who goes."""
        return self.done("lead1", TakeOver(1, uuid4(), handover, login, self.district.seeded.passwords[login], remark="已知悉"))

    def paper(self, login: str = "lead1", handover: UUID | None = None) -> HandoverIs:
        """The paper as somebody may read it."""
        reply = self.ask(login, ReadHandover(1, handover))
        assert isinstance(reply, HandoverIs), reply
        return reply

    def log(self, login: str = "lead1", shift: UUID | None = None) -> DutyLogIs:
        """The duty log."""
        reply = self.ask(login, ReadDutyLog(1, shift))
        assert isinstance(reply, DutyLogIs), reply
        return reply

    def kinds(self, shift: UUID) -> list[str]:
        """The kinds of lines of a shift."""
        with self.district.ledger.transaction() as connection:
            rows = connection.execute("SELECT kind FROM duty_log WHERE shift = %s ORDER BY number", (shift,)).fetchall()
        return [kind for (kind,) in rows]

    def stands(self) -> UnitShifts:
        """How the centre stands."""
        with self.district.ledger.transaction() as connection:
            unit = self.district.officers["lead1"].unit
            assert unit is not None
            return store.standing(connection, unit)

    def over(self, login: str) -> str | None:
        """Why somebody's session is over; None while it is live."""
        known = self.sessions[login].id
        return sessions.live(self.district.ledger, [known], datetime.now(UTC))[1].get(known)

    def told(self) -> list[ShiftChanged]:
        """What the feed told of shifts."""
        with self.district.ledger.transaction() as connection:
            sent = change_log.read_after(connection, around_of(DISTRICT_STREAM, 1), 0, 1000)
        facts = [decode_change(each).fact for each in sent]
        return [fact for fact in facts if isinstance(fact, ShiftChanged)]


def urgent(desks: Desks, text: str, grid: int = 0) -> Any:
    """A 特急 incident that was filed."""
    made = desks.district.order(MakeReport(text, middle(grid), urgency=Urgency.IMMEDIATE), "duty1")
    return desks.district.order(File(LEAF, Urgency.IMMEDIATE), "duty1", made)


def marks(paper: HandoverIs, section: Section) -> dict[str, Mark]:
    """The titles of a section, and how each stands."""
    return {item.title: item.mark for item in paper.items if item.section is section}
