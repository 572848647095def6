"""Every row of the transition table taken once: its number, from which case, by what, by whom, to where."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from governance.commands import (
    Accept,
    Acknowledge,
    AddAssist,
    AnswerReport,
    Approve,
    Arbitrate,
    Archive,
    Arrive,
    Ask,
    AttachReport,
    AutoClose,
    AutoDispatch,
    Backfill,
    CheckFail,
    CheckPass,
    Claim,
    CloseSupervision,
    Complete,
    Correct,
    Decline,
    Deny,
    Dial,
    DirectOrder,
    EmergencyReport,
    File,
    LowerLevel,
    MarkFeedback,
    Merge,
    MergedInto,
    NotifyOut,
    Part,
    PartedFrom,
    Progress,
    RaiseLevel,
    Reassign,
    Recall,
    Reconsider,
    Rehome,
    Reject,
    RejectReply,
    ReleaseAssist,
    Reopen,
    ReplySupervision,
    ReportLeader,
    Resume,
    SelfHandle,
    SendCheck,
    SendFeedback,
    SendVerify,
    SetSeverity,
    Source,
    Split,
    SplitOff,
    Supervise,
    TakeLead,
    TransferOut,
    Unmerge,
    Urge,
    VerifyResult,
)
from governance.commands import Edit as EditField
from governance.incident import ApprovalKind as K
from governance.incident import Case, Channel, Severity, State, SupervisionGrade, Urgency
from governance.incident import TimerKind as T
from governance.lifecycle import SYSTEM_OFFICER as SYS
from governance.lifecycle import after
from governance.people import Officer, Role
from tests.governance.chance import BEFORE, PHOTO
from tests.governance.field import (
    AUTOMATIC,
    CK,
    DO,
    ELSEWHERE,
    GRID,
    LEAF,
    NOON,
    PLACE,
    PLAIN,
    SL,
    WHOLE,
    named,
    officer,
    recipient,
    report,
    reported,
    walk,
)
from tests.governance.ways import (
    ASSIST_AT_WORK,
    AT_TOP_REPORTED,
    AT_WORK,
    AU,
    CLOSED,
    CO_CHECKED,
    DEFERRED,
    DH,
    DIRECT,
    DONE,
    DP,
    FILED,
    GRAVE,
    LATER,
    LD,
    LI,
    MASTER,
    MERGED,
    OTHER,
    REOPENING,
    REWORKED_THRICE,
    RUNG,
    SEND,
    SENT,
    TO_CHECKING,
    TO_CLOSED,
    TO_RESOLVED,
    TOLD,
    URGENT,
    WANG,
    WATCHED,
    Beside,
    Fire,
    Move,
    answered,
    asked,
    carried_out,
    raised,
    waiting,
)

S = State


def graver(case: Case) -> Case:
    """The case as an emergency."""
    return after(case, SetSeverity(Severity.I, "it spreads"), DO, WHOLE, LATER)


Taken = tuple[str, Case | None, Move, Officer, State]
REJECTED = walk(reported(), (Reject("not_ours", "belongs to the railway"), DO))
TRANSFER = TransferOut("119", "theirs", "Wang of 119")
VERIFYING = walk(reported(), (SendVerify(recipient("li")), DO))
OVERTAKEN = graver(VERIFYING)
LOOKED = VerifyResult("exist", attachments=(PHOTO,))
OWN = officer(Role.GRID_WORKER, "li", shift=None)
SEEN_BY_LI = after(None, report(channel=Channel.WORKER_APP, reporter_worker=OWN.staff), OWN, WHOLE, NOON)
ON_THE_SPOT = SelfHandle("put away", LEAF, (BEFORE, PHOTO))
UNOWNED = walk(after(None, report(7, ELSEWHERE), DO, WHOLE, NOON), (File(LEAF), DO))
RETURNED_TWICE = walk(raised(FILED), (LowerLevel("yours"), DO), (LowerLevel("yours"), DO))
FOR_THE_SYSTEM = walk(reported(), (File(AUTOMATIC), DO))
ALONE = walk(reported(urgency=Urgency.IMMEDIATE), (DirectOrder(recipient("li")), DO))
WANG_COMES = walk(DIRECT, (Accept(), WANG))
WANG_COMES_LI_IS_SILENT = carried_out(WANG_COMES, Fire(T.T4_ACK), SYS)
UNCHECKED = walk(reported(), *TO_RESOLVED)
NO_SAMPLE = replace(UNCHECKED, incident=replace(UNCHECKED.incident, id=UUID(int=9_999)))
ASSISTED = walk(AT_WORK, (Accept(), WANG))
REPLIED = walk(WATCHED, (ReplySupervision("on the way"), LI))
PARTED = PartedFrom(OTHER.incident.id, OTHER.incident.number)
PART = Part(PLAIN, "the other half")
OFF = SplitOff(PART, named("part"), "JG-20261123-0901", GRID, PLAIN)
GRAVE_FILED = walk(reported(), (File(LEAF, severity=Severity.II), DO))
FIRST = EmergencyReport("first", "gas")
TO_LEADER = ReportLeader("gas in three houses", leaders="Zhao")
LEADER_TOLD = walk(GRAVE_FILED, (TO_LEADER, DO))
BACKFILLED = Backfill(LEAF, "Stall on the pavement")
ARCHIVED = carried_out(TOLD, Archive(), SYS)
BY_LI = after(None, report(reporter_worker=LI.staff, reporter_kind="worker"), LI, WHOLE, NOON)
READ_LATER = carried_out(walk(BY_LI, *TO_CLOSED, (SendFeedback("put away"), DO)), Archive(), SYS)
LOST_LATER = walk(ARCHIVED, (MarkFeedback(ARCHIVED.feedback[0].id, "failed"), DO), at=LATER)
CLOSED_UNDER_ORDER = walk(REPLIED, (Accept(), WANG), (Complete("helped"), WANG), (DONE, LI), (SendCheck(), DO))
ANSWERED_LATE = walk(CLOSED_UNDER_ORDER, (CheckPass(condition_met=True), CK))
SENT_ECHO = TOLD.feedback[0].id
ASKED = {
    K.RETURN: asked(SENT, K.RETURN),
    K.SUSPEND_DEFER: asked(AT_WORK, K.SUSPEND_DEFER),
    K.SUSPEND_LIST: asked(FILED, K.SUSPEND_LIST),
    K.EXTEND: asked(AT_WORK, K.EXTEND),
    K.CLOSE_SPECIAL: asked(AT_WORK, K.CLOSE_SPECIAL),
    K.VOID: asked(SENT, K.VOID),
    K.REOPEN: REOPENING,
}
SIGNED = {kind: answered(ASKED[kind], SL) for kind in (K.CLOSE_SPECIAL, K.VOID)}
DENIERS = {K.SUSPEND_LIST: LD, K.REOPEN: AU}


def _yes(kind: K, signed: bool = False) -> tuple[Case, Approve]:
    """A case with a request of a kind, and the consent to it."""
    case = SIGNED[kind] if signed else ASKED[kind]
    return case, Approve(waiting(case))


TAKEN: list[Taken] = [
    ("E01", None, report(), DO, S.REPORTED),
    ("E02", SENT, AttachReport(report(9, report=named("second"))), DO, S.DISPATCHED),
    ("E03", reported(), SendVerify(recipient("li")), DO, S.VERIFYING),
    ("E04", VERIFYING, LOOKED, LI, S.REPORTED),
    ("E05", VERIFYING, Fire(T.T2_VERIFY), SYS, S.REPORTED),
    ("E05", OVERTAKEN, VerifyResult("unable"), SYS, S.REPORTED),
    ("E06", reported(), File(LEAF), DO, S.FILED),
    ("E07", SEEN_BY_LI, ON_THE_SPOT, OWN, S.RESOLVED),
    ("E08", reported(), Reject("not_ours", "belongs to the railway"), DO, S.REJECTED),
    ("E09", REJECTED, Reconsider("it is ours"), AU, S.REPORTED),
    ("E10", reported(), TRANSFER, DO, S.TRANSFERRED),
    ("E10", FILED, TRANSFER, SL, S.TRANSFERRED),
    ("E11", reported(), Fire(T.T1_INTAKE), SYS, S.REPORTED),
    ("E11", AT_TOP_REPORTED, Fire(T.T1_INTAKE), SYS, S.REPORTED),
    ("E12", FILED, SEND, DO, S.DISPATCHED),
    ("E13", FOR_THE_SYSTEM, AutoDispatch(recipient("li")), SYS, S.DISPATCHED),
    ("E14", FILED, RaiseLevel("too big"), DO, S.FILED),
    ("E15", raised(FILED), LowerLevel("yours"), DO, S.FILED),
    ("E16", RETURNED_TWICE, Arbitrate(recipient("li"), "you it is"), SL, S.DISPATCHED),
    ("E17", FILED, Fire(T.T3_DISPATCH), SYS, S.FILED),
    ("E17", raised(FILED), Fire(T.T3_DISPATCH), SYS, S.FILED),
    ("E18", SENT, Acknowledge(), LI, S.DISPATCHED),
    ("E18", SENT, Acknowledge(), WANG, S.DISPATCHED),
    ("E19", SENT, Accept(), LI, S.HANDLING),
    ("E19", SENT, Accept(), WANG, S.DISPATCHED),
    ("E20'", DIRECT, Recall("false alarm"), DO, S.FILED),
    ("E20", SENT, Recall("wrong one"), DO, S.FILED),
    ("E21", SENT, Fire(T.T4_ACK), SYS, S.DISPATCHED),
    ("E21", SENT, Fire(T.T5_ACCEPT), SYS, S.DISPATCHED),
    ("E22", SENT, Fire(T.T4_ACK, 2), SYS, S.FILED),
    ("E22", SENT, Fire(T.T5_ACCEPT, 2), SYS, S.FILED),
    ("E23", AT_WORK, Arrive(PLACE), LI, S.HANDLING),
    ("E23", ASSISTED, Arrive(PLACE), WANG, S.HANDLING),
    ("E24", AT_WORK, Progress("half done"), LI, S.HANDLING),
    ("E24", AT_WORK, AddAssist(recipient("zhao")), DO, S.HANDLING),
    ("E72", walk(reported(), *ASSIST_AT_WORK), ReleaseAssist(recipient("wang"), "gone silent"), DO, S.HANDLING),
    ("E25", AT_WORK, Reassign(recipient("zhao"), "ill"), DP, S.DISPATCHED),
    ("E26", AT_WORK, Fire(T.T6_ARRIVE), SYS, S.HANDLING),
    ("E27", walk(reported(), *TO_RESOLVED[:-1]), DONE, LI, S.RESOLVED),
    ("E27", walk(reported(), *ASSIST_AT_WORK), Complete("helped"), WANG, S.HANDLING),
    ("E28", SENT, Ask(K.RETURN, "not ours"), LI, S.DISPATCHED),
    *(
        ("E29", case, Deny(waiting(case), "no"), DENIERS.get(kind, SL), case.incident.state)
        for kind, case in ASKED.items()
    ),
    ("E30", *_yes(K.RETURN), SL, S.FILED),
    ("E31", *_yes(K.SUSPEND_DEFER), SL, S.SUSPENDED),
    ("E31", *_yes(K.SUSPEND_LIST), LD, S.SUSPENDED),
    ("E32", *_yes(K.EXTEND), SL, S.HANDLING),
    ("E33", *_yes(K.CLOSE_SPECIAL), SL, S.HANDLING),
    ("E33", *_yes(K.CLOSE_SPECIAL, signed=True), AU, S.CLOSED),
    ("E34", *_yes(K.VOID), AU, S.DISPATCHED),
    ("E34", *_yes(K.VOID, signed=True), AU, S.VOIDED),
    ("E35", ASKED[K.RETURN], Fire(T.T13_APPROVAL), SYS, S.DISPATCHED),
    ("E35", ASKED[K.RETURN], Fire(T.T13_APPROVAL, 3), SYS, S.DISPATCHED),
    ("E36", answered(ASKED[K.SUSPEND_LIST], LD), Resume(), SL, S.FILED),
    ("E36", DEFERRED, Resume(), SL, S.HANDLING),
    ("E36", graver(answered(ASKED[K.SUSPEND_LIST], LD)), Resume(), SYS, S.FILED),
    ("E36", graver(DEFERRED), Resume(), SYS, S.HANDLING),
    ("E37", answered(ASKED[K.SUSPEND_LIST], LD), Fire(T.T11_SUSPENSION), SYS, S.FILED),
    ("E37", DEFERRED, Fire(T.T11_SUSPENSION), SYS, S.HANDLING),
    ("E38", AT_WORK, Fire(T.T7_RESOLVE), SYS, S.HANDLING),
    ("E39", UNCHECKED, SendCheck(), DO, S.CHECKING),
    ("E39", walk(reported(), *TO_CHECKING), SendCheck(named("other")), DO, S.CHECKING),
    ("E40", NO_SAMPLE, AutoClose(), SYS, S.CLOSED),
    ("E41", walk(reported(), *TO_CHECKING), CheckPass(condition_met=True), CK, S.CLOSED),
    ("E41", walk(reported(), *GRAVE), CheckPass(condition_met=True), CK, S.CHECKING),
    ("E41", CO_CHECKED, CheckPass(condition_met=True), SL, S.CLOSED),
    ("E42", walk(reported(), *TO_CHECKING), CheckFail("still there"), CK, S.DISPATCHED),
    ("E42", REWORKED_THRICE, CheckFail("still there"), CK, S.FILED),
    ("E43", UNCHECKED, Fire(T.T8_CHECK), SYS, S.RESOLVED),
    ("E44", CLOSED, SendFeedback("solved"), DO, S.CLOSED),
    ("E44", REJECTED, SendFeedback("the railway's"), DO, S.REJECTED),
    ("E44", TOLD, MarkFeedback(SENT_ECHO, "failed"), SYS, S.CLOSED),
    ("E44", READ_LATER, MarkFeedback(READ_LATER.feedback[0].id, "read"), LI, S.ARCHIVED),
    ("E44", LOST_LATER, SendFeedback("told once more"), DO, S.ARCHIVED),
    ("E45", CLOSED, Fire(T.T9_FEEDBACK), SYS, S.CLOSED),
    ("E45", REJECTED, Fire(T.T9_FEEDBACK), SYS, S.REJECTED),
    ("E46", TOLD, Archive(), SYS, S.ARCHIVED),
    ("E47", CLOSED, Reopen("it is back"), SL, S.FILED),
    ("E47", REOPENING, Reopen("so it is"), AU, S.FILED),
    ("E28", ARCHIVED, Reopen("it is back"), AU, S.ARCHIVED),
    ("E48", URGENT, DirectOrder(recipient("li")), DO, S.DISPATCHED),
    ("E49", DIRECT, Fire(T.T4_ACK), SYS, S.DISPATCHED),
    ("E49", DIRECT, Fire(T.T5_ACCEPT), SYS, S.DISPATCHED),
    ("E50", FILED, SetSeverity(Severity.II, "it spreads"), DO, S.FILED),
    ("E50", GRAVE_FILED, SetSeverity(Severity.IV, "under control"), SL, S.FILED),
    ("E51", FILED, Beside(Merge((Source(OTHER.incident.id, 0),)), (OTHER,)), DO, S.FILED),
    ("E51", OTHER, Beside(MergedInto(FILED.incident.id, "x"), (FILED,)), DO, S.MERGED),
    ("E51", AT_WORK, Beside(MergedInto(OTHER.incident.id, "x"), (OTHER,)), SL, S.MERGED),
    ("E52", MERGED, Beside(Unmerge("two stalls"), (MASTER,)), DO, S.REPORTED),
    ("E52", MASTER, Beside(PARTED, (MERGED,)), DO, S.FILED),
    ("E53", AT_WORK, Split((PART, PART)), DP, S.HANDLING),
    ("E53", None, Beside(OFF, (AT_WORK,)), DP, S.FILED),
    ("E54", AT_WORK, Supervise(SupervisionGrade.RED, "hurry"), LD, S.HANDLING),
    ("E55", WATCHED, ReplySupervision("on the way"), LI, S.HANDLING),
    ("E55", REPLIED, RejectReply("be precise"), SL, S.HANDLING),
    ("E55", REPLIED, CloseSupervision(), SL, S.HANDLING),
    ("E56", WATCHED, Fire(T.T10_SUPERVISION), SYS, S.HANDLING),
    ("E56", ANSWERED_LATE, Fire(T.T10_SUPERVISION), SYS, S.CLOSED),
    ("E57", RUNG, TakeLead(), WANG, S.HANDLING),
    ("E57", WANG_COMES_LI_IS_SILENT, TakeLead(WANG.staff), DO, S.HANDLING),
    ("E57", RUNG, TakeLead(WANG.staff), DO, S.DISPATCHED),
    ("E58", AT_WORK, NotifyOut("gas", "Chen"), DO, S.HANDLING),
    ("E59", AT_WORK, Correct("wrong kind", PLAIN), DO, S.HANDLING),
    ("E73", AT_WORK, Rehome(ELSEWHERE, "民政〔2026〕1号"), SYS, S.HANDLING),
    ("E60", UNOWNED, Claim(recipient("li", "centre")), DH, S.DISPATCHED),
    ("E61", SENT, Decline("ill"), LI, S.FILED),
    ("E61", SENT, Decline("ill"), WANG, S.DISPATCHED),
    ("E61", WANG_COMES, Decline("ill"), LI, S.HANDLING),
    ("E61", DIRECT, Decline("ill"), LI, S.DISPATCHED),
    ("E61", ALONE, Decline("ill"), LI, S.FILED),
    ("E62", GRAVE_FILED, FIRST, DO, S.FILED),
    ("E63", DIRECT, BACKFILLED, DO, S.DISPATCHED),
    ("E64", AT_WORK, EditField("title", AT_WORK.incident.title, "Stall at the gate"), DO, S.HANDLING),
    ("E66", DIRECT, Fire(T.T12_BACKFILL), SYS, S.DISPATCHED),
    ("E67", GRAVE_FILED, Fire(T.T14_REPORT), SYS, S.FILED),
    ("E68", AT_WORK, Urge("where are you"), DO, S.HANDLING),
    ("E69", GRAVE_FILED, TO_LEADER, DO, S.FILED),
    ("E71", AT_WORK, Dial("worker", LI.staff, "li"), DO, S.HANDLING),
    ("E70", LEADER_TOLD, AnswerReport("I am coming"), LD, S.FILED),
]  # fmt: skip
