"""Which orders can be given about the selected incident now, and why the others cannot: for the sheet of keys; plain."""

from __future__ import annotations

from desktop.command.verbs import ORDERS, Verb
from desktop.dispatch.form_order import has_form, refused_now
from desktop.phrases import refusal_sentence
from desktop.seat import Seat
from governance.incident import Case
from governance.refusal import Refused


def orders_now(seat: Seat, case: Case | None) -> tuple[tuple[Verb, ...], tuple[tuple[str, tuple[Verb, ...]], ...]]:
    """The verbs that work now, and the others by the sentence that says why they do not, the commonest first."""
    works: list[Verb] = []
    refused: dict[str, tuple[Refused, list[Verb]]] = {}
    for verb in ORDERS:
        no = refused_now(verb.action, case, seat.officer, seat.situation.rules, seat.now())
        if no is None and not has_form(verb.action):
            no = Refused("no_form_here")
        if no is None:
            works.append(verb)
        else:
            details = {name: value for name, value in no.details.items() if name != "action"}
            refused.setdefault(f"{no.code} {details}", (no, []))[1].append(verb)
    groups = sorted(refused.values(), key=lambda group: -len(group[1]))
    return tuple(works), tuple((_why(seat, no, verbs), tuple(verbs)) for no, verbs in groups)


def _why(seat: Seat, no: Refused, verbs: list[Verb]) -> str:
    """The sentence for all of them: what it says of one action it says of all."""
    names = seat.words("list").join(verb.name(seat.words.language) for verb in verbs[:1])
    details = {**no.details, "action": "…" if len(verbs) > 1 else names}
    return refusal_sentence(seat.words, Refused(no.code, no.about, **details))
