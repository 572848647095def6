"""What each action of the key table does, on a window that is built."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt

from desktop.command.find import Entry
from desktop.dispatch.actions import BY_NAME, why_not
from desktop.dispatch.inbox import inbox, waits
from desktop.phrases import refusal_sentence
from desktop.sector_draft import why_no_sector
from desktop.video_acts import video_acts
from governance.incident import Case
from governance.refusal import Refused

if TYPE_CHECKING:
    from desktop.duty_window import DutyWindow

TURN_DEG, TILT_DEG = 15.0, 6.0
ZOOM_STEP, PAN_SHARE = 1.25, 0.15
OF_THE_PRESENT = frozenset({"sight", "near"})
"""Tools that tell of cameras and people as they are now, not as they were."""


def acts_of(window: DutyWindow) -> dict[str, Callable[[], object]]:
    """Action -> what it does; every action of the key table has a row here."""
    board, card, place, seat = window.board, window.card, window.map_panel, window.seat
    acts: dict[str, Callable[[], object]] = {name: partial(card.act, name) for name in BY_NAME}
    return acts | {
        "decide": lambda: open_inbox(window),
        "pictures": card.show_pictures,
        "photos": card.show_photos,
        "send": lambda: window.timeline.send() or window.shifts.send() or window.sheets.send() or card.send(),
        "next_draft": card.next_draft,
        "next": lambda: board.step(1),
        "previous": lambda: board.step(-1),
        "open": window.open_selected,
        "arrivals": board.take_in,
        "queue_next": lambda: board.step_queue(1),
        "queue_previous": lambda: board.step_queue(-1),
        "card_down": lambda: card.turn_page(1),
        "card_up": lambda: card.turn_page(-1),
        "find": window.finder.begin,
        "filter": lambda: board.filter.setFocus(Qt.FocusReason.ShortcutFocusReason),
        "command": window.top.command.begin,
        "home": place.home,
        "buildings": place.switch_buildings,
        "metric": lambda: place.figures.next_colour(),
        "point_out": lambda: place.figures.next_class(),
        "height": lambda: place.figures.switch_raised(),
        "raise_by": lambda: place.figures.next_height(),
        "turn_left": lambda: place.turn(-TURN_DEG),
        "turn_right": lambda: place.turn(TURN_DEG),
        "tilt_down": lambda: place.tilt(-TILT_DEG),
        "tilt_up": lambda: place.tilt(TILT_DEG),
        "zoom_in": lambda: place.zoom(ZOOM_STEP),
        "zoom_out": lambda: place.zoom(1 / ZOOM_STEP),
        "pan_up": lambda: place.pan(0, -PAN_SHARE),
        "pan_down": lambda: place.pan(0, PAN_SHARE),
        "pan_left": lambda: place.pan(-PAN_SHARE, 0),
        "pan_right": lambda: place.pan(PAN_SHARE, 0),
        "layers": lambda: place.switch_part("layers"),
        "legend": lambda: place.switch_part("legend"),
        "minimap": lambda: place.switch_part("minimap"),
        "follow": place.follow,
        "bookmarks": lambda: on_map(window, "bookmarks"),
        "measure": lambda: on_map(window, "measure"),
        **{name: partial(on_map, window, name) for name in ("pick_area", "edit_sector", "sight", "near", "fit")},
        "basemap": lambda: on_map(window, "basemap"),
        "back": window.step_out,
        "keys": window.overlay.toggle,
        "float_board": lambda: window.floating.switch("board"),
        "float_card": lambda: window.floating.switch("card"),
        "panel_board": lambda: window.switch_panel("board"),
        "panel_map": lambda: window.switch_panel("map"),
        "panel_card": lambda: window.switch_panel("card"),
        "panel_pictures": card.show_pictures,
        "language": lambda: window.speak("en" if seat.words.language == "zh" else "zh"),
        "sign_off": window.sign_off,
        "theme": lambda: window.wear("day" if seat.palette.name == "night" else "night"),
        **window.alarms.acts(),
        **window.shifts.acts(),
        **window.sheets.acts(),
        **window.paper.acts(),
        **window.timeline.acts(),
        **video_acts(window),
    }


def why_idle(window: DutyWindow, name: str) -> str:
    """Why an action does nothing now, in words; empty where it works."""
    seat, card = window.seat, window.card
    if (no := window.keeps_out(name)) is not None:
        refused: Refused | None = no
    elif (no := window.timeline.why_not(name)) is not None:
        refused = no
    elif name == "decide" and not waits(card.case):
        refused = None if inbox(seat) else Refused("nothing_pending")
    elif name in BY_NAME:
        refused = why_not(BY_NAME[name], card.case, seat.officer, seat.situation.rules, seat.now())
    elif name in ("open", "pictures", "photos") and card.case is None:
        refused = Refused("no_incident")
    elif name == "send" and card.open_form is None and not (window.shifts.view.isVisible() or window.sheets.sends):
        refused = Refused("no_form")
    elif name == "follow" and seat.selection.worker is None and not seat.selection.candidates and card.case is None:
        refused = Refused("no_worker")
    elif name == "edit_sector":
        refused = why_no_sector(seat)
    elif window.alarms.why_not(name):
        return seat.words(window.alarms.why_not(name))
    else:
        refused = None
    return refusal_sentence(seat.words, refused) if refused else ""


def on_map(window: DutyWindow, tool: str) -> None:
    """Use a tool of the map, which is shown for it where it was hidden."""
    if window.map_panel.isHidden():
        window.switch_panel("map")
    if tool in OF_THE_PRESENT and window.seat.held_back is not None:
        window.banner.say(refusal_sentence(window.seat.words, window.seat.held_back))
        return
    window.map_panel.tools.acts()[tool]()


def open_inbox(window: DutyWindow) -> None:
    """Q: decide on what the selected incident waits for; where it waits for nothing, on the first of the inbox."""
    board, card, selection = window.board, window.card, window.seat.selection
    if waits(card.case):
        card.act("decide")
        return
    first = next(iter(inbox(window.seat)), None)
    if first is None:
        card.refuse(Refused("nothing_pending"), "decide")
        return
    board.tabs.choose("approval")
    selection.choose_incident(first)
    card.act("decide")


def open_archived(window: DutyWindow, incident: UUID) -> None:
    """Have the server tell of what ended long ago, and open it: its card, and whatever may still be done."""
    seat = window.seat

    def came(case: Case | None, said: str) -> None:
        if case is None:
            window.finder.refuse(said)
            return
        seat.situation.take_in(case)
        window.touch({incident}, False)
        seat.selection.choose_incident(incident)
        window.open_selected()

    window.finder.archive.open(incident, came)


def choose_urgent(window: DutyWindow) -> None:
    """The reports nobody took in yet, the most urgent of them selected."""
    window.board.tabs.choose("intake")
    first = next(iter(window.seat.situation.queues()["intake"]), None)
    if first is not None:
        window.seat.selection.choose_incident(first)


def go_to_found(window: DutyWindow, found: Entry) -> None:
    """Go where the search found something: an incident is opened, anything else is selected and brought to the middle."""
    seat, place = window.seat, found.place
    window.give_keys_back()
    if found.group == "workers" and seat.held_back is not None:  # where they are now is none of the past
        window.banner.say(refusal_sentence(seat.words, seat.held_back))
        return
    if found.group == "incidents":
        seat.selection.choose_incident(UUID(found.id))
        window.open_selected()
        return
    if found.group == "archive":
        open_archived(window, UUID(found.id))
        return
    if found.group == "workers":
        seat.selection.choose_worker(UUID(found.id))
        place = seat.situation.workers.place(UUID(found.id))
    elif found.group == "cameras":
        seat.selection.choose_camera(found.id)
    elif place is None:
        window.map_panel.tools.go_to_area(found.id, found.name)
    if place is not None and found.group in ("coordinates", "places"):
        window.map_panel.tools.go_to(place, found.name)
    elif place is not None:
        window.map_panel.go_to(place)
