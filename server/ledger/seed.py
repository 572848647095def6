"""Fills an empty ledger: a town's areas and cameras, units, posts, one open shift, workers, devices, rules."""

from __future__ import annotations

import hashlib
import json
import os
import random
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry import MultiPolygon

from gis_data.town.pack import Manifest, manifest_of, write_packs
from gis_data.town.town import Town
from governance.candidates import WEIGHTS
from governance.places import Level
from governance.rules import Rules
from governance.seed_rules import reasons_from_toml, rules_from_toml
from server.ledger import rules_store, seed_cameras, seed_people
from server.ledger.copying import copy_rows
from server.ledger.ids import new_id
from server.ledger.ledger import Connection, Ledger
from server.ledger.tables.columns import SRID
from server.secret_file import write_secret

CATEGORIES = Path(__file__).parents[2] / "governance" / "categories.toml"
AREA_KINDS = {Level.DISTRICT: "county", Level.STREET: "town", Level.COMMUNITY: "community", Level.GRID: "grid"}
ALWAYS = "[2000-01-01,)"


@dataclass(frozen=True, slots=True)
class EnrolledDevice:
    """A worker's phone and the secret only it and the seeding know; the ledger keeps its hash."""

    device: UUID
    worker: UUID
    number: int
    name: str
    grid: str
    secret: str


@dataclass(frozen=True, slots=True)
class Seeded:
    """What the seeding made that stands nowhere else in clear."""

    passwords: dict[str, str]
    """Login -> password."""
    devices: tuple[EnrolledDevice, ...]
    gateway_secret: str
    """Of the enrolled gateway that may send positions for any worker."""
    manifest: Manifest

    def write(self, home: Path) -> None:
        """HOME/passwords.txt and HOME/drill/devices.json stand, mode 0600."""
        lines = [f"{login}\t{password}\n" for login, password in self.passwords.items()]
        write_secret(home / "passwords.txt", "".join(lines))
        folder = home / "drill"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        devices = [
            {
                "device": str(d.device),
                "worker": str(d.worker),
                "number": d.number,
                "name": d.name,
                "grid": d.grid,
                "secret": d.secret,
            }
            for d in self.devices
        ]
        known = {"gateway": self.gateway_secret, "devices": devices}
        write_secret(folder / "devices.json", json.dumps(known, ensure_ascii=False, indent=1))


def is_seeded(ledger: Ledger) -> bool:
    """Whether somebody seeded this ledger before."""
    with ledger.transaction() as connection:
        return connection.execute("SELECT 1 FROM setting WHERE name = 'epoch'").fetchone() is not None


def seed(
    ledger: Ledger, town: Town, packs_folder: Path, workers: int = 1600, seed: int = 1, now: datetime | None = None
) -> Seeded:
    """The ledger holds the town and its people, all or nothing; packs stand in the folder under their hash.

    `ledger` is the owner's. Secrets are random whatever the seed. ValueError where there are fewer workers than grids.
    """
    grids = [area.code for area in town.at(Level.GRID)]
    if workers < len(grids):
        raise ValueError(f"{workers} workers cannot staff {len(grids)} grids")
    now = now or datetime.now(UTC)
    packs = write_packs(town)
    manifest = manifest_of(town, packs)
    store_packs(packs_folder, packs.values())
    rng = random.Random(seed)
    with ledger.transaction() as connection:
        _seed_areas(connection, town)
        _seed_edition(connection, manifest, now)
        units = seed_people.seed_units(connection, town)
        seed_cameras.seed_cameras(connection, town, units)
        skills = _seed_rules(connection, town, units, now)
        passwords = seed_people.seed_officers(connection, town, units, rng, now)
        staff = seed_people.seed_workers(connection, town, units, workers, skills, rng)
        seed_people.seed_handlers(connection, town, workers + 1)
        devices, gateway = _seed_devices(connection, staff)
        for name, value in (("epoch", str(new_id())), ("short_code", _short_code(town))):
            connection.execute("INSERT INTO setting VALUES (%s, to_jsonb(%s::text))", (name, value))
        connection.execute("ANALYZE")
    return Seeded(passwords, devices, gateway, manifest)


def store_packs(folder: Path, packs: Iterable[bytes]) -> None:
    """Each pack stands in the folder under its sha256; one that is there already is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for pack in packs:
        path = folder / hashlib.sha256(pack).hexdigest()
        if not path.exists():
            fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
            fresh.write_bytes(pack)
            fresh.replace(path)


def _seed_areas(connection: Connection, town: Town) -> None:
    """Every area with one version, valid from before anybody asks."""
    ids = {area.code: new_id() for area in town.areas}
    copy_rows(connection, "area", "id, kind, first_code", ((ids[a.code], AREA_KINDS[a.level], a.code) for a in town.areas))
    shapes = [a.polygon if isinstance(a.polygon, MultiPolygon) else MultiPolygon([a.polygon]) for a in town.areas]
    boundaries = shapely.to_wkb(shapely.set_srid(shapes, SRID), hex=True, include_srid=True)
    copy_rows(
        connection,
        "area_version",
        "id, area, valid, level, code, parent_code, name, kind_name, boundary",
        (
            (new_id(), ids[a.code], ALWAYS, int(a.level), a.code, a.parent, a.name, a.kind, boundary)
            for a, boundary in zip(town.areas, boundaries, strict=True)
        ),
    )


def _seed_edition(connection: Connection, manifest: Manifest, now: datetime) -> None:
    """The town and its packs are edition 1."""
    digest = hashlib.sha256(manifest.to_bytes()).hexdigest()
    connection.execute(
        "INSERT INTO town_edition VALUES (1, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            manifest.name,
            manifest.code,
            manifest.attribution,
            manifest.origin.lon,
            manifest.origin.lat,
            manifest.boundary_fit,
            digest,
            now,
        ),
    )
    copy_rows(
        connection,
        "town_pack",
        "edition, layer, sha256, size",
        ((1, layer, sha256, size) for layer, (sha256, size) in manifest.layers.items()),
    )


def _seed_rules(connection: Connection, town: Town, units: seed_people.Units, now: datetime) -> list[str]:
    """Categories, limits, duty matrix and calendar as version 1; the skills the categories ask for."""
    text = CATEGORIES.read_text(encoding="utf-8")
    categories, limits = rules_from_toml(text)
    matrix = seed_people.duty_matrix(town, units)
    rules = Rules(1, categories, limits, matrix, reason_codes=reasons_from_toml(text), candidate_weights=dict(WEIGHTS))
    rules_store.store(connection, rules, now)
    connection.execute("INSERT INTO rules_entered VALUES (1, %s)", (now,))
    return sorted({skill for c in categories.values() for skill in c.skills})


def _seed_devices(connection: Connection, staff: Sequence[seed_people.SeededWorker]) -> tuple[tuple[EnrolledDevice, ...], str]:
    """A phone for every worker and one gateway; their secrets are hashed here and returned in clear once."""
    devices = tuple(EnrolledDevice(new_id(), w.staff, w.number, w.name, w.grid, secrets.token_urlsafe(24)) for w in staff)
    gateway = secrets.token_urlsafe(24)
    rows: list[Sequence[Any]] = [
        (d.device, d.worker, "phone", f"phone-{d.number}", hashlib.sha256(d.secret.encode()).digest()) for d in devices
    ]
    rows.append((new_id(), None, "gateway", "gateway-1", hashlib.sha256(gateway.encode()).digest()))
    copy_rows(connection, "device", "id, staff, kind, name, secret_sha256", rows)
    return devices, gateway


def _short_code(town: Town) -> str:
    """JG for Jianggan; QX (区县) and the last two digits of the code elsewhere."""
    return "JG" if town.code == "330104" else f"QX{town.code[-2:]}"
