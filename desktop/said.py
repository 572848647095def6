"""What a line does: it opens the form of its action, filled in; what may be taken back it may also send at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.command.completion import Suggested, instead, suggested, verb_note
from desktop.command.reading import read
from desktop.command.sentence import Reading, Sentence, Unfinished
from desktop.command.taking_back import TOO_LATE, NotBack, OwnOrders, goes_back
from desktop.command.told import action_name, case_named, problem_said, told, verb_of
from desktop.command.values import LAYERS
from desktop.command.verbs import BY_ACTION, Verb
from desktop.dispatch.filling import Filling
from desktop.dispatch.form import Form
from desktop.dispatch.form_order import refused_now
from desktop.orders import Outcome, Pending
from desktop.phrases import clock_text, refusal_sentence
from governance.refusal import Refused

if TYPE_CHECKING:
    from desktop.duty_window import DutyWindow


class Lines(QObject):
    """Carries lines out, keeps the line of answers true, and knows what of this desk's orders may be taken back."""

    def __init__(self, window: DutyWindow) -> None:
        """Over a window that is built."""
        super().__init__(window)
        self._window, self._seat = window, window.seat
        self._command, self._answer = window.top.command, window.top.answer
        self.own = OwnOrders()
        self._armed: tuple[str, Form] | None = None
        """The line whose whole sentence stands in a form: entered once more, it is sent."""
        self._asked: tuple[str, str, str] | None = None
        """What is said below the line until it is changed, in which look, and which keys do what."""
        self._asked_of = ""
        self._command.suggest = lambda line: suggested(self._seat, line)
        self._command.suggested.connect(self._show_suggested)
        self._command.entered.connect(self.enter)
        window.suggestions.chosen.connect(self._command.take)
        window.overlay.said.connect(self._begin)
        self._seat.orders.sent.connect(self._order_sent)
        self._seat.orders.ended.connect(self._order_ended)

    # ---- lines ---------------------------------------------------------------------------------------------------

    def enter(self, line: str) -> None:
        """Do what a line says, or say what is wrong with it; the line stays where it can be put right."""
        armed, self._armed, self._asked = self._armed, None, None
        if armed is not None and armed[0] == line and self._window.card.open_form is armed[1]:
            self._send(armed[1])
            return
        reading = read(self._seat, line)
        if isinstance(reading, Unfinished) and not (reading.problem == "missing" and reading.verb is not None):
            self._keep(line, reading)
            return
        assert reading.verb is not None
        if reading.verb.is_order:
            self._order(line, reading, reading.verb, reading.filling)
        elif reading.verb.action == "goto" and isinstance(reading, Sentence):
            self._go(reading.filling)
        elif reading.verb.action == "undo":
            self._take_back(line, reading.filling.text or reading.filling.reason)
        elif isinstance(reading, Unfinished):
            self._keep(line, reading)
        else:
            self._do(reading.verb.action, reading.filling)

    def _begin(self, verb: str) -> None:
        """A verb of the sheet of keys was clicked: it begins a line."""
        self._window.overlay.hide()
        self._command.begin(f"{verb} ")

    def _keep(self, line: str, problem: Unfinished) -> None:
        """Say what is wrong, with what could be meant, and leave the line to be changed."""
        words = self._seat.words
        said = problem_said(words, problem)
        self._answer.say(said, "warn")
        self._asked, self._asked_of = (said, "warn", words("command.keys.change")), line
        self._command.begin(line, instead(line, problem))

    def _do(self, action: str, filling: Filling) -> None:
        """What the desk does by itself."""
        window = self._window
        window.give_keys_back()
        if filling.incident is not None and filling.incident != self._seat.selection.incident:
            self._seat.selection.choose_incident(filling.incident)
        if action == "briefing" and filling.grid:
            window.paper.brief_area(filling.grid)
            return
        if action == "layers" and filling.layer:
            self._switch_layer(filling.layer)
            return
        if action == "follow" and filling.workers:
            self._seat.selection.choose_worker(filling.workers[0])
        if action == "wall" and filling.text and window.sheets.wall.say_line(filling.text, self._answer.say):
            return
        if action in ("past", "past_track"):
            self._replay(action, filling)
            return
        if action in ("find", "filter"):
            self._look_for(action, filling.text)
            return
        if action == "bookmarks" and self._window.map_panel.tools.bookmarks.go(filling.text):
            return
        if action in ("video_layouts", "video_turns", "video_clips") and filling.text:
            self._open_video(action, filling.text)
            return
        window.act(action)
        if action == "bookmarks" and filling.text:
            self._window.map_panel.tools.bookmarks.line.setText(filling.text)

    def _open_video(self, action: str, name: str) -> None:
        """A layout of tiles by its name, a list that takes turns, a clip; where there is none, the list of names."""
        video = self._window.video
        if video is None:
            return
        self._window.layouts.show_video()
        lists = {"video_layouts": video.layouts, "video_turns": video.lists, "video_clips": video.clips.list}
        found = lists[action]
        if not found.go(name):
            found.begin(name)

    def _switch_layer(self, name: str) -> None:
        """One layer of the map is shown or hidden, and which is said."""
        words = self._seat.words
        is_on = self._window.map_panel.switch_layer(name)
        said = next(choice.words[words.language != "zh"] for choice in LAYERS if choice.value == name)
        self._answer.say(words("command.layer.on" if is_on else "command.layer.off", layer=said), "dim")

    def _replay(self, action: str, filling: Filling) -> None:
        """A period of the past, or the track of somebody in it."""
        if action == "past" and filling.text:
            self._window.timeline.open(filling.text)
        elif action == "past":
            self._window.act(action)
        else:
            person = self._seat.situation.workers.person(filling.workers[0]) if filling.workers else None
            self._window.timeline.begin_track(f"#{person.number}" if person is not None else "", filling.reason)

    def _go(self, filling: Filling) -> None:
        """The map goes to a grid, or to a place that was given by its coordinates."""
        self._window.give_keys_back()
        if filling.place is not None:
            self._window.map_panel.tools.go_to(filling.place, filling.text)
            return
        if not self._window.map_panel.tools.go_to_area(filling.grid, self._seat.place_line(filling.grid, "")):
            self._answer.say(self._seat.words("command.no_place"), "warn")

    def _look_for(self, where: str, text: str) -> None:
        """Find anything, or filter the board."""
        if where == "find":
            self._window.finder.begin(text)
            return
        self._window.act(where)
        if text:
            self._window.board.filter.setText(text)

    def _order(self, line: str, reading: Reading, verb: Verb, filling: Filling) -> None:
        """Open the form of a command, filled in; send it where that was asked for and may be taken back."""
        window, seat = self._window, self._seat
        window.give_keys_back()
        if filling.incident is not None:
            seat.selection.choose_incident(filling.incident)
        refused = window.act(verb.action, filling)
        if refused is not None:
            self._refuse(line, verb, filling, refused)
            return
        form = window.card.open_form
        if form is None or not isinstance(reading, Sentence) or not reading.is_taken_back:
            self._say_opened(reading, verb)
            return
        try:
            command = form.command()
        except Refused as no:
            form.show_refusal(no)
            self._answer.say(refusal_sentence(seat.words, no), "warn")
            return
        case = seat.situation.cases.get(form.incident) if form.incident is not None else None
        if not goes_back(command, verb.back, case, seat.officer, seat.situation.rules, seat.now()):
            self._say_opened(reading, verb)
            return
        said = told(seat, command, filling.incident)
        self._answer.say(said, "ask")
        if reading.at_once:
            self._send(form)
            return
        self._armed = (line, form)
        self._asked = (seat.words("command.will_send", what=said), "name", seat.words("command.keys.enter"))
        self._asked_of = line
        self._command.begin(line, Suggested(line))

    def _refuse(self, line: str, verb: Verb, filling: Filling, refused: Refused) -> None:
        words = self._seat.words
        what = f"{verb.name(words.language)} {case_named(self._seat, filling.incident)}".strip()
        reason = refusal_sentence(words, refused)
        self._answer.say(words("command.refused", what=what, reason=reason), "refused")
        if refused.code == "no_incident":
            self._command.begin(f"{line} ")

    def _say_opened(self, reading: Reading, verb: Verb) -> None:
        words = self._seat.words
        name = verb.name(words.language)
        if isinstance(reading, Unfinished) and reading.about != "incident":
            lacks = words(f"slot.{reading.about}")
            self._answer.say(words("command.opened.lacks", action=name, lacks=lacks), "dim")
        else:
            self._answer.say(words("command.opened", action=name), "dim")

    def _send(self, form: Form) -> None:
        form.send()
        if form.order_id is not None:
            self._window.give_keys_back()

    def _take_back(self, line: str, reason: str) -> None:
        """撤销: the action that takes the last order back, or what can be done instead."""
        seat, words = self._seat, self._seat.words
        if seat.orders.count():
            self._answer.say(words("undo.waits"), "warn")
            return
        found = self.own.take_back(seat.situation.cases, reason)
        if isinstance(found, NotBack):
            name, instead = action_name(seat, found.word), BY_ACTION.get(found.instead)
            key = "undo.nothing" if not found.word else "undo.instead" if instead else "undo.never"
            said, typed = (instead.name(words.language), instead.initials[0]) if instead else ("", "")
            self._answer.say(words(key, action=name, instead=said, typed=typed), "warn")
            return
        verb = verb_of(found.action)
        assert verb is not None
        case = seat.situation.cases.get(found.incident) if found.incident is not None else None
        refused = refused_now(found.action, case, seat.officer, seat.situation.rules, seat.now())
        other = BY_ACTION.get(TOO_LATE.get(found.action, "")) if refused is not None else None
        if refused is not None and other is not None:
            reason, name = refusal_sentence(words, refused), other.name(words.language)
            self._answer.say(words("undo.too_late", reason=reason, instead=name, typed=other.initials[0]), "warn")
            return
        is_whole = bool(reason) or "reason" not in verb.must
        reading: Reading = Sentence(verb, found) if is_whole else Unfinished("missing", verb, "reason", filling=found)
        self._order(line, reading, verb, found)

    # ---- answers -------------------------------------------------------------------------------------------------

    def _order_sent(self, order: Pending) -> None:
        words, said = self._seat.words, told(self._seat, order.command, order.incident)
        self._answer.say(words("command.pending" if self._seat.is_online else "command.queued", what=said), "dim")

    def _order_ended(self, outcome: Outcome) -> None:
        words, seat, order = self._seat.words, self._seat, outcome.order
        self.own.ended(outcome)
        said = told(seat, order.command, outcome.incident or order.incident)
        if outcome.refused is not None:
            reason = refusal_sentence(words, outcome.refused)
            self._answer.say(words("command.refused", what=said, reason=reason), "refused")
        else:
            who = seat.officer.name
            self._answer.say(words("command.done", what=said, who=who, at=clock_text(seat.now())), "live")

    # ---- suggestions ---------------------------------------------------------------------------------------------

    def _show_suggested(self, found: Suggested | None, at: int) -> None:
        """What is asked for at the end of the line, and what there is."""
        words, popup = self._seat.words, self._window.suggestions
        if found is None:
            popup.hide()
            return
        if self._asked is not None:
            if found.head + found.typed + found.tail != self._asked_of:
                self._asked = None
            else:
                said, look, keys = self._asked
                popup.show_offers(said, look, found.offered, at, keys)
                return
        about = words(f"slot.{found.about}.hint") if found.about else ""
        if found.verb is not None:
            name = found.verb.name(words.language)
            about = f"{name}  {verb_note(self._seat, found.verb)}" + (f"\n{about}" if about else "")
        if not found.head and not found.typed:
            about = words("command.empty")
        if about or found.offered:
            popup.show_offers(about, "dim", found.offered, at, words("command.keys") if found.offered else "")
        else:
            popup.hide()
