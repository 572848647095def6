"""拨号 (E71): a worker, the caller of a report or a unit is rung up, and no number is ever shown."""

from __future__ import annotations

from governance.attempt import Attempt
from governance.commands import Dial
from governance.refusal import Refused

TARGETS = ("worker", "caller", "unit")


def somebody_there(attempt: Attempt) -> Refused | None:
    """One of those who can be dialled; a caller is the one of a report of this incident that has one."""
    dial = attempt.command
    assert isinstance(dial, Dial)
    if dial.target not in TARGETS:
        return Refused("bad_value", "target")
    if dial.target != "caller":
        return None if dial.name else Refused("no_number", "target")
    report = next((r for r in attempt.case.reports if r.id == dial.who), None) if attempt.case else None
    if report is None:
        return Refused("no_such_report", "target")
    return Refused("anonymous", "target") if report.anonymous else None


def whom_it_dialled(attempt: Attempt) -> dict[str, str]:
    """Whom, by name; of a caller only which report, for who he is stays sealed."""
    dial = attempt.command
    assert isinstance(dial, Dial)
    if dial.target == "caller":
        return {"report": str(dial.who)}
    return {"lead": dial.name, "lead_worker" if dial.target == "worker" else "unit": str(dial.who)}
