"""Times of a planned shift as they are typed: 08:00 (the next one), 12-01 08:00, 2026-12-01 08:00; Shanghai; plain."""

from __future__ import annotations

from datetime import datetime, timedelta

from desktop.phrases import SHANGHAI
from governance.refusal import Refused

LONG, SHORT, CLOCK = "%Y-%m-%d %H:%M", "%m-%d %H:%M", "%H:%M"


def moment_of(text: str, about: str, after: datetime) -> datetime:
    """The moment a text says, the first after another where it leaves out the day or the year; Refused beside its field."""
    said = " ".join(text.replace("/", "-").replace("：", ":").split())
    there = after.astimezone(SHANGHAI)
    if not said:
        raise Refused("time_needed", about)
    try:
        found = datetime.strptime(said, LONG)  # noqa: DTZ007 - its zone is put in below
        return found.replace(tzinfo=SHANGHAI)
    except ValueError:
        pass
    for form, names in ((SHORT, (there.year, there.year + 1)), (CLOCK, ())):
        try:
            found = datetime.strptime(f"2000-{said}" if form == SHORT else said, LONG if form == SHORT else CLOCK)  # noqa: DTZ007
        except ValueError:
            continue
        if form == CLOCK:
            same_day = there.replace(hour=found.hour, minute=found.minute, second=0, microsecond=0)
            return same_day if same_day > after else same_day + timedelta(days=1)
        for year in names:
            try:
                dated = found.replace(year=year, tzinfo=SHANGHAI)
            except ValueError:  # the 29th of February of a year that has none
                continue
            if dated >= there - timedelta(days=1):
                return dated
    raise Refused("time_unreadable", about, text=text[:20])


def written(at: datetime) -> str:
    """A moment as it can be typed."""
    return at.astimezone(SHANGHAI).strftime(SHORT)
