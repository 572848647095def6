"""Periods as they are typed, and how a replay goes on."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest

from desktop.phrases import SHANGHAI
from desktop.timeline.period import at_hand, typed
from desktop.timeline.play import SPEEDS, Play
from governance.shifts import Shift, ShiftState

NOW = datetime(2026, 11, 30, 17, 5, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("14:00-16:00", "30 14:00 30 16:00"),
        ("14：00 至 16：00", "30 14:00 30 16:00"),
        ("14点-16点", "30 14:00 30 16:00"),
        ("14点30分到16时", "30 14:30 30 16:00"),
        ("9:00 - 20:00", "30 09:00 30 17:05"),
        ("18:00-19:00", "29 18:00 29 19:00"),
        ("22:00-02:00", "29 22:00 30 02:00"),
        ("昨天 8:00-12:00", "29 08:00 29 12:00"),
        ("昨天 22:00 - 今天 6:00", "29 22:00 30 06:00"),
        ("昨天22:00-6:00", "29 22:00 30 06:00"),
        ("11-29 22:00 - 11-30 6:00", "29 22:00 30 06:00"),
        ("11月28日 8:00~9:30", "28 08:00 28 09:30"),
        ("2026-11-28", "28 00:00 29 00:00"),
        ("11-28 - 11-29", "28 00:00 30 00:00"),
        ("0:00-24:00", "30 00:00 30 17:05"),
        ("昨天", "29 00:00 30 00:00"),
        ("today", "30 00:00 30 17:05"),
        ("2小时", "30 15:05 30 17:05"),
        ("90min", "30 15:35 30 17:05"),
        ("1天", "29 17:05 30 17:05"),
        ("14:00", "30 14:00 30 17:05"),
        ("18:00", "29 18:00 30 17:05"),
        ("yesterday 14:00 to 15:00", "29 14:00 29 15:00"),
    ],
)
def test_what_is_typed_is_the_period_meant(text: str, period: str) -> None:
    found = typed(text, NOW)
    assert found is not None
    assert " ".join(each.strftime("%d %H:%M") for each in found) == period


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "-", "abc", "25:00-26:00", "14:00-16", "11-31", "12-40 8:00", "2h 14:00", "1:00-2:00-3:00", "今晚"),
        *("14:61-15:00", "2027-01-01", "2026-11-30 18:00-19:00", "9" * 40, "0h"),
    ],
)
def test_what_names_no_period_that_has_begun_is_none(text: str) -> None:
    assert typed(text, NOW) is None


def test_a_day_without_a_year_is_the_last_such_day() -> None:
    found = typed("12-31", NOW)
    assert found is not None
    assert found[0].date().isoformat() == "2025-12-31"


def test_periods_at_hand() -> None:
    planned = (NOW.replace(hour=8, minute=0), NOW.replace(hour=16, minute=30))
    shift = Shift(uuid4(), uuid4(), "早班", *planned, ShiftState.OPEN, opened_at=NOW.replace(hour=8, minute=10))
    wanted = {"hour": "30 16:05 30 17:05", "today": "30 00:00 30 17:05"}
    wanted |= {"shift": "30 08:10 30 17:05", "shift_before": "29 23:40 30 08:10"}
    for name, said in wanted.items():
        found = at_hand(name, NOW, shift)
        assert found is not None
        assert " ".join(each.strftime("%d %H:%M") for each in found) == said
        assert (at_hand(name, NOW, None) is None) == name.startswith("shift")


def test_a_replay_goes_on_stands_at_the_end_and_begins_anew() -> None:
    play = Play(100.0, 700.0)
    play.pass_s(5.0)
    assert play.at_s == 100.0
    play.go()
    play.pass_s(5.0)
    assert (play.at_s, play.is_going) == (400.0, True)
    play.change_speed(1)
    play.pass_s(1.0)
    assert (play.speed, play.at_s) == (120, 520.0)
    play.pass_s(60.0)
    assert (play.at_s, play.is_going) == (700.0, False)
    play.go()
    assert (play.at_s, play.is_going) == (100.0, True)
    play.jump(1e9)
    assert play.at_s == 700.0


def test_speeds_end_at_the_slowest_and_the_fastest() -> None:
    play = Play(0.0, 1.0)
    play.change_speed(-99)
    assert play.speed == SPEEDS[0] == 1
    play.change_speed(99)
    assert play.speed == SPEEDS[-1] == 600
