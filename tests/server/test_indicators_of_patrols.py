"""K30, the 8630 of walking a grid, and K29 of each worker: fixtures in a real PostGIS."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import pytest

from governance.indicators import Boundaries, Figure, Missing, Month
from governance.people import Role
from server.indicators.computing import compute, compute_of_workers, definitions, shown

from .conftest import District, middle
from .indicator_rows import GRIDS, SPACE, Made, at, load
from .test_indicators import ALL, LATER, OCTOBER, figures

CODES = ("K30", "K30a", "K30b", "K30c", "K30d")
SATURDAYS = ("2026-10-03", "2026-10-10", "2026-10-17", "2026-10-24", "2026-10-31")
MONDAYS = ("2026-09-28", "2026-10-05", "2026-10-12", "2026-10-19")
"""Of the weeks that end in October; that of the 26th ends in November."""


@dataclass(frozen=True)
class Out:
    """One visit."""

    began: str
    minutes: int = 60
    household: str = ""
    received: datetime | None = None


def tell(district: District, worker: UUID, visits: Iterable[Out]) -> None:
    """The visits stand in the ledger, told right after."""
    place = middle(0)
    for n, each in enumerate(visits):
        began = at(each.began)
        ended = began + timedelta(minutes=each.minutes)
        district.owner_executes(
            "INSERT INTO visit (id, worker, kind, began_at, ended_at, received_at, place, grid, household, is_seen, reason) "
            "VALUES (%s, %s, %s, %s, %s, %s, ST_SetSRID(ST_MakePoint(%s, %s), 4490), %s, sha256(%s), true, '')",
            *(uuid5(SPACE, f"{worker}{each.began}{n}"), worker, "routine" if each.household else "patrol", began, ended),
            *(each.received or ended, place.lon, place.lat, GRIDS[0], each.household.encode() if each.household else None),
        )


def diligent() -> list[Out]:
    """Everything 8630 asks for in October: every week two visits of four hours and a little, every Saturday half a day."""
    visits = [Out(f"{day} 08:30", 210) for day in SATURDAYS]
    for number, monday in enumerate(MONDAYS):
        for hour in (9, 14):
            visits.append(Out(f"{monday} {hour:02}:00", 240, f"户{number}-{hour}"))
    return visits + [Out(f"2026-10-29 {9 + n // 6:02}:{n % 6 * 10:02}", 10, f"户{n}") for n in range(24)]


def of_a_worker(district: District, worker: UUID, month: Month = OCTOBER, cut: datetime = LATER) -> dict[str, Figure]:
    """What a worker comes to, by code."""
    with district.ledger.transaction(snapshot=True) as connection:
        found = compute_of_workers(connection, month, cut, Boundaries.FILING, ALL, (6,))
        return {each.code: each for each in shown(found, definitions(connection, month), str(worker))}


def met(district: District, worker: UUID, month: Month = OCTOBER, cut: datetime = LATER) -> list[str | None]:
    found = of_a_worker(district, worker, month, cut)
    return [found[code].value for code in CODES]


def test_where_nobody_told_of_anything_nothing_is_known(district: District) -> None:
    assert {figures(district)[code].missing for code in CODES} == {Missing.NOTHING}


def test_who_did_what_8630_asks_for_complies_and_who_did_nothing_does_not(district: District) -> None:
    first, second = district.workers[0], district.workers[1]
    tell(district, first.id, diligent())
    assert met(district, first.id) == ["100.00"] * 5
    assert met(district, second.id) == ["0.00", "0.00", "0.00", "0.00", "100.00"]
    found, workers = figures(district), sum(worker.role is Role.GRID_WORKER for worker in district.workers)
    assert (found["K30"].num, found["K30"].den) == ("1", str(workers))
    assert (found["K30a"].num, found["K30a"].den) == ("4", str(4 * workers))
    assert (found["K30b"].num, found["K30b"].den) == ("5", str(5 * workers))


BROKEN: dict[str, tuple[Out, list[Out], str, str]] = {
    "7 hours 59": (Out("2026-10-05 14:00", 240, "户1-14"), [Out("2026-10-05 14:00", 29, "户1-14")], "K30a", "75.00"),
    "one visit a week": (
        Out("2026-10-05 14:00", 240, "户1-14"),
        [Out("2026-10-05 14:00", 240), Out("2026-10-29 15:00", 9, "户另")],
        "K30a",
        "75.00",
    ),
    "an hour on a Saturday": (Out("2026-10-17 08:30", 210), [Out("2026-10-17 08:30", 60)], "K30b", "80.00"),
    "the same household again": (Out("2026-10-29 09:00", 10, "户0"), [Out("2026-10-29 09:00", 10, "户1")], "K30c", "0.00"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_missing_shows_in_its_part_and_in_the_whole(district: District, name: str) -> None:
    taken, put, code, value = BROKEN[name]
    visits = diligent()
    visits.remove(taken)
    worker = district.workers[0].id
    tell(district, worker, visits + put)
    found = of_a_worker(district, worker)
    assert (found[code].value, found["K30"].value) == (value, "0.00")
    assert {each: found[each].value for each in CODES[1:] if each != code} == {
        each: "100.00" for each in CODES[1:] if each != code
    }


def test_a_week_counts_in_the_month_it_ends_in_and_when_it_is_over(district: District) -> None:
    worker = district.workers[0].id
    tell(district, worker, [Out(f"2026-10-26 {hour:02}:00", 240, f"户{hour}") for hour in (8, 13)])
    assert of_a_worker(district, worker)["K30a"].num == "0"
    assert of_a_worker(district, worker, Month.of("2026-11"))["K30a"].num == "1"
    assert of_a_worker(district, worker, Month.of("2026-11"), at("2026-11-01 23:00"))["K30a"].missing is Missing.NOTHING
    assert of_a_worker(district, worker, Month.of("2026-11"), at("2026-11-02 00:00"))["K30a"].den == "1"


def test_what_was_told_after_a_moment_is_not_seen_from_it(district: District) -> None:
    worker = district.workers[0].id
    tell(district, worker, diligent())
    tell(district, district.workers[1].id, [Out("2026-10-30 09:00", 60, "户", at("2026-11-04 09:00"))])
    assert figures(district, cut=at("2026-11-03 00:00"))["K30c"].num == "1"
    frozen = met(district, worker, cut=at("2026-11-03 00:00"))
    assert frozen == met(district, worker)


def test_a_verification_left_open_is_a_backlog(district: District) -> None:
    worker = district.workers[0].id
    tell(district, worker, diligent())
    asked = Made(state="verifying", filed_at=None, reported_at=at("2026-10-30 09:00"))
    load(district, [asked])
    district.owner_executes(
        "INSERT INTO verify_task (id, incident, ord, cycle, kind, assigned_at, checker, result, note, checker_name) "
        "VALUES (gen_random_uuid(), %s, 0, 1, 'verify', %s, %s, '', '', '')",
        *(asked.id, at("2026-10-30 09:05"), worker),
    )
    assert met(district, worker) == ["0.00", "100.00", "100.00", "100.00", "0.00"]


def test_fewer_than_five_workers_are_not_shown(district: District) -> None:
    tell(district, district.workers[0].id, diligent())
    community = GRIDS[0][:12]
    with district.ledger.transaction(snapshot=True) as connection:
        found = compute(connection, OCTOBER, LATER, Boundaries.FILING, ALL, (6, 12))
        (figure,) = [f for f in shown(found, definitions(connection, OCTOBER), community) if f.code == "K30"]
    few = sum(worker.grid.startswith(community) and worker.role is Role.GRID_WORKER for worker in district.workers) < 5
    assert figure.missing is (Missing.FEW if few else None)
