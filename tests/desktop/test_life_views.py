"""What the desk shows of the whole life: the inbox, supervision, links, cycles, who was told, what to ask; and refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.dispatch.asking_form import AskForm, DecideForm
from desktop.dispatch.card_sections import MOST_LINKS
from desktop.dispatch.emergency_text import emergency_text
from desktop.dispatch.filling import Filling
from desktop.dispatch.inbox import inbox
from desktop.dispatch.outside_form import EmergencyForm, NotifyForm
from desktop.dispatch.outside_told import outside_line
from desktop.dispatch.row_texts import row_texts
from desktop.situation.incidents import first_in, queued, queues_of
from governance.categories import Contact, ResponseCard
from governance.incident import (
    ApprovalKind,
    ApprovalState,
    Case,
    CloseType,
    Cycle,
    Severity,
    State,
    Supervision,
    SupervisionGrade,
    Timer,
    TimerKind,
    TimerState,
)
from governance.places import Level
from governance.refusal import Refused
from tests.desktop.test_life_by_keys import type_keys
from tests.desktop.test_life_forms import AUDITOR, asked, chosen, grown
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import NOW, SHIFT_LEAD, named


def waiting(desk: FakeDesk, case: Case, kind: ApprovalKind, minutes: float) -> Case:
    """A case that waits for a decision due in so many minutes."""
    due = NOW + timedelta(minutes=minutes)
    clock = Timer(named(f"T13 {case.incident.number}"), TimerKind.T13_APPROVAL, TimerState.RUNNING, NOW, due, 7200.0)
    until = NOW + timedelta(days=3) if kind.value.startswith("suspend") else None
    return grown(desk, case, approvals=(asked(kind, until=until),), timers=(*case.timers, clock))


def of_state(desk: FakeDesk, state: str, count: int) -> list[Case]:
    """So many cases of a state."""
    return [case for case in desk.situation.cases.values() if case.incident.state == state][:count]


# ---- the inbox ------------------------------------------------------------------------------------------------------


def test_the_inbox_offers_first_what_the_post_may_decide(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(officer=SHIFT_LEAD)
    parked, late, early = of_state(desk, "handling", 3)
    waiting(desk, parked, ApprovalKind.SUSPEND_LIST, 5)  # a leader's, due first of all
    waiting(desk, late, ApprovalKind.EXTEND, 60)
    waiting(desk, early, ApprovalKind.VOID, 20)
    ids = [each.incident.id for each in (early, late, parked)]
    assert list(inbox(desk.seat)) == ids
    type_keys(qtbot, desk, "Q")
    assert desk.board.tabs.current == "approval"
    assert [row.case for row in desk.board.model.rows.rows] == ids
    assert desk.selection.incident == early.incident.id
    assert isinstance(desk.card.form, DecideForm)


def test_q_says_that_nothing_waits(qtbot: QtBot, desk: FakeDesk) -> None:
    assert desk.window.why_not("decide") == desk.seat.words("refused.nothing_pending")
    type_keys(qtbot, desk, "Q")
    assert desk.seat.words("refused.nothing_pending") in desk.card.notice.text()
    waiting(desk, of_state(desk, "handling", 1)[0], ApprovalKind.EXTEND, 60)
    assert desk.window.why_not("decide") == ""


def test_what_another_post_decides_is_shown_with_why(qtbot: QtBot, desk: FakeDesk) -> None:
    case = waiting(desk, desk.choose("handling"), ApprovalKind.EXTEND, 60)
    words = desk.seat.words
    said = desk.card.sections.approvals.text()
    assert words("approval.extend") in said
    assert "李建国" in said
    assert words("refused.not_your_kind", kind=words("approval.extend")) in said
    assert words("row.not_yours", said="")[-3:] in row_texts(desk.seat, case, "approval")[2]
    type_keys(qtbot, desk, "Q")
    assert desk.card.form is None


def test_the_decision_counts_down_in_words_on_row_and_card(desk: FakeDesk) -> None:
    case = waiting(desk, desk.choose("handling"), ApprovalKind.EXTEND, 60)
    words = desk.seat.words
    assert words("left.clock", clock="1:00:00") in desk.card.sections.approvals.text()
    assert row_texts(desk.seat, case, "approval")[:2] == (words("left.clock", clock="1:00:00"), False)
    desk.now = NOW + timedelta(minutes=61)
    desk.card.sections.count_down()
    assert words("overdue", time="1:00") in desk.card.sections.approvals.text()
    assert row_texts(desk.seat, case, "approval")[:2] == (words("overdue", time="1:00"), True)


def test_who_signed_first_is_named_and_history_stays(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(officer=SHIFT_LEAD)
    case = desk.choose("handling")
    before = asked(ApprovalKind.EXTEND, id=named("before"), state=ApprovalState.DENIED, decided_name="许岚", decision="催过")
    first = asked(ApprovalKind.CLOSE_SPECIAL, first_by=AUDITOR.staff, first_name="审计", first_role="AU")
    grown(desk, case, approvals=(before, first))
    said = desk.card.sections.approvals.text()
    assert desk.seat.words("approval.signed_first", who="审计", role=desk.seat.words("role.AU")) in said
    assert desk.seat.words("approval.state.denied") in said
    assert "催过" in said
    desk.window.act("decide")
    form = desk.card.form
    assert isinstance(form, DecideForm)
    assert desk.seat.words("form.approve.second") in form.send_button.text()


def test_a_reopening_waits_in_the_inbox_of_who_signs_second(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(officer=SHIFT_LEAD)
    case = chosen(desk, "closed", state=State.ARCHIVED, closed_at=NOW)
    assert queues_of(replace(case, feedback=())) == ()
    made = asked(ApprovalKind.REOPEN, first_by=AUDITOR.staff)
    case = grown(desk, case, feedback=(), approvals=(made,))
    assert queues_of(case) == ("approval", "all")


# ---- supervision ----------------------------------------------------------------------------------------------------


def order(grade: SupervisionGrade, minutes: float, state: str = "issued") -> Supervision:
    """An open order of a grade, to be answered in so many minutes."""
    due = NOW + timedelta(minutes=minutes)
    return Supervision(named(f"order {grade}"), grade, "T8", state, NOW, due, "许岚", SHIFT_LEAD.staff, "限时办结")


def test_the_supervision_queue_runs_from_the_gravest_to_what_is_answered(desk: FakeDesk) -> None:
    yellow, red_later, red, answered = of_state(desk, "handling", 4)
    grown(desk, yellow, supervision=(order(SupervisionGrade.YELLOW, 1),))
    grown(desk, red_later, supervision=(order(SupervisionGrade.RED, 90),))
    grown(desk, red, supervision=(order(SupervisionGrade.RED, 30),))
    grown(desk, answered, supervision=(order(SupervisionGrade.RED, 10, "replied"),))
    ids = tuple(each.incident.id for each in (red, red_later, answered, yellow))
    assert queued(desk.situation.cases.values())["supervised"] == ids
    assert sorted((desk.situation.cases[each] for each in reversed(ids)), key=first_in("supervised"))[0].incident.id == ids[0]
    words = desk.seat.words
    rest, late, said = row_texts(desk.seat, desk.situation.cases[red.incident.id], "supervised")
    assert (rest, late) == (words("left.clock", clock="30:00"), False)
    assert said == f"■ {words('grade.3')} · {words('supervision.state.issued')}"


def test_the_card_tells_the_order_its_holder_and_its_answer(desk: FakeDesk) -> None:
    case = desk.choose("handling")
    made = replace(order(SupervisionGrade.YELLOW, 50, "rejected"), reply="明天", replied_by="李建国", replied_at=NOW)
    grown(desk, case, supervision=(made,))
    said, words = desk.card.sections.supervision.text(), desk.seat.words
    assert case.lead is not None
    for told in (f"△ {words('grade.2')}", case.lead.worker_name, "限时办结", "明天", words("left.clock", clock="50:00")):
        assert told in said


# ---- the rest of the card -------------------------------------------------------------------------------------------


def test_a_link_leads_to_the_other_incident_and_back_again(desk: FakeDesk) -> None:
    other = desk.first("filed")
    case = chosen(desk, "handling", repeat_of=other.incident.id)
    links = desk.card.sections.links
    assert links.isVisibleTo(desk.card)
    assert desk.seat.words("card.link.repeat_of", number=other.incident.number) in links.text()
    links.linkActivated.emit(str(other.incident.id))
    assert desk.selection.incident == other.incident.id
    assert desk.seat.words("card.link.repeated_by", number=case.incident.number) in links.text()


def test_a_link_to_what_is_not_on_this_desk_leads_nowhere(desk: FakeDesk) -> None:
    chosen(desk, "handling", merged_into=named("elsewhere"))
    text = desk.card.sections.links.text()
    assert desk.seat.words("card.link.unseen") in text
    assert "href" not in text


def test_hundreds_of_links_are_counted_and_not_listed(desk: FakeDesk) -> None:
    case = desk.choose("handling")
    others = [each for each in desk.situation.cases.values() if each.incident.id != case.incident.id][: MOST_LINKS + 3]
    for each in others:
        linked = replace(each.incident, repeat_of=case.incident.id, version=each.incident.version + 1)
        desk.change(each, replace(each, incident=linked))
    desk.card.refresh()
    text = desk.card.sections.links.text()
    assert text.count("href") == MOST_LINKS
    assert desk.seat.words("card.link.more", count=3) in text


def test_a_later_cycle_says_so_and_how_the_first_one_went(desk: FakeDesk) -> None:
    case = chosen(desk, "handling", cycle=2)
    first = Cycle(1, "01.01", Level.STREET, NOW, NOW, NOW, NOW, NOW, CloseType.OVERDUE, 14_400.0, 20_000.0, True, 1, 2, 0, 0)
    grown(desk, case, cycles=(first,))
    words = desk.seat.words
    assert words("card.cycle", number=2) in desk.card.head.kind.text()
    assert words("close.overdue") in desk.card.sections.cycles.text()


def test_what_is_suspended_says_until_when(desk: FakeDesk) -> None:
    until = NOW + timedelta(days=3)
    chosen(
        desk, "handling", state=State.SUSPENDED, suspended_from=State.HANDLING, suspended_until=until,
        suspended_kind="suspend_defer",
    )  # fmt: skip
    assert desk.seat.words("approval.suspend_defer") in desk.card.head.kind.text()
    assert "11-25 14:32" in desk.card.head.kind.text()


def with_card(desk: FakeDesk, code: str = "01.01") -> None:
    """Let a category have a response card and others that are usually told."""
    categories = desk.situation.rules.categories
    card = ResponseCard(("几楼？",), ("Which floor?",), ("到室外",), ("Go out",), (Contact("燃气抢修", "Gas repair"),))
    categories[code] = replace(categories[code], card=card, tell=("119", "gas"))


@pytest.mark.parametrize(("language", "asks"), [("zh", "几楼？"), ("en", "Which floor?")])
def test_the_response_card_lies_folded_until_it_is_wanted(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], language: str, asks: str
) -> None:
    desk = new_desk(language=language)
    with_card(desk)
    chosen(desk, "handling", category="01.01")
    view = desk.card.sections.response
    assert view.isVisibleTo(desk.card)
    assert not view.lines.isVisibleTo(desk.card)
    qtbot.mouseClick(view.head, Qt.MouseButton.LeftButton)
    assert view.lines.isVisibleTo(desk.card)
    assert asks in view.lines.text()
    assert desk.seat.words("card.response.no_number") in view.lines.text()
    qtbot.mouseClick(view.head, Qt.MouseButton.LeftButton)
    assert not view.lines.isVisibleTo(desk.card)


def test_who_was_told_stands_beside_who_was_not(qtbot: QtBot, desk: FakeDesk) -> None:
    with_card(desk)
    case = chosen(desk, "handling", category="01.01")
    words = desk.seat.words
    type_keys(qtbot, desk, "O")
    form = desk.card.form
    assert isinstance(form, NotifyForm)
    assert form.text("target") == "119", "who is usually told comes first"
    form.named["person"].setText("赵队")  # type: ignore[union-attr]
    form.named["told_at"].setText("02:12")  # type: ignore[union-attr]
    desk.window.act("send")
    told = desk.commit(desk.sent[-1])
    line = outside_line(desk.seat, told)
    assert line == f"{words('target.119')} 已通报 02:12 · {words('target.gas')} 未通报"
    assert line in desk.card.sections.outside.text()
    assert "赵队" in desk.card.sections.outside.text()
    desk.window.act("tell")
    assert isinstance(desk.card.form, NotifyForm)
    assert desk.card.form.text("target") == "gas"
    assert case.incident.id == told.incident.id


def test_reports_to_those_above_come_in_their_turn_and_prefilled(desk: FakeDesk) -> None:
    case = chosen(desk, "handling", severity=Severity.II)
    number, words = case.incident.number, desk.seat.words
    for kind, offered in (("first", ["first"]), ("written", ["written"]), ("followup", ["followup", "final"])):
        desk.card.forms.open_filled(Filling("emergency_report"), desk.card.case)
        form = desk.card.form
        assert isinstance(form, EmergencyForm)
        assert list(form.named["kind"].values) == offered  # type: ignore[union-attr]
        text = form.text("text")
        assert number in text
        assert words(f"emergency.{kind}") in text
        desk.window.act("send")
        desk.commit(desk.sent[-1])
    final = emergency_text(desk.seat, desk.situation.cases[case.incident.id], "final")
    assert words("emergency.no_result") in final


# ---- refusals, drafts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "date_needed"), ("soon", "date_needed"), ("90天", "date_too_far")],
    ids=["none", "no time", "too far"],
)
def test_a_wrong_date_is_refused_beside_its_field(desk: FakeDesk, typed: str, code: str) -> None:
    desk.choose("handling")
    desk.window.act("ask")
    form = desk.card.form
    assert isinstance(form, AskForm)
    field = form.named["until"]
    field.setText(typed)  # type: ignore[union-attr]
    form.named["reason"].setPlainText("材料没到")  # type: ignore[union-attr]
    desk.window.act("send")
    if desk.sent:
        desk.refuse(desk.sent[-1], Refused(code, "until", days="30"))
    assert field.property("refused")
    assert form.said.text() == desk.seat.words(f"refused.{code}", days="30")
    assert form.text("reason") == "材料没到"
