"""A night scene: a gas leak at 02:10 with three callers, from the first call to the archive, without a hand off the keys."""

from __future__ import annotations

from collections.abc import Callable

from governance.incident import State
from tests.scenes.night_desk import PATIENCE_S, NightDesk, newest, passed
from tests.together.at_work import ServerAtWork, spot, until
from tests.together.headless import HeadlessDesk
from tests.together.phones import Phone

PLACE = spot(0.4, 0.4)
WHERE = f":{PLACE.lon:.6f},{PLACE.lat:.6f}"
ROWS = [
    *("E01", "E02", "E02"),  # three calls
    *("E06", "E50", "E58", "E58", "E48", "E18", "E62"),  # taken on, graded, told, ordered, acknowledged, reported above
    *("E19", "E23", "E19", "E19", "E27", "E27", "E27"),  # worked at by three
    *("E39", "E41", "E41", "E44", "E46"),  # checked, signed twice, told to all, archived
]
FIRST = "三号楼楼道里有很浓的煤气味"
SECOND, THIRD = "楼下闻到煤气味，很浓", "三号楼煤气味很重，老人还在家"


def ladder(work: ServerAtWork, incident: str) -> list[str]:
    """The rows of the table the incident went through."""
    return [row for (row,) in work.rows("SELECT row FROM incident_transition WHERE incident = %s ORDER BY seq", incident)]


def test_a_gas_leak_with_three_callers(
    officer: NightDesk, work: ServerAtWork, desk_of: Callable[[str], HeadlessDesk], phone_of: Callable[[str], Phone]
) -> None:
    checker, lead = desk_of("check1"), desk_of("lead1")
    incident = _three_call(officer, work)
    _graded_and_told(officer, work, incident)
    at_work = _sent(officer, work, incident, phone_of)
    _reported_above(officer, work, incident)
    _worked(officer, incident, at_work)
    _checked(officer, work, incident, checker, lead)
    _echoed(officer, work, incident)
    assert ladder(work, incident) == ROWS


def _three_call(officer: NightDesk, work: ServerAtWork) -> str:
    """The first call becomes an incident; the second and third go to it by one key each, seen while they are typed."""
    officer.do("n", "ReportForm", f":{FIRST} Tab {WHERE}")
    incident, number = until(newest(work, FIRST), "the first report is in the ledger")
    short = number.rpartition("-")[2]
    officer.reads(number)
    for count, text in enumerate((SECOND, THIRD), 2):
        officer.open("n", "ReportForm")
        officer.keys(f":{text} Tab {WHERE}")
        officer.reads("可能重复 1 件 · Alt+数字 并入")
        officer.keys("alt+1")
        officer.reads(f"这条上报将并入 {number}", f"并入 {short}")
        officer.send()
        assert work.rows("SELECT count(*) FROM report WHERE incident = %s", incident) == [(count,)]
    assert work.rows("SELECT count(*) FROM incident WHERE text IN (%s, %s)", SECOND, THIRD) == [(0,)]
    officer.looks_at(incident, number)
    officer.reads(number, "3 人上报")
    return incident


def _graded_and_told(officer: NightDesk, work: ServerAtWork, incident: str) -> None:
    """Taken on as 特急, graded, and 119 and the gas company told with who and receipt."""
    officer.do("f", "TriageForm", "Tab Right Right")
    officer.do("x", "SeverityForm", ":燃气泄漏")
    officer.do("o", "NotifyForm", ":赵班长 Tab :A0212")
    officer.reads("119 消防 已通报", "燃气公司 未通报")
    officer.do("o", "NotifyForm", ":钱工 Tab :R77")
    officer.reads("燃气公司 已通报", "赵班长 接报 · 回执 A0212", "钱工 接报 · 回执 R77")
    ((urgency, severity),) = work.rows("SELECT urgency, severity FROM incident WHERE id = %s", incident)
    assert (urgency, severity > 0) == (2, True)


def _sent(officer: NightDesk, work: ServerAtWork, incident: str, phone_of: Callable[[str], Phone]) -> list[tuple[Phone, str]]:
    """The nearest got the order directly, two beside him; who acknowledged is seen on the board. The lead comes first."""
    officer.do("d", "DirectForm")
    officer.reads("0/3 人已签收")
    query = "SELECT id::text, worker_name FROM assignment WHERE incident = %s ORDER BY role DESC"
    sent = work.rows(query, incident)
    at_work = [(phone_of(name), task) for task, name in sent]
    phone, task = at_work[0]
    assert phone.press(task, "ack").status_code == 200
    officer.reads("1/3 人已签收", f"{sent[0][1]} 已签收")
    return at_work


def _reported_above(officer: NightDesk, work: ServerAtWork, incident: str) -> None:
    """The first report is written beforehand, and leaves within its twenty minutes."""
    officer.open("shift+o", "EmergencyForm")
    officer.reads("首报")
    officer.send()
    ((detail,),) = work.rows("SELECT detail FROM incident_transition WHERE incident = %s AND row = 'E62'", incident)
    assert detail["kind"] == "first"
    assert work.rows("SELECT fired FROM timer WHERE incident = %s AND kind = 'T14'", incident)[0] == (0,)


def _worked(officer: NightDesk, incident: str, at_work: list[tuple[Phone, str]]) -> None:
    """Accepted, there, done, by all three: the desk follows each tap of the phones."""
    (phone, task), *beside = at_work
    assert phone.press(task, "accept").status_code == 200
    officer.wait_state(incident, [State.HANDLING], PATIENCE_S)
    assert phone.press(task, "arrive", lon=PLACE.lon, lat=PLACE.lat).status_code == 200
    officer.reads("已到场")
    for other, theirs in beside:
        assert other.press(theirs, "accept").status_code == 200
    assert phone.press(task, "complete", photo=True, text="关阀").json()["code"] == "assist_open", "two are still at it"
    for other, theirs in beside:
        assert other.press(theirs, "complete", photo=True, text="居民已疏散").status_code == 200
    done = phone.press(task, "complete", photo=True, text="总阀已关，通风完毕")
    assert done.status_code == 200, done.text
    officer.wait_state(incident, [State.RESOLVED], PATIENCE_S)


def _checked(officer: NightDesk, work: ServerAtWork, incident: str, checker: HeadlessDesk, lead: HeadlessDesk) -> None:
    """Sent to be checked by a key; the checker and, since it is grave, the shift lead sign."""
    officer.do("c", "StepForm")
    for desk in (checker, lead):
        passed(work, desk, incident)
    officer.wait_state(incident, [State.CLOSED], PATIENCE_S)


def _echoed(officer: NightDesk, work: ServerAtWork, incident: str) -> None:
    """All three are owed an echo, one text goes to all, and only then it is archived."""
    officer.open("c", "FeedbackForm")
    officer.reads("尚欠回音：上报人 3")
    officer.keys("All :煤气已关，可以回家")
    officer.send()
    officer.wait_state(incident, [State.ARCHIVED], PATIENCE_S)
    query = "SELECT state, text FROM feedback WHERE incident = %s AND target = 'reporter'"
    assert work.rows(query, incident) == [("sent", "煤气已关，可以回家")] * 3
