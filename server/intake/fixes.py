"""One fix as a phone writes it, packed for the positions process; shared by the channels that take fixes."""

from __future__ import annotations

from datetime import datetime

from governance.places import LonLat
from server.intake.fields import Fields, moment, number

LARGEST_U2 = 65_535
LARGEST_U4 = 4_294_967_295


def packed(
    worker: int, fields: Fields, where: LonLat, now: datetime, at_name: str = "at", battery_name: str = "battery"
) -> tuple[int, ...]:
    """A fix at a place in WGS 84 as the fields of POSITION; `now` where it names no time.

    `speed` is metres a second, `bearing` degrees clockwise from north, `accuracy` metres; negative means unknown, as
    phones write it. Malformed where a field is wrong.
    """
    at = moment(fields, at_name, now) or now
    speed_m_s = max(0.0, number(fields, "speed", -1, 600, 0))
    heading_deg = max(0.0, number(fields, "bearing", -1, 360, 0)) % 360
    accuracy_m = max(0.0, number(fields, "accuracy", -1, 100_000, 10))
    battery = max(0.0, number(fields, battery_name, -1, 100, 100))
    return (
        worker,
        min(int(at.timestamp()), LARGEST_U4),
        round(where.lon * 1e7),
        round(where.lat * 1e7),
        min(round(speed_m_s * 100), LARGEST_U2),
        round(heading_deg * 100),
        min(round(accuracy_m * 10), LARGEST_U2),
        round(battery),
        0,
    )
