"""E13: the system sends the only worker on duty of the unit that leads, where the rules let it; else it waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from governance.commands import Accept, File, MakeReport
from governance.incident import ActorKind, AssignmentState, State, TimerKind, TimerState
from governance.people import Worker
from governance.rules import DutyRow
from server.audit.verify import verify
from server.ledger import incidents, rules_store
from server.ledger.entry import Entered
from tests.server.conftest import District, middle

STALL = "03.02"


def let_the_system_send(district: District, worker: Worker, is_on: bool = True) -> None:
    """Rules in force from now on: the unit of a worker leads everywhere, and the category goes out by itself."""
    with district.owner.transaction() as connection:
        rules = rules_store.load(connection, 1)
        category = replace(rules.categories[STALL], auto_dispatch=is_on)
        row = DutyRow("", worker.grid[:6], worker.unit, "lead")
        rules = replace(rules, version=2, categories=rules.categories | {STALL: category}, duty_matrix=(row,))
        rules_store.store(connection, rules, datetime.now(UTC))


def on_duty(district: District, *workers: Worker) -> None:
    """Only these are on duty."""
    district.owner_executes("UPDATE worker_live SET duty = 'off'")
    district.owner_executes("UPDATE worker_live SET duty = 'on_duty' WHERE worker = ANY(%s)", [each.id for each in workers])


def filed(district: District) -> Entered:
    """A stall in the first grid, filed."""
    made = district.order(MakeReport("路边有人摆摊", middle(0)), "duty1")
    return district.order(File(STALL), "duty1", made)


@pytest.fixture
def two(district: District) -> tuple[Worker, Worker]:
    """Two workers of one unit."""
    first = district.workers[0]
    return first, next(each for each in district.workers[1:] if each.unit == first.unit)


def test_the_only_one_on_duty_is_sent_by_the_rule(district: District, two: tuple[Worker, Worker]) -> None:
    let_the_system_send(district, two[0])
    on_duty(district, two[0])
    entered = filed(district)
    with district.ledger.transaction() as connection:
        case = incidents.load(connection, entered.incident)
        actors = connection.execute(
            "SELECT row, actor_kind FROM incident_transition WHERE incident = %s ORDER BY seq", (entered.incident,)
        ).fetchall()
    assert (case.incident.state, entered.version) == (State.DISPATCHED, case.incident.version)
    assert [(each.worker, each.state) for each in case.assignments] == [(two[0].id, AssignmentState.SENT)]
    step = case.steps[-1]
    assert (step.row, step.actor_kind, step.detail["lead"]) == ("E13", ActorKind.RULE, two[0].name)
    assert actors == [("E01", "user"), ("E06", "user"), ("E13", "rule")]
    running = {timer.kind for timer in case.timers if timer.state is TimerState.RUNNING}
    assert {TimerKind.T4_ACK, TimerKind.T5_ACCEPT, TimerKind.T7_RESOLVE} <= running
    assert TimerKind.T3_DISPATCH not in running
    assert verify(district.ledger).findings == []


@pytest.mark.parametrize(
    ("is_on", "there"), [(False, 1), (True, 0), (True, 2)], ids=["not enabled", "nobody on duty", "one has to choose"]
)
def test_otherwise_it_waits_to_be_sent(district: District, two: tuple[Worker, Worker], is_on: bool, there: int) -> None:
    let_the_system_send(district, two[0], is_on)
    on_duty(district, *two[:there])
    entered = filed(district)
    with district.ledger.transaction() as connection:
        case = incidents.load(connection, entered.incident)
    assert (case.incident.state, case.assignments, case.steps[-1].row) == (State.FILED, (), "E06")
    assert any(timer.kind is TimerKind.T3_DISPATCH and timer.state is TimerState.RUNNING for timer in case.timers)


def test_who_was_sent_by_the_rule_takes_it_up(district: District, two: tuple[Worker, Worker]) -> None:
    let_the_system_send(district, two[0])
    on_duty(district, two[0])
    taken = district.order(Accept(), district.field_officer(two[0]), filed(district))
    assert taken.case is not None
    assert taken.case.incident.state is State.HANDLING
