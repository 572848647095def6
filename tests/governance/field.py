"""A small district for the rules' tests: rules, officers, and short ways to get a case somewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from governance.categories import Category, Limit, Stage, TimeUnit
from governance.commands import (
    Accept,
    Command,
    Dispatch,
    File,
    MakeReport,
    Recipient,
)
from governance.incident import Case, Magnitude, Nature, Urgency
from governance.lifecycle import SYSTEM_OFFICER, after
from governance.people import Officer, Role
from governance.places import Level, LonLat
from governance.rules import DutyRow, Rules

SPACE = UUID("5a1f6e5e-0000-4000-8000-000000000000")
DISTRICT, STREET, COMMUNITY, GRID = "330104", "330104005", "330104005051", "330104005051003"
ELSEWHERE = "330104006001001"
"""A grid the duty matrix names nobody for."""
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in Hangzhou
PLACE = LonLat(120.21, 30.27)


def named(word: str) -> UUID:
    """The same id for the same word."""
    return uuid5(SPACE, word)


UNITS = {"centre": named("centre"), "street": named("street"), "community": named("community")}
MINUTES = {Stage.INTAKE: 15, Stage.DISPATCH: 30, Stage.ACK: 15, Stage.ACCEPT: 30, Stage.ARRIVE: 120, Stage.FEEDBACK: 1440}
LIMITS = tuple(
    Limit("", "", urgency, stage, minutes / (1, 3, 15)[urgency], TimeUnit.MINUTE)
    for urgency in Urgency
    for stage, minutes in {**MINUTES, Stage.CHECK: 120, Stage.RESOLVE: 7200}.items()
)
LEAF, PLAIN, GAS = "03.02", "06.01", "09.01"
RULES = Rules(
    1,
    {
        "03": Category("03", "城市管理", "City", "", Nature.REGULATION, "city"),
        LEAF: Category(LEAF, "占道经营", "Stall", "03", Nature.REGULATION, "stall"),
        PLAIN: Category(PLAIN, "咨询", "Question", "06", Nature.SERVICE, "question", evidence=False),
        GAS: Category(GAS, "燃气泄漏", "Gas", "09", Nature.REGULATION, "gas", magnitude=Magnitude.GRAVE, skills=("gas",)),
    },
    LIMITS,
    (DutyRow("", COMMUNITY, UNITS["community"], "lead"),),
    queue_units={DISTRICT: UNITS["centre"], STREET: UNITS["street"], COMMUNITY: UNITS["community"]},
    backstop_units={DISTRICT: UNITS["centre"]},
    reason_codes={"reject": frozenset({"not_ours"}), "decline": frozenset({"ill"})},
)
MORE_MINUTES = {
    Stage.VERIFY: 30,
    Stage.BACKFILL: 1440 * 15,
    Stage.REPORT_FIRST: 20 * 15,
    Stage.REPORT_WRITTEN: 40 * 15,
    Stage.REPORT_FOLLOWUP: 120 * 15,
}
SEEN, TOLD_FIRST, AUTOMATIC, SECRET, LOW = "03.03", "03.04", "06.02", "08.01", "07.01"
WHOLE = replace(
    RULES,
    categories={
        **RULES.categories,
        SEEN: Category(SEEN, "违章搭建", "Shed", "03", Nature.REGULATION, "shed", verify=True),
        TOLD_FIRST: Category(TOLD_FIRST, "伤员", "Injured", "03", Nature.SERVICE, "injured", outside=("120",)),
        AUTOMATIC: Category(AUTOMATIC, "路灯", "Lamp", "06", Nature.SERVICE, "lamp", evidence=False, auto_dispatch=True),
        SECRET: Category(SECRET, "家庭纠纷", "Quarrel", "08", Nature.SERVICE, "quarrel", sensitive=True),
        LOW: Category(LOW, "巡防", "Patrol", "07", Nature.REGULATION, "patrol", evidence=False, first_level=Level.GRID),
    },
    limits=(
        *LIMITS,
        Limit(PLAIN, "", Urgency.NORMAL, Stage.RESOLVE, 3, TimeUnit.WORK_DAY),
        *(
            Limit("", "", urgency, stage, minutes / (1, 3, 15)[urgency], TimeUnit.MINUTE)
            for urgency in Urgency
            for stage, minutes in MORE_MINUTES.items()
        ),
        Limit("", "", Urgency.NORMAL, Stage.APPROVAL, 4, TimeUnit.WORK_HOUR),
        Limit("", "", Urgency.URGENT, Stage.APPROVAL, 60, TimeUnit.MINUTE),
        Limit("", "", Urgency.IMMEDIATE, Stage.APPROVAL, 60, TimeUnit.MINUTE),
    ),
    sample_percent=50.0,
)
"""The same rules with a limit for every stage, and categories for the rows of the table that need them."""
SCOPE = {Role.OPERATOR: COMMUNITY, Role.GRID_LEADER: GRID, Role.GRID_WORKER: GRID}
SHIFT = named("shift")


def officer(role: Role, name: str = "", scope: str | None = None, shift: UUID | None = SHIFT, clearance: int = 2) -> Officer:
    """Somebody in a role, on shift, over the area usual for it."""
    if role is Role.SYSTEM:
        return SYSTEM_OFFICER
    word = name or role.value
    scope = SCOPE.get(role, DISTRICT) if scope is None else scope
    return Officer(named(word), word, named(f"post {word}"), role, scope, clearance, shift, UNITS["centre"])


def worker(name: str) -> Officer:
    """A grid worker on the phone."""
    return officer(Role.GRID_WORKER, name, shift=None)


def recipient(name: str, unit: str = "community") -> Recipient:
    """The same worker as the one an order goes to."""
    return Recipient(named(name), name, UNITS[unit], unit, GRID)


def report(number: int = 1, grid: str = GRID, **more: object) -> MakeReport:
    """A report as the server completes it."""
    given = MakeReport("占道", PLACE, incident=named(f"incident {number}"), number=f"JG-20261123-{number:04d}", grid=grid)
    return replace(given, **more)


DO = officer(Role.DUTY_OFFICER)
SL = officer(Role.SHIFT_LEAD)
CK = officer(Role.CHECKER)


def reported(**more: object) -> Case:
    """A case that waits for intake."""
    return after(None, report(**more), DO, WHOLE, NOON)


def walk(case: Case | None, *moves: tuple[Command, Officer], at: datetime = NOON) -> Case:
    """The case after several commands, a minute apart."""
    for minutes, (command, who) in enumerate(moves, 1):
        case = after(case, command, who, WHOLE, at + timedelta(minutes=minutes))
    assert case is not None
    return case


TO_FILED = ((File(LEAF), DO),)
TO_DISPATCHED = (*TO_FILED, (Dispatch(recipient("li"), (recipient("wang"),)), DO))
TO_HANDLING = (*TO_DISPATCHED, (Accept(), worker("li")))
