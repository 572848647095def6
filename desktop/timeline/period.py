"""Periods as an officer types them: 14:00-16:00, 昨天 8:00-12:00, 11-29 22:00 - 11-30 6:00, 2小时; no Qt."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from governance.shifts import Shift

_TOKEN = re.compile(
    r"(?P<clock>(?P<hour>\d{1,2})(?:[:：](?P<minute>\d{2})|[点时](?:(?P<past>\d{1,2})分?)?))"
    r"|(?P<date>(?:(?P<year>\d{4})[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?)(?![:：\d])"
    r"|(?P<word>今天|今日|today|昨天|昨日|yesterday|前天)"
    r"|(?P<span>(?P<count>\d{1,3})\s*(?:个)?(?P<unit>小时|hours?|h|分钟|分|minutes?|min|m|天|日|days?|d))(?![a-z])"
    r"|(?P<apart>[\s\-–—~～,，至到]+|to\b|until\b)",
    re.IGNORECASE,
)
_DAYS = {"今天": 0, "今日": 0, "today": 0, "昨天": 1, "昨日": 1, "yesterday": 1, "前天": 2}
_SECONDS = {"小": 3_600, "h": 3_600, "分": 60, "m": 60, "天": 86_400, "日": 86_400, "d": 86_400}
DAY = timedelta(days=1)
Period = tuple[datetime, datetime]


def typed(text: str, now: datetime) -> Period | None:
    """The period some words name, ended by now; None where they name none that has begun.

    `now` is aware and in the zone the officer reads clocks in; so is what is returned. Two times of one day, or of two; one
    time is until now; a day is all of it; a stretch of time is that long until now. What is not said is the latest it can be.
    """
    try:
        period = _typed(text.strip(), now)
    except (ValueError, OverflowError):
        return None
    if period is None or not period[0] < min(period[1], now):
        return None
    return period[0], min(period[1], now)


def at_hand(name: str, now: datetime, shift: Shift | None) -> Period | None:
    """A period that needs no typing: hour, today, shift (the one in force), shift_before; None where no shift is in force.

    How long the shift before was is not known here: it counts as long as the one in force is planned to be; see at_hand.py.
    """
    if name == "hour":
        return now - timedelta(hours=1), now
    if name == "today":
        return _midnight(now), now
    if shift is None:
        return None
    began = shift.opened_at or shift.starts_at
    if name == "shift":
        return (began, now) if began < now else None
    return began - (shift.ends_at - shift.starts_at), began


def _typed(text: str, now: datetime) -> Period | None:
    days: list[datetime | None] = []
    clocks: list[tuple[timedelta, datetime | None]] = []
    span_s, at = 0.0, 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            return None
        at = found.end()
        if found["clock"]:
            clocks.append((_clock(found), days[-1] if days else None))
        elif found["date"]:
            days.append(_date(found, now))
        elif found["word"]:
            days.append(_midnight(now) - _DAYS[found["word"].lower()] * DAY)
        elif found["span"]:
            span_s += int(found["count"]) * _SECONDS[found["unit"][0].lower()]
    if span_s:
        return None if days or clocks else (now - timedelta(seconds=span_s), now)
    if len(clocks) > 2 or len(days) > 2 or (len(days) == 2 and len(clocks) == 1):
        return None
    return _together(clocks, [day for day in days if day is not None], now)


def _together(clocks: list[tuple[timedelta, datetime | None]], days: list[datetime], now: datetime) -> Period | None:
    if not clocks:
        return (days[0], days[-1] + DAY) if days else None
    first = (clocks[0][1] or (days[0] if days else _midnight(now))) + clocks[0][0]
    if len(clocks) == 1:
        return (first if days or first < now else first - DAY), now
    last = (clocks[1][1] or (days[0] if days else _midnight(now))) + clocks[1][0]
    if not days:
        first -= DAY if first >= now else timedelta(0)
        last = _midnight(first) + clocks[1][0]
    if last <= first and len(days) < 2:
        last += DAY
    return first, last


def _clock(found: re.Match[str]) -> timedelta:
    hour, minute = int(found["hour"]), int(found["minute"] or found["past"] or 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise ValueError(found[0])
    return timedelta(hours=hour, minutes=minute)


def _date(found: re.Match[str], now: datetime) -> datetime:
    """A day without a year is the last such day."""
    day = _midnight(now).replace(year=int(found["year"] or now.year), month=int(found["month"]), day=int(found["day"]))
    return day.replace(year=day.year - 1) if not found["year"] and day > now else day


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
