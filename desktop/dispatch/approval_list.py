"""What is asked for and who decides it: the requests of a case, the clock of the decision, and the words for both."""

from __future__ import annotations

from html import escape

from desktop.dispatch.actions import BY_NAME, allowed, why_not
from desktop.dispatch.told_list import ToldList
from desktop.phrases import countdown, level_word, moment_text, refusal_sentence, span
from desktop.seat import Seat
from desktop.words import Words
from governance.asking import TWO_SIGN
from governance.attempt import pending_approval
from governance.incident import Approval, ApprovalKind, ApprovalState, Case, Timer, TimerKind
from governance.timers import timer_of
from governance.transitions.deciding import DECIDES

MARKS = {
    ApprovalState.PENDING: "○",
    ApprovalState.GRANTED: "●",
    ApprovalState.DENIED: "×",
    ApprovalState.LAPSED: "×",
    ApprovalState.DROPPED: "–",
}


def deciders(words: Words, kind: ApprovalKind) -> str:
    """Who decides on a kind of request: one of several, or two together."""
    roles = sorted({role for party in DECIDES[kind] for role in party.roles}, key=lambda role: role.value)
    joined = words("list").join(words(f"role.{role}") for role in roles)
    return words("approval.by_two" if kind in TWO_SIGN else "approval.by_one", who=joined)


def may_decide(seat: Seat, case: Case) -> bool:
    """Whether the officer's post may decide what a case waits for."""
    return bool(allowed(BY_NAME["decide"], case, seat.officer, seat.situation.rules, seat.now()))


def wanted_of(seat: Seat, asked: Approval) -> str:
    """What a request asks for: its kind, until when or by how much."""
    words, now = seat.words, seat.now()
    parts = [words(f"approval.{asked.kind}")]
    if asked.until is not None:
        parts.append(words("approval.until", time=moment_text(asked.until, now)))
    if asked.extend_s:
        parts.append(words("approval.longer", time=span(words, asked.extend_s)))
    return words("sep").join(parts)


def decision_clock(case: Case) -> Timer | None:
    """The clock of the decision (T13), where it runs."""
    return timer_of(case, TimerKind.T13_APPROVAL)


def time_to_decide(seat: Seat, case: Case) -> tuple[str, bool]:
    """How long until the decision is late, and whether it is; empty where no clock runs."""
    clock, words = decision_clock(case), seat.words
    if clock is None or clock.due_at is None:
        return "", False
    left_s = (clock.due_at - seat.now()).total_seconds()
    if left_s < 0:
        return words("overdue", time=countdown(left_s)), True
    return words("left.clock", clock=countdown(left_s)), False


def asked_lines(seat: Seat, case: Case) -> list[str]:
    """What waits for a decision: what, who asked, since when and why; the level, the signature there is, the clock so far."""
    asked, words, now = pending_approval(case), seat.words, seat.now()
    if asked is None:
        return []
    lines = [
        words("approval.asked", what=wanted_of(seat, asked), who=asked.asked_name, time=moment_text(asked.asked_at, now)),
        words("approval.why", reason=asked.reason),
        f"{deciders(words, asked.kind)}{words('sep')}{words('approval.level', level=level_word(words, asked.level))}",
    ]
    if asked.first_by is not None:
        role = words(f"role.{asked.first_role}") if words.has(f"role.{asked.first_role}") else ""
        lines.append(words("approval.signed_first", who=asked.first_name, role=role))
    incident = case.incident
    used = words("approval.clock", used=span(words, _used_s(seat, case)), limit=span(words, incident.limit_s))
    counts = {"returned": incident.return_count, "suspended": incident.suspend_count, "extended": incident.extended}
    lines.append(words("sep").join((used, *(words(f"approval.{word}", count=n) for word, n in counts.items() if n))))
    if passed := [step for step in case.steps if step.row == "E35" and step.at >= asked.asked_at]:
        lines.append(words("approval.passed_up", count=len(passed)))
    return lines


def _used_s(seat: Seat, case: Case) -> float:
    """Seconds of the handling's limit used so far."""
    incident, since = case.incident, case.incident.clock_since
    return incident.used_s + ((seat.now() - since).total_seconds() if since is not None else 0.0)


class ApprovalList(ToldList):
    """The card's section: what waits, who may decide, and what was decided before."""

    belongings = "approvals"

    def _row(self, case: Case, asked: Approval) -> str:
        """One request; the one that waits with all that is to be known, the others in a line."""
        seat, words, palette = self._seat, self._seat.words, self._seat.palette
        mark = MARKS[asked.state]
        if asked.state is not ApprovalState.PENDING:
            parts = [wanted_of(seat, asked), asked.asked_name, words(f"approval.state.{asked.state}"), asked.decided_name]
            parts += [moment_text(asked.decided_at, seat.now())] if asked.decided_at else []
            said = words("sep").join(part for part in (*parts, asked.decision) if part)
            return f'<div style="color:{palette.dim}">{mark} {escape(said)}</div>'
        lines = [escape(line) for line in asked_lines(seat, case)]
        told, late = time_to_decide(seat, case)
        if told:
            ink = palette.immediate if late else palette.text
            lines.insert(1, f'<span style="color:{ink}">{escape(words("approval.left", time=told))}</span>')
        refused = why_not(BY_NAME["decide"], case, seat.officer, seat.situation.rules, seat.now())
        last = (
            words("approval.press") if refused is None else words("approval.not_you", reason=refusal_sentence(words, refused))
        )
        ink = palette.focus if refused is None else palette.dim
        lines.append(f'<span style="color:{ink}">{escape(last)}</span>')
        return f"<div><b>{mark} {lines[0]}</b><br>{'<br>'.join(lines[1:])}</div>"
