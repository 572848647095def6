"""A night scene: a worker who never acknowledges, once sent as usual and once sent directly."""

from __future__ import annotations

from collections.abc import Callable

from governance.incident import State
from tests.scenes.night_desk import NightDesk, taken_in
from tests.together.at_work import ServerAtWork, until
from tests.together.phones import Phone

RANG = "UPDATE timer SET due_at = now() WHERE incident = %s AND kind = 'T4' AND state = 'running'"
STEPS = "SELECT count(*) FROM incident_transition WHERE incident = %s AND row = %s"
LIVE = "('sent', 'delivered', 'acked', 'accepted', 'en_route', 'arrived')"


def rings(work: ServerAtWork, incident: str, row: str) -> None:
    """The time to acknowledge is over this moment; the clock process says so in the ledger."""
    ((before,),) = work.rows(STEPS, incident, row)
    work.change(RANG, incident)
    until(lambda: work.rows(STEPS, incident, row) == [(before + 1,)], f"{row} of {incident}", 30)


def test_sent_as_usual_he_is_reminded_then_it_goes_one_level_up(officer: NightDesk, work: ServerAtWork) -> None:
    incident = taken_in(officer, work, "路面塌陷一处", 0.3, 0.7)
    ((before,),) = work.rows("SELECT handling_level FROM incident WHERE id = %s", incident)
    officer.do("a", "AssignForm", "1")
    officer.wait_state(incident, [State.DISPATCHED], 20)
    ((name,),) = work.rows("SELECT worker_name FROM assignment WHERE incident = %s", incident)

    rings(work, incident, "E21")
    officer.reads("已再次通知", f"{name} 尚未接单", "下一位：")
    assert work.rows("SELECT reminders, state FROM assignment WHERE incident = %s", incident)[0][0] == 1

    rings(work, incident, "E22")
    officer.wait_state(incident, [State.FILED], 20)
    query = "SELECT state FROM assignment WHERE incident = %s"
    assert work.rows(query, incident) == [("expired",)]
    assert work.rows("SELECT handling_level FROM incident WHERE id = %s", incident) == [(before + 1,)]
    query = "SELECT kind, from_level, to_level, cause FROM escalation WHERE incident = %s"
    assert ("handling", before, before + 1, "T4") in work.rows(query, incident)

    officer.reads(f"主办 · {name} · 超时未接")
    officer.do("a", "AssignForm")
    query = "SELECT worker_name FROM assignment WHERE incident = %s AND state <> 'expired'"
    until(lambda: work.rows(query, incident), "the next one has it", 20)
    assert work.rows(query, incident) != [(name,)], "who did not answer is not the first to be offered again"


def test_sent_directly_it_widens_every_minute_until_one_takes_the_lead(
    officer: NightDesk, work: ServerAtWork, phone_of: Callable[[str], Phone]
) -> None:
    incident = _direct(officer, work, "电梯困人，里面有三人", 0.7, 0.3)
    officer.reads("0/3 人已签收")
    rings(work, incident, "E49")
    officer.reads("0/5 人已签收", "扩大：", "黄牌 · 签收超时")
    assert work.rows("SELECT grade, cause FROM supervision_order WHERE incident = %s", incident) == [(2, "T4")]
    rings(work, incident, "E49")
    officer.reads("0/7 人已签收")

    query = f"SELECT id::text, worker_name FROM assignment WHERE incident = %s AND role = 'assist' AND state IN {LIVE}"
    task, name = work.rows(query, incident)[0]
    assert phone_of(name).press(task, "take_lead").status_code == 200
    until(lambda: _lead(work, incident) == name, "he leads", 20)
    officer.reads(f"{name} 已")


def test_the_officer_gives_the_lead_to_one_who_answers(
    officer: NightDesk, work: ServerAtWork, phone_of: Callable[[str], Phone]
) -> None:
    incident = _direct(officer, work, "天然气管在漏气", 0.7, 0.75)
    first = _lead(work, incident)
    rings(work, incident, "E49")
    query = f"SELECT id::text, worker_name FROM assignment WHERE incident = %s AND role = 'assist' AND state IN {LIVE}"
    task, name = work.rows(query, incident)[0]
    assert phone_of(name).press(task, "ack").status_code == 200
    officer.reads(f"{name} 已签收", f"改由 {name} 主办  D")
    officer.do("d", "TakeForm")
    assert _lead(work, incident) == name != first
    _ends_without_the_silent(officer, work, incident, task, phone_of(name))


def _ends_without_the_silent(officer: NightDesk, work: ServerAtWork, incident: str, task: str, phone: Phone) -> None:
    """Whoever leads now is done although nobody else ever answered: all of them are let go."""
    assert phone.press(task, "accept").status_code == 200
    done = phone.press(task, "complete", photo=True, text="阀门已关，已通风")
    assert done.status_code == 200, done.text
    officer.wait_state(incident, [State.RESOLVED], 20)
    query = "SELECT DISTINCT state FROM assignment WHERE incident = %s AND id::text <> %s"
    assert work.rows(query, incident, task) == [("released",)]


def _direct(officer: NightDesk, work: ServerAtWork, text: str, east: float, north: float) -> str:
    """Something that cannot wait, taken on as 特急 and ordered directly."""
    incident = taken_in(officer, work, text, east, north, "Tab Right Right")
    officer.do("d", "DirectForm")
    officer.wait_state(incident, [State.DISPATCHED], 20)
    return incident


def _lead(work: ServerAtWork, incident: str) -> str:
    query = f"SELECT worker_name FROM assignment WHERE incident = %s AND role = 'lead' AND state IN {LIVE}"
    return str(work.rows(query, incident)[0][0])
