"""The past: what a post may see of it today, page by page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest

from desktop.timeline.past import Past
from governance.camera import CameraState
from governance.changes import CaseChanged
from governance.commands import (
    Accept,
    Arrive,
    Complete,
    Dispatch,
    File,
    MakeReport,
    Merge,
    Recipient,
    Reject,
    SendCheck,
    Source,
    Unmerge,
)
from governance.incident import Attachment, Case
from governance.refusal import Refused
from server import past as counters
from server.ledger import cameras
from server.ledger import past as ledger_past
from server.ledger.entry import Entered
from server.past import LONGEST, PastCounter
from server.sessions import Session
from tests.server.conftest import District, RawDesk, middle, refusal
from tests.server.test_archive import signed_on
from tests.server.test_repeats import STALL
from wire.codec import decode_change
from wire.past_requests import AskTrack, PastIs, ReadPast, ReadTrack
from wire.requests import OpenCamera, Ping, Pong

NOW = datetime.now(UTC).replace(microsecond=0)
BEGAN = NOW - timedelta(hours=5)
REASON = "核对到场时间"
PHOTO = Attachment(uuid4(), "ab" * 32, "image/jpeg", 1000, "after", BEGAN)


@pytest.fixture
def counter(district: District) -> PastCounter:
    return PastCounter(district.ledger)


def read(counter: PastCounter, session: Session, since: datetime, until_: datetime) -> tuple[Past, list[PastIs]]:
    """A whole period, as a desk takes it in; and its pages."""
    past, pages, after = Past(since, until_), list[PastIs](), None
    while not pages or after is not None:
        reply = counter.table[ReadPast](session, ReadPast(7, since, until_, after))
        assert isinstance(reply, PastIs)
        assert reply.n == 7
        past.take(reply)
        pages.append(reply)
        after = reply.after
    past.settle()
    return past, pages


class Lives:
    """A few incidents that go on at random moments of an afternoon, and how each stood after every step."""

    def __init__(self, district: District, seed: int = 3, moves: int = 30) -> None:
        self.stood: list[tuple[datetime, Case]] = []
        chance, standing = Random(seed), dict[UUID, tuple[Entered, int, int]]()
        for move in range(moves):
            at = BEGAN + timedelta(minutes=8 * move, seconds=chance.randrange(60))
            if not standing or (len(standing) < 6 and chance.random() < 0.4):
                grid = chance.choice((0, 1, 7))
                made = district.order(MakeReport("有人摆摊", middle(grid), category=STALL), "duty1", now=at)
                standing[made.incident] = made, 0, grid
            else:
                made, step, grid = standing[chance.choice(list(standing))]
                worker = next(w for w in district.workers if w.grid == made.case.incident.grid)  # type: ignore[union-attr]
                his = district.field_officer(worker)
                commands = (
                    *((File(STALL), "duty1"), (Dispatch(Recipient(worker.id), reason="就近"), "duty1"), (Accept(), his)),
                    *((Arrive(reason="门口"), his), (Complete("已劝离", (PHOTO,)), his), (SendCheck(), "duty1"), None),
                )
                if (order := commands[step]) is not None:
                    made = district.order(order[0], order[1], made, now=at)
                    standing[made.incident] = made, step + 1, grid
            if made.case is not None and (at, made.case) not in self.stood:
                self.stood.append((at, made.case))

    def at(self, moment: datetime, area: str = "") -> dict[UUID, Case]:
        """Every incident of an area as it stood."""
        found = {case.incident.id: case for at, case in self.stood if at <= moment}
        return {key: case for key, case in found.items() if case.incident.grid.startswith(area)}


def test_at_every_moment_it_is_what_the_orders_left(
    district: District, counter: PastCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counters, "INCIDENTS_AT_ONCE", 2)
    lives = Lives(district)
    areas = {"duty1": "", "lead1": "", "street1": "990001001", "street2": "990001002", "audit1": ""}
    for login, area in areas.items():
        past, pages = read(counter, signed_on(district, login), BEGAN + timedelta(hours=1), NOW)
        assert len(pages) > 1
        assert pages[0].total == past.total == len(past.ids)
        assert all(page.total == 0 and not page.cameras for page in pages[1:])
        for minute in (60, 61, 90, 200, 130, 299, 75):
            moment = BEGAN + timedelta(minutes=minute)
            past.move_to(moment.timestamp())
            assert past.cases() == lives.at(moment, area), (login, minute)
        assert past.holes == 0


def test_nothing_after_the_end_of_the_period_is_sent(district: District, counter: PastCounter) -> None:
    lives, end = Lives(district), BEGAN + timedelta(hours=2)
    past, pages = read(counter, signed_on(district, "duty1"), BEGAN, end)
    facts = [decode_change(sent) for page in pages for sent in page.changes]
    assert facts
    assert all(change.at <= end for change in facts)
    past.move_to(end.timestamp())
    assert past.cases() == lives.at(end)


def test_a_page_ends_before_it_is_many_bytes_and_one_that_is_larger_is_told_in_part(
    district: District, counter: PastCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths = enumerate((9, 400, 9, 9, 9000))
    made = [
        district.order(MakeReport("井" * letters, middle(0)), "duty1", now=BEGAN + timedelta(seconds=second))
        for second, letters in lengths
    ]
    large = made[4]
    district.order(Reject("not_ours", "不归本区"), "duty1", large, now=BEGAN + timedelta(minutes=1))
    session = signed_on(district, "duty1")
    whole, pages = read(counter, session, BEGAN - timedelta(hours=1), NOW)
    assert len(pages) == 1
    monkeypatch.setattr(ledger_past, "PAGE_BYTES", sum(len(sent.fact) for sent in pages[0].changes[:2]))
    monkeypatch.setattr(ledger_past, "MOST_OF_ONE", 20_000)
    past, pages = read(counter, session, BEGAN - timedelta(hours=1), NOW)
    assert len(pages) > 2
    assert [sorted(past.ids), past.total] == [sorted(whole.ids), 5]
    assert [page.cut for page in pages if page.cut] == [(large.incident,)]
    assert (past.cut, past.holes) == ({large.incident}, 0)
    past.move_to(NOW.timestamp())
    assert past.cases()[large.incident].incident.version == 1, "as it began"


def test_what_is_confidential_today_is_not_told_to_whom_it_is_hidden_from_also_where_it_was_open_then(
    district: District, counter: PastCounter
) -> None:
    plain, secret = (district.order(MakeReport("家中吵闹", middle(0)), "duty1", now=BEGAN) for _ in range(2))
    district.order(Reject("not_ours", "不归本区"), "duty1", plain, now=BEGAN + timedelta(minutes=1))
    district.owner_executes("UPDATE incident SET confidentiality = 2, version = version + 1 WHERE id = %s", secret.incident)
    told = {}
    for login in ("street1", "check1", "lead1"):
        past, pages = read(counter, signed_on(district, login), BEGAN - timedelta(hours=1), NOW)
        assert pages[0].confidential == ((secret.incident,) if login == "lead1" else ())
        told[login] = b"".join(bytes(sent.fact) for page in pages for sent in page.changes)
        assert (str(secret.incident).encode() in told[login]) == (login == "lead1"), login
    assert str(plain.incident).encode() in told["street1"]
    assert (past.grade_of(plain.incident), past.grade_of(secret.incident)) == (0, 2), "also where no desk has it any more"


def test_a_report_that_came_and_went_is_not_told_where_it_lies_with_what_is_hidden(
    district: District, counter: PastCounter
) -> None:
    """Merged, parted again, and then confidential: the other incident had its report for a while."""
    minutes = [BEGAN + timedelta(minutes=minute) for minute in range(4)]
    master = district.order(MakeReport("路灯坏了", middle(0)), "duty1", now=minutes[0])
    secret = district.order(MakeReport("举报邻居", middle(0)), "duty1", now=minutes[1])
    district.order(Merge((Source(secret.incident, secret.version),)), "duty1", master, now=minutes[2])
    district.order(Unmerge("不是一件事"), "duty1", replace(secret, version=secret.version + 1), now=minutes[3])
    for login, is_hidden in (("street1", False), ("street1", True), ("lead1", True)):
        if is_hidden:
            statement = "UPDATE incident SET confidentiality = 2, version = version + 1 WHERE id = %s AND confidentiality < 2"
            district.owner_executes(statement, secret.incident)
        past, pages = read(counter, signed_on(district, login), BEGAN - timedelta(hours=1), NOW)
        told = b"".join(bytes(sent.fact) for page in pages for sent in page.changes)
        is_told = login == "lead1" or not is_hidden
        assert ["举报邻居".encode() in told, str(secret.incident).encode() in told] == [is_told] * 2
        assert past.holes == 0
        past.move_to(minutes[2].timestamp())
        case = past.case(master.incident)
        assert case is not None
        assert [len(case.reports), case.incident.merged_count] == [1 + is_told, 1]


def test_what_was_confidential_then_is_told_from_when_it_was_not(district: District, counter: PastCounter) -> None:
    """What was said of it while it was hidden lies in a stream this post does not hear."""
    made = district.order(MakeReport("家中吵闹", middle(0)), "duty1", now=BEGAN)
    district.owner_executes("ALTER TABLE change_log DISABLE TRIGGER refuse_change")
    district.owner_executes("UPDATE change_log SET stream = '990001001/2'")
    past, pages = read(counter, signed_on(district, "street1"), BEGAN - timedelta(hours=1), NOW)
    assert not any(page.changes for page in pages)
    assert past.ids == []
    past, _ = read(counter, signed_on(district, "lead1"), BEGAN - timedelta(hours=1), NOW)
    assert past.ids == [made.incident]


def test_cameras_stand_as_they_stood_and_only_those_the_post_may_watch(district: District, counter: PastCounter) -> None:
    names = [f"9900010000132{n:07d}" for n in range(8)]
    with district.ledger.transaction() as connection:
        for minute, n, state in (
            (0, 0, "offline"),
            (90, 0, "online"),
            (150, 0, "offline"),
            (150, 7, "fault"),
            (400, 1, "fault"),
        ):
            cameras.set_state(connection, names[n], CameraState(state), BEGAN + timedelta(minutes=minute))
    stood = {}
    for login in ("lead1", "street1", "audit1"):
        past, _ = read(counter, signed_on(district, login), BEGAN + timedelta(hours=1), NOW)
        for minute in (60, 100, 200):
            past.move_to((BEGAN + timedelta(minutes=minute)).timestamp())
            stood[login, minute] = {names.index(name): state.value for name, state in past.camera_states().items()}
    assert stood["audit1", 60] == {}, "an auditor watches none"
    assert [stood["lead1", minute][0] for minute in (60, 100, 200)] == ["offline", "online", "offline"]
    assert [stood["lead1", minute][7] for minute in (60, 200)] == ["online", "fault"]
    assert {state for minute in (60, 200) for n, state in stood["lead1", minute].items() if n not in (0, 7)} == {"online"}
    assert set(stood["lead1", 60]) == set(range(8))
    assert set(stood["street1", 60]) == {0, 1, 2, 3}, "its street, up to the share level of the post"


def test_a_period_is_bounded(district: District, counter: PastCounter) -> None:
    session = signed_on(district, "duty1")
    for since, until_, refused in (
        (NOW, NOW - timedelta(hours=1), "ends_before_it_starts"),
        (NOW + timedelta(days=1), NOW + timedelta(days=2), "in_the_future"),
        (NOW - LONGEST - timedelta(hours=1), NOW, "past_too_long"),
    ):
        with pytest.raises(Refused, match=refused):
            counter.table[ReadPast](session, ReadPast(1, since, until_))


def test_who_waits_too_long_is_told_to_ask_for_less(
    district: District, counter: PastCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counters, "PATIENCE", "SET LOCAL statement_timeout = '50ms'")
    session = signed_on(district, "duty1")
    with district.owner.transaction() as connection:
        connection.execute("LOCK TABLE camera_state")
        with pytest.raises(Refused, match="past_too_wide"):
            counter.table[ReadPast](session, ReadPast(1, BEGAN, NOW))


def test_who_sees_nothing_of_the_present_sees_nothing_of_the_past(district: District, counter: PastCounter) -> None:
    with pytest.raises(Refused, match="not_your_role"):
        counter.table[ReadPast](signed_on(district, "admin1"), ReadPast(1, BEGAN, NOW))


def test_a_session_that_is_over_reads_nothing(district: District, counter: PastCounter) -> None:
    session, worker = signed_on(district, "lead1"), district.workers[0]
    district.owner_executes("UPDATE desk_session SET expires_at = %s", datetime.now(UTC) - timedelta(seconds=1))
    for request in (ReadPast(1, BEGAN, NOW), AskTrack(1, worker.id, BEGAN, NOW, REASON), ReadTrack(1, uuid4(), 0)):
        with pytest.raises(Refused, match="session_over"):
            counter.table[type(request)](session, request)


def test_who_reads_the_past_keeps_no_order_waiting(district: District, raw_desk: Callable[[], RawDesk]) -> None:
    district.order(MakeReport("井盖丢失", middle(0)), "duty1", now=BEGAN)
    district.start("desk")
    desks = [raw_desk() for _ in range(2)]
    for desk, login in zip(desks, ("duty1", "lead1"), strict=True):
        desk.sign_on(login, listen=False)
    with district.owner.transaction() as connection:
        connection.execute("LOCK TABLE camera_state")  # a reading that takes long
        desks[0].send(ReadPast(0, BEGAN - timedelta(hours=1), NOW))
        assert isinstance(desks[0].ask(Ping(0)), Pong)  # it is taken by now
        assert refusal(desks[1].ask(OpenCamera(0, "nowhere", "看看"))) == "no_such_camera"
        assert not desks[0].dealer.poll(0)
    told = desks[0].receive(30.0)
    assert isinstance(told, PastIs)
    facts = [decode_change(sent).fact for sent in told.changes]
    assert [isinstance(fact, CaseChanged) for fact in facts] == [True]
