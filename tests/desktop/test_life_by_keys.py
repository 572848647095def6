"""Every step an officer can order, ordered by keys on a real window, and carried out by the real rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.phrases import clock_text
from governance import commands as c
from governance.incident import (
    ActorKind,
    ApprovalKind,
    AssignmentState,
    Attachment,
    Case,
    CheckTask,
    Feedback,
    FeedbackState,
    Severity,
    State,
    Step,
    Supervision,
    SupervisionGrade,
)
from governance.people import Officer, Role
from tests.desktop.test_life_forms import AUDITOR, OPERATOR, asked, chosen, grown
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import NOW, OFFICER, SHIFT_LEAD, TEAM_UNIT, named

KEY = Qt.Key
NONE, CTRL, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NAMED = {
    "Tab": (KEY.Key_Tab, NONE),
    "Back": (KEY.Key_Backtab, SHIFT),
    "Right": (KEY.Key_Right, NONE),
    "Left": (KEY.Key_Left, NONE),
    "ShiftO": (KEY.Key_O, SHIFT),
}
NAMED |= {
    "Send": (KEY.Key_Return, CTRL),
    "All": (KEY.Key_A, CTRL),
    "Esc": (KEY.Key_Escape, NONE),
    "Space": (KEY.Key_Space, NONE),
}
ORDER = Supervision(named("sup"), SupervisionGrade.YELLOW, "T8", "issued", NOW - timedelta(hours=1), NOW + timedelta(hours=2))
ANSWERED = replace(ORDER, state="replied", reply="on it", replied_by="someone", replied_at=NOW)
DEFER = asked(ApprovalKind.SUSPEND_DEFER, until=NOW + timedelta(days=5))
SIGNED = asked(ApprovalKind.CLOSE_SPECIAL, first_by=AUDITOR.staff, first_name="审计", first_role=Role.AUDITOR.value)
LEADER = replace(SHIFT_LEAD, staff=named("leader"), post=named("post LD"), role=Role.LEADER)
TOLD_LEADER = Step(
    5, "E69", "report_leader", State.HANDLING, State.HANDLING, ActorKind.USER, NOW, "someone", detail={"text": "gas"}
)
LOOKING = CheckTask(named("look"), 1, "verify", NOW, OPERATOR.staff)
IN_TWO_DAYS = (NOW + timedelta(days=2)).replace(second=0)
"""As a line that says minutes means it."""
ECHO = Feedback(named("echo"), 1, "reporter", FeedbackState.SENT, sent_at=NOW, text="done")
PHOTO = Attachment(named("photo"), "0" * 64, "image/jpeg", 1, "after")
TO_REOPEN = asked(ApprovalKind.REOPEN, first_by=AUDITOR.staff, first_name="审计", first_role=Role.AUDITOR.value)


def type_keys(qtbot: QtBot, desk: FakeDesk, line: str) -> None:
    """Keys one after another, each to whatever has the focus: names of keys, letters of actions, `:text`."""
    for token in line.split():
        holder = QApplication.focusWidget() or desk.window
        if token.startswith(":"):
            qtbot.keyClicks(holder, token[1:])
            continue
        key, modifier = NAMED.get(token, (None, NONE))
        qtbot.keyClick(holder, key if key is not None else KEY(ord(token)), modifier)
        qtbot.waitUntil(lambda: not desk.window.keyboard.is_waiting)


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands there, what is typed, and what must have been ordered; `then` is the state after it."""

    name: str
    start: str
    keys: str
    command: c.Command
    then: State
    officer: Officer = OFFICER
    incident: dict[str, object] = field(default_factory=dict)
    children: dict[str, object] = field(default_factory=dict)


def scene(
    name: str, start: str, keys: str, command: c.Command, then: State, officer: Officer = OFFICER, **there: object
) -> Scene:
    """A scene; what stands there are fields of the incident or children of the case."""
    children = {word: value for word, value in there.items() if word in Case.__dataclass_fields__}
    incident = {word.rstrip("_"): value for word, value in there.items() if word not in children}
    return Scene(name, start, keys, command, then, officer, incident, children)


S, SL, A = State, SHIFT_LEAD, AssignmentState
SECOND = c.Recipient(named("second"), "second")
MERE_SUSPENDED = {"state_": S.SUSPENDED, "suspended_from": S.HANDLING, "suspended_until": NOW + timedelta(days=3)}
SCENES = (
    # taken in
    scene("rejected", "reported", "F Right Tab Tab :gone Send", c.Reject("not_ours", "gone"), S.REJECTED),
    scene("looked into", "reported", "F Right Right Send", c.SendVerify(None, ""), S.VERIFYING),
    scene(
        "transferred", "reported", "F Right Right Right Tab Tab :A7 Tab :crime Send",
        c.TransferOut("110", "crime", "A7"), S.TRANSFERRED,
    ),
    scene(
        "found so", "reported", "F :smoke Send", c.VerifyResult("exist", "smoke"), S.REPORTED, OPERATOR,
        state_=S.VERIFYING, grid="330104005051001", checks=(LOOKING,),
    ),
    scene("looked at again", "reported", "F :wrong Send", c.Reconsider("wrong"), S.REPORTED, SL, state_=S.REJECTED),
    # sent
    scene("handed down", "filed", "E Back Right Tab :near Send", c.LowerLevel("near"), S.FILED),
    scene(
        "assigned for good", "filed", "A Tab Right 2 Tab Tab :must Send",
        c.Arbitrate(SECOND, "must"), S.DISPATCHED, SL, return_count=2,
    ),
    scene(
        "claimed", "filed", "A Tab Left 2 Send", c.Claim(SECOND), S.DISPATCHED, OPERATOR,
        grid="330104005051001", nobody_owns=True,
    ),
    # who was sent himself
    scene("acknowledged", "dispatched", "Z Send", c.Acknowledge(), S.DISPATCHED, OPERATOR, mine=A.DELIVERED),
    scene("accepted", "dispatched", "Z Right Send", c.Accept(), S.HANDLING, OPERATOR, mine=A.DELIVERED),
    scene("declined", "dispatched", "Z Left Tab Right Send", c.Decline("far"), S.FILED, OPERATOR, mine=A.DELIVERED),
    scene("arrived", "handling", "Z :gate Send", c.Arrive(None, "gate"), S.HANDLING, OPERATOR, mine=A.ACCEPTED),
    scene("gone on", "handling", "Z Back Right Tab :wet Send", c.Progress("wet"), S.HANDLING, OPERATOR, mine=A.ACCEPTED),
    scene("done", "handling", "Z Back Left Tab :dry Send", c.Complete("dry"), S.RESOLVED, OPERATOR, mine=A.ACCEPTED),
    scene("raised", "filed", "E :big Send", c.RaiseLevel("big"), S.FILED),
    # asked and decided
    scene(
        "deferred", "handling", "Y Tab All :2d Tab :parts Send",
        c.Ask(ApprovalKind.SUSPEND_DEFER, "parts", NOW + timedelta(days=2)), S.HANDLING,
    ),
    scene(
        "longer", "handling", "Y Right Right Tab All :1h Tab :rain Send",
        c.Ask(ApprovalKind.EXTEND, "rain", None, 3600.0), S.HANDLING, limit_s=14_400.0, overdue=False,
        due_at=NOW + timedelta(hours=3),
    ),
    scene("void", "filed", "Y Left Tab :twice Send", c.Ask(ApprovalKind.VOID, "twice"), S.FILED),
    scene("granted", "handling", "Q Send", c.Approve(DEFER.id), S.SUSPENDED, SL, approvals=(DEFER,)),
    scene("denied", "handling", "Q Right Tab :no Send", c.Deny(DEFER.id, "no"), S.HANDLING, SL, approvals=(DEFER,)),
    scene("signed second", "handling", "Q Send", c.Approve(SIGNED.id), S.CLOSED, SL, approvals=(SIGNED,)),
    scene("resumed", "handling", "Y :back Send", c.Resume("back"), S.HANDLING, SL, **MERE_SUSPENDED),
    # looked on
    scene("supervised", "handling", "S :late Send", c.Supervise(SupervisionGrade.NOTICE, "late"), S.HANDLING, SL),
    scene("answered", "handling", "S :soon Send", c.ReplySupervision("soon"), S.HANDLING, supervision=(ORDER,)),
    scene(
        "turned down", "handling", "S Back Back Right Tab :when Send", c.RejectReply("when"), S.HANDLING, SL,
        supervision=(ANSWERED,),
    ),
    scene(
        "ended", "handling", "S Back Back Left Left Send", c.CloseSupervision(""), S.HANDLING, SL, supervision=(ANSWERED,),
    ),
    scene("urged", "handling", "S :quickly Send", c.Urge("quickly"), S.HANDLING),
    scene("urged without a word", "filed", "S Send", c.Urge(), S.FILED),
    scene("urged by a shift lead", "handling", "S Back Back Left Tab :go Send", c.Urge("go"), S.HANDLING, SL),
    scene(
        "leader answers", "handling", "E :evacuate Send", c.AnswerReport("evacuate"), S.HANDLING, LEADER, steps=(TOLD_LEADER,),
    ),
    scene("graded", "handling", "X Back Right Tab :gas Send", c.SetSeverity(Severity.II, "gas"), S.HANDLING),
    # told
    scene(
        "119 told", "handling", "O :Zhao Tab :A0212 Tab :14:12 Tab :two Send",
        c.NotifyOut("119", "Zhao", "A0212", "two", NOW.replace(hour=6, minute=12, second=0)), S.HANDLING,
    ),
    scene(
        "reported above", "handling", "ShiftO Tab All :gas Send", c.EmergencyReport("first", "gas"), S.HANDLING,
        severity=Severity.II,
    ),
    # put right
    scene("another kind", "handling", "P All :03.01 Tab Tab Tab :seen Send", c.Correct("seen", "03.01"), S.HANDLING),
    scene(
        "another floor", "handling", "P Back Right Tab Right Right Tab All :9F Send", c.Edit("floor", "", "9F"), S.HANDLING,
        floor="",
    ),
    scene(
        "filled in", "dispatched", "P Back Right Left Tab All :03.01 Tab All :Stall Send", c.Backfill("03.01", "Stall"),
        S.DISPATCHED, backfill_owed=True,
    ),
    # ended
    scene("told", "closed", "C All :done Back Right Left Tab Send", c.SendFeedback("done"), S.CLOSED),
    scene("waived", "closed", "C Back Right Tab All :moved Send", c.SendFeedback("", None, None, "moved"), S.CLOSED),
    scene("read", "closed", "C Send", c.MarkFeedback(ECHO.id, "read"), S.CLOSED, feedback=(ECHO,)),
    scene("lost", "closed", "C Right Send", c.MarkFeedback(ECHO.id, "failed"), S.CLOSED, feedback=(ECHO,)),
    scene("opened again", "closed", "C :again Send", c.Reopen("again"), S.FILED, SL),
    scene("signed to reopen", "closed", "C :again Send", c.Reopen("again"), S.ARCHIVED, SL, state_=S.ARCHIVED, closed_at=NOW),
    scene(
        "reopened by two", "closed", "C :again Send", c.Reopen("again"), S.FILED, SL,
        state_=S.ARCHIVED, closed_at=NOW, approvals=(TO_REOPEN,),
    ),
)  # fmt: skip


def there(desk: FakeDesk, played: Scene) -> Case:
    """The case of a scene on a desk."""
    incident, children = dict(played.incident), dict(played.children)
    mine, nobody_owns = incident.pop("mine", None), incident.pop("nobody_owns", False)
    if nobody_owns:
        desk.situation.rules = replace(desk.situation.rules, duty_matrix=())
    if mine is not None:
        incident["grid"] = "330104005051001"
    case = chosen(desk, played.start, **incident)
    if mine is not None:
        (lead,) = case.assignments
        kept = () if mine is A.DELIVERED else (PHOTO,)
        children["assignments"] = (replace(lead, worker=OPERATOR.staff, state=mine, attachments=kept),)
    if "steps" in children:
        children["steps"] = (*case.steps, *played.children["steps"])  # type: ignore[misc]
    return grown(desk, case, **children) if children else case


def with_second(desk: FakeDesk, command: c.Command) -> c.Command:
    """The command, with the name SECOND for whoever stood second among the candidates."""
    form = desk.card.assign
    if not isinstance(command, c.Arbitrate | c.Claim):
        return command
    assert form is not None
    assert form.list.offers[1].worker == command.lead.worker
    return replace(command, lead=SECOND)


@pytest.mark.parametrize("played", SCENES, ids=lambda played: played.name.replace(" ", "_"))
def test_a_step_is_ordered_by_keys_and_carried_out(qtbot: QtBot, new_desk: Callable[..., FakeDesk], played: Scene) -> None:
    desk = new_desk(1366, 768, officer=played.officer)
    case = there(desk, played)
    type_keys(qtbot, desk, played.keys)
    (order,) = desk.sent
    assert with_second(desk, order.command) == played.command
    assert (order.incident, order.version) == (case.incident.id, case.incident.version)
    assert desk.card.open_form is not None, "nothing is shown as done before it is"
    after = desk.commit(order)
    assert after.incident.state is played.then
    assert desk.card.form is None


@pytest.mark.parametrize(
    ("start", "officer", "line", "command"),
    [
        ("handling", OFFICER, "缓办 2天：材料没到", c.Ask(ApprovalKind.SUSPEND_DEFER, "材料没到", IN_TWO_DAYS)),
        ("filed", OFFICER, "作废：重复录入", c.Ask(ApprovalKind.VOID, "重复录入")),
        ("filed", OFFICER, "下派：社区就能办", c.LowerLevel("社区就能办")),
        ("handling", SHIFT_LEAD, "督办 红牌：限时办结", c.Supervise(SupervisionGrade.RED, "限时办结")),
        ("handling", OFFICER, "定级 Ⅱ级：燃气", c.SetSeverity(Severity.II, "燃气")),
        ("reported", OFFICER, "不予受理 不实：查无此事", c.Reject("untrue", "查无此事")),
        ("closed", SHIFT_LEAD, "重办：群众不满意", c.Reopen("群众不满意")),
        ("handling", OFFICER, "修改 楼层=9层", c.Edit("floor", "", "9层")),
    ],
)
def test_a_line_fills_the_same_form(
    new_desk: Callable[..., FakeDesk], start: str, officer: Officer, line: str, command: c.Command
) -> None:
    desk = new_desk(officer=officer)
    case = chosen(desk, start, floor="")
    desk.top.command.entered.emit(line)
    assert desk.card.open_form is not None, desk.top.answer.said
    desk.window.act("send")
    (order,) = desk.sent
    assert order.command == command
    assert order.incident == case.incident.id
    desk.commit(order)


def test_a_unit_that_is_named_sends_its_best(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(officer=SHIFT_LEAD)
    case = chosen(desk, "filed", return_count=2)
    desk.top.command.entered.emit(f"指定承办 {TEAM_UNIT.code} {case.incident.number[-4:]}：两次退回")
    desk.window.act("send")
    (order,) = desk.sent
    assert isinstance(order.command, c.Arbitrate)
    assert order.command.reason == "两次退回"
    person = desk.situation.workers.person(order.command.lead.worker)
    assert person is not None
    assert person.unit == TEAM_UNIT.id
    desk.commit(order)


def test_who_was_urged_is_marked_so_beside_his_task(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.choose("dispatched")
    type_keys(qtbot, desk, "S Send")
    assert case.lead is not None
    assert case.lead.reminders == 0
    desk.commit(desk.sent[-1])
    assert desk.seat.words("card.reminded", time=clock_text(desk.now)) in desk.card.tasks.text().replace("\u00a0", " ")
    type_keys(qtbot, desk, "S")
    assert desk.card.form is None
    assert desk.seat.words("action.urge") in desk.card.notice.text()
