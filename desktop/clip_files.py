"""The clips this desk recorded: each file with a note beside it of what it is. Read with distrust; no Qt."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

SUFFIXES = (".mp4", ".mkv")
MOST = 300
"""The newest so many are listed."""
PIECE = 1_048_576
LONGEST_NOTE = 16_384


@dataclass(frozen=True, slots=True)
class KeptClip:
    """One clip: its file, and what its note says of it; what the note does not say is empty."""

    path: Path
    camera: str = ""
    camera_name: str = ""
    begins_at: datetime | None = None
    seconds: float = 0.0
    sha256: str = ""
    number: UUID | None = None
    """Under which it is on record."""
    incident: UUID | None = None
    """That was selected when it was recorded."""
    staff: UUID | None = None
    """Who recorded it."""
    is_there: bool = True
    """Whether there is a file besides the note."""

    def at(self, position_s: float) -> datetime | None:
        """When the picture was that lies so many seconds from its beginning; None where nobody wrote it down."""
        return None if self.begins_at is None else self.begins_at + timedelta(seconds=position_s)


def keep_note(clip: KeptClip) -> None:
    """Write down what a clip is, beside it. OSError where that cannot be."""
    told = {
        "camera": clip.camera, "camera_name": clip.camera_name, "seconds": round(clip.seconds, 3), "sha256": clip.sha256,
        "begins_at": clip.begins_at.isoformat() if clip.begins_at is not None else "",
        **{name: str(getattr(clip, name) or "") for name in ("number", "incident", "staff")},
    }  # fmt: skip
    beside = clip.path.with_suffix(".new")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False, indent=1)
    beside.replace(clip.path.with_suffix(".json"))


def find_clips(folder: Path) -> list[KeptClip]:
    """The clips in a folder, the newest first; one whose file is gone is told of by its note."""
    try:
        names = [entry.name for entry in os.scandir(folder) if entry.is_file() and not entry.name.startswith(".")]
    except OSError:
        return []
    files = {Path(name).stem: folder / name for name in names if name.endswith(SUFFIXES)}
    notes = {Path(name).stem for name in names if name.endswith(".json")}
    found = [files.get(stem, folder / f"{stem}.mp4") for stem in sorted(files.keys() | notes, reverse=True)[:MOST]]
    return [_read(path, path.stem in files) for path in found]


def is_whole(clip: KeptClip, is_wanted: Callable[[], bool]) -> bool | None:
    """Whether the file is what was recorded, to the byte; None where that is not known, or nobody wants to know any more.

    As long as reading the whole file takes: never on the main thread.
    """
    if not clip.sha256:
        return None
    digest = hashlib.sha256()
    try:
        with clip.path.open("rb") as file:
            while is_wanted() and (piece := file.read(PIECE)):
                digest.update(piece)
    except OSError:
        return False
    return digest.hexdigest() == clip.sha256 if is_wanted() else None


def copy_clip(clip: KeptClip, to: Path) -> None:
    """A copy elsewhere, whole or not at all. OSError where that cannot be; never on the main thread."""
    beside = to.with_name(f".{to.name}.part")
    try:
        shutil.copyfile(clip.path, beside)
        beside.replace(to)
    finally:
        beside.unlink(missing_ok=True)


def _read(path: Path, is_there: bool) -> KeptClip:
    """What a note says; a note that makes no sense says nothing."""
    plain = KeptClip(path, camera_name=path.stem, is_there=is_there)
    try:
        note = path.with_suffix(".json")
        if note.stat().st_size > LONGEST_NOTE:
            return plain
        told = json.loads(note.read_text("utf-8"))
    except (OSError, ValueError):
        return plain
    if not isinstance(told, dict):
        return plain
    seconds = told.get("seconds")
    return KeptClip(
        path,
        _text(told, "camera"),
        _text(told, "camera_name") or path.stem,
        begins_at=_moment(told.get("begins_at")),
        seconds=float(seconds) if isinstance(seconds, int | float) else 0.0,
        sha256=_text(told, "sha256"),
        number=_id(told.get("number")),
        incident=_id(told.get("incident")),
        staff=_id(told.get("staff")),
        is_there=is_there,
    )


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    return "".join(letter for letter in value[:100] if letter.isprintable()) if isinstance(value, str) else ""


def _id(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
