"""A night scene: an assignment is declined, and nobody else is on duty: the list never ends in nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from governance.incident import State
from governance.people import Duty
from server.keys import ensure_keys
from server.ledger.ledger import Ledger
from server.ledger.worker_duty import set_duty
from tests.scenes.night_desk import PATIENCE_S, NightDesk, taken_in
from tests.together.at_work import ServerAtWork, until
from tests.together.headless import HeadlessDesk
from tests.together.phones import Phone


@pytest.fixture
def two_only(work: ServerAtWork) -> Iterator[tuple[str, str]]:
    """The names of the one on duty and of the one on call; all others are at home, and come back afterwards."""
    query = (
        "SELECT s.id, s.name FROM worker_live l JOIN staff s ON s.id = l.worker JOIN worker w ON w.staff = s.id "
        "ORDER BY w.role = 'DH', l.live_tasks, s.staff_no"  # the handlers of departments stay at home
    )
    workers = work.rows(query)
    (_, on_duty), (second, on_call), *rest = workers
    _set(work, {second: Duty.ON_CALL, **{worker: Duty.OFF for worker, _ in rest}})
    yield on_duty, on_call
    _set(work, {worker: Duty.OFF for worker, _ in workers})  # who is on call stays so until he goes home
    _set(work, {worker: Duty.ON_DUTY for worker, _ in workers})


def test_an_order_is_declined_with_nobody_else_on_duty(
    officer: NightDesk,
    work: ServerAtWork,
    two_only: tuple[str, str],
    desk_of: Callable[[str], HeadlessDesk],
    phone_of: Callable[[str], Phone],
) -> None:
    on_duty, on_call = two_only
    lead = desk_of("lead1")
    incident = taken_in(officer, work, "路灯不亮，路口很黑", 0.2, 0.25)
    officer.reads(f"1 [x] {on_duty}", f"2 [ ] {on_call} ", "备勤")
    officer.do("a", "AssignForm", "1")
    officer.wait_state(incident, [State.DISPATCHED], PATIENCE_S)
    ((task,),) = work.rows("SELECT id::text FROM assignment WHERE incident = %s", incident)
    assert phone_of(on_duty).press(task, "decline", reason_code="far").status_code == 200

    officer.wait_state(incident, [State.FILED], PATIENCE_S)
    officer.reads(f"主办 · {on_duty} · 无法前往", f"1 [x] {on_call} ", f"2 [ ] {on_duty} 已拒此单或未应答")
    officer.reads("都去不了时，电话通知：Row 1综合指挥室")
    officer.reads("未接单 路灯不亮，路口很黑")
    query = "SELECT state, ended_reason FROM assignment WHERE incident = %s"
    assert work.rows(query, incident) == [("declined", "far")]
    until(lambda: _stands(lead, incident) is State.FILED, "the shift lead has it in his queue", PATIENCE_S, lead.turn)

    ((before,),) = work.rows("SELECT handling_level FROM incident WHERE id = %s", incident)
    officer.do("e", "ReasonForm", ":夜里无人可派")
    query = "SELECT handling_level, state FROM incident WHERE id = %s"
    assert work.rows(query, incident) == [(before + 1, "filed")]
    query = "SELECT to_level, cause FROM escalation WHERE incident = %s AND kind = 'handling'"
    assert work.rows(query, incident) == [(before + 1, "manual")]
    officer.reads("街道级", on_call, "都去不了时，电话通知：Row 1综合指挥室")
    officer.do("a", "AssignForm")
    officer.wait_state(incident, [State.DISPATCHED], PATIENCE_S)
    query = "SELECT worker_name FROM assignment WHERE incident = %s AND state <> 'declined'"
    assert work.rows(query, incident) == [(on_call,)]


def _stands(desk: HeadlessDesk, incident: str) -> State | None:
    return next((case.incident.state for key, case in desk.situation.cases.items() if str(key) == incident), None)


def _set(work: ServerAtWork, duties: dict[UUID, Duty]) -> None:
    ledger = Ledger(work.settings.database_url(), ensure_keys(work.settings.keys).data_key, pool_size=1)
    try:
        set_duty(ledger, duties, datetime.now(UTC))
    finally:
        ledger.close()
