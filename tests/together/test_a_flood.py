"""Two hundred reports of one matter: attached by one order on one desk, seen so on another, and parted again."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

from governance.commands import AttachReport, MakeReport, Merge, Source, Unmerge
from governance.incident import State
from tests.together.at_work import crowding, spot, until
from tests.together.headless import Examiner, HeadlessDesk, equals_fresh_snapshot
from wire.requests import Caller

FLOOD = 200


def test_one_order_attaches_a_flood_and_every_desk_sees_it(
    desk_of: Callable[[str], HeadlessDesk], examiner_of: Callable[[str], Examiner]
) -> None:
    taker, other = desk_of("duty1"), desk_of("lead1")
    sent = [taker.order(MakeReport(f"整条街停水 {n}", spot(0.3, 0.4), category="03.05")) for n in range(FLOOD)]
    until(lambda: len(taker.outcomes) >= FLOOD, "every report is in", 60, taker.turn)
    made = [taker.outcomes[order].incident for order in sent]
    assert all(incident is not None for incident in made)
    cases = [taker.situation.cases[incident] for incident in made if incident is not None]
    master, sources = cases[0], cases[1:]
    began = time.monotonic()
    outcome = taker.done(Merge(tuple(Source(case.incident.id, case.incident.version) for case in sources)), master)
    taken_s = time.monotonic() - began
    assert outcome.refused is None
    assert taken_s < 4.0 * crowding(), taken_s

    def states(desk: HeadlessDesk) -> list[State]:
        known = desk.situation.cases
        return [known[case.incident.id].incident.state for case in sources if case.incident.id in known]

    for desk in (taker, other):
        until(lambda desk=desk: states(desk) == [State.MERGED] * len(sources), "merged on every desk", 30, desk.turn)
        assert len(desk.situation.cases[master.incident.id].reports) == FLOOD
    attached = taker.orders.send(
        AttachReport(MakeReport("隔壁也停了", spot(0.3, 0.4))),
        master.incident.id,
        taker.situation.cases[master.incident.id].incident.version,
        Caller("李四", "13900001111"),
    )
    until(lambda: attached in taker.outcomes, "one more", 30, taker.turn)
    assert taker.outcomes[attached].refused is None
    assert len(taker.situation.cases[master.incident.id].reports) == FLOOD + 1
    back = taker.done(Unmerge("不是一件事"), taker.situation.cases[sources[0].incident.id])
    assert back.refused is None
    until(lambda: _has_back(other, sources[0].incident.id), "parted on the other desk", 30, other.turn)
    assert len(other.situation.cases[master.incident.id].reports) == FLOOD
    for desk in (taker, other):
        equals_fresh_snapshot(desk, examiner_of(desk.login))


def _has_back(desk: HeadlessDesk, incident: UUID) -> bool:
    """Whether an incident has its own report again."""
    case = desk.situation.cases[incident]
    return case.incident.state is State.REPORTED and len(case.reports) == 1
