"""What leaves a desk is on record before it does: by whom, of what; only what the post may see and may export."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from governance.commands import MakeReport
from governance.refusal import Refused
from server.leaving import LeavingCounter
from tests.server.conftest import District, middle
from tests.server.test_archive import signed_on
from wire.leaving_requests import LeavingRecorded, RecordLeaving


def record(district: District, login: str, request: RecordLeaving) -> UUID:
    reply = LeavingCounter(district.ledger).table[RecordLeaving](signed_on(district, login), request)
    assert isinstance(reply, LeavingRecorded)
    return reply.export


def records(district: District) -> list[tuple[object, ...]]:
    with district.owner.transaction() as connection:
        return connection.execute("SELECT id, staff, what, rows, filter FROM export_log ORDER BY at").fetchall()


def confidential(district: District, grid: int) -> UUID:
    """An incident of class 2 in a grid."""
    made = district.order(MakeReport("有人上访", middle(grid)), "duty1")
    assert made.incident is not None
    district.owner_executes("UPDATE incident SET confidentiality = 2, version = version + 1 WHERE id = %s", made.incident)
    return made.incident


def test_it_stands_on_record_with_the_confidential_incidents_it_tells_of(district: District) -> None:
    secret = confidential(district, 0)
    number = record(district, "duty1", RecordLeaving(7, "map", 3, (secret, secret), {"figure": "open"}))
    officer = signed_on(district, "duty1").officer
    told = {"figure": "open", "confidential": str(secret)}
    assert records(district) == [(number, officer.staff, "map", 3, told)]


@pytest.mark.parametrize(
    ("login", "request_", "code"),
    [
        ("duty1", RecordLeaving(1, "photo", 1), "bad_value"),
        ("duty1", RecordLeaving(1, "list", -1), "bad_value"),
        ("duty1", RecordLeaving(1, "list", 0, (uuid4(),)), "bad_value"),
        ("duty1", RecordLeaving(1, "list", 1, (), {"shape": "x" * 201}), "bad_value"),
        ("duty1", RecordLeaving(1, "list", 1, (), {"confidential": str(uuid4())}), "bad_value"),
        ("duty1", RecordLeaving(1, "list", 1, (), {"shape": "圆\n2026-01-01"}), "bad_value"),
        ("duty1", RecordLeaving(1, "list", 1, (), {"shape\u2028": "圆"}), "bad_value"),
        ("duty1", RecordLeaving(1, "list", 1_001), "export_too_large"),
        ("duty1", RecordLeaving(1, "map", 1, (uuid4(),)), "no_such_incident"),
        ("handler1", RecordLeaving(1, "map", 1), "may_not_export"),
    ],
)
def test_what_may_not_leave_is_refused_and_not_on_record(
    district: District, login: str, request_: RecordLeaving, code: str
) -> None:
    if login not in district.seeded.passwords:
        login = next(each for each in district.seeded.passwords if each.startswith(("unit", "checker", "dept", "handler")))
    with pytest.raises(Refused, match=code):
        record(district, login, request_)
    assert records(district) == []


def test_a_confidential_incident_of_another_street_is_not_there_for_this_one(district: District) -> None:
    secret = confidential(district, 7)
    with pytest.raises(Refused, match=r"no_such_incident|may_not_export"):
        record(district, "street1", RecordLeaving(1, "map", 1, (secret,)))
    assert records(district) == []
