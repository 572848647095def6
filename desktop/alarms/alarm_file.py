"""What an officer set about the alarms, kept on this machine: loudness, the end of a mute, what is shelved, the day's count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from desktop.alarms.day_count import Announced
from desktop.alarms.kinds import AlarmKind, Key, Priority
from desktop.alarms.standing import SHELF_MINUTES, Shelf
from desktop.alarms.tones import LOUDEST
from desktop.settings import DeskFolder, officer_file

LONGEST = timedelta(minutes=max(SHELF_MINUTES))
USUAL_LOUDNESS = 6


@dataclass(frozen=True, slots=True)
class AlarmSettings:
    """As kept."""

    loudness: int = USUAL_LOUDNESS
    muted_until: datetime | None = None
    shelves: Mapping[Key, Shelf] = field(default_factory=dict)
    announced: tuple[Announced, ...] = ()


class AlarmFile:
    """The file of one officer, beside the layout's. What makes no sense in it is left out."""

    def __init__(self, folder: DeskFolder, account: str) -> None:
        """Use the officer's file."""
        self._folder, self._name = folder, officer_file(account, "alarms")

    def read(self, now: datetime) -> AlarmSettings:
        """What was kept; an end that is over is none, and none lies further off than the longest that can be chosen."""
        kept = self._folder.read(self._name)
        loudness, muted = kept.get("loudness"), _moment(kept.get("muted_until"))
        shelves = {}
        for row in _rows(kept.get("shelves")):
            key, until = _key(row), _moment(row.get("until"))
            if key is not None and until is not None and until > now and isinstance(row.get("weight"), int):
                shelves[key] = Shelf(min(until, now + LONGEST), row["weight"])
        return AlarmSettings(
            loudness if type(loudness) is int and 0 <= loudness <= LOUDEST else USUAL_LOUDNESS,
            min(muted, now + LONGEST) if muted is not None and muted > now else None,
            shelves,
            tuple(each for row in _rows(kept.get("announced")) if (each := _announced(row)) is not None and each.at <= now),
        )

    def write(self, settings: AlarmSettings) -> None:
        """Keep it."""
        muted = settings.muted_until
        shelves = [_named(key) | {"until": s.until.isoformat(), "weight": s.weight} for key, s in settings.shelves.items()]
        announced = [
            _named(each.key)
            | {"at": each.at.isoformat(), "turn": each.turn, "priority": int(each.priority), "weight": each.weight}
            for each in settings.announced
        ]
        self._folder.write(
            self._name,
            {
                "loudness": settings.loudness,
                "muted_until": muted.isoformat() if muted is not None else None,
                "shelves": shelves,
                "announced": announced,
            },
        )


def _named(key: Key) -> dict[str, Any]:
    kind, incident = key
    return {"kind": kind.value, "incident": str(incident) if incident is not None else None}


def _rows(value: object) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _key(row: dict[str, Any]) -> Key | None:
    try:
        incident = row.get("incident")
        return AlarmKind(str(row.get("kind"))), UUID(incident) if incident is not None else None
    except (ValueError, TypeError, AttributeError):
        return None


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found is not None and found.tzinfo is not None else None


def _announced(row: dict[str, Any]) -> Announced | None:
    key, at, turn, weight = _key(row), _moment(row.get("at")), row.get("turn"), row.get("weight")
    if key is None or at is None or not isinstance(turn, str) or not isinstance(weight, int):
        return None
    try:
        return Announced(at, key, turn, Priority(int(row.get("priority", 0))), weight)
    except (ValueError, TypeError):
        return None
