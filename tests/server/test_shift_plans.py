"""The shift that comes next is planned, changed, called off; a running one gets another lead: by whom it may, on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from governance.shifts import Shift, ShiftState
from wire.requests import Refusal
from wire.shift_requests import (
    CancelShift,
    ChangeLead,
    ChangeShift,
    OpenShift,
    PlansAre,
    PlanShift,
    ReadPlans,
)

from .conftest import District, RawDesk
from .shift_desks import Desks


@pytest.fixture
def desks(district: District) -> Desks:
    """A window nobody has asked yet."""
    return Desks(district)


def current_of(desks: Desks) -> Shift:
    found = desks.stands().current
    assert found
    return found


def plans(desks: Desks, login: str = "lead1", unit: UUID | None = None) -> PlansAre:
    reply = desks.ask(login, ReadPlans(1, unit))
    assert isinstance(reply, PlansAre), reply
    return reply


def staff(desks: Desks, login: str) -> UUID:
    return desks.district.officers[login].staff


def planned(desks: Desks, name: str = "早班", lead: UUID | None = None) -> UUID:
    ends = current_of(desks).ends_at
    made = desks.done("lead1", PlanShift(1, uuid4(), name, ends, ends + timedelta(hours=8), lead=lead)).made
    assert made
    return made


def test_a_lead_reads_who_may_lead_and_for_which_units_he_plans(desks: Desks) -> None:
    found = plans(desks)
    assert {each.staff for each in found.leads} >= {staff(desks, "lead1"), staff(desks, "lead2")}
    assert staff(desks, "duty1") not in {each.staff for each in found.leads}
    assert found.units[0].unit == found.unit == desks.district.officers["lead1"].unit
    assert {each.name for each in found.units[1:]}
    street = found.units[1].unit
    below = plans(desks, unit=street)
    assert (below.is_above, below.unit) == (True, street)
    own = plans(desks, "street1")
    assert (own.is_above, [each.unit for each in own.units]) == (False, [desks.district.officers["street1"].unit])


def test_a_shift_is_planned_with_its_lead_changed_and_called_off(desks: Desks) -> None:
    first = planned(desks, lead=staff(desks, "lead2"))
    coming = desks.stands().coming
    assert coming
    assert (coming.id, coming.lead_name, coming.state) == (first, desks.district.officers["lead2"].name, ShiftState.PLANNED)
    later = coming.starts_at + timedelta(minutes=20)
    second = desks.done("lead1", ChangeShift(1, uuid4(), first, "中班", later, later + timedelta(hours=6))).made
    coming = desks.stands().coming
    assert coming
    assert (coming.id, coming.name, coming.starts_at, coming.lead) == (second, "中班", later, None)
    assert desks.told()[-1].standing.coming == coming
    assert second
    desks.done("lead1", CancelShift(1, uuid4(), second, "改为白班"))
    assert desks.stands().coming is None
    assert desks.kinds(current_of(desks).id)[-3:] == ["shift_planned", "shift_changed", "shift_cancelled"]


def test_a_plan_may_end_the_shift_in_force_earlier(desks: Desks) -> None:
    before = current_of(desks)
    starts = datetime.now(UTC) + timedelta(hours=3)
    request = PlanShift(1, uuid4(), "早班", starts, starts + timedelta(hours=8))
    reply = desks.ask("lead1", request)
    assert isinstance(reply, Refusal)
    assert reply.code == "shifts_overlap"
    desks.done("lead1", PlanShift(1, uuid4(), "早班", starts, starts + timedelta(hours=8), ends_current=True))
    after = current_of(desks)
    assert (after.id, after.ends_at, before.ends_at > starts) == (before.id, starts, True)


def test_the_same_order_once_more_is_done_once(desks: Desks) -> None:
    ends = current_of(desks).ends_at
    request = PlanShift(1, uuid4(), "早班", ends, ends + timedelta(hours=8))
    assert desks.done("lead1", request) == desks.done("lead1", request)
    assert desks.kinds(current_of(desks).id).count("shift_planned") == 1


def in_hours(start: float, end: float, name: str = "早班", **more: Any) -> Callable[[Desks], PlanShift]:
    """A plan so many hours after the end of the shift in force."""

    def make(desks: Desks) -> PlanShift:
        ends = current_of(desks).ends_at
        return PlanShift(1, uuid4(), name, ends + timedelta(hours=start), ends + timedelta(hours=end), **more)

    return make


def long_ago(_desks: Desks) -> PlanShift:
    now = datetime.now(UTC)
    return PlanShift(1, uuid4(), "早班", now - timedelta(hours=9), now - timedelta(hours=1))


WRONG: list[tuple[str, str, Callable[[Desks], Any], str]] = [
    ("lead1", "shifts_overlap", in_hours(-2, 6), "starts_at"),
    ("lead1", "ends_before_it_starts", in_hours(8, 2), "ends_at"),
    ("lead1", "shift_is_past", long_ago, "ends_at"),
    ("lead1", "shift_too_long", in_hours(0, 30), "ends_at"),
    ("lead1", "shift_far", in_hours(24 * 70, 24 * 70 + 8), "starts_at"),
    ("lead1", "text_needed", in_hours(0, 8, "  "), "name"),
    ("lead1", "too_long", in_hours(0, 8, "班" * 41), "name"),
    ("lead1", "no_post_that_leads", lambda d: in_hours(0, 8, lead=staff(d, "duty1"))(d), "lead"),
    ("lead1", "no_post_that_leads", in_hours(0, 8, lead=UUID(int=7)), "lead"),
    ("lead1", "no_such_unit", in_hours(0, 8, unit=UUID(int=7)), ""),
    ("duty1", "not_your_role", in_hours(0, 8), ""),
    ("admin1", "not_your_role", in_hours(0, 8), ""),
    ("audit1", "not_your_role", in_hours(0, 8), ""),
    ("street1", "not_your_unit", lambda d: in_hours(0, 8, unit=d.district.officers["lead1"].unit)(d), ""),
    ("lead1", "not_planned", lambda d: CancelShift(1, uuid4(), current_of(d).id, "不要"), "shift"),
    ("lead1", "no_such_shift", lambda _d: CancelShift(1, uuid4(), UUID(int=7), "不要"), "shift"),
    ("lead1", "reason_needed", lambda d: ChangeLead(1, uuid4(), current_of(d).id, staff(d, "lead2"), " "), "reason"),
    ("lead1", "same_lead", lambda d: ChangeLead(1, uuid4(), current_of(d).id, staff(d, "lead1"), "换"), "lead"),
    ("lead1", "no_post_that_leads", lambda d: ChangeLead(1, uuid4(), current_of(d).id, staff(d, "duty1"), "换"), "lead"),
    ("lead2", "not_the_lead", lambda d: ChangeLead(1, uuid4(), current_of(d).id, staff(d, "lead2"), "换"), ""),
    ("duty1", "not_the_lead", lambda d: ChangeLead(1, uuid4(), current_of(d).id, staff(d, "lead2"), "换"), ""),
    ("street1", "not_the_lead", lambda d: ChangeLead(1, uuid4(), current_of(d).id, staff(d, "lead2"), "换"), ""),
    ("admin1", "not_the_lead", lambda d: ChangeLead(1, uuid4(), current_of(d).id, staff(d, "lead2"), "换"), ""),
]


@pytest.mark.parametrize(
    ("login", "code", "request_of", "about"), WRONG, ids=[f"{r[1]} {r[0]} {n}" for n, r in enumerate(WRONG)]
)
def test_what_may_not_be_is_refused_beside_its_field_and_changes_nothing(
    desks: Desks, login: str, code: str, request_of: Callable[[Desks], Any], about: str
) -> None:
    before, told = desks.stands(), len(desks.told())
    reply = desks.ask(login, request_of(desks))
    assert isinstance(reply, Refusal), reply
    assert (reply.code, reply.about) == (code, about)
    assert (desks.stands(), len(desks.told())) == (before, told)


def test_a_shift_that_is_handed_over_to_is_neither_changed_nor_called_off(desks: Desks) -> None:
    shift = planned(desks)
    desks.begin()
    ends = current_of(desks).ends_at
    for request in (
        CancelShift(1, uuid4(), shift, "不要"),
        ChangeShift(1, uuid4(), shift, "中班", ends, ends + timedelta(hours=8)),
    ):
        reply = desks.ask("lead1", request)
        assert isinstance(reply, Refusal)
        assert reply.code == "handover_runs"


def test_a_running_shift_gets_another_lead_with_the_reason_in_the_log_and_he_hands_over(desks: Desks) -> None:
    shift = current_of(desks)
    desks.done("lead1", ChangeLead(1, uuid4(), shift.id, staff(desks, "lead2"), "突发病假"))
    after = current_of(desks)
    assert (after.id, after.lead, after.lead_name) == (shift.id, staff(desks, "lead2"), desks.district.officers["lead2"].name)
    (line,) = [each for each in desks.log("lead2").lines if each.kind == "lead_changed"]
    assert line.who == desks.district.officers["lead1"].name
    assert "突发病假" in line.text
    assert desks.district.officers["lead2"].name in line.text
    assert desks.over("lead1") is None
    reply = desks.ask("lead1", ChangeLead(1, uuid4(), shift.id, staff(desks, "lead1"), "回来"))
    assert isinstance(reply, Refusal)
    assert reply.code == "not_the_lead"


def test_the_level_above_changes_the_lead_of_a_street_and_plans_its_shifts(desks: Desks) -> None:
    opened = desks.done("street1", OpenShift(1, uuid4(), "街道班", datetime.now(UTC) + timedelta(hours=8))).made
    assert opened
    unit = desks.district.officers["street1"].unit
    now = datetime.now(UTC)
    starts = now + timedelta(hours=8)
    made = desks.done("lead1", PlanShift(1, uuid4(), "夜班", starts, starts + timedelta(hours=8), unit)).made
    found = plans(desks, "street1")
    assert found.standing.coming
    assert found.standing.coming.id == made
    others = [each.staff for each in found.leads if each.staff != staff(desks, "street1")]
    reply = desks.ask("lead1", ChangeLead(1, uuid4(), opened, others[0] if others else UUID(int=7), "支援"))
    assert isinstance(reply, Refusal) is not bool(others)
    assert unit == found.unit


def test_a_real_desk_process_answers_and_a_long_text_is_malformed(district: District, raw_desk: Callable[[], RawDesk]) -> None:
    district.start("desk")
    lead, officer = raw_desk(), raw_desk()
    lead.sign_on("lead1", listen=False)
    officer.sign_on("duty1", listen=False)
    found = lead.ask(ReadPlans(0))
    assert isinstance(found, PlansAre)
    assert found.standing.current
    for desk, text, code in (
        (officer, "换", "not_the_lead"),
        (lead, "长" * 10_001, "text_too_long"),
        (lead, "长" * 400_000, "too_large"),
    ):
        desk.send(ChangeLead(0, uuid4(), found.standing.current.id, found.leads[-1].staff, text))
        reply = desk.receive()
        assert isinstance(reply, Refusal)
        assert reply.code == code
