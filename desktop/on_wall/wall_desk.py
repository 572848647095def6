"""An officer's side of a wall: takes it, pushes to its slots, puts scenes, gives it back; sees what its displays show.

What is pushed counts once the server has committed it; the sheet shows what displays report, not what was asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer

from desktop.on_wall.lines import Wish, wish_of
from desktop.on_wall.told import content_told, display_told, lease_told, list_told, scene_told, slots_told
from desktop.on_wall.wall_view import WallView
from desktop.phrases import refusal_sentence
from desktop.seat import Seat
from desktop.sheet import Ask, Sheet
from governance.people import Role
from governance.refusal import Refused
from governance.wall import Content, Layout, View, WallStanding
from governance.wall_layouts import regridded, with_lock
from wire.wall_requests import (
    DisplayShows,
    GiveWall,
    KeepScene,
    PopUpIncident,
    PushSlot,
    PutLayout,
    PutScene,
    ReadWall,
    TakeWall,
    WallDone,
    WallIs,
)

READ_EVERY_MS = 1_000
Then = Callable[[WallStanding], None]


class WallDesk(Sheet):
    """What the action `wall` opens."""

    def __init__(self, seat: Seat, ask: Ask) -> None:
        """`ask` puts a question to the server and answers once, on the main thread."""
        self.view = WallView(seat)
        super().__init__("wall", self.view)
        self._seat, self._ask = seat, ask
        self.view_now: Callable[[], View | None] = lambda: None
        """Where the desk's map looks now."""
        self.code = ""
        self._displays: tuple[DisplayShows, ...] = ()
        self._answer: Callable[[str, str], None] = self.view.tell
        self._read_again = QTimer(self)
        self._read_again.setInterval(READ_EVERY_MS)
        self._read_again.timeout.connect(self.read)
        self.view.wanted.connect(self.do)
        self.view.scene_wanted.connect(self.put_scene)

    @property
    def standing(self) -> WallStanding | None:
        """How the wall that is looked at stands, by what the server told."""
        return self._seat.situation.walls.get(self.code)

    def acts(self) -> dict[str, Callable[[], object]]:
        """What the action of the key table does."""
        return {"wall": self.switch}

    def come(self) -> None:
        """Show the wall that was looked at last, else the first."""
        walls = sorted(self._seat.situation.walls)
        if self.code not in walls:
            self.code = walls[0] if walls else ""
        self._answer = self.view.tell
        self._displays = ()
        self.view.begin()
        self.view.tell(self._seat.words("wallsheet.loading" if walls else "wallsheet.none"))
        self.show_now()
        if walls:
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

    def read(self) -> None:
        """Ask what its displays show."""
        code = self.code

        def came(reply: Any, refused: Refused | None) -> None:
            if code != self.code or not self.view.isVisible():
                return
            if isinstance(reply, WallIs):
                self._displays = reply.displays
                self.view.show_scenes(reply.scenes, reply.standing.layout.scene)
                if self.view.said.text() == self._seat.words("wallsheet.loading"):
                    self.view.tell("")
            elif refused is not None:
                self._displays = ()
                self.view.tell(refusal_sentence(self._seat.words, refused), "refused")
            self.show_now()

        self._ask(ReadWall(0, code), came)

    def show_now(self) -> None:
        """What is known of the wall now."""
        words, standing, view = self._seat.words, self.standing, self.view
        if standing is None:
            view.title.setText(words("wallsheet.title"))
            view.lease.clear()
            view.display.clear()
            return
        display = next((each for each in self._displays if each.rev == standing.layout.rev), None)
        display = display or next(iter(self._displays), None)
        view.title.setText(f"{words('wallsheet.title')} · {standing.wall.title} · {scene_told(self._seat, standing)}")
        view.lease.setText(lease_told(self._seat, standing))
        view.display.setText(display_told(self._seat, standing, display))
        shape = (display.width, display.height) if display is not None else (16, 9)
        matches = display if display is not None and display.rev == standing.layout.rev else None
        view.preview.show_wall(standing.layout, slots_told(self._seat, standing, matches), shape)

    # ---- wishes ----------------------------------------------------------------------------------------------------

    def do(self, word: str) -> None:
        """What a key or a button of the sheet asks for."""
        slot = self.view.preview.slot
        if word == "close":
            self.switch()
        elif word == "next_wall":
            self._next_wall()
        elif word in ("take", "give", "pop_up"):
            {"take": self.take, "give": self.give, "pop_up": self.pop_up}[word]()
        else:
            self.push(slot, {"map": Content.MAP, "empty": Content.EMPTY}.get(word))

    def say_line(self, text: str, answer: Callable[[str, str], None]) -> bool:
        """Do what stands behind 上墙 on the command line, and answer there; False where the sheet is to be opened instead."""
        seat = self._seat
        walls = sorted(seat.situation.walls)
        wish = wish_of(text, walls)
        if wish.act == "open":
            self.code = wish.wall or self.code
            return False
        self._answer = answer
        if wish.act == "list":
            answer(list_told(seat), "dim")
        elif wish.act == "unknown":
            answer(seat.words("wallsheet.unknown", said=wish.said), "warn")
        elif not walls:
            answer(seat.words("wallsheet.none"), "warn")
        elif not wish.wall and len(walls) > 1 and self.code not in walls:
            answer(seat.words("wallsheet.which", codes=", ".join(walls)), "warn")
        else:
            self.code = wish.wall or (self.code if self.code in walls else walls[0])
            self._carry_out(wish)
        return True

    def take(self) -> None:
        """Control the wall; a shift lead takes it from whoever has it."""
        self._take(lambda standing: self._say("wallsheet.taken", standing))

    def give(self) -> None:
        """Give it back."""
        self._change(GiveWall(0, self.code), lambda standing: self._say("wallsheet.given", standing))

    def push(self, slot: int, content: Content | None = None) -> None:
        """Something into a slot: the selected camera where there is one, else the view of the map; or what is named."""
        camera = self._seat.selection.camera or ""
        if content is None:
            content = Content.CAMERA if camera else Content.MAP
        view = self.view_now() if content is Content.MAP else None
        what = camera if content is Content.CAMERA else ""

        def push(standing: WallStanding) -> None:
            request = PushSlot(0, self.code, standing.layout.rev, slot, content.value, what, view=view)
            said = content_told(self._seat, content, what)
            self._change(request, lambda after: self._say("wallsheet.pushed", after, slot=slot, content=said))

        self._holding(push)

    def put_scene(self, name: str) -> None:
        """The wall shows a scene."""

        def put(standing: WallStanding) -> None:
            request = PutScene(0, self.code, standing.layout.rev, name)
            self._change(request, lambda after: self._say("wallsheet.shows", after, scene=name))

        self._holding(put)

    def keep(self, name: str) -> None:
        """The layout of now is kept as a scene."""
        standing = self.standing
        if standing is not None:
            request = KeepScene(0, self.code, standing.layout.rev, name)
            self._change(request, lambda after: self._say("wallsheet.kept", after, scene=name))

    def lay_out(self, change: Callable[[Layout], Layout]) -> None:
        """The wall is laid out otherwise."""

        def put(standing: WallStanding) -> None:
            try:
                request = PutLayout(0, self.code, standing.layout.rev, change(standing.layout))
            except Refused as no:
                self._refuse(no)
                return
            self._change(request, lambda after: self._say("wallsheet.laid_out", after, n=len(after.layout.slots)))

        self._holding(put)

    def pop_up(self) -> None:
        """The cameras that see the selected incident come up for a time."""
        incident = self._seat.selection.incident
        if incident is None:
            self._refuse(Refused("no_incident"))
            return

        def up(after: WallStanding) -> None:
            count = sum(each.incident == incident for each in after.pop_ups)
            self._say("wallsheet.popped", after, n=count)

        self._change(PopUpIncident(0, self.code, incident), up)

    # ---- inside ----------------------------------------------------------------------------------------------------

    def _carry_out(self, wish: Wish) -> None:
        if wish.act == "push":
            self.push(wish.slot, wish.content)
        elif wish.act == "scene":
            self.put_scene(wish.said)
        elif wish.act == "keep":
            self.keep(wish.said)
        elif wish.act == "grid":
            self.lay_out(lambda layout: regridded(layout, *wish.grid))
        elif wish.act in ("lock", "unlock"):
            self.lay_out(lambda layout: with_lock(layout, wish.slot, wish.act == "lock"))
        else:
            self.do(wish.act)

    def _next_wall(self) -> None:
        walls = sorted(self._seat.situation.walls)
        if len(walls) > 1:
            self.code = walls[(walls.index(self.code) + 1) % len(walls)] if self.code in walls else walls[0]
            self._displays = ()
            self.show_now()
            self.read()

    def _holding(self, then: Then) -> None:
        """Do something with the wall; it is taken first where nobody has it."""
        standing = self.standing
        if standing is None:
            self._refuse(Refused("no_such_wall", "wall", wall=self.code))
        elif standing.lease is None:
            self._take(then)
        else:
            then(standing)

    def _take(self, then: Then) -> None:
        standing, officer = self.standing, self._seat.officer
        held = standing.lease if standing is not None else None
        over = held is not None and held.staff != officer.staff and officer.role is Role.SHIFT_LEAD
        self._change(TakeWall(0, self.code, over), then)

    def _change(self, request: Any, then: Then) -> None:
        """Ask for a change; what came of it is said where it was asked for."""

        def came(reply: Any, refused: Refused | None) -> None:
            if isinstance(reply, WallDone):
                then(reply.standing)
            elif refused is not None:
                self._refuse(refused)
            if self.view.isVisible():
                self.read()

        self._ask(request, came)

    def _say(self, key: str, standing: WallStanding, **details: object) -> None:
        self._answer(self._seat.words(key, wall=standing.wall.title, **details), "live")

    def _refuse(self, refused: Refused) -> None:
        self._answer(refusal_sentence(self._seat.words, refused), "refused")
