"""Cases change street and confidentiality on a real ledger: each post ends with what it may see, in whatever order it hears."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest

from desktop.situation.situation import EMPTY_TOWN, Situation
from governance import commands as c
from governance.incident import Attachment, Case, LeadRole, State
from governance.people import Officer
from governance.refusal import Refused
from governance.rules import Rules
from server.duty_roster import streams_of
from server.ledger import change_log, incidents
from server.ledger.entry import Entered
from tests.server.conftest import District, middle
from tests.server.test_whole_life import STALL, WHY, case_of, onward, reported
from wire.codec import decode_change
from wire.requests import Snapshot

HEARERS = ("street1", "street2", "check1", "duty1", "lead1", "handler1", "handler2")
PHOTO = (Attachment(UUID(int=5), "ab" * 32, "image/png", 9, "after"),)
EPOCH = UUID(int=7)


def seen_by(district: District, officer: Officer, streets: set[str]) -> Snapshot:
    """What a desk of this post is given now."""
    now = datetime.now(UTC)
    with district.ledger.transaction(snapshot=True) as connection:
        heads = change_log.heads(connection)
        numbers = {stream: heads.get(stream, 0) for stream in streams_of(officer, streets)}
        cases = incidents.visible(connection, officer, district.ledger.rules(connection, now), now)
    return Snapshot(1, EPOCH, numbers, now, cases, (), (), (), Rules(0), EMPTY_TOWN, b"")


def wander(district: District, chance: Random, known: list[Entered], sensitive: str) -> None:
    """One order that may take a case into another stream; Refused is as good as nothing."""
    if len(known) < 4:
        known.append(reported(district, chance.randrange(8)))
    about, other = chance.choice(known), chance.choice(known)
    command: c.Command = chance.choice(
        [
            c.NotifyOut("110", "接警员"),
            c.File(chance.choice((STALL, STALL, sensitive)), reason=WHY),
            c.Correct(WHY, place=middle(chance.randrange(8))),
            c.Correct(WHY, category=sensitive),
            c.Merge((c.Source(other.incident, case_of(district, other).incident.version),)),
            c.Unmerge(WHY),
            c.AttachReport(c.MakeReport("又一位", middle(chance.randrange(8)))),
            c.Split((c.Part(STALL, "摊位"), c.Part(sensitive, "密", place=middle(chance.randrange(8))))),
        ]
    )
    by: Officer | str = "lead1"
    if chance.random() < 0.5:
        command, by = worked(district, chance, case_of(district, about))
    try:
        onward(district, about, command, by)
    except Refused:
        return


def worked(district: District, chance: Random, case: Case) -> tuple[c.Command, Officer | str]:
    """What brings a case to the unit it is given to and to its checker, and from one checker to another."""
    match case.incident.state:
        case State.FILED:
            return c.Dispatch(c.Recipient(chance.choice(district.workers).id), reason=WHY), "lead1"
        case State.DISPATCHED | State.HANDLING:
            lead = next(a for a in case.assignments if a.is_live and a.role is LeadRole.LEAD)
            worker = next(w for w in district.workers if w.id == lead.worker)
            is_taken = case.incident.state is State.HANDLING
            return c.Complete("已清", PHOTO) if is_taken else c.Accept(), district.field_officer(worker)
        case State.CHECKING if chance.random() < 0.5:
            return c.CheckFail(WHY), "check1"
        case State.RESOLVED | State.CHECKING:
            checker = chance.choice((None, district.officers["check1"].staff))
            return c.SendCheck(checker), "lead1"
        case _:
            return c.File(STALL, reason=WHY), "lead1"


@pytest.mark.parametrize("seed", range(3))
def test_an_old_snapshot_and_streams_in_any_order_make_a_new_one_for_every_post(district: District, seed: int) -> None:
    chance, known = Random(seed), list[Entered]()
    with district.ledger.transaction() as connection:
        sensitive = next(code for code, each in district.ledger.rules(connection).categories.items() if each.sensitive)
    handlers_of_the_streets(district)
    known.append(reported(district, 0))
    onward(district, known[0], c.NotifyOut("110", "接警员"), "lead1")
    onward(district, known[0], c.File(sensitive), "lead1")
    for _ in range(20):
        wander(district, chance, known, sensitive)
    streets = {worker.grid[:9] for worker in district.workers}
    replicas = {login: Situation() for login in HEARERS}
    for login, replica in replicas.items():
        replica.start_from(seen_by(district, district.officers[login], streets))
    for _ in range(90):
        wander(district, chance, known, sensitive)
    for login, replica in replicas.items():
        fresh = seen_by(district, district.officers[login], streets)
        listen(district, chance, replica, fresh.numbers)
        assert replica.cases == {case.incident.id: case for case in fresh.cases}, login
    assert replicas["handler1"].cases.keys() < replicas["handler2"].cases.keys()
    assert replicas["check1"].cases
    assert secrets_of(replicas["duty1"].cases) > secrets_of(replicas["street1"].cases) == set()


def handlers_of_the_streets(district: District) -> None:
    """One handler sits in the unit of a street, another above both streets."""
    centre, street = district.officers["duty1"].unit, district.officers["street1"].unit
    beside = district.officers["street2"].unit
    assert street is not None
    assert beside is not None
    one, above = district.officers["handler1"], district.officers["handler2"]
    district.owner_executes("UPDATE post SET unit = %s WHERE id = %s", street, one.post)
    district.owner_executes("UPDATE post SET unit = %s WHERE id = %s", centre, above.post)
    district.officers["handler1"] = replace(one, unit=street)
    district.officers["handler2"] = replace(above, unit=centre, teams=frozenset({street, beside}))


def listen(district: District, chance: Random, replica: Situation, heads: dict[str, int]) -> None:
    """The replica hears its streams up to their heads, each in its order, one after another by chance."""
    with district.ledger.transaction() as connection:
        told = {each: list(change_log.read_after(connection, each, replica.numbers[each], 10_000)) for each in heads}
    while behind := sorted(stream for stream, left in told.items() if left):
        replica.apply(decode_change(told[chance.choice(behind)].pop(0)))
    assert replica.numbers == heads


def secrets_of(cases: dict[UUID, Case]) -> set[UUID]:
    """The incidents among them that are not for everybody."""
    return {incident for incident, case in cases.items() if case.incident.confidentiality >= 2}
