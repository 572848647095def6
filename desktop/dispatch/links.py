"""What an incident belongs to: merged into another, split from one, repeating one; plain."""

from __future__ import annotations

from uuid import UUID

from desktop.seat import Seat
from governance.incident import Case


def links_of(seat: Seat, case: Case) -> list[tuple[str, UUID, str]]:
    """(word of the link, the other incident, its number or empty where it is not here), in the order they matter."""
    incident, cases = case.incident, seat.situation.cases
    found = [
        (word, other)
        for word, other in (
            ("merged_into", incident.merged_into),
            ("split_from", incident.split_from),
            ("repeat_of", incident.repeat_of),
        )
        if other is not None
    ]
    if incident.merged_count or any(step.row == "E51" for step in case.steps):
        found += [("took_in", other.incident.id) for other in cases.values() if other.incident.merged_into == incident.id]
    if any(step.row == "E53" for step in case.steps):
        found += [("parts", other.incident.id) for other in cases.values() if other.incident.split_from == incident.id]
    found += [("repeated_by", other.incident.id) for other in cases.values() if other.incident.repeat_of == incident.id]
    return [(word, other, cases[other].incident.number if other in cases else "") for word, other in found]
