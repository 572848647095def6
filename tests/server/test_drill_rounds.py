"""The drill's workers call on households and walk their rounds: told as the intake takes it, and only when it is over."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from gis_data.town.pack import write_packs
from governance.visits import Visit, require_believable
from server.drill.credentials import Credentials, Phone
from server.drill.pavement import Pavement
from server.drill.phone_line import Answer, Line
from server.drill.rounds import Rounds, kind_at
from server.drill.temper import Temper
from server.drill.town_packs import read_town
from server.drill.walkers import Walkers
from server.intake.channels.worker_app import decode_visit
from tests.fakes.small_town import small_town

PACE = 20_000.0


class Listening:
    """A line that keeps what was told, and says no the first time where it is asked to."""

    def __init__(self, says_no: bool = False) -> None:
        self.told: list[tuple[Phone, dict[str, Any]]] = []
        self.says_no = says_no

    async def as_phone(self, phone: Phone, method: str, path: str, json: dict[str, Any]) -> Answer:
        assert (method, path) == ("POST", "/v1/worker/visits")
        self.told.append((phone, dict(json)))
        if self.says_no and "reason" not in json:
            return Answer(422, {"code": "not_seen_there"})
        return Answer(201, {})


@pytest.fixture
def walkers(tmp_path: Path) -> Walkers:
    for name, pack in write_packs(small_town()).items():
        (tmp_path / name).write_bytes(pack)
    town = read_town(tmp_path)
    return Walkers(Pavement(town.roads, town.grid_shapes), np.arange(6) % 4, np.random.default_rng(5))


def rounds_of(line: Listening, walkers: Walkers) -> Rounds:
    phones = tuple(Phone(f"phone-{n}", str(n), n, "", "", "") for n in range(1, 7))
    return Rounds(cast("Line", line), Credentials(phones, ""), walkers, lambda row: row != 0, Temper(3, PACE))


def read(told: dict[str, Any]) -> Visit:
    visit = decode_visit(told)
    require_believable(visit, visit.ended_at)
    return visit


def test_what_is_told_is_believable_and_who_was_sent_somewhere_stays_away(walkers: Walkers) -> None:
    line = Listening()

    async def a_while() -> None:
        going = asyncio.create_task(rounds_of(line, walkers).run())
        while len(line.told) < 30:
            await asyncio.sleep(0)
        going.cancel()

    asyncio.run(asyncio.wait_for(a_while(), 60))
    visits = [read(told) for _, told in line.told]
    assert {bool(visit.household) for visit in visits} == {True, False}
    assert 1 not in {phone.number for phone, _ in line.told}


def test_who_calls_on_a_household_stands_there(walkers: Walkers) -> None:
    until = time.monotonic() + 100.0
    walkers.stand(2, until)
    before = walkers.lonlat(np.array([2]))
    walkers.step(50.0, until - 1)
    assert (walkers.lonlat(np.array([2])) == before).all()
    walkers.step(50.0, until + 1)
    assert (walkers.lonlat(np.array([2])) != before).any()


def test_who_is_not_believed_says_why(walkers: Walkers) -> None:
    line = Listening(says_no=True)
    rounds = rounds_of(line, walkers)
    asyncio.run(rounds.visit(2))
    first, second = (told for _, told in line.told)
    assert second == first | {"reason": second["reason"]}
    assert rounds.counted == {"visit": 1}


@pytest.mark.parametrize(
    ("moment", "kind"),
    [
        ("2026-10-14T18:30:00+08:00", "wednesday_night"),
        ("2026-10-14T09:30:00+08:00", "routine"),
        ("2026-10-17T09:30:00+08:00", "saturday"),
        ("2026-10-16T23:30:00+00:00", "saturday"),
    ],
)
def test_a_visit_is_called_by_its_evening_or_day(moment: str, kind: str) -> None:
    assert kind_at(datetime.fromisoformat(moment)) == kind


def test_on_the_first_day_the_last_week_is_told_of_once_for_most_grids_and_believed(walkers: Walkers) -> None:
    line = Listening()
    phones = tuple(Phone(f"phone-{n}", str(n), n, "", f"grid {n % 200}", "") for n in range(400))
    people = Walkers(walkers._pavement, np.arange(400) % 4, np.random.default_rng(5))
    rounds = Rounds(cast("Line", line), Credentials(phones, ""), people, lambda _row: True, Temper(3, PACE), tells_past=True)
    now = datetime.now(UTC)
    for row in range(200):
        told = rounds._of_the_past(row, now)
        require_believable(decode_visit(told), now)
        line.told.append((phones[row], told))
    ages = [(now - read(told).ended_at).total_seconds() / 86_400 for _, told in line.told]
    assert min(ages) >= 0
    assert {int(age) for age in ages} >= {0, 1, 2, 3, 4, 5}
    line.told.clear()

    async def a_while() -> None:
        going = asyncio.create_task(rounds.tell_past())
        while len(line.told) < 5:
            await asyncio.sleep(0.01)
        going.cancel()

    asyncio.run(asyncio.wait_for(a_while(), 60))
    assert len({phone.grid for phone, _ in line.told}) == len(line.told)
    assert all(phone.number < 200 for phone, _ in line.told), "one of each grid tells"
