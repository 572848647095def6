"""Where the smoke run's incident happens, and the worker whose fixes are timed."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg

from demo.measures import MeasureReader, NotSeen
from gis_data.town.plane import Plane
from governance.camera import Camera
from governance.places import LonLat
from server.keys import ensure_keys
from server.ledger import cameras, people
from server.ledger.grids import Grids
from server.ledger.ledger import Ledger
from server.secret_file import write_secret
from server.settings import Settings

STRIDE_PX = 24.0  # on the officer's screen: nobody misses a step of that many pixels, whatever the scale
FIXES_APART_S = 2.0  # of one walker: fixes are told apart by their second
RIDING_M_S = 50.0  # a little slower than what the server takes for a jump
TAKEN = 6
WATCHED = 40  # of so many workers a desk logs when their dot stands on the fix (desktop/measure_log.py)


@dataclass(frozen=True)
class Ground:
    """What the smoke run knows of the town beforehand: its cameras, and where its grids are."""

    cameras: tuple[Camera, ...]
    grids: Grids
    workers: int

    def place_in_sight(self) -> LonLat:
        """A place that the most cameras see, a little ahead of one of them."""
        best, most = self.cameras[0].place, -1
        for camera in self.cameras[:: max(1, len(self.cameras) // 60)]:
            place = ahead(camera, min(25.0, camera.range_m / 2))
            seeing = sum(other.sees(place) for other in self.cameras)
            if seeing > most and self.grids.grid_of(place):
                best, most = place, seeing
        return best

    def place_away(self, place: LonLat) -> LonLat:
        """A place in the district as far from another as a camera stands: where nobody there is sent from."""
        far = max(self.cameras, key=lambda camera: camera.place.distance_m(place))
        return far.place


def read_ground(settings: Settings) -> Ground:
    """The ground of a prepared home."""
    ledger = Ledger(settings.owner_url, ensure_keys(settings.keys).data_key)
    try:
        with ledger.transaction() as connection:
            now = datetime.now(UTC)
            workers = len(people.workers(connection, "", now))
            return Ground(cameras.visible(connection, "", 3), ledger.grids(connection, now), workers)
    finally:
        ledger.close()


def report_over_https(settings: Settings, place: LonLat, text: str) -> tuple[str, str]:
    """Id and number of a new incident that a citizen reported; NotSeen where the ledger does not have it."""
    body = {"text": text, "lon": place.lon, "lat": place.lat, "category": "03.01", "anonymous": True}
    url = f"https://{settings.intake_http_host}:{settings.intake_http_port}/v1/citizen/reports"
    with httpx.Client(verify=str(settings.keys / "tls.crt"), timeout=10) as client:
        client.post(url, json=body, headers={"Idempotency-Key": text}).raise_for_status()
    found = find_incident(settings, text)
    if found is None:
        raise NotSeen(f"the incident of {text!r}")
    return found


def find_incident(settings: Settings, text: str) -> tuple[str, str] | None:
    """Id and number of the newest incident with this text; None where there is none yet."""
    with psycopg.connect(**settings.connect_arguments()) as connection:
        row = connection.execute(
            "SELECT id::text, number FROM incident WHERE text = %s ORDER BY reported_at DESC LIMIT 1", (text,)
        ).fetchone()
    return None if row is None else (str(row[0]), str(row[1]))


def ahead(camera: Camera, metres: float) -> LonLat:
    """The place so many metres in front of a camera."""
    plane, turn = Plane(camera.place), math.radians(camera.heading_deg)
    lon, lat = plane.to_lonlat(metres * math.sin(turn), metres * math.cos(turn))[0]
    return LonLat(float(lon), float(lat))


@dataclass(frozen=True)
class Walker:
    """One enrolled phone that the drill leaves to the smoke run."""

    number: int
    device: str
    secret: str


def take_walkers(home: Path) -> list[Walker]:
    """The phones of some workers whose dots the desks log, by number; the drill does not play them any more."""
    path, kept = home / "drill" / "devices.json", home / "logins" / "walkers.json"
    if not kept.exists():
        known = json.loads(path.read_text(encoding="utf-8"))
        phones = sorted(known["devices"], key=lambda phone: int(phone["number"]))
        step = max(1, len(phones) // WATCHED)
        chosen = phones[step : step * (TAKEN + 1) : step]
        known["devices"] = [phone for phone in known["devices"] if phone not in chosen]
        write_secret(kept, json.dumps(chosen, ensure_ascii=False))
        write_secret(path, json.dumps(known, ensure_ascii=False))
    phones = json.loads(kept.read_text(encoding="utf-8"))
    return [Walker(int(phone["number"]), str(phone["device"]), str(phone["secret"])) for phone in phones]


def fix_delays(
    settings: Settings, walkers: Sequence[Walker], steps: tuple[LonLat, LonLat], log: MeasureReader, count: int
) -> list[float]:
    """Seconds from sending a fix over HTTPS until its dot stood within a pixel of it, for each of `count` fixes.

    Walkers take turns, each stepping between two places; infinite for a fix whose dot never came. Their first fixes only
    set the scene and are not counted.
    """
    url = f"https://{settings.intake_http_host}:{settings.intake_http_port}/v1/osmand"
    apart_s = max(FIXES_APART_S, steps[0].distance_m(steps[1]) / RIDING_M_S) / len(walkers)
    delays: list[float] = []
    with httpx.Client(verify=str(settings.keys / "tls.crt"), timeout=5) as client:
        for turn in range(count + len(walkers)):
            walker, place = walkers[turn % len(walkers)], steps[turn // len(walkers) % 2]
            at_s, sent = int(time.time()), time.monotonic()
            told: dict[str, str | int] = {"id": walker.device, "secret": walker.secret, "timestamp": at_s}
            client.get(url, params=told | {"lat": f"{place.lat:.7f}", "lon": f"{place.lon:.7f}"}).raise_for_status()
            delay = _until_painted(log, walker.number, at_s, sent)
            if turn >= len(walkers):
                delays.append(delay)
            time.sleep(max(0.0, apart_s - (time.monotonic() - sent)))
    return delays


def stride(log: MeasureReader, start: LonLat, towards: LonLat) -> tuple[LonLat, LonLat]:
    """A place, and one STRIDE_PX east or west of it at the scale the desk shows now, on the side of another place.

    The map is turned little enough that a step east stays that long on the screen. NotSeen where no map was painted.
    """
    views = log.of_kind("view")
    if not views:
        raise NotSeen("the scale of the map")
    way_m = STRIDE_PX * float(views[-1]["metres_per_pixel"]) * (1 if towards.lon >= start.lon else -1)
    lon, lat = Plane(start).to_lonlat(way_m, 0.0)[0]
    return start, LonLat(float(lon), float(lat))


def _until_painted(log: MeasureReader, number: int, at_s: int, sent: float) -> float:
    try:
        line = log.wait(
            f"fix of worker {number}",
            lambda line: line["kind"] == "dot_painted" and line["worker"] == number and line["fix_at"] == at_s,
            patience_s=10,
            after=sent,
        )
    except NotSeen:
        return math.inf
    return float(line["t"]) - sent
