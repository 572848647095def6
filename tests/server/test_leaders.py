"""报告带班领导 on a real server: who is signed on is told at his desk, else somebody has to take the call."""

from __future__ import annotations

from collections.abc import Callable

from governance import commands as c
from governance.changes import CaseChanged
from governance.incident import Severity, Urgency
from server.audit.verify import verify
from tests.server.conftest import District, RawDesk, changes_of, middle, refusal


def test_a_leader_at_his_desk_is_told_there_and_answers(district: District, raw_desk: Callable[[], RawDesk]) -> None:
    district.start("desk")
    officer, leader = raw_desk(), raw_desk()
    officer.sign_on("duty1")
    made = officer.order(c.MakeReport("厨房有浓烈燃气味", middle(0), urgency=Urgency.IMMEDIATE))
    incident = made.incident  # type: ignore[union-attr]
    officer.order(c.SetSeverity(Severity.II, "楼内还有老人"), incident, 1)
    assert refusal(officer.order(c.ReportLeader("燃气泄漏"), incident, 2)) == "no_leader_signed_on"
    officer.order(c.ReportLeader("燃气泄漏", "值班室老周", "T-3"), incident, 2)
    leader.sign_on("leader1")
    officer.order(c.ReportLeader("三人已撤离"), incident, 3)
    told: list[CaseChanged] = []

    def is_told(said: object) -> bool:
        told.extend(changes_of([said]))  # type: ignore[list-item]
        return any(step.row == "E69" for each in told for step in each.steps_added)

    assert leader.hears(is_told)
    leader.order(c.AnswerReport("同意疏散"), incident, 4)
    with district.ledger.transaction() as connection:
        rows = connection.execute(
            "SELECT row, detail, actor_name FROM incident_transition WHERE incident = %s AND seq > 2 ORDER BY seq", (incident,)
        ).fetchall()
    name = district.officers["leader1"].name
    assert [row[:2] for row in rows] == [
        ("E69", {"person": "值班室老周", "receipt": "T-3", "text": "燃气泄漏"}),
        ("E69", {"leaders": name, "text": "三人已撤离"}),
        ("E70", {"text": "同意疏散"}),
    ]
    assert rows[-1][2] == name
    assert verify(district.ledger).findings == []
