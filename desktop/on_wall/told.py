"""What is said of a wall on a desk: each slot by what its displays report, the lease, the scene; no widgets."""

from __future__ import annotations

from desktop.on_wall.preview import SlotTold
from desktop.seat import Seat
from desktop.video_wall.sight_words import spoken_age
from desktop.video_wall.watchdog import Sight
from desktop.video_wall.words import say_in
from governance.wall import Content, Slot, SlotShown, WallStanding
from governance.wall_pop_ups import shown_now
from wire.wall_requests import DisplayShows

WITHOUT_STATE = frozenset({Content.EMPTY, Content.RESERVED, Content.CLOCK})


def content_told(seat: Seat, content: Content, camera: str) -> str:
    """What a slot shows, by the camera's name where it is one."""
    if content is Content.CAMERA:
        known = seat.situation.cameras.get(camera)
        return known.name if known is not None else camera
    return seat.words(f"wall.content.{content.value}")


def slots_told(seat: Seat, standing: WallStanding, display: DisplayShows | None) -> tuple[SlotTold, ...]:
    """Every slot: what its display says of it; where none speaks, or not of this layout, what it ought to show."""
    reported = {each.slot: each for each in display.slots} if display is not None else {}
    slots = shown_now(standing, seat.now())
    return tuple(_slot_told(seat, slot, reported.get(number)) for number, slot in enumerate(slots, start=1))


def _slot_told(seat: Seat, slot: Slot, shown: SlotShown | None) -> SlotTold:
    if shown is None:
        silent = "" if slot.content in WITHOUT_STATE else seat.words("wallsheet.silent")
        return SlotTold(content_told(seat, slot.content, slot.camera), silent, None, False, slot.locked)
    title = content_told(seat, shown.content, shown.camera)
    say = say_in(seat.words.language)
    sight = Sight(shown.sight) if shown.sight in set(Sight) else None
    kind = say(f"video.{sight}") if sight is not None else ""
    age = "" if shown.age_s is None or shown.content in WITHOUT_STATE else spoken_age(shown.age_s, say)
    return SlotTold(title, " ".join(part for part in (kind, age) if part), sight, True, slot.locked)


def lease_told(seat: Seat, standing: WallStanding) -> str:
    """Who controls it."""
    lease = standing.lease
    if lease is None:
        return seat.words("wallsheet.free")
    if lease.staff == seat.officer.staff:
        return seat.words("wallsheet.mine")
    return seat.words("wallsheet.held", by=lease.title)


def scene_told(seat: Seat, standing: WallStanding) -> str:
    """The scene it shows."""
    scene = standing.layout.scene
    return seat.words("wallsheet.scene", scene=scene) if scene else seat.words("wallsheet.scene.none")


def display_told(seat: Seat, standing: WallStanding, display: DisplayShows | None) -> str:
    """Which display speaks, and whether it has come as far as the layout."""
    if display is None:
        return seat.words("wallsheet.no_display")
    if display.rev != standing.layout.rev:
        return seat.words("wallsheet.display.older", machine=display.machine, rev=display.rev)
    said = {"machine": display.machine, "width": display.width, "height": display.height, "rev": display.rev}
    return seat.words("wallsheet.display", **said)


def list_told(seat: Seat) -> str:
    """Every wall in a few words."""
    words = seat.words
    lines = [
        words("wallsheet.line", title=each.wall.title, code=code, scene=scene_told(seat, each), by=lease_told(seat, each))
        for code, each in sorted(seat.situation.walls.items())
    ]
    return words("sep").join(lines) or words("wallsheet.none")
