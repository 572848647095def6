"""The timeline of one officer's desk: reads a period, plays it on the map, and goes back to the present. Main thread only."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.map.tracks import Track
from desktop.phrases import SHANGHAI
from desktop.seat import Seat
from desktop.timeline import period
from desktop.timeline.at_hand import NO_NAME, AtHand, Named
from desktop.timeline.kept_out import IN_THE_PAST, OF_PEOPLE_NOW
from desktop.timeline.on_map import PastOnMap
from desktop.timeline.past import Past
from desktop.timeline.play import Play
from desktop.timeline.reading import PastReading
from desktop.timeline.scale import local
from desktop.timeline.sign import PastSign
from desktop.timeline.strip import TimelineStrip
from desktop.timeline.told import cut_told, last_step, name_told, period_text, track_told
from desktop.timeline.track_desk import TrackDesk
from governance.refusal import Refused

TICK_MS = 50


class TimelineDesk(QObject):
    """The strip, what it plays, and why nothing is ordered meanwhile."""

    closed = Signal()
    """The keys go back to whoever has them in the present."""
    changed = Signal()
    """The map shows the past now, or the present again."""

    def __init__(self, seat: Seat, panel: Any) -> None:
        """In the present; `panel` is the map's."""
        super().__init__(panel)
        self._seat, self._panel = seat, panel
        self.strip = TimelineStrip(seat)
        self.on_map, self.sign = PastOnMap(seat, panel), PastSign(seat, panel)
        self.tracks = TrackDesk(seat, panel, self.strip, self.on_map, self._go_to_track)
        self.play = Play(0.0, 1.0)
        self.at_hand = AtHand(seat, self.strip, self._read)
        self.reading = PastReading(seat, self)
        self.before_past: Callable[[], object] = lambda: None
        """Called before the map shows the past: open forms are kept and closed."""
        self._said_row = -1
        self._last_s, self._asked = 0.0, ""
        self._named: Named = NO_NAME
        self._tick = QTimer(self)
        self._tick.setSingleShot(True)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._pass)
        panel.layout().addWidget(self.strip)
        self.strip.hide()
        self._connect()

    def _connect(self) -> None:
        strip = self.strip
        strip.preset.connect(self.at_hand.read)
        strip.typed.connect(self.read_typed)
        strip.scale.moved.connect(self.jump)
        self.tracks.left.connect(self.closed)
        self.reading.came.connect(self.show_past)
        self.reading.failed.connect(lambda said: strip.say(said, "refused"))
        self.reading.progress.connect(self._tell_progress)
        self._panel.past_picked.connect(self.look_at)

    # ---- wishes --------------------------------------------------------------------------------------------------

    @property
    def is_past(self) -> bool:
        """Whether the map shows the past."""
        return self.on_map.is_shown

    def acts(self) -> dict[str, Callable[[], object]]:
        """What each action of the key table does that is about the past."""
        return {
            "past": self.switch,
            "live": self.leave,
            "past_play": self.switch_going,
            "past_back": lambda: self.step(-1),
            "past_on": lambda: self.step(1),
            "past_slower": lambda: self._change_speed(-1),
            "past_faster": lambda: self._change_speed(1),
            "past_track": self.begin_track,
        }

    def keeps_out(self, name: str) -> Refused | None:
        """Why an action is not done while the map shows the past; None where it may be."""
        is_own = name == "send" and self.tracks.form.isVisible()
        if not self.is_past or name in IN_THE_PAST or is_own:
            return None
        return Refused("past_has_no_people" if name in OF_PEOPLE_NOW else "in_the_past")

    def why_not(self, name: str) -> Refused | None:
        """Why an action of the timeline does nothing now."""
        if name in ("past_play", "past_back", "past_on", "past_slower", "past_faster") and not self.is_past:
            return Refused("no_past")
        return Refused("is_live") if name == "live" and self.strip.isHidden() else None

    def send(self) -> bool:
        """Ctrl+Enter; whether the form that asks for a track took it."""
        is_own = self.tracks.form.isVisible()
        if is_own:
            self.tracks.form.send()
        return is_own

    def switch(self) -> None:
        """Open the strip with the last hour, or go back to the present."""
        if not self.strip.isHidden():
            self.leave()
            return
        self.open()
        self.at_hand.read("hour")

    def open(self, typed: str = "") -> None:
        """Show the strip, and what was typed in its field: that period is read."""
        self.strip.show()
        self.at_hand.tell()
        if typed:
            self.strip.line.setText(typed)
            self.read_typed(typed)

    def leave(self) -> None:
        """Back to the present, with everything that happened meanwhile."""
        self.reading.stop()
        self.at_hand.stop()
        self._tick.stop()
        self.play.stop()
        self.tracks.end()
        self.strip.hide()
        self.sign.say("")
        self._said_row = -1
        was_past = self.is_past
        if was_past:
            self._let_lists_go()
        self.on_map.end()
        self.strip.tell_going(is_going=False, speed=self.play.speed, is_there=False)
        self.strip.tell_period("")
        self.strip.say("", "dim")
        self.strip.line.clear()
        if was_past:
            self._seat.held_back = None
            self.changed.emit()
        self.closed.emit()

    def step_out(self) -> bool:
        """One step out: the form, a field, what was drawn on the map, the past; False where there was nothing."""
        if self.tracks.form.isVisible():
            self.tracks.form.leave()
        elif self.strip.line.hasFocus():
            self.closed.emit()
        elif not self.strip.isHidden():
            if not self._panel.tools.step_out():
                self.leave()
        else:
            return False
        return True

    def put_away(self) -> None:
        """The officer leaves."""
        self.leave()

    def retell(self) -> None:
        """Say everything again, in the language and the colours of now."""
        self.strip.retell()
        self.at_hand.tell()
        self._said_row = -1
        if self.tracks.form.isVisible():
            self.tracks.form.retell()
        self.tracks.tell()
        if self.is_past:
            self._tell_period()
            self._show(whole=True)

    # ---- a period ------------------------------------------------------------------------------------------------

    def read_typed(self, text: str) -> None:
        """Read the period some words name, or say how it is written."""
        found = period.typed(text, self._seat.now().astimezone(SHANGHAI))
        if found is None:
            self.strip.say(self._seat.words("past.typed.wrong", typed=text.strip()), "refused")
            return
        self._read(*found)
        self.closed.emit()

    def _read(self, since: datetime, until: datetime, named: Named = NO_NAME) -> None:
        self.at_hand.stop()
        self._asked, self._named = period_text(since, until), named
        self.strip.say(self._seat.words("past.reading", period=self._asked), "dim")
        self.reading.read(since, until)

    def show_past(self, past: Past) -> None:
        """A period is here: the map shows how it began."""
        if not self.is_past:
            self.before_past()
            self._let_lists_go()
        self._seat.held_back = Refused("in_the_past")
        self.play = Play(past.since_s, past.until_s, self.play.speed)
        begins = past.beginnings()
        self.strip.show()
        self.strip.scale.show_period(past.since_s, past.until_s, past.hand.times_s[begins], past.columns["urgency"][begins])
        self._said_row, self.on_map.looked_at = -1, None
        tracks = self.on_map.tracks
        self.on_map.begin(past)
        self.on_map.tracks = [track for track in tracks if len(track) and track.at_s[-1] >= past.since_s]
        self._tell_period()
        self._tell_going()
        self._show(whole=True)
        self.tracks.tell()
        if past.cut:
            self.strip.say(cut_told(self._seat.words, past), "warn")
        self.changed.emit()

    def _let_lists_go(self) -> None:
        """Lists of what lies somewhere are of the time they were made in."""
        while self._panel.tools.here.step_out() or self._panel.tools.picking.step_out():
            pass

    # ---- playing -------------------------------------------------------------------------------------------------

    def switch_going(self) -> None:
        """Play or stand."""
        if not self.is_past:
            return
        if self.play.is_going:
            self.play.stop()
        else:
            self.play.go()
            self._last_s = time.monotonic()
            self._tick.start()
        self._tell_going()

    def jump(self, moment_s: float) -> None:
        """Go to a moment of the period."""
        if self.is_past:
            self.play.jump(moment_s)
            self._show()

    def step(self, direction: int) -> None:
        """Stand at the next change, or at the one before."""
        past = self.on_map.past
        if past is None:
            return
        self.play.stop()
        found = past.next_s(self.play.at_s) if direction > 0 else past.previous_s(self.play.at_s)
        self.play.jump(found if found is not None else past.until_s if direction > 0 else past.since_s)
        self._tell_going()
        self._show()

    def look_at(self, incident: str) -> None:
        """Tell of one incident how it stands while the replay goes on; of none again where it is empty."""
        self.on_map.looked_at = UUID(incident) if incident else None
        self._panel.canvas.select("incident", incident or None)
        self._said_row = -1
        self._tell_what()

    def _go_to_track(self, track: Track) -> None:
        """Show all of a track that was asked for, and its first fix where it was not seen at the moment that is shown."""
        first_s, last_s = float(track.at_s[0]), float(track.at_s[-1])
        if not first_s <= self.play.at_s <= last_s:
            self.play.stop()
            self._tell_going()
            self.play.jump(first_s)
        self._show(whole=True)
        self._panel.tools.show_tracks((track,))
        self.strip.say(track_told(self._seat.words, track), "dim")

    def _change_speed(self, steps: int) -> None:
        self.play.change_speed(steps)
        self._tell_going()

    def _pass(self) -> None:
        now_s = time.monotonic()
        passed, self._last_s = now_s - self._last_s, now_s
        self.play.pass_s(min(passed, 0.5))  # a window that stood still does not make up for it in one jump
        self._show()
        if self.play.is_going:
            self._tick.start()
        else:
            self._tell_going()

    def _show(self, *, whole: bool = False) -> None:
        self.on_map.show(self.play.at_s, time.monotonic(), whole=whole or not self.play.is_going)
        at = local(self.play.at_s)
        self.strip.tell_moment(self.play.at_s, at.strftime("%H:%M:%S"))
        self.sign.say(self._seat.words("past.sign", at=at.strftime("%m-%d %H:%M:%S")))
        self._tell_what()

    def begin_track(self, who: str = "", reason: str = "") -> None:
        """Ask whose track; the last hour is read where no period is shown."""
        if self.strip.isHidden():
            self.switch()
        self.tracks.begin(who, reason)

    # ---- telling -------------------------------------------------------------------------------------------------

    def _tell_going(self) -> None:
        if not self.play.is_going:
            self._tick.stop()
        self.strip.tell_going(is_going=self.play.is_going, speed=self.play.speed, is_there=self.is_past)

    def _tell_period(self) -> None:
        past = self.on_map.past
        if past is not None:
            self.strip.tell_period(name_told(self._seat.words, past, *self._named), cut_told(self._seat.words, past))

    def _tell_what(self) -> None:
        """What happened last, or how the incident stands that is looked at."""
        past, seat = self.on_map.past, self._seat
        if past is None or past.hand.passed == self._said_row:
            return
        self._said_row = past.hand.passed
        looked_at = self.on_map.looked_at
        row = past.newest_of(looked_at) if looked_at is not None else past.hand.passed - 1
        case = past.version(row) if row >= 0 else None
        if case is not None:
            more = f"{seat.words('sep')}{seat.words('past.cut.here')}" if past.is_cut_at(row) else ""
            said = last_step(seat.words, seat.situation.rules, case, float(past.hand.times_s[row]))
            self.strip.say(f"{said}{more}", "warn" if more else "dim")
        else:
            key = "past.not_there" if looked_at is not None else "past.nothing_yet" if len(past.hand) else "past.empty"
            self.strip.say(seat.words(key), "dim")

    def _tell_progress(self, done: int, total: int) -> None:
        said = self._seat.words("past.progress", period=self._asked, done=done, total=total)
        self.strip.say(said, "dim")
