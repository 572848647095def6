"""What a line on the command line does: it opens the same forms the keys open, filled in; it commits nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.dispatch.closing_form import CheckForm
from desktop.dispatch.fields import Choice
from desktop.dispatch.form import Form
from desktop.dispatch.triage_form import TriageForm
from desktop.dispatch.verbs import VERBS, meant
from desktop.phrases import refusal_sentence
from governance.commands import CheckFail, Reject
from governance.lifecycle import may

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
        _choose(window, form, form.choice, "reject", Reject)
    if said.verb == "rework" and isinstance(form, CheckForm):
        _choose(window, form, form.result, "fail", CheckFail)
    if said.action == "new" and said.rest and form is not None:
        form.restore({"text": " ".join(said.rest)})


def _choose(window: DutyWindow, form: Form, choice: Choice, value: str, kind: type) -> None:
    """Choose within a form; say why not where the rules leave that out."""
    seat, card = window.seat, window.card
    choice.choose(value)
    form.changed()
    refused = may(card.case, kind, seat.officer, seat.situation.rules, seat.now())
    if refused is not None:
        card.say(refusal_sentence(seat.words, refused), "warn")


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
