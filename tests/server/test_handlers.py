"""A department's handler: sent to, claims what nobody owns, and sees nothing else; another department never hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from desktop.situation.situation import EMPTY_TOWN, Situation
from governance import commands as c
from governance.changes import CaseChanged, CaseGone
from governance.incident import Attachment, Case, State
from governance.people import Officer
from governance.refusal import Refused
from governance.rules import Rules
from server import sessions
from server.duty_roster import streams_of
from server.handling import nearest
from server.ledger import change_log, incidents, people, rules_store
from server.ledger.entry import Entered
from tests.server.conftest import District, middle
from tests.server.test_whole_life import case_of, onward
from wire.codec import decode_change
from wire.requests import SignOn, Snapshot

BOOTH, SECRET = "03.02", "07.05"
AFTER = (Attachment(uuid4(), "ab" * 32, "image/jpeg", 9, "after"),)


@pytest.fixture
def handlers(district: District) -> tuple[Officer, Officer]:
    """Two handlers of two departments as their sign-on makes them, in a district where nobody leads city management."""
    now = datetime.now(UTC)
    with district.owner.transaction() as connection:
        rules = rules_store.load(connection, 1)
        matrix = tuple(row for row in rules.duty_matrix if row.category[:2] != BOOTH[:2])
        rules_store.store(connection, replace(rules, version=2, duty_matrix=matrix), now - timedelta(seconds=1))
    signed = [
        sessions.sign_on(district.ledger, key * 32, SignOn(0, login, district.seeded.passwords[login]), now, 8.0)
        for key, login in (("aa", "handler1"), ("bb", "handler2"))
    ]
    one, other = (each.officer for each in signed if isinstance(each, sessions.Session))
    return one, other


def filed(district: District) -> Entered:
    """A booth in the street, filed: it lies with the back-stop."""
    made = district.order(c.MakeReport("路边有人摆摊", middle(0)), "duty1")
    return onward(district, made, c.File(BOOTH), "duty1")


def sight(district: District, officer: Officer) -> Snapshot:
    """What a desk of this post is given now."""
    now = datetime.now(UTC)
    streets = {worker.grid[:9] for worker in district.workers}
    with district.ledger.transaction(snapshot=True) as connection:
        heads = change_log.heads(connection)
        numbers = {stream: heads.get(stream, 0) for stream in streams_of(officer, streets)}
        cases = incidents.visible(connection, officer, district.ledger.rules(connection, now), now)
    return Snapshot(1, UUID(int=7), numbers, now, cases, (), (), (), Rules(0), EMPTY_TOWN, b"")


def heard(district: District, officer: Officer, since: Snapshot) -> list[CaseChanged | CaseGone]:
    """What the streams of a post told of cases after a snapshot."""
    with district.ledger.transaction() as connection:
        told = [change_log.read_after(connection, stream, number, 1_000) for stream, number in since.numbers.items()]
    facts = [decode_change(sent).fact for stream in told for sent in stream]
    return [fact for fact in facts if isinstance(fact, CaseChanged | CaseGone)]


def shown(district: District, officer: Officer, since: Snapshot) -> dict[UUID, Case]:
    """The cases a desk holds that began with a snapshot and heard its streams since."""
    replica = Situation()
    replica.start_from(since)
    with district.ledger.transaction() as connection:
        for stream, number in since.numbers.items():
            replica.apply_all(decode_change(sent) for sent in change_log.read_after(connection, stream, number, 1_000))
    return replica.cases


def test_what_nobody_owns_is_seen_by_all_handlers_until_one_claims_it(
    district: District, handlers: tuple[Officer, Officer]
) -> None:
    one, other = handlers
    empty = sight(district, other)
    lies = filed(district)
    assert {each.incident.id for each in sight(district, other).cases} == {lies.incident}
    begun = sight(district, one), sight(district, other)
    claimed = onward(district, lies, c.Claim(c.Recipient(one.staff)), one)
    assert claimed.stream == f"unit/{one.unit}"
    assert [type(fact).__name__ for fact in heard(district, other, begun[1])] == ["CaseGone"]
    assert shown(district, other, begun[1]) == shown(district, other, empty) == {}
    assert shown(district, one, begun[0]) == {lies.incident: case_of(district, lies)}
    with pytest.raises(Refused, match="no_such_incident"):
        onward(district, claimed, c.Progress("在办"), other)


def test_a_handler_takes_up_and_finishes_what_his_department_was_given(
    district: District, handlers: tuple[Officer, Officer]
) -> None:
    one, other = handlers
    begun = sight(district, one), sight(district, other)
    made = district.order(c.MakeReport("店招歪了", middle(3)), "duty1")
    made = onward(district, made, c.File("10.01"), "duty1")
    assert heard(district, one, begun[0]) == []
    made = onward(district, made, c.Dispatch(c.Recipient(one.staff), reason="归口办理"), "duty1")
    for command in (c.Acknowledge(), c.Accept(), c.Progress("已到现场"), c.Complete("已扶正", AFTER)):
        made = onward(district, made, command, one)
    assert case_of(district, made).incident.state is State.RESOLVED
    assert shown(district, one, begun[0]) == {made.incident: case_of(district, made)}
    assert heard(district, other, begun[1]) == []


def test_a_checker_hears_of_a_case_when_it_is_to_be_checked(district: District, handlers: tuple[Officer, Officer]) -> None:
    one, check = handlers[0], district.officers["check1"]
    begun = sight(district, check)
    made = onward(district, filed(district), c.Claim(c.Recipient(one.staff)), one)
    for command in (c.Accept(), c.Complete("已清", AFTER)):
        made = onward(district, made, command, one)
    assert (heard(district, check, begun), sight(district, check).cases) == ([], ())
    made = onward(district, made, c.SendCheck(), "duty1")
    assert set(shown(district, check, begun)) == {made.incident}
    made = onward(district, made, c.CheckPass(condition_met=True), check)
    assert made.stream == f"person/{check.staff}"
    assert shown(district, check, begun)[made.incident] == case_of(district, made)


def test_a_confidential_check_is_given_to_a_checker_by_name(district: District, handlers: tuple[Officer, Officer]) -> None:
    one, check = handlers[0], district.officers["check1"]
    begun = sight(district, check)
    made = district.order(c.MakeReport("家暴", middle(0)), "duty1")
    made = onward(district, made, c.NotifyOut("110", "接警员"), "duty1")
    made = onward(district, made, c.File(SECRET), "duty1")
    made = onward(district, made, c.Dispatch(c.Recipient(one.staff), reason="归口办理"), "duty1")
    for command in (c.Accept(), c.Complete("已劝解", AFTER)):
        made = onward(district, made, command, one)
    made = onward(district, made, c.SendCheck(), "duty1")
    assert case_of(district, made).checks[-1].checker == check.staff
    assert case_of(district, made).incident.confidentiality > check.clearance
    assert set(shown(district, check, begun)) == {made.incident}
    made = onward(district, made, c.CheckPass(condition_met=True), check)
    assert case_of(district, made).incident.state is State.CLOSED


def test_the_system_sends_no_handler_into_the_street(district: District) -> None:
    with district.ledger.transaction() as connection:
        departments = {w.id for w in people.workers(connection, "", datetime.now(UTC)) if not w.is_in_field}
        made = district.order(c.MakeReport("燃气味", middle(0)), "duty1")
        incident = case_of(district, made).incident
        near = nearest.on_duty(connection, incident, datetime.now(UTC), 100)
    assert departments
    assert not departments & {each.worker for each in near}
