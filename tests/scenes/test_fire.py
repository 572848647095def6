"""A night scene: a fire, which belongs to 119: told on the way from the report to the filing, the keys staying with it."""

from __future__ import annotations

from governance.incident import State
from tests.scenes.night_desk import PATIENCE_S, NightDesk, newest
from tests.together.at_work import ServerAtWork, spot, until

WHERE = spot(0.6, 0.3)
FIRE = "商铺二楼起火，浓烟很大"


def test_a_fire_is_filed_by_ctrl_enter_with_119_told_on_the_way(officer: NightDesk, work: ServerAtWork) -> None:
    officer.do("n", "ReportForm", f":{FIRE} Tab :{WHERE.lon:.6f},{WHERE.lat:.6f}")
    incident, number = until(newest(work, FIRE), "the report is in the ledger")
    officer.looks_at(incident, number)
    officer.open("f", "TriageForm")
    officer.reads("先通报 119 消防")
    officer.keys("Send")
    officer.wait_attention(PATIENCE_S, form="NotifyForm")
    officer.keys(":赵班长 Tab :A0212")
    told = officer.screen.press("ctrl+enter")
    officer.wait_attention(PATIENCE_S, after=told, form="TriageForm", incident=incident)
    officer.send()
    officer.wait_state(incident, [State.FILED], PATIENCE_S)
    rows = work.rows("SELECT row, detail->>'target' FROM incident_transition WHERE incident = %s ORDER BY seq", incident)
    assert rows == [("E01", None), ("E58", "119"), ("E06", None)]
