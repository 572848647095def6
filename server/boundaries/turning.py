"""Changes of boundaries come into force on their day, and are taken back, each as one; what fails changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import structlog

from governance.lifecycle import SYSTEM_OFFICER
from governance.redivision import Act, Change, Stage, acted, require_staffed
from governance.refusal import Refused
from server.boundaries.carrying_out import Step, carry_out
from server.boundaries.checking import checked, grids_in, require_right
from server.boundaries.reckoning import Reckoned, reckon
from server.boundaries.standing import Standing, after
from server.ledger import redivisions
from server.ledger.ledger import Connection, Ledger
from server.ledger.local_day import local_day
from server.ledger.redivisions import AreaStands

log = structlog.get_logger()

AGAIN_AFTER = timedelta(minutes=10)
"""What could not come into force is tried again after this time."""


class Turner:
    """Looks whether the day of a change has come. One thread."""

    def __init__(self, ledger: Ledger, owners: Callable[[], Ledger], packs: Path) -> None:
        """`owners` makes a ledger of the owner's role, for one change: what it read is forgotten with it."""
        self._ledger, self._owners, self._packs = ledger, owners, packs
        self._aside: dict[UUID, datetime] = {}

    def turn(self, now: datetime) -> int:
        """Carry out what is due; how many changes."""
        day = local_day(now)
        with self._ledger.transaction() as connection:
            due = [(each, come_into_force) for each in redivisions.due(connection, day)]
            due += [(each, take_back) for each in redivisions.due_back(connection, day)]
        return sum(self._one(change, act, now) for change, act in due if self._aside.get(change, now) <= now)

    def _one(self, change: UUID, act: Callable[..., Change], now: datetime) -> int:
        owner = self._owners()
        try:
            with owner.transaction() as connection:
                done = act(owner, connection, self._packs, change, now)
        except Refused as no:
            self._aside[change] = now + AGAIN_AFTER
            with self._ledger.transaction() as connection:
                redivisions.trouble(connection, change, no.code)
            log.warning("a change of boundaries was refused", change=str(change), code=no.code, **no.details)
            return 0
        finally:
            owner.close()
        self._aside.pop(change, None)
        log.info("boundaries changed", change=str(change), stage=done.stage.value)
        return 1


def come_into_force(ledger: Ledger, connection: Connection, packs: Path, change: UUID, now: datetime) -> Change:
    """A published change is in force from today on; Refused where it is not right any more, or a grid would have nobody."""
    found, day = redivisions.find(connection, change, lock=True), local_day(now)
    done = replace(acted(found, Act.COME_INTO_FORCE, SYSTEM_OFFICER, SYSTEM_OFFICER.staff, day), effective_on=day)
    before, standing, reckoned = look_at(connection, found, day, now)
    require_staffed(reckoned.outcome)
    carry_out(ledger, connection, packs, Step(found, before, standing, reckoned, day, now))
    redivisions.keep(connection, done, kept_of(reckoned))
    redivisions.log(connection, done, Act.COME_INTO_FORCE, SYSTEM_OFFICER.staff, now)
    return done


def take_back(ledger: Ledger, connection: Connection, packs: Path, change: UUID, now: datetime) -> Change:
    """A change that is in force is undone from today on: areas, workers, posts and units as they were, the rest by place."""
    found, day = redivisions.find(connection, change, lock=True), local_day(now)
    kept = redivisions.outcome_of(connection, change)
    if found.stage is not Stage.IN_FORCE or kept is None or found.effective_on is None:
        raise Refused("stage_wrong", "stage", stage=found.stage.value, act=Act.TAKE_BACK.value)
    if redivisions.overtaken(connection, change, found.area, Act.COME_INTO_FORCE.value):
        raise Refused("boundaries_changed", "area", area=found.area)
    before = redivisions.in_force(connection, day)
    old = redivisions.in_force(connection, found.effective_on - timedelta(days=1))
    standing = {code: each for code, each in before.items() if code not in kept["begun"]}
    standing |= {code: old[code] for code in kept["ended"]}
    standing = dict(sorted(standing.items(), key=lambda item: (-item[1].level, item[0])))
    homes = {UUID(each["id"]): each["old"] for each in kept["moved"] if each["kind"] == "worker"}
    back = {(each["kind"], each["id"]): each["old"] for each in kept["moved"]}
    reckoned = reckon(connection, before, standing, homes, now, back)
    carry_out(ledger, connection, packs, Step(found, before, standing, reckoned, day, now, is_back=True))
    done = replace(found, stage=Stage.TAKEN_BACK, version=found.version + 1)
    redivisions.keep(connection, done)
    redivisions.log(connection, done, Act.TAKE_BACK, SYSTEM_OFFICER.staff, now)
    return done


def look_at(
    connection: Connection, change: Change, day: date, now: datetime
) -> tuple[Mapping[str, AreaStands], Standing, Reckoned]:
    """What is in force, what the draft makes of it, and what that moves; Refused where the draft is not right."""
    if redivisions.overtaken(connection, change.id, change.area, "open"):
        raise Refused("boundaries_changed", "area", area=change.area)
    before = redivisions.in_force(connection, day)
    drawn = redivisions.drawn_of(connection, change.id)
    if not drawn:
        raise Refused("nothing_drawn", "change")
    standing = after(before, change.area, drawn)
    outside = {each.code for each in before.values() if not each.code.startswith(change.area)}
    codes = [each.code for each in grids_in(standing) if each.code not in outside]
    require_right(checked(before, standing, change.area), codes)
    return before, standing, reckon(connection, before, standing, redivisions.staffing_of(connection, change.id), now)


def kept_of(reckoned: Reckoned) -> dict[str, Any]:
    """What was reckoned, as it is kept with its change."""
    plain: dict[str, Any] = msgspec.to_builtins(reckoned.outcome)
    named: Sequence[tuple[str, Sequence[str]]] = (("ended", reckoned.ended), ("begun", reckoned.begun))
    return plain | {name: list(codes) for name, codes in named}
