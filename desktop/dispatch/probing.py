"""What the rules would say to a command that is not given yet: which values a form may offer, and why not the others; plain."""

from __future__ import annotations

from datetime import timedelta

from desktop.seat import Seat
from governance.commands import Ask, Command, EmergencyReport, SetSeverity, Supervise
from governance.incident import ApprovalKind, Case, Severity, SupervisionGrade
from governance.lifecycle import after
from governance.refusal import Refused
from governance.watching import REPORT_KINDS

SOON = timedelta(hours=1)


def refused(seat: Seat, case: Case, command: Command) -> Refused | None:
    """What the rules would say to a command now; None where they would carry it out."""
    try:
        after(case, command, seat.officer, seat.situation.rules, seat.now())
    except Refused as no:
        return no
    return None


def askable(seat: Seat, case: Case) -> dict[ApprovalKind, Refused | None]:
    """Every kind of request, with why it may not be made now; of reopening, that is asked for by reopening."""
    short_s = max(case.incident.limit_s / 2, 1.0)
    kinds = [kind for kind in ApprovalKind if kind is not ApprovalKind.REOPEN]
    return {kind: refused(seat, case, Ask(kind, "?", seat.now() + SOON, short_s)) for kind in kinds}


def severities(seat: Seat, case: Case) -> dict[Severity, Refused | None]:
    """Every severity, with why it may not be set now."""
    return {severity: refused(seat, case, SetSeverity(severity, "?")) for severity in Severity}


def grades(seat: Seat, case: Case) -> dict[SupervisionGrade, Refused | None]:
    """Every grade of supervision, with why it may not be ordered now."""
    return {grade: refused(seat, case, Supervise(grade, "?")) for grade in SupervisionGrade}


def reports_due(seat: Seat, case: Case) -> dict[str, Refused | None]:
    """Every kind of report to those above, with why it may not be made now."""
    return {kind: refused(seat, case, EmergencyReport(kind, "?")) for kind in REPORT_KINDS}
