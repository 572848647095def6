"""Who may look at the rules and who may change them (domain model D.1: accounts, posts, limits, catalogue)."""

from __future__ import annotations

from governance.people import Officer, Role
from governance.refusal import Refused

PARTS = ("limits", "duties", "calendar", "root", "settings", "reasons")
"""What rules are made of: limits, duty matrix, days, categories, settings, reasons."""
MAY_READ: dict[Role, frozenset[str]] = {
    Role.ADMINISTRATOR: frozenset(PARTS),
    Role.AUDITOR: frozenset({"limits", "calendar"}),
}
"""Role -> the parts it may read: an auditor sees limits and the days they are reckoned by, and changes none."""
MAY_CHANGE = frozenset({Role.ADMINISTRATOR})


def readable(officer: Officer) -> frozenset[str]:
    """The parts a post may read; Refused where it may read none."""
    parts = MAY_READ.get(officer.role)
    if parts is None:
        raise Refused("not_your_role", role=officer.role.value)
    return parts


def require_changer(officer: Officer) -> None:
    """Refused where a post may not change the rules."""
    if officer.role not in MAY_CHANGE:
        raise Refused("not_your_role", role=officer.role.value)
