"""Effects on the echoes owed (件件有回音): to every reporter and to the worker of the grid, given, waived or owed again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid5

from governance.attempt import Attempt, Effect, handlers_of
from governance.commands import MarkFeedback, SendFeedback
from governance.deadline import limit_of
from governance.incident import Case, Feedback, FeedbackState, State, TimerKind
from governance.refusal import Refused


def echo_owed(attempt: Attempt, case: Case) -> Case:
    """Every report is owed an echo in this cycle, and so is the worker of the grid, of a part that has no report as well."""
    limit = limit_of(case.incident, TimerKind.T9_FEEDBACK, attempt.rules)
    due = attempt.now + timedelta(seconds=limit[0]) if limit else None
    owed = list(case.feedback)

    def owe(target: str, report: UUID | None, worker: UUID | None, waived: str) -> None:
        """One echo more."""
        number = uuid5(case.incident.id, f"feedback{len(owed) + 1}")
        state = FeedbackState.WAIVED if waived else FeedbackState.PENDING
        owed.append(Feedback(number, case.incident.cycle, target, state, report, worker, due, waived_reason=waived))

    for report in case.reports:
        waived = "anonymous" if report.anonymous else "no_reporter" if report.reporter_kind in ("camera", "rule") else ""
        owe("worker" if report.reporter_worker else "reporter", report.id, report.reporter_worker, waived)
    worker = case.incident.origin_worker
    is_known = bool(case.reports) or case.incident.split_from is not None
    if is_known and worker is not None and worker not in {report.reporter_worker for report in case.reports}:
        owe("grid_worker", None, worker, "handler" if worker in handlers_of(case) else "")
    return replace(case, feedback=tuple(owed))


def echo_given(attempt: Attempt, case: Case) -> Case:
    """One echo, or all that are owed, are given or waived with a reason."""
    echo = attempt.command
    assert isinstance(echo, SendFeedback)
    owing = owed_now(case)

    def given(owed: Feedback) -> Feedback:
        """The echo after it was given, where it was meant."""
        if owed not in owing or (echo.feedback and echo.feedback != owed.id):
            return owed
        if echo.waive_reason:
            return replace(owed, state=FeedbackState.WAIVED, waived_reason=echo.waive_reason)
        return replace(owed, state=FeedbackState.SENT, sent_at=attempt.now, text=echo.text, satisfaction=echo.satisfaction)

    return replace(case, feedback=tuple(given(owed) for owed in case.feedback))


def echo_answered(attempt: Attempt, case: Case) -> Case:
    """An echo that was sent was read, or did not arrive: then it is owed again, or of what is archived put down as such."""
    mark = attempt.command
    assert isinstance(mark, MarkFeedback)
    undelivered = FeedbackState.FAILED if case.incident.state is State.ARCHIVED else FeedbackState.PENDING
    state = FeedbackState.READ if mark.state == "read" else undelivered
    return replace(case, feedback=tuple(replace(f, state=state) if f.id == mark.feedback else f for f in case.feedback))


def echoes_waived(reason: str) -> Effect:
    """What is still owed is not any more: it will be told at the end of another cycle."""

    def effect(_attempt: Attempt, case: Case) -> Case:
        """Waive what is pending."""
        pending = FeedbackState.PENDING
        waived = {"state": FeedbackState.WAIVED, "waived_reason": reason}
        told = tuple(replace(f, **waived) if f.state is pending else f for f in case.feedback)  # type: ignore[arg-type]
        return replace(case, feedback=told)

    return effect


def owed_now(case: Case) -> tuple[Feedback, ...]:
    """The echoes that can be given: those owed, and of what is archived those that did not arrive."""
    wanted = FeedbackState.FAILED if case.incident.state is State.ARCHIVED else FeedbackState.PENDING
    return tuple(f for f in case.feedback if f.state is wanted)


def undelivered(attempt: Attempt) -> Refused | None:
    """An echo of what is archived did not arrive."""
    return None if attempt.case and owed_now(attempt.case) else Refused("no_feedback_owed")


def all_told(case: Case) -> bool:
    """Whether no echo is owed any more."""
    return all(f.state is not FeedbackState.PENDING for f in case.feedback)
