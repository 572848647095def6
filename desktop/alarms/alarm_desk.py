"""The alarms of one officer's desk: from what the situation says to the strip, the list and the sound. Main thread only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from queue import Empty
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.alarms.alarm_file import AlarmFile, AlarmSettings
from desktop.alarms.alarm_panel import AlarmPanel
from desktop.alarms.alarm_strip import AlarmStrip
from desktop.alarms.day_count import DayCount
from desktop.alarms.facts import Post, facts_of, link_lost
from desktop.alarms.kinds import AlarmFact, AlarmKind, Key
from desktop.alarms.ringing import Ringer
from desktop.alarms.rows import AlarmRow, rows_of, shelved_rows
from desktop.alarms.shift_facts import covered_areas, handover_facts
from desktop.alarms.sound_thread import Device, Sounder
from desktop.alarms.staffing import StaffWatch
from desktop.alarms.standing import SHELF_MINUTES, StandingAlarms
from desktop.alarms.tones import LENGTHS_S
from desktop.seat import Seat

TICK_MS = 1000
HIGHEST_PX, STATUS_PX = 640, 32
USUAL_MUTE = 15
"""Minutes of a mute by key."""
KEEP_AFTER = timedelta(minutes=1)
"""The day's count is written at most once a minute: each write waits for the disk."""


class AlarmDesk(QObject):
    """Raises alarms and lets them go. Wishes: `going` with an incident; says when the mute begins or ends."""

    going = Signal(object)
    """UUID."""
    signing = Signal()
    """The hand-over that waits is to be shown."""
    muted_changed = Signal(object)
    """datetime | None."""
    closed = Signal()
    """The list was closed: the keys go back."""

    def __init__(self, seat: Seat, file: AlarmFile, sound: Sounder, parent: QObject | None = None) -> None:
        """No alarm yet; what the officer set is as it was."""
        super().__init__(parent)
        self._seat, self._file, self._sound = seat, file, sound
        kept = file.read(seat.now())
        self.loudness, self.muted_until = kept.loudness, kept.muted_until
        self.standing = StandingAlarms(DayCount(kept.announced), kept.shelves)
        self.ringer, self._staff = Ringer(LENGTHS_S), StaffWatch(seat)
        self.covered: frozenset[str] = frozenset()
        """Codes of the areas whose queues this post covers (代管) besides its own."""
        self.device: Device | None = None
        self.rows: tuple[AlarmRow, ...] = ()
        self._kept_at, self._counted = seat.now(), self.standing.day.count(seat.now())
        self._is_to_keep = False
        self._room: Callable[[], tuple[int, int]] = lambda: (0, 0)
        self.strip, self.panel = AlarmStrip(seat), AlarmPanel(seat)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.pass_time)
        self._connect()
        self._show()

    def _connect(self) -> None:
        panel, settings = self.panel, self.panel.settings
        self.strip.chosen.connect(self._go)
        panel.going.connect(self._go)
        panel.shelving.connect(self.shelve)
        panel.unshelving.connect(self._unshelve)
        panel.closed.connect(self.close_panel)
        settings.loudness_wanted.connect(self._set_loudness)
        settings.mute_wanted.connect(self.mute)
        settings.sound_wanted.connect(lambda sound: self._sound.play(sound, self.loudness))

    def live_in(self, window: QWidget, room: Callable[[], tuple[int, int]]) -> None:
        """Belong to a window; `room` says from where the list may lie in it, and how wide: left and width in pixels."""
        self.setParent(window)
        self.panel.setParent(window)
        self._room = room

    def acts(self) -> dict[str, Callable[[], object]]:
        """What each action of the key table that is about alarms does."""
        return {"seen": self.see, "alarms": self.switch_panel, "mute": self.switch_mute}

    # ---- what the situation says ---------------------------------------------------------------------------------

    def touch(self, cases: Iterable[UUID], is_all: bool = False) -> None:
        """Take in what changed in the situation; a snapshot (is_all) brings every case, and one sound at most."""
        situation, officer, now = self._seat.situation, self._seat.officer, self._seat.now()
        if is_all:
            self.covered = covered_areas(officer, situation.units, situation.shifts)
        post = Post(officer, situation.rules, self.covered)
        if is_all:
            self.standing.know_all({id_: tuple(facts_of(case, post, now)) for id_, case in situation.cases.items()}, now)
            self._changed(now)
            self.touch_staff()
            return
        is_changed = False
        for incident in cases:
            case = situation.cases.get(incident)
            facts = facts_of(case, post, now) if case is not None else ()
            is_changed |= self.standing.know(incident, facts, now)
        if is_changed:
            self._changed(now)

    def touch_shifts(self) -> None:
        """The shifts stand differently: a hand-over may wait for a signature, a queue may be covered or no longer."""
        seat, situation = self._seat, self._seat.situation
        officer = seat.officer
        standing = situation.shifts.get(officer.unit) if officer.unit is not None else None
        self.tell("handover", handover_facts(officer, standing))
        covered = covered_areas(officer, situation.units, situation.shifts)
        if covered != self.covered:
            self.covered = covered
            self.touch((), is_all=True)

    def touch_staff(self) -> None:
        """The town or its workers are others: a grid may have nobody."""
        self.tell("staff", self._staff.facts())

    def tell(self, source: str, facts: Iterable[AlarmFact]) -> None:
        """These are all the facts of a source that is no incident: the hand-over, for one."""
        now = self._seat.now()
        if self.standing.know(source, facts, now):
            self._changed(now)

    def tell_link(self, is_connected: bool, since: datetime | None) -> None:
        """The connection is there, or has been lost since a moment."""
        self.tell("link", () if is_connected or since is None else (link_lost(since),))

    def pass_time(self) -> None:
        """Once a second: shelves and mutes end by themselves, ages go on, what waits is heard."""
        now = self._seat.now()
        is_changed = self.standing.pass_time(now)
        if self.muted_until is not None and self.muted_until <= now:
            self.muted_until = None
            self.standing.ring_again(now)
            self.muted_changed.emit(None)
            is_changed = True
        if self._hear_of_device() or is_changed:
            self._changed(now)
        else:
            self._ring(now)
            self.strip.pass_time()
        if self.panel.isVisible():
            self.panel.retell()
        is_counted = self.standing.day.count(now) != self._counted and now - self._kept_at >= KEEP_AFTER
        if self._is_to_keep or is_counted:
            self.keep()

    # ---- what the officer does -----------------------------------------------------------------------------------

    def see(self) -> None:
        """Silence what sounds, and mark what stands as seen."""
        self._sound.hush()
        self.ringer.hush()
        self.standing.rings()
        self.standing.see()
        self._show()

    def switch_panel(self) -> None:
        """Open the list over the map, or close it."""
        window = self.panel.parentWidget()
        if self.close_panel() or window is None:
            return
        top = self.strip.mapTo(window, self.strip.rect().bottomLeft()).y() + 1
        left, width = self._room()
        self._show()
        self.panel.open_at(left, top, width, min(window.height() - top - STATUS_PX, HIGHEST_PX))

    def close_panel(self) -> bool:
        """Close the list; False where it was not open."""
        if not self.panel.isVisible():
            return False
        self.panel.hide()
        self.closed.emit()
        return True

    def switch_mute(self) -> None:
        """Mute for a quarter of an hour, or no longer."""
        self.mute(0 if self.muted_until is not None else USUAL_MUTE)

    def mute(self, minutes: int) -> None:
        """Mute for 5, 15, 30 or 60 minutes; 0 ends it. ValueError for any other length: nothing is muted for ever.

        The loss of the connection is heard all the same, and the panel says so.
        """
        if minutes not in (0, *SHELF_MINUTES):
            raise ValueError(f"not a length of a mute: {minutes} minutes")
        now = self._seat.now()
        self.muted_until = now + timedelta(minutes=minutes) if minutes else None
        if minutes:
            self._sound.hush()
            self.ringer.hush()
        self.muted_changed.emit(self.muted_until)
        self._show()
        self.keep()

    def shelve(self, row: AlarmRow, minutes: int) -> None:
        """Put what lies in a row aside; it comes back by itself where its cause still stands."""
        self.standing.shelve(row.keys, minutes, self._seat.now())
        self._show()
        self.keep()

    def why_not(self, action: str) -> str:
        """Why an action does nothing now, as a key of the words; empty where it works."""
        return "alarm.seen.none" if action == "seen" and all(row.is_seen for row in self.rows) else ""

    def keep(self) -> None:
        """Write down what is set, put aside and counted."""
        now, self._is_to_keep = self._seat.now(), False
        self._kept_at, self._counted = now, self.standing.day.count(now)
        announced = self.standing.day.of_last_day(now)
        self._file.write(AlarmSettings(self.loudness, self.muted_until, dict(self.standing.shelves), announced))

    def retell(self) -> None:
        """Say everything again, in the language and colours of now."""
        self.strip.retell()
        self.panel.retell()

    def attend(self) -> None:
        """The officer sits here: from now on alarms are heard, and time passes."""
        if not self._timer.isActive():
            self._timer.start()
            self.pass_time()

    def put_away(self) -> None:
        """The officer leaves: nothing sounds any more, everything is kept."""
        self._timer.stop()
        self._sound.hush()
        self.panel.hide()
        self.keep()

    # ---- within --------------------------------------------------------------------------------------------------

    def _go(self, row: AlarmRow) -> None:
        """To the incident of a row, which is seen by that; what has none is shown in the list."""
        self.standing.see(row.keys)
        self._show()
        if row.fact.incident is not None:
            self.panel.hide()
            self.going.emit(row.fact.incident)
        elif row.fact.kind is AlarmKind.HANDOVER:
            self.panel.hide()
            self.signing.emit()
        elif not self.panel.isVisible():
            self.strip.wanted.emit("alarms")

    def _unshelve(self, keys: Iterable[Key]) -> None:
        self.standing.unshelve(keys)
        self._show()
        self.keep()

    def _set_loudness(self, loudness: int) -> None:
        self.loudness = loudness
        self._is_to_keep = True  # a drag passes many steps, and each write waits for the disk

    def _hear_of_device(self) -> bool:
        """What the sound thread said since; True where it is another device, or none."""
        before = self.device
        while True:
            try:
                said = self._sound.said.get_nowait()
            except Empty:
                return self.device != before
            if isinstance(said, Device):
                self.device = said

    def _changed(self, now: datetime) -> None:
        self._show()
        self._ring(now)

    def _show(self) -> None:
        now = self._seat.now()
        self.rows = rows_of(self.standing, now)
        day = self.standing.day.count(now)
        self.strip.show_rows(self.rows, day)
        self.panel.show_rows(self.rows, shelved_rows(self.standing), day)
        self.panel.settings.show_set(self.loudness, self.muted_until, self.device)

    def _ring(self, now: datetime) -> None:
        if not self._timer.isActive():
            return  # nobody sits here; what came meanwhile is heard once somebody does
        for fact in self.standing.rings():
            self.ringer.ask(fact, now)
        sound = self.ringer.next(now, is_muted=self.muted_until is not None)
        if sound is not None:
            self._sound.play(sound, self.loudness)
