"""The paper of a hand-over: what stands in it, and what differs from the paper before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from governance.handover_paper import (
    Carried,
    DeskItems,
    HandoverItem,
    Mark,
    OpenLine,
    Section,
    compared,
    items_of,
    since_signed,
)
from governance.incident import (
    Approval,
    ApprovalKind,
    ApprovalState,
    Case,
    Feedback,
    FeedbackState,
    Severity,
    Supervision,
    SupervisionGrade,
    Urgency,
)
from governance.places import Level
from tests.governance.field import NOON, RULES, TO_HANDLING, reported, walk

HANDLING = walk(reported(), *TO_HANDLING)
ORDER = Supervision(UUID(int=5), SupervisionGrade.YELLOW, "T7", "issued", NOON, NOON + timedelta(hours=4), "系统")
OWED = Feedback(UUID(int=6), 1, "reporter", FeedbackState.PENDING, due_at=NOON)
ASKED = Approval(
    UUID(int=7), 1, ApprovalKind.EXTEND, ApprovalState.PENDING, UUID(int=8), "李建国", NOON, "等配件", Level.DISTRICT
)
LONG_AFTER = NOON + timedelta(days=400)


def changed(case: Case, **fields: object) -> Case:
    """The case with fields of its incident changed."""
    return replace(case, incident=replace(case.incident, **fields))  # type: ignore[arg-type]


def sections(case: Case, late: bool = False) -> set[Section]:
    """The sections a case stands in."""
    now = LONG_AFTER if late else case.incident.reported_at
    return {item.section for item in items_of([case], [], [], RULES.calendar, now)}


CALM = replace(changed(HANDLING, urgency=Urgency.NORMAL, severity=Severity.NONE), supervision=(), feedback=())


@pytest.mark.parametrize(
    ("case", "late", "stands_in"),
    [
        (CALM, False, set()),
        (changed(CALM, urgency=Urgency.URGENT), False, set()),
        (changed(CALM, urgency=Urgency.IMMEDIATE), False, {Section.URGENT}),
        (changed(CALM, severity=Severity.III), False, {Section.URGENT}),
        (changed(CALM, severity=Severity.IV), False, set()),
        (CALM, True, {Section.LATE}),
        (replace(CALM, supervision=(ORDER,)), False, {Section.SUPERVISED}),
        (replace(CALM, supervision=(replace(ORDER, state="closed"),)), False, set()),
        (replace(CALM, approvals=(ASKED,)), False, {Section.APPROVALS}),
        (replace(CALM, approvals=(replace(ASKED, state=ApprovalState.GRANTED),)), False, set()),
        (replace(CALM, feedback=(OWED,)), False, {Section.CALLBACKS}),
        (replace(CALM, feedback=(replace(OWED, state=FeedbackState.SENT),)), False, set()),
        (
            replace(changed(CALM, severity=Severity.I), supervision=(ORDER,), feedback=(OWED,)),
            True,
            {Section.URGENT, Section.SUPERVISED, Section.LATE, Section.CALLBACKS},
        ),
    ],
)
def test_where_an_incident_stands(case: Case, late: bool, stands_in: set[Section]) -> None:
    assert sections(case, late) == stands_in


def test_lines_and_what_desks_hand_in_stand_in_their_sections() -> None:
    lines = [
        OpenLine(7, "instruction", "今晚加强巡查", NOON, "带班领导"),
        OpenLine(8, "callback", "十点回电王女士", NOON, "王明"),
    ]
    desks = [
        DeskItems("王明", (Carried(Section.DRAFTS, "report 1", "路灯不亮"), Carried(Section.SHELVED, "a", "超时", "", NOON)))
    ]
    found = items_of([], lines, desks, RULES.calendar, NOON)
    assert [(item.section, item.title) for item in found] == [
        (Section.CALLBACKS, "十点回电王女士"),
        (Section.DRAFTS, "路灯不亮"),
        (Section.SHELVED, "超时"),
        (Section.INSTRUCTIONS, "今晚加强巡查"),
    ]


def item(key: str, stands: str = "", mark: Mark = Mark.NEW) -> HandoverItem:
    """A line with a key."""
    return HandoverItem(Section.URGENT, key, key, stands, mark=mark)


def marks(items: tuple[HandoverItem, ...]) -> dict[str, Mark]:
    """How each stands."""
    return {each.key: each.mark for each in items}


def test_each_item_says_how_it_stands_beside_the_last_paper() -> None:
    last = (item("stays"), item("moves", "filed"), item("goes"), item("went", mark=Mark.GONE))
    now = (item("stays"), item("moves", "handling"), item("comes"))
    found = compared(now, last)
    assert marks(found) == {"stays": Mark.SAME, "moves": Mark.CHANGED, "comes": Mark.NEW, "goes": Mark.GONE}
    again = compared(now, found)
    assert marks(again) == {"stays": Mark.SAME, "moves": Mark.SAME, "comes": Mark.SAME}, "what is gone is told of once"


def test_the_same_key_in_two_sections_is_two_items() -> None:
    late = replace(item("x"), section=Section.LATE)
    assert [each.mark for each in compared((item("x"), late), (item("x"),))] == [Mark.SAME, Mark.NEW]


def test_what_comes_after_the_first_signature_is_told_apart() -> None:
    signed = compared((item("a"), item("b", "filed")), ())
    later = since_signed(compared((item("a"), item("b", "handling"), item("c")), ()), signed)
    assert {each.key: each.came_late for each in later} == {"a": False, "b": True, "c": True}
