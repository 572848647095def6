"""The paper of a hand-over on the real ledger: what changed, who may read it, and that it stays as it was signed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.commands import Dispatch, File, MakeReport, Recipient
from governance.handover_paper import Carried, Mark, Section, items_of
from governance.incident import Urgency
from server.clock import fire_due
from server.ledger import handovers, incidents
from wire.requests import Done
from wire.shift_requests import (
    HandIn,
    HandOver,
    ReadDutyLog,
    ReadHandover,
    WriteDutyLog,
)

from .conftest import District, middle, refusal
from .shift_desks import Desks, marks, urgent


@pytest.fixture
def desks(district: District) -> Desks:
    """A window nobody has asked yet."""
    return Desks(district)


def test_the_paper_tells_what_changed_since_the_last_one(desks: Desks) -> None:
    urgent(desks, "燃气泄漏")
    moves = urgent(desks, "楼道起火")
    desks.done("lead1", WriteDutyLog(1, uuid4(), "callback", "十点回电王女士"))
    (line,) = [each for each in desks.log().lines if each.kind == "callback"]
    desks.take_over(desks.hand_over())
    urgent(desks, "电梯困人")
    desks.district.order(Dispatch(Recipient(desks.district.workers[0].id), reason="就近"), "duty1", moves)
    desks.on("lead2")
    paper = desks.paper("lead2")
    assert marks(paper, Section.URGENT) == {"燃气泄漏": Mark.SAME, "楼道起火": Mark.CHANGED, "电梯困人": Mark.NEW}
    assert paper.since
    assert {flow.state: (flow.came, flow.went, flow.lie) for flow in paper.flow} == {
        "reported": (1, 1, 0),
        "filed": (1, 1, 2),
        "dispatched": (1, 0, 1),
    }
    assert len(paper.past) == 1
    assert marks(paper, Section.CALLBACKS) == {"十点回电王女士": Mark.SAME}
    desks.done("lead2", WriteDutyLog(1, uuid4(), "done", "", closes=line.number))
    assert marks(desks.paper("lead2"), Section.CALLBACKS) == {"十点回电王女士": Mark.GONE}


def test_what_the_desks_hand_in_and_open_lines_stand_in_the_paper(desks: Desks) -> None:
    handover = desks.begin()
    drafts = (
        Carried(Section.DRAFTS, "report 1", "路灯不亮", "3"),
        Carried(Section.SHELVED, "a1", "超时告警", "", datetime.now(UTC)),
    )
    for items in ((Carried(Section.DRAFTS, "old", "旧的"),), drafts):
        assert isinstance(desks.ask("lead1", HandIn(1, handover, items)), Done)
    desks.done("lead1", WriteDutyLog(1, uuid4(), "instruction", "今晚加强巡查"))
    desks.done("duty1", WriteDutyLog(1, uuid4(), "callback", "十点回电王女士"))
    paper = desks.paper()
    assert marks(paper, Section.DRAFTS) == {"路灯不亮": Mark.NEW}
    assert marks(paper, Section.SHELVED) == {"超时告警": Mark.NEW}
    assert marks(paper, Section.INSTRUCTIONS) == {"今晚加强巡查": Mark.NEW}
    assert marks(paper, Section.CALLBACKS) == {"十点回电王女士": Mark.NEW}
    (line,) = [each for each in desks.log().lines if each.kind == "callback"]
    desks.done("duty1", WriteDutyLog(1, uuid4(), "done", "已回电", closes=line.number))
    assert marks(desks.paper(), Section.CALLBACKS) == {}
    assert refusal(desks.ask("duty1", WriteDutyLog(1, uuid4(), "done", "", closes=line.number))) == "no_open_line"
    assert refusal(desks.ask("lead1", HandIn(1, handover, (Carried(Section.URGENT, "x", "假"),)))) == "bad_value"


def test_nothing_a_desk_hands_in_keeps_the_leads_from_signing(desks: Desks) -> None:
    handover = desks.begin()
    for wrong in (Carried(Section.DRAFTS, "a", "半张\0表"), Carried(Section.SHELVED, "a", "b", "字" * 201)):
        assert refusal(desks.ask("duty1", HandIn(1, handover, (wrong,)))) == "bad_value"
    desks.done("lead1", HandOver(1, uuid4(), handover, "一切正常"))
    assert desks.take_over(handover).made == handover


def test_what_comes_between_the_signatures_is_marked_and_the_paper_is_kept_as_signed(desks: Desks) -> None:
    urgent(desks, "燃气泄漏")
    handover = desks.hand_over("一件燃气在办")
    urgent(desks, "楼道起火")
    assert {item.title: item.came_late for item in desks.paper().items} == {"燃气泄漏": False, "楼道起火": True}
    desks.take_over(handover)
    urgent(desks, "电梯困人")
    desks.on("lead2")
    kept = desks.paper("lead2", handover)
    assert {item.title: item.came_late for item in kept.items} == {"燃气泄漏": False, "楼道起火": True}
    assert (kept.summary, kept.remark) == ("一件燃气在办", "已知悉")
    assert kept.handover
    assert kept.handover.signed_out
    assert kept.handover.signed_in
    assert kept.handover.signed_in.at >= kept.handover.signed_out.at >= kept.handover.began_at


def test_a_post_reads_only_items_it_may_see(desks: Desks) -> None:
    urgent(desks, "东街燃气", 7)
    urgent(desks, "西街燃气", 0)
    desks.district.owner_executes(
        "UPDATE incident SET confidentiality = 2, version = version + 1 WHERE starts_with(grid, '990001001')"
    )
    desks.begin()
    assert set(marks(desks.paper("duty1"), Section.URGENT)) == {"东街燃气", "西街燃气"}
    assert set(marks(desks.paper("check1"), Section.URGENT)) == set(), "nothing of it is his to check"
    assert set(marks(desks.paper("street1"), Section.URGENT)) == set()
    assert set(marks(desks.paper("street2"), Section.URGENT)) == {"东街燃气"}


ADMINISTRATOR = "UPDATE post SET role = %s WHERE id = %s"


@pytest.mark.parametrize(("role", "code"), [("AD", "not_your_role"), ("GS", "not_your_role"), ("AU", "")])
def test_who_may_read_the_paper_and_the_log(desks: Desks, role: str, code: str) -> None:
    desks.district.owner_executes(ADMINISTRATOR, role, desks.district.officers["duty2"].post)
    for request in (ReadHandover(1), ReadDutyLog(1)):
        reply = desks.ask("duty2", request)
        assert (refusal(reply) if code else type(reply).__name__[-2:]) == (code or "Is")
    if role == "AU":
        assert refusal(desks.ask("duty2", WriteDutyLog(1, uuid4(), "note", "x"))) == "not_your_role"


SEALED = [
    "UPDATE handover SET summary = 'x'",
    "UPDATE handover SET signed_in_at = now()",
    "UPDATE handover_item SET title = 'x'",
    "DELETE FROM handover_item",
    "DELETE FROM handover",
    "INSERT INTO handover_item SELECT handover, 'in', 99, section, item, title, stands, at, who, incident, number, grid, "
    "confidentiality, mark, came_late FROM handover_item",
    "UPDATE handover_carried SET items = ''",
    "UPDATE duty_log SET text = 'x'",
    "DELETE FROM duty_log",
]


@pytest.mark.parametrize("statement", SEALED)
def test_signed_by_both_nothing_of_a_hand_over_changes_even_for_the_owner(desks: Desks, statement: str) -> None:
    urgent(desks, "燃气泄漏")
    handover = desks.begin()
    desks.ask("lead1", HandIn(1, handover, (Carried(Section.DRAFTS, "a", "b"),)))
    desks.done("lead1", HandOver(1, uuid4(), handover, "好"))
    desks.take_over(handover)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        desks.district.owner_executes(statement)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 7), st.sampled_from(Urgency), st.integers(0, 4), st.integers(0, 300)), max_size=8))
def test_the_incidents_that_are_looked_at_are_all_that_have_a_line(
    district: District, world: list[tuple[int, Urgency, int, int]]
) -> None:
    now = datetime.now(UTC)
    for grid, urgency, steps, minutes in world:
        made = district.order(MakeReport("事", middle(grid), urgency=urgency), "duty1", now=now)
        if steps >= 1:
            made = district.order(File("03.01", urgency), "duty1", made, now=now)
        if steps >= 2:
            made = district.order(Dispatch(Recipient(district.workers[0].id), reason="就近"), "duty1", made, now=now)
        now += timedelta(minutes=minutes)
        fire_due(district.ledger, now)
    with district.ledger.transaction() as connection:
        every = incidents.visible(connection, district.officers["lead1"], district.ledger.rules(connection), now)
        chosen = [incidents.load(connection, each) for each in handovers.concerned(connection, "990001", now)]
        calendar = district.ledger.rules(connection).calendar
    assert items_of(chosen, (), (), calendar, now) == items_of(every, (), (), calendar, now)
    assert len(chosen) <= len(every)
