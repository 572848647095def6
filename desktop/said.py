"""What a line on the command line does: it opens the same forms the keys open, filled in; it commits nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.dispatch.closing_form import CheckForm
from desktop.dispatch.triage_form import TriageForm
from desktop.dispatch.verbs import VERBS, meant

if TYPE_CHECKING:
    from desktop.duty_window import DutyWindow


def do_line(window: DutyWindow, line: str) -> None:
    """Do what a line says, or say what is wrong with it."""
    words, card = window.seat.words, window.card
    said = meant(line)
    if said is None:
        known = words("list").join(verbs[0 if words.language == "zh" else -1] for verbs in VERBS.values())
        card.say(words("command.unknown", text=line, verbs=known), "warn")
        window.top.command.begin(line)
        return
    if said.number and not _select(window, said.number):
        window.top.command.begin(line)
        return
    window.give_keys_back()
    window.act(said.action)
    if said.action == "assign" and said.rest and card.assign is not None and not card.assign.choose_named(said.rest[0]):
        card.say(words("command.no_worker", name=said.rest[0]), "warn")
    if said.action == "find":
        window.board.filter.setText(" ".join(said.rest))
    form = card.form
    if said.verb == "reject" and isinstance(form, TriageForm):
        form.choice.choose("reject")
        form.changed()
    if said.verb == "rework" and isinstance(form, CheckForm):
        form.result.choose("fail")
        form.changed()
    if said.action == "new" and said.rest and form is not None:
        form.restore({"text": " ".join(said.rest)})


def _select(window: DutyWindow, number: str) -> bool:
    """Select the one incident whose number ends so; False, and why, where that is not one."""
    words = window.seat.words
    found = [c.incident.id for c in window.seat.situation.cases.values() if c.incident.number.endswith(number)]
    if len(found) != 1:
        key = "command.many_incidents" if found else "command.no_incident"
        window.card.say(words(key, number=number, count=len(found)), "warn")
        return False
    window.seat.selection.choose_incident(found[0])
    return True
