"""The day by which rights, boundaries and counts begin and end: that of Asia/Shanghai, whatever zone a connection has."""

from __future__ import annotations

from datetime import date, datetime

from governance.deadline import CHINA


def local_day(now: datetime) -> date:
    """The day it is in Asia/Shanghai."""
    return now.astimezone(CHINA).date()
