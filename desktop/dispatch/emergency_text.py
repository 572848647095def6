"""首报, 书面报告, 续报, 终报: what those above are told, written out of the case; plain."""

from __future__ import annotations

from desktop.dispatch.case_view import handler, state_text
from desktop.dispatch.outside_told import outside_line
from desktop.phrases import category_path, moment_text, reason_text, span, step_line, title_of
from desktop.seat import Seat
from governance.incident import Case, Step

LATEST = 6
"""So many of the newest steps a follow-up tells."""
CLOCK_ROWS = frozenset({"E11", "E17", "E21", "E26", "E38", "E43", "E45", "E49", "E56", "E66", "E67", "E64", "E62"})
"""Steps that say nothing to those above."""


def emergency_text(seat: Seat, case: Case, kind: str) -> str:
    """The text of a report of one kind, as things stand now."""
    words, incident, now = seat.words, case.incident, seat.now()
    head = words(
        "emergency.head",
        kind=words(f"emergency.{kind}"),
        number=incident.number,
        title=title_of(words, seat.situation.rules, case),
        severity=words(f"severity.{int(incident.severity)}"),
    )
    where = seat.place_line(incident.grid, incident.place_text)
    happened = next((report.occurred_at for report in case.reports if report.occurred_at), None) or incident.reported_at
    lines = [head, words("emergency.when", time=moment_text(happened, now), place=where)]
    if kind in ("first", "written", "leader"):
        lines.append(
            words("emergency.what", kind=category_path(words, seat.situation.rules, incident.category), text=incident.text)
        )
    lines.append(words("emergency.now", state=state_text(words, case)))
    lines += _forces(seat, case)
    if outside := outside_line(seat, case):
        lines.append(words("emergency.outside", told=outside))
    if kind in ("written", "followup"):
        lines += _progress(seat, case)
    if kind == "final":
        lines += _end(seat, case)
    return "\n".join(lines)


def _forces(seat: Seat, case: Case) -> list[str]:
    """Who is on it, and how far they are."""
    words = seat.words
    live = [task for task in case.assignments if task.is_live]
    said = words("list").join(f"{task.worker_name}({words(f'task.{task.state}')})" for task in live)
    return [words("emergency.forces", who=said)] if said else []


def _progress(seat: Seat, case: Case) -> list[str]:
    """What happened since the last report, oldest first."""
    last = max((step.seq for step in case.steps if step.row == "E62"), default=0)
    steps: list[Step] = [step for step in case.steps if step.seq > last and step.row not in CLOCK_ROWS][-LATEST:]
    return [f"{moment_text(step.at, seat.now())} {step_line(seat.words, step)}" for step in steps]


def _end(seat: Seat, case: Case) -> list[str]:
    """How it ended, how long it took."""
    words, incident, lead = seat.words, case.incident, handler(case)
    until = incident.closed_at or incident.completed_at or seat.now()
    took = span(words, (until - incident.reported_at).total_seconds())
    result = reason_text(words, lead.result_text) if lead and lead.result_text else words("emergency.no_result")
    return [words("emergency.result", result=result), words("emergency.took", time=took)]
