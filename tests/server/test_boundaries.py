"""A change of boundaries: drawn, checked, approved, published by three people, in force as one with all that hangs on it."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from gis_data.town.pack import AreasPack, read_pack
from governance.changes import DISTRICT_STREAM, EditionChanged, around_of
from governance.commands import File, MakeReport, Rehome
from governance.incident import Urgency
from governance.indicators import Boundaries, Month
from governance.places import Level, LonLat
from governance.redivision import Stage
from server import snapshot
from server.indicators.areas import names
from server.indicators.computing import compute, definitions
from server.ledger import change_log, incidents, redivisions
from server.ledger.entry import Entered
from server.ledger.local_day import local_day
from tests.server.boundary_desks import A_STREET, DISTRICT, FIRST, BoundaryDesks, drawn, refused, split_first, tile
from tests.server.conftest import SOUTH, STEP, WEST, District
from tests.server.shift_desks import LEAF
from wire import boundary_requests as asked
from wire.boundary_requests import BoundaryChangesAre, BoundaryDraftIs, BoundaryOutcomeIs, GridsHeld
from wire.codec import decode_change

COUNTED = "reported/1"
EAST_HALF = "990001001001003"


@pytest.fixture
def desks(district: District) -> BoundaryDesks:
    """Three desks over the small district."""
    return BoundaryDesks(district)


def filed(district: District, at: float) -> Entered:
    """An incident so many grids' widths from the west end."""
    place = LonLat(WEST + at * STEP, SOUTH + STEP / 2)
    made = district.order(MakeReport("路灯不亮", place, urgency=Urgency.NORMAL), "duty1")
    return district.order(File(LEAF, Urgency.NORMAL), "duty1", made)


def grid_of(district: District, incident: UUID) -> str:
    """The grid an incident counts for."""
    with district.ledger.transaction() as connection:
        return incidents.load(connection, incident).incident.grid


def rows(district: District, statement: str, *values: object) -> list[tuple[object, ...]]:
    """What the ledger holds."""
    with district.ledger.transaction() as connection:
        return connection.execute(statement, values).fetchall()


def test_a_grid_is_divided_and_everything_lies_where_it_belongs(desks: BoundaryDesks) -> None:
    district = desks.district
    west, east, far = filed(district, 0.2), filed(district, 0.8), filed(district, 3.5)
    workers = [each for each in district.workers if each.grid == FIRST]
    change = desks.opened(A_STREET)
    assert isinstance(desks.draw(change, *split_first(desks.standing()), staffing={workers[-1].id: EAST_HALF}), GridsHeld)
    desks.through(change)
    outcome = desks.ask("audit1", asked.ReadBoundaryOutcome(1, change))
    assert isinstance(outcome, BoundaryOutcomeIs), outcome
    assert {(each.old, each.new, each.relation, each.share) for each in outcome.ancestry} == {
        (FIRST, FIRST, "split", 0.5), (FIRST, EAST_HALF, "split", 0.5),
    }  # fmt: skip
    assert {(each.kind, each.new) for each in outcome.moved} == {("incident", EAST_HALF), ("worker", EAST_HALF)}
    before = grid_of(district, east.incident), desks.standing()
    assert before[0] == FIRST
    assert desks.turner.turn(datetime.now(UTC)) == 1
    assert [grid_of(district, each.incident) for each in (west, east, far)] == [FIRST, EAST_HALF, before[1] and far_grid()]
    step = rows(
        district, "SELECT row, detail FROM incident_transition WHERE incident = %s ORDER BY seq DESC LIMIT 1", east.incident
    )[0]
    assert step == ("E73", {"grid": EAST_HALF, "document": "民政〔2026〕1号", "grid_before": FIRST})
    staffed = rows(district, "SELECT staff FROM worker WHERE grid_code = %s", EAST_HALF)
    assert staffed == [(workers[-1].id,)]
    assert desks.stands_so(change).stage == Stage.IN_FORCE


def far_grid() -> str:
    """The fourth grid from the west."""
    return "990001001002002"


def test_the_past_is_asked_by_its_day_and_the_desk_is_told_to_fetch_the_new(desks: BoundaryDesks) -> None:
    district = desks.district
    change = desks.opened(A_STREET)
    desks.draw(change, *split_first(desks.standing()))
    desks.in_force(change)
    then, now = desks.standing(desks.today - timedelta(days=1)), desks.standing()
    assert EAST_HALF not in then
    assert now[EAST_HALF].since == desks.today
    assert (then[FIRST].name, then[FIRST].area) == (now[FIRST].name, now[FIRST].area)
    assert then[FIRST].shape is not None
    assert now[FIRST].shape is not None
    assert now[FIRST].shape.area == pytest.approx(then[FIRST].shape.area / 2)
    with district.ledger.transaction() as connection:
        told = change_log.read_after(connection, around_of(DISTRICT_STREAM, 0), 0, 1000)
        manifest = snapshot.town_manifest(connection)
    assert any(isinstance(decode_change(each).fact, EditionChanged) for each in told)
    pack = read_pack("areas", (district.settings.packs / manifest.packs["areas"][0]).read_bytes())
    assert isinstance(pack, AreasPack)
    assert EAST_HALF in pack.codes


def test_who_drew_does_not_approve_and_what_was_seen_is_what_is_approved(desks: BoundaryDesks) -> None:
    change = desks.opened(A_STREET)
    assert refused(desks.act("gis1", change, "check")) == "nothing_drawn"
    desks.draw(change, *split_first(desks.standing()))
    assert refused(desks.act("audit1", change, "approve")) == "stage_wrong"
    assert refused(desks.act("duty1", change, "check")) == "not_your_role"
    seen = desks.stands_so(change).version
    desks.act("gis1", change, "check")
    assert refused(desks.act("audit1", change, "approve", version=seen)) == "stale_version"
    assert refused(desks.act("gis1", change, "approve")) == "not_your_right"
    desks.act("audit1", change, "approve")
    assert refused(desks.draw(change, *split_first(desks.standing()))) == "stage_wrong"
    assert refused(desks.act("audit1", change, "publish")) == "not_your_right"
    assert refused(desks.act("admin1", change, "publish", desks.today - timedelta(days=1))) == "day_out_of_range"
    desks.act("audit1", change, "send_back")
    assert desks.stands_so(change).stage == Stage.DRAFT


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("gap", "boundaries_wrong"), ("overlap", "boundaries_wrong"), ("outside", "boundaries_wrong"), ("taken", "code_taken"),
        ("wrong code", "code_wrong"), ("elsewhere", "not_inside"), ("unnamed", "area_unnamed"),
    ],
)  # fmt: skip
def test_what_is_not_right_is_not_let_through_and_nothing_is_lost(desks: BoundaryDesks, what: str, code: str) -> None:
    first, half = split_first(desks.standing())
    stands = desks.standing()[FIRST]
    wrong = {
        "gap": (first,),
        "overlap": (first, drawn(replace(stands, code=EAST_HALF, shape=tile(0.4, 1.0)))),
        "outside": (first, half, drawn(replace(stands, code="990001001001004", shape=tile(-1.0, 0.0)))),
        "taken": (first, drawn(replace(stands, code="990001001001002", shape=tile(0.5, 1.0)))),
        "wrong code": (first, drawn(replace(stands, code="990001001001003", parent="990001001002", shape=tile(0.5, 1.0)))),
        "elsewhere": (first, drawn(replace(stands, code="990001002001003", parent="990001002001", shape=tile(0.5, 1.0)))),
        "unnamed": (first, drawn(replace(stands, code="990001001009001", parent="990001001009", shape=tile(0.5, 1.0)))),
    }[what]
    before = desks.standing()
    change = desks.opened(A_STREET)
    assert isinstance(desks.draw(change, *wrong), GridsHeld)
    assert refused(desks.act("gis1", change, "check")) == code
    draft = desks.ask("gis1", asked.ReadBoundaryDraft(1, change))
    assert isinstance(draft, BoundaryDraftIs)
    assert {each.code for each in draft.drawn} == {each.code for each in wrong}
    assert desks.standing() == before


def test_a_grid_with_nobody_is_not_approved(desks: BoundaryDesks) -> None:
    change = desks.opened(A_STREET)
    workers = rows(desks.district, "SELECT staff FROM worker WHERE grid_code = %s", FIRST)
    staffing = {UUID(str(staff)): FIRST for (staff,) in workers}
    assert isinstance(desks.draw(change, *split_first(desks.standing()), staffing=staffing), GridsHeld)
    assert isinstance(desks.act("gis1", change, "check"), BoundaryChangesAre)
    assert desks.stands_so(change).unstaffed == (EAST_HALF,)
    assert refused(desks.act("audit1", change, "approve")) == "grids_unstaffed"


def test_a_grid_in_one_hand_is_drawn_by_no_other(desks: BoundaryDesks) -> None:
    change, first = desks.opened(A_STREET), split_first(desks.standing())
    here = desks.sessions["gis1"]
    assert refused(desks.ask("gis1", asked.SaveBoundaries(1, change, first))) == "not_in_hand"
    held = desks.ask("gis1", asked.HoldGrids(1, change, (FIRST, EAST_HALF)))
    assert isinstance(held, GridsHeld)
    assert [(each.code, each.is_mine) for each in held.held] == [(FIRST, True), (EAST_HALF, True)]
    there = desks.on("gis1")  # the same person at another desk is another hand
    assert refused(desks.ask("gis1", asked.HoldGrids(1, change, (FIRST,)))) == "grid_locked"
    assert refused(desks.ask("gis1", asked.SaveBoundaries(1, change, first))) == "grid_locked"
    seen = desks.ask("gis1", asked.HoldGrids(1, change))
    assert isinstance(seen, GridsHeld)
    assert [each.is_mine for each in seen.held] == [False, False]
    with desks.district.ledger.transaction() as connection:
        later = datetime.now(UTC) + redivisions.LOCK_LASTS + timedelta(seconds=1)
        assert redivisions.locks(connection, change, later) == ()
    desks.sessions["gis1"] = here
    desks.ask("gis1", asked.HoldGrids(1, change, (), (FIRST, EAST_HALF)))
    desks.sessions["gis1"] = there
    assert isinstance(desks.ask("gis1", asked.HoldGrids(1, change, (FIRST, EAST_HALF))), GridsHeld)
    assert isinstance(desks.ask("gis1", asked.SaveBoundaries(1, change, first)), GridsHeld)


def test_it_comes_into_force_on_its_day_and_not_before(desks: BoundaryDesks) -> None:
    change, day = desks.opened(A_STREET), desks.today + timedelta(days=3)
    desks.draw(change, *split_first(desks.standing()))
    desks.through(change, day)
    now = datetime.now(UTC)
    assert desks.turner.turn(now + timedelta(days=2)) == 0
    assert desks.turner.turn(now + timedelta(days=3)) == 1
    assert desks.turner.turn(now + timedelta(days=3)) == 0
    assert desks.standing(day)[EAST_HALF].since == day
    assert EAST_HALF not in desks.standing(day - timedelta(days=1))


def test_what_fails_on_its_day_leaves_everything_and_says_why(desks: BoundaryDesks) -> None:
    first, second = desks.opened(A_STREET, "甲"), desks.opened(A_STREET, "乙")
    for change in (first, second):
        desks.draw(change, *split_first(desks.standing()))
        desks.ask("gis1", asked.HoldGrids(1, change, (), (FIRST, EAST_HALF)))
        desks.through(change)
    before = rows(desks.district, "SELECT count(*) FROM area_version")
    assert desks.turner.turn(datetime.now(UTC)) == 1
    stood = desks.standing()
    assert desks.turner.turn(datetime.now(UTC)) == 0
    loser = desks.stands_so(second)
    assert (loser.stage, loser.trouble) == (Stage.PUBLISHED, "boundaries_changed")
    assert desks.standing() == stood
    assert rows(desks.district, "SELECT count(*) FROM area_version") != before


@pytest.mark.parametrize("later", [0, 5])
def test_taken_back_everything_is_as_it_was(desks: BoundaryDesks, later: int) -> None:
    district = desks.district
    east = filed(district, 0.8)
    before, homes = desks.standing(), rows(district, "SELECT staff, grid_code FROM worker ORDER BY staff")
    change = desks.opened(A_STREET)
    desks.draw(change, *split_first(before))
    desks.in_force(change)
    filed(district, 0.8)
    assert refused(desks.act("gis1", change, "take_back")) == "not_your_right"
    desks.act("admin1", change, "take_back")
    assert desks.turner.turn(datetime.now(UTC) + timedelta(days=later)) == 1
    assert desks.stands_so(change).stage == Stage.TAKEN_BACK
    day = desks.today + timedelta(days=later)
    after = {code: replace(each, since=None) for code, each in desks.standing(day).items()}
    assert after == {code: replace(each, since=None) for code, each in before.items()}
    assert rows(district, "SELECT staff, grid_code FROM worker ORDER BY staff") == homes
    assert grid_of(district, east.incident) == FIRST
    frozen = rows(district, "SELECT v.code FROM incident i JOIN area_version v ON v.id = i.grid_version ORDER BY i.number")
    assert frozen == [(FIRST,), (FIRST if later == 0 else EAST_HALF,)]
    assert (EAST_HALF in desks.standing(day - timedelta(days=1))) == (later > 0)


def test_the_clock_brings_it_into_force_by_itself(desks: BoundaryDesks) -> None:
    change = desks.opened(A_STREET)
    desks.draw(change, *split_first(desks.standing()))
    desks.through(change)
    desks.district.start("clock")
    until = time.monotonic() + 30.0
    while desks.stands_so(change).stage != Stage.IN_FORCE and time.monotonic() < until:
        time.sleep(0.1)
    assert (desks.stands_so(change).stage, desks.stands_so(change).trouble) == (Stage.IN_FORCE, "")
    assert EAST_HALF in desks.standing()


def test_nobody_orders_what_only_a_change_of_boundaries_does(district: District) -> None:
    made = filed(district, 0.2)
    for login in ("duty1", "lead1", "admin1"):
        with pytest.raises(Exception, match=r"not_your_role|not_assigned|not_in_state"):
            district.order(Rehome("990001002001001", "x"), login, made, order_id=uuid4())


def test_figures_by_old_and_by_new_boundaries_are_both_there(desks: BoundaryDesks) -> None:
    district, later = desks.district, datetime.now(UTC) + timedelta(days=3)
    for at in (0.2, 0.8, 0.9):
        filed(district, at)
    change = desks.opened(A_STREET)
    desks.draw(change, *split_first(desks.standing()))
    desks.through(change, local_day(later))
    assert desks.turner.turn(later) == 1
    month = Month.at(datetime.now(UTC))
    with district.ledger.transaction(snapshot=True) as connection:
        wanted = next(each.code for each in definitions(connection, month) if each.formula == COUNTED)
        figures = {
            by: {
                each.subject: int(each.value or 0)
                for each in compute(connection, month, later, by, DISTRICT, (6, 15))
                if each.code == wanted and len(each.subject) in (6, 15)
            }
            for by in Boundaries
        }
        named = names(connection, month, later)
    assert figures[Boundaries.FILING] == {DISTRICT: 3, FIRST: 3}
    assert figures[Boundaries.CURRENT] == {DISTRICT: 3, FIRST: 1, EAST_HALF: 2}
    assert {FIRST, EAST_HALF} <= set(named)


def test_a_district_is_divided_in_two_and_its_history_still_resolves(desks: BoundaryDesks) -> None:
    district = desks.district
    before = desks.standing()
    made = [filed(district, at) for at in (0.5, 4.5, 7.5)]
    old_codes = [grid_of(district, each.incident) for each in made]
    change = desks.opened(DISTRICT, "撤区分设")
    eastern = {code: code.replace("990001002", "990002001", 1) for code in before if code.startswith("990001002")}
    new = [drawn(replace(before[old], code=code, parent=code[:-3]), was=old) for old, code in eastern.items()]
    new.append(drawn(replace(before[DISTRICT], code="990002", name="东区", parent="", shape=None)))
    assert isinstance(desks.draw(change, *new), GridsHeld)
    desks.in_force(change)
    now = desks.standing()
    assert {each.code: each.name for each in now.values() if each.level is Level.DISTRICT} == {
        DISTRICT: "试验区",
        "990002": "东区",
    }
    assert [grid_of(district, each.incident) for each in made] == [eastern.get(code, code) for code in old_codes]
    then = desks.standing(desks.today - timedelta(days=1))
    assert {code: (each.name, each.parent) for code, each in then.items()} == {
        code: (each.name, each.parent) for code, each in before.items()
    }
    for old, code in eastern.items():
        assert now[code].area == before[old].area  # the same area under another code
        assert rows(district, "SELECT relation, area_share FROM area_lineage WHERE from_code = %s", old)[0][1] == 1.0
    cameras = rows(district, "SELECT grid_code FROM camera ORDER BY id")
    assert [code for (code,) in cameras][4:] == [eastern[code] for code in sorted(c for c in eastern if len(c) == 15)]
    posts = {scope for (scope,) in rows(district, "SELECT scope FROM post")}
    assert not posts & set(eastern)
    with district.ledger.transaction() as connection:
        for code in old_codes:
            assert connection.execute("SELECT 1 FROM area_version WHERE code = %s", (code,)).fetchone()
