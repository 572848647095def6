"""Units, duty matrix, posts, accounts, the open shift and the workers of a seeded district."""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from gis_data.town.town import Town
from governance.lifecycle import SYSTEM_OFFICER
from governance.people import Duty, Role
from governance.places import Level, at_level
from governance.rules import DutyRow
from governance.seed_rules import ROOTS
from server.ledger.copying import copy_rows
from server.ledger.ids import new_id
from server.ledger.ledger import Connection
from server.ledger.people import OUTSIDE
from server.ledger.seed_names import people
from server.password import hashed

ALWAYS = "[2000-01-01,)"
SHIFT_DAYS = 400
"""The seeded shift stays open until somebody hands it over."""
DAY = (("早班", "08:00", "16:00"), ("中班", "16:00", "00:00"), ("夜班", "00:00", "08:00"))
"""The shifts of the centre through a day, local time."""
DEPARTMENTS = (
    ("综治", "区社会治安综合治理办公室"),
    ("监管", "区市场监督管理局"),
    ("执法", "区综合行政执法局"),
    ("便民", "区行政服务中心"),
)
PLATFORM_OF_ROOT = {
    "01": "便民",
    "02": "便民",
    "03": "执法",
    "04": "便民",
    "05": "便民",
    "06": "便民",
    "07": "综治",
    "08": "综治",
    "09": "综治",
    "10": "监管",
}
ON_CALL_EVERY = 20
"""Every so many-th worker is on call (备勤)."""
SPECIAL_SHARE = 0.35
"""Share of workers with a skill beyond the general one."""


@dataclass(frozen=True, slots=True)
class Units:
    """Ids of the seeded units: the district's centre, the centre of each street, departments by platform."""

    centre: UUID
    streets: dict[str, UUID]
    departments: dict[str, UUID]


@dataclass(frozen=True, slots=True)
class SeededWorker:
    """A worker just made."""

    staff: UUID
    number: int
    name: str
    grid: str


def seed_units(connection: Connection, town: Town) -> Units:
    """The centre, street centres, community offices, departments; street centres and the centre are back-stops."""
    (district,) = town.at(Level.DISTRICT)
    units = Units(new_id(), {a.code: new_id() for a in town.at(Level.STREET)}, {p: new_id() for p, _ in DEPARTMENTS})
    rows: list[Sequence[Any]] = [
        (units.centre, f"C{district.code}", f"{district.name}社会治理指挥中心", "centre", 4, district.code, "", True, None)
    ]
    rows += [
        (units.departments[p], f"D{district.code}{n}", name, "department", 4, district.code, p, False, units.centre)
        for n, (p, name) in enumerate(DEPARTMENTS, 1)
    ]
    rows += [
        (units.streets[a.code], f"S{a.code}", f"{a.name}综合指挥室", "street_centre", 3, a.code, "", True, units.centre)
        for a in town.at(Level.STREET)
    ]
    rows += [
        (new_id(), f"O{a.code}", f"{a.name}工作站", "community_office", 2, a.code, "", False, units.streets[a.parent])
        for a in town.at(Level.COMMUNITY)
    ]
    copy_rows(connection, "unit", "id, code, name, kind, level, area_code, platform, is_backstop, parent", rows)
    return units


def duty_matrix(town: Town, units: Units) -> tuple[DutyRow, ...]:
    """Every root: the street centre leads in its street, the department in the district and assists in the streets."""
    rows: list[DutyRow] = []
    for root in ROOTS:
        department = units.departments[PLATFORM_OF_ROOT[root]]
        rows.append(DutyRow(root, town.code, department, "lead"))
        rows.append(DutyRow(root, town.code, units.centre, "check"))
        for street, unit in units.streets.items():
            rows.append(DutyRow(root, street, unit, "lead"))
            rows.append(DutyRow(root, street, department, "assist"))
    return tuple(rows)


def seed_officers(connection: Connection, town: Town, units: Units, rng: random.Random, now: datetime) -> dict[str, str]:
    """Posts, staff and accounts of the centre and the streets, and the open shift; passwords by login."""
    district = town.code
    plan: list[tuple[str, Role, str, UUID, str, int]] = [
        ("duty1", Role.DUTY_OFFICER, "值班员", units.centre, district, 2),
        ("duty2", Role.DUTY_OFFICER, "值班员", units.centre, district, 2),
        ("lead1", Role.SHIFT_LEAD, "值班长", units.centre, district, 3),
        ("dispatch1", Role.DISPATCHER, "派遣员", units.centre, district, 2),
        ("check1", Role.CHECKER, "核查员", units.centre, district, 1),
    ]
    plan += [
        (f"street{n}", Role.OPERATOR, "街道坐席", unit, street, 2)
        for n, (street, unit) in enumerate(sorted(units.streets.items()), 1)
    ]
    names = ["王明", *people(rng, len(plan) - 1), *people(random.Random(len(plan)), 5)]  # who came later changes nobody's name
    plan += [
        ("lead2", Role.SHIFT_LEAD, "值班长", units.centre, district, 3),
        ("night1", Role.NIGHT_WATCH, "夜间值守", units.centre, district, 2),
        ("leader1", Role.LEADER, "带班领导", units.centre, district, 3),
        ("admin1", Role.ADMINISTRATOR, "系统管理员", units.centre, district, 1),
        ("audit1", Role.AUDITOR, "督考", units.centre, district, 3),
    ]
    plan += [
        (f"handler{n}", Role.HANDLER, "部门承办", units.departments[platform], district, 1)
        for n, (platform, _) in enumerate(DEPARTMENTS, 1)
    ]
    names += people(random.Random(-len(plan)), len(DEPARTMENTS))
    plan.append(("gis1", Role.GIS_STAFF, "地理信息员", units.centre, district, 1))
    names += people(random.Random(-len(plan)), 1)
    staff = [new_id() for _ in plan]
    posts = [new_id() for _ in plan]
    passwords = {login: secrets.token_urlsafe(9) for login, *_ in plan}
    copy_rows(
        connection,
        "staff",
        "id, staff_no, name, unit",
        [
            *((s, f"A{n:03d}", name, row[3]) for n, (s, name, row) in enumerate(zip(staff, names, plan, strict=True), 1)),
            (SYSTEM_OFFICER.staff, "SYSTEM", "系统", units.centre),
            (OUTSIDE.staff, "OUTSIDE", OUTSIDE.name, units.centre),
        ],
    )
    copy_rows(
        connection,
        "post",
        "id, unit, role, title, scope, clearance",
        [
            *((p, unit, role.value, title, scope, c) for p, (_, role, title, unit, scope, c) in zip(posts, plan, strict=True)),
            (SYSTEM_OFFICER.post, units.centre, Role.SYSTEM.value, "系统", "", 3),
            (OUTSIDE.post, units.centre, Role.OUTSIDE.value, "市民", "", 0),
        ],
    )
    held = zip(posts, staff, strict=True)
    copy_rows(connection, "post_assignment", "id, post, staff, valid", [(new_id(), p, s, ALWAYS) for p, s in held])
    copy_rows(
        connection,
        "account",
        "id, staff, login, password_hash",
        [(new_id(), s, row[0], hashed(passwords[row[0]])) for s, row in zip(staff, plan, strict=True)],
    )
    _open_shift(connection, units.centre, staff[2], now)
    return passwords


def _open_shift(connection: Connection, unit: UUID, lead: UUID, now: datetime) -> None:
    """One shift of the centre is open, with its lead; it covers the streets, and the shifts of its day are known."""
    starts, shift = now.replace(minute=0, second=0, microsecond=0), new_id()
    connection.execute(
        "INSERT INTO shift (id, unit, name, starts_at, ends_at, state, lead, opened_at) "
        "VALUES (%s, %s, %s, %s, %s, 'open', %s, %s)",
        (shift, unit, "当班", starts, starts + timedelta(days=SHIFT_DAYS), lead, starts),
    )
    copy_rows(connection, "shift_template", "id, unit, name, starts_at, ends_at", ((new_id(), unit, *row) for row in DAY))
    connection.execute(
        "INSERT INTO duty_log (at, kind, text, shift) SELECT %s, 'cover_began', name, %s FROM unit "
        "WHERE kind = 'street_centre' ORDER BY code",
        (starts, shift),
    )


def seed_workers(
    connection: Connection, town: Town, units: Units, count: int, skills: Sequence[str], rng: random.Random
) -> list[SeededWorker]:
    """Workers numbered from 1, at least one in every grid, on duty, in the unit of their street."""
    grids = [a.code for a in town.at(Level.GRID)]
    homes = sorted(grids + rng.choices(grids, k=count - len(grids)))
    workers = [
        SeededWorker(new_id(), number, name, grid)
        for number, (name, grid) in enumerate(zip(people(rng, count), homes, strict=True), 1)
    ]
    street = {w.staff: units.streets[at_level(w.grid, Level.STREET)] for w in workers}
    copy_rows(
        connection,
        "staff",
        "id, staff_no, name, unit",
        ((w.staff, f"G{w.number:05d}", w.name, street[w.staff]) for w in workers),
    )
    copy_rows(
        connection,
        "worker",
        "staff, number, grid_code, role, skills",
        ((w.staff, w.number, w.grid, Role.GRID_WORKER.value, _skills(rng, skills)) for w in workers),
    )
    on_call = [w.number % ON_CALL_EVERY == 0 for w in workers]
    rows = (
        (w.staff, (Duty.ON_CALL if called else Duty.ON_DUTY).value, called) for w, called in zip(workers, on_call, strict=True)
    )
    copy_rows(connection, "worker_live", "worker, duty, is_on_call", rows)
    posts = {unit: new_id() for unit in units.streets.values()}
    copy_rows(
        connection,
        "post",
        "id, unit, role, title, scope, clearance",
        ((posts[unit], unit, Role.GRID_WORKER.value, "网格员", code, 0) for code, unit in units.streets.items()),
    )
    copy_rows(
        connection,
        "post_assignment",
        "id, post, staff, valid",
        ((new_id(), posts[street[w.staff]], w.staff, ALWAYS) for w in workers),
    )
    areas: dict[str, UUID] = dict(connection.execute("SELECT first_code, id FROM area WHERE kind = 'grid'").fetchall())
    copy_rows(
        connection,
        "grid_staffing",
        "id, area, staff, duty, valid",
        ((new_id(), areas[w.grid], w.staff, "full_time", ALWAYS) for w in workers),
    )
    return workers


def seed_handlers(connection: Connection, town: Town, first: int) -> None:
    """The handlers of the departments can be sent like workers, numbered from `first`; they have no phone.

    They are kept in the first grid of the district, but walk none.
    """
    grid = min(area.code for area in town.at(Level.GRID))
    connection.execute(
        "INSERT INTO worker (staff, number, grid_code, role, skills) SELECT a.staff, %s + row_number() OVER (ORDER BY u.code), "
        "%s, p.role, '{}' FROM post p JOIN post_assignment a ON a.post = p.id JOIN unit u ON u.id = p.unit WHERE p.role = 'DH'",
        (first - 1, grid),
    )
    connection.execute(
        "INSERT INTO worker_live (worker, duty, is_on_call) SELECT staff, 'on_duty', false FROM worker WHERE role = 'DH'"
    )


def _skills(rng: random.Random, skills: Sequence[str]) -> list[str]:
    """What one worker can do beyond his daily round."""
    if not skills or rng.random() >= SPECIAL_SHARE:
        return []
    return sorted(rng.sample(list(skills), rng.choice((1, 1, 2))))
