"""The property the whole desk rests on: an old snapshot plus the changes after it equals a new snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.situation.cameras import Cameras
from governance import commands as c
from governance.camera import Camera, CameraState
from governance.changes import CameraChanged, CaseChanged, CaseGone, ShiftChanged, WorkerChanged
from governance.incident import TERMINAL, Attachment, Case, Severity, State, Urgency
from governance.people import Officer, Role, Worker
from governance.refusal import Refused
from governance.roles import SIGHT
from governance.shifts import UnitShifts
from server import snapshot
from server.clock import fire_due
from server.duty_roster import streams_of
from server.ledger import cameras, change_log, incidents, shifts, step_chain
from server.ledger.entry import Entered
from server.ledger.ledger import Ledger
from server.sessions import Session
from server.shifts.acts import Act
from wire.codec import decode_change, decode_reply, encode
from wire.requests import Snapshot

from .conftest import District, middle, small_town

STREETS = ("990001001", "990001002")


@dataclass
class World:
    """A district with a clock of its own, and the incidents made so far."""

    district: District
    now: datetime
    made: list[UUID]


@dataclass
class Replica:
    """What a desk would hold: cases, workers, cameras and shifts, and the numbers they stand at."""

    cases: dict[UUID, Case]
    workers: dict[UUID, Worker]
    cameras: dict[str, Camera]
    shifts: dict[UUID, UnitShifts]
    numbers: dict[str, int]
    left: dict[UUID, int] = field(default_factory=dict)
    """The version at which a case last left a stream."""

    @staticmethod
    def of(taken: Snapshot) -> Replica:
        """From a snapshot that went over the wire."""
        sent = decode_reply(encode(taken))
        assert isinstance(sent, Snapshot)
        cases = {case.incident.id: case for case in sent.cases}
        workers = {worker.id: worker for worker in sent.workers}
        return Replica(cases, workers, {c.id: c for c in sent.cameras}, {s.unit: s for s in sent.shifts}, dict(sent.numbers))

    def follow(self, ledger: Ledger) -> None:
        """Apply all changes after the numbers, in order, none missing."""
        with ledger.transaction() as connection:
            for stream in self.numbers:
                for sent in change_log.read_after(connection, stream, self.numbers[stream], 100_000):
                    change = decode_change(sent)
                    assert change.number == self.numbers[stream] + 1
                    self.numbers[stream] = change.number
                    if isinstance(change.fact, CaseChanged):
                        self._take(change.fact)
                    elif isinstance(change.fact, CaseGone):
                        self._leave(change.fact)
                    elif isinstance(change.fact, WorkerChanged):
                        fact = change.fact
                        self.workers[fact.worker] = replace(
                            self.workers[fact.worker],
                            duty=fact.duty,
                            live_tasks=fact.live_tasks,
                            declined_today=fact.declined_today,
                        )
                    elif isinstance(change.fact, ShiftChanged):
                        self.shifts[change.fact.standing.unit] = change.fact.standing
                    elif isinstance(change.fact, CameraChanged):
                        known = Cameras(self.cameras.values())
                        known.change(change.fact)
                        self.cameras = {camera.id: camera for camera in known.all()}

    def _take(self, fact: CaseChanged) -> None:
        """A case as it is now; the same may have come through another stream."""
        known = self.cases.get(fact.incident.id)
        if known is not None and known.incident.version >= fact.incident.version:
            return
        if known is None and self.left.get(fact.incident.id, 0) > fact.incident.version:
            return
        self.cases[fact.incident.id] = fact.applied_to(known)

    def _leave(self, fact: CaseGone) -> None:
        """A case is gone, but where another stream told more of it."""
        self.left[fact.incident] = max(fact.version, self.left.get(fact.incident, 0))
        known = self.cases.get(fact.incident)
        if known is not None and known.incident.version < fact.version:
            del self.cases[fact.incident]


def session_of(officer: Officer) -> Session:
    """A session such as a sign-on makes it."""
    far = datetime(2099, 1, 1, tzinfo=UTC)
    return Session(uuid4(), "", "", officer, "", "", b"", b"", far, False, streams_of(officer, STREETS))


def sights_of(district: District) -> list[Session]:
    """The seeded desks, and one of every role that has a desk, of every clearance, in the district and in a street.

    A handler also of the unit the workers of a street belong to, alone and under a unit that is above it.
    """
    seeded = [district.officers[login] for login in ("duty1", "street1", "check1", "handler1")]
    centre, street = seeded[0].unit, seeded[1].unit
    assert street is not None
    handler = replace(seeded[3], clearance=0)
    seeded += [replace(handler, unit=street), replace(handler, unit=centre, teams=frozenset({street})), handler]
    made = [
        replace(seeded[0], role=role, clearance=clearance, scope=scope)
        for role in SIGHT.keys() - {Role.GRID_WORKER, Role.OUTSIDE, Role.SYSTEM}
        for clearance in range(4)
        for scope in ("990001", STREETS[0])
    ]
    return [session_of(officer) for officer in (*seeded, *made)]


photo = st.booleans().map(lambda there: (Attachment(uuid4(), "ab" * 32, "image/jpeg", 9, "after"),) if there else ())
worker_rows = st.integers(0, 15)
words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
LEAVES = ("03.01", "07.01", "09.01")


def recipient(row: int) -> c.Recipient:
    """A worker by his row, filled in when the order is given."""
    return c.Recipient(UUID(int=row))


orders = st.one_of(
    st.builds(c.File, st.sampled_from(LEAVES), st.sampled_from(Urgency), severity=st.sampled_from(Severity)),
    st.builds(c.Reject, st.just("not_ours"), words),
    st.builds(
        c.Dispatch,
        worker_rows.map(recipient),
        st.lists(worker_rows.map(recipient), max_size=2, unique=True).map(tuple),
        words,
        st.just("就近"),
    ),
    st.builds(c.RaiseLevel, st.just("人手不足")),
    st.builds(c.Recall, st.just("另派")),
    st.builds(c.Reassign, worker_rows.map(recipient), st.just("换人")),
    st.builds(c.AddAssist, worker_rows.map(recipient)),
    st.builds(c.SendCheck),
    st.builds(c.CheckPass, words),
    st.builds(c.CheckFail, words, photo),
    st.builds(c.SendFeedback, st.just("已办结")),
    st.builds(c.Acknowledge),
    st.builds(c.Accept),
    st.builds(c.Decline, st.just("sick"), words),
    st.builds(c.Arrive, st.none(), st.just("无信号")),
    st.builds(c.Progress, st.just("在办"), photo),
    st.builds(c.Complete, st.just("已清"), photo),
)
FIELD = (c.Acknowledge, c.Accept, c.Decline, c.Arrive, c.Progress, c.Complete)
ONWARD = {
    State.REPORTED: c.File(LEAVES[0]),
    State.FILED: c.Dispatch(recipient(0), reason="就近"),
    State.DISPATCHED: c.Accept(),
    State.HANDLING: c.Complete("已清", (Attachment(uuid4(), "cd" * 32, "image/png", 9, "after"),)),
    State.RESOLVED: c.SendCheck(),
    State.CHECKING: c.CheckPass(condition_met=True),
    State.CLOSED: c.SendFeedback("谢谢"),
}
acts = st.one_of(
    st.tuples(st.just("report"), st.integers(0, 7), words),
    st.tuples(st.just("order"), st.integers(0, 5), orders),
    *[st.tuples(st.just("onward"), st.integers(0, 2), st.integers(1, 7))] * 3,
    st.tuples(st.just("camera"), st.integers(0, 7), st.sampled_from(CameraState)),
    st.tuples(st.just("described"), st.integers(0, 7), st.integers(0, 3)),
    *[st.tuples(st.just("shift"), st.integers(0, 6), st.sampled_from(("lead1", "lead2", "leader1", "street1")))] * 2,
    st.tuples(st.just("time"), st.sampled_from((30, 900, 7200)), st.just(None)),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(acts, min_size=4, max_size=16), st.integers(0, 8))
def test_an_old_snapshot_plus_the_changes_equals_a_new_snapshot(
    district: District, script: list[tuple[str, int, object]], taken_after: int
) -> None:
    _emptied(district)
    _handlers_in_the_streets(district)
    world = World(district, datetime.now(UTC), [])
    sights = sights_of(district)
    old: list[Replica] = []
    for position, act in enumerate([("report", 0, "起"), *script]):
        if position == min(taken_after, len(script)):
            old = [Replica.of(snapshot.take(district.ledger, sight, 1, world.now)) for sight in sights]
        _do(world, *act)
    for replica, sight in zip(old, sights, strict=True):
        new = Replica.of(snapshot.take(district.ledger, sight, 1, world.now))
        replica.follow(district.ledger)
        assert replica.numbers == new.numbers
        assert (replica.workers, replica.cameras) == (new.workers, new.cameras)
        assert {u: each for u, each in replica.shifts.items() if each.current or each.coming} == new.shifts
        assert {i: replica.cases.get(i) for i in new.cases} == new.cases, sight.officer
        assert all(replica.cases[i].incident.state in TERMINAL for i in replica.cases.keys() - new.cases.keys())
    with district.ledger.transaction() as connection:
        for incident in world.made:
            assert step_chain.first_broken(connection, incident, incidents.load(connection, incident).steps) is None


def _do(world: World, kind: str, row: int, what: object) -> None:
    """One act of the script; what the rules refuse is simply not done."""
    world.now += timedelta(seconds=7)
    if kind == "time":
        world.now += timedelta(seconds=row)
        fire_due(world.district.ledger, world.now)
    elif isinstance(what, CameraState):
        with world.district.ledger.transaction() as connection:
            cameras.set_state(connection, f"9900010000132{row:07d}", what, world.now)
    elif kind == "described":
        _describe_camera(world, row, int(str(what)))
    elif kind == "shift":
        _change_shift(world, row, str(what))
    elif kind == "report":
        entered = world.district.order(c.MakeReport(f"事：{what}", middle(row)), "duty1", now=world.now)
        world.made.append(entered.incident)
    elif world.made:
        incident = world.made[row % len(world.made)]
        for _ in range(what if isinstance(what, int) else 1):
            with world.district.ledger.transaction() as connection:
                case = incidents.load(connection, incident)
            command = ONWARD.get(case.incident.state) if kind == "onward" else what
            if command is not None:
                _try(world, case, command)


def _describe_camera(world: World, row: int, share: int) -> None:
    """A camera is shared with others, belongs to somebody else, and at times stands in another street, as a table says."""
    with world.district.owner.transaction() as connection:
        before = cameras.find(connection, f"9900010000132{row:07d}", lock=True)
        assert before is not None
        unit = world.district.officers["handler1"].unit if share % 2 else None
        grid = small_town().cameras[(row + share) % 8].grid
        after = replace(before, share_level=share, unit=unit, grid=grid, version=before.version + 1)
        connection.execute(
            "UPDATE camera SET share_level = %s, unit = %s, grid_code = %s, version = %s WHERE id = %s",
            (share, unit, grid, after.version, after.id),
        )
        change_log.append(connection, cameras.change_facts(before, after), None, world.now)


def test_an_administrator_sees_no_incident_and_nobody(district: District) -> None:
    _emptied(district)
    district.order(c.MakeReport("井盖丢失", middle(0)), "duty1")
    session = session_of(replace(district.officers["duty1"], role=Role.ADMINISTRATOR, clearance=3))
    taken = snapshot.take(district.ledger, session, 1, datetime.now(UTC))
    assert (taken.cases, taken.workers, taken.cameras, taken.positions, taken.numbers) == ((), (), (), b"", {})


def _try(world: World, case: Case, command: object) -> bool:
    """Whether the command was carried out, by whoever could."""
    district = world.district
    if isinstance(command, c.Dispatch | c.Reassign):
        command = replace(command, lead=_named(district, command.lead))
    if isinstance(command, c.Dispatch):
        command = replace(command, assists=tuple(_named(district, each) for each in command.assists))
    if isinstance(command, c.AddAssist):
        command = replace(command, assist=_named(district, command.assist))
    if isinstance(command, FIELD):
        live = [a.worker for a in case.assignments if a.is_live]
        people = [district.field_officer(w) for w in district.workers if w.id in live]
    else:
        people = [district.officers["check1" if isinstance(command, c.CheckPass | c.CheckFail) else "duty1"]]
    for officer in people:
        try:
            district.order(command, officer, _standing(case), now=world.now)  # type: ignore[arg-type]
            return True
        except Refused:
            continue
    return False


def _named(district: District, row: c.Recipient) -> c.Recipient:
    return c.Recipient(district.workers[row.worker.int].id)


def _standing(case: Case) -> Entered:
    """The case as what an order refers to."""
    return Entered(uuid4(), case.incident.id, case.incident.version, "", 0)


def _change_shift(world: World, row: int, login: str) -> None:
    """One act on the shifts of somebody's unit, and the fact that tells of it; nothing where the rules refuse it."""
    officer, ledger = world.district.officers[login], world.district.ledger
    try:
        with ledger.transaction() as connection:
            assert officer.unit is not None
            act = Act(ledger, connection, officer, officer.unit, world.now)
            running = act.stands.handover.id if act.stands.handover else uuid4()
            end = max(world.now, act.stands.current.ends_at if act.stands.current else world.now)
            made = (
                act.begin,
                lambda: act.hand_over(running, "好"),
                lambda: act.take_over(running, officer, ""),
                lambda: act.take_back(running),
                lambda: act.open("班", None),
                lambda: act.close("收班"),
                lambda: act.plan("班", end, end + timedelta(hours=8)),
            )[row]()
            assert made.standing is not None
            change_log.append(connection, [shifts.fact(connection, made.standing)], None, world.now)
    except Refused:
        return


def _handlers_in_the_streets(district: District) -> None:
    """Some units the workers belong to have a handler's post: without one nobody could hear what they are given."""
    district.owner_executes(
        "INSERT INTO post (id, unit, role, title, scope, clearance) SELECT gen_random_uuid(), id, 'DH', '承办', area_code, 0 "
        "FROM unit u WHERE kind IN ('centre', 'street_centre') "
        "AND NOT EXISTS (SELECT 1 FROM post WHERE unit = u.id AND role = 'DH')"
    )


def _emptied(district: District) -> None:
    """No incident is left of the example before, and no number."""
    district.owner_executes(
        "TRUNCATE incident, change_log, stream_counter, day_counter CASCADE; "
        "UPDATE worker_live SET duty = 'on_duty', live_tasks = 0, declined = 0, declined_on = NULL"
    )
