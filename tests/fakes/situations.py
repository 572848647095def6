"""A plausible situation without a server: one snapshot of a small district with cases in every state."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from uuid import UUID, uuid4, uuid5

import numpy as np

from desktop.situation.situation import Situation
from governance.camera import Camera, CameraState
from governance.categories import Category, Limit, Stage, TimeUnit
from governance.commands import MakeReport
from governance.incident import (
    ActorKind,
    Assignment,
    AssignmentState,
    Case,
    Channel,
    CheckTask,
    Discovery,
    Feedback,
    FeedbackState,
    Incident,
    LeadRole,
    Nature,
    Report,
    Severity,
    State,
    Step,
    Timer,
    TimerKind,
    TimerState,
    Urgency,
)
from governance.people import Duty, Officer, Role, Unit, Worker
from governance.places import Level, LonLat
from governance.rules import DutyRow, Rules
from wire.publications import POSITION
from wire.requests import Snapshot, TownManifest

SPACE = UUID("7b0b3c0e-6a52-4f0e-9f62-0f2f2f7f9a01")
NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)
DISTRICT = "330104"
CENTRE = LonLat(120.2123, 30.2741)
STREETS = {"330104005": "四季青街道", "330104008": "九堡街道"}
COMMUNITIES = {
    "330104005051": "景芳社区",
    "330104005052": "三叉社区",
    "330104005053": "采荷社区",
    "330104005054": "五福社区",
    "330104008001": "皋塘社区",
    "330104008002": "常青社区",
}
PEOPLE = ("李建国", "陈晓红", "张涛", "陈伟", "赵敏", "周芳", "吴丽", "沈国强", "徐海燕", "章建平", "欧阳晓梅", "俞阿根")
LEAVES = (
    ("01.01", "燃气泄漏", "Gas leak", "01", ("gas",)),
    ("01.02", "楼道堆物(消防通道)", "Blocked fire lane", "01", ("fire",)),
    ("02.01", "物业纠纷(调解)", "Property dispute", "02", ()),
    ("03.01", "占道经营", "Street trading", "03", ()),
    ("03.02", "渣土车遗撒", "Spoil dropped by lorries", "03", ()),
    ("04.01", "夜间施工噪声", "Night construction noise", "04", ()),
    ("05.01", "电梯困人", "People stuck in a lift", "05", ("lift",)),
    ("06.01", "疑似群租房隐患", "Suspected illegal group letting", "06", ()),
    ("07.01", "独居老人失联核实", "Elderly person out of contact", "07", ()),
    ("08.01", "垃圾桶满溢", "Overflowing bins", "08", ()),
    ("09.01", "路面塌陷围护", "Road subsidence", "09", ()),
    ("10.01", "欠薪线索", "Signs of unpaid wages", "10", ()),
)
ROOTS = (
    ("01", "公共安全", "Public safety"),
    ("02", "矛盾纠纷", "Disputes"),
    ("03", "市容环境", "Street order"),
    ("04", "环境保护", "Environment"),
    ("05", "特种设备", "Equipment"),
    ("06", "房屋人口", "Housing"),
    ("07", "民生服务", "Livelihood"),
    ("08", "环境卫生", "Sanitation"),
    ("09", "市政设施", "Public works"),
    ("10", "劳动保障", "Labour"),
)
PLACES = ("景芳二区 12 幢 3 单元 302", "凯旋路 201 号", "钱江路与新塘路口", "采荷人家 7 幢", "五福新村南门", "皋塘西苑 4 幢")
WAYS = (State.REPORTED, State.FILED, State.DISPATCHED, State.HANDLING, State.RESOLVED, State.CHECKING, State.CLOSED)


def named(text: str) -> UUID:
    """The same id for the same text, every time."""
    return uuid5(SPACE, text)


CENTRE_UNIT = Unit(named("centre"), "QZX", "区社会治理指挥中心", "centre", 4, DISTRICT)
TEAM_UNIT = Unit(named("team"), "ZF-005", "四季青街道综合执法队", "team", 3, "330104005")
OFFICER = Officer(named("王明"), "王明", named("post DO"), Role.DUTY_OFFICER, DISTRICT, 2, named("shift"), CENTRE_UNIT.id)
CHECKER = Officer(named("何静"), "何静", named("post CK"), Role.CHECKER, DISTRICT, 1, named("shift"), CENTRE_UNIT.id)
SHIFT_LEAD = Officer(named("许岚"), "许岚", named("post SL"), Role.SHIFT_LEAD, DISTRICT, 2, named("shift"), CENTRE_UNIT.id)
AREA_NAMES: dict[str, str] = {DISTRICT: "江干区"} | STREETS | COMMUNITIES


def rules() -> Rules:
    """Rules with the ten roots, a dozen leaves and everyday limits."""
    categories = {
        code: Category(code, zh, en, "", Nature.SERVICE, f"root{code}", first_level=Level.STREET) for code, zh, en in ROOTS
    }
    for code, zh, en, root, skills in LEAVES:
        categories[code] = Category(code, zh, en, root, Nature.SERVICE, f"root{root}", first_level=Level.STREET, skills=skills)
    limits = tuple(
        Limit("", "", urgency, stage, amount, TimeUnit.MINUTE)
        for stage in Stage
        for urgency, amount in ((Urgency.NORMAL, 240.0), (Urgency.URGENT, 60.0), (Urgency.IMMEDIATE, 30.0))
    )
    queues = {DISTRICT: CENTRE_UNIT.id} | dict.fromkeys([*STREETS, *COMMUNITIES], TEAM_UNIT.id)
    duty = (DutyRow("", DISTRICT, TEAM_UNIT.id, "lead"),)
    codes = {
        "reject": frozenset({"not_ours", "untrue", "no_place", "repeat", "other"}),
        "decline": frozenset({"far", "busy", "sick", "no_tool", "off_shift", "other"}),
    }
    backstops = dict.fromkeys(STREETS, TEAM_UNIT.id)
    return Rules(1, categories, limits, duty, queue_units=queues, backstop_units=backstops, reason_codes=codes)


@cache
def workers(count: int = 40) -> tuple[Worker, ...]:
    """Grid workers of the district; the seventh of every ten is off duty."""
    grids = [f"{community}{number:03d}" for community in COMMUNITIES for number in range(1, 8)]
    return tuple(
        Worker(
            named(f"worker {n}"),
            n + 1,
            PEOPLE[n % len(PEOPLE)]
            if n < len(PEOPLE)
            else f"{PEOPLE[n % len(PEOPLE)][0]}{'建晓国海文'[n % 5]}{'明芳军燕平'[n // 7 % 5]}",
            grids[n % len(grids)],
            TEAM_UNIT.id,
            skills=("gas",) if n % 3 == 0 else ("fire",) if n % 4 == 0 else (),
            duty=Duty.OFF if n % 10 == 6 else Duty.ON_TASK if n % 5 == 3 else Duty.ON_DUTY,
            live_tasks=1 if n % 5 == 3 else 0,
        )
        for n in range(count)
    )


def around(random: Random, reach: float = 0.02) -> LonLat:
    """A place near the centre."""
    return LonLat(CENTRE.lon + random.uniform(-reach, reach), CENTRE.lat + random.uniform(-reach, reach) * 0.8)


def cameras(count: int = 60) -> tuple[Camera, ...]:
    """Cameras all over, every twelfth off line."""
    random = Random(5)
    return tuple(
        Camera(
            f"3301040000132{n:07d}",
            f"{PLACES[n % len(PLACES)].split()[0]} {n + 1} 号机",
            around(random),
            f"{list(COMMUNITIES)[n % len(COMMUNITIES)]}{n % 7 + 1:03d}",
            ("公安", "城管", "社会")[n % 3],
            random.uniform(0, 360),
            random.choice((60.0, 90.0, 360.0)),
            random.choice((120.0, 250.0, 400.0)),
            state=CameraState.OFFLINE if n % 12 == 11 else CameraState.ONLINE,
        )
        for n in range(count)
    )


def case(number: int, state: State, now: datetime = NOW, seed: int = 1) -> Case:
    """One plausible case in a state: the same for the same number."""
    random = Random(seed * 1000 + number)
    code, title, _, _, _ = LEAVES[number % len(LEAVES)]
    urgency = Urgency.IMMEDIATE if number % 9 == 0 else Urgency.URGENT if number % 4 == 1 else Urgency.NORMAL
    reported = now - timedelta(minutes=4 + number * 7 % 190)
    limit_s = (3600.0, 14_400.0, 86_400.0)[2 - int(urgency)] if urgency else random.choice((14_400.0, 86_400.0, 432_000.0))
    grid = f"{list(COMMUNITIES)[number % len(COMMUNITIES)]}{number % 7 + 1:03d}"
    runs = state in (State.FILED, State.DISPATCHED, State.HANDLING)
    due = reported + timedelta(seconds=limit_s)
    incident = Incident(
        id=named(f"incident {seed} {number}"),
        number=f"JG-20261122-{number:04d}",
        state=state,
        title=title if state is not State.REPORTED or number % 2 else "",
        text=f"来电称{PLACES[number % len(PLACES)]}{title}，三户居民已下楼，请尽快派人。",
        place=around(random),
        place_text=PLACES[number % len(PLACES)],
        grid=grid,
        category=code,
        reported_at=reported,
        urgency=urgency,
        severity=Severity.II
        if number == 9
        else Severity.III
        if number == 25
        else Severity.IV
        if number == 33
        else Severity.NONE,
        floor="3楼" if number % 5 == 4 else "",
        discovery=Discovery.PASSIVE,
        handling_level=Level.STREET,
        queue_unit=TEAM_UNIT.id,
        first_unit=CENTRE_UNIT.id,
        filed_at=reported + timedelta(minutes=2) if state is not State.REPORTED else None,
        due_at=due if runs else None,
        limit_s=limit_s,
        clock_since=reported if runs else None,
        used_s=0.0 if runs else min(limit_s, 1800.0),
        overdue=runs and due < now,
        supervised=number % 17 == 3,
        version=len(WAYS[: WAYS.index(state) + 1]),
    )
    report = Report(named(f"report {number}"), Channel.HOTLINE, Discovery.PASSIVE, reported, incident.text, incident.place)
    return _grown(Case(incident, (report,)), number, now)


def _grown(made: Case, number: int, now: datetime) -> Case:
    """The children a case has in its state: steps, a lead, timers, checks, feedback."""
    incident = made.incident
    at, state = incident.reported_at, incident.state
    worker = workers()[number % 6]
    way = WAYS[: WAYS.index(state) + 1]
    rows = {
        State.REPORTED: ("E01", "report", "热线"),
        State.FILED: ("E06", "file", "王明"),
        State.DISPATCHED: ("E12", "dispatch", "王明"),
        State.HANDLING: ("E19", "accept", worker.name),
        State.RESOLVED: ("E27", "complete", worker.name),
        State.CHECKING: ("E39", "send_check", "王明"),
        State.CLOSED: ("E41", "check_pass", "何静"),
    }
    steps = tuple(
        Step(n + 1, *rows[to][:2], way[n - 1] if n else None, to, ActorKind.USER, at + timedelta(minutes=n), rows[to][2])
        for n, to in enumerate(way)
    )
    kind = {State.REPORTED: TimerKind.T1_INTAKE, State.FILED: TimerKind.T3_DISPATCH, State.DISPATCHED: TimerKind.T5_ACCEPT}.get(
        state
    )
    timers: tuple[Timer, ...] = ()
    if kind is not None:
        due = now + timedelta(minutes=2 + number % 20)
        timers = (Timer(named(f"timer {number}"), kind, TimerState.RUNNING, at, due, (due - at).total_seconds()),)
    if incident.due_at is not None and incident.clock_since is not None:
        whole = (incident.due_at, incident.limit_s, 0.0, int(incident.overdue))
        timers += (Timer(named(f"whole {number}"), TimerKind.T7_RESOLVE, TimerState.RUNNING, incident.clock_since, *whole),)
    tasks: tuple[Assignment, ...] = ()
    if len(way) >= 3:
        tasks = (_task(worker, state, at, number),)
    checks = (CheckTask(named(f"check {number}"), 1, "check", at),) if state is State.CHECKING else ()
    owed = (Feedback(named(f"owed {number}"), 1, "reporter", FeedbackState.PENDING, made.reports[0].id),)
    return replace(
        made, steps=steps, timers=timers, assignments=tasks, checks=checks, feedback=owed if state is State.CLOSED else ()
    )


def _task(worker: Worker, state: State, at: datetime, number: int) -> Assignment:
    """The leading assignment as far as the state says."""
    stands = AssignmentState.DONE
    if state is State.DISPATCHED:
        stands = AssignmentState.DELIVERED
    elif state is State.HANDLING:
        stands = (AssignmentState.ACCEPTED, AssignmentState.EN_ROUTE, AssignmentState.ARRIVED)[number % 3]
    return Assignment(
        named(f"task {number}"),
        1,
        LeadRole.LEAD,
        worker.id,
        worker.name,
        worker.unit,
        stands,
        "",
        at + timedelta(minutes=2),
        accepted_at=None if stands is AssignmentState.DELIVERED else at + timedelta(minutes=3),
        result_text="现场已关阀通风，复测无气味。" if stands is AssignmentState.DONE else "",
    )


def cases(count: int = 60, now: datetime = NOW, seed: int = 1) -> tuple[Case, ...]:
    """Cases in all open states."""
    return tuple(case(n, WAYS[n * 5 % 7 if n % 3 else n % 2 + 2], now, seed) for n in range(count))


def positions(now: datetime = NOW, count: int = 40) -> bytes:
    """Last fixes of the workers, one of them four minutes old."""
    random = Random(9)
    fixes = np.zeros(count, POSITION)
    for n in range(count):
        place = around(random)
        fixes[n] = (
            n + 1,
            int(now.timestamp()) - (240 if n == 4 else n % 9),
            place.lon * 1e7,
            place.lat * 1e7,
            110,
            9000,
            60,
            80,
            0,
        )
    return fixes.tobytes()


def snapshot(count: int = 60, now: datetime = NOW, worker_count: int = 40) -> Snapshot:
    """The snapshot a desk would get."""
    return Snapshot(
        0,
        named("epoch"),
        {"330104005/1": 1, "330104008/1": 1, "district/1": 1},
        now,
        cases(count, now),
        workers(worker_count),
        (CENTRE_UNIT, TEAM_UNIT),
        cameras(),
        rules(),
        TownManifest("江干区", DISTRICT, "", CENTRE.lon, CENTRE.lat, {}),
        positions(now, worker_count),
    )


def situation(count: int = 60, now: datetime = NOW, worker_count: int = 40) -> Situation:
    """The desk's replica, begun from such a snapshot."""
    made = Situation()
    made.start_from(snapshot(count, now, worker_count))
    return made


def identified(report: MakeReport) -> MakeReport:
    """A report with what the server fills in."""
    grid = f"{next(iter(COMMUNITIES))}001"
    return replace(report, incident=uuid4(), number="JG-20261122-9001", grid=grid, report=uuid4(), queue_unit=TEAM_UNIT.id)


def reported(number: int, now: datetime = NOW, place: LonLat | None = None) -> Case:
    """A case that was reported a moment ago."""
    made = case(number, State.REPORTED, now, seed=77)
    incident = replace(made.incident, reported_at=now, number=f"JG-20261122-8{number:03d}", place=place or made.incident.place)
    return replace(made, incident=incident)
