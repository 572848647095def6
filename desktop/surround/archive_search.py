"""The second part of a search: what ended more than a day ago, asked of the server when the letters rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.command.find import Entry
from desktop.phrases import ago, category_name, refusal_sentence
from desktop.seat import Seat
from governance.incident import Case
from governance.refusal import Refused
from wire.archive_requests import EndedAre, EndedHit, EndedIs, FindEnded, OpenEnded

REST_MS = 300
"""So long nothing is typed before the server is asked."""
SHORTEST, LONGEST, MOST_SHOWN = 2, 80, 6
Answer = Callable[[Any, Refused | None], None]
Ask = Callable[[Any, Answer], None]
Line = tuple[str, str, Entry | None]


class ArchiveSearch(QObject):
    """What the archive has for the letters of now. Main thread only."""

    changed = Signal()
    """There is something else to show."""

    def __init__(self, seat: Seat, ask: Ask, parent: QObject) -> None:
        """Nothing was looked for; `ask` puts a question to the server and answers once."""
        super().__init__(parent)
        self._seat, self._ask = seat, ask
        self._text = ""
        self._hits: tuple[EndedHit, ...] = ()
        self._more = False
        self.said = ""
        """How the search stands; empty where too little was typed."""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._look)

    def look(self, text: str) -> None:
        """These letters are looked for; what was found for others is not shown any more."""
        if text == self._text:
            return
        self._text, self._hits, self._more = text, (), False
        is_enough = len("".join(text.split())) >= SHORTEST and len(text) <= LONGEST
        self.said = self._seat.words("find.archive.looking") if is_enough else ""
        if is_enough:
            self._rest.start()
        else:
            self._rest.stop()

    def lines(self) -> list[Line]:
        """The name of the group with how the search stands, and its rows; those left out that the situation holds."""
        words = self._seat.words
        hits = [hit for hit in self._hits if hit.incident not in self._seat.situation.cases]
        if not hits and not self.said:
            return []
        more = words("find.archive.more") if self._more or len(hits) > MOST_SHOWN else "" if hits else self.said
        return [(words("find.archive"), more, None), *(self._line(hit) for hit in hits[:MOST_SHOWN])]

    def open(self, incident: UUID, came: Callable[[Case | None, str], None]) -> None:
        """Have one told whole: `came` gets the case, or why not in the officer's language."""

        def answered(reply: Any, refused: Refused | None) -> None:
            if isinstance(reply, EndedIs):
                came(reply.case, "")
            else:
                came(None, refusal_sentence(self._seat.words, refused or Refused("no_answer")))

        self._ask(OpenEnded(0, incident), answered)

    def _look(self) -> None:
        text = self._text

        def answered(reply: Any, refused: Refused | None) -> None:
            if text != self._text:
                return
            if isinstance(reply, EndedAre):
                self._hits, self._more = reply.hits, reply.more
                self.said = self._seat.words("find.archive.none")
            else:
                self.said = refusal_sentence(self._seat.words, refused or Refused("no_answer"))
            self.changed.emit()

        self._ask(FindEnded(0, text), answered)

    def _line(self, hit: EndedHit) -> Line:
        """One that was found: number and name, how it ended, where and when."""
        seat, words, rules = self._seat, self._seat.words, self._seat.situation.rules
        category = rules.categories.get(hit.category)
        is_named_so = category is not None and hit.title in ("", category.name_zh)
        name = category_name(words, rules, hit.category) if is_named_so else hit.title or words("card.unknown_category")
        title = f"{hit.number.rpartition('-')[2]}  {name}"
        where = seat.place_short(hit.grid, hit.place_text)
        note = words("sep").join((words(f"state.{hit.state}"), where, ago(words, hit.ended_at, seat.now())))
        return title, note, Entry("archive", str(hit.incident), hit.number, "", "", "", is_over=True)
