"""What is said of a wall on a desk: each slot by what its displays report, the lease, the scene; no widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from desktop.on_wall.preview import SlotTold
from desktop.phrases import SHANGHAI
from desktop.seat import Seat
from desktop.video_wall.sight_words import spoken_age
from desktop.video_wall.watchdog import Sight
from desktop.video_wall.words import say_in
from governance.people import Role
from governance.wall import ARRANGERS, CONTROLLERS, SILENT_AFTER, Content, Slot, SlotShown, WallStanding
from governance.wall_pop_ups import shown_now, still_up
from wire.wall_requests import DisplayShows

WITHOUT_AGE = frozenset({Content.EMPTY, Content.RESERVED, Content.CLOCK})
BETTER = (Sight.LIVE, Sight.PLAYBACK, Sight.ENDED, Sight.WAITING, Sight.CONNECTING, Sight.STALE, Sight.FROZEN)
"""The better a picture is the earlier; what is not here is worse than all of them."""
MOST_NAMED = 3


def content_told(seat: Seat, content: Content, camera: str) -> str:
    """What a slot shows, by the camera's name where it is one."""
    if content is Content.CAMERA:
        known = seat.situation.cameras.get(camera)
        return known.name if known is not None else camera
    return seat.words(f"wall.content.{content.value}")


def is_heard(display: DisplayShows, now: datetime) -> bool:
    """Whether a display said lately what it shows."""
    return now - display.at <= SILENT_AFTER


def slots_told(seat: Seat, standing: WallStanding, displays: Sequence[DisplayShows]) -> tuple[SlotTold, ...]:
    """Every slot: what its displays say of it now, the worst of it; where none speaks of this layout, what it ought to show."""
    now = seat.now()
    vouching = [each for each in displays if is_heard(each, now) and each.rev == standing.layout.rev]
    silent = _silent(seat, displays)
    up = {each.slot: each.until for each in still_up(standing, now)}
    told = []
    for number, (laid, slot) in enumerate(zip(standing.layout.slots, shown_now(standing, now), strict=True), start=1):
        reports = [shown for each in vouching for shown in each.slots if shown.slot == number]
        found = _slot_told(seat, slot, max(reports, key=_badness, default=None), silent)
        if laid.content is Content.RESERVED:
            left_s = int((up[number] - now).total_seconds()) if slot != laid else 0
            found = replace(found, is_reserved=True, more=seat.words("wallsheet.left", n=left_s) if slot != laid else "")
        told.append(found)
    return tuple(told)


def _badness(shown: SlotShown) -> tuple[int, float]:
    sight = BETTER.index(Sight(shown.sight)) if shown.sight in BETTER else len(BETTER) if shown.sight else 0
    return sight, shown.age_s if shown.age_s is not None else 0.0


def _silent(seat: Seat, displays: Sequence[DisplayShows]) -> str:
    """What is said of a slot that no display speaks of."""
    if not displays or any(is_heard(each, seat.now()) for each in displays):
        return seat.words("wallsheet.silent")
    return seat.words("wallsheet.unknown_since", since=_clock(max(each.at for each in displays)))


def _slot_told(seat: Seat, slot: Slot, shown: SlotShown | None, silent: str) -> SlotTold:
    if shown is None:
        return SlotTold(content_told(seat, slot.content, slot.camera), silent, None, False, slot.locked)
    title = content_told(seat, shown.content, shown.camera)
    say = say_in(seat.words.language)
    sight = Sight(shown.sight) if shown.sight in set(Sight) else None
    kind = say(f"video.{sight}") if sight is not None else ""
    age = "" if shown.age_s is None or shown.content in WITHOUT_AGE else spoken_age(shown.age_s, say)
    return SlotTold(title, " ".join(part for part in (kind, age) if part), sight, True, slot.locked)


# ---- the wall as a whole -------------------------------------------------------------------------------------------


def lease_told(seat: Seat, standing: WallStanding) -> str:
    """Who controls it, since when."""
    lease = standing.lease
    if lease is None:
        return seat.words("wallsheet.free")
    since = _clock(lease.since)
    if lease.staff == seat.officer.staff:
        return seat.words("wallsheet.mine", since=since)
    return seat.words("wallsheet.held", by=lease.title, since=since)


def scene_told(seat: Seat, standing: WallStanding) -> str:
    """The scene it shows."""
    scene = standing.layout.scene
    return seat.words("wallsheet.scene", scene=scene) if scene else seat.words("wallsheet.scene.none")


def displays_told(seat: Seat, standing: WallStanding, displays: Sequence[DisplayShows]) -> tuple[str, bool]:
    """Which displays speak, how far they have come, since when one is silent; and whether all of that is well."""
    if not displays:
        return seat.words("wallsheet.no_display"), False
    now = seat.now()
    worst_first = sorted(displays, key=lambda each: (is_heard(each, now), each.rev == standing.layout.rev, each.machine))
    said = [_display_told(seat, standing, each) for each in worst_first[:MOST_NAMED]]
    if len(displays) > MOST_NAMED:
        said.append(seat.words("wallsheet.displays.more", n=len(displays) - MOST_NAMED))
    well = all(is_heard(each, now) and each.rev == standing.layout.rev for each in displays)
    return "\n".join(said), well


def _display_told(seat: Seat, standing: WallStanding, display: DisplayShows) -> str:
    if not is_heard(display, seat.now()):
        return seat.words("wallsheet.display.silent", machine=display.machine, since=_clock(display.at))
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
    return words("sep").join(lines) or none_told(seat).partition("\n")[0]


# ---- who may -------------------------------------------------------------------------------------------------------


def none_told(seat: Seat) -> str:
    """Why this desk has no wall: the post may control none, and whom to ask; or there is none yet, and how one is made."""
    words, role = seat.words, seat.officer.role
    if role in ARRANGERS:
        return words("wallsheet.none.yet")
    may = words("sep").join(words(f"role.{each.value}") for each in sorted(CONTROLLERS, key=_most_first))
    lines = [words("wallsheet.none.role", role=words(f"role.{role.value}"), may=may), ask_told(seat)]
    return "\n".join(filter(None, lines))


def note_told(seat: Seat, standing: WallStanding) -> str:
    """What keeps the officer from changing the wall, and what he can do about it; empty where nothing does."""
    words, lease, officer = seat.words, standing.lease, seat.officer
    if officer.shift is None:
        return words("wallsheet.note.off_shift")
    if lease is None or lease.staff == officer.staff:
        return ""
    if officer.role is Role.SHIFT_LEAD:
        return words("wallsheet.note.lead", by=lease.title)
    return " ".join(filter(None, (words("wallsheet.note.ask", by=lease.title), ask_told(seat))))


def ask_told(seat: Seat) -> str:
    """Who leads the shift now, by name, as far as this desk knows; empty where it knows of nobody."""
    standing = seat.situation.shifts.values()
    leads = (each.current.lead_name for each in standing if each.current is not None and each.current.is_in_force)
    names = tuple(dict.fromkeys(name for name in leads if name and name != seat.officer.name))
    return seat.words("wallsheet.ask", names=seat.words("sep").join(names[:MOST_NAMED])) if names else ""


def _most_first(role: Role) -> int:
    order = (Role.SHIFT_LEAD, Role.NIGHT_WATCH, Role.COORDINATOR, Role.OPERATOR)
    return order.index(role) if role in order else len(order)


def _clock(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%H:%M:%S")
