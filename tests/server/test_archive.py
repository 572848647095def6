"""What ended more than a day ago: found within the sight of the post, opened on record, reopened by two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from governance.commands import File, MakeReport, MarkFeedback, Reconsider, Reject, Reopen, SendFeedback
from governance.incident import FeedbackState, State
from governance.refusal import Refused
from server.archive import ArchiveCounter
from server.audit.verify import verify
from server.ledger import incidents
from server.ledger.entry import Entered
from server.sessions import Session, sign_on
from tests.server.conftest import District, RawDesk, middle
from tests.server.test_repeats import closed
from wire.archive_requests import HITS, EndedAre, EndedIs, FindEnded, OpenEnded
from wire.requests import OpenCamera, Ping, Pong, Refusal, SignOn


@pytest.fixture
def counter(district: District) -> ArchiveCounter:
    return ArchiveCounter(district.ledger)


def signed_on(district: District, login: str) -> Session:
    session = sign_on(district.ledger, uuid4().hex, SignOn(1, login, district.seeded.passwords[login]), datetime.now(UTC), 1.0)
    assert isinstance(session, Session)
    return session


def found(counter: ArchiveCounter, session: Session, text: str) -> list[str]:
    """The numbers of what a search finds."""
    reply = counter.table[FindEnded](session, FindEnded(7, text))
    assert isinstance(reply, EndedAre)
    assert reply.n == 7
    return [hit.number for hit in reply.hits]


def rejected(district: District, text: str, grid: int = 0, days: float = 3.0, **more: str) -> Entered:
    """A report that was rejected so many days ago."""
    then = datetime.now(UTC) - timedelta(days=days)
    made = district.order(MakeReport(text, middle(grid), **more), "duty1", now=then)  # type: ignore[arg-type]
    return district.order(Reject("not_ours", "不归本区"), "duty1", made, now=then)


def number_of(entered: Entered) -> str:
    assert entered.case is not None
    return entered.case.incident.number


def test_it_is_found_by_number_words_place_category_and_who_dealt_with_it(district: District, counter: ArchiveCounter) -> None:
    gone = closed(district, house="望江路 12 号")
    number = number_of(gone)
    rejected(district, "水管漏水")
    session = signed_on(district, "duty1")
    worker = district.workers[0].name
    grid = gone.case.incident.grid if gone.case else ""
    with district.ledger.transaction() as connection:
        community = connection.execute("SELECT name FROM area_version WHERE code = %s", (grid[:12],)).fetchone()
    assert community is not None
    for text in (number, number[-4:] + " 摆摊", "有人摆摊", "望江路", "摆摊", worker, f"{community[0]} 摆摊", number.lower()):
        assert found(counter, session, text) == [number], text
    assert found(counter, session, "没有的字") == []


def test_what_is_open_or_ended_today_is_in_the_snapshot_and_not_here(district: District, counter: ArchiveCounter) -> None:
    district.order(MakeReport("井盖丢失", middle(0)), "duty1")
    rejected(district, "井盖丢失", days=0.5)
    assert found(counter, signed_on(district, "duty1"), "井盖") == []


def test_only_within_the_sight_of_the_post(district: District, counter: ArchiveCounter) -> None:
    here, there = rejected(district, "井盖丢失", 0), rejected(district, "井盖丢失", 7)
    one, two, all_of_it = (signed_on(district, login) for login in ("street1", "street2", "lead1"))
    assert found(counter, one, "井盖") == [number_of(here)]
    assert found(counter, two, "井盖") == [number_of(there)]
    assert sorted(found(counter, all_of_it, "井盖")) == sorted([number_of(here), number_of(there)])
    with pytest.raises(Refused, match="no_such_incident"):
        counter.table[OpenEnded](one, OpenEnded(1, there.incident))
    assert found(counter, signed_on(district, "admin1"), "井盖") == []


def test_what_is_confidential_shows_no_words_and_is_on_record_when_it_is_opened(
    district: District, counter: ArchiveCounter
) -> None:
    plain, secret = rejected(district, "家中吵闹"), rejected(district, "家中吵闹", place_text="302 室")
    district.owner_executes("UPDATE incident SET confidentiality = 2, version = version + 1 WHERE id = %s", secret.incident)
    lead = signed_on(district, "lead1")
    reply = counter.table[FindEnded](lead, FindEnded(1, "吵闹"))
    assert isinstance(reply, EndedAre)
    said = {hit.incident: (hit.title, hit.place_text) for hit in reply.hits}
    assert said[secret.incident] == ("", "")
    for each in (plain, secret):
        opened = counter.table[OpenEnded](lead, OpenEnded(1, each.incident))
        assert isinstance(opened, EndedIs)
        assert opened.case.incident.id == each.incident
    with district.ledger.transaction() as connection:
        rows = connection.execute("SELECT p.staff, r.incident, p.purpose FROM pii_access p JOIN report r ON r.id = p.report")
        assert rows.fetchall() == [(lead.officer.staff, secret.incident, "archive")]
    assert number_of(secret) not in found(counter, signed_on(district, "check1"), "吵闹")


def test_a_search_is_bounded(district: District, counter: ArchiveCounter) -> None:
    for n in range(HITS + 2):
        rejected(district, "路灯不亮", days=3.0 + n)
    session = signed_on(district, "duty1")
    reply = counter.table[FindEnded](session, FindEnded(1, "路灯"))
    assert isinstance(reply, EndedAre)
    assert (len(reply.hits), reply.more) == (HITS, True)
    assert [hit.ended_at for hit in reply.hits] == sorted((hit.ended_at for hit in reply.hits), reverse=True)
    for text in ("", "灯", "灯" * 81):
        with pytest.raises(Refused, match="bad_value"):
            counter.table[FindEnded](session, FindEnded(1, text))
    for text in ("100%", "_路", "'; DROP TABLE incident; --"):
        assert found(counter, session, text) == []


def test_a_session_that_is_over_finds_nothing(district: District, counter: ArchiveCounter) -> None:
    gone, session = rejected(district, "井盖丢失"), signed_on(district, "duty1")
    district.owner_executes("UPDATE desk_session SET expires_at = %s", datetime.now(UTC) - timedelta(seconds=1))
    for request in (FindEnded(1, "井盖"), OpenEnded(1, gone.incident)):
        with pytest.raises(Refused, match="session_over"):
            counter.table[type(request)](session, request)


def test_what_is_still_open_is_not_opened_here(district: District, counter: ArchiveCounter) -> None:
    made = district.order(MakeReport("井盖丢失", middle(0)), "duty1")
    for incident in (made.incident, uuid4()):
        with pytest.raises(Refused, match="no_such_incident"):
            counter.table[OpenEnded](signed_on(district, "duty1"), OpenEnded(1, incident))


@pytest.mark.parametrize("days", [2.0, 29.0])
def test_what_was_found_is_reopened_by_two(district: District, raw_desk: type[RawDesk], days: float) -> None:
    gone = closed(district, days=days)
    district.start("desk")
    desks = [raw_desk() for _ in range(2)]  # type: ignore[call-arg]
    for desk, login in zip(desks, ("lead1", "audit1"), strict=True):
        desk.sign_on(login, listen=False)
        hits = desk.ask(FindEnded(0, number_of(gone)))
        assert isinstance(hits, EndedAre)
        assert len(hits.hits) == (login == "lead1"), "once one has signed it is in every snapshot"
        opened = desk.ask(OpenEnded(0, gone.incident))
        assert isinstance(opened, EndedIs)
        desk.order(Reopen("群众反映又出现"), gone.incident, opened.case.incident.version)
    with district.ledger.transaction() as connection:
        case = incidents.load(connection, gone.incident)
    assert (case.incident.state, case.incident.cycle) == (State.FILED, 2)


def test_what_was_rejected_is_looked_at_again(district: District, counter: ArchiveCounter) -> None:
    gone = rejected(district, "井盖丢失")
    opened = counter.table[OpenEnded](signed_on(district, "lead1"), OpenEnded(1, gone.incident))
    assert isinstance(opened, EndedIs)
    again = district.order(Reconsider("照片里看得见"), "lead1", replace(gone, version=opened.case.incident.version))
    assert again.case is not None
    assert again.case.incident.state is State.REPORTED
    district.order(File("03.02", reason="已核实"), "duty1", again)


def test_an_echo_that_did_not_arrive_is_put_down_and_given_again(district: District) -> None:
    gone = closed(district)
    assert gone.case is not None
    echo = next(each for each in gone.case.feedback if each.state is FeedbackState.SENT)
    failed = district.order(MarkFeedback(echo.id, "failed", "空号"), "duty1", gone)
    assert [(e.state, s.state) for e, s in zip(failed.case.feedback, gone.case.feedback, strict=True)].count(  # type: ignore[union-attr]
        (FeedbackState.FAILED, FeedbackState.SENT)
    ) == 1
    told = district.order(SendFeedback("已告知家属", echo.id), "duty1", failed)
    with district.ledger.transaction() as connection:
        case = incidents.load(connection, gone.incident)
    assert case == told.case
    assert (case.incident.state, next(e.state for e in case.feedback if e.id == echo.id)) == (
        State.ARCHIVED,
        FeedbackState.SENT,
    )
    assert verify(district.ledger).findings == []


def test_who_searches_keeps_no_order_waiting(district: District, raw_desk: Callable[[], RawDesk]) -> None:
    district.start("desk")
    desks = [raw_desk() for _ in range(3)]
    for desk, login in zip(desks, ("duty1", "duty2", "lead1"), strict=True):
        desk.sign_on(login, listen=False)
    with district.owner.transaction() as connection:
        connection.execute("LOCK TABLE assignment")  # a search that takes long
        for desk in desks[:2]:
            for _ in range(2):
                desk.send(FindEnded(0, "井盖"))
            assert isinstance(desk.ask(Ping(0)), Pong)  # they are taken by now
        refused = desks[2].ask(OpenCamera(0, "nowhere", "看看"))
        assert isinstance(refused, Refusal)
        assert refused.code == "no_such_camera"
        assert not any(desk.dealer.poll(0) for desk in desks[:2])
    assert all(isinstance(desk.receive(30.0), EndedAre) for desk in desks[:2])
