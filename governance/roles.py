"""Who may act and who may see: the role matrix (domain model B.2 and D.1) as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from governance.attempt import Attempt
from governance.camera import Camera
from governance.incident import Case, FeedbackState, LeadRole
from governance.people import Officer, Role
from governance.places import Level, is_inside, level_of
from governance.refusal import Refused

HIGHEST_SHARE = 3
"""The share level of a camera that is shared with the fewest."""
CONFIDENTIAL = 2
"""From this class on an incident is not for everybody in its area."""


class Reach(StrEnum):
    """How far a right reaches."""

    ANYWHERE = "anywhere"
    AREA = "area"
    """The area of the post."""
    QUEUE = "queue"
    """The area of the post, and the queue the incident lies in (OP@q)."""
    ASSIGNEE = "assignee"
    """Only who was sent."""
    CHECK = "check"
    """The area of the post, unless the check was given to somebody else; in sight is only what he was given or may take."""
    UNIT = "unit"
    """What the unit of the post, or one under it, was given or may take."""
    TOLD = "told"
    """Only a worker who was told what came of it."""
    VERIFIER = "verifier"
    """Only who was asked to look before it is filed."""
    HOLDER = "holder"
    """The area of the post, where the officer's own unit has it: it was sent, sent last, or its queue has it."""


@dataclass(frozen=True, slots=True)
class Party:
    """Some roles with the reach of their right; `on_shift` where it needs an open shift."""

    roles: frozenset[Role]
    reach: Reach
    on_shift: bool = True
    least: Level = Level.GRID
    """The lowest level of post that has it."""


SYSTEM = Party(frozenset({Role.SYSTEM}), Reach.ANYWHERE, on_shift=False)
AT_QUEUE = Party(frozenset({Role.DUTY_OFFICER, Role.SHIFT_LEAD, Role.DISPATCHER, Role.OPERATOR, Role.GRID_LEADER}), Reach.QUEUE)
DISPATCHERS = Party(frozenset({Role.DISPATCHER, Role.SHIFT_LEAD}), Reach.AREA)
DUTY_OFFICERS = Party(frozenset({Role.DUTY_OFFICER}), Reach.AREA)
SHIFT_LEADS = Party(frozenset({Role.SHIFT_LEAD}), Reach.AREA)
COORDINATORS = Party(frozenset({Role.COORDINATOR}), Reach.AREA)
STREET_OPERATORS = Party(frozenset({Role.OPERATOR}), Reach.AREA, least=Level.STREET)
CENTRES = Party(frozenset({Role.OPERATOR}), Reach.AREA, least=Level.COMMUNITY)
"""Operators of communities and streets."""
LEADERS = Party(frozenset({Role.LEADER}), Reach.AREA, on_shift=False)
AUDITORS = Party(frozenset({Role.AUDITOR}), Reach.AREA, on_shift=False)
ANY_OPERATORS = Party(frozenset({Role.OPERATOR}), Reach.AREA)
MERGERS = Party(AT_QUEUE.roles, Reach.AREA)
HANDLERS = Party(frozenset({Role.HANDLER}), Reach.AREA, on_shift=False)
HOLDERS = Party(frozenset({Role.HANDLER}), Reach.HOLDER, on_shift=False)
VERIFIERS = Party(frozenset({Role.GRID_WORKER, Role.GRID_LEADER, Role.OPERATOR, Role.HANDLER}), Reach.VERIFIER, on_shift=False)
OWN_GRID = Party(frozenset({Role.GRID_WORKER, Role.GRID_LEADER}), Reach.AREA, on_shift=False)
"""A worker in the grid of his post."""
CHECKERS = Party(frozenset({Role.CHECKER, Role.OPERATOR, Role.GRID_LEADER}), Reach.CHECK)
ASSIGNEES = Party(frozenset({Role.GRID_WORKER, Role.GRID_LEADER, Role.OPERATOR, Role.HANDLER}), Reach.ASSIGNEE, on_shift=False)
TOLD_WORKERS = Party(ASSIGNEES.roles, Reach.TOLD, on_shift=False)
FIELD_REPORTERS = Party(
    frozenset({Role.GRID_WORKER, Role.GRID_LEADER, Role.HANDLER, Role.OUTSIDE, Role.SYSTEM}), Reach.ANYWHERE, on_shift=False
)
"""Whoever meets a matter in the field may report it wherever it is (首问责任)."""
OFFICE_REPORTERS = Party(
    frozenset({Role.DUTY_OFFICER, Role.SHIFT_LEAD, Role.DISPATCHER, Role.OPERATOR, Role.COORDINATOR}),
    Reach.AREA,
    on_shift=False,
)

OF_ANY_QUEUE_BELOW = frozenset({Role.DUTY_OFFICER, Role.SHIFT_LEAD, Role.DISPATCHER})
"""Act on the queues below their post too (B.8, 'Who and where')."""
WITHOUT_DESKS = frozenset({Level.GRID, Level.COMMUNITY})
"""Levels where nobody signs on to a desk and no shift opens: operators above cover their queues (B.8, 代管)."""


BUNDLES = {Role.NIGHT_WATCH: frozenset({Role.DUTY_OFFICER, Role.DISPATCHER})}
"""Posts that hold the rights of several roles at once (decisions/0005)."""


def roles_of(role: Role) -> frozenset[Role]:
    """The roles whose rights a role has: its own, and those it bundles."""
    return frozenset({role}) | BUNDLES.get(role, frozenset())


def level_of_post(officer: Officer) -> Level:
    """The level of the post's area."""
    return level_of_scope(officer.scope)


def level_of_scope(scope: str) -> Level:
    """The level of an area code; anything wider than a district counts as the district."""
    return level_of(scope) if len(scope) > 6 else Level.DISTRICT


def why_not(parties: tuple[Party, ...], attempt: Attempt) -> Refused | None:
    """None where one of the parties admits the officer, otherwise the reason of the one that fits best."""
    refusal: Refused | None = None
    for party in parties:
        if not party.roles & roles_of(attempt.officer.role):
            continue
        no = _outside(party, attempt)
        if no is None:
            return None
        refusal = refusal or no
    return refusal or Refused("not_your_role", role=attempt.officer.role.value)


def _outside(party: Party, attempt: Attempt) -> Refused | None:
    """Why an officer of the right role is still not admitted."""
    officer = attempt.officer
    if party.on_shift and officer.shift is None:
        return Refused("off_shift")
    if level_of_post(officer) < party.least:
        return Refused("below_level", level=str(int(party.least)))
    return why_outside(party.reach, attempt)


def why_outside(reach: Reach, attempt: Attempt) -> Refused | None:
    """Why a right of this reach does not extend to the case; None where it does."""
    officer = attempt.officer
    if reach is Reach.ANYWHERE:
        return None
    if reach is Reach.ASSIGNEE:
        return None if attempt.mine else Refused("not_assigned")
    if reach is Reach.VERIFIER:
        return None if attempt.case and _is_verifier(attempt.case, officer) else Refused("not_assigned")
    if reach is Reach.TOLD:
        return None if attempt.case and _was_told(attempt.case, officer) else Refused("not_assigned")
    grid = _grid_of(attempt)
    if not is_inside(grid, officer.scope):
        return Refused("not_your_area", area=grid, scope=officer.scope)
    if attempt.case is None or (reach is Reach.CHECK and _is_checker(attempt.case, officer)):
        return None
    if attempt.incident.confidentiality > officer.clearance:
        return Refused("not_cleared")
    if reach is Reach.QUEUE:
        return _outside_queue(attempt)
    if reach is Reach.HOLDER:
        return None if officer.unit is not None and officer.unit in _holders(attempt.case) else Refused("held_by_another")
    if reach is Reach.CHECK:
        return _given_to_another(attempt.case, officer)
    return None


def _outside_queue(attempt: Attempt) -> Refused | None:
    """Whether the incident lies in another level's queue."""
    post, queue = level_of_post(attempt.officer), attempt.incident.handling_level
    covers = queue in WITHOUT_DESKS and attempt.officer.role is Role.OPERATOR
    if post == queue or (post > queue and (covers or OF_ANY_QUEUE_BELOW & roles_of(attempt.officer.role))):
        return None
    return Refused("not_your_queue", level=str(int(queue)))


def _holders(case: Case) -> frozenset[UUID | None]:
    """The units that have it: of those who are on it, of who led last in this cycle, and whose queue it is in."""
    mine = [a for a in case.assignments if a.cycle == case.incident.cycle]
    led_last = [a.unit for a in mine if a.role is LeadRole.LEAD][-1:]
    return frozenset((case.incident.queue_unit, *led_last, *(a.unit for a in mine if a.is_live)))


def _is_verifier(case: Case, officer: Officer) -> bool:
    """Whether an officer was asked to look before it is filed, and has not answered."""
    return any(c.kind == "verify" and not c.done_at and c.checker == officer.staff for c in case.checks)


def _is_checker(case: Case, officer: Officer) -> bool:
    """Whether an officer was given the check that is open."""
    return any(c.kind == "check" and not c.done_at and c.checker == officer.staff for c in case.checks)


def _was_told(case: Case, officer: Officer) -> bool:
    """Whether an officer was sent an echo, and nobody has said yet what became of it."""
    return any(f.worker == officer.staff and f.state is FeedbackState.SENT for f in case.feedback)


def _given_to_another(case: Case, officer: Officer) -> Refused | None:
    """Whether the open check was given to somebody else."""
    task = next((c for c in reversed(case.checks) if not c.done_at), None)
    if task and task.checker and task.checker != officer.staff:
        return Refused("not_your_check")
    return None


def _grid_of(attempt: Attempt) -> str:
    """Where it is: the incident's grid, or that of the report that opens it."""
    if attempt.case is not None:
        return attempt.incident.grid
    grid = getattr(attempt.command, "grid", "")
    return grid or attempt.officer.scope


@dataclass(frozen=True, slots=True)
class Sight:
    """What a role sees inside the area of its post."""

    incidents: Reach | None = None
    """AREA, UNIT (own org), CHECK (own tasks), ASSIGNEE (own items only), or None; governance.audience says who sees what."""
    confidential: bool = False
    """Incidents of confidentiality 2 and more."""
    positions: bool = False
    """Workers live, as far as it is a matter of area (a handler's own teams are not known yet)."""
    cameras: int = -1
    """Highest share level of cameras whose pictures are shown; -1 none."""
    sectors: bool = False
    """Cameras of every share level on the map, for what they cover is kept true here; no pictures."""


# The boundary staff's "locations only" and the wall's "masked" are no whole cases: the feed tells these posts of none, and
# a wall asks for a board without words and persons (governance.wall_board).
SIGHT: dict[Role, Sight] = {
    Role.DUTY_OFFICER: Sight(Reach.AREA, True, True, 2),
    Role.SHIFT_LEAD: Sight(Reach.AREA, True, True, 3),
    Role.DISPATCHER: Sight(Reach.AREA, True, True, 2),
    Role.NIGHT_WATCH: Sight(Reach.AREA, True, True, 2),
    Role.OPERATOR: Sight(Reach.AREA, False, True, 1),
    Role.COORDINATOR: Sight(Reach.AREA, True, True, 3),
    Role.GIS_STAFF: Sight(sectors=True),
    Role.AUDITOR: Sight(Reach.AREA, True, False, -1),
    Role.ADMINISTRATOR: Sight(),
    Role.CHECKER: Sight(Reach.CHECK, False, False, -1),
    Role.HANDLER: Sight(Reach.UNIT, False, False, -1),
    Role.GRID_LEADER: Sight(Reach.AREA, False, True, -1),
    Role.GRID_WORKER: Sight(Reach.ASSIGNEE, False, False, -1),
    Role.LEADER: Sight(Reach.AREA, True, True, 2),
    Role.WALL: Sight(None, False, True, 1),
    Role.OUTSIDE: Sight(),
    Role.SYSTEM: Sight(Reach.ANYWHERE, True, True, 3),
}


def clearances_of(officer: Officer) -> tuple[int, ...]:
    """The classes of incidents a post may see wherever its sight reaches; what it was given itself is of any class."""
    sight = SIGHT[officer.role]
    if sight.incidents not in (Reach.AREA, Reach.ANYWHERE, Reach.UNIT, Reach.CHECK):
        return ()
    return tuple(c for c in range(officer.clearance + 1) if c < CONFIDENTIAL or sight.confidential)


def classes_around(officer: Officer) -> tuple[int, ...]:
    """The classes of what surrounds cases (workers, shifts, rules) that a post may hear of in its area."""
    sight = SIGHT[officer.role]
    if sight.incidents is None and not sight.positions and sight.cameras < 0:
        return ()
    if officer.role is Role.WALL:  # whoever passes by reads it: nobody is named there
        return (0,)
    return tuple(range(min(officer.clearance + 1, CONFIDENTIAL)))


def may_see_positions(officer: Officer) -> bool:
    """Whether the positions of the workers of the area may be shown."""
    return SIGHT[officer.role].positions


def may_watch(officer: Officer, camera: Camera) -> bool:
    """Whether the pictures of a camera may be shown: those of the post's area up to its share level, and a handler's own."""
    if camera.unit is not None and camera.unit in own_units(officer):
        return True
    return camera.share_level <= share_of(officer) and is_inside(camera.grid, officer.scope)


def own_units(officer: Officer) -> frozenset[UUID]:
    """The units whose cameras a post may watch wherever they stand, whatever they are shared with: a handler's own."""
    return officer.units if officer.role is Role.HANDLER else frozenset()


def share_of(officer: Officer) -> int:
    """The highest share level of cameras a post may watch; -1 none. A community's operators watch what is shared with all."""
    share = SIGHT[officer.role].cameras
    return min(share, 0) if officer.role is Role.OPERATOR and level_of_post(officer) < Level.STREET else share


def share_shown(officer: Officer) -> int:
    """The highest share level of cameras a post may know of; -1 none. Who keeps their sectors knows of all."""
    return HIGHEST_SHARE if SIGHT[officer.role].sectors else share_of(officer)
