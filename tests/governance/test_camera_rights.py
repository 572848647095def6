"""Who may look through a camera, turn it and say what it covers (domain model D.1), and when a word is not enough (D.2)."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from governance.camera import Camera
from governance.camera_rights import Watching, rank_of, why_no_editing, why_not
from governance.people import Role
from governance.places import LonLat
from governance.roles import share_shown
from tests.governance.field import DO

CAMERA = Camera("33010400001320000001", "东门", LonLat(120.2, 30.3), "330104005001001", "公安", 90.0, 60.0, 100.0, is_ptz=True)
SHARES = {"DO": 2, "SL": 3, "DP": 2, "NW": 2, "OP": 1, "CR": 3, "LD": 2, "VW": 1, "SYS": 3}
"""The highest share level whose pictures a role sees in the whole district; no other role sees any."""
TURN, PLAY_BACK = {"DO", "NW", "SL", "CR"}, {"SL", "CR"}


def why(
    role: Role, camera: Camera, doing: Watching = Watching.LIVE, reason: str = "核对现场", has_incident: bool = False
) -> str:
    """The code a role is refused with; empty where it may."""
    no = why_not(replace(DO, role=role), camera, doing, reason, has_incident)
    return no.code if no else ""


@pytest.mark.parametrize("role", list(Role))
def test_a_role_does_with_a_camera_what_its_row_says(role: Role) -> None:
    for share in range(4):
        camera = replace(CAMERA, share_level=share)
        sees = share <= SHARES.get(role.value, -1)
        assert (why(role, camera) == "") is sees
        assert (why(role, camera, Watching.PTZ) == "") is (sees and role.value in TURN)
        assert (why(role, camera, Watching.PLAYBACK) == "") is (sees and role.value in PLAY_BACK)
        assert (why(role, camera, Watching.LOOK_BACK) == "") is sees
        own = why_not(replace(DO, role=role), camera, Watching.PLAYBACK, "核对现场", False, is_own=True)
        assert (own is None) is sees
    assert (why_no_editing(replace(DO, role=role), CAMERA) is None) is (role is Role.GIS_STAFF)
    assert (rank_of(replace(DO, role=role)) > 0) is (role.value in TURN)
    assert share_shown(replace(DO, role=role)) == (3 if role is Role.GIS_STAFF else SHARES.get(role.value, -1))


REASONS = [
    (0, False, Watching.LIVE, " ", False, "reason_needed"),
    (0, False, Watching.LIVE, "巡", False, ""),
    (2, False, Watching.LIVE, "巡", False, "reason_needed"),
    (2, False, Watching.LIVE, "巡", True, ""),
    (2, False, Watching.LIVE, "核对现场", False, ""),
    (0, True, Watching.LIVE, "巡", True, "reason_needed"),
    (0, True, Watching.LIVE, "核对现场", True, ""),
    (0, False, Watching.PLAYBACK, "巡", True, "reason_needed"),
    (0, False, Watching.PTZ, "巡", False, ""),
    (0, False, Watching.LIVE, "desk", False, ""),
    (2, False, Watching.LIVE, "desk", False, "reason_needed"),
    (2, False, Watching.LIVE, "desk", True, ""),
    (0, True, Watching.LIVE, "desk", True, "reason_needed"),
    (0, False, Watching.LOOK_BACK, "巡", False, ""),
    (0, True, Watching.LOOK_BACK, "巡", True, "reason_needed"),
    (0, True, Watching.SNAPSHOT, "巡", True, "reason_needed"),
]


@pytest.mark.parametrize(("share", "is_sensitive", "doing", "reason", "has_incident", "code"), REASONS)
def test_a_reason_is_asked_for(
    share: int, is_sensitive: bool, doing: Watching, reason: str, has_incident: bool, code: str
) -> None:
    camera = replace(CAMERA, share_level=share, is_sensitive=is_sensitive)
    assert why(Role.SHIFT_LEAD, camera, doing, reason, has_incident) == code


def test_turning_is_refused_off_shift_and_where_nothing_turns() -> None:
    assert (why_not(replace(DO, shift=None), CAMERA, Watching.PTZ, "核对现场", False) or DO).code == "off_shift"  # type: ignore[union-attr]
    assert why(Role.DUTY_OFFICER, replace(CAMERA, is_ptz=False), Watching.PTZ) == "no_ptz"


def test_a_handler_watches_the_cameras_of_his_units_wherever_they_stand() -> None:
    unit, other = uuid4(), uuid4()
    handler = replace(DO, role=Role.HANDLER, unit=unit, teams=frozenset({other}), scope="999999")
    for whose, sees in ((unit, True), (other, True), (uuid4(), False), (None, False)):
        assert (why_not(handler, replace(CAMERA, unit=whose, share_level=3), Watching.LIVE, "核对现场", False) is None) is sees
