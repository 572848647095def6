"""What the buttons of the sheet of a wall say now: label, what they would do, and why one does nothing; no widgets."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.on_wall.told import content_told
from desktop.on_wall.why_not import why_not
from desktop.phrases import refusal_sentence
from desktop.seat import Seat
from governance.refusal import Refused
from governance.wall import Content, WallStanding

BUTTONS = (
    ("push", "Enter"),
    ("map", "M"),
    ("empty", "Delete"),
    ("undo", "Ctrl+Z"),
    ("lock", "Space"),
    ("reserve", "R"),
    ("shape", "L"),
    ("next_wall", "Tab"),
    ("pop_up", "P"),
    ("lasts", "D"),
    ("take", "T"),
    ("give", "G"),
)
"""Word of each and the key that does the same while the sheet is there."""
LASTS_S = (30, 60, 120, 300, 600, 1800)
"""How long what comes up may stay, as it is offered."""
USUAL_S = 120
FILE, LASTS = "wall_sheet", "lasts_s"
"""Where a desk keeps what was chosen of these."""


@dataclass(frozen=True, slots=True)
class ButtonTold:
    """What one button says."""

    label: str
    tip: str
    why_not: str = ""
    """Why it does nothing now; empty where it works."""


def buttons_told(seat: Seat, standing: WallStanding | None, slot: int, lasts_s: int) -> dict[str, ButtonTold]:
    """What every button says, with this slot chosen and what comes up staying so long."""
    told = {}
    for name, key in BUTTONS:
        no = why_not(seat, standing, name, slot)
        label = f"{_label(seat, standing, name, slot, lasts_s)} {key}"
        tip = f"{_tip(seat, name, slot, lasts_s)} ({key})"
        told[name] = ButtonTold(label, tip, "" if no is None else sentence(seat, no))
    return told


def sentence(seat: Seat, no: Refused) -> str:
    """Why something does nothing, in the officer's language."""
    return refusal_sentence(seat.words, no)


def kept_lasts(seat: Seat) -> int:
    """How long what comes up stays, as it was set last on this desk."""
    kept = seat.folder.read(FILE).get(LASTS)
    return kept if isinstance(kept, int) and kept in LASTS_S else USUAL_S


def keep_lasts(seat: Seat, seconds: int) -> None:
    """What comes up stays so long, also after the next start."""
    seat.folder.write(FILE, {LASTS: seconds})


def span_told(seat: Seat, seconds: int) -> str:
    """A stretch of time as it stands on the button and in its list."""
    unit, n = ("minutes", seconds // 60) if seconds >= 60 and seconds % 60 == 0 else ("seconds", seconds)
    return seat.words(f"wall.{unit}", n=n)


def _label(seat: Seat, standing: WallStanding | None, name: str, slot: int, lasts_s: int) -> str:
    words = seat.words
    if name == "lasts":
        return words("wallsheet.lasts", time=span_told(seat, lasts_s))
    is_there = standing is not None and 1 <= slot <= len(standing.layout.slots)
    shown = standing.layout.slots[slot - 1] if standing is not None and is_there else None
    if name == "lock" and shown is not None and shown.locked:
        return words("wallsheet.unlock")
    if name == "reserve" and shown is not None and shown.content is Content.RESERVED:
        return words("wallsheet.unreserve")
    return words(f"wallsheet.{name}")


def _tip(seat: Seat, name: str, slot: int, lasts_s: int) -> str:
    words = seat.words
    if name == "push":
        camera = seat.selection.camera or ""
        what = content_told(seat, Content.CAMERA if camera else Content.MAP, camera)
        return words("wallsheet.push.tip", what=what, slot=slot)
    if name == "pop_up":
        return words("wallsheet.pop_up.tip", time=span_told(seat, lasts_s))
    return words(f"wallsheet.{name}.tip")
