"""What is kept of an officer's alarms: it comes back, ends when it should, and nonsense in it is left out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop.alarms.alarm_file import LONGEST, USUAL_LOUDNESS, AlarmFile, AlarmSettings
from desktop.alarms.day_count import Announced
from desktop.alarms.kinds import AlarmKind, Priority
from desktop.alarms.standing import Shelf
from desktop.settings import DeskFolder, officer_file
from tests.desktop.alarms.facts_made import incident, later
from tests.fakes.situations import NOW

KEY = (AlarmKind.URGENT, incident(1))


def test_what_was_set_comes_back(tmp_path: Path) -> None:
    kept = AlarmSettings(
        3,
        NOW + timedelta(minutes=10),
        {KEY: Shelf(NOW + timedelta(minutes=20), 50), (AlarmKind.HANDOVER, None): Shelf(NOW + timedelta(minutes=5), 0)},
        (Announced(NOW - timedelta(hours=3), KEY, "1", Priority.CRITICAL, 50),),
    )
    AlarmFile(DeskFolder(tmp_path), "wangming").write(kept)
    assert AlarmFile(DeskFolder(tmp_path), "wangming").read(NOW) == kept
    assert AlarmFile(DeskFolder(tmp_path), "other").read(NOW) == AlarmSettings()


def test_what_has_ended_meanwhile_does_not_come_back(tmp_path: Path) -> None:
    file = AlarmFile(DeskFolder(tmp_path), "wangming")
    file.write(AlarmSettings(6, NOW + timedelta(minutes=5), {KEY: Shelf(NOW + timedelta(minutes=5), 50)}))
    read = file.read(later(301))
    assert (read.muted_until, read.shelves) == (None, {})


@pytest.mark.parametrize("far", ["2126-11-22T00:00:00+00:00", "2026-12-22T00:00:00+00:00"])
def test_no_end_lies_further_off_than_can_be_chosen(tmp_path: Path, far: str) -> None:
    folder = DeskFolder(tmp_path)
    shelf = {"kind": "urgent", "incident": str(incident(1)), "until": far, "weight": 50}
    folder.write(officer_file("wangming", "alarms"), {"muted_until": far, "shelves": [shelf]})
    read = AlarmFile(folder, "wangming").read(NOW)
    assert read.muted_until == NOW + LONGEST
    assert read.shelves[KEY].until == NOW + LONGEST


@pytest.mark.parametrize(
    "fields",
    [
        {"loudness": 11, "muted_until": "soon", "shelves": "all", "announced": 3},
        {"loudness": True, "muted_until": 5, "shelves": [7, {}], "announced": [{"kind": "urgent"}]},
        {"loudness": "loud", "muted_until": "2026-11-22T07:00:00", "shelves": [{"kind": "x", "incident": 3}]},
        {"announced": [{"kind": "urgent", "incident": None, "at": NOW.isoformat(), "turn": "", "weight": 1, "priority": "x"}]},
        {"announced": [{"kind": "urgent", "incident": None, "at": NOW.isoformat(), "turn": "", "weight": 1, "priority": None}]},
    ],
)
def test_nonsense_in_the_file_is_left_out(tmp_path: Path, fields: dict[str, Any]) -> None:
    folder = DeskFolder(tmp_path)
    folder.write(officer_file("wangming", "alarms"), fields)
    assert AlarmFile(folder, "wangming").read(NOW) == AlarmSettings(USUAL_LOUDNESS)
