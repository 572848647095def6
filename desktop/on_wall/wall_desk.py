"""An officer's side of a wall: the sheet that shows what its displays show, and what keys, buttons, drags and lines ask of it.

What is pushed counts once the server has committed it; the sheet shows what displays report, not what was asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer

from desktop.on_wall.buttons_told import buttons_told, keep_lasts, kept_lasts, sentence
from desktop.on_wall.lines import Wish, wish_of
from desktop.on_wall.told import displays_told, is_heard, lease_told, list_told, none_told, note_told, scene_told, slots_told
from desktop.on_wall.wall_acts import WallActs
from desktop.on_wall.wall_view import WallView
from desktop.on_wall.why_not import why_not
from desktop.phrases import refusal_sentence
from desktop.seat import Seat
from desktop.sheet import Ask, Sheet
from desktop.shortcuts import SHORTCUTS
from governance.refusal import Refused
from governance.wall import Content, Layout, Lease, WallStanding
from governance.wall_shapes import regridded, shape_of
from wire.wall_requests import DisplayShows, ReadWall, WallIs

READ_EVERY_MS, LOST_AFTER_S = 1_000, 12
"""How often the displays are asked for, and when a question is asked again that nobody answered: the link does within ten."""
OVER_THE_CARD = frozenset({"video_report", "video_clip", "basemap"})
BESIDE = frozenset(each.action for each in SHORTCUTS if each.group in ("map", "video")) - OVER_THE_CARD
BESIDE |= {"next", "previous", "queue_next", "queue_previous", "find", "command", "filter", "sight", "near", "panel_map"}
"""What is done on board, map and tiles beside the sheet, which stays meanwhile."""


class WallDesk(Sheet):
    """What the action `wall` opens."""

    stays = BESIDE

    def __init__(self, seat: Seat, ask: Ask) -> None:
        """`ask` puts a question to the server and answers once, on the main thread."""
        self.view = WallView(seat)
        super().__init__("wall", self.view)
        self._seat, self._ask = seat, ask
        self.acts_on = WallActs(seat, ask)
        self.acts_on.say, self.acts_on.answered = self.view.tell, self._answered
        self.lasts_s = kept_lasts(seat)
        self._displays: tuple[DisplayShows, ...] = ()
        self._lease: Lease | None = None
        self._has_read, self._is_reading, self._waits_s = False, False, 0
        self._read_again = QTimer(self)
        self._read_again.setInterval(READ_EVERY_MS)
        self._read_again.timeout.connect(self.pass_second)
        view, preview = self.view, self.view.preview
        view.wanted.connect(self.do)
        view.scene_wanted.connect(lambda name: self._if_allowed("scene", lambda: self.acts_on.put_scene(name)))
        view.shape_wanted.connect(lambda name: self._if_allowed("shape", lambda: self.acts_on.reshape(name)))
        view.lasts_wanted.connect(self.let_last)
        view.swap_wanted.connect(self.swap)
        preview.camera_dropped.connect(self.push_camera)
        preview.chosen.connect(lambda _slot: self._tell_buttons())
        for changed in (seat.selection.camera_changed, seat.selection.incident_changed):
            changed.connect(lambda _chosen: self._tell_buttons())

    @property
    def code(self) -> str:
        """The wall that is looked at."""
        return self.acts_on.code

    @code.setter
    def code(self, code: str) -> None:
        if code != self.acts_on.code:
            self.acts_on.code = code
            self._displays, self._has_read = (), False

    @property
    def view_now(self) -> Callable[[], Any]:
        """Where the desk's map looks now."""
        return self.acts_on.view_now

    @view_now.setter
    def view_now(self, view_now: Callable[[], Any]) -> None:
        self.acts_on.view_now = view_now

    @property
    def standing(self) -> WallStanding | None:
        """How the wall that is looked at stands, by what the server told."""
        return self.acts_on.standing

    def acts(self) -> dict[str, Callable[[], object]]:
        """What the action of the key table does."""
        return {"wall": self.switch}

    def come(self) -> None:
        """Show the wall that was looked at last, else the first."""
        self._displays, self._has_read, self._is_reading = (), False, False
        self.acts_on.say = self.view.tell
        self.view.begin()
        self.view.tell("")
        self.show_now()
        self._read_again.start()
        self.read()

    def put_away(self) -> None:
        """Nobody looks any more."""
        self._read_again.stop()

    def retell(self) -> None:
        """Say everything again, in the language and the colours of now."""
        self.view.retell()
        if self.view.isVisible():
            self.show_now()

    def pass_second(self) -> None:
        """What displays said is a second older; ask again, also where an answer was lost with its session."""
        self._waits_s += 1
        self._is_reading = self._is_reading and self._waits_s < LOST_AFTER_S
        self.show_now()
        self.read()

    def read(self) -> None:
        """Ask what its displays show, once at a time."""
        code = self.code
        if not code or self._is_reading:
            return

        def came(reply: Any, refused: Refused | None) -> None:
            self._is_reading = False
            if code != self.code or not self.view.isVisible():
                return
            if isinstance(reply, WallIs):
                self._displays, self._has_read = reply.displays, True
                self.view.show_scenes(reply.scenes, reply.standing.layout.scene)
            elif refused is not None:
                self.view.tell(refusal_sentence(self._seat.words, refused), "refused")
            self.show_now()

        self._is_reading, self._waits_s = True, 0
        self._ask(ReadWall(0, code), came)

    def show_now(self) -> None:
        """What is known of the wall now; what its displays said goes grey by itself when it is too old."""
        seat, view = self._seat, self.view
        if self.code not in seat.situation.walls:
            self.code = min(seat.situation.walls, default="")
        standing = self.standing
        if standing is None:
            view.show_none(none_told(seat))
            self._tell_buttons()
            return
        if standing.lease != self._lease:  # what was said of the one before is over
            self._lease = standing.lease
            view.forget("refused")
        now, layout = seat.now(), standing.layout
        title = f"{seat.words('wallsheet.title')} · {standing.wall.title}"
        lease = seat.words("sep").join((scene_told(seat, standing), lease_told(seat, standing)))
        said, is_well = displays_told(seat, standing, self._displays)
        if not self._has_read:
            said, is_well = seat.words("wallsheet.loading"), True
        view.show_head(title, lease, said, is_well=is_well, note=note_told(seat, standing))
        heard = sorted(self._displays, key=lambda each: (not is_heard(each, now), each.rev != layout.rev))
        shape = (heard[0].width, heard[0].height) if heard else (16, 9)
        view.preview.show_wall(layout, slots_told(seat, standing, self._displays), shape)
        self._tell_buttons()

    # ---- wishes ----------------------------------------------------------------------------------------------------

    def do(self, word: str) -> None:
        """What a key or a button of the sheet asks for; where that does nothing now, why."""
        acts, slot = self.acts_on, self.view.preview.slot
        if word == "close":
            self.switch()
            return
        does: dict[str, Callable[[], object]] = {
            "push": lambda: acts.push(slot),
            "map": lambda: acts.push(slot, Content.MAP),
            "empty": lambda: acts.push(slot, Content.EMPTY),
            "undo": acts.undo,
            "lock": lambda: acts.lock(slot),
            "reserve": lambda: acts.reserve(slot),
            "shape": lambda: self.view.open_shapes(shape_of(self._layout())),
            "next_wall": self._next_wall,
            "pop_up": self.pop_up,
            "lasts": lambda: self.view.open_lasts(self.lasts_s),
            "take": acts.take,
            "give": acts.give,
        }
        self._if_allowed(word, does[word])

    def push_camera(self, slot: int, camera: str) -> None:
        """A camera was let fall into a slot."""
        self.view.take_keys()
        self._if_allowed("map", lambda: self.acts_on.push(slot, Content.CAMERA, camera))

    def swap(self, one: int, other: int) -> None:
        """Two slots are to exchange what they show; what was moved stays chosen."""
        self.view.take_keys()
        if self._why_not("swap", one) is None:
            self._if_allowed("swap", lambda: self.acts_on.swap(one, other, lambda: self.view.preview.choose(other)), other)

    def let_last(self, seconds: int) -> None:
        """What comes up stays so long from now on; kept for the next time."""
        self.lasts_s = seconds
        keep_lasts(self._seat, seconds)
        self._tell_buttons()

    def pop_up(self) -> None:
        """The cameras that see the selected incident come up for a time."""
        self.acts_on.pop_up(self.lasts_s)

    def say_line(self, text: str, answer: Callable[[str, str], None]) -> bool:
        """Do what stands behind 上墙 on the command line, and answer there; False where the sheet is to be opened instead."""
        seat = self._seat
        walls = sorted(seat.situation.walls)
        wish = wish_of(text, walls)
        if wish.act == "open":
            self.code = wish.wall or self.code
            if self.view.isVisible():
                self.come()
            return self.view.isVisible()
        if wish.act == "list":
            answer(list_told(seat), "dim")
        elif wish.act == "unknown":
            answer(seat.words("wallsheet.unknown", said=wish.said), "warn")
        elif not walls:
            answer(none_told(seat).partition("\n")[0], "warn")
        elif not wish.wall and len(walls) > 1 and self.code not in walls:
            answer(seat.words("wallsheet.which", codes=", ".join(walls)), "warn")
        else:
            self.code = wish.wall or (self.code if self.code in walls else walls[0])
            self.acts_on.say = answer
            self._carry_out(wish)
        return True

    # ---- inside ----------------------------------------------------------------------------------------------------

    def _carry_out(self, wish: Wish) -> None:
        acts = self.acts_on
        does: dict[str, Callable[[], object]] = {
            "push": lambda: acts.push(wish.slot, wish.content),
            "scene": lambda: acts.put_scene(wish.said),
            "keep": lambda: acts.keep(wish.said),
            "grid": lambda: acts.lay_out(lambda layout: regridded(layout, *wish.grid)),
            "shape": lambda: acts.reshape(wish.said),
            "lock": lambda: acts.lock(wish.slot, True),
            "unlock": lambda: acts.lock(wish.slot, False),
            "unreserve": lambda: acts.unreserve(wish.slot),
            "swap": lambda: acts.swap(wish.slot, wish.other),
            "pop_up": lambda: acts.pop_up(wish.seconds or self.lasts_s),
            "undo": acts.undo,
            "take": acts.take,
            "give": acts.give,
        }
        does[wish.act]()

    def _if_allowed(self, act: str, does: Callable[[], object], slot: int = 0) -> None:
        """Do something from the sheet, or say there why it does nothing."""
        self.acts_on.say = self.view.tell
        no = self._why_not(act, slot)
        if no is None:
            does()

    def _why_not(self, act: str, slot: int = 0) -> Refused | None:
        """Why an act does nothing with a slot, the chosen one where none is named; said on the sheet."""
        no = why_not(self._seat, self.standing, act, slot or self.view.preview.slot)
        if no is not None:
            self.view.tell(sentence(self._seat, no), "refused")
        return no

    def _answered(self) -> None:
        if self.view.isVisible():
            self.show_now()
            self.read()

    def _next_wall(self) -> None:
        walls = sorted(self._seat.situation.walls)
        self.code = walls[(walls.index(self.code) + 1) % len(walls)] if self.code in walls else walls[0]
        self.view.tell("")
        self.show_now()
        self.read()

    def _layout(self) -> Layout:
        standing = self.standing
        assert standing is not None, "no list without a wall"
        return standing.layout

    def _tell_buttons(self) -> None:
        """What every button would do now."""
        if self.view.isVisible():
            slot = self.view.preview.slot
            self.view.show_buttons(buttons_told(self._seat, self.standing, slot, self.lasts_s))
