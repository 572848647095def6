"""Moments and stretches of time as an officer types them: 3天, 2h, 12-01 18:00, 明天; plain."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_SPAN = re.compile(r"(\d{1,4})(?:个)?(天|日|d|days?|小时|时|h|hours?|分钟|分|min|m|周|w|weeks?)", re.IGNORECASE)
_SECONDS = {"天": 86_400, "日": 86_400, "d": 86_400, "小": 3_600, "时": 3_600, "h": 3_600, "分": 60, "m": 60, "周": 604_800}
_SECONDS |= {"w": 604_800}
_DATE = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")
_DAYS = {"今天": 0, "今日": 0, "today": 0, "明天": 1, "明日": 1, "tomorrow": 1, "后天": 2}


def is_time(word: str) -> bool:
    """Whether a word says a day, a time of day or a stretch of time."""
    low = word.lower()
    return low in _DAYS or any(pattern.fullmatch(low) for pattern in (_SPAN, _DATE, _CLOCK))


def seconds_of(text: str) -> float | None:
    """The length of a stretch of time: 2h, 1天 12小时; None where the text says none."""
    spans = [_SPAN.fullmatch(word) for word in text.lower().split()]
    if not spans or not all(spans):
        return None
    return float(sum(int(found[1]) * _SECONDS[found[2][0]] for found in spans if found))


def moment(words: tuple[str, ...], now: datetime) -> datetime | None:
    """The moment some words name, after now: 3天, 2h, 12-01 18:00, 明天; None where they name none.

    `now` is aware and in the zone the officer reads clocks in; so is what is returned. A day without a time is its end,
    a time without a day the next such time, a day without a year the next such day.
    """
    try:
        return _moment(tuple(word.lower() for word in words), now)
    except (ValueError, OverflowError):
        return None


def clock_before(text: str, now: datetime) -> datetime | None:
    """The last time, not after now, that a clock showed 02:12, or 11-21 02:12; None where the text is no such time.

    `now` is aware and in the zone the officer reads clocks in; so is what is returned.
    """
    words = text.split()
    clock = next((found for word in words if (found := _CLOCK.fullmatch(word))), None)
    date = next((found for word in words if (found := _DATE.fullmatch(word))), None)
    if clock is None or len(words) > 1 + (date is not None):
        return None
    try:
        meant = now.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        if date is not None:
            return meant.replace(year=int(date[1] or now.year), month=int(date[2]), day=int(date[3]))
    except ValueError:
        return None
    return meant if meant <= now else meant - timedelta(days=1)


def _moment(words: tuple[str, ...], now: datetime) -> datetime | None:
    spans = [found for word in words if (found := _SPAN.fullmatch(word))]
    if spans:
        return now + timedelta(seconds=sum(int(found[1]) * _SECONDS[found[2][0]] for found in spans))
    clock = next((found for word in words if (found := _CLOCK.fullmatch(word))), None)
    hour, minute = (int(clock[1]), int(clock[2])) if clock else (23, 59)
    day = next((now + timedelta(days=_DAYS[word]) for word in words if word in _DAYS), None)
    date = next((found for word in words if (found := _DATE.fullmatch(word))), None)
    if date:
        year = int(date[1] or now.year)
        day = now.replace(year=year, month=int(date[2]), day=int(date[3]))
        if not date[1] and day.date() < now.date():
            day = day.replace(year=year + 1)
    if day is None and clock is None:
        return None
    meant = (day or now).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return meant + timedelta(days=1) if day is None and meant <= now else meant
