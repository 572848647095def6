"""A night scene: 200 reports of one burst pipe within ten minutes, from phones and from citizens."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from uuid import uuid4

import httpx

from desktop.dispatch.card_sections import MOST_LINKS
from governance.incident import State
from governance.places import LonLat
from tests.scenes.night_desk import PATIENCE_S, NightDesk, announced, passed
from tests.together.at_work import ServerAtWork, spot, until
from tests.together.headless import HeadlessDesk
from tests.together.phones import Phone, trusting

REPORTS, BY_WORKERS = 200, 20
PIPE = "03.05"
ADDRESSES = [f"127.0.0.{number}" for number in range(11, 21)]
"""Citizens call from many places; one address may send sixty at once."""
OPEN = "SELECT count(*) FROM incident WHERE category = %s AND state = 'reported'"
RANG = (
    "UPDATE timer SET due_at = now() WHERE kind = 'T1' AND state = 'running' "
    "AND incident IN (SELECT id FROM incident WHERE category = %s)"
)
FIRED = "SELECT count(*) FROM incident_transition t JOIN incident i ON i.id = t.incident WHERE row = 'E11' AND category = %s"


def test_two_hundred_reports_of_one_burst_pipe(
    officer: NightDesk, work: ServerAtWork, desk_of: Callable[[str], HeadlessDesk], phone_of: Callable[[str], Phone]
) -> None:
    _pour_in(work)
    officer.keys("u")
    officer.reads(f"城市管理 {REPORTS} 件", f"待受理 {REPORTS}")
    _one_alarm(officer, work)
    incident = _attached(officer, work)
    officer.do("f", "TriageForm")
    officer.do("a", "AssignForm", "1")
    ((task, name),) = work.rows("SELECT id::text, worker_name FROM assignment WHERE incident = %s", incident)
    phone, place = phone_of(name), spot(0.55, 0.55)
    assert phone.press(task, "accept").status_code == 200
    assert phone.press(task, "arrive", lon=place.lon, lat=place.lat).status_code == 200
    assert phone.press(task, "complete", photo=True, text="已止水修复").status_code == 200
    officer.wait_state(incident, [State.RESOLVED], PATIENCE_S)
    officer.do("c", "StepForm")
    passed(work, desk_of("check1"), incident)
    officer.wait_state(incident, [State.CLOSED], PATIENCE_S)

    officer.open("c", "FeedbackForm")
    officer.reads(f"尚欠回音：上报人 {REPORTS - BY_WORKERS}")
    officer.keys("All :水管已修好，路面已干")
    officer.send()
    officer.wait_state(incident, [State.ARCHIVED], PATIENCE_S)
    query = "SELECT count(DISTINCT report) FROM feedback WHERE incident = %s AND state = 'sent'"
    assert work.rows(query, incident) == [(REPORTS,)], "each of them is told"


def _one_alarm(officer: NightDesk, work: ServerAtWork) -> None:
    """Nobody takes them in within the quarter of an hour: 200 clocks ring, one line stands on the strip, one is counted."""
    before = announced(officer)
    work.change(RANG, PIPE)
    until(lambda: work.rows(FIRED, PIPE) == [(REPORTS,)], "all clocks rang", 60)
    officer.until(lambda: f"超时 城市管理 {REPORTS} 件" in officer.text(), "one alarm for all of them")
    chips = [piece for piece in officer.texts if "超时 " in piece and ("水管爆裂" in piece or "城市管理" in piece)]
    assert len(chips) == 1, chips
    assert announced(officer) - before == 1, "the flood is counted as one once it is seen to be one"
    officer.keys("space")


def _attached(officer: NightDesk, work: ServerAtWork) -> str:
    """All of the flood goes into its first in one act; nothing of it is lost."""
    officer.keys("j")
    officer.open("i", "MergeForm")
    officer.reads(f"[x] 同类上报 {REPORTS - 1} 件", f"合计 {REPORTS} 条")
    officer.send()
    incident = str(officer.log.of_kind("attention")[-1]["incident"])
    assert work.rows("SELECT count(*) FROM report WHERE incident = %s", incident) == [(REPORTS,)]
    query = "SELECT state, count(*) FROM incident WHERE category = %s GROUP BY state ORDER BY state"
    assert work.rows(query, PIPE) == [("merged", REPORTS - 1), ("reported", 1)]
    officer.reads(f"{REPORTS} 人上报", f"另 {REPORTS - 1 - MOST_LINKS} 件")
    return incident


def _pour_in(work: ServerAtWork) -> None:
    """All of them are in the ledger; each is answered with a ticket or a number."""
    place = spot(0.55, 0.55)
    around = [LonLat(place.lon + 0.00002 * (n % 10), place.lat + 0.00002 * (n // 20)) for n in range(REPORTS)]
    phones = [Phone(work, row) for row in range(4)]
    clients = [
        httpx.Client(base_url=work.url, transport=httpx.HTTPTransport(verify=trusting(work), local_address=each))
        for each in ADDRESSES
    ]

    def call(turn: int, client: httpx.Client) -> int:
        said = {"text": f"第{turn}位：水管爆裂，路面都是水", "lon": around[turn].lon, "lat": around[turn].lat}
        said |= {"category": PIPE, "name": f"居民{turn}", "phone": f"1390000{turn:04d}"}
        return client.post("/v1/citizen/reports", json=said, headers={"Idempotency-Key": str(uuid4())}).status_code

    try:
        for turn in range(BY_WORKERS):
            header = {**phones[turn % 4].header, "Idempotency-Key": str(uuid4())}
            said = {"text": f"水管爆裂 {turn}", "lon": around[turn].lon, "lat": around[turn].lat, "category": PIPE}
            assert phones[turn % 4].client.post("/v1/worker/reports", json=said, headers=header).status_code == 201
        with ThreadPoolExecutor(4) as pool:
            turns = range(BY_WORKERS, REPORTS)
            assert set(pool.map(call, turns, cycle(clients))) == {201}
    finally:
        for each in (*phones, *clients):
            each.close()
    until(lambda: work.rows(OPEN, PIPE) == [(REPORTS,)], "all are in the ledger", 10)
