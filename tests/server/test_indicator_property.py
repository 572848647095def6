"""Incidents by chance through the real order book: SQL and a plain reading of the log come to the same."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from governance.commands import (
    Accept,
    Acknowledge,
    Approve,
    Arrive,
    Ask,
    CheckFail,
    CheckPass,
    Command,
    Complete,
    Decline,
    Deny,
    Dispatch,
    File,
    RaiseLevel,
    Recall,
    Recipient,
    Reconsider,
    Reject,
    Reopen,
    Resume,
    SendCheck,
    SendFeedback,
    TimerFired,
    TransferOut,
)
from governance.incident import ApprovalKind, Case, State, TimerState
from governance.indicators import Boundaries, Month
from governance.lifecycle import SYSTEM_OFFICER
from governance.refusal import Refused
from server.indicators.computing import compute
from server.ledger import incidents

from .conftest import District, middle
from .indicator_log import Counted
from .test_indicator_periods import Life, _photo

INCIDENTS, STEPS_AT_MOST = 200, 18
START, CUT = datetime(2026, 9, 20, 1, tzinfo=UTC), datetime(2027, 1, 5, tzinfo=UTC)
OFFICES = ("duty1", "lead1", "check1", "audit1", "leader1")


def _commands(chance: Random, case: Case, life: Life) -> list[tuple[Command, object]]:
    """What somebody might do now, likely first; the rules refuse what does not fit."""
    me = life.district.field_officer(life.worker)
    pending = next((a.id for a in case.approvals if a.state == "pending"), UUID(int=0))
    until = life.now + timedelta(days=chance.choice((2, 9)))
    ask = chance.choice((*tuple(ApprovalKind)[:6], ApprovalKind.EXTEND, ApprovalKind.EXTEND))
    table: dict[State, list[tuple[Command, object]]] = {
        State.REPORTED: [
            (File(chance.choice(("03.01", "08.01", "09.01"))), "duty1"), (File("03.01"), "duty1"),
            (Reject("not_ours", "不属于"), "duty1"), (TransferOut("110", "移送", "回执1"), "lead1"),
        ],
        State.FILED: [
            (Dispatch(Recipient(life.worker.id), reason="就近"), "lead1"),
            (Dispatch(Recipient(life.worker.id), reason="就近"), "duty1"),
            (RaiseLevel("做不了"), "duty1"),
        ],
        State.DISPATCHED: [
            (Accept(), me), (Accept(), me), (Acknowledge(), me), (Recall("派错了"), "lead1"), (Decline("ill"), me),
            (Ask(ApprovalKind.RETURN, "不归我管"), me), (Approve(pending), "lead1"), (Approve(pending), "lead1"),
        ],
        State.HANDLING: [
            (Complete("好了", (_photo(),)), me), (Complete("好了", (_photo(),)), me), (Arrive(middle(0), "x"), me),
            (Ask(ask, "理由", until=until, extend_s=7200.0), me), (Approve(pending), "lead1"), (Approve(pending), "audit1"),
            (Deny(pending, "不同意"), "lead1"),
        ],
        State.SUSPENDED: [(Resume(), "lead1")],
        State.RESOLVED: [(SendCheck(), "duty1")],
        State.CHECKING: [
            (CheckPass(condition_met=True), "check1"), (CheckPass(condition_met=True), "check1"),
            (CheckPass(condition_met=True), "lead1"), (CheckFail("没好"), "check1"),
        ],
        State.CLOSED: [(SendFeedback("已办", satisfaction=chance.randint(1, 5)), "duty1"), (Reopen("复发"), "lead1")],
        State.ARCHIVED: [(Reopen("复发"), "lead1"), (Reopen("复发"), "audit1")],
        State.REJECTED: [(Reconsider("再看"), "lead1")],
    }  # fmt: skip
    offered = table.get(case.incident.state, [])
    chance.shuffle(offered)
    return offered


def _rung(case: Case, life: Life) -> list[tuple[Command, object]]:
    """Clocks that have run out by now, the earliest first."""
    due = [t for t in case.timers if t.state is TimerState.RUNNING and t.due_at is not None and t.due_at <= life.now]
    return [(TimerFired(t.id, t.kind, t.fired), SYSTEM_OFFICER) for t in sorted(due, key=lambda t: t.due_at or life.now)]


def _live(district: District, chance: Random, number: int) -> None:
    """One incident, from its report to wherever chance leaves it."""
    life = Life(district, chance.randrange(8), START + timedelta(minutes=chance.randrange(70 * 24 * 60)))
    for _ in range(chance.randint(3, STEPS_AT_MOST)):
        life.now += timedelta(minutes=chance.choice((3, 3, 10, 10, 30, 60, 600, 4_000)))
        assert life.case is not None
        with district.ledger.transaction() as connection:
            case = incidents.load(connection, life.case.incident)
        for command, by in _rung(case, life)[:1]:
            with suppress(Refused):
                life.after(0, command, by)
        with district.ledger.transaction() as connection:
            case = incidents.load(connection, life.case.incident)
        for command, by in _commands(chance, case, life):
            with suppress(Refused):
                life.after(0, command, by)
                break


@pytest.mark.timeout(600)  # some three thousand orders; the machine may be shared
def test_sql_and_the_log_come_to_the_same(district: District) -> None:
    chance = Random(20261001)
    for number in range(INCIDENTS):
        _live(district, chance, number)
    with district.ledger.transaction(snapshot=True) as connection:
        steps: dict[UUID, list[tuple[object, ...]]] = {}
        for incident, *step in connection.execute(
            "SELECT incident, row, to_state, at, became FROM incident_transition ORDER BY incident, seq"
        ):
            steps.setdefault(incident, []).append(tuple(step))
        rows_seen = {step[0] for log in steps.values() for step in log}
        for text in ("2026-09", "2026-10", "2026-11", "2026-12"):
            month = Month.of(text)
            found = {
                value.code: (int(value.num or 0), int(value.den or 0))
                for value in compute(connection, month, CUT, Boundaries.FILING, "990001", (6,))
                if value.subject == "990001"
            }
            expected = Counted(month, CUT, 7200.0).of(list(steps.values()))
            assert {code: found.get(code, (0, 0)) for code in expected} == expected, text
    wanted = {"E06", "E08", "E10", "E12", "E20", "E22", "E27", "E30", "E31", "E32", "E36", "E38", "E41", "E42", "E47"}
    assert wanted <= rows_seen, wanted - rows_seen
