"""What an officer asks of one wall: take it, push to it, exchange, lay out, go back. It counts once it is a fact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desktop.on_wall.told import content_told
from desktop.on_wall.way_back import WayBack
from desktop.phrases import refusal_sentence
from desktop.seat import Seat
from desktop.sheet import Ask
from governance.people import Role
from governance.refusal import Refused
from governance.wall import Content, Layout, View, WallStanding
from governance.wall_layouts import with_lock
from governance.wall_pop_ups import require_still
from governance.wall_shapes import SHAPES, reshaped, swapped
from wire.wall_requests import GiveWall, KeepScene, PopUpIncident, PushSlot, PutBack, PutLayout, PutScene, TakeWall, WallDone

Then = Callable[[WallStanding], None]


class WallActs:
    """Asks the server and says what came of it. Main thread only."""

    def __init__(self, seat: Seat, ask: Ask) -> None:
        """`ask` puts a question to the server and answers once, on the main thread."""
        self._seat, self._ask = seat, ask
        self.code = ""
        """Which wall it is about."""
        self.say: Callable[[str, str], None] = lambda _text, _look: None
        """Where what came of a wish is said: a sentence, and how it looks."""
        self.answered: Callable[[], None] = lambda: None
        """The server answered: what displays show may be another thing soon."""
        self.view_now: Callable[[], View | None] = lambda: None
        """Where the desk's map looks now."""
        self._ways: dict[str, WayBack] = {}

    @property
    def standing(self) -> WallStanding | None:
        """How the wall stands, by what the server told."""
        return self._seat.situation.walls.get(self.code)

    # ---- the lease -------------------------------------------------------------------------------------------------

    def take(self) -> None:
        """Control the wall; a shift lead takes it from whoever has it."""
        self._take(lambda standing: self._tell("wallsheet.taken", standing))

    def give(self) -> None:
        """Give it back."""
        self._change(GiveWall(0, self.code), lambda standing: self._tell("wallsheet.given", standing))

    # ---- slots -----------------------------------------------------------------------------------------------------

    def push(self, slot: int, content: Content | None = None, camera: str = "") -> None:
        """Something into a slot: the camera named, else the selected one, else the view of the map; or what is named."""
        camera = camera or self._seat.selection.camera or ""
        if content is None:
            content = Content.CAMERA if camera else Content.MAP
        view = self.view_now() if content is Content.MAP else None
        what = camera if content is Content.CAMERA else ""

        def push(standing: WallStanding) -> None:
            request = PushSlot(0, self.code, standing.layout.rev, slot, content.value, what, view=view)
            said = content_told(self._seat, content, what)
            self._lay(request, lambda after: self._tell("wallsheet.pushed", after, slot=slot, content=said))

        self._holding(push)

    def reserve(self, slot: int) -> None:
        """Incidents may come up in a slot, or (where they may already) nothing is shown in it any more."""
        self.push(slot, Content.EMPTY if self._is_reserved(slot) else Content.RESERVED)

    def unreserve(self, slot: int) -> None:
        """Incidents come up in a slot no more."""
        if self._is_reserved(slot):
            self.push(slot, Content.EMPTY)
        else:
            self._refuse(Refused("slot_not_reserved", "slot", slot=str(slot)))

    def lock(self, slot: int, locked: bool | None = None) -> None:
        """Nothing is pushed into a slot and nothing comes up over it any more, or it may again; None: the other of both."""

        def change(layout: Layout) -> Layout:
            is_locked = slot <= len(layout.slots) and layout.slots[slot - 1].locked
            return with_lock(layout, slot, not is_locked if locked is None else locked)

        def tell(after: WallStanding) -> None:
            key = "wallsheet.locked" if after.layout.slots[slot - 1].locked else "wallsheet.unlocked"
            self._tell(key, after, slot=slot)

        self._lay_out(change, tell)

    def swap(self, one: int, other: int, then: Callable[[], None] = lambda: None) -> None:
        """Two slots exchange what they show."""

        def change(layout: Layout) -> Layout:
            if self.standing is not None:
                require_still(self.standing, (one, other), self._seat.now())
            return swapped(layout, one, other)

        def tell(after: WallStanding) -> None:
            self._tell("wallsheet.swapped", after, one=one, other=other)
            then()

        self._lay_out(change, tell)

    # ---- the whole layout ------------------------------------------------------------------------------------------

    def lay_out(self, change: Callable[[Layout], Layout]) -> None:
        """The wall is laid out otherwise."""
        self._lay_out(change, lambda after: self._tell("wallsheet.laid_out", after, n=len(after.layout.slots)))

    def reshape(self, shape: str) -> None:
        """The wall is cut into another shape; what it shows goes on in its order."""
        self.lay_out(lambda layout: reshaped(layout, SHAPES[shape]))

    def put_scene(self, name: str) -> None:
        """The wall shows a scene."""

        def put(standing: WallStanding) -> None:
            request = PutScene(0, self.code, standing.layout.rev, name)
            self._lay(request, lambda after: self._tell("wallsheet.shows", after, scene=name))

        self._holding(put)

    def keep(self, name: str) -> None:
        """The layout of now is kept as a scene."""
        standing = self.standing
        if standing is not None:
            request = KeepScene(0, self.code, standing.layout.rev, name)
            self._change(request, lambda after: self._tell("wallsheet.kept", after, scene=name))

    def undo(self) -> None:
        """The wall shows again what it did before the officer's last change; where another changed it since, before that."""

        def back(standing: WallStanding) -> None:
            way, rev = self._ways.setdefault(self.code, WayBack()), standing.layout.rev
            to = way.back_from(rev)
            if to < 1:
                self._refuse(Refused("no_layout_before"))
                return

            def came(after: WallStanding) -> None:
                way.went_back(rev, to, after.layout.rev)
                self._tell("wallsheet.undone", after, rev=to)

            self._change(PutBack(0, self.code, rev, to), came)

        self._holding(back)

    def pop_up(self, seconds: int) -> None:
        """The cameras that see the selected incident come up for so long."""
        incident = self._seat.selection.incident
        if incident is None:
            self._refuse(Refused("no_incident"))
            return

        def up(after: WallStanding) -> None:
            count = sum(each.incident == incident for each in after.pop_ups)
            self._tell("wallsheet.popped", after, n=count)

        self._change(PopUpIncident(0, self.code, incident, seconds), up)

    # ---- inside ----------------------------------------------------------------------------------------------------

    def _is_reserved(self, slot: int) -> bool:
        """Whether incidents may come up in a slot."""
        slots = self.standing.layout.slots if self.standing is not None else ()
        return 1 <= slot <= len(slots) and slots[slot - 1].content is Content.RESERVED

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

    def _lay_out(self, change: Callable[[Layout], Layout], then: Then) -> None:
        """The wall is to have another layout, made of the one it has."""

        def put(standing: WallStanding) -> None:
            try:
                request = PutLayout(0, self.code, standing.layout.rev, change(standing.layout))
            except Refused as no:
                self._refuse(no)
                return
            self._lay(request, then)

        self._holding(put)

    def _lay(self, request: PushSlot | PutLayout | PutScene, then: Then) -> None:
        """Ask for another layout, and know the way back from it."""

        def came(after: WallStanding) -> None:
            self._ways.setdefault(after.wall.code, WayBack()).changed(request.rev, after.layout.rev)
            then(after)

        self._change(request, came)

    def _change(self, request: Any, then: Then) -> None:
        """Ask for a change; what came of it is said where it was asked for."""
        say = self.say

        def came(reply: Any, refused: Refused | None) -> None:
            self.say, now = say, self.say
            if isinstance(reply, WallDone):
                then(reply.standing)
            elif refused is not None:
                self._refuse(refused)
            self.say = now
            self.answered()

        self._ask(request, came)

    def _tell(self, key: str, standing: WallStanding, **details: object) -> None:
        self.say(self._seat.words(key, wall=standing.wall.title, **details), "live")

    def _refuse(self, refused: Refused) -> None:
        self.say(refusal_sentence(self._seat.words, refused), "refused")
