"""What can be done with a shift, each in one transaction: begin a hand-over, sign it, open, close and plan a shift."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from governance import shift_plans as plans
from governance import shifts as rules
from governance.deadline import CHINA
from governance.people import Officer
from governance.places import is_inside
from governance.refusal import Refused
from governance.shift_plans import LeadOffer
from governance.shifts import LEADERS, Handed, Shift, ShiftState, UnitShifts
from server.ledger import duty_log, handovers
from server.ledger import shifts as store
from server.ledger.ids import new_id
from server.ledger.ledger import Connection, Ledger
from server.ledger.shifts import UnitPlace
from server.shifts import leads, papers
from server.shifts.templates import next_shift

SHORTEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Made:
    """What an act made, and how the unit stands after it: None where that is as before."""

    id: UUID | None
    standing: UnitShifts | None


class Act:
    """One act inside one transaction: the unit's shifts are locked and read."""

    def __init__(self, ledger: Ledger, connection: Connection, officer: Officer, unit: UUID, now: datetime) -> None:
        """Lock the shifts of the unit. `now` is aware, UTC."""
        store.lock(connection, unit)
        self.ledger, self.connection, self.officer, self.now = ledger, connection, officer, now
        self.place: UnitPlace = store.place_of(connection, unit)
        self.stands = store.standing(connection, unit)

    def begin(self) -> Made:
        """The hand-over runs."""
        coming = self.stands.coming or next_shift(self.connection, self.place.id, self.now)
        if self.officer.role in LEADERS:
            self._require_area()
        after = rules.begun(self.stands, self.officer, new_id(), coming, self.now)
        assert after.handover is not None, "it was just begun"
        store.store(self.connection, after.current, after.coming)
        handovers.begin(self.connection, after.handover, self.officer)
        self._note("handover_began", coming.name)
        return Made(after.handover.id, after)

    def take_back(self, handover: UUID) -> Made:
        """The hand-over is called off."""
        self._require_running(handover)
        after, fell_away = rules.taken_back(self.stands, self.officer, self.now)
        store.store(self.connection, fell_away, after.current)
        handovers.take_back(self.connection, handover, self.now)
        self._note("handover_taken_back", "")
        return Made(handover, after)

    def hand_over(self, handover: UUID, summary: str) -> Made:
        """Who goes has signed; the paper he signed is kept."""
        self._require_running(handover)
        if self.officer.role in LEADERS:
            self._require_area()
        after = rules.signed_out(self.stands, self.officer, self.now)
        assert after.handover is not None, "it was just signed"
        paper = papers.as_of_now(self.ledger, self.connection, self.place, self.stands, self.now)
        handovers.write_summary(self.connection, handover, summary)
        handovers.write_paper(self.connection, handover, "out", paper.items)
        handovers.sign(self.connection, after.handover)
        self._note("signed_out", "")
        return Made(handover, after)

    def take_over(self, handover: UUID, comes: Officer, remark: str) -> Made:
        """Who comes has signed: the next shift is in force, and the last one has no powers any more."""
        self._require_running(handover)
        handed = rules.signed_in(self.stands, comes, self.now)
        paper = papers.as_of_now(self.ledger, self.connection, self.place, self.stands, self.now)
        handovers.write_remark(self.connection, handover, remark, paper.flow)
        handovers.write_paper(self.connection, handover, "in", paper.items)
        handovers.sign(self.connection, handed.handover)
        self._change_shift(handed, comes)
        return Made(handover, handed.standing)

    def open(self, name: str, ends_at: datetime | None) -> Made:
        """The unit has a shift again; whoever sits in it is in that shift from now on, and its cover ends."""
        if len(name) > plans.LONGEST_NAME:
            raise Refused("too_long", "name", most=str(plans.LONGEST_NAME))
        if ends_at is not None and ends_at - self.now > plans.LONGEST:
            raise Refused("shift_too_long", "ends_at", hours=str(plans.LONGEST // timedelta(hours=1)))
        before = store.covers(self.connection)
        shift = self.stands.coming
        if shift is None or name or ends_at:
            shift = next_shift(self.connection, self.place.id, self.now)
            shift = replace(shift, name=name or shift.name, ends_at=ends_at or shift.ends_at)
        after = rules.opened(self.stands, shift, self.officer, self.now)
        assert after.current is not None, "it was just opened"
        store.store(self.connection, after.current)
        store.call_in(self.connection, after.current, self.now)
        self._note("shift_opened", after.current.name, after.current)
        self._note_covers(before)
        return Made(after.current.id, after)

    def close(self, reason: str) -> Made:
        """The shift ends without another; the level above covers the unit."""
        if not reason.strip():
            raise Refused("reason_needed", "reason")
        before, cover = store.covers(self.connection), store.covering_unit(self.connection, self.place.id)
        after, gone = rules.closed(self.stands, self.officer, cover, self.now)
        self._note("shift_closed", reason, gone)
        store.store(self.connection, gone)
        self._note_covers(before)
        covering = store.covers(self.connection).get(self.place.id)
        if covering is not None:
            store.leave_to(self.connection, gone, covering, self.now)
        return Made(gone.id, after)

    def plan(
        self, name: str, starts_at: datetime, ends_at: datetime, lead: UUID | None = None, ends_current: bool = False
    ) -> Made:
        """The shift that comes next."""
        plans.require_planner(self.officer, self.place.id, self.is_above)
        return self._planned("shift_planned", self.stands, (name, starts_at, ends_at), lead, ends_current)

    def change(self, shift: UUID, wanted: tuple[str, datetime, datetime], lead: UUID | None, ends_current: bool) -> Made:
        """Another shift comes next (name, start, end); the one that was planned is on record as it was."""
        plans.require_planner(self.officer, self.place.id, self.is_above)
        without, gone = plans.cancelled(self.stands, shift, self.now)
        store.store(self.connection, gone)
        return self._planned("shift_changed", without, wanted, lead, ends_current)

    def cancel(self, shift: UUID, reason: str) -> Made:
        """Nothing is planned any more."""
        plans.require_planner(self.officer, self.place.id, self.is_above)
        if not reason.strip():
            raise Refused("reason_needed", "reason")
        after, gone = plans.cancelled(self.stands, shift, self.now)
        store.store(self.connection, gone)
        self._note("shift_cancelled", f"{gone.name} {_clock(gone.starts_at)}: {reason.strip()}")
        return Made(gone.id, after)

    def change_lead(self, shift: UUID, lead: UUID, reason: str) -> Made:
        """Somebody else leads the shift in force."""
        if not reason.strip():
            raise Refused("reason_needed", "reason")
        offer = self._lead(lead, self.now)
        after = plans.lead_changed(self.stands, shift, self.officer, offer, self.is_above)
        before = self.stands.current
        store.store(self.connection, after.current)
        self._note("lead_changed", f"{before.lead_name if before else ''} → {offer.name}: {reason.strip()}")
        return Made(shift, after)

    @property
    def is_above(self) -> bool:
        """Whether the officer is of the level above the unit."""
        return len(self.place.area) > len(self.officer.scope) and is_inside(self.place.area, self.officer.scope)

    def _planned(
        self, kind: str, stands: UnitShifts, wanted: tuple[str, datetime, datetime], lead: UUID | None, ends_current: bool
    ) -> Made:
        """The shift is planned, on record and told of."""
        name, starts_at, ends_at = wanted
        led = self._lead(lead, starts_at) if lead is not None else None
        who = (led.staff, led.name) if led is not None else (None, "")
        shift = Shift(new_id(), self.place.id, name.strip(), starts_at, ends_at, ShiftState.PLANNED, *who)
        after = plans.newly_planned(stands, shift, self.now, ends_current)
        store.store(self.connection, after.coming, after.current if after.current != stands.current else None)
        self._note(kind, " ".join(filter(None, (shift.name, f"{_clock(starts_at)}-{_clock(ends_at)}", who[1]))))
        return Made(shift.id, after)

    def _lead(self, staff: UUID, at: datetime) -> LeadOffer:
        """Who is to lead; Refused beside the field where no post of his may then."""
        found = next((each for each in leads.of_unit(self.connection, self.place.id, at) if each.staff == staff), None)
        if found is None:
            row = self.connection.execute("SELECT name FROM staff WHERE id = %s", (staff,)).fetchone()
            raise Refused("no_post_that_leads", "lead", name=row[0] if row else "?")
        return found

    def _change_shift(self, handed: Handed, comes: Officer) -> None:
        """The shifts as they stand after the second signature, and the people of them."""
        opened = handed.standing.current
        assert opened is not None, "a hand-over leads to a shift"
        store.store(self.connection, handed.closed, opened)
        store.take_along(self.connection, handed.closed.id, opened, handed.handover.began_at, self.now)
        duty_log.write(self.connection, "signed_in", opened.name, handed.closed.id, self.now, comes)
        duty_log.write(self.connection, "shift_opened", opened.name, opened.id, self.now, comes)

    def _note(self, kind: str, text: str, shift: Shift | None = None) -> None:
        """A line in the log of a shift, or of the one in force."""
        belongs = shift or self.stands.current
        duty_log.write(self.connection, kind, text, belongs.id if belongs else None, self.now, self.officer)

    def _note_covers(self, before: dict[UUID, UUID]) -> None:
        """The logs of the shifts that cover say whose cover began and ended."""
        after, units = store.covers(self.connection), store.places(self.connection)
        for unit in sorted(before.keys() | after.keys(), key=lambda each: units[each].name):
            if before.get(unit) == after.get(unit):
                continue
            for kind, shift in (("cover_ended", before.get(unit)), ("cover_began", after.get(unit))):
                if shift is not None:
                    duty_log.write(self.connection, kind, units[unit].name, shift, self.now)

    def _require_running(self, handover: UUID) -> None:
        if self.stands.handover is None or self.stands.handover.id != handover:
            raise Refused("no_handover", "handover")

    def _require_area(self) -> None:
        """A leader on duty acts for the units of his area."""
        if not is_inside(self.place.area, self.officer.scope):
            raise Refused("not_your_area", area=self.place.area, scope=self.officer.scope)


def _clock(at: datetime) -> str:
    """A moment as the duty log says it."""
    return f"{at.astimezone(CHINA):%m-%d %H:%M}"


Doing = Callable[[Act], Made]
