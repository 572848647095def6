"""What a report repeats: a matter of its kind that was closed at its place within thirty days (domain model B.7, K26)."""

from __future__ import annotations

import math
from uuid import UUID

from governance.audience import may_see
from governance.commands import MakeReport
from governance.duplicates import HOUSE_M, METRES_A_DEGREE, REPEAT_DAYS, is_one_kind, is_repeatable
from governance.refusal import Refused
from server.ledger import incidents
from server.ledger.entry import Entry

MOST_CONFIDENTIAL = 1
"""What is more confidential is never linked unasked: whoever sees the report would learn that it exists."""
_CLOSED_HERE = (
    "SELECT id FROM incident WHERE place && ST_Expand(ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4490), "
    "%(wide)s, %(high)s) AND state IN ('closed', 'archived') AND category = ANY(%(kinds)s) "
    "AND closed_at BETWEEN %(now)s - make_interval(days => %(days)s) AND %(now)s AND confidentiality <= %(secret)s "
    "AND (ST_DistanceSphere(place, ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4490)) <= %(radius)s "
    "OR (%(house)s <> '' AND place_text = %(house)s)) ORDER BY closed_at DESC, id LIMIT 1"
)


def repeated(entry: Entry, made: MakeReport) -> UUID | None:
    """The closed incident a report repeats: the one it names, looked at, or else the last that the ledger finds.

    Refused('not_repeatable') for one that is not closed, was closed too long ago, is of another kind or elsewhere.
    """
    return _found(entry, made) if made.repeat_of is None else _verified(entry, made, made.repeat_of)


def _verified(entry: Entry, made: MakeReport, named: UUID) -> UUID:
    """The incident that was named, where the report can repeat it."""
    looked_at = incidents.load(entry.connection, named)
    before = looked_at.incident
    if not may_see(entry.officer, looked_at, entry.rules):
        raise Refused("no_such_incident", "repeat_of")
    category = entry.rules.categories.get(before.category)
    near_m = max(HOUSE_M, category.merge_radius_m if category else 0.0)
    is_other_kind = bool(made.category) and not is_one_kind(made.category, before.category, entry.rules)
    if not is_repeatable(before, entry.now) or is_other_kind or made.place.distance_m(before.place) > near_m:
        raise Refused("not_repeatable", "repeat_of", number=before.number, days=f"{REPEAT_DAYS:g}")
    return named


def _found(entry: Entry, made: MakeReport) -> UUID | None:
    """The last one of its kind that was closed within the radius of its category; a radius of 0 asks for the same house."""
    category = entry.rules.categories.get(made.category)
    if category is None or not category.is_leaf:
        return None
    kinds = [code for code in entry.rules.categories if is_one_kind(made.category, code, entry.rules)]
    reach_m = max(category.merge_radius_m, HOUSE_M if made.place_text else 0.0)
    high = reach_m / METRES_A_DEGREE
    asked = {
        "lon": made.place.lon,
        "lat": made.place.lat,
        "high": high,
        "wide": high / max(math.cos(math.radians(made.place.lat)), 0.01),
        "kinds": kinds,
        "now": entry.now,
        "days": int(REPEAT_DAYS),
        "secret": MOST_CONFIDENTIAL,
        "radius": category.merge_radius_m,
        "house": made.place_text,
    }
    row = entry.connection.execute(_CLOSED_HERE, asked).fetchone()
    return row[0] if row else None
