"""The track of a worker: only once it is on record who looks, and why; in slices, and within the ground of the post."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import numpy as np
import psycopg
import pytest

from governance.refusal import Refused
from governance.tracks import MOST_LETTERS
from server import past as counters
from server.audit.tracks import looked_since, sentence
from server.ledger.migrate import upgrade
from server.ledger.past import put_on_record
from server.past import PastCounter
from server.positions.tracks import COPY, copy_stream
from tests.server.conftest import District, middle
from tests.server.test_archive import signed_on
from tests.server.test_rules_store import move
from tests.together.at_work import until
from wire.past_requests import FIXES_AT_ONCE, AskTrack, ReadTrack, TrackIs
from wire.publications import POSITION

NOW = datetime.now(UTC).replace(microsecond=0)
BEGAN = NOW - timedelta(hours=5)
REASON = "核对到场时间"


@pytest.fixture
def counter(district: District) -> PastCounter:
    return PastCounter(district.ledger)


def walked(district: District, count: int, worker: int = 0, every_s: int = 1) -> np.ndarray:
    """Fixes of a worker since BEGAN, as the positions process writes them."""
    fixes = np.zeros(count, POSITION)
    fixes["worker"] = district.workers[worker].number
    fixes["at"] = int(BEGAN.timestamp()) + np.arange(count) * every_s
    fixes["lon"], fixes["lat"] = 1_200_000_000 + np.arange(count) % 1000, 300_000_000
    fixes["speed"], fixes["heading"], fixes["accuracy"], fixes["battery"] = 110, 9000, 60, 80
    with district.owner.transaction() as connection:
        for day in {datetime.fromtimestamp(at, UTC).date() for at in fixes["at"][:: max(1, count // 9)].tolist()}:
            connection.execute("SELECT ensure_position_day(%s)", (day,))
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            copy.write(copy_stream(fixes))
    return fixes


def records(district: District) -> list[tuple[object, ...]]:
    """Who looked at whose track."""
    with district.owner.transaction() as connection:
        rows = connection.execute("SELECT staff, post, worker, since, until, reason FROM track_access ORDER BY at, id")
        return rows.fetchall()


def test_a_track_comes_in_slices_and_is_on_record_once(district: District, counter: PastCounter) -> None:
    fixes = walked(district, 2 * FIXES_AT_ONCE + 17, every_s=0 + 1)
    session, worker = signed_on(district, "lead1"), district.workers[0]
    since, end = BEGAN - timedelta(seconds=1), datetime.now(UTC) + timedelta(days=1)
    slices = [counter.table[AskTrack](session, AskTrack(1, worker.id, since, end, f"  {REASON} "))]
    counted = fixes[fixes["at"] <= datetime.now(UTC).timestamp()]
    while slices[-1].more:  # type: ignore[union-attr]
        last = slices[-1]
        assert isinstance(last, TrackIs)
        after = int(np.frombuffer(last.positions, POSITION)["at"][-1])
        slices.append(counter.table[ReadTrack](session, ReadTrack(2, last.access, after)))
    sent = [np.frombuffer(each.positions, POSITION) for each in slices if isinstance(each, TrackIs)]
    assert [len(each) for each in sent][:-1] == [FIXES_AT_ONCE] * (len(counted) // FIXES_AT_ONCE)
    assert np.concatenate(sent)[: len(counted) - 60].tolist() == counted[: len(counted) - 60].tolist()
    ((staff, post, whose, _, until_, reason),) = records(district)
    assert (staff, post, whose, reason) == (session.officer.staff, session.officer.post, worker.id, REASON)
    assert isinstance(until_, datetime)
    (looked,) = looked_since(district.ledger, NOW - timedelta(days=1))
    assert (looked.who, looked.role, looked.whose, looked.number) == (session.officer.name, "SL", worker.name, worker.number)
    assert all(said in sentence(looked) for said in (worker.name, session.officer.name, REASON))
    assert looked_since(district.ledger, datetime.now(UTC) + timedelta(hours=1)) == []
    assert until_ <= datetime.now(UTC), "not beyond now: what comes later was not asked for"


def test_it_is_on_record_before_a_fix_is_read(district: District, counter: PastCounter) -> None:
    walked(district, 10)
    session, worker, replies = signed_on(district, "lead1"), district.workers[0], list[object]()
    ask = AskTrack(1, worker.id, BEGAN - timedelta(seconds=1), NOW, REASON)
    with district.owner.transaction() as connection:
        connection.execute("LOCK TABLE worker_position")
        asking = threading.Thread(target=lambda: replies.append(counter.table[AskTrack](session, ask)))
        asking.start()
        until(lambda: len(records(district)) == 1, "on record")
        assert replies == [], "nothing was handed out yet"
    asking.join(10.0)
    assert isinstance(replies[0], TrackIs)


def test_what_cannot_be_put_on_record_is_not_shown(district: District, counter: PastCounter) -> None:
    walked(district, 10)
    district.owner_executes("REVOKE INSERT ON track_access FROM gridwarden_app")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        counter.table[AskTrack](signed_on(district, "lead1"), AskTrack(1, district.workers[0].id, BEGAN, NOW, REASON))


def test_no_reason_is_longer_on_record_than_the_rule_says_and_older_ones_stay(district: District) -> None:
    officer, worker = district.officers["lead1"], district.workers[0]

    def written(letters: int) -> None:
        with district.owner.transaction() as connection:
            put_on_record(connection, officer, worker, (BEGAN, NOW), "查" * letters, NOW)

    move(district, "0019")
    written(5_000)
    upgrade(district.settings.owner_url)
    written(MOST_LETTERS)
    with pytest.raises(psycopg.errors.CheckViolation, match="reason_short"):
        written(MOST_LETTERS + 1)
    assert sorted(len(row[-1]) for row in records(district)) == [MOST_LETTERS, 5_000]


def test_a_street_sees_only_where_its_worker_walked_in_it(district: District, counter: PastCounter) -> None:
    number = min(range(len(district.workers)), key=lambda row: district.workers[row].grid)
    worker, inside, outside = district.workers[number], middle(0), middle(7)
    walked(district, 5, worker=number)
    for place, is_first in ((inside, True), (outside, False)):
        district.owner_executes(
            "UPDATE worker_position SET place = ST_SetSRID(ST_MakePoint(%s, %s), 4490) WHERE (at < %s) = %s",
            *(place.lon, place.lat, BEGAN + timedelta(seconds=3), is_first),
        )
    for login, count in (("street1", 3), ("lead1", 5)):
        ask = AskTrack(1, worker.id, BEGAN - timedelta(seconds=1), NOW, REASON)
        reply = counter.table[AskTrack](signed_on(district, login), ask)
        assert isinstance(reply, TrackIs)
        assert [reply.total, len(np.frombuffer(reply.positions, POSITION))] == [count] * 2, login


def test_who_may_not_is_refused_and_nothing_is_put_down(district: District, counter: PastCounter) -> None:
    walkers = sorted(district.workers, key=lambda worker: worker.grid)
    for login, worker, reason, refused in (
        ("duty1", walkers[0].id, REASON, "not_your_role"),
        ("street1", walkers[0].id, "", "reason_too_short"),
        ("street1", walkers[-1].id, REASON, "not_your_area"),
        ("admin1", walkers[0].id, REASON, "not_your_role"),
        ("lead1", uuid4(), REASON, "no_such_worker"),
    ):
        with pytest.raises(Refused, match=refused):
            counter.table[AskTrack](signed_on(district, login), AskTrack(1, worker, BEGAN, NOW, reason))
    assert records(district) == []


def test_slices_are_for_who_put_it_on_record_and_for_a_while(district: District) -> None:
    passed = [timedelta(0)]
    counter = PastCounter(district.ledger, lambda: datetime.now(UTC) + passed[0])
    walked(district, 10)
    lead, other = signed_on(district, "lead1"), signed_on(district, "street1")
    first = counter.table[AskTrack](lead, AskTrack(1, district.workers[0].id, BEGAN, NOW, REASON))
    assert isinstance(first, TrackIs)
    assert isinstance(counter.table[ReadTrack](lead, ReadTrack(1, first.access, 0)), TrackIs)
    for session, access, after in ((other, first.access, 0), (lead, uuid4(), 0)):
        with pytest.raises(Refused, match="ask_track_again"):
            counter.table[ReadTrack](session, ReadTrack(1, access, after))
    with pytest.raises(Refused, match="bad_value"):
        counter.table[ReadTrack](lead, ReadTrack(1, first.access, 2**62))
    passed[0] = counters.GOES_ON + timedelta(seconds=1)
    with pytest.raises(Refused, match="ask_track_again"):
        counter.table[ReadTrack](lead, ReadTrack(1, first.access, 0))


def test_too_many_fixes_are_asked_for_in_a_shorter_period(
    district: District, counter: PastCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counters, "MOST_FIXES", 9)
    walked(district, 10)
    with pytest.raises(Refused, match="track_too_many"):
        counter.table[AskTrack](
            signed_on(district, "lead1"), AskTrack(1, district.workers[0].id, BEGAN - timedelta(seconds=1), NOW, REASON)
        )
