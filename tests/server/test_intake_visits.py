"""Visits over the workers' phone app: what is believed, what is seen, once, and no household by name."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psycopg
import pytest

from gis_data.town.pack import write_packs
from governance.visits import TOLD_WITHIN
from server.drill.credentials import Credentials, Phone
from server.drill.pavement import Pavement
from server.drill.phone_line import Line
from server.drill.rounds import Rounds
from server.drill.temper import Temper
from server.drill.town_packs import read_town
from server.drill.walkers import Walkers
from server.private_postgis import PrivatePostgis
from tests.fakes.small_town import corner, small_town
from tests.server.intake_world import World, body, new_key, world

from .test_intake_worker_app import logged_on


@pytest.fixture(scope="module")
def field(postgis: PrivatePostgis, migrated_template: str) -> Iterator[World]:
    with world(postgis, migrated_template) as made:
        made.start("intake")
        yield made


@pytest.fixture
def phone(field: World) -> Iterator[httpx.Client]:
    with field.client() as client:
        yield client


def an_hour(ago_h: float, **changed: Any) -> dict[str, Any]:
    """An hour's visit that ended so long ago."""
    ended, place = datetime.now(UTC) - timedelta(hours=ago_h), corner(0.3, 0.4)
    began = ended - timedelta(hours=1)
    told = {"kind": "routine", "household": "景芳二区 7 幢 302", "lon": place.lon, "lat": place.lat, "reason": "手机没电"}
    return told | {"began_at": began.isoformat(), "ended_at": ended.isoformat()} | changed


def tell(phone: httpx.Client, token: dict[str, str], told: dict[str, Any], key: dict[str, str] | None = None) -> httpx.Response:
    return phone.post("/v1/worker/visits", json=told, headers=token | (key or new_key()))


def test_a_visit_stands_once_under_its_key_and_names_no_household(field: World, phone: httpx.Client) -> None:
    token, told, key = logged_on(field, phone, 0), an_hour(20), new_key()
    first, again = tell(phone, token, told, key), tell(phone, token, told, key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert body(first) == body(again)
    assert body(first)["seen"] is False
    row = field.all("SELECT household, reason, grid FROM visit WHERE id = %s", body(first)["visit"])
    ((household, reason, grid),) = row
    assert (len(household), reason, len(grid)) == (32, "手机没电", 15)
    other = tell(phone, token, told | {"household": "景芳二区 7 幢 303"}, key)
    assert (other.status_code, body(other)["code"]) == (422, "key_reused")


def test_even_the_owner_does_not_rewrite_a_visit(field: World, phone: httpx.Client) -> None:
    assert tell(phone, logged_on(field, phone, 6), an_hour(40)).status_code == 201
    for statement in ("UPDATE visit SET reason = 'x'", "DELETE FROM visit"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            field.change(statement)


def test_who_was_seen_there_needs_no_reason(field: World, phone: httpx.Client) -> None:
    told = an_hour(3, reason="")
    field.change("SELECT ensure_position_day(%s::date)", told["began_at"][:10])
    field.change("SELECT ensure_position_day(%s::date)", told["ended_at"][:10])
    number = field.seeded.devices[1].number
    field.change(
        "INSERT INTO worker_position VALUES (%s, %s, ST_SetSRID(ST_MakePoint(%s, %s), 4490), 10, 0, 0, 80)",
        *(number, told["began_at"], told["lon"] + 0.0008, told["lat"]),
    )
    token = logged_on(field, phone, 1)
    far = tell(phone, token, told | {"lat": corner(0.9, 0.9).lat, "lon": corner(0.9, 0.9).lon})
    assert (far.status_code, body(far)["code"], body(far)["about"]) == (422, "not_seen_there", "reason")
    near = tell(phone, token, told)
    assert (near.status_code, body(near)["seen"]) == (201, True)


def test_nobody_is_at_two_places_at_once(field: World, phone: httpx.Client) -> None:
    token = logged_on(field, phone, 2)
    assert tell(phone, token, an_hour(10)).status_code == 201
    answer = tell(phone, token, an_hour(10.5))
    assert (answer.status_code, body(answer)["code"]) == (409, "visit_overlaps")
    assert tell(phone, logged_on(field, phone, 3), an_hour(10.5)).status_code == 201


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "no kind": ({"kind": "party"}, "bad_value", "kind"),
    "no beginning": ({"began_at": None}, "missing", "began_at"),
    "no zone": ({"ended_at": "2026-10-01T08:00:00"}, "bad_value", "ended_at"),
    "no place": ({"lon": "x"}, "bad_place", "lon"),
    "outside the district": ({"lon": 100.0}, "outside_district", "place"),
    "no household": ({"household": "  "}, "household_needed", "household"),
    "a round of a household": ({"kind": "patrol"}, "patrol_of_household", "household"),
    "control characters": ({"household": "7\u202e幢"}, "bad_value", "household"),
    "a long address": ({"household": "幢" * 201}, "text_too_long", "household"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_field_and_leaves_nothing(field: World, phone: httpx.Client, name: str) -> None:
    changed, code, about = WRONG[name]
    before = field.one("SELECT count(*) FROM visit")
    answer = tell(phone, logged_on(field, phone, 4), an_hour(30, **changed))
    assert 400 <= answer.status_code < 500
    assert (body(answer)["code"], body(answer)["about"]) == (code, about)
    assert body(answer)["zh"]
    assert field.one("SELECT count(*) FROM visit") == before


@pytest.mark.parametrize(
    ("began", "lasted", "code"),
    [
        (timedelta(hours=-2), timedelta(0), "visit_ends_first"),
        (timedelta(hours=-14), timedelta(hours=12, minutes=1), "visit_too_long"),
        (timedelta(minutes=-20), timedelta(minutes=40), "visit_not_over"),
        (-TOLD_WITHIN - timedelta(minutes=1), timedelta(hours=1), "visit_too_old"),
    ],
)
def test_a_visit_that_cannot_have_been_is_refused(
    field: World, phone: httpx.Client, began: timedelta, lasted: timedelta, code: str
) -> None:
    start = datetime.now(UTC) + began
    told = an_hour(1, began_at=start.isoformat(), ended_at=(start + lasted).isoformat())
    answer = tell(phone, logged_on(field, phone, 5), told)
    assert (answer.status_code, body(answer)["code"]) == (422, code)


def test_a_round_without_token_is_nobodys(field: World, phone: httpx.Client) -> None:
    assert tell(phone, {}, an_hour(1)).status_code == 401


def test_what_the_drill_tells_stands_in_the_ledger(field: World, tmp_path: Path) -> None:
    for name, pack in write_packs(small_town()).items():
        (tmp_path / name).write_bytes(pack)
    town = read_town(tmp_path)
    walkers = Walkers(Pavement(town.roads, town.grid_shapes), np.arange(2), np.random.default_rng(5))
    devices = field.seeded.devices[8:10]
    phones = tuple(Phone(f"phone-{each.number}", "", each.number, "", "", each.secret) for each in devices)

    async def visit() -> Counter[str]:
        line = Line(field.url, Path(field.certificate))
        try:
            rounds = Rounds(line, Credentials(phones, ""), walkers, lambda _row: True, Temper(1, 20_000.0))
            await rounds.visit(0)
            await rounds.visit(1)
            return rounds.counted
        finally:
            await line.close()

    before = field.one("SELECT count(*) FROM visit")
    assert asyncio.run(visit()) == {"visit": 2}
    assert field.one("SELECT count(*) FROM visit") == before + 2
