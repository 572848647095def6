"""English texts of the desk: people reached - urged, leaders told, numbers dialled."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # urging
    "action.urge": "Urge",
    "action.answer": "Answer",
    "way.urge": "urge",
    "order.urge": "urge",
    "form.urge": "Urge",
    "form.urge.whom": "Urges {whom}. A reminder, no supervision: no answer in writing is owed. Once in ten minutes.",
    "form.urge.send": "Urge {whom}",
    "form.urge.text": "what to say (may stay empty)",
    "urged.lead": "the lead",
    "urged.verifier": "who is to look",
    "urged.checker": "the checker",
    "urged.queue_1": "the grid's queue",
    "urged.queue_2": "the community's queue",
    "urged.queue_3": "the street's queue",
    "urged.queue_4": "the district's queue",
    "step.E68": "Urged",
    "refused.urged_lately": "{who} has just urged: again in {minutes} min. Sooner, send another or raise it.",
    # the leader on duty
    "action.tell_leader": "Tell leader",
    "action.answer_report": "Answer",
    "way.report_leader": "tell the leader",
    "way.answer_report": "answer",
    "order.report_leader": "tell the leader on duty",
    "order.answer_report": "answer the report",
    "form.report_leader": "Tell the leader on duty",
    "form.report_leader.hint": "It is at the district and cannot be raised. A leader who is signed on hears it at the desk; "
    "otherwise call, and put down who took the call.",
    "form.report_leader.send": "Tell the leader on duty",
    "form.answer_report": "Answer the report",
    "form.answer_report.hint": "{who} reported at {at}: {text}",
    "form.answer_report.send": "Seen; answer",
    "form.answer_report.text": "what to do (empty: seen)",
    "field.leader_person": "Answered by",
    "field.leader_person.hint": "where no leader is signed on",
    "step.E69": "Leader on duty told",
    "step.E70": "The leader answered",
    "refused.no_leader_signed_on": "No leader is signed on: call, put down who took the call, and send it again.",
    "refused.nothing_reported": "No report waits for an answer.",
    "emergency.leader": "to the leader on duty",
    "alarm.kind.urged": "Urged",
    "alarm.kind.leader": "Report to answer",
}
