"""A draft on its way to be a version: checked by the server after each change, confirmed, loaded. Main thread only."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from desktop.phrases import SHANGHAI, moment_text, refusal_sentence
from desktop.rules.saying import FILE_PARTS, column_name, difference_text, mistake_text
from desktop.rules.tables import TABLES, row_of_mistake
from governance.refusal import Refused
from wire.rules_requests import CheckRules, LoadRules, RulesChecked, RulesFile, RulesLoaded, Wrong

if TYPE_CHECKING:
    from desktop.rules.rules_desk import RulesDesk
    from desktop.sheet import Ask

CHECK_MS, AGAIN_MS = 600, 1_500
"""A draft is checked once the hand rests; where the server is busy, again after a while."""
AGAIN = frozenset({"busy", "ledger_unreachable", "no_answer"})
MOST_LINES = 400


class Loading(QObject):
    """The one check that counts is that of the draft as it stands, for the day that stands beside it."""

    def __init__(self, desk: RulesDesk, ask: Ask) -> None:
        """Nothing to check yet."""
        super().__init__(desk)
        self._desk, self._ask = desk, ask
        self._side, self._words = desk.view.side, desk.seat.words
        self.checked: RulesChecked | None = None
        self.is_sending = False
        self._refused: Refused | None = None
        self._armed, self._asked, self._discards = False, 0, False
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self.check)
        self._side.load_wanted.connect(self.go)
        self._side.discard_wanted.connect(self._discard)
        self._side.day_typed.connect(self._day_typed)

    # ---- checking --------------------------------------------------------------------------------------------------

    def changed(self) -> None:
        """The draft or its day is another: what was checked counts no more."""
        self.checked, self._refused = None, None
        self._armed = self._discards = False
        self._asked += 1
        self._side.tell("")
        self._due.start(CHECK_MS)

    def check(self) -> None:
        """Ask what is wrong, or what would differ."""
        draft = self._desk.draft
        if draft is None or not draft.changed:
            self._desk.refresh()
            return
        number = self._asked

        def came(reply: Any, refused: Refused | None) -> None:
            if number != self._asked:
                return
            if refused is not None and refused.code in AGAIN:
                self._due.start(AGAIN_MS)
            self._refused = refused
            if isinstance(reply, RulesChecked):
                self._take(reply)
            self._desk.refresh()

        self._ask(CheckRules(0, self._files(), draft.day.strip()), came)

    def _take(self, reply: RulesChecked) -> None:
        self.checked = reply
        known = self._desk.reply
        if known is not None and reply.newest > known.newest:
            self._desk.read(reply.newest, lambda: self._tell_newer(reply.newest))

    def _tell_newer(self, newest: int) -> None:
        """Somebody else loaded a version meanwhile."""
        reply = self._desk.reply
        who = next((each.who for each in reply.versions if each.number == newest), "") if reply else ""
        self._side.tell(self._words("rules.newer", version=newest, who=who), "warn")

    def wrong_by_part(self) -> dict[str, list[Wrong]]:
        """What is wrong, by the tab it belongs to."""
        found: dict[str, list[Wrong]] = {}
        for each in self.checked.wrong if self.checked else ():
            found.setdefault(self.part_of(each), []).append(each)
        return found

    def part_of(self, wrong: Wrong) -> str:
        """The tab a mistake belongs to."""
        return FILE_PARTS.get(wrong.file, "limits")

    def _files(self) -> tuple[RulesFile, ...]:
        draft = self._desk.draft
        return tuple(RulesFile(name, content) for name, content in draft.files().items()) if draft else ()

    # ---- loading ---------------------------------------------------------------------------------------------------

    def go(self) -> None:
        """Ctrl+Enter: confirm first, load at the second; what stands against it is said."""
        if self.is_sending:
            return
        no = self._why_not()
        if no is not None:
            self._armed = False
            self._desk.refresh()
            self._side.tell(refusal_sentence(self._words, no), "refused")
        elif self._armed:
            self._load()
        else:
            self._armed = True
            self._desk.refresh()
            self._side.tell(self._words("rules.confirm.told"), "warn")

    def _why_not(self) -> Refused | None:
        """Why the draft cannot be loaded as it stands."""
        draft, checked = self._desk.draft, self.checked
        if draft is None or not draft.changed:
            return Refused("no_draft", "files")
        if self._refused is not None and self._refused.code not in AGAIN:
            return self._refused
        if checked is None or self._due.isActive():
            return Refused("rules_unchecked")
        if checked.wrong:
            return Refused("rules_wrong", count=str(len(checked.wrong)))
        return None if checked.difference else Refused("no_draft", "files")

    def disarm(self) -> bool:
        """Not now; whether it was to be confirmed."""
        was, self._armed = self._armed, False
        if was:
            self._side.tell("")
            self._desk.refresh()
        return was

    def _load(self) -> None:
        """Send the draft, once."""
        draft, known = self._desk.draft, self._desk.reply
        assert draft is not None, "it was just checked"
        assert known is not None, "it was read before it was written"
        self.is_sending, self._armed = True, False
        self._desk.refresh()

        def came(reply: Any, refused: Refused | None) -> None:
            self.is_sending = False
            if isinstance(reply, RulesLoaded):
                self._loaded(reply)
            elif isinstance(reply, RulesChecked):
                self._take(reply)
                self._desk.refresh()
            elif refused is not None:
                self._told_no(refused)

        self._ask(LoadRules(0, self._files(), draft.day.strip(), known.newest), came)

    def _loaded(self, reply: RulesLoaded) -> None:
        """The draft is a version: it is shown, and there is no draft any more."""
        self.checked = None
        self._desk.forget_draft()
        self._desk.shown = reply.version

        def shown() -> None:
            said = self._words("rules.loaded", version=reply.version, since=self._at(reply.since))
            self._side.tell(said, "live")

        self._desk.read(reply.version, shown)

    def _told_no(self, refused: Refused) -> None:
        """Refused: the draft stays; where somebody was faster it is compared with what he made."""
        details = dict(refused.details)
        if "at" in details:
            details["at"] = moment_text(datetime.fromisoformat(details["at"]), self._desk.seat.now())
        said = refusal_sentence(self._words, Refused(refused.code, refused.about, **details))
        self._refused = refused if refused.about == "day" else None
        self._desk.refresh()
        self._side.tell(said, "refused")
        if refused.code == "rules_changed":
            self._desk.read(int(details["version"]), lambda: self._compare(said))

    def _compare(self, said: str) -> None:
        self.changed()
        self._side.tell(said, "refused")

    # ---- what is said ----------------------------------------------------------------------------------------------

    def tell(self) -> None:
        """The panel beside the table, as the draft stands."""
        draft, side, words = self._desk.draft, self._side, self._words
        assert draft is not None, "only a draft is told of here"
        side.head(words("rules.draft", base=draft.base), "" if draft.changed else words("rules.draft.none"))
        side.show_draft(True)
        if side.day.text() != draft.day:
            side.day.setText(draft.day)
        side.refuse_day(self._refused is not None and self._refused.about == "day")
        if self._refused is not None and not side.said.text():
            side.tell(refusal_sentence(words, self._refused), "refused")
        side.discard.setText(words("rules.discard.again" if self._discards else "rules.discard"))
        self._tell_state()
        day = words("rules.day.date", day=draft.day.strip()) if draft.day.strip() else words("rules.day.today")
        count = len(self.checked.difference) if self.checked else 0
        key = "rules.sending" if self.is_sending else "rules.confirm" if self._armed else "rules.load"
        side.load.setText(words(key, day=day, count=count))
        side.load.setEnabled(self._why_not() is None and not self.is_sending)

    def _tell_state(self) -> None:
        """How the check came out, and each line of it."""
        side, words, checked, draft = self._side, self._words, self.checked, self._desk.draft
        if draft is None or not draft.changed:
            side.tell_state("", "dim")
            side.show_lines([])
        elif checked is None:
            side.tell_state(words("rules.check.running") if self._refused is None else "", "dim")
            side.show_lines([])
        elif checked.wrong:
            side.tell_state(words("rules.check.wrong", count=len(checked.wrong)), "refused")
            side.show_lines([(self._wrong_text(each), each) for each in checked.wrong[:MOST_LINES]])
        else:
            count = len(checked.difference)
            said = [words("rules.check.differs" if count else "rules.check.same", base=checked.base, count=count)]
            said += [words("rules.check.later", version=v.number, since=self._at(v.since)) for v in checked.later]
            side.tell_state("\n".join(said), "live" if count else "dim")
            names = self._desk.view.names
            lines = [difference_text(words, names, each) for each in checked.difference[:MOST_LINES]]
            more = [words("rules.differs.more", count=count - MOST_LINES)] if count > MOST_LINES else []
            side.show_lines([(line, None) for line in (*lines, *more)])

    def _wrong_text(self, wrong: Wrong) -> str:
        """Where, and what is wrong."""
        words, part, draft = self._words, self.part_of(wrong), self._desk.draft
        row, column = row_of_mistake(part, draft.parts if draft else {}, wrong.path)
        where = words(f"rules.tab.{part}")
        if row >= 0:
            named = column if any(each.key == column for each in TABLES[part]) or words.has(f"rules.column.{column}") else ""
            where = words("rules.where", part=where, row=row + 1, column=column_name(words, named) if named else "").strip()
        return f"{where}\n{mistake_text(words, wrong)}"

    def _at(self, at: datetime) -> str:
        return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")

    # ---- the rest of the panel -------------------------------------------------------------------------------------

    def _day_typed(self, text: str) -> None:
        draft = self._desk.draft
        if draft is not None:
            draft.day = text
            self.changed()
            self._desk.keep_soon()
            self.tell()

    def _discard(self) -> None:
        """Throw the draft away, at the second press."""
        if not self._discards:
            self._discards = True
            self.tell()
            return
        self._discards, self.checked, self._refused = False, None, None
        self._due.stop()
        self._side.tell("")
        self._desk.forget_draft()
        self._desk.refresh()
