"""What is likely to be tried where an incident stands, and what a district is given to; words of tests.governance.chance."""

from __future__ import annotations

from collections.abc import Callable

from governance.attempt import Case, live_assists, open_supervision, pending_approval
from governance.guards import GRAVE
from governance.incident import Discovery, FeedbackState, State, Urgency
from governance.places import Level
from governance.urging import unanswered_report
from tests.governance.field import ELSEWHERE

LIKELY = {
    state: tuple(words.split())
    for state, words in {
        State.REPORTED: "file file file file file verify verify self self reject direct direct direct transfer fire severity",
        State.VERIFYING: "looked looked looked fire notify severity",
        State.FILED: "dispatch dispatch dispatch dispatch claim claim raise lower lower lower arbitrate arbitrate "
        "direct direct ask ask decide decide decide decide transfer fire backfill",
        State.DISPATCHED: "ack accept accept accept accept decline decline take take recall ask decide decide decide arrive "
        "complete fire fire fire backfill",
        State.HANDLING: "arrive progress assist release reassign complete complete complete complete complete complete "
        "accept decline ask decide decide decide fire",
        State.SUSPENDED: "resume fire fire supervise edit severity",
        State.RESOLVED: "check check check close fire correct supervise",
        State.CHECKING: "pass pass pass fail fail fail check fire severity supervise",
        State.CLOSED: "feedback feedback feedback mark reopen reopen fire archive backfill correct",
        State.ARCHIVED: "reopen reopen reopen decide mark mark mark mark feedback feedback feedback feedback feedback",
        State.REJECTED: "reconsider reconsider feedback fire mark",
        State.TRANSFERRED: "feedback fire mark",
        State.VOIDED: "feedback fire mark",
        State.MERGED: "fire edit reopen",
    }.items()
}
WATCHING = (
    "severity",
    "supervise",
    "supervise",
    "reply",
    "reply",
    "reject_reply",
    "end_watch",
    "notify",
    "correct",
    "edit",
    "above",
    "urge",
    "tell_leader",
    "leader_says",
    "dial",
)
NEEDS: dict[str, Callable[[Case], bool]] = {
    "decide": lambda case: pending_approval(case) is not None,
    "release": lambda case: bool(live_assists(case)),
    "arbitrate": lambda case: case.incident.return_count > 1,
    "direct": lambda case: case.incident.urgency is Urgency.IMMEDIATE or case.incident.severity in GRAVE,
    "take": lambda case: case.incident.mode == "direct",
    "backfill": lambda case: case.incident.backfill_owed,
    "feedback": lambda case: any(echo.state is FeedbackState.PENDING for echo in case.feedback),
    "claim": lambda case: case.incident.grid == ELSEWHERE,
    "reply": lambda case: open_supervision(case) is not None,
    "reject_reply": lambda case: open_supervision(case) is not None,
    "end_watch": lambda case: open_supervision(case) is not None,
    "above": lambda case: case.incident.severity in GRAVE,
    "tell_leader": lambda case: case.incident.oversight_level is Level.DISTRICT,
    "leader_says": lambda case: unanswered_report(case) is not None,
    "self": lambda case: case.incident.discovery is Discovery.ACTIVE,
    "dispatch": lambda case: pending_approval(case) is None,
    "accept": lambda case: pending_approval(case) is None,
}
"""Without which an attempt is mostly spared: it would be refused."""
MOODS = tuple(
    frozenset(words.split())
    for words in (
        "file dispatch accept complete check pass feedback feedback mark self",
        "file dispatch raise lower arbitrate decline claim ask decide",
        "direct take decline accept ack fire recall complete backfill",
        "direct take decline fire",
        "file dispatch accept ask decide resume extend",
        "file dispatch accept complete check fail",
        "file dispatch accept complete check check fail",
        "file dispatch accept complete check pass feedback reopen reject reconsider",
        "",
    )
)
"""What a district is given to: quiet days, quarrels, emergencies, requests, bad work, complaints, anything."""
