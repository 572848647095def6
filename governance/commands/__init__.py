"""What people and clocks may order: one frozen class per action of the transition table.

The incident, its version and the order id travel beside the command (wire.requests.Order). `COMMANDS` maps the word on
the wire to the class.
"""

from __future__ import annotations

from governance.commands.asking import Approve, Ask, Deny, Resume
from governance.commands.joining import (
    AttachReport,
    Backfill,
    Correct,
    Edit,
    Merge,
    MergedInto,
    Part,
    PartedFrom,
    Rehome,
    Source,
    Split,
    SplitOff,
    Unmerge,
)
from governance.commands.life import (
    Accept,
    Acknowledge,
    AddAssist,
    Arbitrate,
    Archive,
    Arrive,
    AutoClose,
    AutoDispatch,
    CheckFail,
    CheckPass,
    Claim,
    Complete,
    Decline,
    DirectOrder,
    Dispatch,
    File,
    LowerLevel,
    MakeReport,
    Progress,
    RaiseLevel,
    Reassign,
    Recall,
    Recipient,
    Reconsider,
    Reject,
    ReleaseAssist,
    Reopen,
    SelfHandle,
    SendCheck,
    SendFeedback,
    SendVerify,
    TakeLead,
    TimerFired,
    TransferOut,
    VerifyResult,
)
from governance.commands.watching import (
    AnswerReport,
    CloseSupervision,
    Dial,
    EmergencyReport,
    MarkFeedback,
    NotifyOut,
    RejectReply,
    ReplySupervision,
    ReportLeader,
    SetSeverity,
    Supervise,
    Urge,
)

ORDERS: dict[str, type] = {
    "report": MakeReport,
    "attach": AttachReport,
    "send_verify": SendVerify,
    "verify_result": VerifyResult,
    "file": File,
    "self_handle": SelfHandle,
    "reject": Reject,
    "reconsider": Reconsider,
    "transfer_out": TransferOut,
    "dispatch": Dispatch,
    "claim": Claim,
    "raise_level": RaiseLevel,
    "lower_level": LowerLevel,
    "arbitrate": Arbitrate,
    "direct_order": DirectOrder,
    "take_lead": TakeLead,
    "ack": Acknowledge,
    "accept": Accept,
    "decline": Decline,
    "recall": Recall,
    "arrive": Arrive,
    "progress": Progress,
    "add_assist": AddAssist,
    "release_assist": ReleaseAssist,
    "reassign": Reassign,
    "complete": Complete,
    "request": Ask,
    "approve": Approve,
    "deny": Deny,
    "resume": Resume,
    "send_check": SendCheck,
    "check_pass": CheckPass,
    "check_fail": CheckFail,
    "feedback": SendFeedback,
    "mark_feedback": MarkFeedback,
    "reopen": Reopen,
    "set_severity": SetSeverity,
    "merge": Merge,
    "unmerge": Unmerge,
    "split": Split,
    "supervise": Supervise,
    "reply_supervision": ReplySupervision,
    "reject_reply": RejectReply,
    "close_supervision": CloseSupervision,
    "notify_out": NotifyOut,
    "correct": Correct,
    "edit": Edit,
    "backfill": Backfill,
    "emergency_report": EmergencyReport,
    "urge": Urge,
    "report_leader": ReportLeader,
    "answer_report": AnswerReport,
    "dial": Dial,
}
"""What may be ordered over the wire."""

FOLLOWING: dict[str, type] = {
    "auto_dispatch": AutoDispatch,
    "auto_close": AutoClose,
    "archive": Archive,
    "merged_into": MergedInto,
    "parted_from": PartedFrom,
    "split_off": SplitOff,
    "timer": TimerFired,
    "rehome": Rehome,
}
"""What follows from an order, a clock or a change of boundaries, and is never ordered by itself."""

COMMANDS: dict[str, type] = ORDERS | FOLLOWING

WORD_OF: dict[type, str] = {kind: word for word, kind in COMMANDS.items()}

Command = (
    MakeReport
    | AttachReport
    | SendVerify
    | VerifyResult
    | File
    | SelfHandle
    | Reject
    | Reconsider
    | TransferOut
    | Dispatch
    | Claim
    | RaiseLevel
    | LowerLevel
    | Arbitrate
    | DirectOrder
    | TakeLead
    | Acknowledge
    | Accept
    | Decline
    | Recall
    | Arrive
    | Progress
    | AddAssist
    | ReleaseAssist
    | Reassign
    | Complete
    | Ask
    | Approve
    | Deny
    | Resume
    | SendCheck
    | CheckPass
    | CheckFail
    | SendFeedback
    | MarkFeedback
    | Archive
    | Reopen
    | SetSeverity
    | Merge
    | Unmerge
    | Split
    | Supervise
    | ReplySupervision
    | RejectReply
    | CloseSupervision
    | NotifyOut
    | Correct
    | Rehome
    | Edit
    | Backfill
    | EmergencyReport
    | Urge
    | ReportLeader
    | AnswerReport
    | Dial
    | AutoDispatch
    | AutoClose
    | MergedInto
    | PartedFrom
    | SplitOff
    | TimerFired
)

__all__ = [
    "COMMANDS",
    "FOLLOWING",
    "ORDERS",
    "WORD_OF",
    "Accept",
    "Acknowledge",
    "AddAssist",
    "AnswerReport",
    "Approve",
    "Arbitrate",
    "Archive",
    "Arrive",
    "Ask",
    "AttachReport",
    "AutoClose",
    "AutoDispatch",
    "Backfill",
    "CheckFail",
    "CheckPass",
    "Claim",
    "CloseSupervision",
    "Command",
    "Complete",
    "Correct",
    "Decline",
    "Deny",
    "Dial",
    "DirectOrder",
    "Dispatch",
    "Edit",
    "EmergencyReport",
    "File",
    "LowerLevel",
    "MakeReport",
    "MarkFeedback",
    "Merge",
    "MergedInto",
    "NotifyOut",
    "Part",
    "PartedFrom",
    "Progress",
    "RaiseLevel",
    "Reassign",
    "Recall",
    "Recipient",
    "Reconsider",
    "Rehome",
    "Reject",
    "RejectReply",
    "ReleaseAssist",
    "Reopen",
    "ReplySupervision",
    "ReportLeader",
    "Resume",
    "SelfHandle",
    "SendCheck",
    "SendFeedback",
    "SendVerify",
    "SetSeverity",
    "Source",
    "Split",
    "SplitOff",
    "Supervise",
    "TakeLead",
    "TimerFired",
    "TransferOut",
    "Unmerge",
    "Urge",
    "VerifyResult",
]
