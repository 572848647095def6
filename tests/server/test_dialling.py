"""拨号 on a real server: on record before the address goes out, a caller's with the access log, and nothing else is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

from governance import commands as c
from server.audit.verify import verify
from server.ledger.reporters import Reporter
from tests.server.conftest import District, RawDesk, middle, refusal
from wire.dial_requests import AskDial, DialIs
from wire.requests import Committed

PHONE = "13912345678"


def steps(district: District, incident: object) -> list[dict[str, str]]:
    """What the log says of who was dialled."""
    with district.ledger.transaction() as connection:
        rows = connection.execute(
            "SELECT detail FROM incident_transition WHERE incident = %s AND row = 'E71' ORDER BY seq", (incident,)
        ).fetchall()
    return [row[0] for row in rows]


def test_an_address_goes_out_only_once_it_is_on_record(district: District, raw_desk: Callable[[], RawDesk]) -> None:
    district.settings = replace(district.settings, telephone_exchange="exchange.invalid")
    district.settings.write()
    district.start("desk")
    desk = raw_desk()
    desk.sign_on("duty1")
    made = district.order(c.MakeReport("路边有人摆摊", middle(0)), "duty1", reporter=Reporter(phone=PHONE))
    worker = district.workers[0]
    once = AskDial(0, uuid4(), made.incident, "worker", worker.id)
    replies = [desk.ask(once), desk.ask(once)]
    assert [reply.uri for reply in replies if isinstance(reply, DialIs)] == [f"sip:{worker.number}@exchange.invalid"] * 2
    assert steps(district, made.incident) == [{"target": "worker", "lead": worker.name, "lead_worker": str(worker.id)}]

    with district.ledger.transaction() as connection:
        ((report,),) = connection.execute("SELECT id FROM report WHERE incident = %s", (made.incident,)).fetchall()
    told = desk.ask(AskDial(0, uuid4(), made.incident, "caller", report))
    assert isinstance(told, DialIs)
    assert told.uri == f"tel:{PHONE}"
    assert steps(district, made.incident)[1] == {"target": "caller", "report": str(report)}
    with district.ledger.transaction() as connection:
        opened = connection.execute("SELECT field, purpose FROM pii_access WHERE report = %s", (report,)).fetchall()
    assert opened == [("phone", "dial")]

    assert refusal(desk.ask(AskDial(0, uuid4(), made.incident, "caller", uuid4()))) == "no_such_report"
    assert refusal(desk.ask(AskDial(0, uuid4(), made.incident, "worker", uuid4()))) == "no_number"
    assert refusal(desk.ask(AskDial(0, uuid4(), uuid4(), "worker", worker.id))) == "no_such_incident"
    assert len(steps(district, made.incident)) == 2
    assert verify(district.ledger).findings == []


def test_an_order_sent_again_opens_the_number_of_nobody_else(district: District, raw_desk: Callable[[], RawDesk]) -> None:
    district.start("desk")
    desk = raw_desk()
    desk.sign_on("duty1")
    made = [district.order(c.MakeReport(text, middle(0)), "duty1", reporter=Reporter(phone=PHONE)) for text in "甲乙"]
    with district.ledger.transaction() as connection:
        report = dict(connection.execute("SELECT incident, id FROM report").fetchall())
    mine, others = ((one.incident, "caller", report[one.incident]) for one in made)
    dialled, reported = uuid4(), uuid4()
    assert isinstance(desk.ask(AskDial(0, dialled, *mine)), DialIs)
    assert isinstance(desk.order(c.MakeReport("丙", middle(0)), order_id=reported), Committed)
    for order_id in (dialled, reported):
        assert refusal(desk.ask(AskDial(0, order_id, *others))) == "key_reused"
        assert refusal(desk.ask(AskDial(0, order_id, mine[0], "caller", others[2]))) == "key_reused"
    moved = "UPDATE incident SET version = version + 1, grid = '990002001001001' WHERE id = %s"
    district.owner_executes(moved, mine[0])  # another district's by now
    assert refusal(desk.ask(AskDial(0, dialled, *mine))) == "no_such_report"
    with district.ledger.transaction() as connection:
        opened = connection.execute("SELECT report FROM pii_access").fetchall()
    assert opened == [(mine[2],)]


def test_without_an_exchange_or_a_number_nothing_is_put_down(district: District, raw_desk: Callable[[], RawDesk]) -> None:
    district.start("desk")
    desk = raw_desk()
    desk.sign_on("duty1")
    made = desk.order(c.MakeReport("路边有人摆摊", middle(0)))
    assert isinstance(made, Committed)
    with district.ledger.transaction() as connection:
        ((report,),) = connection.execute("SELECT id FROM report WHERE incident = %s", (made.incident,)).fetchall()
    assert refusal(desk.ask(AskDial(0, uuid4(), made.incident, "caller", report))) == "no_number"
    assert refusal(desk.ask(AskDial(0, uuid4(), made.incident, "worker", district.workers[0].id))) == "no_exchange"
    assert steps(district, made.incident) == []
