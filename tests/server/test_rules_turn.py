"""A version of the rules comes into force at its moment: the feed says so once, and what was filed before keeps its limits."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec

from governance.categories import Limit, Stage, TimeUnit
from governance.changes import RulesChanged
from governance.commands import File, MakeReport
from governance.deadline import CHINA
from governance.incident import Urgency
from governance.rules import Rules
from server.ledger import rules_store, rules_turn
from wire.codec import decode_change
from wire.publications import Changes, Publication
from wire.requests import AskSnapshot, Snapshot

from .conftest import District, RawDesk, middle

TURN = datetime(2028, 1, 1, tzinfo=CHINA)


def plan(district: District, since: datetime, number: int = 2, minutes: float = 7.0) -> Rules:
    """A version that gives exposed rubbish so many minutes, from a moment on."""
    with district.owner.transaction() as connection:
        rules = rules_store.load(connection, 1)
        others = tuple(r for r in rules.limits if (r.category, r.stage) != ("03.01", Stage.RESOLVE))
        limit = Limit("03.01", "", Urgency.NORMAL, Stage.RESOLVE, minutes, TimeUnit.MINUTE)
        rules = replace(rules, version=number, limits=(*others, limit))
        rules_store.store(connection, rules, since)
    return rules


def told(district: District) -> list[int]:
    """The versions the feed was told of, in order."""
    with district.ledger.transaction() as connection:
        rows = connection.execute("SELECT stream, body FROM change_log WHERE kind = 'rules' ORDER BY number").fetchall()
    assert {stream for stream, _ in rows} <= {"around/district/0"}
    return [msgspec.msgpack.decode(body, type=RulesChanged).version for _, body in rows]


def test_a_version_is_told_of_once_at_its_moment(district: District) -> None:
    plan(district, TURN)
    before, after = TURN - timedelta(seconds=1), TURN + timedelta(days=3)
    found = [rules_turn.turn(district.ledger, at) for at in (before, before, TURN, TURN, after)]
    assert found == [None, None, 2, None, None]
    assert told(district) == [2]


def test_the_version_that_was_seeded_is_not_told_of(district: District) -> None:
    assert rules_turn.turn(district.ledger, datetime.now(UTC)) is None


def test_what_was_replaced_before_anybody_looked_is_passed_over(district: District) -> None:
    plan(district, TURN)
    plan(district, TURN, 3)
    plan(district, TURN + timedelta(days=30), 4)
    assert [rules_turn.turn(district.ledger, TURN + timedelta(days=days)) for days in (1, 31, 32)] == [3, 4, None]
    assert told(district) == [3, 4]


def test_of_clocks_that_look_at_once_one_tells(district: District) -> None:
    plan(district, TURN)
    found: list[int | None] = []
    gate = threading.Barrier(4)

    def look() -> None:
        gate.wait(10)
        found.append(rules_turn.turn(district.ledger, TURN))

    looking = [threading.Thread(target=look) for _ in range(4)]
    for thread in looking:
        thread.start()
    for thread in looking:
        thread.join(20)
    assert sorted(found, key=str) == [2, None, None, None]
    assert told(district) == [2]


def until(true: Callable[[], bool], within_s: float = 15.0) -> None:
    """Wait for a condition."""
    end = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.02)


def test_clocks_that_are_killed_around_the_moment_tell_of_it_once(district: District) -> None:
    plan(district, datetime.now(UTC) + timedelta(seconds=2))
    for _ in range(4):
        clock = district.start("clock")
        os.kill(clock.pid, signal.SIGKILL)
        clock.wait(10)
    district.start("clock")
    until(lambda: told(district) == [2])
    district.start("clock")
    plan(district, datetime.now(UTC), 3)
    until(lambda: 3 in told(district))  # so that both have looked since
    assert told(district) == [2, 3]


def test_what_was_filed_keeps_its_limit_and_what_is_filed_later_gets_the_new_one(district: District) -> None:
    def limit_of(at: datetime) -> float:
        made = district.order(MakeReport("垃圾堆积", middle(0)), "duty1", now=at)
        filed = district.order(File("03.01"), "duty1", made, now=at)
        assert filed.case is not None
        return filed.case.incident.limit_s

    early = TURN - timedelta(days=1)
    made = district.order(MakeReport("垃圾堆积", middle(0)), "duty1", now=early)
    filed = district.order(File("03.01"), "duty1", made, now=early)
    plan(district, TURN)
    assert filed.case is not None
    assert filed.case.incident.limit_s == 4 * 3600
    assert (limit_of(TURN - timedelta(minutes=1)), limit_of(TURN)) == (4 * 3600, 7 * 60)
    with district.ledger.transaction() as connection:
        row = connection.execute("SELECT limit_s FROM incident WHERE id = %s", (filed.incident,)).fetchone()
    assert row == (4 * 3600,)


def is_told(publication: Publication) -> bool:
    """Whether the feed says that rules changed."""
    sent = publication.changes if isinstance(publication, Changes) else ()
    return any(decode_change(each).fact == RulesChanged(2) for each in sent)


def test_a_desk_hears_of_it_and_finds_the_new_rules(district: District, raw_desk: Callable[[], RawDesk]) -> None:
    district.start("desk")
    desk = raw_desk()
    desk.sign_on("duty1")
    rules = plan(district, datetime.now(UTC) + timedelta(seconds=1))
    first = desk.ask(AskSnapshot(0))
    assert isinstance(first, Snapshot)
    assert first.rules.version == 1
    district.start("clock")
    assert desk.hears(is_told, 20.0)
    second = desk.ask(AskSnapshot(0))
    assert isinstance(second, Snapshot)
    assert second.rules.limits == rules.limits
    assert [former.limits for former in second.rules.former_limits] == [first.rules.limits]
